//! How much is tried: little in everyday tests, more for a release.

use std::str::FromStr;

/// A size from the environment, or what everyday tests make do with.
#[track_caller]
pub fn size<T: FromStr>(name: &str, everyday: T) -> T {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => everyday,
    }
}

/// The seed of what is drawn (`HOLDLINE_SEED`).
pub fn seed() -> u64 {
    size("HOLDLINE_SEED", 1)
}

/// Tells the release's script how many cases were run.
pub fn ran(row: &str, cases: usize) {
    println!("{row}: {cases} cases");
}
