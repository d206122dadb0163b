//! Random bits from the operating system: ids of intents, sessions and journals.

/// 128 random bits.
pub fn bits_128() -> Result<u128, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| format!("the system gives no random bits: {error}"))?;
    Ok(u128::from_ne_bytes(bytes))
}
