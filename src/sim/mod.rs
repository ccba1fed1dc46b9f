//! The vendors' APIs over real HTTP on loopback, over one seeded world. Not a
//! mock of our clients: it may use `domain` and `emit` only and shares no
//! translation code with `vendor`, so a field name that is wrong in one shows in
//! the other.
//!
//! # What is served
//!
//! Each vendor has a prefix, its site's `url`: `http://127.0.0.1:PORT/telecomx`.
//! The world's callers arrive as a Poisson stream whose rate follows the hour
//! (two humps, a lunch dip, quiet nights, seeded rushes); fourteen agents in
//! shifts answer, wrap up and take breaks; VIP callers come first; some callers
//! ask to be called back; whoever hangs up vanishes from the list. The world is
//! brought up to the simulator's clock at each request, so it costs nothing
//! while nobody asks. With the same seed and start it is the same world.
//!
//! Callers who hang up unanswered, and those who ask for it, get on a list of
//! callbacks, unless their number is secret. With a backlog from the days
//! before it has about a hundred rows at the first look: in every state, late
//! by hours, due now, later, tomorrow, or with no time set; eight people are
//! on it more than once, their number spelt differently each time. The PBX
//! dials some by itself when they are due, colleagues call the others within
//! hours, nobody at night; who is not reached is tried again. Campaigns add to
//! it. What is over goes after five days.
//!
//! What each vendor does, and what is assumed where its page is silent, stands in
//! [`telecomx`], [`while1`], [`contaqt`], [`telphin`] and [`enswitch`].
//!
//! # Faults and counts
//!
//! [`Faults`] sets them in this process, `POST /_sim/faults` from another:
//!
//! ```json
//! {"fault":{"kind":"status","code":429,"retry_after":{"seconds":5}},"vendor":"telecomx","path":"/callers","times":3}
//! ```
//!
//! All but `fault` may be left out; `after` spares the first so many requests,
//! `percent` lets the seed decide in how many cases of a hundred it strikes.
//! `huge` and `duplicate_ids` are about the lists of TelecomX and While1, while the
//! oddities of paging (`pagination`, `no_pagination`, `more_pages`,
//! `endless_pages`, `same_page`, `shift`) and of rows (`no_ids`, `stray_rows`)
//! are While1's; `expires_in_text` and `no_expires_in` are about Telphin's
//! tokens. `duplicate`, `reorder`, `delay`, `drop`, `wrong_secret` and
//! `garbage_body` are about what is pushed, where `path` is part of the event's
//! name; `skew` is too. `DELETE /_sim/faults` ends them all, `GET
//! /_sim/requests` tells how often each address was asked for.

mod clock;
mod config;
pub mod contaqt;
mod desk;
pub mod enswitch;
mod fault;
mod http;
mod port;
mod push;
mod server;
mod spoil;
pub mod telecomx;
pub mod telphin;
pub mod while1;
pub mod world;

use std::{
    collections::BTreeMap,
    io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::Arc,
    time::Duration,
};

use jiff::civil::{Time, time};
use thiserror::Error;
use tokio::{
    net::TcpListener,
    sync::{mpsc::UnboundedSender, watch},
    task::JoinHandle,
};

use crate::domain::{site::Vendor, time::Clock};

use clock::SimClock;
use contaqt::Push;
use desk::Desk;
pub use fault::{Fault, Faults, RetryAfter, Rule};
pub use port::free_address;
use push::Outbox;
pub use push::{Pushes, Receipt};

/// The fastest that the simulator's clock may run.
const TOP_SPEED: f64 = 3_600.0;

/// How to simulate.
#[derive(Clone)]
pub struct Options {
    /// Where to listen: loopback only; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The same seed gives the same day.
    pub seed: u64,
    /// How many times as fast as `clock` the simulated time goes: above 0, at
    /// most 3600.
    pub speed: f64,
    /// Which time of day it is in the world at the start; UTC's where absent.
    pub opens_at: Option<Time>,
    /// Where Contaqt's webhooks go; without, there are none.
    pub push: Option<Push>,
    /// How Telphin's account is set up; without a receiver nothing is
    /// subscribed to in it.
    pub phones: telphin::Setup,
    /// Who is told what receivers acknowledged, and now owe to know.
    pub receipts: Option<UnboundedSender<Receipt>>,
    /// Where real time comes from.
    pub clock: Clock,
}

impl Options {
    /// A lively late morning at normal speed, on any free port.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            seed: 1,
            speed: 1.0,
            opens_at: Some(time(10, 20, 0, 0)),
            push: None,
            phones: telphin::Setup::default(),
            receipts: None,
            clock,
        }
    }
}

