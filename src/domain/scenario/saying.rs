//! One event that is said as a vendor, outside a scenario: as which site, where
//! to, what is typed of it, and what came back. Nothing secret is in it: an
//! address of ours has a mask where its secret stands. Pure.

use std::{sync::Arc, time::Duration};

use super::{
    super::{
        address,
        id::SiteName,
        injection::{self, Told},
        seq::Seq,
        site::Vendor,
        time::At,
    },
    reach,
    speech::{Kind, Variable},
    webhook::Webhook,
};

/// What stands for a secret.
pub const MASK: &str = "***";

/// A site that can be spoken as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Speaker {
    /// The site.
    pub site: SiteName,
    /// As whom.
    pub vendor: Vendor,
    /// Whether it is a production site, whose own receiver takes no events
    /// that are made up.
    pub production: bool,
    /// The addresses that its events may go to besides our own receiver and
    /// this machine; secrets masked.
    pub targets: Vec<String>,
}

impl Speaker {
    /// Whether events may go to this address.
    ///
    /// # Errors
    /// A sentence that begins with `to`.
    pub fn reaches(&self, to: &str) -> Result<(), String> {
        reach::reaches(to, &self.targets).map_err(|why| format!("to {why}"))
    }

    /// The one target that the journal keeps as `to`, without its key; `None`
    /// where there is none, or several.
    #[must_use]
    pub fn meant(&self, to: &str) -> Option<&str> {
        let is_meant = |target: &&String| address::masked(target) == *to;
        let mut meant = self.targets.iter().filter(is_meant);
        let target = meant.next()?;
        meant.next().is_none().then_some(target)
    }
}

/// An event, ready to be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// As which site.
    pub site: SiteName,
    /// What. Where it does not say where to, it goes to our own receiver.
    pub webhook: Webhook,
    /// Where that one listens, address and port.
    pub listens: Option<Arc<str>>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What was told: an HTTP status as the code, and the first line of the
    /// body as the message.
    pub told: Told,
    /// How long the answer took.
    pub took: Duration,
    /// How it stands in our own journal; `None` where it went elsewhere, or
    /// was not taken.
    pub arrived: Option<Arrived>,
    /// Why the outcome could not be put into the journal, if it could not.
    pub unjournaled: Option<String>,
}

/// How an event stands in our own journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// As this entry, marked as injected.
    As(Seq),
    /// Not again: one with the same ids and time is on record.
    Repeat,
    /// That could not be read; why, a sentence.
    Unread(String),
}

impl Delivered {
    /// Whether the receiver took it.
    #[must_use]
    pub fn is_done(&self) -> bool {
        match &self.told {
            Told::Answered(replies) => replies.iter().all(|reply| {
                reply
                    .number()
                    .is_some_and(|code| (200..300).contains(&code))
            }),
            Told::Failed(_) | Told::Unknown(_) => false,
        }
    }

    /// What came back, in a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.told {
            Told::Answered(replies) => {
                let told: Vec<String> = replies.iter().map(ToString::to_string).collect();
                let meant = if self.is_done() {
                    "the receiver took it"
                } else {
                    "the receiver did not take it"
                };
                format!("{}, {meant}", told.join(", "))
            }
            Told::Failed(fault) => fault.to_string(),
            Told::Unknown(fault) => format!(
                "{}; it may have arrived all the same: look before you send it again",
                fault.what
            ),
        }
    }
}

impl Arrived {
    /// In a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::As(seq) => format!("in the journal as entry {seq}, marked as injected"),
            Self::Repeat => "not stored again: an event with the same ids and time is in the \
                 journal already"
                .to_owned(),
            Self::Unread(why) => format!("whether it is in the journal could not be read: {why}"),
        }
    }
}

impl Variable {
    /// Reads what was typed into what is sent; `None` where nothing was typed,
    /// and so nothing is sent. Relative times count from `now`.
    ///
    /// # Errors
    /// A sentence that begins with the name and says what it takes.
    pub fn read(&self, typed: &str, now: At) -> Result<Option<String>, String> {
        let (name, plain) = (self.name, typed.trim());
        if plain.is_empty() {
            return Ok(None);
        }
        injection::printable(name, typed)?;
        if !self.choices.is_empty() {
            return injection::choose(name, self.choices, plain).map(Some);
        }
        Ok(Some(match self.kind {
            // A blank at an end may be what is to be tried out.
            Kind::Text => typed.to_owned(),
            Kind::List => plain.to_owned(),
            Kind::Number => injection::whole(name, plain)?,
            Kind::Seconds => injection::second(name, plain, now)?,
            // So many digits are no second that anybody means.
            Kind::Micros if plain.len() > 12 && plain.bytes().all(|b| b.is_ascii_digit()) => {
                plain.to_owned()
            }
            Kind::Micros => format!("{}000000", injection::second(name, plain, now)?),
        }))
    }
}
