//! What is printed, written, logged, copied.

use std::sync::Arc;

use holdline::domain::{
    caller::{Caller, CallerState, Party},
    cells,
    record::{CallerRecord, FileFormat, file},
    site::{Queue, Site, Vendor},
    text,
};
use proptest::prelude::*;

use crate::{
    terminal::{Obeyed, TURN, foreign},
    words,
};

fn record(strings: &[String; 4]) -> CallerRecord {
    let [name, number, id, queue] = strings;
    let site = Site {
        name: "aarhus".into(),
        vendor: Vendor::TelecomX,
        queues: Vec::new(),
        country: None,
        people: holdline::domain::site::People::default(),
    };
    let queue = Queue {
        id: "q".into(),
        name: queue.clone(),
        service_level: std::time::Duration::from_secs(20),
        critical: std::time::Duration::from_mins(1),
    };
    let text = |text: &String| Some(Arc::<str>::from(text.as_str()));
    let caller = Caller {
        id: id.as_str().into(),
        state: CallerState::Queued,
        party: Party::Open {
            number: text(number),
            name: text(name),
        },
        entered: None,
        answered: None,
        presentation: None,
        answered_by_extension: None,
        answered_by_number: None,
        raw: None,
    };
    CallerRecord::new(&site, &queue, &caller, Some(1), std::time::Duration::ZERO)
}

/// What shapes letters and emoji is no control, and files keep it.
fn is_shape(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a terminal that shows this file or copy obeys nothing of it.
fn is_quiet_file(shown: &str) -> Result<(), String> {
    is_quiet(&shown.replace(is_shape, ""))
}

/// Whether a terminal that shows this obeys nothing of it.
pub fn is_quiet(shown: &str) -> Result<(), String> {
    if let Some(what) = shown.contains('\u{1b}').then_some("ESC") {
        return Err(what.to_owned());
    }
    if let Some(what) = foreign(shown) {
        return Err(what);
    }
    let mut terminal = vt100::Parser::new_with_callbacks(50, 200, 0, Obeyed::default());
    // Our mark, which the emulator takes for broken UTF-8.
    terminal.process(shown.replace(text::MARK, "?").as_bytes());
    match terminal.callbacks().0.first() {
        Some(what) => Err(what.clone()),
        None => Ok(()),
    }
}

/// One line, and no break within.
fn is_line(shown: &str) -> Result<(), String> {
    if shown.contains(['\n', '\r', '\t', TURN]) {
        return Err(format!("a break in {shown:?}"));
    }
    is_quiet(shown)
}

fn written(format: FileFormat, record: &CallerRecord) -> String {
    let mut out = Vec::new();
    format
        .write(&mut out, std::slice::from_ref(record))
        .unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(words::config(4))]

    #[test]
    fn files_give_back_what_they_were_given(strings in prop::array::uniform4(words::hostile())) {
        let record = record(&strings);
        let [name, number, id, queue] = &strings;
        let mut lines = Vec::new();
        file::ndjson(&mut lines, std::slice::from_ref(&record)).unwrap();
        for json in [String::from_utf8(lines).unwrap(), written(FileFormat::Json, &record)] {
            prop_assert_eq!(is_quiet(&json), Ok(()));
            let value: serde_json::Value = serde_json::from_str(&json).unwrap();
            let value = value.get(0).unwrap_or(&value);
            for (field, text) in [("name", name), ("number", number), ("id", id), ("queue_name", queue)] {
                prop_assert_eq!(value[field].as_str(), Some(text.as_str()));
            }
        }
        let csv = written(FileFormat::Csv, &record);
        prop_assert_eq!(is_quiet_file(&csv), Ok(()));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let heads = reader.headers().unwrap().clone();
        let row = reader.records().next().unwrap().unwrap();
        for (field, text) in [("name", name), ("number", number), ("id", id), ("queue_name", queue)] {
            let cell = &row[heads.iter().position(|head| head == field).unwrap()];
            let value = cell.strip_prefix('\'').filter(|_| !text.starts_with('\'')).unwrap_or(cell);
            prop_assert_eq!(value, &*text::plain(text));
            let is_number = cell.chars().all(|c| c.is_ascii_digit() || c == '+' || c == '-' || c == ' ');
            let starts = cell.trim_start().chars().next();
            prop_assert!(is_number || !starts.is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c)), "{cell:?}");
        }
    }

    #[test]
    fn sentences_and_copies_are_obeyed_by_nothing(text in words::hostile(), cells in 0usize..90) {
        prop_assert_eq!(is_line(&text::clean(&text)), Ok(()));
        prop_assert_eq!(is_line(&text::plain(&text).replace(is_shape, "")), Ok(()));
        prop_assert_eq!(is_line(&text::clip(&text, 40)), Ok(()));
        let copied = text::clipboard(&text);
        let breaks = |text: &str| text.matches(['\n', '\t']).count();
        prop_assert_eq!(breaks(&copied), breaks(&text.replace("\r\n", "\n")));
        prop_assert_eq!(is_quiet_file(&copied.replace('\t', "")), Ok(()));
        let ascii = cells::fit_ascii(&text, cells);
        prop_assert!(ascii.len() <= cells && ascii.bytes().all(|b| matches!(b, b' '..=b'~')));
        for line in cells::wrap(&text, cells.max(1)) {
            prop_assert_eq!(is_line(&line), Ok(()));
        }
    }
}
