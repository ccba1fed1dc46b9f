//! The collector against answers given by hand and a real journal.

mod relay;

use std::path::Path;

use super::*;
use crate::{
    domain::{
        board::QueueBoard,
        caller::{CallerState, Party},
        entry::Change,
        fault::{Fault, FaultKind},
        triage::{Act, Deed, Outcome, Standing, Subject},
    },
    vendor::http::Skew,
};

const CONFIG: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[[site]]
name = "aarhus"
vendor = "telecomx"
url = "http://127.0.0.1:9/telecomx"
token = "t"
poll = "2s"
queues = ["q1", "q2"]
"#;

struct Desk {
    folder: tempfile::TempDir,
    journal: Journal,
    collector: Collector,
    now: At,
}

impl Desk {
    async fn open() -> Self {
        Self::open_in(tempfile::tempdir().unwrap(), At(1_772_460_000_000)).await
    }

    async fn open_in(folder: tempfile::TempDir, now: At) -> Self {
        let journal = Journal::open(folder.path()).unwrap();
        let collector = collector(folder.path(), &journal, now).await;
        Self {
            folder,
            journal,
            collector,
            now,
        }
    }

    /// The same folder, as a new process would open it.
    async fn restart(self) -> Self {
        let Self {
            folder,
            journal,
            collector,
            now,
        } = self;
        drop((collector, journal));
        Self::open_in(folder, now).await
    }

    fn queue(&self, id: &str) -> QueueBoard {
        let key = QueueKey {
            site: "aarhus".into(),
            queue: id.into(),
        };
        self.collector
            .board
            .queue(&key)
            .cloned()
            .unwrap_or_default()
    }

    fn entries(&self) -> Vec<crate::domain::entry::Entry> {
        self.journal.read(0, 1_000).unwrap()
    }

    /// Asks now, hears two seconds later.
    async fn hear(
        &mut self,
        queue: &str,
        outcome: Result<Callers, Fault>,
    ) -> Result<Next, JournalError> {
        let clock = self.clock();
        let question = self.collector.question(&feed(queue), &clock).unwrap();
        let told = self.told(question, outcome);
        self.collector.hear(told, 0.0).await
    }

    fn told(&mut self, question: Question, outcome: Result<Callers, Fault>) -> Told {
        let sent = self.now;
        self.now = self.now.shift(2_000);
        let polled = Polled {
            outcome,
            skew: None,
            received: self.now,
        };
        Told {
            feed: question.feed,
            queue: question.queue,
            asked: question.asked,
            sent,
            polled,
        }
    }

    fn clock(&self) -> Clock {
        let now = self.now;
        Arc::new(move || now)
    }
}

async fn collector(folder: &Path, journal: &Journal, now: At) -> Collector {
    let config = Config::parse(CONFIG, folder, &|_| None).unwrap();
    let clock: Clock = Arc::new(move || now);
    Collector::open(&config, journal.clone(), Duration::from_secs(10), &clock)
        .await
        .unwrap()
}

fn feed(queue: &str) -> FeedId {
    FeedId {
        site: "aarhus".into(),
        kind: FeedKind::Callers(QueueId::from(queue)),
    }
}

fn caller(id: &str, entered: At) -> Caller {
    Caller {
        id: id.into(),
        state: CallerState::Queued,
        party: Party::Open {
            number: Some("+4520202020".into()),
            name: None,
        },
        entered: Some(entered),
        answered: None,
        presentation: None,
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    }
}

fn fault(kind: FaultKind) -> Fault {
    Fault::new(kind, "what", "remedy")
}

#[tokio::test]
async fn only_changes_are_recorded() {
    let mut desk = Desk::open().await;
    let list = vec![caller("a", desk.now), caller("b", desk.now)];
    desk.hear("q1", Ok(Callers::List(list.clone())))
        .await
        .unwrap();
    assert_eq!(desk.entries().len(), 2);
    desk.hear("q1", Ok(Callers::List(list.clone())))
        .await
        .unwrap();
    desk.hear("q1", Ok(Callers::Unchanged)).await.unwrap();
    desk.hear("q1", Err(fault(FaultKind::Timeout)))
        .await
        .unwrap();
    assert_eq!(desk.entries().len(), 2);
    desk.hear("q1", Ok(Callers::List(list[..1].to_vec())))
        .await
        .unwrap();
    let last = desk.entries().pop().unwrap();
    let What::Change(Change::Gone { id, waited, .. }) = last.what else {
        panic!("{last:?}")
    };
    assert_eq!(id.as_str(), "b");
    // The last list that had them came 6 s in; the timeout told nothing.
    assert_eq!(waited, Some(Duration::from_secs(6)));
}

