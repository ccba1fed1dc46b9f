//! Endings at any moment (R8, R9): while it starts, within its first frame,
//! between two keys. Each way out is tried `HOLDLINE_ENDINGS` times, drawn by
//! `HOLDLINE_SEED`; after it the terminal holds byte for byte what it held
//! before, with the same settings.

use std::{fs, time::Duration};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    program::{Demo, HOLDLINE, command, shows_callers},
    sizes::{ran, seed, size},
    tty::Tty,
};

/// What stood on the terminal before.
const BEFORE: &str = "\x1b[1mdesk\x1b[m $ \x1b[32mls\x1b[m\r\nnotes.txt\r\ndesk $ holdline\r\n";
/// Ended by a signal before it could hear of any, as `Tty` tells it.
const UNHEARD: u32 = 1;

/// What is typed before the end comes: sheets, windows, panes, half a search.
const KEYS: [&str; 14] = [
    "?", "j", "k", "G", "g", "1", "2", "3", "5", "/", "x", ":", "H", "\t",
];

/// One case: a terminal, and what is drawn for it.
struct Case {
    name: String,
    random: fastrand::Rng,
    /// What the terminal held before, as bytes that would draw it.
    before: Vec<u8>,
    /// What was typed. The system takes its time over it: what comes after
    /// the settings are as they were is shown.
    typed: String,
    size: (u16, u16),
}

impl Case {
    fn new(way: &str, number: usize) -> (Self, Tty) {
        let mut random = fastrand::Rng::with_seed(seed() ^ ((number as u64) << 8) ^ hash(way));
        let size = (random.u16(60..160), random.u16(20..50));
        let mut tty = Tty::new(size.0, size.1);
        tty.shows(BEFORE);
        let before = tty.screen().state_formatted();
        let name = format!("{way}, number {number}");
        let case = Self {
            name,
            random,
            before,
            typed: String::new(),
            size,
        };
        (case, tty)
    }

    /// Up to the moment at which the end comes: it may be any time from the
    /// start on, or among keys.
    fn comes_to_its_moment(&mut self, tty: &mut Tty) {
        if self.random.u8(..3) == 0 {
            tty.listen(Duration::from_micros(self.random.u64(..400_000)));
            return;
        }
        tty.wait_for("callers", shows_callers);
        self.types(tty);
        tty.listen(Duration::from_micros(self.random.u64(..50_000)));
    }

    fn types(&mut self, tty: &mut Tty) {
        if !tty.is_raw() {
            // The system would show it.
            return;
        }
        for _ in 0..self.random.usize(..12) {
            self.types_one(tty);
            if self.random.bool() {
                tty.listen(Duration::from_micros(self.random.u64(..20_000)));
            }
        }
    }

    fn types_one(&mut self, tty: &mut Tty) {
        let key = KEYS[self.random.usize(..KEYS.len())];
        tty.press(key);
        self.typed.push_str(key);
    }

    /// The states in which the terminal is as it was.
    fn as_before(&self) -> impl Iterator<Item = Vec<u8>> {
        (0..=self.typed.len()).rev().map(|late| {
            let mut emulator = vt100::Parser::new(self.size.1, self.size.0, 0);
            emulator.process(&self.before);
            emulator.process(&self.typed.as_bytes()[late..]);
            emulator.screen().state_formatted()
        })
    }

    /// Leaves what was typed into, and then the program.
    fn quits(tty: &mut Tty) {
        tty.press("\x03");
    }

    /// What is wrong with an ending of this code. One that was ended before it
    /// listened to signals has touched nothing.
    fn judge(&self, tty: &mut Tty, code: u32, wanted: &[u32]) -> Result<(), String> {
        tty.drain();
        let is_early = code == UNHEARD && tty.bytes.is_empty();
        if !wanted.contains(&code) && !is_early {
            return Err(format!("it ended with {code}, not {wanted:?}"));
        }
        tty.left()?;
        let now = tty.screen().state_formatted();
        if !self.as_before().any(|state| state == now) {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let (was, is) = (text(&self.before), text(&now));
            return Err(format!("the screen was {was:?} and is {is:?}"));
        }
        Ok(())
    }

    /// The same where something was said on the way out, or by the shell:
    /// what stood there before stands above it.
    fn judge_above(&self, tty: &mut Tty, code: u32, wanted: u32) -> Result<(), String> {
        tty.drain();
        if code != wanted {
            return Err(format!("it ended with {code}, not {wanted}"));
        }
        tty.left()?;
        let mut emulator = vt100::Parser::new(self.size.1, self.size.0, 0);
        emulator.process(&self.before);
        let rows = BEFORE.lines().count();
        let above = |screen: &vt100::Screen| -> Vec<Vec<u8>> {
            screen.rows_formatted(0, self.size.0).take(rows).collect()
        };
        if above(tty.screen()) != above(emulator.screen()) {
            return Err(format!("the screen is now:\n{}", tty.text()));
        }
        Ok(())
    }
}

