//! The scenarios that ship with the program, by name.

use serde::Deserialize;

/// The name of each, and its text.
pub static SCENARIOS: [(&str, &str); 46] = [
    ("amount-null", include_str!("../../assets/simulator/amount-null.json")),
    ("binary-messages", include_str!("../../assets/simulator/binary-messages.json")),
    ("close-at-the-login", include_str!("../../assets/simulator/close-at-the-login.json")),
    ("close-elsewhere", include_str!("../../assets/simulator/close-elsewhere.json")),
    ("close-later", include_str!("../../assets/simulator/close-later.json")),
    ("close-restart", include_str!("../../assets/simulator/close-restart.json")),
    ("colleague", include_str!("../../assets/simulator/colleague.json")),
    ("comments-newest-first", include_str!("../../assets/simulator/comments-newest-first.json")),
    ("demo", include_str!("../../assets/simulator/demo.json")),
    ("event-flood", include_str!("../../assets/simulator/event-flood.json")),
    ("faults", include_str!("../../assets/simulator/faults.json")),
    ("garbled-messages", include_str!("../../assets/simulator/garbled-messages.json")),
    ("handshake-forms", include_str!("../../assets/simulator/handshake-forms.json")),
    ("handshake-of-another", include_str!("../../assets/simulator/handshake-of-another.json")),
    ("http-forbidden", include_str!("../../assets/simulator/http-forbidden.json")),
    ("http-moved", include_str!("../../assets/simulator/http-moved.json")),
    ("http-too-many", include_str!("../../assets/simulator/http-too-many.json")),
    ("http-unavailable", include_str!("../../assets/simulator/http-unavailable.json")),
    ("letters-of-no-width", include_str!("../../assets/simulator/letters-of-no-width.json")),
    ("limit-ignored", include_str!("../../assets/simulator/limit-ignored.json")),
    ("list-as-object", include_str!("../../assets/simulator/list-as-object.json")),
    ("long-memo", include_str!("../../assets/simulator/long-memo.json")),
    ("look-alike-addresses", include_str!("../../assets/simulator/look-alike-addresses.json")),
    ("mangled-names", include_str!("../../assets/simulator/mangled-names.json")),
    ("many-comments", include_str!("../../assets/simulator/many-comments.json")),
    ("marked-messages", include_str!("../../assets/simulator/marked-messages.json")),
    ("odd-fields", include_str!("../../assets/simulator/odd-fields.json")),
    ("one-at-a-time", include_str!("../../assets/simulator/one-at-a-time.json")),
    ("one-at-a-time-unsaid", include_str!("../../assets/simulator/one-at-a-time-unsaid.json")),
    ("reads-after-cancel-fail", include_str!("../../assets/simulator/reads-after-cancel-fail.json")),
    ("rough", include_str!("../../assets/simulator/rough.json")),
    ("second-factor", include_str!("../../assets/simulator/second-factor.json")),
    ("start-ignored", include_str!("../../assets/simulator/start-ignored.json")),
    ("times-in-other-forms", include_str!("../../assets/simulator/times-in-other-forms.json")),
    ("tls-address-as-name", include_str!("../../assets/simulator/tls-address-as-name.json")),
    ("tls-damaged-bundle", include_str!("../../assets/simulator/tls-damaged-bundle.json")),
    ("tls-expired", include_str!("../../assets/simulator/tls-expired.json")),
    ("tls-killed", include_str!("../../assets/simulator/tls-killed.json")),
    ("tls-not-yet-valid", include_str!("../../assets/simulator/tls-not-yet-valid.json")),
    ("tls-other-authority", include_str!("../../assets/simulator/tls-other-authority.json")),
    ("tls-other-name", include_str!("../../assets/simulator/tls-other-name.json")),
    ("tls-self-signed", include_str!("../../assets/simulator/tls-self-signed.json")),
    ("tls-self-signed-authority", include_str!("../../assets/simulator/tls-self-signed-authority.json")),
    ("too-long-pages", include_str!("../../assets/simulator/too-long-pages.json")),
    ("transaction-elsewhere", include_str!("../../assets/simulator/transaction-elsewhere.json")),
    ("unreadable-rows", include_str!("../../assets/simulator/unreadable-rows.json")),
];

/// The text of a scenario.
pub fn text(name: &str) -> Option<&'static str> {
    SCENARIOS.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// The purpose of a scenario, as it says.
pub fn about(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct About {
        about: String,
    }
    serde_json::from_str::<About>(text).ok().map(|read| read.about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_of_the_directory_ships_and_says_what_it_is_for() {
        let files = std::fs::read_dir("assets/simulator").unwrap().map(|file| file.unwrap().path());
        let mut names: Vec<String> =
            files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
        names.sort();
        assert_eq!(names, SCENARIOS.map(|(name, _)| name.to_owned()));
        for (name, text) in SCENARIOS {
            let about = about(text).unwrap_or_else(|| panic!("{name} says nothing"));
            assert!(about.len() > 20 && about.ends_with('.') && !about.contains('\n'), "{name}: {about}");
        }
    }
}
