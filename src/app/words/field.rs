//! Sentences on a text field, and on a paste into it or elsewhere.

/// A confirming Enter that a paste, or a key that is held, may have made.
pub fn too_soon() -> String {
    "A key came just before that Enter. Pause for 2 s, then press Enter once.".to_owned()
}

/// A paste where no field takes text.
pub fn no_field() -> String {
    "Pasted text is ignored. Type what you mean.".to_owned()
}

/// A paste into a field that arms.
pub fn arms() -> String {
    "Pasted text is ignored here: this field arms. Type what it asks for, key by key.".to_owned()
}

/// A paste where the arrows choose.
pub fn chosen() -> String {
    "Pasted text is ignored here: Left and Right choose the reason.".to_owned()
}

/// A paste of which the beginning was taken, since no more fits in.
pub fn cut(longest: usize) -> String {
    format!("The pasted text is too long: its end was left out. This field has {longest} characters at the most.")
}

/// A letter for which there is no room.
pub fn full(longest: usize) -> String {
    format!("This field has {longest} characters at the most.")
}

/// A Tab behind which nothing is known.
pub fn nothing_offered() -> String {
    "Nothing is offered here: Tab goes on with a term, such as `as` or `flag:t`.".to_owned()
}

/// A paste that was taken, but for its line ends and control characters.
pub fn changed() -> String {
    "Line ends and control characters of the pasted text were left out.".to_owned()
}

/// A paste without any text.
pub fn empty() -> String {
    "The pasted text is empty: nothing was taken.".to_owned()
}

/// A paste that is no secret.
pub fn no_secret() -> String {
    "The pasted text is longer than any password: nothing of it was taken.".to_owned()
}

/// A paste without a number, or with several, where one is wanted.
pub fn no_number() -> String {
    "Pasted text is ignored: it is not one number.".to_owned()
}

/// A paste with too many digits.
pub fn no_such_number(most_digits: usize) -> String {
    format!("Pasted text is ignored: no number has more than {most_digits} digits.")
}

/// A paste that began, and whose end does not come.
pub fn unended() -> String {
    "A paste began, and its end does not come: keys count as pasted text. Ctrl-C after a second without keys ends it."
        .to_owned()
}
