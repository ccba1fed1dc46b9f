//! The filters of `holdline callbacks`: each flag reaches the wire as the page
//! names it, the simulator lists what they ask for, and what is typed wrong is
//! refused before anything is sent.

use std::fmt::Write;

use holdline::domain::filter::INPUTS;
use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use md5::{Digest, Md5};
use serde_json::Value;

use super::{
    pbx::{Pbx, command, ids, simulated, site},
    program::Home,
    vendor::Vendor,
};

/// What is sent for these arguments, without its hash, which must be right.
fn sent(home: &Home, pbx: &Pbx, args: &[&str]) -> String {
    let before = pbx.asked().len();
    // A page beyond the last is said to be none on standard error.
    assert_eq!(home.run(command(args)).code, Some(0));
    let asked = pbx.asked()[before..].to_vec();
    assert_eq!(asked.len(), 1, "{asked:?}");
    let (body, hash) = asked[0].body.split_once("&api_hash=").unwrap();
    let mut expected = String::new();
    for byte in Md5::digest(format!("{body}{}", Pbx::KEY)) {
        write!(expected, "{byte:02x}").unwrap();
    }
    assert_eq!(hash, expected, "{body}");
    body.to_owned()
}

fn listening() -> (Home, Pbx) {
    let (home, pbx) = (Home::new(), Pbx::listing(Vec::new()));
    pbx.config(&home);
    (home, pbx)
}

#[test]
fn without_flags_no_filter_is_sent() {
    let (home, pbx) = listening();
    assert_eq!(sent(&home, &pbx, &[]), "action=read&page=1");
    let head = &pbx.asked()[0].head;
    assert!(
        head.starts_with("POST /api/call-queue HTTP/1.1\r\n"),
        "{head}"
    );
    let bearer = format!("authorization: Bearer {}\r\n", Pbx::TOKEN);
    assert!(
        head.to_lowercase().contains(&bearer.to_lowercase()),
        "{head}"
    );
    assert!(head.contains("application/x-www-form-urlencoded"), "{head}");
}

/// Flags, and what is sent for them.
const CASES: &[(&[&str], &str)] = &[
    (
        &["--from", "2024-01-01", "--to", "2024-01-15 23:59:59"],
        "[date_between][0]=2024-01-01+00:00:00&[date_between][1]=2024-01-15+23:59:59",
    ),
    // 10:00 in London is 11:00 on the PBX's wall.
    (
        &["--due-before", "2024-01-31T10:00:00Z"],
        "[schedule_lt]=2024-01-31+11:00:00",
    ),
    (&["--unscheduled"], "[schedule_null]=1"),
    (&["--unscheduled=no"], "[schedule_null]=0"),
    (&["--caller-id", "+45 21"], "[caller_id]=%2B45+21"),
    (&["--dnid", "-7"], "[dnid]=-7"),
    (&["--outbound-number", "70"], "[outbound_number]=70"),
    (&["--project-id", "5"], "[project_id]=5"),
    (&["--inbound-route-id", "12"], "[inbound_route_id]=12"),
    (
        &["--inbound-route-id", "12, 13"],
        "[inbound_route_id][0]=12&[inbound_route_id][1]=13",
    ),
    (&["--outbound-type", "Auto"], "[outbound_type]=auto"),
    (&["--attend-type", "unattended"], "[attend_type]=unattended"),
    (&["--external-id", "a&b=c"], "[external_id]=a%26b%3Dc"),
    (&["--assign-type", "no-queue"], "[assign_type]=no_queue"),
    (
        &["--campaign", "Ștefan ~ a*b, c"],
        "[campaign]=%C8%98tefan+%7E+a%2Ab%2C+c",
    ),
    (&["--status", "in progress"], "[status]=inprogress"),
    (
        &["--status", "pending,in_progress", "--status", "deleted"],
        "[status][0]=pending&[status][1]=inprogress&[status][2]=deleted",
    ),
];

#[test]
fn every_flag_reaches_the_wire_under_the_pages_name() {
    let (home, pbx) = listening();
    let named = |flag: &str| {
        CASES
            .iter()
            .any(|(args, _)| args.iter().any(|a| a.starts_with(flag)))
    };
    for input in INPUTS {
        let flag = format!("--{}", input.name.replace('_', "-"));
        assert!(named(&flag), "{flag} is not among the cases");
    }
    for (args, filters) in CASES {
        let filters = encoded(filters);
        assert_eq!(
            sent(&home, &pbx, args),
            format!("action=read&page=1&{filters}")
        );
    }
    // A flag of one value cannot stand twice.
    let all: Vec<&str> = CASES
        .iter()
        .rev()
        .flat_map(|(args, _)| *args)
        .copied()
        .collect();
    let once = home.run(command(&all));
    assert_eq!(
        once.code,
        Some(2),
        "a flag of one value stands twice: {once:?}"
    );
}

