//! Whole screens and single panes, colours included.
use std::time::Duration;

use super::{
    screen::{self, play},
    world::{self, Story, ago, caller, now},
};
use holdline::{
    app::{Answer, Msg, State, state::Theme, update},
    domain::{
        board::Board,
        fault::{Fault, FaultKind},
        feed::{FeedHealth, FeedId, FeedKind},
        site::{People, Queue, Site, Vendor},
    },
};
use insta::assert_snapshot;
use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};

/// The screen as text alone, for what colours do not matter to.
fn rows(state: &State) -> String {
    screen::rows(&screen::draw(state))
        .iter()
        .map(|r| r.trim_end().to_owned() + "\n")
        .collect()
}

/// A part of the screen, colours included.
fn part(state: &State, place: Rect) -> String {
    screen::golden(&screen::crop(&screen::draw(state), place))
}

fn refused(state: &mut State, queues: &[&str], ago_s: i64) {
    let fault = Fault::new(
        FaultKind::Auth,
        "TelecomX does not accept the token (401 invalid_token: \"Please login\")",
        "make a new token in TelecomX and put it in the configuration",
    );
    let feeds = queues.iter().map(|queue| {
        let mut health = world::answered(ago(ago_s));
        health.failed(ago(ago_s - 2), fault.clone());
        (world::feed(queue), health)
    });
    update(state, Msg::Feeds(feeds.collect()));
}

#[test]
fn whole_screens_at_three_sizes() {
    for (width, height) in [(80, 24), (120, 36), (200, 50)] {
        let state = world::console(world::busy(), width, height);
        assert_snapshot!(
            format!("busy_{width}x{height}"),
            screen::golden(&screen::draw(&state))
        );
    }
}

#[test]
fn every_theme_and_ascii_tell_the_same_without_relying_on_colour() {
    for (name, theme, ascii) in [
        ("light", Theme::Light, false),
        ("mono", Theme::Mono, false),
        ("ascii", Theme::Mono, true),
    ] {
        let mut state = world::console(world::busy(), 80, 24);
        (state.look.theme, state.look.ascii) = (theme, ascii);
        refused(&mut state, &["5f1c"], 41);
        assert_snapshot!(
            format!("theme_{name}"),
            screen::golden(&screen::draw(&state))
        );
    }
}

#[test]
fn ascii_is_ascii_whatever_names_people_have() {
    let mut state = world::console(world::busy(), 200, 50);
    state.look.ascii = true;
    for keys in ["", "Enter", "Esc ?"] {
        play(&mut state, keys);
        assert!(rows(&state).is_ascii(), "{}", rows(&state));
    }
}

#[test]
fn the_header_shows_each_sites_age_and_what_fails_first() {
    let mut state = world::console(world::busy(), 80, 24);
    let header = Rect::new(0, 0, 80, 1);
    assert_snapshot!("header_fresh", part(&state, header));
    update(&mut state, Msg::Clock(now().shift(41_000)));
    assert_snapshot!("header_late", part(&state, header));
    refused(&mut state, &["5f1a", "5f1b"], 180);
    assert_snapshot!("header_failing", part(&state, header));
}

/// The top line of a console with sites of these names, of which some fail.
fn header_of(names: &[&str], failing: &[&str], width: u16) -> String {
    let queue = |id: &str| Queue {
        id: id.into(),
        name: id.into(),
        service_level: Queue::SERVICE_LEVEL,
        critical: Queue::CRITICAL,
    };
    let site = |name: &&str| Site {
        name: (*name).into(),
        vendor: Vendor::TelecomX,
        queues: vec![queue("1")],
        country: None,
        people: People::default(),
    };
    let sites = names.iter().map(site).collect();
    let mut state = State::new(
        sites,
        Board::new(TimeZone::UTC),
        now(),
        Size::new(width, 24),
    );
    let feeds = names.iter().map(|name| {
        let feed = FeedId {
            site: (*name).into(),
            kind: FeedKind::Callers("1".into()),
        };
        let mut health = world::answered(now());
        if failing.contains(name) {
            let fault = Fault::new(FaultKind::Auth, "the token is not accepted", "renew it");
            health.failed(now(), fault);
        }
        (feed, health)
    });
    update(&mut state, Msg::Feeds(feeds.collect()));
    screen::rows(&screen::draw(&state)).remove(0)
}

