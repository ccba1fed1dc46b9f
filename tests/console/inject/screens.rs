//! How it looks, whatever is in it.

use holdline::{
    app::{State, overlay::Overlay, window::confirm::question},
    domain::look::Theme,
};
use insta::assert_snapshot;
use ratatui::layout::Size;

use super::{aimed, busy, console, fill, replied, reply, sends, sent, target};
use crate::{
    callbacks::rows,
    screen::{self, play},
};

/// Everything at once: the longest values, wide and hostile ones.
fn hostile(state: &mut State) {
    for (name, value) in [
        ("event", "山田太郎".repeat(125)),
        ("callerid", "\u{202e}evil\u{200b}é".repeat(60)),
        ("callid", "x".repeat(500)),
        ("channel", "👩‍👩‍👧‍👦".repeat(50)),
        ("dnumber", "=cmd|' /C calc'!A0".to_owned()),
    ] {
        fill(state, name, &value);
    }
}

#[test]
fn a_long_request_is_seen_whole_and_what_is_asked_stays_in_view() {
    for (width, height) in [(60, 15), (80, 24), (120, 36)] {
        let mut production = target();
        production.production = true;
        let mut state = aimed(vec![production], width, height);
        hostile(&mut state);
        play(&mut state, "Ctrl-S");
        let Overlay::Confirm(confirm) = state.overlay.clone() else {
            panic!("{:?}", state.flash)
        };
        let whole = question(&state, &confirm).request;
        // Lines break at blanks, which are not carried over.
        let without_blanks = |lines: &[String]| lines.concat().replace(' ', "");
        assert!(
            without_blanks(&whole) == without_blanks(&confirm.request),
            "nothing is left out"
        );
        let mut seen = String::new();
        loop {
            let shown = rows(&state);
            assert!(
                shown.contains("is a production site: type sales"),
                "{shown}"
            );
            seen.push_str(&shown);
            let before = state.overlay.clone();
            play(&mut state, "PgDn");
            if state.overlay == before {
                break;
            }
        }
        for line in &whole {
            assert!(seen.contains(line), "{line}");
        }
        play(&mut state, "PgUp Down Up s a l e s");
        sent(&play(&mut state, "Ctrl-S"));
    }
}

#[test]
fn hostile_values_and_answers_break_no_screen() {
    for (width, height) in [(1, 1), (59, 14), (60, 15), (80, 24), (120, 36), (200, 50)] {
        for ascii in [false, true] {
            let mut state = console(80, 24);
            state.size = Size::new(width, height);
            state.look.ascii = ascii;
            hostile(&mut state);
            let evil = "\u{1b}[31m\u{202e}山\n".repeat(50);
            let mut came = replied(vec![reply("204", "", &evil), reply("\u{1b}", &evil, &evil)]);
            came.unjournaled = Some(evil);
            sends(&mut state, came);
            for keys in ["", "g j Enter", "Esc Ctrl-S", "Esc p", "Esc h", "Esc"] {
                play(&mut state, keys);
                let shown = rows(&state);
                assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
                assert!(!ascii || shown.is_ascii(), "{shown}");
            }
        }
    }
}

#[test]
fn screens() {
    for (width, height) in [(60, 15), (80, 24), (120, 36), (200, 50)] {
        let state = busy(width, height);
        let drawn = screen::draw(&state);
        assert_snapshot!(format!("inject_{width}x{height}"), screen::golden(&drawn));
    }
    let mut state = busy(80, 24);
    state.look.theme = Theme::Mono;
    assert_snapshot!("inject_mono", screen::golden(&screen::draw(&state)));
    state.look.ascii = true;
    assert_snapshot!("inject_ascii", screen::golden(&screen::draw(&state)));
    let mut state = console(80, 24);
    play(&mut state, "g j Enter J O I N");
    assert_snapshot!("inject_typing", screen::golden(&screen::draw(&state)));
    play(&mut state, "Ctrl-S");
    assert_snapshot!("inject_confirm", screen::golden(&screen::draw(&state)));
}
