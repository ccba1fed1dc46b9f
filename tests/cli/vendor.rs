//! A simulator in this process whose clock stands still, so that its lists do
//! not change; and configurations for it.

use std::{fmt::Write, path::PathBuf, sync::Arc};

use holdline::{
    domain::time::At,
    sim::{
        self, Fault, Options, Rule, Sim,
        telecomx::{QUEUE_IDS, TOKEN},
    },
};
use tokio::runtime::Runtime;

use super::program::Home;

/// When it is at the simulator, for ever.
pub const NOW: &str = "2026-11-21T10:20:00Z";

/// The names that the configurations here give to the queues.
pub const QUEUES: [&str; 3] = ["front desk", "sales", "billing"];

pub struct Vendor {
    pub sim: Sim,
    // After the simulator, which ends on it.
    _runtime: Runtime,
}

impl Vendor {
    pub fn start() -> Self {
        Self::seeded(1)
    }

    pub fn seeded(seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let now = At::parse(NOW).unwrap();
        let options = Options {
            seed,
            ..Options::new(Arc::new(move || now))
        };
        let sim = runtime.block_on(sim::start(options)).unwrap();
        Self {
            sim,
            _runtime: runtime,
        }
    }

    /// Puts this fault in force, and no other.
    pub fn suffers(&self, rule: impl Into<Rule>) {
        self.sim.faults().clear();
        self.sim.faults().set(rule);
    }

    /// Answers everything with this error, in the vendor's envelope.
    pub fn refuses(&self, status: u16, code: &str, message: &str) {
        self.suffers(refusal(status, code, message));
    }

    /// The URL of its one vendor.
    pub fn url(&self) -> String {
        self.sim.sites()["telecomx"].clone()
    }

    /// A configuration with this site, called `north`, in a file of `home`.
    pub fn config(&self, home: &Home) -> PathBuf {
        home.file("config.toml", &site("north", &self.url(), TOKEN))
    }
}

/// An error in the vendor's envelope, for everybody.
pub fn refusal(status: u16, code: &str, message: &str) -> Fault {
    let error = serde_json::json!({ "code": code, "status": status, "message": message });
    Fault::Answer {
        status,
        content_type: "application/json".into(),
        body: serde_json::json!({ "error": error }).to_string(),
    }
}

/// The TOML of a site with the simulator's queues and a token.
pub fn site(name: &str, url: &str, token: &str) -> String {
    with_login(name, url, &format!("token = \"{token}\""))
}

/// The TOML of a site with the simulator's queues.
pub fn with_login(name: &str, url: &str, login: &str) -> String {
    let mut text = format!(
        "[[site]]\nname = \"{name}\"\nvendor = \"telecomx\"\nurl = \"{url}\"\n{login}\n\
         poll = \"1s\"\nqueues = [\n"
    );
    for (id, queue) in QUEUE_IDS.iter().zip(QUEUES) {
        writeln!(text, "  {{ id = \"{id}\", name = \"{queue}\" }},").unwrap();
    }
    text + "]\n"
}
