//! How long a list is that counts from its oldest ticket: found by asking for single rows, doubling, then halving.

/// A list that still has rows here has no end.
const NO_LIST_IS_LONGER: usize = 1 << 40;

/// The search for the first row that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LengthSearch {
    there: usize,
    missing: Option<usize>,
}

/// The search's next wish, or its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthProbe {
    /// Ask for the one row here.
    At(usize),
    /// The list has so many rows.
    Length(usize),
    /// It has no end.
    Endless,
}

impl LengthSearch {
    /// A search in a list that has a row at `there`.
    pub fn from(there: usize) -> Self {
        Self { there, missing: None }
    }

    /// The row to ask for now, or the length.
    pub fn next(&self) -> LengthProbe {
        match self.missing {
            None if self.there >= NO_LIST_IS_LONGER => LengthProbe::Endless,
            None => LengthProbe::At((self.there + 1) * 2),
            Some(missing) if missing <= self.there + 1 => LengthProbe::Length(self.there + 1),
            Some(missing) => LengthProbe::At(self.there + (missing - self.there) / 2),
        }
    }

    /// Takes the answer of one probe: there is a row at `at`, or none.
    pub fn take(&mut self, at: usize, is_there: bool) {
        if is_there {
            self.there = self.there.max(at);
        } else {
            self.missing = Some(self.missing.map_or(at, |missing| missing.min(at)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_length_is_found_in_a_few_probes(length in 1usize..2_000_000) {
            let mut search = LengthSearch::from(0);
            let mut probes = 0;
            let found = loop {
                match search.next() {
                    LengthProbe::At(at) => search.take(at, at < length),
                    LengthProbe::Length(found) => break found,
                    LengthProbe::Endless => panic!("it ends"),
                }
                probes += 1;
            };
            prop_assert_eq!(found, length);
            prop_assert!(probes <= 45, "{}", probes);
        }
    }

    #[test]
    fn a_list_without_an_end_is_given_up() {
        let mut search = LengthSearch::from(0);
        while let LengthProbe::At(at) = search.next() {
            search.take(at, true);
        }
        assert_eq!(search.next(), LengthProbe::Endless);
    }
}
