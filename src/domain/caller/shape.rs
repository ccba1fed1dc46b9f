//! What many callers have in common, held once: the row as sent without its
//! values, and where each thing known of a caller stands among them. Looks at
//! text alone, so that whatever was sent comes out again byte for byte.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::CallerState;
use crate::domain::time::At;

/// What callers whose rows look alike have in common.
#[derive(Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Shape {
    pub(super) state: CallerState,
    pub(super) is_secret: bool,
    pub(super) is_injected: bool,
    pub(super) has_entered: bool,
    /// The place of each field's text among the values.
    pub(super) fields: [Option<usize>; KNOWN],
    /// How the row was written; `None` where none is kept.
    pub(super) row: Option<Form>,
}

/// The texts known of a caller.
pub(super) const KNOWN: usize = 7;
pub(super) const ID: usize = 0;
pub(super) const NUMBER: usize = 1;
pub(super) const NAME: usize = 2;
pub(super) const PRESENTATION: usize = 3;
pub(super) const BY_EXTENSION: usize = 4;
pub(super) const BY_NUMBER: usize = 5;
/// UTC milliseconds: few are answered while they wait.
pub(super) const ANSWERED: usize = 6;

/// A row without its values: the names of its fields and all that stands
/// between them, words such as `null` too.
#[derive(Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub(super) struct Form {
    rest: Box<str>,
    /// Where in it the values belong, in their order.
    holes: Box<[Hole]>,
}

/// A form as it was written, whoever wrote it.
#[derive(Deserialize)]
struct Written {
    rest: Box<str>,
    holes: Box<[Hole]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
struct Hole {
    at: usize,
    value: Value,
}

/// What stands in a hole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
enum Value {
    /// The next of the texts.
    #[serde(rename = "text")]
    Text,
    /// An instant that is known anyhow, in UTC with so many digits after the
    /// second: when the caller entered, or else was answered.
    #[serde(rename = "time")]
    Time { is_answered: bool, digits: u8 },
}

/// When a caller entered and was answered.
pub(super) type Times = [Option<At>; 2];

/// More values than a caller's row has; a row with more is one value.
const MOST_VALUES: usize = 64;

impl Form {
    /// Takes a row apart; answers the texts of its holes, too.
    pub fn of(row: &str, times: Times) -> (Self, Vec<&str>) {
        let (mut rest, mut holes, mut texts) = (String::new(), Vec::new(), Vec::new());
        let mut after = 0;
        for (from, to) in values(row) {
            if holes.len() == MOST_VALUES {
                return Self::whole(row);
            }
            rest.push_str(&row[after..from]);
            let value = Value::of(&row[from..to], times);
            holes.push(Hole {
                at: rest.len(),
                value,
            });
            texts.extend((value == Value::Text).then_some(&row[from..to]));
            after = to;
        }
        rest.push_str(&row[after..]);
        let form = Self {
            rest: rest.into(),
            holes: holes.into(),
        };
        (form, texts)
    }

    fn whole(row: &str) -> (Self, Vec<&str>) {
        let all = Hole {
            at: 0,
            value: Value::Text,
        };
        let form = Self {
            holes: [all].into(),
            ..Self::default()
        };
        (form, vec![row])
    }

    /// The row again.
    pub fn fill<'t>(&self, mut texts: impl Iterator<Item = &'t str>, times: Times) -> String {
        let mut row = String::new();
        let mut after = 0;
        for hole in &self.holes {
            row.push_str(&self.rest[after..hole.at]);
            match hole.value {
                Value::Text => row.push_str(texts.next().unwrap_or_default()),
                Value::Time {
                    is_answered,
                    digits,
                } => row.extend(times[usize::from(is_answered)].map(|at| written(at, digits))),
            }
            after = hole.at;
        }
        row.push_str(&self.rest[after..]);
        row
    }
}

impl TryFrom<Written> for Form {
    type Error = &'static str;

    fn try_from(Written { rest, holes }: Written) -> Result<Self, Self::Error> {
        let ascend = holes.is_sorted_by_key(|hole| hole.at);
        let fit = |hole: &Hole| rest.is_char_boundary(hole.at);
        if ascend && holes.iter().all(fit) {
            Ok(Self { rest, holes })
        } else {
            Err("the holes of a row do not fit it")
        }
    }
}

impl Value {
    fn of(text: &str, times: Times) -> Self {
        let digits = match text.len() {
            20 => 0,
            24 => 3,
            _ => return Self::Text,
        };
        let is = |at: &Option<At>| at.is_some_and(|at| written(at, digits) == text);
        match times.iter().position(is) {
            Some(which) => Self::Time {
                is_answered: which == 1,
                digits,
            },
            None => Self::Text,
        }
    }
}

