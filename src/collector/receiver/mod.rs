//! The webhook receiver: what vendors push becomes journal entries. A request
//! is judged by its head alone, then its body is taken, and it is answered
//! only after all of it is on disk. Knows no sockets, no deadlines and no
//! tasks: those are `runtime`'s. May use domain, config, vendor and journal.
//!
//! * `door`: who is let in; `origin`: where a request came from
//! * [`reply`]: what is answered, and why a request is turned away
//! * `refusals`: those on record, in spite of floods
//! * `stats`, `metrics`: what is counted
//! * `standing`: whether it listens and stores, and since when it did not

mod door;
mod metrics;
mod origin;
mod refusals;
pub mod reply;
mod standing;
mod stats;

use std::{
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError, atomic::Ordering::Relaxed},
    time::Duration,
};

use axum::http::{
    HeaderName, Method,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
    request::Parts,
};
use ipnet::IpNet;

use super::relay::Relay;
use crate::{
    config::Config,
    domain::{
        entry::{Entry, NewEntry, Seq, What},
        feed::{FeedHealth, FeedId, FeedKind, Heard},
        hook::{CHECK, Hook, Says},
        time::{At, Clock},
    },
    journal::{Journal, JournalError},
    vendor::hook::{self, Reader, Received},
};
use door::{Door, Knock};
use origin::Origin;
use refusals::{Due, Refusals};
use reply::{Reason, Reply};
use standing::{Last, Standing};
use stats::Stats;

/// The longest body that is taken.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Marks what our own injector sends.
pub const INJECTED: HeaderName = HeaderName::from_static("x-holdline-injected");

/// The receiver of all sites that push.
pub struct Receiver {
    doors: Vec<Door>,
    proxies: Vec<IpNet>,
    journal: Journal,
    reader: Reader,
    clock: Clock,
    stats: Stats,
    refusals: Mutex<Refusals>,
    standing: Mutex<Standing>,
    /// How the feeds are that are polled beside it, for who watches over both.
    polled: Mutex<Vec<(FeedId, FeedHealth)>>,
    /// What it has stored, for whoever folds it in.
    relay: Arc<Relay>,
}

/// What a request's head leads to.
#[derive(Debug)]
pub enum Asked {
    /// An answer, whatever the body is.
    Answer(Reply),
    /// It may come in, with its body.
    Body(Call),
}

/// A request that may come in.
#[derive(Debug)]
pub struct Call {
    door: usize,
    from: Origin,
    method: Method,
    query: String,
    content_type: Option<String>,
    injected: bool,
}

