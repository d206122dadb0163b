//! What a filter takes, and what it says of terms that mean nothing.

use proptest::prelude::*;
use rstest::rstest;

use super::mistake::MistakeKind;
use super::term::Key;
use super::*;
use crate::app::desk::locks::Lock;
use crate::domain::ticket::{Comment, Transaction};
use crate::domain::{AccountId, Amount, Ticket, TicketNumber, TicketStatus, UserId};

const NOW: &str = "2026-11-22T08:32:14Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn ticket() -> Ticket {
    let mut ticket = Ticket::new(TicketNumber(91_637), TicketStatus::FAILED);
    ticket.account = Some(AccountId(50_222));
    ticket.account_name = Some("r.singh".into());
    ticket.request_user = Some(UserId(51_222));
    ticket.request_user_name = Some("Rani".into());
    ticket.request_code = Some("9bb241ab".into());
    ticket.asset_id = Some(4);
    ticket.asset = Some("ETH".into());
    ticket.amount = Some(Amount::new("4369.9636"));
    ticket.destination = Some("0xNSxkax".into());
    let tx_id = Some("9F2c77".into());
    ticket.transaction = Transaction::Details { tx_id, confirmed: false, is_told: true };
    ticket.times.created = Some("2026-11-21T05:58:04Z".parse().unwrap());
    let text = "Withdraw Failed: Insufficient hot wallet balance".into();
    ticket.comments = vec![Comment { text, ..Comment::default() }];
    ticket
}

fn has(filter: &str) -> bool {
    let ticket = ticket();
    let row = Row::new(&ticket).locked(Lock::Held).with_twins(1);
    Filter::parse(filter, now()).unwrap().has(&row, now())
}

#[rstest]
#[case::nothing("")]
#[case::blanks("  ")]
#[case::number("9163")]
#[case::word_in_any_case("INSUFFICIENT".to_lowercase())]
#[case::all_words("hot singh")]
#[case::phrase("\"hot wallet\"")]
#[case::phrase_without_its_end("\"hot wal")]
#[case::address("0xns")]
#[case::capital_as_it_stands("0xNS")]
#[case::transaction("9f2c")]
#[case::account_number("50222")]
#[case::excluded_word("-memo")]
#[case::excluded_phrase("-\"cold wallet\"")]
#[case::minus_alone("-")]
#[case::asset("asset:eth")]
#[case::asset_number("asset:4")]
#[case::excluded_asset("-asset:BTC")]
#[case::more("amount>4369.9635")]
#[case::just_as_much("amount>=4369.963600")]
#[case::less("amount<5e3")]
#[case::older("age>24h")]
#[case::younger("age<2d")]
#[case::account("account:50222")]
#[case::account_name("account:singh")]
#[case::user("user:51222")]
#[case::user_name("user:rani")]
#[case::reason("reason:wallet")]
#[case::reason_phrase("reason:\"hot wallet\"")]
#[case::flag("flag:TX!")]
#[case::flag_without_its_sign("flag:tx")]
#[case::lock("flag:LCK")]
#[case::twins("flag:dup")]
#[case::so_many_twins("flag:dup2")]
#[case::status("status:failed")]
#[case::status_number("status:6")]
#[case::destination("to:nsxk")]
#[case::transaction_id("tx:2c77")]
#[case::made("made>2026-11-21 made<2026-11-22")]
#[case::made_at("made>=2026-11-21T05:58:04Z")]
#[case::key_in_any_case("ASSET:eth")]
#[case::quoted_key("\"hot\" -\"asset:\"")]
fn a_row_has_it(#[case] filter: impl AsRef<str>) {
    assert!(has(filter.as_ref()));
}

#[rstest]
#[case::other_number("91638")]
#[case::other_case("HOT")]
#[case::one_word_of_two("hot memo")]
#[case::words_of_a_phrase("\"wallet hot\"")]
#[case::excluded("-wallet")]
#[case::part_of_an_asset("asset:ET")]
#[case::not_more("amount>4369.9636")]
#[case::not_less("amount<4369.96360")]
#[case::too_young("age>27h")]
#[case::part_of_an_account_number("account:5022")]
#[case::other_flag("flag:odd")]
#[case::other_twins("flag:dup3")]
#[case::reason_is_no_account("reason:singh")]
#[case::made_later("made>08:00")]
fn a_row_lacks_it(#[case] filter: &str) {
    assert!(!has(filter));
}

