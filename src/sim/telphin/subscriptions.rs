//! What is subscribed to: `/extension/{id}/event/` and single events.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use serde::Deserialize;
use serde_json::{Value, json};
use url::{Host, Url};

use crate::emit::telphin::{Kind, Method};

use super::{
    super::{
        http::{Asked, Reply},
        world::exchange::Station,
    },
    Office, Setup, assumed, extensions,
    extensions::Extension,
    refused,
};

/// The first id given, as on the page.
const FIRST_ID: u64 = 72;

/// Somebody else's program, which is on the list from the beginning. Nothing
/// is sent there.
const SOMEBODY_ELSES: &str = "https://crm.example.com/telphin.php?key=c0ffee";

/// Events of an extension that go to a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub station: Station,
    pub kind: Kind,
    pub method: Method,
    pub url: String,
}

/// All of an account's.
#[derive(Clone, Debug)]
pub struct Subscriptions {
    limit: usize,
    next: u64,
    all: BTreeMap<u64, Subscription>,
}

/// What is sent to make or change one.
#[derive(Deserialize)]
struct Wanted {
    url: Option<String>,
    event_type: Option<String>,
    method: Option<String>,
}

impl Subscriptions {
    /// Those that the simulator's own configuration needs, but for the text
    /// messages of the last phone, and one of somebody else's; none without a
    /// receiver.
    pub fn new(setup: &Setup) -> Self {
        let mut all = Self {
            limit: setup.events_limit,
            next: FIRST_ID,
            all: BTreeMap::new(),
        };
        let Some(url) = setup.hook_url() else {
            return all;
        };
        let last = extensions::all().last().map(|extension| extension.station);
        for extension in extensions::all() {
            let station = extension.station;
            let (kinds, method): (&[Kind], _) = match station {
                Station::Menu => (&[Kind::DialIn, Kind::Hangup], Method::Get),
                Station::Queue => (&[Kind::DialIn, Kind::Answer, Kind::Hangup], Method::Get),
                Station::Phone(_) => (&Kind::ALL, Method::Post),
            };
            let of_messages = |kind| matches!(kind, Kind::MessageIn | Kind::MessageOut);
            for kind in kinds {
                if Some(station) == last && of_messages(*kind) {
                    continue;
                }
                let (kind, url) = (*kind, url.clone());
                all.add(Subscription {
                    station,
                    kind,
                    method,
                    url,
                });
            }
        }
        all.add(Subscription {
            station: Station::Queue,
            kind: Kind::Hangup,
            method: Method::Get,
            url: SOMEBODY_ELSES.to_owned(),
        });
        all
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn limit(&self) -> usize {
        self.limit
    }

    fn add(&mut self, subscription: Subscription) -> u64 {
        let id = self.next;
        self.next += 1;
        self.all.insert(id, subscription);
        id
    }

    /// Those to an event of an extension, the oldest first.
    pub fn to(&self, station: Station, kind: Kind) -> impl Iterator<Item = &Subscription> {
        self.all
            .values()
            .filter(move |one| one.station == station && one.kind == kind)
    }
}

impl Subscription {
    /// Where its events go, with path and query. Nothing leaves this machine:
    /// for an address elsewhere there is none.
    pub fn target(&self) -> Option<(SocketAddr, String)> {
        let url = Url::parse(&self.url).ok()?;
        let ip = match url.host()? {
            Host::Ipv4(ip) => IpAddr::from(ip),
            Host::Ipv6(ip) => IpAddr::from(ip),
            Host::Domain(name) => (name == "localhost").then_some([127, 0, 0, 1].into())?,
        };
        if url.scheme() != "http" || !ip.is_loopback() {
            return None;
        }
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Some((SocketAddr::new(ip, url.port_or_known_default()?), path))
    }

    fn told(&self, id: u64) -> Value {
        json!({
            "url": self.url,
            "method": self.method.word(),
            "event_type": self.kind.name(),
            "id": id,
        })
    }

    /// With what is wanted in place of what was.
    fn changed(mut self, wanted: Wanted) -> Result<Self, Reply> {
        let wrong = |message: &str| refused::plainly(400, message);
        if let Some(url) = wanted.url {
            let web = Url::parse(&url).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
            if !web {
                return Err(wrong("url is not a valid URL"));
            }
            self.url = url;
        }
        if let Some(kind) = wanted.event_type {
            self.kind = Kind::from_name(&kind).ok_or_else(|| wrong("event_type is unknown"))?;
        }
        if let Some(method) = wanted.method {
            self.method =
                Method::from_word(&method).ok_or_else(|| wrong("method is not GET or POST"))?;
        }
        let of_messages = matches!(self.kind, Kind::MessageIn | Kind::MessageOut);
        if of_messages && !matches!(self.station, Station::Phone(_)) {
            return Err(wrong(
                "This event_type is for extensions of type phone only",
            ));
        }
        Ok(self)
    }
}

fn read(asked: &Asked) -> Result<Wanted, Reply> {
    serde_json::from_slice(&asked.body)
        .map_err(|_| refused::plainly(400, "The body is not a valid JSON object"))
}

/// `/extension/{id}/event/`.
pub fn of_extension(office: &mut Office, extension: Extension, asked: &Asked) -> Reply {
    let subscriptions = &mut office.subscriptions;
    match asked.method.as_str() {
        "GET" => {
            let of_it = subscriptions.all.iter();
            let told: Vec<Value> = of_it
                .filter(|(_, one)| one.station == extension.station)
                .map(|(id, one)| one.told(*id))
                .collect();
            Reply::json(200, &told)
        }
        "POST" => match made(subscriptions, extension, asked) {
            Ok(reply) => {
                office.asked_for();
                reply
            }
            Err(refused) => refused,
        },
        "DELETE" => {
            subscriptions
                .all
                .retain(|_, one| one.station != extension.station);
            Reply::new(204, "application/json", "")
        }
        _ => refused::not_found(),
    }
}

fn made(all: &mut Subscriptions, extension: Extension, asked: &Asked) -> Result<Reply, Reply> {
    let wanted = read(asked)?;
    for (name, given) in [
        ("url", &wanted.url),
        ("event_type", &wanted.event_type),
        ("method", &wanted.method),
    ] {
        if given.is_none() {
            return Err(refused::plainly(400, &format!("{name} is required")));
        }
    }
    let empty = Subscription {
        station: extension.station,
        kind: Kind::DialIn,
        method: Method::Get,
        url: String::new(),
    };
    let one = empty.changed(wanted)?;
    if all.len() >= all.limit {
        return Err(refused::plainly(403, &assumed::too_many_events(all.limit)));
    }
    let told = one.clone();
    let id = all.add(one);
    Ok(Reply::json(201, &told.told(id)))
}

/// `/extension/{id}/event/{event_id}`.
pub fn one(office: &mut Office, extension: Extension, id: &str, asked: &Asked) -> Reply {
    let all = &mut office.subscriptions.all;
    let known = id
        .parse()
        .ok()
        .and_then(|id: u64| Some((id, all.get(&id)?.clone())))
        .filter(|(_, one)| one.station == extension.station);
    let Some((id, one)) = known else {
        return refused::not_found();
    };
    match asked.method.as_str() {
        "GET" => Reply::json(200, &one.told(id)),
        "DELETE" => {
            all.remove(&id);
            Reply::new(204, "application/json", "")
        }
        "PUT" => match read(asked).and_then(|wanted| one.changed(wanted)) {
            Ok(one) => {
                let told = one.told(id);
                all.insert(id, one);
                Reply::json(200, &told)
            }
            Err(refused) => refused,
        },
        _ => refused::not_found(),
    }
}
