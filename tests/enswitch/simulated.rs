//! Our client and the simulator, which share no code that writes or reads
//! parameters: what one sends, the other has on record.

use std::sync::Arc;

use holdline::{
    config::{Enswitch, Method, Secret},
    domain::{
        injection::{Injection, Param},
        site::Vendor,
        time::At,
    },
    sim::{
        self, Fault, Options, Rule, Sim,
        enswitch::{HIDDEN_QUEUE_ID, OPERATOR, PASSWORD, QUEUE_IDS, USERNAME},
    },
    vendor::enswitch::{Client, Window, record},
};

use crate::{server::DEADLINE, stub::shown};

const NOW: At = At(1_795_256_400_000);
const EVER: Window = Window {
    from: At(0),
    to: At(1_999_999_999_000),
};

async fn simulator() -> Sim {
    sim::start(Options::new(Arc::new(|| NOW))).await.unwrap()
}

fn as_user(sim: &Sim, method: Method, username: &str, password: &str) -> Client {
    let site = Enswitch {
        url: sim.sites()["enswitch"].clone(),
        username: username.into(),
        password: Secret::from(password.to_owned()),
        method,
        queues: Vec::new(),
    };
    Client::new(&site, DEADLINE, Arc::new(|| NOW)).unwrap()
}

fn tester(sim: &Sim, method: Method) -> Client {
    as_user(sim, method, USERNAME, PASSWORD)
}

fn event(queue: &str) -> Injection {
    Injection::new("sales".into(), queue.into())
}

/// What has a meaning somewhere between a keyboard and a PBX.
const ODD: [&str; 9] = [
    "a;b",
    "a&b=c",
    "1+1 %2B%",
    "søren 電話 🙂",
    "\"'`$HOME\\",
    "#?/../x",
    " ends in a blank ",
    "=",
    "NONE",
];

#[tokio::test]
async fn every_parameter_arrives_as_it_was_typed_by_either_method() {
    let sim = simulator().await;
    let texts: Vec<&Param> = Param::of_form()
        .filter(|p| p.kind == holdline::domain::injection::Kind::Text)
        .collect();
    assert_eq!(texts.len(), 6);
    for method in [Method::Post, Method::Get] {
        let client = tester(&sim, method);
        for (number, odd) in ODD.iter().enumerate() {
            let mut event = event("123");
            for (at, param) in texts.iter().enumerate() {
                let value = ODD[(number + at) % ODD.len()];
                event.set(param.name, value, NOW).unwrap();
            }
            let time = format!("{}", 1_700_000_000 + number);
            event.set("time", &time, NOW).unwrap();
            event.set("position", "7", NOW).unwrap();
            event.set("dtype", "peer", NOW).unwrap();
            assert_eq!(shown(&client.create(&event).await.told), ["204: \"OK\""]);
            let rows = client.list(&"123".into(), EVER).await.unwrap();
            let value = |name: &str| event.get(name).unwrap().to_owned();
            let expected = format!(
                "{time}|{}|123|NONE|{}|{}|{}|peer|{}|{}|7",
                value("callid"),
                value("event"),
                value("callerid"),
                value("channel"),
                value("dnumber"),
                value("keypress"),
            );
            let found = record::find(&event, &rows).unwrap();
            assert_eq!(found.row, expected, "{method:?} {odd}");
        }
    }
}

#[tokio::test]
async fn every_code_of_the_page_comes_back() {
    let sim = simulator().await;
    for method in [Method::Post, Method::Get] {
        let client = tester(&sim, method);
        let told = |event: Injection| {
            let client = &client;
            async move { shown(&client.create(&event).await.told) }
        };
        assert_eq!(told(event("123").validating(true)).await, ["201: \"OK\""]);
        for queue in QUEUE_IDS {
            assert_eq!(told(event(queue)).await, ["204: \"OK\""]);
        }
        for queue in ["999", HIDDEN_QUEUE_ID] {
            assert_eq!(told(event(queue)).await, ["404: \"Queue not found\""]);
        }
        let expected = ["400 queue: \"Not a number\""];
        assert_eq!(told(event("12;3")).await, expected);
        let wrong = as_user(&sim, method, USERNAME, "wrong");
        let said = shown(&wrong.create(&event("123")).await.told);
        assert_eq!(said, ["401: \"Authentication failed\""]);
        let operator = as_user(&sim, method, OPERATOR, PASSWORD);
        let said = shown(&operator.create(&event("123")).await.told);
        assert_eq!(said, ["402: \"Your role does not allow this\""]);
    }
}

#[tokio::test]
async fn a_queue_that_records_none_has_none_on_record() {
    let sim = simulator().await;
    let client = tester(&sim, Method::Post);
    for (queue, count) in QUEUE_IDS.iter().zip([1, 1, 0]) {
        let mut event = event(queue);
        event.set("event", "X", NOW).unwrap();
        client.create(&event).await;
        let rows = client.list(&(*queue).into(), EVER).await.unwrap();
        assert_eq!(rows.len(), count, "{queue}");
    }
}

#[tokio::test]
async fn faults_are_faults_and_nothing_is_sent_twice() {
    let sim = simulator().await;
    let client = tester(&sim, Method::Post);
    for (number, fault) in [
        Fault::CutOff,
        Fault::Close,
        Fault::Reset,
        Fault::Garbage,
        Fault::NotJson,
        Fault::WrongShape,
        Fault::Html,
        Fault::Empty,
        Fault::Status {
            code: 503,
            retry_after: None,
        },
    ]
    .into_iter()
    .enumerate()
    {
        let rule = Rule::from(fault.clone()).of(Vendor::Enswitch).times(1);
        sim.faults().set(rule);
        let said = shown(&client.create(&event("123")).await.told);
        assert!(said[0].starts_with("unknown: "), "{fault:?}: {said:?}");
        let asked: u64 = sim.requests().values().sum();
        assert_eq!(asked, number as u64 + 1, "{fault:?}");
    }
    let code = |code| Fault::Status {
        code,
        retry_after: None,
    };
    for status in [400, 401, 402, 404] {
        sim.faults().set(Rule::from(code(status)).times(1));
        let said = shown(&client.create(&event("123")).await.told);
        assert!(said[0].starts_with(&status.to_string()), "{said:?}");
    }
}
