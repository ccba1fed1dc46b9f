//! How the list is read, and what is told when it cannot be.

use super::*;

#[test]
fn the_list_is_asked_for_at_once_and_then_every_minute() {
    let mut state = empty(80, 24);
    let commands = update(&mut state, Msg::Clock(now()));
    let expected = Command::List {
        site: "outbound".into(),
        filters: Filters::pending(),
        generation: 1,
    };
    assert_eq!(commands, [expected]);
    assert_eq!(
        update(&mut state, Msg::Clock(now().shift(1_000))),
        [],
        "it is being read"
    );
    news(
        &mut state,
        1,
        Progress::Done {
            rows: list(),
            note: None,
        },
    );
    assert_eq!(update(&mut state, Msg::Clock(now().shift(59_000))), []);
    let again = update(&mut state, Msg::Clock(now().shift(61_000)));
    assert!(
        matches!(again.as_slice(), [Command::List { generation: 2, .. }]),
        "{again:?}"
    );
}

#[test]
fn a_first_reading_shows_rows_as_they_come_and_a_refresh_only_when_whole() {
    let mut state = empty(80, 24);
    update(&mut state, Msg::Clock(now()));
    let page = |rows: Vec<Callback>, page| Progress::Page {
        rows,
        page,
        pages: Some(3),
        total: Some(7),
    };
    news(&mut state, 1, page(list()[..2].to_vec(), 1));
    assert_eq!(ids(&state), ["1", "2"]);
    assert!(rows(&state).contains("2 of 7"), "{}", rows(&state));
    assert!(rows(&state).contains("page 1 of 3"), "{}", rows(&state));
    news(
        &mut state,
        1,
        Progress::Done {
            rows: list(),
            note: None,
        },
    );
    // The refresh: the cursor stays, half of the new list is not shown.
    play(&mut state, "j j");
    let on = selected(&state).to_owned();
    assert!(matches!(
        play(&mut state, "r").as_slice(),
        [Command::List { generation: 2, .. }]
    ));
    news(
        &mut state,
        2,
        page(
            vec![callback("new", "+4599999999", None, Some(ago(9_999)))],
            1,
        ),
    );
    assert_eq!(ids(&state).len(), 5);
    let mut whole = list();
    whole.insert(0, callback("new", "+4561616161", None, Some(ago(9_999))));
    news(
        &mut state,
        2,
        Progress::Done {
            rows: whole,
            note: None,
        },
    );
    assert_eq!(ids(&state)[0], "new");
    assert_eq!(selected(&state), on);
}

#[test]
fn an_answer_to_an_older_question_is_not_taken() {
    let mut state = console(120, 36);
    play(&mut state, "f");
    play(&mut state, "G Enter");
    types(&mut state, ", completed");
    play(&mut state, "Enter");
    let commands = play(&mut state, "Ctrl-S");
    let [
        Command::List {
            filters,
            generation: 2,
            ..
        },
    ] = commands.as_slice()
    else {
        panic!("{commands:?}")
    };
    assert_eq!(filters.get("status").unwrap().typed(), "pending, completed");
    assert_eq!(
        ids(&state),
        Vec::<&str>::new(),
        "what was shown answered another question"
    );
    news(
        &mut state,
        1,
        Progress::Done {
            rows: list(),
            note: None,
        },
    );
    assert_eq!(ids(&state), Vec::<&str>::new());
    news(
        &mut state,
        2,
        Progress::Done {
            rows: list()[..1].to_vec(),
            note: None,
        },
    );
    assert_eq!(ids(&state), ["1"]);
}

#[test]
fn a_first_reading_that_fails_does_not_double_its_rows() {
    let mut state = empty(80, 24);
    update(&mut state, Msg::Clock(now()));
    let page = |rows: &[Callback]| Progress::Page {
        rows: rows.to_vec(),
        page: 1,
        pages: Some(2),
        total: Some(7),
    };
    news(&mut state, 1, page(&list()[..3]));
    news(
        &mut state,
        1,
        Progress::Failed(Fault::new(FaultKind::Timeout, "no answer", "")),
    );
    update(&mut state, Msg::Clock(now().shift(61_000)));
    news(&mut state, 2, page(&list()[..3]));
    assert_eq!(state.callbacks.lists[0].1.items().count(), 3);
}

#[test]
fn short_and_long_lists_have_a_pace_of_their_own() {
    let mut state = empty(80, 24);
    state.sites.push(Site {
        name: "long".into(),
        vendor: Vendor::While1,
        queues: vec![],
        country: None,
        people: People::default(),
    });
    let sites = ["outbound", "long"].map(holdline::domain::id::SiteName::from);
    state.callbacks = holdline::app::callbacks::CallbacksPane::new(sites);
    let asked = update(&mut state, Msg::Clock(now()));
    assert_eq!(asked.len(), 2);
    for command in asked {
        let Command::List {
            site, generation, ..
        } = command
        else {
            panic!()
        };
        let count = if site.as_str() == "long" { 1_001 } else { 1 };
        let rows = (0..count)
            .map(|i| Callback::new(site.clone(), format!("{i}").into()))
            .collect();
        update(
            &mut state,
            Msg::List(ListNews {
                site,
                generation,
                what: Progress::Done { rows, note: None },
            }),
        );
    }
    let due = |state: &mut State, s: i64| match update(state, Msg::Clock(now().shift(s * 1_000)))
        .as_slice()
    {
        [Command::List { site, .. }] => site.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(due(&mut state, 61), "outbound");
}

#[test]
fn a_failed_reading_says_why_and_keeps_what_came_before() {
    let mut state = console(80, 24);
    play(&mut state, "r");
    let fault = Fault::new(
        FaultKind::Invalid {
            field: "statusxxx".into(),
        },
        "While1 says: Invalid filter: statusxxx",
        "",
    );
    news(&mut state, 2, Progress::Failed(fault));
    assert_eq!(ids(&state).len(), 5);
    assert!(
        rows(&state).contains("✗ outbound: While1 says: Invalid filter: statusxxx"),
        "{}",
        rows(&state)
    );
    assert_eq!(
        update(&mut state, Msg::Clock(now().shift(30_000))),
        [],
        "asked again only when due"
    );
}

#[test]
fn an_empty_answer_to_a_filter_is_no_good_news() {
    let mut state = console(120, 36);
    play(&mut state, "f g j j j j Enter");
    types(&mut state, "+4599999999");
    let commands = play(&mut state, "Ctrl-S");
    let [Command::List { generation, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let whole = Progress::Done {
        rows: vec![],
        note: None,
    };
    news(&mut state, *generation, whole);
    assert!(
        rows(&state).contains("Nothing matches these filters"),
        "{}",
        rows(&state)
    );
}
