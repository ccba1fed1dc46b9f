//! Calls and subscriptions (Telphin): what is subscribed is asked, and what is
//! changed has its intent on record before and its outcome after. Whether it
//! is meant was asked before; whether it is allowed is looked at here too.
//!
//! * [`acts`]: one call, one change
//! * [`addresses`]: those of our receiver
//! * [`survey`]: what is subscribed
//! * [`trial`]: whether what is sent to our address arrives

pub mod acts;
pub mod addresses;
pub mod survey;
#[cfg(test)]
mod tests;
pub mod trial;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use tokio::sync::mpsc;

use super::aside::{answering, broken};
use crate::{
    app::Answer,
    config::{Account, Allow, Config},
    domain::{
        dial::{Calls, Dial, Dialled, LATELY, Wanted},
        extension::Extension,
        fault::{Fault, FaultKind},
        id::SiteName,
        injection::Told,
        subscription::{Resubscription, SubscriptionChange, Survey},
        time::{At, Clock},
        told,
    },
    journal::{Journal, JournalError},
    vendor::telphin::{Budget, Client},
};
use acts::Desk;
use addresses::Addresses;

/// Who acts, and whether they may change anything at all.
#[derive(Clone, Debug)]
pub struct Who {
    /// The name that stands on record.
    pub name: Arc<str>,
    /// Whether they asked to change nothing.
    pub read_only: bool,
}

/// The calls that anyone on this journal made lately.
///
/// # Errors
/// The journal cannot be read.
pub fn calls_lately(journal: &Journal, now: At) -> Result<Calls, JournalError> {
    let mut calls = Calls::default();
    let lately = i64::try_from(LATELY.as_millis()).unwrap_or(i64::MAX);
    for entry in journal.actions_since(now.shift(-lately))? {
        calls.apply(&entry);
    }
    Ok(calls)
}

/// What is left of an account's requests: `412 of 1000 requests left until
/// 15:00:00`.
#[must_use]
pub fn budget_words(budget: &Budget, zone: &TimeZone) -> String {
    let of = budget
        .limit
        .map_or(String::new(), |limit| format!(" of {limit}"));
    let (left, until) = (budget.remaining, budget.reset.clock_time(zone));
    format!("{left}{of} requests left until {until}")
}

/// Changes subscriptions of one site, one after the other, each once. Where
/// one is not done, those behind it are not asked for: what stopped it would
/// stop them too, or what came of it is to be looked at first.
pub async fn change_all(
    client: &Client,
    desk: &Desk,
    changes: Vec<Resubscription>,
    ours: &str,
) -> Vec<(Resubscription, acts::Changed)> {
    let mut done: Vec<(Resubscription, acts::Changed)> = Vec::new();
    for change in changes {
        let is_stopped = done.last().is_some_and(|(_, c)| !told::is_done(&c.told));
        let changed = if is_stopped {
            nothing(Told::Failed(Fault::new(
                FaultKind::Invalid {
                    field: String::new(),
                },
                "not asked, because the change before it was not done",
                "",
            )))
        } else {
            let changed = acts::change(client, desk, &change, ours).await;
            changed.unwrap_or_else(|error| nothing(acts::unsent(&error)))
        };
        done.push((change, changed));
    }
    done
}

fn nothing(told: Told) -> acts::Changed {
    acts::Changed {
        told,
        subscription: None,
        unjournaled: None,
    }
}

/// A site of the console.
struct Post {
    client: Result<Arc<Client>, Fault>,
    country: Option<String>,
    extensions: Vec<Extension>,
    allow: Allow,
}

/// Carries out what the console asks of the sites that make calls.
#[derive(Clone)]
pub struct Phones {
    posts: Arc<BTreeMap<SiteName, Post>>,
    config: Arc<Config>,
    desk: Desk,
    read_only: bool,
    say: mpsc::UnboundedSender<Answer>,
}

impl Phones {
    /// Ready to act in the name of `who`; tells on `say`.
    #[must_use]
    pub fn new(
        config: &Arc<Config>,
        deadline: Duration,
        journal: Journal,
        clock: &Clock,
        who: Who,
        say: mpsc::UnboundedSender<Answer>,
    ) -> Self {
        let posts = config.sites.iter().filter_map(|site| {
            let Account::Telphin(account) = &site.account else {
                return None;
            };
            let client = Client::new(account, deadline, clock.clone());
            let post = Post {
                client: client.map(Arc::new),
                country: site.country.clone(),
                extensions: account.extensions.clone(),
                allow: site.allow,
            };
            Some((site.name.clone(), post))
        });
        Self {
            posts: Arc::new(posts.collect()),
            config: config.clone(),
            desk: Desk {
                journal,
                clock: clock.clone(),
                who: who.name,
                zone: config.console.time_zone.clone(),
            },
            read_only: who.read_only,
            say,
        }
    }

    /// Asks what is subscribed of all extensions of a site.
    pub fn survey(&self, site: SiteName) {
        let (phones, lost) = (self.clone(), self.clone());
        let of = site.clone();
        answering(&self.say, async move { phones.look(of).await }, move |_| {
            let extensions = lost.extensions(&site);
            let fail = |extension| Survey::new(extension, Err(broken()), &[]);
            Answer::Surveyed {
                surveys: extensions.into_iter().map(fail).collect(),
                budget: None,
                site,
            }
        });
    }

