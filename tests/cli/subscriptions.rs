//! `holdline hooks list`, `add`, `remove` and `check`, against a vendor that
//! keeps subscriptions.

use rustix::process::Signal;

use super::{
    exchange::{Exchange, PUBLIC, SECRETS, recorded, rows, run},
    program::{Home, Running},
};

const ALLOWED: &str = "allow = [\"subscribe\"]";

fn ours(secret: &str) -> String {
    format!("{PUBLIC}/hooks/phones/{secret}")
}

/// A menu that lacks `hangup`, and has one subscription of each kind.
fn begun(more: &str) -> (Home, Exchange) {
    let (home, exchange) = (Home::new(), Exchange::open());
    exchange.config(&home, more);
    exchange.has("96850", "dial-in", &ours(SECRETS[0]));
    exchange.has("96850", "hangup", &ours(SECRETS[1]));
    exchange.has(
        "96850",
        "hangup",
        "https://crm.example.com/in.php?key=canary-crm",
    );
    (home, exchange)
}

#[test]
fn a_list_says_whose_each_is_and_masks_what_is_secret() {
    let (home, exchange) = begun("");
    let args = ["hooks", "list", "--extension", "Menu", "--format", "json"];
    let list = rows(&run(&home, &args));
    let of =
        |field: &str| -> Vec<String> { list.iter().map(|row| row[field].to_string()).collect() };
    assert_eq!(of("id"), ["\"1\"", "\"2\"", "\"3\""]);
    assert_eq!(of("ours"), ["true", "true", "false"]);
    assert_eq!(of("old_secret"), ["false", "true", "false"]);
    assert_eq!(list[0]["url"], format!("{PUBLIC}/hooks/phones/••••"));
    assert_eq!(list[2]["url"], "https://crm.example.com/in.php?key=••••");
    let table = run(&home, &["hooks", "list"]);
    assert_eq!(table.fine().lines().count(), 4);
    assert!(table.out.contains("somebody else's"), "{}", table.out);
    let whole = home.run(["--config", "config.toml", "hooks", "list", "--show-secrets"]);
    assert!(whole.fine().contains(SECRETS[0]));
    assert_eq!(exchange.changes(), Vec::<String>::new());
}

#[test]
fn what_the_vendor_refuses_is_said_once_and_nothing_is_listed() {
    let (home, exchange) = begun("");
    let denied = r#"{"message":"No access","status":"app_access_type_deny"}"#;
    exchange.says("GET /extension/", "403 Forbidden", denied);
    let sentence = run(&home, &["hooks", "list"]).refused(1).to_owned();
    for part in [
        "phones:",
        "No access",
        "application's type may not allow it",
    ] {
        assert!(sentence.contains(part), "{sentence}");
    }
    let sentence = run(&home, &["hooks", "list", "--extension", "Ana"])
        .refused(2)
        .to_owned();
    assert!(sentence.contains("no extension \"Ana\""), "{sentence}");
}

#[test]
fn what_is_missing_is_added_once_and_put_on_record_without_the_secret() {
    let (home, exchange) = begun(ALLOWED);
    let add = [
        "hooks",
        "add",
        "--missing",
        "--extension",
        "Menu",
        "--yes",
        "--format",
        "json",
    ];
    let ran = run(&home, &add);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let made = rows(&ran);
    assert_eq!(made.len(), 1);
    assert_eq!(made[0]["event"], "hangup");
    assert_eq!(made[0]["method"], "POST");
    assert_eq!(made[0]["ours"], true);
    let sent = ("hangup".to_owned(), ours(SECRETS[0]));
    assert_eq!(exchange.subscribed("96850").last(), Some(&sent));
    let record = recorded(&home);
    assert_eq!(record[0]["who"], "anna");
    assert_eq!(record[0]["call"], "extension/event");
    assert_eq!(
        record[0]["params"]["url"],
        format!("{PUBLIC}/hooks/phones/••••")
    );
    assert_eq!(record[1]["answers"][0]["code"], "201");
    // Once more adds nothing.
    let again = run(&home, &add);
    assert_eq!(
        (again.code, again.out.as_str()),
        (Some(0), "[]\n"),
        "{again:?}"
    );
    assert_eq!(exchange.changes().len(), 1);
    assert_eq!(recorded(&home).len(), 2);
    // People get no head of a table without rows, nor a word on other events.
    let args = ["hooks", "add", "--extension", "Menu", "--event", "dial-in"];
    let again = run(&home, &[&args[..], &["--yes"]].concat());
    assert_eq!((again.code, again.out.as_str()), (Some(0), ""), "{again:?}");
    let said = "holdline: Menu (96850): dial-in is pushed there already\nholdline: phones: nothing \
                was sent\n";
    assert_eq!(again.err, said);
}

