//! The secret in the path is seen by nobody: not in the journal's files, not
//! in the log at any level, not in the figures, not in an answer.

use std::{fs, path::Path};

use rustix::process::Signal;

use crate::{
    client::{JSON, ask, post, ring, send},
    program::{Home, Running},
    rig::{CONFIG, NEW, OLD, TEAM},
};

const TRIED: &str = "tried-secret-0123456";

fn holds(folder: &Path, secret: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, secret);
        }
        let bytes = fs::read(&path).unwrap();
        bytes.windows(secret.len()).any(|w| w == secret.as_bytes())
    })
}

#[test]
fn the_secret_is_left_at_the_door() {
    let home = Home::new();
    home.file("config.toml", CONFIG);
    let mut command = home.holdline(["collect", "--config", "config.toml"]);
    command.env("HOLDLINE_LOG", "trace");
    let mut running = Running::start(command);
    let told = running.tells("listening for webhooks on http://");
    let address = told.rsplit_once("http://").unwrap().1.parse().unwrap();
    let tried = format!("/hooks/team/{TRIED}");
    let mut answers = Vec::new();
    for path in [
        TEAM,
        &format!("/hooks/team/{OLD}"),
        &tried,
        &format!("/hooks/{TRIED}/x"),
    ] {
        for request in [
            post(path, JSON, ring(path.rsplit_once('/').unwrap().0)),
            post(path, JSON, "{"),
            post(path, "content-type: multipart/form-data\r\n", "x"),
            ask("PUT", path, ""),
            ask("GET", &format!("{path}?event=call:ring&id=1"), ""),
            ask("GET", "/metrics", &format!("referer: {path}\r\n")),
            ask("GET", "/healthz", ""),
        ] {
            answers.push(send(address, request));
        }
    }
    running.tells("collecting into");
    let said = running.said.join("\n");
    let ended = running.end(Signal::TERM);
    for secret in [NEW, OLD, TRIED] {
        assert!(
            !holds(&home.path().join("journal"), secret),
            "in the journal"
        );
        for text in [&said, &ended.err, &ended.out] {
            assert!(!text.contains(secret), "in the log: {text}");
        }
        for answer in &answers {
            assert!(!answer.head.contains(secret) && !answer.body.contains(secret));
        }
    }
    // The search finds what is there.
    assert!(holds(&home.path().join("journal"), "call:ring"));
}
