//! Amounts: the digits that arrived, and exact comparison.

use std::str::FromStr;

use bigdecimal::BigDecimal;

use super::RemoteText;

/// An amount or a fee in units of its asset, with the digits that arrived (PROTOCOL.md 6: up to 28 decimals, and
/// trailing zeros that vary between calls). Never a float, never rounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount(RemoteText);

/// An exact decimal: `0.001` and `0.0010` are the same one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExactNumber(BigDecimal);

/// A longer token is not an amount of any exchange; it is shown, and is no number.
const LONGEST_TOKEN: usize = 128;
/// A larger exponent makes no number either: `1e999999999` must not make us write a billion zeros.
const LARGEST_EXPONENT: i64 = 64;

impl Amount {
    /// Keeps the token as it arrived, a number or not.
    pub fn new(token: &str) -> Self {
        Self(RemoteText::from(token))
    }

    /// The digits, to show or to journal.
    pub fn digits(&self) -> &RemoteText {
        &self.0
    }

    /// True if both are exactly the same number, `0.001` and `0.0010`, or came as the same text, which need not be a number: no
    /// other text agrees with it.
    pub fn agrees(&self, other: &Self) -> bool {
        match (self.exact(), other.exact()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => self.0 == other.0,
        }
    }

    /// The number behind the digits, for indexes; `None` if the token is none.
    pub fn exact_number(&self) -> Option<ExactNumber> {
        self.exact().map(|number| ExactNumber(number.normalized()))
    }

    /// True if the token is a number.
    pub fn is_number(&self) -> bool {
        self.exact().is_some()
    }

    /// True if the token is a number above 0.
    pub fn is_positive(&self) -> bool {
        self.exact().is_some_and(|number| number.sign() == bigdecimal::num_bigint::Sign::Plus)
    }

    fn exact(&self) -> Option<BigDecimal> {
        let token = self.0.raw();
        if token.is_empty() || token.len() > LONGEST_TOKEN || !token.is_ascii() {
            return None;
        }
        if let Some(at) = token.find(['e', 'E']) {
            let exponent: i64 = token.get(at + 1..)?.parse().ok()?;
            if exponent.abs() > LARGEST_EXPONENT {
                return None;
            }
        }
        BigDecimal::from_str(token).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::trailing_zeros("0.001", "0.0010000000000000000000000000", true)]
    #[case::exponent("1e-8", "0.00000001", true)]
    #[case::plus_in_exponent("1E+3", "1000", true)]
    #[case::last_digit("0.0010000000000000000000000001", "0.001", false)]
    #[case::beyond_f64("9007199254740993", "9007199254740992", false)]
    #[case::sign("-1", "1", false)]
    #[case::words("all", "all", true)]
    #[case::other_words("all", "ALL", false)]
    #[case::with_commas("1,234.56", "1,234.56", true)]
    #[case::commas_against_none("1,234.56", "1234.56", false)]
    #[case::huge_exponent("1e999999999", "1e999999999", true)]
    #[case::empty("", "", true)]
    fn amounts_agree_as_exact_decimals_or_as_the_same_text(#[case] a: &str, #[case] b: &str, #[case] agree: bool) {
        assert_eq!(Amount::new(a).agrees(&Amount::new(b)), agree);
    }

    #[test]
    fn the_digits_stay_as_they_arrived() {
        assert_eq!(Amount::new("0.0010000").digits().raw(), "0.0010000");
    }
}
