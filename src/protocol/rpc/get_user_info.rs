//! GetUserInfo: who we are, and of which OMS and operator (PROTOCOL.md 4).

use super::{ReadCall, Rpc};
use crate::domain::{OmsId, OperatorId, RemoteText, UserId};
use crate::protocol::object::{Object, Unreadable};

/// Asks about us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GetUserInfo {
    of: Option<(OmsId, UserId)>,
}

impl GetUserInfo {
    /// Without naming us: an empty payload returns the caller (PROTOCOL.md 4, VX).
    pub fn caller() -> Self {
        Self { of: None }
    }

    /// By our id, as older pages want it (PROTOCOL.md 4, SLATE).
    pub fn of(oms: OmsId, user: UserId) -> Self {
        Self { of: Some((oms, user)) }
    }
}

/// This login, as the exchange knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    /// `UserId`.
    pub user: Option<UserId>,
    /// `UserName`.
    pub user_name: Option<RemoteText>,
    /// `OMSId`.
    pub oms: Option<OmsId>,
    /// `OperatorId`.
    pub operator: Option<OperatorId>,
}

impl Rpc for GetUserInfo {
    const NAME: &'static str = "GetUserInfo";
    type Response = UserInfo;

    fn payload(&self) -> String {
        match self.of {
            Some((oms, user)) => format!(r#"{{"OMSId":{oms},"userId":{user}}}"#),
            None => "{}".to_owned(),
        }
    }

    fn parse(payload: &str) -> Result<UserInfo, Unreadable> {
        let mut reply = Object::read(payload)?;
        Ok(UserInfo {
            user: reply.take("userid").map(UserId),
            user_name: reply.take::<String>("username").map(RemoteText::new),
            oms: reply.take("omsid").map(OmsId),
            operator: reply.take("operatorid").map(OperatorId),
        })
    }
}

impl super::sealed::Reads for GetUserInfo {}
impl ReadCall for GetUserInfo {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_asked_in_both_documented_ways() {
        assert_eq!(GetUserInfo::caller().payload(), "{}");
        assert_eq!(GetUserInfo::of(OmsId(1), UserId(5)).payload(), r#"{"OMSId":1,"userId":5}"#);
    }

    #[test]
    fn the_operator_id_is_learnt_from_the_reply() {
        let info = GetUserInfo::parse(r#"{"UserId":1,"UserName":"sample","OMSId":1,"OperatorId":1,"AccountId":1,"Locked":false,"NumberOfFailedAttempt":0}"#).unwrap();
        assert_eq!((info.user, info.oms, info.operator), (Some(UserId(1)), Some(OmsId(1)), Some(OperatorId(1))));
    }
}
