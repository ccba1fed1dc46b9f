//! `[console]`: what the screen looks like, and the named callback views.

use jiff::tz::TimeZone;

pub use crate::domain::look::{Colours, Theme};
use crate::domain::text;

use super::{
    error::ConfigError,
    keys,
    read::{Entry, Item, Section},
    value,
};

/// What the screen looks like.
#[derive(Clone, Debug)]
pub struct Console {
    /// The colours. Without a setting they are dark, or mono where `NO_COLOR`
    /// is set.
    pub theme: Theme,
    /// How many colours the theme may use.
    pub colours: Colours,
    /// Whether the terminal's bell rings when a caller or a callback grows
    /// late.
    pub bell: bool,
    /// The zone that times are shown in, and whose days are "today"; the
    /// system's without a setting.
    pub time_zone: TimeZone,
    /// Whether to keep to ASCII; `None` leaves it to the locale.
    pub ascii: Option<bool>,
    /// Named views of the callback list, in the order of the file.
    pub views: Vec<View>,
}

/// A named view of the callback list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name, as it is shown.
    pub name: String,
    /// Filter names of `holdline callbacks` (with `_`) and their values, in
    /// the order of the file. Times are kept as written.
    pub filters: Vec<(&'static str, Vec<String>)>,
}

/// A filter of the callback list, and its values where they are known
/// (While1, CallQueue / Read).
const FILTERS: &[(&str, &[&str])] = &[
    (
        "status",
        &["pending", "inprogress", "completed", "cancelled", "deleted"],
    ),
    ("from", &[]),
    ("to", &[]),
    ("due_before", &[]),
    ("unscheduled", &["true", "false"]),
    ("caller_id", &[]),
    ("dnid", &[]),
    ("outbound_number", &[]),
    ("project_id", &[]),
    ("inbound_route_id", &[]),
    ("outbound_type", &["auto", "manual"]),
    ("attend_type", &["attended", "unattended"]),
    ("external_id", &[]),
    ("assign_type", &["queue", "no_queue", "user"]),
    ("campaign", &[]),
];

pub(super) fn read(section: &Section<'_>) -> Result<Console, ConfigError> {
    let no_color = (section.file.env)("NO_COLOR").is_some_and(|v| !v.is_empty());
    let theme = match section.get("theme") {
        Some(item) => item.choice(&Theme::ALL)?,
        None if no_color => Theme::Mono,
        None => Theme::Dark,
    };
    let colours = match section.get("colours") {
        Some(item) => item.choice(&Colours::ALL)?,
        None => Colours::default(),
    };
    let bell = section.get("bell").map(|i| i.bool()).transpose()?;
    let time_zone = match section.get("time_zone") {
        Some(item) => item.parse(value::zone)?,
        None => TimeZone::system(),
    };
    let ascii = section.get("ascii").map(|i| i.bool()).transpose()?;
    let views = match section.get("views") {
        Some(item) => item.entries()?.iter().map(view).collect::<Result<_, _>>()?,
        None => Vec::new(),
    };
    Ok(Console {
        theme,
        colours,
        bell: bell.unwrap_or(false),
        time_zone,
        ascii,
        views,
    })
}

fn view(entry: &Entry<'_>) -> Result<View, ConfigError> {
    let item = &entry.item;
    if entry.key.trim().is_empty() || entry.key.chars().any(char::is_control) {
        return Err(item.file.error(
            entry.at,
            "a view has no readable name; name it as it should be shown",
        ));
    }
    let filters = item.entries()?;
    let filters = filters.iter().map(|e| filter(e, entry.key));
    Ok(View {
        name: entry.key.to_owned(),
        filters: filters.collect::<Result<_, _>>()?,
    })
}

fn filter(entry: &Entry<'_>, view: &str) -> Result<(&'static str, Vec<String>), ConfigError> {
    let file = entry.item.file;
    let typed = entry.key.replace('-', "_");
    let Some((name, choices)) = FILTERS.iter().find(|(name, _)| *name == typed) else {
        let instead = keys::instead(&typed, FILTERS.iter().map(|(name, _)| *name));
        let (view, typed) = (text::clip(view, 40), text::clip(entry.key, 40));
        let text = format!("view \"{view}\" has no filter `{typed}`; {instead}");
        return Err(file.error(entry.at, &text));
    };
    let wrong = |text: &str| file.error(entry.item.at, &format!("filter `{name}` {text}"));
    let values = values(&entry.item).ok_or_else(|| wrong("takes text, or a list of texts"))?;
    if values.is_empty()
        || values
            .iter()
            .any(|v| v.trim().is_empty() || v.chars().any(char::is_control))
    {
        return Err(wrong(
            "has an empty value, or a control character in it; remove it",
        ));
    }
    let checked = values.into_iter().map(|typed| {
        // The vendor's page writes "in progress" in its text and `inprogress`
        // in its code; the code is what is sent.
        let plain = typed.replace(' ', "").replace("in_progress", "inprogress");
        if choices.is_empty() {
            return Ok(typed);
        }
        if choices.contains(&plain.as_str()) {
            return Ok(plain);
        }
        let shown = text::clip(&typed, 40);
        let instead = keys::instead_value(&typed, choices.iter().copied());
        Err(wrong(&format!("cannot be \"{shown}\"; {instead}")))
    });
    Ok((name, checked.collect::<Result<_, _>>()?))
}

/// A filter's values: one, or a list; numbers and booleans as they are
/// written. None if it is something else.
fn values(item: &Item<'_>) -> Option<Vec<String>> {
    if item.is_list() {
        return item.list().ok()?.iter().map(Item::scalar).collect();
    }
    item.scalar().map(|v| vec![v])
}
