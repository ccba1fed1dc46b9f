//! What the keys of pane 4 do. Nothing goes outside but by a command, and
//! nothing is asked for twice: an event is sent once, whatever comes back.

use super::Sent;
use crate::{
    app::{
        field::Field,
        keys::Inject,
        msg::Command,
        overlay::{self, Confirm, MenuKind, Overlay},
        state::State,
        update::flash,
    },
    domain::{
        action::Past,
        injection::{Injected, Injection},
    },
};

/// Events that a menu has room for.
const SHOWN: usize = 15;

/// A key of pane 4.
pub(in crate::app) fn press(state: &mut State, action: Inject) -> Vec<Command> {
    match action {
        Inject::Edit => state.inject.form.edit(),
        Inject::Clear => state.inject.form.clear(),
        Inject::Site => state.inject.turn(),
        Inject::Validate => return validate(state),
        Inject::Ask => ask(state),
        Inject::Send => return send(state),
        Inject::Presets => state.overlay = overlay::menu(MenuKind::Preset),
        Inject::History => history(state),
        Inject::Curl => return curl(state),
    }
    Vec::new()
}

/// The event as it is filled in, or the cursor on what is wrong with it.
fn filled(state: &mut State, validate: bool) -> Option<Injection> {
    state.inject.form.accept();
    match state.inject.injection(validate, state.now) {
        Ok(injection) => Some(injection),
        Err((at, why)) => {
            state.inject.form.at = at;
            flash(state, why);
            None
        }
    }
}

/// Why nothing may be sent, if so.
fn refused(state: &State) -> Option<String> {
    let target = state.inject.chosen()?;
    if state.read_only {
        return Some("this console is read-only".into());
    }
    if is_under_way(state) {
        return Some("one event is on its way; wait for its answer".into());
    }
    (!target.allowed).then(|| {
        let site = &target.site;
        format!("site {site} takes no events: add allow = [\"inject\"] to it in the configuration")
    })
}

fn is_under_way(state: &State) -> bool {
    let last = state.inject.last.as_ref();
    last.is_some_and(|sent| sent.injected.is_none())
}

/// `v`: the vendor checks it and records nothing, so nobody is asked.
fn validate(state: &mut State) -> Vec<Command> {
    let Some(injection) = filled(state, true) else {
        return Vec::new();
    };
    if let Some(why) = refused(state) {
        flash(state, why);
        return Vec::new();
    }
    go(state, injection)
}

/// `Ctrl-S`: shows exactly what would be sent, and asks.
fn ask(state: &mut State) {
    let Some(injection) = filled(state, false) else {
        return;
    };
    if let Some(why) = refused(state) {
        return flash(state, why);
    }
    let Some(target) = state.inject.chosen() else {
        return;
    };
    state.overlay = Overlay::Confirm(Box::new(Confirm {
        request: injection.masked(target),
        name: target
            .production
            .then(|| (target.site.to_string(), Field::default())),
        injection,
        mistake: None,
        scroll: 0,
    }));
}

/// `Ctrl-S` once more: sends it.
fn send(state: &mut State) -> Vec<Command> {
    let Overlay::Confirm(confirm) = &mut state.overlay else {
        return Vec::new();
    };
    if let Some((name, typed)) = &confirm.name
        && typed.value().trim() != name
    {
        confirm.mistake = Some(format!("type {name}, the name of this production site"));
        return Vec::new();
    }
    let injection = confirm.injection.clone();
    state.overlay = Overlay::None;
    if let Some(why) = refused(state) {
        flash(state, why);
        return Vec::new();
    }
    go(state, injection)
}

fn go(state: &mut State, injection: Injection) -> Vec<Command> {
    let lines = state.inject.form.lines.iter();
    state.inject.last = Some(Sent {
        injection: injection.clone(),
        typed: lines.map(|line| line.value().to_owned()).collect(),
        at: state.now,
        injected: None,
    });
    vec![Command::Inject(injection)]
}

/// What became of the event that was sent last.
pub(in crate::app) fn answered(state: &mut State, injected: Injected) {
    let key = injected.refusal().map(|reply| reply.key.clone());
    let form = &mut state.inject.form;
    // To what it names, so that it can be mended at once; but what is being
    // typed goes on where it began.
    if let Some(key) = key.filter(|_| !form.typing) {
        let at = super::form::PARAMS
            .iter()
            .position(|p| p.name.eq_ignore_ascii_case(key.trim()));
        form.at = at.unwrap_or(form.at);
    }
    if let Some(sent) = &mut state.inject.last {
        sent.injected = Some(injected);
    }
}

fn curl(state: &mut State) -> Vec<Command> {
    let Some(injection) = filled(state, false) else {
        return Vec::new();
    };
    let target = state.inject.chosen();
    let command = target.map(|target| Command::Copy(injection.curl(target)));
    command.into_iter().collect()
}

fn history(state: &mut State) {
    let past: Vec<Past> = state.inject.history.latest().take(SHOWN).cloned().collect();
    if past.is_empty() {
        return flash(state, "no event was sent yet".into());
    }
    state.overlay = overlay::menu(MenuKind::History(past));
}

/// Fills the form with what was sent before.
pub(in crate::app) fn repeat(state: &mut State, past: &Past) {
    let target = state
        .inject
        .targets
        .iter()
        .position(|t| t.site == past.site);
    match (target, past.intent.repeated(&past.site)) {
        (Some(target), Some(injection)) => {
            state.inject.target = target;
            fill(state, &injection);
        }
        (Some(_), None) => flash(state, "that was no queue event".into()),
        (None, _) => flash(state, "its site is no longer one that takes events".into()),
    }
}

/// Fills the form with an event.
pub(in crate::app) fn fill(state: &mut State, injection: &Injection) {
    if let Some(target) = state.inject.chosen().cloned() {
        state.inject.form.fill(injection, &target);
    }
}

/// Fills the form with a preset; what it does not name is emptied, but for
/// the queue.
pub(in crate::app) fn preset(state: &mut State, at: usize) {
    let Some(preset) = state.inject.presets.get(at).cloned() else {
        return;
    };
    let form = &mut state.inject.form;
    for param in super::form::PARAMS.iter().filter(|p| p.name != "queue") {
        form.set(param.name, "");
    }
    for (name, value) in &preset.values {
        form.set(name, value);
    }
}
