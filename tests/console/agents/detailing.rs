//! What the details tell of an agent.

use super::*;

#[test]
fn what_looks_wrong_stands_in_the_details_with_its_evidence() {
    let mut state = agents(120, 36);
    for (name, evidence) in [
        ("Mette Krog", "paused for 50:00, lunch may last 45:00"),
        ("Kim Dahl", "checked in, but in no queue since 12:03:27"),
        (
            "Lis Toft",
            "says at calls, but the last leg ended at 13:53:27",
        ),
    ] {
        let told = details_of(&mut state, name);
        assert!(
            told.contains(&format!("What looks wrong\n{evidence}\n")),
            "{told}"
        );
    }
    assert!(!details_of(&mut state, "Jens Vig").contains("wrong"));
    assert_eq!(state.agents.suspects, 3);
}

#[test]
fn details_tell_all_and_the_shift_the_latest_first() {
    let mut state = agents(120, 36);
    let told = details_of(&mut state, "Jens Vig");
    for fact in [
        "name                Jens Vig",
        "state               free",
        "since               14:02:46   for 0:41",
        "device              Desk 4",
        "queues              desk",
        "calls today         1",
    ] {
        assert!(told.lines().any(|l| l == fact), "{fact}\n{told}");
    }
    let timeline = told.split("latest first\n").nth(1).unwrap();
    let turns: Vec<String> = timeline.lines().map(|l| words(l).join(" ")).collect();
    assert_eq!(
        turns,
        [
            "14:02:46 free 0:41",
            "13:48:42 on call 14:04 +4586123456 Karen Blixen",
            "13:48:37 ringing 0:05 +4586123456 Karen Blixen",
            "11:03:37 free 2:45:00",
        ]
    );
    let told = details_of(&mut state, "Anna Holm");
    for leg in [
        "+4535203040   came 14:00:07",
        "Anna Holm   rang 14:00:17   answered 14:00:27",
    ] {
        assert!(told.contains(leg), "{told}");
    }
    let told = details_of(&mut state, "Ida Lund");
    assert!(
        told.contains("unknown: no event has told of them yet"),
        "{told}"
    );
    let told = details_of(&mut state, "23");
    assert!(told.contains("it began then or before"), "{told}");
    assert!(told.contains("activity            mail"), "{told}");
    assert!(
        told.contains("— (those joined before we listened are not told)"),
        "{told}"
    );
}

#[test]
fn details_stay_open_when_the_agent_goes_and_tick_meanwhile() {
    let mut state = agents(80, 24);
    play(&mut state, "/ j e n s Enter Enter");
    passes(&mut state, 20);
    assert!(text(&state).contains("for 1:01"), "{}", text(&state));
    goes_on(&mut state, |floor| {
        floor.event("agent:checkout", &json!({"user_id": 18}));
    });
    let told = text(&state);
    assert!(told.contains("state               out"), "{told}");
    assert!(told.contains("queues              none"), "{told}");
    assert!(
        told.contains("14:03:47            out             0:00"),
        "{told}"
    );
}
