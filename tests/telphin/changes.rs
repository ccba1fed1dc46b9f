//! Subscriptions that are changed and calls that are made: sent as the page
//! shows it, once, and told as far as is known.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use holdline::{
    domain::{
        fault::{Fault, FaultKind},
        injection::{Reply as Word, Told},
        subscription::NewSubscription,
    },
    vendor::telphin::Client,
};
use serde_json::json as value;
use tokio::net::TcpListener;

use crate::{
    server::{DEADLINE, Hands, Reply, Stub, json, reply},
    stub::{
        CALLED, SUBSCRIBED, always, body, client, counts, created, dial, error, new, questions,
        strict, vendor,
    },
};

const SECOND: Duration = Duration::from_secs(1);

fn word(code: &str, key: &str, message: &str) -> Told {
    Told::Answered(vec![Word {
        code: code.into(),
        key: key.into(),
        message: message.into(),
    }])
}

fn of(stub: &Stub) -> Client {
    client(&stub.url, &Hands::default())
}

#[tokio::test]
async fn the_pages_subscription_is_made() {
    let stub = always(created(SUBSCRIBED)).await;
    let changed = of(&stub).subscribe("175", &new()).await;
    assert_eq!(changed.told, word("201", "id", "72"));
    let made = changed.subscription.unwrap();
    assert_eq!((&*made.id, &*made.event), ("72", "dial-out"));
    let asked = questions(&stub);
    assert_eq!(asked.len(), 1);
    let first = "POST /api/ver1.0/extension/175/event/ HTTP/1.1\r\n";
    assert!(asked[0].starts_with(first), "{}", asked[0]);
    assert!(asked[0].contains("content-type: application/json"));
    let sent = value!({
        "url": "https://somehost.com/fordel/show.php?myid=175",
        "event_type": "dial-out",
        "method": "GET",
    });
    assert_eq!(body(&asked[0]), sent);
}

