//! While1 Voice: scheduled callbacks, read on demand (CallQueue / Read).

use std::collections::BTreeMap;

use crate::domain::{
    sheet::{Entry, Table},
    site::Vendor,
    text,
};

use super::super::{
    keys,
    secret::{Into, Secret, Secrets},
};

/// A While1 account.
#[derive(Clone, Debug)]
pub struct While1 {
    /// What precedes `/api/call-queue`.
    pub url: String,
    /// The bearer token, "api_token" in the PBX.
    pub token: Secret,
    /// The key that `api_hash` is made with, "api_key" in the PBX; without one
    /// the bare parameters are hashed.
    pub key: Option<Secret>,
    /// What the vendor's rows call a field of ours, where it differs.
    pub fields: BTreeMap<&'static str, String>,
}

/// The fields of a callback that can be mapped. The page shows no row, so
/// what the vendor calls them is not known.
const FIELDS: &[&str] = &[
    "id",
    "status",
    "number",
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
];

pub(super) fn read(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<While1> {
    let url = super::url(site, Vendor::While1);
    let token = site.need("token");
    let token = token.and_then(|i| secrets.read(&i, &site.what, Into::Header));
    let key = site.get("key");
    let key = key.and_then(|i| secrets.read(&i, &site.what, Into::Body));
    let fields = fields(site);
    Some(While1 {
        url: url?,
        token: token?,
        key,
        fields,
    })
}

fn fields(site: &Table<'_>) -> BTreeMap<&'static str, String> {
    let field = |entry: Entry<'_>| {
        let Some(field) = FIELDS.iter().find(|field| **field == entry.key) else {
            let instead = keys::instead(entry.key, FIELDS.iter().copied());
            let typed = text::clip(entry.key, 40);
            let text = format!("a callback has no field `{typed}`; {instead}");
            return site.sheet.wrong(entry.at, &text);
        };
        Some((*field, entry.item.called("fields").word()?.to_owned()))
    };
    let entries = site.get("fields").and_then(|item| item.entries());
    let entries = entries.unwrap_or_default().into_iter();
    entries.filter_map(field).collect()
}
