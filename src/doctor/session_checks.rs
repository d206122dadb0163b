//! On a link that is logged in: who we are, what we may do, how quick the answers are. Every call here only reads.

use super::clocks;
use super::finding::CheckFinding;
use super::identity::{self, GrantedPermissions, OMS, OPERATOR};
use super::steps::Steps;
use crate::app::desk::settings::Settings;
use crate::app::words::doctor::{self, identity as identity_words, session as words};
use crate::domain::{Change, Ticket};
use crate::protocol::rpc::Rpc;
use crate::protocol::rpc::get_all_withdraw_tickets::GetAllWithdrawTickets;
use crate::protocol::rpc::get_user_info::{GetUserInfo, UserInfo};
use crate::protocol::rpc::get_user_permissions::GetUserPermissions;
use crate::protocol::rpc::get_validate_2fa_required_endpoints::GetValidate2FaRequiredEndpoints;
use crate::protocol::rpc::get_withdraw_ticket::{GetWithdrawTicket, TicketKey};
use crate::protocol::rpc::ping::Ping;
use crate::protocol::rpc::subscribe_all_account_events::SubscribeAllAccountEvents;
use crate::runtime::probe::{Probe, Unanswered};

/// The check that the list can be read.
pub const MAY_LIST: &str = "may-list";
/// The check that one ticket can be read.
pub const MAY_READ: &str = "may-read";
/// The check that a failed ticket can be canceled.
pub const MAY_CANCEL: &str = "may-cancel";
/// The check that ticket events are to be had.
pub const MAY_SUBSCRIBE: &str = "may-subscribe";

/// A few, for a middle.
const PINGS: u32 = 5;

/// Makes the steps, and leaves.
pub async fn check(mut probe: Probe, settings: &Settings, steps: &mut Steps<'_>) {
    steps.say(words::WHO_WE_ARE);
    let (info, trouble) = who_we_are(&mut probe).await;
    steps.add(identity::identity(&info, settings, trouble.as_deref()));
    steps.add(identity::oms(info.oms, settings.oms));
    steps.add(identity::operator(info.operator, settings.operator));
    steps.say(words::WHAT_WE_MAY_DO);
    let permissions = permissions(&mut probe, &info).await;
    steps.add(permissions.told());
    let ticket = list(&mut probe, &info, settings, &permissions, steps).await;
    steps.add(match ticket {
        Ok(ticket) => read(&mut probe, &info, settings, &permissions, ticket).await,
        Err(after) => CheckFinding::skipped(MAY_READ, after),
    });
    let cancel = permissions.cancel(MAY_CANCEL, Change::Cancel.call(), settings.permit.is_some());
    steps.add(with_code(cancel, wants_code(&mut probe).await));
    steps.say(words::HOW_QUICK);
    steps.add(round_trip(&mut probe).await);
    // Last: from here on events may come.
    steps.add(subscribe(&mut probe).await);
    probe.leave().await;
}

/// The user as GetUserInfo knows it, else as the login told, with the reason why there is no more.
async fn who_we_are(probe: &mut Probe) -> (UserInfo, Option<String>) {
    let user = probe.user().clone();
    let mut asked = probe.ask(&GetUserInfo::caller()).await;
    if let (Err(_), Some((oms, user))) = (&asked, user.oms.zip(user.user)) {
        asked = probe.ask(&GetUserInfo::of(oms, user)).await;
    }
    let (info, trouble) = match asked {
        Ok((info, _)) => (info, None),
        Err(why) => (UserInfo::default(), Some(why.to_string())),
    };
    let user_name = info.user_name.or(user.user_name);
    (UserInfo { user: info.user.or(user.user), user_name, oms: info.oms.or(user.oms), ..info }, trouble)
}

async fn permissions(probe: &mut Probe, info: &UserInfo) -> GrantedPermissions {
    let Some(user) = info.user else { return GrantedPermissions(Err(identity_words::NEEDS_OUR_ID.to_owned())) };
    let asked = probe.ask(&GetUserPermissions::of(user)).await;
    GrantedPermissions(asked.map(|(names, _)| names).map_err(|why| why.to_string()))
}

