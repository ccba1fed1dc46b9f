//! Whether the configuration is there and right, its secrets can be had, and
//! nobody else can change it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use super::{
    super::context::Context,
    finding::{Finding, State},
};
use crate::config::{self, Config, Mistake, find};

const CONFIGURATION: &str = "configuration";

/// What is known of it.
pub struct Known {
    /// As much of it as is right; none where it cannot be read at all.
    pub config: Option<Config>,
    pub findings: Vec<Finding>,
}

/// Reads it. Secrets that come from commands have those run.
pub fn check(context: &Context) -> Known {
    let source = context.source();
    match Config::load_in_part(&source) {
        Ok((config, mistakes)) => {
            let mut findings = contents(&config, &mistakes);
            findings.extend(permissions(config.path.as_deref()));
            Known {
                config: Some(config),
                findings,
            }
        }
        Err(error) => {
            let path = config::find(&source).ok();
            let mut findings: Vec<Finding> = error.mistakes().iter().map(wrong).collect();
            findings.extend(permissions(path.as_deref()));
            Known {
                config: None,
                findings,
            }
        }
    }
}

fn contents(config: &Config, mistakes: &[Mistake]) -> Vec<Finding> {
    let path = config.path.as_deref().unwrap_or(Path::new("it"));
    let shown = find::shown(path, &find::process_env);
    let mut findings: Vec<Finding> = mistakes.iter().map(wrong).collect();
    if mistakes.is_empty() {
        let sites = match config.sites.len() {
            1 => "1 site".to_owned(),
            n => format!("{n} sites"),
        };
        findings.push(Finding::ok(
            CONFIGURATION,
            format!("{shown}: {sites}, every secret could be read"),
        ));
    }
    // Of plain http each site tells itself.
    let warnings = config.warnings.iter();
    let warnings = warnings.filter(|warning| !warning.contains("is reached by plain http"));
    findings.extend(warnings.map(|w| Finding::told(CONFIGURATION, w, State::Note, 0)));
    findings
}

fn wrong(mistake: &Mistake) -> Finding {
    let told = Finding::told(CONFIGURATION, &mistake.sentence, State::Wrong, 2);
    mistake.site.iter().fold(told, Finding::of)
}

/// Whoever can write the file can have commands run: secrets may come from
/// them. That others can read secrets is among the warnings.
fn permissions(path: Option<&Path>) -> Option<Finding> {
    const CHECK: &str = "permissions";
    let path = path?;
    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    Some(if mode & 0o002 != 0 {
        Finding::wrong(
            CHECK,
            format!("anybody on this machine can change the configuration (mode {mode:o})"),
            "run `chmod o-w` on it: it can name commands, which run as you",
            2,
        )
    } else if mode & 0o020 != 0 {
        Finding::note(
            CHECK,
            format!("everybody in its group can change the configuration (mode {mode:o})"),
            "it can name commands, which run as you: run `chmod g-w` on it unless you trust them all",
        )
    } else {
        let readers = if mode & 0o004 != 0 {
            "anybody on this machine can read the configuration"
        } else if mode & 0o040 != 0 {
            "you and its group can read the configuration"
        } else {
            "only you can read the configuration"
        };
        Finding::ok(CHECK, format!("{readers}, nobody but you can change it"))
    })
}
