//! The fourteen filters: read from what was sent, or refused in the words of
//! the page, and applied to rows.

use jiff::civil::DateTime;

use super::{
    params::{Map, Node},
    row::Row,
};

/// The filters of one request.
#[derive(Debug, Default)]
pub struct Filters {
    created: Option<(String, String)>,
    due_by: Option<String>,
    unscheduled: bool,
    /// Part of a campaign's name or info, in lower case.
    campaign: Option<String>,
    /// Fields with the values they may have.
    fields: Vec<(Read, Vec<String>)>,
}

/// What a row has in a field.
type Read = fn(&Row) -> Option<&str>;

/// A filter that compares a field.
struct Field {
    name: &'static str,
    /// Whether a list of values may be given.
    several: bool,
    /// The only values it takes; any where there are none.
    choices: &'static [&'static str],
    read: Read,
}

const FIELDS: [Field; 10] = [
    any("caller_id", |row| Some(&row.caller_id)),
    any("dnid", |row| Some(&row.dnid)),
    any("outbound_number", |row| row.outbound_number.as_deref()),
    any("project_id", |row| Some(&row.project_id)),
    Field {
        several: true,
        ..any("inbound_route_id", |row| row.inbound_route_id.as_deref())
    },
    any("external_id", |row| row.external_id.as_deref()),
    Field {
        choices: &["auto", "manual"],
        ..any("outbound_type", |row| Some(row.outbound_type))
    },
    Field {
        choices: &["attended", "unattended"],
        ..any("attend_type", |row| Some(row.attend_type))
    },
    Field {
        choices: &["queue", "no_queue", "user"],
        ..any("assign_type", |row| Some(row.assign_type()))
    },
    Field {
        several: true,
        // The page's text writes "in progress", its code `inprogress`.
        choices: &["pending", "inprogress", "completed", "cancelled", "deleted"],
        ..any("status", |row| Some(row.status))
    },
];

const fn any(name: &'static str, read: Read) -> Field {
    Field {
        name,
        several: false,
        choices: &[],
        read,
    }
}

impl Filters {
    /// Reads the parameter `filters`; the refusals are messages for the client,
    /// one per filter.
    pub fn read(sent: Option<&Node>) -> Result<Self, Vec<String>> {
        let mut filters = Self::default();
        let map = match sent {
            None => return Ok(filters),
            Some(Node::Text(text)) if text.is_empty() => return Ok(filters),
            Some(Node::Text(_)) => return Err(vec!["Invalid filters".to_owned()]),
            Some(Node::Map(map)) => map,
        };
        let refused: Vec<String> = map
            .iter()
            .filter_map(|(name, value)| filters.add(name, value).err())
            .collect();
        if refused.is_empty() {
            Ok(filters)
        } else {
            Err(refused)
        }
    }

    fn add(&mut self, name: &str, value: &Node) -> Result<(), String> {
        let wrong = || format!("Invalid value for filter: {name}");
        match name {
            "date_between" => self.created = between(value).ok_or_else(wrong)?,
            "schedule_lt" => {
                self.due_by = match text(value).ok_or_else(wrong)? {
                    "" => None,
                    date => Some(dated(date).ok_or_else(wrong)?),
                }
            }
            "schedule_null" => {
                self.unscheduled = match text(value) {
                    Some("" | "0") => false,
                    Some("1") => true,
                    _ => return Err(wrong()),
                }
            }
            "campaign" => {
                let part = text(value).ok_or_else(wrong)?;
                self.campaign = (!part.is_empty()).then(|| part.to_lowercase());
            }
            _ => {
                let field = FIELDS.iter().find(|field| field.name == name);
                let field = field.ok_or_else(|| format!("Invalid filter: {name}"))?;
                let values = field.values(value).ok_or_else(wrong)?;
                if !values.is_empty() {
                    self.fields.push((field.read, values));
                }
            }
        }
        Ok(())
    }

    /// Whether a row passes all of them.
    pub fn pass(&self, row: &Row) -> bool {
        let created = self
            .created
            .as_ref()
            .is_none_or(|(from, to)| (from..=to).contains(&&row.created));
        let due = match (&self.due_by, &row.schedule) {
            (None, scheduled) => !self.unscheduled || scheduled.is_none(),
            (Some(_), None) => self.unscheduled,
            (Some(by), Some(due)) => due <= by,
        };
        let campaign = self.campaign.as_ref().is_none_or(|part| {
            [&row.campaign_name, &row.campaign_info]
                .iter()
                .any(|text| text.to_lowercase().contains(part))
        });
        let fields = self.fields.iter().all(|(read, values)| {
            read(row).is_some_and(|has| values.iter().any(|value| value == has))
        });
        created && due && campaign && fields
    }
}

impl Field {
    /// The values sent, none where they are empty.
    fn values(&self, sent: &Node) -> Option<Vec<String>> {
        let values: Vec<&str> = match sent {
            Node::Text(text) => vec![text],
            Node::Map(map) if self.several => values(map)?,
            Node::Map(_) => return None,
        };
        let values: Vec<String> = values
            .into_iter()
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect();
        let known = |value: &String| self.choices.contains(&value.as_str());
        (self.choices.is_empty() || values.iter().all(known)).then_some(values)
    }
}

fn text(node: &Node) -> Option<&str> {
    match node {
        Node::Text(text) => Some(text),
        Node::Map(_) => None,
    }
}

fn values(list: &Map) -> Option<Vec<&str>> {
    list.iter().map(|(_, value)| text(value)).collect()
}

/// Two dates, or none; `None` where it is neither.
#[expect(clippy::option_option, reason = "nothing sent is not nothing valid")]
fn between(sent: &Node) -> Option<Option<(String, String)>> {
    let list = match sent {
        Node::Text(text) => return text.is_empty().then_some(None),
        Node::Map(map) => values(map)?,
    };
    match list.as_slice() {
        ["", ""] => Some(None),
        [from, to] => Some(Some((dated(from)?, dated(to)?))),
        _ => None,
    }
}

/// A date as the page has it, `Y-m-d H:i:s`, that exists in the calendar.
fn dated(text: &str) -> Option<String> {
    const FORMAT: &str = "%Y-%m-%d %H:%M:%S";
    let read = DateTime::strptime(FORMAT, text).ok()?;
    // Every part with all its digits: written so, later is greater.
    (read.strftime(FORMAT).to_string() == text).then(|| text.to_owned())
}
