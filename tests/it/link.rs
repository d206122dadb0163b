//! The link and its session: tables over `update`, in which a test says what the exchange answers, and when.

mod frames;
mod keep_alive;
mod permissions;
mod retry;
mod second_factor;
mod secret_wanted;
mod session_check;
mod too_long;

use jiff::Timestamp;
use std::time::Duration;
use withdraw_desk::app::console::keymap::Keymap;
use withdraw_desk::app::desk::cancels::attempt::Stage;
use withdraw_desk::app::desk::order::Order;
use withdraw_desk::app::desk::settings::Settings;
use withdraw_desk::app::event::Way;
use withdraw_desk::app::{Console, Desk, Effect, Event, Size, State, update};
use withdraw_desk::domain::{Boot, CallId, ConnectionId, Now, OmsId, UserId};
use withdraw_desk::protocol::rpc::authenticate_user::LoggedIn;
use withdraw_desk::protocol::{Frame, FrameKind};

use crate::proofs::permit;

const LINK: ConnectionId = ConnectionId(1);

const TICKET: &str =
    r#"{"TicketNumber":287,"Status":"Failed","OMSId":1,"AccountId":7,"RequestCode":"af08","AssetId":3,"Amount":0.001}"#;

const WHO: &str = r#"{"UserId":5,"UserName":"op","OMSId":1,"OperatorId":1}"#;

const NO: &str = r#"{"result":false,"errormsg":"Not Authorized","errorcode":20,"detail":null}"#;

const WISH: &str = r#"{"result":false,"errormsg":"This endpoint requires 2FACode along with the payload","errorcode":20,"detail":null}"#;

/// A console whose exchange answers when, and what, the test says.
struct Table {
    state: State,
    now: Now,
    /// Calls that the test did not answer yet, oldest first.
    asked: Vec<(ConnectionId, CallId, String)>,
    cancels: usize,
}

impl Table {
    fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings { permit: permit(), ..Settings::of("gateway", "staging") };
        change(&mut settings);
        let now = Now { wall: Timestamp::UNIX_EPOCH, boot: Boot(Duration::from_secs(1_000)) };
        let console = Console::new(Keymap::built_in().unwrap());
        let state = State::new(Desk::new(settings), console, Size { width: 80, height: 24 }, now);
        let mut table = Self { state, now, asked: Vec::new(), cancels: 0 };
        let _ = table.state.tell(Order::Start, table.now);
        table.take(Event::UnresolvedRead(Ok(Vec::new())));
        table
    }

    /// Linked, who we are is known, and the rest of the session's questions wait.
    fn linked() -> Self {
        let mut table = Self::with(|_| ());
        table.open(LINK);
        table
    }

    /// As after the whole scan, with one failed ticket.
    fn listed() -> Self {
        let mut table = Self::linked();
        table.answer("SubscribeAllAccountEvents", "{}");
        table.answer("GetAllWithdrawTickets", &format!("[{TICKET}]"));
        table.answer("GetAllWithdrawTickets", "[]");
        table
    }

    fn open(&mut self, connection: ConnectionId) {
        let user = LoggedIn { user: Some(UserId(5)), user_name: None, oms: Some(OmsId(1)) };
        self.take(Event::LinkOpened { connection, host: "gateway".to_owned(), user, way: Way::Password });
        self.answer("GetUserInfo", WHO);
    }

    fn take(&mut self, event: Event) -> Vec<String> {
        self.take_after(400, event)
    }

    fn take_after(&mut self, millis: u64, event: Event) -> Vec<String> {
        self.pass(Duration::from_millis(millis));
        let effects = update(&mut self.state, event, self.now).into_list();
        effects.iter().map(|effect| self.note(effect)).collect()
    }

    fn pass(&mut self, time: Duration) {
        self.now = Now { wall: self.now.wall + time, boot: self.now.boot + time };
    }

    fn note(&mut self, effect: &Effect) -> String {
        match effect {
            Effect::SendRead { connection, frame } => {
                self.asked.push((*connection, frame.id, frame.name.clone()));
                format!("read {}", frame.name)
            }
            Effect::Validate { connection, id } => {
                self.asked.push((*connection, *id, "Validate2FA".to_owned()));
                "validate".to_owned()
            }
            Effect::SendCancel { connection, order, .. } => {
                self.cancels += 1;
                let frame = Frame::decode(&order.text()).unwrap();
                self.asked.push((*connection, frame.id, frame.name));
                "CANCEL".to_owned()
            }
            Effect::Connect { .. } => "connect".to_owned(),
            Effect::Disconnect { .. } => "disconnect".to_owned(),
            Effect::OpenIntent { .. } => "open intent".to_owned(),
            Effect::Record { .. } => "record".to_owned(),
            Effect::ReadUnresolved => "read unresolved".to_owned(),
            Effect::GiveSecret { .. } => "give secret".to_owned(),
            other => format!("{other:?}"),
        }
    }

    /// Answers the oldest call of this name that waits.
    fn answer(&mut self, name: &str, payload: &str) -> Vec<String> {
        let at = self.asked.iter().position(|asked| asked.2 == name).unwrap_or_else(|| panic!("{name} was not asked"));
        let (connection, id, name) = self.asked.remove(at);
        let frame = Frame { kind: FrameKind::Reply, id, name, payload: payload.to_owned() };
        self.take(Event::FrameArrived { connection, frame })
    }

    fn press(&mut self, keys: &str) -> Vec<String> {
        keys.split(' ').flat_map(|key| self.take(Event::KeyPressed(key.parse().unwrap()))).collect()
    }

    fn screen(&self) -> String {
        crate::world::screen(&self.state)
    }

    fn stage(&self) -> &Stage {
        &self.state.desk.cancels().attempt().unwrap().stage
    }

    /// Until the next try is due.
    fn reconnect(&mut self, connection: ConnectionId) -> Vec<String> {
        self.asked.clear();
        self.pass(Duration::from_secs(31));
        let effects = self.take(Event::DeadlinePassed);
        assert!(effects.contains(&"connect".to_owned()), "{effects:?}");
        self.open(connection);
        self.asked.iter().map(|asked| asked.2.clone()).collect()
    }
}
