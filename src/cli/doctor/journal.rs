//! How the journal stands: its folder, its contents, who collects, the disk.
//! Nothing is made, written or locked.

use std::{path::Path, time::Duration};

use super::finding::Finding;
use crate::{
    config::find,
    journal::{Barrier, Contents, Folder, JournalError, Role, Survey},
};

const JOURNAL: &str = "journal";
const ENTRIES: &str = "entries";
/// How long its contents may be looked through.
pub const WITHIN: Duration = Duration::from_secs(5);
/// Less is a matter of days.
const LITTLE: u64 = 500_000_000;
/// Less is a matter of minutes.
const NONE: u64 = 20_000_000;

/// Says what was found of the journal in `folder`.
pub fn told(folder: &Path, survey: &Survey) -> Vec<Finding> {
    let shown = find::shown(folder, &find::process_env);
    let mut findings = vec![told_folder(&shown, survey)];
    if let Some(contents) = &survey.contents {
        findings.extend(told_contents(contents, survey.barrier.as_ref()));
    }
    if let Some(Barrier { found, remedy }) = &survey.flaw {
        findings.push(Finding::note("group", found.clone(), remedy.clone()));
    }
    findings.push(told_role(survey));
    findings.extend(survey.free.map(told_disk));
    findings
}

fn told_folder(shown: &str, survey: &Survey) -> Finding {
    match &survey.folder {
        Folder::There { writable: true } if survey.contents.is_none() => {
            Finding::ok(JOURNAL, format!("{shown}: empty, the first start fills it"))
        }
        Folder::There { writable: true } => Finding::ok(JOURNAL, format!("{shown}: writable")),
        Folder::There { writable: false } => match &survey.barrier {
            Some(Barrier { found, remedy }) => Finding::wrong(
                JOURNAL,
                format!("you may not write in {shown}: {found}"),
                remedy.clone(),
                1,
            ),
            None => Finding::wrong(
                JOURNAL,
                format!("you may not write in {shown}"),
                "make the folder writable for you, or name another one as `path` under [journal]",
                1,
            ),
        },
        Folder::Missing { makeable: true, .. } => Finding::ok(
            JOURNAL,
            format!("{shown} is not there yet, the first start makes it"),
        ),
        Folder::Missing { above, .. } => {
            let above = find::shown(above, &find::process_env);
            Finding::wrong(
                JOURNAL,
                format!("{shown} is not there, and you may not make it in {above}"),
                "make it yourself, or name another folder as `path` under [journal]",
                1,
            )
        }
        Folder::Unfit { why } => Finding::wrong(
            JOURNAL,
            format!("{shown} cannot be used as a folder: {why}"),
            "name another one as `path` under [journal]",
            1,
        ),
    }
}

fn told_contents(
    contents: &Result<Contents, JournalError>,
    barrier: Option<&Barrier>,
) -> Vec<Finding> {
    let contents = match contents {
        Ok(contents) => contents,
        // The same sentence as when it is opened.
        Err(error) => {
            let sentence = error.to_string();
            let (found, remedy) = sentence.split_once("; ").unwrap_or((&sentence, ""));
            return vec![Finding::wrong(JOURNAL, found, remedy, 1)];
        }
    };
    let mut findings = vec![sound(contents)];
    if !contents.writable {
        findings.push(closed(barrier));
    }
    findings
}

/// How much there is, and whether it is sound.
fn sound(contents: &Contents) -> Finding {
    let count = match contents.entries {
        Some(1) => "1 entry".to_owned(),
        Some(n) => format!("{n} entries"),
        None => "more entries than can be counted in time".to_owned(),
    };
    let size = bytes(contents.bytes);
    let what = format!("{count}, {size}, format {}", contents.format);
    match contents.damage.as_deref() {
        Some("") => Finding::ok(ENTRIES, format!("{what}, sound")),
        Some(damage) => Finding::wrong(
            ENTRIES,
            format!("the journal is damaged: {damage}"),
            "end every holdline that uses it, run `holdline journal recover`, which saves what \
             can be read, or put back a copy, and look at the disk",
            1,
        ),
        None => Finding::note(
            ENTRIES,
            format!(
                "{what}; not looked through to the end, it takes over {} s",
                WITHIN.as_secs()
            ),
            "",
        ),
    }
}

/// Its file may not be written.
fn closed(barrier: Option<&Barrier>) -> Finding {
    let what = "you may not write the journal's file";
    match barrier {
        Some(Barrier { found, remedy }) => {
            Finding::wrong(ENTRIES, format!("{what}: {found}"), remedy.clone(), 1)
        }
        None => Finding::wrong(
            ENTRIES,
            what,
            "let whoever owns the folder make journal.db and what lies beside it writable for \
             its group",
            1,
        ),
    }
}

fn told_role(survey: &Survey) -> Finding {
    const CHECK: &str = "collector";
    match &survey.role {
        Role::Held(Some(process)) => Finding::ok(
            CHECK,
            format!("process {process} collects into the journal"),
        ),
        Role::Held(None) => Finding::ok(CHECK, "another process collects into the journal"),
        Role::Free => Finding::ok(CHECK, "nobody collects now: the next console will"),
        Role::Unknown(why) => Finding::note(
            CHECK,
            format!("who collects cannot be told: {why}"),
            "make collector.lock in the journal's folder readable for you",
        ),
    }
}

fn told_disk(free: u64) -> Finding {
    const CHECK: &str = "disk";
    let found = format!("{} free", bytes(free));
    match free {
        0..NONE => Finding::wrong(
            CHECK,
            format!("only {found}: soon nothing more can be recorded"),
            "free some space, or name a folder on another disk as `path` under [journal]",
            1,
        ),
        NONE..LITTLE => Finding::note(
            CHECK,
            format!("only {found}"),
            "free some space, or keep less with `retain` under [journal]",
        ),
        _ => Finding::ok(CHECK, found),
    }
}

/// `812 B`, `4.1 kB`, `53.0 GB`.
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if n < 1_000 {
        return format!("{n} B");
    }
    let (mut tenths, mut unit) = (n / 100, 0);
    while tenths >= 9_995 && unit + 1 < UNITS.len() {
        tenths /= 1_000;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::State;

    #[test]
    fn sizes_read_as_people_write_them() {
        for (n, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (4_196, "4.1 kB"),
            (999_499, "999.4 kB"),
            (1_500_000, "1.5 MB"),
            (53_000_000_000, "53.0 GB"),
            (7_000_000_000_000_000, "7000.0 TB"),
        ] {
            assert_eq!(bytes(n), text);
        }
    }

    #[test]
    fn a_disk_is_told_before_it_is_full() {
        assert_eq!(told_disk(LITTLE).state, State::Ok);
        assert_eq!(told_disk(LITTLE - 1).state, State::Note);
        let full = told_disk(NONE - 1);
        assert_eq!((full.state, full.code), (State::Wrong, 1));
    }

    #[test]
    fn what_cannot_be_finished_or_told_is_a_note() {
        let contents = Contents {
            bytes: 9_000_000_000,
            format: 1,
            entries: None,
            damage: None,
            feeds: Vec::new(),
            writable: true,
        };
        let told = told_contents(&Ok(contents), None);
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].state, State::Note);
        let survey = Survey {
            folder: Folder::There { writable: true },
            contents: None,
            role: Role::Unknown("permission denied".into()),
            free: None,
            barrier: None,
            flaw: None,
        };
        assert_eq!(told_role(&survey).state, State::Note);
    }
}
