//! Text fields: the search, a note, a time, a line of the form. While one is
//! typed into, only Enter, Esc, Tab, Ctrl-C and the editing keys are keys.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::InputRequest;

use super::{
    field::Field,
    keys::{self, Mode},
    msg::Command,
    operate,
    overlay::Overlay,
    state::State,
};

/// No text that is typed here is longer.
const LONGEST: usize = 500;

/// The field that is typed into, if any.
#[must_use]
pub fn field(state: &mut State) -> Option<&mut Field> {
    match keys::mode(state) {
        Mode::TypingForm => state
            .callbacks
            .form
            .as_mut()
            .map(|form| &mut form.lines[form.at]),
        Mode::Typing if state.overlay == Overlay::None => {
            state.search_mut().map(|search| &mut search.field)
        }
        Mode::TypingInject => state.inject.form.field(),
        Mode::Confirm => match &mut state.overlay {
            Overlay::Confirm(confirm) => confirm.name.as_mut().map(|(_, field)| field),
            _ => None,
        },
        Mode::Typing | Mode::Palette => match &mut state.overlay {
            Overlay::Prompt(prompt) => Some(&mut prompt.field),
            Overlay::Help { search, .. } => Some(&mut search.field),
            Overlay::Palette(palette) => Some(&mut palette.field),
            _ => None,
        },
        Mode::Panes | Mode::Window | Mode::Form | Mode::Menu | Mode::Subscriptions => None,
    }
}

/// A key that is no key of the table.
pub fn key(state: &mut State, event: KeyEvent) {
    let Some(request) = request(event) else {
        return;
    };
    edit(state, &[request]);
}

/// Pasted text, as if typed; its lines become one.
pub fn paste(state: &mut State, text: &str) {
    let words: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    let requests: Vec<InputRequest> = words
        .join(" ")
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .map(InputRequest::InsertChar)
        .collect();
    edit(state, &requests);
}

fn edit(state: &mut State, requests: &[InputRequest]) {
    if let Overlay::Prompt(prompt) = &mut state.overlay
        && std::mem::take(&mut prompt.suggested)
        && matches!(requests.first(), Some(InputRequest::InsertChar(_)))
    {
        prompt.field = Field::default();
    }
    let Some(field) = field(state) else { return };
    for request in requests {
        let grows = matches!(request, InputRequest::InsertChar(_));
        if !grows || field.value().chars().count() < LONGEST {
            field.handle(*request);
        }
    }
    match &mut state.overlay {
        Overlay::Prompt(prompt) => prompt.mistake = None,
        Overlay::Confirm(confirm) => confirm.mistake = None,
        Overlay::Palette(palette) => palette.picked = None,
        Overlay::Help { scroll, .. } => *scroll = 0,
        Overlay::None => state.derive_focused(),
        _ => {}
    }
}

/// The editing keys, as shells have them.
fn request(event: KeyEvent) -> Option<InputRequest> {
    use InputRequest as R;
    let control = event.modifiers.contains(KeyModifiers::CONTROL);
    let word = control || event.modifiers.contains(KeyModifiers::ALT);
    Some(match event.code {
        KeyCode::Backspace if word => R::DeletePrevWord,
        KeyCode::Backspace => R::DeletePrevChar,
        KeyCode::Delete if word => R::DeleteNextWord,
        KeyCode::Delete => R::DeleteNextChar,
        KeyCode::Left if word => R::GoToPrevWord,
        KeyCode::Right if word => R::GoToNextWord,
        KeyCode::Left => R::GoToPrevChar,
        KeyCode::Right => R::GoToNextChar,
        KeyCode::Home => R::GoToStart,
        KeyCode::End => R::GoToEnd,
        KeyCode::Char('a') if control => R::GoToStart,
        KeyCode::Char('e') if control => R::GoToEnd,
        KeyCode::Char('h') if control => R::DeletePrevChar,
        KeyCode::Char('w') if control => R::DeletePrevWord,
        KeyCode::Char('u') if control => R::DeleteLine,
        KeyCode::Char('k') if control => R::DeleteTillEnd,
        KeyCode::Char(c) if !control && !event.modifiers.contains(KeyModifiers::ALT) => {
            R::InsertChar(c)
        }
        _ => return None,
    })
}

/// Enter, or Tab in a form.
pub fn accept(state: &mut State, next: bool) -> Vec<Command> {
    if keys::mode(state) == Mode::TypingInject {
        let form = &mut state.inject.form;
        form.accept();
        if next {
            form.next();
            form.begin();
        }
        return Vec::new();
    }
    match &state.overlay {
        Overlay::Prompt(_) => return operate::answer_prompt(state),
        Overlay::Filter => {
            if let Some(form) = &mut state.callbacks.form {
                form.accept();
                if next {
                    form.at = (form.at + 1) % form.lines.len();
                    form.begin();
                }
            }
        }
        Overlay::Help { .. } => {
            if let Overlay::Help { search, .. } = &mut state.overlay {
                search.typing = false;
            }
        }
        _ => {
            if let Some(search) = state.search_mut() {
                search.typing = false;
            }
        }
    }
    Vec::new()
}

/// Esc.
pub fn cancel(state: &mut State) {
    if keys::mode(state) == Mode::TypingInject {
        return state.inject.form.cancel();
    }
    match &state.overlay {
        Overlay::Prompt(_) => state.overlay = Overlay::None,
        Overlay::Filter => {
            if let Some(form) = &mut state.callbacks.form {
                form.cancel();
            }
        }
        Overlay::Help { .. } => {
            if let Overlay::Help { search, .. } = &mut state.overlay {
                search.clear();
            }
        }
        _ => {
            if let Some(search) = state.search_mut() {
                search.clear();
            }
            state.derive_focused();
        }
    }
}
