//! The role, its pace and its trouble, on tokio's paused time where nothing is
//! sent.

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, timeout},
};

use super::{
    work::{AFTER_TROUBLE, Due, FIRST_PRUNE, PUBLISH, REPEAT, TOGETHER},
    *,
};
use crate::{
    domain::{
        entry::{NewEntry, What},
        time::At,
        triage::{Act, Deed, Subject},
    },
    journal::Journal,
};

const CALLBACKS_ONLY: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
retain = "1d"
[[site]]
name = "outbound"
vendor = "while1"
url = "http://127.0.0.1:9/while1"
token = "t"
key = "k"
"#;

fn act(id: &str) -> NewEntry {
    NewEntry {
        at: At(0),
        site: "outbound".into(),
        dedupe: None,
        what: What::Act(Act {
            subject: Subject {
                site: "outbound".into(),
                id: id.into(),
            },
            also: [].into(),
            customer: None,
            who: "anna".into(),
            deed: Deed::Release,
        }),
    }
}

#[tokio::test(start_paused = true)]
async fn a_journal_of_acts_alone_is_pruned_but_not_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    journal
        .append(vec![act("1"), act("2"), act("3")])
        .await
        .unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(CALLBACKS_ONLY, folder.path(), &|_| None).unwrap()),
        journal: journal.clone(),
        clock: Arc::new(|| At(1_772_460_000_000)),
        deadline: Duration::from_secs(1),
    };
    let began = Instant::now();
    let (say, mut said) = mpsc::unbounded_channel();
    let (_order, orders) = mpsc::channel(1);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(run(setup, orders, say, stopping));
    assert_eq!(said.recv().await, Some(Answer::Collecting(true)));
    let pruned = async {
        while journal.read(0, 10).unwrap().len() > 1 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    };
    timeout(Duration::from_hours(2), pruned).await.unwrap();
    assert!(began.elapsed() >= FIRST_PRUNE, "{:?}", began.elapsed());
    stop.send(true).unwrap();
    running.await.unwrap();
    assert!(said.try_recv().is_err(), "no trouble, and no end of any");
}

const QUEUES: &str = r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[[site]]
name = "aarhus"
vendor = "telecomx"
url = "http://127.0.0.1:9/telecomx"
token = "t"
queues = ["q1", "q2"]
"#;

#[tokio::test(start_paused = true)]
async fn no_hurry_asks_who_wants_to_be_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(QUEUES, folder.path(), &|_| None).unwrap()),
        journal: Journal::open(folder.path()).unwrap(),
        clock: Arc::new(|| At(0)),
        deadline: Duration::from_secs(1),
    };
    let mut work = Work::begin(&setup, watch::channel(Condition::default()).0, &mut None)
        .await
        .unwrap();
    let (now, minute) = (Instant::now(), Duration::from_mins(1));
    let mut dues = work.due.values_mut();
    let (limited, idle) = (dues.next().unwrap(), dues.next().unwrap());
    *limited = Due::at(now + minute);
    idle.at = now + minute;
    assert_eq!(work.hurry(), 1);
    let at: Vec<Instant> = work.due.values().map(|due| due.at).collect();
    assert_eq!(at, [now + minute, now]);
    tokio::time::advance(minute).await;
    assert_eq!(work.hurry(), 2);
}

#[tokio::test(start_paused = true)]
async fn who_is_nearly_due_is_asked_with_who_is_but_nobody_who_wants_to_be_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(QUEUES, folder.path(), &|_| None).unwrap()),
        journal: Journal::open(folder.path()).unwrap(),
        clock: Arc::new(|| At(0)),
        deadline: Duration::from_secs(1),
    };
    let mut work = Work::begin(&setup, watch::channel(Condition::default()).0, &mut None)
        .await
        .unwrap();
    let (now, ms) = (Instant::now(), Duration::from_millis(1));
    let asked = |work: &mut Work, one: Due, other: Due| {
        let mut dues = work.due.values_mut();
        *dues.next().unwrap() = one;
        *dues.next().unwrap() = other;
        work.who_is_due(now).len()
    };
    let polled = |at| Due {
        not_before: now,
        ..Due::at(at)
    };
    let (due, nearly, later) = (polled(now), polled(now + 20 * ms), polled(now + 30 * ms));
    assert_eq!(asked(&mut work, due, nearly), 2);
    assert_eq!(asked(&mut work, due, later), 1);
    assert_eq!(asked(&mut work, nearly, later), 0, "nobody is woken for it");
    assert_eq!(asked(&mut work, due, Due::at(now + 20 * ms)), 1);
}