fn hash(name: &str) -> u64 {
    name.bytes()
        .fold(0, |all, byte| all.rotate_left(9) ^ u64::from(byte))
}

/// Tries a way out so often, and tells what was found.
fn every(way: &str, try_it: impl Fn(&mut Case, Tty, usize) -> Result<(), String>) {
    let many = size("HOLDLINE_ENDINGS", 2);
    let mut found = Vec::new();
    for number in 0..many {
        let (mut case, tty) = Case::new(way, number);
        if let Err(what) = try_it(&mut case, tty, number) {
            found.push(format!("{}: {what}", case.name));
        }
    }
    assert!(found.is_empty(), "{} of {many}: {found:#?}", found.len());
    ran("R8 R9", many);
}

/// A demo that left nothing of its own behind.
fn is_clean(demo: &Demo) -> Result<(), String> {
    match &demo.kept()[..] {
        [] => Ok(()),
        kept => Err(format!("{kept:?} is left")),
    }
}

fn signal_comes(signal: Signal, code: u32) -> impl Fn(&mut Case, Tty, usize) -> Result<(), String> {
    move |case, tty, _| {
        let mut demo = Demo::on(tty, &[]);
        case.comes_to_its_moment(&mut demo.tty);
        demo.tty.signal(signal);
        let ended = demo.tty.ends();
        case.judge(&mut demo.tty, ended, &[code])?;
        if ended == UNHEARD {
            return Ok(());
        }
        is_clean(&demo)
    }
}

#[test]
fn sigterm() {
    every("SIGTERM", signal_comes(Signal::TERM, 143));
}

#[test]
fn sighup() {
    every("SIGHUP", signal_comes(Signal::HUP, 129));
}

#[test]
fn sigint() {
    every("SIGINT", signal_comes(Signal::INT, 130));
}

#[test]
fn sigquit() {
    every("SIGQUIT", signal_comes(Signal::QUIT, 131));
}

/// Nobody reads what is not written to the terminal: no end at all.
#[test]
fn sigpipe() {
    every("SIGPIPE", |case, tty, _| {
        let mut demo = Demo::on(tty, &[]);
        case.comes_to_its_moment(&mut demo.tty);
        demo.tty.signal(Signal::PIPE);
        let is_drawn = |tty: &Tty| shows_callers(&tty.text());
        if !demo.tty.is_raw() {
            // Only what listens can stand it; whoever is still being loaded
            // ends, and has touched nothing.
            demo.tty.listen_until(is_drawn);
        }
        if let Some(code) = demo.tty.code() {
            return case.judge(&mut demo.tty, code, &[]);
        }
        demo.tty.wait_until("raw keys", Tty::is_raw);
        Case::quits(&mut demo.tty);
        let code = demo.tty.ends();
        case.judge(&mut demo.tty, code, &[0])?;
        is_clean(&demo)
    });
}

/// A shell with jobs: says when its job stopped, and brings it back at Enter.
const SHELL: &str =
    r#"set -m; "$@"; echo "stopped: $?"; read -r enter; fg > fg.out; echo "left: $?""#;

/// The job of a shell, once it is there.
fn job_of(tty: &mut Tty) -> Pid {
    let shell = tty.pid().as_raw_nonzero();
    let path = format!("/proc/{shell}/task/{shell}/children");
    let child = || {
        let children = fs::read_to_string(&path).unwrap();
        Pid::from_raw(children.trim().parse().unwrap_or(0))
    };
    tty.wait_until("the job", |_| child().is_some());
    child().unwrap()
}

#[test]
fn sigtstp_and_sigcont() {
    every("SIGTSTP", |case, tty, number| {
        let folder = tempfile::tempdir().unwrap();
        let arguments = ["-c", SHELL, "sh", HOLDLINE, "demo"];
        let mut tty = tty.run(command("sh", &arguments, folder.path()));
        // A shell sets up its job first.
        tty.wait_until("a frame", |tty| !tty.bytes.is_empty());
        case.comes_to_its_moment(&mut tty);
        if number.is_multiple_of(2) {
            let job = job_of(&mut tty);
            kill_process(job, Signal::TSTP).unwrap();
        } else {
            tty.press("\x1a");
        }
        tty.wait_for("the shell", |s| s.contains("stopped: "));
        case.judge_above(&mut tty, 0, 0)?;
        tty.press("\n");
        tty.wait_for("the console again", |s| {
            s.starts_with(" holdline") && !s.contains("stopped: ")
        });
        case.types(&mut tty);
        Case::quits(&mut tty);
        let code = tty.ends();
        tty.wait_until_seen("left: 0");
        case.judge_above(&mut tty, code, 0)
    });
}

