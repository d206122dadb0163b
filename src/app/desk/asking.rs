//! What the gateway cannot go on without: a password, a code. It is asked of the operator, given, or given up; the desk itself
//! never keeps it.

use super::Desk;
use super::in_flight::Purpose;
use super::link::Phase;
use crate::app::effect::{Effect, Effects};
use crate::domain::{ConnectionId, Now, TypedSecret, Wanted};

impl Desk {
    /// What the operator is asked for, if anything.
    pub fn asks_for(&self) -> Option<&Wanted> {
        self.link.asking.as_ref()
    }

    pub(super) fn apply_secret_wanted(&mut self, connection: ConnectionId, wanted: Wanted, now: Now) -> Effects {
        if !self.link.is_current(connection) {
            return Effects::quiet();
        }
        self.link.asking = Some(wanted);
        // The terminal is the shell's again: nobody can be asked.
        if self.is_leaving() { self.give_up_secret("there is nobody to ask any more", now) } else { Effects::none() }
    }

    /// Gives the gateway what it asked for.
    pub fn give_secret(&mut self, secret: TypedSecret) -> Effects {
        if self.link.asking.take().is_none() {
            return Effects::none();
        }
        Effects::one(Effect::GiveSecret { connection: self.link.current(), secret })
    }

    /// What was asked for is not given: a login ends as refused, and a protected call is not made.
    pub fn give_up_secret(&mut self, why: &str, now: Now) -> Effects {
        let Some(wanted) = self.link.asking.take() else { return Effects::none() };
        let why = format!("{wanted} was not given: {why}");
        let connection = self.link.current();
        match self.link.phase {
            Phase::Up(_) => {
                self.in_flight.forget_purpose(Purpose::Validate);
                self.end_validation(&why, now)
            }
            _ => {
                self.link.was_refused = false;
                let refused = self.refuse(why, now);
                Effects::one(Effect::Disconnect { connection }).then(refused)
            }
        }
    }
}
