//! A line of ten kilobytes a second while everything changes all the time:
//! what is on the screen stays young, keys are answered, memory stays flat.
//! Who queues frames instead falls behind on the same line: the control.

use std::{
    fs::{File, read_to_string},
    io::{self, Read, Write},
    path::Path,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use holdline::{
    app::{Msg, State, update},
    domain::{
        board::Board,
        caller::{Caller, CallerState, Party},
        entry::{Change, Departure, Entry, What},
        site::{Queue, Site, Vendor},
        time::At,
    },
    runtime::{outlet::Outlet, screen::Screen},
};
use jiff::tz::TimeZone;
use portable_pty::{MasterPty, PtySize, SlavePty, native_pty_system};
use ratatui::layout::Size;
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

use crate::{
    program::{HOLDLINE, command},
    tty::LEAVING,
};

const RATE: u32 = 10_000;
/// Read so often, a share of the rate each time.
const STEP: Duration = Duration::from_millis(20);
const STORM: Duration = Duration::from_secs(8);
/// What the line held before its speed was known, a frame, and a busy machine.
const OLDEST: Duration = Duration::from_secs(3);
const SIZE: Size = Size {
    width: 120,
    height: 36,
};
const END: &[u8] = b"\x1b[?2026l";

/// A pseudo-terminal that is read at ten kilobytes a second.
struct SlowLine {
    master: Box<dyn MasterPty + Send>,
    slave: Box<dyn SlavePty + Send>,
    came: Receiver<Vec<u8>>,
    _reading: Sender<()>,
}

impl SlowLine {
    fn new() -> Self {
        let size = PtySize {
            rows: SIZE.height,
            cols: SIZE.width,
            ..PtySize::default()
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let (tell, came) = channel();
        let (reading, stopped) = channel();
        let reader = pair.master.try_clone_reader().unwrap();
        thread::spawn(move || read_slowly(reader, &tell, &stopped));
        Self {
            master: pair.master,
            slave: pair.slave,
            came,
            _reading: reading,
        }
    }

    /// The end that is written to; what is written arrives as it is.
    fn terminal(&self) -> File {
        let name = self.master.tty_name().unwrap();
        let file = File::options().write(true).open(name).unwrap();
        let mut raw = tcgetattr(&file).unwrap();
        raw.make_raw();
        tcsetattr(&file, OptionalActions::Now, &raw).unwrap();
        file
    }
}

fn read_slowly(mut from: Box<dyn Read + Send>, tell: &Sender<Vec<u8>>, stopped: &Receiver<()>) {
    let share = RATE * u32::try_from(STEP.as_millis()).unwrap() / 1_000;
    let mut bytes = vec![0; share as usize];
    let mut due = Instant::now();
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        tell.send(bytes[..count].to_vec()).ok();
        due = (due + STEP).max(Instant::now());
        let pause = due.saturating_duration_since(Instant::now()).max(STEP);
        if stopped.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
            break;
        }
    }
}

/// What the far end sees, frame by frame.
struct FarEnd {
    emulator: vt100::Parser,
    pending: Vec<u8>,
    frames: usize,
    oldest: Duration,
}

impl FarEnd {
    fn new() -> Self {
        Self {
            emulator: vt100::Parser::new(SIZE.height, SIZE.width, 0),
            pending: Vec::new(),
            frames: 0,
            oldest: Duration::ZERO,
        }
    }

    fn read(&mut self, bytes: &[u8]) {
        self.pending.extend(bytes);
        let end = |pending: &[u8]| pending.windows(END.len()).position(|w| w == END);
        while let Some(at) = end(&self.pending) {
            let frame: Vec<u8> = self.pending.drain(..at + END.len()).collect();
            self.emulator.process(&frame);
            self.frames += 1;
            self.oldest = self.oldest.max(self.age());
        }
    }

    /// How far the clock on screen is behind, to the second.
    fn age(&self) -> Duration {
        let head = self.emulator.screen().rows(0, SIZE.width).next().unwrap();
        let clock = head.split_whitespace().next_back().unwrap();
        let parts: Vec<u64> = clock.split(':').map(|part| part.parse().unwrap()).collect();
        let shown = (parts[0] * 60 + parts[1]) * 60 + parts[2];
        let now = u64::try_from(now().0).unwrap() / 1_000 % 86_400;
        // Over midnight the clock on screen may be of yesterday.
        Duration::from_secs((now + 86_400 - shown) % 86_400)
    }
}

/// A console in which everything changes all the time.
struct Storm {
    state: State,
    seq: u64,
}

impl Storm {
    fn new() -> Self {
        let queue = Queue {
            id: "q".into(),
            name: "support".into(),
            service_level: Duration::from_secs(20),
            critical: Duration::from_mins(5),
        };
        let site = Site {
            name: "aarhus".into(),
            vendor: Vendor::TelecomX,
            queues: vec![queue],
            country: None,
            people: holdline::domain::site::People::default(),
        };
        let mut storm = Self {
            state: State::new(vec![site], Board::new(TimeZone::UTC), now(), SIZE),
            seq: 0,
        };
        storm.callers(60);
        storm
    }

