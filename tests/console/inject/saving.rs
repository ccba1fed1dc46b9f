//! Presets of one's own: kept from the form under a name, offered from then on.

use holdline::{
    app::{Answer, Command, Msg, State, overlay::Overlay, update},
    domain::preset::{Begins, Preset},
};
use insta::assert_snapshot;

use super::{console, fill, on, selected, value};
use crate::{
    callbacks::{flash, rows, types},
    screen::{self, play},
};

/// What is asked to be saved, if exactly one preset is.
fn saves(commands: &[Command]) -> Preset {
    match commands {
        [Command::SavePreset(preset)] => (**preset).clone(),
        other => panic!("{other:?}"),
    }
}

fn named(state: &mut State, name: &str) -> Vec<Command> {
    play(state, "P");
    types(state, name);
    play(state, "Enter")
}

#[test]
fn what_is_filled_in_is_kept_under_a_name_as_typed() {
    let mut state = console(80, 24);
    fill(&mut state, "event", "JOIN");
    fill(&mut state, "time", "-5m");
    play(&mut state, "P q 1");
    assert_snapshot!("save", screen::golden(&screen::draw(&state)));
    play(&mut state, "Esc");
    assert_eq!(state.overlay, Overlay::None);
    let preset = saves(&named(&mut state, "Joined before"));
    assert_eq!(preset.name, "Joined before");
    let values = [("queue", "sales"), ("event", "JOIN"), ("time", "-5m")];
    let values = values.map(|(name, value)| (name, value.to_owned()));
    assert_eq!(preset.begins, Begins::Call(values.to_vec()));
    let saved = Box::new((preset, "/home/anna/joined-before.toml".to_owned()));
    update(&mut state, Msg::Answer(Answer::PresetSaved(Ok(saved))));
    assert_eq!(
        flash(&state),
        "saved as /home/anna/joined-before.toml; p offers it"
    );
    fill(&mut state, "event", "OTHER");
    play(&mut state, "p G");
    assert!(rows(&state).contains("Joined before"), "{}", rows(&state));
    play(&mut state, "Enter");
    assert_eq!(
        (value(&state, "event"), value(&state, "time")),
        ("JOIN", "-5m")
    );
}

#[test]
fn a_name_that_is_none_or_taken_is_told_and_stays_to_be_mended() {
    let mut state = console(80, 24);
    for (name, why) in [
        ("", "a preset's name needs letters or digits"),
        ("../..", "a preset's name needs letters or digits"),
        ("Caller joins", "there is a preset \"Caller joins\" already"),
    ] {
        assert_eq!(named(&mut state, name), []);
        assert!(rows(&state).contains(why), "{}", rows(&state));
        play(&mut state, "Esc");
    }
    assert_eq!(named(&mut state, "Caller joins"), []);
    types(&mut state, "2");
    assert_eq!(saves(&play(&mut state, "Enter")).name, "Caller joins2");
    let why = "no preset can be saved in /x: no space".to_owned();
    update(
        &mut state,
        Msg::Answer(Answer::PresetSaved(Err(why.clone()))),
    );
    assert_eq!(flash(&state), why);
}

#[test]
fn what_could_not_be_read_back_is_not_kept() {
    let mut state = console(80, 24);
    fill(&mut state, "position", "first");
    on(&mut state, "event");
    assert_eq!(play(&mut state, "P"), []);
    assert_eq!(state.overlay, Overlay::None);
    assert_eq!(selected(&state), "position");
    assert_eq!(flash(&state), "position is a whole number, such as 3");
}

#[test]
fn files_that_are_no_presets_are_told_beside_those_that_are() {
    let mut state = console(80, 24);
    state.inject.broken = vec!["preset a.toml is left out: line 3: x".into(), "b".into()];
    play(&mut state, "p");
    assert!(matches!(state.overlay, Overlay::Menu(_)));
    assert_eq!(
        flash(&state),
        "preset a.toml is left out: line 3: x (and 1 more)"
    );
}
