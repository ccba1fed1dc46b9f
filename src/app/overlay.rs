//! What can stand over the panes, one at a time. What it says is made of the
//! state by [`super::window`].

use std::sync::Arc;

use super::{
    activity::Logged, dial::calling::Calling, field::Field, inject::Order, palette::Palette,
    search::Search, subscriptions::listed::Subscriptions,
};
use crate::domain::{
    board::Waiting,
    callback::Callback,
    history::Past,
    id::{AgentId, CallId, CallerId, SiteName},
    site::QueueKey,
    subscription::Resubscription,
    time::At,
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
        /// The words that its lines must have.
        search: Search,
    },
    /// How each site is.
    Sites {
        /// Lines scrolled away above.
        scroll: usize,
    },
    /// Text to select from by hand.
    ByHand(PlainText),
    /// Commands, found by their letters.
    Palette(Palette),
    /// Everything about a caller.
    Caller(Box<CallerDetails>),
    /// Everything about a call.
    Call(CallDetails),
    /// Everything about a callback.
    Callback(Box<CallbackDetails>),
    /// Everything about an agent.
    Agent(AgentDetails),
    /// Everything about an entry of the journal.
    Event(EventDetails),
    /// The filter form of pane 3, which lives there.
    Filter,
    /// A choice.
    Menu(Menu),
    /// A line of text.
    Prompt(Prompt),
    /// What is about to be done outside.
    Confirm(Box<Confirm>),
    /// A call that was asked for, and how it goes.
    Calling(Box<Calling>),
    /// What is subscribed of a site's extensions.
    Subscriptions(Box<Subscriptions>),
}

/// Text over the whole screen, without a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlainText {
    /// The text, lines and all.
    pub text: String,
    /// Lines scrolled away above.
    pub scroll: usize,
}

/// What is about to be done outside, and is asked about first.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// What.
    pub asked: Asked,
    /// The question.
    pub title: String,
    /// At which site.
    pub site: SiteName,
    /// What the key does, as in "Ctrl-S …".
    pub does: String,
    /// The request, line by line, secrets masked.
    pub request: Vec<String>,
    /// Why its name is to be typed, where it is: "support is a production
    /// site".
    pub because: String,
    /// What is to be typed first, where that is asked, and what is typed.
    pub name: Option<(String, Field)>,
    /// Why it was not sent.
    pub mistake: Option<String>,
    /// Lines of the request scrolled away above.
    pub scroll: usize,
}

/// What is done on yes.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// An event is sent.
    Send(Order),
    /// An extension is connected with a number.
    Dial(Box<Calling>),
    /// Subscriptions are changed.
    Resubscribe(Vec<Resubscription>),
}

/// An agent's details.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentDetails {
    /// The site.
    pub site: SiteName,
    /// Who.
    pub id: AgentId,
    /// Lines scrolled away above.
    pub scroll: usize,
}

/// A call's details.
#[derive(Clone, Debug, PartialEq)]
pub struct CallDetails {
    /// The site.
    pub site: SiteName,
    /// Which.
    pub id: CallId,
    /// Lines scrolled away above.
    pub scroll: usize,
}

/// The details of an entry.
#[derive(Clone, Debug, PartialEq)]
pub struct EventDetails {
    /// The entry, with what it changed.
    pub logged: Arc<Logged>,
    /// Lines scrolled away above.
    pub scroll: usize,
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
    /// What to copy: as it was when the menu was opened, whoever leaves.
    Copy(Vec<Choice>),
    /// The queue to look at.
    Scope,
    /// An event to begin with.
    Preset,
    /// An event that was sent: those there were when the menu was opened.
    History(Vec<Past>),
}

/// Something to copy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it is, in words.
    pub words: String,
    /// The text.
    pub text: String,
}

/// A menu, on its first line.
#[must_use]
pub(super) fn menu(kind: MenuKind) -> Overlay {
    Overlay::Menu(Menu { kind, at: 0 })
}

/// A line of text that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What for.
    pub kind: PromptKind,
    /// What is typed.
    pub field: Field,
    /// Why it was not taken.
    pub mistake: Option<String>,
    /// Whether the text is only a suggestion, which the first letter replaces.
    pub suggested: bool,
}

/// What a line of text is for.
#[derive(Clone, Debug, PartialEq)]
pub enum PromptKind {
    /// A note on this callback.
    Note(Arc<Callback>),
    /// Until when to leave it.
    Snooze(Arc<Callback>),
    /// The name of a preset.
    Preset,
}

impl Prompt {
    /// Asks with a suggestion, which may be empty.
    #[must_use]
    pub fn new(kind: PromptKind, suggestion: &str) -> Self {
        Self {
            kind,
            field: Field::new(suggestion),
            mistake: None,
            suggested: !suggestion.is_empty(),
        }
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
    pub row: Arc<Waiting>,
    /// When they went, if they did.
    pub gone: Option<At>,
    /// Lines scrolled away above.
    pub scroll: usize,
}

impl Overlay {
    /// Scrolls what is read.
    pub(super) fn scroll_to(&mut self, to: usize) {
        match self {
            Self::Help { scroll, .. } | Self::Sites { scroll } => *scroll = to,
            Self::ByHand(text) => text.scroll = to,
            Self::Caller(details) => details.scroll = to,
            Self::Callback(details) => details.scroll = to,
            Self::Agent(details) => details.scroll = to,
            Self::Call(details) => details.scroll = to,
            Self::Event(details) => details.scroll = to,
            Self::Confirm(confirm) => confirm.scroll = to,
            Self::Calling(calling) => calling.scroll = to,
            Self::Subscriptions(_)
            | Self::None
            | Self::Filter
            | Self::Menu(_)
            | Self::Prompt(_)
            | Self::Palette(_) => {}
        }
    }
}
