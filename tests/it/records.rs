//! Records that the tests of the journal write into it.

use jiff::Timestamp;
use withdraw_desk::app::effect::Author;
use withdraw_desk::domain::{IntentId, OmsId};
use withdraw_desk::journal::Intent;
use withdraw_desk::journal::durable::DurableIntent;
use withdraw_desk::journal::record::Stamp;
use withdraw_desk::journal::store::{Claim, Store, Written};

use crate::memory::Memory;

pub fn author() -> Author {
    Author { oms: Some(OmsId(1)), operator: Some("operator".to_owned()) }
}

pub fn stamp(chain: &str) -> Stamp {
    Stamp {
        chain: chain.to_owned(),
        session: "s1".to_owned(),
        host: "desk1".to_owned(),
        pid: 7,
        version: "0.1.0".to_owned(),
        exchange: "gateway.example.com".to_owned(),
        oms: Some(1),
        operator: Some("operator".to_owned()),
    }
}

/// The durable intent that a journal in memory gives.
pub fn durable(id: u128) -> DurableIntent {
    let written = Written { by: stamp("chain"), at: Timestamp::UNIX_EPOCH };
    match Store::default().open(&mut Memory::default(), written, IntentId(id), intent(287)) {
        Ok(Claim::Opened(durable)) => durable,
        other => panic!("not opened: {other:?}"),
    }
}

/// An intent about a ticket; its id is given by the store.
pub fn intent(ticket: u64) -> Intent {
    Intent {
        id: String::new(),
        call: None,
        ticket: ticket.to_string(),
        account: 7,
        request_code: "af08".to_owned(),
        asset: "TBTC".to_owned(),
        amount: Some("0.0010000000000000000000000000".to_owned()),
        fee: None,
        template_form: None,
        status: "Failed".to_owned(),
        last_update: None,
        transaction: None,
        environment: "staging".to_owned(),
        reason: "user-asked".to_owned(),
        note: String::new(),
        frame: "{}".to_owned(),
        connection: 1,
        i: 2,
        newer: serde_json::Map::new(),
    }
}
