//! How the sites are, in a glance: one lamp per site, lit by its worst feed,
//! and one sentence where something fails.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use super::{callbacks::list::List, state::State};
use crate::domain::{
    feed::{FeedHealth, FeedId, FeedKind, Freshness, age_of},
    injection::{Injected, Told as Came},
    site::{Site, Vendor},
    time::{At, age},
};

/// Whether the configuration has this feed's queue.
#[must_use]
pub fn is_configured(feed: &FeedId, sites: &[Site]) -> bool {
    sites.iter().any(|s| {
        s.name == feed.site
            && match &feed.kind {
                FeedKind::Callers(queue) => s.queue(queue).is_some(),
                FeedKind::Hooks => matches!(s.vendor, Vendor::Contaqt | Vendor::Telphin),
            }
    })
}

/// A site's lamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lamp {
    /// The site's name.
    pub site: String,
    /// Its light.
    pub light: Light,
    /// The word beside it: an age, or what is wrong.
    pub word: String,
    /// How old what it told is, where that is known.
    pub age: Option<Duration>,
}

/// A lamp's light.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Light {
    /// Nothing is asked of it, or nothing was so far: nothing to be fresh.
    Off,
    /// As fresh as promised.
    Good,
    /// Nothing heard yet.
    Waiting,
    /// Older than promised.
    Late,
    /// Failing.
    Bad,
}

/// One lamp per site, in the configuration's order.
#[must_use]
pub fn lamps(state: &State) -> Vec<Lamp> {
    let State {
        sites, feeds, now, ..
    } = state;
    let lamp = |site: &Site| {
        let of_feeds = feeds
            .iter()
            .filter(|(id, _)| id.site == site.name)
            .map(|(_, health)| shine(health, *now))
            .max_by_key(|(light, age, _)| (*light, *age));
        let of_list = state
            .callbacks
            .list(&site.name)
            .map(|list| shine_list(list, *now));
        // What is pushed comes when there is something to tell.
        let polled = |id: &FeedId| id.site == site.name && id.kind != FeedKind::Hooks;
        let is_asked = of_list.is_some() || feeds.keys().any(polled);
        let (light, age, word) = of_feeds
            .or(of_list)
            .or_else(|| ready(state, site))
            .unwrap_or((Light::Off, Duration::ZERO, "not read yet".into()));
        Lamp {
            site: site.name.to_string(),
            light,
            word,
            age: is_asked.then_some(age).filter(|age| *age < Duration::MAX),
        }
    };
    sites.iter().map(lamp).collect()
}

/// The light of each feed, in their order: what of their health is news, while
/// all else of it is an age or a count.
#[must_use]
pub fn lights(state: &State) -> Vec<Light> {
    let feeds = state.feeds.values();
    feeds.map(|health| shine(health, state.now).0).collect()
}

/// What keeps sites that push from being heard, in sentences.
#[must_use]
pub fn deaf(state: &State) -> Vec<String> {
    let hooks = state
        .feeds
        .iter()
        .filter(|(id, _)| id.kind == FeedKind::Hooks);
    let told = hooks.filter_map(|(id, health)| {
        let trouble = health.trouble.as_ref()?;
        let since = age(state.now.since(trouble.since));
        Some(format!("{}: {} (for {since})", id.site, trouble.fault))
    });
    told.collect()
}

/// How many events were not understood, and how many were sent again, since
/// the receiver was started.
#[must_use]
pub fn heard(state: &State) -> (u64, u64) {
    let heard = state
        .feeds
        .values()
        .filter_map(|health| health.heard.as_ref());
    heard.fold((0, 0), |(unknown, repeats), heard| {
        (unknown + heard.unknown, repeats + heard.repeats)
    })
}

/// How long a vain attempt says something of a site that is asked on demand.
const LAST_ATTEMPT: Duration = Duration::from_mins(1);

