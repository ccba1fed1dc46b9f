//! A caller as the board keeps them, in little memory: what is particular to
//! them in one text, and the rest in a [`Shape`] that all share whose rows look
//! alike. Knows no vendor: whatever a [`Caller`] holds comes out again.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    Caller, CallerState, Party, Raw,
    shape::{
        ANSWERED, BY_EXTENSION, BY_NUMBER, Form, ID, KNOWN, NAME, NUMBER, PRESENTATION, Shape,
        Shapes, Times,
    },
};
use crate::domain::{phone, time::At};

/// A caller as the board keeps them.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    shape: Arc<Shape>,
    /// The row's texts, then those of fields that the row does not have; see
    /// [`push`].
    texts: Box<str>,
    /// Zero where the shape has none.
    entered: At,
}

impl Kept {
    /// The call's id at the vendor.
    #[must_use]
    pub fn id(&self) -> &str {
        self.field(ID).unwrap_or_default()
    }

    /// What the vendor says of the caller.
    #[must_use]
    pub fn state(&self) -> &CallerState {
        &self.shape.state
    }

    /// The number, where there is one and it may be known.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        self.field(NUMBER)
    }

    /// The name, where there is one and it may be known.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.field(NAME)
    }

    /// The number as people read it; see [`Party::shown`].
    #[must_use]
    pub fn shown(&self) -> &str {
        match self.number() {
            _ if self.is_secret() => phone::SECRET,
            number => number.map_or("—", phone::shown),
        }
    }

    /// Whether there is no number to be seen; see [`Party::is_withheld`].
    #[must_use]
    pub fn is_withheld(&self) -> bool {
        self.is_secret() || self.number().is_some_and(phone::is_withheld)
    }

    /// Whether the number is secret.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.shape.is_secret
    }

    /// Whether our own injector made them.
    #[must_use]
    pub fn is_injected(&self) -> bool {
        self.shape.is_injected
    }

    /// When the caller entered the queue; see [`Caller::entered`].
    #[must_use]
    pub fn entered(&self) -> Option<At> {
        self.shape.has_entered.then_some(self.entered)
    }

    /// When the caller was answered; see [`Caller::answered`].
    #[must_use]
    pub fn answered(&self) -> Option<At> {
        self.field(ANSWERED)?.parse().ok().map(At)
    }

    /// Whether somebody took the call; see [`Caller::was_answered`].
    #[must_use]
    pub fn was_answered(&self) -> bool {
        super::was_answered(self.entered(), self.answered())
    }

    /// The wait until the answer, where both instants are known.
    #[must_use]
    pub fn wait_to_answer(&self) -> Option<Duration> {
        super::wait_to_answer(self.entered(), self.answered())
    }

    /// The number the caller called; the a-number of a callback.
    #[must_use]
    pub fn presentation(&self) -> Option<&str> {
        self.field(PRESENTATION)
    }

    /// Extension id of the member who answered.
    #[must_use]
    pub fn answered_by_extension(&self) -> Option<&str> {
        self.field(BY_EXTENSION)
    }

    /// Number of the member who answered.
    #[must_use]
    pub fn answered_by_number(&self) -> Option<&str> {
        self.field(BY_NUMBER)
    }

    /// The caller as told. Takes memory: nothing for many at once.
    #[must_use]
    pub fn told(&self) -> Caller {
        let text = |text: Option<&str>| text.map(Arc::from);
        Caller {
            id: self.id().into(),
            state: self.state().clone(),
            party: if self.is_secret() {
                Party::Secret
            } else {
                Party::Open {
                    number: text(self.number()),
                    name: text(self.name()),
                }
            },
            entered: self.entered(),
            answered: self.answered(),
            presentation: text(self.presentation()),
            answered_by_extension: text(self.answered_by_extension()),
            answered_by_number: text(self.answered_by_number()),
            raw: self.row().map(|row| Raw::new(&row)),
        }
    }

    /// What a shape, and texts that were told of one of it, say of a caller.
    #[must_use]
    pub fn new<'t>(
        shape: Arc<Shape>,
        texts: impl IntoIterator<Item = &'t str>,
        entered: Option<At>,
    ) -> Self {
        let mut packed = String::new();
        texts.into_iter().for_each(|text| push(&mut packed, text));
        Self {
            shape,
            // Anew: shrinking leaves what it takes off to nobody.
            texts: packed.as_str().into(),
            entered: entered.unwrap_or_default(),
        }
    }

    /// What this has in common with others.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Holds once what this has in common with others.
    pub fn share(&mut self, shapes: &mut Shapes) {
        shapes.share(&mut self.shape);
    }

    /// The row as sent.
    fn row(&self) -> Option<String> {
        let form = self.shape.row.as_ref()?;
        Some(form.fill(self.texts(), self.times()))
    }

    fn times(&self) -> Times {
        [self.entered(), self.answered()]
    }

    fn field(&self, which: usize) -> Option<&str> {
        self.texts().nth(self.shape.fields[which]?)
    }

    /// What is particular to this caller.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let mut left = &*self.texts;
        std::iter::from_fn(move || {
            let (text, rest) = first(left)?;
            left = rest;
            Some(text)
        })
    }
}

