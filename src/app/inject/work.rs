//! What the keys of pane 4 do to its form. What they send is `send`'s.

use super::{Chosen, save, send};
use crate::{
    app::{
        keys::Inject,
        msg::Command,
        overlay::{self, MenuKind},
        state::State,
    },
    domain::{
        history::Past,
        preset::Begins,
        scenario::{speech::Kind, webhook::Webhook},
    },
};

/// Events that a menu has room for.
const SHOWN: usize = 15;

/// A key of pane 4.
pub(in crate::app) fn press(state: &mut State, action: Inject) -> Vec<Command> {
    match action {
        Inject::Edit => edit(state),
        Inject::Clear => state.inject.form.clear(),
        Inject::Site => state.inject.turn(),
        Inject::Validate => return send::validate(state),
        Inject::Ask => send::ask(state),
        Inject::Send => return send::send(state),
        Inject::NotYet => send::not_yet(state),
        Inject::Presets => presets(state),
        Inject::Save => save::ask(state),
        Inject::History => history(state),
        Inject::Curl => return send::curl(state),
    }
    Vec::new()
}

fn edit(state: &mut State) {
    let pane = &mut state.inject;
    if let Some(chosen) = super::chosen(&pane.targets, &pane.speakers, pane.target) {
        pane.form.edit(chosen);
    }
}

fn history(state: &mut State) {
    // Calls and subscriptions stand in the same journal, and are none.
    let is_event = |past: &&Past| {
        let intent = &past.intent;
        intent.repeated(&past.site).is_some() || intent.said(&past.site).is_some()
    };
    let past = state.inject.history.latest().filter(is_event);
    let past: Vec<Past> = past.take(SHOWN).cloned().collect();
    if past.is_empty() {
        return state.say("no event was sent yet".into());
    }
    state.overlay = overlay::menu(MenuKind::History(past));
}

/// Fills the form with what was sent before.
pub(in crate::app) fn repeat(state: &mut State, past: &Past) {
    let said = past.intent.said(&past.site);
    let created = past.intent.repeated(&past.site);
    if said.is_none() && created.is_none() {
        return state.say("that was no event".into());
    }
    if !state.inject.go_to(&past.site, said.is_some()) {
        return state.say("its site is no longer one that takes events".into());
    }
    if let Some(mut webhook) = said {
        if let (Some(Chosen::Say(speaker)), Some(to)) = (state.inject.chosen(), &webhook.to)
            && let Some(target) = speaker.meant(to)
        {
            webhook.to = Some(target.into());
        }
        state.inject.form.fill_event(&timeless(webhook));
    } else if let Some(injection) = created
        && let Some(Chosen::Call(target)) = state.inject.chosen()
    {
        let target = target.clone();
        state.inject.form.fill_call(&injection, &target);
    }
}

/// The same without the time, which was made up mostly: sent again, an event
/// is a new one, and happens then.
fn timeless(webhook: Webhook) -> Webhook {
    let event = webhook.event;
    let is_time = |name: &str| {
        let kind = event.variable(name).map(|variable| variable.kind);
        matches!(kind, Some(Kind::Seconds | Kind::Micros))
    };
    let fields = webhook.fields.into_iter();
    Webhook {
        fields: fields.filter(|(name, _)| !is_time(name)).collect(),
        ..webhook
    }
}

fn presets(state: &mut State) {
    if let Some(first) = state.inject.broken.first() {
        let told = match state.inject.broken.len() - 1 {
            0 => first.clone(),
            more => format!("{first} (and {more} more)"),
        };
        state.say(told);
    }
    if state.inject.fitting().is_empty() {
        return state.say("there is no preset for this site; P saves one".into());
    }
    state.overlay = overlay::menu(MenuKind::Preset);
}

/// Fills the form with a preset; what it does not name is emptied, but for
/// the queue.
pub(in crate::app) fn preset(state: &mut State, at: usize) {
    let Some(preset) = state.inject.fitting().get(at).copied().cloned() else {
        return;
    };
    let form = &mut state.inject.form;
    match &preset.begins {
        Begins::Say(webhook) => form.fill_event(webhook),
        Begins::Call(values) => {
            for line in form.lines.iter_mut().filter(|l| l.item.name() != "queue") {
                line.field = crate::app::field::Field::default();
            }
            for (name, value) in values {
                form.set(name, value);
            }
        }
    }
}
