//! What is told of the sites, the clock and the journal.

use holdline::{
    app::{
        Answer, Command, Msg, State,
        callbacks::list::{ListNews, Progress},
        health::{self, Light},
        overlay::Overlay,
        update,
    },
    domain::{
        board::Board,
        fault::{Fault, FaultKind},
        site::{People, Site, Vendor},
    },
};
use jiff::tz::TimeZone;
use ratatui::layout::Size;

use super::{
    screen::{self, play},
    world::{self, now},
};

/// The world's sites, and one whose callbacks are listed.
fn console(width: u16, height: u16) -> State {
    let mut sites = world::sites();
    sites.push(Site {
        name: "outbound".into(),
        vendor: Vendor::While1,
        queues: vec![],
        country: None,
        people: People::default(),
    });
    let size = Size::new(width, height);
    let mut state = State::new(sites, Board::new(TimeZone::UTC), now(), size);
    update(&mut state, Msg::Entries(world::busy().entries));
    update(&mut state, Msg::Feeds(world::fresh()));
    state
}

/// The tick that asks for the list, and what comes of it.
fn list(state: &mut State, what: Progress) {
    let commands = update(state, Msg::Clock(state.now));
    let [
        Command::List {
            generation, site, ..
        },
    ] = commands.as_slice()
    else {
        panic!("{commands:?}")
    };
    let (site, generation) = (site.clone(), *generation);
    let news = ListNews {
        site,
        generation,
        what,
    };
    update(state, Msg::List(news));
}

fn lamp(state: &State, site: &str) -> (Light, String) {
    let lamps = health::lamps(state);
    let lamp = lamps.into_iter().find(|l| l.site == site).unwrap();
    (lamp.light, lamp.word)
}

fn rows(state: &State) -> String {
    screen::rows(&screen::draw(state)).join("\n")
}

#[test]
fn a_clock_set_back_makes_rows_stale_until_the_next_answer() {
    let mut state = world::console(world::busy(), 80, 24);
    let hour_ago = now().shift(-3_600_000);
    update(&mut state, Msg::Clock(hour_ago));
    assert_eq!(lamp(&state, "aarhus"), (Light::Late, "late".into()));
    assert!(rows(&state).contains("stale"), "{}", rows(&state));
    // The vendor lives: its answers are of the new time.
    let feeds = world::fresh()
        .into_iter()
        .map(|(id, _)| (id, world::answered(hour_ago)));
    update(&mut state, Msg::Feeds(feeds.collect()));
    update(&mut state, Msg::Clock(hour_ago.shift(1_000)));
    assert_eq!(lamp(&state, "aarhus"), (Light::Good, "1s".into()));
    assert!(!rows(&state).contains("stale"), "{}", rows(&state));
}

#[test]
fn a_list_that_fails_shows_how_old_it_is() {
    let mut state = console(80, 24);
    let done = Progress::Done {
        rows: vec![],
        note: None,
    };
    list(&mut state, done);
    assert_eq!(lamp(&state, "outbound"), (Light::Good, "0s".into()));
    state.now = now().shift(120_000);
    let fault = Fault::new(FaultKind::Timeout, "no answer", "look");
    list(&mut state, Progress::Failed(fault.clone()));
    let (light, word) = lamp(&state, "outbound");
    assert_eq!(light, Light::Bad);
    assert_eq!(word, format!("{} 2m", fault.word()));
}

#[test]
fn a_journal_that_fails_is_seen_from_every_pane() {
    let mut state = console(80, 24);
    let trouble = Answer::JournalTrouble("the disk is full".into());
    assert!(!rows(&state).contains("✗ journal"));
    update(&mut state, Msg::Answer(trouble));
    for keys in ["1", "2", "3", "4", "5", "?"] {
        play(&mut state, keys);
        let header = screen::rows(&screen::draw(&state)).remove(0);
        assert!(header.contains("✗ journal"), "{keys}: {header}");
    }
    update(&mut state, Msg::Resize(Size::new(40, 4)));
    assert!(rows(&state).contains("✗ journal"), "{}", rows(&state));
}

