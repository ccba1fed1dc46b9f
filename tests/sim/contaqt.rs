//! What the simulator pushes as Contaqt, as bytes at a receiver of a few
//! lines.

use std::{net::SocketAddr, time::Duration};

use holdline::{
    emit::Shape,
    sim::{
        self, Fault, Options, Pushes, Rule, Sim,
        contaqt::{Push, SECRET},
    },
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    Hands, ask,
    ear::{Came, Ear, PATIENCE},
};

async fn pushing(to: SocketAddr, shape: Shape) -> (Sim, Hands) {
    let hands = Hands::new();
    let options = Options {
        push: Some(Push { to, shape }),
        ..Options::new(hands.clock())
    };
    (sim::start(options).await.unwrap(), hands)
}

/// Lets so many seconds pass and waits until all is settled.
async fn pass(sim: &Sim, hands: &Hands, seconds: u64) -> Pushes {
    hands.turn(Duration::from_secs(seconds));
    let now = hands.clock()();
    let mut pushes = sim.pushes();
    let settled = timeout(PATIENCE, pushes.wait_for(|p| p.is_settled(now))).await;
    settled.unwrap().unwrap().clone()
}

/// The same from the opening on.
async fn open(sim: &Sim, hands: &Hands, seconds: u64) -> Pushes {
    pass(sim, hands, 0).await;
    pass(sim, hands, seconds).await
}

