//! Rows become callbacks, by tables.

use holdline::{
    domain::{
        callback::{Callback, Status},
        time::At,
    },
    vendor::{
        http::Answer,
        while1::{assumed::COLUMNS, row::Rules, wire},
    },
};

use crate::stub::{ROWS, rules};

fn read(rows: &str, rules: &Rules) -> Vec<Callback> {
    let body = format!(r#"{{"has_error":false,"results":{rows}}}"#);
    wire::page(&Answer::new(200, body), rules, &[])
        .unwrap()
        .rows
}

/// The only callback in a list of one row with these fields.
fn row_by(fields: &str, rules: &Rules) -> Callback {
    let mut rows = read(&format!("[{{{fields}}}]"), rules);
    assert_eq!(rows.len(), 1, "{fields}");
    rows.remove(0)
}

fn row(fields: &str) -> Callback {
    row_by(fields, &rules(&[]))
}

/// The other fields, as `name=json`.
fn extra(callback: &Callback) -> String {
    let fields = callback.extra.iter();
    let shown: Vec<String> = fields
        .map(|(name, json)| format!("{name}={}", json.as_str()))
        .collect();
    shown.join(" ")
}

fn ids(rows: &[Callback]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

#[test]
fn a_row_in_the_terms_of_save_is_read_in_full() {
    let page = wire::page(&Answer::new(200, ROWS), &rules(&[]), &[]).unwrap();
    let [first, second] = page.rows.as_slice() else {
        panic!("{page:?}");
    };
    let raw = first.raw.clone().unwrap();
    assert!(ROWS.contains(raw.as_str()));
    let expected = Callback {
        status: Some(Status::Pending),
        number: Some("0212345678".into()),
        e164: Some("+40212345678".into()),
        name: Some("Ștefan Popescu".into()),
        dnid: Some("0318000100".into()),
        outbound_number: Some("0318000200".into()),
        project_id: Some("12".into()),
        inbound_route_id: Some("3".into()),
        outbound_type: Some("manual".into()),
        attend_type: Some("attended".into()),
        external_id: Some("A-77".into()),
        assign_type: Some("queue".into()),
        assigned_to: Some("sales".into()),
        campaign: Some("Winter".into()),
        schedule: At::parse("2024-01-15T08:00:00Z"),
        created: At::parse("2024-01-14T16:30:05Z"),
        priority: Some("5".into()),
        retries: Some(1),
        max_retries: Some(3),
        extra: first.extra.clone(),
        raw: Some(raw),
        ..Callback::new("bucuresti".into(), "1017".into())
    };
    assert_eq!(*first, expected);
    assert_eq!(
        extra(first),
        r#"campaign_info="Call before noon" vars={"SKIP_WELCOME": "1"}"#
    );
    let expected = Callback {
        status: Some(Status::InProgress),
        number: Some("+4533123456".into()),
        e164: Some("+4533123456".into()),
        outbound_type: Some("auto".into()),
        raw: second.raw.clone(),
        ..Callback::new("bucuresti".into(), "1018".into())
    };
    assert_eq!(*second, expected);
}

#[test]
fn every_column_is_filled_from_each_of_its_names() {
    let empty = row(r#""id":"1""#);
    for column in COLUMNS {
        for name in column.theirs {
            let value = match column.ours {
                "schedule" | "created" => "2024-01-15 10:00:00",
                _ => "7",
            };
            let id = if column.ours == "id" {
                ""
            } else {
                r#""id":"1","#
            };
            let read = row(&format!(r#"{id}"{name}":"{value}""#));
            assert_eq!(extra(&read), "", "{name}");
            let bare = Callback {
                raw: empty.raw.clone(),
                ..read
            };
            assert_ne!(bare, empty, "{name}");
        }
    }
}

#[test]
fn a_mapped_name_wins_and_is_no_other_field() {
    let fields = r#""id":"1","caller_id":"0212345678","name":"0312345678","who":"Ana""#;
    let plain = row(fields);
    assert_eq!(plain.number.as_deref(), Some("0212345678"));
    assert_eq!(plain.name.as_deref(), Some("0312345678"));
    assert_eq!(extra(&plain), r#"who="Ana""#);

    let rules = rules(&[("number", "name"), ("name", "who"), ("id", "uid")]);
    let mapped = row_by(fields, &rules);
    assert_eq!(mapped.e164.as_deref(), Some("+40312345678"));
    assert_eq!(mapped.name.as_deref(), Some("Ana"));
    assert_eq!(extra(&mapped), r#"id="1" caller_id="0212345678""#);
    assert!(mapped.id.as_str().starts_with("no-id-"), "{}", mapped.id);
    // It is read from there and nowhere else.
    let absent = row_by(r#""caller_id":"0212345678","uid":9"#, &rules);
    assert_eq!((absent.number.as_deref(), absent.id.as_str()), (None, "9"));
}

#[test]
fn what_does_not_fit_its_field_is_kept_as_sent() {
    for (fields, kept) in [
        (r#""schedule":"soon""#, r#"schedule="soon""#),
        (r#""schedule":1705305600"#, "schedule=1705305600"),
        (
            r#""schedule":"2024-02-30 10:00:00""#,
            r#"schedule="2024-02-30 10:00:00""#,
        ),
        (r#""retries":"many""#, r#"retries="many""#),
        (r#""status":true"#, "status=true"),
        (r#""campaign":{"name":"x"}"#, r#"campaign={"name":"x"}"#),
        (r#""caller_id":["1"]"#, r#"caller_id=["1"]"#),
        // Nothing is kept of nothing where the field is known.
        (r#""schedule":null,"retries":"","name":" ""#, ""),
        (
            r#""schedule":"0000-00-00 00:00:00","created":"0000-00-00""#,
            "",
        ),
        // Elsewhere it is: nobody knows what it means there.
        (r#""b":null,"a":"","B":1e3"#, r#"b=null a="" B=1e3"#),
    ] {
        let callback = row(&format!(r#""id":"1",{fields}"#));
        assert_eq!(extra(&callback), kept, "{fields}");
        let bare = Callback {
            extra: Vec::new(),
            raw: None,
            ..callback
        };
        assert_eq!(
            bare,
            Callback::new("bucuresti".into(), "1".into()),
            "{fields}"
        );
    }
    // The next name is tried.
    let callback = row(r#""schedule":"soon","scheduled_at":"2024-01-15 10:00:00""#);
    assert_eq!(callback.schedule, At::parse("2024-01-15T08:00:00Z"));
    assert_eq!(extra(&callback), r#"schedule="soon""#);
}

#[test]
fn times_are_those_of_the_pbx_whatever_the_clocks_do() {
    for (text, expected) in [
        ("2024-07-01 10:00:00", "2024-07-01T07:00:00Z"),
        ("2024-01-31 10:00:00", "2024-01-31T08:00:00Z"),
        ("2024-01-31", "2024-01-30T22:00:00Z"),
        (" 2024-01-31 10:00 ", "2024-01-31T08:00:00Z"),
        // Left out, and come twice.
        ("2026-03-29 03:30:00", "2026-03-29T01:30:00Z"),
        ("2026-10-25 03:30:00", "2026-10-25T00:30:00Z"),
        ("2024-01-31T10:00:00+01:00", "2024-01-31T09:00:00Z"),
    ] {
        let callback = row(&format!(r#""schedule":"{text}""#));
        assert_eq!(callback.schedule, At::parse(expected), "{text}");
    }
}

#[test]
fn a_row_without_id_is_known_by_its_content() {
    let same = r#"{"caller_id":"1","status":"pending"}"#;
    let other = r#"{"caller_id":"1","status":"completed"}"#;
    let list = format!("[{same},{other},{same},{same}]");
    let rows = read(&list, &rules(&[]));
    let [a, b, a2, a3] = ids(&rows)[..] else {
        panic!("{rows:?}");
    };
    assert_eq!(a, "no-id-2ae91d87d8ba084e");
    assert_ne!(a, b);
    assert_eq!((a2, a3), (&*format!("{a}-2"), &*format!("{a}-3")));
    // The same in another reading, wherever it stands.
    let again = read(&format!("[{other},{same}]"), &rules(&[]));
    assert_eq!(ids(&again), [b, a]);
    // An id of nothing is none.
    for id in ["null", "\"\"", "\" \"", "0", "\"0\"", "true", "[1]"] {
        let callback = row(&format!(r#""id":{id}"#));
        assert!(callback.id.as_str().starts_with("no-id-"), "{id}");
    }
    assert_eq!(
        row(r#""id":12345678901234567890123"#).id.as_str(),
        "12345678901234567890123"
    );
}
