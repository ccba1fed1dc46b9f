//! Telphin as its page tells it (Extension Number Events): a token, the events
//! that are subscribed to, calls that are ordered; and the telephones of
//! [`world::exchange`](super::world::exchange), whose events go to whoever has
//! subscribed, in the words of [`emit`](crate::emit).
//!
//! * `extensions`: what the world's stations are called here
//! * `token`, `budget`: who may ask, and how often
//! * `routes`: what is asked; `subscriptions`, `callback`: the larger parts
//! * `voice`: the exchange's news as events; `office`: as letters
//! * `truth`: the exchange as it is, for whoever checks a picture of it
//! * `assumed`: all that no page says
//!
//! # What it does
//!
//! `POST /oauth/token` gives a token for an hour to [`CLIENT_ID`]; under
//! `/api/ver1.0`, with or without a slash behind:
//!
//! * `/extension/ID/event/`: GET, POST (201), DELETE (204, all of them); with
//!   an id behind GET, PUT, DELETE. ID is the id, or `@` and the short number.
//! * `POST /extension/ID/callback/`: a call that really rings.
//! * `GET /client/@me/extension/`, a bare list; `GET /client/@me/limit/`.
//!
//! Every answer says what is left of the hour's budget (`X-RateLimit-*`);
//! behind it is 429. One extension exists but is another client's (403).
//!
//! The exchange is a menu with a queue and seven phones. What happens there is
//! told at `http` addresses of this machine and nowhere else, by the documented
//! rules: the menu and the queue's "in" thread never answer, its "out" thread
//! tells of each phone it calls, losers of a race are hung up with `CANCEL`,
//! what goes on to a mobile is a `dial-out` with `Transfered: yes`, an own
//! phone that is rung for a call that was ordered is not told of. Some dial-in
//! comes again, recordings are rarely named, times are microseconds. With
//! [`Setup::receiver`] its own subscriptions are there from the beginning,
//! except the text messages of one phone, and one of somebody else's is among
//! them.

mod assumed;
mod budget;
mod callback;
mod extensions;
mod office;
mod refused;
mod routes;
mod subscriptions;
mod token;
mod truth;
mod voice;

#[cfg(test)]
mod tests;

use std::{fmt::Write, net::SocketAddr};

pub use assumed::{EVENTS_LIMIT, HOURLY};
pub use extensions::{FORBIDDEN_EXTENSION_ID, MENU_ID, PHONE_IDS, QUEUE_ID};
pub(super) use office::Office;
pub(super) use refused::refusal;
pub(super) use routes::{Account, answer};

/// What the configuration calls the site.
pub const SITE: &str = "phones";

/// The application's id.
pub const CLIENT_ID: &str = "sim-app-5d20c1";

/// The application's secret. No secret: the simulator prints it.
pub const CLIENT_SECRET: &str = "sim-app-secret-91f4";

/// What opens the receiver's door. No secret either.
pub const SECRET: &str = "sim-hook-4d1b77e2";

/// How the account is set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Where the receiver listens that the first subscriptions are for;
    /// without, nothing is subscribed to.
    pub receiver: Option<SocketAddr>,
    /// The operating-system user whose phone the last one is.
    pub me: Option<String>,
    /// How many events can be subscribed to.
    pub events_limit: usize,
    /// How many requests are answered within an hour.
    pub hourly: u32,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            receiver: None,
            me: None,
            events_limit: EVENTS_LIMIT,
            hourly: HOURLY,
        }
    }
}

impl Setup {
    /// Subscriptions for this receiver, and the first phone for this user.
    #[must_use]
    pub fn telling(receiver: SocketAddr, me: &str) -> Self {
        Self {
            receiver: Some(receiver),
            me: Some(me.to_owned()),
            ..Self::default()
        }
    }

    /// The URL that our own subscriptions name, where there is a receiver.
    #[must_use]
    pub fn hook_url(&self) -> Option<String> {
        let to = self.receiver?;
        Some(format!("http://{to}/hooks/{SITE}/{SECRET}"))
    }
}

/// The site for a client's configuration, as TOML; `url` precedes `/oauth`.
pub(super) fn site(setup: &Setup, url: &str, quoted: impl Fn(&str) -> String) -> String {
    let mut text = format!(
        "\n[[site]]\nname = {}\nvendor = \"telphin\"\nurl = {}\nclient_id = {}\n\
         client_secret = {}\nallow = [\"call\", \"subscribe\", \"inject\"]\ncountry = \"DK\"\n",
        quoted(SITE),
        quoted(url),
        quoted(CLIENT_ID),
        quoted(CLIENT_SECRET),
    );
    // Writing to a String cannot fail.
    if setup.receiver.is_some() {
        let _ = writeln!(text, "hook = {{ secret = {} }}", quoted(SECRET));
    }
    text += "[site.extensions]\n";
    // The last phone is in no queue, and so is free when one wants to call.
    let own = extensions::all().filter(|e| e.kind() == "phone").last();
    let own = own.map(|extension| extension.id);
    for extension in extensions::all() {
        let kind = extension.kind();
        let (id, name) = (extension.id, quoted(extension.label));
        let number = quoted(extension.number);
        let user = setup.me.as_deref().filter(|_| Some(id) == own);
        let user = user
            .map(|user| format!(", user = {}", quoted(user)))
            .unwrap_or_default();
        let _ = writeln!(
            text,
            "{id} = {{ name = {name}, type = \"{kind}\", number = {number}{user} }}"
        );
    }
    text
}
