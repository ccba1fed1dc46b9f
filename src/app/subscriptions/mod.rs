//! What is pushed of a site's extensions, and to whom: what is missing is
//! subscribed with one key, and nothing that serves somebody else is touched
//! without saying so.

pub mod listed;

pub use listed::{Row, Subscriptions};

use super::{
    field::Field,
    keys::Hooks,
    msg::Command,
    overlay::{Asked, Confirm, Overlay},
    state::State,
    step::Step,
};
use crate::domain::{
    dial::Dialling,
    id::SiteName,
    injection::Told,
    subscription::{Resubscription, SubscriptionChange, Survey, Whose, masked},
    told,
};

/// How ours are asked to be pushed: what stands in a body stands in no log.
const METHOD: &str = "POST";

/// The key that opens the window.
pub(super) fn open(state: &mut State) -> Vec<Command> {
    let Some(first) = state.dialling.first() else {
        state.say("no site has subscriptions: configure a telphin site".into());
        return Vec::new();
    };
    let site = first.site.clone();
    survey(state, site)
}

fn survey(state: &mut State, site: SiteName) -> Vec<Command> {
    state.overlay = Overlay::Subscriptions(Box::new(Subscriptions::new(site.clone())));
    vec![Command::Survey(site)]
}

/// A key of the window.
pub(super) fn press(state: &mut State, action: Hooks) -> Vec<Command> {
    let Overlay::Subscriptions(open) = &state.overlay else {
        return Vec::new();
    };
    let open = open.clone();
    match action {
        Hooks::Unfold => unfold(state),
        Hooks::Add => add(state, &open),
        Hooks::Remove => remove(state, &open),
        Hooks::Again => return survey(state, open.site),
        Hooks::Site => {
            let at = state.dialling.iter().position(|d| d.site == open.site);
            let next = at.map_or(0, |at| (at + 1) % state.dialling.len().max(1));
            if let Some(next) = state.dialling.get(next) {
                let site = next.site.clone();
                return survey(state, site);
            }
        }
    }
    Vec::new()
}

/// Enter: the selected extension on a line, or in full.
fn unfold(state: &mut State) {
    let Overlay::Subscriptions(open) = &mut state.overlay else {
        return;
    };
    let rows = open.rows();
    let heads = rows.iter().enumerate().take(open.at + 1).rev();
    let head = heads.into_iter().find_map(|(at, row)| match row {
        Row::Extension(survey, _) => Some((at, survey.extension.id.clone())),
        _ => None,
    });
    let Some((at, id)) = head else {
        return;
    };
    open.at = at;
    if !open.turned.remove(&id) {
        open.turned.insert(id);
    }
}

/// Why nothing may be changed, if so.
fn refused(state: &State, open: &Subscriptions) -> Option<String> {
    let site = &open.site;
    if state.read_only {
        return Some("this console is read-only".into());
    }
    if state.resubscribing.contains(site) {
        return Some("changes are on their way; wait for the answer".into());
    }
    if open.surveys.is_none() {
        return Some(format!("{site} has not answered yet"));
    }
    let dialling = dialling(state, site);
    let allowed = dialling.is_some_and(|d| d.subscribes);
    (!allowed).then(|| {
        format!(
            "site {site} changes no subscriptions: add allow = [\"subscribe\"] to it in the \
             configuration"
        )
    })
}

fn dialling<'s>(state: &'s State, site: &SiteName) -> Option<&'s Dialling> {
    state.dialling.iter().find(|d| d.site == *site)
}

/// `a`: all that is missing.
fn add(state: &mut State, open: &Subscriptions) {
    if let Some(why) = refused(state, open) {
        return state.say(why);
    }
    let mut changes = Vec::new();
    let mut request = Vec::new();
    for survey in open.surveys.iter().flatten() {
        let missing = survey.missing();
        if !missing.is_empty() {
            let name = &survey.extension.name;
            request.push(format!("{name}: {}", missing.join(", ")));
        }
        changes.extend(missing.into_iter().map(|event| Resubscription {
            site: open.site.clone(),
            extension: survey.extension.id.clone(),
            change: SubscriptionChange::Add {
                event: event.into(),
                method: METHOD.into(),
                url: None,
            },
        }));
    }
    if changes.is_empty() {
        let words = match open.unknown() {
            0 => "nothing is missing",
            _ => "what is missing is not known: see what is wrong, then r asks again",
        };
        return state.say(words.into());
    }
    request.push(format!("They are pushed to our receiver, by {METHOD}."));
    let title = format!("Subscribe {} events?", changes.len());
    let name = production(state, &open.site);
    state.overlay = Overlay::Confirm(Box::new(Confirm {
        title,
        does: format!("asks {} for them", open.site),
        because: format!("{} is a production site", open.site),
        site: open.site.clone(),
        request,
        name,
        asked: Asked::Resubscribe(changes),
        mistake: None,
        scroll: 0,
    }));
}

