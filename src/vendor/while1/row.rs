//! A row becomes a callback: what is known or configured is typed, everything
//! else is kept as sent. Pure. No sentence quotes a row.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use jiff::tz::TimeZone;
use serde_json::value::RawValue;

use super::assumed::{self, COLUMNS};
use crate::{
    domain::{
        callback::{Callback, Status},
        caller::Raw,
        id::{CallbackId, SiteName},
        moment::read_wall,
        phone::e164,
        time::At,
    },
    vendor::{
        identity::Ids,
        json::{self, Key, Scalar},
    },
};

/// How a site's rows are to be read.
#[derive(Clone, Debug)]
pub struct Rules {
    site: SiteName,
    zone: TimeZone,
    country: Option<String>,
    /// Our name, and the vendor's in the order they are tried.
    columns: Vec<(&'static str, Vec<String>)>,
}

impl Rules {
    /// The rules of a site: `zone` is for times, which the vendor writes
    /// without one, `country` for national numbers, `fields` (our name → the
    /// vendor's) for what its rows call a field. A mapped field is read from
    /// there and nowhere else, and what it is read from is no other field.
    #[must_use]
    pub fn new(
        site: SiteName,
        zone: TimeZone,
        country: Option<String>,
        fields: &BTreeMap<&'static str, String>,
    ) -> Self {
        let mapped: HashSet<&str> = fields.values().map(String::as_str).collect();
        let columns = COLUMNS.iter().map(|column| {
            let theirs = match fields.get(column.ours) {
                Some(name) => vec![name.clone()],
                None => {
                    let free = column.theirs.iter().filter(|name| !mapped.contains(**name));
                    free.map(|name| (*name).to_owned()).collect()
                }
            };
            (column.ours, theirs)
        });
        Self {
            columns: columns.collect(),
            site,
            zone,
            country,
        }
    }

    /// Puts a value into a field; `false` where it does not fit.
    fn fill(
        &self,
        callback: &mut Callback,
        ours: &str,
        value: &Scalar<'_>,
        shared: &mut Shared,
    ) -> bool {
        match ours {
            "status" => put(&mut callback.status, value.text().map(|t| Status::read(&t))),
            "schedule" => put(&mut callback.schedule, self.time(value)),
            "created" => put(&mut callback.created, self.time(value)),
            "retries" => put(&mut callback.retries, value.integer()),
            "max_retries" => put(&mut callback.max_retries, value.integer()),
            "number" => {
                let country = self.country.as_deref();
                let number = value.text();
                callback.e164 = number
                    .as_deref()
                    .and_then(|n| e164(n, country))
                    .map(Arc::from);
                put(&mut callback.number, number)
            }
            "id" => {
                let id = value.text().filter(|id| !assumed::is_no_id(id));
                put(&mut callback.id, id.map(CallbackId::from))
            }
            _ => texts(callback, ours)
                .is_some_and(|slot| put(slot, value.text().map(|text| shared.one(&text)))),
        }
    }

    fn time(&self, value: &Scalar<'_>) -> Option<At> {
        match value {
            Scalar::Text(text) if !assumed::is_no_time(text) => read_wall(text, &self.zone),
            _ => None,
        }
    }
}

/// The field of this name that takes any text.
fn texts<'c>(callback: &'c mut Callback, ours: &str) -> Option<&'c mut Option<Arc<str>>> {
    Some(match ours {
        "name" => &mut callback.name,
        "dnid" => &mut callback.dnid,
        "outbound_number" => &mut callback.outbound_number,
        "project_id" => &mut callback.project_id,
        "inbound_route_id" => &mut callback.inbound_route_id,
        "outbound_type" => &mut callback.outbound_type,
        "attend_type" => &mut callback.attend_type,
        "external_id" => &mut callback.external_id,
        "assign_type" => &mut callback.assign_type,
        "assigned_to" => &mut callback.assigned_to,
        "campaign" => &mut callback.campaign,
        "priority" => &mut callback.priority,
        _ => return None,
    })
}

/// Puts what there is into a slot; `false` if there is nothing.
fn put<T, U>(slot: &mut T, value: Option<U>) -> bool
where
    T: From<U>,
{
    match value {
        Some(value) => {
            *slot = value.into();
            true
        }
        None => false,
    }
}

/// Whether a value says that there is nothing.
fn is_nothing(value: &Scalar<'_>) -> bool {
    match value {
        Scalar::Null => true,
        Scalar::Text(text) => text.trim().is_empty() || assumed::is_no_time(text),
        _ => false,
    }
}

/// Reads the rows of one page.
pub struct Rows<'r> {
    rules: &'r Rules,
    ids: Ids<CallbackId>,
    shared: Shared,
}

impl<'r> Rows<'r> {
    /// A page by these rules.
    #[must_use]
    pub fn new(rules: &'r Rules) -> Self {
        Self {
            rules,
            ids: Ids::default(),
            shared: Shared::default(),
        }
    }

    /// Reads a row, or says what is wrong with it. Rows without id that are
    /// alike are numbered; rows with one id are as many callbacks here.
    pub fn read(&mut self, raw: &RawValue) -> Result<Callback, &'static str> {
        let fields = Fields::read(raw)?;
        let none = CallbackId::from("");
        let mut callback = Callback::new(self.rules.site.clone(), none.clone());
        let mut is_read = vec![false; fields.list.len()];
        for (ours, theirs) in &self.rules.columns {
            for name in theirs {
                let Some(&at) = fields.places.get(name.as_str()) else {
                    continue;
                };
                let value = &fields.list[at].2;
                let fits = self
                    .rules
                    .fill(&mut callback, ours, value, &mut self.shared);
                is_read[at] |= fits || is_nothing(value);
                if fits {
                    break;
                }
            }
        }
        if callback.id == none {
            callback.id = self.ids.number_off(&assumed::identity(raw.get()));
        } else {
            self.ids.take(&callback.id);
        }
        callback.extra = fields
            .list
            .iter()
            .zip(is_read)
            .filter(|(_, is_read)| !is_read)
            .map(|((key, value, _), _)| (self.shared.one(&key.0), Raw::new(value.get())))
            .collect();
        callback.raw = Some(Raw::new(raw.get()));
        Ok(callback)
    }
}

/// Texts that many rows of a page have in common, held once: campaigns,
/// queues, types, the names of other fields.
#[derive(Default)]
struct Shared(HashSet<Arc<str>, foldhash::fast::RandomState>);

impl Shared {
    fn one(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        let new: Arc<str> = text.into();
        self.0.insert(new.clone());
        new
    }
}

/// The fields of a row in the order sent.
#[derive(Default)]
struct Fields<'a> {
    list: Vec<(Key<'a>, &'a RawValue, Scalar<'a>)>,
    places: HashMap<String, usize, foldhash::fast::RandomState>,
}

impl<'a> Fields<'a> {
    fn read(row: &'a RawValue) -> Result<Self, &'static str> {
        let mut fields = Self::default();
        json::each_field(row, |key, raw, value| {
            let place = fields.list.len();
            let is_new = fields.places.insert(key.0.to_string(), place).is_none();
            fields.list.push((key, raw, value));
            is_new
        })?;
        Ok(fields)
    }
}
