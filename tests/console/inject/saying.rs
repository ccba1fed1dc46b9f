//! What is said as a vendor, from the same form: the event and its variables,
//! how it travels and where to; and what came of it.

use std::time::Duration;

use holdline::{
    app::{Answer, Command, Msg, State, overlay::Overlay, update},
    domain::{
        action::{Ended, Intent},
        caller::Raw,
        entry::{Entry, What},
        fault::{Fault, FaultKind},
        feed::{FeedHealth, FeedId, FeedKind, Heard},
        hook::{Hook, Says},
        injection::Told,
        scenario::{
            saying::{Arrived, Delivered, Saying, Speaker},
            speech,
        },
        site::Vendor,
    },
};
use insta::assert_snapshot;

use super::{aimed, fill, line, mistake, on, reply, selected, target, tells, value};
use crate::{
    callbacks::{flash, rows},
    screen::{self, play},
    world::{ago, now},
};

fn speaker(site: &str, vendor: Vendor) -> Speaker {
    Speaker {
        site: site.into(),
        vendor,
        production: false,
        targets: vec!["https://crm.example.com/hooks".to_owned()],
    }
}

/// The receiver listens for `team`.
fn hears(state: &mut State) {
    let feed = FeedId {
        site: "team".into(),
        kind: FeedKind::Hooks,
    };
    let mut health = FeedHealth::new(Duration::from_secs(1));
    health.heard = Some(Heard {
        listens: Some("127.0.0.1:8642".to_owned()),
        alive: Some(ago(1)),
        ..Heard::default()
    });
    update(state, Msg::Feeds(vec![(feed, health)]));
}

/// A console in pane 4 that creates events at `sales` and speaks as `team`;
/// `team` is chosen.
fn speaking(width: u16, height: u16) -> State {
    as_one(speaker("team", Vendor::Contaqt), width, height)
}

fn as_one(speaker: Speaker, width: u16, height: u16) -> State {
    let mut state = aimed(vec![target()], width, height);
    state.inject.aim(vec![target()], vec![speaker]);
    hears(&mut state);
    play(&mut state, "t");
    state
}

/// What is asked to be said, if exactly one event is.
fn said(commands: &[Command]) -> Saying {
    match commands {
        [Command::Say(saying)] => (**saying).clone(),
        other => panic!("{other:?}"),
    }
}

fn fields(saying: &Saying) -> Vec<String> {
    let fields = saying.webhook.fields.iter();
    fields
        .map(|(name, value)| format!("{name}={value}"))
        .collect()
}

/// Turns the event's line until it is this one.
fn say_event(state: &mut State, name: &str) {
    on(state, "event");
    for _ in speech::EVENTS {
        if value(state, "event") == name {
            return;
        }
        play(state, "Enter");
    }
    panic!("{name} is not offered");
}

fn delivered(told: Told, arrived: Option<Arrived>) -> Delivered {
    Delivered {
        told,
        took: Duration::from_millis(3),
        arrived,
        unjournaled: None,
    }
}

fn stored() -> Told {
    Told::Answered(vec![reply("200", "", "Stored.")])
}

fn answer(state: &mut State, delivered: Delivered) {
    update(state, Msg::Answer(Answer::Delivered(Box::new(delivered))));
}

#[test]
fn every_event_has_its_documented_variables_as_lines() {
    let mut state = speaking(80, 24);
    let shown = rows(&state);
    assert!(shown.contains("team · as contaqt · site 2 of 2"), "{shown}");
    for event in speech::EVENTS {
        say_event(&mut state, event.name);
        let lines = state.inject.form.lines.iter();
        let names: Vec<&str> = lines.map(|line| line.item.name()).collect();
        let variables = event.variables.iter().map(|variable| variable.name);
        let all: Vec<&str> = ["event"]
            .into_iter()
            .chain(variables)
            .chain(["shape", "to"])
            .collect();
        assert_eq!(names, all);
        on(&mut state, "event");
        tells(&state, &[event.about]);
    }
    say_event(&mut state, "agent:status");
    assert!(line(&state, "user_id").contains("needed"));
    for (name, takes) in [
        ("event", "required, choice"),
        ("user_id", "required, text"),
        ("in_calls", "optional, whole number"),
        ("shape", "required, choice"),
        ("to", "required, choice or URL"),
    ] {
        assert!(line(&state, name).contains(takes), "{}", line(&state, name));
    }
    say_event(&mut state, "call:ring");
    on(&mut state, "canceled");
    tells(&state, &["BREAK_OUT, or none"]);
}

