//! Who waits, or waited in vain, is put on the callback list.

use std::sync::Arc;

use super::record;
use crate::{
    app::{
        callbacks::work::Somebody, calls::rows::Stage, msg::Command, state::State,
        view::List as Shown,
    },
    domain::{id::SiteName, phone, triage::Act},
};

/// `b`: the selected caller who must be called back, or the missed call.
pub(in crate::app) fn put_on_list(state: &mut State) -> Vec<Command> {
    let site_of = |name: &SiteName| state.sites.iter().find(|s| s.name == *name);
    match state.list() {
        Shown::Calls => {
            let Some(row) = state.calls.row().filter(|row| row.stage == Stage::Missed) else {
                return Vec::new();
            };
            let (site, queue) = (row.site.clone(), row.queue.clone());
            let country = site_of(&site).and_then(|s| s.country.clone());
            let since = row.began.unwrap_or(state.now);
            let (id, number, name) = (row.id.clone(), row.number.clone(), row.name.clone());
            record(state, |desk| {
                let caller = Somebody {
                    id: id.as_str(),
                    number: number.as_deref(),
                    name: name.as_deref(),
                };
                let act = desk.put(&site, queue.as_deref().unwrap_or("—"), caller, since)?;
                Ok(of_customer(act, country.as_deref()))
            })
        }
        _ => {
            let Some((key, waiting)) = state.caller_to_call_back() else {
                return Vec::new();
            };
            let site = site_of(&key.site);
            let queue = site.and_then(|s| s.queue(&key.queue));
            let queue = queue.map_or(key.queue.as_str(), |q| &q.name).to_owned();
            let country = site.and_then(|s| s.country.clone());
            let (site, waiting) = (key.site.clone(), waiting.clone());
            record(state, |desk| {
                let act = desk.put(&site, &queue, (&waiting.caller).into(), waiting.since())?;
                Ok(of_customer(act, country.as_deref()))
            })
        }
    }
}

/// The same customer's other requests are found by their number.
fn of_customer(mut act: Act, country: Option<&str>) -> Act {
    let sent = act.customer.as_deref();
    let e164 = sent.and_then(|number| phone::e164(number, country));
    act.customer = e164.map(Arc::from).or(act.customer);
    act
}
