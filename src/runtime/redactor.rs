//! The one place through which the exchange's words come in: what we hold that is secret is hidden in them.

use secrecy::ExposeSecret;

use super::keyring::Keyring;
use crate::app::event::LinkFailure;
use crate::domain::RemoteText;
use crate::protocol::rpc::authenticate_user::{Credentials, LoggedIn, LoginRefused};
use crate::protocol::{Frame, LinkEnd, redact};

/// Hides the secrets of a link, where they are: none is copied.
#[derive(Clone, Copy)]
pub(super) struct Redactor<'a> {
    pub(super) credentials: &'a Credentials,
    pub(super) keyring: &'a Keyring,
}

impl Redactor<'_> {
    fn with<T>(self, hide: impl FnOnce(&[&str]) -> T) -> T {
        let (held, name) = match self.credentials {
            Credentials::Password { username, password, code } => ([password.held(), code.held()], username.as_str()),
            Credentials::ApiKey { key, secret, .. } => ([Some(key), Some(secret)], ""),
        };
        self.keyring.show(|kept| {
            let all = held.into_iter().flatten().chain(kept).map(ExposeSecret::expose_secret);
            // A password that is the user's name is no secret, and the name is needed.
            hide(&all.filter(|secret| *secret != name).collect::<Vec<&str>>())
        })
    }

    /// A frame that came in.
    pub(super) fn frame(self, mut frame: Frame) -> Frame {
        self.with(|secrets| redact::in_frame(&mut frame, secrets));
        frame
    }

    /// A sentence that may quote the exchange.
    pub(super) fn text(self, text: &str) -> String {
        self.with(|secrets| redact::in_text(text, secrets).into_owned())
    }

    /// Remote text that was taken out of its frame.
    pub(super) fn remote(self, text: &RemoteText) -> RemoteText {
        RemoteText::new(self.text(text.raw()))
    }

    /// Who the exchange says we are.
    pub(super) fn user(self, user: LoggedIn) -> LoggedIn {
        LoggedIn { user_name: user.user_name.map(|name| self.remote(&name)), ..user }
    }

    /// Why it does not let us in.
    pub(super) fn refusal(self, refused: LoginRefused) -> LoginRefused {
        match refused {
            LoginRefused::Refused(said) => LoginRefused::Refused(self.remote(&said)),
            LoginRefused::CodeRefused(said) => LoginRefused::CodeRefused(self.remote(&said)),
            LoginRefused::Unreadable(said) => LoginRefused::Unreadable(self.remote(&said)),
            LoginRefused::NotGiven(why) => LoginRefused::NotGiven(self.text(&why)),
            LoginRefused::Unanswered { times, why } => LoginRefused::Unanswered { times, why: self.remote(&why) },
            quoting_nothing @ (LoginRefused::Locked | LoginRefused::SecondFactor) => quoting_nothing,
        }
    }

    /// Why a link ended.
    pub(super) fn end(self, end: LinkEnd) -> LinkEnd {
        let why = self.text(&end.why);
        end.worded(why)
    }

    /// Why there is no link.
    pub(super) fn failure(self, failure: LinkFailure) -> LinkFailure {
        match failure {
            LinkFailure::Unreachable(end) => LinkFailure::Unreachable(self.end(end)),
            LinkFailure::Refused(refused) => self.refusal(refused).into(),
        }
    }
}
