//! Letters drawn at random: honest ones by either secret, in any shape,
//! written otherwise, sent again; forged ones with a secret that is nearly
//! right, another door's, or at another address. `HOLDLINE_LETTERS` of them.

use crate::{
    client::{FORM, JSON, ask, post, ring, send},
    rig::{NEW, OLD, Rig},
};

/// A letter, and whether it opens the door.
struct Letter {
    leg: String,
    path: String,
    /// JSON, a form, a query.
    shape: usize,
    opens: bool,
}

impl Letter {
    /// The bytes of its request.
    fn request(&self) -> Vec<u8> {
        let form = format!("event=call:ring&id={0}&call_id={0}&ts=1767225600", self.leg);
        match self.shape {
            0 => post(&self.path, JSON, ring(&self.leg)),
            1 => post(&self.path, FORM, form),
            _ => ask("GET", &format!("{}?{form}", self.path), ""),
        }
    }
}

/// A secret with one of its characters written as its number.
fn re_encoded(random: &mut fastrand::Rng, secret: &str) -> String {
    let at = random.usize(..secret.len());
    let byte = secret.as_bytes()[at];
    format!("{}%{byte:02X}{}", &secret[..at], &secret[at + 1..])
}

/// A secret that is nearly the right one, and never is.
fn forged(random: &mut fastrand::Rng, secret: &str) -> String {
    let at = random.usize(..secret.len());
    let (before, after) = (&secret[..at], &secret[at + 1..]);
    match random.u8(..7) {
        0 => format!("{before}{after}"),
        1 => format!("{before}~{after}"),
        2 => format!("{secret}{}", random.alphanumeric()),
        3 => secret.to_uppercase(),
        4 => before.to_owned(),
        5 => format!("{secret}%00"),
        _ => (0..secret.len()).map(|_| random.alphanumeric()).collect(),
    }
}

/// So many letters, some of them a repeat of one before.
fn drawn(random: &mut fastrand::Rng, count: usize) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for number in 0..count {
        let secret = [OLD, NEW][random.usize(..2)];
        let again = random.u8(..3) == 0 && !letters.is_empty();
        let leg = if again {
            letters[random.usize(..letters.len())].leg.clone()
        } else {
            format!("leg-{number}")
        };
        let (path, opens) = match random.u8(..8) {
            0..=2 => (format!("team/{secret}"), true),
            3 => (format!("team/{}", re_encoded(random, secret)), true),
            4 | 5 => (format!("team/{}", forged(random, secret)), false),
            6 => (format!("prod/{secret}"), false),
            _ => (format!("nobody/{secret}"), false),
        };
        letters.push(Letter {
            leg,
            path: format!("/hooks/{path}"),
            shape: random.usize(..3),
            opens,
        });
    }
    letters
}

/// Sends them one after the other; what is wrong with the statuses and with
/// what is stored in the end.
fn judge(
    letters: &[Letter],
    mut answers: impl FnMut(&Letter) -> u16,
    stored: impl FnOnce() -> Vec<String>,
) -> Result<(), String> {
    let mut expected: Vec<String> = Vec::new();
    for letter in letters {
        let status = answers(letter);
        let right = if letter.opens { 200 } else { 404 };
        if status != right {
            return Err(format!("{} was answered {status}", letter.path));
        }
        if letter.opens && !expected.contains(&letter.leg) {
            expected.push(letter.leg.clone());
        }
    }
    let stored = stored();
    if stored == expected {
        Ok(())
    } else {
        Err(format!("{} stored, not {}", stored.len(), expected.len()))
    }
}

fn letters() -> Vec<Letter> {
    let size = |name: &str, everyday: u64| {
        std::env::var(name).map_or(everyday, |text| text.parse().unwrap())
    };
    let mut random = fastrand::Rng::with_seed(size("HOLDLINE_SEED", 1));
    let count = usize::try_from(size("HOLDLINE_LETTERS", 120)).unwrap();
    drawn(&mut random, count)
}

#[test]
fn whoever_knows_no_secret_leaves_nothing_and_what_is_told_again_is_stored_once() {
    let (rig, letters) = (Rig::start(), letters());
    let answers = |letter: &Letter| send(rig.address, letter.request()).status;
    judge(&letters, answers, || rig.legs()).unwrap();
    println!("R15 letters: {} cases", letters.len());
}

/// A receiver that goes wrong on purpose.
struct Lax {
    /// How it compares what stands in the path with the right door.
    opens: fn(&str) -> bool,
    knows_again: bool,
    stored: Vec<String>,
}

impl Lax {
    fn judged(opens: fn(&str) -> bool, knows_again: bool) -> Result<(), String> {
        let lax = std::cell::RefCell::new(Self {
            opens,
            knows_again,
            stored: Vec::new(),
        });
        let answers = |letter: &Letter| lax.borrow_mut().takes(letter);
        judge(&letters(), answers, || lax.borrow().stored.clone())
    }

    fn takes(&mut self, letter: &Letter) -> u16 {
        if !(self.opens)(&letter.path) {
            return 404;
        }
        if !self.knows_again || !self.stored.contains(&letter.leg) {
            self.stored.push(letter.leg.clone());
        }
        200
    }
}

/// As the door has it: both secrets, however they are written.
fn rightly(path: &str) -> bool {
    let Some(secret) = path.strip_prefix("/hooks/team/") else {
        return false;
    };
    let bytes = percent_decoded(secret);
    bytes == OLD.as_bytes() || bytes == NEW.as_bytes()
}

/// What stands in a path, with `%xx` read.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let value = |digit: Option<u8>| char::from(digit?).to_digit(16);
        bytes.push(match byte {
            b'%' => {
                let (high, low) = (value(rest.next()), value(rest.next()));
                let read = high.zip(low).map_or(0, |(high, low)| high * 16 + low);
                u8::try_from(read).unwrap()
            }
            byte => byte,
        });
    }
    bytes
}

#[test]
fn control_a_receiver_that_compares_nothing_is_found_out() {
    assert_eq!(Lax::judged(rightly, true), Ok(()), "the judge goes wrong");
    assert!(Lax::judged(|_| true, true).is_err());
    assert!(Lax::judged(|path| path.starts_with("/hooks/team/"), true).is_err());
}

#[test]
fn control_a_receiver_that_knows_one_secret_or_any_beginning_is_found_out() {
    let newest: fn(&str) -> bool = |path| rightly(path) && !path.contains("old");
    assert!(Lax::judged(newest, true).is_err());
    let beginning: fn(&str) -> bool = |path| {
        let path = path.get(..(path.len().min(20))).unwrap_or_default();
        ["/hooks/team/new-secr", "/hooks/team/old-secr"].contains(&path)
    };
    assert!(Lax::judged(beginning, true).is_err());
}

#[test]
fn control_a_receiver_that_knows_nothing_again_is_found_out() {
    assert!(Lax::judged(rightly, false).is_err());
}
