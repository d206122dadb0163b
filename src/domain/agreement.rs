//! The agreement of a second read with the dialog, fact by fact (PRODUCT.md "Cancelling" 3), and of what is heard of a ticket beside
//! the reads that a decision asks for.

use jiff::Timestamp;

use super::ticket::Times;
use super::{Amount, RemoteText, Ticket, TicketStatus, time};

/// A fact in which two reads of a ticket differ; both values are inert, to be shown side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The fact's name.
    pub fact: &'static str,
    /// The value in the dialog.
    pub shown: String,
    /// The value in the read before the send.
    pub read: String,
}

/// The differing facts. Reads and events are compared far more often than they differ, so words are made of what differs alone.
#[derive(Default)]
struct Found(Vec<Difference>);

impl Found {
    /// Notes a fact with the words of both values, if it differs.
    fn note<T>(&mut self, fact: &'static str, differs: bool, shown: T, read: T, words: impl Fn(T) -> String) {
        if differs {
            self.0.push(Difference { fact, shown: words(shown), read: words(read) });
        }
    }
}

/// Every fact in which `read` differs from `shown`. Amounts agree as exact decimals, all else byte for byte; a status
/// other than failed always differs.
pub fn differences(shown: &Ticket, read: &Ticket) -> Vec<Difference> {
    let mut found = Found::default();
    found.note("ticket", shown.number != read.number, shown, read, |of| of.number.to_string());
    found.note("status", !read.status.is_failed(), shown, read, |of| of.status.with_number());
    let is_other = shown.request_code != read.request_code;
    found.note("request code", is_other, shown, read, |of| text(of.request_code.as_ref()));
    found.note("account", shown.account != read.account, shown, read, |of| plain(of.account));
    found.note("OMS", shown.oms != read.oms, shown, read, |of| plain(of.oms));
    found.note("asset id", shown.asset_id != read.asset_id, shown, read, |of| plain(of.asset_id));
    found.note("asset", shown.asset != read.asset, shown, read, |of| text(of.asset.as_ref()));
    let is_other = !agrees(shown.amount.as_ref(), read.amount.as_ref());
    found.note("amount", is_other, shown, read, Ticket::amount_label);
    found.note("fee", !agrees(shown.fee.as_ref(), read.fee.as_ref()), shown, read, Ticket::fee_label);
    let is_other = shown.template_form != read.template_form;
    found.note("template form", is_other, shown, read, |of| text(of.template_form.as_ref()));
    let is_other = shown.other_destination != read.other_destination;
    found.note("other destination", is_other, shown, read, |of| text(of.other_destination.as_ref()));
    found.note("transaction id", shown.tx_id() != read.tx_id(), shown, read, Ticket::transaction_words);
    let is_other = shown.transaction.is_confirmed() != read.transaction.is_confirmed();
    found.note("confirmed", is_other, shown, read, |of| yes_or_no(of.transaction.is_confirmed()));
    let is_other = shown.times.last_update() != read.times.last_update();
    found.note("last update", is_other, shown, read, |of| update(&of.times));
    found.note("unreadable fields", shown.odd != read.odd, shown, read, |of| of.odd_label().unwrap_or_else(none));
    found.0
}

/// Every fact that `seen`, a row of the list or an event, tells otherwise than `known`. What it leaves out contradicts nothing; forms
/// of a time and names of an asset differ from call to call, so instants and ids are compared.
pub fn contradictions(known: &Ticket, seen: &Ticket) -> Vec<Difference> {
    let mut found = Found::default();
    let is_other = seen.status != TicketStatus::Unreadable && seen.status != known.status;
    found.note("status", is_other, known, seen, |of| of.status.with_number());
    let is_other = contradict(known.request_code.as_ref(), seen.request_code.as_ref());
    found.note("request code", is_other, known, seen, |of| text(of.request_code.as_ref()));
    found.note("account", contradict(known.account, seen.account), known, seen, |of| plain(of.account));
    found.note("asset id", contradict(known.asset_id, seen.asset_id), known, seen, |of| plain(of.asset_id));
    let differ = |a: &Option<Amount>, b: &Option<Amount>| a.as_ref().zip(b.as_ref()).is_some_and(|(a, b)| !a.agrees(b));
    found.note("amount", differ(&known.amount, &seen.amount), known, seen, Ticket::amount_label);
    found.note("fee", differ(&known.fee, &seen.fee), known, seen, Ticket::fee_label);
    let is_other = contradict(known.destination.as_ref(), seen.destination.as_ref());
    found.note("destination", is_other, known, seen, |of| text(of.destination.as_ref()));
    let has_new_trace = seen.tx_id().is_some_and(|seen| known.tx_id().is_none_or(|known| known.text != seen.text));
    found.note("transaction id", has_new_trace, known, seen, Ticket::transaction_words);
    let is_now_confirmed = seen.transaction.is_confirmed() && !known.transaction.is_confirmed();
    found.note("confirmed", is_now_confirmed, known, seen, |of| yes_or_no(of.transaction.is_confirmed()));
    found.note("last update", was_updated(&known.times, &seen.times), known, seen, |of| update(&of.times));
    found.0
}

