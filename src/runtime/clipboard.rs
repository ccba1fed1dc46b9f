//! Text for the user's clipboard. Over SSH only the terminal can reach it, by
//! an OSC 52 sequence; tmux drops that with its default settings, so inside
//! tmux it is asked to pass the text on itself. Neither way answers: a view to
//! select from by hand stays the last resort.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};

use crate::domain::text;

/// More than this many terminals cut off or drop.
const MOST: usize = 70_000;

/// How text reaches the clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By tmux: `tmux load-buffer -w -`.
    Tmux,
    /// By the terminal: OSC 52.
    Osc52,
}

impl Way {
    /// The way, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Tmux => "tmux load-buffer -w (tmux hands it to the terminal)",
            Self::Osc52 => "OSC 52 (the terminal must allow it)",
        }
    }
}

impl Way {
    /// The way, in a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tmux => "by tmux",
            Self::Osc52 => "by the terminal",
        }
    }
}

/// The way in this environment.
#[must_use]
pub fn way(env: &dyn Fn(&str) -> Option<String>) -> Way {
    if env("TMUX").is_some_and(|v| !v.is_empty()) {
        Way::Tmux
    } else {
        Way::Osc52
    }
}

/// What puts the text on the clipboard of the terminal that reads it.
///
/// # Errors
/// Too much text: a sentence.
pub fn osc52(text: &str) -> Result<Vec<u8>, String> {
    let text = checked(text)?;
    Ok(format!("\x1b]52;c;{}\x1b\\", BASE64.encode(text)).into_bytes())
}

/// Hands the text to tmux, which hands it to its terminal. Waits for tmux.
///
/// # Errors
/// A sentence.
pub fn by_tmux(text: &str) -> Result<&'static str, String> {
    let text = checked(text)?;
    let failed = "tmux did not take the text; Y shows it to select by hand";
    let mut tmux = Command::new("tmux")
        .args(["load-buffer", "-w", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|_| failed.to_owned())?;
    let wrote = tmux
        .stdin
        .take()
        .is_some_and(|mut stdin| stdin.write_all(text.as_bytes()).is_ok());
    let done = tmux.wait().is_ok_and(|status| status.success());
    if wrote && done {
        Ok(Way::Tmux.word())
    } else {
        Err(failed.to_owned())
    }
}

fn checked(text: &str) -> Result<String, String> {
    if text.len() > MOST {
        let kilobytes = text.len() / 1000;
        return Err(format!(
            "{kilobytes} kB are too much for a clipboard over a terminal; e writes them into a file"
        ));
    }
    Ok(text::clipboard(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_text_ends_the_sequence() {
        let bytes = osc52("a\x1b\\\x07]52;c;?").unwrap();
        let inside = &bytes[7..bytes.len() - 2];
        assert!(
            inside
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b))
        );
        assert!(
            osc52(&"x".repeat(MOST + 1))
                .unwrap_err()
                .contains("e writes")
        );
    }

    #[test]
    fn inside_tmux_tmux_is_asked() {
        let inside = |name: &str| (name == "TMUX").then(|| "/tmp/tmux-0/default,1,0".to_owned());
        assert_eq!(way(&inside), Way::Tmux);
        assert_eq!(way(&|_| None), Way::Osc52);
    }
}
