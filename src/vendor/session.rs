//! A login that renews itself: many requests wait for one login, it is renewed
//! before it ends and once when it is refused, and a refused login is not
//! hammered. How to log in is the vendor's to say. May use domain, config.

use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use super::http::{Http, bearer};
use crate::{
    config::Secret,
    domain::{
        fault::{Fault, FaultKind},
        time::At,
    },
};

/// The part of a token's life, in percent, after which it is renewed unasked:
/// early enough for a slow login, late enough to waste little.
const RENEW_AT_PERCENT: u32 = 80;

/// What signs requests.
pub struct Sessions {
    /// How long a refused login is not tried again.
    rest: Duration,
    state: Mutex<State>,
    /// Logins that came to an end. Whoever waited while one failed takes its
    /// fault instead of trying in turn.
    ended: AtomicU64,
}

/// A token ready to be sent. Never printed.
#[derive(Clone)]
pub struct Pass {
    header: HeaderValue,
    token: Secret,
    /// Which login it came from.
    serial: u64,
}

/// What a good login gave. Never printed.
pub struct Granted {
    /// The token.
    pub pass: Pass,
    /// Its life from now on; `None` if it does not end.
    pub life: Option<Duration>,
}

#[derive(Default)]
struct State {
    session: Option<Session>,
    failed: Option<Failed>,
    /// When a token fresh from a renewal was refused.
    fruitless: Option<At>,
    logins: u64,
}

#[derive(Clone)]
struct Session {
    pass: Pass,
    /// When it is renewed unasked, and when it ends; `None`: never.
    life: Option<(At, At)>,
}

struct Failed {
    fault: Fault,
    /// It is not tried again between these two.
    at: At,
    until: At,
    /// The value of `ended` that it brought.
    round: u64,
}

impl Pass {
    /// A pass made of a token. Fails where no header can carry it.
    pub fn new(token: &str) -> Result<Self, Fault> {
        Ok(Self {
            header: bearer(token)?,
            token: token.to_owned().into(),
            serial: 0,
        })
    }

    /// The `Authorization` header: exactly `Bearer <token>`.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }

    /// The token, to be kept out of sentences.
    #[must_use]
    pub fn token(&self) -> &str {
        self.token.expose()
    }
}

impl Sessions {
    /// None yet. A refused login is not tried again for `rest`.
    #[must_use]
    pub fn new(rest: Duration) -> Self {
        Self {
            rest,
            state: Mutex::default(),
            ended: AtomicU64::new(0),
        }
    }

    /// What signs a request now; logs in, or renews a login near its end, if
    /// need be. A fault is a login that failed.
    pub async fn pass(
        &self,
        http: &Http,
        login: impl Future<Output = Result<Granted, Fault>>,
    ) -> Result<Pass, Fault> {
        let seen = self.ended.load(Ordering::SeqCst);
        let mut state = self.state.lock().await;
        let now = http.now();
        let living = state.session.clone();
        if let Some(session) = &living
            && !session.is_due(now)
        {
            return Ok(session.pass.clone());
        }
        // Near its end a token still serves while a new one cannot be had.
        let living = living.filter(|session| !session.is_over(now));
        if let Some(fault) = state.held(now, seen) {
            return living.map_or(Err(fault), |session| Ok(session.pass));
        }
        let result = login.await;
        match (self.settle(&mut state, http.now(), result), living) {
            (Err(_), Some(session)) => {
                state.rest(http.now().plus(self.rest));
                Ok(session.pass)
            }
            (result, _) => result,
        }
    }

    /// A newer token than `refused`, which a vendor's 401 turned down: one
    /// login for all who hold it. `None` where none can be had or the last
    /// one did not help either; then the 401 stands.
    pub async fn renewed(
        &self,
        http: &Http,
        refused: &Pass,
        login: impl Future<Output = Result<Granted, Fault>>,
    ) -> Result<Option<Pass>, Fault> {
        let seen = self.ended.load(Ordering::SeqCst);
        let mut state = self.state.lock().await;
        let now = http.now();
        if let Some(session) = &state.session
            && session.pass.serial != refused.serial
        {
            return Ok(Some(session.pass.clone()));
        }
        if state
            .fruitless
            .is_some_and(|at| is_within(now, at, at.plus(self.rest)))
        {
            return Ok(None);
        }
        if let Some(fault) = state.held(now, seen) {
            return Err(fault);
        }
        let result = login.await;
        self.settle(&mut state, http.now(), result).map(Some)
    }

    /// Takes note that a token fresh from [`Sessions::renewed`] was refused.
    pub async fn refused(&self, http: &Http, pass: &Pass) {
        let mut state = self.state.lock().await;
        let is_current = state
            .session
            .as_ref()
            .is_some_and(|session| session.pass.serial == pass.serial);
        if is_current {
            state.fruitless = Some(http.now());
        }
    }

    /// Takes in how a login ended.
    fn settle(
        &self,
        state: &mut State,
        now: At,
        result: Result<Granted, Fault>,
    ) -> Result<Pass, Fault> {
        let round = self.ended.fetch_add(1, Ordering::SeqCst) + 1;
        state.logins += 1;
        match result {
            Ok(granted) => {
                let session = Session::begin(granted, now, state.logins);
                let pass = session.pass.clone();
                state.session = Some(session);
                state.failed = None;
                Ok(pass)
            }
            Err(fault) => {
                state.failed = Some(Failed {
                    until: self.not_before(&fault, now),
                    fault: fault.clone(),
                    at: now,
                    round,
                });
                Err(fault)
            }
        }
    }

    /// When a login may be tried again. Only an answer that would come again
    /// is remembered; what failed on the way is the poller's to pace.
    fn not_before(&self, fault: &Fault, now: At) -> At {
        match fault.kind {
            FaultKind::RateLimited { until: Some(until) } => until,
            FaultKind::Auth | FaultKind::RateLimited { until: None } => now.plus(self.rest),
            _ => now,
        }
    }
}

impl Session {
    fn begin(granted: Granted, now: At, serial: u64) -> Self {
        let life = granted.life.map(|life| {
            let renew = life.saturating_mul(RENEW_AT_PERCENT) / 100;
            (now.plus(renew), now.plus(life))
        });
        let pass = Pass {
            serial,
            ..granted.pass
        };
        Self { pass, life }
    }

    fn is_due(&self, now: At) -> bool {
        self.life.is_some_and(|(renew, _)| now >= renew)
    }

    fn is_over(&self, now: At) -> bool {
        self.life.is_some_and(|(_, end)| now >= end)
    }
}

impl State {
    /// The fault of a login that ended while we waited, or that is too fresh
    /// to be tried again.
    fn held(&self, now: At, seen: u64) -> Option<Fault> {
        let failed = self.failed.as_ref()?;
        let holds = failed.round > seen || is_within(now, failed.at, failed.until);
        holds.then(|| failed.fault.clone())
    }

    /// Lets a failed renewal rest, whatever it failed of.
    fn rest(&mut self, until: At) {
        if let Some(failed) = &mut self.failed {
            failed.until = failed.until.max(until);
        }
    }
}

/// Half-open, and false when the clock was set back before `from`.
fn is_within(now: At, from: At, until: At) -> bool {
    from <= now && now < until
}