#[test]
fn another_vendors_site_is_told_what_telphin_is_asked_for() {
    let (home, _exchange) = begun(
        "[[site]]\nname = \"team\"\nvendor = \"contaqt\"\nhook = { secret = \"0123456789abcdef\" }",
    );
    let ran = run(&home, &["hooks", "list", "--site", "team"]);
    let sentence = ran.refused(2);
    assert!(
        sentence.contains("\"team\" is Contaqt's: only Telphin has subscriptions"),
        "{sentence}"
    );
}

#[test]
fn several_events_go_where_they_are_to_and_the_first_refusal_stops_it() {
    let (home, exchange) = begun(ALLOWED);
    let to = "https://crm.example.com/in?id=175";
    let add = |events: &str| {
        let args = ["hooks", "add", "--extension", "@200", "--event", events];
        let rest = ["--method", "GET", "--url", to, "--yes", "--format", "json"];
        run(&home, &[&args[..], &rest].concat())
    };
    assert_eq!(rows(&add("dial-in,answer")).len(), 2);
    let there = exchange.subscribed("175");
    assert_eq!(
        there,
        [("dial-in", to), ("answer", to)].map(|(e, u)| (e.into(), u.into()))
    );
    exchange.says(
        "POST /extension/175/event/",
        "403 Forbidden",
        r#"{"message":"Limit"}"#,
    );
    let ran = add("answer,hangup,voicemail");
    assert_eq!((ran.code, ran.out.as_str()), (Some(1), "[]\n"));
    for part in [
        "answer is pushed there already",
        "\"Limit\"",
        "1 more were not asked for",
    ] {
        assert!(ran.err.contains(part), "{}", ran.err);
    }
    assert_eq!(exchange.changes().len(), 3);
}

#[test]
fn nothing_is_changed_that_is_not_allowed_or_not_confirmed() {
    let add = ["hooks", "add", "--missing"];
    let remove = ["hooks", "remove", "--extension", "Menu", "--id", "1"];
    let (home, exchange) = begun("");
    for args in [&add[..], &remove] {
        let sentence = run(&home, &[args, &["--yes"]].concat())
            .refused(2)
            .to_owned();
        assert!(sentence.contains("allow = [\"subscribe\"]"), "{sentence}");
    }
    exchange.config(&home, ALLOWED);
    for args in [&add[..], &remove] {
        let sentence = run(&home, args).refused(2).to_owned();
        assert!(sentence.contains("--yes"), "{sentence}");
    }
    for (args, part) in [
        ("hooks add", "--extension"),
        ("hooks add --extension 175", "--event"),
        ("hooks add --extension 175 --event dial-inn", "did you mean"),
        ("hooks add --missing --url https://h.example", "--url"),
        (
            "hooks add --extension 175 --event hangup --url ftp://h",
            "https://",
        ),
        ("hooks remove --extension 175", "--id"),
    ] {
        let ran = run(&home, &args.split(' ').collect::<Vec<_>>());
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(part), "{args}: {}", ran.err);
    }
    assert_eq!(exchange.changes(), Vec::<String>::new());
}

#[test]
fn somebody_elses_is_removed_only_where_it_is_named_as_such() {
    let (home, exchange) = begun(ALLOWED);
    let remove = |ids: &str, more: &[&str]| {
        let args = [
            "hooks",
            "remove",
            "--extension",
            "Menu",
            "--id",
            ids,
            "--yes",
        ];
        run(&home, &[&args[..], more].concat())
    };
    let sentence = remove("2,3", &[]).refused(2).to_owned();
    assert!(sentence.contains("3 is somebody else's"), "{sentence}");
    let sentence = remove("2,99", &["--others"]).refused(1).to_owned();
    assert!(sentence.contains("no subscription 99"), "{sentence}");
    assert_eq!(exchange.changes(), Vec::<String>::new());
    let ran = remove("2,3", &["--others", "--format", "json"]);
    assert_eq!((ran.code, rows(&ran).len()), (Some(0), 2), "{ran:?}");
    let gone = [
        "DELETE /extension/96850/event/2",
        "DELETE /extension/96850/event/3",
    ];
    assert_eq!(exchange.changes(), gone);
    assert_eq!(exchange.subscribed("96850").len(), 1);
    assert_eq!(recorded(&home)[0]["params"]["change"], "remove");
}