    /// Changes subscriptions, and looks at the sites they are of anew.
    pub fn resubscribe(&self, changes: Vec<Resubscription>) {
        let mut by_site: BTreeMap<SiteName, Vec<Resubscription>> = BTreeMap::new();
        for change in changes {
            by_site.entry(change.site.clone()).or_default().push(change);
        }
        for (site, changes) in by_site {
            let (phones, of, all) = (self.clone(), site.clone(), changes.clone());
            let work = async move {
                let done = phones.change(&of, changes).await;
                Answer::Resubscribed { site: of, done }
            };
            let (phones, of) = (self.clone(), site.clone());
            let told = answering(&self.say, work, move |told| Answer::Resubscribed {
                site,
                done: all.into_iter().map(|c| (c, told.clone())).collect(),
            });
            tokio::spawn(async move {
                let _ = told.await;
                phones.survey(of);
            });
        }
    }

    /// Connects an extension with a number, if nobody else is quicker.
    pub fn dial(&self, wanted: Wanted) {
        let (phones, dial) = (self.clone(), wanted.dial.clone());
        let work = async move { Answer::Dialled(Box::new(phones.call(wanted).await)) };
        answering(&self.say, work, move |told| {
            Answer::Dialled(Box::new(nowhere(dial, told)))
        });
    }

    fn extensions(&self, site: &SiteName) -> Vec<Extension> {
        let post = self.posts.get(site);
        post.map_or_else(Vec::new, |post| post.extensions.clone())
    }

    async fn look(&self, site: SiteName) -> Answer {
        let extensions = self.extensions(&site);
        // Without an address of ours, nothing that is subscribed is ours.
        let ours = self.addresses(&site).map_or(Vec::new(), |a| a.urls);
        let (surveys, budget) = match self.client(&site) {
            Ok(client) => {
                let surveys = survey::survey(&client, extensions, &ours).await;
                let zone = &self.config.console.time_zone;
                let budget = client.budget().map(|budget| budget_words(&budget, zone));
                (surveys, budget)
            }
            Err(fault) => {
                let fail = |extension| Survey::new(extension, Err(fault.clone()), &ours);
                (extensions.into_iter().map(fail).collect(), None)
            }
        };
        Answer::Surveyed {
            site,
            surveys,
            budget,
        }
    }

    async fn change(
        &self,
        site: &SiteName,
        changes: Vec<Resubscription>,
    ) -> Vec<(Resubscription, Told)> {
        let needs_ours = changes
            .iter()
            .any(|c| matches!(c.change, SubscriptionChange::Add { url: None, .. }));
        let ready = self
            .may(site, "subscribe", |allow| allow.subscribe)
            .and_then(|()| {
                let ours = match self.addresses(site) {
                    Ok(ours) => ours.told().to_owned(),
                    Err(_) if !needs_ours => String::new(),
                    Err(fault) => return Err(fault),
                };
                Ok((self.client(site)?, ours))
            });
        let refused = |fault: Fault| move |c| (c, Told::Failed(fault.clone()));
        match ready {
            Err(fault) => changes.into_iter().map(refused(fault)).collect(),
            Ok((client, ours)) => {
                let done = change_all(&client, &self.desk, changes, &ours).await;
                done.into_iter().map(|(c, done)| (c, done.told)).collect()
            }
        }
    }

    async fn call(&self, wanted: Wanted) -> Dialled {
        let dial = wanted.dial.clone();
        let site = &dial.site;
        let ready = self
            .may(site, "call", |allow| allow.call)
            .and_then(|()| self.client(site));
        let told = match ready {
            Ok(client) => {
                let post = self.posts.get(site);
                let country = post.and_then(|post| post.country.as_deref());
                match acts::dial(&client, &self.desk, wanted, country).await {
                    Ok(dialled) => return dialled,
                    Err(error) => acts::unsent(&error),
                }
            }
            Err(fault) => Told::Failed(fault),
        };
        nowhere(dial, told)
    }

    fn client(&self, site: &SiteName) -> Result<Arc<Client>, Fault> {
        match self.posts.get(site) {
            Some(post) => post.client.clone(),
            None => {
                let what = format!("site {site} has no phones");
                Err(Fault::new(FaultKind::NotFound, what, ""))
            }
        }
    }

    /// Whether it may be done at all: the console asks only for what it may.
    fn may(&self, site: &SiteName, word: &str, of: fn(&Allow) -> bool) -> Result<(), Fault> {
        if self.read_only {
            let what = "this console was opened to change nothing";
            return Err(Fault::new(
                FaultKind::Forbidden,
                what,
                "leave --read-only out",
            ));
        }
        let allowed = self.posts.get(site).is_some_and(|post| of(&post.allow));
        if allowed {
            return Ok(());
        }
        let what = format!("the configuration does not allow it at {site}");
        let remedy = format!("add \"{word}\" to its `allow`");
        Err(Fault::new(FaultKind::Forbidden, what, remedy))
    }

    fn addresses(&self, site: &SiteName) -> Result<Addresses, Fault> {
        let kind = || FaultKind::Invalid {
            field: String::new(),
        };
        let known = self.config.site(site.as_str());
        let known = known.ok_or_else(|| Fault::new(kind(), format!("no site {site}"), ""))?;
        let feeds = self.desk.journal.feeds().unwrap_or_default();
        let now = (self.desk.clock)();
        Addresses::of(&self.config, known, &feeds, now)
            .map_err(|why| Fault::new(kind(), format!("{site}: {why}"), ""))
    }
}

/// A call of which nothing came but this.
fn nowhere(dial: Dial, told: Told) -> Dialled {
    Dialled {
        dial,
        told,
        took: Duration::ZERO,
        call: None,
        unjournaled: None,
    }
}
