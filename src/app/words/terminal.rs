//! The words where the console has no terminal that it could use.

/// The end that is read.
pub const INPUT: &str = "standard input";
/// The end that is written.
pub const OUTPUT: &str = "standard output";

/// Input or output is a pipe or a file.
pub fn no_terminal(which: &str) -> String {
    format!("the console needs a terminal, but {which} is none; start it in one (over SSH: ssh -t)")
}

/// `TERM=dumb` or none.
pub fn dumb(term: &str) -> String {
    format!("the terminal cannot place text (TERM is {term:?}); start the console in another one")
}

/// The terminal does not take its modes.
pub fn no_set_up(why: &str) -> String {
    format!("the terminal cannot be set up: {why}")
}
