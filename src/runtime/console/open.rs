//! What a console begins with: the last state at once, then all who work for
//! it. And how it is left: nothing that was done is lost.

use std::time::Duration;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};

use super::{Console, ConsoleError, Entries, Options, Troubles, VANISHED};
use crate::{
    app::{Msg, State, memory::Memory, pane::PaneId, update},
    collector,
    config::Site,
    domain::{
        entry::{Entry, Seq},
        phone,
    },
    journal::{Journal, JournalError},
    runtime::{
        collect::{self, Setup},
        injectors::Injectors,
        leaving,
        lists::Lists,
        memory::Keeper,
        phones::{self, Phones},
        recorder::Recorder,
        say,
        seat::Seat,
        signals::{Endings, Shell},
        terminal,
    },
    vendor::hook::Reader,
};

/// How long an answer of a vendor may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Pages of callback lists that wait to be shown; who reads on waits for room.
const PAGES: usize = 16;
/// Entries that are read back when a console is opened.
const RECENT: Seq = 500;
const RECENT_ROWS: usize = 500;

/// Runs a console until it is left; answers the exit code.
///
/// # Errors
/// There is no terminal, or the journal cannot be read.
pub async fn run(options: Options) -> Result<u8, ConsoleError> {
    terminal::end_on_panic(options.log.clone());
    let mut endings = Endings::listen()?;
    let mut shell = Shell::listen()?;
    let reader = Reader::new(&options.config.all_sites());
    let board = {
        let zone = options.config.console.time_zone.clone();
        collector::board(&options.journal, zone, &reader)?
    };
    let feeds = options.journal.feeds()?;
    let mut seat = Seat::take()?;
    let now = (options.clock)();
    let sites = options.config.domain_sites();
    let mut state = State::new(sites, board, now, terminal::size());
    equip(&mut state, &options);
    state.calls_made = phones::calls_lately(&options.journal, now)?;
    let keeper = Keeper::new(options.memory.clone());
    keeper.kept().restore(&mut state);
    update(&mut state, Msg::Feeds(feeds));
    state.recall(recent(&options.journal, state.board.upto(), &reader)?);
    // The last state needs nobody: all else begins once it is on its way.
    if seat.draw(&state).is_err() {
        return Ok(VANISHED);
    }
    if state.is_live(PaneId::Callbacks) {
        // Lists are full of numbers; the tables for them take their time.
        tokio::task::spawn_blocking(phone::warm);
    }
    let journal = options.journal.clone();
    let (mut console, collecting) = staffed(options, seat, state, keeper, reader);
    let code = console.run(&mut endings, &mut shell).await;
    leave(code, console, collecting, journal).await;
    Ok(code)
}

/// What the console knows from its options alone.
fn equip(state: &mut State, options: &Options) {
    let sites = &options.config.sites;
    state.look = options.look;
    state.read_only = options.read_only;
    state.me = options.me.clone();
    let targets = sites.iter().filter_map(Site::injects);
    let speakers = say::speakers(&options.config);
    state.inject.aim(targets.collect(), speakers);
    state.inject.presets.clone_from(&options.presets.all);
    state.inject.broken.clone_from(&options.presets.broken);
    state.dialling = sites.iter().filter_map(Site::dials).collect();
    state.views.clone_from(&options.views);
    state.bell.on = options.bell;
}

/// The entries before the first news, for who wants to read back a little.
fn recent(journal: &Journal, upto: Seq, reader: &Reader) -> Result<Vec<Entry>, JournalError> {
    let mut entries = journal.read(upto.saturating_sub(RECENT), RECENT_ROWS)?;
    entries.retain(|entry| entry.seq <= upto);
    reader.read_all(&mut entries);
    Ok(entries)
}

/// Who collects, and what tells them to stop.
struct Collecting {
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

/// The console with all who work for it.
fn staffed(
    options: Options,
    seat: Seat,
    state: State,
    keeper: Keeper,
    reader: Reader,
) -> (Console, Collecting) {
    let Options {
        config,
        journal,
        clock,
        me,
        read_only,
        presets,
        ..
    } = options;
    let (order, orders) = mpsc::channel(8);
    let (say, said) = mpsc::unbounded_channel();
    let (tell, told) = mpsc::channel(PAGES);
    let (note, noted) = mpsc::unbounded_channel();
    let (stop, stopping) = watch::channel(false);
    let setup = Setup {
        config: config.clone(),
        journal: journal.clone(),
        clock: clock.clone(),
        deadline: DEADLINE,
    };
    let work = tokio::spawn(collect::run(setup, orders, say, stopping));
    let who = phones::Who {
        name: me.clone(),
        read_only,
    };
    let console = Console {
        seat: Some(seat),
        news: journal.news(state.board.upto()),
        entries: Entries::new(reader),
        state,
        keeper,
        order,
        said,
        lists: Lists::new(&config, DEADLINE, &clock, tell.clone()),
        tell,
        told,
        presets: presets.folder,
        injectors: Injectors::new(&config, DEADLINE, journal.clone(), &clock, me, note.clone()),
        phones: Phones::new(
            &config,
            DEADLINE,
            journal.clone(),
            &clock,
            who,
            note.clone(),
        ),
        recorder: Recorder::start(journal, note.clone()),
        clock,
        note,
        noted,
        troubles: Troubles::default(),
        dirty: false,
    };
    (console, Collecting { stop, work })
}

/// Gives the terminal back, then puts on record what was done last, and lets
/// the collector save what it knows.
async fn leave(code: u8, console: Console, collecting: Collecting, journal: Journal) {
    let owed = console.recorder.owed();
    leaving::owing(code, owed.clone());
    if let Some(seat) = console.seat {
        seat.give_back().await;
    }
    let mut keeper = console.keeper;
    if let Some(write) = keeper.keep_last(Memory::of(&console.state)) {
        write();
    }
    let _ = collecting.stop.send(true);
    console.recorder.finish().await;
    let _ = collecting.work.await;
    let _ = journal.flush().await;
    leaving::say(owed.words().as_deref());
}
