//! Click-to-call: what is asked first, what is dialled, and what comes back.

use std::time::Duration;

use holdline::{
    app::{Answer, Command, Msg, State, callers::Row, overlay::Overlay, update},
    domain::{
        action::{Ended, Intent, Outcome},
        dial::{Dial, Dialled, Dialling, Line, Wanted},
        entry::{Entry, What},
        extension::{Extension, ExtensionKind},
        fault::{Fault, FaultKind},
        injection::{Reply, Told},
        time::At,
        triage::{Act, Deed},
    },
};
use insta::assert_snapshot;

use super::{
    callbacks,
    floor::{Floor, goes_on, line, text, to_agent},
    screen::{self, play},
    world::ago,
};

fn phones() -> Dialling {
    let phone = |id: &str, name: &str, number: &str, user: &str| Extension {
        id: id.into(),
        name: name.into(),
        kind: ExtensionKind::Phone,
        number: Some(number.into()),
        user: Some(user.into()),
    };
    Dialling {
        site: "phones".into(),
        extensions: vec![
            phone("175", "Anna", "200", "anna"),
            phone("176", "Jens", "201", "jens"),
        ],
        country: Some("DK".into()),
        allowed: true,
        subscribes: true,
        production: false,
    }
}

/// A callback list, and a site that makes calls.
fn console() -> State {
    let mut state = callbacks::console(100, 30);
    state.dialling = vec![phones()];
    state
}

fn dial() -> Dial {
    Dial {
        site: "phones".into(),
        from: Line::Number("200".into()),
        to: "+4535203040".into(),
    }
}

/// The call that is asked for, if one is.
fn dialled(commands: &[Command]) -> Option<&Wanted> {
    commands.iter().find_map(|command| match command {
        Command::Dial(wanted) => Some(&**wanted),
        _ => None,
    })
}

fn told(code: &str, message: &str) -> Told {
    Told::Answered(vec![Reply {
        code: code.into(),
        key: String::new(),
        message: message.into(),
    }])
}

fn answers(state: &mut State, told: Told) {
    let dialled = Dialled {
        dial: dial(),
        told,
        took: Duration::from_millis(134),
        call: Some("abc1".into()),
        unjournaled: None,
    };
    update(state, Msg::Answer(Answer::Dialled(Box::new(dialled))));
}

/// Something that was done comes out of the journal.
fn acts(state: &mut State, act: Act) {
    let entry = Entry {
        seq: state.board.upto() + 1,
        at: state.now,
        site: act.subject.site.clone(),
        what: What::Act(act),
    };
    update(state, Msg::Entries(vec![entry]));
}

/// Somebody called a number a while ago.
fn called(state: &mut State, who: &str, to: &str, at: At) {
    let dial = Dial {
        to: to.into(),
        ..dial()
    };
    let seq = state.board.upto() + 1;
    let entry = |seq, what| Entry {
        seq,
        at,
        site: "phones".into(),
        what,
    };
    let outcome = Outcome {
        intent: seq,
        took: Duration::from_millis(5),
        ended: Ended::from(&told("201", "OK")),
    };
    let entries = vec![
        entry(seq, What::Intent(Intent::dial(who.into(), &dial))),
        entry(seq + 1, What::Outcome(outcome)),
    ];
    update(state, Msg::Entries(entries));
}

#[test]
fn it_says_what_is_dialled_from_where_and_asks_first() {
    let mut state = console();
    assert_eq!(play(&mut state, "C"), []);
    assert_snapshot!("dial_question", screen::golden(&screen::draw(&state)));
    assert_eq!(play(&mut state, "Esc"), []);
    assert_eq!(state.overlay, Overlay::None);
}

