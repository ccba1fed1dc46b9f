//! What only the inside can arrange: a full disk, a lock that is held, a
//! checkpoint of another version.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::domain::{
    board::Board,
    caller::{Caller, CallerState, Party, Raw},
    entry::{Change, Departure, What},
    event::{AgentNews, CallEvent, CallFacts, CallStep, Event},
    hook::{Hook, Says},
    site::Vendor,
};

fn journal() -> (TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    (folder, journal)
}

fn noise(n: u64, bytes: usize) -> NewEntry {
    NewEntry {
        at: At(i64::try_from(n).unwrap()),
        site: "support".into(),
        dedupe: None,
        what: What::Unknown {
            kind: "noise".into(),
            body: format!("{{\"n\":{n},\"pad\":\"{}\"}}", "x".repeat(bytes)).into(),
        },
    }
}

fn entered(id: &str) -> NewEntry {
    let row = format!(r#"{{"_id":"{id}","entered":"1970-01-01T00:00:01Z"}}"#);
    let caller = Caller {
        id: id.into(),
        state: CallerState::Queued,
        party: Party::Open {
            number: Some("+4520304050".into()),
            name: None,
        },
        entered: Some(At(1_000)),
        answered: None,
        presentation: None,
        answered_by_extension: None,
        answered_by_number: None,
        raw: Some(Raw::new(&row)),
    };
    NewEntry {
        at: At(2_000),
        site: "support".into(),
        dedupe: None,
        what: What::Change(Change::Entered {
            queue: "123".into(),
            caller,
        }),
    }
}

fn gone(id: &str) -> NewEntry {
    NewEntry {
        at: At(9_000),
        what: What::Change(Change::Gone {
            queue: "123".into(),
            id: id.into(),
            how: Departure::Left,
            waited: Some(std::time::Duration::from_secs(8)),
        }),
        ..entered(id)
    }
}

fn folded(journal: &Journal) -> Board {
    let mut board = Board::new(TimeZone::UTC);
    for entry in journal.read(0, usize::MAX).unwrap() {
        board.apply(&entry);
    }
    board
}

fn file(journal: &Journal) -> PathBuf {
    journal.folder().join("journal.db")
}

/// Limits the database to `pages`, as a full disk does; 0 lifts it.
async fn limit(journal: &Journal, pages: u32) {
    let pages = if pages == 0 { u32::MAX - 1 } else { pages };
    let set = move |store: &mut store::Store| {
        store
            .entries()
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| {
                row.get::<_, i64>(0)
            })
            .unwrap();
        Ok(())
    };
    journal.writer().unwrap().aside(set).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_fails_the_whole_append_and_a_freed_one_takes_the_next() {
    let (_folder, journal) = journal();
    journal.append(vec![noise(1, 10)]).await.unwrap();
    limit(&journal, 12).await;
    // Some of these would still fit; none may be stored.
    let full = journal
        .append((2..200).map(|n| noise(n, 1_000)).collect())
        .await
        .unwrap_err();
    assert!(matches!(full, JournalError::Full { .. }), "{full}");
    assert!(full.to_string().starts_with("the disk is full"), "{full}");
    assert_eq!(journal.read(0, 10).unwrap().len(), 1);
    limit(&journal, 0).await;
    let seqs = journal
        .append((2..200).map(|n| noise(n, 1_000)).collect())
        .await
        .unwrap();
    assert!(seqs.iter().all(Option::is_some));
    assert_eq!(journal.read(0, 1_000).unwrap().len(), 199);
}

#[tokio::test]
async fn a_lock_that_is_held_too_long_is_said_and_survived() {
    let (_folder, journal) = journal();
    let patience = |ms| {
        move |store: &mut store::Store| {
            let ms = std::time::Duration::from_millis(ms);
            store.entries().busy_timeout(ms).unwrap();
            Ok(())
        }
    };
    let writer = journal.writer().unwrap();
    writer.aside(patience(1)).await.unwrap();
    let other = Connection::open(file(&journal)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = journal.append(vec![noise(1, 1)]).await.unwrap_err();
    assert!(matches!(busy, JournalError::Busy { .. }), "{busy}");
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(journal.append(vec![noise(2, 1)]).await.unwrap().len(), 1);
    assert_eq!(journal.read(0, 10).unwrap().len(), 1);
}

// A checkpoint is written as the board's own types are. If this test fails,
// count BOARD_FORMAT up and write the new shape here; not where the old one is
// read as before, as waits stored one by one are.
#[tokio::test]
async fn the_shape_of_a_checkpoint_belongs_to_its_format() {
    let (_folder, journal) = journal();
    let entries = vec![entered("a"), entered("b"), gone("a")];
    journal.append(entries).await.unwrap();
    let json = serde_json::to_string(&folded(&journal).checkpoint()).unwrap();
    assert_eq!(read::BOARD_FORMAT, 7);
    assert_eq!(
        json,
        concat!(
            r#"{"upto":3,"queues":[[{"site":"support","queue":"123"},"#,
            r#"{"callers":{"shapes":[{"state":"queued","is_secret":false,"is_injected":false,"#,
            r#""has_entered":true,"fields":[0,1,null,null,null,null,null],"#,
            r#""row":{"rest":"{\"_id\":\"\",\"entered\":\"\"}","holes":[{"at":8,"value":"text"},"#,
            r#"{"at":21,"value":{"time":{"is_answered":false,"digits":0}}}]}}],"#,
            r#""waiting":[[0,["b","+4520304050"],1000,2000,2,2]]},"#,
            r#""departed":{"a":{"at":9000,"seq":3,"how":"left","waited":{"secs":8,"nanos":0},"#,
            r#""seen":2000,"entered":1000}},"today":{"day":"1970-01-01","#,
            r#""answered":{"lengths":{},"unknown":0},"left":{"lengths":{"16":1},"unknown":0}}}]],"floors":{},"triage":[]}"#
        )
    );
}

#[test]
fn the_shape_of_a_floor_belongs_to_the_same_format() {
    let agent = |news| Event::Agent {
        agent: "17".into(),
        news,
    };
    let checkin = agent(AgentNews::CheckedIn {
        device: Some("71".into()),
        device_name: None,
    });
    let call = |leg: &str, step, at, facts| {
        Event::Call(CallEvent {
            call: "c".into(),
            leg: leg.into(),
            at: Some(At(at)),
            micros: 0,
            step,
            home: None,
            facts,
        })
    };
    let start = CallFacts {
        kind: Some("inbound".into()),
        queue: Some("1".into()),
        number: Some("+4520304050".into()),
        queue_wait: Some(std::time::Duration::from_secs(2)),
        other: [("lead_id".into(), "9".into())].into(),
        ..CallFacts::default()
    };
    let answer = CallFacts {
        to_agent: Some("17".into()),
        ..CallFacts::default()
    };
    let events = [
        checkin,
        agent(AgentNews::Joined(vec!["1".into()])),
        call("c", CallStep::Start, 3_000, start),
        call("b", CallStep::Answer, 5_000, answer),
    ];
    let mut board = Board::new(TimeZone::UTC);
    for (seq, event) in (1..).zip(events) {
        let what = What::Hook(Hook {
            vendor: Vendor::Contaqt,
            event: "".into(),
            body: Raw::new("{}"),
            injected: false,
            says: Says::This(Box::new(event)),
        });
        board.apply(&Entry {
            seq,
            at: At(6_000),
            site: "team".into(),
            what,
        });
    }
    board.apply(&Entry {
        seq: 5,
        at: At(9_000),
        site: "team".into(),
        what: What::Gap {
            from: At(7_000),
            to: At(9_000),
        },
    });
    let json = serde_json::to_string(&board.checkpoint()).unwrap();
    assert_eq!(read::BOARD_FORMAT, 7);
    assert_eq!(
        json,
        concat!(
            r#"{"upto":5,"queues":[[{"site":"team","queue":"1"},"#,
            r#"{"callers":{"shapes":[],"waiting":[]},"departed":{},"#,
            r#""today":{"day":"1970-01-01","answered":{"lengths":{"4":1},"unknown":0},"#,
            r#""left":{"lengths":{},"unknown":0}}}]],"#,
            r#""floors":{"team":{"agents":{"17":{"id":"17","device":"71","device_name":null,"#,
            r#""queues":["1"],"queues_known":true,"queueless":null,"#,
            r#""heard":6000,"touched":4,"said":[{"at":6000,"seq":1,"login":true,"pause":null,"#,
            r#""in_calls":null,"activity":null,"since":6000,"seen":true,"anew":true,"#,
            r#""inferred":false,"injected":false}],"spans":[[["c","#,
            r#""b"],{"rang":null,"answered":5000,"ended":null,"touched":4,"#,
            r#""injected":false}]],"#,
            r#""today":{"day":"1970-01-01","calls":1}}},"calls":{"c":{"call":{"id":"c","#,
            r#""legs":{"b":{"steps":[null,null,null,{"guessed":false,"at":5000},null],"#,
            r#""facts":{"to_agent":"17"},"ranks":{"known":{"6":[5000,"answer"]}},"#,
            r#""touched":4},"c":{"steps":[null,{"guessed":false,"at":3000},null,null,null],"#,
            r#""facts":{"kind":"inbound","queue":"1","number":"+4520304050","queue_wait":{"secs":2,"nanos":0},"#,
            r#""other":{"lead_id":"9"}},"ranks":{"known":{"0":[3000,"start"],"1":[3000,"start"],"2":[3000,"#,
            r#""start"],"14":[3000,"start"]},"other":{"lead_id":[3000,"start"]}},"#,
            r#""touched":3}},"injected":false,"seen":6000,"heard":6000,"arrival":3,"#,
            r#""touched":4},"settled":{"queues":[["1",{"gone":{"day":"1970-01-01","#,
            r#""how":"answered","waited":{"secs":2,"nanos":0}}}]],"#,
            r#""counted":{"17":"1970-01-01"},"spans":[["17","b"]],"#,
            r#""reached":[{"number":"+4520304050","key":"+4520304050","at":5000}]}}},"#,
            r#""forgotten":null,"gap":{"from":7000,"to":9000,"seq":5},"#,
            r#""talks":[["+4520304050",5000,"c"]],"talks_forgotten":0,"told":6000}},"triage":[]}"#
        )
    );
}

// What stands here stands in people's journals, and outlives every format: if
// this test fails, the code is wrong, not the test.
#[tokio::test]
async fn the_shape_of_triage_never_changes() {
    let case = concat!(
        r#"[{"site":"outbound","id":"1"},["#,
        r#"{"seq":1,"at":7,"act":{"subject":{"site":"outbound","id":"1"},"#,
        r#""customer":"+4520304050","who":"anna","deed":{"claim":{"until":9,"status":"pending"}}},"#,
        r#""took":true,"undone":false},"#,
        r#"{"seq":2,"at":7,"act":{"subject":{"site":"outbound","id":"1"},"#,
        r#""customer":null,"who":"anna","deed":{"outcome":{"outcome":"do_not_call"}}},"#,
        r#""took":true,"undone":false}]]"#
    );
    let (_folder, journal) = journal();
    journal
        .append(vec![noise(1, 1), noise(2, 1)])
        .await
        .unwrap();
    let other = Connection::open(file(&journal)).unwrap();
    let body = format!(r#"{{"upto":2,"triage":[{case}]}}"#);
    other
        .execute(
            "INSERT INTO board (one, format, upto, body) VALUES (1, 1, 2, ?1)",
            [&body],
        )
        .unwrap();
    let kept = journal.kept_triage().unwrap().unwrap();
    let json = serde_json::to_string(&Board::anew(TimeZone::UTC, kept).checkpoint()).unwrap();
    assert!(json.ends_with(&format!(r#""triage":[{case}]}}"#)), "{json}");
}

#[tokio::test]
async fn a_checkpoint_of_another_version_or_unreadable_is_none() {
    let (_folder, journal) = journal();
    let entries = vec![entered("a"), entered("b")];
    journal.append(entries).await.unwrap();
    let board = folded(&journal).checkpoint();
    let other = Connection::open(file(&journal)).unwrap();
    for spoil in [
        "UPDATE board SET format = 99",
        "UPDATE board SET body = '{}'",
        "UPDATE board SET body = 'not JSON'",
        "UPDATE board SET upto = 1",
        "DELETE FROM entry WHERE seq = 2",
    ] {
        other.execute("DELETE FROM board", []).unwrap();
        journal.save_checkpoint(&board, 0).await.unwrap();
        assert_eq!(journal.checkpoint(0).unwrap().as_ref(), Some(&board));
        other.execute(spoil, []).unwrap();
        assert_eq!(journal.checkpoint(0).unwrap(), None, "{spoil}");
    }
}

#[tokio::test]
async fn an_older_checkpoint_does_not_replace_a_newer_one_of_this_version() {
    let (_folder, journal) = journal();
    journal.append(vec![entered("a")]).await.unwrap();
    let older = folded(&journal).checkpoint();
    journal.append(vec![entered("b")]).await.unwrap();
    let newer = folded(&journal).checkpoint();
    journal.save_checkpoint(&newer, 0).await.unwrap();
    journal.save_checkpoint(&older, 0).await.unwrap();
    assert_eq!(journal.checkpoint(0).unwrap().as_ref(), Some(&newer));
    // One of a version that came later is replaced, whatever it holds.
    let other = Connection::open(file(&journal)).unwrap();
    other.execute("UPDATE board SET format = 99", []).unwrap();
    journal.save_checkpoint(&older, 0).await.unwrap();
    assert_eq!(journal.checkpoint(0).unwrap(), Some(older));
}

#[tokio::test]
async fn damaged_text_in_one_entry_keeps_nobody_from_the_next() {
    let (_folder, journal) = journal();
    let entries = vec![entered("a"), entered("b"), entered("c")];
    journal.append(entries).await.unwrap();
    let other = Connection::open(file(&journal)).unwrap();
    other
        .execute(
            "UPDATE entry SET body = CAST(x'7bff7d' AS TEXT) WHERE seq = 2",
            [],
        )
        .unwrap();
    let read = journal.read(0, 10).unwrap();
    assert_eq!(read.iter().map(|e| e.seq).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(matches!(&read[1].what, What::Unknown { kind, .. } if &**kind == "change"));
    assert!(matches!(&read[2].what, What::Change(_)));
}

#[tokio::test]
#[expect(
    clippy::await_holding_lock,
    reason = "whoever looks must not wait for it on this thread"
)]
async fn who_looks_aside_keeps_nobody_waiting() {
    let (_folder, journal) = journal();
    let held = journal.0.reader.lock().unwrap();
    let mut looking =
        Box::pin(journal.aside(|journal| Ok((journal.feeds()?, journal.last_seq()?))));
    // On this one thread: had it blocked, nothing would ever go on.
    tokio::select! {
        biased;
        _ = &mut looking => panic!("nobody can look now"),
        () = tokio::task::yield_now() => {}
    }
    drop(held);
    assert_eq!(looking.await.unwrap(), (Vec::new(), 0));
}

#[tokio::test]
async fn a_feed_that_cannot_be_read_hides_no_other() {
    let (_folder, journal) = journal();
    let feed = |queue: &str| FeedId {
        site: "support".into(),
        kind: crate::domain::feed::FeedKind::Callers(queue.into()),
    };
    let health = FeedHealth::new(std::time::Duration::from_secs(2));
    let both = vec![(feed("1"), health.clone()), (feed("2"), health)];
    journal.set_feeds(both).await.unwrap();
    let other = Connection::open(file(&journal)).unwrap();
    other
        .execute(
            "UPDATE feed SET health = '{\"v\":2}' WHERE id LIKE '%\"1\"%'",
            [],
        )
        .unwrap();
    let read = journal.feeds().unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].0, feed("2"));
}

#[test]
fn the_linked_sqlite_does_not_lose_a_log_that_is_moved_while_it_is_written() {
    // Before 3.51.3 a checkpoint and a writer in two processes could, rarely,
    // damage the database.
    assert!(rusqlite::version_number() >= 3_051_003);
}
