//! The standard response `{result, errormsg, errorcode, detail}` and the receipt it amounts to (PROTOCOL.md 8).

use super::{Frame, FrameKind, loose};
use crate::domain::receipt::RefusalCode;
use crate::domain::{Receipt, RemoteText};

/// The envelope, its fields as they arrived; an absent field is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `result`, the raw token: `true`, `false`, `"true"`.
    pub result: Option<RemoteText>,
    /// `errormsg`, the raw token.
    pub errormsg: Option<RemoteText>,
    /// `errorcode`, the raw token.
    pub errorcode: Option<RemoteText>,
    /// `detail`, the raw token.
    pub detail: Option<RemoteText>,
}

impl Envelope {
    /// Reads an envelope; `None` if the payload is not a JSON object with at least a `result` or an `errorcode`, or if it
    /// holds one of its keys twice.
    pub fn parse(payload: &str) -> Option<Self> {
        let fields = super::object::pairs(payload).ok()?;
        let find = |key: &str| {
            let mut found = fields.iter().filter(|(name, _)| name.eq_ignore_ascii_case(key));
            let token = found.next().map(|(_, raw)| RemoteText::from(raw.get()));
            found.next().is_none().then_some(token)
        };
        let envelope = Self {
            result: find("result")?,
            errormsg: find("errormsg")?,
            errorcode: find("errorcode")?,
            detail: find("detail")?,
        };
        (envelope.result.is_some() || envelope.errorcode.is_some()).then_some(envelope)
    }

    /// The errorcode, where it is a bare whole number.
    pub fn code(&self) -> Option<i64> {
        self.errorcode.as_ref()?.raw().parse().ok()
    }

    /// True if it says no in any form: for reads, where no money hangs on the difference.
    pub fn is_negative(&self) -> bool {
        let said_false = self.result.as_ref().is_some_and(|result| {
            let said = result.raw().trim_matches('"');
            said.eq_ignore_ascii_case("false")
        });
        said_false || self.code().is_some_and(|code| code != 0)
    }

    /// `errormsg` as words, without quotes.
    pub fn message(&self) -> RemoteText {
        words(self.errormsg.as_ref())
    }

    /// `detail` as words, without quotes.
    pub fn detail_words(&self) -> RemoteText {
        words(self.detail.as_ref())
    }

    /// One line for the operator: `Not Authorized (20), detail "…"`.
    pub fn sentence(&self) -> String {
        let code = self.errorcode.as_ref().map_or_else(|| "no code".to_owned(), RemoteText::inert);
        let message = self.message();
        let said = if message.is_empty() { "no message".to_owned() } else { message.inert() };
        let detail = self.detail_words();
        if detail.is_empty() { format!("{said} ({code})") } else { format!("{said} ({code}), {}", detail.inert()) }
    }

    fn receipt(&self, kind: FrameKind) -> Receipt {
        let complete = self.errormsg.is_some() && self.detail.is_some();
        let (Some(result), Some(code), true, FrameKind::Reply) = (&self.result, self.code(), complete, kind) else {
            return Receipt::Unclear;
        };
        match result.raw() {
            "true" | "\"true\"" if code == 0 => Receipt::Accepted,
            "false" => RefusalCode::from_code(code).map_or(Receipt::Unclear, Receipt::Refused),
            _ => Receipt::Unclear,
        }
    }
}

fn words(token: Option<&RemoteText>) -> RemoteText {
    match token.map(RemoteText::raw) {
        None | Some("null") => RemoteText::default(),
        Some(raw) => RemoteText::new(serde_json::from_str(raw).map_or_else(|_| raw.to_owned(), loose::content)),
    }
}