#[test]
fn a_check_says_what_is_missing_and_sends_itself_a_test() {
    let (home, _exchange) = begun("");
    let check = || run(&home, &["hooks", "check", "--format", "json"]);
    let found = |state: &str, part: &str| {
        let ran = check();
        let rows = rows(&ran);
        let fits = |row: &&serde_json::Value| {
            row["state"] == state && row["found"].as_str().unwrap().contains(part)
        };
        let row = rows
            .iter()
            .find(fits)
            .unwrap_or_else(|| panic!("{part}: {ran:?}"));
        (
            ran.code,
            row["remedy"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let (code, remedy) = found("wrong", "Menu (96850): hangup missing");
    assert_eq!(code, Some(1));
    assert!(
        remedy.contains("hooks add --site phones --missing"),
        "{remedy}"
    );
    let (_, remedy) = found("note", "with an old secret: 2");
    assert!(remedy.contains("--extension 96850 --id 2"), "{remedy}");
    found(
        "ok",
        "somebody else has 3 hangup to https://crm.example.com/in.php?key=••••",
    );
    // The account does not tell its limits.
    found("ok", "— (");
    let (_, remedy) = found("wrong", "nobody has listened for webhooks yet");
    assert!(remedy.contains("holdline collect"), "{remedy}");
}

#[test]
fn a_test_arrives_by_the_address_that_the_vendor_is_told_or_it_is_said_why_not() {
    let (home, exchange) = begun("");
    // Its own address stands for the way through a proxy.
    let config = std::fs::read_to_string(home.path().join("config.toml")).unwrap();
    home.file(
        "config.toml",
        &config.replace(&format!("public_url = \"{PUBLIC}\"\n"), ""),
    );
    for (event, to) in [("dial-in", 0), ("hangup", 0)] {
        exchange.has("96850", event, &ours(SECRETS[to]));
    }
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    running.tells("listening for webhooks on http://");
    running.tells("collecting into");
    let delivered = || {
        let ran = run(
            &home,
            &["--timeout", "2s", "hooks", "check", "--format", "json"],
        );
        let rows = rows(&ran);
        let row = rows
            .into_iter()
            .find(|row| row["check"] == "delivery")
            .unwrap();
        (
            row["state"].to_string(),
            row["found"].to_string(),
            row["remedy"].to_string(),
        )
    };
    // The receiver's address is written within a second.
    let arrived = (0..1_000)
        .map(|_| delivered())
        .find(|(state, ..)| state == "\"ok\"");
    assert!(arrived.unwrap().1.contains("arrived in"));
    let events = rows(&run(&home, &["events", "--format", "json"]));
    let test = events
        .iter()
        .find(|row| row["event"] == "holdline:check")
        .unwrap();
    assert_eq!(test["source"], "injected");
    // What is told is not where anybody listens.
    for (status, part) in [
        ("200 OK", "somebody else answers at that address"),
        ("404 Not Found", "knows no such address"),
        ("502 Bad Gateway", "a proxy answers"),
        ("302 Found", "sent on elsewhere"),
    ] {
        let proxy = super::stub::Stub::serve(move |_| super::stub::reply(status, &[], ""));
        let receiver = format!("[receiver]\npublic_url = \"{}\"\n", proxy.url);
        home.file(
            "config.toml",
            &config
                .replace("[receiver]\n", &receiver)
                .replace(&format!("public_url = \"{PUBLIC}\"\n"), ""),
        );
        let (state, found, remedy) = delivered();
        assert_eq!(state, "\"wrong\"", "{found}");
        assert!(
            found.contains(part) && remedy.len() > 20,
            "{found} {remedy}"
        );
    }
    assert_eq!(running.end(Signal::TERM).code, Some(143));
}
