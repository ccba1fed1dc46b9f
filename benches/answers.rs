//! What vendors' answers cost. `answers ask CONFIG TIMES` asks the first feed
//! of a configuration so often, all the way from the line to the journal
//! (P19; the caller counts time or instructions). `answers keep ROWS board`
//! tells what so many callers weigh on the board and in the pane, and
//! `answers keep ROWS values` as trees of JSON (P20). Prints a JSON object.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on ends")]

use std::{hint::black_box, path::Path, sync::Arc, time::Duration};

use holdline::{
    app::{Msg, State, update},
    collector::Collector,
    config::{self, Config},
    domain::{
        board::Board,
        caller::Caller,
        entry::{Change, NewEntry, What},
        site::{People, Queue, Site, Vendor},
        time::At,
    },
    journal::Journal,
    runtime::clock,
    vendor::{
        http::Answer,
        telecomx::{refusal::Asker, wire},
    },
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use serde_json::{Value, json};

const START: At = At(1_772_460_207_000);
/// Entries that come at once.
const CHUNK: usize = 500;
/// So many callers fill what has a size of its own: the journal's cache, the
/// entries that a console keeps at hand.
const FIRST: usize = 5_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["ask", config, times, ..] => ask(Path::new(config), times.parse().unwrap()),
        ["keep", rows, "board", ..] => keep(rows.parse().unwrap(), on_board),
        ["keep", rows, "values", ..] => keep(rows.parse().unwrap(), as_values),
        _ => println!("see benches/README.md"),
    }
}

/// Asks so often, and takes in what comes.
#[tokio::main(flavor = "current_thread")]
async fn ask(config: &Path, times: u32) {
    let config = Config::load(&config::find::Source::process(Some(config))).unwrap();
    let journal = Journal::open(&config.journal.path).unwrap();
    let clock = clock::system();
    let patience = Duration::from_mins(1);
    let mut collector = Collector::open(&config, journal.clone(), patience, &clock)
        .await
        .unwrap();
    let feed = collector.feeds().remove(0);
    for _ in 0..times {
        let question = collector.question(&feed, &clock).unwrap();
        collector.hear(question.ask().await, 0.5).await.unwrap();
    }
    let (_, health) = collector.health().remove(0);
    assert!(health.trouble.is_none(), "{:?}", health.trouble);
    println!("{}", json!({ "entries": journal.last_seq().unwrap() }));
}

/// A caller as the vendor's page prints one, without blanks.
fn row(i: usize) -> String {
    let names = ["Bamse & Kylling", "Ærø Færgefart", "Anna Holm", "Jens Vig"];
    let entered = START.shift(-1_000 * i64::try_from((i * 7_919) % 900).unwrap());
    let row = json!({
        "_id": format!("{i:08}.234-pbx1.example"),
        "state": "QUEUED",
        "number": format!("+45{}", 20_000_000 + i),
        "name": names[i % names.len()],
        "privacy": false,
        "entered": entered.to_string(),
        "answered": null,
        "presentation": "+4570305050",
        "answeredByExtension": null,
        "answeredByNumber": null,
    });
    row.to_string()
}

/// What is held of so many rows, beside their JSON. What was only in use for
/// a while and not given back to the system counts, too.
fn keep<T>(rows: usize, hold: fn(usize, &mut usize) -> T) {
    // Whatever is set up by the first of them is no caller's.
    let first = hold(FIRST, &mut 0);
    let (before, mut sent) = (resident(), 0);
    let held = hold(rows, &mut sent);
    let after = resident();
    black_box((first, held));
    println!(
        "{}",
        json!({ "callers": rows, "json": sent, "resident": after - before })
    );
}

/// The vendor's lists, a part at a time.
fn lists(rows: usize, sent: &mut usize) -> impl Iterator<Item = String> {
    (0..rows).step_by(CHUNK).map(move |from| {
        let list: Vec<String> = (from..rows.min(from + CHUNK)).map(row).collect();
        *sent += list.iter().map(|row| row.len() + 1).sum::<usize>();
        format!("[{}]", list.join(","))
    })
}

/// As a console holds them that reads the journal.
fn on_board(rows: usize, sent: &mut usize) -> State {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let board = Board::new(TimeZone::UTC);
    let mut state = State::new(vec![site()], board, START, Size::new(120, 36));
    for list in lists(rows, sent) {
        let entries = callers(&list).into_iter().map(entered).collect();
        runtime.block_on(journal.append(entries)).unwrap();
        let read = journal.read(state.board.upto(), CHUNK).unwrap();
        update(&mut state, Msg::Entries(read));
    }
    assert_eq!(state.callers.rows.len(), rows);
    state
}

fn callers(list: &str) -> Vec<Caller> {
    let answer = Answer::new(200, list);
    let asker = Asker {
        logged_in: false,
        secrets: &[],
    };
    wire::callers(&answer, &asker).unwrap()
}

fn entered(caller: Caller) -> NewEntry {
    NewEntry {
        at: START,
        site: "aarhus".into(),
        dedupe: None,
        what: What::Change(Change::Entered {
            queue: "support".into(),
            caller,
        }),
    }
}

fn site() -> Site {
    let queue = Queue {
        id: "support".into(),
        name: "support".into(),
        service_level: Duration::from_secs(20),
        critical: Duration::from_mins(5),
    };
    Site {
        name: "aarhus".into(),
        vendor: Vendor::TelecomX,
        queues: vec![queue],
        country: Some("DK".into()),
        people: People::default(),
    }
}

/// As a program holds them that reads JSON and keeps what it read.
fn as_values(rows: usize, sent: &mut usize) -> Vec<Arc<Value>> {
    let list = |list: String| serde_json::from_str::<Vec<Value>>(&list).unwrap();
    lists(rows, sent).flat_map(list).map(Arc::new).collect()
}

/// Of this process, bytes.
fn resident() -> usize {
    let told = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = told
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    let kb: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kb * 1_024
}
