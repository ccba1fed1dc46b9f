//! One Enswitch site: creates a queue event, by POST so that no password
//! stands in a log on the way, or by GET where the site says so; reads events
//! back. Asks once and never again. Who may do it is not its business.

use std::{
    fmt,
    time::{Duration, Instant},
};

use reqwest::{RequestBuilder, header};

use super::{assumed, record, refusal, wire};
use crate::{
    config::{self, Method, Secret},
    domain::{
        fault::{Fault, FaultKind},
        id::QueueId,
        injection::{Injection, OnRecord, Recorded, Told, request::encoded},
        time::{At, Clock},
    },
    vendor::http::{Answer, Http, Skew},
};

/// The client of one site; share it behind an `Arc`. Its `Debug` shows the
/// host and nothing else.
pub struct Client {
    http: Http,
    username: String,
    password: Secret,
    method: Method,
}

/// What became of a creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Created {
    /// What was told.
    pub told: Told,
    /// How long it took until then.
    pub took: Duration,
    /// When that was, by our clock.
    pub ended: At,
    /// Between which instants of the vendor's the event lies.
    pub window: Window,
}

/// A stretch of the vendor's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its first instant.
    pub from: At,
    /// Its last.
    pub to: At,
}

impl Client {
    /// A client for `site`; `deadline` counts for one answer. Fails where
    /// `url` cannot be used.
    pub fn new(site: &config::Enswitch, deadline: Duration, clock: Clock) -> Result<Self, Fault> {
        Ok(Self {
            http: Http::new(&site.url, deadline, clock)?,
            username: site.username.clone(),
            password: site.password.clone(),
            method: site.method,
        })
    }

    /// Creates a queue event, or has it validated: `queues/events/create`.
    /// Never sent twice, whatever happens.
    pub async fn create(&self, event: &Injection) -> Created {
        let begun = (Instant::now(), self.http.now());
        let request = match self.request("create", &event.form()) {
            Ok(request) => request,
            Err(fault) => return self.created(event, Told::Failed(fault), begun, None),
        };
        let delivered = self.http.deliver("queues/events/create", request).await;
        let answer = match delivered {
            Ok(answer) => answer,
            Err(lost) if lost.may_have_arrived => {
                return self.created(event, Told::Unknown(lost.fault), begun, None);
            }
            Err(lost) => return self.created(event, Told::Failed(lost.fault), begun, None),
        };
        let told = match wire::replies(&answer, &self.secrets()) {
            Ok(replies) => match replies.iter().find_map(|r| Some((r, refusal::missing(r)?))) {
                // In the vendor's form, and yet no answer to this question.
                Some((reply, remedy)) => Told::Failed(Fault::new(
                    FaultKind::NotFound,
                    format!("Enswitch answered {reply}"),
                    remedy,
                )),
                None => Told::Answered(replies),
            },
            Err(fault) if is_refusal(answer.status) => Told::Failed(fault),
            Err(fault) => Told::Unknown(fault),
        };
        self.created(event, told, begun, Some(&answer))
    }

    /// The events of a queue that are on record between two instants of the
    /// vendor's, in its order: `queues/events/list` with an explicit start and
    /// end, so that no other reader misses any.
    pub async fn list(&self, queue: &QueueId, within: Window) -> Result<Vec<Recorded>, Fault> {
        let form = format!(
            "queue={}&start={}&end={}",
            encoded(queue.as_str()),
            within.from.0.div_euclid(1_000),
            within.to.0.div_euclid(1_000)
        );
        let request = self.request("list", &form)?;
        let answer = self.http.send("queues/events/list", request).await?;
        wire::rows(&answer, &self.secrets())
    }

    /// Looks once whether an event that was accepted is on record.
    pub async fn look_up(&self, event: &Injection, within: Window) -> OnRecord {
        match self.list(&event.queue, within).await {
            Err(fault) => OnRecord::Unread(fault),
            Ok(rows) => match record::find(event, &rows) {
                Some(row) => OnRecord::Found(row.clone()),
                None => OnRecord::Nothing {
                    from: within.from,
                    to: within.to,
                },
            },
        }
    }

