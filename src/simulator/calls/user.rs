//! Who the user is, and what the user may do (PROTOCOL.md 4).

use crate::simulator::conduct::User;
use crate::simulator::{login, wire};

/// Calls for which a permission is needed: `Operator`, `SUPERUSER`, or the one of the call's own name.
const PERMISSIONED: [&str; 3] = ["getallwithdrawtickets", "getwithdrawticket", "cancelfailedwithdrawticket"];

/// GetUserInfo.
pub(super) fn info(user: &User) -> String {
    format!(
        r#"{{"OMSId":{oms},"UserId":{id},"UserName":{name},"Email":"operator@example.com","PasswordHash":"","PendingEmailCode":"","EmailVerified":true,"AccountId":1,"DateTimeCreated":"2026-01-01T00:00:00Z","AffiliateId":0,"RefererId":0,"OperatorId":{operator},"Use2FA":false,"Salt":"","PendingCodeTime":"0001-01-01T00:00:00Z","Locked":false,"LockedTime":"0001-01-01T00:00:00Z","NumberOfFailedAttempt":0,"MarginBorrowerEnabled":false,"MarginAcquisitionHalt":false}}"#,
        oms = user.oms_id,
        id = login::USER_ID,
        name = wire::text(&user.name),
        operator = user.operator_id,
    )
}

/// GetUserPermissions.
pub(super) fn permissions(user: &User) -> String {
    wire::texts(user.permissions.iter().cloned())
}

/// True if the user may make a call.
pub(super) fn may(user: &User, name: &str) -> bool {
    let allows = |permission: &String| {
        ["operator", "superuser", name].iter().any(|wanted| permission.eq_ignore_ascii_case(wanted))
    };
    !PERMISSIONED.contains(&name) || user.permissions.iter().any(allows)
}
