//! The one rule for every secret that is read instead of typed: it is the first line, alone and as UTF-8 text. A secret that was
//! mangled on its way, as by an editor, is refused before it is sent: accounts lock.

use secrecy::SecretString;

/// A longer line is no password, no code and no key.
pub const LONGEST: usize = 16 * 1024;

/// Byte order marks of UTF-16 and UTF-32, whatever their order.
const WIDE_MARKS: [&[u8]; 3] = [&[0xFF, 0xFE], &[0xFE, 0xFF], &[0, 0, 0xFE, 0xFF]];
/// The byte order mark of UTF-8.
const MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// Why what was read holds no secret. Nothing of the secret is in it but a character that nobody can see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretFlaw {
    /// There is nothing at all.
    Nothing,
    /// The first line is empty, whatever follows.
    EmptyLine,
    /// The first line holds blanks alone.
    Blank,
    /// It begins with the byte order mark of UTF-8.
    Marked,
    /// It is text of two or four bytes a character.
    Wide,
    /// The first line is not UTF-8 text.
    NotUtf8,
    /// A carriage return stands in the first line, and no line feed behind it.
    LoneReturn,
    /// The first line holds a character that nobody sees: a control, or one without a width.
    Unseen(char),
    /// The first line is too long.
    TooLong,
}

/// The secret in what was read.
pub fn secret_line(bytes: &[u8]) -> Result<SecretString, SecretFlaw> {
    if bytes.is_empty() {
        return Err(SecretFlaw::Nothing);
    }
    if WIDE_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(SecretFlaw::Wide);
    }
    if bytes.starts_with(MARK) {
        return Err(SecretFlaw::Marked);
    }
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_ended = line.len() < bytes.len();
    let line = if is_ended { line.strip_suffix(b"\r").unwrap_or(line) } else { line };
    if line.len() > LONGEST {
        return Err(SecretFlaw::TooLong);
    }
    if line.contains(&0) {
        return Err(SecretFlaw::Wide);
    }
    let line = std::str::from_utf8(line).map_err(|_| SecretFlaw::NotUtf8)?;
    match line.chars().find(|character| is_unseen(*character)) {
        Some('\r') => Err(SecretFlaw::LoneReturn),
        Some(unseen) => Err(SecretFlaw::Unseen(unseen)),
        None if line.is_empty() => Err(SecretFlaw::EmptyLine),
        None if line.trim().is_empty() => Err(SecretFlaw::Blank),
        None => Ok(SecretString::from(line)),
    }
}

/// Characters that an editor, a terminal or a copy leaves in a secret without anybody's seeing it. A tab can be seen.
fn is_unseen(character: char) -> bool {
    let is_control = character.is_control() && character != '\t';
    is_control
        || matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use secrecy::ExposeSecret;

    #[rstest]
    #[case::no_line_end(b"hunter2", "hunter2")]
    #[case::line_end(b"hunter2\n", "hunter2")]
    #[case::line_end_of_windows(b"hunter2\r\n", "hunter2")]
    #[case::second_line(b"hunter2\nuser: me\n", "hunter2")]
    #[case::empty_second_line(b"hunter2\n\n", "hunter2")]
    #[case::second_line_of_windows(b"hunter2\r\nuser: me\r\n", "hunter2")]
    #[case::whatever_follows(b"hunter2\n\0\xFF\r", "hunter2")]
    #[case::blanks_count(b" hunter\t2 \n", " hunter\t2 ")]
    #[case::letters_of_others("пароль-é\n".as_bytes(), "пароль-é")]
    fn the_first_line_is_the_secret(#[case] bytes: &[u8], #[case] secret: &str) {
        assert_eq!(secret_line(bytes).unwrap().expose_secret(), secret);
    }

    #[rstest]
    #[case::nothing(b"", SecretFlaw::Nothing)]
    #[case::empty_line(b"\n", SecretFlaw::EmptyLine)]
    #[case::empty_line_of_windows(b"\r\n", SecretFlaw::EmptyLine)]
    #[case::empty_first_line(b"\nhunter2\n", SecretFlaw::EmptyLine)]
    #[case::blanks(b"  \t\nhunter2", SecretFlaw::Blank)]
    #[case::mark(b"\xEF\xBB\xBFhunter2\n", SecretFlaw::Marked)]
    #[case::mark_alone(b"\xEF\xBB\xBF", SecretFlaw::Marked)]
    #[case::mark_within("hunt\u{FEFF}er2".as_bytes(), SecretFlaw::Unseen('\u{FEFF}'))]
    #[case::utf_16(b"\xFF\xFEh\0u\0\n\0", SecretFlaw::Wide)]
    #[case::utf_16_of_the_other_order(b"\xFE\xFF\0h\0u", SecretFlaw::Wide)]
    #[case::utf_16_without_a_mark(b"h\0u\0n\0", SecretFlaw::Wide)]
    #[case::utf_32(b"\0\0\xFE\xFF\0\0\0h", SecretFlaw::Wide)]
    #[case::nul(b"hunter2\0\n", SecretFlaw::Wide)]
    #[case::latin_1(b"h\xFCnter2\n", SecretFlaw::NotUtf8)]
    #[case::return_at_the_end(b"hunter2\r", SecretFlaw::LoneReturn)]
    #[case::two_returns(b"hunter2\r\r\n", SecretFlaw::LoneReturn)]
    #[case::old_mac(b"hunter2\ruser: me\r", SecretFlaw::LoneReturn)]
    #[case::escape(b"\x1b[200~hunter2\n", SecretFlaw::Unseen('\x1b'))]
    #[case::delete(b"hunter3\x7f2\n", SecretFlaw::Unseen('\x7f'))]
    #[case::no_width("hunter2\u{200B}\n".as_bytes(), SecretFlaw::Unseen('\u{200B}'))]
    fn a_secret_that_was_mangled_is_refused(#[case] bytes: &[u8], #[case] flaw: SecretFlaw) {
        assert_eq!(secret_line(bytes).err(), Some(flaw));
    }

    #[test]
    fn a_line_that_is_too_long_is_no_secret() {
        assert_eq!(secret_line(&vec![b'x'; LONGEST + 1]).err(), Some(SecretFlaw::TooLong));
        assert!(secret_line(&vec![b'x'; LONGEST]).is_ok());
    }
}
