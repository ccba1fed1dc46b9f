//! What the receiver hands on to the board is what it has stored.

use holdline::{
    config::Config,
    domain::{
        entry::{Entry, What},
        hook::Says,
    },
    vendor::hook::Reader,
};

use crate::{
    client::{FORM, JSON, ask, post, ring, send},
    rig::{CONFIG, FENCED, Rig, TEAM, lock},
};

/// The journal's entries of events, as a board reads them.
fn read(rig: &Rig) -> Vec<Entry> {
    let config = Config::parse(CONFIG, rig.folder.path(), &|_| None).unwrap();
    let mut entries = rig.entries();
    entries.retain(|entry| matches!(entry.what, What::Hook(_)));
    Reader::new(&config.all_sites()).read_all(&mut entries);
    entries
}

#[test]
fn what_is_handed_on_is_what_the_journal_gives_back() {
    let rig = Rig::start();
    let twice = r#" {"event": "call:ring", "id": "dup", "call_id":"c", "ts":1767225600, "x": [1, {"y":"\u00e6"}]} "#;
    let letters = [
        post(TEAM, JSON, ring("json")),
        post(TEAM, JSON, format!("[{},{}]", ring("one"), ring("two"))),
        post(TEAM, JSON, twice),
        post(TEAM, JSON, twice),
        post(TEAM, FORM, "event=agent:status&user_id=7&pause_id=3"),
        post(TEAM, FORM, "event=%3Cb%3E&id=%00%ff"),
        post(
            TEAM,
            &format!("{JSON}x-holdline-injected: 1\r\n"),
            ring("injected"),
        ),
        post(TEAM, JSON, r#"{"event":"holdline:check"}"#),
        ask("GET", &format!("{TEAM}?event=call:end&id=get&ts=1"), ""),
    ];
    for letter in letters {
        assert_eq!(send(rig.address, letter).status, 200);
    }
    assert_eq!(send(rig.address, post(TEAM, JSON, "{")).status, 400);
    assert_eq!(
        send(rig.address, post(FENCED, JSON, ring("no"))).status,
        403
    );
    let mut handed_on = rig.handed_on();
    handed_on.sort_by_key(|entry| entry.seq);
    assert_eq!(handed_on, read(&rig));
    assert_eq!(handed_on.len(), 9, "a repeat is not told twice");
    let says = |is: fn(&Says) -> bool| {
        let hooks = handed_on.iter().filter_map(|entry| match &entry.what {
            What::Hook(hook) => Some(&hook.says),
            _ => None,
        });
        hooks.filter(|says| is(says)).count()
    };
    assert_eq!(says(|says| matches!(says, Says::Unread)), 0);
    let unknown = says(|says| matches!(says, Says::Nothing(_)));
    assert_eq!((rig.heard(0).unknown, unknown), (1, 1));
}

#[test]
fn what_could_not_be_stored_is_not_handed_on() {
    let rig = Rig::start();
    let held = lock(rig.folder.path());
    let path = format!("{TEAM}?late");
    let mut line = crate::client::Line::to(rig.address);
    line.say(post(&path, JSON, ring("late")));
    assert!(line.is_silent(std::time::Duration::from_millis(300)));
    assert!(rig.handed_on().is_empty(), "before it was stored");
    drop(held);
    assert_eq!(line.answer().unwrap().status, 200);
    assert_eq!(rig.handed_on(), read(&rig));
}
