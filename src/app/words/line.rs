//! A line of words and its tone. The tone belongs to the whole sentence: wrapped, every row of it keeps it.

use super::wrap::wrap;

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

    /// A text wrapped to `width` columns behind a label of `columns`: the label stands before the first line, and the others keep
    /// its columns free.
    pub fn labelled(tone: Tone, label: &str, columns: usize, text: &str, width: usize) -> impl Iterator<Item = Self> {
        let labels = std::iter::once(label).chain(std::iter::repeat(""));
        wrap(text, width)
            .into_iter()
            .zip(labels)
            .map(move |(part, label)| Self::new(tone, format!("{label:<columns$}{part}")))
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
}
