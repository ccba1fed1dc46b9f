//! What keys do, as data.

use crate::app::{pane::PaneId, step::Step};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Move in the list, or scroll what is open.
    Move(Step),
    /// Go to a pane.
    Go(PaneId),
    /// The next pane.
    NextPane,
    /// The pane before.
    PreviousPane,
    /// Everything about the selected row.
    Details,
    /// The pane alone, or all again.
    Zoom,
    /// Ask the vendors now.
    Refresh,
    /// All keys that work now.
    Help,
    /// Close what is open.
    Back,
    /// Leave.
    Quit,
    /// Write what is shown into a file.
    Export,
    /// Back to the shell for a while.
    Suspend,
    /// Something of pane 3.
    Callbacks(Callbacks),
    /// Something of pane 4.
    Inject(Inject),
    /// Connect one's own phone with whom the row is about.
    Call,
    /// What is subscribed of extensions.
    Subscriptions,
    /// Something of the window of subscriptions.
    Hooks(Hooks),
    /// Put the selected caller on the callback list.
    PutOnList,
    /// Type words that rows must have.
    Search,
    /// Sort by the next column.
    Sort,
    /// Sort the other way round.
    Reverse,
    /// Agents as tiles, or as a list.
    Tiles,
    /// Calls in pane 5, or what comes in.
    Calls,
    /// Hold the screen still, or go on.
    Freeze,
    /// Copy to the clipboard.
    Copy,
    /// As plain text, to select from by hand.
    ByHand,
    /// One queue or all.
    Scope,
    /// How each site is.
    Sites,
    /// Find a command by its letters.
    Palette,
    /// Keep what was typed.
    Accept,
    /// Take back what was typed.
    Cancel,
    /// Keep what was typed and go to the next line.
    AcceptAndNext,
    /// Take the selected line of what is open.
    Choose,
    /// Empty the selected line of the form.
    Clear,
    /// Ask with the form's filters.
    Apply,
}

/// What can be done in pane 3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callbacks {
    /// The filter form.
    Filter,
    /// The named views.
    Views,
    /// Take, or give back.
    Claim,
    /// Write a note.
    Note,
    /// Say how the call went.
    Outcome,
    /// Take back the last of these.
    Undo,
    /// Leave it until a time.
    Snooze,
    /// All, free, mine.
    Show,
    /// The requests of a customer one by one.
    Expand,
}

/// What can be done with subscriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hooks {
    /// An extension on a line, or in full.
    Unfold,
    /// Subscribe all that is missing.
    Add,
    /// Remove the selected one.
    Remove,
    /// Ask again.
    Again,
    /// The next site.
    Site,
}

/// What can be done in pane 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inject {
    /// Type into the line, or turn its choice.
    Edit,
    /// Empty the line.
    Clear,
    /// The next site.
    Site,
    /// The vendor checks it and records nothing.
    Validate,
    /// Show what would be sent, and ask.
    Ask,
    /// Send it.
    Send,
    /// The key that asked, once more.
    NotYet,
    /// Keep it as a preset.
    Save,
    /// Events to begin with.
    Presets,
    /// Events that were sent.
    History,
    /// As a command for a shell.
    Curl,
}
