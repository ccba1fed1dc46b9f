//! What each kind of text looks like. The 16 ANSI colours only, so that the
//! user's own palette rules.

use ratatui::style::{Color, Modifier, Style};

use crate::app::state::Theme;

/// A kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Text that should not draw the eye.
    Quiet,
    /// A title.
    Title,
    /// The frame and title of the pane with the keys.
    Focus,
    /// The frame of the others.
    Frame,
    /// The head of a table.
    Head,
    /// The selected row.
    Selected,
    /// A key in a hint.
    Key,
    /// Fresh, free, fine.
    Good,
    /// Over the service level; late.
    Late,
    /// Over the critical limit; failing.
    Critical,
    /// A caller served first.
    Vip,
    /// A caller who must be called back.
    Callback,
    /// Too old to be believed.
    Stale,
}

/// The style of a role in a theme.
#[must_use]
pub fn style(theme: Theme, role: Role) -> Style {
    let plain = Style::new();
    let bold = plain.add_modifier(Modifier::BOLD);
    let dim = plain.add_modifier(Modifier::DIM);
    if theme == Theme::Mono {
        return match role {
            Role::Text | Role::Good | Role::Callback => plain,
            Role::Quiet | Role::Frame | Role::Stale => dim,
            Role::Title | Role::Focus | Role::Key | Role::Late | Role::Vip => bold,
            Role::Head => plain.add_modifier(Modifier::UNDERLINED),
            Role::Critical => bold.add_modifier(Modifier::UNDERLINED),
            Role::Selected => plain.add_modifier(Modifier::REVERSED),
        };
    }
    let dark = theme == Theme::Dark;
    let pick = |on_dark: Color, on_light: Color| if dark { on_dark } else { on_light };
    match role {
        Role::Text => plain,
        Role::Quiet | Role::Frame => plain.fg(Color::DarkGray),
        Role::Title => bold,
        Role::Focus => bold.fg(pick(Color::Cyan, Color::Blue)),
        Role::Head => plain.fg(Color::DarkGray).add_modifier(Modifier::BOLD),
        Role::Selected => plain
            .fg(pick(Color::Black, Color::White))
            .bg(pick(Color::Cyan, Color::Blue)),
        Role::Key => plain.fg(pick(Color::Cyan, Color::Blue)),
        Role::Good => plain.fg(Color::Green),
        // Yellow on white cannot be read.
        Role::Late => plain.fg(pick(Color::Yellow, Color::Magenta)),
        Role::Critical => bold.fg(pick(Color::LightRed, Color::Red)),
        Role::Vip => bold.fg(pick(Color::LightMagenta, Color::Blue)),
        Role::Callback => plain.fg(pick(Color::LightBlue, Color::Cyan)),
        Role::Stale => plain.fg(Color::DarkGray).add_modifier(Modifier::ITALIC),
    }
}
