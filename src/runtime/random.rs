//! Random bits from the operating system: ids of intents, sessions and journals.

use crate::app::words::start;

/// 64 random bits, for what need not be secret; 0 if the system gives none.
pub fn bits_64() -> u64 {
    let mut bytes = [0; 8];
    let _ = getrandom::fill(&mut bytes);
    u64::from_ne_bytes(bytes)
}

/// 128 random bits.
pub fn bits_128() -> Result<u128, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| start::no_random(&error))?;
    Ok(u128::from_ne_bytes(bytes))
}
