//! Sends a request and brings the whole answer back: deadline, size limit, no
//! redirects, no proxy on loopback, nothing secret in any sentence. It judges
//! nothing: what an answer means is the vendor's to say. May use domain and
//! config.

mod address;
mod answer;
mod bearer;
mod page;
mod rate;
mod skew;
mod trouble;

use std::{
    fmt,
    future::Future,
    sync::{Mutex, Once, PoisonError},
    time::Duration,
};

use reqwest::{Method, RequestBuilder, redirect};
use tokio::time::Instant;

use self::address::Base;
pub use self::{
    answer::Answer,
    bearer::bearer,
    page::{is_page, title},
    rate::Rate,
    skew::Skew,
};
use crate::domain::{
    fault::{Fault, FaultKind},
    time::{At, Clock},
};

/// The largest body that is read, counted after decompression.
pub const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// So long a body is believed to come before it has.
const BELIEVED: usize = 1 << 20;

/// How long a connection may take at most; less where the deadline is less.
const CONNECT: Duration = Duration::from_secs(5);

/// Idle connections are dropped before common servers drop them (Node.js:
/// 5 s), or a poll could meet a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(4);

/// Requests to one site. Everything it builds goes below the site's base URL,
/// so credentials cannot leave for another host.
pub struct Http {
    client: reqwest::Client,
    base: Base,
    host: String,
    deadline: Duration,
    clock: Clock,
    /// As the last answer had it that told.
    skew: Mutex<Option<Skew>>,
}

/// Why a request has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// What happened.
    pub fault: Fault,
    /// Whether the request may have arrived all the same.
    pub may_have_arrived: bool,
}

