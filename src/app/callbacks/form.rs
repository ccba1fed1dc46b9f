//! The filter form: a line per input of the table, checked as typed. What was
//! typed stays when the form is closed and opened again.

use crate::{
    app::field::Field,
    domain::filter::{Filters, INPUTS, Input, Kind, Value},
};

/// The form.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterForm {
    /// What is typed, by place in the table.
    pub lines: Vec<Field>,
    /// The selected line.
    pub at: usize,
    /// Whether it is being typed into.
    pub typing: bool,
    /// The line as it was before it was typed into.
    before: String,
    /// What was wrong with the whole, and the line where it can be mended.
    refused: Option<(usize, String)>,
}

impl FilterForm {
    /// A form that shows these filters.
    #[must_use]
    pub fn new(filters: &Filters) -> Self {
        let typed = |input: &Input| {
            filters
                .get(input.name)
                .map_or_else(String::new, Value::typed)
        };
        let lines = INPUTS
            .iter()
            .map(|input| Field::new(typed(input)))
            .collect();
        Self {
            lines,
            at: 0,
            typing: false,
            before: String::new(),
            refused: None,
        }
    }

    /// The selected input.
    #[must_use]
    pub fn input(&self) -> &'static Input {
        &INPUTS[self.at.min(INPUTS.len() - 1)]
    }

    /// What is wrong with a line, if anything.
    #[must_use]
    pub fn mistake(&self, at: usize) -> Option<String> {
        let refused = self.refused.as_ref().filter(|(line, _)| *line == at);
        let own = INPUTS[at].read(self.lines[at].value()).err();
        own.or_else(|| Some(refused?.1.clone()))
    }

    /// Goes to the line of a mistake, and says it there until a line changes.
    pub fn refuse(&mut self, at: usize, mistake: String) {
        self.at = at;
        self.refused = Some((at, mistake));
    }

    /// The filters as typed.
    ///
    /// # Errors
    /// The first mistake, with the line it is in.
    pub fn filters(&self) -> Result<Filters, (usize, String)> {
        let mut filters = Filters::default();
        for (at, (input, line)) in INPUTS.iter().zip(&self.lines).enumerate() {
            filters
                .set(input.name, line.value())
                .map_err(|mistake| (at, mistake))?;
        }
        // An interval lacks an end: that is where it is to be typed.
        let lacks = |input: &Input| {
            matches!(input.name, "from" | "to") && filters.get(input.name).is_none()
        };
        filters.check().map_err(|mistake| {
            let at = INPUTS.iter().position(lacks);
            (at.unwrap_or(self.at), mistake)
        })?;
        Ok(filters)
    }

    /// Begins typing into the selected line; a choice is turned instead.
    pub fn edit(&mut self) {
        self.refused = None;
        match self.input().kind {
            Kind::Choice | Kind::Flag => self.turn(),
            _ => self.begin(),
        }
    }

    /// Begins typing into the selected line, if it is typed into at all.
    pub fn begin(&mut self) {
        if !matches!(self.input().kind, Kind::Choice | Kind::Flag) {
            self.refused = None;
            self.before = self.lines[self.at].value().to_owned();
            self.typing = true;
        }
    }

    /// The next choice; none after the last.
    fn turn(&mut self) {
        let choices: &[&str] = match self.input().kind {
            Kind::Flag => &["yes", "no"],
            _ => self.input().choices,
        };
        let line = &mut self.lines[self.at];
        let next = match choices.iter().position(|c| *c == line.value()) {
            None => choices.first(),
            Some(at) => choices.get(at + 1),
        };
        *line = Field::new(next.map_or_else(String::new, |c| (*c).to_owned()));
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

    /// Empties the selected line.
    pub fn clear(&mut self) {
        self.refused = None;
        self.lines[self.at] = Field::default();
    }
}