#[test]
fn resize_storm() {
    every("resizes", |case, tty, number| {
        let mut demo = Demo::on(tty, &[]);
        case.comes_to_its_moment(&mut demo.tty);
        for _ in 0..case.random.usize(20..120) {
            // What stood there before is not cut away by the emulator.
            let columns = case.random.u16(40..300);
            demo.tty.resize(columns, case.random.u16(8..120));
            match case.random.u8(..4) {
                0 if demo.tty.is_raw() => case.types_one(&mut demo.tty),
                1 => demo
                    .tty
                    .listen(Duration::from_micros(case.random.u64(..3_000))),
                _ => {}
            }
        }
        demo.tty.resize(case.size.0, case.size.1);
        let wanted = if number.is_multiple_of(2) {
            demo.tty.wait_until("raw keys", Tty::is_raw);
            Case::quits(&mut demo.tty);
            0
        } else {
            demo.tty.signal(Signal::TERM);
            143
        };
        let code = demo.tty.ends();
        case.judge(&mut demo.tty, code, &[wanted])?;
        if code == UNHEARD {
            return Ok(());
        }
        is_clean(&demo)
    });
}

/// Whoever panics, at whichever tick of the clock.
#[cfg(debug_assertions)]
#[test]
fn panic() {
    every("a panic", |case, tty, number| {
        let place = ["loop", "task", "thread"][number % 3];
        let mut demo = Demo::on(tty, &[("HOLDLINE_PANIC", place)]);
        demo.tty.wait_until("a frame", |tty| !tty.bytes.is_empty());
        case.types(&mut demo.tty);
        let code = demo.tty.ends();
        demo.tty
            .wait_until_seen("holdline met a mistake of its own at");
        if demo.tty.text().contains("on purpose") {
            return Err(demo.tty.text());
        }
        case.judge_above(&mut demo.tty, code, 101)
    });
}

/// As when the line of an SSH session is cut.
#[test]
fn the_line_is_cut() {
    every("a cut line", |case, tty, _| {
        let mut demo = Demo::on(tty, &[]);
        case.comes_to_its_moment(&mut demo.tty);
        let began = demo.tty.is_raw();
        demo.tty.vanish();
        match demo.tty.ends() {
            129 => is_clean(&demo),
            // It was not there yet, or found no terminal.
            UNHEARD | 2 if !began => Ok(()),
            code => Err(format!("it ended with {code}")),
        }
    });
}

/// Nobody reads for a while; the first one of a release for a whole minute.
#[test]
fn the_line_is_blocked() {
    let many = size("HOLDLINE_ENDINGS", 2);
    every("a blocked line", |case, tty, number| {
        let mut demo = Demo::on(tty, &[]);
        let tty = &mut demo.tty;
        case.comes_to_its_moment(tty);
        // What it would write before it has the terminal is no frame.
        tty.wait_until("raw keys", Tty::is_raw);
        tty.block();
        case.types(tty);
        let while_blocked = match number {
            0 if many >= 100 => Duration::from_mins(1),
            _ => Duration::from_millis(case.random.u64(..300)),
        };
        tty.listen(while_blocked);
        let wanted = match case.random.u8(..4) {
            0 => {
                tty.signal(Signal::TERM);
                143
            }
            1 => {
                tty.signal(Signal::HUP);
                129
            }
            way => {
                if way == 2 {
                    tty.unblock();
                }
                Case::quits(tty);
                0
            }
        };
        let code = tty.ends();
        tty.unblock();
        case.judge(tty, code, &[wanted])?;
        is_clean(&demo)
    });
}

/// A program as others are: raw keys, another screen, and no care for signals.
#[test]
fn control_one_that_undoes_nothing_is_found_out() {
    let (case, tty) = Case::new("control", 0);
    let folder = tempfile::tempdir().unwrap();
    let enter = r"stty raw -echo; printf '\033[?1049h\033[?25l\033[?2004hready'; read -r x";
    let mut tty = tty.run(command("sh", &["-c", enter], folder.path()));
    tty.wait_for("its screen", |s| s.contains("ready"));
    tty.signal(Signal::TERM);
    let code = tty.ends();
    assert!(case.judge(&mut tty, code, &[code]).is_err());
    // And one that undoes all, but writes over what was there.
    let (case, tty) = Case::new("control", 1);
    let over = r"printf '\033[?1049h\033[?1049l\033[1;1Hover\033[4;1H'";
    let mut tty = tty.run(command("sh", &["-c", over], folder.path()));
    let code = tty.ends();
    assert_eq!(code, 0);
    let found = case.judge(&mut tty, code, &[0]);
    assert!(found.is_err_and(|what| what.contains("over")));
}