#[tokio::test]
async fn a_restart_goes_on_from_the_checkpoint_and_from_the_tail() {
    let mut desk = Desk::open().await;
    let (a, b) = (caller("a", desk.now), caller("b", desk.now));
    desk.hear("q1", Ok(Callers::List(vec![a.clone(), b.clone()])))
        .await
        .unwrap();
    desk.hear("q1", Ok(Callers::List(vec![a.clone()])))
        .await
        .unwrap();
    desk.collector.checkpoint(true).await.unwrap();
    desk.hear(
        "q1",
        Ok(Callers::List(vec![a.clone(), caller("c", desk.now)])),
    )
    .await
    .unwrap();
    desk.collector.publish(Vec::new()).await.unwrap();
    let before = desk.queue("q1");
    let mut desk = desk.restart().await;
    assert_eq!(desk.queue("q1"), before);
    assert_eq!((before.len(), before.today.left()), (2, 1));
    // The first list after the restart settles what happened meanwhile; how,
    // and after how long, who is gone went is not known, and not counted.
    desk.now = desk.now.shift(3_600_000);
    desk.hear("q1", Ok(Callers::List(vec![a]))).await.unwrap();
    let last = desk.entries().pop().unwrap();
    let What::Change(Change::Gone { waited, .. }) = last.what else {
        panic!("{last:?}")
    };
    assert_eq!(waited, None);
    assert_eq!(desk.queue("q1").today.left(), 1);
}

#[tokio::test]
async fn what_only_others_wrote_is_saved_and_pruned_too() {
    let mut desk = Desk::open().await;
    let act = |id: &str| NewEntry {
        at: desk.now,
        site: "outbound".into(),
        dedupe: None,
        what: What::Act(crate::domain::triage::Act {
            subject: crate::domain::triage::Subject {
                site: "outbound".into(),
                id: id.into(),
            },
            also: [].into(),
            customer: None,
            who: "anna".into(),
            deed: crate::domain::triage::Deed::Release,
        }),
    };
    let acts = vec![act("1"), act("2"), act("3")];
    desk.journal.append(acts).await.unwrap();
    desk.collector.checkpoint(true).await.unwrap();
    let saved = desk.journal.checkpoint(0).unwrap().unwrap();
    assert_eq!(saved.upto, desk.journal.last_seq().unwrap());
    desk.journal.prune(desk.now.shift(1)).await.unwrap();
    assert_eq!(desk.entries().len(), 1, "the last entry always stays");
}

/// An act on a callback.
fn act(id: &str, at: At, deed: Deed) -> NewEntry {
    NewEntry {
        at,
        site: "outbound".into(),
        dedupe: None,
        what: What::Act(Act {
            subject: subject(id),
            also: [].into(),
            customer: Some(format!("+4520000{id}").into()),
            who: "anna".into(),
            deed,
        }),
    }
}

fn subject(id: &str) -> Subject {
    Subject {
        site: "outbound".into(),
        id: id.into(),
    }
}

/// A reader of another configuration: its fingerprint is another.
fn elsewhere(country: &str) -> Reader {
    let text = CONFIG.replace(
        "token = \"t\"",
        &format!("token = \"t\"\ncountry = \"{country}\""),
    );
    let config = Config::parse(&text, Path::new("/"), &|_| None).unwrap();
    Reader::new(&config.domain_sites())
}

/// A journal with a checkpoint, out of which retention has taken who must not
/// be called, and with acts since; and the board that knows all of it.
async fn much_was_done() -> (tempfile::TempDir, Journal, Board) {
    let desk = Desk::open().await;
    let (old, now) = (desk.now.shift(-40 * 86_400_000), desk.now);
    let never = Deed::Outcome {
        outcome: Outcome::DoNotCall,
    };
    let missed = Deed::Outcome {
        outcome: Outcome::NoAnswer,
    };
    let entered = NewEntry {
        at: now,
        site: "aarhus".into(),
        dedupe: None,
        what: What::Change(Change::Entered {
            queue: "q1".into(),
            caller: caller("a", now),
        }),
    };
    let acts = vec![act("1", old, never), act("2", now, missed.clone()), entered];
    desk.journal.append(acts).await.unwrap();
    let reader = elsewhere("DK");
    let saved = board(&desk.journal, TimeZone::UTC, &reader).unwrap();
    let journal = desk.journal.clone();
    journal
        .save_checkpoint(&saved.checkpoint(), reader.fingerprint())
        .await
        .unwrap();
    assert_eq!(journal.prune(old.shift(1)).await.unwrap(), 1);
    journal.append(vec![act("2", now, missed)]).await.unwrap();
    let known = board(&journal, TimeZone::UTC, &reader).unwrap();
    (desk.folder, journal, known)
}

