//! What comes into the console from outside, and what it asks for. Both are
//! plain data, so that a test can say exactly what a key press asks.

use std::io::{self, Write};

use ratatui::{crossterm::event::KeyEvent, layout::Size};

use super::callbacks::list::ListNews;
use crate::domain::{
    dial::{Dialled, Wanted},
    entry::Entry,
    feed::{FeedHealth, FeedId},
    filter::Filters,
    id::SiteName,
    injection::{Injected, Injection, Told},
    preset::Preset,
    record::{AgentRecord, CallRecord, CallbackRecord, CallerRecord, EventRecord, FileFormat},
    scenario::saying::{Delivered, Saying},
    subscription::{Resubscription, Survey},
    time::At,
    triage::Act,
};

/// News from outside; panes never send these to each other.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// The terminal has this size now.
    Resize(Size),
    /// It is this late; once a second.
    Clock(At),
    /// The journal has more, in order.
    Entries(Vec<Entry>),
    /// How the feeds are.
    Feeds(Vec<(FeedId, FeedHealth)>),
    /// Text was pasted.
    Paste(String),
    /// A callback list goes on.
    List(ListNews),
    /// A command was carried out.
    Answer(Answer),
}

/// What the console asks the runtime to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Leave, at once and cleanly.
    Quit,
    /// Stop until the shell lets us go on.
    Suspend,
    /// Ask the vendors now instead of when due.
    Refresh,
    /// Read a site's callback list, page by page; ends an older reading.
    List {
        /// Whose.
        site: SiteName,
        /// Which of them.
        filters: Filters,
        /// Which reading.
        generation: u64,
    },
    /// Put something done to a callback on record.
    Act(Act),
    /// Write what is shown into a file of the folder one is in.
    Export(Export),
    /// Put this text on the clipboard.
    Copy(String),
    /// Create a queue event at its site, once; and see whether it is on record.
    Inject(Injection),
    /// Say an event as a vendor, once; and see how it arrived, if it is here.
    Say(Box<Saying>),
    /// Write a preset into the user's folder of them.
    SavePreset(Box<Preset>),
    /// Ask what is subscribed of all extensions of a site.
    Survey(SiteName),
    /// Change subscriptions, each once, in this order; then survey the sites
    /// they are of anew.
    Resubscribe(Vec<Resubscription>),
    /// Connect an extension with a number, once, if its claim takes.
    Dial(Box<Wanted>),
    /// Ring the terminal's bell.
    Bell,
}

/// What is to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The rows.
    pub rows: Exported,
    /// How.
    pub format: FileFormat,
    /// How many rows were left out: those our own injector made.
    pub left_out: usize,
    /// When it was shown: part of the file's name, by the console's zone.
    pub at: At,
}

/// Rows to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Exported {
    /// Of pane 1.
    Callers(Vec<CallerRecord>),
    /// Of pane 3.
    Callbacks(Vec<CallbackRecord>),
    /// Of pane 2.
    Agents(Vec<AgentRecord>),
    /// Of pane 5 where it shows calls.
    Calls(Vec<CallRecord>),
    /// Of pane 5.
    Events(Vec<EventRecord>),
}

impl Exported {
    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Callers(rows) => rows.len(),
            Self::Callbacks(rows) => rows.len(),
            Self::Agents(rows) => rows.len(),
            Self::Calls(rows) => rows.len(),
            Self::Events(rows) => rows.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pane they are of, for a file's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Callers(_) => "callers",
            Self::Callbacks(_) => "callbacks",
            Self::Agents(_) => "agents",
            Self::Calls(_) => "calls",
            Self::Events(_) => "events",
        }
    }

    /// Writes them.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, format: FileFormat, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Callers(rows) => format.write(out, rows),
            Self::Callbacks(rows) => format.write(out, rows),
            Self::Agents(rows) => format.write(out, rows),
            Self::Calls(rows) => format.write(out, rows),
            Self::Events(rows) => format.write(out, rows),
        }
    }
}

/// What became of a command, or of the console's own footing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This many feeds are being asked now.
    Refreshing(usize),
    /// This process does not collect: another one does, at its own pace.
    OthersCollect,
    /// Whether this process collects.
    Collecting(bool),
    /// What became of an export: the file, or why there is none.
    Exported(Result<String, String>),
    /// What became of a copy: how the text went, or why it did not.
    Copied(Result<&'static str, String>),
    /// What became of the queue event that was sent.
    Injected(Box<Injected>),
    /// What became of the event that was said as a vendor.
    Delivered(Box<Delivered>),
    /// What became of a preset that was to be saved: it and its file, or why
    /// there is none.
    PresetSaved(Result<Box<(Preset, String)>, String>),
    /// What is subscribed at a site.
    Surveyed {
        /// The site.
        site: SiteName,
        /// An extension each, in the configuration's order.
        surveys: Vec<Survey>,
        /// How much may still be asked, in words; `None` where the vendor has
        /// not said.
        budget: Option<String>,
    },
    /// What became of changes of subscriptions.
    Resubscribed {
        /// The site.
        site: SiteName,
        /// Each with what was told, in the order they were asked for.
        done: Vec<(Resubscription, Told)>,
    },
    /// What became of a call.
    Dialled(Box<Dialled>),
    /// Something done could not be put on record; why.
    NotRecorded(String),
    /// The journal cannot be read or written; what to do stands in it.
    JournalTrouble(String),
    /// The journal works again.
    JournalFine,
}
