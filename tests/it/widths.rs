//! Nothing of one ticket ever stays in the fields of another, also on a terminal that counts a code point at a time.

use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;

use ratatui::backend::CrosstermBackend;
use rstest::rstest;
use unicode_width::UnicodeWidthChar;
use withdraw_desk::app::{Repaint, Size};
use withdraw_desk::protocol::rpc::Rpc;
use withdraw_desk::protocol::rpc::get_withdraw_ticket::GetWithdrawTicket;
use withdraw_desk::runtime::terminal_screen::TerminalScreen;

use crate::update::{Table, with_rows};

/// How a terminal counts the columns of a code point that is not ASCII.
#[derive(Clone, Copy, Debug)]
enum Counts {
    /// As Unicode has it; marks take none and are dropped.
    ByWidth,
    /// One each, marks too.
    OneEach,
    /// Two each, marks too.
    TwoEach,
    /// It knows none of them, and drops them.
    None,
}

const ALL: [Counts; 4] = [Counts::ByWidth, Counts::OneEach, Counts::TwoEach, Counts::None];

impl Counts {
    fn of(self, character: char) -> usize {
        match self {
            _ if character.is_ascii() => 1,
            Self::ByWidth => character.width().unwrap_or(0),
            Self::OneEach => 1,
            Self::TwoEach => 2,
            Self::None => 0,
        }
    }
}

/// A terminal that knows nothing of clusters: every code point takes its own columns. What runs over the end of a row goes on in
/// the next.
struct PlainTerminal {
    counts: Counts,
    cells: Vec<Vec<char>>,
    row: usize,
    column: usize,
}

impl PlainTerminal {
    fn new(size: Size, counts: Counts) -> Self {
        let cells = vec![vec![' '; usize::from(size.width)]; usize::from(size.height)];
        Self { counts, cells, row: 0, column: 0 }
    }

    fn take(&mut self, bytes: &[u8]) {
        let text = std::str::from_utf8(bytes).unwrap();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            if character != '\u{1b}' {
                self.print(character);
                continue;
            }
            let mut sequence = String::new();
            for part in rest.by_ref().skip(1) {
                if part.is_ascii_alphabetic() {
                    self.obey(&sequence, part);
                    break;
                }
                sequence.push(part);
            }
        }
    }

    fn obey(&mut self, sequence: &str, command: char) {
        match command {
            'H' => {
                let mut numbers = sequence.split(';').map(|number| number.parse::<usize>().unwrap_or(1) - 1);
                (self.row, self.column) = (numbers.next().unwrap(), numbers.next().unwrap());
            }
            'J' => self.cells.iter_mut().for_each(|row| row.fill(' ')),
            _ => {}
        }
    }

    fn print(&mut self, character: char) {
        for part in 0..self.counts.of(character) {
            if self.column == self.cells[self.row].len() && self.row + 1 < self.cells.len() {
                (self.row, self.column) = (self.row + 1, 0);
            }
            if let Some(cell) = self.cells[self.row].get_mut(self.column) {
                *cell = if part == 0 { character } else { ' ' };
                self.column += 1;
            }
        }
    }

    fn text(&self) -> String {
        self.cells.iter().map(|row| row.iter().collect::<String>() + "\n").collect()
    }
}

#[derive(Clone, Default)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The program's own screen, and a terminal that shows what it writes.
struct Shown {
    screen: TerminalScreen<CrosstermBackend<Bytes>>,
    bytes: Bytes,
    terminal: PlainTerminal,
}

impl Shown {
    fn new(table: &Table, counts: Counts) -> Self {
        let bytes = Bytes::default();
        let screen = TerminalScreen::new(CrosstermBackend::new(bytes.clone()));
        let mut shown = Self { screen, bytes, terminal: PlainTerminal::new(table.state.size, counts) };
        shown.draw(table, Repaint::All);
        shown
    }

    fn draw(&mut self, table: &Table, repaint: Repaint) {
        self.screen.draw(&table.state, repaint).unwrap();
        let written = std::mem::take(&mut *self.bytes.0.borrow_mut());
        self.terminal.take(&written);
    }
}

