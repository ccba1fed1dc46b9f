//! The ways in which a vendor fails, and what may come of each (R11).

use super::*;

/// What may come of a fault.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum May {
    /// No answer, in time or at all.
    Lost,
    /// Something that no client can read.
    Unreadable,
    /// Sent elsewhere.
    Redirected,
    /// Asked to wait.
    Limited,
    /// A failure inside.
    Broken,
    /// Anything, as long as it is told.
    Anything,
}

impl May {
    pub fn allows(self, fault: &Fault) -> bool {
        let kind = &fault.kind;
        match self {
            Self::Lost => matches!(
                kind,
                FaultKind::Timeout | FaultKind::Unreachable | FaultKind::Malformed
            ),
            Self::Unreadable => matches!(kind, FaultKind::Malformed),
            Self::Redirected => matches!(kind, FaultKind::Redirected),
            Self::Limited => matches!(kind, FaultKind::RateLimited { .. }),
            Self::Broken => matches!(kind, FaultKind::Server),
            Self::Anything => true,
        }
    }
}

/// A kind of failure: its name, what comes instead of the good answer, and
/// what may come of it.
pub type Kind = (&'static str, fn(&Question) -> Reply, May);

const HTML: &str = "content-type: text/html";
const JSON: &str = "content-type: application/json";

pub const KINDS: &[Kind] = &[
    ("reset", |_| Reply::Reset, May::Lost),
    ("closed", |_| Reply::Bytes(Vec::new()), May::Lost),
    ("hangs", |_| Reply::Hang, May::Lost),
    (
        "head by the byte",
        |q| Reply::Trickle(q.answer(), 0),
        May::Lost,
    ),
    (
        "body by the byte",
        |q| Reply::Trickle(q.with(" ".repeat(99)), 60),
        May::Lost,
    ),
    (
        "not HTTP",
        |_| Reply::Bytes(b"SSH-2.0-x\r\n\r\n".to_vec()),
        May::Unreadable,
    ),
    (
        "TLS",
        |_| Reply::Bytes(b"\x15\x03\x01\x00\x02\x02\x28".to_vec()),
        May::Lost,
    ),
    (
        "HTTP/9",
        |_| Reply::Bytes(b"HTTP/9.9 200 OK\r\n\r\n[]".to_vec()),
        May::Unreadable,
    ),
    (
        "a status that is none",
        |_| Reply::Bytes(b"HTTP/1.1 99 X\r\n\r\n".to_vec()),
        May::Unreadable,
    ),
    ("ten thousand headers", |q| headers(q, 10_000), May::Lost),
    (
        "a header of a megabyte",
        |q| {
            let long = format!("x-long: {}", "x".repeat(1 << 20));
            Reply::Bytes(reply(q.good.0, &[&long], q.good.1))
        },
        May::Lost,
    ),
    (
        "two lengths",
        |q| Reply::Bytes(reply(q.good.0, &["content-length: 3"], q.good.1)),
        May::Lost,
    ),
    (
        "a length that lies",
        |_| Reply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\n[]".to_vec()),
        May::Lost,
    ),
    (
        "a length of exabytes",
        |_| {
            Reply::Bytes(
                b"HTTP/1.1 200 OK\r\ncontent-length: 9223372036854775807\r\n\r\n[]".to_vec(),
            )
        },
        May::Lost,
    ),
    (
        "chunks that are none",
        |_| {
            Reply::Bytes(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n[]\r\n".to_vec(),
            )
        },
        May::Lost,
    ),
    (
        "chunks without end",
        |_| {
            Reply::Bytes(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n[]\r\n".to_vec(),
            )
        },
        May::Lost,
    ),
    ("a bomb", |_| bomb(), May::Unreadable),
    (
        "gzip that is none",
        |q| {
            Reply::Bytes(reply(
                "200 OK",
                &[JSON, "content-encoding: gzip"],
                q.good.1.to_owned() + "x",
            ))
        },
        May::Unreadable,
    ),
    (
        "gzip cut off",
        |_| {
            let whole = gzip(&[b' '; 4096]);
            Reply::Bytes(reply(
                "200 OK",
                &[JSON, "content-encoding: gzip"],
                &whole[..whole.len() - 9],
            ))
        },
        May::Unreadable,
    ),
    ("301 in circles", |q| redirected("301", q), May::Redirected),
    ("302 in circles", |q| redirected("302", q), May::Redirected),
    ("303 in circles", |q| redirected("303", q), May::Redirected),
    ("307 in circles", |q| redirected("307", q), May::Redirected),
    ("308 in circles", |q| redirected("308", q), May::Redirected),
    (
        "302 to nowhere",
        |_| Reply::Bytes(reply("302 Found", &[], "")),
        May::Redirected,
    ),
    (
        "429",
        |_| Reply::Bytes(reply("429 Too Many", &[], "")),
        May::Limited,
    ),
    (
        "429 in seconds",
        |_| Reply::Bytes(reply("429 Too Many", &["retry-after: 30"], "")),
        May::Limited,
    ),
    (
        "429 at a date",
        |_| {
            Reply::Bytes(reply(
                "429 Too Many",
                &["retry-after: Sun, 06 Nov 2094 08:49:37 GMT"],
                "",
            ))
        },
        May::Limited,
    ),
    (
        "429 at no date",
        |_| Reply::Bytes(reply("429 Too Many", &["retry-after: soon"], "")),
        May::Limited,
    ),
    (
        "429 in the past",
        |_| Reply::Bytes(reply("429 Too Many", &["retry-after: -1"], "")),
        May::Limited,
    ),
    (
        "429 for ever",
        |_| {
            Reply::Bytes(reply(
                "429 Too Many",
                &["retry-after: 99999999999999999999"],
                "",
            ))
        },
        May::Limited,
    ),
    (
        "500",
        |_| Reply::Bytes(reply("500 Oops", &[], "")),
        May::Broken,
    ),
    (
        "500 with rows",
        |q| Reply::Bytes(reply("500 Oops", &[JSON], q.good.1)),
        May::Broken,
    ),
    (
        "502 with a page",
        |_| Reply::Bytes(reply("502 X", &[HTML], "<title>Sorry</title>")),
        May::Broken,
    ),
    (
        "503",
        |_| Reply::Bytes(reply("503 X", &["retry-after: 5"], "")),
        May::Broken,
    ),
    (
        "a page",
        |_| Reply::Bytes(reply("200 OK", &[HTML], "<html><title>Wi-Fi</title>")),
        May::Unreadable,
    ),
    ("nothing", |_| Reply::Bytes(json("")), May::Unreadable),
    ("NaN", |_| Reply::Bytes(json("NaN")), May::Unreadable),
    (
        "NaN inside",
        |q| Reply::Bytes(q.with(q.good.1.replacen([':', '['], ":NaN,", 1))),
        May::Unreadable,
    ),
    ("1e400", |_| Reply::Bytes(json("[1e400]")), May::Unreadable),
    ("null", |_| Reply::Bytes(json("null")), May::Unreadable),
    ("a text", |_| Reply::Bytes(json("\"x\"")), May::Unreadable),
    (
        "a hundred thousand deep",
        |_| Reply::Bytes(json("[".repeat(100_000))),
        May::Unreadable,
    ),
    (
        "a hundred thousand objects deep",
        |_| Reply::Bytes(json("{\"a\":".repeat(100_000))),
        May::Unreadable,
    ),
    (
        "bad UTF-8",
        |q| {
            let mut body = q.good.1.as_bytes().to_vec();
            body.extend(b"\xff\xfe\xc3");
            Reply::Bytes(q.with(body))
        },
        May::Unreadable,
    ),
    (
        "bad UTF-8 within",
        |q| {
            let bytes = q.good.1.bytes().map(|b| if b == b'a' { 0xff } else { b });
            Reply::Bytes(q.with(bytes.collect::<Vec<u8>>()))
        },
        May::Anything,
    ),
    (
        "another charset",
        |_| {
            Reply::Bytes(reply(
                "200 OK",
                &["content-type: application/json; charset=utf-7"],
                "+AGE-",
            ))
        },
        May::Unreadable,
    ),
    (
        "401",
        |_| Reply::Bytes(reply("401 Who", &[], "")),
        May::Anything,
    ),
    (
        "403",
        |_| Reply::Bytes(reply("403 No", &[], "")),
        May::Anything,
    ),
    (
        "418",
        |_| Reply::Bytes(reply("418 Teapot", &[], "\u{1b}[2J\u{202e}")),
        May::Anything,
    ),
    (
        "hostile words",
        |q| {
            let words = format!("\u{1b}]0;x\u{7}\u{1b}[2J\u{202e} {}", q.secrets());
            let body = serde_json::json!({ "error": { "code": words, "message": words, "status": 403 },
            "has_error": true, "messages": [words], "message": words, "status": words,
            "responses": [{ "code": "402", "key": words, "message": words }] });
            Reply::Bytes(reply("403 No", &[JSON], body.to_string()))
        },
        May::Anything,
    ),
];

fn headers(question: &Question, many: usize) -> Reply {
    let lines: Vec<String> = (0..many).map(|n| format!("x-{n}: y")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    Reply::Bytes(reply(question.good.0, &lines, question.good.1))
}

/// A little that unpacks to more than is read.
fn bomb() -> Reply {
    static BOMB: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let packed = BOMB.get_or_init(|| gzip(&vec![b' '; 65 << 20]));
    Reply::Bytes(reply("200 OK", &[JSON, "content-encoding: gzip"], packed))
}

fn redirected(status: &str, question: &Question) -> Reply {
    let path = question
        .line
        .split(' ')
        .find(|part| part.starts_with('/'))
        .unwrap();
    let location = format!("location: {path}?token=tok-canary");
    Reply::Bytes(reply(&format!("{status} Elsewhere"), &[&location], ""))
}
