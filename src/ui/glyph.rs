//! The signs, and their stand-ins for terminals without Unicode. State is
//! never a colour alone: a sign and a word stand beside it.

use ratatui::symbols::border;

use crate::app::{health::Light, window::Sign};

/// A set of signs.
#[derive(Clone, Copy, Debug)]
pub struct Glyphs {
    /// Over the service level.
    pub late: &'static str,
    /// Over the critical limit.
    pub critical: &'static str,
    /// The vendor says somebody took the call.
    pub answered: &'static str,
    /// Between two facts.
    pub dot: &'static str,
    /// Not known.
    pub unknown: &'static str,
    /// More above.
    pub above: &'static str,
    /// More below.
    pub below: &'static str,
    /// An agent who is free.
    pub free: &'static str,
    /// Somebody here calls.
    pub out: &'static str,
    /// One whose phone rings.
    pub ringing: &'static str,
    /// One who talks.
    pub talking: &'static str,
    /// One who is paused.
    pub paused: &'static str,
    /// At least so long.
    pub at_least: &'static str,
    /// The screen is held still.
    pub frozen: &'static str,
    /// More than there is room for.
    pub more: &'static str,
    /// One of several, below the first.
    pub member: &'static str,
    /// There is a note.
    pub note: &'static str,
    /// A bar's done part.
    pub full: &'static str,
    /// A bar's part to come.
    pub empty: &'static str,
    /// Frames.
    pub frame: border::Set<'static>,
    lights: [&'static str; 5],
}

impl Glyphs {
    /// The set for a terminal.
    #[must_use]
    pub fn of(ascii: bool) -> &'static Glyphs {
        if ascii { &ASCII } else { &UNICODE }
    }

    /// A sign that the help explains.
    #[must_use]
    pub fn sign(&self, sign: Sign) -> &'static str {
        match sign {
            Sign::Late => self.late,
            Sign::Critical => self.critical,
            Sign::Answered => self.answered,
            Sign::Unknown => self.unknown,
            Sign::Member => self.member,
            Sign::Note => self.note,
            Sign::Lamp(light) => self.light(light),
            Sign::Free => self.free,
            Sign::Ringing => self.ringing,
            Sign::Talking => self.talking,
            Sign::Paused => self.paused,
            Sign::AtLeast => self.at_least,
            Sign::Frozen => self.frozen,
        }
    }

    /// A lamp's sign.
    #[must_use]
    pub fn light(&self, light: Light) -> &'static str {
        let [good, waiting, off, late, bad] = self.lights;
        match light {
            Light::Good => good,
            Light::Waiting => waiting,
            Light::Off => off,
            Light::Late => late,
            Light::Bad => bad,
        }
    }
}

const UNICODE: Glyphs = Glyphs {
    late: "▲",
    critical: "◆",
    answered: "✓",
    dot: "·",
    unknown: "—",
    above: "↑",
    below: "↓",
    free: "●",
    out: "→",
    ringing: "»",
    talking: "►",
    paused: "‖",
    at_least: "≥",
    frozen: "■",
    more: "…",
    member: "└",
    note: "¶",
    full: "█",
    empty: "░",
    frame: border::ROUNDED,
    lights: ["●", "○", "·", "◐", "✗"],
};

const ASCII: Glyphs = Glyphs {
    late: "!",
    critical: "#",
    answered: "+",
    dot: "-",
    unknown: "-",
    above: "^",
    below: "v",
    free: "*",
    out: ">",
    ringing: "%",
    talking: ">",
    paused: "=",
    at_least: ">=",
    frozen: "||",
    more: "..",
    member: "`",
    note: "\"",
    full: "#",
    empty: ".",
    frame: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    lights: ["*", "o", ".", "~", "x"],
};
