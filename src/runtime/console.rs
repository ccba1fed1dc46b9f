//! The loop: what asks us to stop first, then keys, the clock and news; a
//! frame when something changed and the line is free, at most 60 a second.
//! The loop never waits for anything else, and does nothing that takes long
//! in one go.
//!
//! * `open`: what a console begins with, and how it is left
//! * `obey`: what it is asked to do; `shell`: the terminal comes and goes
//! * `entries`: news of the journal, little by little; `troubles`: what stands
//!   between us and it
//! * `aside`: long lists are compared, and let go of, beside it

mod aside;
mod entries;
mod obey;
mod open;
mod shell;
mod troubles;

use std::{io, path::PathBuf, sync::Arc};

use ratatui::crossterm::event::Event;
use tokio::{
    sync::mpsc,
    time::{Instant, sleep_until},
};

use super::{
    clock,
    collect::Order,
    injectors::Injectors,
    lists::Lists,
    memory::Keeper,
    phones::Phones,
    presets::Presets,
    recorder::Recorder,
    seat::{Heard, Seat},
    signals::{self, Endings, Shell},
};
use crate::{
    app::{
        Answer, Msg, State, callbacks::list::ListNews, health, memory::Memory, state::Look, update,
    },
    config::Config,
    domain::{
        feed::{FeedHealth, FeedId},
        filter::Filters,
        time::Clock,
    },
    journal::{Journal, JournalError, News, Watch},
};
use entries::Entries;
pub use open::run;
use troubles::Troubles;

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

struct Console {
    /// `None` while the terminal is the shell's.
    seat: Option<Seat>,
    state: State,
    keeper: Keeper,
    clock: Clock,
    order: mpsc::Sender<Order>,
    said: mpsc::UnboundedReceiver<Answer>,
    news: Watch,
    entries: Entries,
    lists: Lists,
    tell: mpsc::Sender<ListNews>,
    told: mpsc::Receiver<ListNews>,
    injectors: Injectors,
    /// Where presets of the user's own are kept.
    presets: Option<PathBuf>,
    phones: Phones,
    recorder: Recorder,
    note: mpsc::UnboundedSender<Answer>,
    noted: mpsc::UnboundedReceiver<Answer>,
    troubles: Troubles,
    dirty: bool,
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
        let mut tick = self.next_second();
        loop {
            let may_draw = self.may_draw();
            let deaf_until = self.entries.deaf_until();
            let wanting = self.dirty;
            let done = tokio::select! {
                biased;
                signal = endings.next() => Err(Left(signals::exit_code(signal))),
                said = shell.next() => self.hear_shell(said).await,
                heard = from(&mut self.seat, wanting) => self.hear_terminal(&heard),
                () = sleep_until(tick) => {
                    tick = self.next_second();
                    self.second()
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
                // Before the lists: callers are live, and a list may be long.
                () = std::future::ready(()), if self.entries.are_waiting() => {
                    self.hear_entries();
                    Ok(())
                }
                () = at(deaf_until), if deaf_until.is_some() => {
                    self.entries.listen();
                    Ok(())
                }
                news = self.news.next(), if deaf_until.is_none() => {
                    self.hear_news(news);
                    Ok(())
                }
                Some(news) = self.told.recv() => {
                    self.hear_list(news);
                    Ok(())
                }
            };
            if let Err(Left(code)) = done {
                return code;
            }
        }
    }

    fn next_second(&self) -> Instant {
        Instant::now() + clock::to_next_second(&self.clock)
    }

    fn second(&mut self) -> Result<(), Left> {
        #[cfg(debug_assertions)]
        super::mistake::if_asked();
        if let Some(write) = self.keeper.keep(Memory::of(&self.state)) {
            tokio::task::spawn_blocking(write);
        }
        self.obey(Msg::Clock((self.clock)()))?;
        self.sit_down()
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

    fn hear_collector(&mut self, answer: Answer) {
        let answer = self.troubles.collecting(answer);
        self.fold(Msg::Answer(answer));
    }

    fn hear_news(&mut self, news: Result<News, JournalError>) {
        if let Some(answer) = self.troubles.reading(news.as_ref().err()) {
            self.fold(Msg::Answer(answer));
        }
        match news {
            Ok(News::Entries(entries)) => self.entries.come(entries),
            Ok(News::Feeds(feeds)) => self.hear_feeds(feeds),
            Err(_) => self.entries.cannot_be_read(Instant::now()),
        }
    }

    /// Ages and counts are shown with the next second; how a feed stands, at
    /// once.
    fn hear_feeds(&mut self, feeds: Vec<(FeedId, FeedHealth)>) {
        let before = health::lights(&self.state);
        update(&mut self.state, Msg::Feeds(feeds));
        self.dirty |= health::lights(&self.state) != before;
    }

    fn hear_entries(&mut self) {
        let entries = self.entries.some(Instant::now());
        self.fold(Msg::Entries(entries));
    }

    fn fold(&mut self, msg: Msg) {
        self.dirty = true;
        update(&mut self.state, msg);
    }
}

/// What comes from the terminal, while it is ours.
async fn from(seat: &mut Option<Seat>, wanting: bool) -> Heard {
    match seat {
        Some(seat) => seat.next(wanting).await,
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