#[test]
fn what_one_event_has_not_is_kept_for_the_next_that_has() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "call:ring");
    fill(&mut state, "call_id", "c-1");
    say_event(&mut state, "agent:status");
    fill(&mut state, "user_id", "17");
    say_event(&mut state, "call:end");
    assert_eq!(value(&state, "call_id"), "c-1");
    say_event(&mut state, "agent:checkout");
    assert_eq!(value(&state, "user_id"), "17");
}

#[test]
fn an_event_can_be_typed_and_one_that_is_none_is_marked() {
    let mut state = speaking(80, 24);
    // By Tab a choice is typed into, and from the last line the first follows.
    on(&mut state, "device_name");
    play(&mut state, "Enter Tab Tab Tab");
    assert_eq!(selected(&state), "event");
    play(&mut state, "Ctrl-U x Enter");
    assert!(
        mistake(&state, "event")
            .unwrap()
            .contains("event is one of agent:checkin")
    );
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(state.overlay, Overlay::None);
    assert!(
        flash(&state).contains("event is one of"),
        "{}",
        flash(&state)
    );
}

#[test]
fn ctrl_s_shows_the_exact_request_and_y_says_it_once() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "agent:status");
    fill(&mut state, "user_id", "17");
    fill(&mut state, "pause_id", "5");
    fill(&mut state, "in_calls", "0");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    let shown = rows(&state);
    for words in [
        "Say this event as team?",
        "POST http://127.0.0.1:8642/hooks/team/***",
        "Content-Type: application/json",
        "X-Holdline-Injected: 1",
        r#"{"event":"agent:status","user_id":"17","pause_id":"5","in_calls":0}"#,
        "y sends it as team would.",
    ] {
        assert!(shown.contains(words), "{words}\n{shown}");
    }
    let saying = said(&play(&mut state, "y"));
    assert_eq!(saying.site.as_str(), "team");
    assert_eq!(saying.listens.as_deref(), Some("127.0.0.1:8642"));
    assert_eq!(saying.webhook.to, None);
    assert_eq!(fields(&saying), ["user_id=17", "pause_id=5", "in_calls=0"]);
    assert_eq!(play(&mut state, "y Ctrl-S y v"), [], "once");
    tells(&state, &["on its way"]);
}

#[test]
fn a_key_that_is_held_down_sends_nothing() {
    for says in [false, true] {
        let mut state = speaking(80, 24);
        fill(&mut state, "user_id", "17");
        if !says {
            play(&mut state, "t");
        }
        assert_eq!(play(&mut state, &"Ctrl-S ".repeat(50)), []);
        let shown = rows(&state);
        assert!(
            shown.contains("y sends it: Ctrl-S may only have been held down"),
            "{shown}"
        );
        assert_eq!(play(&mut state, "y").len(), 1);
        assert_eq!(play(&mut state, &"y ".repeat(50)), []);
    }
}

#[test]
fn ids_and_time_are_made_up_where_they_are_not_given_and_never_the_same() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "call:ring");
    assert!(line(&state, "call_id").contains("made up"));
    let one = said(&play(&mut state, "Ctrl-S y"));
    answer(&mut state, delivered(stored(), None));
    // Nothing has moved in between: neither the clock nor the journal.
    let two = said(&play(&mut state, "Ctrl-S y"));
    let [id, call, ts] = &fields(&one)[..] else {
        panic!("{one:?}")
    };
    assert_eq!(id[3..], call[8..]);
    assert_eq!(ts, &format!("ts={}", now().0 / 1000));
    assert_ne!(fields(&two)[0], *id);
    answer(&mut state, delivered(stored(), None));
    fill(&mut state, "call_id", "c-1");
    fill(&mut state, "ts", "-5m");
    let three = said(&play(&mut state, "Ctrl-S y"));
    let ts = format!("ts={}", now().0 / 1000 - 300);
    assert_eq!(
        fields(&three),
        ["id=c-1".to_owned(), "call_id=c-1".to_owned(), ts]
    );
}

