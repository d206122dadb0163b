//! Time limits and sizes, each within bounds that make sense.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::ConfigError;
use super::file::{Given, Profile};
use super::layers::ConfigLayers;
use super::span::Span;
use crate::app::desk::settings::Limits;
use crate::app::words::configuration::limits as words;

const DAY: u64 = 86_400;

/// The limits of a profile; what it does not say is as PRODUCT.md has it.
pub fn read(layers: &ConfigLayers, profile: &str) -> Result<Limits, ConfigError> {
    let span = |key, get: fn(&Profile) -> &Given<Span>, seconds: RangeInclusive<u64>, usual: Duration| {
        let Some(found) = layers.find_in(profile, get) else { return Ok(usual) };
        if seconds.contains(&found.value.0.as_secs()) {
            return Ok(found.value.0);
        }
        let [least, most] = [*seconds.start(), *seconds.end()].map(|seconds| Span(Duration::from_secs(seconds)));
        Err(found.wrong(words::span(key, found.value, least, most)))
    };
    let usual = Limits::default();
    Ok(Limits {
        reply_timeout: span("reply-timeout", |profile| &profile.reply_timeout, 1..=120, usual.reply_timeout)?,
        read_timeout: span("read-timeout", |profile| &profile.read_timeout, 1..=30, usual.read_timeout)?,
        follow_time: span("follow-time", |profile| &profile.follow_time, 5..=3_600, usual.follow_time)?,
        page_size: page_size(layers, profile, usual.page_size)?,
        scan_depth: span("scan-depth", |profile| &profile.scan_depth, DAY..=3_650 * DAY, usual.scan_depth)?,
        ..usual
    })
}

fn page_size(layers: &ConfigLayers, profile: &str, usual: usize) -> Result<usize, ConfigError> {
    let Some(found) = layers.find_in(profile, |profile| &profile.page_size) else { return Ok(usual) };
    let size = usize::try_from(found.value).ok().filter(|size| (1..=1_000).contains(size));
    size.ok_or_else(|| found.wrong(words::page_size(found.value)))
}
