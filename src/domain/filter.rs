//! The filters of a callback list, one table for form, flags, views and wire
//! (While1, CallQueue / Read). Fifteen inputs make fourteen filters: `from`
//! and `to` together are `date_between`.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{moment::Moment, time::At};

/// What can be typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its name in a view of the configuration; with `-` for `_`, its flag.
    pub name: &'static str,
    /// What the form calls it.
    pub label: &'static str,
    /// The vendor's parameter.
    pub wire: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// The values it can have, where they are known.
    pub choices: &'static [&'static str],
    /// A line about it, from the vendor's page.
    pub doc: &'static str,
}

/// What an input takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A time, also a relative one.
    Moment,
    /// Yes or no.
    Flag,
    /// One text.
    Text,
    /// One or several texts, with commas between.
    Texts,
    /// One of the choices.
    Choice,
    /// One or several of the choices, with commas between.
    Choices,
}

/// The inputs, in the order the page lists their parameters; parameters that
/// stand in the page's list but not in its example (`outbound_number`,
/// `inbound_route_id`) stand where the list has them.
pub const INPUTS: &[Input] = &[
    input(
        "from",
        "created from",
        "date_between",
        Kind::Moment,
        &[],
        "the beginning of an interval, which needs its end too",
    ),
    input(
        "to",
        "created to",
        "date_between",
        Kind::Moment,
        &[],
        "the end of an interval, which needs its beginning too",
    ),
    input(
        "due_before",
        "due before",
        "schedule_lt",
        Kind::Moment,
        &[],
        "scheduled at this time or earlier",
    ),
    input(
        "unscheduled",
        "unscheduled",
        "schedule_null",
        Kind::Flag,
        &["true", "false"],
        "without a scheduled date; the page also says: those too, where `due before` is set",
    ),
    input(
        "caller_id",
        "number",
        "caller_id",
        Kind::Text,
        &[],
        "the number that is called",
    ),
    input(
        "dnid",
        "called with",
        "dnid",
        Kind::Text,
        &[],
        "the number used for the outbound call",
    ),
    input(
        "outbound_number",
        "shown number",
        "outbound_number",
        Kind::Text,
        &[],
        "the number shown to the recipient",
    ),
    input(
        "project_id",
        "project",
        "project_id",
        Kind::Text,
        &[],
        "a project's id in the PBX",
    ),
    input(
        "inbound_route_id",
        "inbound routes",
        "inbound_route_id",
        Kind::Texts,
        &[],
        "ids of inbound routes",
    ),
    input(
        "outbound_type",
        "dialled",
        "outbound_type",
        Kind::Choice,
        &["auto", "manual"],
        "by the PBX itself, or by hand",
    ),
    input(
        "attend_type",
        "attended",
        "attend_type",
        Kind::Choice,
        &["attended", "unattended"],
        "with an agent, or without",
    ),
    input(
        "external_id",
        "external id",
        "external_id",
        Kind::Text,
        &[],
        "an id of another database",
    ),
    input(
        "assign_type",
        "assigned to",
        "assign_type",
        Kind::Choice,
        &["queue", "no_queue", "user"],
        "where the call was assigned",
    ),
    input(
        "campaign",
        "campaign",
        "campaign",
        Kind::Text,
        &[],
        "the campaign's name or info",
    ),
    input(
        "status",
        "status",
        "status",
        Kind::Choices,
        &["pending", "inprogress", "completed", "cancelled", "deleted"],
        "one state or several",
    ),
];

const fn input(
    name: &'static str,
    label: &'static str,
    wire: &'static str,
    kind: Kind,
    choices: &'static [&'static str],
    doc: &'static str,
) -> Input {
    Input {
        name,
        label,
        wire,
        kind,
        choices,
        doc,
    }
}

