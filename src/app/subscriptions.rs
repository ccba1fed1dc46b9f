//! What is pushed of a site's extensions, and to whom: what is missing is
//! subscribed with one key, and nothing that serves somebody else is touched
//! without saying so.

use std::collections::BTreeSet;

use super::{
    field::Field,
    keys::{Hooks, Step},
    msg::Command,
    overlay::{Asked, Confirm, Overlay},
    state::State,
    update::flash,
};
use crate::domain::{
    dial::Dialling,
    fault::Fault,
    id::{ExtensionId, SiteName},
    injection::Told,
    subscription::{Resubscription, Subscription, SubscriptionChange, Survey, Whose, masked},
    told,
};

/// How ours are asked to be pushed: what stands in a body stands in no log.
const METHOD: &str = "POST";

/// The window's state.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscriptions {
    /// The site.
    pub site: SiteName,
    /// What there is; `None` until that is known.
    pub surveys: Option<Vec<Survey>>,
    /// How much may still be asked, in words.
    pub budget: Option<String>,
    /// Extensions that are shown otherwise than by themselves: those with all
    /// that they should have stand on a line, the others in full.
    turned: BTreeSet<ExtensionId>,
    /// The selected line.
    pub at: usize,
}

/// A line of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Row<'s> {
    /// An extension, and how many of its events are missing.
    Extension(&'s Survey, usize),
    /// Something subscribed.
    Have(&'s Survey, &'s Subscription, Whose),
    /// An event that we should get and do not.
    Missing(&'s Survey, &'static str),
    /// Why it is not known what there is.
    Wrong(String),
}

impl Subscriptions {
    fn new(site: SiteName) -> Self {
        Self {
            site,
            surveys: None,
            budget: None,
            turned: BTreeSet::new(),
            at: 0,
        }
    }

    /// The lines: each extension with what there is and what is missing.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        if self.fault().is_some() {
            // Once, in full, is enough.
            return rows;
        }
        for survey in self.surveys.iter().flatten() {
            let missing = survey.missing();
            rows.push(Row::Extension(survey, missing.len()));
            let turned = self.turned.contains(&survey.extension.id);
            if is_as_it_should_be(survey) != turned {
                continue;
            }
            match &survey.have {
                Ok(have) => {
                    let have = have.iter().map(|(s, whose)| Row::Have(survey, s, *whose));
                    rows.extend(have);
                }
                Err(fault) => rows.push(Row::Wrong(fault.to_string())),
            }
            rows.extend(missing.into_iter().map(|event| Row::Missing(survey, event)));
        }
        rows
    }

    /// Why nothing is known at all, if that is so.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        let surveys = self.surveys.as_ref()?;
        let all_fail = surveys.iter().all(|survey| survey.have.is_err());
        let first = surveys.first().filter(|_| all_fail)?;
        first.have.as_ref().err()
    }

    /// How many extensions could not be asked about.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let surveys = self.surveys.iter().flatten();
        surveys.filter(|survey| survey.have.is_err()).count()
    }

    /// How many events are missing, of all extensions that could be asked
    /// about.
    #[must_use]
    pub fn missing(&self) -> usize {
        let surveys = self.surveys.iter().flatten();
        surveys.map(|survey| survey.missing().len()).sum()
    }
}

/// Whether nothing is missing, and nothing there but what should be.
fn is_as_it_should_be(survey: &Survey) -> bool {
    let all_ours = |have: &Vec<(Subscription, Whose)>| have.iter().all(|h| h.1 == Whose::Ours);
    survey.missing().is_empty() && survey.have.as_ref().is_ok_and(all_ours)
}

/// The key that opens the window.
pub(super) fn open(state: &mut State) -> Vec<Command> {
    let Some(first) = state.dialling.first() else {
        flash(
            state,
            "no site has subscriptions: configure a telphin site".into(),
        );
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
        return flash(state, why);
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
        return flash(state, words.into());
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
        return flash(state, why);
    }
    let rows = open.rows();
    let Some(Row::Have(survey, subscription, whose)) = rows.get(open.at) else {
        return flash(state, "select a subscription to remove it".into());
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
    flash(state, words);
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
