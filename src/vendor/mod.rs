//! One folder per vendor API. A client says which URL, a wire file turns
//! status and bytes into domain nouns or a `Fault`, and nothing above this
//! room knows what a vendor's answer looks like. May use domain and config.
//!
//! * [`http`]: sends with a deadline and redacts; judges nothing. All vendors
//!   use it
//! * [`json`]: lenient scalars, strict structure. All vendors use it
//! * [`foreign`]: answers that are not in a vendor's form, and quoting
//! * [`identity`]: identities for rows that have none
//! * [`session`]: a login that renews itself
//! * [`hook`]: what vendors push: requests become events
//! * [`contaqt`]: agents and calls, pushed
//! * [`enswitch`]: queue events, created (`queues/events/create`)
//! * [`telecomx`]: live queue callers (`GET /pbx/queue/ID/callers`)
//! * [`telphin`]: calls, pushed; subscriptions and click-to-call
//! * [`while1`]: scheduled callbacks (`POST /api/call-queue`)
//!
//! A vendor's folder: `client.rs` (which URL, in which order), `wire.rs`
//! (pure: an answer becomes nouns), `refusal.rs` (pure: an answer becomes a
//! fault), `token.rs`, `login.rs` and `sign.rs` where it has them, and
//! `assumed.rs`: everything that the vendor's pages do not say, in one place.

pub mod contaqt;
pub mod enswitch;
pub mod foreign;
pub mod hook;
pub mod http;
pub mod identity;
pub mod json;
pub mod session;
pub mod telecomx;
pub mod telphin;
pub mod while1;
