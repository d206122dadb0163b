//! Completion of a filter's last term by Tab: the keys, and the values that a key can have on this list.

use super::parse;
use super::term::{FLAG_WORDS, Key};

/// The ways in which the last term of a filter can go on: the whole filter with each, in the order in which they are offered. `assets`
/// are those of the list.
pub fn completions(text: &str, assets: &[String]) -> Vec<String> {
    let Some(last) = parse::tokens(text).last().filter(|last| last.place.end == text.len()) else { return Vec::new() };
    let begun = last.value.to_lowercase();
    let kept = &text[..text.len() - last.value.len()];
    let is_begun = |whole: &&str| whole.to_lowercase().starts_with(&begun) && whole.len() > begun.len();
    let values: Vec<&str> = match last.key.map(|(word, _)| Key::of(word)) {
        None => return keys(&begun).map(|key| format!("{kept}{key}")).collect(),
        Some(Some(Key::Asset)) => assets.iter().map(String::as_str).collect(),
        Some(Some(Key::Flag)) => FLAG_WORDS.to_vec(),
        _ => Vec::new(),
    };
    values.iter().copied().filter(is_begun).map(|value| format!("{kept}{}", quoted(value))).collect()
}

fn keys(begun: &str) -> impl Iterator<Item = String> {
    let keys = Key::ALL.into_iter().filter(move |key| !begun.is_empty() && key.word().starts_with(begun));
    keys.map(|key| format!("{}{}", key.word(), if key.has_limit() { ">" } else { ":" }))
}

fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::keys("wallet a", &["wallet asset:", "wallet amount>", "wallet age>", "wallet account:"])]
    #[case::one_key("rea", &["reason:"])]
    #[case::excluded("-as", &["-asset:"])]
    #[case::asset("asset:b", &["asset:BTC", "asset:\"Bitcoin Cash\""])]
    #[case::flag("flag:t", &["flag:TX!"])]
    #[case::whole_already("asset:BTC", &[])]
    #[case::nothing("", &[])]
    #[case::behind_a_blank("asset:BTC ", &[])]
    #[case::word("zzz", &[])]
    #[case::unknown_key("foo:b", &[])]
    fn the_last_term_goes_on_with_what_there_is(#[case] text: &str, #[case] offered: &[&str]) {
        let assets = ["BTC".to_owned(), "Bitcoin Cash".to_owned(), "ETH".to_owned()];
        assert_eq!(completions(text, &assets), offered);
    }
}