#[test]
fn the_callback_is_claimed_and_then_dialled_once() {
    let mut state = console();
    play(&mut state, "C");
    let commands = play(&mut state, super::CONFIRM);
    let [Command::Dial(wanted)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((&wanted.dial, wanted.asked), (&dial(), 0));
    let claim = wanted.claim.as_ref().unwrap();
    assert!(matches!(claim.act.deed, Deed::Claim { .. }));
    assert_eq!(claim.upto, state.board.upto());
    assert!(text(&state).contains("phones is asked"));
    assert!(text(&state).contains("is being claimed for you first"));
    // It is one's own when the journal says so.
    acts(&mut state, claim.act.clone());
    assert!(text(&state).contains("The callback is yours"));
    answers(&mut state, told("201", ""));
    let shown = text(&state);
    assert!(shown.contains("134 ms"), "{shown}");
    assert!(shown.contains("No event of it has come yet"), "{shown}");
    // How it went is a key away, and asked of whom it was for.
    play(&mut state, "d");
    assert!(text(&state).contains("+4535203040  Bamse & Kylling"));
}

#[test]
fn who_was_quicker_with_the_claim_is_said() {
    let mut state = console();
    play(&mut state, "C");
    let commands = play(&mut state, super::CONFIRM);
    let mut act = dialled(&commands).unwrap().claim.clone().unwrap().act;
    act.who = "jens".into();
    acts(&mut state, act);
    let shown = text(&state);
    assert!(shown.contains("jens has this customer until"), "{shown}");
    assert!(!shown.contains("is yours"), "{shown}");
}

#[test]
fn a_national_number_is_dialled_as_one_of_its_own_site() {
    let talks = |number: &'static str| {
        move |floor: &mut Floor| {
            floor
                .at(60)
                .step("ring", "c1", "c1", &to_agent("1", "17", number, "Ole"));
        }
    };
    let called = |country: Option<&str>| {
        let mut state = console();
        let team = state
            .sites
            .iter_mut()
            .find(|site| *site.name.as_str() == *"team");
        team.unwrap().country = country.map(str::to_owned);
        goes_on(&mut state, talks("35203040"));
        play(&mut state, "5 t C");
        let commands = play(&mut state, super::CONFIRM);
        let to = dialled(&commands).map(|wanted| wanted.dial.to.to_string());
        to.ok_or_else(|| state.flash.map(|(said, _)| said).unwrap_or_default())
    };
    // The phones are Danish, the row's site is Swedish.
    assert_eq!(called(Some("DK")).as_deref(), Ok("+4535203040"));
    assert_eq!(called(Some("SE")).as_deref(), Ok("+4635203040"));
    let why = called(None).unwrap_err();
    assert!(
        why.contains("35203040 is a number of site team alone"),
        "{why}"
    );
    assert!(why.contains("set `country` for team"), "{why}");
}

#[test]
fn a_refusal_is_said_and_nothing_is_dialled_again() {
    let mut state = console();
    play(&mut state, "C");
    play(&mut state, super::CONFIRM);
    let refused = Fault::new(
        FaultKind::Forbidden,
        "phones answered 403: \"app_access_type_deny\"",
        "the application's type may not allow calls",
    );
    answers(&mut state, Told::Failed(refused));
    let shown = text(&state);
    assert!(shown.contains("app_access_type_deny"), "{shown}");
    assert!(!shown.contains("is being rung"), "{shown}");
    let unknown = Fault::new(FaultKind::Timeout, "no answer in 10 s", "");
    answers(&mut state, Told::Unknown(unknown));
    assert_eq!(play(&mut state, "Esc"), []);
}

#[test]
fn who_called_lately_is_said_and_asked_about_again() {
    let mut state = console();
    // In another spelling of the same number.
    called(&mut state, "jens", "35203040", ago(180));
    play(&mut state, "C");
    assert!(text(&state).contains("jens called 35203040 3m ago"));
    assert_eq!(play(&mut state, super::CONFIRM), []);
    assert!(line(&state, "again?").contains("Call +4535203040 again?"));
    // Another one comes while that stands there.
    called(&mut state, "ole", "+4535203040", ago(2));
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    assert!(text(&state).contains("ole called +4535203040 2s ago"));
    // A key that is held down does not answer twice.
    assert_eq!(play(&mut state, super::CONFIRM), []);
    let commands = play(&mut state, "Ctrl-S");
    let wanted = dialled(&commands).unwrap();
    let last = state.board.upto() - 1;
    assert_eq!((&wanted.dial, wanted.asked), (&dial(), last));
    // Ten minutes later nobody is asked twice.
    let mut state = console();
    called(&mut state, "jens", "+4535203040", ago(601));
    play(&mut state, "C");
    assert!(!text(&state).contains("jens called"));
    let commands = play(&mut state, super::CONFIRM);
    assert_eq!(dialled(&commands).map(|w| &w.dial), Some(&dial()));
}

