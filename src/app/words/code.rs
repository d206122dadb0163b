//! The errorcodes of the exchange: what each means for the operator.

/// A sentence for the operator on what an errorcode means and what to do next (PROTOCOL.md 8).
pub fn meaning_of_code(code: i64) -> &'static str {
    match code {
        0 => "The exchange took the request. It does not say that the ticket is canceled.",
        20 => "This login may not cancel failed withdrawals here. Ask for the Operator permission on this OMS.",
        100 => "The exchange found the request itself wrong (see detail). Check the OMS id of the profile.",
        101 => "The exchange would not do it, often because the ticket moved already. Read the ticket (see detail).",
        102 => "A fault inside the exchange. It may have acted before it failed: only reading the ticket tells.",
        104 => "The exchange knows no such ticket on this OMS. Check the OMS id of the profile.",
        106 => "The exchange does not support this call for this ticket. Whether anything happened is not known.",
        107 => "The exchange is already working on it. It may well go through: wait for the ticket's status.",
        401 => "The exchange wants another kind of login (single sign-on). Whether anything happened is not known.",
        _ => "This code is not documented. Whether anything happened is not known: only reading the ticket tells.",
    }
}
