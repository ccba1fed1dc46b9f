//! What is pushed to whoever has subscribed.

use std::{collections::BTreeMap, time::Duration};

use holdline::sim::{
    Fault, Pushes, Rule, Sim,
    telphin::{MENU_ID, PHONE_IDS, QUEUE_ID, SECRET, Setup},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    super::{
        Hands,
        ear::{Came, Ear, PATIENCE},
    },
    logged_in, started,
};

/// Lets so many seconds pass and waits until all is settled.
async fn pass(sim: &Sim, hands: &Hands, seconds: u64) -> Pushes {
    hands.turn(Duration::from_secs(seconds));
    let now = hands.clock()();
    let mut pushes = sim.phone_pushes();
    sim.hurry();
    let settled = timeout(PATIENCE, pushes.wait_for(|p| p.is_settled(now))).await;
    settled.unwrap().unwrap().clone()
}

fn fields(came: &Came) -> BTreeMap<String, String> {
    let target = came.line.split(' ').nth(1).unwrap();
    let text = match target.split_once('?') {
        Some((_, query)) if came.body.is_empty() => query,
        _ => &came.body,
    };
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.into_owned().collect()
}

#[tokio::test]
async fn only_what_is_subscribed_to_comes_by_the_method_asked_for() {
    let mut ear = Ear::new("200 OK").await;
    let (sim, hands) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    let url = format!("http://{}/a?myid=1", ear.address);
    let plain = format!("http://{}/b", ear.address);
    app.subscribes(QUEUE_ID, "dial-in", &url, "GET").await;
    app.subscribes(QUEUE_ID, "hangup", &plain, "GET").await;
    app.subscribes(MENU_ID, "hangup", &plain, "POST").await;
    // Nothing is ever sent to anywhere but this machine.
    app.subscribes(QUEUE_ID, "answer", "http://192.0.2.1/", "GET")
        .await;
    pass(&sim, &hands, 0).await;
    let pushes = pass(&sim, &hands, 600).await;
    let came = ear.all();
    assert_eq!(came.len() as u64, pushes.made);
    assert_eq!(pushes.accepted, pushes.made);
    let mut kinds = BTreeMap::new();
    for came in &came {
        let fields = fields(came);
        let extension = fields["SubCallID"].split('-').next().unwrap().to_owned();
        let (method, _) = came.line.split_once(' ').unwrap();
        let path = came.line.split([' ', '?']).nth(1).unwrap();
        let key = format!("{method} {path} {extension} {}", fields["EventType"]);
        *kinds.entry(key).or_insert(0) += 1;
        if path == "/a" {
            assert!(came.line.starts_with("GET /a?myid=1&EventType=dial-in&"));
        }
    }
    let kinds: Vec<String> = kinds.into_keys().collect();
    let expected = [
        format!("GET /a {QUEUE_ID} dial-in"),
        format!("GET /b {QUEUE_ID} hangup"),
        format!("POST /b {MENU_ID} hangup"),
    ];
    assert_eq!(kinds, expected);
    app.ask(
        "DELETE",
        &format!("/extension/{QUEUE_ID}/event/"),
        &Value::Null,
    )
    .await;
    pass(&sim, &hands, 300).await;
    let came = ear.all();
    assert!(!came.is_empty());
    assert!(came.iter().all(|came| came.line.starts_with("POST /b")));
}

