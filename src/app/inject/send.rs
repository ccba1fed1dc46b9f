//! Asks, and sends. Nothing goes outside but by a command, and nothing is
//! asked for twice: an event is sent once, whatever comes back.

use std::sync::Arc;

use fastrand::Rng;

use super::{Came, Chosen, Order, Sent};
use crate::{
    app::{
        dial,
        field::Field,
        msg::Command,
        overlay::{Asked, Confirm, Overlay},
        pane::PaneId,
        state::State,
        subscriptions,
    },
    domain::{
        feed::{FeedId, FeedKind},
        injection::Injected,
        scenario::{
            plan,
            saying::{Delivered, MASK, Saying, Speaker},
        },
    },
    emit::wording,
};

/// What is filled in, ready to be sent; else the cursor goes to what is wrong
/// with it.
fn filled(state: &mut State) -> Option<Order> {
    state.inject.form.accept();
    let order = match state.inject.chosen()? {
        Chosen::Call(target) => {
            let injection = state.inject.form.injection(target, false, state.now);
            injection.map(Order::Inject)
        }
        Chosen::Say(speaker) => {
            let webhook = state.inject.form.webhook(speaker, state.now);
            let to = state.inject.form.place("to").unwrap_or(0);
            webhook.and_then(|webhook| {
                let own = webhook.to.is_none();
                let listens = own.then(|| listens(state, speaker)).transpose();
                let listens = listens.map_err(|why| (to, why))?;
                Ok(Order::Say(Box::new(Saying {
                    site: speaker.site.clone(),
                    webhook,
                    listens,
                })))
            })
        }
    };
    match order {
        Ok(order) => Some(whole(state, order)),
        Err((at, why)) => {
            state.inject.form.at = at;
            state.say(why);
            None
        }
    }
}

/// Where our own receiver listens for a site, if it takes what is made up.
fn listens(state: &State, speaker: &Speaker) -> Result<Arc<str>, String> {
    let site = &speaker.site;
    if speaker.production {
        return Err(format!(
            "{site} is a production site, whose board takes nothing that is made up; send it to \
             an application instead"
        ));
    }
    let feed = FeedId {
        site: site.clone(),
        kind: FeedKind::Hooks,
    };
    let health = state.feeds.get(&feed);
    if let Some(trouble) = health.and_then(|health| health.trouble.as_ref()) {
        return Err(trouble.fault.to_string());
    }
    let heard = health.and_then(|health| health.heard.as_ref());
    let address = heard.and_then(|heard| heard.listens_now(state.now));
    address.map(Into::into).ok_or_else(|| {
        format!("nobody listens for {site}'s webhooks; start `holdline collect`, or wait for it")
    })
}

/// With the ids and the time that are not given. They are drawn from what no
/// other event here has in common, so that none is taken for a repeat.
fn whole(state: &mut State, order: Order) -> Order {
    let Order::Say(mut saying) = order else {
        return order;
    };
    state.inject.made_up += 1;
    let seed = [
        state.now.0.cast_unsigned(),
        state.board.upto(),
        state.inject.made_up,
    ];
    let who = state.me.bytes().map(u64::from);
    let seed = seed
        .into_iter()
        .chain(who)
        .fold(0, |seed, part| Rng::with_seed(seed ^ part).u64(..));
    let webhook = &mut saying.webhook;
    let mut rng = Rng::with_seed(seed);
    plan::complete(webhook.event, &mut webhook.fields, state.now, &mut rng);
    Order::Say(saying)
}

/// Where an event goes, secrets masked.
#[must_use]
pub fn address(saying: &Saying) -> String {
    let own = saying.listens.as_deref().and_then(|text| text.parse().ok());
    match (&saying.webhook.to, own) {
        (Some(to), _) => to.to_string(),
        (None, Some(listens)) => wording::own_address(listens, saying.site.as_str(), MASK),
        (None, None) => super::sheet::OURS.to_owned(),
    }
}

/// Why nothing may be sent, if so.
fn refused(state: &State) -> Option<String> {
    if state.read_only {
        return Some("this console is read-only".into());
    }
    let last = state.inject.last.as_ref();
    if last.is_some_and(|sent| sent.came.is_none()) {
        return Some("one event is on its way; wait for its answer".into());
    }
    match state.inject.chosen()? {
        Chosen::Call(target) if !target.allowed => Some(format!(
            "site {} takes no events: add allow = [\"inject\"] to it in the configuration",
            target.site
        )),
        // Whom one may not speak as is not among the speakers.
        Chosen::Call(_) | Chosen::Say(_) => None,
    }
}