impl Kept {
    /// A caller, whom our own injector may have made.
    #[must_use]
    pub fn of(caller: &Caller, is_injected: bool) -> Self {
        let raw = caller.raw.as_ref();
        let form = raw.map(|raw| Form::of(raw.as_str(), [caller.entered, caller.answered]));
        let (row, texts) = form.unzip();
        let mut texts = texts.unwrap_or_default();
        let answered = milliseconds(caller.answered);
        let known = fields(caller, answered.as_deref());
        let mut fields = [None; KNOWN];
        for (place, text) in fields.iter_mut().zip(known) {
            *place = text.map(|text| {
                let known = texts.iter().position(|known| *known == text);
                known.unwrap_or_else(|| {
                    texts.push(text);
                    texts.len() - 1
                })
            });
        }
        let shape = Shape {
            state: caller.state.clone(),
            is_secret: caller.party.is_secret(),
            has_entered: caller.entered.is_some(),
            is_injected,
            fields,
            row,
        };
        Self::new(Arc::new(shape), texts, caller.entered)
    }
}

impl From<&Caller> for Kept {
    fn from(caller: &Caller) -> Self {
        Self::of(caller, false)
    }
}

/// Whether the vendor tells the same of them.
impl PartialEq<Caller> for Kept {
    fn eq(&self, caller: &Caller) -> bool {
        let answered = milliseconds(caller.answered);
        self.shape.state == caller.state
            && self.shape.is_secret == caller.party.is_secret()
            && self.entered() == caller.entered
            && std::array::from_fn(|which| self.field(which)) == fields(caller, answered.as_deref())
            && self.row().as_deref() == caller.raw.as_ref().map(Raw::as_str)
    }
}

fn milliseconds(at: Option<At>) -> Option<String> {
    at.map(|at| at.0.to_string())
}

/// The texts known of a caller.
fn fields<'c>(caller: &'c Caller, answered: Option<&'c str>) -> [Option<&'c str>; KNOWN] {
    let mut fields = [None; KNOWN];
    fields[ID] = Some(caller.id.as_str());
    fields[NUMBER] = caller.party.number();
    fields[NAME] = caller.party.name();
    fields[PRESENTATION] = caller.presentation.as_deref();
    fields[BY_EXTENSION] = caller.answered_by_extension.as_deref();
    fields[BY_NUMBER] = caller.answered_by_number.as_deref();
    fields[ANSWERED] = answered;
    fields
}

/// A length is written in digits of this base, the least first; all but the
/// last are marked.
const BASE: usize = 64;
const MORE: u8 = 64;

/// Puts a text behind others: its length, which takes a byte as a rule, and
/// itself.
fn push(packed: &mut String, text: &str) {
    let mut left = text.len();
    loop {
        let digit = u8::try_from(left % BASE).unwrap_or_default();
        left /= BASE;
        let mark = if left > 0 { MORE } else { 0 };
        packed.push(char::from(digit | mark));
        if left == 0 {
            break;
        }
    }
    packed.push_str(text);
}

/// The first of texts, and the others.
fn first(packed: &str) -> Option<(&str, &str)> {
    let (mut length, mut worth) = (0, 1);
    for (at, byte) in packed.bytes().enumerate() {
        length += usize::from(byte & !MORE) * worth;
        worth *= BASE;
        if byte & MORE == 0 {
            return packed.get(at + 1..)?.split_at_checked(length);
        }
    }
    None
}

