//! The tickets of the simulated exchange: made from a seed, the same for the same seed and start.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

/// A user of the exchange who changed a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changer {
    /// The user's id.
    pub id: i64,
    /// The user's name.
    pub name: &'static str,
}

/// A ticket as the exchange keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `TicketNumber`.
    pub number: u64,
    /// The documented name of the status.
    pub status: String,
    /// `AccountId`.
    pub account: i64,
    /// `AccountName`.
    pub account_name: String,
    /// `AssetId`.
    pub asset_id: i64,
    /// `AssetName`.
    pub asset: &'static str,
    /// Decimal digits of the amount, as the list shows them.
    pub amount: String,
    /// Decimal digits of the fee.
    pub fee: String,
    /// `RequestCode`; `None` is left out of every answer.
    pub request_code: Option<String>,
    /// Where the money was to go.
    pub address: String,
    /// `TxId` of the transaction details.
    pub tx_id: Option<String>,
    /// `Confirmed` of the transaction details.
    pub confirmed: bool,
    /// When it was made.
    pub created: Timestamp,
    /// When it was changed last.
    pub updated: Timestamp,
    /// Who changed it last.
    pub updated_by: Changer,
    /// Its comments, oldest first.
    pub comments: Vec<(Timestamp, String)>,
}

/// All tickets, by number.
#[derive(Clone, Debug, Default)]
pub struct Book {
    entries: BTreeMap<u64, Entry>,
}

/// The number below the oldest ticket.
const BEFORE_FIRST: u64 = 90_000;
/// Minutes between two tickets are about this at most: 2,000,000 tickets still begin in a year that a clock can tell.
const LONGEST_GAP: u64 = 1_100;
/// Of a hundred tickets, so many failed.
const FAILED_OF_100: u32 = 18;

const ASSETS: [(i64, &str, usize, &str); 6] = [
    (1, "BTC", 8, "bc1q"),
    (2, "ETH", 18, "0x"),
    (3, "USDT", 6, "0x"),
    (4, "XRP", 6, "r"),
    (5, "EUR", 2, "DE"),
    (6, "StellarLumens", 7, "G"),
];

const NAMES: [&str; 10] =
    ["harolds", "acmeotc", "k.lee", "m.ortiz", "dao-ops", "fundco", "r.singh", "Jörg Müller", "山田太郎", "o'neill"];

const REASONS: [&str; 6] = [
    "Insufficient hot wallet balance",
    "Withdraw_Submission_Failed",
    "Provider timeout",
    "Bad memo",
    "Destination tag required",
    "IBAN rejected by the bank",
];

const OTHER_STATUSES: [&str; 6] =
    ["FullyProcessed", "FullyProcessed", "FullyProcessed", "Rejected", "Pending2Fa", "AdminCanceled"];

impl Book {
    /// `count` tickets, the newest made minutes before `start`, the oldest months before.
    pub fn new(seed: u64, count: u64, start: Timestamp) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut book = Self::default();
        let mut failed = 0;
        let mut age_minutes = 4;
        for number in (BEFORE_FIRST + 1..=BEFORE_FIRST + count).rev() {
            let newer = BEFORE_FIRST + count - number;
            age_minutes += random.u64(1..=2 * (1 + (newer * newer / 150).min(LONGEST_GAP)));
            let created = before(start, age_minutes);
            let mut entry = entry(&mut random, number, created);
            if random.u32(0..100) < FAILED_OF_100 {
                failed += 1;
                fail(&mut entry, &mut random);
                peculiar(&mut entry, failed, &book);
            }
            book.entries.insert(number, entry);
        }
        book
    }

    /// The newest tickets first.
    pub fn newest(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values().rev()
    }

    /// The oldest tickets first.
    pub fn oldest(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// A new ticket, made now; it may have failed at once. Answers its number.
    pub fn arrive(&mut self, is_failed: bool, now: Timestamp) -> u64 {
        let number = self.entries.keys().next_back().map_or(BEFORE_FIRST, |newest| *newest) + 1;
        let mut random = fastrand::Rng::with_seed(number);
        let mut entry = entry(&mut random, number, now);
        if is_failed {
            fail(&mut entry, &mut random);
        }
        // Comments of a made ticket come minutes after it; this one is new.
        entry.updated = now;
        entry.comments.iter_mut().for_each(|(at, _)| *at = now);
        self.entries.insert(number, entry);
        number
    }

    /// A ticket by its number.
    pub fn get(&self, number: u64) -> Option<&Entry> {
        self.entries.get(&number)
    }

    /// A ticket to be changed.
    pub fn get_mut(&mut self, number: u64) -> Option<&mut Entry> {
        self.entries.get_mut(&number)
    }

    /// The number of the n-th failed ticket, counted from the newest, from 1.
    pub fn failed(&self, nth: usize) -> Option<u64> {
        self.newest().filter(|entry| entry.status == "Failed").nth(nth.checked_sub(1)?).map(|entry| entry.number)
    }

    /// The number of tickets.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn before(start: Timestamp, minutes: u64) -> Timestamp {
    let minutes = i64::try_from(minutes).unwrap_or(i64::MAX / 60_000);
    start.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(start)
}

