//! One Telphin site: what is subscribed, which extensions there are, and the
//! account's limits. Signs a question, asks it, renews the token once. What
//! changes something stands in `change`. When to ask is not its business.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use reqwest::{Method, RequestBuilder, header};
use serde_json::Value;

use super::{
    account::{Account, unsent},
    assumed,
    budget::Budget,
    change::Numbers,
    listing::{Listed, Listing},
    refusal::{self, About, Asker},
    wire,
};
use crate::{
    config::{self, Secret},
    domain::{
        extension::Extension,
        fault::{Fault, FaultKind},
        subscription::Subscription,
        time::Clock,
    },
    vendor::{
        http::{Answer, Http, Lost, Skew},
        session::Pass,
    },
};

/// The client of one site; share it behind an `Arc`. Its `Debug` shows the
/// host and nothing else. Sites of one account share token and budget.
pub struct Client {
    pub(super) http: Http,
    account: Arc<Account>,
    /// What opens our receiver: the vendor has it in URLs, and may repeat it.
    hooks: Vec<Secret>,
    pub(super) extensions: Vec<Extension>,
    pub(super) numbers: Mutex<Option<Numbers>>,
}

/// One request.
pub(super) struct Question<'a> {
    /// Its name in the log.
    pub what: &'static str,
    pub about: About,
    pub method: Method,
    /// What follows `/api/ver1.0`.
    pub path: &'a [&'a str],
    pub query: Option<String>,
    pub body: Option<Value>,
    /// What no sentence may hold, besides the client's own secrets.
    pub hidden: Vec<String>,
}

/// Whether a request is on its way, for whoever stops waiting for it.
#[derive(Debug, Default)]
pub(super) struct Way(AtomicBool);

impl Way {
    fn leaves(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// It was turned down for who asked, and changed nothing.
    fn is_back(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether it may arrive although nobody waits for it.
    pub fn may_arrive(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<'a> Question<'a> {
    /// A GET without anything.
    pub fn get(what: &'static str, about: About, path: &'a [&'a str]) -> Self {
        Self {
            what,
            about,
            method: Method::GET,
            path,
            query: None,
            body: None,
            hidden: Vec::new(),
        }
    }
}

impl Client {
    /// A client for `site`. `deadline` counts for one question, a login on the
    /// way included. Fails where `url` cannot be used.
    pub fn new(site: &config::Telphin, deadline: Duration, clock: Clock) -> Result<Self, Fault> {
        let hooks = site.hook.as_ref().map(|hook| hook.secrets.clone());
        Ok(Self {
            http: Http::new(&site.url, deadline, clock)?,
            account: Account::of(&site.url, &site.client_id, &site.client_secret),
            hooks: hooks.unwrap_or_default(),
            extensions: site.extensions.clone(),
            numbers: Mutex::default(),
        })
    }

    /// What is subscribed of an extension, by its id or as `@200` by its short
    /// number: `GET /extension/{id}/event/`.
    pub async fn subscriptions(&self, extension: &str) -> Result<Vec<Subscription>, Fault> {
        let path = ["extension", extension, "event", ""];
        let question = Question::get("subscriptions", About::Extension, &path);
        self.read(&question, wire::subscriptions).await
    }

    /// All extensions of the account: `GET /client/@me/extension/`, page after
    /// page; the deadline counts for each of them. A fault on one is a fault
    /// of all, and so is a list that does not end.
    pub async fn extensions(&self) -> Result<Vec<Listed>, Fault> {
        let path = ["client", assumed::ME, "extension", ""];
        let mut listing = Listing::default();
        while let Some(page) = listing.next().map_err(|_| endless())? {
            let question = Question {
                query: Some(format!("page={page}&per_page={}", assumed::PER_PAGE)),
                ..Question::get("extensions", About::Account, &path)
            };
            listing.take(self.read(&question, wire::extensions).await?);
        }
        Ok(listing.into_rows())
    }

    /// The account's limits as names and values, safe to show:
    /// `GET /client/@me/limit/`. What they are called is not documented, so
    /// they are for showing only.
    pub async fn limits(&self) -> Result<Vec<(String, String)>, Fault> {
        let path = ["client", assumed::ME, "limit", ""];
        let question = Question::get("limits", About::Account, &path);
        self.read(&question, wire::limits).await
    }

    /// What is left of the account's requests in this hour; `None` where that
    /// is not known, or no longer.
    #[must_use]
    pub fn budget(&self) -> Option<Budget> {
        self.account.budget(self.http.now())
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

    async fn read<T>(
        &self,
        question: &Question<'_>,
        read: impl FnOnce(&Answer, &Asker<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let way = Way::default();
        let exchanged = async {
            // Boxed: it holds several requests, and stands in many questions.
            let exchanged = Box::pin(self.exchange(question, &way)).await;
            exchanged.map_err(|lost| lost.fault)
        };
        let (answer, pass) = self.http.within(exchanged).await?;
        self.asker(question, &pass, |asker| read(&answer, asker))
    }

    /// The answer, after at most one renewal of the token. The second request
    /// is no second attempt: a 401 turns down who asks, before what is asked
    /// is looked at, so that nothing was changed. `way` is where a request that
    /// is given up has got to.
    pub(super) async fn exchange(
        &self,
        question: &Question<'_>,
        way: &Way,
    ) -> Result<(Answer, Pass), Lost> {
        let (http, account) = (&self.http, &self.account);
        account.closed(http.now()).map_err(unsent)?;
        let pass = http.within(account.pass(http)).await.map_err(unsent)?;
        way.leaves();
        let answer = self.send(question, &pass).await?;
        if !refusal::wants_login(&answer) {
            return Ok((answer, pass));
        }
        way.is_back();
        let renewed = http.within(account.renewed(http, &pass)).await;
        let Some(pass) = renewed.map_err(unsent)? else {
            return Ok((answer, pass));
        };
        way.leaves();
        let answer = self.send(question, &pass).await?;
        if refusal::wants_login(&answer) {
            way.is_back();
            account.refused(http, &pass).await;
        }
        Ok((answer, pass))
    }

    async fn send(&self, question: &Question<'_>, pass: &Pass) -> Result<Answer, Lost> {
        let request = self.request(question, pass).map_err(unsent)?;
        self.account
            .deliver(&self.http, question.what, request)
            .await
    }

    fn request(&self, question: &Question<'_>, pass: &Pass) -> Result<RequestBuilder, Fault> {
        let path = [&["api", "ver1.0"], question.path].concat();
        let method = question.method.clone();
        let request = self
            .http
            .request_with(method, &path, question.query.as_deref())?
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, pass.header());
        Ok(match &question.body {
            Some(body) => request.json(body),
            None => request,
        })
    }

    /// Runs `words` with what no sentence may hold.
    pub(super) fn asker<T>(
        &self,
        question: &Question<'_>,
        pass: &Pass,
        words: impl FnOnce(&Asker<'_>) -> T,
    ) -> T {
        let own = [pass.token(), self.account.secret()];
        let hooks = self.hooks.iter().map(Secret::expose);
        let hidden = question.hidden.iter().map(String::as_str);
        let secrets: Vec<&str> = own.into_iter().chain(hooks).chain(hidden).collect();
        words(&Asker {
            about: question.about,
            secrets: &secrets,
        })
    }
}

fn endless() -> Fault {
    Fault::new(
        FaultKind::Malformed,
        format!(
            "Telphin's list of extensions does not end after {} pages",
            assumed::MOST_PAGES
        ),
        "name the extensions you need in `extensions` of the configuration",
    )
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Telphin({})", self.http.host())
    }
}
