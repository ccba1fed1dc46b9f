//! What `--screenshot`, `--size` and `--keys` take.

use std::path::{Path, PathBuf};

use ratatui::{
    crossterm::event::{KeyCode, KeyEvent, KeyModifiers},
    layout::Size,
};

/// The largest frame, in columns and rows: some walls have such screens.
const LARGEST: Size = Size::new(500, 200);

/// Where the frame goes, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A picture on standard output.
    Stdout,
    /// A picture.
    Svg(PathBuf),
    /// Its text.
    Text(PathBuf),
}

/// Keys to press, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(pub Vec<KeyEvent>);

/// A file by its ending.
pub fn target(text: &str) -> Result<Target, String> {
    let path = Path::new(text);
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or("");
    match ending.to_ascii_lowercase().as_str() {
        _ if text == "-" => Ok(Target::Stdout),
        "svg" => Ok(Target::Svg(path.to_owned())),
        "txt" => Ok(Target::Text(path.to_owned())),
        _ => Err(
            "give a FILE that ends in .svg (a picture) or .txt (its text), or - for a picture on \
             standard output"
                .to_owned(),
        ),
    }
}

/// Columns and rows: `120x36`.
pub fn size(text: &str) -> Result<Size, String> {
    let wrong = || {
        format!(
            "give columns and rows as 120x36, at most {}x{}",
            LARGEST.width, LARGEST.height
        )
    };
    let (width, height) = text.split_once(['x', 'X', '×']).ok_or_else(wrong)?;
    let within = |text: &str, most: u16| {
        let number = text.parse().ok()?;
        (1..=most).contains(&number).then_some(number)
    };
    match (within(width, LARGEST.width), within(height, LARGEST.height)) {
        (Some(width), Some(height)) => Ok(Size { width, height }),
        _ => Err(wrong()),
    }
}

/// Keys by the names that the help shows, with blanks between: `3 j Enter`.
pub fn keys(text: &str) -> Result<Keys, String> {
    let keys = text.split_whitespace().map(|name| {
        key(name).ok_or_else(|| {
            format!(
                "there is no key \"{name}\"; write them as ? shows them, with blanks between: 3 j \
                 Enter Ctrl-F"
            )
        })
    });
    keys.collect::<Result<_, _>>().map(Keys)
}

fn key(name: &str) -> Option<KeyEvent> {
    let (name, modifiers) = match name.strip_prefix("Ctrl-") {
        Some(letter) => (letter.to_lowercase(), KeyModifiers::CONTROL),
        None => (name.to_owned(), KeyModifiers::NONE),
    };
    let code = match name.as_str() {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "Shift-Tab" => KeyCode::BackTab,
        "Space" => KeyCode::Char(' '),
        "Backspace" => KeyCode::Backspace,
        "Delete" => KeyCode::Delete,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        other => lettered(other)?,
    };
    Some(KeyEvent::new(code, modifiers))
}

/// `F5`, or a key that is what it writes.
fn lettered(name: &str) -> Option<KeyCode> {
    let mut chars = name.chars();
    match (chars.next()?, chars.as_str()) {
        (letter, "") => Some(KeyCode::Char(letter)),
        ('F', number) => {
            let number = number.parse().ok()?;
            (1..=12).contains(&number).then_some(KeyCode::F(number))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_a_picture_or_text_by_its_ending() {
        assert_eq!(target("-"), Ok(Target::Stdout));
        assert_eq!(target("a/b.svg"), Ok(Target::Svg("a/b.svg".into())));
        assert_eq!(target("b.SVG"), Ok(Target::Svg("b.SVG".into())));
        assert_eq!(target("b.txt"), Ok(Target::Text("b.txt".into())));
        for text in ["", "b", "b.png", "svg", ".svg", "b.svg/", "b.svg.gz"] {
            let read = target(text);
            assert!(read.is_err() || text == "b.svg/", "{text}: {read:?}");
        }
    }

    #[test]
    fn a_size_is_columns_and_rows() {
        assert_eq!(size("120x36"), Ok(Size::new(120, 36)));
        assert_eq!(size("1X1"), Ok(Size::new(1, 1)));
        for text in [
            "", "120", "x", "0x36", "120x0", "501x36", "120x201", "120x36x2", "-1x5",
        ] {
            assert!(size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn keys_are_written_as_the_help_shows_them() {
        let read = keys(" 3  G Ctrl-F Shift-Tab Space F1 ? ").unwrap().0;
        let codes: Vec<KeyCode> = read.iter().map(|key| key.code).collect();
        assert_eq!(
            codes,
            [
                KeyCode::Char('3'),
                KeyCode::Char('G'),
                KeyCode::Char('f'),
                KeyCode::BackTab,
                KeyCode::Char(' '),
                KeyCode::F(1),
                KeyCode::Char('?'),
            ]
        );
        assert_eq!(read[2].modifiers, KeyModifiers::CONTROL);
        assert_eq!(keys(""), Ok(Keys::default()));
        for text in ["3z", "Return", "F0", "F13", "Ctrl-"] {
            assert!(keys(text).is_err(), "{text}");
        }
    }
}
