//! A While1 PBX that refuses, fails or repeats what it was sent.

use holdline::{
    domain::site::Vendor as Of,
    sim::{Fault, RetryAfter, Rule, while1},
};
use serde_json::json;

use super::{
    pbx::{Pbx, command, ok, simulated, with},
    program::{Home, Ran, ran},
    stub::reply,
    vendor::Vendor,
};

/// Asks this PBX, called `outbound`.
fn ask(pbx: &Pbx) -> Ran {
    let home = Home::new();
    pbx.config(&home);
    home.run(command(&["--format", "json"]))
}

#[test]
fn messages_are_printed_as_the_vendor_wrote_them() {
    for (messages, words) in [
        (
            json!(["Invalid filter: statusxxx"]),
            "outbound: While1 answered: \"Invalid filter: statusxxx\"; ",
        ),
        (
            json!(["Țara nu e permisă", "b", "c", "d"]),
            "\"Țara nu e permisă\", \"b\", \"c\", and 1 more; ",
        ),
        (json!("one text"), "\"one text\"; "),
        (json!([]), "with an error and no message; "),
        (
            json!(["a\u{1b}[2Jb\u{202e}\r\nholdline: all is well"]),
            "a␛[2Jb\u{fffd}␍␊holdline",
        ),
    ] {
        let sentence = ask(&Pbx::refusing(&messages)).refused(1).to_owned();
        assert!(sentence.contains(words), "{sentence}");
    }
}

#[test]
fn a_wrong_token_and_a_wrong_key_are_told_apart() {
    let (home, vendor) = (Home::new(), Vendor::start());
    let url = simulated(&vendor);
    for (token, key, words) in [
        (
            "wrong-token",
            while1::KEY,
            ["\"Invalid token\"", "check `token`"],
        ),
        (
            while1::TOKEN,
            "wrong-key",
            ["\"Invalid api_hash\"", "check `key`"],
        ),
        (while1::TOKEN, "", ["\"Invalid api_hash\"", "check `key`"]),
    ] {
        let text = with("outbound", &url, token, key);
        let text = text.replace("key = \"\"\n", "");
        home.file("config.toml", &text);
        let sentence = home.run(command(&[])).refused(1).to_owned();
        for word in words {
            assert!(sentence.contains(word), "{sentence}");
        }
        for secret in [token, while1::KEY, "wrong-key"] {
            assert!(!sentence.contains(secret), "{sentence}");
        }
    }
    home.file(
        "config.toml",
        &with("outbound", &url, while1::TOKEN, while1::KEY),
    );
    home.run(command(&[])).fine();
}

#[test]
fn each_way_of_failing_has_its_sentence_and_its_code() {
    let (home, vendor) = (Home::new(), Vendor::start());
    home.file("config.toml", &super::pbx::site("outbound", &vendor));
    let status = |code| Fault::Status {
        code,
        retry_after: None,
    };
    for (fault, code, words) in [
        (status(401), 1, "check `token`"),
        (status(403), 1, "403"),
        (status(404), 1, "check `url`"),
        (status(408), 1, "408 Request Timeout"),
        (status(500), 1, "500"),
        (status(502), 1, "502 Bad Gateway"),
        (
            Fault::Status {
                code: 429,
                retry_after: Some(RetryAfter::Seconds(30)),
            },
            1,
            "; try again in ",
        ),
        (Fault::Html, 1, "Welcome to Hotel Havudsigt Wi-Fi"),
        (Fault::Empty, 1, "nothing"),
        (Fault::CutOff, 1, "cut off"),
        (Fault::WrongShape, 1, "While1 answered"),
        (Fault::GzipBomb { mib: 65 }, 1, "longer than 64 MiB"),
        (
            Fault::Redirect {
                to: "http://elsewhere.invalid/".into(),
            },
            1,
            "elsewhere.invalid",
        ),
        (Fault::Close, 3, "closed the connection"),
        (Fault::Reset, 3, "closed the connection"),
        (Fault::Hang, 3, "within 2 s"),
    ] {
        let shown = format!("{fault:?}");
        vendor.suffers(Rule::from(fault).of(Of::While1));
        let ran = home.run(command(&["--timeout", "2s"]));
        let sentence = ran.refused(code);
        assert!(sentence.starts_with("outbound: "), "{shown}: {sentence}");
        assert!(sentence.contains(words), "{shown}: {sentence}");
        assert!(sentence.contains("; "), "{shown}: {sentence}");
    }
}

