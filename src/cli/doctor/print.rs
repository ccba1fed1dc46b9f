//! The findings, printed; as lines for people.

use std::{
    borrow::Cow,
    io::{self, IsTerminal, Write},
};

use rustix::termios::tcgetwinsize;

use super::finding::{self, Finding, State};
use crate::{
    cli::{
        console::locale_is_unicode,
        failure::Failure,
        output::{self, Format},
    },
    domain::{cells, text},
};

/// The narrowest column for it.
const NARROWEST: usize = 30;

/// Prints them, as was asked for.
pub fn findings(findings: &[Finding], format: Format) -> Result<(), Failure> {
    let ascii = !locale_is_unicode(|name| std::env::var(name).ok());
    output::to_stdout(|out| match format {
        Format::Table => lines(out, findings, ascii, columns()),
        Format::Json => finding::json(out, findings),
        Format::Ndjson => finding::ndjson(out, findings),
        Format::Csv => finding::csv(out, findings),
    })
}

/// Writes them, sites under their names, and what it comes to. Lines are
/// broken to the terminal's width; without one they are left whole.
pub fn lines(
    out: &mut dyn Write,
    findings: &[Finding],
    ascii: bool,
    columns: Option<usize>,
) -> io::Result<()> {
    let mut under: Option<&str> = None;
    for finding in findings {
        let site = finding.site.as_deref();
        match site {
            Some(site) if under != Some(site) => writeln!(out, "site {}", cells::fit(site, 64))?,
            None if under.is_some() => writeln!(out, "this machine")?,
            _ => {}
        }
        under = site;
        let sign = finding.state.sign(ascii);
        let word = finding.state.word();
        let check = finding.check;
        block(
            out,
            &format!("{sign} {word:5}  {check:14}  "),
            &spelled(&finding.found, ascii),
            columns,
        )?;
        if let Some(remedy) = &finding.remedy {
            let arrow = if ascii { "->" } else { " →" };
            let remedy = spelled(remedy, ascii);
            block(out, &format!("{:22}{arrow} ", ""), &remedy, columns)?;
        }
    }
    writeln!(out, "{}", verdict(findings))
}

/// A text as the terminal can show it: names and masks are not ours to choose.
fn spelled(text: &str, ascii: bool) -> Cow<'_, str> {
    if ascii {
        return text::ascii(text);
    }
    Cow::Borrowed(text)
}

/// A text with this before its first line and blanks before the others.
fn block(out: &mut dyn Write, lead: &str, text: &str, columns: Option<usize>) -> io::Result<()> {
    let room = columns.map(|columns| columns.saturating_sub(cells::width(lead)).max(NARROWEST));
    let lines = match room {
        Some(room) => wrapped(text, room),
        None => vec![text.to_owned()],
    };
    let blanks = " ".repeat(cells::width(lead));
    for (n, line) in lines.iter().enumerate() {
        let before = if n == 0 { lead } else { &blanks };
        writeln!(out, "{before}{line}")?;
    }
    Ok(())
}

/// Broken at blanks only: what stands between backticks is to be pasted.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if cells::width(line) + 1 + cells::width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `Nothing is wrong; 2 notes.`
fn verdict(findings: &[Finding]) -> String {
    let count = |state| findings.iter().filter(|f| f.state == state).count();
    let wrong = match count(State::Wrong) {
        0 => "Nothing is wrong".to_owned(),
        1 => "1 thing is wrong".to_owned(),
        n => format!("{n} things are wrong"),
    };
    match count(State::Note) {
        0 => format!("{wrong}."),
        1 => format!("{wrong}; 1 note."),
        n => format!("{wrong}; {n} notes."),
    }
}

/// The columns of standard output, where it is a terminal.
pub fn columns() -> Option<usize> {
    let out = io::stdout();
    let size = out.is_terminal().then(|| tcgetwinsize(out).ok())??;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings() -> Vec<Finding> {
        vec![
            Finding::ok("configuration", "config.toml: 1 site"),
            Finding::wrong("site", "north refused the connection", "check `url`", 3).of("north"),
            Finding::note("clock", "its clock is 61 s ahead", "waits are corrected").of("north"),
            Finding::ok("journal", "writable"),
        ]
    }

    fn printed(ascii: bool, columns: Option<usize>) -> String {
        let mut out = Vec::new();
        lines(&mut out, &findings(), ascii, columns).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn each_finding_is_a_line_and_each_remedy_one_below() {
        assert_eq!(
            printed(false, None),
            "\
✓ ok     configuration   config.toml: 1 site
site north
✗ wrong  site            north refused the connection
                       → check `url`
! note   clock           its clock is 61 s ahead
                       → waits are corrected
this machine
✓ ok     journal         writable
1 thing is wrong; 1 note.
"
        );
    }

    #[test]
    fn it_fits_the_terminal_and_keeps_to_ascii() {
        let text = printed(true, Some(40));
        assert!(text.is_ascii(), "{text}");
        let room = 26 + NARROWEST;
        assert!(text.lines().all(|line| line.len() <= room), "{text}");
        assert_eq!(wrapped("write `url` here", 9), ["write", "`url`", "here"]);
        assert!(text.contains("x wrong"), "{text}");
    }
}
