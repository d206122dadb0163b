//! Long facts wrap in full: nothing that a decision needs is cut off.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::{columns, is_plain};

/// Breaks text into lines of at most `width` columns, at blanks where there are any, inside a word where there are none.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let (mut lines, mut line, mut taken) = (Vec::new(), String::new(), 0);
    for word in text.split_inclusive(' ') {
        if taken + columns(word.trim_end()) > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
            taken = 0;
        }
        // A long word of plain letters, as a text that was spelled out is, is cut without looking at each of them.
        let (plain, rest) = if is_plain(word) { word.split_at(word.trim_end().len()) } else { ("", word) };
        let mut left = plain;
        while !left.is_empty() {
            if taken >= width {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            let (part, behind) = left.split_at(left.len().min(width - taken));
            line.push_str(part);
            taken += part.len();
            left = behind;
        }
        for part in rest.graphemes(true) {
            if taken + columns(part) > width {
                if part == " " {
                    continue;
                }
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            line.push_str(part);
            taken += columns(part);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_stay_whole_where_they_can() {
        assert_eq!(wrap("Money may have left.", 10), ["Money may", "have left."]);
        assert_eq!(
            wrap("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", 30),
            ["bc1qar0srrr7xfkvy5l643lydnw9re", "59gtzzwf5mdq"]
        );
        assert_eq!(
            wrap("by user 7 operator). It was not canceled.", 20),
            ["by user 7 operator).", "It was not canceled."]
        );
        assert_eq!(wrap("", 10), [""]);
    }

    /// Letter by letter.
    fn wrapped_slowly(text: &str, width: usize) -> Vec<String> {
        let (mut lines, mut line, mut taken) = (Vec::new(), String::new(), 0);
        for word in text.split_inclusive(' ') {
            if taken + columns(word.trim_end()) > width && !line.is_empty() {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
                taken = 0;
            }
            for part in word.graphemes(true) {
                if taken + columns(part) > width {
                    if part == " " {
                        continue;
                    }
                    lines.push(std::mem::take(&mut line));
                    taken = 0;
                }
                line.push_str(part);
                taken += columns(part);
            }
        }
        lines.push(line);
        lines
    }

    proptest! {
        #[test]
        fn plain_words_are_cut_where_letter_by_letter_would_cut_them(text in "[a-z<+> ]{0,200}|[a-z ]{0,40}[éa山 ]{0,20}[a-z ]{0,40}", width in 1usize..40) {
            prop_assert_eq!(wrap(&text, width), wrapped_slowly(&text, width));
        }

        #[test]
        fn nothing_but_blanks_is_lost_and_no_line_is_too_wide(text in "[a-z0-9 .山éلا]{0,120}", width in 2usize..40) {
            let lines = wrap(&text, width);
            prop_assert!(lines.iter().all(|line| columns(line) <= width));
            let joined: String = lines.concat().split_whitespace().collect();
            let wanted: String = text.split_whitespace().collect();
            prop_assert_eq!(joined, wanted);
        }
    }
}
