//! The loop: keys first, then what asks us to stop, news and ticks; a frame
//! when something changed and the line is free, at most 60 a second. The loop
//! never waits for anything else.

use std::{io, path::PathBuf, sync::Arc, time::Duration};

use futures_util::StreamExt;
use ratatui::{
    crossterm::{
        self,
        event::{Event, EventStream},
    },
    layout::Size,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use super::{
    clock,
    collect::{self, Order, Setup},
    hangup,
    screen::{Outlet, Screen},
    signals::{self, Endings},
    terminal::{self, Guard},
};
use crate::{
    app::{Answer, Command, Msg, State, state::Look, update},
    collector,
    config::Config,
    domain::time::Clock,
    journal::{Journal, JournalError, News, Watch},
};

/// The shortest time between two frames.
const FRAME: Duration = Duration::from_millis(16);
/// How long an answer of a vendor may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Leaving takes no longer than this, whatever hangs.
const LEAVING: Duration = Duration::from_millis(1_500);

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
    /// Where the log is, for the sentence after a panic.
    pub log: Option<PathBuf>,
}

/// Why a console could not run.
#[derive(Debug, thiserror::Error)]
pub enum ConsoleError {
    /// No terminal, or one that cannot be set up.
    #[error("{0}; in scripts use `holdline callers`")]
    Terminal(io::Error),
    /// The journal cannot be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// Runs a console until it is left; answers the exit code.
pub async fn run(options: Options) -> Result<u8, ConsoleError> {
    terminal::end_on_panic(options.log.clone());
    let mut endings = Endings::listen().map_err(ConsoleError::Terminal)?;
    let clock = options.clock.clone();
    let board = collector::board(&options.journal, options.config.console.time_zone.clone())?;
    let guard = Guard::take().map_err(ConsoleError::Terminal)?;
    let size = crossterm::terminal::size().map_or(Size::new(80, 24), |(w, h)| Size::new(w, h));
    let mut state = State::new(options.config.domain_sites(), board, clock(), size);
    state.look = options.look;
    state.read_only = options.read_only;
    update(&mut state, Msg::Feeds(options.journal.feeds()?));
    let (order, orders) = mpsc::channel(8);
    let (say, said) = mpsc::unbounded_channel();
    let (stop, stopping) = watch::channel(false);
    let setup = Setup {
        config: options.config.clone(),
        journal: options.journal.clone(),
        clock: clock.clone(),
        deadline: DEADLINE,
    };
    let collecting = tokio::spawn(collect::run(setup, orders, say, stopping));
    let outlet = Outlet::start(io::stdout()).map_err(ConsoleError::Terminal)?;
    let mut console = Console {
        news: options.journal.news(state.board.upto()),
        state,
        clock,
        order,
        said,
        screen: Screen::new(size, outlet.clone()).map_err(ConsoleError::Terminal)?,
        outlet: outlet.clone(),
        drawn: None,
        dirty: true,
    };
    let gone = hangup::watch().map_err(ConsoleError::Terminal)?;
    let code = console.run(&mut endings, gone).await;
    drop(console);
    leave(code, guard, &outlet, &stop, collecting, options.journal).await;
    Ok(code)
}

/// Gives the terminal back, then lets the collector save what it knows. A
/// thread ends the program if either hangs.
async fn leave(
    code: u8,
    guard: Guard,
    outlet: &Outlet,
    stop: &watch::Sender<bool>,
    collecting: JoinHandle<()>,
    journal: Journal,
) {
    let _ = std::thread::Builder::new().spawn(move || {
        std::thread::sleep(LEAVING);
        terminal::restore();
        std::process::exit(i32::from(code));
    });
    // A frame that is half written ends before the way back begins.
    let _ = timeout(Duration::from_millis(300), outlet.free()).await;
    drop(guard);
    let _ = stop.send(true);
    let _ = collecting.await;
    let _ = journal.flush().await;
}

struct Console {
    state: State,
    clock: Clock,
    order: mpsc::Sender<Order>,
    said: mpsc::UnboundedReceiver<Answer>,
    news: Watch,
    screen: Screen,
    outlet: Outlet,
    drawn: Option<Instant>,
    dirty: bool,
}

impl Console {
    async fn run(&mut self, endings: &mut Endings, mut gone: oneshot::Receiver<()>) -> u8 {
        const VANISHED: u8 = 129;
        let mut keys = EventStream::new();
        let mut tick = Instant::now() + clock::to_next_second(&self.clock);
        let mut after_trouble = None;
        loop {
            if !self.draw() {
                return VANISHED;
            }
            let may_draw = self.drawn.map_or_else(Instant::now, |at| at + FRAME);
            let wants_frame = self.dirty;
            let busy = !self.outlet.is_free();
            tokio::select! {
                biased;
                signal = endings.next() => return signals::exit_code(signal),
                _ = &mut gone => return VANISHED,
                event = keys.next() => match event {
                    Some(Ok(event)) => if self.event(&event) { return 0 },
                    Some(Err(_)) | None => return VANISHED,
                },
                free = self.outlet.free(), if busy => if !free { return VANISHED },
                () = sleep_until(may_draw), if wants_frame && !busy => {}
                Some(answer) = self.said.recv() => self.fold(Msg::Answer(answer)),
                news = self.news.next(), if after_trouble.is_none() => match news {
                    Ok(News::Entries(entries)) => self.fold(Msg::Entries(entries)),
                    Ok(News::Feeds(feeds)) => self.fold(Msg::Feeds(feeds)),
                    Err(error) => {
                        self.fold(Msg::Answer(Answer::JournalTrouble(error.to_string())));
                        after_trouble = Some(Instant::now() + Duration::from_secs(2));
                    }
                },
                () = sleep_until(after_trouble.unwrap_or_else(Instant::now)), if after_trouble.is_some() => {
                    after_trouble = None;
                }
                () = sleep_until(tick) => {
                    tick = Instant::now() + clock::to_next_second(&self.clock);
                    self.fold(Msg::Clock((self.clock)()));
                }
            }
        }
    }

    /// Draws if there is a reason to and the line is free; `false` if nobody
    /// is there to see it.
    fn draw(&mut self) -> bool {
        let due = self.drawn.is_none_or(|at| at.elapsed() >= FRAME);
        if !self.dirty || !due || !self.outlet.is_free() {
            return true;
        }
        self.dirty = false;
        self.drawn = Some(Instant::now());
        self.screen.draw(&self.state).is_ok()
    }

    /// Takes an event of the terminal in; whether it means to leave.
    fn event(&mut self, event: &Event) -> bool {
        let msg = match *event {
            Event::Key(key) => Msg::Key(key),
            Event::Resize(width, height) => Msg::Resize(Size::new(width, height)),
            _ => return false,
        };
        self.dirty = true;
        for command in update(&mut self.state, msg) {
            match command {
                Command::Quit => return true,
                Command::Refresh => {
                    // A full queue means that it is being asked already.
                    let _ = self.order.try_send(Order::Refresh);
                }
            }
        }
        false
    }

    fn fold(&mut self, msg: Msg) {
        self.dirty = true;
        update(&mut self.state, msg);
    }
}
