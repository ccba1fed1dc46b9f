//! Texts with variables in them, `${caller}`, and where the variables' values
//! come from. Drawn from a seed, so the same seed fills in the same. Pure.
//!
//! What every text may hold besides the scenario's own variables: `${turn}`
//! (which turn of the loop this is, from 1), `${now}` (Unix seconds of the
//! moment it is due; `${now-5s}`, `${now+2s}`), `${uuid}` (another each time).
//! `$$` is a dollar.

use std::{collections::BTreeMap, sync::Arc};

use fastrand::Rng;

use super::super::{suggest, text::clip, time::At};

/// The names that a scenario cannot give to variables.
pub const BUILT_IN: [&str; 3] = ["turn", "now", "uuid"];

/// A text with variables in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(Arc<str>),
    Turn,
    /// So many seconds from the moment it is due.
    Now(i64),
    Uuid,
}

impl Template {
    /// Reads a text. An error completes the sentence "`event` …".
    pub fn read(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            plain.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('$') {
                plain.push('$');
                rest = after;
            } else if let Some(after) = rest.strip_prefix('{') {
                let Some((name, after)) = after.split_once('}') else {
                    return Err("has a ${ without its }; write ${name}, or $$ for a dollar".into());
                };
                if !plain.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut plain)));
                }
                parts.push(part(name.trim())?);
                rest = after;
            } else {
                return Err("has a lone $; write ${name}, or $$ for a dollar".into());
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// The first of its variables that is not among these, as a sentence's
    /// end.
    pub fn check<'n>(
        &self,
        known: impl IntoIterator<Item = &'n str> + Clone,
    ) -> Result<(), String> {
        let unknown = self.0.iter().find_map(|part| match part {
            Part::Variable(name) if !known.clone().into_iter().any(|k| k == &**name) => Some(name),
            _ => None,
        });
        let Some(name) = unknown else { return Ok(()) };
        let all: Vec<&str> = known.into_iter().chain(BUILT_IN).collect();
        let instead = match suggest::nearest(name, all.iter().copied()) {
            Some(near) => format!("did you mean ${{{near}}}?"),
            None => format!("add {name} = … to `vars`"),
        };
        Err(format!(
            "names the variable \"{name}\", which there is none of; {instead}"
        ))
    }

    /// Its text, if nothing is to be filled in.
    #[must_use]
    pub fn fixed(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The text, filled in.
    pub fn fill(&self, scope: &Scope, now: At, rng: &mut Rng) -> String {
        let mut filled = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Variable(name) => filled.push_str(scope.get(name)),
                Part::Turn => filled.push_str(&scope.turn.to_string()),
                Part::Now(shift) => {
                    let seconds = now.0.div_euclid(1_000).saturating_add(*shift);
                    filled.push_str(&seconds.to_string());
                }
                Part::Uuid => filled.push_str(&uuid(rng)),
            }
        }
        filled
    }
}

fn part(name: &str) -> Result<Part, String> {
    match name {
        "turn" => Ok(Part::Turn),
        "uuid" => Ok(Part::Uuid),
        "now" => Ok(Part::Now(0)),
        _ if name.starts_with("now-") || name.starts_with("now+") => {
            shift(&name[3..]).map(Part::Now).ok_or_else(|| {
                format!(
                    "has \"${{{}}}\"; write ${{now}} or ${{now-5s}}",
                    clip(name, 40)
                )
            })
        }
        _ if is_name(name) => Ok(Part::Variable(name.into())),
        _ => Err(format!(
            "has \"${{{}}}\", which is no name; use a to z, 0 to 9 and _, beginning with a letter",
            clip(name, 40)
        )),
    }
}

/// `-5s` in seconds.
fn shift(text: &str) -> Option<i64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let each = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    number.parse::<i32>().ok().map(|n| i64::from(n) * each)
}

