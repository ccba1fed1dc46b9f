//! What can stand over the panes, one at a time, and what it says: lines as
//! data, already broken to the window, so that scrolling knows where the end
//! is. How they look is `ui`'s affair.

use std::sync::Arc;

use jiff::tz::TimeZone;
use ratatui::layout::{Rect, Size};
use tui_input::Input as Field;

use super::{callbacks::subject, geometry, health::Light, keys, state::State};
use crate::domain::{
    board::Waiting,
    callback::{Callback, Due},
    caller::{CallerState, Party},
    cells,
    id::CallerId,
    record::FileFormat,
    site::QueueKey,
    time::{At, age, wait},
    triage::{Deed, Outcome},
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
    /// Everything about a callback.
    Callback(Box<CallbackDetails>),
    /// The filter form of pane 3, which lives there.
    Filter,
    /// A choice.
    Menu(Menu),
    /// A line of text.
    Prompt(Prompt),
}

/// A callback's details.
#[derive(Clone, Debug, PartialEq)]
pub struct CallbackDetails {
    /// As last known.
    pub callback: Arc<Callback>,
    /// Lines scrolled away above.
    pub scroll: usize,
}

/// A choice of several lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Menu {
    /// What is chosen.
    pub kind: MenuKind,
    /// The selected line.
    pub at: usize,
}

/// What a menu chooses.
#[derive(Clone, Debug, PartialEq)]
pub enum MenuKind {
    /// How the call with this customer went.
    Outcome(Arc<Callback>),
    /// A named view.
    View,
    /// The format of a file.
    Export,
}

/// A line of text that is asked for.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What for.
    pub kind: PromptKind,
    /// To which callback.
    pub callback: Arc<Callback>,
    /// What is typed.
    pub field: Field,
    /// Why it was not taken.
    pub mistake: Option<String>,
}

/// What a line of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// A note.
    Note,
    /// Until when to leave it.
    Snooze,
}

