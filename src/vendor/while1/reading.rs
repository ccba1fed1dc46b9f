//! Reads a whole list: asks for page after page until [`Reading`] says that it
//! is over. Who shows it, and when it is read, is not its business.

use std::future::Future;

use super::{
    client::Client,
    end::End,
    paging::{Progress, Reading, Step},
};
use crate::domain::{callback::Callback, fault::Fault, filter::Filters};

/// A list that was read to its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The rows, each once.
    pub rows: Vec<Callback>,
    /// How the reading ended.
    pub end: End,
    /// What the PBX said beside the rows, each once.
    pub messages: Vec<String>,
}

/// A page that came.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Came<'r> {
    /// Which.
    pub page: u32,
    /// The rows that were not there before.
    pub new: &'r [Callback],
    /// How far the reading is.
    pub progress: Progress,
}

/// Reads the whole list; each page is told to `on_page`, which is waited for.
///
/// # Errors
/// A page that failed, and how. Nothing is kept of a list that breaks off:
/// half of it would look like all.
pub async fn read_all<F, Fut>(
    client: &Client,
    filters: &Filters,
    mut on_page: F,
) -> Result<Whole, (u32, Fault)>
where
    F: FnMut(Came<'_>) -> Fut,
    Fut: Future<Output = ()>,
{
    let question = client.question(filters).map_err(|fault| (1, fault))?;
    let (mut reading, mut messages) = (Reading::default(), Vec::new());
    loop {
        match reading.step() {
            Step::Ask(page) => {
                let answer = client.page(&question, page).await;
                let answer = answer.map_err(|fault| (page, fault))?;
                for message in &answer.messages {
                    if !messages.contains(message) {
                        messages.push(message.clone());
                    }
                }
                let before = reading.rows().len();
                reading.take(answer);
                let told = on_page(Came {
                    page,
                    new: reading.rows().get(before..).unwrap_or_default(),
                    progress: reading.progress(),
                });
                told.await;
            }
            Step::Done(end) => {
                let rows = reading.into_rows();
                return Ok(Whole {
                    rows,
                    end,
                    messages,
                });
            }
        }
    }
}