/// A site that is only asked when an event is sent: whether it takes any is not
/// known before it has answered one.
fn ready(state: &State, site: &Site) -> Option<(Light, Duration, String)> {
    let pane = &state.inject;
    pane.targets
        .iter()
        .find(|target| target.site == site.name)?;
    let last = pane.last.as_ref().filter(|sent| sent.site == site.name);
    let told = last.and_then(|sent| {
        let told = &sent.injected()?.told;
        let recent = state.now.since(sent.at) < LAST_ATTEMPT;
        (recent || matches!(told, Came::Answered(_))).then_some(told)
    });
    Some(match told {
        Some(Came::Failed(fault) | Came::Unknown(fault)) => bad(fault.word(), None),
        // A login that is refused is refused to every event.
        Some(Came::Answered(replies)) if replies.iter().any(|r| r.number() == Some(401)) => {
            bad("login refused", None)
        }
        Some(Came::Answered(_)) => (Light::Good, Duration::ZERO, "ready".into()),
        None => (Light::Off, Duration::ZERO, "not asked yet".into()),
    })
}

/// How a feed is, in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// What it tells.
    pub what: String,
    /// Its light.
    pub light: Light,
    /// How it is.
    pub word: String,
    /// What is wrong, and what to do, if anything.
    pub trouble: Option<String>,
}

/// The feeds of a site.
#[must_use]
pub fn feeds(state: &State, site: &Site) -> Vec<Told> {
    let now = state.now;
    let of_site = state.feeds.iter().filter(|(id, _)| id.site == site.name);
    let mut told: Vec<Told> = of_site
        .map(|(id, health)| {
            let what = match &id.kind {
                FeedKind::Callers(queue) => site
                    .queue(queue)
                    .map_or_else(|| queue.to_string(), |q| q.name.clone()),
                FeedKind::Hooks => "webhooks".to_owned(),
            };
            let (light, _, mut word) = shine(health, now);
            if light == Light::Good && health.heard.is_none() {
                word.push_str(" old");
            }
            if health.skew_ms != 0 {
                let off = health.skew_ms / 1000;
                let _ = write!(word, "; its clock is {off} s off ours, waits are corrected");
            }
            let trouble = health.trouble.as_ref().map(|trouble| {
                let since = age(now.since(trouble.since));
                format!("{} (for {since}{})", trouble.fault, again(health, now))
            });
            Told {
                what,
                light,
                word,
                trouble,
            }
        })
        .collect();
    if let Some(list) = state.callbacks.list(&site.name) {
        let (light, _, mut word) = shine_list(list, now);
        if light == Light::Good {
            word.push_str(" old");
        }
        let fault = list
            .fault
            .as_ref()
            .map(|(fault, at)| format!("{fault} ({} ago)", age(now.since(*at))));
        told.push(Told {
            what: "callback list".to_owned(),
            light,
            word,
            trouble: fault.or_else(|| list.note.clone()),
        });
    }
    if let Some((light, _, word)) = ready(state, site) {
        let last = state.inject.last.as_ref();
        let injected = last.and_then(|sent| sent.injected());
        told.push(Told {
            what: "queue events".to_owned(),
            light,
            word,
            trouble: injected
                .filter(|_| light == Light::Bad)
                .map(Injected::sentence),
        });
    }
    told
}

/// A list is read now and then, not all the time: it is late when two
/// readings in a row should have come.
fn shine_list(list: &List, now: At) -> (Light, Duration, String) {
    let old = list.read.and_then(|at| age_of(at, now));
    let late_after = list.pause() * 2 + Duration::from_mins(1);
    match (&list.fault, list.read, old) {
        (Some((fault, _)), _, old) => bad(fault.word(), old),
        (None, None, _) => (Light::Waiting, Duration::ZERO, "asking".into()),
        (None, Some(_), Some(old)) if old <= late_after => (Light::Good, old, age(old)),
        (None, Some(_), old) => late(old),
    }
}

