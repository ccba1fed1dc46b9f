//! Pane 4: a queue event is filled in, checked as typed, validated by the
//! vendor, confirmed and sent; then what came back, and the events sent
//! before. What goes outside has a key of its own and is asked for first.
//!
//! * [`form`]: the lines, from the vendor's table of parameters
//! * [`work`]: what the keys do

pub mod form;
pub mod work;

use crate::domain::{
    action::History,
    injection::{Injected, Injection, Target},
    time::At,
};

pub use crate::domain::preset::Preset;
use form::{Form, PARAMS};

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InjectPane {
    /// Where events can be created, in the configuration's order.
    pub targets: Vec<Target>,
    /// Which of them.
    pub target: usize,
    /// The form.
    pub form: Form,
    /// Events to begin with.
    pub presets: Vec<Preset>,
    /// What was sent last from here.
    pub last: Option<Sent>,
    /// Injections on record, whoever sent them.
    pub history: History,
}

/// An event that was sent from here.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The event.
    pub injection: Injection,
    /// What was typed, line by line: what the vendor says of a line holds as
    /// long as it is the same.
    typed: Vec<String>,
    /// When.
    pub at: At,
    /// What became of it; `None` while it is under way.
    pub injected: Option<Injected>,
}

impl InjectPane {
    /// Where the form sends to.
    #[must_use]
    pub fn chosen(&self) -> Option<&Target> {
        self.targets.get(self.target)
    }

    /// Gives the pane its targets, and the form the first queue.
    pub fn aim(&mut self, targets: Vec<Target>) {
        self.targets = targets;
        self.target = 0;
        self.begin_with_queue();
    }

    /// The next site.
    pub fn turn(&mut self) {
        self.target = (self.target + 1) % self.targets.len().max(1);
        self.begin_with_queue();
    }

    /// The chosen site's first queue; none of another site's is left.
    fn begin_with_queue(&mut self) {
        let Some(target) = self.targets.get(self.target) else {
            return;
        };
        let queue = target.queues.first().map(|q| form::typed(target, &q.id));
        self.form.set("queue", &queue.unwrap_or_default());
    }

    /// The event as it is filled in.
    ///
    /// # Errors
    /// The first mistake, with the line it is in.
    pub fn injection(&self, validate: bool, now: At) -> Result<Injection, (usize, String)> {
        let target = self
            .chosen()
            .ok_or_else(|| (0, "there is no site to send to".to_owned()))?;
        self.form.injection(target, validate, now)
    }

    /// What is wrong with a line, if anything: as typed here, else as the
    /// vendor said of the last event, as long as the line is as it was sent.
    #[must_use]
    pub fn mistake(&self, line: usize, now: At) -> Option<String> {
        let target = self.chosen()?;
        if let Some(mistake) = self.form.mistake(line, target, now) {
            return Some(mistake);
        }
        let last = self.last.as_ref();
        let sent = last.filter(|sent| sent.injection.site == target.site)?;
        let (name, typed) = (PARAMS.get(line)?.name, self.form.lines.get(line)?.value());
        if sent.typed.get(line).map(String::as_str) != Some(typed) {
            return None;
        }
        let mut replies = sent.injected.as_ref()?.replies().iter();
        let refused = replies.find(|reply| {
            !reply.remedy().is_empty() && reply.key.trim().eq_ignore_ascii_case(name)
        })?;
        Some(match refused.message.as_str() {
            "" => format!("{}, {}", refused.code, refused.meaning()),
            message => format!("{}: {message}", refused.code),
        })
    }
}
