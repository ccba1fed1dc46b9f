//! Answers become callers, by tables.

use std::fmt::Write as _;

use holdline::{
    domain::{
        caller::{Caller, CallerState, Party},
        fault::{Fault, FaultKind},
        time::At,
    },
    vendor::{
        http::Answer,
        telecomx::{refusal::Asker, wire},
    },
};

use crate::stub::CALLERS;

pub fn read(answer: &Answer) -> Result<Vec<Caller>, Fault> {
    wire::callers(answer, &Asker::default())
}

pub fn list(json: &str) -> Vec<Caller> {
    read(&Answer::new(200, json)).unwrap()
}

/// The only caller in a list of one row with these fields.
fn row(fields: &str) -> Caller {
    let mut callers = list(&format!("[{{{fields}}}]"));
    assert_eq!(callers.len(), 1, "{fields}");
    callers.remove(0)
}

pub fn fault(status: u16, body: &str) -> Fault {
    read(&Answer::new(status, body)).unwrap_err()
}

#[test]
fn the_pages_example_is_read_in_full() {
    let callers = list(CALLERS);
    let [caller] = callers.as_slice() else {
        panic!("{callers:?}");
    };
    let midnight = At::parse("2018-01-01T00:00:00.000Z");
    assert_eq!(caller.id.as_str(), "46265y784.234-pbx1.telecomx.dk");
    assert_eq!(caller.state, CallerState::Queued);
    assert_eq!(caller.party.number(), Some("+4535203040"));
    assert_eq!(caller.party.name(), Some("Bamse & Kylling"));
    assert_eq!((caller.entered, caller.answered), (midnight, midnight));
    assert_eq!(caller.presentation.as_deref(), Some("+4570305050"));
    assert_eq!(caller.answered_by_extension, None);
    assert_eq!(caller.answered_by_number, None);
    let raw = caller.raw.as_ref().unwrap();
    assert!(CALLERS.contains(raw.as_str()));
}

#[test]
fn an_empty_list_is_good() {
    for body in ["[]", " [ ]\n", "\u{feff}[]"] {
        assert_eq!(list(body), [], "{body:?}");
    }
}

#[test]
fn a_list_cut_anywhere_is_a_fault_and_never_a_shorter_list() {
    let whole = CALLERS.trim_end();
    for end in 0..whole.len() {
        let fault = fault(200, &whole[..end]);
        assert_eq!(fault.kind, FaultKind::Malformed, "{end}");
        let expected = if end == 0 {
            "nothing"
        } else {
            "ends in the middle"
        };
        assert!(fault.what.contains(expected), "{end}: {fault}");
    }
    assert_eq!(list(whole).len(), 1);
}

