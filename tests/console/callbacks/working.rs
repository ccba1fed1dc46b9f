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

#[test]
fn only_free_rows_or_ones_own() {
    let mut state = console(120, 36);
    does(&mut state, "c");
    does(&mut state, "j d Enter");
    // One's own claim stays: the cursor must not fall on another customer.
    play(&mut state, "o");
    assert_eq!(
        (state.callbacks.show, ids(&state)),
        (Show::Free, vec!["1", "3", "7", "5", "6"])
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
