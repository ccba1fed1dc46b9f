//! `holdline man`: the manual page, all commands on it, made from the command
//! line itself. In roff, for `man`.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::{
    Man,
    roff::{Inline, Roff, bold, roman},
};

use super::{
    failure::Failure,
    help::{self, EXIT_CODES, Topic},
    output,
};

const FILES: &[(&str, &str)] = &[
    (
        "~/.config/holdline/config.toml",
        "The configuration, unless --config or HOLDLINE_CONFIG name another; `holdline config \
         path` prints where it is on this system.",
    ),
    (
        "~/.local/share/holdline/journal.db",
        "The journal, unless [journal] in the configuration names another folder.",
    ),
    (
        "~/.local/share/holdline/log/",
        "What the console logs, beside the journal.",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("HOLDLINE_CONFIG", "The configuration file."),
    (
        "HOLDLINE_USER",
        "Who acts, where people share an account; --as goes before it.",
    ),
    ("HOLDLINE_LOG", "What is logged: holdline=debug says more."),
    ("NO_COLOR", "Where it is set, nothing has a colour."),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "The first that is set decides whether the screen may use Unicode.",
    ),
    (
        "XDG_CONFIG_HOME, XDG_DATA_HOME",
        "Where the configuration and the journal are, in place of ~/.config and ~/.local/share.",
    ),
    (
        "HTTPS_PROXY, HTTP_PROXY, NO_PROXY",
        "A proxy on the way to the vendors; none is used on loopback.",
    ),
    (
        "SSL_CERT_FILE",
        "Certificate authorities to trust in place of the system's.",
    ),
];

/// Runs the command.
pub fn run() -> Result<u8, Failure> {
    let mut page = Vec::new();
    // Memory takes all that is written.
    write(&mut page).map_err(|e| Failure::output(&e))?;
    output::to_stdout(|out| out.write_all(&page))?;
    Ok(0)
}

fn write(out: &mut dyn Write) -> io::Result<()> {
    // Not built: built, every command would repeat the flags of all.
    let command = help::command().disable_help_subcommand(true);
    let page = Man::new(command.clone().after_help(None::<&str>))
        .title("HOLDLINE")
        // An empty one would be left out, and the version taken for it.
        .date(" ")
        .manual("Holdline");
    page.render_title(out)?;
    page.render_name_section(out)?;
    synopsis(out)?;
    page.render_description_section(out)?;
    let mut commands = Roff::new();
    commands.control("SH", ["COMMANDS"]);
    commands.to_writer(out)?;
    for sub in command.get_subcommands() {
        self::command(out, sub, "")?;
    }
    page.render_options_section(out)?;
    let mut rest = Roff::new();
    rest.control("SH", ["EXAMPLES"]);
    if let Some(topic) = help::about("") {
        examples(&mut rest, topic);
    }
    listed(&mut rest, "EXIT STATUS", EXIT_CODES);
    listed(&mut rest, "FILES", FILES);
    listed(&mut rest, "ENVIRONMENT", ENVIRONMENT);
    rest.to_writer(out)
}

fn synopsis(out: &mut dyn Write) -> io::Result<()> {
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([bold("holdline"), roman(" [OPTIONS]")]);
    roff.control("br", []);
    roff.text([bold("holdline"), roman(" COMMAND [OPTIONS]")]);
    roff.to_writer(out)
}

/// A command and those below it, each with its own flags.
fn command(out: &mut dyn Write, command: &Command, above: &str) -> io::Result<()> {
    let path = format!("{above} {}", command.get_name());
    let path = path.trim_start();
    let mut roff = Roff::new();
    roff.control("SS", [format!("holdline {path}").as_str()]);
    if let Some(about) = command.get_about() {
        roff.text([roman(format!("{about}."))]);
    }
    let topic = help::about(path);
    for note in topic.map_or(&[][..], |topic| topic.notes) {
        roff.control("PP", []);
        roff.text([roman(*note)]);
    }
    roff.to_writer(out)?;
    flags(out, command)?;
    if let Some(topic) = topic {
        let mut roff = Roff::new();
        roff.control("PP", []);
        roff.text([roman("For example:")]);
        examples(&mut roff, topic);
        roff.to_writer(out)?;
    }
    for sub in command.get_subcommands() {
        self::command(out, sub, path)?;
    }
    Ok(())
}

/// The flags as their own section would list them, without its heading: they
/// stand below a command here.
fn flags(out: &mut dyn Write, command: &Command) -> io::Result<()> {
    let alone = command.clone().disable_help_flag(true);
    let mut section = Vec::new();
    Man::new(alone).render_options_section(&mut section)?;
    let text = String::from_utf8_lossy(&section).into_owned();
    for line in text.lines().filter(|line| !line.starts_with(".SH")) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn examples(roff: &mut Roff, topic: &Topic) {
    for (typed, does) in topic.examples {
        pair(roff, bold(*typed), does);
    }
}

fn listed(roff: &mut Roff, heading: &str, pairs: &[(&str, &str)]) {
    roff.control("SH", [heading]);
    for (name, words) in pairs {
        pair(roff, bold(*name), words);
    }
}

fn pair(roff: &mut Roff, left: Inline, right: &str) {
    roff.control("TP", []);
    roff.text([left]);
    roff.text([roman(right)]);
}
