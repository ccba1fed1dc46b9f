//! The palette: every command by a few of its letters; and the help, which
//! lists the keys.

use holdline::{
    app::{
        Command, Msg, State,
        columns::Kind,
        keys::{self, Action, Mode, TABLE},
        offers,
        overlay::Overlay,
        palette::{Doing, Offer},
        pane::PaneId,
        state::Theme,
        update,
        window::{self, Line},
    },
    domain::filter::Filters,
};
use insta::assert_snapshot;
use ratatui::{crossterm::event::KeyEvent, layout::Rect};

use super::{
    callbacks::{self, flash, types},
    screen::{self, play},
    world::{self, Story},
};

fn callers() -> State {
    world::console(world::busy(), 120, 36)
}

/// Consoles in which other keys are valid.
fn consoles() -> Vec<(&'static str, State)> {
    let mut zoomed = callers();
    play(&mut zoomed, "z");
    let mut frozen = callers();
    play(&mut frozen, "Space");
    let mut searched = callers();
    play(&mut searched, "/ 3 Enter");
    let mut read_only = callbacks::console(120, 36);
    read_only.read_only = true;
    let mut to_call_back = callbacks::console(120, 36);
    play(&mut to_call_back, "1 j j j");
    vec![
        ("callers", callers()),
        ("callers at 80x24", world::console(world::busy(), 80, 24)),
        ("nobody waits", world::console(Story::new(), 120, 36)),
        ("zoomed", zoomed),
        ("frozen", frozen),
        ("searched", searched),
        ("callbacks", callbacks::console(120, 36)),
        ("no callbacks", callbacks::empty(80, 24)),
        ("read-only", read_only),
        ("a caller to call back", to_call_back),
    ]
}

fn text(state: &State) -> String {
    screen::rows(&screen::draw(state)).join("\n")
}

fn offers(state: &State, typed: &str) -> Vec<Offer> {
    offers::offers(state, typed)
}

fn first(state: &State, typed: &str) -> String {
    offers(state, typed).remove(0).name
}

/// Opens the palette, finds an offer and takes it.
fn take(state: &mut State, wanted: &Doing) -> Vec<Command> {
    let all = offers(state, "");
    let at = all.iter().position(|o| o.does == *wanted);
    let at = at.unwrap_or_else(|| panic!("{wanted:?} is not offered"));
    play(state, ":");
    for _ in 0..at {
        play(state, "Down");
    }
    play(state, "Enter")
}

fn palette_of(state: &State) -> (&str, usize) {
    let Overlay::Palette(palette) = &state.overlay else {
        panic!("{:?}", state.overlay)
    };
    let typed = palette.field.value();
    (typed, palette.at(&offers(state, typed)))
}

#[test]
fn the_selection_stays_on_its_command_when_news_take_others_away() {
    let mut state = callers();
    play(&mut state, ":");
    let all = offers(&state, "");
    let queue = all.iter().position(|o| o.name == "queue").unwrap();
    for _ in 0..queue {
        play(&mut state, "Down");
    }
    // Everybody leaves, and with them the commands for a row.
    let before = palette_of(&state).1;
    state.callers.listing.search.field = holdline::app::field::Field::new("nobody has this");
    update(&mut state, Msg::Entries(Vec::new()));
    let at = palette_of(&state).1;
    assert_ne!(at, before);
    assert_eq!(offers(&state, "")[at].name, "queue");
}

#[test]
fn every_key_that_works_now_is_offered_with_its_key() {
    for (name, state) in consoles() {
        let offers = offers(&state, "");
        for binding in keys::valid(&state, Mode::Panes) {
            let key = keys::name(binding.keys[0]);
            let offer = offers.iter().find(|o| o.key == key);
            match binding.action {
                Action::Move(_) | Action::Palette | Action::Back => {
                    assert_eq!(offer, None, "{name}: {key}");
                }
                action => {
                    let offer = offer.unwrap_or_else(|| panic!("{name}: {key} is missing"));
                    assert_eq!(offer.does, Doing::Act(action), "{name}: {key}");
                    assert!(!offer.name.is_empty());
                }
            }
        }
    }
}

