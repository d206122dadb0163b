//! The theme's name. It is part of the state, so that a key can change it; the styles behind it are the view's.

/// How lines with a tone look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThemeName {
    /// The terminal's own 16 colours.
    #[default]
    Terminal,
    /// Attributes only.
    Colourless,
}
