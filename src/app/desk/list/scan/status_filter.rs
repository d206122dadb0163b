//! The old `Status` filter of the list call: used only if the answer proves that the exchange honours it (PROTOCOL.md 4).

use super::page::PageFacts;

/// True if the filtered first page proves, against the plain first page, that the filter counts before the paging does:
/// every row is failed, no failed ticket of the plain page is missing, and tickets are there that lie beyond the plain page.
pub fn is_honoured(plain: &PageFacts, filtered: &PageFacts) -> bool {
    let Some(oldest) = plain.numbers.iter().min() else { return false };
    let has_other = plain.failed.len() < plain.numbers.len();
    let is_pure = filtered.rows > 0 && filtered.failed.len() == filtered.rows;
    let is_whole = plain.failed.iter().all(|number| filtered.failed.contains(number));
    let reaches_beyond = filtered.failed.iter().any(|number| number < oldest);
    has_other && is_pure && is_whole && reaches_beyond
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TicketNumber;
    use rstest::rstest;

    /// Tickets of a page; a negative number is a ticket that is not failed.
    fn page(tickets: &[i64]) -> PageFacts {
        let numbers = tickets.iter().map(|ticket| TicketNumber(ticket.unsigned_abs())).collect();
        let failed = tickets.iter().filter(|ticket| **ticket > 0).map(|ticket| TicketNumber(ticket.unsigned_abs()));
        PageFacts { numbers, failed: failed.collect(), rows: tickets.len(), is_old: false }
    }

    #[rstest]
    #[case::honoured(&[-9, 8, -7, 6], &[8, 6, 4, 2], true)]
    #[case::ignored(&[-9, 8, -7, 6], &[-9, 8, -7, 6], false)]
    #[case::filtered_after_the_paging(&[-9, 8, -7, 6], &[8, 6], false)]
    #[case::one_is_missing(&[-9, 8, -7, 6], &[8, 4, 2], false)]
    #[case::one_is_not_failed(&[-9, 8, -7, 6], &[8, 6, -5, 4], false)]
    #[case::all_are_failed_anyway(&[9, 8, 7], &[9, 8, 7, 6], false)]
    #[case::nothing_came(&[-9, 8], &[], false)]
    #[case::nothing_to_compare_with(&[], &[8], false)]
    fn the_answer_must_prove_it(#[case] plain: &[i64], #[case] filtered: &[i64], #[case] honoured: bool) {
        assert_eq!(is_honoured(&page(plain), &page(filtered)), honoured);
    }

    #[test]
    fn rows_that_cannot_be_read_prove_nothing() {
        let filtered = PageFacts { rows: 5, ..page(&[8, 6, 4, 2]) };
        assert!(!is_honoured(&page(&[-9, 8, -7, 6]), &filtered));
    }
}
