//! The five panes: their numbers, names, and what they say while they have no
//! source.

use crate::domain::site::{Site, Vendor};

/// A pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaneId {
    /// Who waits.
    Callers,
    /// Who serves.
    Agents,
    /// Who is to be called back.
    Callbacks,
    /// Sends queue events.
    Inject,
    /// What the PBX tells.
    Activity,
}

impl PaneId {
    /// All of them, by number.
    pub const ALL: [PaneId; 5] = [
        Self::Callers,
        Self::Agents,
        Self::Callbacks,
        Self::Inject,
        Self::Activity,
    ];

    /// The key that goes there, and the number in its title.
    #[must_use]
    pub fn number(self) -> char {
        match self {
            Self::Callers => '1',
            Self::Agents => '2',
            Self::Callbacks => '3',
            Self::Inject => '4',
            Self::Activity => '5',
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Callers => "Callers",
            Self::Agents => "Agents",
            Self::Callbacks => "Callbacks",
            Self::Inject => "Inject",
            Self::Activity => "Activity",
        }
    }

    /// What it shows, in a few words.
    #[must_use]
    pub fn shows(self) -> &'static str {
        match self {
            Self::Callers => "who waits in which queue, and for how long",
            Self::Agents => "who is free, on a call or paused, and since when",
            Self::Callbacks => "scheduled callbacks, the late ones first",
            Self::Inject => "sends a queue event and shows the answer",
            Self::Activity => "what the PBX tells, as it comes, and what it changes",
        }
    }

    /// Whose sites can feed it.
    #[must_use]
    pub fn vendors(self) -> &'static [Vendor] {
        match self {
            Self::Callers => &[Vendor::TelecomX, Vendor::Contaqt, Vendor::Telphin],
            Self::Agents | Self::Activity => &[Vendor::Contaqt, Vendor::Telphin],
            // Missed calls are put there by hand.
            Self::Callbacks => &[Vendor::While1, Vendor::Telphin],
            Self::Inject => &[Vendor::Enswitch],
        }
    }

    /// Whether any of these sites feeds it.
    #[must_use]
    pub fn has_source(self, sites: &[Site]) -> bool {
        sites.iter().any(|s| self.vendors().contains(&s.vendor))
    }

    /// Why it is empty and which site to configure, in one line.
    #[must_use]
    pub fn wants(self) -> String {
        let names: Vec<&str> = self.vendors().iter().map(|v| v.name()).collect();
        let article = if names[0].starts_with('e') { "an" } else { "a" };
        let (last, others) = names.split_last().unwrap_or((&"", &[]));
        let names = match others {
            [] => (*last).to_owned(),
            others => format!("{} or {last}", others.join(", ")),
        };
        format!("configure {article} {names} site")
    }
}