/// `v`: the vendor checks it and records nothing, so nobody is asked.
pub(super) fn validate(state: &mut State) -> Vec<Command> {
    let Some(order) = filled(state) else {
        return Vec::new();
    };
    let Order::Inject(injection) = order else {
        let told = "nothing is wrong with it as far as the vendor's page tells; only Enswitch has \
             a dry run";
        state.say(told.into());
        return Vec::new();
    };
    if let Some(why) = refused(state) {
        state.say(why);
        return Vec::new();
    }
    go(state, Order::Inject(injection.validating(true)))
}

/// `Ctrl-S`: shows exactly what would be sent, and asks.
pub(super) fn ask(state: &mut State) {
    let Some(order) = filled(state) else {
        return;
    };
    if let Some(why) = refused(state) {
        return state.say(why);
    }
    let Some(chosen) = state.inject.chosen() else {
        return;
    };
    let request = match (&order, chosen) {
        (Order::Inject(injection), Chosen::Call(target)) => injection.masked(target),
        (Order::Say(saying), _) => {
            wording::lines(&wording::request(&saying.webhook), &address(saying))
        }
        (Order::Inject(_), Chosen::Say(_)) => return,
    };
    let site = chosen.site();
    let name = chosen.production().then(|| site.to_owned());
    let does = match chosen {
        Chosen::Call(_) => format!("sends it to {site}"),
        Chosen::Say(_) => format!("sends it as {site} would"),
    };
    state.overlay = Overlay::Confirm(Box::new(Confirm {
        title: match chosen {
            Chosen::Call(_) => format!("Send this event to {site}?"),
            Chosen::Say(_) => format!("Say this event as {site}?"),
        },
        site: order.site().clone(),
        does,
        because: format!("{site} is a production site"),
        request,
        name: name.map(|name| (name, Field::default())),
        asked: Asked::Send(order),
        mistake: None,
        scroll: 0,
    }));
}

/// `Ctrl-S` once more, where another key sends: a key that is held down must
/// not answer the question that it has asked.
pub(super) fn not_yet(state: &mut State) {
    if let Overlay::Confirm(confirm) = &mut state.overlay {
        confirm.mistake = Some("y sends it: Ctrl-S may only have been held down".to_owned());
    }
}

/// The key that does what was shown.
pub(super) fn send(state: &mut State) -> Vec<Command> {
    let Overlay::Confirm(confirm) = &mut state.overlay else {
        return Vec::new();
    };
    if let Some((name, typed)) = &confirm.name
        && typed.value().trim() != name
    {
        confirm.mistake = Some(format!("type {name}, the name of this production site"));
        return Vec::new();
    }
    let asked = confirm.asked.clone();
    state.overlay = Overlay::None;
    let order = match asked {
        Asked::Send(order) => order,
        Asked::Dial(calling) => return dial::go(state, *calling),
        Asked::Resubscribe(changes) => return subscriptions::go(state, changes),
    };
    if let Some(why) = refused(state) {
        state.say(why);
        return Vec::new();
    }
    go(state, order)
}

fn go(state: &mut State, order: Order) -> Vec<Command> {
    state.inject.last = Some(Sent {
        site: order.site().clone(),
        typed: state.inject.form.typed(),
        at: state.now,
        came: None,
    });
    vec![match order {
        Order::Inject(injection) => Command::Inject(injection),
        Order::Say(saying) => Command::Say(saying),
    }]
}

/// What became of the queue event that was sent last.
pub(in crate::app) fn answered(state: &mut State, injected: Injected) {
    let key = injected.refusal().map(|reply| reply.key.clone());
    let form = &mut state.inject.form;
    // To what it names, so that it can be mended at once; but what is being
    // typed goes on where it began.
    if let Some(key) = key.filter(|_| !form.typing) {
        form.at = form.place(&key).unwrap_or(form.at);
    }
    came(state, Came::Injected(injected));
}

/// What became of the event that was said last.
pub(in crate::app) fn delivered(state: &mut State, delivered: Delivered) {
    came(state, Came::Delivered(delivered));
}

fn came(state: &mut State, came: Came) {
    let told = came.sentence();
    if let Some(sent) = &mut state.inject.last {
        sent.came = Some(came);
    }
    // Pane 4 says it in full.
    if state.focus != PaneId::Inject {
        state.say(told);
    }
}

/// `c`: as a command for a shell, the secrets left out.
pub(super) fn curl(state: &mut State) -> Vec<Command> {
    let Some(order) = filled(state) else {
        return Vec::new();
    };
    let command = match (&order, state.inject.chosen()) {
        (Order::Inject(injection), Some(Chosen::Call(target))) => Some(injection.curl(target)),
        (Order::Say(saying), _) => {
            let request = wording::request(&saying.webhook);
            Some(wording::curl(&request, &address(saying)))
        }
        _ => None,
    };
    command.map(Command::Copy).into_iter().collect()
}
