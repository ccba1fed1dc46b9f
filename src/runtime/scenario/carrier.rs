//! Does one request of a scenario: a webhook as the vendor would send it, or a
//! queue event by the vendor's client. Sent once, whatever happens.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc, time::Duration};

use reqwest::{Method, RequestBuilder, Url, header};

use super::tally::Told;
use crate::{
    collector::receiver::INJECTED,
    config::{Account, Config, Site},
    domain::{
        fault::{Fault, FaultKind},
        injection::{self, Reply},
        scenario::{
            check::{self, Post, Sites},
            plan::{Letter, Plan, Send},
        },
        text::clip,
        time::Clock,
    },
    emit::{Request, wording},
    journal::Journal,
    runtime::inject,
    vendor::{enswitch, http::Http},
};

/// The most of a receiver's words that is kept.
const WORDS: usize = 200;

/// Where webhooks go: one address.
pub struct Outlet {
    http: Http,
    /// The query that the address has of its own.
    query: Option<String>,
    is_folder: bool,
}

impl Outlet {
    /// To this address.
    ///
    /// # Errors
    /// It is no http(s) address, or TLS cannot be set up.
    pub fn new(to: &str, deadline: Duration, clock: Clock) -> Result<Self, Fault> {
        let url = Url::parse(to).ok();
        Ok(Self {
            http: Http::new(to, deadline, clock)?,
            query: url.as_ref().and_then(Url::query).map(str::to_owned),
            is_folder: url.is_some_and(|url| url.path().len() > 1 && url.path().ends_with('/')),
        })
    }

    /// Sends a request once. It is marked as ours, so that no receiver of ours
    /// takes it for the vendor's, whatever way it comes.
    pub async fn send(&self, request: Request) -> Told {
        match self.deliver(request).await {
            injection::Told::Answered(replies) => match replies.into_iter().next() {
                Some(Reply { code, key, message }) => Told::Answered { code, key, message },
                None => Told::Unknown("an empty answer".to_owned()),
            },
            injection::Told::Failed(fault) => Told::Failed(fault.what),
            injection::Told::Unknown(fault) => Told::Unknown(fault.what),
        }
    }

    /// The same, told in full: the HTTP status and the body's first line.
    pub async fn deliver(&self, request: Request) -> injection::Told {
        let built = match self.build(request) {
            Ok(built) => built,
            Err(fault) => return injection::Told::Failed(fault),
        };
        match self.http.deliver("a webhook", built).await {
            Ok(answer) => {
                let body = String::from_utf8_lossy(&answer.body);
                let first = body.trim().lines().next().unwrap_or_default();
                injection::Told::Answered(vec![Reply {
                    code: answer.status.to_string(),
                    key: String::new(),
                    message: clip(first, WORDS),
                }])
            }
            Err(lost) if lost.may_have_arrived => injection::Told::Unknown(lost.fault),
            Err(lost) => injection::Told::Failed(lost.fault),
        }
    }

    fn build(&self, request: Request) -> Result<RequestBuilder, Fault> {
        let path: &[&str] = if self.is_folder { &[""] } else { &[] };
        let queries = [self.query.as_deref().unwrap_or_default(), &request.query];
        let query: Vec<&str> = queries.into_iter().filter(|q| !q.is_empty()).collect();
        let query = (!query.is_empty()).then(|| query.join("&"));
        let method = match request.method {
            "GET" => Method::GET,
            _ => Method::POST,
        };
        let mut built = self
            .http
            .request_with(method, path, query.as_deref())?
            .header(INJECTED, "1");
        if let Some(content_type) = request.content_type {
            built = built
                .header(header::CONTENT_TYPE, content_type)
                .body(request.body);
        }
        Ok(built)
    }
}

/// The address of our own receiver for a site, its secret in it.
#[must_use]
pub fn own_address(listens: SocketAddr, site: &Site) -> String {
    let secret = site.hook().and_then(|hook| hook.secrets.first());
    let secret = secret.map_or("", |secret| secret.expose());
    wording::own_address(listens, site.name.as_str(), secret)
}

/// Carries all requests of a scenario.
pub struct Carrier {
    sites: Sites,
    /// Outlets by address; our own receiver's by the site's name.
    outlets: BTreeMap<Arc<str>, Outlet>,
    creators: BTreeMap<String, (enswitch::Client, Post)>,
    clock: Clock,
    /// Where each queue event is put on record with who created it. Without,
    /// the run as a whole is.
    record: Option<(Journal, Arc<str>)>,
}