#[test]
fn sites_that_fail_are_named_in_the_header_before_all_others() {
    let names = [
        "aalborg", "aarhus", "esbjerg", "horsens", "kolding", "odense", "randers", "vejle",
    ];
    let mut headers = String::new();
    for failing in [&["vejle"][..], &["aarhus", "vejle"], &names, &[]] {
        let header = header_of(&names, failing, 80);
        headers.push_str(&header);
        headers.push('\n');
    }
    assert_snapshot!("header_of_many_sites_80", headers);
    for (width, failing) in [(60, "vejle"), (80, "odense"), (100, "randers")] {
        let header = header_of(&names, &[failing], width);
        assert!(
            header.contains(&format!("{failing} ✗")),
            "{width}: {header}"
        );
    }
}

#[test]
fn rows_of_a_late_feed_turn_stale_and_do_not_vanish() {
    let mut state = world::console(world::busy(), 80, 24);
    let mut feeds = world::fresh();
    feeds[0].1 = world::answered(ago(48));
    update(&mut state, Msg::Feeds(feeds));
    assert_snapshot!(part(&state, screen::callers_inside(&state)));
}

#[test]
fn a_failing_feed_says_why_once_for_all_its_queues() {
    let mut state = world::console(world::busy(), 80, 24);
    refused(&mut state, &["5f1a", "5f1b", "5f1c"], 75);
    assert_snapshot!(part(&state, screen::callers_inside(&state)));
}

#[test]
fn journal_trouble_is_told_before_all_else() {
    let mut state = world::console(world::busy(), 80, 24);
    refused(&mut state, &["5f1a"], 75);
    let what = "the disk with /srv/holdline is full; free some room and recording goes on";
    update(&mut state, Msg::Answer(Answer::JournalTrouble(what.into())));
    assert!(
        rows(&state).contains("✗ the disk with /srv/holdline is full"),
        "{}",
        rows(&state)
    );
    update(&mut state, Msg::Answer(Answer::JournalFine));
    assert!(!rows(&state).contains("is full"));
}

#[test]
fn an_empty_list_says_whether_that_is_good_news() {
    let mut state = State::new(
        world::sites(),
        Board::new(TimeZone::UTC),
        now(),
        Size::new(80, 24),
    );
    assert!(rows(&state).contains("Asking for the first list."));
    assert!(
        rows(&state).contains("1 Callers —"),
        "a count that is not known is not 0"
    );
    let mut failing = FeedHealth::new(Duration::from_secs(2));
    failing.failed(
        now(),
        Fault::new(FaultKind::Unreachable, "no answer", "look"),
    );
    update(&mut state, Msg::Feeds(vec![(world::feed("5f1a"), failing)]));
    assert!(rows(&state).contains("No list yet: see above."));
    update(&mut state, Msg::Feeds(world::fresh()));
    assert!(rows(&state).contains("Nobody is waiting."));
    assert!(rows(&state).contains("1 Callers 0"));
    assert_snapshot!("nobody_waits", rows(&state));
}

#[test]
fn panes_without_a_source_say_what_they_show_and_what_to_configure() {
    let mut state = world::console(world::busy(), 80, 24);
    for (key, words) in [
        ("2", "No agent was heard of yet"),
        ("3", "configure a while1 or telphin site"),
        ("4", "configure an enswitch site"),
    ] {
        play(&mut state, key);
        let flat = rows(&state)
            .replace(['│', '\n'], " ")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        assert!(flat.contains(words), "{key}: {flat}");
    }
    let mut wide = world::console(world::busy(), 120, 36);
    play(&mut wide, "3");
    assert_snapshot!("quiet_panes", part(&wide, Rect::new(0, 33, 120, 3)));
}

