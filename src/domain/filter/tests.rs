//! What the filters take, and how they travel.

use super::*;

fn filters(typed: &[(&str, &str)]) -> Filters {
    let mut filters = Filters::default();
    for (name, value) in typed {
        filters.set(name, value).unwrap();
    }
    filters
}

#[test]
fn the_table_makes_the_pages_fourteen_filters_in_its_order() {
    let mut wire: Vec<&str> = INPUTS.iter().map(|i| i.wire).collect();
    wire.dedup();
    let page = "date_between schedule_lt schedule_null caller_id dnid outbound_number project_id \
                inbound_route_id outbound_type attend_type external_id assign_type campaign status";
    assert_eq!(wire.join(" "), page);
}

#[test]
fn parameters_stand_in_the_pages_order_however_they_were_set() {
    let set = filters(&[
        ("status", "in progress, Pending"),
        ("campaign", " Winter "),
        ("unscheduled", "yes"),
        ("to", "2024-01-15 23:59:59"),
        ("from", "2024-01-01"),
    ]);
    let zone = TimeZone::UTC;
    let many = |texts: &[&str]| Param::Many(texts.iter().map(|t| (*t).to_owned()).collect());
    let expected = [
        (
            "date_between",
            many(&["2024-01-01 00:00:00", "2024-01-15 23:59:59"]),
        ),
        ("schedule_null", Param::Flag(true)),
        ("campaign", Param::One("Winter".into())),
        ("status", many(&["inprogress", "pending"])),
    ];
    assert_eq!(set.params(At(0), &zone), expected);
}

#[test]
fn what_is_not_set_is_not_sent_and_half_an_interval_is_refused() {
    let mut set = Filters::pending();
    assert_eq!(
        set.params(At(0), &TimeZone::UTC),
        [("status", Param::One("pending".into()))]
    );
    set.set("status", "").unwrap();
    assert!(set.is_empty());
    assert!(filters(&[("from", "today")]).check().is_err());
    assert!(filters(&[("from", "today"), ("to", "now")]).check().is_ok());
}

#[test]
fn what_an_input_does_not_take_is_said_in_its_words() {
    let refused = |name: &str, typed: &str| Filters::default().set(name, typed).unwrap_err();
    assert_eq!(
        refused("outbound_type", "robot"),
        "dialled is one of auto, manual"
    );
    assert_eq!(refused("unscheduled", "maybe"), "unscheduled is yes or no");
    assert!(refused("due_before", "soon").starts_with("due before: "));
    assert!(refused("campaign", "a\u{1b}b").contains("control characters"));
}
