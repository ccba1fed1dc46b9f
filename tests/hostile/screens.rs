//! The real screens, drawn by the real hand, with such text in every field.

use std::{
    io::{self, Write},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
};

use holdline::{
    app::{
        Command, Msg, State,
        callbacks::list::{ListNews, Progress},
        overlay::Overlay,
        pane::PaneId,
        update, window,
    },
    domain::{
        board::Board,
        callback::{Callback, Status},
        caller::{Caller, CallerState, Party, Raw},
        entry::{Change, Entry, What},
        fault::{Fault, FaultKind},
        feed::{FeedHealth, FeedId, FeedKind},
        filter::Filters,
        site::{Queue, Site, Vendor},
        time::At,
    },
    runtime::{outlet::Outlet, screen::Screen},
};
use jiff::tz::TimeZone;
use proptest::{prelude::*, sample};
use ratatui::{
    Terminal,
    backend::TestBackend,
    buffer::Buffer,
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    layout::{Rect, Size},
};
use serde_json::json;

use crate::{terminal::wrong, words};

/// So many strings make a screen.
pub const AT_ONCE: usize = 20;
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 50)];
/// What is opened: `\u{1}` pastes the first string, a key is its letter.
const SCRIPTS: [&str; 14] = [
    "", "e", "1>", "1?", "1y", "1Y", "1w", "1i", "1/\u{1}", "1:", "3", "3>", "3n\u{1}", "3v",
];

const NOW: At = At(1_772_460_207_000);

fn site(name: &str, vendor: Vendor, queue_name: &str) -> Site {
    let text = json!({ "name": queue_name });
    let queue = Queue {
        id: "q".into(),
        name: text["name"].as_str().unwrap().into(),
        service_level: std::time::Duration::from_secs(20),
        critical: std::time::Duration::from_mins(1),
    };
    Site {
        name: name.into(),
        vendor,
        queues: vec![queue],
        country: None,
        people: holdline::domain::site::People::default(),
    }
}

fn caller(at: usize, text: &dyn Fn(usize) -> Arc<str>) -> Caller {
    let name = text(at);
    Caller {
        id: format!("{at} {}", text(at + 1)).as_str().into(),
        state: match at % 3 {
            0 => CallerState::Queued,
            1 => CallerState::Vip,
            _ => CallerState::Other(text(at + 2)),
        },
        party: Party::Open {
            number: Some(text(at + 3)),
            name: Some(name.clone()),
        },
        entered: Some(NOW.shift(-7_000 * i64::try_from(at).unwrap())),
        answered: (at % 5 == 4).then_some(NOW),
        presentation: Some(text(at + 4)),
        answered_by_extension: Some(text(at + 5)),
        answered_by_number: Some(text(at + 6)),
        raw: Some(Raw::new(
            &json!({ "name": *name, &*text(at + 7): 1 }).to_string(),
        )),
    }
}

fn callback(at: usize, text: &dyn Fn(usize) -> Arc<str>) -> Callback {
    let raw = json!({ "name": *text(at) }).to_string();
    Callback {
        status: Some(Status::Pending),
        number: Some(text(at + 1)),
        name: Some(text(at)),
        campaign: Some(text(at + 2)),
        assign_type: Some(text(at + 3)),
        assigned_to: Some(text(at + 4)),
        outbound_type: Some(text(at + 5)),
        attend_type: Some(text(at + 6)),
        dnid: Some(text(at + 7)),
        external_id: Some(text(at + 8)),
        priority: Some(text(at + 9)),
        schedule: Some(NOW.shift(-60_000 * i64::try_from(at).unwrap())),
        extra: vec![(text(at + 10), Raw::new(&raw))],
        raw: Some(Raw::new(&raw)),
        ..Callback::new("outbound".into(), at.to_string().as_str().into())
    }
}

/// A console with these strings in all its fields.
pub fn console(strings: &[String]) -> State {
    let text = |at: usize| Arc::<str>::from(strings[at % strings.len()].as_str());
    let sites = vec![
        site("aarhus", Vendor::TelecomX, &text(3)),
        site("outbound", Vendor::While1, &text(4)),
    ];
    let mut state = State::new(sites, Board::new(TimeZone::UTC), NOW, Size::new(120, 36));
    state.me = text(1);
    state.views = vec![(text(2).to_string(), Filters::default())];
    let entry = |at: usize| Entry {
        seq: at as u64 + 1,
        at: NOW,
        site: "aarhus".into(),
        what: What::Change(Change::Entered {
            queue: "q".into(),
            caller: caller(at, &text),
        }),
    };
    update(&mut state, Msg::Entries((0..12).map(entry).collect()));
    let feed = FeedId {
        site: "aarhus".into(),
        kind: FeedKind::Callers("q".into()),
    };
    let mut health = FeedHealth::new(std::time::Duration::from_secs(2));
    health.answered(NOW);
    health.failed(NOW, Fault::new(FaultKind::Auth, &*text(5), &*text(6)));
    update(&mut state, Msg::Feeds(vec![(feed, health)]));
    state.focus = PaneId::Callbacks;
    let asked = update(&mut state, Msg::Clock(NOW));
    let generation = asked.iter().find_map(|command| match command {
        Command::List { generation, .. } => Some(*generation),
        _ => None,
    });
    let rows = (0..12).map(|at| callback(at, &text)).collect();
    let what = Progress::Done {
        rows,
        note: Some(text(7).to_string()),
    };
    let news = ListNews {
        site: "outbound".into(),
        generation: generation.unwrap(),
        what,
    };
    update(&mut state, Msg::List(news));
    assert_eq!(state.callers.rows.len(), 12);
    state
}

