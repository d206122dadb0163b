//! `journal release`: gives the ticket of an open cancel free, by the rules of the console's dialog, on a link of its own.

use std::ops::ControlFlow;
use std::process::ExitCode;

use super::{Reading, find};
use crate::app::desk::Desk;
use crate::app::desk::cancels::cancellation::{Cancellation, Origin};
use crate::app::desk::cancels::release::{EARLY_WORD, ReleaseOrder};
use crate::app::desk::news::News;
use crate::app::desk::order::{Lacking, Order};
use crate::app::desk::settings::Settings;
use crate::app::words::{journal, release_command as words};
use crate::args::{Global, JournalRelease};
use crate::cli::{HELD, LOGIN, NO_LINK, USAGE, session};
use crate::config::Config;
use crate::domain::{Boot, IntentId, Now};
use crate::journal::{JournalPlace, Story, Unresolved};
use crate::runtime::headless::{Ended, Skin};
use crate::runtime::journal::is_there;
use crate::runtime::standard_error;

/// How it ended: an exit code, and the last line.
struct End {
    code: u8,
    said: String,
}

impl End {
    fn new(code: u8, said: impl Into<String>) -> Self {
        Self { code, said: said.into() }
    }
}

/// Releases it, or says why not.
pub fn run(flags: &Global, wanted: &JournalRelease) -> anyhow::Result<ExitCode> {
    let config = session::configured(flags)?;
    let end = match choose(&config.journal, &config.settings, wanted)? {
        Ok((intent, order)) => release(config, Release { intent, order, stage: ReleaseStage::Looking })?,
        Err(end) => end,
    };
    standard_error::say(&end.said);
    Ok(ExitCode::from(end.code))
}

/// The intent that is meant, and what was typed; from the journal's file alone, so that a slip of the hand logs in nowhere.
fn choose(
    journal: &JournalPlace,
    settings: &Settings,
    wanted: &JournalRelease,
) -> anyhow::Result<Result<(IntentId, ReleaseOrder), End>> {
    if !is_there(journal) {
        anyhow::bail!(words::no_journal(journal));
    }
    let reading = match Reading::of(journal.clone()) {
        Ok(reading) => reading,
        Err(error) => return Ok(Err(End::new(HELD, words::nothing(&error)))),
    };
    reading.warn();
    if reading.is_broken() {
        return Ok(Err(End::new(HELD, words::JOURNAL_UNFIT)));
    }
    let of_ticket = find::of_ticket(&reading.history, &wanted.what);
    let is_ticket = !of_ticket.is_empty();
    let found = if is_ticket { of_ticket } else { find::of_id(&reading.history, &wanted.what) };
    if found.is_empty() {
        anyhow::bail!(journal::find::nothing(&wanted.what, &reading.place));
    }
    if !is_ticket && found.len() > 1 {
        find::tell_all(&wanted.what, &found);
        return Ok(Err(End::new(USAGE, words::NOTHING)));
    }
    let holding: Vec<&Story> =
        found.iter().copied().filter(|story| is_here(story, settings) && story.stands().holds()).collect();
    let story = match holding.as_slice() {
        [story] => *story,
        [] => return Ok(Err(End::new(HELD, why_none(&found, settings)))),
        several => {
            find::tell_all(&wanted.what, several);
            return Ok(Err(End::new(USAGE, words::NOTHING)));
        }
    };
    if story.intent.change().is_none() {
        // No read can tell whether it happened, so no read can stand for its release.
        return Ok(Err(End::new(HELD, words::nothing(&story.intent.change_words()))));
    }
    if wanted.confirm != story.intent.ticket {
        anyhow::bail!(words::not_its_ticket(&wanted.confirm, story));
    }
    let word = if wanted.early { EARLY_WORD } else { "" };
    let order = ReleaseOrder { number: wanted.confirm.clone(), reason: wanted.reason.clone(), word: word.to_owned() };
    Ok(Ok((story.id, order)))
}

fn is_here(story: &Story, settings: &Settings) -> bool {
    let Some(stamp) = story.opened().map(|record| &record.stamp) else { return false };
    // Without an OMS in the profile the login tells; until then all of the exchange count.
    let is_same_oms = settings.oms.is_none_or(|oms| stamp.oms == Some(oms.0));
    stamp.exchange == settings.exchange && is_same_oms
}

/// Why none of the cancels that were found holds a ticket here. The newest says most.
fn why_none(found: &[&Story], settings: &Settings) -> String {
    let here = found.iter().rev().find(|story| is_here(story, settings));
    words::holds_nothing(here.or(found.last()).copied())
}

fn release(config: Config, mut release: Release) -> anyhow::Result<End> {
    let ended = session::run_unattended(config, &mut release)?;
    Ok(match ended {
        Ended::Done(end) => end,
        Ended::ByDesk(exit) => End::new(exit.code(), release.when_interrupted()),
    })
}

/// A release under way: a fold over the desk's news.
struct Release {
    intent: IntentId,
    order: ReleaseOrder,
    stage: ReleaseStage,
}

/// How far a release got.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ReleaseStage {
    /// The link and the journal are waited for.
    Looking,
    /// The desk follows the cancel until its outcome stands.
    Following,
    /// The ticket is read, since this time: it may be settled by now.
    Reading(Boot),
    /// It still stands open by that read, and was ordered: the desk reads it once more, and releases it.
    Ordered(Boot),
    /// The release was given to the journal.
    Recording,
    /// The cancel is settled; its outcome was given to the journal.
    Settling,
}

