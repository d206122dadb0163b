//! Lines of the journal, read back and spoiled; the intent is made here for the rooms that need one.

use super::*;

pub(crate) fn stamp(session: &str) -> Stamp {
    Stamp {
        chain: "c0".to_owned(),
        session: session.to_owned(),
        host: "desk1".to_owned(),
        pid: 7,
        version: "0.1.0".to_owned(),
        exchange: "gateway.example.com".to_owned(),
        oms: Some(1),
        operator: Some("operator".to_owned()),
    }
}

pub(crate) fn intent(id: u128, ticket: u64) -> Fact {
    Fact::Intent(Box::new(Intent {
        id: IntentId(id).to_string(),
        call: None,
        ticket: ticket.to_string(),
        account: 7,
        request_code: "af08".to_owned(),
        asset: "TBTC".to_owned(),
        amount: Some("0.0010000000000000000000000000".to_owned()),
        fee: Some("0.0".to_owned()),
        template_form: Some("{\"ExternalAddress\":\"tb1q\u{202e}\"}".to_owned()),
        status: "Failed".to_owned(),
        last_update: Some("638150783847175901".to_owned()),
        transaction: None,
        environment: "staging".to_owned(),
        reason: "user-asked".to_owned(),
        note: String::new(),
        frame: "{}".to_owned(),
        connection: 1,
        i: 46,
        newer: serde_json::Map::new(),
    }))
}

fn at() -> Timestamp {
    "2026-11-22T08:32:22.871123Z".parse().unwrap()
}

pub(crate) fn record(fact: Fact) -> (Record, String) {
    Record::next(&Head::default(), at(), stamp("s1"), fact).unwrap()
}

#[test]
fn a_line_is_one_flat_ascii_object_and_reads_back() {
    let (record, line) = record(intent(0x7f3a << 112, 91023));
    assert!(line.is_ascii() && line.ends_with('\n') && line.matches('\n').count() == 1, "{line}");
    assert!(line.starts_with(r#"{"seq":1,"at":"2026-11-22T08:32:22.871123Z","chain":"c0","#), "{line}");
    assert!(line.contains(r#""kind":"intent""#) && line.contains(r#""amount":"0.0010000000000000000000000000""#));
    assert!(line.contains("\\u202e"));
    assert_eq!(Record::parse(&line).unwrap(), record);
}

#[test]
fn every_kind_reads_back() {
    let id = IntentId(1);
    let reply = ReplyFact::new(id, Receipt::Refused(RefusalCode::OperationFailed), Some(1), Some("{}".to_owned()));
    assert_eq!(reply.receipt(), Receipt::Refused(RefusalCode::OperationFailed));
    let read = ReadFact {
        id: id.to_string(),
        status: "Failed".to_owned(),
        updated_by: "user 1 admin".to_owned(),
        last_update: None,
    };
    for fact in [
        Fact::Opened,
        Fact::Sent { id: id.to_string() },
        Fact::Reply(reply.clone()),
        Fact::Late(reply),
        Fact::Read(read),
        Fact::outcome(id, Outcome::Unknown, "no reply".to_owned()),
        Fact::Declined { ticket: "1".to_owned(), because: "changed".to_owned() },
        Fact::Release(ReleaseFact {
            id: id.to_string(),
            ticket: "287".to_owned(),
            reason: "called the bank".to_owned(),
            read: "Failed (6) by user 0 system".to_owned(),
            age: 1_200,
            early: false,
        }),
        Fact::RecoveredTail { bytes: 17, kept_in: "journal.jsonl.torn".to_owned() },
        Fact::Rotated(Box::new(RotatedFact { from: None, carried: vec![record(intent(1, 287)).0] })),
        Fact::Closed,
    ] {
        let (record, line) = record(fact);
        assert_eq!(Record::parse(&line).unwrap(), record);
        let kind = serde_json::from_str::<serde_json::Value>(&line).unwrap()["kind"].as_str().unwrap().to_owned();
        assert!(KINDS.contains(&kind.as_str()), "{kind}");
    }
}

#[test]
fn a_cancel_is_written_as_ever_and_another_call_is_kept_and_taken_for_no_cancel() {
    let (canceling, line) = record(intent(1, 287));
    assert!(!line.contains("\"call\""), "{line}");
    let Fact::Intent(cancel) = canceling.fact else { panic!("it is an intent") };
    assert_eq!((cancel.change(), cancel.change_words().as_str()), (Some(Change::Cancel), "cancel"));
    let other = Intent { call: Some("Resubmit\u{202e}".to_owned()), ..*cancel };
    let (resubmitting, line) = record(Fact::Intent(Box::new(other.clone())));
    assert!(line.contains(r#""call":"Resubmit\u202e""#), "{line}");
    assert_eq!(Record::parse(&line).unwrap(), resubmitting);
    assert!(resubmitting.is_whole(), "its ticket is known, and stays locked");
    assert_eq!(other.change(), None);
    assert_eq!(other.change_words(), "change unknown to this version (Resubmit<U+202E>)");
    let named = Intent { call: Some(Change::Cancel.call().to_owned()), ..other };
    assert_eq!(named.change(), Some(Change::Cancel));
}

#[test]
fn a_known_kind_in_another_shape_is_not_taken_for_a_newer_one() {
    let line = record(intent(1, 287)).1;
    assert!(Record::parse(&line).unwrap().is_whole());
    for (from, to) in [
        ("\"account\":7", "\"account\":\"7\""),
        ("\"ticket\":\"287\"", "\"ticket\":\"x\""),
        ("\"account\":7", "\"call\":null,\"account\":7"),
        ("\"account\":7", "\"call\":{\"name\":\"Resubmit\"},\"account\":7"),
    ] {
        let broken = line.replace(from, to);
        assert_ne!(broken, line);
        assert!(!Record::parse(&broken).unwrap().is_whole(), "{broken}");
    }
}

#[test]
fn keys_of_a_newer_version_are_kept_when_an_intent_is_carried_on() {
    let line = record(intent(1, 287)).1;
    let newer = line.replace("\"account\":7", "\"call\":\"Resubmit\",\"destination\":{\"tag\":\"7\"},\"account\":7");
    let kept = Record::parse(&newer).unwrap();
    let Fact::Intent(intent) = &kept.fact else { panic!("it is an intent") };
    assert_eq!(intent.newer.keys().collect::<Vec<_>>(), ["destination"], "no key of the line itself");
    let carried = Fact::Rotated(Box::new(RotatedFact { from: None, carried: vec![kept.clone()] }));
    let (rotated, line) = record(carried);
    assert!(line.contains(r#""destination":{"tag":"7"}"#), "{line}");
    assert_eq!(Record::parse(&line).unwrap(), rotated);
    assert!(rotated.is_whole());
}

#[test]
fn a_kind_of_a_newer_version_is_kept() {
    let line = record(Fact::Closed).1.replace("closed", "sealed");
    let kept = Record::parse(&line).unwrap();
    assert!(matches!(kept.fact, Fact::Other(_)) && kept.is_whole());
    assert!(record(kept.fact).1.contains("\"kind\":\"sealed\""));
}