/// That a board knows of callbacks what the other one knew: each act once, and
/// those whose entries are deleted.
fn knows(board: &Board, known: &Board) {
    assert_eq!(board.triage, known.triage);
    let standing = |id: &str| board.triage.standing(&subject(id), None, "bente", At(0));
    assert_eq!(standing("1"), Standing::Closed(Outcome::DoNotCall));
    assert_eq!(board.triage.case(&subject("2")).unwrap().tries, 2);
}

#[tokio::test]
async fn who_must_not_be_called_stays_remembered_whatever_is_configured() {
    let (_folder, journal, known) = much_was_done().await;
    for country in ["SE", "DK", "NO"] {
        let reader = elsewhere(country);
        let anew = board(&journal, TimeZone::UTC, &reader).unwrap();
        knows(&anew, &known);
        // All else is as if there had never been a checkpoint.
        assert_eq!(anew, known);
        journal
            .save_checkpoint(&anew.checkpoint(), reader.fingerprint())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn who_must_not_be_called_stays_remembered_by_another_version() {
    let (folder, journal, known) = much_was_done().await;
    let db = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    for other in [
        "UPDATE board SET format = 99",
        "UPDATE board SET format = 4, body = json_remove(body, '$.floors')",
        "UPDATE board SET format = 4, body = json_set(body, '$.triage[#]', 'of another age')",
    ] {
        assert_eq!(db.execute(other, []), Ok(1));
        let anew = board(&journal, TimeZone::UTC, &elsewhere("DK")).unwrap();
        knows(&anew, &known);
        assert_eq!(anew, known, "{other}");
    }
    // One that is not of these entries would hide what is done next.
    db.execute(
        "UPDATE board SET upto = 9, body = json_set(body, '$.upto', 9)",
        [],
    )
    .unwrap();
    assert_eq!(journal.kept_triage().unwrap(), None);
}

#[tokio::test]
async fn who_must_not_be_called_stays_remembered_after_damage() {
    let (folder, journal, known) = much_was_done().await;
    // The last act is lost; so, it turns out, is what the board held last.
    let db = rusqlite::Connection::open(folder.path().join("journal.db")).unwrap();
    db.execute("DELETE FROM entry WHERE seq > 2", []).unwrap();
    drop((db, journal));
    let salvaged = crate::journal::recover(folder.path(), At(0)).unwrap();
    assert_eq!(salvaged.unwrap().saved, 1);
    let journal = Journal::open(folder.path()).unwrap();
    let reader = elsewhere("DK");
    let anew = board(&journal, TimeZone::UTC, &reader).unwrap();
    assert_eq!(anew.triage.case(&subject("2")).unwrap().tries, 1);
    // What is done next comes after all that is remembered.
    let missed = Deed::Outcome {
        outcome: Outcome::NoAnswer,
    };
    let next = act("2", At(1_772_460_000_000), missed);
    let place = journal.append(vec![next]).await.unwrap();
    assert_eq!(place, [Some(4)]);
    knows(&board(&journal, TimeZone::UTC, &reader).unwrap(), &known);
}

#[test]
fn a_large_board_is_saved_less_often() {
    let lasts = |bytes| super::Saved { upto: 0, bytes }.lasts();
    assert_eq!(lasts(0), 1_000);
    assert_eq!(lasts(100_000), 1_000);
    assert_eq!(lasts(10 << 20), 81_920);
}

#[tokio::test]
async fn what_came_before_the_start_counts_for_the_next_checkpoint() {
    let mut desk = Desk::open().await;
    desk.hear("q1", Ok(Callers::List(vec![caller("a", desk.now)])))
        .await
        .unwrap();
    assert!(desk.journal.checkpoint(0).unwrap().is_none());
    let mut desk = desk.restart().await;
    desk.collector.checkpoint(true).await.unwrap();
    assert!(desk.journal.checkpoint(0).unwrap().is_some());
}

#[tokio::test]
async fn a_feed_that_fails_leaves_the_others_alone() {
    let mut desk = Desk::open().await;
    let next = desk
        .hear("q1", Err(fault(FaultKind::Server)))
        .await
        .unwrap();
    assert!(next.turned);
    let next = desk
        .hear("q1", Err(fault(FaultKind::Server)))
        .await
        .unwrap();
    assert_eq!((next.turned, next.after), (false, Duration::from_secs(4)));
    desk.hear("q2", Ok(Callers::List(Vec::new())))
        .await
        .unwrap();
    let health: BTreeMap<_, _> = desk.collector.health().into_iter().collect();
    assert_eq!(health[&feed("q1")].trouble.as_ref().unwrap().count, 2);
    assert_eq!(health[&feed("q2")].trouble, None);
    assert_eq!(health[&feed("q2")].last_ok, Some(desk.now));
}

#[tokio::test]
async fn a_rate_limit_is_kept_and_counted_from_now() {
    let mut desk = Desk::open().await;
    let until = desk.now.shift(32_000);
    let next = desk
        .hear(
            "q1",
            Err(fault(FaultKind::RateLimited { until: Some(until) })),
        )
        .await
        .unwrap();
    assert_eq!(next.after, Duration::from_secs(30));
    let health: BTreeMap<_, _> = desk.collector.health().into_iter().collect();
    assert_eq!(health[&feed("q1")].next, Some(until));
}

#[test]
fn a_fault_that_goes_on_is_told_once() {
    let limited = |until| fault(FaultKind::RateLimited { until });
    assert!(is_same(&limited(None), &limited(Some(At(1)))));
    assert!(!is_same(&limited(None), &fault(FaultKind::Server)));
    let other = Fault::new(FaultKind::Server, "else", "remedy");
    assert!(!is_same(&fault(FaultKind::Server), &other));
}

#[tokio::test]
async fn what_the_journal_did_not_take_is_not_believed() {
    let mut desk = Desk::open().await;
    // Another program holds the journal; the entry cannot be written.
    let full = rusqlite_limit(desk.folder.path());
    let list = vec![caller("a", desk.now)];
    let refused = desk.hear("q1", Ok(Callers::List(list.clone()))).await;
    assert!(refused.is_err());
    assert!(desk.queue("q1").is_empty());
    let health: BTreeMap<_, _> = desk.collector.health().into_iter().collect();
    assert_eq!(health[&feed("q1")].last_ok, None);
    drop(full);
    desk.hear("q1", Ok(Callers::List(list))).await.unwrap();
    assert_eq!(desk.queue("q1").len(), 1);
}

/// Holds the journal's write lock until dropped.
fn rusqlite_limit(folder: &Path) -> rusqlite::Connection {
    let db = rusqlite::Connection::open(folder.join("journal.db")).unwrap();
    db.execute_batch("BEGIN IMMEDIATE").unwrap();
    db
}

#[tokio::test]
async fn another_hands_entries_are_folded_in_before_a_list_is_compared() {
    let mut desk = Desk::open().await;
    desk.hear("q1", Ok(Callers::List(vec![caller("a", desk.now)])))
        .await
        .unwrap();
    // Somebody else on this journal saw them go while a list was on its way.
    let clock = desk.clock();
    let question = desk.collector.question(&feed("q1"), &clock).unwrap();
    let gone = Change::Gone {
        queue: "q1".into(),
        id: "a".into(),
        how: crate::domain::entry::Departure::Answered,
        waited: None,
    };
    let entry = NewEntry {
        at: desk.now,
        site: "aarhus".into(),
        dedupe: None,
        what: What::Change(gone),
    };
    desk.journal.append(vec![entry]).await.unwrap();
    let told = desk.told(question, Ok(Callers::List(vec![caller("a", At(0))])));
    desk.collector.hear(told, 0.0).await.unwrap();
    assert!(
        desk.queue("q1").is_empty(),
        "old news brought a caller back"
    );
    assert_eq!(desk.queue("q1").today.answered(), 1);
}

#[tokio::test]
async fn the_vendors_clock_is_measured() {
    let mut desk = Desk::open().await;
    let clock = desk.clock();
    let question = desk.collector.question(&feed("q1"), &clock).unwrap();
    let mut told = desk.told(question, Ok(Callers::Unchanged));
    told.polled.skew = Some(Skew {
        ms: 90_000,
        tolerance: Duration::from_millis(1_500),
    });
    desk.collector.hear(told, 0.0).await.unwrap();
    let health: BTreeMap<_, _> = desk.collector.health().into_iter().collect();
    assert_eq!(health[&feed("q1")].skew_ms, 90_000);
}

#[tokio::test]
async fn a_client_that_cannot_be_made_is_a_fault_of_its_feeds() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let mut config = Config::parse(CONFIG, folder.path(), &|_| None).unwrap();
    let Account::TelecomX(account) = &mut config.sites[0].account else {
        panic!("not telecomx")
    };
    account.url = "not an address".into();
    let clock: Clock = Arc::new(|| At(0));
    let collector = Collector::open(&config, journal, Duration::from_secs(1), &clock)
        .await
        .unwrap();
    assert!(collector.question(&feed("q1"), &clock).is_none());
    assert!(
        collector
            .health()
            .iter()
            .all(|(_, health)| health.trouble.is_some())
    );
}