#[tokio::test]
async fn a_subscription_ends_by_its_id() {
    let stub = always(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".to_vec()).await;
    let changed = of(&stub).unsubscribe("@200", "72").await;
    assert_eq!(changed.told, word("204", "", ""));
    assert_eq!(changed.subscription, None);
    let first = "DELETE /api/ver1.0/extension/@200/event/72 HTTP/1.1\r\n";
    assert!(questions(&stub)[0].starts_with(first));
}

#[tokio::test]
async fn no_id_ends_all_subscriptions_by_mistake() {
    let stub = always(json("{}")).await;
    for id in [
        "", " ", ".", "..", "/", "7/2", "%20", "?", "#", "7 2", "\u{200b}",
    ] {
        let changed = of(&stub).unsubscribe("175", id).await;
        assert!(matches!(changed.told, Told::Failed(_)), "{id}: {changed:?}");
    }
    assert_eq!(stub.asked(), [""; 0]);
}

#[tokio::test]
async fn the_pages_call_is_made() {
    let stub = always(created(CALLED)).await;
    let placed = of(&stub).call(&dial("200")).await;
    let id = "262077ef325f4868aa49bf22309229f7";
    assert_eq!(placed.told, word("201", "call_id", id));
    assert_eq!(placed.call.unwrap().as_str(), id);
    let api = "3584709739-262077ef-325f-4868-aa49-bf22309229f7";
    assert_eq!(placed.call_api.as_deref(), Some(api));
    let asked = questions(&stub);
    assert_eq!(asked.len(), 1);
    let first = "POST /api/ver1.0/extension/@200/callback/ HTTP/1.1\r\n";
    assert!(asked[0].starts_with(first), "{}", asked[0]);
    let sent = value!({ "dst_num": "+79817654321", "src_num": ["200"] });
    assert_eq!(body(&asked[0]), sent);
}

#[tokio::test]
async fn a_call_by_id_rings_the_configured_number() {
    let stub = always(created(CALLED)).await;
    of(&stub).call(&dial("id:176")).await;
    let asked = questions(&stub);
    assert_eq!(asked.len(), 1);
    assert!(asked[0].starts_with("POST /api/ver1.0/extension/176/callback/ "));
    assert_eq!(body(&asked[0])["src_num"], value!(["201"]));
}

/// A vendor of one extension, the page's.
async fn one_extension(list: Vec<u8>) -> Stub {
    vendor(move |request| {
        Reply::Bytes(if !request.starts_with("GET ") {
            created(CALLED)
        } else if request.contains("page=1&") {
            list.clone()
        } else {
            json("[]")
        })
    })
    .await
}

#[tokio::test]
async fn a_call_by_id_looks_its_number_up_and_remembers_it_for_a_while() {
    let list = json(r#"[{"id":"174","name":"000*098"},{"id":175,"name":"000*099"}]"#);
    let stub = one_extension(list).await;
    let hands = Hands::default();
    let client = client(&stub.url, &hands);
    for (second, lists) in [(0, 2), (599, 2), (600, 4), (0, 6)] {
        hands.set(second);
        let placed = client.call(&dial("id:175")).await;
        assert!(matches!(placed.told, Told::Answered(_)), "{placed:?}");
        assert_eq!(stub.count("GET "), lists, "{second}");
        let asked = questions(&stub).pop().unwrap();
        assert!(asked.starts_with("POST /api/ver1.0/extension/175/callback/ "));
        assert_eq!(body(&asked)["src_num"], value!(["099"]));
    }
}

#[tokio::test]
async fn without_a_short_number_nothing_is_called_and_it_says_what_to_set() {
    for list in [
        json("[]"),
        json(r#"[{"id":174,"name":"000*098"}]"#),
        json(r#"[{"id":175,"name":"reception"}]"#),
        error(403, "", "app_access_type_deny"),
        json("<html>"),
    ] {
        let stub = one_extension(list).await;
        let placed = of(&stub).call(&dial("id:175")).await;
        let Told::Failed(fault) = placed.told else {
            panic!("called");
        };
        assert!(fault.what.contains("extension 175"), "{fault}");
        assert!(fault.remedy.contains("`number`"), "{fault}");
        assert_eq!(stub.count("POST /api"), 0);
    }
}

/// What three changes are told, when all that is asked is answered so.
async fn told(bytes: &[u8]) -> Vec<Told> {
    let mut told = Vec::new();
    for n in 0..3 {
        let stub = always(bytes.to_vec()).await;
        let client = of(&stub);
        told.push(match n {
            0 => client.subscribe("175", &new()).await.told,
            1 => client.unsubscribe("175", "72").await.told,
            _ => client.call(&dial("200")).await.told,
        });
        let most = if bytes.starts_with(b"HTTP/1.1 401") {
            2
        } else {
            1
        };
        assert_eq!(counts(&stub).1, most, "{}", String::from_utf8_lossy(bytes));
    }
    told
}

#[tokio::test]
async fn what_is_refused_surely_was_not_done() {
    for (status, kind) in [
        (
            400,
            FaultKind::Invalid {
                field: String::new(),
            },
        ),
        (401, FaultKind::Auth),
        (403, FaultKind::Forbidden),
        (404, FaultKind::NotFound),
        (
            409,
            FaultKind::Invalid {
                field: String::new(),
            },
        ),
        (
            422,
            FaultKind::Invalid {
                field: String::new(),
            },
        ),
        (
            429,
            FaultKind::RateLimited {
                until: Some(holdline::domain::time::At(60_000)),
            },
        ),
    ] {
        for told in told(&error(status, "Record not found", "")).await {
            let Told::Failed(fault) = told else {
                panic!("{status}: {told:?}");
            };
            assert_eq!(fault.kind, kind, "{status}");
            let what = format!("Telphin answered {status}: \"Record not found\"");
            assert_eq!(fault.what, what);
            assert!(!fault.remedy.is_empty(), "{status}");
        }
    }
}

#[tokio::test]
async fn what_may_have_been_done_is_unknown_and_not_sent_again() {
    let cut = created(SUBSCRIBED);
    for bytes in [
        error(500, "Oops", ""),
        reply("502 X", &["content-type: text/html"], "<title>x</title>"),
        error(408, "", ""),
        reply("302 Found", &["location: http://127.0.0.1:9/x"], ""),
        json("<html>Log in"),
        cut[..cut.len() - 9].to_vec(),
        Vec::new(),
        b"SSH-2.0\r\n".to_vec(),
    ] {
        for told in told(&bytes).await {
            assert!(matches!(told, Told::Unknown(_)), "{told:?}");
        }
    }
    // A 200 that says an error, where something should have been made.
    for told in told(&error(200, "no", "denied")).await {
        assert!(matches!(told, Told::Unknown(_)), "{told:?}");
    }
}

#[tokio::test]
async fn a_created_of_which_no_more_is_told_is_done() {
    for text in ["", "{}", "[]", r#"{"id":null}"#, "cre"] {
        let stub = always(created(text)).await;
        let changed = of(&stub).subscribe("175", &new()).await;
        assert_eq!(changed.told, word("201", "", ""), "{text}");
        assert_eq!(changed.subscription, None);
        let placed = of(&stub).call(&dial("200")).await;
        assert_eq!((placed.told, placed.call), (word("201", "", ""), None));
    }
    // Another good status counts where it tells what was made.
    let stub = always(json(CALLED)).await;
    let placed = of(&stub).call(&dial("200")).await;
    assert!(matches!(placed.told, Told::Answered(_)), "{placed:?}");
    let stub = always(json("{}")).await;
    let placed = of(&stub).call(&dial("200")).await;
    assert!(matches!(placed.told, Told::Unknown(_)), "{placed:?}");
}

#[tokio::test]
async fn a_hanging_vendor_leaves_it_unknown() {
    let stub = vendor(|_| Reply::Hang).await;
    let placed = of(&stub).call(&dial("200")).await;
    let Told::Unknown(fault) = placed.told else {
        panic!("{placed:?}");
    };
    assert_eq!(fault.kind, FaultKind::Timeout);
    assert_eq!(questions(&stub).len(), 1);
}

/// A vendor whose first login takes six seconds of the ten.
async fn slow_to_log_in(then: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Stub {
    let token = json(r#"{"access_token":"t1","token_type":"Bearer","expires_in":3600}"#);
    let logins = AtomicUsize::new(0);
    Stub::serve(move |request| {
        let is_login = request.starts_with("POST /oauth/token ");
        if is_login && logins.fetch_add(1, Ordering::SeqCst) == 0 {
            return Reply::Trickle(token.clone(), token.len() - 6);
        }
        then(request)
    })
    .await
}

#[tokio::test]
async fn one_deadline_counts_for_login_and_change() {
    let stub = slow_to_log_in(|_| Reply::Hang).await;
    let placed = of(&stub).call(&dial("200")).await;
    assert!(matches!(placed.told, Told::Unknown(_)), "{placed:?}");
    assert!(placed.took <= DEADLINE + SECOND, "{:?}", placed.took);
    assert_eq!(counts(&stub), (1, 1));
}

#[tokio::test]
async fn what_was_turned_down_and_not_sent_again_surely_was_not_done() {
    let stub = slow_to_log_in(|request| {
        if request.starts_with("POST /oauth/token ") {
            return Reply::Hang;
        }
        Reply::Bytes(error(401, "The access token is expired", ""))
    })
    .await;
    let placed = of(&stub).call(&dial("200")).await;
    assert!(matches!(placed.told, Told::Failed(_)), "{placed:?}");
    assert!(placed.took <= DEADLINE + SECOND, "{:?}", placed.took);
    assert_eq!(counts(&stub), (2, 1));
}

#[tokio::test]
async fn without_a_connection_or_a_token_nothing_was_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let refused = client(&url, &Hands::default()).call(&dial("200")).await;
    assert!(matches!(refused.told, Told::Failed(_)), "{refused:?}");

    let stub = Stub::serve(|_| Reply::Hang).await;
    let hung = of(&stub).call(&dial("200")).await;
    assert!(matches!(hung.told, Told::Failed(_)), "{hung:?}");
    assert_eq!(counts(&stub), (1, 0));
}

#[tokio::test]
async fn a_token_that_ran_out_is_renewed_and_the_change_sent_once_more() {
    let oldest = Arc::new(AtomicUsize::new(2));
    let stub = strict(oldest.clone(), created(CALLED)).await;
    let client = of(&stub);
    let placed = client.call(&dial("200")).await;
    assert!(matches!(placed.told, Told::Answered(_)), "{placed:?}");
    assert_eq!(counts(&stub), (2, 2));
    oldest.store(1_000, Ordering::SeqCst);
    let Told::Failed(Fault { kind, remedy, .. }) = client.call(&dial("200")).await.told else {
        panic!("called");
    };
    assert_eq!(kind, FaultKind::Auth);
    assert!(remedy.contains("a new token did not help"), "{remedy}");
    assert_eq!(counts(&stub), (3, 4));
}

#[tokio::test]
async fn a_refusal_to_subscribe_says_what_may_be_the_matter() {
    for (word, remedy) in [
        ("", "the number of events that Telphin pushes is used up"),
        (
            "app_access_type_deny",
            "the application's type may not allow it",
        ),
        ("access_denied", "the application's type may not allow it"),
        ("user_blocked", "blocked"),
        ("user_access_type_deny", "the application's user"),
    ] {
        let stub = always(error(403, "No", word)).await;
        let sent = NewSubscription {
            method: "POST".into(),
            ..new()
        };
        let Told::Failed(fault) = of(&stub).subscribe("175", &sent).await.told else {
            panic!("subscribed");
        };
        assert_eq!(fault.kind, FaultKind::Forbidden);
        assert!(
            fault.what.contains(&format!(
                "403{}",
                if word.is_empty() {
                    String::new()
                } else {
                    format!(" {word}")
                }
            )),
            "{fault}"
        );
        assert!(fault.remedy.contains(remedy), "{fault}");
    }
}
