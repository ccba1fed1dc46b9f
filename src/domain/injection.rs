//! A queue event to be created at a vendor (Enswitch, `queues/events/create`):
//! the table of its parameters, one for form, flags, presets and wire, and a
//! set of their values. Credentials stand in the table and nowhere else: no
//! value here can hold one. Pure.
//!
//! * [`request`]: the request as text, secrets masked; as a curl command
//! * [`answer`]: what came back, and what it means

pub mod answer;
pub mod request;

use std::collections::BTreeMap;

use super::{
    id::{QueueId, SiteName},
    moment::Moment,
    time::At,
};

pub use answer::{Injected, OnRecord, Recorded, Reply, Told};
pub use request::{Target, Verb, quoted};

/// The vendor's name of the call.
pub const CALL: &str = "queues/events/create";

/// The first version of Enswitch that has the call and its list (the page's
/// "Change history").
pub const SINCE: &str = "3.13";

/// A parameter of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param {
    /// The vendor's name; also its flag and its key in a preset.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be given.
    pub required: Required,
    /// What the vendor takes where it is not sent: `""` is an empty text;
    /// `None` where it must be sent.
    pub default: Option<&'static str>,
    /// The values it can have, where they are known.
    pub choices: &'static [&'static str],
    /// A line about it.
    pub doc: &'static str,
    /// Who sets it.
    pub part: Part,
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// Any text, sent as it was typed.
    Text,
    /// One of the choices.
    Choice,
    /// A time; Unix seconds on the wire.
    Time,
    /// Yes or no; `1` or `0` on the wire.
    Flag,
}

/// Whether a parameter must be given: the vendor knows a third answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Required {
    /// It must.
    Yes,
    /// It should.
    Recommended,
    /// It need not.
    No,
}

impl Required {
    /// In the page's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "required",
            Self::Recommended => "recommended",
            Self::No => "optional",
        }
    }
}

/// Who sets a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The configuration; never a form, never shown.
    Credential,
    /// Whoever fills the form.
    Form,
    /// The way of sending: validated only, or for good.
    Way,
}

/// All parameters, in the page's order.
pub const PARAMS: [Param; 13] = [
    credential("auth_username", "who asks, from the configuration"),
    credential("auth_password", "their password, from the configuration"),
    Param {
        required: Required::Yes,
        default: None,
        ..param(
            "queue",
            Kind::Integer,
            "the queue, by its name here or its id there",
        )
    },
    Param {
        required: Required::Recommended,
        ..param("event", Kind::Text, "the event's name; empty for none")
    },
    param(
        "callerid",
        Kind::Text,
        "the caller id of the call it is about",
    ),
    param("callid", Kind::Text, "the id of the call it is about"),
    param(
        "channel",
        Kind::Text,
        "the Asterisk channel of the call, such as SIP/trunk-0001",
    ),
    Param {
        choices: &["forward", "peer", "phone", "sipuri"],
        ..param("dtype", Kind::Choice, "what the destination is")
    },
    param("dnumber", Kind::Text, "the destination's number"),
    param(
        "keypress",
        Kind::Text,
        "the key whose press triggered the event",
    ),
    Param {
        default: Some("0"),
        ..param(
            "position",
            Kind::Integer,
            "the call's place in the queue; 0 where there is none",
        )
    },
    Param {
        default: Some("now"),
        ..param(
            "time",
            Kind::Time,
            "when it happened: Unix seconds, 2024-01-31T10:00:00Z, now or -5m",
        )
    },
    Param {
        default: Some("0"),
        part: Part::Way,
        ..param(
            "validation",
            Kind::Flag,
            "check the parameters and record nothing",
        )
    },
];

const fn param(name: &'static str, kind: Kind, doc: &'static str) -> Param {
    Param {
        name,
        kind,
        required: Required::No,
        default: Some(""),
        choices: &[],
        doc,
        part: Part::Form,
    }
}

const fn credential(name: &'static str, doc: &'static str) -> Param {
    Param {
        required: Required::Yes,
        default: None,
        part: Part::Credential,
        ..param(name, Kind::Text, doc)
    }
}

/// The last second of the year 9999, the last that any calendar here knows.
const LAST_SECOND: i64 = 253_402_300_799;

impl Param {
    /// The parameter of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Param> {
        PARAMS.iter().find(|p| p.name == name)
    }

    /// The parameters that a form has, the queue first.
    pub fn of_form() -> impl Iterator<Item = &'static Param> {
        PARAMS.iter().filter(|p| p.part == Part::Form)
    }

    /// Reads what was typed into what is sent; `None` where nothing was typed,
    /// and so nothing is sent. Relative times count from `now`. The queue is
    /// read by [`Target::queue`], which knows names.
    ///
    /// # Errors
    /// A sentence that begins with the name and says what it takes.
    pub fn read(&self, typed: &str, now: At) -> Result<Option<String>, String> {
        if typed.trim().is_empty() {
            return Ok(None);
        }
        let name = self.name;
        printable(name, typed)?;
        let plain = typed.trim();
        let value = match self.kind {
            // A blank at an end may be what is to be tried out.
            Kind::Text => typed.to_owned(),
            Kind::Integer => whole(name, plain)?,
            Kind::Choice => choose(name, self.choices, plain)?,
            Kind::Time => second(name, plain, now)?,
            Kind::Flag => match plain {
                "true" | "yes" | "1" => "1".to_owned(),
                "false" | "no" | "0" => "0".to_owned(),
                _ => return Err(format!("{name} is yes or no")),
            },
        };
        Ok(Some(value))
    }
}

