//! Every client that asks a vendor something, each question with an answer
//! that is good. A new client joins all faults by a line in [`QUESTIONS`].

use std::{collections::BTreeMap, path::Path, pin::Pin, sync::Arc, time::Duration};

use holdline::{
    config::{Account, Config, Site},
    domain::{
        dial::Dial,
        fault::Fault,
        filter::Filters,
        injection::{Injection, Told},
        subscription::NewSubscription,
        time::{At, Clock},
    },
    vendor::{enswitch, telecomx, telphin, while1},
};
use jiff::tz::TimeZone;

use crate::server::{DEADLINE, json, reply};

/// In everything that is secret.
pub const CANARY: &str = "canary";

/// What a client made of what came back.
#[derive(Debug)]
pub enum Outcome {
    /// What was asked for.
    Good,
    /// Surely not.
    Failed(Fault),
    /// A change that may have been made all the same.
    Unknown(Fault),
}

type Asking<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

/// Something that is asked of a vendor.
pub struct Question {
    /// Whose, and what.
    pub name: &'static str,
    /// What its request line holds, and no other's.
    pub line: &'static str,
    /// Whether it changes something, and so is never asked twice.
    pub acts: bool,
    /// The status and the body of a good answer.
    pub good: (&'static str, &'static str),
    /// Asks it of a vendor at this base URL.
    pub ask: for<'a> fn(&'a str) -> Asking<'a>,
}

pub const QUESTIONS: &[Question] = &[
    Question {
        name: "telecomx callers",
        line: "/callers ",
        acts: false,
        good: ("200 OK", include_str!("../fixtures/telecomx/callers.json")),
        ask: |url| Box::pin(callers(url, "token = \"tok-canary\"")),
    },
    Question {
        name: "telecomx login",
        line: "/auth/login ",
        acts: false,
        good: (
            "200 OK",
            r#"{"token":"session-canary","expiresInMinutes":15}"#,
        ),
        ask: |url| {
            Box::pin(callers(
                url,
                "username = \"user\"\npassword = \"pass-canary\"",
            ))
        },
    },
    Question {
        name: "while1 callbacks",
        line: "/api/call-queue ",
        acts: false,
        good: ("200 OK", include_str!("../fixtures/while1/rows.json")),
        ask: |url| Box::pin(callbacks(url)),
    },
    Question {
        name: "enswitch events",
        line: "/queues/events/list/ ",
        acts: false,
        good: (
            "200 OK",
            r#"{"responses":[{"code":"200","key":"","message":"OK"}],"data":[{"data":"1700000000|NONE|1|ENTERQUEUE"}]}"#,
        ),
        ask: |url| Box::pin(on_record(url)),
    },
    Question {
        name: "enswitch inject",
        line: "/queues/events/create/ ",
        acts: true,
        good: (
            "200 OK",
            r#"{ "responses":[ { "code":"204", "key":"", "message":"OK" } ] }"#,
        ),
        ask: |url| Box::pin(inject(url)),
    },
    Question {
        name: "telphin token",
        line: "/oauth/token ",
        acts: false,
        good: (
            "200 OK",
            r#"{"access_token":"pass-canary","token_type":"Bearer","expires_in":3600,"scope":"all"}"#,
        ),
        ask: |url| Box::pin(subscriptions(url)),
    },
    Question {
        name: "telphin subscriptions",
        line: "GET /api/ver1.0/extension/175/event/ ",
        acts: false,
        good: (
            "200 OK",
            "[{\"url\":\"https://somehost.com/x\",\"method\":\"GET\",\"event_type\":\"dial-out\",\"id\":72}]",
        ),
        ask: |url| Box::pin(subscriptions(url)),
    },
    Question {
        name: "telphin extensions",
        line: "/extension/?page=1&",
        acts: false,
        good: (
            "200 OK",
            r#"[{"id":175,"name":"000*099","type":"phone","status":"active","label":"L"}]"#,
        ),
        ask: |url| Box::pin(async { read(telphin(url).extensions().await) }),
    },
    Question {
        name: "telphin limits",
        line: "/limit/ ",
        acts: false,
        good: ("200 OK", r#"{"event":100,"extension":{"max":"5"}}"#),
        ask: |url| Box::pin(async { read(telphin(url).limits().await) }),
    },
    Question {
        name: "telphin subscribe",
        line: "POST /api/ver1.0/extension/175/event/ ",
        acts: true,
        good: (
            "201 Created",
            "{\"url\":\"https://somehost.com/x\",\"method\":\"GET\",\"event_type\":\"dial-out\",\"id\":72}",
        ),
        ask: |url| Box::pin(subscribe(url)),
    },
    Question {
        name: "telphin unsubscribe",
        line: "DELETE /api/ver1.0/extension/175/event/72 ",
        acts: true,
        good: ("204 No Content", ""),
        ask: |url| Box::pin(async { told(telphin(url).unsubscribe("175", "72").await.told) }),
    },
    Question {
        name: "telphin call",
        line: "/extension/@200/callback/ ",
        acts: true,
        good: (
            "201 Created",
            r#"{"call_api_id":"3584709739-262077ef","call_id":"262077ef325f4868aa49bf22309229f7"}"#,
        ),
        ask: |url| Box::pin(call(url)),
    },
];

impl Question {
    /// Whether a request is this question.
    pub fn is_asked_by(&self, request: &str) -> bool {
        let line = request.lines().next().unwrap_or_default();
        format!("{line} ").contains(self.line)
    }

    /// All that its vendor knows and nobody else may.
    pub fn secrets(&self) -> &'static str {
        match self.name.split(' ').next() {
            Some("telecomx") if self.line.contains("login") => "pass-canary",
            Some("telecomx") => "tok-canary",
            Some("while1") => "tok-canary key-canary",
            Some("enswitch") => "pass-canary",
            _ if self.line.contains("token") => "sec-canary",
            _ => "sec-canary hook-canary-0123456789",
        }
    }

    /// The whole good answer, byte for byte.
    pub fn answer(&self) -> Vec<u8> {
        match self.good {
            (status, "") => reply(status, &[], ""),
            (status, body) => reply(status, &["content-type: application/json"], body),
        }
    }

    /// The same with another body.
    pub fn with(&self, body: impl AsRef<[u8]>) -> Vec<u8> {
        let status = if self.good.1.is_empty() {
            "200 OK"
        } else {
            self.good.0
        };
        reply(status, &["content-type: application/json"], body)
    }
}

