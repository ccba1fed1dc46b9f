//! What the receiver acknowledged, held against what the journal has: each
//! event that tells its time stands there once, every other one as often as it
//! was acknowledged at least.

use std::collections::{BTreeMap, BTreeSet};

use holdline::{
    domain::entry::{Entry, What},
    sim::Receipt,
};
use serde_json::Value;
use url::form_urlencoded;

/// What an event says, by name.
type Fields = BTreeMap<String, String>;

#[derive(Default)]
pub struct Ledger {
    acknowledged: BTreeMap<String, u32>,
    stored: BTreeMap<String, u32>,
    /// Those that tell their time, of the hour before.
    before: BTreeSet<String>,
    /// Acknowledged since the beginning.
    pub total: u64,
}

impl Ledger {
    pub fn acknowledged(&mut self, receipt: &Receipt) {
        let fields = sent(receipt);
        let site = receipt.path.split('/').nth(2).unwrap();
        *self.acknowledged.entry(key(site, &fields)).or_default() += 1;
        self.total += 1;
    }

    pub fn stored(&mut self, entry: &Entry) {
        if let What::Hook(hook) = &entry.what
            && let Ok(Value::Object(members)) = serde_json::from_str(hook.body.as_str())
        {
            let fields = members.iter().map(|(name, v)| (name.clone(), text(v)));
            let key = key(entry.site.as_str(), &fields.collect());
            *self.stored.entry(key).or_default() += 1;
        }
    }

    /// What is wrong; begins the next hour.
    pub fn settle(&mut self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (key, acknowledged) in std::mem::take(&mut self.acknowledged) {
            let stored = self.stored.get(&key).copied().unwrap_or(0);
            let enough = stored + u32::from(self.before.contains(&key));
            let owed = if is_timed(&key) { 1 } else { acknowledged };
            if enough < owed {
                wrong.push(format!(
                    "acknowledged {acknowledged} times, stored {stored}: {key}"
                ));
            }
        }
        let stored = std::mem::take(&mut self.stored);
        let timed = stored.into_iter().filter(|(key, _)| is_timed(key));
        let (mut keys, mut twice) = (BTreeSet::new(), Vec::new());
        for (key, times) in timed {
            if times > 1 || self.before.contains(&key) {
                twice.push(format!("stored more than once: {key}"));
            }
            keys.insert(key);
        }
        self.before = keys;
        wrong.extend(twice);
        wrong.truncate(5);
        wrong
    }
}

/// Which event it is, as far as it can be told from others like it.
fn key(site: &str, fields: &Fields) -> String {
    let pick = |names: &[&str]| -> Option<Vec<String>> {
        let value = |name: &&str| fields.get(*name).cloned();
        names.iter().map(value).collect()
    };
    let by_time = pick(&["event", "id", "ts"])
        .filter(|all| all[0].starts_with("call:"))
        .or_else(|| pick(&["EventType", "SubCallID", "EventTime"]));
    match by_time {
        Some(all) => format!("{site} at {}", all.join(" ")),
        None => format!("{site} {fields:?}"),
    }
}

fn is_timed(key: &str) -> bool {
    key.split(' ').nth(1) == Some("at")
}

/// What was sent, in whatever shape.
fn sent(receipt: &Receipt) -> Fields {
    let request = &receipt.request;
    if let Ok(Value::Object(members)) = serde_json::from_str(&request.body) {
        return members
            .iter()
            .map(|(name, v)| (name.clone(), text(v)))
            .collect();
    }
    let form = if request.method == "GET" {
        &request.query
    } else {
        &request.body
    };
    let pairs = form_urlencoded::parse(form.as_bytes());
    pairs
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
