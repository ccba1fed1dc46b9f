//! Enswitch over HTTP, as the page's example is typed.

use std::{path::Path, time::Duration};

use holdline::{
    config::{Account, Config},
    domain::site::Vendor,
    sim::{
        Fault, Rule,
        enswitch::{OPERATOR, PASSWORD, QUEUE_IDS, USERNAME},
    },
};
use serde_json::json;

use super::{Answer, ask, simulator};

const CREATE: &str = "/enswitch/api/json/queues/events/create";
const LOGIN: &str = "auth_username=tester;auth_password=sim%3Bpass%26word%2B1%25";

/// The code of the only response.
fn code(answer: &Answer) -> String {
    assert_eq!(answer.status(), 200);
    let responses = answer.json()["responses"].clone();
    let [only] = responses.as_array().unwrap().as_slice() else {
        panic!("{responses}");
    };
    only["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_example_is_answered_by_get_and_by_post_with_either_separator() {
    let (sim, _) = simulator().await;
    assert_eq!((USERNAME, PASSWORD), ("tester", "sim;pass&word+1%"));
    let rest = "queue=123;event=TEST+EVENT";
    for login in [LOGIN.to_owned(), LOGIN.replace(';', "&")] {
        for path in [CREATE.to_owned(), format!("{CREATE}/")] {
            let asked = format!("{path}?{login};{rest}");
            let answer = ask(&sim, "GET", &asked, "", "").await;
            assert_eq!(code(&answer), "204");
            let body = format!("{login}&{rest}");
            assert_eq!(code(&ask(&sim, "POST", &path, "", &body).await), "204");
        }
    }
    let list = CREATE.replace("create", "list");
    let window = "queue=123&start=1&end=1999999999";
    let answer = ask(&sim, "POST", &list, "", &format!("{LOGIN}&{window}")).await;
    assert_eq!(answer.json()["data"].as_array().unwrap().len(), 8);
}

#[tokio::test]
async fn faults_strike_it_as_they_do_others() {
    let (sim, _) = simulator().await;
    let body = format!("{LOGIN}&queue={}", QUEUE_IDS[0]);
    let rule = json!({"fault": {"kind": "status", "code": 402}, "vendor": "enswitch", "times": 1});
    let set = ask(&sim, "POST", "/_sim/faults", "", &rule.to_string()).await;
    assert_eq!(set.status(), 204);
    assert_eq!(code(&ask(&sim, "POST", CREATE, "", &body).await), "402");
    sim.faults().set(Rule::from(Fault::Html).times(1));
    let page = ask(&sim, "POST", CREATE, "", &body).await;
    assert!(page.header("content-type").unwrap().contains("html"));
    assert_eq!(code(&ask(&sim, "POST", CREATE, "", &body).await), "204");
    let operator = body.replace(USERNAME, OPERATOR);
    assert_eq!(code(&ask(&sim, "POST", CREATE, "", &operator).await), "402");
    let path = format!("POST {CREATE}");
    assert_eq!(sim.requests()[&path], 4);
}

#[tokio::test]
async fn the_configuration_allows_injecting_at_its_site() {
    let (sim, _) = simulator().await;
    let text = sim.config_toml(Path::new("/var/lib/journal"), Duration::from_secs(2));
    let config = Config::parse(&text, Path::new("/"), &|_| None).unwrap();
    let site = config.site("sales").unwrap();
    let target = site.injects().unwrap();
    assert!(target.allowed && !target.production);
    assert_eq!(
        target.base,
        format!("{}/api/json", sim.sites()[Vendor::Enswitch.name()])
    );
    let ids: Vec<&str> = target.queues.iter().map(|q| q.id.as_str()).collect();
    assert_eq!(ids, QUEUE_IDS);
    let Account::Enswitch(account) = &site.account else {
        panic!("sales is Enswitch's");
    };
    assert_eq!(account.password.expose(), PASSWORD);
}