    /// The vendor's clock against ours, as the last answer had it that told.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        self.http.skew()
    }

    /// The host asked, for sentences.
    #[must_use]
    pub fn host(&self) -> &str {
        self.http.host()
    }

    /// A request for a function of `queues/events`; the slash behind it is the
    /// page's.
    fn request(&self, function: &str, form: &str) -> Result<RequestBuilder, Fault> {
        let path = ["api", "json", "queues", "events", function, ""];
        let form = format!(
            "auth_username={}&auth_password={}&{form}",
            encoded(&self.username),
            encoded(self.password.expose())
        );
        let request = match self.method {
            Method::Post => self
                .http
                .post(&path)?
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form),
            Method::Get => self.http.get_with(&path, &form)?,
        };
        Ok(request.header(header::ACCEPT, "application/json"))
    }

    fn secrets(&self) -> [&str; 1] {
        [self.password.expose()]
    }

    fn created(
        &self,
        event: &Injection,
        told: Told,
        begun: (Instant, At),
        answer: Option<&Answer>,
    ) -> Created {
        let ended = self.http.now();
        Created {
            told,
            took: begun.0.elapsed(),
            ended,
            window: window(event, begun.1, ended, answer),
        }
    }
}

/// Whether HTTP's own status says that a request was not carried out: it was
/// not understood, not allowed, not found, too large or one too many. A
/// redirect may come after a form was taken, and a 408 from a proxy that
/// waited in vain.
fn is_refusal(status: u16) -> bool {
    matches!(
        status,
        400 | 401 | 403 | 404 | 405 | 407 | 410 | 411 | 413 | 414 | 415 | 429
    )
}

/// Where an event lies in the vendor's time: about the time that was sent, or
/// else between question and answer as its clock has them.
fn window(event: &Injection, sent: At, received: At, answer: Option<&Answer>) -> Window {
    let time = event.get("time").and_then(|time| time.parse::<i64>().ok());
    if let Some(time) = time {
        let at = At(time.saturating_mul(1_000));
        return Window { from: at, to: at }.wider(assumed::MARGIN);
    }
    let here = Window {
        from: sent,
        to: received,
    };
    match answer.and_then(Skew::of) {
        Some(skew) => Window {
            from: here.from.shift(skew.ms),
            to: here.to.shift(skew.ms),
        }
        .wider(assumed::MARGIN),
        None => here.wider(assumed::WIDE_MARGIN),
    }
}

impl Window {
    /// The same with so much more at both ends; never before 1970, where -1
    /// means something else to the list.
    fn wider(self, by: Duration) -> Self {
        let ms = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        Self {
            from: At(self.from.shift(-ms).0.max(0)),
            to: At(self.to.shift(ms).0.max(0)),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Enswitch({})", self.http.host())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(date: Option<i64>) -> Answer {
        Answer {
            date: date.map(At),
            sent: At(100_000),
            head: At(100_000),
            ..Answer::new(200, "")
        }
    }

    fn of(time: Option<&str>, date: Option<i64>) -> (i64, i64) {
        let mut event = Injection::new("sales".into(), "123".into());
        event.set("time", time.unwrap_or_default(), At(0)).unwrap();
        let window = window(&event, At(100_000), At(101_000), Some(&answer(date)));
        (window.from.0, window.to.0)
    }

    #[test]
    fn an_event_is_looked_for_where_the_vendors_clock_puts_it() {
        assert_eq!(of(None, Some(99_500)), (95_000, 106_000));
        assert_eq!(of(None, Some(159_500)), (155_000, 166_000));
        assert_eq!(of(None, None), (40_000, 161_000));
        assert_eq!(of(Some("7"), Some(159_500)), (2_000, 12_000));
        assert_eq!(of(Some("0"), None), (0, 5_000));
    }
}
