//! What the terminal can do: size, colours, letters, what stands between it
//! and us, and how text gets to its clipboard. The environment is a
//! parameter.

use std::{
    fs,
    io::{self, IsTerminal},
};

use rustix::{
    process::{Pid, getppid},
    termios::tcgetwinsize,
};

use super::{super::console::locale_is_unicode, finding::Finding};
use crate::{
    app::geometry::{GRID, SMALLEST},
    runtime::clipboard,
};

const TERMINAL: &str = "terminal";

/// Looks up a variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// All that is found of it. `ascii` is what the configuration says of it.
pub fn check(env: Env<'_>, ascii: Option<bool>) -> Vec<Finding> {
    vec![
        itself(env, size()),
        colours(env),
        letters(env, ascii),
        session(env, &ancestors()),
        by_clipboard(env),
    ]
}

/// Columns and rows; none where the console would find no terminal.
fn size() -> Option<(u16, u16)> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return None;
    }
    let size = tcgetwinsize(io::stdout()).ok()?;
    Some((size.ws_col, size.ws_row))
}

fn itself(env: Env<'_>, size: Option<(u16, u16)>) -> Finding {
    let Some((columns, rows)) = size else {
        return Finding::note(
            TERMINAL,
            "standard input and output are no terminal here, which the console needs",
            "run `holdline doctor` in the terminal where you use the console; the commands need \
             none",
        );
    };
    let name = match set(env, "TERM") {
        Some(term) => format!("{columns}x{rows}, TERM={term}"),
        None => format!("{columns}x{rows}, TERM is not set"),
    };
    if columns < SMALLEST.width || rows < SMALLEST.height {
        return Finding::note(
            TERMINAL,
            name,
            format!(
                "make it at least {}x{}, or the console has no room",
                SMALLEST.width, SMALLEST.height
            ),
        );
    }
    if set(env, "TERM")
        .as_deref()
        .is_none_or(|term| term == "dumb")
    {
        return Finding::note(
            TERMINAL,
            name,
            "set TERM to what the terminal is, as xterm-256color; the console draws by its codes",
        );
    }
    if columns >= GRID.width && rows >= GRID.height {
        Finding::ok(TERMINAL, format!("{name}: room for all panes"))
    } else {
        Finding::ok(
            TERMINAL,
            format!(
                "{name}: one pane at a time, {}x{} shows all",
                GRID.width, GRID.height
            ),
        )
    }
}

fn colours(env: Env<'_>) -> Finding {
    const CHECK: &str = "colours";
    if set(env, "NO_COLOR").is_some() {
        return Finding::ok(CHECK, "none, as NO_COLOR is set: the theme is mono");
    }
    let term = set(env, "TERM").unwrap_or_default();
    let true_colour = ["truecolor", "24bit"];
    let count = match set(env, "COLORTERM") {
        Some(says) if true_colour.contains(&says.as_str()) => "16 million",
        _ if term.ends_with("-direct") => "16 million",
        _ if term.contains("256color") => "256",
        _ if term.is_empty() || term == "dumb" || term.starts_with("vt") => {
            return Finding::note(
                CHECK,
                "the terminal promises none",
                "`--theme mono` does without, should it look odd",
            );
        }
        _ => "8 or 16",
    };
    Finding::ok(CHECK, format!("{count}; the 16 of your palette are used"))
}

fn letters(env: Env<'_>, ascii: Option<bool>) -> Finding {
    const CHECK: &str = "letters";
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| Some(format!("{name}={}", set(env, name)?)));
    let shown = locale.as_deref().unwrap_or("no locale is set");
    match ascii {
        Some(true) => Finding::ok(CHECK, format!("ASCII, as the configuration says ({shown})")),
        Some(false) => Finding::ok(
            CHECK,
            format!("Unicode, as the configuration says ({shown})"),
        ),
        None if locale_is_unicode(env) => Finding::ok(CHECK, format!("Unicode ({shown})")),
        None => Finding::note(
            CHECK,
            format!("ASCII: the locale has no Unicode ({shown})"),
            "set LANG to a UTF-8 locale, as C.UTF-8, or write ascii = false under [console]",
        ),
    }
}