impl Input {
    /// The input of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Input> {
        INPUTS.iter().find(|i| i.name == name)
    }

    /// Reads what was typed; `None` where nothing was.
    ///
    /// # Errors
    /// A sentence that says what it takes.
    pub fn read(&self, typed: &str) -> Result<Option<Value>, String> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        if typed.chars().any(char::is_control) {
            return Err(format!("{} cannot hold control characters", self.label));
        }
        let value = match self.kind {
            Kind::Moment => {
                Value::Moment(typed.parse().map_err(|e| format!("{}: {e}", self.label))?)
            }
            Kind::Flag => match typed {
                "true" | "yes" | "1" => Value::Flag(true),
                "false" | "no" | "0" => Value::Flag(false),
                _ => return Err(format!("{} is yes or no", self.label)),
            },
            Kind::Text => Value::Texts(vec![typed.to_owned()]),
            Kind::Texts => Value::Texts(split(typed)),
            Kind::Choice => Value::Texts(vec![self.choose(typed)?]),
            Kind::Choices => {
                let chosen: Result<Vec<String>, String> =
                    split(typed).iter().map(|t| self.choose(t)).collect();
                Value::Texts(chosen?)
            }
        };
        // Commas alone: nothing is asked for.
        let is_nothing = matches!(&value, Value::Texts(texts) if texts.is_empty());
        Ok((!is_nothing).then_some(value))
    }

    fn choose(&self, typed: &str) -> Result<String, String> {
        // The page writes "in progress" in its text and `inprogress` in its code.
        let plain = typed.to_lowercase().replace([' ', '_', '-'], "");
        let found = self.choices.iter().find(|c| c.replace('_', "") == plain);
        found
            .map(|c| (*c).to_owned())
            .ok_or_else(|| format!("{} is one of {}", self.label, self.choices.join(", ")))
    }
}

fn split(typed: &str) -> Vec<String> {
    typed
        .split(',')
        .map(str::trim)
        .filter(|t| !t.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What an input holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A time; relative ones are resolved when the list is asked for.
    Moment(Moment),
    /// Yes or no.
    Flag(bool),
    /// One or several texts.
    Texts(Vec<String>),
}

impl Value {
    /// As it would be typed.
    #[must_use]
    pub fn typed(&self) -> String {
        match self {
            Self::Moment(moment) => moment.to_string(),
            Self::Flag(true) => "yes".into(),
            Self::Flag(false) => "no".into(),
            Self::Texts(texts) => texts.join(", "),
        }
    }
}

/// A set of filters. Nothing is asked for that is not set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    /// By place in [`INPUTS`].
    values: BTreeMap<usize, Value>,
}

/// A vendor's parameter, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Param {
    /// A single value.
    One(String),
    /// Several values, numbered from 0 on the wire.
    Many(Vec<String>),
    /// `1` or `0` on the wire.
    Flag(bool),
}

impl Filters {
    /// What an operator begins with: everything pending.
    #[must_use]
    pub fn pending() -> Self {
        let mut filters = Self::default();
        if let Some(at) = place("status") {
            filters
                .values
                .insert(at, Value::Texts(vec!["pending".into()]));
        }
        filters
    }

    /// Sets an input, by name, from what was typed; nothing typed unsets it.
    ///
    /// # Errors
    /// A sentence: no such input, or not what it takes.
    pub fn set(&mut self, name: &str, typed: &str) -> Result<(), String> {
        let at = place(name).ok_or_else(|| format!("there is no filter {name}"))?;
        match INPUTS[at].read(typed)? {
            Some(value) => self.values.insert(at, value),
            None => self.values.remove(&at),
        };
        Ok(())
    }

    /// What an input holds.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(&place(name)?)
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The inputs that are set, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Input, &Value)> {
        self.values.iter().map(|(at, value)| (&INPUTS[*at], value))
    }

    /// What is wrong with the set as a whole.
    ///
    /// # Errors
    /// A sentence.
    pub fn check(&self) -> Result<(), String> {
        match (self.get("from").is_some(), self.get("to").is_some()) {
            (true, false) => Err("created from needs created to: the interval has two ends".into()),
            (false, true) => Err("created to needs created from: the interval has two ends".into()),
            _ => Ok(()),
        }
    }

    /// The parameters as the vendor takes them, in the page's order. Times are
    /// written as the PBX's own clock shows them: the wire has no zone.
    #[must_use]
    pub fn params(&self, now: At, zone: &TimeZone) -> Vec<(&'static str, Param)> {
        let mut params: Vec<(&'static str, Param)> = Vec::new();
        for (input, value) in self.iter() {
            let param = match value {
                Value::Flag(flag) => Param::Flag(*flag),
                Value::Moment(moment) => Param::One(moment.on_the_wall(now, zone)),
                Value::Texts(texts) => match texts.as_slice() {
                    [one] => Param::One(one.clone()),
                    many => Param::Many(many.to_vec()),
                },
            };
            match (params.last_mut(), param) {
                // `from` and `to` are one parameter with two values.
                (Some((name, from)), Param::One(to)) if *name == input.wire => {
                    if let Param::One(start) = from {
                        *from = Param::Many(vec![std::mem::take(start), to]);
                    }
                }
                (_, param) => params.push((input.wire, param)),
            }
        }
        params
    }
}

fn place(name: &str) -> Option<usize> {
    INPUTS.iter().position(|i| i.name == name)
}

#[cfg(test)]
mod tests;
