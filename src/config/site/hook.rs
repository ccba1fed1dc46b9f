//! `hook`: how a site's webhooks are let in. No vendor signs them, so a
//! secret in the path and the sender's address are all there is to go by.

use ipnet::IpNet;

use super::super::{
    error::ConfigError,
    keys,
    read::Section,
    receiver,
    secret::{self, Into, Secret},
};

/// How webhooks are let in.
#[derive(Clone, Debug)]
pub struct Hook {
    /// The secrets that open `/hooks/<site>/<secret>`, one or more; the first
    /// is the one that vendors are told, the others are being rotated out.
    pub secrets: Vec<Secret>,
    /// Where they may come from; anywhere if it is empty.
    pub allow_from: Vec<IpNet>,
}

/// The site's hook, if it is given.
pub(super) fn read(section: &Section<'_>) -> Result<Option<Hook>, ConfigError> {
    let Some(item) = section.get("hook") else {
        return Ok(None);
    };
    let what = format!("the hook of {}", section.what);
    let hook = Section::open(&item, what, keys::HOOK)?;
    let item = hook.need("secret")?;
    let items = if item.is_list() {
        item.list()?
    } else {
        vec![item.clone()]
    };
    if items.is_empty() {
        return Err(item.wrong("is an empty list; give at least one secret"));
    }
    let secrets = items
        .iter()
        .map(|i| secret::read(i, &hook.what, Into::Path))
        .collect::<Result<_, _>>()?;
    Ok(Some(Hook {
        secrets,
        allow_from: receiver::networks(&hook, "allow_from")?,
    }))
}
