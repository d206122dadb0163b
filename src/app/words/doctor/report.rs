//! Words around the findings: what is tried, what was not, and the verdict.

/// Stands above what failed, told once more.
pub const FAILED: &str = "what failed:";
/// Begins what to do.
pub const MEND: &str = "-> ";

/// A step that is made now.
pub fn trying(step: &str) -> String {
    format!("trying {step}")
}

/// So many checks.
pub fn checks(count: usize) -> String {
    format!("{count} checks")
}

/// A check that was not tried, because of another.
pub fn not_tried(after: &str) -> String {
    format!("not tried: it needs {after}")
}

/// Several checks that were not tried, because of others.
pub fn several_not_tried(after: &[&str]) -> String {
    format!("not tried: they need {} (--verbose names them)", after.join(", "))
}

/// The number of checks, how many ended in which way, and whether all is well.
pub fn verdict(count: usize, ends: &[String], is_fine: bool) -> String {
    let said = if is_fine { "no check failed" } else { "NOT FINE: mend what failed, the first one first" };
    format!("{}: {}; {said}", checks(count), ends.join(", "))
}
