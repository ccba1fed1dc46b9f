//! While1 Voice: scheduled callbacks ("API - CallQueue Read"), read on demand,
//! page after page. It knows nothing of when to ask, and remembers nothing
//! between two readings. May use domain, config.
//!
//! * [`client`]: one site: signs a page's question and asks it
//! * [`question`]: filters become parameters, resolved once for all pages
//! * [`sign`]: parameters become a body and its hash, as PHP makes them
//! * [`wire`]: an answer becomes a page of callbacks
//! * [`row`]: a row becomes a callback
//! * [`refusal`]: an answer that is no page becomes a fault
//! * [`paging`]: which page is asked for next, and when the list is whole
//! * [`reading`]: a whole list, page after page
//! * [`gaps`]: what may have been missed while rows came and went
//! * [`end`]: how a reading ended, in a sentence
//! * [`assumed`]: what the vendor's page does not say

pub mod assumed;
pub mod client;
pub mod end;
pub mod gaps;
pub mod paging;
pub mod question;
pub mod reading;
pub mod refusal;
pub mod row;
pub mod sign;
pub mod wire;

pub use client::Client;
pub use end::End;
pub use paging::{Progress, Reading, Step};
pub use question::Question;
pub use reading::{Came, Whole, read_all};
pub use wire::{Page, Pagination};
