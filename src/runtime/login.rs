//! The login on a link that is open: by session token where there is one, else in full. Nothing that was refused is tried again
//! by itself: accounts lock. What is sent here goes to the socket and nowhere else.

use std::pin::pin;
use std::time::Duration;

use futures_util::SinkExt;
use secrecy::SecretString;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::access::Access;
use super::asker::Asker;
use super::keyring::Keyring;
use super::redactor::Redactor;
use super::secret_command::PASSWORD_LIMIT;
use super::websocket::{self, Received, Socket, receive};
use super::{clock, second_factor};
use crate::app::Event;
use crate::app::event::{LinkFailure, Way};
use crate::app::words::{far_side as words, link_end};
use crate::domain::text::inert;
use crate::domain::{CallId, RemoteText, Secret, Wanted};
use crate::protocol::rpc::authenticate_user::{self, Answer, Credentials, LoggedIn, LoginRefused};
use crate::protocol::rpc::{authenticate_2fa, web_authenticate_user};
use crate::protocol::{Frame, FrameKind, LinkEnd, NextTry};

/// Each call of the login has this long; a person has a time of its own.
const CALL_LIMIT: Duration = Duration::from_secs(10);

/// A full login that was sent so often without an end is not sent again by itself: accounts lock, and an exchange may well
/// hang up on a wrong password.
const LOGIN_TRIES: u8 = 3;

/// A login under way.
pub(super) struct LinkLogin<'a> {
    socket: &'a mut Socket,
    access: &'a Access,
    keyring: &'a Keyring,
    asker: &'a Asker,
    /// The sequence number of the next call.
    next: CallId,
    /// True if the full login was sent on this link.
    is_sent: bool,
    /// Messages of this login that could not be read, and why the first could not.
    unreadable: Unreadable,
}

/// Messages that could not be read.
#[derive(Default)]
struct Unreadable {
    count: u64,
    first: String,
}

/// Gets the password that a login will need before the link is opened, so that no link waits for a person.
pub(super) async fn prepare(access: &Access, keyring: &Keyring, asker: &Asker) -> Result<(), LinkFailure> {
    match &access.credentials {
        Credentials::Password { username, password, .. } if !keyring.has_token() => {
            password_of(username, password, keyring, asker).await?;
        }
        _ => {}
    }
    Ok(())
}

/// The password; got once, whatever it takes, and kept until the exchange refuses one that was typed.
async fn password_of(
    username: &str,
    password: &Secret,
    keyring: &Keyring,
    asker: &Asker,
) -> Result<SecretString, LinkFailure> {
    if let Some(kept) = keyring.password() {
        return Ok(kept);
    }
    let wanted = Wanted::Password { user: username.to_owned() };
    let got = asker.get(password, wanted, PASSWORD_LIMIT).await.map_err(not_given)?;
    if password.held().is_none() {
        keyring.keep_password(Some(got.clone()));
    }
    Ok(got)
}

fn not_given(why: String) -> LinkFailure {
    LoginRefused::NotGiven(why).into()
}

/// The exchange speaks of a password also where a key was used.
fn with_key(credentials: &Credentials, refused: LoginRefused) -> LoginRefused {
    match (credentials, refused) {
        (Credentials::ApiKey { user_id, .. }, LoginRefused::Refused(said)) => {
            LoginRefused::Refused(RemoteText::new(link_end::with_key(said.raw(), user_id)))
        }
        (_, refused) => refused,
    }
}

impl<'a> LinkLogin<'a> {
    /// A login on a link that is open; `next` is the number of its first call.
    pub(super) fn new(
        socket: &'a mut Socket,
        access: &'a Access,
        keyring: &'a Keyring,
        asker: &'a Asker,
        next: CallId,
    ) -> Self {
        Self { socket, access, keyring, asker, next, is_sent: false, unreadable: Unreadable::default() }
    }
}