/// Why the simulator does not start.
#[derive(Debug, Error)]
pub enum SimError {
    /// It would be reachable from outside.
    #[error(
        "the simulator listens on this machine only, not on {0}: give 127.0.0.1 or [::1] with a port"
    )]
    NotLoopback(SocketAddr),
    /// Time would stand still or race.
    #[error("a simulator speed of {0} makes no sense: give one above 0, at most 3600")]
    Speed(f64),
    /// The address cannot be had.
    #[error("the simulator cannot listen on {address} ({source}): give another port, or 0 for any")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// A simulator that runs. Dropping it ends it.
pub struct Sim {
    address: SocketAddr,
    desk: Arc<Desk>,
    push: Option<Push>,
    phones: telphin::Setup,
    /// What serves, and what pushes.
    tasks: Vec<JoinHandle<()>>,
}

/// Starts a simulator on the current tokio runtime. It answers from the moment
/// this returns.
pub async fn start(options: Options) -> Result<Sim, SimError> {
    let wanted = options.listen;
    if !wanted.ip().is_loopback() {
        return Err(SimError::NotLoopback(wanted));
    }
    if !(options.speed > 0.0 && options.speed <= TOP_SPEED) {
        return Err(SimError::Speed(options.speed));
    }
    let refused = |source| SimError::Listen {
        address: wanted,
        source,
    };
    let listener = TcpListener::bind(wanted).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let clock = SimClock::new(options.clock, options.speed);
    let desk = Arc::new(Desk::new(
        options.seed,
        clock.clone(),
        options.opens_at,
        options.push,
        &options.phones,
    ));
    let posts: Vec<Arc<dyn Outbox>> = vec![desk.team.clone(), desk.phones.clone()];
    let (faults, wake) = (desk.faults.clone(), Arc::clone(&desk.wake));
    let tasks = vec![
        tokio::spawn(server::serve(listener, Arc::clone(&desk))),
        tokio::spawn(push::run(posts, clock, faults, wake, options.receipts)),
    ];
    Ok(Sim {
        address,
        desk,
        push: options.push,
        phones: options.phones,
        tasks,
    })
}

impl Sim {
    /// Where it listens: `http://127.0.0.1:40123`, without a slash behind.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The `url` of each vendor's site, by the vendor's name in the
    /// configuration; of Contaqt, the URL that is pushed to.
    #[must_use]
    pub fn sites(&self) -> BTreeMap<String, String> {
        let served = [
            Vendor::TelecomX,
            Vendor::While1,
            Vendor::Enswitch,
            Vendor::Telphin,
        ];
        let served = served
            .into_iter()
            .map(Vendor::name)
            .map(|name| (name.to_owned(), format!("{}/{name}", self.url())));
        let pushed = self
            .push
            .map(|push| (Vendor::Contaqt.name().to_owned(), push.url()));
        served.chain(pushed).collect()
    }

    /// A whole configuration for a client of this simulator: its sites, asked
    /// every `poll` (which the client wants to be a second or more), and where
    /// to keep the journal.
    #[must_use]
    pub fn config_toml(&self, journal: &Path, poll: Duration) -> String {
        config::written(
            &self.sites(),
            self.push.as_ref(),
            &self.phones,
            journal,
            poll,
        )
    }

    /// The faults in force.
    #[must_use]
    pub fn faults(&self) -> Faults {
        self.desk.faults.clone()
    }

    /// How often each address was asked for so far, by method and path:
    /// `GET /telecomx/pbx/queue/ID/callers`. A request counts when it has
    /// arrived, answered or not.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<String, u64> {
        self.desk.requests()
    }

    /// What became of Contaqt's webhooks, now and whenever it changes.
    #[must_use]
    pub fn pushes(&self) -> watch::Receiver<Pushes> {
        self.desk.team.counts()
    }

    /// What became of Telphin's, now and whenever it changes.
    #[must_use]
    pub fn phone_pushes(&self) -> watch::Receiver<Pushes> {
        self.desk.phones.counts()
    }

    /// Pushes what has happened by now at once; for a clock that is moved by
    /// hand, which nobody can wait for.
    pub fn hurry(&self) {
        self.desk.wake.notify_one();
    }

    /// The offices as they are; see `GET /_sim/truth` in [`contaqt`].
    #[must_use]
    pub fn truth(&self) -> serde_json::Value {
        self.desk.truth()
    }

    /// The simulator's clock, for a client that is to live in the same time:
    /// at a speed other than 1 every wait depends on it.
    #[must_use]
    pub fn clock(&self) -> Clock {
        let clock = self.desk.clock.clone();
        Arc::new(move || clock.now())
    }

    /// Ends it: when this returns nothing listens any more.
    pub async fn stop(mut self) {
        for task in &mut self.tasks {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}