type Step = ControlFlow<End, Vec<Order>>;

impl Skin for Release {
    type Done = End;

    fn hear(&mut self, news: &News, desk: &Desk, now: Now) -> Step {
        let is_recording = matches!(self.stage, ReleaseStage::Recording | ReleaseStage::Settling);
        match news {
            News::JournalFailed { why } => end(HELD, self.journal_failed(why)),
            News::JournalRead if is_recording => self.look_recorded(desk),
            // Records go on without a link.
            _ if is_recording => wait(),
            News::LoginRefused { why } => end(LOGIN, words::nothing(why)),
            News::NoLink { why } | News::LinkLost { why } => end(NO_LINK, words::no_link(why)),
            News::Released { intent, .. } if *intent == self.intent => {
                self.tell_facts(desk, now);
                standard_error::say(words::warning());
                self.stage = ReleaseStage::Recording;
                order(Order::ReadJournal)
            }
            News::NotReleased { intent, lacking } if *intent == self.intent => self.lacks(lacking, desk, now),
            News::SessionReady | News::JournalRead | News::Followed { .. } | News::OutcomeKnown { .. } => {
                self.look(desk, now)
            }
            _ => wait(),
        }
    }

    fn refused(&mut self, lacking: &Lacking, desk: &Desk, now: Now) -> Step {
        self.lacks(lacking, desk, now)
    }
}

impl Release {
    /// Goes on as the cancel stands, once it can be read.
    fn look(&mut self, desk: &Desk, now: Now) -> Step {
        let is_ordered = matches!(self.stage, ReleaseStage::Ordered(_));
        if is_ordered || desk.ready().is_none() || !desk.cancels().journal().is_read {
            return wait();
        }
        match desk.cancels().get(self.intent) {
            Some(cancellation) if cancellation.is_open() => {
                if cancellation.outcome.is_none() || !cancellation.may_be_read(now) {
                    self.say_following(cancellation, now);
                    return wait();
                }
                self.go_on(cancellation, now)
            }
            None if recorded(desk, self.intent).is_some() => end(HELD, words::OTHER_OMS),
            Some(cancellation) if cancellation.origin != Origin::ClosedElsewhere => {
                self.stage = ReleaseStage::Settling;
                order(Order::ReadJournal)
            }
            _ => end(0, self.settled(desk)),
        }
    }

    /// The cancel is open, and the ticket can be read: first it is, then the release is ordered.
    fn go_on(&mut self, cancellation: &Cancellation, now: Now) -> Step {
        match self.stage {
            ReleaseStage::Reading(_) if cancellation.reads.is_asked => wait(),
            ReleaseStage::Reading(since) => {
                self.stage = ReleaseStage::Ordered(since);
                order(Order::Release { intent: self.intent, typed: self.order.clone() })
            }
            _ => {
                self.stage = ReleaseStage::Reading(now.boot);
                order(Order::ReadForRelease(self.intent))
            }
        }
    }

    /// The journal was read after something was given to it: what it says now is durable.
    fn look_recorded(&self, desk: &Desk) -> Step {
        match recorded(desk, self.intent) {
            Some(open) if self.stage == ReleaseStage::Recording && open.release.is_some() => {
                end(0, words::released(&self.order.number))
            }
            // Or settled by another console between the read and the release, which then changes nothing any more.
            None => end(0, self.settled(desk)),
            Some(_) => wait(),
        }
    }

    fn tell_facts(&self, desk: &Desk, now: Now) {
        let ReleaseStage::Ordered(since) = self.stage else { return };
        let Some(cancellation) = desk.cancels().get(self.intent) else { return };
        for fact in words::facts(desk, cancellation, since, now) {
            standard_error::say(&fact);
        }
    }

    fn lacks(&self, lacking: &Lacking, desk: &Desk, now: Now) -> Step {
        self.tell_facts(desk, now);
        let code = match lacking {
            Lacking::Number(_) | Lacking::Reason => USAGE,
            Lacking::Read(_) => NO_LINK,
            _ => HELD,
        };
        end(code, words::lacks(lacking))
    }

    fn say_following(&mut self, cancellation: &Cancellation, now: Now) {
        if self.stage == ReleaseStage::Following {
            return;
        }
        self.stage = ReleaseStage::Following;
        standard_error::say(&words::following(cancellation, now));
    }

    fn settled(&self, desk: &Desk) -> String {
        words::settled(&self.order.number, desk.cancels().get(self.intent), desk)
    }

    fn when_interrupted(&self) -> &'static str {
        match self.stage {
            ReleaseStage::Recording => words::STOPPED_RECORDING,
            _ => words::STOPPED,
        }
    }

    fn journal_failed(&self, why: &str) -> String {
        match self.stage {
            ReleaseStage::Recording => words::journal_failed_recording(why),
            _ => words::journal_failed(why),
        }
    }
}

/// The intent, as the journal was read last; `None` if it is not open there.
fn recorded(desk: &Desk, intent: IntentId) -> Option<&Unresolved> {
    desk.cancels().journal().open.iter().find(|open| open.id == intent)
}

fn end(code: u8, said: impl Into<String>) -> Step {
    ControlFlow::Break(End::new(code, said))
}

fn order(order: Order) -> Step {
    ControlFlow::Continue(vec![order])
}

fn wait() -> Step {
    ControlFlow::Continue(Vec::new())
}
