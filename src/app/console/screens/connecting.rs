//! Connecting at a key: also after a refused login, since a person decides so.

use std::time::Duration;

use super::{Bench, Press};
use crate::app::desk::link::Phase;
use crate::app::desk::order::Order;
use crate::app::words::console as hints;

/// A refused login is tried again no sooner than this: nobody has read the refusal by then.
const READ_WHY: Duration = Duration::from_secs(2);

/// Opens a link, unless there is one. A held key decides nothing, because accounts lock.
pub fn connect(press: Press<'_>, bench: &mut Bench<'_>) {
    let is_held = press.quiet.is_some() && !press.is_deliberate();
    if bench.desk.link().refused_for(bench.now).is_some_and(|since| is_held || since < READ_WHY) {
        let what =
            if matches!(bench.desk.link().phase(), Phase::Held(_)) { hints::READ_WHY } else { hints::READ_REFUSAL };
        bench.hint = Some(what.to_owned());
        return;
    }
    bench.tell(Order::Connect);
}
