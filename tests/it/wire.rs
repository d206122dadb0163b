//! The rule of the wire, by properties: no field loses a ticket, no ticket a page, no page a list, no frame a link. Whatever stands in
//! the other fields of a reply, what can be read of it is.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use withdraw_desk::domain::{TicketNumber, TicketStatus};
use withdraw_desk::protocol::rpc::Rpc;
use withdraw_desk::protocol::rpc::authenticate_user::{self, Answer};
use withdraw_desk::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;
use withdraw_desk::protocol::rpc::get_user_info::GetUserInfo;
use withdraw_desk::protocol::rpc::get_user_permissions::GetUserPermissions;
use withdraw_desk::protocol::{Frame, FrameKind, ticket};

/// PROTOCOL.md 6, the captured failed ticket [VX].
const FAILED: &str = include_str!("../samples/failed_ticket.json");
/// Without a good one of these there is no such ticket, or none of this status.
const NEEDED: [&str; 2] = ["ticketnumber", "status"];

/// Any JSON value, of any type, with letters of any kind.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(json!("")),
        Just(json!("[{")),
        Just(json!("null")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z]{0,6}", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A thing that is done to one field of an object.
#[derive(Clone, Debug)]
enum Edit {
    Put(Value),
    Drop,
    /// Its key once more, with the same value or another one.
    Double(Option<Value>),
    OtherCase,
    /// A number as a string, and a string as what it may hold.
    OtherForm,
}

fn any_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        3 => any_value().prop_map(Edit::Put),
        1 => Just(Edit::Drop),
        1 => proptest::option::of(any_value()).prop_map(Edit::Double),
        1 => Just(Edit::OtherCase),
        1 => Just(Edit::OtherForm),
    ]
}

/// An object as text, in which a key may stand twice.
#[derive(Clone, Debug)]
struct Fields(Vec<(String, Value)>);

impl Fields {
    fn of(json: &str) -> Self {
        let object: Map<String, Value> = serde_json::from_str(json).unwrap();
        Self(object.into_iter().collect())
    }

    fn edit(&mut self, at: usize, edit: &Edit) {
        let (key, value) = self.0[at].clone();
        match edit {
            Edit::Put(value) => self.0[at].1 = value.clone(),
            Edit::Drop => drop(self.0.remove(at)),
            Edit::Double(other) => self.0.push((key, other.clone().unwrap_or(value))),
            Edit::OtherCase => {
                self.0[at].0 = if at.is_multiple_of(2) { key.to_uppercase() } else { key.to_lowercase() }
            }
            Edit::OtherForm => {
                self.0[at].1 = match &value {
                    Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| value.clone()),
                    other => Value::from(other.to_string()),
                };
            }
        }
    }

    fn text(&self) -> String {
        let fields = self.0.iter().map(|(key, value)| format!("{}:{value}", json!(key)));
        format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
    }

    /// Edits some fields; of those that are needed none.
    fn edited(&self, edits: &[(prop::sample::Index, Edit)], spared: &[&str]) -> Self {
        let mut edited = self.clone();
        for (index, edit) in edits {
            let free: Vec<usize> = (0..edited.0.len())
                .filter(|at| !spared.contains(&edited.0[*at].0.to_ascii_lowercase().as_str()))
                .collect();
            if !free.is_empty() {
                edited.edit(*index.get(&free), edit);
            }
        }
        edited
    }
}

