//! Themes, colours and ASCII; and windows that stand over the panes.

use holdline::{
    app::{
        Msg, State,
        state::{Colours, Look, Theme},
        update,
        window::{self, Line},
    },
    domain::fault::{Fault, FaultKind},
};
use insta::assert_snapshot;
use ratatui::layout::Rect;

use super::{
    callbacks,
    screen::{self, play},
    world::{self, ago, now},
};

const REMEDY: &str = "make a new token in TelecomX under Settings, Employees, Tokens, give it \
    VIEWER access to each of the queues, and put it in the configuration as { file = \"…\" }, so \
    that nobody else can read it";

/// One site's queue fails since a minute, another is late.
fn troubled(width: u16, height: u16) -> State {
    let mut state = world::console(world::busy(), width, height);
    let mut refused = world::answered(ago(75));
    refused.failed(
        ago(73),
        Fault::new(
            FaultKind::Auth,
            "TelecomX does not accept the token (401 invalid_token: \"Please login\")",
            REMEDY,
        ),
    );
    let late = world::answered(ago(20));
    let feeds = vec![(world::feed("5f1c"), refused), (world::feed("5f1b"), late)];
    update(&mut state, Msg::Feeds(feeds));
    state
}

fn rows(state: &State) -> Vec<String> {
    screen::rows(&screen::draw(state))
}

fn looks() -> Vec<(String, Look)> {
    let mut looks = Vec::new();
    for (theme_name, theme) in Theme::ALL {
        for (colours_name, colours) in Colours::ALL {
            let ascii = false;
            let look = Look {
                theme,
                colours,
                ascii,
            };
            looks.push((format!("{theme_name}_{colours_name}"), look));
        }
    }
    looks
}

#[test]
fn each_theme_at_each_depth_of_colour() {
    for (name, look) in looks() {
        let mut state = troubled(66, 17);
        state.look = look;
        play(&mut state, "j / 4 5");
        let drawn = screen::golden(&screen::draw(&state));
        // What stands there is told by the first of them.
        let styles = drawn.split_once(&"-".repeat(20)).unwrap().1;
        if name == "dark_16" {
            assert_snapshot!("look_text", rows(&state).join("\n"));
        }
        assert_snapshot!(format!("look_{name}"), styles);
    }
}

/// What can stand on the screen, by the keys that lead there.
const PLACES: [&str; 10] = [
    "",
    "j / 4 5",
    "Enter",
    "?",
    ":",
    "y",
    "i",
    "w",
    "Space",
    "w j Enter z",
];

#[test]
fn no_state_is_told_by_colour_alone() {
    for keys in PLACES {
        let shown = |look: Look| {
            let mut state = troubled(100, 30);
            state.look = look;
            play(&mut state, keys);
            // The palette names the themes that are not on.
            let others = |row: &String| !row.contains(" theme ");
            rows(&state).into_iter().filter(others).collect::<Vec<_>>()
        };
        let dark = shown(Look::default());
        for (name, look) in looks() {
            assert_eq!(shown(look), dark, "{name} {keys}");
        }
    }
    for keys in ["", "c", "f", "v", "d", "n", "Enter"] {
        let shown = |theme| {
            let mut state = callbacks::console(100, 30);
            state.look.theme = theme;
            play(&mut state, keys);
            rows(&state)
        };
        assert_eq!(shown(Theme::Mono), shown(Theme::Dark), "{keys}");
    }
}

#[test]
fn the_selected_row_is_marked_in_every_theme() {
    for (name, look) in looks() {
        let mut state = troubled(80, 24);
        state.look = look;
        let first = screen::draw(&state);
        play(&mut state, "j");
        let second = screen::draw(&state);
        assert_eq!(screen::rows(&first), screen::rows(&second));
        assert_ne!(first, second, "{name}");
    }
}

