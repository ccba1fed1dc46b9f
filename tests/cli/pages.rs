//! Lists of many pages, and pagination that is wrong in every way there is.

use holdline::{
    domain::site::Vendor as Of,
    sim::{Fault, Rule},
};
use serde_json::{Value, json};

use super::{
    pbx::{Pbx, command, ids, ok, page, page_of, rows, site},
    program::{Home, Ran},
    stub::reply,
    vendor::Vendor,
};

fn numbers(range: impl Iterator<Item = usize>) -> Vec<String> {
    range.map(|n| n.to_string()).collect()
}

/// Asks this PBX, called `outbound`, for everything.
fn ask(pbx: &Pbx) -> Ran {
    let home = Home::new();
    pbx.config(&home);
    home.run(command(&["--format", "json"]))
}

#[test]
fn all_pages_are_read_in_order_and_one_after_the_other() {
    let pbx = Pbx::listing(rows(250));
    let ran = ask(&pbx);
    assert_eq!(ids(ran.fine()), numbers(1..=250));
    assert_eq!(pbx.pages(), [1, 2, 3]);
}

#[test]
fn one_page_can_be_asked_for() {
    let (home, pbx) = (Home::new(), Pbx::listing(rows(250)));
    pbx.config(&home);
    for (number, expected) in [("1", 1..101), ("3", 201..251)] {
        let ran = home.run(command(&["--format", "json", "--page", number]));
        assert_eq!(ids(ran.fine()), numbers(expected), "page {number}");
    }
    assert_eq!(pbx.pages(), [1, 3]);
}

#[test]
fn another_page_than_was_asked_for_is_said() {
    let pbx = Pbx::serve(|_| page_of(&rows(250), 3));
    let home = Home::new();
    pbx.config(&home);
    let ran = home.run(command(&["--format", "json", "--page", "9"]));
    assert_eq!((ran.code, ids(&ran.out).len()), (Some(0), 50));
    let sentence = ran.sentence();
    assert!(
        sentence.starts_with("outbound: While1 answered with page 3"),
        "{sentence}"
    );
}