#[test]
fn ids_are_text_or_number_as_sent() {
    for (fields, id) in [
        (r#""_id":"a-b-c""#, "a-b-c"),
        (r#""_id":12"#, "12"),
        (r#""_id":123456789012345678901"#, "123456789012345678901"),
        (r#""_id":" x ""#, " x "),
    ] {
        assert_eq!(row(fields).id.as_str(), id, "{fields}");
    }
    let caller = row(r#""_id":1,"answeredByExtension":17,"answeredByNumber":"42""#);
    assert_eq!(caller.answered_by_extension.as_deref(), Some("17"));
    assert_eq!(caller.answered_by_number.as_deref(), Some("42"));
}

#[test]
fn null_empty_and_absent_are_alike() {
    let absent = row(r#""_id":"x""#);
    for value in ["null", r#""""#, r#"" ""#] {
        let fields = [
            "number",
            "name",
            "privacy",
            "entered",
            "answered",
            "presentation",
            "answeredByExtension",
            "answeredByNumber",
            "state",
        ]
        .iter()
        .fold(r#""_id":"x""#.to_owned(), |mut fields, key| {
            let _ = write!(fields, r#","{key}":{value}"#);
            fields
        });
        let caller = Caller {
            raw: absent.raw.clone(),
            ..row(&fields)
        };
        assert_eq!(caller, absent, "{value}");
    }
    assert_eq!(absent.state.word(), "unknown");
}

#[test]
fn states_are_read_without_regard_to_case_and_unknown_ones_kept() {
    for (sent, state) in [
        ("QUEUED", CallerState::Queued),
        ("callback", CallerState::Callback),
        (" Vip ", CallerState::Vip),
        ("ON_HOLD", CallerState::Other("ON_HOLD".into())),
    ] {
        assert_eq!(row(&format!(r#""state":"{sent}""#)).state, state);
    }
}

#[test]
fn dates_come_in_several_ways_and_an_unreadable_one_is_none() {
    let at = At::parse("2018-01-01T12:00:00.250Z");
    for (sent, expected) in [
        (r#""2018-01-01T12:00:00.250Z""#, at),
        (r#""2018-01-01T13:00:00.250+01:00""#, at),
        ("1514808000250", at),
        (r#""1514808000250""#, at),
        (r#""yesterday""#, None),
        ("true", None),
        ("[]", None),
        ("0", None),
        ("-9e300", None),
    ] {
        let caller = row(&format!(r#""entered":{sent},"answered":{sent}"#));
        assert_eq!(
            (caller.entered, caller.answered),
            (expected, expected),
            "{sent}"
        );
    }
}

#[test]
fn a_secret_number_is_dropped_with_name_and_row() {
    for privacy in [
        "true",
        r#""true""#,
        r#""TRUE""#,
        "1",
        r#""1""#,
        r#""yes""#,
        "2.5",
        "{}",
        "[]",
    ] {
        let caller = row(&format!(
            r#""_id":"x","number":"canary","name":"canary","new":"canary","privacy":{privacy}"#
        ));
        assert_eq!(caller.party, Party::Secret, "{privacy}");
        assert_eq!(caller.raw, None);
        assert!(!format!("{caller:?}").contains("canary"));
    }
    for privacy in ["false", r#""false""#, "0", "null", r#""""#] {
        let caller = row(&format!(r#""number":"+45","privacy":{privacy}"#));
        assert_eq!(caller.party.number(), Some("+45"), "{privacy}");
    }
}

#[test]
fn rows_without_id_are_told_apart_by_what_does_not_change() {
    let id = |fields: &str| row(fields).id;
    let base = id(r#""entered":"2018-01-01T00:00:00Z","presentation":"1","number":"2""#);
    assert!(base.as_str().starts_with("no-id-"), "{base}");
    let later = r#""entered":"2018-01-01T00:00:00.000Z","presentation":1,"number":2,"#;
    assert_eq!(
        base,
        id(&format!(r#"{later}"state":"VIP","answered":5,"name":"x""#))
    );
    assert_ne!(
        base,
        id(r#""entered":"2018-01-01T00:00:00Z","presentation":"1","number":"3""#)
    );
    // Of a secret caller neither number nor name goes into it.
    let secret = |number| {
        id(&format!(
            r#""privacy":true,"entered":1,"number":"{number}","name":"x""#
        ))
    };
    assert_eq!(secret("1"), secret("2"));
}

#[test]
fn of_rows_with_one_id_the_first_counts_and_rows_without_are_all_counted() {
    let twice = list(r#"[{"_id":"a","name":"1"},{"_id":"a","name":"2"},{"_id":"b"}]"#);
    let names: Vec<_> = twice.iter().map(|c| c.party.name()).collect();
    assert_eq!(names, [Some("1"), None]);
    let mut ids: Vec<_> = list("[{},{},{}]").into_iter().map(|c| c.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn unknown_fields_are_kept_exactly() {
    let sent = r#""_id":"x", "extra" : {"a":[1.50,"ø\u0000"]},"big":123456789012345678901"#;
    let raw = row(sent).raw.unwrap();
    assert_eq!(raw.as_str(), format!("{{{sent}}}"));
}

#[test]
fn a_name_that_was_cut_inside_an_emoji_does_not_cost_the_list() {
    let caller = row(r#""_id":"x","name":"Bamse \ud83d""#);
    assert!(caller.party.name().unwrap().starts_with("Bamse "));
}

#[test]
fn what_is_no_sound_list_is_malformed_and_its_row_is_named() {
    let deep = |n| format!(r#"[{{"_id":"x","a":{}{}}}]"#, "[".repeat(n), "]".repeat(n));
    for (body, expected) in [
        ("null", "a text"),
        ("{}", "an object"),
        (r#""[]""#, "a text"),
        ("", "nothing"),
        (r#"{"error":null}"#, "an object"),
        (r#"{"callers":[]}"#, "an object"),
        ("[1]", "row 1 is not an object"),
        (r#"[{"_id":"a"},null]"#, "row 2 is not an object"),
        (r#"[{"_id":"a"},[]]"#, "row 2 is not an object"),
        (r#"[{"_id":"a"},"canary"]"#, "row 2 is not an object"),
        (r#"[{"_id":"a","_id":"b"}]"#, "row 1 names a field twice"),
        (
            r#"[{"privacy":true,"privacy":false}]"#,
            "row 1 names a field twice",
        ),
        (r#"[{"x":1,"\u0078":2}]"#, "row 1 names a field twice"),
        ("[{\"number\":NaN}]", "not sound JSON at line 1, column 12"),
        (r#"[{"number":1e400}]"#, "row 1 holds a value"),
        (r#"[{"new":-1e400}]"#, "row 1 holds a value"),
        (r#"[{"new":[1e400]}]"#, "row 1 holds a value"),
        (&deep(10_000), "row 1 holds a value"),
        (&"[".repeat(1_000_000), "ends in the middle"),
        (&deep(1_000_000), "row 1 holds a value"),
        ("[{}] []", "not sound JSON"),
        ("[{},]", "not sound JSON"),
        ("[{'_id':'a'}]", "not sound JSON"),
        ("[{\"name\":\"a\nb\"}]", "not sound JSON"),
    ] {
        let fault = fault(200, body);
        assert_eq!(fault.kind, FaultKind::Malformed, "{fault}");
        assert!(
            fault.what.contains(expected),
            "{expected} is not in: {fault}"
        );
        assert!(!fault.to_string().contains("canary"), "{fault}");
    }
    let not_text = Answer::new(200, b"[{\"_id\":\"\xff\"}]".as_slice());
    assert_eq!(read(&not_text).unwrap_err().kind, FaultKind::Malformed);
}

#[test]
fn a_list_without_end_is_refused() {
    let fault = fault(200, &format!("[{}{{}}]", "{},".repeat(250_000)));
    assert!(fault.what.contains("more than 250000 rows"), "{fault}");
}
