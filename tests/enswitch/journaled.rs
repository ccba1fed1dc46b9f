//! Intent before the request, outcome after it, whatever comes between.

use std::sync::Arc;

use holdline::{
    domain::{
        action::Ended,
        entry::{Entry, What},
        history::History,
        injection::{OnRecord, Told},
    },
    journal::{Journal, JournalError},
    runtime::inject,
};

use crate::{
    server::{Hands, Reply, Stub, json, reply},
    stub::{OK, client, event},
};

fn words(entries: &[Entry]) -> Vec<String> {
    let word = |entry: &Entry| match &entry.what {
        What::Intent(intent) => format!("intent of {}", intent.who),
        What::Outcome(outcome) => {
            format!("outcome of {}: {}", outcome.intent, outcome.ended.words())
        }
        other => panic!("{other:?}"),
    };
    entries.iter().map(word).collect()
}

struct Desk {
    journal: Journal,
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).unwrap();
        Self { journal, folder }
    }

    async fn inject(
        &self,
        url: &str,
    ) -> Result<holdline::domain::injection::Injected, JournalError> {
        // Long ago, so that the list has it at once.
        let event = event(&[("event", "X"), ("time", "1700000000")]);
        let clock = Arc::new(|| holdline::domain::time::At(1_800_000_000_000));
        inject::inject(
            &client(url),
            &self.journal,
            &(clock as _),
            &"anna".into(),
            &event,
        )
        .await
    }

    fn words(&self) -> Vec<String> {
        words(&self.journal.read(0, 100).unwrap())
    }
}

#[tokio::test]
async fn the_intent_is_on_disk_before_the_request_and_the_outcome_after_the_answer() {
    let desk = Desk::new();
    let reader = Journal::open_read_only(desk.folder.path()).unwrap();
    let stub = Stub::serve(move |request| {
        let seen = words(&reader.read(0, 100).unwrap());
        if request.contains("/list/") {
            assert_eq!(seen, ["intent of anna", "outcome of 1: 204: \"OK\""]);
            let row = r#"{"data":"1700000000|NONE|123|NONE|X"}"#;
            return Reply::Bytes(json(format!(
                r#"{{"responses":[{{"code":"200"}}],"data":[{row}]}}"#
            )));
        }
        assert_eq!(seen, ["intent of anna"]);
        Reply::Bytes(json(OK))
    })
    .await;
    let injected = desk.inject(&stub.url).await.unwrap();
    assert!(injected.is_done());
    assert!(
        matches!(injected.record, Some(OnRecord::Found(_))),
        "{injected:?}"
    );
    assert_eq!(stub.asked().len(), 2);
    assert_eq!(injected.exit_code(), 0);
}

#[tokio::test]
async fn what_is_not_on_record_is_said_once_and_a_list_that_fails_too() {
    let list = [
        json(r#"{"responses":[{"code":"200"}],"data":[]}"#),
        reply("500 X", &[], "no"),
    ];
    for (number, answer) in list.into_iter().enumerate() {
        let desk = Desk::new();
        let stub = Stub::serve(move |request| {
            Reply::Bytes(if request.contains("/list/") {
                answer.clone()
            } else {
                json(OK)
            })
        })
        .await;
        let injected = desk.inject(&stub.url).await.unwrap();
        let record = injected.record.clone().unwrap();
        match number {
            0 => assert!(matches!(record, OnRecord::Nothing { .. }), "{record:?}"),
            _ => assert!(matches!(record, OnRecord::Unread(_)), "{record:?}"),
        }
        assert_eq!((injected.exit_code(), stub.asked().len()), (0, 2));
    }
}

#[tokio::test]
async fn a_refusal_and_a_silence_are_outcomes_too_and_nothing_is_looked_up() {
    for (bytes, words) in [
        (
            json(r#"{"responses":[{"code":"400","key":"event","message":"No"}]}"#),
            "400 event: \"No\"",
        ),
        (Vec::new(), "outcome unknown: "),
        (reply("404 X", &[], ""), "not done: "),
    ] {
        let desk = Desk::new();
        let stub = Stub::always(bytes).await;
        let injected = desk.inject(&stub.url).await.unwrap();
        assert!(!injected.is_done() && injected.record.is_none());
        assert_ne!(injected.exit_code(), 0);
        let told = desk.words();
        assert!(told[1].starts_with("outcome of 1: "), "{told:?}");
        assert!(told[1].contains(words), "{told:?}");
        assert_eq!(stub.asked().len(), 1);
    }
}

#[tokio::test]
async fn who_gives_up_waiting_leaves_an_intent_whose_outcome_is_unknown() {
    let desk = Desk::new();
    let (asked, mut hears) = tokio::sync::mpsc::unbounded_channel();
    let stub = Stub::serve(move |_| {
        asked.send(()).unwrap();
        Reply::Bytes(json(OK))
    })
    .await;
    {
        let mut sending = Box::pin(desk.inject(&stub.url));
        tokio::select! {
            biased;
            _ = hears.recv() => {}
            done = &mut sending => panic!("{done:?}"),
        }
    }
    let mut history = History::default();
    let entries = desk.journal.read(0, 100).unwrap();
    for entry in &entries {
        history.apply(entry);
    }
    let last = history.latest().next().unwrap();
    assert_eq!(
        (entries.len(), last.words().as_str()),
        (1, "outcome unknown")
    );
    let again = last.intent.repeated(&"sales".into()).unwrap();
    assert_eq!(again.get("event"), Some("X"));
}

#[tokio::test]
async fn without_an_intent_on_disk_nothing_is_sent() {
    let desk = Desk::new();
    let stub = Stub::always(json(OK)).await;
    let journal = Journal::open_read_only(desk.folder.path()).unwrap();
    let clock = Hands::default().clock();
    let event = event(&[("event", "X")]);
    let done = inject::inject(&client(&stub.url), &journal, &clock, &"a".into(), &event).await;
    assert!(
        matches!(done, Err(JournalError::ReadOnly { .. })),
        "{done:?}"
    );
    assert!(stub.asked().is_empty());
}

#[tokio::test]
async fn validating_journals_nothing_and_asks_for_nothing_else() {
    let body = r#"{"responses":[{"code":"201","key":"","message":"OK"}]}"#;
    let stub = Stub::always(json(body)).await;
    let injected = inject::validate(&client(&stub.url), &event(&[("event", "X")])).await;
    assert!(injected.is_done() && injected.validate);
    assert!(matches!(injected.told, Told::Answered(_)));
    let asked = stub.asked();
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].ends_with("&queue=123&event=X&validation=1"),
        "{asked:?}"
    );
    assert!(Ended::from(&injected.told).words().starts_with("201"));
}
