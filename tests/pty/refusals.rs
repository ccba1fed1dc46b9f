//! Without a terminal: one sentence, exit 2, and nothing is drawn into a pipe.

use std::process::{Command, Stdio};

use crate::{
    program::{HOLDLINE, command},
    tty::Tty,
};

const SENTENCE: &str = "holdline: this needs a terminal on standard input and output; \
    in scripts use `holdline callers`";

#[test]
fn no_terminal_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let done = Command::new(HOLDLINE)
        .arg("demo")
        .env("TMPDIR", folder.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert_eq!(String::from_utf8(done.stdout).unwrap(), "");
    assert_eq!(
        String::from_utf8(done.stderr).unwrap(),
        format!("{SENTENCE}\n")
    );
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
}

#[test]
fn half_a_terminal() {
    for pipe in [r#"echo q | "$@""#, r#""$@" > drawn"#, r#""$@" < /dev/null"#] {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("{pipe}; echo code $?");
        let arguments = ["-c", &script, "sh", HOLDLINE, "demo"];
        let mut tty = Tty::new(120, 24).run(command("sh", &arguments, folder.path()));
        assert_eq!(tty.ends(), 0);
        tty.wait_until_seen("code 2");
        assert_eq!(tty.text(), format!("{SENTENCE}\ncode 2"), "{pipe}");
        tty.is_as_before();
        let drawn = std::fs::read(folder.path().join("drawn")).unwrap_or_default();
        assert!(drawn.is_empty());
    }
}
