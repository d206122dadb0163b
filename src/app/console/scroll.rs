//! How far a text is scrolled.

use super::action::Action;

/// Moves a scroll by an action and a page of lines; another action leaves it where it is.
pub fn scrolled(scroll: usize, action: Option<&Action>, page: usize) -> usize {
    match action {
        Some(Action::MoveDown) => scroll.saturating_add(1),
        Some(Action::MoveUp) => scroll.saturating_sub(1),
        Some(Action::PageDown) => scroll.saturating_add(page),
        Some(Action::PageUp) => scroll.saturating_sub(page),
        Some(Action::MoveFirst) => 0,
        Some(Action::MoveLast) => usize::MAX,
        _ => scroll,
    }
}
