//! Enswitch (Integrics): creates queue events and reads them back. It knows
//! nothing of who may do so, and never asks twice. May use domain, config.
//!
//! * [`client`]: one site: which URL, as a form or a query
//! * [`wire`]: an answer becomes the vendor's replies, or rows of a list
//! * [`refusal`]: an answer that is none of these becomes a fault
//! * [`record`]: finds the event that was created in such a list
//! * [`assumed`]: what the vendor's page does not say

pub mod assumed;
pub mod client;
pub mod record;
pub mod refusal;
pub mod wire;

pub use client::{Client, Created, Window};