/// Asks for the newest ticket, and hands it on.
async fn list(
    probe: &mut Probe,
    info: &UserInfo,
    settings: &Settings,
    permissions: &GrantedPermissions,
    steps: &mut Steps<'_>,
) -> Result<Option<Ticket>, &'static str> {
    let (oms, operator) = (info.oms.or(settings.oms), settings.operator.or(info.operator));
    let Some((oms, operator)) = oms.zip(operator) else {
        steps.add(CheckFinding::skipped(MAY_LIST, if oms.is_none() { OMS } else { OPERATOR }));
        return Err(MAY_LIST);
    };
    match probe.ask(&GetAllWithdrawTickets::page(oms, operator, 0, 1)).await {
        Ok((page, _)) => {
            steps.add(match page.unreadable.first() {
                None => permissions.tried(MAY_LIST, GetAllWithdrawTickets::NAME, None),
                Some(row) => CheckFinding::fail(
                    MAY_LIST,
                    words::unreadable_ticket(GetAllWithdrawTickets::NAME, &row.why.to_string()),
                    words::REPORT_IT,
                ),
            });
            Ok(page.tickets.into_iter().next())
        }
        Err(why) => {
            steps.add(tried(permissions, MAY_LIST, GetAllWithdrawTickets::NAME, &why));
            Err(MAY_LIST)
        }
    }
}

async fn read(
    probe: &mut Probe,
    info: &UserInfo,
    settings: &Settings,
    permissions: &GrantedPermissions,
    ticket: Option<Ticket>,
) -> CheckFinding {
    const CALL: &str = GetWithdrawTicket::NAME;
    let (Some(ticket), Some(oms)) = (ticket, info.oms.or(settings.oms)) else {
        return CheckFinding::unknown(MAY_READ, words::empty_list(CALL));
    };
    let Some(key) = TicketKey::of(&ticket) else {
        return CheckFinding::warn(MAY_READ, words::lacks_key(CALL, ticket.number), words::ASK_WHY);
    };
    match probe.ask(&GetWithdrawTicket::new(oms, settings.operator.or(info.operator), &key)).await {
        Ok((reply, _)) if key.is_answered_by(&reply) => permissions.tried(MAY_READ, CALL, None),
        Ok((reply, _)) => {
            CheckFinding::fail(MAY_READ, words::other_ticket(CALL, key.number, reply.number), words::CHECK_IDS)
        }
        Err(why) => tried(permissions, MAY_READ, CALL, &why),
    }
}

fn tried(permissions: &GrantedPermissions, name: &'static str, call: &str, why: &Unanswered) -> CheckFinding {
    permissions.tried(name, call, Some((&why.to_string(), why.bar())))
}

/// True if the exchange opens the cancel only after a code of the second factor; unknown counts as no.
async fn wants_code(probe: &mut Probe) -> bool {
    let protected = probe.ask(&GetValidate2FaRequiredEndpoints).await;
    protected.is_ok_and(|(names, _)| names.iter().any(|name| name.eq_ignore_ascii_case(Change::Cancel.call())))
}

fn with_code(finding: CheckFinding, is_wanted: bool) -> CheckFinding {
    if !is_wanted {
        return finding;
    }
    CheckFinding { found: identity_words::with_code(&finding.found), ..finding }
}

async fn round_trip(probe: &mut Probe) -> CheckFinding {
    let (mut took, mut failed) = (Vec::new(), None);
    for _ in 0..PINGS {
        match probe.ask(&Ping).await {
            Ok(((), time)) => took.push(time),
            Err(why) => {
                failed = Some(why.to_string());
                break;
            }
        }
    }
    clocks::round_trip(&took, failed)
}

async fn subscribe(probe: &mut Probe) -> CheckFinding {
    const CALL: &str = SubscribeAllAccountEvents::NAME;
    match probe.ask(&SubscribeAllAccountEvents).await {
        Ok(_) => CheckFinding::ok(MAY_SUBSCRIBE, doctor::answered(CALL)),
        Err(why) => {
            CheckFinding::warn(MAY_SUBSCRIBE, doctor::not_answered(CALL, &why.to_string()), words::EVENTS_NOT_NEEDED)
        }
    }
}