#[rstest]
#[case::amount("amount>0")]
#[case::age("age>0s")]
#[case::made("made<2026-11-22")]
#[case::account("account:1")]
fn what_is_not_known_is_on_no_side_of_a_limit(#[case] filter: &str) {
    let ticket = Ticket::new(TicketNumber(1), TicketStatus::FAILED);
    assert!(!Filter::parse(filter, now()).unwrap().has(&Row::new(&ticket), now()));
}

#[rstest]
#[case::unknown_key("btc foo:bar", 4..11, MistakeKind::UnknownKey)]
#[case::unknown_limit("size>1", 0..6, MistakeKind::UnknownKey)]
#[case::no_value("asset:", 0..6, MistakeKind::Value(Key::Asset))]
#[case::no_number("-amount>x wallet", 0..9, MistakeKind::Value(Key::Amount))]
#[case::thousands("amount>1,000", 0..12, MistakeKind::Value(Key::Amount))]
#[case::huge("amount>1e999999999", 0..18, MistakeKind::Value(Key::Amount))]
#[case::equal_amount("amount:1", 0..8, MistakeKind::Sign(Key::Amount))]
#[case::more_than_an_asset("asset>BTC", 0..9, MistakeKind::Sign(Key::Asset))]
#[case::no_unit("age>24", 0..6, MistakeKind::Value(Key::Age))]
#[case::no_flag("flag:none", 0..9, MistakeKind::Value(Key::Flag))]
#[case::no_time("made>soon", 0..9, MistakeKind::Value(Key::Made))]
fn a_wrong_term_is_told_at_its_place(#[case] filter: &str, #[case] place: Range<usize>, #[case] kind: MistakeKind) {
    let mistake = Filter::parse(filter, now()).unwrap_err();
    assert_eq!((mistake.place.clone(), mistake.kind), (place.clone(), kind));
    assert_eq!(mistake.found, filter[place]);
}

#[test]
fn a_filter_without_end_is_refused() {
    let kind = |text: &str| Filter::parse(text, now()).unwrap_err().kind;
    assert_eq!(kind(&"x".repeat(10_000)), MistakeKind::TooLong);
    assert_eq!(kind(&"x ".repeat(33)), MistakeKind::TooManyTerms);
    assert!(Filter::parse(&"x ".repeat(32), now()).is_ok());
}

#[rstest]
#[case::word("wal", Place::Reason, "hot wallet, cold WALlet", &["wal"])]
#[case::two_words("hot wallet", Place::Reason, "a hot wallet", &["hot", "wallet"])]
#[case::that_overlap("hot ot", Place::Reason, "a hotel", &["hot"])]
#[case::excluded("-hot", Place::Reason, "a hot wallet", &[])]
#[case::other_column("reason:hot", Place::Account, "hot", &[])]
#[case::own_column("account:singh", Place::Account, "50222 r.singh", &["singh"])]
fn what_was_found_is_marked(#[case] filter: &str, #[case] place: Place, #[case] text: &str, #[case] marked: &[&str]) {
    let marks = Filter::parse(filter, now()).unwrap().marks(place, text);
    assert_eq!(marks.into_iter().map(|mark| &text[mark]).collect::<Vec<_>>(), marked);
}

proptest! {
    #[test]
    fn no_text_ends_the_reading_of_a_filter_and_every_mistake_has_its_place(text in "[a-z:<>\"\\-!0-9 äß\u{1b}]{0,40}|(?s).{0,40}") {
        if let Err(mistake) = Filter::parse(&text, now()) {
            prop_assert_eq!(text.get(mistake.place), Some(mistake.found.as_str()));
        }
    }

    #[test]
    fn a_filter_that_goes_on_takes_nothing_that_it_did_not_take(
        before in "(-?(wal|sing|9|reason:w|-ho|asset:ETH) ?){0,3}",
        more in "(let| hot|1| -cold| amount>1)",
    ) {
        let (wide, narrow) = (Filter::parse(&before, now()), Filter::parse(&format!("{before}{more}"), now()));
        let ticket = ticket();
        let row = Row::new(&ticket);
        if let (Ok(wide), Ok(narrow)) = (wide, narrow) && wide.is_narrowed_by(&narrow) && narrow.has(&row, now()) {
            prop_assert!(wide.has(&row, now()));
        }
    }
}
