//! Words of who we are on the exchange, and what this login may do.

use std::fmt::Display;

use crate::domain::{OmsId, OperatorId, RemoteText, UserId};

/// Why the exchange does not say who we are, where no answer failed.
pub const NAMES_NOBODY: &str = "the answers name nobody";
/// Mends a login as somebody else.
pub const MEND_LOGIN: &str = "mend the profile's login, or the key that belongs to somebody else";
/// Mends an exchange that does not say who we are.
pub const SET_IDS: &str = "set oms-id and operator-id in the profile: they cannot be learnt";
/// Mends an OMS that is another.
pub const MEND_OMS: &str = "mend oms-id in the profile, or the login";
/// Advice about an OMS that only the profile says.
pub const SEE_OMS: &str = "see that it is right: with a wrong one the tickets are others";
/// An OMS that nobody says.
pub const NO_OMS: &str = "the exchange does not say, and the profile neither";
/// Mends an OMS that nobody says.
pub const SET_OMS: &str = "set oms-id in the profile";
/// Advice about an operator that is another.
pub const MEND_OPERATOR: &str = "if another tenant is not meant, mend operator-id in the profile";
/// An operator that nobody says.
pub const NO_OPERATOR: &str = "the exchange does not say, and the profile neither: the list cannot be asked for";
/// Mends an operator that nobody says.
pub const SET_OPERATOR: &str = "set operator-id in the profile";
/// The exchange lists no permission.
pub const NO_PERMISSION: &str = "the exchange lists none";
/// Mends a list of permissions that is empty.
pub const ASK_FOR_OPERATOR: &str = "ask for the permission Operator";
/// Why the permissions are not known, where nobody says who we are.
pub const NEEDS_OUR_ID: &str = "it needs our user id";

/// Who the exchange says that we are, if it says anything.
pub fn we_are(user: Option<UserId>, name: Option<&RemoteText>) -> Option<String> {
    match (name, user) {
        (Some(name), Some(user)) => Some(format!("user {user} {}", name.inert())),
        (Some(name), None) => Some(format!("user {}", name.inert())),
        (None, user) => user.map(by_id),
    }
}

/// A user by its id.
pub fn by_id(user: UserId) -> String {
    format!("user {user}")
}

/// Nobody knows who we are.
pub fn unknown(why: &str) -> String {
    format!("the exchange does not say who we are: {why}")
}

/// We are somebody else than the profile wants.
pub fn somebody_else(told: &str, wanted: &str) -> String {
    format!("the exchange says we are {told}, the profile logs in {wanted}: read-only")
}

/// Only the login's answer says who we are.
pub fn by_the_login(told: &str, why: &str) -> String {
    format!("{told}, by the login's answer; asked again, the exchange does not say it: {why}")
}

/// The OMS is another.
pub fn other_oms(found: OmsId, wanted: OmsId) -> String {
    format!("the exchange says {found}, the profile {wanted}: read-only, for the tickets are others")
}

/// The OMS is the same.
pub fn same_oms(found: OmsId) -> String {
    format!("{found}, as in the profile")
}

/// The exchange does not say the OMS.
pub fn oms_by_profile_alone(wanted: OmsId) -> String {
    format!("{wanted}, by the profile alone: the exchange does not say")
}

/// An id that only the exchange says.
pub fn learnt(found: impl Display) -> String {
    format!("{found}, learnt from the exchange")
}

/// The operator is another.
pub fn other_operator(found: OperatorId, wanted: OperatorId) -> String {
    format!("{wanted}, by the profile; the exchange says {found}")
}

/// The operator that the profile says.
pub fn operator_by_profile(wanted: OperatorId) -> String {
    format!("{wanted}, by the profile")
}

/// The permissions are not known.
pub fn permissions_not_told(why: &str) -> String {
    format!("the exchange does not tell them: {why}")
}

/// A call that a code opens.
pub fn wants_code(call: &str) -> String {
    format!("{call} wants a code of the second factor first; the console asks for it")
}

/// A call that was refused, and for which there is no permission.
pub fn refused_without_permission(call: &str, why: &str) -> String {
    format!("{call}: {why}; this login has neither Operator nor {call}")
}

/// Mends a permission that is lacking.
pub fn ask_for_permission(call: &str) -> String {
    format!("ask an administrator for the permission {call}")
}

/// Advice about a call that was refused although it may be permitted.
pub fn ask_whether_permitted(call: &str) -> String {
    format!("ask an administrator whether this login has the permission {call} or Operator")
}

/// The cancel is permitted.
pub fn covered(call: &str, may_write: bool) -> String {
    format!("{call} is covered by the permissions{}", rehearses(may_write))
}

/// The cancel is not permitted.
pub fn not_covered(call: &str, may_write: bool) -> String {
    format!("this login has neither Operator nor {call}{}", rehearses(may_write))
}

/// Nobody knows whether the cancel is permitted.
pub fn not_tried(call: &str, may_write: bool) -> String {
    format!("{call} is not tried here, and the permissions are not told{}", rehearses(may_write))
}

/// The exchange opens the cancel with a code only.
pub fn with_code(found: &str) -> String {
    format!("{found}; the exchange wants a code of the second factor first, which the console asks for")
}

fn rehearses(may_write: bool) -> &'static str {
    if may_write { "" } else { "; this profile is read-only, so it only rehearses" }
}
