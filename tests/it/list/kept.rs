//! The list is kept, not walked: a key that moves the cursor looks at the tickets on the screen alone, however many there are.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use withdraw_desk::app::Size;
use withdraw_desk::view;

use crate::update::{Table, with_rows};

/// A table with so many failed tickets, in one long page.
fn listed(count: u64) -> Table {
    let row = |number: u64| {
        format!(
            r#"{{"TicketNumber":{number},"Status":"Failed","OMSId":1,"AccountId":{},"RequestCode":"c{number}","AssetId":1,"Amount":{}.5}}"#,
            number % 40,
            number % 7
        )
    };
    let rows: Vec<String> = (1..=count).rev().map(row).collect();
    let table = with_rows(&rows.join(","), false);
    assert_eq!(table.state.desk.list().tickets().rows(), usize::try_from(count).unwrap());
    table
}

/// How many tickets each of these keys looks at, its frame included.
fn visits(table: &mut Table, keys: &[&str]) -> Vec<u64> {
    let Size { width, height } = table.state.size;
    let mut visits = Vec::new();
    for key in keys {
        let before = table.state.desk.list().tickets().visits();
        table.press(key);
        let _ = view::render(&table.state, &mut Buffer::empty(Rect { x: 0, y: 0, width, height }));
        visits.push(table.state.desk.list().tickets().visits() - before);
    }
    visits
}

#[test]
fn a_key_looks_at_the_tickets_on_the_screen_alone_however_many_there_are() {
    const KEYS: [&str; 8] = ["j", "j", "k", "PageDown", "G", "k", "PageUp", "g"];
    for (width, height) in [(80, 24), (160, 45)] {
        let [small, large] = [1_000, 10_000].map(|count| {
            let mut table = listed(count);
            table.state.size = Size { width, height };
            visits(&mut table, &["j"]);
            visits(&mut table, &KEYS)
        });
        assert_eq!(small, large, "the same at 1,000 and at 10,000");
        assert!(small.iter().all(|visits| *visits <= u64::from(height)), "{small:?}");
    }
}
