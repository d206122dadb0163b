//! The bounds of what is kept of a ticket, whatever the exchange sends: comments, and the bytes of a text and of a ticket.
//!
//! Facts on which a decision hangs are looked for in everything that came before anything is let go, and no address, id or amount is ever cut:
//! one that is too long to keep is a field that could not be read.

use std::mem::size_of;

use sha2::{Digest, Sha256};

use super::ticket::{Comment, OddField, Transaction, age, is_failure};
use super::{Amount, RemoteText, Ticket, TicketStatus};

/// The newest comments of a ticket that are kept, besides the one that tells why it failed.
pub const COMMENTS: usize = 200;
/// The bytes that a text is kept with; a longer one ends in a sign that says so.
pub const TEXT: usize = 64 * 1024;
/// The bytes that the kept comments of a ticket have together.
pub const COMMENT_TEXT: usize = 256 * 1024;
/// The bytes that a row takes beside its ticket: its places among the twins, in the order of the list, in the store.
const ROW: usize = 256;

/// True if a text is kept whole.
pub fn is_kept_whole(text: &str) -> bool {
    text.len() <= TEXT
}

/// A text as it is kept: a long one is cut, and a sign behind it tells how long it was, and a sum by which it is known when it comes
/// again.
pub fn text(mut text: String) -> String {
    if is_kept_whole(&text) {
        return text;
    }
    let (length, sum) = (text.len(), Sha256::digest(&text));
    let end = (0..=TEXT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    text.truncate(end);
    text.push_str(&format!(
        " [CUT: {length} bytes came, sum {:02x}{:02x}{:02x}{:02x}]",
        sum[0], sum[1], sum[2], sum[3]
    ));
    text
}

/// Comments as they are kept: the newest, and the newest that tells of a failure; the others are counted.
#[derive(Clone, Debug, Default)]
pub struct KeptComments {
    kept: Vec<Placed>,
    has_untimed: bool,
    /// The newest failure by its time,
    latest: Option<Placed>,
    /// and by its number, which counts where a failure came without a time.
    greatest: Option<Placed>,
    has_untimed_failure: bool,
    told: usize,
}

/// A comment, and its place among those that came.
#[derive(Clone, Debug)]
struct Placed {
    place: usize,
    comment: Comment,
}

impl Placed {
    fn age(&self, are_timed: bool) -> (Option<i128>, Option<i128>, usize) {
        age(&self.comment, self.place, are_timed)
    }
}

impl KeptComments {
    /// One more, in the order of arrival.
    pub fn add(&mut self, comment: Comment) {
        let came = Placed { place: self.told, comment };
        self.told += 1;
        self.has_untimed |= came.comment.at.is_none();
        if is_failure(&came.comment) {
            self.has_untimed_failure |= came.comment.at.is_none();
            for (newest, are_timed) in [(&mut self.latest, true), (&mut self.greatest, false)] {
                if newest.as_ref().is_none_or(|known| known.age(are_timed) < came.age(are_timed)) {
                    *newest = Some(came.clone());
                }
            }
        }
        self.kept.push(came);
        if self.kept.len() >= 2 * COMMENTS {
            self.let_go();
        }
    }

    /// Those that are kept, in the order of arrival, and how many are not.
    pub fn end(mut self) -> (Vec<Comment>, usize) {
        self.let_go();
        let mut kept = self.kept;
        let failure = if self.has_untimed_failure { self.greatest } else { self.latest };
        if let Some(failure) = failure.filter(|failure| kept.iter().all(|other| other.place != failure.place)) {
            kept.push(failure);
        }
        kept.sort_by_key(|placed| placed.place);
        let let_go = self.told - kept.len();
        (kept.into_iter().map(|placed| placed.comment).collect(), let_go)
    }

    fn let_go(&mut self) {
        let are_timed = !self.has_untimed;
        self.kept.sort_by_key(|placed| std::cmp::Reverse(placed.age(are_timed)));
        let mut bytes = 0;
        let fits = self.kept.iter().take(COMMENTS).take_while(|placed| {
            bytes += placed.comment.text.raw().len();
            bytes <= COMMENT_TEXT
        });
        let fits = fits.count();
        self.kept.truncate(fits);
        self.kept.sort_by_key(|placed| placed.place);
    }
}

impl Ticket {
    /// How many comments came, kept or not.
    pub fn comments_told(&self) -> usize {
        self.comments.len() + self.comments_let_go
    }

    /// How many comments it has: `3`, or `400000 (200 kept)`.
    pub fn comments_label(&self) -> String {
        let (told, kept) = (self.comments_told(), self.comments.len());
        if told == kept { told.to_string() } else { format!("{told} ({kept} kept)") }
    }

    /// Keeps no comment but the newest that tells of a failure.
    pub fn let_comments_go(&mut self) {
        let told = self.comments_told();
        self.comments = self.newest_failure().cloned().into_iter().collect();
        self.comments_let_go = told - self.comments.len();
    }

    /// The bytes that a row of it takes.
    pub fn bytes(&self) -> usize {
        let texts = [
            self.account_name.as_ref(),
            self.request_code.as_ref(),
            self.request_user_name.as_ref(),
            self.asset.as_ref(),
            self.amount.as_ref().map(Amount::digits),
            self.fee.as_ref().map(Amount::digits),
            self.template_form.as_ref(),
            self.destination.as_ref(),
            self.transaction.tx_id(),
            self.reject_reason.as_ref(),
            self.times.updated_text.as_ref(),
            self.times.updated_tick.as_ref(),
            self.updated_by_name.as_ref(),
            self.trace.as_ref().map(|trace| &trace.text),
            self.trace.as_ref().map(|trace| &trace.source),
            self.provider_error.as_ref().map(|error| &error.text),
            self.provider_error.as_ref().map(|error| &error.source),
            match &self.transaction {
                Transaction::Unreadable(text) => Some(text),
                _ => None,
            },
            match &self.status {
                TicketStatus::OtherName(text) => Some(text),
                _ => None,
            },
        ];
        let texts: usize = texts.into_iter().flatten().map(length).sum();
        let comments: usize = self.comments.iter().map(|comment| size_of::<Comment>() + length(&comment.text)).sum();
        let odd: usize = self.odd.iter().map(|odd| size_of::<OddField>() + length(&odd.name) + length(&odd.raw)).sum();
        ROW + size_of::<Self>() + texts + comments + odd
    }
}

fn length(text: &RemoteText) -> usize {
    text.raw().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketNumber;

    fn comment(id: i64, text: &str) -> Comment {
        Comment { text: text.into(), id: Some(id), ..Comment::default() }
    }

    fn kept(comments: impl IntoIterator<Item = Comment>) -> (Vec<Comment>, usize) {
        let mut all = KeptComments::default();
        for comment in comments {
            all.add(comment);
        }
        all.end()
    }

    #[test]
    fn the_newest_comments_are_kept_in_whatever_order_they_come_and_the_others_are_counted() {
        for ids in [(0..1_000).collect::<Vec<i64>>(), (0..1_000).rev().collect()] {
            let (comments, let_go) = kept(ids.iter().map(|id| comment(*id, "x")));
            let mut wanted = ids;
            wanted.retain(|id| *id >= 800);
            assert_eq!(comments.iter().filter_map(|comment| comment.id).collect::<Vec<_>>(), wanted);
            assert_eq!(let_go, 800);
        }
    }

    #[test]
    fn the_newest_failure_is_kept_however_old() {
        let texts = (0..5_000).map(|id| match id {
            3 => comment(id, "Withdraw Failed: old"),
            7 => comment(id, "withdraw failed: newest"),
            _ => comment(id, "x"),
        });
        let (comments, let_go) = kept(texts);
        assert_eq!((comments.len(), let_go), (COMMENTS + 1, 5_000 - COMMENTS - 1));
        assert_eq!(comments[0].text, "withdraw failed: newest".into());
    }

    #[test]
    fn long_comments_are_kept_up_to_their_bytes_together() {
        let long = "y".repeat(TEXT);
        let (comments, let_go) = kept((0..50).map(|id| comment(id, &long)));
        assert_eq!((comments.len(), let_go), (COMMENT_TEXT / TEXT, 50 - COMMENT_TEXT / TEXT));
        assert_eq!(comments.last().and_then(|comment| comment.id), Some(49));
    }

    #[test]
    fn a_text_is_cut_between_letters_with_a_sign_that_tells_two_apart() {
        assert_eq!(text("é".repeat(TEXT / 2)), "é".repeat(TEXT / 2));
        let (a, b) = (format!("x{}a", "é".repeat(TEXT)), format!("x{}b", "é".repeat(TEXT)));
        let (a, b) = (text(a), text(b));
        assert!(a.len() < TEXT + 100 && a.contains(&format!("[CUT: {} bytes came, sum ", 2 * TEXT + 2)), "{}", a.len());
        assert_ne!(a, b);
    }

    #[test]
    fn every_text_of_a_ticket_counts() {
        let mut ticket = Ticket::new(TicketNumber(1), TicketStatus::FAILED);
        let bare = ticket.bytes();
        ticket.account_name = Some("1234".into());
        ticket.comments = vec![comment(1, "12"), comment(2, "345")];
        assert_eq!(ticket.bytes(), bare + 4 + 2 * size_of::<Comment>() + 5);
        ticket.let_comments_go();
        assert_eq!((ticket.bytes(), ticket.comments_label()), (bare + 4, "2 (0 kept)".to_owned()));
    }
}