impl Receiver {
    /// A receiver for the sites of `config`; `None` if none of them pushes.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn open(
        config: &Config,
        journal: Journal,
        clock: Clock,
    ) -> Result<Option<Self>, JournalError> {
        let doors = door::doors(config);
        if doors.is_empty() {
            return Ok(None);
        }
        let before = journal.feeds()?;
        let known = |door: &Door| {
            let id = feed(door);
            before
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, health)| health)
        };
        let stats = Stats::new(doors.len());
        for (door, site) in doors.iter().zip(&stats.sites) {
            if let Some(at) = known(door).and_then(|health| health.last_ok) {
                site.heard(at);
            }
        }
        let last = |door| {
            let heard = known(door)?.heard.as_ref()?;
            Some(Last {
                alive: heard.alive?,
                // Whoever is told to end says that it listens no more.
                killed: heard.listens.is_some(),
            })
        };
        let standing = Standing::new(doors.iter().map(last).collect());
        Ok(Some(Self {
            proxies: config.receiver.trusted_proxies.clone(),
            stats,
            standing: Mutex::new(standing),
            refusals: Mutex::default(),
            polled: Mutex::default(),
            relay: Arc::default(),
            doors,
            journal,
            reader: Reader::new(&config.domain_sites()),
            clock,
        }))
    }

    /// Where what it has stored comes out, read and in no certain order.
    #[must_use]
    pub fn relay(&self) -> &Arc<Relay> {
        &self.relay
    }

    /// Judges a request by its head.
    pub fn ask(&self, peer: IpAddr, head: &Parts) -> Asked {
        let Some(rest) = head.uri.path().strip_prefix("/hooks/") else {
            return Asked::Answer(self.own_page(peer, head));
        };
        let from = origin::origin(peer, &head.headers, &self.proxies);
        let door = match door::knock(&self.doors, rest) {
            Some(Knock::Open(door)) => door,
            Some(Knock::WrongSecret(door)) => {
                return self.turn_away(Some(door), from, Reason::WrongSecret);
            }
            Some(Knock::NoDoor) | None => return self.turn_away(None, from, Reason::NoSite),
        };
        let address = match from {
            Origin::From(address) => Some(address),
            Origin::Unclear => None,
        };
        if !self.doors[door].admits(address) {
            return self.turn_away(Some(door), from, Reason::Address);
        }
        let injected = head.headers.contains_key(INJECTED);
        if injected && self.doors[door].production {
            return self.turn_away(Some(door), from, Reason::Injected);
        }
        match head.method {
            Method::GET | Method::POST => {}
            // Somebody looks whether the address is right.
            Method::HEAD => return Asked::Answer(Reply::new(200, "")),
            _ => return self.turn_away(Some(door), from, Reason::Method),
        }
        if is_coded(head) {
            let why = "the body is compressed; send it as it is, without Content-Encoding";
            self.refused(Some(door), from, Reason::Unreadable, why);
            return Asked::Answer(Reply::new(415, format!("{why}\n")));
        }
        let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());
        Asked::Body(Call {
            door,
            from,
            method: head.method.clone(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            content_type: text(CONTENT_TYPE).map(str::to_owned),
            injected,
        })
    }

    /// Takes a request in: stores its events, all or none, and answers once
    /// they are on disk. Given up, it may be stored all the same, and was not
    /// acknowledged. The body is let go of before that.
    pub async fn take(&self, call: &Call, body: impl AsRef<[u8]>) -> Reply {
        let _waiting = self.stats.wait();
        let door = &self.doors[call.door];
        let received = Received {
            method: call.method.as_str(),
            query: &call.query,
            content_type: call.content_type.as_deref(),
            body: body.as_ref(),
        };
        let deliveries = match hook::deliveries(door.vendor, &received) {
            Ok(deliveries) => {
                drop(body);
                deliveries
            }
            Err(refusal) => {
                self.refused(Some(call.door), call.from, Reason::Unreadable, &refusal.why);
                return Reply::new(refusal.status, format!("{}\n", refusal.why));
            }
        };
        let at = (self.clock)();
        let mut hooks = Vec::with_capacity(deliveries.len());
        let entries = deliveries.into_iter().map(|delivery| {
            let hook = Hook {
                vendor: door.vendor,
                injected: call.injected || &*delivery.event == CHECK,
                event: delivery.event,
                body: delivery.body,
                says: Says::Unread,
            };
            let mut read = hook.clone();
            self.reader.read(&door.site, &mut read);
            hooks.push(read);
            NewEntry {
                at,
                site: door.site.clone(),
                dedupe: delivery.dedupe,
                what: What::Hook(hook),
            }
        });
        let entries: Vec<NewEntry> = entries.collect();
        match self.journal.append(entries).await {
            Ok(places) => {
                self.stored(call.door, at, &places, hooks);
                Reply::new(200, "Stored.\n")
            }
            Err(error) => self.cannot_store(call, &error.to_string()),
        }
    }

    /// [`Receiver::take`] was given up after so long.
    pub fn late(&self, call: &Call, patience: Duration) -> Reply {
        let why = format!(
            "the journal {} took longer than {} s to store an event; look at the disk it lies on",
            self.journal.folder().display(),
            patience.as_secs()
        );
        self.cannot_store(call, &why)
    }

    /// Turns a request away whose body is not as it should be.
    pub fn refuse(&self, call: &Call, reason: Reason) -> Reply {
        self.refused(Some(call.door), call.from, reason, reason.clause());
        reason.reply()
    }

    /// A request was accepted so long after its head came.
    pub fn took(&self, took: Duration) {
        self.stats.took.add(took);
    }

    /// So many connections are open.
    pub fn connected(&self, open: usize) {
        self.stats.connections.store(open, Relaxed);
    }

    /// A connection was closed because there were too many.
    pub fn crowded_out(&self) {
        self.stats.crowded_out.fetch_add(1, Relaxed);
    }

    /// It listens here from now on. What nobody heard since it last did is on
    /// record as a gap before anything else comes in, if it can be.
    pub async fn listens(&self, address: SocketAddr) {
        self.standing().listens(address, (self.clock)());
        self.settle().await;
    }

    /// It cannot listen, for this reason.
    pub fn is_deaf(&self, why: &str, remedy: &str) {
        let now = (self.clock)();
        self.standing().is_deaf(now, why, remedy);
    }

    /// It listens no more, as it was told.
    pub fn ends(&self) {
        self.standing().ends((self.clock)());
    }

    /// A second has passed. It never waits: what goes on beating while the
    /// disk hangs is alive, and whom it could not store is told by itself.
    pub fn beat(&self) {
        self.stats.tick();
        self.standing().tick((self.clock)());
    }

    /// A beat, and what is to be put on record.
    pub async fn tick(&self) {
        self.beat();
        self.settle().await;
    }

    /// The health of the pushed feeds.
    #[must_use]
    pub fn health(&self) -> Vec<(FeedId, FeedHealth)> {
        let standing = self.standing();
        let health = |(number, door): (usize, &Door)| {
            let counted = &self.stats.sites[number];
            let refused = Reason::ALL.into_iter().map(|r| counted.refused(r)).sum();
            let heard = Heard {
                listens: standing.address().map(|address| address.to_string()),
                alive: standing.alive(number),
                accepted: counted.accepted.load(Relaxed),
                unknown: counted.unknown.load(Relaxed),
                repeats: counted.repeats.load(Relaxed),
                refused,
                per_minute: counted.per_minute(),
            };
            let health = FeedHealth {
                last_ok: counted.last(),
                trouble: standing.trouble(),
                heard: Some(heard),
                ..FeedHealth::pushed()
            };
            (feed(door), health)
        };
        self.doors.iter().enumerate().map(health).collect()
    }

    /// The feeds that are polled beside it are like this now.
    pub fn knows(&self, polled: Vec<(FeedId, FeedHealth)>) {
        *lock(&self.polled) = polled;
    }

    /// `/healthz` and `/metrics`, for this machine and for our proxies
    /// themselves, not for those whom they speak for.
    fn own_page(&self, peer: IpAddr, head: &Parts) -> Reply {
        let peer = peer.to_canonical();
        let near = peer.is_loopback() || origin::is_in(&self.proxies, peer);
        if !near || origin::is_forwarded(&head.headers) {
            return Reply::not_found();
        }
        let page: fn(&Self) -> Reply = match head.uri.path() {
            "/healthz" => Self::healthz,
            "/metrics" => Self::metrics,
            _ => return Reply::not_found(),
        };
        match head.method {
            Method::GET | Method::HEAD => page(self),
            _ => Reply {
                allow: Some("GET, HEAD"),
                ..Reply::new(405, "This page is read with GET.\n")
            },
        }
    }

    fn healthz(&self) -> Reply {
        match self.standing().trouble() {
            None => Reply::new(200, "ok\n"),
            Some(trouble) => Reply::unavailable(format!("{}\n", trouble.fault)),
        }
    }

    fn metrics(&self) -> Reply {
        let feeds = lock(&self.polled).clone();
        let stores = self.standing().trouble().is_none();
        let now = (self.clock)();
        let page = metrics::page(&self.doors, &self.stats, stores, &feeds, now);
        Reply {
            content_type: metrics::CONTENT_TYPE,
            ..Reply::new(200, page)
        }
    }

    fn turn_away(&self, door: Option<usize>, from: Origin, reason: Reason) -> Asked {
        self.refused(door, from, reason, reason.clause());
        Asked::Answer(reason.reply())
    }

    fn refused(&self, door: Option<usize>, from: Origin, reason: Reason, why: &str) {
        self.stats.refused(door, reason);
        let site = door.map(|door| self.doors[door].site.clone());
        lock(&self.refusals).add(site, reason, why, &from.to_string());
    }

    fn stored(&self, door: usize, at: At, places: &[Option<Seq>], hooks: Vec<Hook>) {
        let counted = &self.stats.sites[door];
        let site = &self.doors[door].site;
        self.relay
            .bring(places.iter().zip(hooks).filter_map(|(place, hook)| {
                let Some(seq) = *place else {
                    counted.repeats.fetch_add(1, Relaxed);
                    return None;
                };
                counted.accepted.fetch_add(1, Relaxed);
                let unknown = matches!(hook.says, Says::Nothing(_));
                counted.unknown.fetch_add(u64::from(unknown), Relaxed);
                Some(Entry {
                    seq,
                    at,
                    site: site.clone(),
                    what: What::Hook(hook),
                })
            }));
        if !places.is_empty() {
            counted.heard(at);
            self.standing().stores();
        }
    }

    /// Never a false 2xx: what is not on disk is the sender's to send again.
    fn cannot_store(&self, call: &Call, why: &str) -> Reply {
        self.stats.unstored.fetch_add(1, Relaxed);
        self.standing().missed(call.door, (self.clock)(), why);
        Reply::unavailable("It cannot be stored now; send it again later.\n")
    }

    /// Puts on record who was turned away and what was missed, every second;
    /// what cannot be written now is tried again the next time. Given up, a
    /// gap may be on record twice.
    pub async fn settle(&self) {
        let now = (self.clock)();
        let gaps = self.standing().gaps();
        if !gaps.is_empty() {
            let entry = |(door, from): &(usize, At)| NewEntry {
                at: now,
                site: self.doors[*door].site.clone(),
                dedupe: None,
                what: What::Gap {
                    from: *from,
                    to: now,
                },
            };
            match self.journal.append(gaps.iter().map(entry).collect()).await {
                Ok(_) => {
                    let mut standing = self.standing();
                    standing.told(&gaps);
                    standing.stores();
                }
                Err(error) => return self.standing().fails(now, &error.to_string()),
            }
        }
        let due = lock(&self.refusals).tick();
        if due.is_empty() {
            return;
        }
        let entry = |due: &Due| {
            let (site, what) = due.entry();
            NewEntry {
                at: now,
                site,
                dedupe: None,
                what,
            }
        };
        match self.journal.append(due.iter().map(entry).collect()).await {
            Ok(_) => lock(&self.refusals).told(&due),
            Err(error) => tracing::warn!(%error, "who was turned away is not on record yet"),
        }
    }

    fn standing(&self) -> MutexGuard<'_, Standing> {
        lock(&self.standing)
    }
}

fn feed(door: &Door) -> FeedId {
    FeedId {
        site: door.site.clone(),
        kind: FeedKind::Hooks,
    }
}

/// Whether the body went through a coding that we would have to undo.
fn is_coded(head: &Parts) -> bool {
    head.headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"))
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