/// As [`Caller`] is told.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.told().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::{option, prelude::*};

    use super::*;

    /// Few of everything, so that much of it is alike; what is long as well.
    fn text() -> impl Strategy<Value = Option<Arc<str>>> {
        let text = prop_oneof![
            prop::sample::select(vec!["", "1", "+4520304050", "Ærø", "a\"b\\", "\u{1f}@"]),
            Just("x").boxed(),
        ];
        let long = (0..9_000usize).prop_map(|n| Arc::from("é".repeat(n)));
        option::of(prop_oneof![9 => text.prop_map(Arc::from), 1 => long])
    }

    fn time() -> impl Strategy<Value = Option<At>> {
        let near = (0..4i64).prop_map(|n| At(1_772_460_207_000 + n * 250));
        option::of(prop_oneof![4 => near, 1 => any::<i64>().prop_map(At)])
    }

    fn state() -> impl Strategy<Value = CallerState> {
        prop_oneof![
            Just(CallerState::Queued),
            Just(CallerState::Vip),
            Just(CallerState::Other("PARKED".into())),
        ]
    }

    prop_compose! {
        /// A row of what is known of the caller, and of anything else.
        fn caller()(
            id in text(), state in state(), number in text(), name in text(),
            secret in any::<bool>(), entered in time(), answered in time(),
            presentation in text(), extension in text(), by in text(),
            rows in prop::collection::vec(".{0,12}", 0..3), kind in 0..4u8,
        ) -> Caller {
            let row = serde_json::json!({
                "_id": id, "number": number, "name": name, "a": rows, "n": [1, -2.5, null, true],
                "entered": entered.map(|at| at.to_string()),
                "answered": answered.map(|at| format!("{:.3}", at.timestamp())),
            });
            let raw = match kind {
                0 => None,
                1 => rows.first().cloned(),
                2 => Some(row.to_string()),
                _ => serde_json::to_string_pretty(&row).ok(),
            };
            Caller {
                id: id.unwrap_or_default().into(),
                state,
                party: if secret { Party::Secret } else { Party::Open { number, name } },
                entered,
                answered,
                presentation,
                answered_by_extension: extension,
                answered_by_number: by,
                raw: raw.map(|raw| Raw::new(&raw)),
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_is_told_is_kept(caller in caller(), other in caller(), injected: bool) {
            let kept = Kept::of(&caller, injected);
            prop_assert_eq!(kept.is_injected(), injected);
            prop_assert_eq!(&kept.told(), &caller);
            prop_assert!(kept == caller);
            prop_assert_eq!(kept == other, caller == other);
            prop_assert_eq!(kept == Kept::of(&other, injected), caller == other);
            prop_assert_eq!(kept.shown(), caller.party.shown());
            prop_assert_eq!(kept.is_withheld(), caller.party.is_withheld());
            prop_assert_eq!(kept.was_answered(), caller.was_answered());
            prop_assert_eq!(kept.wait_to_answer(), caller.wait_to_answer());
            let shape = serde_json::to_string(kept.shape()).unwrap();
            let shape: Shape = serde_json::from_str(&shape).unwrap();
            prop_assert_eq!(Kept::new(Arc::new(shape), kept.texts(), kept.entered()), kept);
        }

        #[test]
        fn one_thing_told_anew_is_another(caller in caller(), with in caller(), which in 0..9) {
            let mut other = caller.clone();
            match which {
                0 => other.id = with.id,
                1 => other.state = with.state,
                2 => other.party = with.party,
                3 => other.entered = with.entered,
                4 => other.answered = with.answered,
                5 => other.presentation = with.presentation,
                6 => other.answered_by_extension = with.answered_by_extension,
                7 => other.answered_by_number = with.answered_by_number,
                _ => other.raw = with.raw,
            }
            let kept = Kept::from(&caller);
            let anew = Kept::from(&other);
            prop_assert_eq!(kept == other, caller == other);
            prop_assert_eq!(kept == anew, caller == other);
        }
    }

    #[test]
    fn callers_whose_rows_look_alike_share_their_shape() {
        let mut shapes = Shapes::default();
        let mut kept = |id: &str, name: &str| {
            let raw = format!(r#"{{"_id":"{id}","name":"{name}","privacy":false}}"#);
            let mut kept = Kept::from(&Caller {
                id: id.into(),
                state: CallerState::Queued,
                party: Party::Open {
                    number: None,
                    name: Some(name.into()),
                },
                entered: None,
                answered: None,
                presentation: None,
                answered_by_extension: None,
                answered_by_number: None,
                raw: Some(Raw::new(&raw)),
            });
            kept.share(&mut shapes);
            kept
        };
        let (anna, jens) = (kept("1", "Anna"), kept("2", "Jens"));
        assert!(Arc::ptr_eq(&anna.shape, &jens.shape));
        assert_eq!(&*anna.texts, "\u{1}1\u{4}Anna");
    }
}
