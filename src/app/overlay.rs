//! What can stand over the panes, one at a time, and what it says: lines as
//! data, already broken to the window, so that scrolling knows where the end
//! is. How they look is `ui`'s affair.

use ratatui::layout::{Rect, Size};

use super::{geometry, health, keys, state::State};
use crate::domain::{
    board::Waiting,
    caller::{CallerState, Party},
    cells,
    id::CallerId,
    site::QueueKey,
    time::{At, wait},
};

/// What stands over the panes.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Overlay {
    /// Nothing.
    #[default]
    None,
    /// The keys that work now.
    Help {
        /// Lines scrolled away above.
        scroll: usize,
    },
    /// Everything about a caller.
    Caller(Box<CallerDetails>),
}

/// A caller's details. They stay open when the caller goes, with the last
/// that was known, and say so.
#[derive(Clone, Debug, PartialEq)]
pub struct CallerDetails {
    /// The queue.
    pub queue: QueueKey,
    /// The caller.
    pub id: CallerId,
    /// The place in the queue.
    pub position: Option<u32>,
    /// As last known.
    pub row: Waiting,
    /// When they went, if they did.
    pub gone: Option<At>,
    /// Lines scrolled away above.
    pub scroll: usize,
}

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
}

/// A line of a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Over a group of lines.
    Head(String),
    /// What it is, and its value.
    Fact(String, String),
    /// As it is.
    Text(String),
}

/// Where a fact's value begins.
const VALUE: usize = 20;

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
        };
        window.scroll = scroll.min(window.end());
        window
    }

    /// How many lines are in view.
    #[must_use]
    pub fn page(&self) -> usize {
        usize::from(self.place.height.saturating_sub(2))
    }

    /// The scroll at which the last line is in view.
    #[must_use]
    pub fn end(&self) -> usize {
        self.lines.len().saturating_sub(self.page())
    }
}

/// The window that is open, if any.
#[must_use]
pub fn window(state: &State) -> Option<Window> {
    match &state.overlay {
        Overlay::None => None,
        Overlay::Help { scroll } => Some(Window::new(
            state.size,
            "Keys that work now".into(),
            *scroll,
            64,
            |_| help(state),
        )),
        Overlay::Caller(details) => {
            let title = format!("Caller in {}", queue_name(state, &details.queue));
            Some(Window::new(
                state.size,
                title,
                details.scroll,
                88,
                |width| caller(state, details, width),
            ))
        }
    }
}

fn queue_name(state: &State, key: &QueueKey) -> String {
    let line = state.callers.queues.iter().find(|q| q.key == *key);
    line.map_or_else(|| key.queue.to_string(), |q| q.queue.name.clone())
}

fn help(state: &State) -> Vec<Line> {
    // Asked for the panes below: what works there is what the reader wants.
    let below = State {
        overlay: Overlay::None,
        ..state.clone()
    };
    let keys = keys::valid(&below).map(|b| Line::Fact(b.names(), b.help.to_owned()));
    let mut lines: Vec<Line> = keys.collect();
    lines.push(Line::Head("Signs".into()));
    lines.push(Line::Fact(
        "late".into(),
        "waits longer than the queue's service level T".into(),
    ));
    lines.push(Line::Fact(
        "critical".into(),
        "waits longer than the queue's critical limit".into(),
    ));
    lines.push(Line::Fact(
        "stale".into(),
        "the list is older than it should be".into(),
    ));
    lines.push(Line::Fact(
        "—".into(),
        "not known, which is not the same as none".into(),
    ));
    lines.push(Line::Head("Figures".into()));
    lines.push(Line::Fact(
        "answered".into(),
        "the last list said so; since midnight".into(),
    ));
    lines.push(Line::Fact(
        "left".into(),
        "gone unanswered; a list cannot tell why".into(),
    ));
    lines.push(Line::Fact(
        "SL".into(),
        "answered within T of answered and left,".into(),
    ));
    lines.push(Line::Fact(
        String::new(),
        "those who left within 5 s not counted".into(),
    ));
    lines
}

fn caller(state: &State, details: &CallerDetails, width: usize) -> Vec<Line> {
    let caller = &details.row.caller;
    let zone = state.board.zone();
    let mut lines = Vec::new();
    let time = |at: Option<At>| {
        at.map_or_else(
            || "—".into(),
            |at| format!("{}   {at}", at.clock_time(zone)),
        )
    };
    let skew = skew_ms(state, &details.queue);
    let waited = details.row.wait(details.gone.unwrap_or(state.now), skew);
    let mut fact = |label: &str, value: &str| push_fact(&mut lines, label, value, width);
    match details.gone {
        Some(at) => {
            let how = if caller.was_answered() {
                "answered, no longer in the queue"
            } else {
                "no longer in the queue"
            };
            fact("state", &format!("{how} since {}", at.clock_time(zone)));
            fact("waited", &wait(waited));
        }
        None => {
            fact("state", state_words(&caller.state));
            fact("waits", &wait(waited));
        }
    }
    fact(
        "position",
        &details.position.map_or_else(
            || "— (VIP callers are not counted)".into(),
            |p| p.to_string(),
        ),
    );
    fact("number", number(&caller.party));
    fact("name", caller.party.name().unwrap_or("—"));
    fact("called", caller.presentation.as_deref().unwrap_or("—"));
    fact("entered", &time(caller.entered));
    fact("first seen", &time(Some(details.row.seen)));
    fact("answered", &time(caller.answered));
    fact(
        "answered by",
        caller.answered_by_extension.as_deref().unwrap_or("—"),
    );
    fact("", caller.answered_by_number.as_deref().unwrap_or("—"));
    fact(
        "queue",
        &format!(
            "{}   {}",
            queue_name(state, &details.queue),
            details.queue.queue
        ),
    );
    fact("site", details.queue.site.as_str());
    fact("id", details.id.as_str());
    if skew != 0 {
        fact(
            "vendor's clock",
            &format!("{} s off ours; waits are corrected", skew / 1000),
        );
    }
    lines.push(Line::Head("As the vendor sent it".into()));
    match &caller.raw {
        Some(raw) => {
            let text = raw.pretty();
            let broken = text.lines().flat_map(|line| cells::wrap(line, width));
            lines.extend(broken.map(Line::Text));
        }
        None => lines.push(Line::Text("not kept: the number is secret".into())),
    }
    lines
}

fn push_fact(lines: &mut Vec<Line>, label: &str, value: &str, width: usize) {
    let mut label = label.to_owned();
    for part in cells::wrap(value, width.saturating_sub(VALUE)) {
        lines.push(Line::Fact(std::mem::take(&mut label), part));
    }
}

fn skew_ms(state: &State, key: &QueueKey) -> i64 {
    let feed = state.feeds.iter().find(|(id, _)| health::is_of(id, key));
    feed.map_or(0, |(_, health)| health.skew_ms)
}

/// The number as people read it.
#[must_use]
pub fn number(party: &Party) -> &str {
    match party {
        Party::Secret => "secret number",
        Party::Open { number, .. } => number.as_deref().unwrap_or("—"),
    }
}

/// A state in the words of the vendor's page.
fn state_words(state: &CallerState) -> &str {
    match state {
        CallerState::Queued => "queued: waits to be answered",
        CallerState::Callback => "callback: waits to be answered, but must be called back",
        CallerState::Vip => "VIP: waits to be answered, not counted in positions",
        CallerState::Other(word) => word,
    }
}
