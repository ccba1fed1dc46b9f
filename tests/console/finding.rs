//! Words that are searched for, the order of rows, and one queue alone.

use holdline::{
    app::{State, columns::Kind, memory::Memory, pane::PaneId},
    domain::triage::Deed,
};

use super::{
    callbacks::{self, does, ids, types},
    floor::{self, Floor, queue_call},
    news::{enters, goes, on, who},
    screen::{self, play},
    world::{self, ago, caller},
};

fn callers() -> State {
    world::console(world::busy(), 80, 24)
}

fn text(state: &State) -> String {
    screen::rows(&screen::draw(state)).join("\n")
}

/// Who is found by these words, typed one after the other.
fn found(words: &str) -> Vec<String> {
    let mut state = callers();
    play(&mut state, "/");
    types(&mut state, words);
    who(&state).into_iter().map(str::to_owned).collect()
}

#[test]
fn rows_are_searched_as_one_types() {
    let mut state = callers();
    let mut seen = Vec::new();
    for key in ["/", "s", "a", "l", "e", "x", "Backspace"] {
        play(&mut state, key);
        seen.push(who(&state).len());
    }
    // All have an s in their ids or their site; only three are in sales.
    assert_eq!(seen, [6, 6, 3, 3, 3, 0, 3]);
    assert!(text(&state).contains("3 of 6"), "{}", text(&state));
}

#[test]
fn words_stand_in_any_order_and_any_column() {
    for words in [
        "bamse",
        "KYL bam",
        "support kyl",
        "5203 queued",
        "pbx1 784.234",
    ] {
        assert_eq!(found(words), ["234"], "{words}");
    }
    assert_eq!(found("bamse sales"), Vec::<String>::new());
    assert_eq!(found("vip"), ["235"]);
    assert_eq!(found("山田"), ["237"]);
    assert_eq!(found("secret"), ["236"], "what the column says");
    assert_eq!(
        found("7030 aarhus").len(),
        6,
        "what was called, and the site"
    );
}

#[test]
fn a_withheld_number_is_found_and_shown_by_one_word() {
    let mut story = world::busy();
    let name = Some("Kiosken");
    story.enters("5f1a", caller("240", "Anonymous", name, ago(30)));
    let mut state = world::console(story, 120, 24);
    play(&mut state, "/");
    types(&mut state, "secret num");
    let mut found = who(&state);
    found.sort_unstable();
    assert_eq!(found, ["236", "240"]);
    let shown = text(&state);
    let line = shown.lines().find(|line| line.contains("Kiosken")).unwrap();
    assert!(line.contains("secret number"), "{line}");
    assert!(!shown.contains("Anonymous"), "{shown}");
    // A call of such a caller, among the calls.
    let mut floor = Floor::new();
    let from = queue_call("1", "anonymous", "Kiosken");
    floor.at(20).step("start", "c7", "c7", &from);
    let mut state = floor::console(&floor, 160, 40, "5 t z /");
    types(&mut state, "secret num");
    let line = floor::line(&state, "Kiosken");
    assert!(line.contains("secret number"), "{line}");
}

#[test]
fn accents_do_not_matter_on_either_side() {
    for words in ["ærø", "aero", "AERO faerge", "Færgefart"] {
        assert_eq!(found(words), ["235"], "{words}");
    }
}

#[test]
fn signs_of_a_language_to_come_leave_their_word_out_and_say_so() {
    let mut state = callers();
    play(&mut state, "/");
    types(&mut state, "sales wait>60");
    assert_eq!(who(&state), ["237", "238", "239"]);
    let told = "\"wait>60\" is left out: : < > ! ~ are kept for a query language";
    assert!(text(&state).contains(told), "{}", text(&state));
}

#[test]
fn pasted_lines_are_one_line_of_words_and_nothing_happens_where_nobody_types() {
    let mut state = callers();
    let before = state.clone();
    types(&mut state, "bamse");
    assert_eq!(state, before);
    play(&mut state, "/");
    types(&mut state, "bamse\r\n  kylling\u{7}\u{1b}\n");
    let search = &state.callers.listing.search;
    assert_eq!(search.field.value(), "bamse kylling");
    assert_eq!(who(&state), ["234"]);
    types(&mut state, &"x".repeat(100_000));
    assert_eq!(state.callers.listing.search.field.value().len(), 500);
}

#[test]
fn enter_keeps_the_words_and_esc_takes_them_back() {
    let mut state = callers();
    play(&mut state, "/ v i p Enter");
    assert_eq!(who(&state), ["235"]);
    // Keys are keys again.
    play(&mut state, "3 1 z");
    assert_eq!((who(&state).len(), state.focus), (1, PaneId::Callers));
    play(&mut state, "Esc");
    assert_eq!(who(&state).len(), 6);
    play(&mut state, "/ v i p Esc");
    assert_eq!(who(&state).len(), 6);
    assert!(!state.callers.listing.search.is_shown());
}