#[test]
fn a_screen_too_small_for_panes_knows_no_more_than_was_read() {
    let size = Size::new(40, 4);
    let mut state = State::new(world::sites(), Board::new(TimeZone::UTC), now(), size);
    assert!(rows(&state).contains("— waiting"), "{}", rows(&state));
    update(&mut state, Msg::Feeds(world::fresh()));
    assert!(rows(&state).contains("nobody waits"), "{}", rows(&state));
    update(&mut state, Msg::Entries(world::busy().entries));
    let told = "6 waiting, longest 6:12";
    assert!(rows(&state).contains(told), "{}", rows(&state));
}

#[test]
fn queues_that_are_pushed_stand_beside_those_that_are_polled() {
    let mut sites = world::sites();
    sites[1].queues = vec![world::queue("77", "hotline")];
    let size = Size::new(80, 24);
    let state = State::new(sites, Board::new(TimeZone::UTC), now(), size);
    let names = state.callers.queues.iter().map(|q| q.queue.name.as_str());
    assert_eq!(
        names.collect::<Vec<_>>(),
        ["support", "sales", "billing", "hotline"]
    );
    let unheard = state.callers.queues.last().unwrap();
    assert!(!unheard.known, "nothing was heard of it yet");
}

#[test]
fn the_help_explains_the_signs_that_this_terminal_shows() {
    let mut state = world::console(world::busy(), 120, 60);
    play(&mut state, "?");
    assert!(rows(&state).contains("✓ you"), "{}", rows(&state));
    state.look.ascii = true;
    let text = rows(&state);
    assert!(text.contains("+ you"), "{text}");
    let taken = text.lines().find(|l| l.contains("took the call")).unwrap();
    assert!(taken.contains("| + "), "{taken}");
}

#[test]
fn the_form_and_the_menus_tell_their_keys_in_the_footer_and_are_not_replaced() {
    let mut state = console(80, 24);
    play(&mut state, "3 f ?");
    assert_eq!(state.overlay, Overlay::Filter);
    let footer = screen::rows(&screen::draw(&state)).pop().unwrap();
    let form = "Enter edit, next choice  Ctrl-S ask  x clear  Esc back";
    assert!(footer.contains(form), "{footer}");
    play(&mut state, "Esc v ?");
    assert!(matches!(state.overlay, Overlay::Menu(_)));
    let footer = screen::rows(&screen::draw(&state)).pop().unwrap();
    assert!(footer.contains("Enter choose  Esc back"), "{footer}");
}

#[test]
fn a_caller_is_put_on_the_list_only_where_there_is_one_and_the_number_is_known() {
    let offered = |state: &State| rows(state).contains("b call back");
    // The fourth row of pane 1 is the caller in state CALLBACK.
    let mut state = console(200, 50);
    play(&mut state, "j j j");
    assert!(offered(&state), "{}", rows(&state));
    state.read_only = true;
    assert!(!offered(&state));
    assert_eq!(play(&mut state, "b"), []);
    let mut without = world::console(world::busy(), 200, 50);
    play(&mut without, "j j j");
    assert!(!offered(&without), "no site keeps callbacks");
    assert_eq!(play(&mut without, "b"), []);
    let mut story = world::busy();
    let mut secret = world::caller("secret", "", None, world::ago(999));
    secret.state = holdline::domain::caller::CallerState::Callback;
    secret.party = holdline::domain::caller::Party::Secret;
    story.enters("5f1a", secret);
    let mut state = console(200, 50);
    let new = story.entries.split_off(story.entries.len() - 1);
    update(&mut state, Msg::Entries(new));
    assert_eq!(state.callers.selected(), Some(0));
    assert!(!offered(&state), "nobody can be called back there");
}
