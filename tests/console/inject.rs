//! Pane 4: a queue event is filled in, checked, confirmed, sent once, and what
//! came back is told.

use std::{sync::Arc, time::Duration};

use holdline::{
    app::{
        Answer, Command, Msg, State, geometry,
        inject::form::PARAMS,
        memory::Memory,
        overlay::{Overlay, confirm::question},
        pane::PaneId,
        update,
    },
    domain::{
        action::{Ended, Intent, Outcome},
        board::Board,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        injection::{
            self, Injected, Injection, OnRecord, Part, Recorded, Reply, Target, Told, Verb,
        },
        look::Theme,
        preset,
        site::{People, Site, Vendor},
    },
};
use insta::assert_snapshot;
use jiff::tz::TimeZone;
use ratatui::layout::Size;

use super::{
    callbacks::{flash, rows, types},
    screen::{self, play},
    world::{self, ago, now},
};

fn target() -> Target {
    Target {
        site: "sales".into(),
        base: "http://enswitch.example.com/api/json".into(),
        verb: Verb::Post,
        queues: vec![world::queue("123", "sales"), world::queue("124", "support")],
        allowed: true,
        production: false,
    }
}

fn site(name: &str, vendor: Vendor) -> Site {
    Site {
        name: name.into(),
        vendor,
        queues: target().queues,
        country: None,
        people: People::default(),
    }
}

/// A console in pane 4, which sends to these.
fn aimed(targets: Vec<Target>, width: u16, height: u16) -> State {
    let mut sites = world::sites();
    sites.extend(
        targets
            .iter()
            .map(|t| site(t.site.as_str(), Vendor::Enswitch)),
    );
    // In the grid, callbacks stand beside.
    sites.push(site("outbound", Vendor::While1));
    let board = Board::new(TimeZone::UTC);
    let mut state = State::new(sites, board, now(), Size::new(width, height));
    state.me = "anna".into();
    state.focus = PaneId::Inject;
    state.inject.aim(targets);
    state.inject.presets = preset::shipped();
    update(&mut state, Msg::Entries(world::busy().entries));
    update(&mut state, Msg::Feeds(world::fresh()));
    state
}

fn console(width: u16, height: u16) -> State {
    aimed(vec![target()], width, height)
}

fn late() -> Fault {
    let what = "pbx.example gave no answer in 10 s";
    Fault::new(FaultKind::Timeout, what, "allow more time")
}

/// Puts the cursor on a line.
fn on(state: &mut State, name: &str) {
    let at = PARAMS.iter().position(|p| p.name == name).unwrap();
    play(state, "g");
    for _ in 0..at {
        play(state, "j");
    }
    assert_eq!(selected(state), name);
}

/// Types a value into a line.
fn fill(state: &mut State, name: &str, value: &str) {
    on(state, name);
    play(state, "Enter Ctrl-U");
    types(state, value);
    play(state, "Enter");
}

fn selected(state: &State) -> &str {
    PARAMS[state.inject.form.at].name
}

fn value<'s>(state: &'s State, name: &str) -> &'s str {
    let at = PARAMS.iter().position(|p| p.name == name).unwrap();
    state.inject.form.lines[at].value()
}

fn mistake(state: &State, name: &str) -> Option<String> {
    let at = PARAMS.iter().position(|p| p.name == name).unwrap();
    state.inject.mistake(at, state.now)
}

/// The lines inside pane 4.
fn pane(state: &State) -> Vec<String> {
    let places = state.places().unwrap().panes;
    let (_, place) = places.iter().find(|(id, _)| *id == PaneId::Inject).unwrap();
    let inside = screen::crop(&screen::draw(state), geometry::inside(*place));
    let rows = screen::rows(&inside).into_iter();
    rows.map(|row| row.trim().to_owned()).collect()
}

fn line(state: &State, name: &str) -> String {
    let shown = pane(state);
    let found = shown.iter().find(|row| row.starts_with(name));
    found.unwrap_or_else(|| panic!("{shown:#?}")).clone()
}

/// What is asked to be sent, if exactly one event is.
fn sent(commands: &[Command]) -> Injection {
    match commands {
        [Command::Inject(event)] => event.clone(),
        other => panic!("{other:?}"),
    }
}