impl PartialEq for Prompt {
    fn eq(&self, other: &Self) -> bool {
        // A text field has no equality of its own.
        (self.kind, &self.callback, self.field.value(), &self.mistake)
            == (
                other.kind,
                &other.callback,
                other.field.value(),
                &other.mistake,
            )
    }
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
    /// A sign and the word beside it, and what they mean.
    Sign(Sign, String, String),
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

impl Overlay {
    /// Scrolls what is read.
    pub(super) fn scroll_to(&mut self, to: usize) {
        match self {
            Self::Help { scroll } => *scroll = to,
            Self::Caller(details) => details.scroll = to,
            Self::Callback(details) => details.scroll = to,
            Self::None | Self::Filter | Self::Menu(_) | Self::Prompt(_) => {}
        }
    }
}

/// The window that is open and read, if any.
#[must_use]
pub fn window(state: &State) -> Option<Window> {
    match &state.overlay {
        Overlay::None | Overlay::Filter | Overlay::Menu(_) | Overlay::Prompt(_) => None,
        Overlay::Help { scroll } => Some(Window::new(
            state.size,
            "Keys that work now".into(),
            *scroll,
            76,
            |width| help(state, width),
        )),
        Overlay::Callback(details) => {
            let title = format!("Callback at {}", details.callback.site);
            let say = |width| callback(state, &details.callback, width);
            Some(Window::new(state.size, title, details.scroll, 88, say))
        }
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

/// The lines of a menu.
#[must_use]
pub fn choices(state: &State, menu: &Menu) -> Vec<String> {
    match &menu.kind {
        MenuKind::Outcome(_) => Outcome::ALL.iter().map(|o| o.words().to_owned()).collect(),
        MenuKind::Export => FileFormat::ALL
            .iter()
            .map(|f| f.words().to_owned())
            .collect(),
        MenuKind::View => std::iter::once("pending (where one begins)".to_owned())
            .chain(state.views.iter().map(|(name, _)| name.clone()))
            .collect(),
    }
}

fn callback(state: &State, callback: &Callback, width: usize) -> Vec<Line> {
    let zone = state.board.zone();
    let mut lines = Vec::new();
    let mut fact = |label: &str, value: &str| push_fact(&mut lines, label, value, width);
    let text = |t: &Option<Arc<str>>| t.as_deref().unwrap_or("—").to_owned();
    let time = |at: Option<At>| at.map_or_else(|| "—".into(), |at| at.date_time(zone));
    fact("status", callback.status.as_ref().map_or("—", |s| s.word()));
    fact(
        "due",
        &due_words(callback.due(state.now), callback.schedule, state.now, zone),
    );
    let e164 = callback
        .e164
        .as_ref()
        .filter(|e| callback.number.as_ref() != Some(e));
    fact(
        "number",
        &format!(
            "{}{}",
            text(&callback.number),
            e164.map_or(String::new(), |e| format!("   {e}"))
        ),
    );
    fact("name", &text(&callback.name));
    fact("campaign", &text(&callback.campaign));
    fact(
        "assigned to",
        &format!(
            "{} {}",
            text(&callback.assign_type),
            text(&callback.assigned_to)
        ),
    );
    let dialled = if callback.is_dialled_by_vendor() {
        "   the PBX may dial it by itself, claimed or not"
    } else {
        ""
    };
    fact(
        "dialled",
        &format!(
            "{}, {}{dialled}",
            text(&callback.outbound_type),
            text(&callback.attend_type)
        ),
    );
    let count = |n: Option<i64>| n.map_or("—".to_owned(), |n| n.to_string());
    fact(
        "tries",
        &format!(
            "{} of {}",
            count(callback.retries),
            count(callback.max_retries)
        ),
    );
    fact("scheduled", &time(callback.schedule));
    fact("created", &time(callback.created));
    fact("called with", &text(&callback.dnid));
    fact("shown number", &text(&callback.outbound_number));
    fact("project", &text(&callback.project_id));
    fact("inbound route", &text(&callback.inbound_route_id));
    fact("external id", &text(&callback.external_id));
    fact("priority", &text(&callback.priority));
    fact("site", callback.site.as_str());
    fact("id", callback.id.as_str());
    worked_on(state, callback, &mut lines, width);
    if !callback.extra.is_empty() {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("Other fields".into()));
        for (name, value) in &callback.extra {
            push_fact(&mut lines, name, value.as_str(), width);
        }
    }
    if let Some(raw) = &callback.raw {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head("As the vendor sent it".into()));
        let text = raw.pretty();
        lines.extend(
            text.lines()
                .flat_map(|line| cells::wrap(line, width))
                .map(Line::Text),
        );
    }
    lines
}

/// What was done to a callback here, oldest first.
fn worked_on(state: &State, callback: &Callback, lines: &mut Vec<Line>, width: usize) {
    let Some(case) = state.board.triage.case(&subject(callback)) else {
        return;
    };
    lines.push(Line::Text(String::new()));
    lines.push(Line::Head("Worked on".into()));
    for done in case.history() {
        let what = match &done.act.deed {
            Deed::Claim { until, .. } if done.took => {
                format!("claimed until {}", until.clock_time(state.board.zone()))
            }
            Deed::Claim { .. } => "wanted to claim, but came second".to_owned(),
            Deed::Release => "gave back".to_owned(),
            Deed::Note { text } => format!("noted: {text}"),
            Deed::Outcome { outcome } => format!("called: {}", outcome.words()),
            Deed::Snooze { until } => format!("left until {}", until.date_time(state.board.zone())),
            Deed::Undo { .. } => "took the last back".to_owned(),
            Deed::Add { .. } => "put on the list".to_owned(),
        };
        let undone = if done.undone { " (taken back)" } else { "" };
        let value = format!("{} {what}{undone}", done.act.who);
        push_fact(lines, &done.at.date_time(state.board.zone()), &value, width);
    }
}

/// Where a callback stands, in words: `2h late`, `due now`, `in 25m`.
#[must_use]
pub fn due_words(due: Due, schedule: Option<At>, now: At, zone: &TimeZone) -> String {
    match due {
        Due::Late(by) => format!("{} late", age(by)),
        Due::Now(_) => "due now".to_owned(),
        Due::Later(left) if left.as_secs() < 3 * 3_600 => format!("in {}", age(left)),
        Due::Later(_) => schedule.map_or_else(String::new, |at| at.short(now, zone)),
        Due::Unscheduled => "unscheduled".to_owned(),
        Due::Over => "—".to_owned(),
    }
}

fn queue_name(state: &State, key: &QueueKey) -> String {
    let line = state.callers.queues.iter().find(|q| q.key == *key);
    line.map_or_else(|| key.queue.to_string(), |q| q.queue.name.clone())
}

fn help(state: &State, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    // For the panes below: what works there is what the reader wants.
    for binding in keys::valid(state, keys::Mode::Panes) {
        push_fact(&mut lines, &binding.names(), binding.help, width);
    }
    for (head, facts) in GLOSSARY {
        lines.push(Line::Text(String::new()));
        lines.push(Line::Head((*head).to_owned()));
        for (sign, label, value) in *facts {
            let first = lines.len();
            push_fact(&mut lines, label, value, width);
            if let Some(sign) = sign
                && let Line::Fact(label, value) = &lines[first]
            {
                lines[first] = Line::Sign(*sign, label.clone(), value.clone());
            }
        }
    }
    lines
}

/// A sign of the screen, which looks as the terminal can show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// Over the service level, or overdue.
    Late,
    /// Over the critical limit, or a clash.
    Critical,
    /// Somebody has it.
    Answered,
    /// Not known.
    Unknown,
    /// One of several.
    Member,
    /// A lamp of the header.
    Lamp(Light),
}