impl Http {
    /// A client for everything below `base` (a configured `url`, with or
    /// without a trailing slash). `deadline` counts for one whole answer.
    /// Fails where the URL is not http(s), or TLS cannot be set up.
    pub fn new(base: &str, deadline: Duration, clock: Clock) -> Result<Self, Fault> {
        install_tls();
        let base = Base::parse(base)?;
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("holdline/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT.min(deadline))
            .timeout(deadline)
            .pool_idle_timeout(IDLE);
        if base.is_loopback() {
            builder = builder.no_proxy();
        }
        if base.is_plain() {
            // Nothing to verify: the system's certificates need not be read.
            builder = builder.tls_certs_only([]);
        }
        let client = builder.build().map_err(|_| {
            Fault::new(
                FaultKind::Unreachable,
                "TLS cannot be set up: this machine has no certificate authorities",
                "install the system's CA certificates, or name a file of them in SSL_CERT_FILE",
            )
        })?;
        Ok(Self {
            client,
            host: base.authority(),
            base,
            deadline,
            clock,
            skew: Mutex::default(),
        })
    }

    /// A GET for the path made of these segments, each percent-encoded. An
    /// empty last segment gives a trailing slash; a segment that cannot stand
    /// in a path (`..`) is a fault.
    pub fn get(&self, path: &[&str]) -> Result<RequestBuilder, Fault> {
        self.request(Method::GET, path)
    }

    /// A POST, else as [`Http::get`].
    pub fn post(&self, path: &[&str]) -> Result<RequestBuilder, Fault> {
        self.request(Method::POST, path)
    }

    /// A GET with a query that is encoded already, else as [`Http::get`].
    pub fn get_with(&self, path: &[&str], query: &str) -> Result<RequestBuilder, Fault> {
        let mut url = self.base.below(path)?;
        url.set_query(Some(query));
        Ok(self.client.get(url))
    }

    /// A request with any method, else as [`Http::get`].
    pub fn request(&self, method: Method, path: &[&str]) -> Result<RequestBuilder, Fault> {
        Ok(self.client.request(method, self.base.below(path)?))
    }

    /// A request with any method and a query that is encoded already, if any.
    pub fn request_with(
        &self,
        method: Method,
        path: &[&str],
        query: Option<&str>,
    ) -> Result<RequestBuilder, Fault> {
        let mut url = self.base.below(path)?;
        url.set_query(query);
        Ok(self.client.request(method, url))
    }

    /// Sends a request made here and reads the whole answer, whatever its
    /// status. `what` names the request in the log. A fault is a timeout, no
    /// connection, or an answer that was cut off or is too long.
    pub async fn send(&self, what: &'static str, request: RequestBuilder) -> Result<Answer, Fault> {
        self.deliver(what, request).await.map_err(|lost| lost.fault)
    }

    /// The same for a request that changes something: without an answer, it
    /// matters whether it may have arrived all the same.
    pub async fn deliver(
        &self,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<Answer, Lost> {
        let result = self.exchange(request).await;
        match &result {
            Ok(answer) => tracing::debug!(
                host = self.host,
                what,
                status = answer.status,
                bytes = answer.body.len(),
                ms = millis(answer.received.since(answer.sent)),
                "answered"
            ),
            Err(Lost { fault, .. }) => {
                tracing::debug!(host = self.host, what, %fault, "no answer");
            }
        }
        result
    }

    /// The host, with its port if it is not the usual one, for sentences.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The vendor's clock against ours, as the last answer had it that told;
    /// `None` before.
    #[must_use]
    pub fn skew(&self) -> Option<Skew> {
        *self.skew.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Now, by the clock that was handed in.
    #[must_use]
    pub fn now(&self) -> At {
        (self.clock)()
    }

    /// Runs `work`, which may hold several requests, within one deadline.
    pub async fn within<T>(
        &self,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        self.by(self.until(), work).await
    }

    /// When a deadline that begins to run now has run out.
    #[must_use]
    pub fn until(&self) -> Instant {
        Instant::now() + self.deadline
    }

    /// As [`Http::within`], with a deadline from [`Http::until`] that others
    /// share.
    pub async fn by<T>(
        &self,
        until: Instant,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        tokio::time::timeout_at(until, work)
            .await
            .unwrap_or_else(|_| Err(trouble::late(&self.host, self.deadline)))
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, Lost> {
        let sent = self.now();
        let arrived = |fault| Lost {
            fault,
            may_have_arrived: true,
        };
        let mut response = request.send().await.map_err(|e| Lost {
            fault: trouble::sending(&e, &self.host, self.deadline),
            // Without a connection nothing was sent, nor was a request that
            // could not be made.
            may_have_arrived: !(e.is_connect() || e.is_builder()),
        })?;
        let mut answer = Answer::head(&response, sent, self.now());
        if let Some(skew) = Skew::of(&answer) {
            *self.skew.lock().unwrap_or_else(PoisonError::into_inner) = Some(skew);
        }
        if let Some(length) = response.content_length() {
            if is_too_long(length) {
                return Err(arrived(trouble::too_long(&self.host, BODY_LIMIT)));
            }
            // In one piece: what grows by doubling lies there three times over.
            let length = usize::try_from(length).unwrap_or(BELIEVED);
            answer.body.reserve_exact(length.min(BELIEVED));
        }
        while let Some(chunk) = response.chunk().await.map_err(|e| {
            let so_far = answer.body.len();
            arrived(trouble::reading(&e, &self.host, self.deadline, so_far))
        })? {
            if answer.body.len() + chunk.len() > BODY_LIMIT {
                return Err(arrived(trouble::too_long(&self.host, BODY_LIMIT)));
            }
            answer.body.extend_from_slice(&chunk);
        }
        answer.received = self.now();
        Ok(answer)
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Http({})", self.host)
    }
}

/// Installs the TLS provider of this process, once. Building any client that
/// may speak TLS needs it.
pub fn install_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // An error means that somebody installed one before: as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

fn is_too_long(length: u64) -> bool {
    usize::try_from(length).map_or(true, |n| n > BODY_LIMIT)
}

fn millis(d: Duration) -> u64 {
    u64::try_from(d.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn http(base: &str) -> Http {
        Http::new(base, Duration::from_secs(10), Arc::new(|| At(0))).unwrap()
    }

    #[test]
    fn an_address_that_is_none_is_refused_without_being_quoted() {
        for base in [
            "",
            "api.example.com",
            "ftp://h",
            "http://",
            "http://u:canary@",
        ] {
            let fault = Http::new(base, Duration::from_secs(1), Arc::new(|| At(0))).unwrap_err();
            assert!(!fault.to_string().contains("canary"), "{fault}");
        }
        assert_eq!(
            format!("{:?}", http("http://u:canary@h:81/x")),
            "Http(h:81)"
        );
    }
}
