//! The form: a line per parameter or variable that people set, checked as
//! typed. What was typed stays, whatever the vendor says of it.

use std::{collections::BTreeMap, sync::Arc};

use super::sheet::{self, Chosen, Item, OURS};
use crate::{
    app::field::Field,
    domain::{
        id::QueueId,
        injection::{Injection, Target},
        scenario::{
            saying::Speaker,
            speech::{self, Spoken},
            webhook::Webhook,
        },
        time::At,
    },
};

/// The form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    /// Its lines.
    pub lines: Vec<Line>,
    /// The selected line.
    pub at: usize,
    /// Whether it is being typed into.
    pub typing: bool,
    before: String,
    /// What was typed into lines that the event of now does not have.
    aside: BTreeMap<String, String>,
}

/// A line of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What it is.
    pub item: Item,
    /// What is typed.
    pub field: Field,
}

/// What is wrong, and in which line.
pub(super) type Wrong = (usize, String);

impl Form {
    /// An empty form for a site: for queue events with its first queue, else
    /// for the first event of its vendor.
    #[must_use]
    pub fn begin_for(chosen: Chosen<'_>) -> Self {
        let mut form = Self::default();
        match chosen {
            Chosen::Call(target) => {
                form.lay(sheet::of_call());
                let queue = target.queues.first().map(|q| typed(target, &q.id));
                form.set("queue", &queue.unwrap_or_default());
            }
            Chosen::Say(speaker) => {
                if let Some(event) = speech::events(speaker.vendor).first() {
                    form.lay_event(event, &[]);
                }
                let shape = speech::shapes(speaker.vendor).first();
                form.set("shape", shape.map_or("", |shape| shape.word()));
                form.set("to", OURS);
            }
        }
        form
    }

    /// Has these lines from now on. What was typed into one of the same name
    /// stays; what has no line is kept aside.
    fn lay(&mut self, items: impl Iterator<Item = Item>) {
        let selected = self
            .lines
            .get(self.at)
            .map(|line| line.item.name().to_owned());
        for line in self.lines.drain(..) {
            let name = line.item.name().to_owned();
            self.aside.insert(name, line.field.value().to_owned());
        }
        for item in items {
            let field = Field::new(self.aside.remove(item.name()).unwrap_or_default());
            self.lines.push(Line { item, field });
        }
        self.at = selected.and_then(|name| self.place(&name)).unwrap_or(0);
    }

    /// Has the lines of an event, with these fields that the page does not have.
    fn lay_event(&mut self, event: &'static Spoken, others: &[Arc<str>]) {
        let line = |item: &Item| item.name().to_owned();
        let known: Vec<String> = sheet::of_event(event, []).map(|item| line(&item)).collect();
        let others = others
            .iter()
            .filter(|name| known.iter().all(|k| **k != ***name));
        let others: Vec<Arc<str>> = others.cloned().collect();
        self.lay(sheet::of_event(event, others));
        self.set("event", event.name);
    }

    /// After the event's line was changed: the lines are those of that event.
    fn follow_event(&mut self) {
        let Some(event) = self.event() else { return };
        let others: Vec<Arc<str>> = self.others();
        self.lay_event(event, &others);
    }

