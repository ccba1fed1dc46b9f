//! Telphin: calls, pushed; subscriptions and click-to-call
//! (`/extension/.../event/`).
//!
//! * [`hook`]: what an event says (pure)
//! * [`extensions`]: what the extensions of a site are (pure)
//! * [`assumed_events`]: what the page does not say of events

pub mod assumed_events;
pub mod extensions;
pub mod hook;
