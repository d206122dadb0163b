//! The scenarios that ship with the program.

/// Where a simulated exchange is, and how to log in there; a program may read it, a `name: value` a line.
#[derive(Clone, Debug)]
pub struct HowToLogIn<'a> {
    /// Where it listens.
    pub url: &'a str,
    /// The file of its authority, where it has one.
    pub ca_file: Option<String>,
    /// The user's name.
    pub username: &'a str,
    /// The user's password.
    pub password: &'a str,
    /// The makings of the second factor, where one is asked for.
    pub code: Option<CodeToGive<'a>>,
    /// The user of the API key.
    pub user_id: i64,
    /// The API key.
    pub api_key: &'a str,
    /// Its secret.
    pub api_secret: &'a str,
    /// The OMS.
    pub oms_id: i64,
    /// The operator.
    pub operator_id: i64,
}

/// The makings of the second factor.
#[derive(Clone, Copy, Debug)]
pub enum CodeToGive<'a> {
    /// The secret of codes that change with the time.
    Secret(&'a str),
    /// The code that is always right.
    Code(&'a str),
}

/// The lines of it, each with its end.
pub fn how_to_log_in(to: &HowToLogIn<'_>) -> String {
    let mut lines = vec![format!("url: {}", to.url)];
    lines.extend(to.ca_file.as_ref().map(|file| format!("ca-file: {file}")));
    lines.push(format!("username: {}", to.username));
    lines.push(format!("password: {}", to.password));
    lines.extend(to.code.map(|code| match code {
        CodeToGive::Secret(secret) => format!("totp-secret: {secret}"),
        CodeToGive::Code(code) => format!("totp-code: {code}"),
    }));
    lines.push(format!("user-id: {}", to.user_id));
    lines.push(format!("api-key: {}", to.api_key));
    lines.push(format!("api-secret: {}", to.api_secret));
    lines.push(format!("oms-id: {}", to.oms_id));
    lines.push(format!("operator-id: {}", to.operator_id));
    lines.join("\n") + "\n"
}

/// Columns of a name.
const NAME: usize = 26;

/// A scenario in one line: its name, and what it is for.
pub fn scenario(name: &str, about: &str) -> String {
    format!("{name:<NAME$} {about}")
}

/// Neither a scenario nor a file.
pub fn unknown(name: &str) -> String {
    format!(
        "{name}: no scenario has this name, and there is no such file; `simulate --list-scenarios` lists those that ship"
    )
}
