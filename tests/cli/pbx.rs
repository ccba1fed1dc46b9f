//! A While1 PBX of a few lines, that remembers what it was asked; the
//! simulator's; and configurations for both.

use std::sync::{Arc, Mutex};

use holdline::sim::{self, while1};
use serde_json::{Value, json};

use super::{
    program::Home,
    stub::{Stub, reply},
    vendor::Vendor,
};

/// The simulator's base URL for this vendor.
pub fn simulated(vendor: &Vendor) -> String {
    vendor.sim.sites()["while1"].clone()
}

/// The TOML of a site at the simulator.
pub fn site(name: &str, vendor: &Vendor) -> String {
    with(name, &simulated(vendor), while1::TOKEN, while1::KEY)
}

/// The TOML of a site.
pub fn with(name: &str, url: &str, token: &str, key: &str) -> String {
    let (zone, country) = (while1::TIME_ZONE, while1::COUNTRY);
    format!(
        "[[site]]\nname = \"{name}\"\nvendor = \"while1\"\nurl = \"{url}\"\ntoken = \"{token}\"\n\
         key = \"{key}\"\ntime_zone = \"{zone}\"\ncountry = \"{country}\"\n"
    )
}

/// How many rows the simulator puts on a page.
pub const PAGE_SIZE: usize = sim::while1::PAGE_SIZE;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub head: String,
    pub body: String,
    /// The page asked for.
    pub page: usize,
}

/// A PBX.
pub struct Pbx {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Pbx {
    pub const TOKEN: &str = "tok-1";
    pub const KEY: &str = "key&1";

    /// Answers as it is told.
    pub fn serve(answer: impl Fn(&Asked) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        let stub = Stub::hearing(move |head, body| {
            let page = body.split('&').find_map(|p| p.strip_prefix("page="));
            let asked = Asked {
                head: head.to_owned(),
                body: body.to_owned(),
                page: page.map_or(1, |page| page.parse().unwrap()),
            };
            log.lock().unwrap().push(asked.clone());
            answer(&asked)
        });
        Self {
            url: stub.url,
            asked,
        }
    }

    /// Lists these rows, in pages of 100.
    pub fn listing(rows: Vec<Value>) -> Self {
        Self::serve(move |asked| page_of(&rows, asked.page))
    }

    /// Says this error.
    pub fn refusing(messages: &Value) -> Self {
        let body = json!({
            "has_error": true, "messages": messages, "pagination": [], "results": [],
        });
        Self::serve(move |_| ok(&body))
    }

    /// The TOML of a site at it.
    pub fn site(&self, name: &str) -> String {
        with(name, &self.url, Self::TOKEN, Self::KEY)
    }

    /// A configuration with this site, called `outbound`.
    pub fn config(&self, home: &Home) {
        home.file("config.toml", &self.site("outbound"));
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The pages asked for so far.
    pub fn pages(&self) -> Vec<usize> {
        self.asked().iter().map(|asked| asked.page).collect()
    }
}

/// The page of this number, from 1.
pub fn page_of(rows: &[Value], number: usize) -> Vec<u8> {
    let results: Vec<&Value> = rows.iter().skip((number - 1) * 100).take(100).collect();
    let pagination = json!({
        "row_count": rows.len(), "page_size": 100, "current_page": number,
        "max_page": rows.len().div_ceil(100).max(1),
    });
    page(&json!(results), &pagination)
}

/// A success.
pub fn page(results: &Value, pagination: &Value) -> Vec<u8> {
    ok(&json!({
        "has_error": false, "messages": [], "pagination": pagination, "results": results,
    }))
}

/// A JSON answer.
pub fn ok(body: &Value) -> Vec<u8> {
    reply(
        "200 OK",
        &["content-type: application/json"],
        &body.to_string(),
    )
}

/// As many rows, numbered from 1.
pub fn rows(count: usize) -> Vec<Value> {
    (1..=count)
        .map(|n| json!({ "id": n, "status": "pending", "caller_id": format!("+4030000{n:04}") }))
        .collect()
}

/// `holdline callbacks` with the configuration of `home` and these arguments.
pub fn command<'a>(rest: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    let start = ["callbacks", "--config", "config.toml"];
    start.into_iter().chain(rest.iter().copied())
}

/// The ids of what is printed as JSON.
pub fn ids(json: &str) -> Vec<String> {
    let list: Vec<Value> = serde_json::from_str(json).unwrap();
    list.iter()
        .map(|row| row["id"].as_str().unwrap().to_owned())
        .collect()
}
