//! The pages, their rows, and the oddities of both.

use serde_json::{Value, json};

use super::{every, read, read_with, rows, text, world};
use crate::sim::fault::Fault;

#[test]
fn rows_are_written_as_php_writes_them() {
    let all = every("");
    let names: Vec<&String> = all[0].as_object().unwrap().keys().collect();
    assert_eq!(
        names,
        [
            "id",
            "project_id",
            "type",
            "destination",
            "campaign_name",
            "campaign_info",
            "outbound_type",
            "attend_type",
            "outbound_number",
            "outbound_trunk",
            "dnid",
            "inbound_route_id",
            "caller_id",
            "caller_id_name",
            "priority",
            "schedule",
            "external_id",
            "retries",
            "max_retries",
            "status",
            "created",
            "vars",
        ]
    );
    for field in [
        "id",
        "project_id",
        "inbound_route_id",
        "caller_id",
        "retries",
        "priority",
    ] {
        let numbers = all.iter().filter(|row| row[field].is_number()).count();
        assert!(0 < numbers && numbers < all.len(), "{field}");
    }
    assert!(all.iter().any(|row| row["vars"] == json!([])));
    assert!(all.iter().any(|row| row["vars"]["SKIP_WELCOME"] == "1"));
    assert!(all.iter().any(|row| row["caller_id_name"] == ""));
    // 10:20 in UTC is 11:20 on the PBX's wall.
    let newest = text(&all[0], "created").unwrap();
    assert!(
        "2026-11-21 10:50:00" < &*newest && &*newest <= "2026-11-21 11:20:00",
        "{newest}"
    );
    let created: Vec<_> = all.iter().map(|row| text(row, "created")).collect();
    assert!(created.is_sorted_by(|a, b| a >= b));
}

#[test]
fn pages_have_a_hundred_rows_and_end() {
    let whole = Fault::Huge { rows: 250 };
    let world = world();
    let page = |number: u32| read_with(&world, &format!("&page={number}"), Some(&whole));
    let counts: Vec<usize> = (1..=4).map(|number| rows(&page(number)).len()).collect();
    assert_eq!(counts, [100, 100, 50, 0]);
    assert_eq!(
        page(4)["pagination"],
        json!({"row_count": 250, "page_size": 100, "current_page": 4, "max_page": 3})
    );
    assert_eq!(rows(&page(u32::MAX)).len(), 0);
    let empty = read("&filters%5Bcaller_id%5D=nobody");
    assert_eq!(
        empty["pagination"],
        json!({"row_count": 0, "page_size": 100, "current_page": 1, "max_page": 1})
    );
}

#[test]
fn a_huge_list_has_an_id_for_every_row() {
    let world = world();
    let fault = Fault::Huge { rows: 100_000 };
    let mut ids = std::collections::BTreeSet::new();
    for page in [1, 2, 3, 500, 1_000] {
        let answer = read_with(&world, &format!("&page={page}"), Some(&fault));
        assert_eq!(answer["pagination"]["max_page"], 1_000);
        ids.extend(rows(&answer).iter().map(|row| text(row, "id").unwrap()));
    }
    assert_eq!(ids.len(), 500);
}

#[test]
fn a_list_that_shifts_tells_rows_twice_or_not_at_all() {
    let world = world();
    let ids = |page: u32, rows_per_page: i32| -> Vec<String> {
        let fault = Fault::Shift {
            rows: rows_per_page,
        };
        let answer = read_with(&world, &format!("&page={page}"), Some(&fault));
        rows(&answer)
            .iter()
            .map(|row| text(row, "id").unwrap())
            .collect()
    };
    let straight: Vec<String> = every("")
        .iter()
        .map(|row| text(row, "id").unwrap())
        .collect();
    assert!(straight.len() > 103, "{}", straight.len());
    assert_eq!(ids(1, 3), straight[..100]);
    assert_eq!(ids(2, 3)[..3], straight[97..100]);
    assert_eq!(ids(2, 3)[3..], straight[100..]);
    assert_eq!(ids(2, -3), straight[103..]);
    assert!(ids(3, 100)[..].starts_with(&straight[..1]));
}

#[test]
fn pagination_can_be_anything() {
    let world = world();
    let with = |page: u32, fault: Fault| read_with(&world, &format!("&page={page}"), Some(&fault));
    let is = |is: Value| with(1, Fault::Pagination { is });
    assert_eq!(is(json!([]))["pagination"], json!([]));
    assert_eq!(is(json!(null))["pagination"], json!(null));
    let lies = is(json!({"max_page": 9, "row_count": "x"}));
    assert_eq!(
        lies["pagination"],
        json!({"row_count": "x", "page_size": 100, "current_page": 1, "max_page": 9})
    );
    assert_eq!(with(1, Fault::NoPagination).get("pagination"), None);
    let more = with(7, Fault::MorePages);
    assert_eq!(
        (rows(&more).len(), &more["pagination"]["max_page"]),
        (0, &json!(8))
    );
    let endless = with(7, Fault::EndlessPages);
    assert_eq!(
        (rows(&endless).len(), &endless["pagination"]["max_page"]),
        (100, &json!(8))
    );
    assert_ne!(endless["results"], with(8, Fault::EndlessPages)["results"]);
    let same = with(2, Fault::SamePage);
    assert_eq!(same["results"], with(1, Fault::SamePage)["results"]);
    assert_eq!(same["pagination"]["current_page"], 1);
    assert_eq!(same["pagination"]["max_page"], 3);
}

#[test]
fn rows_can_be_odd() {
    let world = world();
    let with = |fault: Fault| read_with(&world, "", Some(&fault));
    let real = read_with(&world, "", None);
    let without = with(Fault::NoIds);
    assert_eq!(rows(&without).len(), rows(&real).len());
    assert!(rows(&without).iter().all(|row| row.get("id").is_none()));
    let strays = with(Fault::StrayRows);
    assert_eq!(rows(&strays).len(), rows(&real).len() + 4);
    assert_eq!(
        rows(&strays).iter().filter(|row| !row.is_object()).count(),
        4
    );
    let twice = with(Fault::DuplicateIds);
    let count = |answer: &Value| answer["pagination"]["row_count"].as_u64().unwrap();
    assert_eq!(count(&twice), 2 * count(&real));
}