/// True if both are told, and not the same.
fn contradict<T: PartialEq>(known: Option<T>, seen: Option<T>) -> bool {
    known.zip(seen).is_some_and(|(known, seen)| known != seen)
}

/// True if `seen` tells of a later update. Calls that tell whole seconds alone say no more than these.
fn was_updated(known: &Times, seen: &Times) -> bool {
    let is_other_tick = contradict(known.updated_tick.as_ref(), seen.updated_tick.as_ref());
    match (known.updated.map(Timestamp::as_second), seen.updated.map(Timestamp::as_second)) {
        (Some(known), Some(seen)) => seen > known || seen == known && is_other_tick,
        _ => is_other_tick || contradict(known.updated_text.as_ref(), seen.updated_text.as_ref()),
    }
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

fn none() -> String {
    "none".to_owned()
}

fn agrees(shown: Option<&Amount>, read: Option<&Amount>) -> bool {
    match (shown, read) {
        (Some(shown), Some(read)) => shown.agrees(read),
        (None, None) => true,
        _ => false,
    }
}

fn text(value: Option<&RemoteText>) -> String {
    value.map_or_else(|| "(absent)".to_owned(), RemoteText::exact)
}

/// The mark of a change as a date.
fn update(times: &Times) -> String {
    times.last_update().map_or_else(|| text(None), |update| time::told(update.raw()))
}

fn plain<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "(absent)".to_owned(), |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ticket::{OddField, Transaction};
    use crate::domain::{AccountId, OmsId, TicketNumber, TicketStatus};
    use rstest::rstest;

    fn shown() -> Ticket {
        let mut ticket = Ticket::new(TicketNumber(287), TicketStatus::FAILED);
        ticket.oms = Some(OmsId(1));
        ticket.account = Some(AccountId(7));
        ticket.request_code = Some("af08".into());
        ticket.asset_id = Some(3);
        ticket.asset = Some("TBTC".into());
        ticket.amount = Some(Amount::new("0.001"));
        ticket.fee = Some(Amount::new("0"));
        ticket.template_form = Some("{\"ExternalAddress\":\"tb1q\"}".into());
        ticket.transaction = Transaction::Details { tx_id: None, confirmed: false, is_told: true };
        ticket.times.updated_tick = Some("638150783847175901".into());
        ticket
    }

    #[test]
    fn zeros_that_vary_between_calls_are_no_difference() {
        let mut read = shown();
        read.amount = Some(Amount::new("0.0010000000000000000000000000"));
        read.fee = Some(Amount::new("0.0"));
        assert_eq!(differences(&shown(), &read), []);
    }

    #[rstest]
    #[case::ticket("ticket", |t: &mut Ticket| t.number = TicketNumber(288))]
    #[case::status("status", |t: &mut Ticket| t.status = TicketStatus::Known(4))]
    #[case::request_code("request code", |t: &mut Ticket| t.request_code = Some("AF08".into()))]
    #[case::account("account", |t: &mut Ticket| t.account = Some(AccountId(8)))]
    #[case::oms("OMS", |t: &mut Ticket| t.oms = None)]
    #[case::asset("asset", |t: &mut Ticket| t.asset = Some("BTC".into()))]
    #[case::asset_id("asset id", |t: &mut Ticket| t.asset_id = Some(4))]
    #[case::amount("amount", |t: &mut Ticket| t.amount = Some(Amount::new("0.0010000000000000000000000001")))]
    #[case::amount_absent("amount", |t: &mut Ticket| t.amount = None)]
    #[case::fee("fee", |t: &mut Ticket| t.fee = Some(Amount::new("1e-28")))]
    #[case::template("template form", |t: &mut Ticket| t.template_form = Some("{}".into()))]
    #[case::tx("transaction id", |t: &mut Ticket| {
        t.transaction = Transaction::Details { tx_id: Some("9f2c".into()), confirmed: false, is_told: true };
    })]
    #[case::confirmed("confirmed", |t: &mut Ticket| {
        t.transaction = Transaction::Details { tx_id: None, confirmed: true, is_told: true };
    })]
    #[case::odd("unreadable fields", |t: &mut Ticket| t.odd = vec![OddField { name: "A".into(), raw: "[]".into() }])]
    #[case::failed_again("last update", |t: &mut Ticket| t.times.updated_tick = Some("638150783847175902".into()))]
    fn a_change_in_any_fact_is_noticed(#[case] fact: &str, #[case] change: fn(&mut Ticket)) {
        let mut read = shown();
        change(&mut read);
        let found = differences(&shown(), &read);
        assert_eq!(found.iter().map(|difference| difference.fact).collect::<Vec<_>>(), [fact]);
        assert_ne!(found[0].shown, found[0].read);
    }

    #[rstest]
    #[case::status("status", |t: &mut Ticket| t.status = TicketStatus::Known(4))]
    #[case::request_code("request code", |t: &mut Ticket| t.request_code = Some("AF08".into()))]
    #[case::account("account", |t: &mut Ticket| t.account = Some(AccountId(8)))]
    #[case::asset_id("asset id", |t: &mut Ticket| t.asset_id = Some(4))]
    #[case::amount("amount", |t: &mut Ticket| t.amount = Some(Amount::new("0.0010000000000000000000000001")))]
    #[case::fee("fee", |t: &mut Ticket| t.fee = Some(Amount::new("1")))]
    #[case::destination("destination", |t: &mut Ticket| t.destination = Some("tb1q_other".into()))]
    #[case::tx("transaction id", |t: &mut Ticket| {
        t.transaction = Transaction::Details { tx_id: Some("9f2c".into()), confirmed: false, is_told: true };
    })]
    #[case::confirmed("confirmed", |t: &mut Ticket| {
        t.transaction = Transaction::Details { tx_id: None, confirmed: true, is_told: true };
    })]
    #[case::tick("last update", |t: &mut Ticket| t.times.updated_tick = Some("638150783847175902".into()))]
    #[case::time("last update", |t: &mut Ticket| {
        t.times = Times { updated: "2023-03-20T10:00:00Z".parse().ok(), ..Times::default() };
    })]
    fn whatever_a_row_or_an_event_tells_otherwise_contradicts(#[case] fact: &str, #[case] change: fn(&mut Ticket)) {
        let mut known = shown();
        known.destination = Some("tb1q".into());
        known.times.updated = "2023-03-20T09:59:44.7175901Z".parse().ok();
        let mut seen = known.clone();
        change(&mut seen);
        let found = contradictions(&known, &seen);
        assert_eq!(found.iter().map(|difference| difference.fact).collect::<Vec<_>>(), [fact]);
        assert_ne!(found[0].shown, found[0].read);
    }

    #[rstest]
    #[case::nothing_but_the_number(Ticket::new(TicketNumber(287), TicketStatus::Unreadable))]
    #[case::another_form({
        let mut seen = Ticket { asset: Some("Test Bitcoin".into()), template_form: Some("{ }".into()), ..shown() };
        seen.amount = Some(Amount::new("1e-3"));
        seen.times.updated_tick = None;
        seen.times.updated_text = Some("3/20/2023 9:59:44 AM".into());
        seen.times.updated = "2023-03-20T09:59:44Z".parse().ok();
        seen
    })]
    #[case::of_a_moment_before({
        let mut seen = Ticket { times: Times::default(), ..shown() };
        seen.times.updated = "2023-03-20T09:59:00Z".parse().ok();
        seen.times.updated_tick = Some("638150783400000000".into());
        seen
    })]
    fn what_is_left_out_said_in_another_form_or_older_contradicts_nothing(#[case] seen: Ticket) {
        let mut known = shown();
        known.times.updated = "2023-03-20T09:59:44.7175901Z".parse().ok();
        assert_eq!(contradictions(&known, &seen), []);
    }
}
