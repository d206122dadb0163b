//! GetUserPermissions: what a login may do (PROTOCOL.md 4). A permission has the name of its call, or covers many.

use super::{ReadCall, Rpc};
use crate::domain::UserId;
use crate::protocol::loose::FromToken;
use crate::protocol::object::{self, Unreadable};

/// Asks for the permissions of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GetUserPermissions {
    user: UserId,
}

impl GetUserPermissions {
    /// `{"UserId"}`.
    pub fn of(user: UserId) -> Self {
        Self { user }
    }
}

impl Rpc for GetUserPermissions {
    const NAME: &'static str = "GetUserPermissions";
    /// The names, in the case in which they arrived, which varies (PROTOCOL.md 4).
    type Response = Vec<String>;

    fn payload(&self) -> String {
        format!(r#"{{"UserId":{}}}"#, self.user)
    }

    fn parse(payload: &str) -> Result<Vec<String>, Unreadable> {
        Ok(object::items(payload)?.into_iter().filter_map(String::from_token).collect())
    }
}

impl super::sealed::Reads for GetUserPermissions {}
impl ReadCall for GetUserPermissions {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_by_user_id_and_answered_by_names() {
        assert_eq!(GetUserPermissions::of(UserId(5)).payload(), r#"{"UserId":5}"#);
        let captured = r#"["Deposit","Operator","Trading","Withdraw"]"#;
        assert_eq!(GetUserPermissions::parse(captured).unwrap(), ["Deposit", "Operator", "Trading", "Withdraw"]);
    }
}
