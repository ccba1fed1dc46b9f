//! The form: a line per parameter that people set, checked as typed. What was
//! typed stays, whatever the vendor says of it.

use std::sync::LazyLock;

use crate::{
    app::field::Field,
    domain::{
        id::QueueId,
        injection::{Injection, Kind, Param, Target},
        time::At,
    },
};

/// The parameters that the form has, in its order.
pub static PARAMS: LazyLock<Vec<&'static Param>> = LazyLock::new(|| Param::of_form().collect());

/// The form.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// What is typed, by place in [`PARAMS`].
    pub lines: Vec<Field>,
    /// The selected line.
    pub at: usize,
    /// Whether it is being typed into.
    pub typing: bool,
    before: String,
}

impl Default for Form {
    fn default() -> Self {
        Self {
            lines: vec![Field::default(); PARAMS.len()],
            at: 0,
            typing: false,
            before: String::new(),
        }
    }
}

impl Form {
    /// Sets a line by its parameter's name.
    pub fn set(&mut self, name: &str, value: &str) {
        if let Some(at) = PARAMS.iter().position(|p| p.name == name) {
            self.lines[at] = Field::new(value);
        }
    }

    /// Fills the form with an event; what it does not set is emptied.
    pub fn fill(&mut self, injection: &Injection, target: &Target) {
        for (at, param) in PARAMS.iter().enumerate() {
            let value = match param.name {
                "queue" => typed(target, &injection.queue),
                name => injection.get(name).unwrap_or_default().to_owned(),
            };
            self.lines[at] = Field::new(value);
        }
    }

    /// The event as it is filled in.
    pub(super) fn injection(
        &self,
        target: &Target,
        validate: bool,
        now: At,
    ) -> Result<Injection, (usize, String)> {
        let lines = || PARAMS.iter().zip(&self.lines).enumerate();
        let queue = lines().find(|(_, (param, _))| param.name == "queue");
        let (at, typed) = queue.map_or((0, ""), |(at, (_, line))| (at, line.value()));
        let queue = target.queue(typed).map_err(|why| (at, why))?;
        let mut injection = Injection::new(target.site.clone(), queue);
        injection.validate = validate;
        for (at, (param, line)) in lines().filter(|(_, (param, _))| param.name != "queue") {
            injection
                .set(param.name, line.value(), now)
                .map_err(|why| (at, why))?;
        }
        Ok(injection)
    }

    /// What is wrong with a line as it is typed.
    pub(super) fn mistake(&self, at: usize, target: &Target, now: At) -> Option<String> {
        let (param, line) = (PARAMS.get(at)?, self.lines.get(at)?);
        if param.name == "queue" {
            return target.queue(line.value()).err();
        }
        param.read(line.value(), now).err()
    }

    /// Begins typing into the selected line; a choice is turned instead.
    pub fn edit(&mut self) {
        let Some(param) = PARAMS.get(self.at) else {
            return;
        };
        if param.kind == Kind::Choice {
            return self.turn(param.choices);
        }
        self.begin();
    }

    /// Begins typing into the selected line. Into a choice too: whoever goes on
    /// by Tab is still typing, and a letter must not become a key.
    pub fn begin(&mut self) {
        self.lines[self.at].value().clone_into(&mut self.before);
        self.typing = true;
    }

    fn turn(&mut self, choices: &[&str]) {
        let line = &mut self.lines[self.at];
        let next = match choices.iter().position(|c| *c == line.value()) {
            None => choices.first(),
            Some(at) => choices.get(at + 1),
        };
        *line = Field::new(next.copied().unwrap_or_default());
    }

    /// Ends typing and keeps it.
    pub fn accept(&mut self) {
        self.typing = false;
    }

    /// Ends typing and takes it back.
    pub fn cancel(&mut self) {
        self.lines[self.at] = Field::new(std::mem::take(&mut self.before));
        self.typing = false;
    }

    /// Goes on to the next line.
    pub fn next(&mut self) {
        self.at = (self.at + 1) % self.lines.len().max(1);
    }

    /// Empties the selected line.
    pub fn clear(&mut self) {
        self.lines[self.at] = Field::default();
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