#[test]
fn a_letter_that_is_typed_is_no_key() {
    let mut state = callers();
    assert_eq!(play(&mut state, "/ q 1 ? : z Space s y r"), []);
    assert_eq!(state.callers.listing.search.field.value(), "q1?:z syr");
    assert_eq!((state.focus, state.zoom), (PaneId::Callers, false));
    assert!(state.frozen.is_none());
}

#[test]
fn the_cursor_stays_on_its_caller_while_rows_come_and_go() {
    let mut state = callers();
    play(&mut state, "j j");
    assert_eq!(on(&state), "235");
    play(&mut state, "/");
    types(&mut state, "fart");
    assert_eq!(on(&state), "235");
    play(&mut state, "Ctrl-U");
    types(&mut state, "sales");
    assert_eq!(on(&state), "239", "a living row, where the cursor stood");
    play(&mut state, "Esc g");
    assert_eq!(on(&state), "234");
}

#[test]
fn the_figures_of_all_who_wait_do_not_change_with_a_search() {
    let mut state = callers();
    let figures = |state: &State| {
        let rows = screen::rows(&screen::draw(state));
        // Header, tabs, title and the queues' lines.
        rows[..7].to_vec()
    };
    let before = figures(&state);
    play(&mut state, "/ v i p Enter");
    assert_eq!(figures(&state), before);
    assert!(before[2].contains("6 waiting"), "{before:?}");
}

#[test]
fn a_search_without_an_end_says_how_to_end_it() {
    let mut state = callers();
    play(&mut state, "/ x x x");
    let told = "Nobody who waits has all of these words; Esc shows all again.";
    assert!(text(&state).contains(told), "{}", text(&state));
    assert!(text(&state).contains("0 of 6"), "{}", text(&state));
    play(&mut state, "Enter Esc");
    assert_eq!(who(&state).len(), 6);
}

#[test]
fn who_comes_while_one_searches_is_searched_too() {
    let mut state = callers();
    play(&mut state, "/ v i p");
    let new = caller("new", "+4599", Some("Vipperød"), ago(1));
    enters(&mut state, "5f1c", new);
    enters(&mut state, "5f1c", caller("no", "+4598", None, ago(1)));
    assert_eq!(who(&state), ["235", "new"]);
    assert!(text(&state).contains("2 of 8"), "{}", text(&state));
}

#[test]
fn callbacks_are_found_by_all_their_words_and_by_what_was_done_to_them() {
    let mut state = callbacks::console(120, 36);
    let find = |state: &mut State, words: &str| {
        play(state, "/ Ctrl-U");
        types(state, words);
        play(state, "Enter");
    };
    find(&mut state, "kyll bamse");
    assert_eq!(ids(&state), ["1"]);
    find(&mut state, "faerge winter");
    assert_eq!(ids(&state), ["7"]);
    find(&mut state, "0045");
    assert_eq!(ids(&state), ["4"], "as the vendor wrote it");
    assert!(text(&state).contains("1 of 7"), "{}", text(&state));
    find(&mut state, "lunch");
    assert_eq!(ids(&state), Vec::<&str>::new());
    let told = "Nothing has all of these words; Esc shows all again.";
    assert!(text(&state).contains(told), "{}", text(&state));
    play(&mut state, "Esc n");
    types(&mut state, "back from lunch at one");
    let noted = does(&mut state, "Enter");
    assert!(matches!(noted.deed, Deed::Note { .. }));
    let busy = does(&mut state, "d j j Enter");
    find(&mut state, "LUNCH");
    assert_eq!(ids(&state), ["1"]);
    find(&mut state, "busy anna");
    assert_eq!(ids(&state), [busy.subject.id.as_str()]);
}

#[test]
fn each_pane_keeps_words_of_its_own() {
    let mut state = callbacks::console(120, 36);
    play(&mut state, "/ w i n t e r Enter 1 / v i p Enter 3");
    assert_eq!(ids(&state), ["7"]);
    assert_eq!(who(&state), ["235"]);
    play(&mut state, "Esc");
    assert_eq!((ids(&state).len(), who(&state).len()), (5, 1));
}

#[test]
fn s_goes_through_the_columns_that_are_on_the_screen() {
    let turns = |state: &mut State, times: usize| {
        let mut heads = Vec::new();
        for _ in 0..times {
            play(state, "s");
            heads.push(state.callers.listing.sort.by.title());
            let arrow = format!("{}↓", heads[heads.len() - 1]);
            assert!(text(state).contains(&arrow), "{arrow}\n{}", text(state));
        }
        heads
    };
    let narrow = ["POS", "QUEUE", "NUMBER", "NAME", "STATE", "WAIT"];
    assert_eq!(turns(&mut callers(), 6), narrow);
    let wide = ["POS", "QUEUE", "NUMBER", "NAME", "STATE", "CALLED", "WAIT"];
    let mut state = world::console(world::busy(), 200, 50);
    assert_eq!(turns(&mut state, 7), wide);
}

#[test]
fn s_goes_through_the_columns_of_callbacks_too() {
    let mut state = callbacks::console(80, 24);
    let mut heads = Vec::new();
    for _ in 0..state.sortable().len() {
        play(&mut state, "s");
        heads.push(state.callbacks.listing.sort.by.title());
        assert!(text(&state).contains(&format!("{}↓", heads[heads.len() - 1])));
    }
    assert_eq!(heads.pop(), Some("DUE"));
    assert!(heads.contains(&"NUMBER") && !heads.contains(&"CREATED"));
    play(&mut state, "S");
    assert!(text(&state).contains("DUE↑"), "{}", text(&state));
}

