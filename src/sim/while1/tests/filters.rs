//! The filters, one by one.

use serde_json::Value;

use super::{every, read, refused, text};

#[test]
fn values_that_are_none_are_refused_with_the_filters_name() {
    for (name, value) in [
        ("status", "=in+progress"),
        ("status", "%5B0%5D=pending&filters%5Bstatus%5D%5B1%5D=done"),
        ("outbound_type", "=automatic"),
        ("outbound_type", "%5B0%5D=auto"),
        ("attend_type", "=yes"),
        ("assign_type", "=context"),
        ("schedule_lt", "=2026-02-30+00%3A00%3A00"),
        ("schedule_lt", "=2026-11-21"),
        ("schedule_lt", "=2026-1-1+0%3A0%3A0"),
        ("schedule_null", "=maybe"),
        ("date_between", "=2026-11-21+00%3A00%3A00"),
        ("date_between", "%5B0%5D=2026-11-21+00%3A00%3A00"),
        (
            "date_between",
            "%5B0%5D=x&filters%5Bdate_between%5D%5B1%5D=y",
        ),
        ("caller_id", "%5B0%5D=1"),
        ("campaign", "%5Bx%5D%5By%5D=1"),
    ] {
        let answer = read(&format!("&filters%5B{name}%5D{value}"));
        let message = format!("Invalid value for filter: {name}");
        assert_eq!(answer, refused(&[&message]), "{value}");
    }
}

#[test]
fn empty_filters_ask_for_everything() {
    let all = every("");
    let none = "&filters%5Bdate_between%5D%5B0%5D=&filters%5Bdate_between%5D%5B1%5D=\
                &filters%5Bschedule_lt%5D=&filters%5Bschedule_null%5D=0&filters%5Bcaller_id%5D=\
                &filters%5Boutbound_type%5D=&filters%5Bcampaign%5D=&filters%5Bstatus%5D=";
    assert_eq!(every(none), all);
    assert!((60..=140).contains(&all.len()), "{}", all.len());
}

/// The rows that pass are those of the whole list for which `test` holds, and
/// there are both such and others.
fn assert_filters(rest: &str, test: impl Fn(&Value) -> bool) {
    let expected: Vec<Value> = every("").into_iter().filter(|row| test(row)).collect();
    assert!(!expected.is_empty(), "nothing passes {rest}");
    assert!(expected.len() < every("").len(), "everything passes {rest}");
    assert_eq!(every(rest), expected, "{rest}");
}

#[test]
fn every_filter_filters() {
    let is = |field: &'static str, value: &str| {
        let value = value.to_owned();
        move |row: &Value| text(row, field) == Some(value.clone())
    };
    for (filter, field, value) in [
        ("project_id", "project_id", "4"),
        ("inbound_route_id", "inbound_route_id", "22"),
        ("outbound_type", "outbound_type", "auto"),
        ("attend_type", "attend_type", "unattended"),
        ("assign_type", "type", "user"),
        ("status", "status", "cancelled"),
        ("status", "status", "inprogress"),
    ] {
        assert_filters(&format!("&filters%5B{filter}%5D={value}"), is(field, value));
    }
    assert_filters("&filters%5Bassign_type%5D=no_queue", is("type", "context"));
    assert_filters(
        "&filters%5Bdnid%5D=%2B4570305060",
        is("dnid", "+4570305060"),
    );
    assert_filters(
        "&filters%5Boutbound_number%5D=%2B4570305070",
        is("outbound_number", "+4570305070"),
    );
    let all = every("");
    let caller = text(&all[5], "caller_id").unwrap();
    assert_filters(
        &format!(
            "&filters%5Bcaller_id%5D={}",
            caller.replace('+', "%2B").replace(' ', "+")
        ),
        is("caller_id", &caller),
    );
    let external = all.iter().find_map(|row| text(row, "external_id")).unwrap();
    assert_filters(
        &format!("&filters%5Bexternal_id%5D={external}"),
        is("external_id", &external),
    );
    // By name and by info, in any case.
    assert_filters(
        "&filters%5Bcampaign%5D=missed",
        is("campaign_name", "Missed calls"),
    );
    assert_filters(
        "&filters%5Bcampaign%5D=%C3%89NERGI",
        is("campaign_name", "Contract renewal"),
    );
}

#[test]
fn lists_of_values_pass_any_of_them() {
    assert_filters(
        "&filters%5Bstatus%5D%5B0%5D=completed&filters%5Bstatus%5D%5B1%5D=deleted",
        |row| ["completed", "deleted"].contains(&row["status"].as_str().unwrap()),
    );
    assert_filters(
        "&filters%5Binbound_route_id%5D%5B0%5D=21&filters%5Binbound_route_id%5D%5B1%5D=23",
        |row| {
            ["21", "23"]
                .map(str::to_owned)
                .map(Some)
                .contains(&text(row, "inbound_route_id"))
        },
    );
}

#[test]
fn dates_are_compared_as_the_wall_shows_them() {
    let wire = |date: &str| date.replace(' ', "+").replace(':', "%3A");
    let all = every("");
    let (to, from) = (text(&all[9], "created"), text(&all[29], "created"));
    let (from, to) = (from.unwrap(), to.unwrap());
    // Both ends are in.
    assert_filters(
        &format!(
            "&filters%5Bdate_between%5D%5B0%5D={}&filters%5Bdate_between%5D%5B1%5D={}",
            wire(&from),
            wire(&to)
        ),
        |row| text(row, "created").is_some_and(|at| (&from..=&to).contains(&&at)),
    );
    let due = every("")
        .iter()
        .find_map(|row| text(row, "schedule"))
        .unwrap();
    let sent = wire(&due);
    // "lt" takes what is equal too.
    assert_filters(&format!("&filters%5Bschedule_lt%5D={sent}"), |row| {
        text(row, "schedule").is_some_and(|at| at <= due)
    });
    assert_filters("&filters%5Bschedule_null%5D=1", |row| {
        row["schedule"].is_null()
    });
    assert_filters(
        &format!("&filters%5Bschedule_lt%5D={sent}&filters%5Bschedule_null%5D=1"),
        |row| text(row, "schedule").is_none_or(|at| at <= due),
    );
}
