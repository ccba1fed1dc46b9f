//! Answers become pages, by tables.

use holdline::{
    domain::fault::{Fault, FaultKind},
    vendor::{
        http::Answer,
        while1::{Page, Pagination, wire},
    },
};
use proptest::prelude::*;

use crate::stub::{ERROR, ROWS, SUCCESS, rules};

pub fn read(answer: &Answer) -> Result<Page, Fault> {
    wire::page(answer, &rules(&[]), &["tok-canary"])
}

pub fn page(body: &str) -> Page {
    read(&Answer::new(200, body)).unwrap()
}

pub fn fault(status: u16, body: &str) -> Fault {
    read(&Answer::new(status, body)).unwrap_err()
}

pub fn invalid(field: &str) -> FaultKind {
    FaultKind::Invalid {
        field: field.into(),
    }
}

/// The page's error envelope with these messages.
pub fn refused(messages: &str) -> String {
    format!(r#"{{"has_error":true,"messages":{messages},"pagination":[],"results":[]}}"#)
}

fn good(pagination: &str, results: &str) -> String {
    format!(r#"{{"has_error":false,"messages":[],"pagination":{pagination},"results":{results}}}"#)
}

fn told(figures: [Option<u64>; 4]) -> Pagination {
    let [row_count, page_size, current_page, max_page] = figures;
    Pagination {
        row_count,
        page_size,
        current_page,
        max_page,
    }
}

#[test]
fn the_pages_two_answers_are_read() {
    let expected = Page {
        rows: Vec::new(),
        pagination: Some(told([Some(17), Some(100), Some(1), Some(1)])),
        messages: Vec::new(),
        skew: None,
    };
    assert_eq!(page(SUCCESS), expected);
    let fault = fault(200, ERROR);
    assert_eq!(fault.kind, invalid("statusxxx"));
    assert_eq!(
        fault.to_string(),
        "While1 answered: \"Invalid filter: statusxxx\"; this PBX does not take that filter, or \
         not with that value: leave it out"
    );
}

#[test]
fn pagination_may_be_anything() {
    let n = Some;
    for (sent, expected) in [
        (
            r#"{"row_count":17,"page_size":100,"current_page":1,"max_page":1}"#,
            Some(told([n(17), n(100), n(1), n(1)])),
        ),
        (
            r#"{"row_count":"17","page_size":" 100 ","current_page":1.0,"max_page":"1"}"#,
            Some(told([n(17), n(100), n(1), n(1)])),
        ),
        (
            r#"{"max_page":3,"other":{}}"#,
            Some(told([None, None, None, n(3)])),
        ),
        (
            r#"{"row_count":-1,"page_size":null,"current_page":"x","max_page":0}"#,
            Some(told([None, None, None, n(0)])),
        ),
        (
            r#"{"row_count":1e300,"max_page":99999999999999999999999,"current_page":true,"page_size":9}"#,
            Some(told([None, n(9), None, None])),
        ),
        (r#"{"row_count":"x"}"#, None),
        (r#"{"max_page":1,"max_page":2}"#, None),
        ("{}", None),
        ("[]", None),
        ("[17,100,1,1]", None),
        ("null", None),
        ("\"\"", None),
        ("7", None),
        ("{\"max_page\":1e999}", None),
    ] {
        assert_eq!(page(&good(sent, "[]")).pagination, expected, "{sent}");
    }
    assert_eq!(page(r#"{"has_error":false,"results":[]}"#).pagination, None);
}

#[test]
fn results_are_a_list_or_what_php_makes_of_one() {
    let ids = |results: &str| {
        let rows = page(&good("[]", results)).rows;
        let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
        ids.join(" ")
    };
    for (results, expected) in [
        (r#"[{"id":1},{"id":"2"}]"#, "1 2"),
        (r#"{"0":{"id":1},"5":{"id":2}}"#, "1 2"),
        (r#"{"1017":{"id":9}}"#, "9"),
        ("[]", ""),
        ("{}", ""),
        ("null", ""),
        ("\"\"", ""),
        // Which of them counts is the reading's to say.
        (r#"[{"id":1},{"id":1}]"#, "1 1"),
    ] {
        assert_eq!(ids(results), expected, "{results}");
    }
}

#[test]
fn what_is_no_sound_list_is_malformed_and_its_row_is_named() {
    for (results, what) in [
        (r#"[{"id":1},null]"#, "row 2 is not an object"),
        ("[[]]", "row 1 is not an object"),
        ("[\"secret\"]", "row 1 is not an object"),
        (
            r#"[{"id":1,"a":1e400}]"#,
            "row 1 holds a value that no program can read",
        ),
        (
            r#"[{"a":1},{"a":1,"\u0061":2}]"#,
            "row 2 names a field twice",
        ),
        (r#"{"0":{"id":1},"x":{"id":2}}"#, "`results` is not a list"),
        (r#"{"id":5,"status":"pending"}"#, "`results` is not a list"),
        ("7", "`results` is not a list"),
        ("true", "`results` is not a list"),
        ("\"x\"", "`results` is not a list"),
    ] {
        let fault = fault(200, &good("[]", results));
        assert_eq!(fault.kind, FaultKind::Malformed);
        let expected = format!("the list of callbacks cannot be read: {what}");
        assert_eq!(fault.what, expected, "{results}");
    }
    for (body, what) in [
        (r#"{"has_error":false}"#, "the answer has no results"),
        (
            r#"{"has_error":false,"results":[]} x"#,
            "the answer is not sound JSON at line 1, column 34",
        ),
        (
            r#"{"results":[],"results":[]}"#,
            "the answer is not sound JSON at line 1, column 23",
        ),
    ] {
        let expected = format!("the list of callbacks cannot be read: {what}");
        assert_eq!(fault(200, body).what, expected);
    }
}

#[test]
fn a_page_cut_anywhere_is_a_fault_and_never_a_shorter_list() {
    let whole = ROWS.trim_end();
    for end in 1..whole.len() {
        let cut = read(&Answer::new(200, &whole.as_bytes()[..end]));
        let fault = cut.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Malformed, "{end}");
    }
    assert_eq!(page(whole).rows.len(), 2);
}

#[test]
fn a_page_without_end_or_bottom_is_refused() {
    let rows = vec!["{}"; 250_001].join(",");
    let fault = fault(200, &good("[]", &format!("[{rows}]")));
    assert!(
        fault.what.ends_with("a page has more than 250000 rows"),
        "{fault}"
    );
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let row = format!(r#"[{{"a":{deep}}}]"#);
    for body in [
        good("[]", &row),
        good("[]", &deep),
        good(&deep, "[]"),
        refused(&deep),
    ] {
        // Read or refused, but in the end.
        let _ = read(&Answer::new(200, body));
    }
    assert!(read(&Answer::new(200, good("[]", &row))).is_err());
}

proptest! {
    #[test]
    fn bytes_of_any_kind_are_read_or_refused(
        status in prop_oneof![Just(200_u16), 100_u16..600],
        body in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let _ = read(&Answer::new(status, body));
    }

    #[test]
    fn a_flipped_byte_never_makes_rows_of_nothing(at in 0..ROWS.len(), byte in any::<u8>()) {
        let mut body = ROWS.as_bytes().to_vec();
        body[at] = byte;
        if let Ok(page) = read(&Answer::new(200, body)) {
            prop_assert!(page.rows.len() <= 2);
        }
    }

    #[test]
    fn hostile_messages_are_safe_to_show(message in any::<String>()) {
        let json = serde_json::to_string(&[message]).unwrap();
        let text = fault(200, &refused(&json)).to_string();
        prop_assert!(!text.chars().any(holdline::domain::text::is_hostile), "{text:?}");
    }
}
