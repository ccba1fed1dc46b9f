//! Pane 4 of the real program against the simulator: what is on the screen is
//! what the vendor was sent, and what came of it is in the journal.

use std::{fs, path::Path};

use holdline::{
    domain::{action::Ended, entry::What},
    journal::Journal,
    sim::enswitch::{PASSWORD, USERNAME},
};

use crate::{
    life::Office,
    program::{HOLDLINE, command},
    tty::Tty,
};

/// A console that only sends events, in anna's name.
fn console(office: &Office) -> Tty {
    let config = office.config();
    let config = config.to_str().unwrap();
    let arguments = ["--site", "sales", "--as", "anna", "--config", config];
    let mut tty = Tty::new(120, 40).run(command(HOLDLINE, &arguments, office.folder.path()));
    tty.wait_for("the pane", |s| s.contains("sales · not asked yet"));
    tty.press("4");
    tty.wait_for("its keys", |s| s.contains("v validate"));
    tty
}

/// Changes the configuration of the simulator's making.
fn configure(office: &Office, from: &str, to: &str) {
    let text = fs::read_to_string(office.config()).unwrap();
    let changed = text.replace(from, to);
    assert_ne!(changed, text, "{from}");
    fs::write(office.config(), changed).unwrap();
}

/// What was asked for, and what came of it.
fn journaled(folder: &Path) -> (Vec<String>, Vec<Ended>) {
    let journal = Journal::open_read_only(&folder.join("journal")).unwrap();
    let (mut asked, mut ended) = (Vec::new(), Vec::new());
    for entry in journal.read(0, 10_000).unwrap() {
        match entry.what {
            What::Intent(intent) => {
                let params: Vec<_> = intent.params().map(|(k, v)| format!("{k}={v}")).collect();
                let way = intent.way.as_ref();
                let way =
                    way.map(|w| format!("to {} as {} ", w.to, w.shape.map_or("—", |s| s.word())));
                let way = way.unwrap_or_default();
                asked.push(format!("{} {way}{}", intent.who, params.join(" ")));
            }
            What::Outcome(outcome) => ended.push(outcome.ended),
            _ => {}
        }
    }
    (asked, ended)
}