#[test]
fn of_a_list_that_breaks_off_nothing_is_printed_and_the_page_is_named() {
    for (breaks, code, words) in [
        (reply("500 Internal Server Error", &[], "no"), 1, "500"),
        (
            reply("200 OK", &[], "{\"has_error\":false,\"results\":[{"),
            1,
            "cannot be read",
        ),
        (
            reply("302 Found", &["location: http://x.invalid/"], ""),
            1,
            "302",
        ),
        (Vec::new(), 3, "closed the connection"),
    ] {
        let list = rows(250);
        let pbx = Pbx::serve(move |asked| match asked.page {
            3 => breaks.clone(),
            page => page_of(&list, page),
        });
        let other = Pbx::listing(rows(2));
        let home = Home::new();
        home.file(
            "config.toml",
            &(pbx.site("outbound") + &other.site("other")),
        );
        let ran = home.run(command(&["--format", "json"]));
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert_eq!(ids(&ran.out), ["1", "2"], "the other site's alone");
        let sentence = ran.sentence();
        assert!(sentence.starts_with("outbound, page 3: "), "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
        let alone = home.run(command(&["--site", "outbound"]));
        alone.refused(code);
    }
}

#[test]
fn a_row_that_is_seen_twice_is_printed_once() {
    // A row comes on top of the list while it is read.
    let pbx = Pbx::serve(|asked| {
        let mut list = rows(150);
        if asked.page > 1 {
            list.insert(0, json!({ "id": "new" }));
        }
        page_of(&list, asked.page)
    });
    let ran = ask(&pbx);
    let mut printed = ids(&ran.out);
    printed.sort();
    printed.dedup();
    assert_eq!(printed.len(), ids(&ran.out).len());
    assert!(numbers(1..=150).iter().all(|id| printed.contains(id)));
}

/// What is told of pages with a page.
type Tells = fn(usize) -> Value;

#[test]
fn pagination_that_lies_is_said_and_ends() {
    let full = |number: usize| json!(rows(number * 100)[(number - 1) * 100..].to_vec());
    // What is told of pages, for each page; pages asked for at most.
    let cases: [(&str, Tells, usize); 5] = [
        ("said nothing about pages", |_| json!([]), 3),
        (
            "tells of 900 rows",
            |page| json!({ "row_count": 900, "max_page": 3, "current_page": page }),
            3,
        ),
        (
            "was empty",
            |page| json!({ "row_count": 900, "page_size": 100, "max_page": 9, "current_page": page }),
            4,
        ),
        (
            "repeats pages",
            |_| json!({ "page_size": 100, "max_page": 99 }),
            5,
        ),
        (
            "emptied while it was read",
            |page| json!({ "row_count": if page == 3 { 0 } else { 300 }, "page_size": 100, "max_page": 3 }),
            3,
        ),
    ];
    for (words, tells, most) in cases {
        let pbx = Pbx::serve(move |asked| {
            let results = match asked.page {
                1 | 2 => full(asked.page),
                3 if words.starts_with("emptied") => json!([]),
                3 => json!(rows(230)[200..].to_vec()),
                _ if words.starts_with("repeats") => full(2),
                _ => json!([]),
            };
            page(&results, &tells(asked.page))
        });
        let ran = ask(&pbx);
        assert_eq!(ran.code, Some(0), "{words}: {}", ran.err);
        assert!(ids(&ran.out).len() >= 200, "{words}");
        let sentence = ran.sentence();
        assert!(
            sentence.starts_with("outbound: ") && sentence.contains(words),
            "{sentence}"
        );
        assert!(pbx.pages().len() <= most, "{words}: {:?}", pbx.pages());
    }
}

#[test]
fn the_pages_own_example_is_an_empty_list_with_a_word_about_it() {
    let example = json!({
        "has_error": false, "messages": [],
        "pagination": { "row_count": 17, "page_size": 100, "current_page": 1, "max_page": 1 },
        "results": [],
    });
    let ran = ask(&Pbx::serve(move |_| ok(&example)));
    assert_eq!((ran.code, ran.out.as_str()), (Some(0), "[]\n"));
    assert!(
        ran.sentence().contains("tells of 17 rows and sent 0"),
        "{ran:?}"
    );
}

#[test]
fn what_the_pbx_says_beside_the_rows_is_passed_on() {
    let pbx = Pbx::serve(|asked| {
        let mut list = json!({
            "has_error": false, "messages": ["Maintenance at 22:00"], "results": rows(1),
        });
        list["pagination"] = json!({ "row_count": 1, "max_page": 1, "current_page": asked.page });
        ok(&list)
    });
    let ran = ask(&pbx);
    assert_eq!((ran.code, ids(&ran.out).len()), (Some(0), 1));
    assert_eq!(
        ran.sentence(),
        "outbound: While1 says: \"Maintenance at 22:00\""
    );
}

#[test]
fn the_simulators_odd_lists_end() {
    let (home, vendor) = (Home::new(), Vendor::start());
    home.file("config.toml", &site("outbound", &vendor));
    let run = |fault: Fault| {
        vendor.suffers(Rule::from(fault).of(Of::While1));
        home.run(command(&["--format", "json", "--timeout", "60s"]))
    };
    let listed = |fault: Fault| {
        let ran = run(fault);
        (ran.code, ids(&ran.out).len())
    };
    let (code, whole) = listed(Fault::Latency { ms: 0 });
    assert_eq!(code, Some(0));
    assert_eq!(listed(Fault::DuplicateIds), (Some(0), whole));
    assert_eq!(listed(Fault::NoIds), (Some(0), whole));
    assert_eq!(listed(Fault::Huge { rows: 1_234 }), (Some(0), 1_234));
    let ran = run(Fault::StrayRows);
    assert!(ran.refused(1).contains("row 2 is not an object"), "{ran:?}");
    // Every row came, whatever was said of pages.
    assert_eq!(listed(Fault::MorePages), (Some(0), whole));
    assert_eq!(listed(Fault::NoPagination), (Some(0), whole));
    assert_eq!(listed(Fault::SamePage), (Some(0), 100));
    for by in [3, -3] {
        let ran = run(Fault::Shift { rows: by });
        assert!(ids(&ran.out).len() >= whole - 6, "{by}: {}", ran.err);
    }
}
