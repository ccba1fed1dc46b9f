//! One page of the list, and the oddities of paging that a fault asks for.

use serde_json::{Map, Value, json};

use crate::sim::fault::Fault;

use super::{PAGE_SIZE, row::Row};

/// A success: the page of this number (from 1) of the rows that passed. `now`
/// is for rows that a fault adds.
pub fn page(rows: Vec<Row>, number: u32, now: &str, fault: Option<&Fault>) -> Value {
    let number = match fault {
        Some(Fault::SamePage) => 1,
        _ => usize::try_from(number).unwrap_or(usize::MAX),
    };
    let list = List::new(rows, number, now, fault);
    let from = (number - 1).saturating_mul(PAGE_SIZE);
    let shown = from..list.length.min(from.saturating_add(PAGE_SIZE));
    let mut results: Vec<Value> = shown.map(|at| list.row(at).json()).collect();
    match fault {
        Some(Fault::NoIds) => {
            for row in results.iter_mut().filter_map(Value::as_object_mut) {
                row.shift_remove("id");
            }
        }
        Some(Fault::StrayRows) => {
            let at = results.len().min(1);
            let strays = [json!(null), json!(7), json!("row"), json!(["id", 1])];
            results.splice(at..at, strays);
        }
        _ => {}
    }
    let mut envelope = Map::new();
    envelope.insert("has_error".to_owned(), json!(false));
    envelope.insert("messages".to_owned(), json!([]));
    if let Some(pagination) = pagination(list.length, number, fault) {
        envelope.insert("pagination".to_owned(), pagination);
    }
    envelope.insert("results".to_owned(), json!(results));
    Value::Object(envelope)
}

/// The list that a page is cut from; rows that a fault adds are made only
/// where they are looked at.
struct List<'a> {
    rows: Vec<Row>,
    /// Rows that came on top since the first page was read.
    on_top: usize,
    /// Rows that left from the top since then.
    gone: usize,
    /// Rows that there are, those of a fault behind the real ones.
    length: usize,
    now: &'a str,
}

impl<'a> List<'a> {
    fn new(mut rows: Vec<Row>, number: usize, now: &'a str, fault: Option<&Fault>) -> Self {
        let (mut on_top, mut gone) = (0, 0);
        let mut length = None;
        match fault {
            Some(Fault::DuplicateIds) => {
                let again: Vec<Row> = rows.iter().map(Row::again).collect();
                rows.extend(again);
            }
            Some(Fault::Huge { rows: wanted }) => length = Some(*wanted),
            Some(Fault::EndlessPages) => {
                length = Some(number.saturating_mul(PAGE_SIZE).saturating_add(1));
            }
            Some(Fault::Shift { rows: by }) => {
                let moved = (number - 1).saturating_mul(by.unsigned_abs() as usize);
                if *by > 0 {
                    on_top = moved;
                } else {
                    gone = moved.min(rows.len());
                }
            }
            _ => {}
        }
        let real = rows.len() - gone;
        Self {
            on_top,
            gone,
            length: length.unwrap_or(real.saturating_add(on_top)),
            rows,
            now,
        }
    }

    fn row(&self, at: usize) -> Row {
        let Some(below) = at.checked_sub(self.on_top) else {
            let n = self.on_top - 1 - at;
            return Row::filler(&(80_000 + n).to_string(), n, self.now);
        };
        match self.rows.get(below + self.gone) {
            Some(row) => row.clone(),
            None => Row::filler(&(1_000_000 + below).to_string(), below, self.now),
        }
    }
}

fn pagination(length: usize, number: usize, fault: Option<&Fault>) -> Option<Value> {
    // Assumed: an empty list has one page.
    let last = length.div_ceil(PAGE_SIZE).max(1);
    let last = match fault {
        Some(Fault::SamePage) => last.max(3),
        Some(Fault::MorePages) => number + 1,
        _ => last,
    };
    let mut pagination = json!({
        "row_count": length,
        "page_size": PAGE_SIZE,
        "current_page": number,
        "max_page": last,
    });
    match (fault, pagination.as_object_mut()) {
        (Some(Fault::NoPagination), _) => return None,
        (
            Some(Fault::Pagination {
                is: Value::Object(is),
            }),
            Some(members),
        ) => {
            members.extend(is.clone());
        }
        (Some(Fault::Pagination { is }), _) => return Some(is.clone()),
        _ => {}
    }
    Some(pagination)
}
