//! Filters, searches, views and orders.

use super::*;

#[test]
fn a_form_keeps_what_was_typed_and_says_what_is_wrong() {
    let mut state = console(120, 36);
    play(&mut state, "f Enter");
    types(&mut state, "soon q 1 ?");
    assert!(
        rows(&state).contains("created from: not a time"),
        "{}",
        rows(&state)
    );
    // Letters are letters while text is typed; a refresh does not disturb it.
    update(&mut state, Msg::Clock(now().shift(61_000)));
    news(
        &mut state,
        2,
        Progress::Done {
            rows: list(),
            note: None,
        },
    );
    play(&mut state, "q");
    assert_eq!(
        state.callbacks.form.as_ref().unwrap().lines[0].value(),
        "soon q 1 ?q"
    );
    play(&mut state, "Enter");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert!(rows(&state).contains("created from: not a time"));
    // Closed and opened again, it is as it was left.
    play(&mut state, "Esc f");
    assert_eq!(
        state.callbacks.form.as_ref().unwrap().lines[0].value(),
        "soon q 1 ?q"
    );
    play(&mut state, "x");
    assert!(matches!(
        play(&mut state, "Ctrl-S").as_slice(),
        [Command::List { .. }]
    ));
}

#[test]
fn an_interval_with_one_end_is_refused_where_the_other_is_to_be_typed() {
    let mut state = console(120, 36);
    play(&mut state, "f Enter");
    types(&mut state, "-7d");
    assert_eq!(play(&mut state, "Enter Ctrl-S"), []);
    let sentence = "created from needs created to: the interval has two ends";
    assert!(rows(&state).contains(sentence), "{}", rows(&state));
    assert_eq!(flash(&state), "", "it stands in the form");
    let form = state.callbacks.form.as_ref().unwrap();
    assert_eq!(form.input().label, "created to");
    // It goes as soon as that is mended.
    play(&mut state, "Enter");
    types(&mut state, "now");
    assert!(!rows(&state).contains(sentence), "{}", rows(&state));
    assert!(matches!(
        play(&mut state, "Enter Ctrl-S").as_slice(),
        [Command::List { .. }]
    ));
}

#[test]
fn the_form_has_every_filter_of_the_page() {
    let mut state = console(120, 36);
    play(&mut state, "f");
    assert_snapshot!("form", rows(&state));
    // A choice is turned with Enter, past the last to none.
    play(&mut state, "j j j Enter");
    let line = |state: &State| {
        state.callbacks.form.as_ref().unwrap().lines[3]
            .value()
            .to_owned()
    };
    assert_eq!(line(&state), "yes");
    play(&mut state, "Enter Enter");
    assert_eq!(line(&state), "");
    // Tab goes from line to line while typing.
    play(&mut state, "j Enter");
    types(&mut state, "0212");
    play(&mut state, "Tab");
    let form = state.callbacks.form.as_ref().unwrap();
    assert_eq!(
        (form.at, form.typing, form.lines[4].value()),
        (5, true, "0212")
    );
    play(&mut state, "Esc");
    assert_eq!(state.callbacks.form.as_ref().unwrap().lines[5].value(), "");
}

#[test]
fn a_search_is_live_and_its_letters_are_no_keys() {
    let mut state = console(120, 36);
    play(&mut state, "/");
    types(&mut state, "winter ær");
    assert_eq!(ids(&state), ["7"]);
    assert_eq!(play(&mut state, "q"), []);
    assert_eq!(ids(&state), Vec::<&str>::new());
    play(&mut state, "Esc");
    assert_eq!(ids(&state).len(), 5);
    play(&mut state, "/");
    types(&mut state, "112");
    play(&mut state, "Enter");
    assert_eq!(
        (ids(&state), state.callbacks.listing.search.typing),
        (vec!["6"], false)
    );
    play(&mut state, "Esc");
    assert_eq!(ids(&state).len(), 5);
}

#[test]
fn views_are_asked_for_by_name() {
    let mut state = console(120, 36);
    let mut filters = Filters::default();
    filters.set("due_before", "now").unwrap();
    state.views = vec![("overdue".into(), filters.clone())];
    let commands = play(&mut state, "v j Enter");
    assert!(
        matches!(commands.as_slice(), [Command::List { filters: asked, .. }] if *asked == filters),
        "{commands:?}"
    );
    assert!(rows(&state).contains("view overdue"));
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn sorting_goes_through_the_columns_and_turns_round() {
    let mut state = console(120, 36);
    play(&mut state, "s s");
    assert_eq!(ids(&state)[0], "7", "Ærø is read as aero");
    assert!(rows(&state).contains("NAME↓"));
    play(&mut state, "S");
    assert!(rows(&state).contains("NAME↑"));
    assert_ne!(ids(&state)[0], "7");
}

#[test]
fn a_hundred_thousand_rows_are_searched_and_moved_in() {
    let mut state = empty(120, 36);
    update(&mut state, Msg::Clock(now()));
    let many = (0..100_000).map(|i| {
        let mut row = callback(&format!("id{i}"), "", Some("Somebody"), Some(ago(i)));
        row.number = Some(format!("{:08}", 20_000_000 + i).into());
        row.e164 = None;
        row
    });
    news(
        &mut state,
        1,
        Progress::Done {
            rows: many.collect(),
            note: None,
        },
    );
    assert_eq!(ids(&state).len(), 100_000);
    play(&mut state, "G k PgUp /");
    types(&mut state, "20099998");
    assert_eq!(ids(&state), ["id99998"]);
    assert!(rows(&state).contains("20099998"));
}

#[test]
fn no_letter_leads_out_of_a_form_or_a_menu_and_ctrl_s_asks_while_typing() {
    let mut state = console(120, 36);
    // "assigned to" is a choice: what is typed there must not leave.
    play(&mut state, "f G k k");
    assert_eq!(play(&mut state, "Enter q u e u e 1 ?"), []);
    assert_eq!(state.overlay, Overlay::Filter);
    assert_eq!(play(&mut state, "Ctrl-C"), [Command::Quit]);
    play(&mut state, "Esc d");
    assert_eq!(play(&mut state, "q"), []);
    assert!(matches!(state.overlay, Overlay::Menu(_)));
    play(&mut state, "Esc f g j j j j Enter");
    types(&mut state, "0212");
    let commands = play(&mut state, "Ctrl-S");
    let [Command::List { filters, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(filters.get("caller_id").unwrap().typed(), "0212");
}
