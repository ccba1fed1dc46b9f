//! `[console]`: what the screen looks like, and the named callback views.

use jiff::tz::TimeZone;

pub use crate::domain::look::{Colours, Theme};
use crate::domain::{
    sheet::{Entry, Item, Table},
    text,
};

use super::{find::Env, keys, value};

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

pub(super) fn read(table: &Table<'_>, env: Env<'_>) -> Console {
    let no_color = env("NO_COLOR").is_some_and(|v| !v.is_empty());
    let plain = if no_color { Theme::Mono } else { Theme::Dark };
    let theme = table.get("theme").and_then(|i| i.choice(&Theme::ALL));
    let colours = table.get("colours").and_then(|i| i.choice(&Colours::ALL));
    let zone = table.get("time_zone").and_then(|i| i.parse(value::zone));
    let views = table.get("views").and_then(|i| {
        let views = i.entries()?;
        Some(
            views
                .into_iter()
                .filter_map(|e| view(e, i.name()))
                .collect(),
        )
    });
    Console {
        theme: theme.unwrap_or(plain),
        colours: colours.unwrap_or_default(),
        bell: table.get("bell").and_then(|i| i.bool()).unwrap_or(false),
        time_zone: zone.unwrap_or_else(TimeZone::system),
        ascii: table.get("ascii").and_then(|i| i.bool()),
        views: views.unwrap_or_default(),
    }
}

/// A view of the setting `views`.
fn view(entry: Entry<'_>, views: &str) -> Option<View> {
    if entry.key.trim().is_empty() || entry.key.chars().any(char::is_control) {
        let text = "a view has no readable name; name it as it should be shown";
        return entry.item.sheet.wrong(entry.at, text);
    }
    let filters = entry.item.called(views).entries()?;
    let filters = filters.iter().filter_map(|e| filter(e, entry.key));
    Some(View {
        name: entry.key.to_owned(),
        filters: filters.collect(),
    })
}

fn filter(entry: &Entry<'_>, view: &str) -> Option<(&'static str, Vec<String>)> {
    let sheet = entry.item.sheet;
    let typed = entry.key.replace('-', "_");
    let Some((name, choices)) = FILTERS.iter().find(|(name, _)| *name == typed) else {
        let instead = keys::instead(&typed, FILTERS.iter().map(|(name, _)| *name));
        let (view, typed) = (text::clip(view, 40), text::clip(entry.key, 40));
        let text = format!("view \"{view}\" has no filter `{typed}`; {instead}");
        return sheet.wrong(entry.at, &text);
    };
    let wrong = |text: &str| sheet.wrong(entry.item.at, &format!("filter `{name}` {text}"));
    let Some(values) = values(&entry.item) else {
        return wrong("takes text, or a list of texts");
    };
    let is_empty = |v: &String| v.trim().is_empty() || v.chars().any(char::is_control);
    if values.is_empty() || values.iter().any(is_empty) {
        return wrong("has an empty value, or a control character in it; remove it");
    }
    let checked = values.into_iter().map(|typed| {
        // The vendor's page writes "in progress" in its text and `inprogress`
        // in its code; the code is what is sent.
        let plain = typed.replace(' ', "").replace("in_progress", "inprogress");
        if choices.is_empty() {
            return Some(typed);
        }
        if choices.contains(&plain.as_str()) {
            return Some(plain);
        }
        let shown = text::clip(&typed, 40);
        let instead = keys::instead_value(&typed, choices.iter().copied());
        sheet.wrong(
            entry.item.at,
            &format!("filter `{name}` cannot be \"{shown}\"; {instead}"),
        )
    });
    Some((name, checked.collect::<Option<_>>()?))
}

/// A filter's values: one, or a list; numbers and booleans as they are
/// written. None if it is something else.
fn values(item: &Item<'_>) -> Option<Vec<String>> {
    if item.is_list() {
        return item.list()?.iter().map(Item::as_written).collect();
    }
    item.as_written().map(|v| vec![v])
}