/// What stands between the terminal and us.
fn session(env: Env<'_>, ancestors: &[String]) -> Finding {
    const CHECK: &str = "session";
    let is_child_of = |name: &str| ancestors.iter().any(|process| process == name);
    let mut between = Vec::new();
    if set(env, "TMUX").is_some() {
        between.push("in tmux");
    }
    if set(env, "STY").is_some() {
        between.push("in screen");
    }
    // mosh sets nothing of its own, and keeps what ssh had set.
    if is_child_of("mosh-server") {
        between.push("over mosh");
    } else if set(env, "SSH_CONNECTION").is_some() || set(env, "SSH_TTY").is_some() {
        between.push("over SSH");
    }
    if between.is_empty() {
        return Finding::ok(CHECK, "neither SSH nor tmux between the terminal and here");
    }
    Finding::ok(CHECK, between.join(", "))
}

fn by_clipboard(env: Env<'_>) -> Finding {
    const CHECK: &str = "clipboard";
    let way = clipboard::way(env).words();
    if set(env, "STY").is_some() && set(env, "TMUX").is_none() {
        return Finding::note(
            CHECK,
            format!("by {way}, which screen does not pass on"),
            "copy by hand, or use tmux in its place",
        );
    }
    Finding::ok(CHECK, format!("by {way}"))
}

/// The names of the processes above this one, the nearest first; none where
/// the system has no /proc.
fn ancestors() -> Vec<String> {
    const MOST: usize = 32;
    let mut names = Vec::new();
    let mut next = getppid().map(Pid::as_raw_pid);
    while let Some(id) = next.filter(|id| *id > 0 && names.len() < MOST) {
        let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else {
            break;
        };
        // `12 (a name) S 11 …`: the name may hold brackets of its own.
        let Some((head, tail)) = stat.rsplit_once(')') else {
            break;
        };
        names.extend(head.split_once('(').map(|(_, name)| name.to_owned()));
        next = tail
            .split_whitespace()
            .nth(1)
            .and_then(|id| id.parse().ok());
    }
    names
}

/// A variable that is set and not empty.
fn set(env: Env<'_>, name: &str) -> Option<String> {
    env(name).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::doctor::finding::State;

    fn with<'a>(set: &'a [(&'a str, &'a str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            let found = set.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn a_terminal_is_told_by_its_size_and_name() {
        let xterm = with(&[("TERM", "xterm")]);
        for (size, state, words) in [
            (None, State::Note, "no terminal"),
            (Some((59, 40)), State::Note, "59x40"),
            (Some((80, 24)), State::Ok, "one pane at a time"),
            (Some((200, 60)), State::Ok, "all panes"),
        ] {
            let found = itself(&xterm, size);
            assert_eq!(found.state, state, "{found:?}");
            assert!(found.found.contains(words), "{found:?}");
        }
        for dumb in [&[("TERM", "dumb")][..], &[]] {
            assert_eq!(itself(&with(dumb), Some((80, 24))).state, State::Note);
        }
    }

    #[test]
    fn colours_are_what_the_terminal_promises() {
        for (env, words) in [
            (&[("TERM", "xterm-256color")][..], "256"),
            (
                &[("TERM", "xterm"), ("COLORTERM", "truecolor")],
                "16 million",
            ),
            (&[("TERM", "screen")], "8 or 16"),
            (&[("TERM", "vt100")], "promises none"),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "1")], "NO_COLOR"),
            (&[("TERM", "xterm-256color"), ("NO_COLOR", "")], "256"),
        ] {
            let found = colours(&with(env)).found;
            assert!(found.contains(words), "{env:?}: {found}");
        }
    }

    #[test]
    fn letters_are_those_of_the_locale_unless_configured() {
        let c = with(&[("LC_ALL", "C"), ("LANG", "da_DK.UTF-8")]);
        let utf8 = with(&[("LANG", "da_DK.UTF-8")]);
        assert_eq!(letters(&c, None).state, State::Note);
        assert!(letters(&c, None).found.contains("LC_ALL=C"));
        assert_eq!(letters(&c, Some(false)).state, State::Ok);
        assert!(letters(&utf8, None).found.starts_with("Unicode"));
        assert!(letters(&utf8, Some(true)).found.starts_with("ASCII"));
    }

    #[test]
    fn what_stands_between_is_named() {
        let ssh = [("TMUX", "/tmp/x,1,0"), ("SSH_CONNECTION", "1 2 3 4")];
        assert_eq!(session(&with(&ssh), &[]).found, "in tmux, over SSH");
        let mosh = ["bash".to_owned(), "mosh-server".to_owned()];
        assert_eq!(session(&with(&ssh[1..]), &mosh).found, "over mosh");
        assert!(session(&with(&[]), &[]).found.starts_with("neither"));
        let screen = with(&[("STY", "1.pts")]);
        assert_eq!(by_clipboard(&screen).state, State::Note);
        assert!(by_clipboard(&with(&ssh)).found.contains("tmux load-buffer"));
    }
}