fn any_edits() -> impl Strategy<Value = Vec<(prop::sample::Index, Edit)>> {
    proptest::collection::vec((any::<prop::sample::Index>(), any_edit()), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_field_loses_a_ticket(edits in any_edits(), order in any::<u64>()) {
        let mut fields = Fields::of(FAILED).edited(&edits, &NEEDED);
        fastrand::Rng::with_seed(order).shuffle(&mut fields.0);
        let read = ticket::parse(&fields.text());
        prop_assert!(read.is_ok(), "{read:?} of {}", fields.text());
        let read = read.unwrap();
        prop_assert_eq!((read.number, read.status), (TicketNumber(287), TicketStatus::FAILED));
    }

    #[test]
    fn a_field_is_known_as_it_came_or_told_to_be_odd(value in any_value()) {
        let mut fields = Fields::of(FAILED);
        let at = fields.0.iter().position(|(key, _)| key.eq_ignore_ascii_case("AccountId")).unwrap();
        fields.edit(at, &Edit::Put(value.clone()));
        let read = ticket::parse(&fields.text()).unwrap();
        let token = value.to_string();
        let odd = read.odd.iter().any(|odd| odd.name.raw() == "AccountId" && odd.raw.raw() == token);
        let is_known = read.account.is_some();
        prop_assert!(is_known || odd || value.is_null(), "{value} is neither known nor odd");
        prop_assert!(!(is_known && odd));
    }

    #[test]
    fn a_ticket_whose_status_cannot_be_read_is_listed_as_unreadable(value in any_value()) {
        let read = ticket::parse(&json!({"TicketNumber": 5, "Status": value}).to_string()).unwrap();
        let is_unreadable = read.status == TicketStatus::Unreadable;
        prop_assert!(is_unreadable || value.is_string() || value.is_number(), "{value} is no status");
        prop_assert!(!is_unreadable || read.is_listed());
        prop_assert_eq!(read.odd.iter().any(|odd| odd.name.raw() == "Status"), is_unreadable && !value.is_null());
    }

    #[test]
    fn no_ticket_loses_a_page(rows in proptest::collection::vec(prop_oneof![
        any_value().prop_map(|value| (value.to_string(), false)),
        any_edits().prop_map(|edits| (Fields::of(FAILED).edited(&edits, &NEEDED).text(), true)),
    ], 0..6)) {
        let text = format!("[{}]", rows.iter().map(|(row, _)| row.as_str()).collect::<Vec<_>>().join(","));
        let page = GetAllWithdrawTickets::parse(&text).unwrap();
        let good = rows.iter().filter(|(_, is_ticket)| *is_ticket).count();
        prop_assert!(page.tickets.len() >= good);
        prop_assert_eq!(page.rows(), rows.len(), "every row is read or counted");
    }

    #[test]
    fn no_frame_of_any_form_stops_the_reader(value in any_value(), i in any_value(), o in any_value()) {
        let _ = Frame::decode(&value.to_string());
        let frame = Frame::decode(&json!({"m": 3, "i": i, "n": "X", "o": o}).to_string());
        prop_assert!(frame.is_ok(), "an event needs no number: {frame:?}");
    }

    #[test]
    fn a_login_is_read_whatever_stands_beside_what_counts(edits in any_edits()) {
        let captured = r#"{"Authenticated":true,"SessionToken":"a923","User":{"UserId":1,"UserName":"s","OMSId":1},"Locked":false,"Requires2FA":false,"EnforceEnable2FA":false,"TwoFAType":null,"errormsg":null}"#;
        let counts = ["authenticated", "locked", "requires2fa"];
        let payload = Fields::of(captured).edited(&edits, &counts).text();
        let frame = Frame { kind: FrameKind::Reply, id: withdraw_desk::domain::CallId(2), name: "AuthenticateUser".to_owned(), payload };
        let is_in = matches!(authenticate_user::answer(&frame), Ok(Answer::In { .. }));
        prop_assert!(is_in, "{}", frame.payload);
    }

    #[test]
    fn who_we_are_is_read_whatever_stands_beside_it(edits in any_edits()) {
        let known = r#"{"UserId":1,"UserName":"sample","OMSId":1,"OperatorId":1,"AccountId":1,"Locked":false}"#;
        let text = Fields::of(known).edited(&edits, &["omsid", "operatorid"]).text();
        let info = GetUserInfo::parse(&text);
        prop_assert!(info.is_ok_and(|info| info.oms.is_some() && info.operator.is_some()), "{text}");
    }

    #[test]
    fn a_permission_is_read_whatever_stands_beside_it(others in proptest::collection::vec(any_value(), 0..5)) {
        let mut names = others;
        names.push(json!("Operator"));
        let read = GetUserPermissions::parse(&Value::from(names).to_string()).unwrap();
        prop_assert!(read.contains(&"Operator".to_owned()));
    }

    #[test]
    fn no_text_of_any_letters_stops_the_reader(text in any::<String>(), units in proptest::collection::vec(any::<u16>(), 0..8)) {
        let halves = units.iter().fold(String::new(), |text, unit| format!("{text}\\u{unit:04x}"));
        for name in [format!("\"{halves}\""), json!(text).to_string()] {
            let row = format!(r#"{{"TicketNumber":1,"Status":6,"AccountName":{name}}}"#);
            prop_assert!(ticket::parse(&row).is_ok(), "{row}");
            // In the frame's own string, as a server writes it that escapes once.
            let frame = format!(r#"{{"m":1,"i":2,"n":"X","o":"[\"{halves}\"]"}}"#);
            prop_assert!(Frame::decode(&frame).is_ok(), "{frame}");
        }
    }
}
