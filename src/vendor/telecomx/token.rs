//! How requests are signed: a fixed token, or a login ("API : Auth : Login")
//! that renews itself. Many requests wait for one login, and a refused login
//! is not hammered. It decides nothing about polling.

use std::{
    fmt,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use reqwest::header::HeaderValue;
use tokio::sync::Mutex;

use super::{
    assumed,
    login::{self, Login},
    refusal::Asker,
};
use crate::{
    config::{Secret, TelecomXAuth},
    domain::{
        fault::{Fault, FaultKind},
        time::At,
    },
    vendor::http::{Http, bearer},
};

/// What signs one site's requests.
pub struct Tokens {
    source: Source,
    state: Mutex<State>,
    /// Logins that came to an end. Whoever waited while one failed takes its
    /// fault instead of trying in turn.
    ended: AtomicU64,
}

enum Source {
    Fixed(Pass),
    Login { username: String, password: Secret },
}

/// A token ready to be sent.
#[derive(Clone)]
pub struct Pass {
    header: HeaderValue,
    token: Secret,
    /// Which login it came from.
    serial: u64,
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
    fn new(token: &str, serial: u64) -> Result<Self, Fault> {
        Ok(Self {
            header: bearer(token)?,
            token: token.to_owned().into(),
            serial,
        })
    }

    /// The `Authorization` header: exactly `Bearer <token>`.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.header.clone()
    }
}

impl Tokens {
    /// The tokens of a site. Fails where the fixed token cannot be sent.
    pub fn new(auth: &TelecomXAuth) -> Result<Self, Fault> {
        let source = match auth {
            TelecomXAuth::Token(token) => Source::Fixed(Pass::new(token.expose(), 0)?),
            TelecomXAuth::Login { username, password } => Source::Login {
                username: username.clone(),
                password: password.clone(),
            },
        };
        Ok(Self {
            source,
            state: Mutex::default(),
            ended: AtomicU64::new(0),
        })
    }

    /// What signs a request now; logs in, or renews a login near its end, if
    /// need be. A fault is a login that failed.
    pub async fn pass(&self, http: &Http) -> Result<Pass, Fault> {
        let (username, password) = match &self.source {
            Source::Fixed(pass) => return Ok(pass.clone()),
            Source::Login { username, password } => (username, password),
        };
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
        let result = login::log_in(http, username, password).await;
        match (self.settle(&mut state, http.now(), result), living) {
            (Err(_), Some(session)) => {
                state.rest(http.now());
                Ok(session.pass)
            }
            (result, _) => result,
        }
    }

    /// A newer token than `refused`, which a vendor's 401 turned down: one
    /// login for all who hold it. `None` where none can be had or the last
    /// one did not help either; then the 401 stands.
    pub async fn renewed(&self, http: &Http, refused: &Pass) -> Result<Option<Pass>, Fault> {
        let Source::Login { username, password } = &self.source else {
            return Ok(None);
        };
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
            .is_some_and(|at| is_within(now, at, at.plus(assumed::LOGIN_REST)))
        {
            return Ok(None);
        }
        if let Some(fault) = state.held(now, seen) {
            return Err(fault);
        }
        let result = login::log_in(http, username, password).await;
        self.settle(&mut state, http.now(), result).map(Some)
    }

    /// Takes note that a token fresh from [`Tokens::renewed`] was refused.
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

    /// Runs `words` with what no sentence may hold.
    pub fn asker<T>(&self, pass: &Pass, words: impl FnOnce(&Asker<'_>) -> T) -> T {
        let token = pass.token.expose();
        match &self.source {
            Source::Fixed(_) => words(&Asker {
                logged_in: false,
                secrets: &[token],
            }),
            Source::Login { password, .. } => words(&Asker {
                logged_in: true,
                secrets: &[token, password.expose()],
            }),
        }
    }

    /// Takes in how a login ended.
    fn settle(
        &self,
        state: &mut State,
        now: At,
        result: Result<Login, Fault>,
    ) -> Result<Pass, Fault> {
        let round = self.ended.fetch_add(1, Ordering::SeqCst) + 1;
        state.logins += 1;
        match result.and_then(|login| Session::begin(&login, now, state.logins)) {
            Ok(session) => {
                let pass = session.pass.clone();
                state.session = Some(session);
                state.failed = None;
                Ok(pass)
            }
            Err(fault) => {
                state.failed = Some(Failed {
                    until: not_before(&fault, now),
                    fault: fault.clone(),
                    at: now,
                    round,
                });
                Err(fault)
            }
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.source {
            Source::Fixed(_) => "Tokens(fixed)",
            Source::Login { .. } => "Tokens(login)",
        })
    }
}

impl Session {
    fn begin(login: &Login, now: At, serial: u64) -> Result<Self, Fault> {
        let pass = Pass::new(login.token.expose(), serial).map_err(|_| login::no_token())?;
        let life = (login.minutes != assumed::PERSISTENT).then(|| {
            let minutes = u64::try_from(login.minutes).unwrap_or(0);
            let life = Duration::from_secs(minutes.saturating_mul(60));
            let renew = life.as_secs().saturating_mul(assumed::RENEW_AT_PERCENT) / 100;
            (now.plus(Duration::from_secs(renew)), now.plus(life))
        });
        Ok(Self { pass, life })
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
    fn rest(&mut self, now: At) {
        if let Some(failed) = &mut self.failed {
            failed.until = failed.until.max(now.plus(assumed::LOGIN_REST));
        }
    }
}

/// Half-open, and false when the clock was set back before `from`.
fn is_within(now: At, from: At, until: At) -> bool {
    from <= now && now < until
}

/// When a login may be tried again. Only an answer that would come again is
/// remembered; what failed on the way is the poller's to pace.
fn not_before(fault: &Fault, now: At) -> At {
    match fault.kind {
        FaultKind::RateLimited { until: Some(until) } => until,
        FaultKind::Auth | FaultKind::RateLimited { until: None } => now.plus(assumed::LOGIN_REST),
        _ => now,
    }
}