#[tokio::test(start_paused = true)]
async fn a_feed_whose_question_breaks_off_is_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(QUEUES, folder.path(), &|_| None).unwrap()),
        journal: Journal::open(folder.path()).unwrap(),
        clock: Arc::new(|| At(0)),
        deadline: Duration::from_secs(1),
    };
    let mut work = Work::begin(&setup, watch::channel(Condition::default()).0, &mut None)
        .await
        .unwrap();
    let (feed, _) = work.due.pop_first().unwrap();
    work.due.clear();
    work.begin_to_ask(feed.clone(), async { panic!("as nobody expected") });
    assert_eq!(work.hurry(), 1, "it is being asked");
    let now = Instant::now();
    let told = work.asking.join_next_with_id().await.unwrap();
    assert!(!work.came(told).await.unwrap());
    let due = work.due.get(&feed).expect("it is asked again");
    assert_eq!(due.at, now + AFTER_TROUBLE);
}

/// Works for a while where nobody is asked; when health was written, in
/// seconds.
async fn published(in_trouble: bool, watched: watch::Sender<Condition>) -> Vec<u64> {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(QUEUES, folder.path(), &|_| None).unwrap()),
        journal: Journal::open(folder.path()).unwrap(),
        clock: Arc::new(|| At(0)),
        deadline: Duration::from_secs(1),
    };
    let mut work = Work::begin(&setup, watched, &mut None).await.unwrap();
    let (began, mut at) = (Instant::now(), Vec::new());
    while began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep_until(work.publishes_at(in_trouble)).await;
        assert!(work.tick().await.unwrap(), "it was written");
        at.push(began.elapsed().as_secs());
    }
    at
}

#[tokio::test(start_paused = true)]
async fn health_that_says_nothing_new_is_written_now_and_then() {
    let nobody = || watch::channel(Condition::default()).0;
    assert_eq!(published(false, nobody()).await, [0, 5, 10]);
    let each: Vec<u64> = (0..=10).collect();
    assert_eq!(published(true, nobody()).await, each, "is it over?");
    let (service, _manager) = watch::channel(Condition::default());
    assert_eq!(published(false, service).await, each, "signs of life");
}

#[tokio::test(start_paused = true)]
async fn answers_that_come_together_are_written_together_and_soon() {
    let folder = tempfile::tempdir().unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(QUEUES, folder.path(), &|_| None).unwrap()),
        journal: Journal::open(folder.path()).unwrap(),
        clock: Arc::new(|| At(0)),
        deadline: Duration::from_secs(1),
    };
    let watched = watch::channel(Condition::default()).0;
    let mut work = Work::begin(&setup, watched, &mut None).await.unwrap();
    work.tick().await.unwrap();
    let written = Instant::now();
    assert_eq!(work.publishes_at(false), written + REPEAT);
    work.answered(written);
    assert_eq!(work.publishes_at(false), written + PUBLISH, "not oftener");
    tokio::time::advance(PUBLISH).await;
    work.tick().await.unwrap();
    tokio::time::advance(PUBLISH).await;
    let first = Instant::now();
    work.answered(first);
    work.answered(first + TOGETHER / 2);
    assert_eq!(work.publishes_at(false), first + TOGETHER);
}

/// Answers the first line of what a sender of one event hears.
async fn sends(address: &str) -> String {
    let body = r#"{"event":"call:ring","id":"1","call_id":"1","ts":1767225600}"#;
    let request = format!(
        "POST /hooks/team/new-secret-0123456789 HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut line = TcpStream::connect(address).await.unwrap();
    line.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).await.unwrap();
    answer.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn who_pushes_is_answered_while_the_rest_cannot_begin() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal")).unwrap();
    let db = rusqlite::Connection::open(folder.path().join("journal/journal.db")).unwrap();
    // What the receiver needs to begin can be read, what it stores into not.
    db.execute_batch("ALTER TABLE entry RENAME TO away")
        .unwrap();
    let setup = Setup {
        config: Arc::new(Config::parse(&pushed(&address), folder.path(), &|_| None).unwrap()),
        journal,
        clock: Arc::new(|| At(0)),
        deadline: Duration::from_secs(1),
    };
    let (say, mut said) = mpsc::unbounded_channel();
    let (_order, orders) = mpsc::channel(1);
    let (stop, stopping) = watch::channel(false);
    let running = tokio::spawn(run(setup, orders, say, stopping));
    let trouble = said.recv().await;
    assert!(
        matches!(&trouble, Some(Answer::JournalTrouble(_))),
        "{trouble:?}"
    );
    assert_eq!(
        sends(&address).await,
        "HTTP/1.1 503 Service Unavailable",
        "not refused"
    );
    db.execute_batch("ALTER TABLE away RENAME TO entry")
        .unwrap();
    assert_eq!(said.recv().await, Some(Answer::JournalFine));
    assert_eq!(said.recv().await, Some(Answer::Collecting(true)));
    assert_eq!(sends(&address).await, "HTTP/1.1 200 OK");
    stop.send(true).unwrap();
    running.await.unwrap();
}

fn pushed(listen: &str) -> String {
    format!(
        r#"
[console]
time_zone = "UTC"
[journal]
path = "journal"
[receiver]
listen = "{listen}"
[[site]]
name = "team"
vendor = "contaqt"
hook = {{ secret = "new-secret-0123456789" }}
"#
    )
}