fn after(time: Timestamp, seconds: i64) -> Timestamp {
    time.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(time)
}

fn entry(random: &mut fastrand::Rng, number: u64, created: Timestamp) -> Entry {
    let (asset_id, asset, decimals, prefix) = ASSETS[random.usize(..ASSETS.len())];
    let which = random.usize(..NAMES.len());
    let whole = if random.bool() { random.u64(0..3) } else { random.u64(0..20_000) };
    let fraction: String = (0..decimals).map(|_| random.digit(10)).collect();
    let code = format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        random.u32(..),
        random.u16(..),
        random.u16(..0x1000),
        random.u16(..0x1000),
        random.u64(..1 << 48)
    );
    Entry {
        number,
        status: OTHER_STATUSES[random.usize(..OTHER_STATUSES.len())].to_owned(),
        account: 50_000 + i64::try_from(which).unwrap_or(0) * 37,
        account_name: NAMES[which].to_owned(),
        asset_id,
        asset,
        amount: format!("{whole}.{fraction}"),
        fee: format!("0.{:0<decimals$}", random.u32(0..100)),
        request_code: Some(code),
        address: format!("{prefix}{}", (0..38).map(|_| random.lowercase()).collect::<String>()),
        tx_id: None,
        confirmed: false,
        created,
        updated: after(created, 240),
        updated_by: Changer { id: 1, name: "admin" },
        comments: vec![(after(created, 1), "Status updated to (Accepted) by user admin".to_owned())],
    }
}

fn fail(entry: &mut Entry, random: &mut fastrand::Rng) {
    "Failed".clone_into(&mut entry.status);
    entry.updated = after(entry.created, 333);
    entry.updated_by = Changer { id: 0, name: "system" };
    let reason = REASONS[random.usize(..REASONS.len())];
    entry.comments.push((entry.updated, format!("Withdraw Failed: {reason}")));
}

/// Some failed tickets are special, always the same ones, counted from the newest.
fn peculiar(entry: &mut Entry, nth_failed: usize, newer: &Book) {
    match nth_failed {
        5 => {
            if let Some(twin) = newer.failed(3).and_then(|number| newer.get(number)) {
                entry.account = twin.account;
                entry.account_name.clone_from(&twin.account_name);
                (entry.asset_id, entry.asset) = (twin.asset_id, twin.asset);
                entry.amount.clone_from(&twin.amount);
            }
        }
        9 => entry.tx_id = Some(format!("9f2c{:060x}", entry.number)),
        11 => entry.confirmed = true,
        13 => "h\u{202e}sdlora\u{1b}[31m".clone_into(&mut entry.account_name),
        15 => entry.request_code = None,
        17 => "0.0000000000000000000000000001".clone_into(&mut entry.amount),
        19 => entry.address = format!("addr1{}", "q7xk9w".repeat(16)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> Book {
        Book::new(1, 400, "2026-11-22T08:00:00Z".parse().unwrap())
    }

    #[test]
    fn the_same_seed_makes_the_same_tickets() {
        assert_eq!(book().entries, book().entries);
    }

    #[test]
    fn of_many_tickets_each_is_older_than_the_next() {
        let book = Book::new(1, 20_000, "2026-11-22T08:00:00Z".parse().unwrap());
        assert!(book.oldest().zip(book.oldest().skip(1)).all(|(older, newer)| older.created < newer.created));
    }

    #[test]
    fn of_400_tickets_about_60_failed_over_minutes_to_months_in_several_assets() {
        let book = book();
        let failed: Vec<&Entry> = book.newest().filter(|entry| entry.status == "Failed").collect();
        assert_eq!(book.len(), 400);
        assert!((45..=75).contains(&failed.len()), "{}", failed.len());
        let assets: std::collections::BTreeSet<_> = failed.iter().map(|entry| entry.asset).collect();
        assert!(assets.len() >= 5);
        let age = |entry: &Entry| entry.created.duration_until("2026-11-22T08:00:00Z".parse().unwrap()).as_hours();
        assert!(failed.first().is_some_and(|newest| age(newest) < 2));
        assert!(failed.last().is_some_and(|oldest| age(oldest) > 24 * 60));
        assert!(failed.iter().all(|entry| entry.comments.iter().any(|(_, text)| text.starts_with("Withdraw Failed"))));
    }
}
