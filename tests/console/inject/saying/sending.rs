//! What goes out: the exact request, once, to where it may go.

use holdline::{
    app::{Command, Msg, State, overlay::Overlay, update},
    domain::site::Vendor,
};

use super::{
    super::{fill, line, mistake, on, selected, tells, value},
    answer, as_one, delivered, fields, said, say_event, speaker, speaking, stored,
};
use crate::{
    callbacks::{flash, rows, types},
    screen::play,
    world::now,
};

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
        types(state, to);
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
