//! The end of the process, were it forced now: kept up by the loop, for those who cannot ask the loop any more, a
//! signal while the loop is stuck and the panic hook.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::app::Desk;
use crate::app::effect::Exit;
use crate::domain::IntentId;

/// Set by the first panic: from then on the loop neither draws nor orders nor sends.
static FAULTY: AtomicBool = AtomicBool::new(false);
/// True if an intent of this session has no outcome yet.
static UNSETTLED: AtomicBool = AtomicBool::new(false);
/// The exit code of a forced end; 0 as long as no frame was handed over, or all is well.
static FORCED: AtomicU8 = AtomicU8::new(0);
/// True if the frame of any cancel may have left.
static SENT: AtomicBool = AtomicBool::new(false);
/// The intents behind them.
static HANDED: Mutex<BTreeSet<IntentId>> = Mutex::new(BTreeSet::new());

/// Notes how the desk stands, after each event.
pub fn note(desk: &Desk) {
    FORCED.store(desk.cancels().exit_if_forced().map_or(0, Exit::code), Ordering::SeqCst);
    UNSETTLED.store(desk.cancels().has_unsettled(), Ordering::SeqCst);
}

/// Announces that a frame is about to be handed to the writer, and tells whether it may be. Announced first, asked second,
/// while a fault is noted first and reads the announcements second: so no frame leaves unnoticed by whoever settles the rest.
pub fn may_hand(intent: IntentId) -> bool {
    HANDED.lock().unwrap_or_else(PoisonError::into_inner).insert(intent);
    SENT.store(true, Ordering::SeqCst);
    UNSETTLED.store(true, Ordering::SeqCst);
    !is_faulty()
}

/// Notes a fault, and tells whether it is the first.
pub fn note_fault() -> bool {
    !FAULTY.swap(true, Ordering::SeqCst)
}

/// True if the process ends because of a fault.
pub fn is_faulty() -> bool {
    FAULTY.load(Ordering::SeqCst)
}

/// True if an intent of this session has no outcome yet, so that an end must wait for it.
pub fn has_unsettled() -> bool {
    UNSETTLED.load(Ordering::SeqCst)
}

/// The intents whose frame may have left.
pub fn handed() -> BTreeSet<IntentId> {
    HANDED.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The end after a fault if nothing can be settled: whatever was sent in it, its outcome may not be known.
pub fn exit_after_fault() -> Exit {
    if SENT.load(Ordering::SeqCst) { Exit::Unknown } else { Exit::Fault }
}

/// The exit code if a signal has to force the end.
pub fn code_of_signal(number: u8) -> u8 {
    match FORCED.load(Ordering::SeqCst) {
        0 => Exit::Signal(number).code(),
        code => code,
    }
}