#[test]
fn what_cannot_be_dialled_says_why() {
    let said = |prepare: &dyn Fn(&mut State)| {
        let mut state = console();
        prepare(&mut state);
        assert_eq!(play(&mut state, "C"), []);
        assert_eq!(state.overlay, Overlay::None);
        state.flash.map(|(said, _)| said).unwrap_or_default()
    };
    let read_only = said(&|state| state.read_only = true);
    assert!(
        read_only.contains("this console is read-only"),
        "{read_only}"
    );
    let nobody = said(&|state| state.me = "ole".into());
    assert!(nobody.contains("set user = \"ole\""), "{nobody}");
    let forbidden = said(&|state| state.dialling[0].allowed = false);
    assert!(forbidden.contains("allow = [\"call\"]"), "{forbidden}");
    // A caller whose number is secret.
    let secret = said(&|state| {
        let secret = |row: &Row| row.waiting.caller.is_secret();
        let at = state.callers.rows.iter().position(secret).unwrap();
        play(state, "1");
        play(state, &"j ".repeat(at));
    });
    assert!(secret.contains("nothing to dial"), "{secret}");
}

#[test]
fn a_phone_is_taken_where_calls_can_be_made() {
    let mut state = console();
    let silent = Dialling {
        site: "reception".into(),
        allowed: false,
        ..phones()
    };
    state.dialling.insert(0, silent);
    play(&mut state, "C");
    let commands = play(&mut state, super::CONFIRM);
    assert_eq!(dialled(&commands).map(|w| &w.dial), Some(&dial()));
    // With a phone at sites that make none, the first of them is named.
    let mut state = console();
    let mut second = phones();
    second.site = "reception".into();
    state.dialling.push(second);
    state.dialling.iter_mut().for_each(|d| d.allowed = false);
    play(&mut state, "C");
    let (said, _) = state.flash.unwrap();
    assert!(said.starts_with("site phones makes no calls"), "{said}");
}

#[test]
fn a_production_site_is_asked_for_its_name() {
    let mut state = console();
    state.dialling[0].production = true;
    play(&mut state, "C");
    assert_eq!(play(&mut state, "Ctrl-S"), []);
    callbacks::types(&mut state, "phones");
    let commands = play(&mut state, "Ctrl-S");
    assert_eq!(dialled(&commands).map(|w| &w.dial), Some(&dial()));
}

#[test]
fn a_waiting_caller_can_be_called_and_claims_nothing() {
    let mut state = console();
    play(&mut state, "1");
    let (_, _, caller) = state.selected_caller().unwrap();
    let number = caller.caller.number().unwrap().to_owned();
    play(&mut state, "C");
    let commands = play(&mut state, super::CONFIRM);
    let [Command::Dial(wanted)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((&*wanted.dial.to, &wanted.claim), (&*number, &None));
}

#[test]
fn whoever_was_talked_with_since_is_marked_and_said_before_dialling() {
    let mut state = console();
    let number = "+4535203040";
    // Before the callback was made it does not count.
    let talks = |ago_s: i64, call: &'static str| {
        move |floor: &mut Floor| {
            let told = to_agent("1", "17", number, "Bamse & Kylling");
            floor.at(ago_s);
            floor.step("ring", call, call, &told);
            floor.step("answer", call, call, &told);
        }
    };
    goes_on(&mut state, talks(100_000, "c1"));
    assert!(!line(&state, number).contains("reached"));
    goes_on(&mut state, talks(600, "c2"));
    assert!(line(&state, number).contains("✓ reached 13:53"));
    play(&mut state, "C");
    let shown = text(&state);
    assert!(
        shown.contains("talked with them since, at 13:53"),
        "{shown}"
    );
    play(&mut state, "Esc Enter");
    let shown = text(&state);
    assert!(
        shown.contains("2026-03-02 13:53:27   call c2 at team"),
        "{shown}"
    );
}
