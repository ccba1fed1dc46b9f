//! One TelecomX site: signs a question, asks it, renews a login once, and
//! knows an answer that says nothing new. When to ask is not its business.

use std::{
    collections::HashMap,
    fmt,
    hash::BuildHasher,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use reqwest::header;

use super::{refusal, token::Tokens, wire};
use crate::{
    config,
    domain::{
        caller::Caller,
        fault::Fault,
        id::QueueId,
        time::{At, Clock},
    },
    vendor::{
        http::{Answer, Http, Skew},
        session::Pass,
    },
};

/// The client of one site; share it behind an `Arc`. Its `Debug` shows the
/// host and nothing else.
pub struct Client {
    http: Http,
    tokens: Tokens,
    last: Mutex<HashMap<QueueId, Print>>,
    hasher: foldhash::quality::RandomState,
}

/// What remains of the last good answer: length and a keyed hash of its
/// bytes. The bytes themselves may hold secret numbers, and are not kept.
type Print = (usize, u64);

/// The answer to one question.
#[derive(Debug)]
pub struct Polled {
    /// The callers, or why not.
    pub outcome: Result<Callers, Fault>,
    /// The vendor's clock against ours, where the answer told it.
    pub skew: Option<Skew>,
    /// When the whole answer was here, or the question given up, by our
    /// clock.
    pub received: At,
}

/// The callers of a queue, as the vendor listed them.
#[derive(Debug, PartialEq, Eq)]
pub enum Callers {
    /// Byte for byte the last good answer for this queue.
    Unchanged,
    /// The whole list.
    List(Vec<Caller>),
}

impl Client {
    /// A client for `site`. `deadline` counts for one whole question, a login
    /// on the way included. Fails where `url` or `token` cannot be used.
    pub fn new(site: &config::TelecomX, deadline: Duration, clock: Clock) -> Result<Self, Fault> {
        Ok(Self {
            http: Http::new(&site.url, deadline, clock)?,
            tokens: Tokens::new(&site.auth)?,
            last: Mutex::default(),
            hasher: foldhash::quality::RandomState::default(),
        })
    }

    /// Asks who waits in `queue`: `GET /pbx/queue/QUEUE_ID/callers`.
    pub async fn callers(&self, queue: &QueueId) -> Polled {
        let polled = self.http.within(async {
            let (answer, pass) = self.answer(queue).await?;
            Ok((self.judge(queue, &answer, &pass), answer))
        });
        match polled.await {
            Ok((outcome, answer)) => Polled {
                outcome,
                skew: Skew::of(&answer),
                received: answer.received,
            },
            Err(fault) => Polled {
                outcome: Err(fault),
                skew: None,
                received: self.http.now(),
            },
        }
    }

    /// Forgets the last answer for `queue`, so that the next is read in full
    /// even if it is the same.
    pub fn forget(&self, queue: &QueueId) {
        self.prints().remove(queue);
    }

    /// The host asked, for sentences.
    #[must_use]
    pub fn host(&self) -> &str {
        self.http.host()
    }

    /// The answer, after at most one renewal of the login.
    async fn answer(&self, queue: &QueueId) -> Result<(Answer, Pass), Fault> {
        let pass = self.tokens.pass(&self.http).await?;
        let answer = self.fetch(queue, &pass).await?;
        if !refusal::wants_login(&answer) {
            return Ok((answer, pass));
        }
        let Some(pass) = self.tokens.renewed(&self.http, &pass).await? else {
            return Ok((answer, pass));
        };
        let answer = self.fetch(queue, &pass).await?;
        if refusal::wants_login(&answer) {
            self.tokens.refused(&self.http, &pass).await;
        }
        Ok((answer, pass))
    }

    async fn fetch(&self, queue: &QueueId, pass: &Pass) -> Result<Answer, Fault> {
        let request = self
            .http
            .get(&["pbx", "queue", queue.as_str(), "callers"])?
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, pass.header());
        self.http.send("callers", request).await
    }

    fn judge(&self, queue: &QueueId, answer: &Answer, pass: &Pass) -> Result<Callers, Fault> {
        let print = (answer.body.len(), self.hasher.hash_one(&answer.body));
        if wire::is_list(answer) && self.prints().get(queue) == Some(&print) {
            return Ok(Callers::Unchanged);
        }
        let list = self
            .tokens
            .asker(pass, |asker| wire::callers(answer, asker))?;
        self.prints().insert(queue.clone(), print);
        Ok(Callers::List(list))
    }

    /// Never held across an await.
    fn prints(&self) -> MutexGuard<'_, HashMap<QueueId, Print>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TelecomX({})", self.http.host())
    }
}