#[test]
fn it_goes_to_a_target_or_to_this_machine_and_nowhere_else() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "queue:join");
    fill(&mut state, "user_id", "17");
    fill(&mut state, "queues", "1, 2");
    on(&mut state, "shape");
    play(&mut state, "Enter Enter Enter");
    assert_eq!(value(&state, "shape"), "get");
    on(&mut state, "to");
    play(&mut state, "Enter");
    assert_eq!(value(&state, "to"), "https://crm.example.com/hooks");
    play(&mut state, "Ctrl-S");
    let Overlay::Confirm(confirm) = &state.overlay else {
        panic!("{:?}", state.flash)
    };
    assert_eq!(
        confirm.request,
        [
            "GET https://crm.example.com/hooks?event=queue%3Ajoin&user_id=17&queues%5B%5D=1&\
             queues%5B%5D=2",
            "X-Holdline-Injected: 1"
        ]
    );
    let saying = said(&play(&mut state, "y"));
    assert_eq!(
        saying.webhook.to.as_deref(),
        Some("https://crm.example.com/hooks")
    );
    assert_eq!(saying.listens, None);
    answer(&mut state, delivered(stored(), None));
    play(&mut state, "Enter");
    assert_eq!(value(&state, "to"), "our receiver", "the choice goes round");
    let by_tab = |state: &mut State, to: &str| {
        on(state, "shape");
        play(state, "Enter");
        on(state, "queues");
        play(state, "Enter Tab Tab Ctrl-U");
        assert_eq!(selected(state), "to");
        crate::callbacks::types(state, to);
        play(state, "Enter");
    };
    by_tab(&mut state, "http://127.0.0.1:3000/in");
    assert_eq!(mistake(&state, "to"), None);
    by_tab(&mut state, "https://crm.example.com/hooks/below");
    assert_eq!(mistake(&state, "to"), None);
    for to in [
        "https://elsewhere.example.com/",
        "ftp://127.0.0.1/",
        "crm",
        "http://a:b@localhost/",
    ] {
        by_tab(&mut state, to);
        assert!(mistake(&state, "to").unwrap().starts_with("to "), "{to}");
        assert_eq!(play(&mut state, "Ctrl-S"), []);
        assert_eq!(state.overlay, Overlay::None, "{to}");
    }
}

#[test]
fn only_enswitch_has_a_dry_run_and_the_form_is_looked_over_all_the_same() {
    let mut state = speaking(80, 24);
    assert_eq!(play(&mut state, "v"), []);
    assert_eq!(
        flash(&state),
        "agent:checkin tells of nobody without user_id"
    );
    assert_eq!(selected(&state), "user_id");
    fill(&mut state, "user_id", "17");
    assert_eq!(play(&mut state, "v"), []);
    assert!(
        flash(&state).contains("only Enswitch has a dry run"),
        "{}",
        flash(&state)
    );
    say_event(&mut state, "agent:status");
    fill(&mut state, "in_calls", "yes");
    assert_eq!(play(&mut state, "v"), []);
    assert_eq!(flash(&state), "in_calls is a whole number, such as 3");
}

#[test]
fn a_production_site_hears_nothing_made_up_and_its_applications_only_by_name() {
    let mut production = speaker("team", Vendor::Contaqt);
    production.production = true;
    let mut state = as_one(production, 80, 24);
    fill(&mut state, "user_id", "17");
    assert_eq!(play(&mut state, "Ctrl-S y Ctrl-S"), []);
    assert!(
        flash(&state).contains("takes nothing that is made up"),
        "{}",
        flash(&state)
    );
    assert_eq!(selected(&state), "to");
    play(&mut state, "Enter Ctrl-S");
    assert!(rows(&state).contains("team is a production site: type team, then Ctrl-S"));
    assert_eq!(play(&mut state, "y Backspace Ctrl-S"), []);
    let saying = said(&play(&mut state, "t e a m Ctrl-S"));
    assert_eq!(
        saying.webhook.to.as_deref(),
        Some("https://crm.example.com/hooks")
    );
}