/// What a carrier needs.
pub struct Hands<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The sites of the steps.
    pub sites: Sites,
    /// The sites as a scenario meets them.
    pub posts: &'a [Post],
    /// Where our own receiver listens, if it is needed.
    pub listens: Option<SocketAddr>,
    /// How long an answer may take.
    pub deadline: Duration,
    /// The clock.
    pub clock: Clock,
    /// Where each queue event is put on record, in whose name.
    pub record: Option<(Journal, Arc<str>)>,
}

impl Carrier {
    /// For all that these requests need: a plan's, or one turn's.
    ///
    /// # Errors
    /// A site cannot be reached as it is configured.
    pub fn new(hands: &Hands<'_>, plan: &Plan) -> Result<Self, Fault> {
        let mut carrier = Self {
            outlets: BTreeMap::new(),
            creators: BTreeMap::new(),
            clock: hands.clock.clone(),
            record: hands.record.clone(),
            sites: hands.sites.clone(),
        };
        for send in &plan.sends {
            carrier.prepare(hands, send)?;
        }
        Ok(carrier)
    }

    fn prepare(&mut self, hands: &Hands<'_>, send: &Send) -> Result<(), Fault> {
        let name = hands.sites.of(send.line);
        let Some(site) = hands.config.site(name) else {
            return Err(gone(name));
        };
        let (deadline, clock) = (hands.deadline, hands.clock.clone());
        match &send.what {
            Letter::Webhook(webhook) => {
                let key: Arc<str> = webhook.to.clone().unwrap_or_else(|| name.into());
                if self.outlets.contains_key(&key) {
                    return Ok(());
                }
                let to = match (&webhook.to, hands.listens) {
                    (Some(to), _) => to.to_string(),
                    (None, Some(listens)) => own_address(listens, site),
                    (None, None) => return Err(gone(name)),
                };
                self.outlets.insert(key, Outlet::new(&to, deadline, clock)?);
            }
            Letter::Injection(_) if self.creators.contains_key(name) => {}
            Letter::Injection(_) => {
                let post = hands.posts.iter().find(|p| p.site.name.as_str() == name);
                let (Account::Enswitch(account), Some(post)) = (&site.account, post) else {
                    return Err(gone(name));
                };
                let client = enswitch::Client::new(account, deadline, clock)?;
                self.creators
                    .insert(name.to_owned(), (client, post.clone()));
            }
        }
        Ok(())
    }

    /// Does one request.
    pub async fn carry(&self, send: Send) -> Told {
        let name = self.sites.of(send.line);
        match &send.what {
            Letter::Webhook(webhook) => {
                let key = webhook.to.as_deref().unwrap_or(name);
                match self.outlets.get(key) {
                    Some(outlet) => outlet.send(wording::request(webhook)).await,
                    None => Told::Failed(gone(name).to_string()),
                }
            }
            Letter::Injection(params) => match self.creators.get(name) {
                Some((client, post)) => self.create(client, post, params).await,
                None => Told::Failed(gone(name).to_string()),
            },
        }
    }

    async fn create(
        &self,
        client: &enswitch::Client,
        post: &Post,
        params: &[(&'static str, String)],
    ) -> Told {
        let event = match check::injection(post, params, (self.clock)()) {
            Ok(event) => event,
            Err(why) => return Told::Failed(why),
        };
        let told = match &self.record {
            None => client.create(&event).await.told,
            Some((journal, who)) => {
                match inject::send(client, journal, &self.clock, who, &event).await {
                    Ok((injected, ..)) => injected.told,
                    Err(error) => return Told::Failed(error.to_string()),
                }
            }
        };
        match told {
            injection::Told::Answered(replies) => {
                // The vendor may give several; what it complains of counts.
                let worst = replies
                    .iter()
                    .max_by_key(|r| r.number().unwrap_or(u16::MAX));
                worst.map_or(Told::Unknown("an empty answer".to_owned()), |reply| {
                    Told::Answered {
                        code: reply.code.clone(),
                        key: reply.key.clone(),
                        message: reply.message.clone(),
                    }
                })
            }
            injection::Told::Failed(fault) => Told::Failed(fault.what),
            injection::Told::Unknown(fault) => Told::Unknown(fault.what),
        }
    }
}

/// It was found when the scenario was looked over, and is not there now.
fn gone(site: &str) -> Fault {
    Fault::new(
        FaultKind::Unreachable,
        format!("site \"{site}\" cannot be sent to"),
        "check its settings with `holdline config check`",
    )
}
