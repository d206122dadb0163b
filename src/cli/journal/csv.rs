//! A comma-separated row per RFC 4180, safe to open in a spreadsheet.

use crate::domain::text::inert;

/// Cells that begin so are formulas to a spreadsheet.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A row with its line end. Every cell is made inert.
pub fn row<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(text: &str) -> String {
    let mut shown = inert(text);
    if shown.starts_with(FORMULA) && !is_number(&shown) {
        shown.insert(0, '\'');
    }
    let is_plain = !shown.contains([',', '"', '\r', '\n']) && shown.trim() == shown;
    if is_plain { shown } else { format!("\"{}\"", shown.replace('"', "\"\"")) }
}

/// Digits with a sign, a point and an exponent at most, as JSON writes them.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    [whole, part, exponent].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::plain("af08", "af08")]
    #[case::empty("", "")]
    #[case::comma("a,b", "\"a,b\"")]
    #[case::quote("say \"x\"", "\"say \"\"x\"\"\"")]
    #[case::space_around(" a", "\" a\"")]
    #[case::line_end("a\r\nb", "a<U+000D><U+000A>b")]
    #[case::escape("a\u{1b}[2J", "a<U+001B>[2J")]
    #[case::bidi("a\u{202e}b", "a<U+202E>b")]
    #[case::formula("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\"")]
    #[case::plus("+1-2", "'+1-2")]
    #[case::minus("-x", "'-x")]
    #[case::at("@SUM(A1)", "'@SUM(A1)")]
    #[case::wide("＝1", "'＝1")]
    #[case::number("0.0010000000000000000000000000", "0.0010000000000000000000000000")]
    #[case::negative("-5.5", "-5.5")]
    #[case::exponent("-1E-7", "-1E-7")]
    #[case::number_and_more("-5+cmd", "'-5+cmd")]
    #[case::sign_alone("-", "'-")]
    fn a_cell_is_quoted_inert_and_no_formula(#[case] text: &str, #[case] written: &str) {
        assert_eq!(row([text]), format!("{written}\r\n"));
    }
}
