//! Help, completions and the manual page of the real program.

use std::process::{Command, Stdio};

use super::{
    pbx::{Pbx, command, rows},
    program::{Home, is_fit_to_show, ran},
};

#[test]
fn the_short_help_points_to_the_long_one() {
    let home = Home::new();
    for (args, hint) in [
        ("-h", "Examples and exit codes: holdline --help\n"),
        ("callers -h", "Examples: holdline callers --help\n"),
        (
            "config check -h",
            "Examples: holdline config check --help\n",
        ),
    ] {
        let text = home.run(args.split(' ')).fine().to_owned();
        assert!(text.ends_with(hint), "{args}: {text}");
        let long = home
            .run(args.replace("-h", "--help").split(' '))
            .fine()
            .to_owned();
        assert!(long.contains("\nExamples:\n  "), "{long}");
    }
    let text = home.run(["help", "doctor"]).fine().to_owned();
    for part in ["Examples:", "{check, site, state, found, remedy}"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn every_shell_gets_its_completions() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let text = home.run(["completions", shell]).fine().to_owned();
        for word in ["callbacks", "due-before", "doctor"] {
            assert!(text.contains(word), "{shell}: {word}");
        }
        is_fit_to_show(&text.replace('\t', " "));
    }
    for wrong in [&["completions"][..], &["completions", "cmd.exe"]] {
        let ran = home.run(wrong);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""), "{ran:?}");
    }
}

#[test]
fn bash_completes_commands_and_flags() {
    let home = Home::new();
    let script = home.file("completions", home.run(["completions", "bash"]).fine());
    let complete = |words: &str, typed: &str, before: &str| {
        let line = format!(
            "source {} && COMP_WORDS=({words}) && COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)) && \
             _holdline holdline '{typed}' '{before}' && echo ${{COMPREPLY[@]}}",
            script.display()
        );
        let out = Command::new("bash").args(["-c", &line]).output().unwrap();
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    };
    assert_eq!(complete("holdline doc", "doc", "holdline"), "doctor");
    let found = complete("holdline callbacks --due", "--due", "callbacks");
    assert_eq!(found, "--due-before");
}

#[test]
fn the_manual_page_has_every_command_and_its_sections() {
    let home = Home::new();
    let page = home.run(["man"]).fine().to_owned();
    assert!(page.contains(".TH HOLDLINE 1 "), "{page}");
    let sections: Vec<&str> = page
        .lines()
        .filter_map(|l| l.strip_prefix(".SH "))
        .collect();
    let names: Vec<&str> = sections.iter().map(|s| s.trim_matches('"')).collect();
    for name in [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "COMMANDS",
        "OPTIONS",
        "EXAMPLES",
        "EXIT STATUS",
        "FILES",
        "ENVIRONMENT",
    ] {
        let count = names.iter().filter(|n| **n == name).count();
        assert_eq!(count, 1, "{name} in {names:?}");
    }
    for command in [
        "callers",
        "callbacks",
        "doctor",
        "config check",
        "completions",
    ] {
        let heading = format!(".SS \"holdline {command}\"");
        assert!(page.contains(&heading), "{command}");
    }
    assert!(page.contains("\\-\\-due\\-before"), "{page}");
    is_fit_to_show(&page);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    let home = Home::new();
    for args in ["man", "completions bash", "--help", "doctor"] {
        let mut child = home
            .holdline(args.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let out = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&out.stderr), "", "{args}");
        assert!(matches!(out.status.code(), Some(0 | 2)), "{args}: {out:?}");
    }
}

#[test]
fn a_page_that_is_none_is_said() {
    let (home, pbx) = (Home::new(), Pbx::listing(rows(101)));
    pbx.config(&home);
    for page in ["0", "-1", "x", ""] {
        let ran = home.run(command(&[&format!("--page={page}")]));
        let sentence = ran.refused(2);
        let expected = format!(
            "--page <N> cannot be \"{page}\": pages are counted from 1; leave it out for all of \
             them"
        );
        assert_eq!(sentence, expected);
    }
    assert!(pbx.pages().is_empty(), "nobody was asked");
    let ran = home.run(command(&["--page", "99"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        ran.sentence(),
        "outbound: there is no page 99: the list has 2 pages; leave --page out for all of it"
    );
    assert_eq!(
        ran.out.lines().count(),
        1,
        "the head of the table: {}",
        ran.out
    );
    home.run(command(&["--page", "2"])).fine();
    // An empty list has its one page.
    let pbx = Pbx::listing(Vec::new());
    pbx.config(&home);
    home.run(command(&["--page", "1"])).fine();
}

#[test]
fn a_value_that_does_not_fit_is_one_sentence_of_ours() {
    let home = Home::new();
    for (args, words) in [
        (
            "callers --timeout soon",
            "--timeout <TIME> cannot be \"soon\": give a time",
        ),
        (
            "simulate --listen here",
            "--listen <ADDRESS> cannot be \"here\": ",
        ),
        ("simulate --seed x", "--seed <SEED> cannot be \"x\": "),
    ] {
        let ran = ran(home.holdline(args.split(' ')));
        assert!(ran.refused(2).starts_with(words), "{ran:?}");
    }
}