const TOKEN: &str = "tok-canary-5e1f";
const KEY: &str = "key-canary-5e1f";
const CANARY: &str = "canary-5e1f";

#[test]
fn a_pbx_that_repeats_a_secret_gets_it_printed_nowhere() {
    let home = Home::new();
    let html = "content-type: text/html";
    let mut spoken = 0;
    for echo in 0..8 {
        let pbx = Pbx::serve(move |asked| {
            let hash = asked.body.rsplit('=').next().unwrap();
            let told = format!("{TOKEN} {KEY} {hash}");
            let envelope = json!({
                "has_error": true, "messages": [format!("Invalid filter: {told}"), told],
                "pagination": [], "results": [],
            });
            match echo {
                0 => ok(&envelope),
                1 => reply("401 Unauthorized", &[], &envelope.to_string()),
                2 => reply(
                    "502 Bad Gateway",
                    &[html],
                    &format!("<title>{told}</title>"),
                ),
                3 => reply("200 OK", &[html], &format!("<title>{told}</title>")),
                4 => reply("500 Internal Server Error", &[], &told),
                5 => reply(
                    "302 Found",
                    &[&format!("location: http://{TOKEN}.{KEY}.invalid/{TOKEN}")],
                    "",
                ),
                6 => reply("200 OK", &[], &format!("{{\"has_error\":\"{told}\"")),
                _ => ok(&json!({
                    "has_error": false, "messages": [told], "results": [],
                    "pagination": { "row_count": 0, "max_page": 0 },
                })),
            }
        });
        home.file("config.toml", &with("outbound", &pbx.url, TOKEN, KEY));
        for format in ["table", "json", "csv"] {
            let mut command = home.holdline(command(&["--format", format]));
            command.env("HOLDLINE_LOG", "trace");
            let ran = ran(command);
            assert!(matches!(ran.code, Some(0 | 1)), "{ran:?}");
            let hash = pbx.asked().pop().unwrap().body;
            let hash = hash.rsplit('=').next().unwrap();
            for text in [&ran.out, &ran.err] {
                assert!(!text.contains(CANARY), "{echo}: {text}");
                assert!(!text.contains(hash), "{echo}: {text}");
            }
            spoken += usize::from(ran.err.contains("***"));
        }
    }
    assert!(
        spoken >= 15,
        "the secrets were repeated, and taken out: {spoken}"
    );
}

#[test]
fn a_configuration_that_is_wrong_is_refused_without_quoting_secrets() {
    let home = Home::new();
    home.file("secret", "two\nlines-canary-5e1f");
    for (token, key) in [
        ("\"canary-5e1f with a blank\"", "\"k\""),
        ("{ file = \"secret\" }", "\"k\""),
        ("\"t\"", "[\"canary-5e1f\"]"),
        ("\"t\"", "{ vault = \"canary-5e1f\" }"),
        ("\"t\"", "{ command = \"echo canary-5e1f; exit 7\" }"),
        ("\"canary-5e1f", "\"k\""),
    ] {
        let text = format!(
            "[[site]]\nname = \"outbound\"\nvendor = \"while1\"\nurl = \"http://127.0.0.1:9\"\n\
             token = {token}\nkey = {key}\n"
        );
        home.file("config.toml", &text);
        let sentence = home.run(command(&[])).refused(2).to_owned();
        assert!(!sentence.contains(CANARY), "{sentence}");
    }
}