#[tokio::test]
async fn it_pushes_in_the_shape_asked_for_to_the_path_with_the_secret() {
    for shape in Shape::ALL {
        let mut ear = Ear::new("200 OK").await;
        let (sim, hands) = pushing(ear.address, shape).await;
        let pushes = open(&sim, &hands, 20).await;
        let came = ear.all();
        assert_eq!(came.len() as u64, pushes.accepted);
        assert_eq!(pushes.accepted, pushes.made);
        let first = &came[0];
        let path = format!("/hooks/team/{SECRET}");
        let (line, body) = match shape {
            Shape::Query => (
                format!(
                    "GET {path}?event=agent%3Acheckin&user_id=11&device_id=301\
                     &device_name=headset+1 HTTP/1.1"
                ),
                String::new(),
            ),
            Shape::Form => (
                format!("POST {path} HTTP/1.1"),
                "event=agent%3Acheckin&user_id=11&device_id=301&device_name=headset+1".to_owned(),
            ),
            Shape::Json | Shape::JsonData => {
                let fields = r#""user_id":"11","device_id":"301","device_name":"headset 1""#;
                let fields = match shape {
                    Shape::Json => fields.to_owned(),
                    _ => format!(r#""data":{{{fields}}}"#),
                };
                let body = format!(r#"{{"event":"agent:checkin",{fields}}}"#);
                (format!("POST {path} HTTP/1.1"), body)
            }
        };
        assert_eq!((&first.line, &first.body), (&line, &body));
        let content_type = match shape {
            Shape::Query => None,
            Shape::Form => Some("content-type: application/x-www-form-urlencoded"),
            _ => Some("content-type: application/json"),
        };
        let found = first.head.lines().find(|l| l.starts_with("content-type"));
        assert_eq!(found, content_type);
    }
}

#[tokio::test]
async fn nobody_who_listens_is_waited_for_and_then_the_day_begins() {
    let address = sim::free_address().unwrap();
    let (sim, hands) = pushing(address, Shape::Json).await;
    hands.turn(Duration::from_mins(10));
    assert_eq!(*sim.pushes().borrow(), Pushes::default());
    assert_eq!(sim.truth()["agents"], json!([]));
    let mut ear = Ear::at(address, "200 OK").await;
    let pushes = open(&sim, &hands, 5).await;
    assert_eq!(pushes.accepted, pushes.made);
    let came = ear.all();
    let arrivals = came.iter().filter(|c| c.body.contains("agent:checkin"));
    assert!((8..=9).contains(&arrivals.count()));
}

#[tokio::test]
async fn what_is_not_accepted_is_lost_and_counted() {
    let mut ear = Ear::new("503 Service Unavailable").await;
    let (sim, hands) = pushing(ear.address, Shape::Form).await;
    let pushes = open(&sim, &hands, 10).await;
    assert!(pushes.made > 20);
    assert_eq!((pushes.refused, pushes.accepted), (pushes.made, 0));
    assert_eq!(ear.all().len() as u64, pushes.made, "no second try");
    let truth = sim.truth();
    let missed = truth["agents"].as_array().unwrap().iter();
    let missed: u64 = missed.map(|a| a["missed"].as_u64().unwrap()).sum();
    assert!(missed > 20, "{truth}");
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    let mut ear = Ear::new("204 No Content").await;
    let (sim, hands) = pushing(ear.address, Shape::Json).await;
    open(&sim, &hands, 30).await;
    ear.all();
    let faults = sim.faults();

    faults.set(Rule::from(Fault::Duplicate).times(3));
    let pushes = pass(&sim, &hands, 180).await;
    let came: Vec<String> = ear.all().into_iter().map(|c| c.body).collect();
    assert_eq!(pushes.repeated, 3);
    for pair in came[..6].chunks(2) {
        assert_eq!(pair[0], pair[1]);
    }

    faults.set(Rule::from(Fault::Drop).times(2));
    let before = pushes.clone();
    let pushes = pass(&sim, &hands, 180).await;
    assert_eq!(pushes.dropped, 2);
    let made = pushes.made - before.made;
    assert_eq!(ear.all().len() as u64, made - 2);

    faults.set(Rule::from(Fault::WrongSecret).times(1));
    faults.set(Rule::from(Fault::GarbageBody).after(1).times(4));
    let pushes = pass(&sim, &hands, 180).await;
    let came = ear.all();
    assert!(!came[0].line.contains(SECRET), "{}", came[0].line);
    assert!(came[1..].iter().all(|c| c.line.contains(SECRET)));
    assert_eq!(pushes.garbled, 4);
    let read = |c: &Came| serde_json::from_str::<Value>(&c.body).is_ok();
    assert!(came.iter().skip(5).all(read));
    assert!(!came[1..5].iter().all(read), "garbage is no JSON");

    // A leg's end overtakes its answer.
    faults.set(Rule::from(Fault::Reorder).on("call:answer"));
    faults.set(Rule::from(Fault::Delay { ms: 1 }).on("call:start"));
    let pushes = pass(&sim, &hands, 600).await;
    assert_eq!(pushes.pending, 0);
    let names: Vec<String> = ear
        .all()
        .iter()
        .map(|c| serde_json::from_str::<Value>(&c.body).unwrap())
        .map(|v| v["event"].as_str().unwrap().to_owned())
        .collect();
    let answers = names.iter().filter(|n| *n == "call:answer").count();
    // In order an answer is followed by the agent's status; now it follows it.
    let behind = names
        .windows(2)
        .filter(|w| w[0] == "agent:status" && w[1] == "call:answer");
    assert!(behind.count() * 2 > answers, "{names:?}");
}

#[tokio::test]
async fn the_control_page_tells_counts_and_truth() {
    let ear = Ear::new("200 OK").await;
    let (sim, hands) = pushing(ear.address, Shape::Json).await;
    open(&sim, &hands, 20).await;
    let pushes = ask(&sim, "GET", "/_sim/pushes", "", "").await.json();
    assert_eq!(pushes["accepted"], pushes["made"]);
    assert_eq!(pushes["upto"], "2026-11-21T10:20:20Z");
    let truth = ask(&sim, "GET", "/_sim/truth", "", "").await.json();
    assert_eq!(truth["pushes"], pushes);
    assert_eq!(truth["agents"].as_array().unwrap().len(), 12);
    let asked = ask(&sim, "GET", "/contaqt/api/user", "", "").await;
    assert_eq!(asked.status(), 404);
}

#[tokio::test]
async fn a_clock_that_leaps_begins_another_day() {
    let mut ear = Ear::new("200 OK").await;
    let (sim, hands) = pushing(ear.address, Shape::Json).await;
    let before = open(&sim, &hands, 20).await;
    ear.all();
    let pushes = pass(&sim, &hands, 40 * 24 * 3_600).await;
    assert!(pushes.made - before.made < 10, "not forty days at once");
    pass(&sim, &hands, 10).await;
    let came = ear.all();
    let arrivals = came.iter().filter(|c| c.body.contains("agent:checkin"));
    assert!(arrivals.count() >= 8);
}
