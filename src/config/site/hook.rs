//! `hook`: how a site's webhooks are let in. No vendor signs them, so a
//! secret in the path and the sender's address are all there is to go by.

use ipnet::IpNet;

use super::super::{
    keys, receiver,
    secret::{Into, Secret, Secrets},
};
use crate::domain::sheet::Table;

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
pub(super) fn read(site: &Table<'_>, secrets: &Secrets<'_>) -> Option<Hook> {
    let item = site.get("hook")?;
    let hook = item.table(&format!("the hook of {}", site.what), keys::HOOK)?;
    let allow_from = receiver::networks(&hook, "allow_from");
    let item = hook.need("secret")?;
    let items = if item.is_list() {
        item.list()?
    } else {
        vec![item.clone()]
    };
    if items.is_empty() {
        return item.wrong("is an empty list; give at least one secret");
    }
    let given = items.iter();
    let given = given.filter_map(|i| secrets.read(i, &hook.what, Into::Path));
    Some(Hook {
        secrets: given.collect(),
        allow_from,
    })
}
