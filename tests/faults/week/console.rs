//! A console without a terminal: its state, fed from the journal as the
//! runtime feeds it, and drawn.

use holdline::{
    app::{Msg, State, update},
    collector,
    config::Config,
    domain::time::At,
    journal::Journal,
    ui,
    vendor::hook::Reader,
};
use ratatui::{Terminal, backend::TestBackend, layout::Size};

/// Entries handed over at once.
const CHUNK: usize = 1_000;
/// What is read back when a console is opened.
const RECENT: u64 = 500;

pub struct Console {
    reader: Reader,
    state: State,
    terminal: Terminal<TestBackend>,
}

impl Console {
    pub fn open(config: &Config, journal: &Journal, now: At) -> Self {
        let reader = Reader::new(&config.all_sites());
        let zone = config.console.time_zone.clone();
        let board = collector::board(journal, zone, &reader).unwrap();
        let size = Size::new(160, 50);
        let mut state = State::new(config.domain_sites(), board, now, size);
        let upto = state.board.upto();
        let mut recent = journal.read(upto.saturating_sub(RECENT), CHUNK).unwrap();
        recent.retain(|entry| entry.seq <= upto);
        reader.read_all(&mut recent);
        state.recall(recent);
        let terminal = Terminal::new(TestBackend::new(size.width, size.height)).unwrap();
        Self {
            reader,
            state,
            terminal,
        }
    }

    /// Takes in what came since, and shows it; how many entries that was.
    pub fn follow(&mut self, journal: &Journal, now: At) -> usize {
        let mut read = 0;
        loop {
            let mut entries = journal.read(self.state.board.upto(), CHUNK).unwrap();
            if entries.is_empty() {
                break;
            }
            read += entries.len();
            self.reader.read_all(&mut entries);
            update(&mut self.state, Msg::Entries(entries));
        }
        update(&mut self.state, Msg::Feeds(journal.feeds().unwrap()));
        update(&mut self.state, Msg::Clock(now));
        self.terminal
            .draw(|frame| ui::draw(&self.state, frame))
            .unwrap();
        read
    }

    /// What it shows, whole, as JSON: not as a tree of it, which would be most
    /// of what the process ever keeps in memory.
    pub fn board(&self) -> String {
        serde_json::to_string(&self.state.board.checkpoint()).unwrap()
    }
}
