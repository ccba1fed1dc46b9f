//! The vendors' APIs over real HTTP on loopback, over one seeded world. Not a
//! mock of our clients: it may use `domain` and `emit` only and shares no
//! translation code with `vendor`, so a field name that is wrong in one shows in the other.
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
//! # TelecomX
//!
//! * `GET /pbx/queue/ID/callers` with a Bearer token: the list, oldest first.
//! * `POST /auth/login` with JSON and `GET /auth/login` with a query: a token
//!   for fifteen minutes of the simulator's time (`persist`: for ever).
//!
//! Documented oddities: `answered` set while the state is still QUEUED, for
//! up to four seconds before the row goes; `answeredByExtension` and
//! `answeredByNumber` set or null in any combination; hostnames with a `-` in
//! `_id`; names that are null, empty, long, or in any script; numbers in
//! several shapes; error bodies `{"error":{"message","code","status"}}` with
//! the printed codes; a queue that exists but is forbidden
//! ([`telecomx::FORBIDDEN_QUEUE_ID`]). Rows with `privacy: true` do carry
//! number and name, and some rows a field that no page lists (`priority`): it
//! is for clients to drop the one and keep the other.
//!
//! Assumed, the pages being silent: the list's order; that a token is looked
//! at before the queue's id; that asking does not prolong a token; what
//! `employee` and `customer` hold at login (ids); code and message of an
//! address that is none; 429, which no page documents, comes from a proxy.
//!
//! # While1
//!
//! `POST` or `GET /api/call-queue` with the Bearer token [`while1::TOKEN`] and
//! `action=read`, `page`, `filters` and `api_hash` as a form, a query or JSON.
//! The hash is checked by code of the simulator's own: MD5 of what PHP's
//! `http_build_query` makes of all other parameters in the order received,
//! with [`while1::KEY`] behind. Pages have 100 rows, the newest first; a page
//! behind the last is empty. Times are those of the wall in
//! [`while1::TIME_ZONE`].
//!
//! All fourteen filters of the page filter; several must all hold; empty ones
//! count for nothing. An unknown one is refused in the page's words (`Invalid
//! filter: statusxxx`), with `pagination` as an empty list.
//!
//! Assumed, the page being silent, or of two minds:
//!
//! * Row fields are those of a call in CallQueue / Save and what the filters
//!   imply: `id project_id type destination campaign_name campaign_info
//!   outbound_type attend_type outbound_number outbound_trunk dnid
//!   inbound_route_id caller_id caller_id_name priority schedule external_id
//!   retries max_retries status created vars`. Values are text, in some rows
//!   numbers; what is absent is null, a name sometimes an empty text; empty
//!   `vars` is `[]`, as PHP writes it.
//! * A missing or wrong token is 401, all else 200; each has the printed error
//!   body. Messages: `Invalid token`, `Invalid api_hash` (also where it is
//!   missing), `Invalid parameters`, `Invalid action: …`, `Invalid page: …`,
//!   `Invalid value for filter: …`.
//! * `date_between` is about `created` and takes both ends in; `schedule_lt`
//!   is `<=`; `schedule_null` (`1` or `0`) asks for rows without schedule, and
//!   beside `schedule_lt` for those too.
//! * `caller_id`, `dnid`, `outbound_number`, `project_id` and `external_id`
//!   compare the whole text; `inbound_route_id` and `status` take one or a
//!   list; `campaign` is part of `campaign_name` or `campaign_info` in any
//!   case; `assign_type` is about `type`, where `context` is `no_queue`.
//! * A state is `inprogress`; "in progress", as the page's text has it, is
//!   refused. So is a date that does not exist or is not `Y-m-d H:i:s`.
//! * An empty list has one page.
//!
//! # Contaqt
//!
//! With [`Options::push`] the simulator pushes what happens in another office
//! (twelve people, two lines: [`world::team`]) to
//! `/hooks/team/`[`contaqt::SECRET`] of a receiver: all nine events, as POST of
//! flat JSON unless another shape is asked for. They go out in order, one
//! after the other; the page documents no retry, so what is not accepted is
//! lost and counted. The office opens when the receiver is there for the first
//! time, and people come in within seconds; whatever happened is never told
//! again, so a receiver that was away knows less.
//!
//! `GET /_sim/pushes` tells how many events were made, accepted, refused and
//! lost; `GET /_sim/truth` the office as it is, in the ids that were pushed,
//! and under `phones` the same of Telphin's. What is assumed of the vendor
//! stands in `contaqt/voice.rs`.
//!
//! # Telphin
//!
//! `POST /oauth/token` gives a token for an hour to [`telphin::CLIENT_ID`];
//! under `/api/ver1.0`, with or without a slash behind:
//!
//! * `/extension/ID/event/`: GET, POST (201), DELETE (204, all of them); with
//!   an id behind GET, PUT, DELETE. ID is the id, or `@` and the short number.
//! * `POST /extension/ID/callback/`: a call that really rings.
//! * `GET /client/@me/extension/`, a bare list; `GET /client/@me/limit/`.
//!
//! Every answer says what is left of the hour's budget (`X-RateLimit-*`);
//! behind it is 429. One extension exists but is another client's (403).
//!
//! A third office, a menu with a queue and seven phones
//! ([`world::exchange`]), tells what happens there to whoever has subscribed,
//! at `http` addresses of this machine and nowhere else, by the documented
//! rules: the menu and the queue's "in" thread never answer, its "out" thread
//! tells of each phone it calls, losers of a race are hung up with `CANCEL`,
//! what goes on to a mobile is a `dial-out` with `Transfered: yes`, an own
//! phone that is rung for a call that was ordered is not told of. Some dial-in
//! comes again, recordings are rarely named, times are microseconds. With
//! [`telphin::Setup::receiver`] its own subscriptions are there from the
//! beginning, except the text messages of one phone, and one of somebody
//! else's is among them. What is assumed stands in `telphin/assumed.rs`.
//!
//! # Enswitch
//!
//! `POST` or `GET /api/json/queues/events/create`, with or without a slash
//! behind, with parameters parted by `&` or `;`: every code of the page, the
//! answer under HTTP 200 whatever it says. [`enswitch::USERNAME`] is an
//! administrator, [`enswitch::OPERATOR`] is not (402). The queues are the
//! world's, with the ids [`enswitch::QUEUE_IDS`]; the last of them records no
//! events, and [`enswitch::HIDDEN_QUEUE_ID`] is somebody else's (404).
//! `/api/json/queues/events/list` lists what is on record.
//!
//! Assumed, the page being silent: each parameter that is wrong gets a
//! response of its own; who asks is looked at first, then the role, the
//! parameters and the queue; messages; what a row of the list holds behind
//! `1234567890|NONE|`; that only a list without a start moves the cursor of
//! the next one; an unknown function is a 404 with `Unknown function`.
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
//! `huge` and `duplicate_ids` are about the lists of both vendors, while the
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

    /// The offices as they are; see `GET /_sim/truth` in the module's words.
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
