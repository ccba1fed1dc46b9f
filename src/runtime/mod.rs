//! The only place that spawns, sleeps and reads the clock.
//!
//! * [`console`]: the loop: keys, news, ticks and frames
//! * [`collect`]: takes the collector's role and paces its questions
//! * [`receive`]: carries webhooks to the receiver
//! * [`seat`]: what the console holds while the terminal is its own
//! * [`export`]: writes what is shown into a file
//! * [`inject`]: creates queue events, with intent and outcome on record;
//!   [`say`]: says events as a vendor; [`injectors`]: those of the console
//! * [`presets`]: events to begin with, the user's own among them
//! * [`lists`]: reads callback lists page by page
//! * [`on_record`]: puts what is asked of vendors on record; [`aside`]: asks it,
//!   and answers whatever happens
//! * [`phones`]: calls and subscriptions, with intent and outcome on record
//! * [`recorder`]: puts what people do on record, in order
//! * [`scenario`]: runs scenarios
//! * [`terminal`]: the guard: the terminal is left as it was, whatever happens
//! * `line`: bytes to the terminal, and the last word
//! * [`outlet`]: where frames go; no frame queues up behind another, by what
//!   was read ([`receipts`], [`unread`]) or else is thought to be ([`pace`])
//! * [`pen`]: what changed between two screens, in the fewest bytes
//! * [`screen`]: one write per frame, none when nothing changed
//! * [`input`]: what is typed
//! * [`hangup`]: notices a terminal that is gone
//! * [`signals`]: what asks us to stop, or is about the terminal
//! * [`leaving`]: takes no longer than two seconds
//! * [`notify`]: tells the service manager how we do
//! * [`memory`]: how the console was left, for the next time
//! * [`clipboard`]: text for the user's clipboard
//! * [`clock`], [`log`]

pub mod aside;
pub mod clipboard;
pub mod clock;
pub mod collect;
pub mod console;
pub mod export;
pub mod hangup;
pub mod inject;
pub mod injectors;
pub mod input;
pub mod leaving;
pub mod line;
pub mod lists;
pub mod log;
pub mod memory;
#[cfg(debug_assertions)]
mod mistake;
pub mod notify;
pub mod on_record;
pub mod outlet;
pub mod pace;
pub mod pen;
pub mod phones;
pub mod presets;
pub mod receipts;
pub mod receive;
pub mod recorder;
pub mod say;
pub mod scenario;
pub mod screen;
pub mod seat;
pub mod signals;
pub mod terminal;
pub mod unread;
