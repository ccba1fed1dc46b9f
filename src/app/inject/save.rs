//! Keeps what is filled in as a preset of the user's own, under a name that
//! they give it.

use super::{Chosen, Preset, form::Form, sheet::Item};
use crate::{
    app::{
        msg::Command,
        overlay::{Overlay, Prompt, PromptKind},
        state::State,
    },
    domain::{preset::Begins, scenario::webhook::Webhook},
};

/// `P`: asks for the name.
pub(super) fn ask(state: &mut State) {
    state.inject.form.accept();
    match filled(state) {
        Ok(_) => state.overlay = Overlay::Prompt(Prompt::new(PromptKind::Preset, "")),
        Err((at, why)) => {
            state.inject.form.at = at;
            state.say(why);
        }
    }
}

/// What the form begins with, as typed; nothing that would be no preset when
/// it is read back.
fn filled(state: &State) -> Result<Begins, (usize, String)> {
    let form = &state.inject.form;
    let chosen = state.inject.chosen();
    let chosen = chosen.ok_or_else(|| (0, "there is no site to send to".to_owned()))?;
    for (at, line) in form.lines.iter().enumerate() {
        let typed = line.field.value();
        if let Some(why) = line.item.mistake(typed, chosen, state.now) {
            return Err((at, why));
        }
    }
    Ok(match chosen {
        Chosen::Call(_) => {
            let params = form.lines.iter().filter_map(|line| match line.item {
                Item::Param(param) => Some((param.name, line.field.value().to_owned())),
                _ => None,
            });
            Begins::Call(params.filter(|(_, value)| !value.is_empty()).collect())
        }
        Chosen::Say(speaker) => {
            let webhook = form.webhook(speaker, state.now)?;
            Begins::Say(Webhook {
                fields: as_typed(form),
                ..webhook
            })
        }
    })
}

/// An event's fields as typed: `-5m` is another time each time.
fn as_typed(form: &Form) -> Vec<(std::sync::Arc<str>, String)> {
    let fields = form.lines.iter().filter(|line| {
        let is_field = matches!(line.item, Item::Variable(..) | Item::Other(_));
        is_field && !line.field.value().is_empty()
    });
    fields
        .map(|line| (line.item.name().into(), line.field.value().to_owned()))
        .collect()
}

/// Enter in the prompt: has it written, unless the name is taken.
pub(in crate::app) fn named(state: &mut State) -> Vec<Command> {
    let Overlay::Prompt(prompt) = &state.overlay else {
        return Vec::new();
    };
    let name = prompt.field.value().trim().to_owned();
    let made = filled(state).map_err(|(_, why)| why).and_then(|begins| {
        let preset = Preset {
            name,
            about: String::new(),
            begins,
        };
        preset.file_stem()?;
        let taken = state.inject.presets.iter().any(|p| p.name == preset.name);
        if taken {
            return Err(format!("there is a preset \"{}\" already", preset.name));
        }
        Ok(preset)
    });
    match (made, &mut state.overlay) {
        (Ok(preset), overlay) => {
            *overlay = Overlay::None;
            vec![Command::SavePreset(Box::new(preset))]
        }
        // What was typed stays, to be mended.
        (Err(why), Overlay::Prompt(prompt)) => {
            prompt.mistake = Some(why);
            Vec::new()
        }
        (Err(_), _) => Vec::new(),
    }
}

/// What became of it.
pub(in crate::app) fn saved(state: &mut State, saved: Result<Box<(Preset, String)>, String>) {
    let told = match saved {
        Ok(saved) => {
            let (preset, file) = *saved;
            state.inject.presets.push(preset);
            format!("saved as {file}; p offers it")
        }
        Err(why) => why,
    };
    state.say(told);
}