/// That a text can be typed and shown.
///
/// # Errors
/// A sentence that begins with the field's name, as of those below.
pub(super) fn printable(name: &str, typed: &str) -> Result<(), String> {
    if typed.chars().any(char::is_control) {
        return Err(format!("{name} cannot hold control characters"));
    }
    Ok(())
}

/// One of a few values, as the vendor writes it.
pub(super) fn choose(name: &str, choices: &[&str], typed: &str) -> Result<String, String> {
    let found = choices.iter().find(|c| c.eq_ignore_ascii_case(typed));
    found
        .map(|c| (*c).to_owned())
        .ok_or_else(|| format!("{name} is one of {}, or empty", choices.join(", ")))
}

/// A whole number, as typed.
pub(super) fn whole(name: &str, typed: &str) -> Result<String, String> {
    integer(typed)
        .map(str::to_owned)
        .ok_or_else(|| format!("{name} is a whole number, such as 3"))
}

/// The Unix second of a time.
pub(super) fn second(name: &str, typed: &str, now: At) -> Result<String, String> {
    let second = seconds(typed, now).map_err(|why| format!("{name} {why}"))?;
    Ok(second.to_string())
}

/// A whole number as typed, of a length that any system takes.
fn integer(typed: &str) -> Option<&str> {
    let digits = typed.strip_prefix('-').unwrap_or(typed);
    let fits = (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(typed)
}

/// Unix seconds of a time as typed. A wall clock's time has no zone, so it is
/// none.
fn seconds(typed: &str, now: At) -> Result<i64, String> {
    const TAKES: &str = "write Unix seconds, 2024-01-31T10:00:00Z, now or -5m";
    if typed.bytes().all(|b| b.is_ascii_digit()) {
        let number: i64 = typed
            .parse()
            .map_err(|_| format!("is too large; {TAKES}"))?;
        return match number {
            0..=LAST_SECOND => Ok(number),
            _ => Err(format!(
                "is beyond the year 9999: are these milliseconds? {TAKES}"
            )),
        };
    }
    let at = match typed.parse::<Moment>() {
        Ok(moment @ (Moment::Now | Moment::Absolute(_) | Moment::FromNow { .. })) => {
            moment.resolve(now, &jiff::tz::TimeZone::UTC)
        }
        Ok(Moment::Wall(_) | Moment::Day(_)) => {
            return Err(format!("needs a zone, such as the Z of UTC; {TAKES}"));
        }
        Err(_) => return Err(format!("is not a time; {TAKES}")),
    };
    match at.0.div_euclid(1_000) {
        second @ 0..=LAST_SECOND => Ok(second),
        _ => Err(format!("is before 1970 or after 9999; {TAKES}")),
    }
}

/// A queue event, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    /// Where.
    pub site: SiteName,
    /// The queue's id there.
    pub queue: QueueId,
    /// Whether the vendor is only to check it (`validation=1`).
    pub validate: bool,
    /// By place in [`PARAMS`], as sent.
    values: BTreeMap<usize, String>,
}

impl Injection {
    /// An event of this queue with nothing else set.
    #[must_use]
    pub fn new(site: SiteName, queue: QueueId) -> Self {
        Self {
            site,
            queue,
            validate: false,
            values: BTreeMap::new(),
        }
    }

    /// The same, to be validated only, or for good.
    #[must_use]
    pub fn validating(&self, validate: bool) -> Self {
        Self {
            validate,
            ..self.clone()
        }
    }

    /// Sets a parameter from what was typed; nothing typed unsets it.
    ///
    /// # Errors
    /// A sentence: not what it takes, or no parameter to be set here, as
    /// credentials are not.
    pub fn set(&mut self, name: &str, typed: &str, now: At) -> Result<(), String> {
        let place = place(name).ok_or_else(|| {
            let names: Vec<&str> = settable().map(|(_, p)| p.name).collect();
            format!(
                "there is no parameter {name} to be set; there are {}",
                names.join(", ")
            )
        })?;
        match PARAMS[place].read(typed, now)? {
            Some(value) => self.values.insert(place, value),
            None => self.values.remove(&place),
        };
        Ok(())
    }

    /// What a parameter is sent as; `None` where it is not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(&place(name)?).map(String::as_str)
    }

    /// The parameters that are set, in the page's order; without the queue.
    pub fn values(&self) -> impl Iterator<Item = (&'static Param, &str)> {
        self.values
            .iter()
            .map(|(place, value)| (&PARAMS[*place], value.as_str()))
    }

    /// All that is sent but the credentials, in the page's order: the queue,
    /// what is set, and `validation` where it is asked for.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let queue = [("queue", self.queue.to_string())];
        let values = self.values().map(|(p, value)| (p.name, value.to_owned()));
        let way = self.validate.then(|| ("validation", "1".to_owned()));
        queue.into_iter().chain(values).chain(way).collect()
    }
}

/// What [`Injection::set`] sets, with its place.
fn settable() -> impl Iterator<Item = (usize, &'static Param)> {
    let all = PARAMS.iter().enumerate();
    all.filter(|(_, p)| p.part == Part::Form && p.name != "queue")
}

fn place(name: &str) -> Option<usize> {
    settable().find(|(_, p)| p.name == name).map(|(at, _)| at)
}

#[cfg(test)]
mod tests;
