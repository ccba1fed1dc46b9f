//! What the form's lines are: the parameters of a vendor's call, or an event's
//! variables and how it goes out. Data from `domain`'s tables, so that form,
//! flags, files and wire cannot differ.

use std::sync::Arc;

use crate::domain::{
    injection::{Kind, Param, Required, Target},
    scenario::{
        Shape,
        saying::Speaker,
        speech::{self, Kind as Travels, Spoken, Variable},
    },
    suggest,
    time::At,
};

/// What stands where an event goes to our own receiver.
pub const OURS: &str = "our receiver";

/// The site that the form is for, and what can be done there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen<'a> {
    /// Its vendor creates queue events.
    Call(&'a Target),
    /// It can be spoken as.
    Say(&'a Speaker),
}

impl Chosen<'_> {
    /// The site's name.
    #[must_use]
    pub fn site(&self) -> &str {
        match self {
            Self::Call(target) => target.site.as_str(),
            Self::Say(speaker) => speaker.site.as_str(),
        }
    }

    /// Whether it is a production site.
    #[must_use]
    pub fn production(&self) -> bool {
        match self {
            Self::Call(target) => target.production,
            Self::Say(speaker) => speaker.production,
        }
    }
}

/// What a line of the form is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A parameter of the call.
    Param(&'static Param),
    /// Which event.
    Event,
    /// A variable of it.
    Variable(&'static Spoken, &'static Variable),
    /// A field that the vendor's page does not have, sent as it is.
    Other(Arc<str>),
    /// How its fields travel.
    Shape,
    /// Where it goes.
    To,
}

/// The lines of the vendor's call.
pub fn of_call() -> impl Iterator<Item = Item> {
    Param::of_form().map(Item::Param)
}

/// The lines of an event: the event, its variables, other fields, and how it
/// goes out.
pub fn of_event(
    event: &'static Spoken,
    others: impl IntoIterator<Item = Arc<str>>,
) -> impl Iterator<Item = Item> {
    let variables = event.variables.iter();
    [Item::Event]
        .into_iter()
        .chain(variables.map(move |variable| Item::Variable(event, variable)))
        .chain(others.into_iter().map(Item::Other))
        .chain([Item::Shape, Item::To])
}

