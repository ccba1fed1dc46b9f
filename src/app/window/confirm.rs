//! The question before anything is done outside: the whole request, scrolled where it
//! is long, and below it what is asked, which is always in view. Lines as data;
//! how they look is `ui`'s affair.

use ratatui::layout::{Rect, Size};

use crate::{
    app::{
        geometry,
        overlay::{Asked, Confirm},
        state::State,
    },
    domain::cells,
};

impl Confirm {
    /// Whether `y` does it, not Ctrl-S: the key that asked must not answer
    /// where it is held down. A name that is to be typed comes in between; a
    /// question that `y` brought up takes another key.
    #[must_use]
    pub fn by_letter(&self) -> bool {
        let asked_by_y = matches!(&self.asked, Asked::Dial(calling) if calling.is_asked_again());
        self.name.is_none() && !asked_by_y
    }
}

/// The question, broken to its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where it stands, frame and all.
    pub place: Rect,
    /// The request, all its lines.
    pub request: Vec<String>,
    /// The first of them in view.
    pub scroll: usize,
    /// How many of them are in view.
    pub page: usize,
    /// What is asked for.
    pub words: Vec<String>,
    /// Why it was not sent.
    pub mistake: Vec<String>,
}

impl Question {
    /// The scroll at which the last line is in view.
    #[must_use]
    pub fn end(&self) -> usize {
        self.request.len().saturating_sub(self.page)
    }
}

/// The cells of the widest window.
const WIDTH: u16 = 76;
/// Characters that are broken into lines at a time.
const PART: usize = 10_000;

/// What is asked, and where.
#[must_use]
pub fn question(state: &State, confirm: &Confirm) -> Question {
    let widest = geometry::window(state.size, Size::new(WIDTH, u16::MAX));
    let inside = usize::from(widest.width.saturating_sub(4));
    let mut request = Vec::new();
    for line in &confirm.request {
        // What is sent is seen whole, longer than any page though it may be.
        let chars: Vec<char> = line.chars().collect();
        for part in chars.chunks(PART) {
            let part: String = part.iter().collect();
            request.extend(cells::wrap(&part, inside));
        }
        request.push(String::new());
    }
    let (because, does) = (&confirm.because, &confirm.does);
    let (words, field) = match &confirm.name {
        Some((name, _)) => (format!("{because}: type {name}, then Ctrl-S {does}."), 1),
        None if confirm.by_letter() => (format!("y {does}."), 0),
        None => (format!("Ctrl-S {does}."), 0),
    };
    let words = cells::wrap(&words, inside);
    let mistake = confirm.mistake.as_deref();
    let mistake = mistake.map_or_else(Vec::new, |why| cells::wrap(why, inside));
    let below = words.len() + field + mistake.len();
    let height = u16::try_from(request.len() + below + 2).unwrap_or(u16::MAX);
    let place = geometry::window(state.size, Size::new(WIDTH, height));
    let page = usize::from(geometry::inside(place).height).saturating_sub(below);
    let mut question = Question {
        place,
        request,
        scroll: 0,
        page,
        words,
        mistake,
    };
    question.scroll = confirm.scroll.min(question.end());
    question
}