    /// The event that is said, once its name is one.
    #[must_use]
    pub fn event(&self) -> Option<&'static Spoken> {
        let line = self.lines.iter().find(|line| line.item == Item::Event)?;
        speech::event(line.field.value().trim())
    }

    fn others(&self) -> Vec<Arc<str>> {
        let other = |line: &Line| match &line.item {
            Item::Other(name) => Some(name.clone()),
            _ => None,
        };
        self.lines.iter().filter_map(other).collect()
    }

    /// The place of the line of this name, in any case.
    #[must_use]
    pub fn place(&self, name: &str) -> Option<usize> {
        let mut lines = self.lines.iter();
        lines.position(|line| line.item.name().eq_ignore_ascii_case(name.trim()))
    }

    /// What is typed into the line of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&str> {
        let line = self.lines.iter().find(|line| line.item.name() == name)?;
        Some(line.field.value())
    }

    /// Sets a line by its name.
    pub fn set(&mut self, name: &str, value: &str) {
        if let Some(line) = self.lines.iter_mut().find(|l| l.item.name() == name) {
            line.field = Field::new(value);
        }
    }

    /// Every line's name and what is typed into it.
    #[must_use]
    pub fn typed(&self) -> Vec<(String, String)> {
        let pair = |line: &Line| (line.item.name().to_owned(), line.field.value().to_owned());
        self.lines.iter().map(pair).collect()
    }

    /// Fills the form with a queue event; what it does not set is emptied.
    pub(super) fn fill_call(&mut self, event: &Injection, target: &Target) {
        for line in &mut self.lines {
            let value = match line.item.name() {
                "queue" => typed(target, &event.queue),
                name => event.get(name).unwrap_or_default().to_owned(),
            };
            line.field = Field::new(value);
        }
    }

    /// Fills the form with an event to be said; what it does not set is
    /// emptied.
    pub(super) fn fill_event(&mut self, webhook: &Webhook) {
        self.aside.clear();
        self.lines.clear();
        let names: Vec<Arc<str>> = webhook
            .fields
            .iter()
            .map(|(name, _)| name.clone())
            .collect();
        self.lay_event(webhook.event, &names);
        for (name, value) in &webhook.fields {
            self.set(name, value);
        }
        self.set("shape", webhook.shape.word());
        self.set("to", webhook.to.as_deref().unwrap_or(OURS));
        self.at = 0;
    }

    /// The queue event as it is filled in.
    pub(super) fn injection(
        &self,
        target: &Target,
        validate: bool,
        now: At,
    ) -> Result<Injection, Wrong> {
        let at = self.place("queue").unwrap_or(0);
        let queue = target.queue(self.value("queue").unwrap_or_default());
        let queue = queue.map_err(|why| (at, why))?;
        let mut injection = Injection::new(target.site.clone(), queue);
        injection.validate = validate;
        let lines = self.lines.iter().enumerate();
        for (at, line) in lines.filter(|(_, line)| line.item.name() != "queue") {
            injection
                .set(line.item.name(), line.field.value(), now)
                .map_err(|why| (at, why))?;
        }
        Ok(injection)
    }

    /// The event to be said as it is filled in, without what is made up.
    pub(super) fn webhook(&self, speaker: &Speaker, now: At) -> Result<Webhook, Wrong> {
        let chosen = Chosen::Say(speaker);
        for (at, line) in self.lines.iter().enumerate() {
            if let Some(why) = line.item.mistake(line.field.value(), chosen, now) {
                return Err((at, why));
            }
        }
        let event = self
            .event()
            .ok_or((0, "there is no such event".to_owned()))?;
        let mut fields: Vec<(Arc<str>, String)> = Vec::new();
        for (at, line) in self.lines.iter().enumerate() {
            let typed = line.field.value();
            match &line.item {
                Item::Variable(_, variable) => {
                    let value = variable.read(typed, now).map_err(|why| (at, why))?;
                    fields.extend(value.map(|value| (variable.name.into(), value)));
                }
                Item::Other(name) if !typed.is_empty() => {
                    fields.push((name.clone(), typed.to_owned()));
                }
                _ => {}
            }
        }
        if let Some(need) = event.lacks(|name| fields.iter().any(|(n, _)| **n == *name)) {
            let is_first = |line: &Line| need.first() == Some(&line.item.name());
            let at = self.lines.iter().position(is_first).unwrap_or(0);
            return Err((at, sheet::of_nobody(event, need)));
        }
        let to = self.value("to").map_or(OURS, str::trim);
        Ok(Webhook {
            event,
            fields,
            shape: sheet::shape(self.value("shape").unwrap_or_default()).unwrap_or_default(),
            to: (to != OURS).then(|| to.into()),
            cut: false,
        })
    }

    /// Begins typing into the selected line; a choice is turned instead.
    pub(super) fn edit(&mut self, chosen: Chosen<'_>) {
        let Some(line) = self.lines.get(self.at) else {
            return;
        };
        let choices = line.item.choices(chosen);
        if choices.is_empty() {
            return self.begin();
        }
        self.turn(&choices);
        if self.lines[self.at].item == Item::Event {
            self.follow_event();
        }
    }

    /// Begins typing into the selected line. Into a choice too: whoever goes on
    /// by Tab is still typing, and a letter must not become a key.
    pub fn begin(&mut self) {
        if let Some(line) = self.lines.get(self.at) {
            line.field.value().clone_into(&mut self.before);
            self.typing = true;
        }
    }

    /// The next of these, and behind the last one none, or the first again.
    fn turn(&mut self, choices: &[&str]) {
        let line = &mut self.lines[self.at];
        let next = match choices.iter().position(|c| *c == line.field.value()) {
            None => choices.first(),
            Some(at) if line.item.can_be_empty() => choices.get(at + 1),
            Some(at) => choices.get((at + 1) % choices.len()),
        };
        line.field = Field::new(next.copied().unwrap_or_default());
    }

    /// The field that is typed into.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.lines.get_mut(self.at).map(|line| &mut line.field)
    }

    /// Ends typing and keeps it.
    pub fn accept(&mut self) {
        if std::mem::take(&mut self.typing)
            && self
                .lines
                .get(self.at)
                .is_some_and(|l| l.item == Item::Event)
        {
            self.follow_event();
        }
    }

    /// Ends typing and takes it back.
    pub fn cancel(&mut self) {
        let before = std::mem::take(&mut self.before);
        if let Some(field) = self.field() {
            *field = Field::new(before);
        }
        self.typing = false;
    }

    /// Goes on to the next line.
    pub fn next(&mut self) {
        self.at = (self.at + 1) % self.lines.len().max(1);
    }

    /// Empties the selected line, where it can be empty.
    pub(super) fn clear(&mut self) {
        let Some(line) = self.lines.get_mut(self.at) else {
            return;
        };
        // An emptied queue is a mistake that is told; without an event there
        // is no form.
        if !matches!(line.item, Item::Event | Item::Shape | Item::To) {
            line.field = Field::default();
        }
    }
}

/// A queue as people type it: its name, unless that means another queue or
/// several.
pub(super) fn typed(target: &Target, queue: &QueueId) -> String {
    let named = target.queues.iter().find(|q| q.id == *queue);
    named
        .filter(|q| target.queue(&q.name).as_ref() == Ok(queue))
        .map_or_else(|| queue.to_string(), |q| q.name.clone())
}
