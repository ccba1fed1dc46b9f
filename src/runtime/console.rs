//! The loop: what asks us to stop first, then keys, the clock and news; a
//! frame when something changed and the line is free, at most 60 a second.
//! The loop never waits for anything else.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use ratatui::crossterm::event::Event;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, sleep_until},
};

use super::{
    clipboard::{self, Way},
    clock,
    collect::{self, Order, Setup},
    export,
    injectors::Injectors,
    leaving,
    lists::Lists,
    memory::Keeper,
    phones::{self, Phones},
    presets::{self, Presets},
    recorder::Recorder,
    say,
    seat::{Heard, Seat},
    signals::{self, Endings, Said, Shell},
    terminal,
};
use crate::{
    app::{
        Answer, Command, Export, Msg, State, callbacks::list::ListNews, memory::Memory,
        pane::PaneId, state::Look, update,
    },
    collector,
    config::{Config, Site},
    domain::{
        entry::{Entry, NewEntry, Seq, What},
        filter::Filters,
        phone,
        preset::Preset,
        time::Clock,
        triage::Act,
    },
    journal::{Journal, JournalError, News, Watch},
    vendor::hook::Reader,
};

/// How long an answer of a vendor may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Between two looks into a journal that cannot be read.
const AFTER_TROUBLE: Duration = Duration::from_secs(2);
/// Pages of callback lists that wait to be shown; who reads on waits for room.
const PAGES: usize = 16;
/// Entries that are read back when a console is opened.
const RECENT: Seq = 500;
const RECENT_ROWS: usize = 500;
/// Entries are folded in for a while, then they wait for one another until
/// this is over: no frame would show them sooner.
const FOLD: Duration = Duration::from_millis(16);
/// Batches of entries that are folded in before. While nobody listened three
/// small ones were read, two on their way and one that waits for room; the
/// next has all that came since.
const BATCHES: u32 = 4;
/// The exit code when the terminal is gone: as by SIGHUP, which may not come.
const VANISHED: u8 = 129;

/// What a console is started with.
pub struct Options {
    /// The configuration.
    pub config: Arc<Config>,
    /// The journal.
    pub journal: Journal,
    /// The clock to live by: the system's, or a simulator's.
    pub clock: Clock,
    /// How it is drawn.
    pub look: Look,
    /// Whether it may change anything.
    pub read_only: bool,
    /// Who acts here.
    pub me: Arc<str>,
    /// Named filters of the callback list.
    pub views: Vec<(String, Filters)>,
    /// Events to begin with.
    pub presets: Presets,
    /// Where the log is, for the sentence after a panic.
    pub log: Option<PathBuf>,
    /// Whether the bell was asked for.
    pub bell: bool,
    /// Where to remember how the console was left; nowhere without one.
    pub memory: Option<PathBuf>,
}