/// The receipt that a reply (m 1) or error (m 5) to a cancel amounts to. `name` is the call's: a reply that names another
/// function is not a clear word about ours.
pub fn receipt(frame: &Frame, name: &str) -> Receipt {
    if !frame.name.eq_ignore_ascii_case(name) {
        return Receipt::Unclear;
    }
    Envelope::parse(&frame.payload).map_or(Receipt::Unclear, |envelope| envelope.receipt(frame.kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CallId;
    use rstest::rstest;

    fn received(kind: FrameKind, payload: &str) -> Receipt {
        let frame = Frame { kind, id: CallId(2), name: "Cancel".to_owned(), payload: payload.to_owned() };
        receipt(&frame, "cancel")
    }

    #[rstest]
    #[case::documented(r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#)]
    #[case::strings_for_null(r#"{"result":"true","errormsg":"","errorcode":0,"detail":""}"#)]
    #[case::guid_in_detail(r#"{"Result":true,"ErrorMsg":null,"ErrorCode":0,"Detail":"af082910"}"#)]
    fn true_with_code_0_is_accepted(#[case] payload: &str) {
        assert_eq!(received(FrameKind::Reply, payload), Receipt::Accepted);
    }

    #[rstest]
    #[case(20)]
    #[case(100)]
    #[case(101)]
    #[case(104)]
    fn false_with_a_documented_no_is_refused(#[case] code: i64) {
        let payload =
            format!(r#"{{"result":false,"errormsg":"Invalid Request","errorcode":{code},"detail":"Invalid OMSId"}}"#);
        assert!(matches!(received(FrameKind::Reply, &payload), Receipt::Refused(refused) if refused.code() == code));
        assert_eq!(received(FrameKind::Error, &payload), Receipt::Unclear, "m 5 is no clear word");
    }

    #[rstest]
    #[case::server_error(r#"{"result":false,"errormsg":"Server Error","errorcode":102,"detail":null}"#)]
    #[case::not_supported(r#"{"result":false,"errormsg":"x","errorcode":106,"detail":null}"#)]
    #[case::in_process(r#"{"result":false,"errormsg":"Operation In Process","errorcode":107,"detail":null}"#)]
    #[case::single_sign_on(r#"{"result":false,"errormsg":"x","errorcode":401,"detail":null}"#)]
    #[case::true_with_code(r#"{"result":true,"errormsg":"Invalid Request","errorcode":100,"detail":null}"#)]
    #[case::false_with_0(r#"{"result":false,"errormsg":null,"errorcode":0,"detail":null}"#)]
    #[case::no_code(r#"{"result":true,"errormsg":null,"detail":null}"#)]
    #[case::no_detail(r#"{"result":false,"errormsg":"x","errorcode":101}"#)]
    #[case::code_in_a_string(r#"{"result":false,"errormsg":"x","errorcode":"101","detail":null}"#)]
    #[case::result_twice(r#"{"result":true,"Result":false,"errormsg":null,"errorcode":0,"detail":null}"#)]
    #[case::null("null")]
    #[case::empty("")]
    #[case::plain_text("Server is busy")]
    #[case::array("[]")]
    #[case::fraction(r#"{"result":true,"errormsg":null,"errorcode":0.0,"detail":null}"#)]
    fn anything_else_is_unclear(#[case] payload: &str) {
        assert_eq!(received(FrameKind::Reply, payload), Receipt::Unclear);
    }

    #[test]
    fn a_reply_that_names_another_call_is_unclear() {
        let frame = Frame {
            kind: FrameKind::Reply,
            id: CallId(2),
            name: "Ping".to_owned(),
            payload: r#"{"result":true,"errormsg":null,"errorcode":0,"detail":null}"#.to_owned(),
        };
        assert_eq!(receipt(&frame, "CancelFailedWithdrawTicket"), Receipt::Unclear);
    }

    #[test]
    fn the_documented_sample_reads_field_by_field() {
        let sample = r#"{"result":false,"errormsg":"Invalid Request","errorcode":100,"detail":"Invalid OMSId"}"#;
        let envelope = Envelope::parse(sample).unwrap();
        assert_eq!(envelope.sentence(), "Invalid Request (100), Invalid OMSId");
        assert_eq!(envelope.code(), Some(100));
        assert!(envelope.is_negative());
    }
}