/// Opens what a script says.
pub fn open(state: &mut State, script: &str, pasted: &str) {
    for c in script.chars() {
        let code = match c {
            '>' => KeyCode::Enter,
            c => KeyCode::Char(c),
        };
        let modifiers = if c.is_ascii_uppercase() {
            KeyModifiers::SHIFT
        } else {
            KeyModifiers::NONE
        };
        match c {
            '\u{1}' => update(state, Msg::Paste(pasted.to_owned())),
            _ => update(state, Msg::Key(KeyEvent::new(code, modifiers))),
        };
    }
}

/// The buffer that a state is drawn on.
pub fn drawn(state: &State) -> Buffer {
    let backend = TestBackend::new(state.size.width, state.size.height);
    let mut terminal = Terminal::new(backend).unwrap();
    terminal
        .draw(|frame| holdline::ui::draw(state, frame))
        .unwrap();
    terminal.backend().buffer().clone()
}

struct Line(Sender<Vec<u8>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The bytes that reach a terminal.
pub struct Writer {
    screen: Screen,
    outlet: Outlet,
    written: Receiver<Vec<u8>>,
    runtime: tokio::runtime::Runtime,
}

impl Writer {
    pub fn new(size: Size) -> Self {
        let (tell, written) = channel();
        let outlet = Outlet::start(Line(tell)).unwrap();
        Self {
            screen: Screen::new(size, outlet.clone(), b"").unwrap(),
            outlet,
            written,
            runtime: tokio::runtime::Builder::new_current_thread()
                .build()
                .unwrap(),
        }
    }

    /// A whole frame.
    pub fn frame(&mut self, state: &State) -> Vec<u8> {
        self.screen.anew();
        self.screen.draw(state).unwrap();
        assert!(self.runtime.block_on(self.outlet.free()));
        self.written.try_iter().collect::<Vec<_>>().concat()
    }
}

/// Whether a frame stands around a place, at its very columns.
fn is_framed(buffer: &Buffer, place: Rect, ascii: bool) -> Result<(), String> {
    let (line, corners) = if ascii {
        ("|", ["+"; 4])
    } else {
        ("│", ["╭", "╮", "╰", "╯"])
    };
    let (left, right) = (place.left(), place.right() - 1);
    let (top, bottom) = (place.top(), place.bottom() - 1);
    let sides = (top + 1..bottom).flat_map(|y| [(left, y, line), (right, y, line)]);
    let [a, b, c, d] = corners;
    let edges = [
        (left, top, a),
        (right, top, b),
        (left, bottom, c),
        (right, bottom, d),
    ];
    for (x, y, wanted) in sides.chain(edges) {
        let shown = buffer[(x, y)].symbol();
        if shown != wanted {
            return Err(format!("{shown:?} at {x},{y} instead of {wanted}"));
        }
    }
    Ok(())
}

/// All that is wrong with a state's screen.
pub fn faults(state: &State, writer: &mut Writer) -> Result<(), String> {
    let buffer = drawn(state);
    if let Some(what) = wrong(&writer.frame(state), &buffer) {
        return Err(what);
    }
    let ascii = state.look.ascii;
    if ascii
        && let Some(cell) = buffer
            .content()
            .iter()
            .find(|cell| !cell.symbol().is_ascii())
    {
        return Err(format!("{:?} without Unicode", cell.symbol()));
    }
    let framed = match (&state.overlay, window::window(state)) {
        (_, Some(window)) if window.framed => vec![window.place],
        (Overlay::None, _) => {
            let places = state.places().map(|places| places.panes);
            places
                .into_iter()
                .flatten()
                .map(|(_, place)| place)
                .collect()
        }
        _ => Vec::new(),
    };
    framed
        .into_iter()
        .try_for_each(|place| is_framed(&buffer, place, ascii))
}

/// The console with these strings, as a script leaves it.
fn opened(strings: &[String], (width, height): (u16, u16), script: &str, ascii: bool) -> State {
    let mut state = console(strings);
    state.look.ascii = ascii;
    update(&mut state, Msg::Resize(Size::new(width, height)));
    open(&mut state, script, &strings[0]);
    state
}

#[test]
fn every_known_nasty_on_every_screen() {
    for nasties in words::NASTIES.chunks(AT_ONCE) {
        let strings: Vec<String> = nasties.iter().map(|&nasty| nasty.to_owned()).collect();
        for size in SIZES {
            let mut writer = Writer::new(Size::new(size.0, size.1));
            for (script, ascii) in SCRIPTS.iter().flat_map(|s| [(s, false), (s, true)]) {
                let state = opened(&strings, size, script, ascii);
                let found = faults(&state, &mut writer);
                assert_eq!(found, Ok(()), "{size:?}, {script:?}, ascii {ascii}");
            }
        }
    }
}

proptest! {
    #![proptest_config(words::config(AT_ONCE))]

    #[test]
    fn any_mixture_on_any_screen(
        strings in prop::collection::vec(words::hostile(), AT_ONCE),
        size in sample::select(SIZES.as_slice()),
        script in sample::select(SCRIPTS.as_slice()),
        ascii in any::<bool>(),
    ) {
        let mut writer = Writer::new(Size::new(size.0, size.1));
        let state = opened(&strings, size, script, ascii);
        prop_assert_eq!(faults(&state, &mut writer), Ok(()), "{:?}", script);
    }
}