#[test]
fn all_flags_at_once_are_sent_in_the_pages_order_however_they_were_typed() {
    let (home, pbx) = listening();
    let all = "--status pending --campaign x --assign-type user --external-id e --attend-type \
               attended --outbound-type manual --inbound-route-id 1 --project-id 2 \
               --outbound-number 3 --dnid 4 --caller-id 5 --unscheduled --due-before 2024-01-03 \
               --to 2024-01-02 --from 2024-01-01 --page 7";
    let all: Vec<&str> = all.split(' ').collect();
    let expected = encoded(
        "[date_between][0]=2024-01-01+00:00:00&[date_between][1]=2024-01-02+00:00:00&\
         [schedule_lt]=2024-01-03+00:00:00&[schedule_null]=1&[caller_id]=5&[dnid]=4&\
         [outbound_number]=3&[project_id]=2&[inbound_route_id]=1&[outbound_type]=manual&\
         [attend_type]=attended&[external_id]=e&[assign_type]=user&[campaign]=x&[status]=pending",
    );
    assert_eq!(
        sent(&home, &pbx, &all),
        format!("action=read&page=7&{expected}")
    );
}

/// The brackets and colons as they are sent, and `filters` before each name.
fn encoded(filters: &str) -> String {
    let each = filters.split('&').map(|one| format!("filters{one}"));
    let each: Vec<String> = each.collect();
    each.join("&")
        .replace('[', "%5B")
        .replace(']', "%5D")
        .replace(':', "%3A")
}

#[test]
fn relative_times_are_the_walls_of_the_pbx_and_may_begin_with_a_dash() {
    let (home, pbx) = listening();
    let body = sent(
        &home,
        &pbx,
        &["--from", "-7d", "--to", "now", "--due-before=-90m"],
    );
    let zone = TimeZone::get(holdline::sim::while1::TIME_ZONE).unwrap();
    let now = Timestamp::now().to_zoned(zone);
    let times: Vec<DateTime> = body
        .split('&')
        .skip(2)
        .map(|param| {
            let (_, time) = param.split_once('=').unwrap();
            time.replace("%3A", ":").replace('+', " ").parse().unwrap()
        })
        .collect();
    let due = [-7.days(), 0.days(), -90.minutes()];
    assert_eq!(times.len(), due.len(), "{body}");
    for (time, due) in times.iter().zip(due) {
        let expected = now.checked_add(due).unwrap().datetime();
        let apart = expected.duration_since(*time).abs();
        assert!(apart.as_secs() <= 60, "{time}, {expected}");
    }
}

#[test]
fn what_is_typed_wrong_is_refused_and_nothing_is_sent() {
    let (home, pbx) = listening();
    let text = pbx.site("outbound")
        + "[console]\nviews = { bad = { from = \"today\" }, odd = { due_before = \"soon\" } }\n";
    home.file("config.toml", &text);
    for (args, words) in [
        (
            &["--outbound-type", "robot"][..],
            "--outbound-type is one of auto, manual",
        ),
        (&["--attend-type", ""], "--attend-type is empty"),
        (
            &["--assign-type", "queue,user"],
            "--assign-type is one of queue, no_queue, user",
        ),
        (
            &["--status", "pending,statusxxx"],
            "--status is one of pending, inprogress,",
        ),
        (
            &["--status", ","],
            "--status is empty; give it a value, or leave it out",
        ),
        (&["--campaign", ""], "--campaign is empty"),
        (&["--unscheduled=maybe"], "--unscheduled is yes or no"),
        (
            &["--from", "-7d"],
            "--from needs --to: the interval has two ends",
        ),
        (
            &["--to", "now"],
            "--to needs --from: the interval has two ends",
        ),
        (
            &["--due-before", "2024-02-30"],
            "--due-before: not a time; write 2024-01-31 10:00",
        ),
        (&["--due-before", "soon"], "it was given as \"soon\""),
        (&["--due-before", "\u{1b}[2J"], "control characters"),
        (
            &["--campaign", "--unscheduled"],
            "--unscheduled stands where it is due",
        ),
        (
            &["--view", "nope"],
            "there is no view \"nope\" in the configuration; it has bad, odd",
        ),
        (&["--view", "bad"], "the view \"bad\" cannot be asked for"),
        (&["--view", "odd"], "due before: not a time"),
    ] {
        let ran = home.run(command(args));
        let sentence = ran.refused(2);
        assert!(sentence.contains(words), "{args:?}: {sentence}");
    }
    for (args, words) in [
        (&["--page", "0"][..], "--page <N>"),
        (&["--page", "-1"], "--page"),
        (&["--page", "x"], "--page <N>"),
        (
            &["--dnid", "1", "--dnid", "2"],
            "cannot be used multiple times",
        ),
        (&["--bogus", "1"], "'--bogus'"),
        (&["--from"], "--from <TIME>"),
        (
            &["--format", "xml"],
            "[possible values: table, json, ndjson, csv]",
        ),
    ] {
        let ran = home.run(command(args));
        assert_eq!(
            (ran.code, ran.out.as_str()),
            (Some(2), ""),
            "{args:?}: {ran:?}"
        );
        assert!(ran.err.contains(words), "{args:?}: {}", ran.err);
    }
    assert!(pbx.asked().is_empty());
}