/// Neither on the screen nor anywhere in the folder but where it was written.
fn is_nowhere(secret: &str, office: &Office, tty: &Tty) {
    assert!(!tty.text().contains(secret));
    let mut folders = vec![office.folder.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_some_and(|e| e == "toml") {
                continue;
            }
            let bytes = fs::read(&path).unwrap();
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}

#[test]
fn an_event_is_filled_in_validated_confirmed_sent_and_seen_on_record() {
    let office = Office::new("1");
    let mut tty = console(&office);
    tty.press("p");
    tty.wait_for("the presets that come with it", |s| {
        s.contains("Caller hangs up") && s.contains("Test event")
    });
    tty.press("\r");
    tty.wait_for("the page's example", |s| s.contains("TEST EVENT"));
    tty.press("v");
    tty.wait_for("the vendor's own check", |s| s.contains("201"));
    assert_eq!(journaled(office.folder.path()), (Vec::new(), Vec::new()));
    tty.press("\x13");
    tty.wait_for("the exact request", |s| {
        s.contains("POST http://127.0.0.1") && s.contains("auth_password=***&queue=")
    });
    tty.press("y");
    tty.wait_for("the answer, and the event on record", |s| {
        s.contains("204: \"OK\", accepted") && s.contains("on record: ")
    });
    tty.wait_for("its history", |s| {
        s.contains("TEST EVENT  204: \"OK\"  anna")
    });
    let (asked, ended) = journaled(office.folder.path());
    assert!(asked[0].starts_with("anna queue=") && asked[0].ends_with(" event=TEST EVENT"));
    assert!(matches!(
        &ended[..],
        [Ended::Answered(replies), Ended::OnRecord(record)]
            if replies[0].code == "204" && record.starts_with("on record: ")
    ));
    is_nowhere(PASSWORD, &office, &tty);
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}

#[test]
fn a_queue_that_records_nothing_is_told() {
    let office = Office::new("1");
    let mut tty = console(&office);
    tty.press("g\r\x15124\r\x13");
    tty.wait_for("the request", |s| s.contains("&queue=124"));
    tty.press("y");
    tty.wait_for("what that means", |s| {
        s.contains("the queue seems not to record")
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn a_refused_login_shows_no_secret_and_a_production_site_wants_its_name() {
    let office = Office::new("1");
    let canary = "canary-5e1f";
    // Nothing may hurry a production site.
    configure(&office, "max_rate = 10000", "production = true");
    configure(&office, PASSWORD, canary);
    let mut tty = console(&office);
    tty.press("\x13");
    tty.wait_for("the question", |s| s.contains("sales is a production site"));
    tty.press("\x13");
    tty.wait_for("that it is meant", |s| s.contains("type sales, the name"));
    assert_eq!(journaled(office.folder.path()).0, Vec::<String>::new());
    tty.press("sales\x13");
    tty.wait_for("the refusal", |s| {
        s.contains("401")
            && s.contains("check `username` and `password`")
            && s.contains("✗ login refused")
    });
    is_nowhere(canary, &office, &tty);
    is_nowhere(&format!("auth_username={USERNAME}"), &office, &tty);
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn a_queue_that_nobody_here_may_see_is_told() {
    let office = Office::new("1");
    let mut tty = console(&office);
    tty.press("g\r\x15199\r\x13");
    tty.wait_for("the request", |s| s.contains("&queue=199"));
    tty.press("y");
    tty.wait_for("the refusal", |s| {
        s.contains("404") && s.contains("may not see it")
    });
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn a_vendor_that_is_not_there_was_sent_nothing() {
    let office = Office::new("1");
    let text = fs::read_to_string(office.config()).unwrap();
    let url = text.lines().find(|line| line.contains("/enswitch\""));
    configure(
        &office,
        url.unwrap(),
        "url = \"http://127.0.0.1:1/enswitch\"",
    );
    let mut tty = console(&office);
    tty.press("\x13");
    tty.wait_for("the question", |s| s.contains("y sends it to sales"));
    tty.press("y");
    tty.wait_for("why not", |s| {
        s.contains("refused the connection") && s.contains("✗ unreachable")
    });
    tty.wait_for("its history", |s| s.contains("not done: "));
    let (asked, ended) = journaled(office.folder.path());
    assert_eq!(asked.len(), 1);
    assert!(matches!(&ended[..], [Ended::Failed(_)]), "{ended:?}");
    tty.press("q");
    assert_eq!(tty.ends(), 0);
}

#[test]
fn what_is_said_as_a_vendor_is_heard_here_and_kept_as_a_preset() {
    let office = Office::new("1");
    let config = office.config();
    let config = config.to_str().unwrap();
    let arguments = ["--as", "anna", "--config", config];
    let mut tty = Tty::new(120, 40).run(command(HOLDLINE, &arguments, office.folder.path()));
    tty.wait_for("the receiver", |s| s.contains("team ●"));
    tty.press("4");
    tty.press("z");
    tty.wait_for("its keys", |s| s.contains("v validate"));
    tty.press("t");
    tty.wait_for("a site to speak as", |s| s.contains(" · as "));
    if !tty.text().contains("team · as contaqt") {
        tty.press("t");
    }
    tty.wait_for("the site", |s| s.contains("team · as contaqt"));
    tty.press("p");
    tty.wait_for("its presets", |s| s.contains("Agent pauses"));
    tty.press("j\r");
    tty.wait_for("the event", |s| s.contains("agent:status"));
    tty.press("gj\r\x15991\r");
    tty.wait_for("the agent", |s| s.contains("991"));
    tty.press("\x13");
    tty.wait_for("the exact request", |s| {
        s.contains("/hooks/team/***") && s.contains("\"user_id\":\"991\"")
    });
    assert_eq!(journaled(office.folder.path()).0, Vec::<String>::new());
    tty.press("y");
    tty.wait_for("the answer, and the entry", |s| {
        s.contains("200: \"Stored.\", the receiver took it") && s.contains("marked as injected")
    });
    tty.press("P");
    tty.wait_for("a name is asked for", |s| s.contains("Save as a preset"));
    tty.press("Pause of 991\r");
    tty.wait_for("where it is", |s| s.contains("pause-of-991.toml"));
    let kept = fs::read_to_string(office.folder.path().join("presets/pause-of-991.toml"));
    assert!(kept.unwrap().contains("user_id = \"991\""));
    let (asked, ended) = journaled(office.folder.path());
    let [asked] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert!(asked.starts_with("anna to http://127.0.0.1:"), "{asked}");
    assert!(
        asked.ends_with("/hooks/team/*** as json user_id=991 pause_id=5 in_calls=0"),
        "{asked}"
    );
    assert!(matches!(&ended[..], [Ended::Answered(replies)] if replies[0].code == "200"));
    let journal = Journal::open_read_only(&office.folder.path().join("journal")).unwrap();
    let entries = journal.read(0, 10_000).unwrap();
    let heard = entries.iter().any(|entry| match &entry.what {
        What::Hook(hook) => hook.injected && hook.body.as_str().contains("991"),
        _ => false,
    });
    assert!(heard, "{entries:?}");
    tty.press("q");
    assert_eq!(tty.ends(), 0);
    tty.is_as_before();
}
