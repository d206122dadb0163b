//! The keys that lead the cursor of the list to a ticket, chosen by what a screen shows. It reads pictures and presses nothing
//! itself, so that a pseudo-terminal and a terminal in memory share it.

/// The list may change under the keys, so that a ticket is passed by once; one that is passed by so often is not there.
const MOST_TURNS: usize = 4;

/// The next thing to do on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Arrived,
    Press(&'static str),
    /// The last key is not on the screen yet.
    Wait,
    /// The cursor passes the ticket by, to and fro.
    NotThere,
}

/// A way of the cursor to a ticket, one key at a time: the next one is pressed when the screen shows where the last one led.
#[derive(Debug)]
pub struct CursorPath {
    ticket: u64,
    left: Option<u64>,
    key: Option<&'static str>,
    turns: usize,
    is_lost: bool,
}

impl CursorPath {
    pub fn to(ticket: u64) -> Self {
        Self { ticket, left: None, key: None, turns: 0, is_lost: false }
    }

    pub fn next(&mut self, screen: &str) -> Step {
        let row = row_with_cursor(screen);
        // A read may end within a frame. The pane below the rows is drawn after them: where both agree, the frame is whole.
        match row.filter(|at| screen.contains(&format!("#{at}  "))) {
            Some(at) if at == self.ticket => Step::Arrived,
            Some(at) if self.left == Some(at) => Step::Wait,
            Some(at) => self.leave(at),
            None if row.is_none() && !self.is_lost && screen.contains(" left the list") => {
                self.is_lost = true;
                Step::Press("g")
            }
            None => Step::Wait,
        }
    }

    /// The newest ticket has the greatest number and the first row.
    fn leave(&mut self, at: u64) -> Step {
        let key = if at > self.ticket { "j" } else { "k" };
        let has_turned = self.key.is_some_and(|before| before != key);
        self.turns += usize::from(has_turned);
        (self.left, self.key, self.is_lost) = (Some(at), Some(key), false);
        if self.turns < MOST_TURNS { Step::Press(key) } else { Step::NotThere }
    }
}

/// The ticket in the row with the cursor. A terminal in memory shows its lines between quotes.
fn row_with_cursor(screen: &str) -> Option<u64> {
    let row = screen.lines().find_map(|line| line.trim_start_matches('"').strip_prefix('>'))?;
    row.split_whitespace().next()?.parse().ok()
}

fn picture(row: u64, pane: u64) -> String {
    format!("  TICKET  AGE\n    99   1m USDT\n>   {row}   2m USDT\n #{pane}  Failed (6)\n")
}

#[test]
fn the_next_key_is_pressed_when_the_last_one_is_on_the_screen_in_a_whole_frame() {
    let mut path = CursorPath::to(40);
    assert_eq!(path.next(&picture(50, 50)), Step::Press("j"));
    assert_eq!(path.next(&picture(50, 50)), Step::Wait, "nothing moved yet");
    assert_eq!(path.next(&picture(45, 50)), Step::Wait, "half a frame");
    assert_eq!(path.next(&picture(40, 50)), Step::Wait, "half a frame");
    assert_eq!(path.next(&picture(40, 40)), Step::Arrived);
    let quoted = "\">   40   2m USDT\"\n\" #40  Failed (6)\"\n";
    assert_eq!(CursorPath::to(40).next(quoted), Step::Arrived);
}

#[test]
fn a_ticket_that_was_passed_by_is_turned_back_to_and_one_that_is_not_there_is_given_up() {
    let mut path = CursorPath::to(40);
    assert_eq!(path.next(&picture(50, 50)), Step::Press("j"));
    assert_eq!(path.next(&picture(30, 30)), Step::Press("k"), "two frames in one read, or a new row");
    assert_eq!(path.next(&picture(40, 40)), Step::Arrived);
    let mut path = CursorPath::to(41);
    let to_and_fro = [50, 40].into_iter().cycle().take(5).map(|at| path.next(&picture(at, at)));
    assert_eq!(to_and_fro.last(), Some(Step::NotThere));
}
