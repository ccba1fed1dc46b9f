//! Speaks as a vendor: what happened becomes the webhook request that the
//! vendor would send. For the simulator and the injector. Sends nothing itself
//! and shares no code with `vendor`, or a field name that is wrong in both
//! would never show. May use `domain` only.
//!
//! * [`contaqt`]: its nine events, with the variables of its page
//! * [`telphin`]: its seven events, with the fields of its page
//! * [`request`]: an event's fields in each shape that a webhook may have
//! * [`wording`]: any vendor's event as a request, and that as text

pub mod contaqt;
pub mod request;
pub mod telphin;
pub mod wording;

pub use request::{Message, Request, Shape, Value};
