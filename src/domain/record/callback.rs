//! A callback as scripts see it: the field names of `holdline callbacks`.

use std::sync::Arc;

use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::value::RawValue;

use super::Fields;
use crate::domain::{
    callback::{Callback, Status},
    caller::Raw,
    time::At,
};

/// One line of `holdline callbacks`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallbackRecord {
    /// The site's name.
    pub site: String,
    /// Its id at the vendor; made from the row's content where it has none.
    pub id: String,
    /// `pending`, `inprogress`, `completed`, `cancelled`, `deleted`, or the
    /// vendor's own word.
    pub status: Option<String>,
    /// The number to call, as sent.
    pub number: Option<String>,
    /// The same number in E.164, where it can be told.
    pub e164: Option<String>,
    /// The name to call.
    pub name: Option<String>,
    /// The number used for the outbound call.
    pub dnid: Option<String>,
    /// The number shown to the recipient.
    pub outbound_number: Option<String>,
    /// The project's id.
    pub project_id: Option<String>,
    /// The inbound route's id.
    pub inbound_route_id: Option<String>,
    /// `auto` or `manual`.
    pub outbound_type: Option<String>,
    /// `attended` or `unattended`.
    pub attend_type: Option<String>,
    /// An id of another database.
    pub external_id: Option<String>,
    /// `queue`, `no_queue` or `user`.
    pub assign_type: Option<String>,
    /// Which queue or user.
    pub assigned_to: Option<String>,
    /// The campaign.
    pub campaign: Option<String>,
    /// When to call.
    pub schedule: Option<String>,
    /// When it was made.
    pub created: Option<String>,
    /// Its priority, as sent.
    pub priority: Option<String>,
    /// How often it was tried.
    pub retries: Option<i64>,
    /// How often it may be tried.
    pub max_retries: Option<i64>,
    /// Whole seconds past `schedule`, if it is past and not over.
    pub late_s: Option<u64>,
    /// Who has claimed it, or another request of the same number, on this
    /// journal.
    pub claimed_by: Option<String>,
    /// Every other field of the row, as sent.
    pub extra: Extra,
}

/// Fields that have no name here, in the order sent: an object whose values
/// are the vendor's own JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra(Vec<(Arc<str>, Raw)>);

impl CallbackRecord {
    /// A callback as it stands `now`, held by `claimed_by`.
    #[must_use]
    pub fn new(callback: &Callback, claimed_by: Option<&str>, now: At) -> Self {
        let text = |t: &Option<Arc<str>>| t.as_deref().map(str::to_owned);
        let time = |at: Option<At>| at.map(|at| at.to_string());
        Self {
            site: callback.site.to_string(),
            id: callback.id.to_string(),
            status: callback
                .status
                .as_ref()
                .map(Status::word)
                .map(str::to_owned),
            number: text(&callback.number),
            e164: text(&callback.e164),
            name: text(&callback.name),
            dnid: text(&callback.dnid),
            outbound_number: text(&callback.outbound_number),
            project_id: text(&callback.project_id),
            inbound_route_id: text(&callback.inbound_route_id),
            outbound_type: text(&callback.outbound_type),
            attend_type: text(&callback.attend_type),
            external_id: text(&callback.external_id),
            assign_type: text(&callback.assign_type),
            assigned_to: text(&callback.assigned_to),
            campaign: text(&callback.campaign),
            schedule: time(callback.schedule),
            created: time(callback.created),
            priority: text(&callback.priority),
            retries: callback.retries,
            max_retries: callback.max_retries,
            late_s: callback.late_s(now),
            claimed_by: claimed_by.map(str::to_owned),
            extra: Extra(callback.extra.clone()),
        }
    }
}

impl Fields for CallbackRecord {
    const FIELDS: &'static [&'static str] = &[
        "site",
        "id",
        "status",
        "number",
        "e164",
        "name",
        "dnid",
        "outbound_number",
        "project_id",
        "inbound_route_id",
        "outbound_type",
        "attend_type",
        "external_id",
        "assign_type",
        "assigned_to",
        "campaign",
        "schedule",
        "created",
        "priority",
        "retries",
        "max_retries",
        "late_s",
        "claimed_by",
        "extra",
    ];
}

impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(Some(self.0.len()))?;
        for (name, raw) in &self.0 {
            match serde_json::from_str::<&RawValue>(raw.as_str()) {
                Ok(value) => object.serialize_entry(&**name, value)?,
                // Not JSON after all: better as text than not at all.
                Err(_) => object.serialize_entry(&**name, raw)?,
            }
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(extra: &[(&str, &str)]) -> String {
        let mut callback = Callback::new("outbound".into(), "7".into());
        callback.schedule = At::parse("2026-11-21T10:00:00Z");
        let extra = extra.iter().map(|(n, json)| ((*n).into(), Raw::new(json)));
        callback.extra = extra.collect();
        let now = At::parse("2026-11-21T10:00:59.9Z").unwrap();
        let record = CallbackRecord::new(&callback, Some("anna"), now);
        serde_json::to_string(&record).unwrap()
    }

    #[test]
    fn the_fields_stand_in_the_order_of_their_names() {
        let value: serde_json::Value = serde_json::from_str(&json(&[])).unwrap();
        let names: Vec<&String> = value.as_object().unwrap().keys().collect();
        assert_eq!(names, CallbackRecord::FIELDS);
        assert_eq!(value["late_s"], 59);
        assert_eq!(value["claimed_by"], "anna");
        assert!(value["extra"].as_object().unwrap().is_empty());
    }

    #[test]
    fn unknown_fields_stay_as_they_were_sent() {
        let huge = r#"{"b": 12345678901234567890123}"#;
        let json = json(&[("z", "1e400"), ("a", huge), ("c", "no")]);
        let expected = format!(r#""extra":{{"z":1e400,"a":{huge},"c":"no"}}}}"#);
        assert!(json.ends_with(&expected), "{json}");
    }
}
