//! Words for the operator, in lines with a tone, for the view and for commands. They say what is so; how a tone looks is the
//! view's.

pub mod line;
