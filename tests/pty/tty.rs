//! A terminal for a program under test: a pseudo-terminal whose other end is
//! held here, so that its settings can be compared and its queue filled.

use std::{
    io::{Read, Write},
    path::Path,
    sync::{
        Arc, Condvar, Mutex,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use portable_pty::{CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fd::OwnedFd,
    fs::{Mode, OFlags, open},
    io::Errno,
    process::{Pid, Signal, kill_process},
    termios::tcgetattr,
};

use crate::restored;

/// For whatever has to happen; long, for a machine that is busy otherwise.
pub const DEADLINE: Duration = Duration::from_secs(20);
/// Two seconds, and as much again for a machine that is busy otherwise.
pub const LEAVING: Duration = Duration::from_secs(4);
/// Between two looks at what makes no sound.
const LOOK: Duration = Duration::from_millis(20);

/// What becomes known of the program.
enum Told {
    Wrote(Vec<u8>),
    /// Nobody reads any more, as asked.
    Parked,
    /// All of the program's ends are closed.
    Closed,
    Ended(u32),
}

/// The terminal, with one program in it.
pub struct Tty {
    master: Option<Box<dyn MasterPty + Send>>,
    keyboard: Option<Box<dyn Write + Send>>,
    program_end: Option<Box<dyn SlavePty + Send>>,
    /// The program's end, once more and never waiting.
    line: OwnedFd,
    before: String,
    told: Receiver<Told>,
    tell: Sender<Told>,
    reading: Arc<Reading>,
    parked: bool,
    /// Everything that the program wrote.
    pub bytes: Vec<u8>,
    emulator: vt100::Parser,
    pid: Option<Pid>,
    code: Option<u32>,
}

#[derive(Default)]
struct Reading {
    what: Mutex<What>,
    changed: Condvar,
}

#[derive(Clone, Copy, Default, PartialEq)]
enum What {
    #[default]
    On,
    Pause,
    Stop,
}

impl Tty {
    /// A terminal of this size.
    pub fn new(columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).unwrap();
        let name = pair.master.tty_name().unwrap();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let line = open(&name, flags, Mode::empty()).unwrap();
        let (tell, told) = channel();
        let reading = Arc::<Reading>::default();
        let reader = pair.master.try_clone_reader().unwrap();
        thread::spawn({
            let (tell, reading) = (tell.clone(), reading.clone());
            move || read(reader, &tell, &reading)
        });
        Self {
            before: settings(&line),
            keyboard: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            program_end: Some(pair.slave),
            line,
            told,
            tell,
            reading,
            parked: false,
            bytes: Vec::new(),
            emulator: vt100::Parser::new(rows, columns, 0),
            pid: None,
            code: None,
        }
    }

    /// Starts the program, as the leader of the terminal's session.
    pub fn run(mut self, command: CommandBuilder) -> Self {
        let mut child = self
            .program_end
            .take()
            .unwrap()
            .spawn_command(command)
            .unwrap();
        self.pid = child
            .process_id()
            .and_then(|pid| Pid::from_raw(pid.cast_signed()));
        let tell = self.tell.clone();
        thread::spawn(move || {
            let code = child.wait().unwrap().exit_code();
            tell.send(Told::Ended(code)).ok();
        });
        self
    }

    /// The program's process.
    pub fn pid(&self) -> Pid {
        self.pid.unwrap()
    }

    /// The screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.emulator.screen()
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        self.screen().contents()
    }

    /// Waits until the screen is as wanted.
    pub fn wait_for(&mut self, what: &str, is_there: impl Fn(&str) -> bool) {
        self.wait_until(what, |tty| is_there(&tty.text()));
    }

    /// Waits until something is as wanted.
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + DEADLINE;
        while !is_so(self) {
            assert!(
                Instant::now() < until && self.code.is_none(),
                "waited for {what}; ended: {:?}; the screen:\n{}",
                self.code,
                self.text()
            );
            self.hear(LOOK);
        }
    }

    /// Waits until this is on the screen of a program that may have ended.
    pub fn wait_until_seen(&mut self, what: &str) {
        let until = Instant::now() + DEADLINE;
        while !self.text().contains(what) {
            assert!(Instant::now() < until, "no {what:?} in:\n{}", self.text());
            self.hear(LOOK);
        }
    }

    /// Takes in what is written, for so long or until it ends.
    pub fn listen(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if self.code.is_some() || left.is_zero() {
                return;
            }
            self.hear(left);
        }
    }

    /// Takes in what is written until something is so, or it has ended.
    pub fn listen_until(&mut self, is_so: impl Fn(&Self) -> bool) {
        let until = Instant::now() + DEADLINE;
        while !is_so(self) && self.code.is_none() && Instant::now() < until {
            self.hear(LOOK);
        }
    }

    /// Its exit code, if it is known to have ended.
    pub fn code(&self) -> Option<u32> {
        self.code
    }

    /// Shows this as somebody else's, before the program or beside it.
    pub fn shows(&mut self, text: &str) {
        let mark = self.bytes.len();
        rustix::io::write(&self.line, text.as_bytes()).unwrap();
        let last = text.trim_end().rsplit(' ').next().unwrap().to_owned();
        self.wait_for("what is shown", |screen| screen.contains(&last));
        self.bytes.truncate(mark);
    }

    /// Takes in all that was written so far, however long its way is.
    pub fn drain(&mut self) {
        const END: &[u8] = b"\x1b_all of it\x1b\\";
        let until = Instant::now() + DEADLINE;
        let mut rest = END;
        while !rest.is_empty() {
            assert!(Instant::now() < until, "nobody reads it");
            match rustix::io::write(&self.line, rest) {
                Ok(count) => rest = &rest[count..],
                Err(Errno::AGAIN) => self.hear(LOOK),
                Err(error) => panic!("{error}"),
            }
        }
        let is_there = |bytes: &[u8]| bytes.windows(END.len()).position(|w| w == END);
        while is_there(&self.bytes).is_none() {
            assert!(Instant::now() < until, "nobody reads it");
            self.hear(LOOK);
        }
        self.bytes.truncate(self.bytes.len() - END.len());
    }

    /// Whether settings, modes and cursor are as they were, once all that was
    /// written is taken in.
    pub fn left(&self) -> Result<(), String> {
        if settings(&self.line) != self.before {
            return Err("the settings are others".to_owned());
        }
        restored::check(self.screen(), &self.bytes)
    }

    /// Takes in what becomes known next.
    fn hear(&mut self, patience: Duration) {
        match self.told.recv_timeout(patience) {
            Ok(Told::Wrote(bytes)) => {
                self.emulator.process(&bytes);
                self.bytes.extend(bytes);
            }
            Ok(Told::Ended(code)) => self.code = Some(code),
            Ok(Told::Parked | Told::Closed) => self.parked = true,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => unreachable!("a sender is held here"),
        }
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.keyboard
            .as_mut()
            .unwrap()
            .write_all(keys.as_bytes())
            .unwrap();
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Makes the terminal as large as this.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        // Cut at once, as real terminals do: a frame that relies on what was
        // there before would be seen.
        let (shown_columns, shown_rows) = match (columns, rows) {
            (0, 0) => (80, 24),
            given => given,
        };
        self.emulator
            .screen_mut()
            .set_size(shown_rows, shown_columns);
        let master = self.master.as_ref().unwrap();
        master.resize(size(columns, rows)).unwrap();
    }

    /// Nobody reads any more, and the queue to whoever would is full.
    pub fn block(&mut self) {
        *self.reading.what.lock().unwrap() = What::Pause;
        // Terminals skip it, wherever it comes.
        rustix::io::write(&self.line, &[0]).ok();
        self.wait_until("the reader to pause", |tty| tty.parked);
        // Until it stays full: the system moves things on for a while.
        while self.has_room() {
            match rustix::io::write(&self.line, &[0; 4096]) {
                Ok(_) | Err(Errno::AGAIN) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Whether more can be written to the terminal.
    pub fn has_room(&self) -> bool {
        let mut line = [PollFd::new(&self.line, PollFlags::OUT)];
        let patience = Timespec {
            tv_sec: 0,
            tv_nsec: 100_000_000,
        };
        poll(&mut line, Some(&patience)).unwrap() > 0
    }

    /// Somebody reads again.
    pub fn unblock(&mut self) {
        self.parked = false;
        self.read_on(What::On);
    }

    fn read_on(&mut self, what: What) {
        *self.reading.what.lock().unwrap() = what;
        self.reading.changed.notify_all();
    }

    /// The terminal is gone: nobody holds its end any more.
    pub fn vanish(&mut self) {
        self.read_on(What::Stop);
        rustix::io::write(&self.line, b" ").ok();
        self.wait_until("the reader to stop", |tty| tty.parked);
        self.keyboard = None;
        self.master = None;
    }

    /// Waits until the program is gone; answers its exit code.
    pub fn ends(&mut self) -> u32 {
        let since = Instant::now();
        while self.code.is_none() {
            self.hear(LOOK);
            assert!(
                since.elapsed() < LEAVING,
                "still there; the screen:\n{}",
                self.text()
            );
        }
        let gone = Path::new("/proc").join(self.pid().as_raw_nonzero().to_string());
        assert!(!gone.exists(), "{} is still there", gone.display());
        self.code.unwrap()
    }

    /// Waits until the terminal is as it was before, as far as the program
    /// goes: settings, screen, cursor, modes.
    pub fn is_as_before(&mut self) {
        assert_eq!(settings(&self.line), self.before, "the settings");
        let until = Instant::now() + DEADLINE;
        while let Err(what) = restored::check(self.screen(), &self.bytes) {
            assert!(Instant::now() < until, "{what}");
            self.hear(LOOK);
        }
    }

    /// Whether each key reaches the program as it is typed.
    pub fn is_raw(&self) -> bool {
        settings(&self.line) != self.before
    }
}

/// All settings of a terminal, to compare.
fn settings(terminal: &OwnedFd) -> String {
    format!("{:#?}", tcgetattr(terminal).unwrap())
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        ..PtySize::default()
    }
}

fn read(mut from: Box<dyn Read + Send>, tell: &Sender<Told>, reading: &Reading) {
    let mut bytes = vec![0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        tell.send(Told::Wrote(bytes[..count].to_vec())).ok();
        let mut what = reading.what.lock().unwrap();
        if *what == What::Pause {
            tell.send(Told::Parked).ok();
        }
        what = reading
            .changed
            .wait_while(what, |what| *what == What::Pause)
            .unwrap();
        if *what == What::Stop {
            break;
        }
    }
    drop(from);
    tell.send(Told::Closed).ok();
}