fn pairs(event: &Injection) -> Vec<String> {
    let pairs = event.pairs().into_iter();
    pairs
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

fn reply(code: &str, key: &str, message: &str) -> Reply {
    Reply {
        code: code.into(),
        key: key.into(),
        message: message.into(),
    }
}

fn injected(told: Told) -> Injected {
    Injected {
        validate: false,
        told,
        took: Duration::from_millis(12),
        record: None,
        unjournaled: None,
    }
}

fn replied(replies: Vec<Reply>) -> Injected {
    injected(Told::Answered(replies))
}

fn ok() -> Injected {
    replied(vec![reply("204", "", "OK")])
}

fn answer(state: &mut State, injected: Injected) {
    update(state, Msg::Answer(Answer::Injected(Box::new(injected))));
}

/// Sends what is filled in, and has it answered so.
fn sends(state: &mut State, injected: Injected) {
    let commands = play(state, "Ctrl-S Ctrl-S");
    assert_eq!(commands.len(), 1, "{:?}", state.flash);
    answer(state, injected);
}

fn entry(state: &State, what: What) -> Entry {
    Entry {
        seq: state.board.upto() + 1,
        at: state.now,
        site: "sales".into(),
        what,
    }
}

/// The journal tells of an intent, and of what came of it.
fn journaled(state: &mut State, who: &str, event: &Injection, ended: Option<Ended>) {
    let intent = What::Intent(Intent::inject(who.into(), event));
    let intent = entry(state, intent);
    let seq = intent.seq;
    update(state, Msg::Entries(vec![intent]));
    if let Some(ended) = ended {
        let took = Duration::from_millis(12);
        let outcome = entry(
            state,
            What::Outcome(Outcome {
                intent: seq,
                took,
                ended,
            }),
        );
        update(state, Msg::Entries(vec![outcome]));
    }
}

fn event(typed: &[(&str, &str)]) -> Injection {
    let mut event = Injection::new("sales".into(), "124".into());
    for (name, value) in typed {
        event.set(name, value, now()).unwrap();
    }
    event
}

#[test]
fn every_parameter_that_people_set_has_its_line() {
    let state = console(80, 24);
    let form = injection::PARAMS.iter().filter(|p| p.part == Part::Form);
    for param in form {
        let line = line(&state, param.name);
        assert!(line.contains(param.required.word()), "{line}");
        match (param.name, param.default) {
            ("queue", _) => assert!(line.contains(" sales "), "{line}"),
            (_, Some("")) => assert!(line.contains(" — "), "{line}"),
            (_, Some(default)) => assert!(line.contains(&format!("— {default}")), "{line}"),
            (name, None) => panic!("{name} must be given"),
        }
    }
    for (name, takes) in [
        ("queue", "required, whole number"),
        ("event", "recommended, text"),
        ("dtype", "optional, choice"),
        ("position", "optional, whole number"),
        ("time", "optional, time"),
    ] {
        assert!(line(&state, name).contains(takes), "{name}");
    }
    let shown = rows(&state);
    assert!(!shown.contains("auth_"), "credentials are no one's to type");
}

#[test]
fn the_selected_line_is_told_in_full() {
    let mut state = console(80, 24);
    for param in PARAMS.iter() {
        on(&mut state, param.name);
        tells(&state, &[param.doc, param.required.word()]);
    }
    on(&mut state, "dtype");
    tells(&state, &["forward, peer, phone, sipuri, or none"]);
}

#[test]
fn what_is_typed_is_checked_as_it_is_typed() {
    let mut state = console(80, 24);
    for (name, typed, says) in [
        ("position", "first", "position is a whole number, such as 3"),
        (
            "dtype",
            "fax",
            "dtype is one of forward, peer, phone, sipuri, or empty",
        ),
        ("time", "yesterdy", "time is not a time; write Unix seconds"),
        ("time", "1700000000000", "are these milliseconds?"),
        ("time", "2024-01-31 10:00", "needs a zone"),
        (
            "queue",
            "slaes",
            "no queue \"slaes\" at sales; it has sales (123), support (124)",
        ),
        ("queue", "", "queue is empty"),
    ] {
        on(&mut state, name);
        play(&mut state, "Enter");
        if name == "dtype" {
            // Enter turns a choice; by Tab it can be typed.
            on(&mut state, "channel");
            play(&mut state, "Enter Tab");
        }
        play(&mut state, "Ctrl-U");
        types(&mut state, typed);
        let said = mistake(&state, name).unwrap();
        assert!(said.contains(says), "{said}");
        assert!(line(&state, name).contains('✗'), "{}", line(&state, name));
        play(&mut state, "Esc");
        assert_eq!(mistake(&state, name), None, "{name}: taken back");
    }
    for (name, typed) in [
        ("position", "-1"),
        ("time", "now"),
        ("time", "-5m"),
        ("time", "1700000000"),
        ("time", "2024-01-31T10:00:00Z"),
        ("queue", "support"),
        ("queue", "124"),
        ("queue", "98765"),
        ("event", "a;b&c=d é 山"),
    ] {
        fill(&mut state, name, typed);
        assert_eq!(mistake(&state, name), None, "{name} {typed}");
    }
}

#[test]
fn a_choice_is_turned_and_ends_at_none() {
    let mut state = console(80, 24);
    on(&mut state, "dtype");
    let mut seen = Vec::new();
    for _ in 0..5 {
        play(&mut state, "Enter");
        assert!(!state.inject.form.typing);
        seen.push(value(&state, "dtype").to_owned());
    }
    assert_eq!(seen, ["forward", "peer", "phone", "sipuri", ""]);
}

#[test]
fn whoever_types_never_leaves_the_form() {
    let mut state = console(80, 24);
    play(&mut state, "g j Enter");
    assert!(rows(&state).contains("typing"));
    assert_eq!(play(&mut state, "q 1 ? : / z v p h c x t Space"), []);
    assert_eq!(value(&state, "event"), "q1?:/zvphcxt ");
    assert_eq!(
        (state.focus, &state.overlay),
        (PaneId::Inject, &Overlay::None)
    );
    // All the way down by Tab, the choice too.
    for _ in 0..PARAMS.len() {
        play(&mut state, "Tab q 1");
        assert!(state.inject.form.typing, "at {}", selected(&state));
    }
    assert_eq!(state.focus, PaneId::Inject);
    assert_eq!(value(&state, "dtype"), "q1");
    assert_eq!(play(&mut state, "Ctrl-C"), [Command::Quit]);
}

#[test]
fn esc_takes_back_and_tab_keeps() {
    let mut state = console(80, 24);
    fill(&mut state, "event", "JOIN");
    play(&mut state, "Enter X Y Esc");
    assert_eq!(value(&state, "event"), "JOIN");
    assert!(!state.inject.form.typing);
    play(&mut state, "Enter 2 Tab 7 Esc");
    assert_eq!(
        (value(&state, "event"), value(&state, "callerid")),
        ("JOIN2", "")
    );
    on(&mut state, "event");
    play(&mut state, "x");
    assert_eq!(value(&state, "event"), "");
}

#[test]
fn v_has_it_validated_and_asks_nobody() {
    let mut production = target();
    production.production = true;
    let mut state = aimed(vec![production], 80, 24);
    fill(&mut state, "event", "JOIN");
    let event = sent(&play(&mut state, "v"));
    assert!(event.validate);
    assert_eq!(pairs(&event), ["queue=123", "event=JOIN", "validation=1"]);
    assert_eq!(state.overlay, Overlay::None);
    let mut done = replied(vec![reply("201", "", "OK")]);
    done.validate = true;
    answer(&mut state, done);
    let shown = rows(&state);
    assert!(
        shown.contains("201: \"OK\", the vendor finds nothing wrong with it"),
        "{shown}"
    );
    assert!(shown.contains("(12 ms)"), "{shown}");
}

#[test]
fn ctrl_s_shows_the_exact_request_and_once_more_sends_it_once() {
    let mut state = console(80, 24);
    fill(&mut state, "event", "A;B & C");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    let shown = rows(&state);
    for words in [
        "Send this event to sales?",
        "POST http://enswitch.example.com/api/json/queues/events/create/",
        "auth_username=***&auth_password=***&queue=123&event=A%3BB+%26+C",
        "Ctrl-S sends it to sales.",
        "Esc sends nothing",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    assert_eq!(play(&mut state, "Esc"), []);
    assert_eq!(
        (&state.overlay, &state.inject.last),
        (&Overlay::None, &None)
    );
    assert_eq!(
        play(&mut state, "Ctrl-S Enter q 1 Tab"),
        [],
        "no other key sends or leaves"
    );
    let event = sent(&play(&mut state, "Ctrl-S"));
    assert_eq!(pairs(&event), ["queue=123", "event=A;B & C"]);
    assert!(!event.validate);
    assert_eq!(play(&mut state, "Ctrl-S"), [], "once");
}

#[test]
fn by_get_the_request_is_one_line() {
    let mut get = target();
    get.verb = Verb::Get;
    let mut state = aimed(vec![get], 80, 24);
    fill(&mut state, "event", "TEST EVENT");
    play(&mut state, "Ctrl-S");
    let Overlay::Confirm(confirm) = &state.overlay else {
        panic!("{:?}", state.overlay)
    };
    assert_eq!(
        confirm.request,
        [
            "GET http://enswitch.example.com/api/json/queues/events/create/\
          ?auth_username=***&auth_password=***&queue=123&event=TEST+EVENT"
        ]
    );
}

#[test]
fn ctrl_s_while_typing_keeps_what_was_typed() {
    let mut state = console(80, 24);
    play(&mut state, "g j Enter J O I N Ctrl-S");
    assert!(matches!(state.overlay, Overlay::Confirm(_)));
    let event = sent(&play(&mut state, "Ctrl-S"));
    assert_eq!(pairs(&event), ["queue=123", "event=JOIN"]);
}

#[test]
fn a_mistake_is_not_sent_and_gets_the_cursor() {
    for keys in ["v", "Ctrl-S", "c"] {
        let mut state = console(80, 24);
        fill(&mut state, "position", "first");
        on(&mut state, "queue");
        assert_eq!(play(&mut state, keys), []);
        assert_eq!(selected(&state), "position");
        assert_eq!(flash(&state), "position is a whole number, such as 3");
        assert_eq!(state.overlay, Overlay::None);
    }
}

#[test]
fn a_production_site_wants_its_name() {
    let mut production = target();
    production.production = true;
    let mut state = aimed(vec![production], 80, 24);
    assert!(rows(&state).contains("production"));
    assert_eq!(play(&mut state, "Ctrl-S Ctrl-S"), []);
    assert!(rows(&state).contains("type sales, the name of this production site"));
    play(&mut state, "s a l e");
    assert!(!rows(&state).contains("type sales, the name of"));
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(play(&mut state, "q Backspace s Enter"), []);
    assert_snapshot!("confirm_production", screen::golden(&screen::draw(&state)));
    assert_eq!(pairs(&sent(&play(&mut state, "Ctrl-S"))), ["queue=123"]);
    answer(&mut state, ok());
    assert_eq!(play(&mut state, "Ctrl-S Ctrl-S"), [], "each time anew");
}

#[test]
fn a_site_that_is_not_allowed_says_how_to_allow_it() {
    let mut forbidden = target();
    forbidden.allowed = false;
    let mut state = aimed(vec![forbidden], 80, 24);
    assert!(rows(&state).contains("not allowed here"));
    for keys in ["v", "Ctrl-S", "Ctrl-S Ctrl-S"] {
        assert_eq!(play(&mut state, keys), []);
        assert!(flash(&state).contains("add allow = [\"inject\"]"));
        assert_eq!(
            (&state.overlay, &state.inject.last),
            (&Overlay::None, &None)
        );
    }
}

#[test]
fn a_console_that_is_read_only_sends_nothing() {
    let mut state = console(80, 24);
    state.read_only = true;
    assert!(rows(&state).contains("read-only"));
    assert_eq!(play(&mut state, "v Ctrl-S Ctrl-S"), []);
    assert_eq!(state.overlay, Overlay::None);
    play(&mut state, "g j Enter A Ctrl-S");
    assert_eq!(flash(&state), "this console is read-only");
    assert_eq!(
        (&state.overlay, &state.inject.last),
        (&Overlay::None, &None)
    );
}

#[test]
fn one_event_at_a_time() {
    let mut state = console(80, 24);
    sent(&play(&mut state, "Ctrl-S Ctrl-S"));
    update(&mut state, Msg::Clock(now().shift(3_000)));
    assert!(rows(&state).contains("on its way for 0:03"));
    for keys in ["v", "Ctrl-S", "Ctrl-S Ctrl-S"] {
        assert_eq!(play(&mut state, keys), []);
        assert!(flash(&state).contains("on its way; wait for its answer"));
    }
    answer(&mut state, ok());
    sent(&play(&mut state, "v"));
}

#[test]
fn the_answer_and_what_is_on_record_are_told() {
    let row = "1772460207|NONE|JOIN||123";
    let found = OnRecord::Found(Recorded {
        row: row.into(),
        at: None,
    });
    let nothing = OnRecord::Nothing {
        from: ago(10),
        to: now(),
    };
    let unread = OnRecord::Unread(late());
    for (record, words) in [
        (
            found,
            &[
                "204: \"OK\", accepted (12 ms)",
                "on record: 1772460207|NONE|JOIN||123",
            ][..],
        ),
        (
            nothing,
            &["accepted", "the queue seems not to record events"],
        ),
        (
            unread,
            &[
                "accepted",
                "whether it is on record could not be read: pbx.example gave",
            ],
        ),
    ] {
        let mut state = console(80, 24);
        let mut came = ok();
        came.record = Some(record);
        sends(&mut state, came);
        tells(&state, words);
    }
}

#[test]
fn what_the_vendor_refuses_or_nobody_knows_is_told_with_what_to_do() {
    for (came, words) in [
        (
            replied(vec![reply("401", "", "Bad login")]),
            &["401: \"Bad login\"", "check `username` and `password`"][..],
        ),
        (
            replied(vec![reply("402", "", "")]),
            &[
                "402, the user's role does not allow this",
                "administrator role",
            ],
        ),
        (
            replied(vec![reply("404", "", "Gone")]),
            &["404: \"Gone\"", "may not see it; check the queue's id"],
        ),
        (
            replied(vec![reply("201", "", "OK")]),
            &["it was only validated"],
        ),
        (
            replied(vec![reply("777", "x", "?")]),
            &["777 x: \"?\"", "does not list this code"],
        ),
        (
            injected(Told::Failed(Fault::new(
                FaultKind::Unreachable,
                "pbx.example refused the connection",
                "check `url`",
            ))),
            &["refused the connection; check `url`"],
        ),
        (
            injected(Told::Unknown(late())),
            &["gave no answer in 10 s; the event may have been recorded all the same"],
        ),
        (
            replied(vec![
                reply("204", "", "OK"),
                reply("400", "position", "No"),
                reply("204", "", "Fine"),
            ]),
            &[
                "400 position: \"No\", a parameter is invalid",
                "204: \"OK\", accepted",
                "204: \"Fine\", accepted",
            ],
        ),
    ] {
        let mut state = console(80, 24);
        sends(&mut state, came);
        tells(&state, words);
    }
}

#[test]
fn an_outcome_that_is_not_on_record_says_so() {
    let mut state = console(80, 24);
    let mut came = ok();
    came.unjournaled = Some("the disk is full".into());
    sends(&mut state, came);
    tells(
        &state,
        &["accepted", "not in the journal: the disk is full"],
    );
}

/// Whether these words are in the pane, broken to lines or not.
fn tells(state: &State, words: &[&str]) {
    let bare = |text: &str| text.split_whitespace().collect::<String>();
    let shown = bare(&pane(state).join(" "));
    for words in words {
        assert!(shown.contains(&bare(words)), "{words}\n{:#?}", pane(state));
    }
}

#[test]
fn the_line_that_the_vendor_names_is_marked_until_it_is_edited() {
    for (name, typed, key) in [
        ("position", "3", "POSITION"),
        ("time", "-5m", "time"),
        ("queue", "999", "queue"),
    ] {
        let mut state = console(80, 24);
        fill(&mut state, name, typed);
        on(&mut state, "event");
        sends(&mut state, replied(vec![reply("400", key, "Out of range")]));
        assert_eq!(selected(&state), name);
        let line = line(&state, name);
        assert!(line.contains("✗ 400: Out of range"), "{line}");
        tells(
            &state,
            &[
                "400",
                "a parameter is invalid; correct the parameter it names",
            ],
        );
        // Time goes by, and another line is wrong: the mark stays.
        update(&mut state, Msg::Clock(now().shift(60_000)));
        fill(&mut state, "callerid", "1");
        assert!(mistake(&state, name).is_some(), "{name} is as it was sent");
        on(&mut state, name);
        play(&mut state, "Enter Ctrl-U 4");
        assert_eq!(mistake(&state, name), None, "{name} is another");
    }
}

#[test]
fn an_answer_moves_no_cursor_that_is_typing() {
    let mut state = console(80, 24);
    play(&mut state, "Ctrl-S Ctrl-S g j Enter A B");
    answer(&mut state, replied(vec![reply("400", "position", "No")]));
    play(&mut state, "C Enter");
    assert_eq!(
        (
            selected(&state),
            value(&state, "event"),
            value(&state, "position")
        ),
        ("event", "ABC", "")
    );
    assert!(mistake(&state, "position").is_some());
}

#[test]
fn an_answer_is_told_in_other_panes_too() {
    let mut state = console(80, 24);
    play(&mut state, "Ctrl-S Ctrl-S 1");
    answer(&mut state, ok());
    assert_eq!(flash(&state), "204: \"OK\", accepted");
}

#[test]
fn of_several_sites_each_has_its_queues_and_its_answer() {
    let mut other = target();
    other.site = "branch".into();
    other.queues = Vec::new();
    let mut state = aimed(vec![target(), other], 80, 24);
    assert!(rows(&state).contains("site 1 of 2"));
    fill(&mut state, "queue", "124");
    sends(&mut state, replied(vec![reply("400", "queue", "No")]));
    assert!(mistake(&state, "queue").is_some());
    play(&mut state, "t");
    assert!(rows(&state).contains("branch · site 2 of 2"));
    assert_eq!(value(&state, "queue"), "", "no queue of another site");
    assert!(
        mistake(&state, "queue")
            .unwrap()
            .contains("give a queue's id")
    );
    tells(&state, &["sales: 400 queue: \"No\""]);
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    fill(&mut state, "queue", "7");
    let event = sent(&play(&mut state, "Ctrl-S Ctrl-S"));
    assert_eq!((event.site.as_str(), event.queue.as_str()), ("branch", "7"));
}

#[test]
fn presets_fill_the_form_and_leave_the_queue() {
    let mut state = console(80, 24);
    fill(&mut state, "queue", "support");
    fill(&mut state, "keypress", "9");
    play(&mut state, "p");
    let shown = rows(&state);
    for preset in preset::shipped() {
        assert!(
            shown.contains(&preset.name) && shown.contains(&preset.about),
            "{shown}"
        );
    }
    let at = preset::shipped()
        .iter()
        .position(|p| p.name == "Caller is connected");
    for _ in 0..at.unwrap() {
        play(&mut state, "j");
    }
    play(&mut state, "Enter");
    let event = sent(&play(&mut state, "Ctrl-S Ctrl-S"));
    assert_eq!(
        pairs(&event),
        [
            "queue=124",
            "event=CONNECT",
            "callerid=+4535203040",
            "channel=SIP/trunk-0001",
            "dtype=phone",
            "dnumber=200"
        ]
    );
}

#[test]
fn history_is_the_journals_and_anything_in_it_can_be_filled_in_again() {
    let mut state = console(80, 24);
    assert_eq!(play(&mut state, "h"), []);
    assert_eq!(flash(&state), "no event was sent yet");
    let join = event(&[
        ("event", "JOIN"),
        ("callerid", "+45 1; 2"),
        ("time", "1700000000"),
        ("dtype", "Phone"),
    ]);
    journaled(
        &mut state,
        "bente",
        &join,
        Some(Ended::Answered(vec![reply("204", "", "OK")])),
    );
    journaled(
        &mut state,
        "anna",
        &event(&[]),
        Some(Ended::Unknown("no answer in 10 s".into())),
    );
    journaled(&mut state, "anna", &event(&[("event", "LOST")]), None);
    play(&mut state, "h");
    let shown = rows(&state);
    for words in [
        "sales  JOIN  204: \"OK\"  bente",
        "no event  outcome unknown: no answer in 10 s  anna",
        "LOST  outcome unknown  anna",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    play(&mut state, "j j Enter");
    assert_eq!(value(&state, "queue"), "support");
    assert_eq!(value(&state, "time"), "1700000000");
    assert_eq!(sent(&play(&mut state, "Ctrl-S Ctrl-S")), join);
}

#[test]
fn a_queue_whose_name_means_another_is_filled_in_by_its_id() {
    let mut odd = target();
    odd.queues = vec![
        world::queue("5", "twin"),
        world::queue("6", "twin"),
        world::queue("7", "8"),
        world::queue("8", "7"),
    ];
    let mut state = aimed(vec![odd.clone()], 80, 24);
    assert_eq!(value(&state, "queue"), "5");
    for queue in &odd.queues {
        let event = Injection::new("sales".into(), queue.id.clone());
        journaled(&mut state, "anna", &event, None);
        play(&mut state, "h Enter");
        assert_eq!(sent(&play(&mut state, "Ctrl-S Ctrl-S")), event);
        answer(&mut state, ok());
    }
}

#[test]
fn what_cannot_be_repeated_says_why() {
    let mut state = console(80, 24);
    let gone = Entry {
        site: "gone".into(),
        ..entry(
            &state,
            What::Intent(Intent::inject("anna".into(), &event(&[]))),
        )
    };
    update(&mut state, Msg::Entries(vec![gone]));
    play(&mut state, "h Enter");
    assert_eq!(flash(&state), "its site is no longer one that takes events");
    let other = Intent::new("anna".into(), "calls/start".into(), None, Vec::new());
    let other = entry(&state, What::Intent(other));
    update(&mut state, Msg::Entries(vec![other]));
    play(&mut state, "h Enter");
    assert_eq!(flash(&state), "that was no queue event");
}

#[test]
fn curl_holds_no_secret() {
    let mut state = console(80, 24);
    fill(&mut state, "event", "it's; x");
    let commands = play(&mut state, "c");
    let [Command::Copy(curl)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(
        curl,
        "curl --data-urlencode \"auth_username=$ENSWITCH_USERNAME\" --data-urlencode \
         \"auth_password=$ENSWITCH_PASSWORD\" --data-raw 'queue=123&event=it%27s%3B+x' \
         'http://enswitch.example.com/api/json/queues/events/create/'"
    );
    assert_eq!(state.inject.last, None);
}

#[test]
fn a_screen_held_still_tells_the_answer_all_the_same() {
    let mut state = console(80, 24);
    play(&mut state, "Space");
    sends(&mut state, ok());
    tells(&state, &["204: \"OK\", accepted (12 ms)"]);
    let join = event(&[("event", "JOIN")]);
    journaled(&mut state, "anna", &join, None);
    play(&mut state, "Space");
    assert_eq!(state.inject.history.latest().count(), 1);
}

#[test]
fn the_pane_is_remembered_and_what_was_typed_is_not() {
    let mut state = console(80, 24);
    fill(&mut state, "callerid", "+4535203040");
    let kept = serde_json::to_string(&Memory::of(&state)).unwrap();
    assert!(!kept.contains("35203040"), "{kept}");
    let mut again = console(80, 24);
    again.focus = PaneId::Callers;
    let memory: Memory = serde_json::from_str(&kept).unwrap();
    memory.restore(&mut again);
    assert_eq!(again.focus, PaneId::Inject);
    assert_eq!(value(&again, "callerid"), "");
}

#[test]
fn the_lamp_is_as_the_last_answer() {
    let lamp = |state: &State| rows(state).lines().next().unwrap().to_owned();
    let mut state = console(120, 36);
    assert!(lamp(&state).contains("sales ● ready"), "{}", lamp(&state));
    let fault = Fault::new(FaultKind::Unreachable, "refused", "");
    sends(&mut state, injected(Told::Failed(fault)));
    assert!(
        lamp(&state).contains("sales ✗ unreachable"),
        "{}",
        lamp(&state)
    );
    sends(&mut state, ok());
    assert!(lamp(&state).contains("sales ● ready"), "{}", lamp(&state));
    sends(&mut state, replied(vec![reply("401", "", "No")]));
    assert!(
        lamp(&state).contains("sales ✗ login refused"),
        "{}",
        lamp(&state)
    );
}

#[test]
fn pane_5_has_words_for_what_was_asked_and_what_came_of_it() {
    let mut state = console(200, 50);
    let join = event(&[("event", "JOIN")]);
    journaled(
        &mut state,
        "bente",
        &join,
        Some(Ended::Answered(vec![reply("400", "position", "No")])),
    );
    play(&mut state, "5 z");
    let shown = rows(&state);
    assert!(
        shown.contains("by bente, event \"JOIN\": queues/events/create"),
        "{shown}"
    );
    assert!(shown.contains(": 400 position: \"No\""), "{shown}");
}

/// Everything at once: the longest values, wide and hostile ones.
fn hostile(state: &mut State) {
    for (name, value) in [
        ("event", "山田太郎".repeat(125)),
        ("callerid", "\u{202e}evil\u{200b}é".repeat(60)),
        ("callid", "x".repeat(500)),
        ("channel", "👩‍👩‍👧‍👦".repeat(50)),
        ("dnumber", "=cmd|' /C calc'!A0".to_owned()),
    ] {
        fill(state, name, &value);
    }
}

#[test]
fn a_long_request_is_seen_whole_and_what_is_asked_stays_in_view() {
    for (width, height) in [(60, 15), (80, 24), (120, 36)] {
        let mut production = target();
        production.production = true;
        let mut state = aimed(vec![production], width, height);
        hostile(&mut state);
        play(&mut state, "Ctrl-S");
        let Overlay::Confirm(confirm) = state.overlay.clone() else {
            panic!("{:?}", state.flash)
        };
        let whole = question(&state, &confirm).request;
        // Lines break at blanks, which are not carried over.
        let without_blanks = |lines: &[String]| lines.concat().replace(' ', "");
        assert!(
            without_blanks(&whole) == without_blanks(&confirm.request),
            "nothing is left out"
        );
        let mut seen = String::new();
        loop {
            let shown = rows(&state);
            assert!(
                shown.contains("is a production site: type sales"),
                "{shown}"
            );
            seen.push_str(&shown);
            let before = state.overlay.clone();
            play(&mut state, "PgDn");
            if state.overlay == before {
                break;
            }
        }
        for line in &whole {
            assert!(seen.contains(line), "{line}");
        }
        play(&mut state, "PgUp Down Up s a l e s");
        sent(&play(&mut state, "Ctrl-S"));
    }
}

#[test]
fn hostile_values_and_answers_break_no_screen() {
    for (width, height) in [(1, 1), (59, 14), (60, 15), (80, 24), (120, 36), (200, 50)] {
        for ascii in [false, true] {
            let mut state = console(80, 24);
            state.size = Size::new(width, height);
            state.look.ascii = ascii;
            hostile(&mut state);
            let evil = "\u{1b}[31m\u{202e}山\n".repeat(50);
            let mut came = replied(vec![reply("204", "", &evil), reply("\u{1b}", &evil, &evil)]);
            came.unjournaled = Some(evil);
            sends(&mut state, came);
            for keys in ["", "g j Enter", "Esc Ctrl-S", "Esc p", "Esc h", "Esc"] {
                play(&mut state, keys);
                let shown = rows(&state);
                assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
                assert!(!ascii || shown.is_ascii(), "{shown}");
            }
        }
    }
}

/// An event that was sent and refused, others on record, and a line in work.
fn busy(width: u16, height: u16) -> State {
    let mut state = console(width, height);
    let who: Arc<str> = "bente".into();
    let join = event(&[("event", "JOIN"), ("callerid", "+4535203040")]);
    journaled(
        &mut state,
        &who,
        &join,
        Some(Ended::Answered(vec![reply("204", "", "OK")])),
    );
    fill(&mut state, "event", "CONNECT");
    fill(&mut state, "position", "3");
    sends(
        &mut state,
        replied(vec![reply("400", "position", "Out of range")]),
    );
    state
}

#[test]
fn the_answer_is_seen_on_every_screen() {
    for (width, height) in [(60, 15), (80, 24), (120, 30), (120, 36), (200, 50)] {
        let state = busy(width, height);
        tells(&state, &["400 position: \"Out of range\", a parameter is"]);
        let line = line(&state, "position");
        assert!(line.contains('✗'), "{line}");
        let mut state = console(width, height);
        let mut came = ok();
        let row = "1772460207|NONE|JOIN".into();
        came.record = Some(OnRecord::Found(Recorded { row, at: None }));
        sends(&mut state, came);
        tells(
            &state,
            &["204: \"OK\", accepted (12 ms)", "on record: 1772460207"],
        );
    }
}

#[test]
fn a_long_message_hides_nothing_below_it() {
    let mut state = console(80, 24);
    let mut came = replied(vec![reply("204", "", &"word ".repeat(200_000))]);
    let row = "1772460207|NONE|JOIN".into();
    came.record = Some(OnRecord::Found(Recorded { row, at: None }));
    sends(&mut state, came);
    tells(&state, &["204: \"word word", "on record: 1772460207"]);
}

#[test]
fn screens() {
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 50)] {
        let state = busy(width, height);
        let drawn = screen::draw(&state);
        assert_snapshot!(format!("inject_{width}x{height}"), screen::golden(&drawn));
    }
    let mut state = busy(80, 24);
    state.look.theme = Theme::Mono;
    assert_snapshot!("inject_mono", screen::golden(&screen::draw(&state)));
    state.look.ascii = true;
    assert_snapshot!("inject_ascii", screen::golden(&screen::draw(&state)));
    let mut state = console(80, 24);
    play(&mut state, "g j Enter J O I N");
    assert_snapshot!("inject_typing", screen::golden(&screen::draw(&state)));
    play(&mut state, "Ctrl-S");
    assert_snapshot!("inject_confirm", screen::golden(&screen::draw(&state)));
}
