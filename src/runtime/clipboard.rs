//! Text for the user's clipboard. Over SSH only the terminal can reach it, by
//! an OSC 52 sequence; tmux drops that with its default settings, so inside
//! tmux it is asked to pass the text on itself. Neither way answers: a view to
//! select from by hand stays the last resort.

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

/// The way in this environment.
#[must_use]
pub fn way(env: &dyn Fn(&str) -> Option<String>) -> Way {
    if env("TMUX").is_some_and(|v| !v.is_empty()) {
        Way::Tmux
    } else {
        Way::Osc52
    }
}
