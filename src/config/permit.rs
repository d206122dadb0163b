//! The permission to send a changing call, as a value that the configuration alone makes. It names nothing, so that every room
//! may name it.

/// Proof that this session may write: `write = true` in the profile, `--write`, or the embedded demo exchange.
///
/// The one function that makes a changing call demands it, so a read-only session cannot send even by mistake.
///
/// ```
/// use withdraw_desk::app::desk::settings::Settings;
/// assert_eq!(Settings::of("exchange", "test").permit, None);
/// ```
/// ```compile_fail
/// let permit = withdraw_desk::config::permit::WritePermit(());
/// ```
/// ```compile_fail
/// let permit = withdraw_desk::config::permit::WritePermit::from_setting(true);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WritePermit(());

impl WritePermit {
    /// The permit, if the settings of this session ask for writing.
    pub(super) fn from_setting(write: bool) -> Option<Self> {
        write.then_some(Self(()))
    }
}
