//! What is turned away, with which status and in which words.

use super::{json, request};

fn refused(method: &str, query: &str, kind: Option<&str>, body: &[u8]) -> (u16, String) {
    let refusal = request(method, query, kind, body).unwrap_err();
    (refusal.status, refusal.why)
}

#[test]
fn what_cannot_be_read_is_turned_away_with_a_sentence() {
    let deep = format!(
        "{{\"event\":{}1{}}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let huge = "x".repeat(70_000);
    let many = format!("[{}]", vec!["{}"; 501].join(","));
    let parts = b"--b\r\nContent-Disposition: form-data; name=\"event\"\r\n\r\ncall:ring\r\n--b--";
    let query = "a".repeat(9_000);
    for (status, words, answer) in [
        (
            415,
            "multipart",
            refused("POST", "", Some("Multipart/Form-Data; boundary=b"), parts),
        ),
        (415, "multipart", refused("POST", "", None, parts)),
        (
            400,
            "empty",
            refused("POST", "", Some("application/json"), b" \n"),
        ),
        (400, "empty", refused("GET", "", None, b"")),
        (
            400,
            "ends in the middle",
            refused("POST", "", None, br#"{"event":"call:ri"#),
        ),
        (
            400,
            "not sound JSON at line 1, column 10",
            refused("POST", "", None, br#"{"event":call}"#),
        ),
        (
            400,
            "nested deeper than 32",
            refused("POST", "", None, deep.as_bytes()),
        ),
        (413, "64 KiB", refused("POST", "", None, huge.as_bytes())),
        (
            413,
            "more than 500 events",
            refused("POST", "", None, many.as_bytes()),
        ),
        (414, "8 KiB", refused("GET", &query, None, b"")),
        (
            415,
            "neither JSON nor a form",
            refused("POST", "", None, b"<event>call:ring</event>"),
        ),
        (
            415,
            "neither JSON nor a form",
            refused("POST", "", None, b"call:ring"),
        ),
        (405, "GET or POST", refused("PUT", "", None, b"{}")),
    ] {
        assert_eq!(answer.0, status, "{}", answer.1);
        assert!(
            answer.1.contains(words),
            "{words:?} is not in {:?}",
            answer.1
        );
        assert!(
            !answer.1.contains("call:ri"),
            "quotes the request: {}",
            answer.1
        );
    }
}

#[test]
fn what_is_strange_but_readable_is_kept() {
    let deep = format!(
        "{{\"event\":\"x:y\",\"own\":{}1{}}}",
        "[".repeat(30),
        "]".repeat(30)
    );
    assert_eq!(json(&deep).len(), 1);
    assert_eq!(json("{}").len(), 1);
    let one = &json(r#"{"event":"call:ring","id":"a","own":1e400,"half":"\ud83d"}"#)[0];
    assert_eq!(
        one.body.as_str(),
        r#"{"event":"call:ring","id":"a","own":1e400,"half":"\ud83d"}"#
    );
}

/// So many events under `data`, with so many bytes around them.
fn listed(events: usize, around: usize) -> Vec<u8> {
    let events = vec![r#"{"a":1}"#; events].join(",");
    format!(r#"{{"own":"{}","data":[{events}]}}"#, "x".repeat(around)).into_bytes()
}

#[test]
fn an_array_is_not_read_into_events_without_end() {
    // Each event takes what stands around it along, in the body and the URL.
    let query = format!("own={}", "x".repeat(8_000));
    let many = format!("[{}]", vec!["{}"; 500].join(","));
    for (words, answer) in [
        ("256 KiB", refused("POST", &query, None, many.as_bytes())),
        ("256 KiB", refused("POST", "", None, &listed(500, 8_000))),
        ("8 KiB", refused("POST", "", None, &listed(2, 8_200))),
        ("8 KiB", refused("POST", "", None, &listed(500, 60_000))),
    ] {
        assert_eq!(answer.0, 413, "{}", answer.1);
        assert!(answer.1.contains(words), "{}", answer.1);
    }
    for body in [listed(500, 400), listed(30, 8_000)] {
        let events = request("POST", "", None, &body).unwrap();
        let size: usize = events.iter().map(|d| d.body.as_str().len()).sum();
        assert!((200_000..=256 << 10).contains(&size), "{size}");
    }
}
