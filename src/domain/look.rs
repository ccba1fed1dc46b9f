//! How the console is drawn, as people choose it: a theme, and how many
//! colours it may use. What each looks like is `ui`'s affair.

/// A set of colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For dark backgrounds.
    #[default]
    Dark,
    /// For light backgrounds.
    Light,
    /// For eyes that tell red from green badly, on any background.
    Safe,
    /// No colours: bold, dim and reverse only.
    Mono,
}

impl Theme {
    /// The themes and their names, as the configuration, `--theme` and the
    /// console give them.
    pub const ALL: [(&'static str, Theme); 4] = [
        ("dark", Theme::Dark),
        ("light", Theme::Light),
        ("safe", Theme::Safe),
        ("mono", Theme::Mono),
    ];

    /// Reads a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Theme> {
        let found = Self::ALL.into_iter().find(|(n, _)| *n == name);
        found.map(|(_, theme)| theme)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        let found = Self::ALL.into_iter().find(|(_, theme)| *theme == self);
        found.map_or("dark", |(name, _)| name)
    }
}

/// How many colours a theme may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colours {
    /// The 16 of ANSI: the user's own palette rules.
    #[default]
    Sixteen,
    /// The 256 that nearly every terminal has, for quieter shades.
    Many,
}

impl Colours {
    /// The settings and their names.
    pub const ALL: [(&'static str, Colours); 2] =
        [("16", Colours::Sixteen), ("256", Colours::Many)];
}