#[test]
fn details_hold_everything_the_vendor_sent() {
    let mut state = world::console(world::busy(), 120, 36);
    play(&mut state, "Enter");
    assert_snapshot!("details", screen::golden(&screen::draw(&state)));
    // A secret number: nothing to show, nothing kept.
    play(&mut state, "Esc j Enter");
    assert_snapshot!("details_secret", rows(&state));
}

#[test]
fn help_at_the_smallest_size_scrolls() {
    let mut state = world::console(world::busy(), 60, 15);
    play(&mut state, "?");
    assert_snapshot!("help_top", rows(&state));
    play(&mut state, "G");
    assert_snapshot!("help_end", rows(&state));
}

#[test]
fn more_queues_than_lines_shows_the_worst_and_counts_the_rest() {
    let queues: Vec<Queue> = (0..40)
        .map(|i| world::queue(&format!("q{i:02}"), &format!("queue {i:02}")))
        .collect();
    let sites = vec![Site {
        name: "aarhus".into(),
        vendor: Vendor::TelecomX,
        queues,
        country: None,
        people: People::default(),
    }];
    let mut state = State::new(sites, Board::new(TimeZone::UTC), now(), Size::new(80, 24));
    let mut story = Story::new();
    for i in 0..40 {
        story.enters(
            &format!("q{i:02}"),
            caller(&format!("c{i}"), "+4520202020", None, ago(i * 7 % 90)),
        );
    }
    update(&mut state, Msg::Entries(story.entries));
    assert_snapshot!(rows(&state));
}

#[test]
fn any_size_from_one_cell_on_is_drawn_within_its_bounds() {
    let mut state = world::console(world::busy(), 1, 1);
    refused(&mut state, &["5f1a"], 75);
    for keys in ["", "?", "Esc Enter", "Esc 3", "1 z"] {
        play(&mut state, keys);
        for width in (1..70).chain([119, 120, 121, 400]) {
            for height in (1..20).chain([29, 30, 31, 120]) {
                update(&mut state, Msg::Resize(Size::new(width, height)));
                // Panics in drawing would end the test.
                let drawn = screen::draw(&state);
                assert_eq!(drawn.area.as_size(), Size::new(width, height));
            }
        }
    }
}

#[test]
fn nothing_a_vendor_sends_reaches_the_screen_as_an_escape() {
    let mut story = Story::new();
    let nasty = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\u{200b}\r\n\u{0}";
    let mut wicked = caller("id\u{1b}[5m", nasty, Some(nasty), ago(30));
    wicked.presentation = Some(nasty.into());
    wicked.answered_by_number = Some(nasty.into());
    wicked.state = holdline::domain::caller::CallerState::Other(nasty.into());
    story.enters("5f1a", wicked);
    let mut state = world::console(story, 200, 50);
    for keys in ["", "Enter"] {
        play(&mut state, keys);
        let text = screen::rows(&screen::draw(&state)).concat();
        assert!(text.contains('␛'), "hostile characters are marked");
        let bad = text
            .chars()
            .find(|c| holdline::domain::text::is_hostile(*c));
        assert!(bad.is_none() || bad == Some('\u{fffd}'), "{bad:?}");
    }
}

#[test]
fn the_cost_of_a_frame_is_what_is_in_view() {
    // The golden of cost: a hundred thousand rows draw the cells of a hundred.
    let many = |n: i64| {
        let mut story = Story::new();
        for i in 0..n {
            story.enters(
                "5f1a",
                caller(&format!("c{i}"), "+4520202020", Some("Name"), ago(900)),
            );
        }
        world::console(story, 120, 36)
    };
    let (few, lots) = (many(100), many(3_000));
    let in_view = |s: &State| {
        rows(s)
            .lines()
            .filter(|l| l.contains("+4520202020"))
            .count()
    };
    assert_eq!(in_view(&few), in_view(&lots));
}