type Glossary = &'static [(
    &'static str,
    &'static [(Option<Sign>, &'static str, &'static str)],
)];

/// What the signs and figures on the screen mean.
const GLOSSARY: Glossary = &[
    (
        "Signs of callers",
        &[
            (
                Some(Sign::Late),
                "late",
                "waits longer than T, the queue's service level",
            ),
            (
                Some(Sign::Critical),
                "critical",
                "waits longer than the queue's critical limit",
            ),
            (
                Some(Sign::Answered),
                "",
                "the vendor says that somebody took the call",
            ),
            (
                None,
                "stale",
                "the list is older than it should be, or its age is not known",
            ),
        ],
    ),
    (
        "Signs of callbacks",
        &[
            (Some(Sign::Late), "late", "its time was a while ago"),
            (Some(Sign::Lamp(Light::Good)), "due now", "its time is now"),
            (
                Some(Sign::Answered),
                "you",
                "yours until the time beside it",
            ),
            (
                Some(Sign::Critical),
                "clash",
                "claimed, but its status changed at the vendor since, or it left the list",
            ),
            (
                Some(Sign::Member),
                "",
                "another request of the customer above",
            ),
            (
                None,
                "dials",
                "the PBX may dial it by itself, claimed or not",
            ),
        ],
    ),
    (
        "Signs of sites",
        &[
            (Some(Sign::Lamp(Light::Good)), "", "as fresh as promised"),
            (
                Some(Sign::Lamp(Light::Waiting)),
                "",
                "asked, nothing heard yet",
            ),
            (Some(Sign::Lamp(Light::Late)), "", "older than it should be"),
            (
                Some(Sign::Lamp(Light::Bad)),
                "",
                "fails; beside it the age of what is shown",
            ),
            (Some(Sign::Lamp(Light::Off)), "", "not read by this version"),
            (
                Some(Sign::Unknown),
                "",
                "anywhere: not known, which is not the same as none",
            ),
        ],
    ),
    (
        "Figures",
        &[
            (None, "OVER T", "how many wait longer than T now"),
            (
                None,
                "SL/T",
                "since midnight: answered within T, of all who were answered or left; who left within 5 s is not counted",
            ),
            (None, "ANSWERED", "since midnight: the last list said so"),
            (
                None,
                "LEFT",
                "since midnight: gone otherwise; a list cannot tell why",
            ),
            (
                None,
                "POS",
                "the place in the queue; VIP callers are not counted",
            ),
        ],
    ),
];

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
    fact("first seen", &details.row.seen.clock_time(zone));
    fact("answered", &time(caller.answered));
    fact(
        "by extension",
        caller.answered_by_extension.as_deref().unwrap_or("—"),
    );
    fact(
        "by number",
        caller.answered_by_number.as_deref().unwrap_or("—"),
    );
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
    lines.push(Line::Text(String::new()));
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
    let line = state.callers.queues.iter().find(|q| q.key == *key);
    line.and_then(|q| state.feeds.get(&q.feed))
        .map_or(0, |health| health.skew_ms)
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
