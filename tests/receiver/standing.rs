//! Whether it listens, since when, and what was missed.

use std::net::TcpListener;

use holdline::{
    domain::{
        entry::{Entry, What},
        feed::{FeedHealth, FeedKind, Freshness},
        time::At,
    },
    journal::{Journal, News},
};
use rustix::process::Signal;

use crate::{
    client::{JSON, post, ring, send},
    program::{Home, PATIENCE, Running},
    rig::{CONFIG, Rig, TEAM, limits, stopped_at},
};

const NOON: i64 = 1_767_268_800_000;

fn gaps(entries: &[Entry]) -> Vec<(String, At, At)> {
    let gap = |entry: &Entry| match entry.what {
        What::Gap { from, to } => Some((entry.site.to_string(), from, to)),
        _ => None,
    };
    entries.iter().filter_map(gap).collect()
}

#[test]
fn time_in_which_nobody_listened_is_a_gap_of_every_site_that_pushes() {
    let rig = Rig::with(limits(), stopped_at(NOON));
    assert_eq!(
        gaps(&rig.entries()),
        [],
        "nothing was before the first start"
    );
    let folder = rig.stop();
    let rig = Rig::open(folder, limits(), stopped_at(NOON + 500));
    assert_eq!(gaps(&rig.entries()), [], "started again");
    let folder = rig.stop();
    let later = NOON + 3_600_000;
    let rig = Rig::open(folder, limits(), stopped_at(later));
    let gap = |site: &str| (site.to_owned(), At(NOON + 500), At(later));
    let expected = [gap("team"), gap("fenced"), gap("prod")];
    assert_eq!(gaps(&rig.entries()), expected);
    send(rig.address, post(TEAM, JSON, ring("after")));
    assert_eq!(
        rig.legs(),
        ["after"],
        "the gap stands before what came after"
    );
}

#[test]
fn a_clock_set_back_loses_and_reorders_nothing() {
    let rig = Rig::with(limits(), stopped_at(NOON));
    send(rig.address, post(TEAM, JSON, ring("1")));
    let folder = rig.stop();
    let rig = Rig::open(folder, limits(), stopped_at(NOON - 7_200_000));
    send(rig.address, post(TEAM, JSON, ring("2")));
    assert_eq!(rig.legs(), ["1", "2"]);
    // How long nobody listened is not known: a gap that says only that.
    let now = At(NOON - 7_200_000);
    assert_eq!(gaps(&rig.entries())[0], ("team".to_owned(), now, now));
    let health = rig.health(0);
    assert!(matches!(health.freshness(now), Freshness::Fresh(_)));
    assert_eq!(health.heard.unwrap().per_minute, 1);
}

/// Waits until the health of the webhooks is like this.
#[track_caller]
fn waits(journal: &Journal, like: impl Fn(&FeedHealth) -> bool) -> FeedHealth {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let waiting = async {
        let mut news = journal.news(0);
        loop {
            if let News::Feeds(feeds) = news.next().await.unwrap()
                && let Some((_, health)) = feeds
                    .into_iter()
                    .find(|(id, health)| id.kind == FeedKind::Hooks && like(health))
            {
                return health;
            }
        }
    };
    let in_time = runtime.block_on(async { tokio::time::timeout(PATIENCE, waiting).await });
    in_time.expect("not in time")
}

#[test]
fn an_address_in_use_is_one_sentence_and_taken_when_it_is_free() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let home = Home::new();
    home.file(
        "config.toml",
        &CONFIG.replace("127.0.0.1:0", &address.to_string()),
    );
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    let told = running.tells("another program listens there");
    assert!(told.contains(&address.to_string()), "{told}");
    assert!(told.contains("`listen` under [receiver]"), "{told}");
    let journal = Journal::open_read_only(&home.path().join("journal")).unwrap();
    let health = waits(&journal, |health| health.trouble.is_some());
    assert_eq!(health.trouble.unwrap().fault.word(), "cannot listen");
    drop(taken);
    running.tells("listening for webhooks on");
    let health = waits(&journal, |health| health.trouble.is_none());
    assert_eq!(health.heard.unwrap().listens, Some(address.to_string()));
    assert_eq!(send(address, post(TEAM, JSON, ring("a"))).status, 200);
    let health = waits(&journal, |health| health.last_ok.is_some());
    assert_eq!(health.heard.unwrap().accepted, 1);
    assert_eq!(running.end(Signal::TERM).code, Some(143));
    let health = waits(&journal, |_| true);
    assert_eq!(health.heard.unwrap().listens, None, "it was left as it is");
}

#[test]
fn who_takes_the_role_over_receives_from_then_on() {
    let home = Home::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    home.file(
        "config.toml",
        &CONFIG.replace("127.0.0.1:0", &address.to_string()),
    );
    let start = || Running::start(home.holdline(["collect", "--config", "config.toml"]));
    let mut first = start();
    first.tells("collecting into");
    assert_eq!(send(address, post(TEAM, JSON, ring("a"))).status, 200);
    let mut second = start();
    second.tells("another Holdline collects");
    assert_eq!(first.end(Signal::KILL).code, Some(137));
    second.tells("collecting into");
    assert_eq!(send(address, post(TEAM, JSON, ring("b"))).status, 200);
    // One that was stored by the first is a repeat to the second.
    assert_eq!(send(address, post(TEAM, JSON, ring("a"))).status, 200);
    let ended = second.end(Signal::TERM);
    assert!(ended.took < std::time::Duration::from_secs(2), "{ended:?}");
    let journal = Journal::open_read_only(&home.path().join("journal")).unwrap();
    assert_eq!(crate::rig::legs(&journal.read(0, 100).unwrap()), ["a", "b"]);
}
