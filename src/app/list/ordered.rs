//! Places in an order, of any number: one is put in, taken out or found by its place or by its row in a time that hardly grows with
//! them. They stand in chunks, so that a change moves those of one chunk alone.

use super::sort::{Place, Sort};

/// The places in a chunk; a chunk that has twice as many is split.
const CHUNK: usize = 512;

/// Places in an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ordered {
    sort: Sort,
    /// None of them is empty.
    chunks: Vec<Vec<Place>>,
    len: usize,
}

/// A place within the chunks.
#[derive(Clone, Copy)]
struct Spot {
    chunk: usize,
    at: usize,
}

impl Ordered {
    /// None yet, in this order.
    pub fn by(sort: Sort) -> Self {
        Self { sort, chunks: Vec::new(), len: 0 }
    }

    /// The order.
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where a place is, or where it would be.
    fn spot(&self, place: &Place) -> Result<Spot, Spot> {
        let is_before = |chunk: &Vec<Place>| chunk.last().is_some_and(|last| self.sort.order(last, place).is_lt());
        let chunk = self.chunks.partition_point(is_before).min(self.chunks.len().saturating_sub(1));
        let found = self.chunks.get(chunk).map(|places| places.binary_search_by(|other| self.sort.order(other, place)));
        match found {
            Some(Ok(at)) => Ok(Spot { chunk, at }),
            Some(Err(at)) => Err(Spot { chunk, at }),
            None => Err(Spot { chunk, at: 0 }),
        }
    }

    fn row(&self, spot: Spot) -> usize {
        self.chunks.iter().take(spot.chunk).map(Vec::len).sum::<usize>() + spot.at
    }

    /// Puts a place in; one that is in is in once.
    pub fn insert(&mut self, place: Place) {
        let Err(spot) = self.spot(&place) else { return };
        self.len += 1;
        let Some(chunk) = self.chunks.get_mut(spot.chunk) else { return self.chunks.push(vec![place]) };
        chunk.insert(spot.at, place);
        if chunk.len() >= 2 * CHUNK {
            let behind = chunk.split_off(CHUNK);
            self.chunks.insert(spot.chunk + 1, behind);
        }
    }

    /// Takes a place out, if it is in.
    pub fn remove(&mut self, place: &Place) {
        let Ok(spot) = self.spot(place) else { return };
        let Some(chunk) = self.chunks.get_mut(spot.chunk) else { return };
        self.len -= 1;
        chunk.remove(spot.at);
        if chunk.is_empty() {
            self.chunks.remove(spot.chunk);
        }
    }

    /// The row of a place, or the one at which it would stand.
    pub fn find(&self, place: &Place) -> Result<usize, usize> {
        self.spot(place).map(|spot| self.row(spot)).map_err(|spot| self.row(spot))
    }

    /// The places from a row on.
    pub fn from(&self, row: usize) -> impl Iterator<Item = &Place> {
        let mut left = row;
        let mut first = self.chunks.len();
        for (nth, chunk) in self.chunks.iter().enumerate() {
            if left < chunk.len() {
                first = nth;
                break;
            }
            left -= chunk.len();
        }
        self.chunks.iter().skip(first).flatten().skip(left)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sort::{SortColumn, SortKey};
    use super::*;
    use crate::domain::TicketNumber;
    use proptest::prelude::*;

    fn place(account: i64, number: u64) -> Place {
        Place { key: SortKey::Account(Some(account)), number: TicketNumber(number) }
    }

    #[test]
    fn chunks_are_split_and_go_and_every_row_is_found() {
        let sort = Sort::by(SortColumn::Account);
        let mut ordered = Ordered::by(sort);
        let count = 5 * u64::try_from(CHUNK).unwrap();
        // Not in their order, each once.
        let places: Vec<Place> = (0..count).map(|nth| place(i64::try_from(nth * 7 % count).unwrap(), nth)).collect();
        for place in &places {
            ordered.insert(place.clone());
        }
        let mut sorted = places.clone();
        sorted.sort_by(|first, second| sort.order(first, second));
        assert_eq!(ordered.len(), places.len());
        assert!(ordered.from(0).eq(&sorted));
        for (row, place) in sorted.iter().enumerate() {
            assert_eq!(ordered.find(place), Ok(row));
            assert_eq!(ordered.from(row).next(), Some(place));
        }
        assert!(ordered.chunks.len() > 2);
        for place in &places {
            ordered.remove(place);
        }
        assert!(ordered.is_empty() && ordered.chunks.is_empty());
        assert_eq!(ordered.from(0).next(), None);
        assert_eq!(ordered.find(&places[0]), Err(0));
    }

    proptest! {
        #[test]
        fn whatever_comes_and_goes_it_is_a_sorted_vector(
            changes in proptest::collection::vec((0i64..4, 0u64..12, any::<bool>()), 0..80),
            is_descending in any::<bool>(),
        ) {
            let sort = Sort { column: SortColumn::Account, is_descending };
            let (mut ordered, mut plain) = (Ordered::by(sort), Vec::<Place>::new());
            for (account, number, comes) in changes {
                let key = if account == 0 { SortKey::Account(None) } else { SortKey::Account(Some(account)) };
                let place = Place { key, number: TicketNumber(number) };
                plain.retain(|other| *other != place);
                if comes {
                    plain.push(place.clone());
                    ordered.insert(place);
                } else {
                    ordered.remove(&place);
                }
                plain.sort_by(|first, second| sort.order(first, second));
                prop_assert!(ordered.from(0).eq(&plain));
                prop_assert_eq!(ordered.len(), plain.len());
            }
        }
    }
}
