//! Contaqt: what its "Events" (version 1.3) push. It is never asked anything.
//! Pure; may use domain.
//!
//! * [`hook`]: which event a request holds, and what it says
//! * [`assumed`]: everything that the page does not say

pub mod assumed;
pub mod hook;
