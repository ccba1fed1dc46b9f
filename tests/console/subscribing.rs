//! The window of subscriptions: what is pushed, to whom, and what is missing.

use holdline::{
    app::{Answer, Command, Msg, State, update},
    domain::{
        extension::{Extension, ExtensionKind},
        fault::{Fault, FaultKind},
        injection::Told,
        subscription::{Resubscription, Subscription, SubscriptionChange, Survey},
    },
};
use insta::assert_snapshot;

use super::{
    callbacks::{self, types},
    floor::text,
    screen::{self, play},
};

const OURS: &str = "https://hooks.example.com/hooks/phones/c4n4ry";

fn extension(id: &str, name: &str, kind: ExtensionKind) -> Extension {
    Extension {
        id: id.into(),
        name: name.into(),
        kind,
        number: None,
        user: None,
    }
}

fn subscription(id: &str, event: &str, url: &str) -> Subscription {
    Subscription {
        id: id.into(),
        event: event.into(),
        url: url.into(),
        method: "POST".into(),
    }
}

/// A queue half subscribed, a voice menu wholly, a phone that is somebody
/// else's too, and one that cannot be asked about.
fn surveys() -> Vec<Survey> {
    let ours = [
        OURS.to_owned(),
        "https://hooks.example.com/hooks/phones/old".to_owned(),
    ];
    let all = |from: u32, events: &[&str]| {
        let ids = (from..).map(|id| id.to_string());
        let made = ids.zip(events);
        made.map(|(id, event)| subscription(&id, event, OURS))
            .collect::<Vec<_>>()
    };
    let queue = vec![
        subscription("70", "dial-in", OURS),
        subscription("71", "hangup", "https://hooks.example.com/hooks/phones/old"),
    ];
    let mut phone = all(80, &holdline::domain::subscription::EVENTS);
    phone.push(subscription(
        "72",
        "dial-out",
        "https://somehost.com/fordel/show.php?myid=175",
    ));
    let fault = Fault::new(FaultKind::NotFound, "phones answered 404", "check the id");
    vec![
        Survey::new(
            extension("85219", "Support", ExtensionKind::Queue),
            Ok(queue),
            &ours,
        ),
        Survey::new(
            extension("85220", "Menu", ExtensionKind::Ivr),
            Ok(all(75, &["dial-in", "hangup"])),
            &ours,
        ),
        Survey::new(
            extension("175", "Anna", ExtensionKind::Phone),
            Ok(phone),
            &ours,
        ),
        Survey::new(
            extension("176", "Jens", ExtensionKind::Phone),
            Err(fault),
            &ours,
        ),
    ]
}

fn console() -> State {
    let mut state = callbacks::console(120, 40);
    state.dialling = vec![holdline::domain::dial::Dialling {
        site: "phones".into(),
        extensions: Vec::new(),
        country: None,
        allowed: true,
        subscribes: true,
        production: false,
    }];
    state
}

fn opened() -> State {
    let mut state = console();
    assert_eq!(play(&mut state, "H"), [Command::Survey("phones".into())]);
    assert!(text(&state).contains("Asking"));
    surveyed(&mut state);
    state
}

fn surveyed(state: &mut State) {
    let answer = Answer::Surveyed {
        site: "phones".into(),
        surveys: surveys(),
        budget: Some("950 of 1000 requests left".into()),
    };
    update(state, Msg::Answer(answer));
}

#[test]
fn it_shows_what_is_pushed_to_whom_and_no_secret() {
    let state = opened();
    assert!(!text(&state).contains("c4n4ry"));
    assert_snapshot!("subscriptions", screen::golden(&screen::draw(&state)));
}

#[test]
fn one_key_subscribes_what_is_missing_after_asking() {
    let mut state = opened();
    assert_eq!(play(&mut state, "a"), []);
    let shown = text(&state);
    assert!(shown.contains("Subscribe 2 events?"), "{shown}");
    assert!(shown.contains("Support: answer, hangup"), "{shown}");
    let commands = play(&mut state, super::CONFIRM);
    let add = |event: &str| Resubscription {
        site: "phones".into(),
        extension: "85219".into(),
        change: SubscriptionChange::Add {
            event: event.into(),
            method: "POST".into(),
            url: None,
        },
    };
    assert_eq!(
        commands,
        [Command::Resubscribe(vec![add("answer"), add("hangup")])]
    );
    // Until it is answered nothing else is asked, whatever is opened anew and
    // whichever survey comes meanwhile.
    assert!(text(&state).contains("Changing"));
    assert_eq!(play(&mut state, "a"), []);
    assert_eq!(
        play(&mut state, "Esc H"),
        [Command::Survey("phones".into())]
    );
    surveyed(&mut state);
    assert_eq!(play(&mut state, "a"), []);
    assert_eq!(
        state.flash.clone().unwrap().0,
        "changes are on their way; wait for the answer"
    );
    let fault = Fault::new(FaultKind::Forbidden, "403: limit reached", "remove others");
    let refused = Told::Failed(fault);
    let answer = Answer::Resubscribed {
        site: "phones".into(),
        done: vec![(add("answer"), refused)],
    };
    update(&mut state, Msg::Answer(answer));
    let (said, _) = state.flash.clone().unwrap();
    assert!(said.starts_with("1 of 1 not changed: 403: limit"), "{said}");
}

#[test]
fn somebody_elses_is_not_removed_without_typing_its_id() {
    let mut state = opened();
    // Behind the queue with its four lines, the menu on one, and the phone's
    // own seven.
    play(&mut state, &"j ".repeat(5 + 1 + 8));
    assert_eq!(play(&mut state, "x"), []);
    assert!(text(&state).contains("this is somebody else's: type 72"));
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    types(&mut state, "72");
    let commands = play(&mut state, "Ctrl-S");
    // At a production site its name is typed, as for everything there.
    let mut there = opened();
    there.dialling[0].production = true;
    play(&mut there, &"j ".repeat(5 + 1 + 8));
    play(&mut there, "x");
    let shown = text(&there);
    assert!(shown.contains("It is somebody else's."), "{shown}");
    assert!(shown.contains("a production site: type phones"), "{shown}");
    let removed = Resubscription {
        site: "phones".into(),
        extension: "175".into(),
        change: SubscriptionChange::Remove { id: "72".into() },
    };
    assert_eq!(commands, [Command::Resubscribe(vec![removed])]);
}

#[test]
fn an_extension_with_all_it_should_have_stands_on_a_line() {
    let mut state = opened();
    let lines = |state: &State| text(state).matches("voice menu").count();
    assert_eq!(lines(&state), 1);
    let before = text(&state).matches("ours").count();
    play(&mut state, "j j j j j Enter");
    assert_eq!(text(&state).matches("ours").count(), before + 2);
    play(&mut state, "j Enter");
    assert_eq!(text(&state).matches("ours").count(), before);
}

#[test]
fn what_may_not_be_changed_says_why() {
    let said = |prepare: &dyn Fn(&mut State), keys: &str| {
        let mut state = opened();
        prepare(&mut state);
        assert_eq!(play(&mut state, keys), []);
        state.flash.map(|(said, _)| said).unwrap_or_default()
    };
    assert!(said(&|s| s.read_only = true, "a").contains("read-only"));
    let forbidden = said(&|s| s.dialling[0].subscribes = false, "a");
    assert!(forbidden.contains("allow = [\"subscribe\"]"), "{forbidden}");
    // An extension is none.
    assert!(said(&|_| (), "x").contains("select a subscription"));
}