#[test]
fn what_is_not_known_stands_last_and_ties_stay_by_the_longest_wait() {
    let mut state = callers();
    assert_eq!(who(&state), ["234", "236", "235", "237", "238", "239"]);
    play(&mut state, "S");
    assert_eq!(who(&state), ["239", "238", "237", "235", "236", "234"]);
    // By queue: the longest wait first in each, either way round.
    play(&mut state, "s s");
    assert_eq!(state.callers.listing.sort.by.title(), "QUEUE");
    assert_eq!(who(&state), ["234", "236", "235", "237", "238", "239"]);
    play(&mut state, "S");
    assert_eq!(who(&state), ["237", "238", "239", "234", "236", "235"]);
    // By name: a secret caller and one without a name last, either way round.
    play(&mut state, "s s");
    assert_eq!(who(&state), ["235", "234", "239", "237", "236", "238"]);
    play(&mut state, "S");
    assert_eq!(who(&state), ["237", "239", "234", "235", "236", "238"]);
}

#[test]
fn callbacks_without_a_name_stand_last_either_way_round() {
    let mut state = callbacks::console(120, 36);
    play(&mut state, "s s");
    assert_eq!(state.callbacks.listing.sort.by.title(), "NAME");
    assert_eq!(ids(&state), ["7", "1", "6", "2", "5"]);
    play(&mut state, "S");
    assert_eq!(ids(&state), ["2", "6", "1", "7", "5"]);
}

#[test]
fn an_order_survives_news_and_the_cursor_its_caller() {
    let mut state = callers();
    play(&mut state, "s s s s j");
    assert_eq!(on(&state), "234");
    let new = caller("new", "+4599", Some("Åse"), ago(1));
    enters(&mut state, "5f1c", new);
    goes(&mut state, "5f1a", "46265y784.235-pbx1.example");
    assert_eq!(who(&state), ["new", "234", "239", "237", "236", "238"]);
    assert_eq!(on(&state), "234");
    let arrow = "NAME↓";
    assert!(text(&state).contains(arrow), "{}", text(&state));
}

#[test]
fn one_queue_alone_is_looked_at_in_every_pane() {
    let mut state = callbacks::console(120, 36);
    assert!(text(&state).contains("2 late"), "{}", text(&state));
    play(&mut state, "1 w j j Enter");
    assert_eq!(state.scope.as_deref(), Some("sales"));
    assert_eq!(who(&state), ["237", "238", "239"]);
    let queues = &state.callers.queues;
    let names: Vec<&str> = queues.iter().map(|q| q.queue.name.as_str()).collect();
    assert_eq!(names, ["sales"]);
    let screen = text(&state);
    assert!(screen.contains("3 waiting · only queue sales"), "{screen}");
    let header = screen.lines().next().unwrap();
    assert!(header.contains("▲ 1 late"), "{header}");
    assert!(!header.contains("critical"), "{header}");
    // All callbacks are assigned to support.
    assert_eq!(ids(&state), Vec::<&str>::new());
    play(&mut state, "w j Enter 3");
    assert_eq!(ids(&state).len(), 5);
    let screen = text(&state);
    assert!(screen.contains("only queue support"), "{screen}");
    play(&mut state, "Esc");
    assert_eq!(state.scope, None);
    assert_eq!((who(&state).len(), ids(&state).len()), (6, 5));
    assert!(!text(&state).contains("only queue"));
}

#[test]
fn esc_ends_the_search_then_the_zoom_then_the_look_at_one_queue() {
    let mut state = world::console(world::busy(), 120, 36);
    play(&mut state, "w j j Enter z / 2 3 Enter");
    let stands = |state: &State| {
        let search = state.callers.listing.search.is_on();
        (search, state.zoom, state.scope.is_some())
    };
    assert_eq!(stands(&state), (true, true, true));
    for after in [
        (false, true, true),
        (false, false, true),
        (false, false, false),
    ] {
        play(&mut state, "Esc");
        assert_eq!(stands(&state), after);
    }
}

#[test]
fn where_there_is_one_queue_there_is_no_choice_of_queues() {
    let mut sites = world::sites();
    sites[0].queues.truncate(1);
    let mut state = callers();
    state.sites = sites;
    let before = state.clone();
    assert_eq!(play(&mut state, "w"), []);
    assert_eq!(state.overlay, before.overlay);
}

#[test]
fn a_queue_that_is_no_more_is_not_looked_at() {
    let remembered = |queue: &str| {
        let memory = Memory {
            queue: Some(queue.into()),
            ..Memory::default()
        };
        let mut state = callers();
        memory.restore(&mut state);
        (state.scope.clone(), who(&state).len())
    };
    assert_eq!(remembered("sales"), (Some("sales".into()), 3));
    assert_eq!(remembered("closed long ago"), (None, 6));
}