/// As vendors write an instant.
fn written(at: At, digits: u8) -> String {
    format!("{:.*}", usize::from(digits.min(9)), at.timestamp())
}

/// Where the values of JSON text stand: its numbers, and what is between the
/// quotes of its strings, but for names of fields. Of no JSON, anything.
fn values(json: &str) -> impl Iterator<Item = (usize, usize)> {
    let bytes = json.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let from = at;
            match bytes.get(at)? {
                b'"' => {
                    let to = from + 1 + end_of_string(&bytes[from + 1..])?;
                    at = to + 1;
                    if to > from + 1 && !is_name(&bytes[at..]) {
                        return Some((from + 1, to));
                    }
                }
                b'-' | b'0'..=b'9' => {
                    let is_in =
                        |b: &u8| matches!(b, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
                    at += bytes[from..].iter().take_while(|b| is_in(b)).count();
                    return Some((from, at));
                }
                _ => at += 1,
            }
        }
    })
}

/// How far the quote is that ends a string.
fn end_of_string(bytes: &[u8]) -> Option<usize> {
    let mut is_escaped = false;
    bytes.iter().position(|b| {
        let ends = *b == b'"' && !is_escaped;
        is_escaped = *b == b'\\' && !is_escaped;
        ends
    })
}

/// Whether the string before this was a field's name.
fn is_name(after: &[u8]) -> bool {
    let mut after = after.iter().filter(|b| !b.is_ascii_whitespace());
    after.next() == Some(&b':')
}

/// The shapes of late. More are not shared: a vendor writes its rows in a few.
#[derive(Clone, Debug, Default)]
pub struct Shapes(Vec<Arc<Shape>>);

const MOST_SHAPES: usize = 64;

impl Shapes {
    /// Holds the same shape once.
    pub fn share(&mut self, shape: &mut Arc<Shape>) {
        match self.0.iter().find(|known| *known == shape) {
            Some(known) => *shape = known.clone(),
            None => {
                if self.0.len() == MOST_SHAPES {
                    self.0.remove(0);
                }
                self.0.push(shape.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(row: &str) -> Vec<&str> {
        let (form, texts) = Form::of(row, [None, None]);
        assert_eq!(form.fill(texts.iter().copied(), [None, None]), row);
        texts
    }

    #[test]
    fn names_and_words_stay_and_values_go() {
        let row = r#"{"a" : "x\"y", "b":-1.5e3,"c":null,"d":"","e":{"f":["g",true,20]}}"#;
        assert_eq!(texts(row), [r#"x\"y"#, "-1.5e3", "g", "20"]);
    }

    #[test]
    fn what_is_no_json_is_kept_as_it_is() {
        for row in [
            "",
            "\"",
            "\"\\",
            "{\"a",
            "é\"é\"é",
            "1",
            "\"a\":",
            "[[[\u{0}",
        ] {
            texts(row);
        }
    }

    #[test]
    fn a_row_of_too_many_values_is_one() {
        let row = format!("[{}1]", "1,".repeat(MOST_VALUES));
        assert_eq!(texts(&row), [row.as_str()]);
    }

    #[test]
    fn a_known_instant_is_held_once() {
        let at = At::parse("2026-11-22T10:00:07.250Z");
        let row = r#"["2026-11-22T10:00:07.250Z","2026-11-22T10:00:08Z"]"#;
        let (form, texts) = Form::of(row, [None, at]);
        assert_eq!(texts, ["2026-11-22T10:00:08Z"]);
        assert_eq!(form.fill(texts.into_iter(), [None, at]), row);
    }

    #[test]
    fn a_form_that_does_not_fit_is_not_read() {
        let read = |holes: &str| {
            let json = format!(r#"{{"rest":"é","holes":[{holes}]}}"#);
            serde_json::from_str::<Form>(&json).is_ok()
        };
        let hole = |at: usize| format!(r#"{{"at":{at},"value":"text"}}"#);
        assert!(read(&format!("{},{}", hole(0), hole(2))));
        for holes in [hole(1), hole(3), format!("{},{}", hole(2), hole(0))] {
            assert!(!read(&holes), "{holes}");
        }
    }

    #[test]
    fn shapes_are_bounded() {
        let mut shapes = Shapes::default();
        for i in 0..1_000 {
            let mut shape = Arc::new(Shape {
                state: CallerState::Other(format!("{i}").into()),
                is_secret: false,
                is_injected: false,
                has_entered: false,
                fields: [None; KNOWN],
                row: None,
            });
            shapes.share(&mut shape);
        }
        assert_eq!(shapes.0.len(), MOST_SHAPES);
    }

    proptest! {
        #[test]
        fn any_text_comes_out_again(row in r#"([ -~é"\\:,{}0-9]|\PC){0,60}"#) {
            texts(&row);
        }
    }
}
