//! `holdline collect --print-unit`: the unit to run the collector by, for
//! systemd, made for this configuration. Changes nothing.

use std::path::Path;

use crate::{
    cli::{context::Context, failure::Failure, output},
    config::{self, Config},
    journal,
};

/// Who runs it where the folder's owner says nothing.
const SOMEBODY: &str = "holdline";
/// Folders that `ProtectHome=yes` hides.
const HOMES: [&str; 3] = ["/home", "/root", "/run/user"];

/// Prints it.
pub fn print(context: &Context, config: &Config) -> Result<u8, Failure> {
    let source = context.source();
    let file = config::find(&source)?;
    let file = std::path::absolute(&file).unwrap_or(file);
    let program = std::env::current_exe().map_err(|e| {
        Failure::here(format!(
            "this program cannot be found: {e}; is it still there?"
        ))
    })?;
    let folder = &config.journal.path;
    let (owner, group) = journal::owner(folder).unwrap_or_default();
    let unit = unit(&Facts {
        program: &program,
        file: &file,
        folder,
        user: name(owner),
        group: name(group),
    });
    output::to_stdout(|out| out.write_all(unit.as_bytes()))?;
    Ok(0)
}

/// Root is nobody to run a service as.
fn name(found: String) -> String {
    match found.as_str() {
        "" | "root" => SOMEBODY.to_owned(),
        _ => found,
    }
}

/// What the unit is made of.
struct Facts<'a> {
    program: &'a Path,
    file: &'a Path,
    folder: &'a Path,
    user: String,
    group: String,
}

fn unit(facts: &Facts<'_>) -> String {
    // Of variables only a command knows.
    let typed = |path| quoted(path).replace('$', "$$");
    let (program, file) = (typed(facts.program), typed(facts.file));
    let folder = quoted(facts.folder);
    let at_home = [facts.program, facts.file, facts.folder]
        .iter()
        .any(|path| HOMES.iter().any(|home| path.starts_with(home)));
    let home = if at_home { "read-only" } else { "yes" };
    let Facts { user, group, .. } = facts;
    format!(
        "\
# Put this into /etc/systemd/system/holdline.service, then:
#   systemctl daemon-reload && systemctl enable --now holdline
[Unit]
Description=Holdline: collects from call queues into a journal
Wants=network-online.target
After=network-online.target

[Service]
Type=notify
ExecStart={program} collect --config {file}
User={user}
Group={group}
# The group works on the journal: what is made there is theirs to write.
UMask=0007
# Secrets written as {{ env = \"NAME\" }}: a NAME=value a line, for root alone.
EnvironmentFile=-/etc/holdline/secrets.env
Restart=always
RestartSec=1
# It shows every second that the journal takes what it writes.
WatchdogSec=30
TimeoutStopSec=10

# All it needs: its journal, and the network. A secret's {{ command = \"…\" }} runs
# inside of this too.
ReadWritePaths={folder}
ProtectHome={home}
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
CapabilityBoundingSet=
NoNewPrivileges=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service

[Install]
WantedBy=multi-user.target
"
    )
}

/// As systemd reads a word: `%` is special to it, and so are quotes and spaces.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string().replace('%', "%%");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+%".contains(c);
    if text.chars().all(is_plain) {
        return text;
    }
    let escaped = text.replace('\\', r"\\").replace('"', "\\\"");
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(folder: &str, user: &str) -> String {
        unit(&Facts {
            program: Path::new("/usr/local/bin/holdline"),
            file: Path::new("/etc/holdline/config.toml"),
            folder: Path::new(folder),
            user: name(user.to_owned()),
            group: name("callcenter".to_owned()),
        })
    }

    #[test]
    fn it_names_what_it_needs_and_homes_only_where_it_must() {
        let unit = made("/srv/holdline", "root");
        for line in [
            "ExecStart=/usr/local/bin/holdline collect --config /etc/holdline/config.toml",
            "User=holdline",
            "Group=callcenter",
            "UMask=0007",
            "Type=notify",
            "ReadWritePaths=/srv/holdline",
            "ProtectHome=yes",
        ] {
            assert!(unit.lines().any(|l| l == line), "no {line} in\n{unit}");
        }
        assert!(made("/home/anna/journal", "anna").contains("ProtectHome=read-only\n"));
        assert!(made("/home/anna/journal", "anna").contains("User=anna\n"));
    }

    #[test]
    fn a_path_is_one_word() {
        let unit = made("/srv/call center/50%\"$", "holdline");
        assert!(
            unit.contains("ReadWritePaths=\"/srv/call center/50%%\\\"$\"\n"),
            "{unit}"
        );
    }
}
