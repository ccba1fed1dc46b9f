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

use form::Form;

/// The pane's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InjectPane {
    /// Where events can be created, in the configuration's order.
    pub targets: Vec<Target>,
    /// Which of them.
    pub target: usize,
    /// The form.
    pub form: Form,
    /// Events to begin with: a name, and values by parameter.
    pub presets: Vec<Preset>,
    /// What was sent last from here.
    pub last: Option<Sent>,
    /// Injections on record, whoever sent them.
    pub history: History,
}

/// An event to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name.
    pub name: String,
    /// What is typed, by parameter.
    pub values: Vec<(String, String)>,
}

/// An event that was sent from here.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// The event.
    pub injection: Injection,
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
        let queue = self.chosen().and_then(|t| t.queues.first());
        let queue = queue.map(|q| q.name.clone());
        self.form.set("queue", &queue.unwrap_or_default());
    }

    /// The next site.
    pub fn turn(&mut self) {
        self.target = (self.target + 1) % self.targets.len().max(1);
        let queue = self.chosen().and_then(|t| t.queues.first());
        if let Some(name) = queue.map(|q| q.name.clone()) {
            self.form.set("queue", &name);
        }
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
        let sent = self.last.as_ref()?;
        let reply = sent.injected.as_ref()?.refusal()?;
        let param = form::PARAMS.get(line)?;
        let same = self
            .injection(sent.injection.validate, now)
            .is_ok_and(|now| now.get(param.name) == sent.injection.get(param.name));
        let named = param.name.eq_ignore_ascii_case(&reply.key) && same;
        named.then(|| format!("{} {}", reply.code, reply.message))
    }
}
