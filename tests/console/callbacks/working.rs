//! Claims, outcomes, notes: what operators do to a request.

use super::*;

#[test]
fn a_claim_is_asked_for_and_holds_when_the_journal_says_so() {
    let mut state = console(120, 36);
    let commands = play(&mut state, "c");
    let [Command::Act(act)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert!(
        matches!(&act.deed, Deed::Claim { until, status } if *until == now().plus(LEASE) && status.as_deref() == Some("pending"))
    );
    let standing = |s: &State| {
        let row = &s.callbacks.rows[0];
        s.board
            .triage
            .standing(&row.subject, row.callback.customer(), "anna", s.now)
    };
    assert_eq!(
        standing(&state),
        Standing::Free,
        "nothing is believed before it is on record"
    );
    tell(&mut state, act.clone());
    assert!(matches!(standing(&state), Standing::Mine(_)));
    assert_eq!(flash(&state), "+4535203040 is yours until 14:18:27");
    assert_eq!(does(&mut state, "c").deed, Deed::Release);
    assert_eq!(flash(&state), "+4535203040 given back");
}

#[test]
fn who_comes_second_is_told_who_was_first() {
    let mut anna = console(120, 36);
    let commands = play(&mut anna, "c");
    let [Command::Act(mine)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    // Jens's entry came first; anna's claim was on its way.
    let theirs = Act {
        who: "jens".into(),
        ..mine.clone()
    };
    tell(&mut anna, theirs);
    tell(&mut anna, mine.clone());
    assert_eq!(
        flash(&anna),
        "jens was first and has +4535203040 until 14:18:27"
    );
    assert_eq!(play(&mut anna, "c"), []);
    assert_eq!(flash(&anna), "jens has this customer until 14:18:27");
    assert!(rows(&anna).contains("jens, 14:18"), "{}", rows(&anna));
}

#[test]
fn an_outcome_goes_on_record_and_the_cursor_to_the_next() {
    let mut state = console(120, 36);
    let act = does(&mut state, "d j Enter");
    assert_eq!(
        act.deed,
        Deed::Outcome {
            outcome: Outcome::NoAnswer
        }
    );
    assert_eq!((act.subject.id.as_str(), selected(&state)), ("1", "2"));
    assert!(rows(&state).contains("no answer, you"));
    // `u` takes it back where it was done, though the cursor has moved on.
    assert!(matches!(does(&mut state, "u").deed, Deed::Undo { .. }));
    assert_eq!(
        (flash(&state), selected(&state)),
        ("undone on +4535203040: no answer", "1")
    );
    assert_eq!(play(&mut state, "u"), []);
    assert!(flash(&state).contains("nothing of yours"));
}

/// The pane's title.
fn title(state: &State) -> String {
    let rows = rows(state);
    let line = rows.lines().find(|line| line.contains("3 Callbacks ─"));
    line.unwrap().to_owned()
}

#[test]
fn an_outcome_is_for_all_requests_that_stand_on_the_row() {
    let mut state = console(120, 36);
    play(&mut state, "j d");
    assert!(rows(&state).contains("+4521436587  山田太郎  3x"));
    let act = does(&mut state, "Enter");
    assert_eq!(act.subject.id.as_str(), "2");
    let also: Vec<&str> = act.also.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(also, ["3", "4"]);
    assert_eq!(flash(&state), "reached: all 3 requests of +4521436587");
    assert_eq!(ids(&state), ["1", "7", "5", "6", "2"]);
    assert_eq!(selected(&state), "7", "on to the next");
    assert!(
        title(&state).contains("4 to do · 3 done · 7 of 7"),
        "{}",
        title(&state)
    );
    assert_snapshot!("all_requests_reached", rows(&state));
    play(&mut state, "G Enter");
    let told = rows(&state);
    assert!(told.contains("anna called: reached, 3 requests"), "{told}");
    // One key takes all of it back.
    play(&mut state, "Esc");
    let undo = does(&mut state, "u");
    assert_eq!(undo.also, act.also);
    assert_eq!(
        (flash(&state), selected(&state)),
        ("undone on all 3 requests of +4521436587: reached", "2")
    );
    assert_eq!(ids(&state), ["1", "2", "7", "5", "6"]);
    assert!(title(&state).contains("7 of 7"), "{}", title(&state));
    assert!(!title(&state).contains("to do"), "{}", title(&state));
}

#[test]
fn a_request_that_stands_alone_is_answered_alone() {
    let mut state = console(120, 36);
    let act = does(&mut state, "j x j d Enter");
    assert_eq!((act.subject.id.as_str(), act.also.len()), ("3", 0));
    assert_eq!(flash(&state), "+4521436587: reached");
    // What was closed before stays as it is when the others are answered.
    let act = does(&mut state, "x g j d j Enter");
    let also: Vec<&str> = act.also.iter().map(|s| s.id.as_str()).collect();
    assert_eq!((act.subject.id.as_str(), also), ("2", vec!["4"]));
    assert_eq!(flash(&state), "no answer: 2 requests of +4521436587");
    // Who is asleep is left alone with all that they asked for.
    let act = does(&mut state, "g j t Enter");
    assert_eq!(act.also.len(), 1);
    assert!(
        title(&state).contains("4 to do · 2 snoozed · 1 done"),
        "{}",
        title(&state)
    );
}

#[test]
fn late_is_what_is_still_to_do() {
    let mut state = console(120, 36);
    let late = |state: &State| {
        (
            state.callbacks.late(state.now),
            title(state).contains("▲ 1 late"),
        )
    };
    assert_eq!(late(&state), (1, true));
    let act = does(&mut state, "t Enter");
    assert_eq!((act.subject.id.as_str(), late(&state)), ("1", (0, false)));
    // It comes back by itself when its time has come.
    update(&mut state, Msg::Clock(now().shift(3_601_000)));
    assert!(title(&state).contains("▲ 3 late"), "{}", title(&state));
    does(&mut state, "g j d Enter");
    assert_eq!(late(&state), (1, true), "both of one customer");
    // What is not asked for is late all the same, but not in the title.
    play(&mut state, "o o");
    assert_eq!(late(&state), (1, false));
    assert!(
        title(&state).contains("0 to do · 7 of 7"),
        "{}",
        title(&state)
    );
}

#[test]
fn the_bell_is_for_what_is_still_to_do() {
    let rings = |done: bool| {
        let mut state = console(120, 36);
        state.bell.on = true;
        // Due two minutes ago: late in thirteen.
        play(&mut state, "j");
        if done {
            does(&mut state, "d Enter");
        }
        update(&mut state, Msg::Clock(now().shift(779_000)));
        update(&mut state, Msg::Clock(now().shift(781_000)))
    };
    assert!(rings(false).contains(&Command::Bell));
    assert!(!rings(true).contains(&Command::Bell));
}

#[test]
fn a_note_is_seen_on_the_row_and_first_in_the_details() {
    let mut state = console(80, 24);
    play(&mut state, "j n");
    types(&mut state, "rang twice");
    does(&mut state, "Enter");
    assert!(rows(&state).contains("¶ rang twice"), "{}", rows(&state));
    does(&mut state, "c");
    assert!(rows(&state).contains("¶ ✓ you, 14:18"), "{}", rows(&state));
    // On a wide screen it has a column.
    let mut wide = state.clone();
    update(&mut wide, Msg::Resize(Size::new(200, 50)));
    play(&mut wide, "z");
    let row = rows(&wide);
    let row = row.lines().find(|l| l.contains("+4521436587")).unwrap();
    assert!(row.contains("rang twice") && !row.contains('¶'), "{row}");
    // Another request of theirs tells of it too.
    play(&mut state, "x j Enter");
    assert_snapshot!("note_in_details", rows(&state));
}

#[test]
fn only_free_rows_or_ones_own() {
    let mut state = console(120, 36);
    does(&mut state, "c");
    does(&mut state, "j d Enter");
    // One's own claim stays: the cursor must not fall on another customer.
    play(&mut state, "o");
    assert_eq!(
        (state.callbacks.show, ids(&state)),
        (Show::Free, vec!["1", "7", "5", "6"])
    );
    play(&mut state, "o");
    assert_eq!((state.callbacks.show, ids(&state)), (Show::Mine, vec!["1"]));
    // The lease runs out: the row leaves by itself.
    update(&mut state, Msg::Clock(now().plus(LEASE)));
    assert_eq!(ids(&state), Vec::<&str>::new());
}

#[test]
fn a_read_only_console_offers_and_takes_no_work() {
    let mut state = console(120, 36);
    state.read_only = true;
    for key in ["c", "d", "n", "t", "u"] {
        assert_eq!(play(&mut state, key), [], "{key}");
        play(&mut state, "Enter Esc Esc");
        assert!(state.overlay == Overlay::None, "{key}: {:?}", state.overlay);
    }
    assert_eq!(play(&mut state, "1 j j j b"), []);
}

#[test]
fn a_claimed_row_that_leaves_the_list_stays_and_says_so() {
    let mut state = console(120, 36);
    does(&mut state, "c");
    play(&mut state, "r");
    // The default view asks for what is pending: the row is just not there.
    news(
        &mut state,
        2,
        Progress::Done {
            rows: list()[1..].to_vec(),
            note: None,
        },
    );
    assert_eq!((ids(&state)[0], selected(&state)), ("1", "1"));
    assert!(
        rows(&state).contains("clash: left list"),
        "{}",
        rows(&state)
    );
    assert!(
        flash(&state).contains("left the vendor's list while it is yours"),
        "{}",
        flash(&state)
    );
    assert!(rows(&state).contains("6 of 6"));
    // The outcome ends the claim, and with it the row.
    let act = does(&mut state, "d Enter");
    assert_eq!(act.subject.id.as_str(), "1");
    assert!(!ids(&state).contains(&"1"));
}

#[test]
fn who_must_not_be_called_is_not_claimed() {
    let mut state = console(120, 36);
    does(&mut state, "d G Enter");
    play(&mut state, "G");
    assert_eq!(play(&mut state, "c"), []);
    assert_eq!(
        flash(&state),
        "this customer is not to be called, said anna at 14:03"
    );
    // Who learns better says so.
    does(&mut state, "d j Enter");
    play(&mut state, "g");
    assert!(matches!(
        play(&mut state, "c").as_slice(),
        [Command::Act(_)]
    ));
}

#[test]
fn a_note_and_a_snooze_are_typed() {
    let mut state = console(120, 36);
    play(&mut state, "n");
    assert_eq!(play(&mut state, "Enter"), []);
    assert!(rows(&state).contains("nothing was written"));
    types(&mut state, "rang twice\nsecond line");
    assert_eq!(
        does(&mut state, "Enter").deed,
        Deed::Note {
            text: "rang twice second line".into()
        }
    );
    play(&mut state, "t Ctrl-u");
    types(&mut state, "yesterday");
    assert_eq!(play(&mut state, "Enter"), []);
    assert!(
        rows(&state).contains("not in the future"),
        "{}",
        rows(&state)
    );
    play(&mut state, "Ctrl-u");
    types(&mut state, "15:30");
    let until = At::parse("2026-03-02T15:30:00Z").unwrap();
    assert_eq!(does(&mut state, "Enter").deed, Deed::Snooze { until });
    assert!(rows(&state).contains("snoozed 15:30"));
    play(&mut state, "Enter");
    assert_snapshot!("callback_details", rows(&state));
}

#[test]
fn a_status_that_moves_under_a_claim_is_a_clash() {
    let mut state = console(120, 36);
    does(&mut state, "c");
    let mut moved = list();
    moved[0].status = Some(Status::InProgress);
    play(&mut state, "r");
    news(
        &mut state,
        2,
        Progress::Done {
            rows: moved,
            note: None,
        },
    );
    assert!(
        rows(&state).contains("clash: inprogress"),
        "{}",
        rows(&state)
    );
}

#[test]
fn a_caller_who_must_be_called_back_is_put_on_the_list() {
    let mut state = console(120, 36);
    // The fourth row of pane 1 is the caller in state CALLBACK.
    play(&mut state, "1 j j j");
    let act = does(&mut state, "b");
    assert_eq!(flash(&state), "+4921155500 is on the callback list");
    assert_eq!(act.customer.as_deref(), Some("+4921155500"));
    play(&mut state, "3");
    assert!(
        ids(&state).iter().any(|id| id.contains("46265y784.237")),
        "{:?}",
        ids(&state)
    );
    play(&mut state, "1");
    assert_eq!(play(&mut state, "b"), []);
    assert!(flash(&state).contains("already"));
    // Reached: it leaves the list.
    play(&mut state, "3 /");
    types(&mut state, "4921155500");
    play(&mut state, "Enter");
    does(&mut state, "d Enter");
    assert!(ids(&state).is_empty());
    // On another caller the key is none.
    play(&mut state, "Esc 1 g");
    assert_eq!(play(&mut state, "b"), []);
}