/// Whether a variable can be called so.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Where a variable's value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is this.
    Fixed(Arc<str>),
    /// One of these.
    OneOf(Vec<Arc<str>>),
    /// A whole number from the first to the second, both among them.
    Between(i64, i64),
    /// A random UUID.
    Uuid,
    /// So many random digits behind a prefix.
    Digits {
        /// What stands before them.
        prefix: Arc<str>,
        /// How many.
        length: u8,
    },
}

impl Source {
    fn draw(&self, rng: &mut Rng) -> Arc<str> {
        match self {
            Self::Fixed(text) => text.clone(),
            Self::OneOf(texts) => rng.choice(texts).map_or_else(|| Arc::from(""), Arc::clone),
            Self::Between(least, most) => rng.i64(*least..=*most).to_string().into(),
            Self::Uuid => uuid(rng).into(),
            Self::Digits { prefix, length } => {
                let mut text = prefix.to_string();
                text.extend((0..*length).map(|_| rng.digit(10)));
                text.into()
            }
        }
    }
}

/// Variables by name.
pub type Vars = BTreeMap<Arc<str>, Source>;

/// The values of variables somewhere in a scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    values: BTreeMap<Arc<str>, Arc<str>>,
    /// Which turn of the loop it is.
    turn: u32,
}

impl Scope {
    /// These variables, drawn, beside those around them.
    #[must_use]
    pub fn within(&self, vars: &Vars, turn: u32, rng: &mut Rng) -> Self {
        let mut scope = Self {
            turn,
            ..self.clone()
        };
        for (name, source) in vars {
            scope.values.insert(name.clone(), source.draw(rng));
        }
        scope
    }

    fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |value| value)
    }
}

/// A random UUID (version 4).
pub fn uuid(rng: &mut Rng) -> String {
    uuid_of(rng.u128(..))
}

/// The UUID of random bits: but for those that say so, as RFC 9562 has it.
#[must_use]
pub fn uuid_of(bits: u128) -> String {
    let bits = bits & !(0xf << 76) | (4 << 76);
    let bits = bits & !(0b11 << 62) | (0b10 << 62);
    let hex = format!("{bits:032x}");
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> String {
        let vars = Vars::from([
            ("agent".into(), Source::Fixed("17".into())),
            ("who".into(), Source::OneOf(vec!["a".into()])),
            ("n".into(), Source::Between(5, 5)),
        ]);
        let mut rng = Rng::with_seed(1);
        let scope = Scope::default().within(&vars, 3, &mut rng);
        Template::read(text)
            .unwrap()
            .fill(&scope, At(1_700_000_000_999), &mut rng)
    }

    #[test]
    fn a_text_is_filled_in() {
        for (text, expected) in [
            ("", ""),
            ("plain", "plain"),
            ("agent ${agent}, ${ who }${n}", "agent 17, a5"),
            ("$${agent} costs 5$$", "${agent} costs 5$"),
            ("${turn}", "3"),
            ("${now}", "1700000000"),
            ("${now-5s}/${now+2m}", "1699999995/1700000120"),
        ] {
            assert_eq!(filled(text), expected, "{text}");
        }
    }

    #[test]
    fn a_uuid_is_one_of_version_4_and_another_each_time() {
        let two = filled("${uuid} ${uuid}");
        let (one, other) = two.split_once(' ').unwrap();
        assert_ne!(one, other);
        for id in [one, other] {
            let lengths: Vec<usize> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!("89ab".contains(&id[19..20]), "{id}");
        }
    }

    #[test]
    fn what_cannot_be_filled_in_is_refused() {
        for text in [
            "$",
            "a $b",
            "${agent",
            "${}",
            "${A}",
            "${now-5}",
            "${now-xs}",
            "${1a}",
        ] {
            assert!(Template::read(text).is_err(), "{text}");
        }
        let typo = Template::read("${agnet}").unwrap();
        let told = typo.check(["agent", "queue"]).unwrap_err();
        assert_eq!(
            told,
            "names the variable \"agnet\", which there is none of; did you mean ${agent}?"
        );
        assert_eq!(typo.check(["agnet"]), Ok(()));
    }
}