#[tokio::test]
async fn its_own_subscriptions_are_there_from_the_beginning() {
    let mut ear = Ear::new("204 No Content").await;
    let (sim, hands) = started(Setup {
        receiver: Some(ear.address),
        ..Setup::default()
    })
    .await;
    let app = logged_in(&sim).await;
    let of = async |extension: &str| {
        let path = format!("/extension/{extension}/event/");
        app.get(&path).await.json().as_array().unwrap().clone()
    };
    assert_eq!(of(MENU_ID).await.len(), 2);
    assert_eq!(of(PHONE_IDS[0]).await.len(), 7);
    let queue = of(QUEUE_ID).await;
    let others = queue
        .iter()
        .filter(|s| !s["url"].as_str().unwrap().contains(SECRET));
    assert_eq!((queue.len(), others.count()), (4, 1));
    pass(&sim, &hands, 0).await;
    let pushes = pass(&sim, &hands, 120).await;
    assert!(pushes.made > 60, "{pushes:?}");
    assert_eq!(pushes.accepted, pushes.made);
    let came = ear.all();
    assert_eq!(came.len() as u64, pushes.made);
    let path = format!(" /hooks/phones/{SECRET}");
    assert!(came.iter().all(|came| came.line.contains(&path)));
    // The truth agrees with what was told: calls that began and did not end.
    let mut open: BTreeMap<String, i32> = BTreeMap::new();
    let mut seen = std::collections::BTreeSet::new();
    for fields in came.iter().map(fields) {
        let leg = fields["SubCallID"].clone();
        match fields["EventType"].as_str() {
            "dial-in" | "dial-out" if seen.insert(leg.clone()) => {
                *open.entry(fields["CallID"].clone()).or_default() += 1;
            }
            "hangup" => *open.entry(fields["CallID"].clone()).or_default() -= 1,
            _ => {}
        }
    }
    open.retain(|_, legs| *legs != 0);
    let truth = sim.truth();
    let calls = truth["phones"]["calls"].as_array().unwrap();
    let mut truly: Vec<&str> = calls
        .iter()
        .map(|call| call["call_id"].as_str().unwrap())
        .collect();
    truly.sort_unstable();
    assert_eq!(open.keys().collect::<Vec<_>>(), truly);
    assert_eq!(truth["phones"]["phones"].as_array().unwrap().len(), 7);
}

#[tokio::test]
async fn each_fault_does_what_it_says() {
    let mut ear = Ear::new("200 OK").await;
    let (sim, hands) = started(Setup {
        receiver: Some(ear.address),
        ..Setup::default()
    })
    .await;
    pass(&sim, &hands, 0).await;
    pass(&sim, &hands, 30).await;
    ear.all();
    let faults = sim.faults();
    faults.set(Rule::from(Fault::Duplicate).on("hangup").times(2));
    let pushes = pass(&sim, &hands, 120).await;
    assert_eq!(pushes.repeated, 2);
    let came = ear.all();
    let hangups: Vec<_> = came
        .iter()
        .map(fields)
        .filter(|f| f["EventType"] == "hangup")
        .collect();
    assert_eq!(hangups[0], hangups[1]);
    faults.set(Rule::from(Fault::Drop).times(3));
    faults.set(Rule::from(Fault::WrongSecret).after(3).times(1));
    faults.set(Rule::from(Fault::GarbageBody).after(4).times(2));
    let pushes = pass(&sim, &hands, 120).await;
    assert_eq!((pushes.dropped, pushes.garbled), (3, 2));
    let came = ear.all();
    assert!(!came[0].line.contains(SECRET), "{}", came[0].line);
    assert!(came[1..].iter().all(|came| came.line.contains(SECRET)));
    let truth = sim.truth();
    let lost = truth["phones"]["missed_calls"].as_array().unwrap();
    assert!(!lost.is_empty());
    // Contaqt's are not concerned.
    assert_eq!(*sim.pushes().borrow(), Pushes::default());
}

#[tokio::test]
async fn a_call_that_is_ordered_rings_and_leaves_no_event_of_the_own_phone() {
    let mut ear = Ear::new("200 OK").await;
    let (sim, hands) = started(Setup::default()).await;
    let app = logged_in(&sim).await;
    let url = format!("http://{}/", ear.address);
    for kind in ["dial-in", "dial-out", "answer", "hangup"] {
        app.subscribes("@207", kind, &url, "POST").await;
    }
    pass(&sim, &hands, 0).await;
    let order = json!({ "dst_num": "+79817654321", "src_num": ["207"] });
    let answer = app.ask("POST", "/extension/@207/callback/", &order).await;
    assert_eq!(answer.status(), 201);
    let answer = answer.json();
    let call_id = answer["call_id"].as_str().unwrap();
    assert_eq!(call_id.len(), 32);
    pass(&sim, &hands, 1).await;
    assert_eq!(sim.truth()["phones"]["phones"][6]["state"], "ringing");
    pass(&sim, &hands, 1_800).await;
    let of_call: Vec<_> = ear
        .all()
        .iter()
        .map(fields)
        .filter(|fields| fields["CallID"] == call_id)
        .collect();
    assert_eq!(of_call[0]["EventType"], "dial-out");
    assert_eq!(of_call[0]["CalledNumber"], "+79817654321");
    assert_eq!(of_call[0]["CallerExtensionID"], PHONE_IDS[6]);
    assert_eq!(of_call[0]["CallAPIID"], answer["call_api_id"]);
    assert_eq!(of_call.last().unwrap()["EventType"], "hangup");
    assert!(
        of_call
            .iter()
            .all(|fields| fields["EventType"] != "dial-in")
    );
}