#[test]
fn nobody_who_listens_is_told_before_anything_is_asked() {
    let mut state = speaking(80, 24);
    fill(&mut state, "user_id", "17");
    update(&mut state, Msg::Clock(now().shift(60_000)));
    assert_eq!(play(&mut state, "Ctrl-S y"), []);
    assert!(
        flash(&state).contains("nobody listens for team's webhooks"),
        "{}",
        flash(&state)
    );
    assert_eq!(state.inject.last, None);
    let mut state = speaking(80, 24);
    fill(&mut state, "user_id", "17");
    state.read_only = true;
    assert_eq!(play(&mut state, "Ctrl-S y"), []);
    assert!(flash(&state).starts_with("this console is read-only"));
}

#[test]
fn the_answer_is_told_with_the_entry_that_it_became() {
    let mut state = speaking(120, 36);
    say_event(&mut state, "agent:checkin");
    fill(&mut state, "user_id", "17");
    said(&play(&mut state, "Ctrl-S y"));
    let seq = state.board.upto() + 1;
    let hook = Hook {
        vendor: Vendor::Contaqt,
        event: "agent:checkin".into(),
        body: Raw::new(r#"{"event":"agent:checkin","user_id":"17"}"#),
        injected: true,
        says: Says::Nothing("not read".into()),
    };
    let entry = Entry {
        seq,
        at: now(),
        site: "team".into(),
        what: What::Hook(hook),
    };
    update(&mut state, Msg::Entries(vec![entry]));
    answer(&mut state, delivered(stored(), Some(Arrived::As(seq))));
    tells(
        &state,
        &[
            "200: \"Stored.\", the receiver took it (3 ms)",
            &format!("in the journal as entry {seq}, marked as injected"),
            "agent:checkin: kept, not understood",
        ],
    );
}

#[test]
fn what_did_not_arrive_is_told_as_what_it_is() {
    let fault = |what: &str| Fault::new(FaultKind::Unreachable, what, "look there");
    for (told, arrived, words) in [
        (
            Told::Answered(vec![reply("500", "", "Oops")]),
            None,
            "500: \"Oops\", the receiver did not take it",
        ),
        (
            Told::Failed(fault("127.0.0.1 refused")),
            None,
            "127.0.0.1 refused; look there",
        ),
        (
            Told::Unknown(fault("no answer")),
            None,
            "it may have arrived all the same",
        ),
        (stored(), Some(Arrived::Repeat), "not stored again"),
        (
            stored(),
            Some(Arrived::Unread("locked".into())),
            "could not be read: locked",
        ),
    ] {
        let mut state = speaking(80, 24);
        fill(&mut state, "user_id", "17");
        said(&play(&mut state, "Ctrl-S y"));
        answer(&mut state, delivered(told, arrived));
        tells(&state, &[words]);
    }
    let mut state = speaking(80, 24);
    fill(&mut state, "user_id", "17");
    said(&play(&mut state, "Ctrl-S y"));
    play(&mut state, "1");
    answer(&mut state, delivered(stored(), None));
    assert_eq!(flash(&state), "200: \"Stored.\", the receiver took it");
}

#[test]
fn history_repeats_it_at_its_site_as_a_new_event() {
    let mut state = speaking(80, 24);
    say_event(&mut state, "call:answer");
    for (name, value) in [("call_id", "c-1"), ("dst_user_id", "17")] {
        fill(&mut state, name, value);
    }
    let saying = said(&play(&mut state, "Ctrl-S y"));
    answer(&mut state, delivered(stored(), None));
    let intent = Intent::say("bente".into(), &saying, "http://127.0.0.1:1/hooks/team/***");
    let entry = Entry {
        seq: state.board.upto() + 1,
        at: now(),
        site: "team".into(),
        what: What::Intent(intent),
    };
    update(&mut state, Msg::Entries(vec![entry]));
    play(&mut state, "t x h");
    assert!(
        rows(&state).contains("team  call:answer  outcome unknown  bente"),
        "{}",
        rows(&state)
    );
    play(&mut state, "Enter");
    let shown = ["event", "id", "call_id", "ts", "dst_user_id", "shape", "to"];
    let shown = shown.map(|name| value(&state, name));
    assert_eq!(
        shown,
        [
            "call:answer",
            "c-1",
            "c-1",
            "",
            "17",
            "json",
            "our receiver"
        ]
    );
    let again = said(&play(&mut state, "Ctrl-S y"));
    let (mut again, mut first) = (fields(&again), fields(&saying));
    again.sort();
    first.sort();
    assert_eq!(again, first);
}

#[test]
fn curl_leaves_the_secret_to_the_shell() {
    let mut state = speaking(80, 24);
    fill(&mut state, "user_id", "it's");
    let commands = play(&mut state, "c");
    let [Command::Copy(curl)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(
        curl,
        r#"curl -H 'X-Holdline-Injected: 1' -H 'Content-Type: application/json' --data-raw '{"event":"agent:checkin","user_id":"it'\''s"}' 'http://127.0.0.1:8642/hooks/team/'"$HOOK_SECRET""#
    );
    assert_eq!(state.inject.last, None);
}

#[test]
fn telphin_speaks_from_the_same_form() {
    let mut state = as_one(speaker("phones", Vendor::Telphin), 80, 24);
    assert_eq!(value(&state, "event"), "dial-in");
    let nobody = "dial-in tells of nobody without CalledExtensionID";
    assert_eq!(play(&mut state, "v"), []);
    assert_eq!(flash(&state), nobody);
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(
        (selected(&state), flash(&state)),
        ("CalledExtensionID", nobody)
    );
    on(&mut state, "event");
    play(&mut state, "Enter Enter");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert_eq!(
        flash(&state),
        "answer tells of nobody without CalledExtensionID or CallerExtensionID"
    );
    on(&mut state, "event");
    play(&mut state, "Enter Enter Enter Enter Enter");
    on(&mut state, "to");
    play(&mut state, "Enter");
    fill(&mut state, "CalledExtensionID", "175");
    on(&mut state, "CallFlow");
    play(&mut state, "Enter");
    let saying = said(&play(&mut state, "Ctrl-S y"));
    let sent = fields(&saying);
    assert_eq!(sent[0], format!("EventTime={}", now().0 * 1000));
    assert!(sent[2].starts_with("SubCallID=175-"), "{sent:?}");
    assert_eq!(sent[3..], ["CallFlow=in", "CalledExtensionID=175"]);
    assert_eq!(saying.webhook.shape.word(), "get");
}

#[test]
fn presets_are_those_of_the_sites_vendor() {
    let mut state = speaking(80, 24);
    play(&mut state, "p");
    let shown = rows(&state);
    assert!(
        shown.contains("Agent pauses") && !shown.contains("Caller joins"),
        "{shown}"
    );
    play(&mut state, "j Enter");
    assert_eq!(value(&state, "event"), "agent:status");
    let saying = said(&play(&mut state, "Ctrl-S y"));
    assert_eq!(fields(&saying), ["user_id=17", "pause_id=5", "in_calls=0"]);
}

/// An event that was said and answered, and another in work.
fn busy(width: u16, height: u16) -> State {
    let mut state = speaking(width, height);
    say_event(&mut state, "call:ring");
    fill(&mut state, "call_id", "c-1");
    fill(&mut state, "dst_user_id", "17");
    let saying = said(&play(&mut state, "Ctrl-S y"));
    let seq = state.board.upto() + 1;
    let what = [
        What::Intent(Intent::say(
            "anna".into(),
            &saying,
            "http://127.0.0.1:8642/hooks/team/***",
        )),
        What::Outcome(holdline::domain::action::Outcome {
            intent: seq,
            took: Duration::from_millis(3),
            ended: Ended::from(&stored()),
        }),
    ];
    for (seq, what) in (seq..).zip(what) {
        let (at, site) = (now(), "team".into());
        update(
            &mut state,
            Msg::Entries(vec![Entry {
                seq,
                at,
                site,
                what,
            }]),
        );
    }
    answer(&mut state, delivered(stored(), Some(Arrived::As(seq + 2))));
    fill(&mut state, "ts", "yesterdy");
    state
}

#[test]
fn screens() {
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 50)] {
        let state = busy(width, height);
        let drawn = screen::draw(&state);
        assert_snapshot!(format!("say_{width}x{height}"), screen::golden(&drawn));
    }
    let mut state = busy(80, 24);
    play(&mut state, "x Ctrl-S");
    assert_snapshot!("say_confirm", screen::golden(&screen::draw(&state)));
}
