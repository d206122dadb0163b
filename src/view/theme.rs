//! Semantic styles. The terminal's own colours, attributes first: every state has a word, colour only helps.

use ratatui::style::{Color, Modifier, Style};

use crate::app::theme::ThemeName;
use crate::app::words::line::Tone;

/// Every style of the screen, by what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Plain text.
    pub normal: Style,
    /// Less important text.
    pub muted: Style,
    /// Headings.
    pub heading: Style,
    /// The header line.
    pub bar: Style,
    /// The header line of a production exchange.
    pub production: Style,
    /// The selected row.
    pub selected: Style,
    /// A part of a cell that the filter found.
    pub found: Style,
    /// Something good that was shown by a read.
    pub good: Style,
    /// Something to look at.
    pub warn: Style,
    /// Something wrong or dangerous.
    pub danger: Style,
}

impl Theme {
    /// The default theme on 16 colours.
    pub fn terminal() -> Self {
        let plain = Self::colourless();
        Self {
            good: plain.good.fg(Color::Green),
            warn: plain.warn.fg(Color::Yellow),
            danger: plain.danger.fg(Color::Red),
            ..plain
        }
    }

    /// The theme of this name.
    pub fn named(name: ThemeName) -> Self {
        match name {
            ThemeName::Terminal => Self::terminal(),
            ThemeName::Colourless => Self::colourless(),
        }
    }

    /// The style of a tone.
    pub fn of(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => self.normal,
            Tone::Muted => self.muted,
            Tone::Strong => self.heading,
            Tone::Good => self.good,
            Tone::Warn => self.warn,
            Tone::Danger => self.danger,
            Tone::Selected => self.selected,
        }
    }

    /// The theme without colours, for `NO_COLOR`.
    pub fn colourless() -> Self {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        Self {
            normal: Style::new(),
            muted: Style::new().add_modifier(Modifier::DIM),
            heading: bold,
            bar: bold,
            production: reversed.add_modifier(Modifier::BOLD),
            selected: reversed,
            found: Style::new().add_modifier(Modifier::UNDERLINED),
            good: bold,
            warn: bold,
            danger: bold,
        }
    }
}