impl Item {
    /// Its name: the vendor's, but for how an event goes out.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Param(param) => param.name,
            Self::Event => "event",
            Self::Variable(_, variable) => variable.name,
            Self::Other(name) => name,
            Self::Shape => "shape",
            Self::To => "to",
        }
    }

    /// The values that Enter turns it through; none where it is typed.
    #[must_use]
    pub fn choices<'a>(&self, chosen: Chosen<'a>) -> Vec<&'a str> {
        match (self, chosen) {
            (Self::Param(param), _) => param.choices.to_vec(),
            (Self::Variable(_, variable), _) => variable.choices.to_vec(),
            (Self::Event, Chosen::Say(speaker)) => {
                let events = speech::events(speaker.vendor).iter();
                events.map(|event| event.name).collect()
            }
            (Self::Shape, Chosen::Say(speaker)) => {
                let shapes = speech::shapes(speaker.vendor).iter();
                shapes.map(|shape| shape.word()).collect()
            }
            (Self::To, Chosen::Say(speaker)) => {
                let targets = speaker.targets.iter().map(String::as_str);
                std::iter::once(OURS).chain(targets).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether it can be empty: a choice that cannot has no "none".
    #[must_use]
    pub fn can_be_empty(&self) -> bool {
        match self {
            Self::Param(param) => param.default.is_some(),
            Self::Variable(event, variable) => !event.needs(variable.name),
            Self::Other(_) => true,
            Self::Event | Self::Shape | Self::To => false,
        }
    }

    /// What counts where nothing is typed: `""` where nothing is sent, `None`
    /// where something must be.
    #[must_use]
    pub fn default(&self) -> Option<&'static str> {
        match self {
            Self::Param(param) => param.default,
            Self::Variable(event, variable) if event.makes_up(variable.name) => Some("made up"),
            _ => self.can_be_empty().then_some(""),
        }
    }

    /// What it takes, in two words.
    #[must_use]
    pub fn takes(&self) -> String {
        let kind = match self {
            Self::Param(param) => match param.kind {
                Kind::Integer => "whole number",
                Kind::Text => "text",
                Kind::Choice => "choice",
                Kind::Time => "time",
                Kind::Flag => "yes or no",
            },
            Self::Variable(_, variable) if !variable.choices.is_empty() => "choice",
            Self::Variable(_, variable) => match variable.kind {
                Travels::Text => "text",
                Travels::Number => "whole number",
                Travels::Seconds | Travels::Micros => "time",
                Travels::List => "list",
            },
            Self::Event | Self::Shape => "choice",
            Self::To => "choice or URL",
            Self::Other(_) => "text",
        };
        let required = match self {
            Self::Param(param) => param.required,
            _ if self.can_be_empty() => Required::No,
            _ => Required::Yes,
        };
        format!("{}, {kind}", required.word())
    }

    /// It in full: what it takes and what it is for.
    #[must_use]
    pub fn doc(&self, chosen: Chosen<'_>) -> String {
        let about = match self {
            Self::Param(param) => param.doc,
            Self::Event => "which event to say",
            Self::Variable(_, variable) => variable.about,
            Self::Other(_) => "no variable of the vendor's page; it is sent as it is",
            Self::Shape => "how the fields travel",
            Self::To => "our receiver, one of the site's targets, or a URL of this machine",
        };
        let choices = match (self, self.choices(chosen)) {
            (Self::Param(_) | Self::Variable(..), choices) if !choices.is_empty() => {
                format!("; {}, or none", choices.join(", "))
            }
            _ => String::new(),
        };
        let made_up = match self.default() {
            Some("made up") => "; made up where it is empty",
            _ => "",
        };
        let (name, takes) = (self.name(), self.takes());
        format!("{name} ({takes}): {about}{choices}{made_up}.")
    }

    /// What is wrong with what is typed into it, if anything.
    #[must_use]
    pub fn mistake(&self, typed: &str, chosen: Chosen<'_>, now: At) -> Option<String> {
        let empty = typed.trim().is_empty();
        match (self, chosen) {
            (Self::Param(param), Chosen::Call(target)) if param.name == "queue" => {
                target.queue(typed).err()
            }
            (Self::Param(param), _) => param.read(typed, now).err(),
            (Self::Variable(event, variable), _) if empty && !self.can_be_empty() => {
                Some(of_nobody(event, &[variable.name]))
            }
            (Self::Variable(_, variable), _) => variable.read(typed, now).err(),
            (Self::Other(name), _) => typed
                .chars()
                .any(char::is_control)
                .then(|| format!("{name} cannot hold control characters")),
            (Self::To, Chosen::Say(_)) if typed.trim() == OURS => None,
            (Self::To, Chosen::Say(speaker)) => speaker.reaches(typed.trim()).err(),
            (Self::Event | Self::Shape, _) => {
                let choices = self.choices(chosen);
                let known = choices.contains(&typed.trim());
                (!known).then(|| format!("{} is one of {}", self.name(), choices.join(", ")))
            }
            (Self::To, Chosen::Call(_)) => None,
        }
    }
}

/// What is wrong with an event that has none of these.
pub(super) fn of_nobody(event: &Spoken, need: &[&str]) -> String {
    let need = suggest::listed(need.iter().copied(), "or");
    format!("{} tells of nobody without {need}", event.name)
}

/// The shape of this word.
pub(super) fn shape(word: &str) -> Option<Shape> {
    let word = word.trim();
    Shape::ALL.into_iter().find(|shape| shape.word() == word)
}