#[test]
fn enter_does_what_the_key_does() {
    for (name, state) in consoles() {
        for binding in keys::valid(&state, Mode::Panes) {
            if matches!(
                binding.action,
                Action::Move(_) | Action::Palette | Action::Back
            ) {
                continue;
            }
            let (code, modifiers) = binding.keys[0];
            let (mut by_key, mut by_name) = (state.clone(), state.clone());
            let asked = update(&mut by_key, Msg::Key(KeyEvent::new(code, modifiers)));
            let asked_too = take(&mut by_name, &Doing::Act(binding.action));
            let what = format!("{name}: {}", binding.names());
            assert_eq!(asked, asked_too, "{what}");
            assert!(by_key == by_name, "{what} leads elsewhere");
        }
    }
}

#[test]
fn a_few_letters_are_enough() {
    let mut state = world::console(world::busy(), 200, 50);
    for (typed, name) in [
        ("qsal", "queue sales"),
        ("thli", "theme light"),
        ("sona", "sort by name"),
        ("free", "freeze"),
        ("exp", "export"),
        ("bell", "bell on"),
        ("light theme", "theme light"),
        ("THEME safe", "theme safe"),
        // A key is a name too.
        ("z", "zoom"),
        ("s", "sort"),
        ("S", "sort the other way round"),
        ("Ctrl-Z", "back to the shell for a while; `fg` comes back"),
    ] {
        assert_eq!(first(&state, typed), name, "{typed}");
    }
    assert!(offers(&state, "sl").iter().any(|o| o.name == "queue sales"));
    play(&mut state, ": q s a l Enter");
    assert_eq!(state.scope.as_deref(), Some("sales"));
    assert_eq!(first(&state, "queue all"), "queue all");
}

#[test]
fn what_another_pane_can_do_is_found_and_leads_there() {
    let mut state = callbacks::console(120, 36);
    play(&mut state, "1");
    for (typed, key) in [
        ("claim", "3 c"),
        ("filter", "3 f"),
        ("undo", "3 u"),
        ("tiles", "2 t"),
    ] {
        let found = offers(&state, typed);
        let Some(first) = found.first() else {
            panic!("{typed} is not found")
        };
        assert_eq!(first.key, key, "{typed}: {found:?}");
    }
    let lists = state.callbacks.clone();
    play(&mut state, ": c l a i m Enter");
    assert_eq!(state.focus, PaneId::Callbacks);
    assert_eq!(flash(&state), "here c does it: claim");
    assert_eq!(state.callbacks, lists, "nobody is claimed unseen");
    state.read_only = true;
    play(&mut state, "1");
    assert_eq!(offers(&state, "claim"), []);
}

#[test]
fn nothing_is_guessed_from_letters_that_are_strewn_over_a_sentence() {
    let state = callers();
    for typed in ["claimx", "sbsc", "wrap", "bkshl"] {
        let found = offers(&state, typed);
        assert!(found.is_empty(), "{typed}: {found:?}");
    }
    // Its words find what has no name.
    for typed in ["shell", "back shell"] {
        assert_eq!(
            first(&state, typed),
            "back to the shell for a while; `fg` comes back"
        );
    }
}

#[test]
fn typing_into_it_leads_nowhere_else() {
    let mut state = callers();
    let before = state.clone();
    assert_eq!(play(&mut state, ": q 1 3 ? z Space : / S"), []);
    assert_eq!(palette_of(&state).0, "q13?z :/S");
    assert_eq!(play(&mut state, "Esc"), []);
    assert_eq!(state, before);
    play(&mut state, ":");
    types(&mut state, "theme\nlight");
    assert_eq!(palette_of(&state).0, "theme light");
    assert_eq!(play(&mut state, "Ctrl-C"), [Command::Quit]);
}

#[test]
fn what_no_command_has_is_said_and_nothing_is_done() {
    let mut state = callers();
    play(&mut state, ": x y z z y");
    let told = "No command has these letters, here or in another pane.";
    assert!(text(&state).contains(told), "{}", text(&state));
    assert_eq!(play(&mut state, "Enter"), []);
    assert_eq!(palette_of(&state).0, "xyzzy", "to be mended");
}

#[test]
fn the_selection_stops_at_the_ends_and_begins_again_with_other_letters() {
    let mut state = callers();
    play(&mut state, ": Up");
    assert_eq!(palette_of(&state).1, 0);
    let last = offers(&state, "").len() - 1;
    for _ in 0..20 {
        play(&mut state, "PgDn");
    }
    assert_eq!(palette_of(&state).1, last);
    let end = offers(&state, "").pop().unwrap();
    assert!(text(&state).contains(&end.name), "it is in view");
    play(&mut state, "t");
    assert_eq!(palette_of(&state).1, 0);
    play(&mut state, "Down Ctrl-N Ctrl-P");
    assert_eq!(palette_of(&state).1, 1);
}

