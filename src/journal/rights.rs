//! Who may write in a journal's folder, and what to run where somebody may
//! not. It looks, and changes nothing.

use std::{
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, AtFlags, CWD, StatVfsMountFlags, accessat, statvfs},
    process::{getegid, geteuid, getgroups},
};

/// What a journal is made of, beside the folder itself.
const FILES: [&str; 5] = [
    "journal.db",
    "journal.db-wal",
    "journal.db-shm",
    "collector.lock",
    "log",
];

/// Why somebody may not write, and how they may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Barrier {
    /// What is in the way: the owner, group and mode of what.
    pub found: String,
    /// What to run, and who.
    pub remedy: String,
}

/// A file as its rights are told.
struct File {
    path: PathBuf,
    user: u32,
    group: u32,
    mode: u32,
}

impl File {
    fn at(path: &Path) -> Option<Self> {
        let found = fs::metadata(path).ok()?;
        Some(Self {
            path: path.to_owned(),
            user: found.uid(),
            group: found.gid(),
            mode: found.mode() & 0o7777,
        })
    }

    /// `/srv/holdline is root:root with mode 755`
    fn told(&self) -> String {
        format!(
            "{} is {}:{} with mode {:o}",
            self.path.display(),
            user_name(self.user),
            group_name(self.group),
            self.mode
        )
    }
}

/// Who asks.
struct Asker {
    user: u32,
    /// The first is what new files get.
    groups: Vec<u32>,
}

impl Asker {
    fn me() -> Self {
        let mut groups = vec![getegid().as_raw()];
        groups.extend(getgroups().unwrap_or_default().iter().map(|g| g.as_raw()));
        Self {
            user: geteuid().as_raw(),
            groups,
        }
    }

    /// The group that is most likely the team's: one that is not of a single
    /// user or of the system, else the first.
    fn team(&self, name: impl Fn(u32) -> String, me: &str) -> u32 {
        const PEOPLE: u32 = 1_000;
        let first = self.groups.first().copied().unwrap_or_default();
        let shared = |group: &&u32| **group >= PEOPLE && name(**group) != me;
        self.groups.iter().find(shared).copied().unwrap_or(first)
    }
}

/// What keeps this process from writing the journal in `folder`; `None` where
/// nothing is found.
pub(super) fn barrier(folder: &Path) -> Option<Barrier> {
    if statvfs(folder).is_ok_and(|disk| disk.f_flag.contains(StatVfsMountFlags::RDONLY)) {
        return Some(Barrier {
            found: format!(
                "{} lies on a disk that is mounted for reading only",
                folder.display()
            ),
            remedy: "mount it for writing, or name another folder as `path` under [journal]".into(),
        });
    }
    let me = Asker::me();
    if let Some(closed) = closed_above(folder) {
        return Some(told_above(&closed, &me));
    }
    let there = File::at(folder)?;
    if !may(folder, Access::WRITE_OK | Access::EXEC_OK) {
        return Some(told_folder(&there, &me));
    }
    let file = FILES
        .iter()
        .map(|name| folder.join(name))
        .find(|path| path.exists() && !may(path, Access::READ_OK | Access::WRITE_OK))?;
    Some(told_file(&File::at(&file)?, &there, &me))
}

/// Why those who share this folder will not be able to write what the others
/// make in it; `None` where they will, or where nobody shares it.
pub(super) fn flaw(folder: &Path) -> Option<Barrier> {
    const SHARED: u32 = 0o020;
    const INHERITED: u32 = 0o2000;
    let there = File::at(folder)?;
    if there.mode & SHARED == 0 {
        return None;
    }
    if there.mode & INHERITED == 0 {
        return Some(Barrier {
            found: format!(
                "{}, so what one user makes there belongs to that user's own group",
                there.told()
            ),
            remedy: order(there.user, &format!("chmod g+s {}", shown(folder))),
        });
    }
    let file = FILES
        .iter()
        .filter_map(|name| File::at(&folder.join(name)))
        .find(|file| file.group != there.group || file.mode & 0o060 != 0o060)?;
    Some(Barrier {
        found: format!(
            "the group of {} may not write all of it: {}",
            folder.display(),
            file.told()
        ),
        remedy: order(file.user, &for_the_group(folder, there.group)),
    })
}

/// How a folder that we may not make can be made.
pub(super) fn to_make(folder: &Path) -> String {
    let me = Asker::me();
    let user = user_name(me.user);
    let team = group_name(me.team(group_name, &user));
    let folder = shown(folder);
    format!("let root run `install -d -m 2770 -o {user} -g {team} {folder}`")
}

/// The names of the folder's owner and group; `None` where it is not there.
#[must_use]
pub fn owner(folder: &Path) -> Option<(String, String)> {
    let there = File::at(folder)?;
    Some((user_name(there.user), group_name(there.group)))
}

/// A folder above that we may not go through.
fn closed_above(folder: &Path) -> Option<File> {
    let mut above: Vec<&Path> = folder.ancestors().skip(1).collect();
    above.reverse();
    let closed = above.into_iter().find(|path| {
        !path.as_os_str().is_empty() && path.is_dir() && !may(path, Access::EXEC_OK)
    })?;
    File::at(closed)
}

