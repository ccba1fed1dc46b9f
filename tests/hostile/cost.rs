//! A name of a megabyte costs no more than one of some pages.

use std::time::{Duration, Instant};

use holdline::app::State;

use crate::screens::{console, drawn, open};

/// The least time of several frames: what disturbs only adds to it.
fn cost(state: &State) -> Duration {
    let frame = || {
        let start = Instant::now();
        drawn(state);
        start.elapsed()
    };
    (0..5).map(|_| frame()).min().unwrap()
}

/// A console with this name among others.
fn with(name: &str, script: &str, ascii: bool) -> State {
    let names = [name, "a", "b", "c", "d", "e", "f"].map(str::to_owned);
    let mut state = console(&names);
    state.look.ascii = ascii;
    open(&mut state, script, "");
    state
}

#[test]
fn a_frame_with_names_of_a_megabyte_costs_as_much_as_any() {
    for piece in ["山 ", "x"] {
        let long = piece.repeat(20_000 / piece.chars().count());
        let huge = piece.repeat(1_000_000 / piece.len());
        // Both lists, and the details of the one with that name.
        for (script, ascii) in [("1", false), ("1jjjj>", false), ("3", true)] {
            let [long, huge] = [&long, &huge].map(|name| cost(&with(name, script, ascii)));
            assert!(
                huge < long * 3 + Duration::from_millis(5),
                "{piece:?}, {script:?}, ascii {ascii}: {huge:?}, not {long:?}"
            );
        }
    }
}
