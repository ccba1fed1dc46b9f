//! Presets: queue events to begin with, by the vendor's parameter names. The
//! shipped ones are in `assets/presets`; people write their own. Pure.
//!
//! ```toml
//! name = "Caller joins"
//! [values]
//! event = "JOIN"
//! callerid = "+4535203040"
//! ```

use toml::de::DeTable;

use super::{
    injection::{Param, Part},
    scenario::{Mistake, SOMETIME},
    sheet::{Item, Key, Sheet, Table},
    suggest,
    text::clip,
};

/// A set of values to fill the form with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What people call it.
    pub name: String,
    /// What it is for; may be empty.
    pub about: String,
    /// Values as typed, by parameter; those it does not name are left empty.
    pub values: Vec<(&'static str, String)>,
}

const KEYS: &[Key] = &[
    Key {
        name: "name",
        takes: "text",
    },
    Key {
        name: "about",
        takes: "text",
    },
    Key {
        name: "values",
        takes: "a table such as { event = \"JOIN\", position = 1 }",
    },
];

/// The shipped ones: the file's name, and its text.
const SHIPPED: [(&str, &str); 5] = [
    ("test.toml", include_str!("../../assets/presets/test.toml")),
    (
        "joined.toml",
        include_str!("../../assets/presets/joined.toml"),
    ),
    (
        "connected.toml",
        include_str!("../../assets/presets/connected.toml"),
    ),
    (
        "abandoned.toml",
        include_str!("../../assets/presets/abandoned.toml"),
    ),
    (
        "callback-key.toml",
        include_str!("../../assets/presets/callback-key.toml"),
    ),
];

/// The presets that come with the program, in the order they are offered.
#[must_use]
pub fn shipped() -> Vec<Preset> {
    let read = |(_, text): &(&str, &str)| Preset::read(text).ok();
    SHIPPED.iter().filter_map(read).collect()
}

impl Preset {
    /// Reads a preset's file.
    ///
    /// # Errors
    /// All its mistakes, in the file's order.
    pub fn read(text: &str) -> Result<Self, Vec<Mistake>> {
        let sheet = Sheet::new(text);
        let read = match DeTable::parse(text) {
            Ok(document) => {
                let table = Table::new(&sheet, document.get_ref(), 0, "a preset", KEYS);
                preset(&table)
            }
            Err(error) => {
                sheet.not_toml(&error);
                None
            }
        };
        let (mistakes, _) = sheet.end();
        read.filter(|_| mistakes.is_empty()).ok_or(mistakes)
    }
}

fn preset(table: &Table<'_>) -> Option<Preset> {
    let text = |name: &str| {
        table
            .get(name)
            .and_then(|item| item.word().map(str::to_owned))
    };
    if table.get("name").is_none() {
        table.wrong::<()>("has no name; add name = \"…\"");
    }
    let Some(values) = table.get("values") else {
        return table.wrong("has no values; add [values] with event = \"…\"");
    };
    let mut read = Vec::new();
    for entry in values.entries()? {
        if let Some(value) = value(table.sheet, entry.at, entry.key, &entry.item) {
            read.push(value);
        }
    }
    Some(Preset {
        name: text("name")?,
        about: text("about").unwrap_or_default(),
        values: read,
    })
}

fn value(
    sheet: &Sheet<'_>,
    at: usize,
    name: &str,
    item: &Item<'_>,
) -> Option<(&'static str, String)> {
    let param = Param::named(name).filter(|param| param.part == Part::Form);
    let Some(param) = param else {
        let names: Vec<&str> = Param::of_form().map(|param| param.name).collect();
        let instead = suggest::instead(name, names.iter().copied());
        let typed = clip(name, 40);
        sheet.wrong(at, &format!("there is no parameter `{typed}`; {instead}"));
        return None;
    };
    let value = item.scalar()?;
    // Names of queues are the configuration's to know.
    if param.name != "queue"
        && let Err(what) = param.read(&value, SOMETIME)
    {
        let what = what.strip_prefix(param.name).unwrap_or(&what).trim_start();
        return item.wrong(what);
    }
    Some((param.name, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_preset_is_right_and_has_a_name_of_its_own() {
        let mut names = Vec::new();
        for (file, text) in SHIPPED {
            let preset = Preset::read(text);
            let preset = preset.unwrap_or_else(|mistakes| panic!("{file}: {mistakes:?}"));
            assert!(
                !preset.values.is_empty() && !preset.about.is_empty(),
                "{file}"
            );
            assert!(!names.contains(&preset.name), "{file}");
            names.push(preset.name);
        }
        assert_eq!(shipped().len(), SHIPPED.len());
    }

    #[test]
    fn mistakes_are_told_by_line_all_at_once() {
        let text =
            "nmae = 1\n[values]\nevnt = \"X\"\nposition = \"first\"\nauth_password = \"x\"\n";
        let told: Vec<String> = Preset::read(text)
            .unwrap_err()
            .into_iter()
            .map(|m| format!("{}: {}", m.line, m.what))
            .collect();
        assert_eq!(
            told,
            [
                "1: a preset has no setting `nmae`; did you mean `name`?",
                "1: a preset has no name; add name = \"…\"",
                "3: there is no parameter `evnt`; did you mean `event`?",
                "4: `position` is a whole number, such as 3",
                "5: there is no parameter `auth_password`; there are queue, event, callerid, callid, \
                 channel, dtype, dnumber, keypress, position and time",
            ]
        );
        assert_eq!(Preset::read("name = ").unwrap_err()[0].line, 1);
    }
}
