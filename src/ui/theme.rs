//! What each kind of text looks like: a small table per theme. With 16
//! colours the user's own palette rules; with 256 the shades are quieter.

use ratatui::style::{Color, Modifier, Style};

use crate::app::state::{Colours, Look, Theme};

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

/// The colours of a theme.
struct Palette {
    quiet: Color,
    frame: Color,
    focus: Color,
    /// Of the selected row: text and ground.
    selected: (Color, Color),
    good: Color,
    late: Color,
    critical: Color,
    vip: Color,
    callback: Color,
}

const DARK: Palette = Palette {
    quiet: Color::DarkGray,
    frame: Color::DarkGray,
    focus: Color::Cyan,
    selected: (Color::Black, Color::Cyan),
    good: Color::Green,
    late: Color::Yellow,
    critical: Color::LightRed,
    vip: Color::LightMagenta,
    callback: Color::LightBlue,
};

/// Yellow and cyan on white cannot be read.
const LIGHT: Palette = Palette {
    quiet: Color::DarkGray,
    frame: Color::DarkGray,
    focus: Color::Blue,
    selected: (Color::White, Color::Blue),
    good: Color::Green,
    late: Color::Magenta,
    critical: Color::Red,
    vip: Color::Blue,
    callback: Color::Cyan,
};

/// Blue, yellow and bare brightness stay apart for nearly all eyes: red and
/// green are not used at all.
const SAFE: Palette = Palette {
    quiet: Color::DarkGray,
    frame: Color::DarkGray,
    focus: Color::LightBlue,
    selected: (Color::Black, Color::LightBlue),
    good: Color::Blue,
    late: Color::Yellow,
    critical: Color::LightYellow,
    vip: Color::LightMagenta,
    callback: Color::Magenta,
};

const DARK_MANY: Palette = Palette {
    quiet: Color::Indexed(245),
    frame: Color::Indexed(240),
    focus: Color::Indexed(80),
    selected: (Color::Indexed(255), Color::Indexed(24)),
    good: Color::Indexed(114),
    late: Color::Indexed(221),
    critical: Color::Indexed(210),
    vip: Color::Indexed(183),
    callback: Color::Indexed(117),
};

const LIGHT_MANY: Palette = Palette {
    quiet: Color::Indexed(242),
    frame: Color::Indexed(249),
    focus: Color::Indexed(25),
    selected: (Color::Indexed(234), Color::Indexed(153)),
    good: Color::Indexed(28),
    late: Color::Indexed(130),
    critical: Color::Indexed(160),
    vip: Color::Indexed(91),
    callback: Color::Indexed(31),
};

/// After Okabe and Ito's set: sky blue, orange, vermilion told apart by
/// lightness too, reddish purple.
const SAFE_MANY: Palette = Palette {
    quiet: Color::Indexed(245),
    frame: Color::Indexed(240),
    focus: Color::Indexed(74),
    selected: (Color::Indexed(255), Color::Indexed(25)),
    good: Color::Indexed(74),
    late: Color::Indexed(178),
    critical: Color::Indexed(228),
    vip: Color::Indexed(175),
    callback: Color::Indexed(146),
};

/// The style of a role.
#[must_use]
pub fn style(look: Look, role: Role) -> Style {
    let palette = match (look.theme, look.colours) {
        (Theme::Mono, _) => return mono(role),
        (Theme::Dark, Colours::Sixteen) => &DARK,
        (Theme::Light, Colours::Sixteen) => &LIGHT,
        (Theme::Safe, Colours::Sixteen) => &SAFE,
        (Theme::Dark, Colours::Many) => &DARK_MANY,
        (Theme::Light, Colours::Many) => &LIGHT_MANY,
        (Theme::Safe, Colours::Many) => &SAFE_MANY,
    };
    let plain = Style::new();
    let bold = plain.add_modifier(Modifier::BOLD);
    match role {
        Role::Text => plain,
        Role::Quiet => plain.fg(palette.quiet),
        Role::Frame => plain.fg(palette.frame),
        Role::Title => bold,
        Role::Focus => bold.fg(palette.focus),
        Role::Head => bold.fg(palette.quiet),
        Role::Selected => plain.fg(palette.selected.0).bg(palette.selected.1),
        Role::Key => plain.fg(palette.focus),
        Role::Good => plain.fg(palette.good),
        Role::Late => plain.fg(palette.late),
        Role::Critical => bold.fg(palette.critical),
        Role::Vip => bold.fg(palette.vip),
        Role::Callback => plain.fg(palette.callback),
        Role::Stale => plain.fg(palette.quiet).add_modifier(Modifier::ITALIC),
    }
}

fn mono(role: Role) -> Style {
    let plain = Style::new();
    let bold = plain.add_modifier(Modifier::BOLD);
    let dim = plain.add_modifier(Modifier::DIM);
    match role {
        Role::Text | Role::Good | Role::Callback => plain,
        Role::Quiet | Role::Frame | Role::Stale => dim,
        Role::Title | Role::Focus | Role::Key | Role::Late | Role::Vip => bold,
        Role::Head => plain.add_modifier(Modifier::UNDERLINED),
        Role::Critical => bold.add_modifier(Modifier::UNDERLINED),
        Role::Selected => plain.add_modifier(Modifier::REVERSED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_safe_theme_uses_neither_red_nor_green() {
        let roles = [
            Role::Good,
            Role::Late,
            Role::Critical,
            Role::Vip,
            Role::Callback,
            Role::Focus,
            Role::Key,
        ];
        let look = Look {
            theme: Theme::Safe,
            ..Look::default()
        };
        let of = |role| style(look, role).fg;
        for role in roles {
            let shunned = [Color::Red, Color::LightRed, Color::Green, Color::LightGreen];
            assert!(of(role).is_some_and(|c| !shunned.contains(&c)), "{role:?}");
        }
        assert_ne!(of(Role::Good), of(Role::Late));
        assert_ne!(of(Role::Late), of(Role::Critical));
    }
}