/// What fails, and how old what is shown is.
fn bad(word: &str, old: Option<Duration>) -> (Light, Duration, String) {
    let told = old.map_or_else(|| word.to_owned(), |old| format!("{word} {}", age(old)));
    (Light::Bad, old.unwrap_or(Duration::MAX), told)
}

fn late(old: Option<Duration>) -> (Light, Duration, String) {
    let told = old.map_or_else(|| "late".to_owned(), |old| format!("{} old", age(old)));
    (Light::Late, old.unwrap_or(Duration::MAX), told)
}

fn shine(health: &FeedHealth, now: At) -> (Light, Duration, String) {
    match health.freshness(now) {
        Freshness::Waiting if health.heard.is_some() => {
            (Light::Waiting, Duration::ZERO, "not listening".into())
        }
        Freshness::Fresh(_) if health.heard.is_some() => {
            (Light::Good, Duration::ZERO, pace(health, now))
        }
        Freshness::Waiting => (Light::Waiting, Duration::ZERO, "asking".into()),
        Freshness::Fresh(old) => (Light::Good, old, age(old)),
        Freshness::Late(old) => late(old),
        Freshness::Failing(old) => {
            let trouble = health.trouble.as_ref();
            bad(trouble.map_or("failing", |t| t.fault.word()), old)
        }
    }
}

/// How much a site pushes, or for how long it has not.
fn pace(health: &FeedHealth, now: At) -> String {
    let rate = health.heard.as_ref().map_or(0, |heard| heard.per_minute);
    match (rate, health.last_ok.and_then(|at| age_of(at, now))) {
        (1.., _) => format!("{rate}/min"),
        (0, Some(since)) => format!("quiet {}", age(since)),
        (0, None) => "listening".into(),
    }
}

/// What is wrong, a sentence for each failing feed; those of one site that
/// fail alike are told once.
#[must_use]
pub fn sentences(sites: &[Site], feeds: &BTreeMap<FeedId, FeedHealth>, now: At) -> Vec<String> {
    let mut told: Vec<(String, String, Vec<String>)> = Vec::new();
    let mut told_of_hooks = Vec::new();
    for (id, health) in feeds {
        let Some(trouble) = &health.trouble else {
            continue;
        };
        let since = age(now.since(trouble.since));
        let FeedKind::Callers(queue) = &id.kind else {
            let told = format!("{} (for {since})", trouble.fault);
            told_of_hooks.push(format!("{}: {told}", id.site));
            continue;
        };
        let name = sites
            .iter()
            .find(|s| s.name == id.site)
            .and_then(|s| s.queue(queue))
            .map_or_else(|| queue.to_string(), |q| q.name.clone());
        let sentence = format!("{} (for {since}{})", trouble.fault, again(health, now));
        match told
            .iter_mut()
            .find(|(site, s, _)| *site == id.site.as_str() && *s == sentence)
        {
            Some((_, _, queues)) => queues.push(name),
            None => told.push((id.site.to_string(), sentence, vec![name])),
        }
    }
    let sentence = |(site, sentence, queues): (String, String, Vec<String>)| {
        let all = sites
            .iter()
            .find(|s| s.name.as_str() == site)
            .map_or(0, |s| s.queues.len());
        // A site of which everything fails need not list it.
        if queues.len() == all {
            format!("{site}: {sentence}")
        } else {
            format!("{site}, queue {}: {sentence}", queues.join(", "))
        }
    };
    told.into_iter()
        .map(sentence)
        .chain(told_of_hooks)
        .collect()
}

/// When a failing feed is asked again, where that is not at once.
fn again(health: &FeedHealth, now: At) -> String {
    let left = health
        .next
        .map(|next| next.since(now))
        .filter(|left| left.as_secs() >= 10);
    left.map_or_else(String::new, |left| {
        format!(", asked again in {}", age(left))
    })
}
