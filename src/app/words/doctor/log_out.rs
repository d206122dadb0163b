//! Words of what a log-out ends.

/// No systemd.
pub const NO_SYSTEMD: &str = "there is no systemd here; what happens at log-out cannot be told";
/// Advice where nobody tells.
pub const TRY_IT: &str = "try it: start `sleep 600` in the background, log out, log in, and look for it with ps";
/// Of no session.
pub const OF_NO_SESSION: &str = "processes outlive it: this one belongs to no session of logind";
/// Of a user who lingers.
pub const LINGERS: &str = "processes outlive it: they belong to the user's manager, and the user lingers";
/// Of a user who does not linger.
pub const DOES_NOT_LINGER: &str =
    "processes end with the user's last session: they belong to the user's manager, and the user does not linger";
/// Mends a user who does not linger.
pub const ENABLE_LINGER: &str = "loginctl enable-linger";
/// Of a session that ends nothing.
pub const SPARED: &str = "processes outlive it: KillUserProcesses is no";
/// Of a session that ends all.
pub const KILLED: &str = "processes end with the session, tmux too: KillUserProcesses is yes";
/// Mends a session that ends all.
pub const START_OUTSIDE: &str =
    "start tmux outside of the session: loginctl enable-linger; systemd-run --user --scope tmux";
/// Of a session of which nobody tells.
pub const NOT_TOLD: &str = "logind does not tell KillUserProcesses";
/// Advice where logind does not tell.
pub const SEE_SESSION: &str = "see loginctl show-session";
