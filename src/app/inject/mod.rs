//! Pane 4: an event is filled in, checked as typed, confirmed and sent; then
//! what came back, and the events sent before. A queue event is created by its
//! vendor; as a site that pushes, an event is said as its vendor would say it.
//! What goes outside has a key of its own and is asked for first.
//!
//! * [`sheet`]: what the lines are, from the vendors' tables; [`form`]: them
//! * [`work`]: what the keys do; [`send`]: asks, and sends; [`save`]: presets

pub mod form;
pub mod save;
pub mod send;
pub mod sheet;
pub mod work;

use crate::domain::{
    history::History,
    id::SiteName,
    injection::{Injected, Injection, Target},
    scenario::saying::{Delivered, Saying, Speaker},
    time::At,
};

pub use crate::domain::preset::Preset;
use form::Form;
pub use sheet::Chosen;
use sheet::Item;

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InjectPane {
    /// Where events can be created, in the configuration's order.
    pub targets: Vec<Target>,
    /// As whom events can be said, likewise. They stand behind the targets.
    pub speakers: Vec<Speaker>,
    /// Which of them all.
    pub target: usize,
    /// The form.
    pub form: Form,
    /// Events to begin with.
    pub presets: Vec<Preset>,
    /// Why some files of the user's are no presets, a sentence each.
    pub broken: Vec<String>,
    /// What was sent last from here.
    pub last: Option<Sent>,
    /// Injections on record, whoever sent them.
    pub history: History,
    /// How often ids were made up: no two events get the same ones.
    made_up: u64,
}

/// What is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// A queue event, to be created by its vendor.
    Inject(Injection),
    /// An event, to be said as a vendor.
    Say(Box<Saying>),
}

impl Order {
    /// The site it is of.
    #[must_use]
    pub fn site(&self) -> &SiteName {
        match self {
            Self::Inject(injection) => &injection.site,
            Self::Say(saying) => &saying.site,
        }
    }
}

/// An event that was sent from here.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The site it is of.
    pub site: SiteName,
    /// What was typed, by line: what the vendor says of a line holds as long
    /// as it is the same.
    typed: Vec<(String, String)>,
    /// When.
    pub at: At,
    /// What became of it; `None` while it is under way.
    pub came: Option<Came>,
}

/// What became of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Came {
    /// Of a queue event.
    Injected(Injected),
    /// Of one that was said as a vendor.
    Delivered(Delivered),
}

impl Came {
    /// In a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Injected(injected) => injected.sentence(),
            Self::Delivered(delivered) => delivered.sentence(),
        }
    }
}

impl Sent {
    /// What the vendor made of a queue event.
    #[must_use]
    pub fn injected(&self) -> Option<&Injected> {
        match &self.came {
            Some(Came::Injected(injected)) => Some(injected),
            Some(Came::Delivered(_)) | None => None,
        }
    }
}

impl InjectPane {
    /// How many sites can be chosen from.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.targets.len() + self.speakers.len()
    }

    /// The site that the form is for.
    #[must_use]
    pub fn chosen(&self) -> Option<Chosen<'_>> {
        chosen(&self.targets, &self.speakers, self.target)
    }

    /// Gives the pane its sites, and the form the first of them.
    pub fn aim(&mut self, targets: Vec<Target>, speakers: Vec<Speaker>) {
        self.targets = targets;
        self.speakers = speakers;
        self.choose(0);
    }

    /// The next site.
    pub fn turn(&mut self) {
        let next = (self.target + 1) % self.sites().max(1);
        // Of one kind, what is typed stays; no queue of another site is left.
        match (self.chosen(), chosen(&self.targets, &self.speakers, next)) {
            (Some(Chosen::Call(_)), Some(Chosen::Call(target))) => {
                let queue = target.queues.first().map(|q| form::typed(target, &q.id));
                self.form.set("queue", &queue.unwrap_or_default());
                self.target = next;
            }
            _ => self.choose(next),
        }
    }

    /// Another site, and an empty form for it.
    fn choose(&mut self, at: usize) {
        self.target = at;
        let form = chosen(&self.targets, &self.speakers, at).map(Form::begin_for);
        self.form = form.unwrap_or_default();
    }

    /// Makes the site of this name the chosen one; whether it could. `says` is
    /// whether events are to be said as it.
    fn go_to(&mut self, site: &SiteName, says: bool) -> bool {
        let found = (0..self.sites()).find(|at| {
            let chosen = chosen(&self.targets, &self.speakers, *at);
            let fits = chosen.filter(|c| matches!(c, Chosen::Say(_)) == says);
            fits.is_some_and(|c| c.site() == site.as_str())
        });
        if let Some(at) = found.filter(|at| *at != self.target) {
            self.choose(at);
        }
        found.is_some()
    }

    /// The presets that fit the chosen site.
    #[must_use]
    pub fn fitting(&self) -> Vec<&Preset> {
        let vendor = match self.chosen() {
            Some(Chosen::Say(speaker)) => Some(speaker.vendor),
            _ => None,
        };
        let presets = self.presets.iter();
        presets.filter(|preset| preset.vendor() == vendor).collect()
    }

    /// Whether what was sent is what stands in the form.
    #[must_use]
    pub fn is_of_form(&self, sent: &Sent) -> bool {
        let is_there = self
            .chosen()
            .is_some_and(|c| c.site() == sent.site.as_str());
        let typed = sent.typed.iter().map(|(name, typed)| (&**name, &**typed));
        let lines = self.form.lines.iter();
        is_there && typed.eq(lines.map(|line| (line.item.name(), line.field.value())))
    }

    /// What is wrong with a line, if anything: as typed here, else as the
    /// vendor said of the last event, as long as the line is as it was sent.
    #[must_use]
    pub fn mistake(&self, line: usize, now: At) -> Option<String> {
        let chosen = self.chosen()?;
        let shown = self.form.lines.get(line)?;
        let (name, typed) = (shown.item.name(), shown.field.value());
        // What nobody has typed into yet is needed, and no mistake so far.
        let untouched = typed.is_empty() && matches!(shown.item, Item::Variable(..));
        let mistake = shown.item.mistake(typed, chosen, now);
        if let Some(mistake) = mistake.filter(|_| !untouched) {
            return Some(mistake);
        }
        let last = self.last.as_ref();
        let sent = last.filter(|sent| sent.site.as_str() == chosen.site())?;
        if !sent.typed.iter().any(|(n, t)| n == name && t == typed) {
            return None;
        }
        let mut replies = sent.injected()?.replies().iter();
        let refused = replies.find(|reply| {
            !reply.remedy().is_empty() && reply.key.trim().eq_ignore_ascii_case(name)
        })?;
        Some(match refused.message.as_str() {
            "" => format!("{}, {}", refused.code, refused.meaning()),
            message => format!("{}: {message}", refused.code),
        })
    }
}

fn chosen<'p>(targets: &'p [Target], speakers: &'p [Speaker], at: usize) -> Option<Chosen<'p>> {
    match at.checked_sub(targets.len()) {
        None => targets.get(at).map(Chosen::Call),
        Some(at) => speakers.get(at).map(Chosen::Say),
    }
}