#[test]
fn a_view_of_the_configuration_is_a_set_of_filters_and_flags_replace_it() {
    let (home, pbx) = listening();
    let views = "[console]\nviews = { late = { status = [\"pending\", \"in progress\"], \
                 due_before = \"2024-01-31 10:00:00\" } }\n";
    home.file("config.toml", &(views.to_owned() + &pbx.site("outbound")));
    let due = encoded("[schedule_lt]=2024-01-31+10:00:00");
    let both = encoded("[status][0]=pending&[status][1]=inprogress");
    assert_eq!(
        sent(&home, &pbx, &["--view", "late"]),
        format!("action=read&page=1&{due}&{both}")
    );
    let deleted = encoded("[status]=deleted&");
    let deleted = deleted.trim_end_matches("&filters");
    assert_eq!(
        sent(&home, &pbx, &["--view", "late", "--status", "deleted"]),
        format!("action=read&page=1&{due}&{deleted}")
    );
}

#[test]
fn the_simulator_lists_what_each_filter_asks_for() {
    let (home, vendor) = (Home::new(), Vendor::start());
    home.file("config.toml", &site("outbound", &vendor));
    let list = |args: &[&str]| {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        home.run(command(&args)).fine().to_owned()
    };
    let text = list(&[]);
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    // The rows of the whole list for which this is so.
    let those = |is: &dyn Fn(&Value) -> bool| -> Vec<String> {
        let rows = all.iter().filter(|row| is(row));
        rows.map(|row| row["id"].as_str().unwrap().to_owned())
            .collect()
    };
    let some = |name: &str| -> String {
        let mut values = all.iter().filter_map(|row| row[name].as_str());
        values.next().unwrap().to_owned()
    };
    for (flag, name) in [
        ("--caller-id", "number"),
        ("--dnid", "dnid"),
        ("--outbound-number", "outbound_number"),
        ("--project-id", "project_id"),
        ("--inbound-route-id", "inbound_route_id"),
        ("--external-id", "external_id"),
        ("--outbound-type", "outbound_type"),
        ("--attend-type", "attend_type"),
        ("--assign-type", "assign_type"),
        ("--campaign", "campaign"),
        ("--status", "status"),
    ] {
        let value = some(name);
        let expected = those(&|row| row[name] == value);
        assert!(
            !expected.is_empty() && expected.len() < all.len(),
            "{flag} tells nothing"
        );
        assert_eq!(ids(&list(&[flag, &value])), expected, "{flag} {value}");
    }
    let two = those(&|row| row["status"] == "completed" || row["status"] == "inprogress");
    assert_eq!(ids(&list(&["--status", "completed,in progress"])), two);
    let (first, last) = (some("created"), some("schedule"));
    let until = those(&|row| row["schedule"].as_str().is_some_and(|at| *at <= *last));
    assert_eq!(ids(&list(&["--due-before", &last])), until);
    let unscheduled = those(&|row| row["schedule"].is_null());
    assert_eq!(ids(&list(&["--unscheduled"])), unscheduled);
    let on_the_day = those(&|row| row["created"].as_str().unwrap() <= first.as_str());
    let between = ["--from", "2000-01-01", "--to", &first];
    assert_eq!(ids(&list(&between)), on_the_day);
    assert!(ids(&list(&["--from", "2000-01-01", "--to", "2000-01-02"])).is_empty());
    assert!(simulated(&vendor).ends_with("/while1"));
}
