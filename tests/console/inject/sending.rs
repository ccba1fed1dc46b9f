//! What is asked before anything goes out, and what goes out.

use holdline::{
    app::{Command, Msg, overlay::Overlay, update},
    domain::injection::Verb,
};
use insta::assert_snapshot;

use super::{aimed, answer, console, fill, ok, on, pairs, replied, reply, selected, sent, target};
use crate::{
    callbacks::{flash, rows},
    screen::{self, play},
    world::now,
};

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
fn ctrl_s_shows_the_exact_request_and_y_sends_it_once() {
    let mut state = console(80, 24);
    fill(&mut state, "event", "A;B & C");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    let shown = rows(&state);
    for words in [
        "Send this event to sales?",
        "POST http://enswitch.example.com/api/json/queues/events/create/",
        "auth_username=***&auth_password=***&queue=123&event=A%3BB+%26+C",
        "y sends it to sales.",
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
    let event = sent(&play(&mut state, "y"));
    assert_eq!(pairs(&event), ["queue=123", "event=A;B & C"]);
    assert!(!event.validate);
    assert_eq!(play(&mut state, "y Ctrl-S y"), [], "once");
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
    let event = sent(&play(&mut state, "y"));
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
    assert_eq!(play(&mut state, "Ctrl-S Ctrl-S y"), [], "each time anew");
}

#[test]
fn a_site_that_is_not_allowed_says_how_to_allow_it() {
    let mut forbidden = target();
    forbidden.allowed = false;
    let mut state = aimed(vec![forbidden], 80, 24);
    assert!(rows(&state).contains("not allowed here"));
    for keys in ["v", "Ctrl-S", "Ctrl-S y"] {
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
    assert_eq!(play(&mut state, "v Ctrl-S y"), []);
    assert_eq!(state.overlay, Overlay::None);
    assert_eq!(
        flash(&state),
        "this console is read-only; start it without --read-only to change anything"
    );
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
    sent(&play(&mut state, "Ctrl-S y"));
    update(&mut state, Msg::Clock(now().shift(3_000)));
    assert!(rows(&state).contains("on its way for 0:03"));
    for keys in ["v", "Ctrl-S", "Ctrl-S y"] {
        assert_eq!(play(&mut state, keys), []);
        assert!(flash(&state).contains("on its way; wait for its answer"));
    }
    answer(&mut state, ok());
    sent(&play(&mut state, "v"));
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