fn row(number: u64, text: &str) -> String {
    let form =
        serde_json::to_string(&format!(r#"{{"ExternalAddress":{}}}"#, serde_json::to_string(text).unwrap())).unwrap();
    let text = serde_json::to_string(text).unwrap();
    format!(
        r#"{{"TicketNumber":{number},"Status":"Failed","OMSId":1,"AccountId":7,"AccountName":{text},"RequestCode":{text},"AssetName":{text},"Amount":0.001,"TemplateForm":{form},"RejectReason":{text},"Comments":[{{"Comment":{text}}}]}}"#
    )
}

/// A terminal that saw every frame shows the same as one that saw the last frame alone.
fn assert_nothing_stays(table: &Table, shown: &mut Shown, step: &str) {
    shown.draw(table, Repaint::Changes);
    let fresh = Shown::new(table, shown.terminal.counts);
    assert_eq!(shown.terminal.text(), fresh.terminal.text(), "{step}, {:?}", shown.terminal.counts);
}

#[rstest]
#[case::thai("กำขำคำงำจำ")]
#[case::lao("ກຳຂຳ")]
#[case::devanagari("क्षत्रिय कानपुर")]
#[case::tamil("தமிழ்நாடு")]
#[case::malayalam_prepended("\u{d4e}ക\u{d4e}ക")]
#[case::khmer("ក្រុងភ្នំពេញ")]
#[case::tibetan("བོད་ཡིག")]
#[case::myanmar("မြန်မာ")]
#[case::jamo("\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af}")]
#[case::old_jamo("\u{1161}\u{1161}\u{d7b0}")]
#[case::flags("🇨🇭🇩🇪🇨")]
#[case::skin_tones("👍🏽👍🏿")]
#[case::family("👨\u{200d}👩\u{200d}👧")]
#[case::keycaps("1\u{fe0f}\u{20e3}2\u{20e3}")]
#[case::zalgo("Z\u{351}\u{36b}\u{343}a\u{36a}\u{302}\u{346}")]
#[case::cjk("山田太郎 김민수")]
#[case::right_to_left("محمد שלום")]
#[case::mongolian("ᠮᠣᠩᠭᠣᠯ")]
#[case::egyptian("𓀀𓁐𓂀")]
#[case::music("𝅘𝅥𝅮")]
#[case::dashes("⸻﷽")]
#[case::wide_and_narrow("☺️❤️✈️©️")]
#[case::newly_wide("☰☱☰ab ䷀")]
#[case::voice_marks("\u{ff9e}abc \u{a}\u{ff9f}xyz ﾔﾏﾀﾞ")]
#[case::lam_alef("علاء لالالا END")]
#[case::decomposed("Jose\u{301} Mu\u{308}ller Nguye\u{302}\u{303}n")]
#[case::of_unicode_15("\u{11f04}\u{11f05}\u{1e4d0}\u{1f6dc}\u{31350}")]
#[case::of_unicode_16("\u{1ccd6}\u{1cc00}\u{16d43}")]
#[case::at_the_end_of_a_row("xxxxxxxxxxxxxxxxxxx\u{e9}")]
#[case::at_the_end_of_the_preview("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\u{e9}")]
#[case::cyrillic_to_the_end("яяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяяя")]
#[case::ideographs("\u{2ebf0}\u{31ef}\u{2ffc}\u{20000}山")]
fn letters_of_any_script_leave_nothing_in_the_next_tickets_fields(#[case] text: &str) {
    let rows = [row(289, text), row(288, "bc1qshort"), row(287, &text.repeat(9))].join(",");
    for ((width, height), counts) in [(80, 24), (160, 45)].into_iter().flat_map(|size| ALL.map(|counts| (size, counts)))
    {
        let mut table = with_rows(&rows, false);
        table.state.size = Size { width, height };
        let mut shown = Shown::new(&table, counts);
        for key in ["j", "j", "k", "k", "j"] {
            table.press(key);
            assert_nothing_stays(&table, &mut shown, key);
        }
    }
}

#[test]
fn the_dialog_of_the_next_ticket_shows_its_own_address_alone() {
    let rows = [row(289, &"กำขำ".repeat(9)), row(288, "bc1qshort")].join(",");
    let mut table = with_rows(&rows, false);
    let mut shown = Shown::new(&table, Counts::ByWidth);
    table.press("x");
    table.reply(14, GetWithdrawTicket::NAME, &row(289, &"กำขำ".repeat(9)));
    assert_nothing_stays(&table, &mut shown, "the first dialog");
    assert!(shown.terminal.text().contains("<U+0E01><U+0E33>"), "{}", shown.terminal.text());
    table.press("Esc");
    assert_nothing_stays(&table, &mut shown, "the list again");
    table.press("j");
    table.press("x");
    table.reply(16, GetWithdrawTicket::NAME, &row(288, "bc1qshort"));
    assert_nothing_stays(&table, &mut shown, "the second dialog");
    let screen = shown.terminal.text();
    let line = screen.lines().find(|line| line.contains("bc1qshort")).expect("the address");
    assert!(
        !screen.contains("U+0E")
            && line.split("bc1qshort").nth(1).is_some_and(|rest| rest.trim_end_matches('|').trim().is_empty()),
        "{screen}"
    );
}
