//! A secret that the gateway cannot go on without: a password, a code. It is asked of the operator, given, or withheld; the desk
//! itself never keeps it.

use super::{Link, Phase};
use crate::app::desk::calls::Purpose;
use crate::app::desk::cx::Cx;
use crate::app::desk::order::Lacking;
use crate::app::effect::Effect;
use crate::app::words::desk::link as words;
use crate::domain::{ConnectionId, TypedSecret, Wanted};

impl Link {
    /// The gateway wants a secret.
    pub(in crate::app::desk) fn want_secret(&mut self, connection: ConnectionId, wanted: Wanted, cx: &mut Cx<'_>) {
        if !self.is_current(connection, cx) {
            return;
        }
        self.asking = Some(wanted);
        cx.show();
        if *cx.is_ending {
            // The terminal is the shell's again: nobody can be asked.
            let _ = self.withhold_secret(words::NOBODY_TO_ASK, cx);
        }
    }

    /// Gives the gateway the secret that it asked for.
    pub(in crate::app::desk) fn give_secret(&mut self, secret: TypedSecret, cx: &mut Cx<'_>) -> Result<(), Lacking> {
        cx.show();
        self.asking.take().ok_or(Lacking::Question)?;
        cx.order(Effect::GiveSecret { connection: cx.sessions.connection(), secret });
        Ok(())
    }

    /// The secret is not given: a login ends as refused, and a protected call is not made.
    pub(in crate::app::desk) fn withhold_secret(&mut self, why: &str, cx: &mut Cx<'_>) -> Result<(), Lacking> {
        cx.show();
        let wanted = self.asking.take().ok_or(Lacking::Question)?;
        let why = words::not_given(&wanted, why);
        if self.phase == Phase::Up {
            cx.calls.forget_purpose(Purpose::Validate);
            self.end_validation(&why, cx);
        } else {
            self.was_refused = false;
            cx.order(Effect::Disconnect { connection: cx.sessions.connection() });
            self.refuse(why, cx);
        }
        Ok(())
    }
}