#[test]
fn other_colours_are_there_at_once_with_how_to_keep_them() {
    let mut state = callers();
    assert!(!offers(&state, "").iter().any(|o| o.name == "theme dark"));
    play(&mut state, ":");
    types(&mut state, "theme mono");
    play(&mut state, "Enter");
    assert_eq!(state.look.theme, Theme::Mono);
    assert_eq!(flash(&state), "`theme = \"mono\"` under [console] keeps it");
    assert!(offers(&state, "").iter().any(|o| o.name == "theme dark"));
}

#[test]
fn the_bell_is_turned_on_and_off() {
    let mut state = callers();
    for on in [true, false] {
        assert_eq!(take(&mut state, &Doing::Bell(on)), []);
        assert_eq!(state.bell.on, on);
    }
}

#[test]
fn it_sorts_by_any_column_on_the_screen() {
    let mut state = callers();
    let name = |title: &str| format!("sort by {}", title.to_lowercase());
    let offered = |state: &State| {
        let all = offers(state, "").into_iter().map(|o| o.name);
        all.filter(|n| n.starts_with("sort by ") && !n.contains("next"))
            .collect::<Vec<_>>()
    };
    let titles = state.sortable();
    assert!(titles.len() >= 5);
    assert_eq!(
        offered(&state),
        titles.iter().map(|t| name(t)).collect::<Vec<_>>()
    );
    for title in titles {
        play(&mut state, "S");
        take(&mut state, &Doing::Sort(title));
        let sort = state.callers.listing.sort;
        assert_eq!((sort.by.title(), sort.reversed), (title, false));
    }
}

#[test]
fn views_are_offered_where_their_pane_is() {
    let mut state = callbacks::console(120, 36);
    state.views = vec![("overdue".into(), Filters::default())];
    let commands = take(&mut state, &Doing::View(1));
    let [Command::List { filters, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(*filters, Filters::default());
    assert_eq!(state.callbacks.view.as_deref(), Some("overdue"));
    play(&mut state, "1");
    assert!(
        !offers(&state, "")
            .iter()
            .any(|o| o.name.starts_with("view "))
    );
}

#[test]
fn it_shows_each_commands_key() {
    let mut state = world::console(world::busy(), 80, 24);
    play(&mut state, ":");
    types(&mut state, "theme");
    let place = Rect::new(0, 2, 80, 7);
    let drawn = screen::crop(&screen::draw(&state), place);
    assert_snapshot!("palette", screen::golden(&drawn));
    play(&mut state, "Ctrl-U");
    let screen = text(&state);
    let quit = screen.lines().find(|l| l.contains(" quit ")).unwrap();
    assert!(quit.contains(" q │"), "{quit}");
}

/// The keys that the help lists, before it comes to signs and figures.
fn listed(state: &State) -> Vec<String> {
    let window = window::window(state).unwrap();
    let lines = window.lines.into_iter();
    lines
        .take_while(|line| !matches!(line, Line::Head(_)))
        .filter_map(|line| match line {
            Line::Fact(label, _) if !label.is_empty() => Some(label),
            _ => None,
        })
        .collect()
}

#[test]
fn the_help_lists_the_keys_that_work_now_and_no_others() {
    for (name, mut state) in consoles() {
        let valid = keys::valid(&state, Mode::Panes);
        let valid: Vec<String> = valid.map(keys::Binding::names).collect();
        assert!(valid.len() < TABLE.len());
        play(&mut state, "?");
        assert_eq!(listed(&state), valid, "{name}");
    }
}

#[test]
fn the_help_is_searched() {
    let mut state = callers();
    play(&mut state, "? /");
    types(&mut state, "clipboard copy");
    assert_eq!(listed(&state), ["y"]);
    assert!(
        text(&state).contains("/ clipboard copy"),
        "{}",
        text(&state)
    );
    // Letters are letters.
    assert_eq!(play(&mut state, "q 1"), []);
    let told = "Nothing here has these words.";
    assert!(text(&state).contains(told), "{}", text(&state));
    play(&mut state, "Ctrl-U");
    types(&mut state, "over t");
    play(&mut state, "Enter");
    assert!(text(&state).contains("how many wait longer than T now"));
    assert_eq!(state.focus, PaneId::Callers);
    play(&mut state, "/ Esc");
    assert!(listed(&state).len() > 10);
    play(&mut state, "Esc");
    assert_eq!(state.overlay, Overlay::None);
    assert!(!state.callers.listing.search.is_on());
}
