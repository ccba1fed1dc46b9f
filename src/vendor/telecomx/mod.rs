//! TelecomX: the callers waiting in a queue ("API : PBX : Queue Callers
//! List"), asked for over and over. It holds one site's client and knows
//! nothing of when to ask: that is the collector's. May use domain, config.
//!
//! * [`client`]: one site: signs, asks, knows an unchanged answer
//! * [`wire`]: an answer becomes callers
//! * [`refusal`]: an answer that is no list becomes a fault
//! * [`token`]: a fixed token, or one login for all who wait
//! * [`login`]: that login
//! * [`assumed`]: what the vendor's pages do not say

pub mod assumed;
pub mod client;
pub mod login;
pub mod refusal;
pub mod token;
pub mod wire;

pub use client::{Callers, Client, Polled};
