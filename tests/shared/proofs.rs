//! The values that only the program's own rooms can make: a permit by the configuration, a durable intent by the journal.

use std::path::PathBuf;

use withdraw_desk::config::permit::WritePermit;
use withdraw_desk::config::{Config, DemoExchange};
use withdraw_desk::journal::JournalPlace;
use withdraw_desk::protocol::Target;
use withdraw_desk::protocol::rpc::authenticate_user::Credentials;

/// The permit that a configuration gives which may write.
pub fn permit() -> Option<WritePermit> {
    let target = Target::parse("ws://127.0.0.1:1/").unwrap();
    let exchange = DemoExchange { target, name: "test".to_owned(), journal: JournalPlace::File(PathBuf::new()) };
    Config::demo(exchange, Credentials::by_password("user", "password"), false).unwrap().settings.permit
}