fn told_above(closed: &File, me: &Asker) -> Barrier {
    let who = if me.groups.contains(&closed.group) {
        "g"
    } else {
        "o"
    };
    Barrier {
        found: format!("{}, and you may not go through it", closed.told()),
        remedy: order(
            closed.user,
            &format!("chmod {who}+x {}", shown(&closed.path)),
        ),
    }
}

fn told_folder(there: &File, me: &Asker) -> Barrier {
    let (folder, is_shared) = (shown(&there.path), there.mode & 0o030 == 0o030);
    let remedy = if me.groups.contains(&there.group) {
        order(there.user, &format!("chmod 2770 {folder}"))
    } else if is_shared {
        let (group, user) = (group_name(there.group), user_name(me.user));
        format!("let root run `usermod -aG {group} {user}`, then log in anew")
    } else {
        let team = me.team(group_name, &user_name(me.user));
        let team = group_name(team);
        order(
            there.user,
            &format!("chgrp -R {team} {folder} && chmod 2770 {folder}"),
        )
    };
    Barrier {
        found: format!("{}, and you are {}", there.told(), user_name(me.user)),
        remedy,
    }
}

fn told_file(file: &File, folder: &File, me: &Asker) -> Barrier {
    Barrier {
        found: format!("{}, and you are {}", file.told(), user_name(me.user)),
        remedy: order(file.user, &for_the_group(&folder.path, folder.group)),
    }
}

/// Gives all that is there to the group, and what is made there later.
fn for_the_group(folder: &Path, group: u32) -> String {
    let folder = shown(folder);
    format!(
        "chgrp -R {} {folder} && chmod -R g+rwX {folder} && chmod g+s {folder}",
        group_name(group)
    )
}

fn order(owner: u32, command: &str) -> String {
    match owner {
        0 => format!("let root run `{command}`"),
        _ => format!("let root or {} run `{command}`", user_name(owner)),
    }
}

/// As a shell takes it.
fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+@,:%=".contains(c);
    if text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// As the effective user, not as the one who started us.
fn may(path: &Path, access: Access) -> bool {
    accessat(CWD, path, access, AtFlags::EACCESS).is_ok()
}

fn user_name(id: u32) -> String {
    name("/etc/passwd", id).unwrap_or_else(|| id.to_string())
}

fn group_name(id: u32) -> String {
    name("/etc/group", id).unwrap_or_else(|| id.to_string())
}

/// The name of an id; none where it comes from elsewhere. The commands above
/// take numbers too.
fn name(table: &str, id: u32) -> Option<String> {
    let table: io::Result<String> = fs::read_to_string(table);
    table.ok()?.lines().find_map(|line| {
        let mut words = line.split(':');
        let (name, number) = (words.next()?, words.nth(1)?);
        (number.parse() == Ok(id)).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(user: u32, group: u32, mode: u32) -> File {
        File {
            path: "/srv/holdline".into(),
            user,
            group,
            mode,
        }
    }

    const ME: u32 = 65_001;
    const TEAM: u32 = 65_100;
    const OTHERS: u32 = 65_200;

    fn me() -> Asker {
        Asker {
            user: ME,
            groups: vec![ME, 27, TEAM],
        }
    }

    #[test]
    fn a_folder_that_is_closed_says_the_very_command() {
        let cases = [
            (
                folder(0, TEAM, 0o755),
                "let root run `chmod 2770 /srv/holdline`",
            ),
            (
                folder(0, OTHERS, 0o2770),
                "let root run `usermod -aG 65200 65001`, then log in anew",
            ),
            (
                folder(65_002, OTHERS, 0o755),
                "let root or 65002 run `chgrp -R 65100 /srv/holdline && chmod 2770 /srv/holdline`",
            ),
        ];
        for (there, remedy) in cases {
            assert_eq!(told_folder(&there, &me()).remedy, remedy);
        }
        let told = told_folder(&folder(0, 0, 0o755), &me());
        assert_eq!(
            told.found,
            "/srv/holdline is root:root with mode 755, and you are 65001"
        );
    }

    #[test]
    fn a_file_that_is_closed_is_given_to_the_folders_group() {
        let file = File {
            path: "/srv/holdline/journal.db".into(),
            ..folder(0, 0, 0o600)
        };
        let told = told_file(&file, &folder(0, TEAM, 0o2770), &me());
        assert_eq!(
            told.remedy,
            "let root run `chgrp -R 65100 /srv/holdline && chmod -R g+rwX /srv/holdline && chmod \
             g+s /srv/holdline`"
        );
        assert!(told.found.contains("root:root with mode 600"), "{told:?}");
    }

    #[test]
    fn a_way_that_is_closed_is_opened_for_no_more_than_needed() {
        let told = told_above(&folder(0, OTHERS, 0o750), &me());
        assert_eq!(told.remedy, "let root run `chmod o+x /srv/holdline`");
        let told = told_above(&folder(0, TEAM, 0o740), &me());
        assert_eq!(told.remedy, "let root run `chmod g+x /srv/holdline`");
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(shown(Path::new("/srv/it's here")), r"'/srv/it'\''s here'");
        assert_eq!(shown(Path::new("/srv/a-b_c.1")), "/srv/a-b_c.1");
    }
}
