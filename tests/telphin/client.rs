//! What is asked of Telphin, and how servers that misbehave are taken.

use holdline::domain::{
    extension::ExtensionKind,
    fault::{Fault, FaultKind},
};
use tokio::net::TcpListener;

use crate::{
    server::{Hands, Reply, Stub, gzip, json, reply},
    stub::{SUBSCRIBED, always, client, error, questions, vendor},
};

/// The fault of a question whose server always answers this.
async fn fault(bytes: Vec<u8>) -> Fault {
    let stub = always(bytes).await;
    let client = client(&stub.url, &Hands::default());
    client.subscriptions("175").await.unwrap_err()
}

#[tokio::test]
async fn an_extensions_subscriptions_are_asked_as_documented() {
    let stub = always(json(format!("[{SUBSCRIBED}]"))).await;
    for (base, extension, path) in [
        ("", "175", "/api/ver1.0/extension/175/event/"),
        ("/", "@200", "/api/ver1.0/extension/@200/event/"),
    ] {
        let client = client(&format!("{}{base}", stub.url), &Hands::default());
        let list = client.subscriptions(extension).await.unwrap();
        assert_eq!((&*list[0].id, &*list[0].event), ("72", "dial-out"));
        assert_eq!(&*list[0].method, "GET");
        assert_eq!(
            &*list[0].url,
            "https://somehost.com/fordel/show.php?myid=175"
        );
        let asked = questions(&stub).pop().unwrap();
        assert!(
            asked.starts_with(&format!("GET {path} HTTP/1.1\r\n")),
            "{asked}"
        );
        for line in ["authorization: Bearer t", "accept: application/json"] {
            assert!(asked.contains(line), "{line} is not in: {asked}");
        }
    }
}

#[tokio::test]
async fn an_extension_that_cannot_stand_in_a_path_is_not_asked_for() {
    let stub = always(json("[]")).await;
    let client = client(&stub.url, &Hands::default());
    for extension in ["", ".", ".."] {
        let fault = client.subscriptions(extension).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Invalid { field: "id".into() });
    }
    assert_eq!(questions(&stub), [""; 0]);
    client.subscriptions("a/b?c").await.unwrap();
    let asked = questions(&stub);
    assert!(asked[0].starts_with("GET /api/ver1.0/extension/a%2Fb%3Fc/event/ "));
}

#[tokio::test]
async fn extensions_are_read_page_after_page() {
    let stub = vendor(|request| {
        let page: usize = request
            .split("page=")
            .nth(1)
            .and_then(|rest| rest.split('&').next())
            .map_or(1, |n| n.parse().unwrap());
        let from = (page - 1) * 100;
        let rows: Vec<String> = (from..(from + 100).min(130))
            .map(|id| {
                format!(
                    r#"{{"id":{id},"name":"000*{id:03}","type":"queue","status":"active","label":"L"}}"#
                )
            })
            .collect();
        Reply::Bytes(json(format!("[{}]", rows.join(","))))
    })
    .await;
    let listed = client(&stub.url, &Hands::default())
        .extensions()
        .await
        .unwrap();
    assert_eq!(listed.len(), 130);
    let last = &listed[129];
    assert_eq!((last.id.as_str(), &*last.name), ("129", "000*129"));
    assert_eq!(last.number.as_deref(), Some("129"));
    assert_eq!(last.kind(), Some(ExtensionKind::Queue));
    assert_eq!(
        (&*last.status, last.label.as_deref()),
        ("active", Some("L"))
    );
    let asked = questions(&stub);
    assert_eq!(asked.len(), 2);
    let first = "GET /api/ver1.0/client/@me/extension/?page=1&per_page=100 ";
    assert!(asked[0].starts_with(first), "{}", asked[0]);
}

