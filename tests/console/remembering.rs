//! How somebody likes to look is the same after a restart.

use holdline::{
    app::{State, columns::Kind, memory::Memory, pane::PaneId, update},
    domain::filter::Filters,
};
use proptest::prelude::*;

use super::{
    callbacks,
    screen::play,
    world::{self, now},
};

/// A console as it starts: with named views, and nothing done to it yet.
fn start() -> State {
    let mut state = callbacks::empty(120, 36);
    let mut view = Filters::default();
    view.set("status", "completed").unwrap();
    view.set("from", "-7d").unwrap();
    view.set("to", "now").unwrap();
    state.views = vec![("done".into(), view)];
    state
}

/// All that is to be the same.
fn look(state: &State) -> impl PartialEq + std::fmt::Debug {
    let (callers, callbacks) = (&state.callers.listing, &state.callbacks.listing);
    let words = [&callers.search, &callbacks.search].map(|s| s.field.value().to_owned());
    (
        (state.focus, state.zoom, state.scope.clone()),
        (words, callers.sort, callbacks.sort),
        (state.callbacks.show, state.callbacks.filters.clone()),
        state.callbacks.view.clone(),
    )
}

fn restart(state: &State) -> State {
    let kept = serde_json::to_string(&Memory::of(state)).unwrap();
    let memory: Memory = serde_json::from_str(&kept).unwrap();
    let mut again = start();
    memory.restore(&mut again);
    again
}

proptest! {
    #[test]
    fn whatever_was_pressed_it_looks_the_same_after_a_restart(
        keys in prop::collection::vec(prop::sample::select(vec![
            "1", "3", "5", "Tab", "/", "a", "e", "Enter", "Esc", "s", "S", "z", "w", "j", "o",
            "v", "Space", "f", "Ctrl-S", ":", "x",
        ]), 0..40)
    ) {
        let mut state = start();
        play(&mut state, &keys.join(" "));
        let again = restart(&state);
        prop_assert_eq!(look(&again), look(&state));
        prop_assert_eq!(Memory::of(&again), Memory::of(&state));
    }
}

#[test]
fn words_order_zoom_and_queue_are_remembered_of_each_pane() {
    let mut state = start();
    play(
        &mut state,
        "1 / b a m Enter s s S 3 / w i n Enter s o z w j Enter",
    );
    let again = restart(&state);
    assert_eq!(look(&again), look(&state));
    assert!(again.zoom && again.scope.is_some());
    let search = &again.callers.listing.search;
    assert_eq!((search.field.value(), search.typing), ("bam", false));
    assert_eq!(again.callers.listing.sort.by.title(), "QUEUE");
    assert!(again.callers.listing.sort.reversed);
}

#[test]
fn a_view_is_asked_for_again_as_it_was_typed() {
    let mut state = start();
    play(&mut state, "v j Enter");
    assert_eq!(state.callbacks.view.as_deref(), Some("done"));
    let mut again = restart(&state);
    assert_eq!(again.callbacks.view.as_deref(), Some("done"));
    let from = again.callbacks.filters.get("from").unwrap();
    assert_eq!(from.typed(), "-7d", "another day's week is another week");
    let asked = update(&mut again, holdline::app::Msg::Clock(now()));
    assert!(
        matches!(asked.as_slice(), [holdline::app::Command::List { filters, .. }]
            if *filters == state.callbacks.filters),
        "{asked:?}"
    );
}

#[test]
fn what_no_longer_fits_is_left_out() {
    let memory = Memory {
        pane: Some('9'),
        zoom: true,
        queue: Some("closed".into()),
        show: Some("nobody's".into()),
        filters: Some(vec![("shoe_size".into(), "44".into())]),
        view: Some("gone".into()),
        ..Memory::default()
    };
    let mut state = start();
    memory.restore(&mut state);
    let mut expected = start();
    expected.zoom = true;
    assert_eq!(look(&state), look(&expected));
}

#[test]
fn an_older_or_newer_file_is_read_as_far_as_it_goes() {
    let text = r#"{"pane":"3","callers":{"sort":"SHOE SIZE","reversed":true},"new":{}}"#;
    let memory: Memory = serde_json::from_str(text).unwrap();
    let mut state = world::console(world::busy(), 120, 36);
    memory.restore(&mut state);
    assert_eq!(state.focus, PaneId::Callbacks);
    assert!(!state.callers.listing.sort.reversed, "no order of ours");
}
