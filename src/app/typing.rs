//! Text fields: the search, a note, a time, a line of the form. While one is
//! typed into, only Enter, Esc, Tab, Ctrl-C and the editing keys are keys.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input as Field, InputRequest};

use super::{
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
        Mode::Typing => match &mut state.overlay {
            Overlay::Prompt(prompt) => Some(&mut prompt.field),
            _ => Some(&mut state.callbacks.search),
        },
        Mode::Panes | Mode::Window | Mode::Form | Mode::Menu => None,
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
    let Some(field) = field(state) else { return };
    for request in requests {
        let grows = matches!(request, InputRequest::InsertChar(_));
        if !grows || field.value().chars().count() < LONGEST {
            field.handle(*request);
        }
    }
    if let Overlay::Prompt(prompt) = &mut state.overlay {
        prompt.mistake = None;
    }
    if state.callbacks.searching {
        state.derive_callbacks();
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

/// Enter, or Tab in the form.
pub fn accept(state: &mut State, next: bool) -> Vec<Command> {
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
        _ => state.callbacks.searching = false,
    }
    Vec::new()
}

/// Esc.
pub fn cancel(state: &mut State) {
    match &state.overlay {
        Overlay::Prompt(_) => state.overlay = Overlay::None,
        Overlay::Filter => {
            if let Some(form) = &mut state.callbacks.form {
                form.cancel();
            }
        }
        _ => {
            state.callbacks.searching = false;
            state.callbacks.search.reset();
            state.derive_callbacks();
        }
    }
}