#[test]
fn ascii_is_ascii_in_every_window() {
    for keys in PLACES {
        let mut state = troubled(120, 36);
        state.look.ascii = true;
        play(&mut state, keys);
        let text = rows(&state).join("\n");
        assert!(text.is_ascii(), "{keys}:\n{text}");
    }
    for keys in ["", "c", "f", "v", "d", "n", "Enter", "Y"] {
        let mut state = callbacks::console(120, 36);
        state.look.ascii = true;
        play(&mut state, keys);
        let text = rows(&state).join("\n");
        assert!(text.is_ascii(), "{keys}:\n{text}");
    }
}

#[test]
fn every_window_is_drawn_at_every_size() {
    for keys in PLACES {
        let mut state = troubled(120, 36);
        play(&mut state, keys);
        for width in [1, 2, 3, 20, 59, 60, 61, 79, 119, 120, 300] {
            for height in (1..40).step_by(3).chain([15, 16, 120]) {
                let size = ratatui::layout::Size::new(width, height);
                update(&mut state, Msg::Resize(size));
                // Panics in drawing would end the test.
                assert_eq!(screen::draw(&state).area.as_size(), size);
            }
        }
    }
}

#[test]
fn a_frame_is_whole_at_the_smallest_size() {
    for (keys, title) in [
        ("?", "Keys that work now"),
        (":", "Command"),
        ("y", "Copy"),
        ("i", "Sites and feeds"),
        ("w", "Look at"),
        ("Enter", "Caller in support"),
    ] {
        let mut state = troubled(60, 15);
        play(&mut state, keys);
        let drawn = screen::draw(&state);
        let at = |x, y| drawn[(x, y)].symbol();
        let shown = screen::rows(&drawn);
        let top = shown
            .iter()
            .position(|row| row.contains(&format!(" {title} ")));
        let top = u16::try_from(top.unwrap()).unwrap();
        // The window's own corner is the innermost one.
        let left = (0..60).rfind(|x| at(*x, top) == "╭").unwrap();
        let end = (top..15).find(|y| at(left, *y) == "╰");
        assert!(end.is_some_and(|y| y < 14), "{keys}:\n{}", shown.join("\n"));
    }
}

#[test]
fn the_sites_window_tells_the_whole_remedy_at_the_usual_size() {
    let mut state = troubled(80, 24);
    play(&mut state, "i");
    assert_snapshot!(
        "sites",
        rows(&state)[1..]
            .iter()
            .map(|row| row.trim_end().to_owned() + "\n")
            .collect::<String>()
    );
    let window = window::window(&state).unwrap();
    let wrong = window.lines.iter().filter_map(|line| match line {
        Line::Wrong(text) => Some(text.trim()),
        _ => None,
    });
    let wrong: Vec<&str> = wrong.collect();
    assert!(wrong.join(" ").contains(REMEDY), "{wrong:#?}");
    // As it stands on the screen, a page after the other.
    let mut seen = String::new();
    for _ in 0..4 {
        for row in rows(&state) {
            let inside = row.split('│').find(|part| !part.trim().is_empty());
            seen.push_str(inside.unwrap_or_default().trim());
            seen.push(' ');
        }
        play(&mut state, "PgDn");
    }
    for part in &wrong {
        assert!(seen.contains(part), "{part:?} in {seen}");
    }
}

#[test]
fn the_sites_window_has_every_feed_and_where_news_come_from() {
    let mut state = troubled(100, 40);
    state.collecting = Some(false);
    play(&mut state, "i");
    let text = rows(&state).join("\n");
    for words in [
        "aarhus (TelecomX)",
        "● support",
        "◐ sales",
        "✗ billing",
        "another Holdline on this journal asks the vendors",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    play(&mut state, "Esc");
    update(&mut state, Msg::Clock(now()));
    assert_eq!(window::window(&state), None);
}

#[test]
fn the_menu_of_queues_stands_in_the_middle() {
    let mut state = world::console(world::busy(), 80, 24);
    play(&mut state, "w j");
    let place = Rect::new(24, 8, 32, 8);
    let drawn = screen::crop(&screen::draw(&state), place);
    assert_snapshot!("queue_menu", screen::golden(&drawn));
}
