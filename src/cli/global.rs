//! The flags that every command takes.

use std::{path::PathBuf, time::Duration};

use clap::Args as ClapArgs;

use crate::{config::value, domain::text::is_hostile};

/// The heading of the flags that every command takes.
const EVERYWHERE: &str = "Everywhere";
/// Flags that stand before or after a subcommand.
#[derive(Clone, Debug, ClapArgs)]
pub struct Global {
    /// The configuration file [default: HOLDLINE_CONFIG, or see `holdline config path`]
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Only this site
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "NAME")]
    pub site: Option<String>,
    /// How long to wait for an answer, as 10, 10s, 500ms or 2m [default: 10s]
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "TIME", value_parser = timeout)]
    pub timeout: Option<Duration>,
    /// Who acts, where people share an account [default: HOLDLINE_USER, or the system's user]
    #[arg(long = "as", global = true, help_heading = EVERYWHERE, value_name = "NAME", value_parser = person)]
    pub acts_as: Option<String>,
}

/// As the configuration writes durations; a bare number is seconds.
fn timeout(text: &str) -> Result<Duration, String> {
    const WRONG: &str = "give a time above 0 and up to an hour, as 10, 10s, 500ms or 2m";
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let read = if bare {
        value::duration(&format!("{text}s"))
    } else {
        value::duration(text)
    };
    read.ok()
        .filter(|time| !time.is_zero() && *time <= Duration::from_hours(1))
        .ok_or_else(|| WRONG.to_owned())
}

/// Who acts: it is journaled and shown to others.
fn person(text: &str) -> Result<String, String> {
    const LONGEST: usize = 64;
    let name = text.trim();
    if name.is_empty() {
        return Err("give a name".to_owned());
    }
    if name.chars().count() > LONGEST || name.chars().any(is_hostile) {
        return Err(format!("give a name of up to {LONGEST} plain characters"));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_seconds_or_has_a_unit() {
        for (text, millis) in [
            ("10", 10_000),
            ("10s", 10_000),
            ("500ms", 500),
            ("2m", 120_000),
            ("1h", 3_600_000),
        ] {
            assert_eq!(timeout(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "0", "0ms", "-1", "3601", "2h", "1.5", "soon", "s", "١"] {
            assert!(timeout(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_person_has_a_name_that_can_be_shown() {
        assert_eq!(person(" Anna Holm "), Ok("Anna Holm".to_owned()));
        for text in ["", "  ", "\u{1b}[2J", &"x".repeat(65)] {
            assert!(person(text).is_err(), "{text:?}");
        }
    }
}
