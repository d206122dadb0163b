//! A line of words and its tone. The tone belongs to the whole sentence: wrapped, every row of it keeps it.

use super::wrap::wrap;
use crate::domain::text::{columns, is_wider};

/// How urgent a line is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// A fact.
    #[default]
    Plain,
    /// Less important.
    Muted,
    /// A heading, or something that is not decided yet.
    Strong,
    /// Good, as a read has shown.
    Good,
    /// To look at.
    Warn,
    /// Unknown, wrong or dangerous.
    Danger,
    /// The row that a key acts on.
    Selected,
}

/// A line of inert text, with its tone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToneLine {
    /// The tone.
    pub tone: Tone,
    /// The text, inert.
    pub text: String,
}

impl ToneLine {
    /// A line.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }

    /// A text wrapped to `width` columns.
    pub fn wrapped(tone: Tone, text: &str, width: usize) -> impl Iterator<Item = Self> {
        wrap(text, width).into_iter().map(move |text| Self { tone, text })
    }

    /// A text wrapped to `width` columns, each line behind `margin`.
    pub fn paragraph(tone: Tone, margin: &str, text: &str, width: usize) -> impl Iterator<Item = Self> {
        wrap(text, width).into_iter().map(move |part| Self::new(tone, format!("{margin}{part}")))
    }

    /// A text wrapped to `width` columns behind a label of `room`: the label stands before the first line, and the others keep its
    /// columns free. A label that is longer stands before the text if one line holds both, else it has lines of its own.
    pub fn labelled(tone: Tone, label: &str, room: usize, text: &str, width: usize) -> impl Iterator<Item = Self> {
        let is_long = columns(label.trim_end()) >= room;
        let line = format!("{} {text}", label.trim_end());
        if is_long && !is_wider(&line, room + width) {
            return vec![Self::new(tone, line)].into_iter();
        }
        let above = if is_long { wrap(label, room + width) } else { Vec::new() };
        let labels = std::iter::once(if is_long { "" } else { label }).chain(std::iter::repeat(""));
        let rows = wrap(text, width).into_iter().zip(labels).map(move |(part, label)| format!("{label:<room$}{part}"));
        let lines: Vec<Self> = above.into_iter().chain(rows).map(|text| Self::new(tone, text)).collect();
        lines.into_iter()
    }

    /// Lines of which none is wider than `width`: one that is, is wrapped behind its margin, so that no character is lost at the edge.
    pub fn fit(lines: Vec<Self>, width: usize) -> Vec<Self> {
        let fit = |line: Self| {
            if !is_wider(&line.text, width) {
                return vec![line];
            }
            let text = line.text.trim_start_matches(' ');
            let margin = " ".repeat((line.text.len() - text.len()).min(width / 2));
            Self::paragraph(line.tone, &margin, text, width - margin.len()).collect()
        };
        lines.into_iter().flat_map(fit).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_a_wrapped_sentence_keeps_its_tone() {
        let rows: Vec<ToneLine> = ToneLine::wrapped(Tone::Danger, "Money may have left: 9f2c0160cd", 12).collect();
        assert!(rows.len() > 2 && rows.iter().all(|row| row.tone == Tone::Danger), "{rows:?}");
    }

    #[test]
    fn a_label_longer_than_its_column_takes_nothing_from_the_text_behind_it() {
        let address = "9".repeat(103);
        for width in [10, 47, 87] {
            let label = " WithdrawTransactionDetails.ExternalAddress ";
            let rows: Vec<ToneLine> = ToneLine::labelled(Tone::Plain, label, 32, &address, width).collect();
            assert!(rows.iter().all(|row| columns(&row.text) <= 32 + width), "{rows:?}");
            let whole: String = rows.iter().flat_map(|row| row.text.split_whitespace()).collect();
            assert_eq!(whole, format!("WithdrawTransactionDetails.ExternalAddress{address}"));
        }
    }

    #[test]
    fn a_line_wider_than_the_window_is_wrapped_in_its_tone() {
        let lines = ToneLine::fit(vec![ToneLine::new(Tone::Warn, "   0123456789"), ToneLine::new(Tone::Plain, "a")], 6);
        let rows: Vec<(Tone, &str)> = lines.iter().map(|line| (line.tone, line.text.as_str())).collect();
        assert_eq!(
            rows,
            [
                (Tone::Warn, "   012"),
                (Tone::Warn, "   345"),
                (Tone::Warn, "   678"),
                (Tone::Warn, "   9"),
                (Tone::Plain, "a")
            ]
        );
    }
}
