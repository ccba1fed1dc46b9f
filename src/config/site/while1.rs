//! While1 Voice: scheduled callbacks, read on demand (CallQueue / Read).

use std::collections::BTreeMap;

use crate::domain::{site::Vendor, text};

use super::super::{
    error::ConfigError,
    keys,
    read::Section,
    secret::{self, Into, Secret},
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

pub(super) fn read(section: &Section<'_>) -> Result<While1, ConfigError> {
    let url = super::url(section, Vendor::While1)?;
    let token = secret::read(&section.need("token")?, &section.what, Into::Header)?;
    let key = section
        .get("key")
        .map(|i| secret::read(&i, &section.what, Into::Body))
        .transpose()?;
    Ok(While1 {
        url,
        token,
        key,
        fields: fields(section)?,
    })
}

fn fields(section: &Section<'_>) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    let entries = section
        .get("fields")
        .map_or(Ok(Vec::new()), |i| i.entries())?;
    entries
        .iter()
        .map(|entry| match FIELDS.iter().find(|f| **f == entry.key) {
            Some(field) => Ok((*field, entry.item.text()?.to_owned())),
            None => {
                let instead = keys::instead(entry.key, FIELDS.iter().copied());
                let typed = text::clip(entry.key, 40);
                let text = format!("a callback has no field `{typed}`; {instead}");
                Err(section.file.error(entry.at, &text))
            }
        })
        .collect()
}
