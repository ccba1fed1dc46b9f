//! Pane 3: the list, its filters, and what operators do to it.

use std::sync::Arc;

use holdline::{
    app::{
        Answer, Command, Exported, Msg, State,
        callbacks::{
            list::{ListNews, Progress},
            rows::{Group, Show},
        },
        overlay::Overlay,
        pane::PaneId,
        update,
    },
    domain::{
        board::Board,
        callback::{Callback, Status},
        caller::Raw,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        filter::Filters,
        record::FileFormat,
        site::{People, Site, Vendor},
        time::At,
        triage::{Act, Deed, LEASE, Outcome, Standing},
    },
};
use insta::assert_snapshot;
use jiff::tz::TimeZone;
use ratatui::layout::Size;

use super::{
    screen::{self, play},
    world::{self, ago, now},
};

pub fn callback(id: &str, number: &str, name: Option<&str>, schedule: Option<At>) -> Callback {
    Callback {
        status: Some(Status::Pending),
        number: Some(number.into()),
        e164: holdline::domain::phone::e164(number, Some("DK")).map(Arc::from),
        name: name.map(Arc::from),
        campaign: Some("Missed calls".into()),
        assigned_to: Some("support".into()),
        outbound_type: Some("manual".into()),
        attend_type: Some("attended".into()),
        schedule,
        created: Some(ago(90_000)),
        retries: Some(1),
        max_retries: Some(3),
        extra: vec![("vars".into(), Raw::new(r#"{"lang":"da"}"#))],
        ..Callback::new("outbound".into(), id.into())
    }
}

/// Late, due, later, unscheduled; one customer with three requests in three
/// spellings; one that the PBX may dial itself.
pub fn list() -> Vec<Callback> {
    let mut auto = callback("7", "+4586123456", Some("Ærø Færgefart"), Some(ago(-3_000)));
    auto.outbound_type = Some("auto".into());
    auto.campaign = Some("Winter".into());
    vec![
        callback(
            "1",
            "+4535203040",
            Some("Bamse & Kylling"),
            Some(ago(7_500)),
        ),
        callback("2", "+4521436587", Some("山田太郎"), Some(ago(120))),
        callback("3", "21436587", Some("山田太郎"), Some(ago(-300))),
        callback("4", "004521436587", None, None),
        callback("5", "+4520304050", None, Some(ago(-86_400))),
        callback("6", "112", Some("Jens \u{1b}[31mVig"), None),
        auto,
    ]
}

pub fn empty(width: u16, height: u16) -> State {
    let mut sites = world::sites();
    sites.push(Site {
        name: "outbound".into(),
        vendor: Vendor::While1,
        queues: vec![],
        country: Some("DK".into()),
        people: People::default(),
    });
    let mut state = State::new(
        sites,
        Board::new(TimeZone::UTC),
        now(),
        Size::new(width, height),
    );
    state.me = "anna".into();
    state.focus = PaneId::Callbacks;
    update(&mut state, Msg::Entries(world::busy().entries));
    update(&mut state, Msg::Feeds(world::fresh()));
    state
}

/// A console whose list has been read.
pub fn console(width: u16, height: u16) -> State {
    let mut state = empty(width, height);
    read(&mut state, list());
    state
}

/// The tick that asks for the list, and the answer.
pub fn read(state: &mut State, rows: Vec<Callback>) {
    let commands = update(state, Msg::Clock(state.now));
    let [Command::List { generation, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    news(state, *generation, Progress::Done { rows, note: None });
}

pub fn news(state: &mut State, generation: u64, what: Progress) {
    update(
        state,
        Msg::List(ListNews {
            site: "outbound".into(),
            generation,
            what,
        }),
    );
}

/// The journal tells of an act.
pub fn tell(state: &mut State, act: Act) {
    let entry = Entry {
        seq: state.board.upto() + 1,
        at: state.now,
        site: "outbound".into(),
        what: What::Act(act),
    };
    update(state, Msg::Entries(vec![entry]));
}

/// Plays a script whose last key asks for an act, and has it journaled.
pub fn does(state: &mut State, script: &str) -> Act {
    let commands = play(state, script);
    let [Command::Act(act)] = commands.as_slice() else {
        panic!("{script}: {commands:?}, {:?}", state.flash)
    };
    tell(state, act.clone());
    act.clone()
}

pub fn types(state: &mut State, text: &str) {
    update(state, Msg::Paste(text.into()));
}

pub fn ids(state: &State) -> Vec<&str> {
    state
        .callbacks
        .rows
        .iter()
        .map(|row| row.callback.id.as_str())
        .collect()
}

fn selected(state: &State) -> &str {
    state.callbacks.callback().unwrap().id.as_str()
}

pub fn flash(state: &State) -> &str {
    state.flash.as_ref().map_or("", |(text, _)| text)
}

pub fn rows(state: &State) -> String {
    screen::rows(&screen::draw(state))
        .iter()
        .map(|r| r.trim_end().to_owned() + "\n")
        .collect()
}

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
fn late_then_due_then_later_then_unscheduled() {
    let state = console(120, 36);
    // 3 and 4 are the same customer as 2.
    assert_eq!(ids(&state), ["1", "2", "7", "5", "6"]);
    assert_eq!(
        state.callbacks.rows[1].group,
        Group::Head {
            count: 3,
            open: false
        }
    );
    assert_snapshot!("callbacks_120x36", screen::golden(&screen::draw(&state)));
    assert_snapshot!(
        "callbacks_80x24",
        screen::golden(&screen::draw(&console(80, 24)))
    );
    assert_snapshot!("callbacks_200x50", rows(&console(200, 50)));
}

#[test]
fn one_customers_requests_open_and_close() {
    let mut state = console(120, 36);
    play(&mut state, "j x");
    assert_eq!(ids(&state), ["1", "2", "3", "4", "7", "5", "6"]);
    assert_eq!(selected(&state), "2");
    play(&mut state, "x");
    assert_eq!(ids(&state).len(), 5);
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
    assert!(flash(&state).contains("not a time"), "{}", flash(&state));
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
fn the_cursor_stays_with_the_customer_when_another_request_comes_first() {
    let mut state = console(120, 36);
    play(&mut state, "j j");
    assert_eq!(selected(&state), "7");
    play(&mut state, "r");
    let mut more = list();
    more.push(callback("8", "+4586123456", None, Some(ago(9_000))));
    news(
        &mut state,
        2,
        Progress::Done {
            rows: more,
            note: None,
        },
    );
    // 7 is behind 8 now: one customer, one row.
    assert_eq!(selected(&state), "8");
    // Closing a group from one of its members stays with the customer.
    play(&mut state, "G k k k x j j x");
    let customer = |state: &State| state.callbacks.callback().unwrap().customer().cloned();
    assert!(customer(&state).is_some());
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
fn a_caller_put_on_the_list_is_one_customer_with_their_other_requests() {
    let mut state = console(120, 36);
    let mut back = world::caller("x-1", "21436587", None, ago(20));
    back.state = holdline::domain::caller::CallerState::Callback;
    let entry = Entry {
        seq: state.board.upto() + 1,
        at: state.now,
        site: "aarhus".into(),
        what: What::Change(holdline::domain::entry::Change::Entered {
            queue: "5f1a".into(),
            caller: back,
        }),
    };
    update(&mut state, Msg::Entries(vec![entry]));
    play(&mut state, "1 G k k");
    let act = does(&mut state, "b");
    assert_eq!(act.customer.as_deref(), Some("+4521436587"));
    play(&mut state, "3");
    let group = state
        .callbacks
        .rows
        .iter()
        .find(|r| r.callback.customer() == act.customer.as_ref())
        .unwrap();
    assert_eq!(
        group.group,
        Group::Head {
            count: 4,
            open: false
        }
    );
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
fn strangers_without_a_number_are_not_one_customer() {
    let mut state = empty(120, 36);
    let rows: Vec<Callback> = ["anonymous", "anonymous", "200", "200"]
        .iter()
        .enumerate()
        .map(|(i, number)| callback(&i.to_string(), number, None, None))
        .collect();
    read(&mut state, rows);
    assert_eq!(ids(&state).len(), 4);
    does(&mut state, "c");
    assert!(matches!(
        play(&mut state, "j c").as_slice(),
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
fn where_the_pbx_may_dial_too_the_row_says_so() {
    assert!(rows(&console(120, 36)).contains("yes"));
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
fn what_is_shown_is_exported_request_by_request() {
    let mut state = console(120, 36);
    does(&mut state, "c");
    play(&mut state, "/");
    types(&mut state, "21436587");
    let commands = play(&mut state, "Enter e j Enter");
    let [Command::Export(export)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(export.format, FileFormat::Json);
    let Exported::Callbacks(rows) = &export.rows else {
        panic!("not pane 3's")
    };
    let ids: Vec<&str> = rows.iter().map(|r| r.id.as_str()).collect();
    assert_eq!(ids, ["2", "3", "4"], "one row on screen, three requests");
    assert_eq!(rows[0].late_s, Some(120));
    // Pane 1, as scripts see it; a secret number stays one.
    let commands = play(&mut state, "Esc 1 e Enter");
    let [Command::Export(export)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let Exported::Callers(rows) = &export.rows else {
        panic!("not pane 1's")
    };
    assert_eq!((rows.len(), rows[0].wait_s), (6, Some(372)));
    assert!(rows.iter().any(|r| r.secret && r.number.is_none()));
    update(
        &mut state,
        Msg::Answer(Answer::Exported(Ok("x.csv".into()))),
    );
    assert_eq!(flash(&state), "written to x.csv");
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