/// Why a console could not run.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// No terminal, or one that cannot be set up.
    #[error("{0}; in scripts use `holdline callers`")]
    Terminal(#[from] io::Error),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Runs a console until it is left; answers the exit code.
pub async fn run(options: Options) -> Result<u8, ConsoleError> {
    terminal::end_on_panic(options.log.clone());
    let mut endings = Endings::listen()?;
    let mut shell = Shell::listen()?;
    let clock = options.clock.clone();
    let sites = options.config.domain_sites();
    let reader = Reader::new(&options.config.all_sites());
    let zone = options.config.console.time_zone.clone();
    let board = collector::board(&options.journal, zone, &reader)?;
    let feeds = options.journal.feeds()?;
    let mut seat = Seat::take()?;
    let mut state = State::new(sites, board, clock(), terminal::size());
    state.look = options.look;
    state.read_only = options.read_only;
    let me = options.me;
    state.me = me.clone();
    let targets = options.config.sites.iter().filter_map(Site::injects);
    let speakers = say::speakers(&options.config);
    state.inject.aim(targets.collect(), speakers);
    let presets = options.presets;
    state.inject.presets = presets.all;
    state.inject.broken = presets.broken;
    state.dialling = options
        .config
        .sites
        .iter()
        .filter_map(Site::dials)
        .collect();
    state.calls_made = phones::calls_lately(&options.journal, clock())?;
    state.views = options.views;
    state.bell.on = options.bell;
    let keeper = Keeper::new(options.memory);
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
    let (order, orders) = mpsc::channel(8);
    let (say, said) = mpsc::unbounded_channel();
    let (tell, told) = mpsc::channel(PAGES);
    let (note, noted) = mpsc::unbounded_channel();
    let (stop, stopping) = watch::channel(false);
    let setup = Setup {
        config: options.config.clone(),
        journal: options.journal.clone(),
        clock: clock.clone(),
        deadline: DEADLINE,
    };
    let collecting = tokio::spawn(collect::run(setup, orders, say, stopping));
    let mut console = Console {
        seat: Some(seat),
        news: options.journal.news(state.board.upto()),
        reader,
        state,
        keeper,
        clock,
        order,
        said,
        lists: Lists::new(&options.config, DEADLINE, &options.clock, tell),
        told,
        presets: presets.folder,
        injectors: Injectors::new(
            &options.config,
            DEADLINE,
            options.journal.clone(),
            &options.clock,
            me.clone(),
            note.clone(),
        ),
        phones: Phones::new(
            &options.config,
            DEADLINE,
            options.journal.clone(),
            &options.clock,
            phones::Who {
                name: me,
                read_only: options.read_only,
            },
            note.clone(),
        ),
        recorder: Recorder::start(options.journal.clone(), note.clone()),
        note,
        noted,
        deaf_until: None,
        folding: Folding {
            since: Instant::now(),
            batches: 0,
        },
        troubles: Troubles::default(),
        dirty: false,
    };
    let code = console.run(&mut endings, &mut shell).await;
    leave(code, console, &stop, collecting, options.journal).await;
    Ok(code)
}

/// The entries before the first news, for who wants to read back a little.
fn recent(journal: &Journal, upto: Seq, reader: &Reader) -> Result<Vec<Entry>, JournalError> {
    let mut entries = journal.read(upto.saturating_sub(RECENT), RECENT_ROWS)?;
    entries.retain(|entry| entry.seq <= upto);
    reader.read_all(&mut entries);
    Ok(entries)
}

/// Gives the terminal back, then puts on record what was done last, and lets
/// the collector save what it knows.
async fn leave(
    code: u8,
    console: Console,
    stop: &watch::Sender<bool>,
    collecting: JoinHandle<()>,
    journal: Journal,
) {
    let owed = console.recorder.owed();
    leaving::owing(code, owed.clone());
    if let Some(seat) = console.seat {
        seat.give_back().await;
    }
    let mut keeper = console.keeper;
    if let Some(write) = keeper.keep_last(Memory::of(&console.state)) {
        write();
    }
    let _ = stop.send(true);
    console.recorder.finish().await;
    let _ = collecting.await;
    let _ = journal.flush().await;
    leaving::say(owed.words().as_deref());
}

struct Console {
    /// `None` while the terminal is the shell's.
    seat: Option<Seat>,
    reader: Reader,
    state: State,
    keeper: Keeper,
    clock: Clock,
    order: mpsc::Sender<Order>,
    said: mpsc::UnboundedReceiver<Answer>,
    news: Watch,
    lists: Lists,
    told: mpsc::Receiver<ListNews>,
    injectors: Injectors,
    /// Where presets of the user's own are kept.
    presets: Option<PathBuf>,
    phones: Phones,
    recorder: Recorder,
    note: mpsc::UnboundedSender<Answer>,
    noted: mpsc::UnboundedReceiver<Answer>,
    /// Until when the journal is left alone: it cannot be read, or has just
    /// been.
    deaf_until: Option<Instant>,
    folding: Folding,
    troubles: Troubles,
    dirty: bool,
}

/// How many batches of entries were folded in since when.
struct Folding {
    since: Instant,
    batches: u32,
}

impl Folding {
    /// Another batch was folded in; until when the next must wait, if it must.
    fn another(&mut self, now: Instant) -> Option<Instant> {
        if now >= self.since + FOLD {
            (self.since, self.batches) = (now, 0);
        }
        self.batches += 1;
        (self.batches >= BATCHES).then(|| self.since + FOLD)
    }
}

/// What stands between us and the journal. Reading it may work while writing
/// does not, so the end of one trouble is not that of the other.
#[derive(Default)]
struct Troubles {
    reading: Option<String>,
    collecting: Option<String>,
}

impl Troubles {
    /// What is to be shown of it.
    fn answer(&self) -> Answer {
        match self.reading.as_ref().or(self.collecting.as_ref()) {
            Some(what) => Answer::JournalTrouble(what.clone()),
            None => Answer::JournalFine,
        }
    }
}

/// Why the loop ends.
struct Left(u8);

/// Without a terminal there is nobody to show anything to.
impl From<io::Error> for Left {
    fn from(_: io::Error) -> Self {
        Self(VANISHED)
    }
}

impl Console {
    async fn run(&mut self, endings: &mut Endings, shell: &mut Shell) -> u8 {
        let mut tick = Instant::now() + clock::to_next_second(&self.clock);
        loop {
            let may_draw = self.may_draw();
            let done = tokio::select! {
                biased;
                signal = endings.next() => Err(Left(signals::exit_code(signal))),
                said = shell.next() => self.hear_shell(said).await,
                heard = from(&mut self.seat) => self.hear_terminal(&heard),
                () = sleep_until(tick) => {
                    #[cfg(debug_assertions)]
                    super::mistake::if_asked();
                    tick = Instant::now() + clock::to_next_second(&self.clock);
                    if let Some(write) = self.keeper.keep(Memory::of(&self.state)) {
                        tokio::task::spawn_blocking(write);
                    }
                    self.obey(Msg::Clock((self.clock)())).and_then(|()| self.sit_down())
                }
                () = at(may_draw) => self.draw(),
                Some(answer) = self.said.recv() => {
                    self.hear_collector(answer);
                    Ok(())
                }
                Some(answer) = self.noted.recv() => {
                    self.fold(Msg::Answer(answer));
                    Ok(())
                }
                () = at(self.deaf_until), if self.deaf_until.is_some() => {
                    self.deaf_until = None;
                    Ok(())
                }
                // Before the lists: callers are live, and a list may be long.
                news = self.news.next(), if self.deaf_until.is_none() => {
                    self.hear_news(news);
                    Ok(())
                }
                Some(news) = self.told.recv() => {
                    self.fold(Msg::List(news));
                    Ok(())
                }
            };
            if let Err(Left(code)) = done {
                return code;
            }
        }
    }

    /// When to draw; `None` without a reason or a way to.
    fn may_draw(&self) -> Option<Instant> {
        self.seat
            .as_ref()
            .filter(|_| self.dirty)
            .and_then(Seat::may_draw)
    }

    fn draw(&mut self) -> Result<(), Left> {
        self.dirty = false;
        match &mut self.seat {
            Some(seat) => Ok(seat.draw(&self.state)?),
            None => Ok(()),
        }
    }

    fn hear_terminal(&mut self, heard: &Heard) -> Result<(), Left> {
        match heard {
            Heard::Event(Event::Key(key)) => self.obey(Msg::Key(*key)),
            Heard::Event(Event::Paste(text)) => self.obey(Msg::Paste(text.clone())),
            // A resize was told by its signal; the next frame draws itself.
            Heard::Event(_) | Heard::Free => Ok(()),
            Heard::Gone => Err(Left(VANISHED)),
        }
    }

    fn obey(&mut self, msg: Msg) -> Result<(), Left> {
        self.dirty = true;
        for command in update(&mut self.state, msg) {
            match command {
                Command::Quit => return Err(Left(0)),
                Command::Suspend => signals::ask_to_stop(),
                Command::Refresh => {
                    // A full queue means that it is being asked already.
                    let _ = self.order.try_send(Order::Refresh);
                }
                Command::List {
                    site,
                    filters,
                    generation,
                } => self.lists.read(site, filters, generation),
                Command::Act(act) => self.record(act),
                Command::Export(rows) => self.export(rows),
                Command::Copy(text) => self.copy(text),
                Command::Inject(event) => self.injectors.send(event),
                Command::Say(saying) => self.injectors.say(*saying),
                Command::SavePreset(preset) => self.save(preset),
                Command::Survey(site) => self.phones.survey(site),
                Command::Resubscribe(changes) => self.phones.resubscribe(changes),
                Command::Dial(wanted) => self.phones.dial(*wanted),
                Command::Bell => self.say(b"\x07"),
            }
        }
        Ok(())
    }

    /// What is no picture goes to the terminal with the next frame.
    fn say(&mut self, bytes: &[u8]) {
        if let Some(seat) = &mut self.seat {
            seat.say(bytes);
        }
    }

    /// By the terminal, or by tmux, which takes its time aside.
    fn copy(&mut self, text: String) {
        match clipboard::way(&|name| std::env::var(name).ok()) {
            Way::Tmux => {
                let note = self.note.clone();
                tokio::task::spawn_blocking(move || {
                    let _ = note.send(Answer::Copied(clipboard::by_tmux(&text)));
                });
            }
            Way::Osc52 => {
                let answer = clipboard::osc52(&text).map(|bytes| {
                    self.say(&bytes);
                    Way::Osc52.word()
                });
                self.fold(Msg::Answer(Answer::Copied(answer)));
            }
        }
    }

    /// Writes a file, aside: a disk may be slow.
    fn export(&self, rows: Export) {
        let (zone, note) = (self.state.board.zone().clone(), self.note.clone());
        tokio::task::spawn_blocking(move || {
            let _ = note.send(Answer::Exported(export::write(&rows, &zone)));
        });
    }

    /// Writes a preset, aside: a disk may be slow.
    fn save(&self, preset: Box<Preset>) {
        let (folder, note) = (self.presets.clone(), self.note.clone());
        tokio::task::spawn_blocking(move || {
            let saved = presets::save(folder.as_deref(), &preset);
            let saved = saved.map(|file| Box::new((*preset, file)));
            let _ = note.send(Answer::PresetSaved(saved));
        });
    }

    /// Puts something done on record; the board moves when the journal tells
    /// of it.
    fn record(&self, act: Act) {
        let entry = NewEntry {
            at: (self.clock)(),
            site: act.subject.site.clone(),
            dedupe: None,
            what: What::Act(act),
        };
        self.recorder.record(entry);
    }

    async fn hear_shell(&mut self, said: Said) -> Result<(), Left> {
        match said {
            Said::Resized => self.resize(),
            Said::Stop if signals::is_job() => {
                if let Some(seat) = self.seat.take() {
                    seat.give_back().await;
                }
                signals::stop();
            }
            Said::Stop => {}
            // Who stopped us without asking may have used the terminal since.
            Said::GoOn if terminal::is_in_foreground()? => {
                self.seat = None;
                self.sit_down()?;
            }
            Said::GoOn => {}
        }
        Ok(())
    }

    fn resize(&mut self) {
        if let Some(seat) = &mut self.seat {
            seat.anew();
        }
        self.fold(Msg::Resize(terminal::size()));
    }

    /// Takes the terminal again as soon as the shell lets us.
    fn sit_down(&mut self) -> Result<(), Left> {
        if self.seat.is_none() && terminal::is_in_foreground()? {
            self.seat = Some(Seat::take()?);
            self.resize();
        }
        Ok(())
    }

    fn hear_collector(&mut self, answer: Answer) {
        self.troubles.collecting = match answer {
            Answer::JournalTrouble(what) => Some(what),
            Answer::JournalFine => None,
            other => return self.fold(Msg::Answer(other)),
        };
        self.fold(Msg::Answer(self.troubles.answer()));
    }

    fn hear_news(&mut self, news: Result<News, JournalError>) {
        let trouble = news.as_ref().err().map(ToString::to_string);
        if trouble != self.troubles.reading {
            self.troubles.reading = trouble;
            self.fold(Msg::Answer(self.troubles.answer()));
        }
        match news {
            Ok(News::Entries(mut entries)) => {
                self.reader.read_all(&mut entries);
                self.fold(Msg::Entries(entries));
                self.deaf_until = self.folding.another(Instant::now());
            }
            Ok(News::Feeds(feeds)) => self.fold(Msg::Feeds(feeds)),
            Err(_) => self.deaf_until = Some(Instant::now() + AFTER_TROUBLE),
        }
    }

    fn fold(&mut self, msg: Msg) {
        self.dirty = true;
        update(&mut self.state, msg);
    }
}

/// What comes from the terminal, while it is ours.
async fn from(seat: &mut Option<Seat>) -> Heard {
    match seat {
        Some(seat) => seat.next().await,
        None => std::future::pending().await,
    }
}

/// Waits until then; for ever without a time.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_batches_are_folded_in_at_once_and_many_wait() {
        let since = Instant::now();
        let mut folding = Folding { since, batches: 0 };
        let at = |ms| since + Duration::from_millis(ms);
        let waits = [0, 1, 2, 3, 16, 17].map(|ms| folding.another(at(ms)));
        assert_eq!(waits, [None, None, None, Some(at(16)), None, None]);
    }

    #[test]
    fn the_end_of_one_trouble_is_not_that_of_another() {
        let mut troubles = Troubles {
            reading: Some("read".into()),
            collecting: Some("write".into()),
        };
        assert_eq!(troubles.answer(), Answer::JournalTrouble("read".into()));
        troubles.reading = None;
        assert_eq!(troubles.answer(), Answer::JournalTrouble("write".into()));
        troubles.collecting = None;
        assert_eq!(troubles.answer(), Answer::JournalFine);
    }
}
