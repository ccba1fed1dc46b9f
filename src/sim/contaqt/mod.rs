//! Contaqt as its page tells it (Events, version 1.3): what happens in the
//! office of [`world::team`](super::world::team) is pushed to a receiver, in
//! the words of [`emit`](crate::emit). Nothing is served.
//!
//! * `voice`: the office's news as events; `office`: as letters
//! * `truth`: the office as it is, for whoever checks a picture of it
//!
//! # What it does
//!
//! The office has twelve people and two lines. With [`super::Options::push`]
//! all nine events go to `/hooks/team/`[`SECRET`] of a receiver, as POST of
//! flat JSON unless another shape is asked for: in order, one after the other.
//! The page documents no retry, so what is not accepted is lost and counted.
//! The office opens when the receiver is there for the first time, and people
//! come in within seconds; whatever happened is never told again, so a receiver
//! that was away knows less.
//!
//! `GET /_sim/pushes` tells how many events were made, accepted, refused and
//! lost; `GET /_sim/truth` the office as it is, in the ids that were pushed,
//! and under `phones` the same of Telphin's. What is assumed of the vendor
//! stands in `contaqt/voice.rs`.

mod office;
mod truth;
mod voice;

use std::{net::SocketAddr, time::Duration};

use crate::emit::Shape;

use super::world::team::{LINES, Line, MemberNo, Pause, Team};

pub use super::push::Pushes;
pub(super) use office::Office;

/// What the configuration calls the site.
pub const SITE: &str = "team";

/// What opens the receiver's door. No secret: the simulator prints it.
pub const SECRET: &str = "sim-hook-7f3a9c0e";

/// The ids of the office's lines here, in the office's order.
pub const QUEUE_IDS: [&str; LINES.len()] = ["1", "2"];

/// Where to push to, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Push {
    /// Where the receiver listens.
    pub to: SocketAddr,
    /// How the fields travel.
    pub shape: Shape,
}

impl Push {
    /// Flat JSON, to this address.
    #[must_use]
    pub fn new(to: SocketAddr) -> Self {
        Self {
            to,
            shape: Shape::Json,
        }
    }

    /// The URL that is pushed to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.to, path(SECRET))
    }
}

fn path(secret: &str) -> String {
    format!("/hooks/{SITE}/{secret}")
}

/// A member's `user_id`.
fn user_id(member: MemberNo) -> String {
    (11 + member).to_string()
}

/// A member's `device_id`.
fn device_id(member: MemberNo) -> String {
    (301 + member).to_string()
}

/// A member's short number.
fn extension(member: MemberNo) -> String {
    (211 + member).to_string()
}

/// A pause's id, and what people call it.
fn pause(pause: Pause) -> (&'static str, &'static str) {
    match pause {
        Pause::Break => ("5", "break"),
        Pause::Lunch => ("6", "lunch"),
        Pause::Training => ("7", "training"),
    }
}

/// No pause.
const NO_PAUSE: &str = "0";

/// Ids of activities. The page lists none.
const IDLE: &str = "0";
const CALLS: &str = "1";
const MAIL: &str = "2";
const WRAP_UP: &str = "3";

/// The site for a client's configuration, as TOML.
pub(super) fn site(quoted: impl Fn(&str) -> String) -> String {
    let table = |entries: Vec<(String, String)>| {
        let entries: Vec<String> = entries
            .into_iter()
            .map(|(id, value)| format!("{id} = {value}"))
            .collect();
        format!("{{ {} }}", entries.join(", "))
    };
    let members = Team::new(0, crate::domain::time::At::default());
    let agents = (0..)
        .zip(members.members())
        .map(|(no, member)| (user_id(no), quoted(member.name)))
        .collect();
    let pauses = [
        (Pause::Break, Some(Duration::from_mins(4))),
        (Pause::Lunch, Some(Duration::from_mins(45))),
        (Pause::Training, None),
    ];
    let pauses = pauses
        .into_iter()
        .map(|(kind, limit)| {
            let (id, name) = pause(kind);
            let value = match limit {
                Some(limit) => {
                    let limit = format!("{}m", limit.as_secs() / 60);
                    format!("{{ name = {}, limit = {} }}", quoted(name), quoted(&limit))
                }
                None => quoted(name),
            };
            (id.to_owned(), value)
        })
        .collect();
    let activities = [(CALLS, "calls"), (MAIL, "mail"), (WRAP_UP, "wrap-up")]
        .into_iter()
        .map(|(id, name)| (id.to_owned(), quoted(name)))
        .collect();
    let queue = |(id, line): (&&str, Line)| {
        format!(
            "  {{ id = {}, name = {}, service_level = \"20s\", critical = \"60s\" }},\n",
            quoted(id),
            quoted(line.name)
        )
    };
    let queues: String = QUEUE_IDS.iter().zip(LINES).map(queue).collect();
    format!(
        "\n[[site]]\nname = {}\nvendor = \"contaqt\"\n\
         hook = {{ secret = {} }}\nallow = [\"inject\"]\nmax_rate = 10000\n\
         country = \"DK\"\nagents = {}\npauses = {}\nactivities = {}\n\
         queues = [\n{queues}]\n",
        quoted(SITE),
        quoted(SECRET),
        table(agents),
        table(pauses),
        table(activities),
    )
}
