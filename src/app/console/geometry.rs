//! How many rows each part of a screen has; the view draws by it and the cursor scrolls by it.

use crate::app::Size;

/// The smallest window with a screen; below it there is one line that says so.
pub const SMALLEST: Size = Size { width: 40, height: 8 };
/// Rows of the preview with the rule above it.
const PREVIEW: u16 = 7;
/// Header, counts, column heads, message and footer.
const FIXED: u16 = 5;

/// The rows of the list screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRows {
    /// Rows of the table.
    pub table: usize,
    /// Rows of the preview, rule included; 0 if it is not shown.
    pub preview: u16,
    /// Rows of the activity above the message line.
    pub activity: u16,
}

/// The rows of the list screen in a window: what does not fit is dropped, activity first, then the preview. A
/// filter takes a row above the table.
pub fn list(size: Size, preview: bool, filter: bool) -> ListRows {
    let preview = if preview && size.height >= 20 { PREVIEW } else { 0 };
    let activity = match size.height {
        0..24 => 0,
        24..40 => 1,
        _ => 6,
    };
    let table = size.height.saturating_sub(FIXED + preview + activity + u16::from(filter));
    ListRows { table: usize::from(table), preview, activity }
}

/// Rows between header and footer, for screens that scroll.
pub fn page(size: Size) -> usize {
    usize::from(size.height.saturating_sub(2))
}

/// True if there is room for any screen at all.
pub fn fits(size: Size) -> bool {
    size.width >= SMALLEST.width && size.height >= SMALLEST.height
}
