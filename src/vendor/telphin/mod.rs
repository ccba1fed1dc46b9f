//! Telphin: calls, pushed; subscriptions and click-to-call
//! (`/extension/.../event/`).
//!
//! * [`client`]: one site: what is subscribed, which extensions there are
//! * [`change`]: subscriptions that are changed, calls that are made
//! * [`account`]: token and budget, shared by all sites of an account
//! * [`token`]: a login; [`budget`]: the requests that are left in this hour
//! * [`wire`]: an answer becomes subscriptions, extensions, limits (pure)
//! * [`refusal`]: an answer that is none of them becomes a fault (pure)
//! * [`listing`]: which page of extensions is asked for next (pure)
//! * [`assumed`]: what the page does not say of requests
//! * [`hook`]: what an event says (pure)
//! * [`extensions`]: what the extensions of a site are (pure)
//! * [`assumed_events`]: what the page does not say of events

pub mod account;
pub mod assumed;
pub mod assumed_events;
pub mod budget;
pub mod change;
pub mod client;
pub mod extensions;
pub mod hook;
pub mod listing;
pub mod refusal;
pub mod token;
pub mod wire;

pub use budget::Budget;
pub use change::{Changed, Placed};
pub use client::Client;
pub use listing::Listed;