    /// So many come, and those who came first go.
    fn callers(&mut self, count: u64) {
        let first = self.seq;
        let entry = |seq: u64, change| Entry {
            seq,
            at: now(),
            site: "aarhus".into(),
            what: What::Change(change),
        };
        let mut entries = Vec::new();
        for i in 0..count {
            self.seq += 1;
            let caller = caller(self.seq);
            let queue = "q".into();
            entries.push(entry(self.seq, Change::Entered { queue, caller }));
            let Some(gone) = (first + i).checked_sub(120) else {
                continue;
            };
            self.seq += 1;
            let change = Change::Gone {
                queue: "q".into(),
                id: gone.to_string().as_str().into(),
                how: Departure::Answered,
                waited: None,
            };
            entries.push(entry(self.seq, change));
        }
        update(&mut self.state, Msg::Clock(now()));
        update(&mut self.state, Msg::Entries(entries));
    }
}

fn caller(i: u64) -> Caller {
    let waits = i64::try_from(i * 7_919 % 900).unwrap();
    Caller {
        id: i.to_string().as_str().into(),
        state: CallerState::Queued,
        party: Party::Open {
            number: Some(format!("+45{}", 20_000_000 + i * 104_729 % 80_000_000).into()),
            name: Some(format!("{:x} & Søn", i * 2_654_435_761 % 4_294_967_291).into()),
        },
        entered: Some(now().shift(-1_000 * waits)),
        answered: None,
        presentation: Some("+4570305050".into()),
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    }
}

fn now() -> At {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    At(i64::try_from(since.as_millis()).unwrap())
}

/// Draws through `outlet` whenever it is free while the storm lasts; what the
/// far end saw.
fn draw_in_a_storm(line: &SlowLine, outlet: &Outlet) -> FarEnd {
    let mut screen = Screen::new(SIZE, outlet.clone(), b"").unwrap();
    let (mut storm, mut far) = (Storm::new(), FarEnd::new());
    let until = Instant::now() + STORM;
    while Instant::now() < until {
        storm.callers(5);
        let held = outlet.holds_until(false);
        if outlet.is_free() && held.is_none_or(|until| until <= Instant::now()) {
            screen.draw(&storm.state).unwrap();
        }
        if let Ok(bytes) = line.came.recv_timeout(Duration::from_millis(16)) {
            far.read(&bytes);
        }
    }
    far
}

#[test]
fn a_slow_line_never_falls_behind() {
    let line = SlowLine::new();
    let outlet = Outlet::start(line.terminal()).unwrap();
    let far = draw_in_a_storm(&line, &outlet);
    assert!(far.frames > 8, "{} frames", far.frames);
    assert!(far.oldest <= OLDEST, "{:?} old", far.oldest);
}

#[cfg(target_os = "linux")]
#[test]
fn where_reading_is_told_nothing_is_old_even_at_first() {
    let line = SlowLine::new();
    let terminal = line.terminal();
    let receipts = holdline::runtime::receipts::Receipts::of(&terminal).unwrap();
    let outlet = Outlet::told_by(receipts, terminal).unwrap();
    let far = draw_in_a_storm(&line, &outlet);
    assert!(far.frames > 8, "{} frames", far.frames);
    // Of which the clock, that shows whole seconds, is one.
    assert!(far.oldest <= Duration::from_secs(1), "{:?} old", far.oldest);
}

#[test]
fn who_queues_frames_falls_behind_on_the_same_line() {
    /// Takes everything at once.
    struct Queue(Sender<Vec<u8>>);
    impl Write for Queue {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let line = SlowLine::new();
    let (queue, queued) = channel::<Vec<u8>>();
    let mut terminal = line.terminal();
    thread::spawn(move || queued.iter().try_for_each(|f| terminal.write_all(&f)));
    let far = draw_in_a_storm(&line, &Outlet::start(Queue(queue)).unwrap());
    assert!(far.oldest > OLDEST, "only {:?} old", far.oldest);
}

#[test]
fn the_program_on_a_slow_line_stays_small_and_leaves_at_once() {
    let line = SlowLine::new();
    let folder = tempfile::tempdir().unwrap();
    let demo = command(HOLDLINE, &["demo"], folder.path());
    let mut child = line.slave.spawn_command(demo).unwrap();
    let status = format!("/proc/{}/status", child.process_id().unwrap());
    let mut keyboard = line.master.take_writer().unwrap();
    let mut far = FarEnd::new();
    let mut read_for = |time: Duration| {
        let until = Instant::now() + time;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            if let Ok(bytes) = line.came.recv_timeout(left) {
                far.emulator.process(&bytes);
            }
        }
        far.emulator.screen().contents()
    };
    assert!(read_for(Duration::from_secs(4)).contains("1 Callers"));
    let before = resident(&status);
    // Help and back, again and again: whole screens.
    for _ in 0..40 {
        keyboard.write_all(b"?").unwrap();
        read_for(Duration::from_millis(100));
    }
    let grown = resident(&status).saturating_sub(before);
    assert!(grown < 8_000, "{grown} KB more");
    keyboard.write_all(b"\x03").unwrap();
    let asked = Instant::now();
    let (tell, ended) = channel();
    thread::spawn(move || tell.send(child.wait().unwrap().exit_code()));
    while asked.elapsed() < LEAVING {
        read_for(STEP);
        if let Ok(code) = ended.try_recv() {
            assert_eq!(code, 0);
            assert!(!Path::new(&status).exists());
            return;
        }
    }
    panic!("still there after {LEAVING:?}");
}

/// Kilobytes that the program has resident.
fn resident(status: &str) -> u64 {
    let status = read_to_string(status).unwrap();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