impl LinkLogin<'_> {
    /// Logs in, and says who we are and how we got in.
    pub(super) async fn run(mut self) -> Result<(LoggedIn, Way), LinkFailure> {
        if let Some(user) = self.by_token().await? {
            return Ok((user, Way::Token));
        }
        let done = self.by_credentials().await;
        let times = self.keyring.logins();
        match done {
            // An end that waits for a person says why by itself.
            Err(LinkFailure::Unreachable(end))
                if self.is_sent && times >= LOGIN_TRIES && end.next != NextTry::ByPerson =>
            {
                Err(LoginRefused::Unanswered { times, why: RemoteText::new(end.why) }.into())
            }
            done => {
                if matches!(done, Err(LinkFailure::Refused(_))) {
                    self.keyring.login_ended();
                }
                done
            }
        }
    }

    async fn by_credentials(&mut self) -> Result<(LoggedIn, Way), LinkFailure> {
        match self.in_full().await? {
            Answer::In { user, token } => {
                self.keyring.let_in(token);
                let by_key = matches!(self.access.credentials, Credentials::ApiKey { .. });
                Ok((user, if by_key { Way::ApiKey } else { Way::Password }))
            }
            Answer::SecondFactor { kind } => Ok((self.second_factor(kind).await?, Way::SecondFactor)),
        }
    }

    /// By the token of an earlier link of this process. One that is plainly refused is forgotten, and the full login follows; an
    /// answer that says nothing of the token is no reason to send a password.
    async fn by_token(&mut self) -> Result<Option<LoggedIn>, LinkFailure> {
        let Some(token) = self.keyring.token_to_send() else { return Ok(None) };
        let id = self.next_id();
        let reply = self.call(web_authenticate_user::frame(id, &token)).await?;
        match authenticate_user::answer(&reply) {
            Ok(Answer::In { user, token }) => {
                self.keyring.let_in(token);
                Ok(Some(user))
            }
            Err(LoginRefused::Locked) => Err(LoginRefused::Locked.into()),
            Err(other) if !web_authenticate_user::is_refused(&reply) => {
                let host = self.access.target.authority();
                let why = inert(&link_end::unclear_token(&host, &other));
                Err(LinkFailure::Unreachable(LinkEnd::soon(why)))
            }
            Ok(Answer::SecondFactor { .. }) | Err(_) => {
                self.keyring.forget_token();
                Ok(None)
            }
        }
    }

    async fn in_full(&mut self) -> Result<Answer, LinkFailure> {
        let access = self.access;
        let nonce = clock::wall().as_millisecond().to_string();
        let (credentials, is_typed) = match &access.credentials {
            Credentials::Password { username, password, code } => {
                let (keyring, asker) = (self.keyring, self.asker);
                let got = self.meanwhile(password_of(username, password, keyring, asker)).await??;
                let (username, code) = (username.clone(), code.clone());
                let full = Credentials::Password { username, password: Secret::Held(got), code };
                (full, matches!(password, Secret::Prompt))
            }
            by_key @ Credentials::ApiKey { .. } => (by_key.clone(), false),
        };
        let id = self.next_id();
        self.is_sent = true;
        self.keyring.sends_login();
        let asked = self.call(authenticate_user::frame(id, &credentials, &nonce)).await;
        let answer = asked.and_then(|reply| {
            authenticate_user::answer(&reply).map_err(|refused| with_key(&access.credentials, refused).into())
        });
        let is_refused = |failure: &LinkFailure| match failure {
            LinkFailure::Refused(_) => true,
            LinkFailure::Unreachable(end) => end.next == NextTry::ByPerson,
        };
        if is_typed && answer.as_ref().is_err_and(is_refused) {
            // The next try asks again.
            self.keyring.keep_password(None);
        }
        answer
    }

    async fn second_factor(&mut self, kind: Option<RemoteText>) -> Result<LoggedIn, LinkFailure> {
        let (access, asker) = (self.access, self.asker);
        let redactor = Redactor { credentials: &access.credentials, keyring: self.keyring };
        let wanted = Wanted::LoginCode { kind: kind.map(|kind| redactor.remote(&kind)) };
        let keyring = self.keyring;
        let code = self.meanwhile(second_factor::get(&access.credentials, keyring, asker, wanted)).await?;
        let id = self.next_id();
        let reply = self.call(authenticate_2fa::frame(id, &code.map_err(not_given)?)).await?;
        match authenticate_user::answer(&reply) {
            Ok(Answer::In { user, token }) => {
                self.keyring.let_in(token);
                Ok(user)
            }
            Ok(Answer::SecondFactor { .. }) => Err(LoginRefused::CodeRefused(link_end::ANOTHER_CODE.into()).into()),
            Err(LoginRefused::Refused(said)) => Err(LoginRefused::CodeRefused(said).into()),
            Err(refused) => Err(refused.into()),
        }
    }

    fn next_id(&mut self) -> CallId {
        let id = self.next;
        self.next = CallId(id.0 + 2);
        id
    }

    /// Sends a call and waits for its reply; whatever else comes before it is not for us yet.
    async fn call(&mut self, frame: Frame) -> Result<Frame, LinkFailure> {
        match timeout(CALL_LIMIT, self.reply_to(&frame)).await {
            Ok(done) => done.map_err(LinkFailure::Unreachable),
            Err(_) => Err(LinkFailure::Unreachable(self.late(&frame.name))),
        }
    }

    /// No reply came in time. One that came and could not be read may have been it: a login is not sent again on such a ground.
    fn late(&self, call: &str) -> LinkEnd {
        let host = self.access.target.authority();
        match &self.unreadable {
            Unreadable { count: 0, .. } => LinkEnd::soon(link_end::call_is_late(&host, call, CALL_LIMIT.as_secs())),
            Unreadable { count, first } => {
                let why = words::unreadable_login(&host, call, *count, first);
                if self.is_sent { LinkEnd::for_a_person(why) } else { LinkEnd::soon(why) }
            }
        }
    }

    async fn reply_to(&mut self, frame: &Frame) -> Result<Frame, LinkEnd> {
        let sent = self.socket.send(Message::text(frame.encode())).await;
        sent.map_err(|error| websocket::end(&error, self.is_sent))?;
        let last = self.socket.get_ref().last_close();
        loop {
            let reply = match receive(self.socket, &last, self.is_sent).await {
                Received::Frame(reply) => reply,
                Received::Unreadable(why) => {
                    self.note_unreadable(why).await;
                    continue;
                }
                Received::End(end) => return Err(end),
            };
            if reply.id == frame.id
                && reply.name.eq_ignore_ascii_case(&frame.name)
                && matches!(reply.kind, FrameKind::Reply | FrameKind::Error)
            {
                return Ok(reply);
            }
        }
    }

    /// Counts a message that could not be read, here and on the desk.
    async fn note_unreadable(&mut self, why: String) {
        let redactor = Redactor { credentials: &self.access.credentials, keyring: self.keyring };
        let (connection, why) = (self.asker.connection, inert(&redactor.text(&why)));
        if self.unreadable.count == 0 {
            self.unreadable.first.clone_from(&why);
        }
        self.unreadable.count += 1;
        let _ = self.asker.events.send(Event::FrameUnreadable { connection, why }).await;
    }

    /// Does something that may take its time, and goes on reading, so that the exchange's pings are answered and its end is
    /// noticed.
    async fn meanwhile<T>(&mut self, doing: impl Future<Output = T>) -> Result<T, LinkFailure> {
        let mut doing = pin!(doing);
        let last = self.socket.get_ref().last_close();
        loop {
            tokio::select! {
                done = &mut doing => return Ok(done),
                received = receive(self.socket, &last, self.is_sent) => match received {
                    Received::Frame(_) => {}
                    Received::Unreadable(why) => self.note_unreadable(why).await,
                    Received::End(end) => return Err(LinkFailure::Unreachable(end)),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_key_is_named_with_where_to_look_and_a_password_is_not() {
        let said = || LoginRefused::Refused("Invalid username or password".into());
        let key = Credentials::ApiKey { key: "k".into(), secret: "s".into(), user_id: 7 };
        let why = with_key(&key, said()).to_string();
        let used = "password (API key of user 7; check api-key-file, api-secret-file and user-id)";
        assert!(why.ends_with(used), "{why}");
        assert_eq!(with_key(&Credentials::by_password("op", "x"), said()), said());
    }
}
