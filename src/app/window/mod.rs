//! A window that is read: its lines as data, already broken to its width, so
//! that scrolling knows where the end is. What each says is its own file's
//! affair; how they look is `ui`'s.
//!
//! * [`line`](mod@line): what windows are made of; [`menu`]: the lines of menus;
//!   [`confirm`]: the question before anything is done outside

mod agent;
mod call;
mod callback;
mod caller;
mod calling;
pub mod confirm;
mod event;
mod help;
pub mod line;
pub mod menu;
mod sites;

use ratatui::layout::{Rect, Size};

pub use line::{Line, Sign};

use super::{
    geometry,
    overlay::{Overlay, PlainText},
    state::State,
};
use crate::domain::cells;

/// A window and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Where it stands, frame and all.
    pub place: Rect,
    /// Its title.
    pub title: String,
    /// All its lines.
    pub lines: Vec<Line>,
    /// The first line in view.
    pub scroll: usize,
    /// Whether it has a frame: text to select from by hand has none.
    pub framed: bool,
}

impl Window {
    fn new(
        screen: Size,
        title: String,
        scroll: usize,
        width: u16,
        say: impl Fn(usize) -> Vec<Line>,
    ) -> Self {
        let widest = geometry::window(screen, Size::new(width, u16::MAX));
        let lines = say(usize::from(widest.width.saturating_sub(4)));
        let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX);
        let place = geometry::window(screen, Size::new(width, height));
        let mut window = Self {
            place,
            title,
            lines,
            scroll: 0,
            framed: true,
        };
        window.scroll = scroll.min(window.end());
        window
    }

    /// Text over the whole screen, with a line below to say how to leave.
    fn whole(screen: Size, text: &PlainText) -> Self {
        let width = usize::from(screen.width);
        let lines = text.text.lines();
        let lines = lines.flat_map(|line| cells::wrap(line, width));
        let mut window = Self {
            place: Rect::new(0, 0, screen.width, screen.height.saturating_sub(1)),
            title: String::new(),
            lines: lines.map(Line::Text).collect(),
            scroll: 0,
            framed: false,
        };
        window.scroll = text.scroll.min(window.end());
        window
    }

    /// How many lines are in view.
    #[must_use]
    pub fn page(&self) -> usize {
        let frame = if self.framed { 2 } else { 0 };
        usize::from(self.place.height.saturating_sub(frame))
    }

    /// The scroll at which the last line is in view.
    #[must_use]
    pub fn end(&self) -> usize {
        self.lines.len().saturating_sub(self.page())
    }
}

/// What a window says, at any width.
struct Content<'s> {
    title: String,
    scroll: usize,
    width: u16,
    say: Box<dyn Fn(usize) -> Vec<Line> + 's>,
}

fn content(state: &State) -> Option<Content<'_>> {
    let open = |title: String, scroll, width, say| Content {
        title,
        scroll,
        width,
        say,
    };
    Some(match &state.overlay {
        Overlay::None
        | Overlay::Filter
        | Overlay::Menu(_)
        | Overlay::Prompt(_)
        | Overlay::Confirm(_)
        | Overlay::Subscriptions(_)
        | Overlay::Palette(_)
        | Overlay::ByHand(_) => return None,
        Overlay::Calling(calling) => open(
            format!("Calling {}", calling.dial.to),
            calling.scroll,
            100,
            Box::new(|width| calling::calling(state, calling, width)),
        ),
        Overlay::Help { scroll, search } => open(
            "Keys that work now".into(),
            *scroll,
            76,
            Box::new(|width| help::help(state, &search.words(), width)),
        ),
        Overlay::Sites { scroll } => open(
            "Sites and feeds".into(),
            *scroll,
            88,
            Box::new(|width| sites::sites(state, width)),
        ),
        Overlay::Agent(details) => open(
            format!("Agent of {}", details.site),
            details.scroll,
            88,
            Box::new(|width| agent::agent(state, details, width)),
        ),
        Overlay::Call(details) => open(
            format!("Call at {}", details.site),
            details.scroll,
            100,
            Box::new(|width| call::call(state, details, width)),
        ),
        Overlay::Event(details) => open(
            format!("Entry {} of the journal", details.logged.entry.seq),
            details.scroll,
            130,
            Box::new(|width| event::event(state, &details.logged, width)),
        ),
        Overlay::Callback(details) => open(
            format!("Callback at {}", details.callback.site),
            details.scroll,
            88,
            Box::new(|width| callback::callback(state, &details.callback, width)),
        ),
        Overlay::Caller(details) => open(
            format!("Caller in {}", caller::queue_name(state, &details.queue)),
            details.scroll,
            88,
            Box::new(|width| caller::caller(state, details, width)),
        ),
    })
}

/// The window that is open and read, if any.
#[must_use]
pub fn window(state: &State) -> Option<Window> {
    if let Overlay::ByHand(text) = &state.overlay {
        return Some(Window::whole(state.size, text));
    }
    let open = content(state)?;
    Some(Window::new(
        state.size,
        open.title,
        open.scroll,
        open.width,
        open.say,
    ))
}

/// No line is longer.
const UNBROKEN: usize = 10_000;

/// What the open window says, in lines that are not broken, to be copied.
#[must_use]
pub fn unbroken(state: &State) -> Option<Vec<Line>> {
    content(state).map(|open| (open.say)(UNBROKEN))
}
