//! Pane 3: the list, its filters, and what operators do to it.

mod finding;
mod reading;
mod working;

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
fn where_the_pbx_may_dial_too_the_row_says_so() {
    assert!(rows(&console(120, 36)).contains("yes"));
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
