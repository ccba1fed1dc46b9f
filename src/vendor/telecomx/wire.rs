//! An answer becomes callers. Pure: status and bytes in, nouns or a fault
//! out. A secret caller's number, name and raw row are dropped here, at the
//! door; no sentence quotes a row.

use std::{collections::HashSet, sync::Arc};

use serde_json::value::RawValue;

use super::{
    assumed,
    refusal::{self, Asker},
};
use crate::{
    domain::{
        caller::{Caller, Party, Raw},
        fault::{Fault, FaultKind},
        id::CallerId,
        time::At,
    },
    vendor::{
        http::Answer,
        identity::Ids,
        json::{self, Scalar, complaint},
    },
};

/// The callers of a queue, in the order sent: a 2xx answer whose body is an
/// array of objects. Every other answer is a fault; `asker` words it.
pub fn callers(answer: &Answer, asker: &Asker<'_>) -> Result<Vec<Caller>, Fault> {
    if !is_list(answer) {
        return Err(refusal::fault(answer, asker));
    }
    let mut list = List::default();
    let read = json::each_row(answer.text(), |row| list.push(row).is_some());
    match (read, list.trouble) {
        (Ok(()), _) => Ok(list.callers),
        (Err(_), Some(trouble)) => Err(unreadable(&trouble)),
        (Err(e), None) => Err(unreadable(&format!("the answer {}", complaint(&e)))),
    }
}

/// Whether the answer is a list at first sight.
pub(super) fn is_list(answer: &Answer) -> bool {
    answer.is_success() && answer.text().starts_with(b"[")
}

fn unreadable(trouble: &str) -> Fault {
    Fault::new(
        FaultKind::Malformed,
        format!("the list of callers cannot be read: {trouble}"),
        "if this goes on, a proxy on the way or the vendor's server is at fault",
    )
}

/// The list as far as it was read.
#[derive(Default)]
struct List {
    callers: Vec<Caller>,
    ids: Ids<CallerId>,
    rows: usize,
    trouble: Option<String>,
}

impl List {
    /// Reads the next row; `None` if the list is not to be trusted.
    fn push(&mut self, row: &RawValue) -> Option<()> {
        self.rows += 1;
        match Row::read(row) {
            Ok(_) if self.rows > assumed::MOST_CALLERS => {
                let most = assumed::MOST_CALLERS;
                self.trouble = Some(format!("it has more than {most} rows"));
                return None;
            }
            Ok(read) => self.add(read.id(), &read, row),
            Err(trouble) => {
                self.trouble = Some(format!("row {} {trouble}", self.rows));
                return None;
            }
        }
        Some(())
    }

    /// Keeps the first of several rows with one `_id`. Rows without one that
    /// look alike are as many callers.
    fn add(&mut self, id: Option<CallerId>, row: &Row<'_>, raw: &RawValue) {
        let id = match id {
            Some(id) if !self.ids.take(&id) => return,
            Some(id) => id,
            None => self.ids.number_off(&row.identity()),
        };
        self.callers.push(row.caller(id, raw));
    }
}

/// The documented fields of a row ("queue caller object").
#[derive(Default)]
struct Row<'a> {
    id: Option<Scalar<'a>>,
    state: Option<Scalar<'a>>,
    number: Option<Scalar<'a>>,
    name: Option<Scalar<'a>>,
    privacy: Option<Scalar<'a>>,
    entered: Option<Scalar<'a>>,
    answered: Option<Scalar<'a>>,
    presentation: Option<Scalar<'a>>,
    answered_by_extension: Option<Scalar<'a>>,
    answered_by_number: Option<Scalar<'a>>,
}

impl<'a> Row<'a> {
    /// Reads a row, or says what is wrong with it.
    fn read(row: &'a RawValue) -> Result<Self, &'static str> {
        let mut read = Self::default();
        let mut unknown = HashSet::new();
        json::each_field(row, |key, _, value| match read.slot(&key.0) {
            Some(slot) => slot.replace(value).is_none(),
            None => unknown.insert(key),
        })?;
        Ok(read)
    }

    fn slot(&mut self, key: &str) -> Option<&mut Option<Scalar<'a>>> {
        Some(match key {
            "_id" => &mut self.id,
            "state" => &mut self.state,
            "number" => &mut self.number,
            "name" => &mut self.name,
            "privacy" => &mut self.privacy,
            "entered" => &mut self.entered,
            "answered" => &mut self.answered,
            "presentation" => &mut self.presentation,
            "answeredByExtension" => &mut self.answered_by_extension,
            "answeredByNumber" => &mut self.answered_by_number,
            _ => return None,
        })
    }

    fn id(&self) -> Option<CallerId> {
        text(self.id.as_ref()).map(CallerId::from)
    }

    fn party(&self) -> Party {
        if self.privacy.as_ref().is_some_and(assumed::is_secret) {
            return Party::Secret;
        }
        Party::Open {
            number: text(self.number.as_ref()),
            name: text(self.name.as_ref()),
        }
    }

    fn identity(&self) -> CallerId {
        assumed::identity(
            instant(self.entered.as_ref()).map(|at| at.0),
            text(self.presentation.as_ref()).as_deref(),
            self.party().number(),
        )
    }

    fn caller(&self, id: CallerId, raw: &RawValue) -> Caller {
        let party = self.party();
        Caller {
            id,
            state: text(self.state.as_ref())
                .map_or_else(assumed::missing_state, |text| assumed::state(&text)),
            entered: instant(self.entered.as_ref()),
            answered: instant(self.answered.as_ref()),
            presentation: text(self.presentation.as_ref()),
            answered_by_extension: text(self.answered_by_extension.as_ref()),
            answered_by_number: text(self.answered_by_number.as_ref()),
            raw: (!party.is_secret()).then(|| Raw::new(raw.get())),
            party,
        }
    }
}

fn text(field: Option<&Scalar<'_>>) -> Option<Arc<str>> {
    field.and_then(Scalar::text)
}

fn instant(field: Option<&Scalar<'_>>) -> Option<At> {
    field.and_then(Scalar::instant)
}
