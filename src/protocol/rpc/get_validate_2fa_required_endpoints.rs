//! GetValidate2FARequiredEndpoints: which calls the exchange opens only after Validate2FA (PROTOCOL.md 2 [doc: SLATE, VX]).

use super::{ReadCall, Rpc};
use crate::protocol::loose::FromToken;
use crate::protocol::object::{self, Unreadable};

/// `{}` → `["createwithdrawticket","createdepositticket","adduserpermission"]`. Public: needs no login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GetValidate2FaRequiredEndpoints;

impl Rpc for GetValidate2FaRequiredEndpoints {
    const NAME: &'static str = "GetValidate2FARequiredEndpoints";
    /// The names, in the case in which they arrived.
    type Response = Vec<String>;

    fn payload(&self) -> String {
        "{}".to_owned()
    }

    fn parse(payload: &str) -> Result<Vec<String>, Unreadable> {
        Ok(object::items(payload)?.into_iter().filter_map(String::from_token).collect())
    }
}

impl super::sealed::Reads for GetValidate2FaRequiredEndpoints {}
impl ReadCall for GetValidate2FaRequiredEndpoints {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_answer_is_a_list_of_names() {
        let documented = r#"["createwithdrawticket","createdepositticket","adduserpermission"]"#;
        assert_eq!(GetValidate2FaRequiredEndpoints::parse(documented).unwrap()[0], "createwithdrawticket");
        assert!(GetValidate2FaRequiredEndpoints::parse("{}").is_err());
    }
}