/// The good answer to whatever else a client asks on its way.
pub fn otherwise(request: &str) -> Vec<u8> {
    let known = QUESTIONS.iter().find(|q| q.is_asked_by(request));
    // The page behind the last.
    known.map_or_else(|| json("[]"), Question::answer)
}

/// Clocks that stand still.
fn clock() -> Clock {
    Arc::new(|| At(1_772_460_000_000))
}

/// The one site of a configuration.
fn site(vendor: &str, url: &str, rest: &str) -> Site {
    let text =
        format!("[[site]]\nname = \"north\"\nvendor = \"{vendor}\"\nurl = \"{url}\"\n{rest}\n");
    let config = Config::parse(&text, Path::new("/"), &|_| None).unwrap();
    config.sites.into_iter().next().unwrap()
}

fn read<T>(result: Result<T, Fault>) -> Outcome {
    result.map_or_else(Outcome::Failed, |_| Outcome::Good)
}

fn told(told: Told) -> Outcome {
    match told {
        Told::Answered(_) => Outcome::Good,
        Told::Failed(fault) => Outcome::Failed(fault),
        Told::Unknown(fault) => Outcome::Unknown(fault),
    }
}

async fn callers(url: &str, auth: &str) -> Outcome {
    let site = site("telecomx", url, &format!("{auth}\nqueues = [\"q1\"]"));
    let Account::TelecomX(account) = &site.account else {
        unreachable!("it is TelecomX's");
    };
    let client = telecomx::Client::new(account, DEADLINE, clock()).unwrap();
    read(client.callers(&"q1".into()).await.outcome)
}

async fn callbacks(url: &str) -> Outcome {
    let site = site(
        "while1",
        url,
        "token = \"tok-canary\"\nkey = \"key-canary\"",
    );
    let Account::While1(account) = &site.account else {
        unreachable!("it is While1's");
    };
    let client = while1::Client::new(&site, account, &TimeZone::UTC, DEADLINE, clock()).unwrap();
    let question = client.question(&Filters::pending()).unwrap();
    read(client.page(&question, 1).await)
}

fn enswitch(url: &str) -> enswitch::Client {
    let site = site(
        "enswitch",
        url,
        "username = \"user\"\npassword = \"pass-canary\"\nqueues = [\"123\"]",
    );
    let Account::Enswitch(account) = &site.account else {
        unreachable!("it is Enswitch's");
    };
    enswitch::Client::new(account, DEADLINE, clock()).unwrap()
}

async fn on_record(url: &str) -> Outcome {
    let window = enswitch::Window {
        from: At(0),
        to: At(1_000_000),
    };
    read(enswitch(url).list(&"123".into(), window).await)
}

async fn inject(url: &str) -> Outcome {
    let mut event = Injection::new("north".into(), "123".into());
    event.set("event", "TEST EVENT", At(0)).unwrap();
    told(enswitch(url).create(&event).await.told)
}

fn telphin(url: &str) -> telphin::Client {
    let site = site(
        "telphin",
        url,
        "client_id = \"app\"\nclient_secret = \"sec-canary\"\n\
         hook = { secret = \"hook-canary-0123456789\" }",
    );
    let Account::Telphin(account) = &site.account else {
        unreachable!("it is Telphin's");
    };
    telphin::Client::new(account, DEADLINE, clock()).unwrap()
}

async fn subscriptions(url: &str) -> Outcome {
    read(telphin(url).subscriptions("175").await)
}

async fn subscribe(url: &str) -> Outcome {
    let new = NewSubscription {
        event: "dial-out".into(),
        url: "https://somehost.com/hooks/north/hook-canary-0123456789".into(),
        method: "GET".into(),
    };
    told(telphin(url).subscribe("175", &new).await.told)
}

async fn call(url: &str) -> Outcome {
    let dial = Dial {
        site: "north".into(),
        from: "200".parse().unwrap(),
        to: "+79817654321".into(),
    };
    told(telphin(url).call(&dial).await.told)
}

/// How often each question was asked.
pub fn counts(asked: &[String]) -> BTreeMap<&'static str, usize> {
    let of = |q: &Question| {
        asked
            .iter()
            .filter(|request| q.is_asked_by(request))
            .count()
    };
    QUESTIONS.iter().map(|q| (q.name, of(q))).collect()
}

/// A little more than a client may take.
pub const AT_MOST: Duration = Duration::from_secs(11);
