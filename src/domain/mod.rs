//! Nouns and rules of the field: pure data, no clock, no I/O, no async.
//! May use std, serde, serde_json (as a data type) and jiff's types; names no
//! other room.
//!
//! * [`time`]: instants, the clock as a value, how durations are written
//! * [`id`]: opaque ids; [`look`]: how the console is drawn
//! * [`text`]: untrusted text made safe to show; [`cells`]: measured for a screen
//! * [`site`]: PBX accounts and their queues
//! * [`caller`]: who waits, as a vendor told it
//! * [`entry`]: what the journal holds, [`seq`]: where; [`hook`]: a pushed event
//!   as kept, [`event`]: what it says; [`departure`]: how callers go
//! * [`floor`]: agents and calls of a site that pushes; [`agent`], [`call`];
//!   [`suspect`]: who looks stuck; [`cause`]: why calls end, in words
//! * [`board`]: the current picture: `apply` an entry, `reconcile` a snapshot
//! * [`injection`]: a queue event to be created, its parameters and answers;
//!   [`action`]: what was asked of a vendor, and what came of it;
//!   [`history`]: the last of it
//! * [`extension`]: phones, queues and voice menus of a site; [`subscription`]:
//!   which of their events are pushed where, [`address`]: shown without its
//!   secrets; [`dial`]: connects one of them with a number; [`told`]: what came
//!   of either, in a sentence
//! * [`metrics`]: figures with their formulas
//! * [`fault`], [`feed`]: what is wrong with a source, and how fresh it is
//! * [`callback`]: who is to be called back; [`filter`]: which of them to list
//! * [`moment`]: times as people type them; [`phone`]: numbers in E.164
//! * [`triage`]: who works on which callback
//! * [`scenario`]: steps that speak as a vendor and expect something
//! * [`few`]: a map of one or two
//! * [`preset`]: queue events to begin with; `sheet`: walks such files
//! * [`suggest`]: what a mistyped name may mean; [`span`]: durations as written
//! * [`record`]: callers, agents, calls, callbacks, events as scripts see them

pub mod action;
pub mod address;
pub mod agent;
pub mod board;
pub mod call;
pub mod callback;
pub mod caller;
pub mod cause;
pub mod cells;
pub mod departure;
pub mod dial;
pub mod entry;
pub mod event;
pub mod extension;
pub mod fault;
pub mod feed;
pub mod few;
pub mod filter;
pub mod floor;
pub mod history;
pub mod hook;
pub mod id;
pub mod injection;
pub mod look;
pub mod metrics;
pub mod moment;
pub mod phone;
pub mod preset;
pub mod record;
pub mod scenario;
pub mod seq;
pub(crate) mod sheet;
pub mod site;
pub mod span;
pub mod subscription;
pub mod suggest;
pub mod suspect;
pub mod text;
pub mod time;
pub mod told;
pub mod triage;