fn production(state: &State, site: &SiteName) -> Option<(String, Field)> {
    let asks = dialling(state, site).is_some_and(|d| d.production);
    asks.then(|| (site.to_string(), Field::default()))
}

/// `x`: the selected one. Somebody else's takes typing its id.
fn remove(state: &mut State, open: &Subscriptions) {
    if let Some(why) = refused(state, open) {
        return state.say(why);
    }
    let rows = open.rows();
    let Some(Row::Have(survey, subscription, whose)) = rows.get(open.at) else {
        return state.say("select a subscription to remove it".into());
    };
    let mut request = vec![
        format!("{} of {}", subscription.event, survey.extension.name),
        format!("{} {}", subscription.method, masked(&subscription.url)),
        "What it pushed is no longer pushed there.".to_owned(),
    ];
    let others = *whose == Whose::Others;
    if others {
        request.push("It is somebody else's. Whoever gets it now is not told.".to_owned());
    }
    let (because, name) = match production(state, &open.site) {
        None if others => {
            let id = (subscription.id.to_string(), Field::default());
            ("this is somebody else's".to_owned(), Some(id))
        }
        name => (format!("{} is a production site", open.site), name),
    };
    let change = Resubscription {
        site: open.site.clone(),
        extension: survey.extension.id.clone(),
        change: SubscriptionChange::Remove {
            id: subscription.id.clone(),
        },
    };
    state.overlay = Overlay::Confirm(Box::new(Confirm {
        title: format!("Remove subscription {}?", subscription.id),
        does: "removes it".to_owned(),
        because,
        site: open.site.clone(),
        request,
        name,
        asked: Asked::Resubscribe(vec![change]),
        mistake: None,
        scroll: 0,
    }));
}

/// It was confirmed.
pub(super) fn go(state: &mut State, changes: Vec<Resubscription>) -> Vec<Command> {
    let Some(first) = changes.first() else {
        return Vec::new();
    };
    let site = first.site.clone();
    state.overlay = Overlay::Subscriptions(Box::new(Subscriptions::new(site.clone())));
    state.resubscribing.insert(site);
    vec![Command::Resubscribe(changes)]
}

/// What is subscribed at a site.
pub(super) fn surveyed(
    state: &mut State,
    site: &SiteName,
    surveys: Vec<Survey>,
    budget: Option<String>,
) {
    if let Overlay::Subscriptions(open) = &mut state.overlay
        && open.site == *site
    {
        open.surveys = Some(surveys);
        open.budget = budget;
        open.at = open.at.min(open.rows().len().saturating_sub(1));
    }
}

/// What became of changes.
pub(super) fn changed(state: &mut State, site: &SiteName, done: &[(Resubscription, Told)]) {
    state.resubscribing.remove(site);
    let refused: Vec<&Told> = done
        .iter()
        .map(|(_, told)| told)
        .filter(|told| !told::is_done(told))
        .collect();
    let words = match (refused.first(), done) {
        (None, [(one, _)]) => match &one.change {
            SubscriptionChange::Add { event, .. } => format!("{event} is pushed to us now"),
            SubscriptionChange::Remove { id } => format!("subscription {id} is removed"),
        },
        (None, _) => format!("{} events more are pushed to us", done.len()),
        (Some(first), _) => format!(
            "{} of {} not changed: {}",
            refused.len(),
            done.len(),
            told::sentence(first)
        ),
    };
    state.say(words);
}

/// Moves the cursor.
pub(super) fn step(open: &mut Subscriptions, step: Step, page: usize) {
    let last = open.rows().len().saturating_sub(1);
    open.at = match step {
        Step::Down => open.at + 1,
        Step::Up => open.at.saturating_sub(1),
        Step::PageDown => open.at + page,
        Step::PageUp => open.at.saturating_sub(page),
        Step::First => 0,
        Step::Last => last,
    }
    .min(last);
}