#[tokio::test]
async fn a_list_of_extensions_that_never_ends_is_given_up() {
    let stub = vendor(|request| {
        let page = request.split("page=").nth(1).unwrap().split('&').next();
        Reply::Bytes(json(format!(r#"[{{"id":{}}}]"#, page.unwrap())))
    })
    .await;
    let asked = client(&stub.url, &Hands::default()).extensions().await;
    let fault = asked.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Malformed);
    assert!(
        fault.what.contains("does not end after 100 pages"),
        "{fault}"
    );
    assert_eq!(questions(&stub).len(), 100);
}

#[tokio::test]
async fn limits_of_any_shape_are_names_and_values() {
    for (body, expected) in [
        (
            r#"{"event":100,"extension":{"max":"5"}}"#,
            "event=100 extension.max=5",
        ),
        (r#"[{"name":"event","value":1}]"#, "1.name=event 1.value=1"),
        (
            r#"{"a":null,"b":[],"c":true,"d":1.50}"#,
            "a=null c=true d=1.5",
        ),
        ("{}", ""),
        ("7", "=7"),
    ] {
        let stub = always(json(body)).await;
        let limits = client(&stub.url, &Hands::default()).limits().await.unwrap();
        let pairs: Vec<String> = limits.iter().map(|(n, v)| format!("{n}={v}")).collect();
        assert_eq!(pairs.join(" "), expected, "{body}");
        assert!(questions(&stub)[0].starts_with("GET /api/ver1.0/client/@me/limit/ "));
    }
    let many: Vec<String> = (0..1_000).map(|n| n.to_string()).collect();
    let stub = always(json(format!("[{}]", many.join(",")))).await;
    let limits = client(&stub.url, &Hands::default()).limits().await.unwrap();
    assert_eq!(limits.len(), 200);
    for bytes in [
        json(""),
        json("{"),
        json("<html>"),
        error(404, "Not found", ""),
    ] {
        let stub = always(bytes).await;
        client(&stub.url, &Hands::default())
            .limits()
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_other_host_hears_nothing() {
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let other = Stub::always(json("[]")).await;
        let location = format!("location: {}/x", other.url);
        let fault = fault(reply(status, &[&location], "")).await;
        assert_eq!(fault.kind, FaultKind::Redirected);
        assert!(fault.what.contains(&other.url), "{fault}");
        assert_eq!(other.asked(), [""; 0]);
    }
}

#[tokio::test]
async fn answers_that_are_none_are_one_sentence_each() {
    let zeros = vec![b' '; 65 << 20];
    let whole = json(format!("[{SUBSCRIBED}]"));
    let html = ["content-type: text/html"];
    for (bytes, kind, what) in [
        (
            reply("200 OK", &html, "<title>Log in</title>"),
            FaultKind::Malformed,
            "a web page (\"Log in\")",
        ),
        (
            reply("502 X", &html, "<title>Sorry</title>"),
            FaultKind::Server,
            "502 Bad Gateway with a web page (\"Sorry\")",
        ),
        (
            whole[..whole.len() - 9].to_vec(),
            FaultKind::Malformed,
            "cut off",
        ),
        (
            json("[{\"id\":72,"),
            FaultKind::Malformed,
            "ends in the middle",
        ),
        (
            json(""),
            FaultKind::Malformed,
            "nothing where the API's JSON is due",
        ),
        (json("{\"a\":1}"), FaultKind::Malformed, "an object where"),
        (json("\"x\""), FaultKind::Malformed, "a text where"),
        (
            json("[7]"),
            FaultKind::Malformed,
            "a subscription without an `id`",
        ),
        (
            reply("200 OK", &["content-encoding: gzip"], gzip(&zeros)),
            FaultKind::Malformed,
            "longer than 64 MiB",
        ),
        (Vec::new(), FaultKind::Unreachable, "closed the connection"),
        (
            b"SSH-2.0\r\n".to_vec(),
            FaultKind::Malformed,
            "does not answer in HTTP",
        ),
    ] {
        let fault = fault(bytes).await;
        assert_eq!(fault.kind, kind, "{fault}");
        assert!(fault.what.contains(what), "{what}: {fault}");
        assert!(!fault.remedy.is_empty(), "{fault}");
    }
}

#[tokio::test]
async fn an_answer_that_never_comes_is_a_timeout_at_the_deadline() {
    let stub = vendor(|_| Reply::Hang).await;
    let asked = client(&stub.url, &Hands::default())
        .subscriptions("175")
        .await;
    let fault = asked.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Timeout);
    assert!(
        fault.what.contains("no whole answer within 10 s"),
        "{fault}"
    );
}

#[tokio::test]
async fn a_port_nobody_listens_on_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let client = client(&format!("http://{address}"), &Hands::default());
    let fault = client.subscriptions("175").await.unwrap_err();
    assert_eq!(fault.what, format!("{address} refused the connection"));
    assert_eq!(fault.exit_code(), 3);
}
