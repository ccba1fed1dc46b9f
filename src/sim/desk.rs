//! Everything behind the server: the world, the vendors' state, the faults in
//! force and what was asked so far. A request goes in, what to send comes out.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::Method;
use jiff::civil::Time;
use serde_json::Value;
use tokio::sync::Notify;

use crate::domain::{site::Vendor, time::At};

use super::{
    clock::SimClock,
    contaqt::{self, Push},
    enswitch,
    fault::{Fault, Faults, Moment, Plan, Rule},
    http::{Asked, Reply},
    push::Post,
    spoil::{Sent, spoil},
    telecomx, telphin, while1,
    world::World,
};

/// A clock that is set further than this gets a new day rather than all the
/// days between.
const LEAP: Duration = Duration::from_hours(7 * 24);
/// How far a clock may go back without the world starting anew.
const BACK: Duration = Duration::from_mins(1);

/// What the server's connections share.
pub struct Desk {
    pub clock: SimClock,
    pub faults: Faults,
    /// What Contaqt pushes, and Telphin.
    pub team: Arc<Post<contaqt::Office>>,
    pub phones: Arc<Post<telphin::Office>>,
    /// Ends the rest of who pushes.
    pub wake: Arc<Notify>,
    seed: u64,
    opens_at: Option<Time>,
    requests: Mutex<BTreeMap<String, u64>>,
    stage: Mutex<Stage>,
}

/// What changes as time goes on and as clients ask.
struct Stage {
    world: World,
    /// How many worlds came before, the clock having leapt.
    worlds: u64,
    telecomx: telecomx::Sessions,
    enswitch: enswitch::Record,
    telphin: telphin::Account,
}

impl Desk {
    pub fn new(
        seed: u64,
        clock: SimClock,
        opens_at: Option<Time>,
        push: Option<Push>,
        setup: &telphin::Setup,
    ) -> Self {
        let stage = Stage {
            world: World::new(seed, clock.now(), opens_at),
            worlds: 0,
            telecomx: telecomx::Sessions::new(seed),
            enswitch: enswitch::Record::default(),
            telphin: telphin::Account::new(seed, setup),
        };
        Self {
            clock,
            faults: Faults::seeded(seed),
            team: Arc::new(Post::new(contaqt::Office::new(seed, push))),
            phones: Arc::new(Post::new(telphin::Office::new(seed, setup))),
            wake: Arc::default(),
            seed,
            opens_at,
            requests: Mutex::default(),
            stage: Mutex::new(stage),
        }
    }

    /// How often each address was asked for: `GET /telecomx/…` without query.
    pub fn requests(&self) -> BTreeMap<String, u64> {
        locked(&self.requests).clone()
    }

    /// Answers a request, in the time that a fault may ask for.
    pub async fn answer(&self, asked: Asked) -> Sent {
        let path = asked.uri.path().to_owned();
        if let Some(path) = path.strip_prefix("/_sim/") {
            let now = self.clock.now();
            return spoil(None, self.control(path, &asked), Vendor::TelecomX, now);
        }
        *locked(&self.requests)
            .entry(format!("{} {path}", asked.method))
            .or_default() += 1;
        let Some((vendor, rest)) = addressed(&path) else {
            let lost = Reply::new(404, "text/plain", "No vendor's API is served here.\n");
            return spoil(None, lost, Vendor::TelecomX, self.clock.now());
        };
        let plan = self.faults.take(vendor, &path);
        if !plan.latency.is_zero() {
            tokio::time::sleep(plan.latency).await;
        }
        let now = self.clock.now();
        let reply = self.reply(vendor, rest, &asked, &plan, now);
        let told = now.shift(plan.skew_ms);
        spoil(plan.fault.as_ref(), reply, vendor, told)
    }

    fn reply(&self, vendor: Vendor, path: &str, asked: &Asked, plan: &Plan, now: At) -> Reply {
        let mut stage = locked(&self.stage);
        self.bring_up(&mut stage, now);
        let Stage {
            world,
            telecomx,
            enswitch,
            telphin,
            ..
        } = &mut *stage;
        let moment = Moment {
            now,
            skew_ms: plan.skew_ms,
            fault: plan.fault.as_ref(),
        };
        match vendor {
            Vendor::TelecomX => telecomx::answer(telecomx, world, path, asked, moment),
            Vendor::While1 => while1::answer(world, path, asked, moment),
            Vendor::Contaqt => Reply::new(
                404,
                "text/plain",
                "Contaqt is asked nothing here: it pushes to a receiver.\n",
            ),
            // What is refused changes nothing.
            Vendor::Enswitch if is_refused(plan) => {
                enswitch::answer(&mut enswitch.clone(), path, asked, moment)
            }
            Vendor::Enswitch => enswitch::answer(enswitch, path, asked, moment),
            Vendor::Telphin => {
                let office = &mut *self.phones.office();
                let reply = telphin::answer(telphin, office, path, asked, moment);
                if asked.method != Method::GET {
                    // Something may have been ordered.
                    self.wake.notify_one();
                }
                reply
            }
        }
    }

    /// Brings the world up to now; a clock that leapt gets a new one.
    fn bring_up(&self, stage: &mut Stage, now: At) {
        let then = stage.world.now();
        if now.since(then) > LEAP || then.since(now) > BACK {
            stage.worlds += 1;
            let seed = self.seed.wrapping_add(stage.worlds);
            stage.world = World::new(seed, now, self.opens_at);
        }
        stage.world.advance(now);
    }

    /// What is truly so in both offices that are pushed from.
    pub fn truth(&self) -> Value {
        let mut truth = self.team.office().truth(&self.team.counts().borrow());
        truth["phones"] = self.phones.office().truth(&self.phones.counts().borrow());
        truth
    }

    fn control(&self, path: &str, asked: &Asked) -> Reply {
        match (&asked.method, path) {
            (&Method::GET, "requests") => Reply::json(200, &self.requests()),
            (&Method::GET, "pushes") => Reply::json(200, &*self.team.counts().borrow()),
            (&Method::GET, "truth") => Reply::json(200, &self.truth()),
            (&Method::DELETE, "faults") => {
                self.faults.clear();
                Reply::new(204, "text/plain", "")
            }
            (&Method::POST, "faults") => match serde_json::from_slice::<Rule>(&asked.body) {
                Ok(rule) => {
                    self.faults.set(rule);
                    Reply::new(204, "text/plain", "")
                }
                Err(e) => Reply::new(400, "text/plain", format!("This is no fault: {e}.\n")),
            },
            _ => Reply::new(
                404,
                "text/plain",
                "The simulator knows POST and DELETE /_sim/faults, GET /_sim/requests, \
                 /_sim/pushes and /_sim/truth.\n",
            ),
        }
    }
}

/// Whether what is asked is turned away before anything comes of it.
fn is_refused(plan: &Plan) -> bool {
    matches!(
        plan.fault,
        Some(Fault::Status {
            code: 400..=499,
            ..
        })
    )
}

/// The vendor a path is for, and the path at that vendor.
fn addressed(path: &str) -> Option<(Vendor, &str)> {
    let path = path.strip_prefix('/')?;
    let end = path.find('/').unwrap_or(path.len());
    Some((Vendor::from_name(&path[..end])?, &path[end..]))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
