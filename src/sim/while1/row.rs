//! A row of the list. The page prints none, so its fields are assumed: those
//! of a call in CallQueue / Save, and what the filters of CallQueue / Read
//! imply. Values are what PHP makes of a database's: mostly text, sometimes
//! numbers, an empty object as `[]`.

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::{
    domain::time::At,
    sim::world::{Agent, Assigned, CAMPAIGNS, Callback, Dialler, Progress, QUEUES, Reason},
};

/// A row, its texts as the filters see them.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub project_id: String,
    /// `queue`, `user` or `context`, as Save has it.
    kind: &'static str,
    destination: String,
    pub campaign_name: String,
    pub campaign_info: String,
    pub outbound_type: &'static str,
    pub attend_type: &'static str,
    pub outbound_number: Option<String>,
    pub dnid: String,
    pub inbound_route_id: Option<String>,
    pub caller_id: String,
    caller_id_name: Option<String>,
    priority: u64,
    pub schedule: Option<String>,
    pub external_id: Option<String>,
    retries: u32,
    max_retries: u32,
    pub status: &'static str,
    pub created: String,
    salt: u64,
}

/// How the PBX writes an instant.
#[derive(Clone, Debug)]
pub struct Wall {
    /// Its zone, which no row tells.
    pub zone: TimeZone,
    /// How far its clock is ahead, ms.
    pub skew_ms: i64,
}

impl Wall {
    /// `Y-m-d H:i:s`
    pub fn shows(&self, at: At) -> String {
        let at = at.shift(self.skew_ms).timestamp();
        let wall = self.zone.to_datetime(at);
        wall.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

impl Row {
    /// A callback as the list has it.
    pub fn new(callback: &Callback, agents: &[Agent], wall: &Wall) -> Self {
        let salt = callback.salt;
        let queue = &QUEUES[callback.queue];
        let (campaign_name, campaign_info) = match callback.reason {
            Reason::Missed => ("Missed calls", queue.name),
            Reason::Asked => ("Asked in queue", queue.name),
            Reason::Campaign(which) => (CAMPAIGNS[which].name, CAMPAIGNS[which].info),
        };
        let campaign = match callback.reason {
            Reason::Campaign(which) => Some(which),
            Reason::Missed | Reason::Asked => None,
        };
        let (kind, destination) = match callback.assigned {
            Assigned::Queue => ("queue", queue.name.to_owned()),
            Assigned::Agent(agent) => ("user", agents[agent].extension.to_string()),
            Assigned::Nobody => ("context", "callback-ivr".to_owned()),
        };
        Self {
            id: (40_000 + callback.no).to_string(),
            project_id: campaign
                .map_or(3 + callback.queue, |which| 11 + which)
                .to_string(),
            kind,
            destination,
            campaign_name: campaign_name.to_owned(),
            campaign_info: campaign_info.to_owned(),
            outbound_type: match callback.dialler {
                Dialler::Pbx => "auto",
                Dialler::Colleague => "manual",
            },
            attend_type: if callback.attended {
                "attended"
            } else {
                "unattended"
            },
            outbound_number: (!salt.is_multiple_of(3)).then(|| queue.number.to_owned()),
            dnid: queue.number.to_owned(),
            inbound_route_id: campaign
                .is_none()
                .then(|| (21 + callback.queue).to_string()),
            caller_id: callback.number.clone(),
            caller_id_name: callback
                .name
                .clone()
                .or_else(|| salt.is_multiple_of(2).then(String::new)),
            priority: 1 + salt % 10,
            schedule: callback.due.map(|due| wall.shows(due)),
            external_id: campaign.map(|_| format!("CRM-{:05}", salt % 100_000)),
            retries: callback.tries,
            max_retries: callback.most_tries,
            status: match callback.progress {
                Progress::Pending => "pending",
                Progress::InProgress => "inprogress",
                Progress::Completed => "completed",
                Progress::Cancelled => "cancelled",
                Progress::Deleted => "deleted",
            },
            created: wall.shows(callback.created),
            salt,
        }
    }

    /// What the filter `assign_type` calls the row's kind of destination.
    pub fn assign_type(&self) -> &'static str {
        match self.kind {
            "context" => "no_queue",
            kind => kind,
        }
    }

    /// The same row once more, told differently.
    pub fn again(&self) -> Self {
        Self {
            status: "inprogress",
            caller_id_name: Some("the same id again".to_owned()),
            ..self.clone()
        }
    }

    /// A row that is there only to make a list long; `now` as the PBX's wall
    /// shows it.
    pub fn filler(id: &str, n: usize, now: &str) -> Self {
        Self {
            id: id.to_owned(),
            project_id: "3".to_owned(),
            kind: "queue",
            destination: QUEUES[0].name.to_owned(),
            campaign_name: "Missed calls".to_owned(),
            campaign_info: QUEUES[0].name.to_owned(),
            outbound_type: "manual",
            attend_type: "attended",
            outbound_number: None,
            dnid: QUEUES[0].number.to_owned(),
            inbound_route_id: Some("21".to_owned()),
            caller_id: format!("+4537{:06}", n % 1_000_000),
            caller_id_name: Some(format!("Caller {n}")),
            priority: 5,
            schedule: Some(now.to_owned()),
            external_id: None,
            retries: 0,
            max_retries: 3,
            status: "pending",
            created: now.to_owned(),
            salt: 1,
        }
    }

    /// The row on the wire.
    pub fn json(&self) -> Value {
        let ids_are_numbers = self.salt.is_multiple_of(4);
        let counts_are_numbers = self.salt.is_multiple_of(5);
        let text_or_number = |text: &str, number: bool| match text.parse::<u64>() {
            Ok(n) if number && n.to_string() == text => json!(n),
            _ => json!(text),
        };
        let id = |text: &str| text_or_number(text, ids_are_numbers);
        let count = |n: u32| text_or_number(&n.to_string(), counts_are_numbers);
        let vars = if self.external_id.is_some() {
            let link = format!("https://crm.example.com/activity/{}", self.salt % 100_000);
            json!({ "BACKEND_LINK": link, "SKIP_WELCOME": "1" })
        } else {
            json!([])
        };
        json!({
            "id": id(&self.id),
            "project_id": id(&self.project_id),
            "type": self.kind,
            "destination": text_or_number(&self.destination, ids_are_numbers),
            "campaign_name": self.campaign_name,
            "campaign_info": self.campaign_info,
            "outbound_type": self.outbound_type,
            "attend_type": self.attend_type,
            "outbound_number": self.outbound_number,
            "outbound_trunk": Value::Null,
            "dnid": self.dnid,
            "inbound_route_id": self.inbound_route_id.as_deref().map(id),
            "caller_id": text_or_number(&self.caller_id, self.salt.is_multiple_of(6)),
            "caller_id_name": self.caller_id_name,
            "priority": text_or_number(&self.priority.to_string(), counts_are_numbers),
            "schedule": self.schedule,
            "external_id": self.external_id,
            "retries": count(self.retries),
            "max_retries": count(self.max_retries),
            "status": self.status,
            "created": self.created,
            "vars": vars,
        })
    }
}
