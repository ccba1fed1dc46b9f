//! Presets: events to begin with, by the vendor's names. Without `event`, a
//! queue event to be created; with it, what is said as a vendor. The shipped
//! ones are in `assets/presets`; people write their own. Pure.
//!
//! ```toml
//! name = "Caller joins"
//! [values]
//! event = "JOIN"
//! callerid = "+4535203040"
//! ```
//!
//! ```toml
//! name = "Anna pauses"
//! event = "agent:status"
//! [values]
//! user_id = "17"
//! pause_id = "5"
//! ```

use std::fmt::Write;

use toml::{Value, de::DeTable};

use super::{
    injection::{Param, Part},
    scenario::{
        Mistake, SOMETIME, Shape,
        speech::{self, Spoken},
        webhook::Webhook,
    },
    sheet::{Item, Key, Sheet, Table},
    site::Vendor,
    suggest,
    text::{ascii, clean, clip},
};

/// A set of values to fill the form with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What people call it.
    pub name: String,
    /// What it is for; may be empty.
    pub about: String,
    /// What it fills in; what it does not name is left empty.
    pub begins: Begins,
}

/// What a preset fills in; values as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Parameters of a queue event.
    Call(Vec<(&'static str, String)>),
    /// An event to be said as a vendor.
    Say(Webhook),
}

const KEYS: &[Key] = &[
    Key::new("name", "text"),
    Key::new("about", "text"),
    Key::new(
        "event",
        "an event to be said as a vendor, such as \"agent:status\"",
    ),
    Key::new("shape", "how an event's fields travel, such as \"json\""),
    Key::new(
        "to",
        "the URL that an event goes to instead of our own receiver",
    ),
    Key::new(
        "values",
        "a table such as { event = \"JOIN\", position = 1 }",
    ),
];

/// The shipped ones: the file's name, and its text.
const SHIPPED: [(&str, &str); 9] = [
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
    (
        "agent-logs-in.toml",
        include_str!("../../assets/presets/agent-logs-in.toml"),
    ),
    (
        "agent-pauses.toml",
        include_str!("../../assets/presets/agent-pauses.toml"),
    ),
    (
        "call-waits.toml",
        include_str!("../../assets/presets/call-waits.toml"),
    ),
    (
        "phone-is-called.toml",
        include_str!("../../assets/presets/phone-is-called.toml"),
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
                let table = Table::top(&sheet, document.get_ref(), "a preset", KEYS);
                preset(&table)
            }
            Err(error) => {
                sheet.not_toml(&error, "correct it");
                None
            }
        };
        let (mistakes, _) = sheet.end();
        read.filter(|_| mistakes.is_empty()).ok_or(mistakes)
    }

    /// Whose events it says; `None` of a queue event to be created.
    #[must_use]
    pub fn vendor(&self) -> Option<Vendor> {
        match &self.begins {
            Begins::Call(_) => None,
            Begins::Say(webhook) => Some(webhook.event.vendor),
        }
    }

    /// Its file, without a suffix: its name in letters that every disk takes.
    ///
    /// # Errors
    /// A sentence: the name has no such letters.
    pub fn file_stem(&self) -> Result<String, String> {
        /// No file's name is longer.
        const LONGEST: usize = 60;
        let name = clean(&self.name);
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { ' ' };
        let plain: String = ascii(&name).chars().map(plain).collect();
        let words: Vec<String> = plain.split_whitespace().map(str::to_lowercase).collect();
        let stem: String = words.join("-").chars().take(LONGEST).collect();
        match stem.trim_end_matches('-') {
            "" => Err("a preset's name needs letters or digits".to_owned()),
            stem => Ok(stem.to_owned()),
        }
    }

    /// The text of its file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut head = vec![("name", self.name.as_str())];
        if !self.about.is_empty() {
            head.push(("about", &self.about));
        }
        let values: Vec<(&str, &str)> = match &self.begins {
            Begins::Call(values) => values.iter().map(|(n, v)| (*n, v.as_str())).collect(),
            Begins::Say(webhook) => {
                head.push(("event", webhook.event.name));
                head.push(("shape", webhook.shape.word()));
                head.extend(webhook.to.as_deref().map(|to| ("to", to)));
                let fields = webhook.fields.iter();
                fields.map(|(n, v)| (&**n, v.as_str())).collect()
            }
        };
        let mut text = String::new();
        write(&mut text, &head);
        text.push_str("\n[values]\n");
        write(&mut text, &values);
        text
    }
}

/// Settings, a line each.
fn write(text: &mut String, settings: &[(&str, &str)]) {
    let quoted = |text: &str| Value::String(text.to_owned()).to_string();
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    for (name, value) in settings {
        let is_bare = !name.is_empty() && name.chars().all(bare);
        let name = if is_bare {
            (*name).to_owned()
        } else {
            quoted(name)
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name} = {}", quoted(value));
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
    let begins = match table.get("event") {
        Some(event) => Begins::Say(said(table, &event, &values)?),
        None => Begins::Call(called(table, &values)?),
    };
    Some(Preset {
        name: text("name")?,
        about: text("about").unwrap_or_default(),
        begins,
    })
}

/// A queue event to be created.
fn called(table: &Table<'_>, values: &Item<'_>) -> Option<Vec<(&'static str, String)>> {
    for stray in ["shape", "to"].iter().filter_map(|name| table.get(name)) {
        stray.wrong::<()>("goes with event = \"…\"; remove it");
    }
    let mut read = Vec::new();
    for entry in values.entries()? {
        read.extend(value(table.sheet, entry.at, entry.key, &entry.item));
    }
    Some(read)
}

/// An event to be said. Fields that the vendor's page does not have are sent
/// as they are.
fn said(table: &Table<'_>, named: &Item<'_>, values: &Item<'_>) -> Option<Webhook> {
    let typed = named.word()?;
    let Some(event) = speech::event(typed) else {
        let instead = suggest::instead_value(typed, speech::names());
        let shown = clip(typed, 40);
        return named.wrong(&format!("cannot be \"{shown}\"; {instead}"));
    };
    let mut fields = Vec::new();
    for entry in values.entries()? {
        let Some(value) = entry.item.scalar() else {
            continue;
        };
        let variable = event.variable(entry.key);
        if let Some(what) = variable.and_then(|v| v.read(&value, SOMETIME).err()) {
            let what = what.strip_prefix(entry.key).unwrap_or(&what).trim_start();
            entry.item.wrong::<()>(what);
        }
        fields.push((entry.key.into(), value));
    }
    Some(Webhook {
        event,
        fields,
        shape: shape(table, event),
        to: table.get("to").and_then(|item| item.word().map(Into::into)),
        cut: false,
    })
}

fn shape(table: &Table<'_>, event: &Spoken) -> Shape {
    let shapes = speech::shapes(event.vendor);
    let words: Vec<(&'static str, Shape)> = shapes.iter().map(|s| (s.word(), *s)).collect();
    let given = table.get("shape").and_then(|item| item.choice(&words));
    given
        .or_else(|| shapes.first().copied())
        .unwrap_or_default()
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
        return sheet.wrong(at, &format!("there is no parameter `{typed}`; {instead}"));
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
            assert!(!preset.about.is_empty(), "{file}");
            assert!(!names.contains(&preset.name), "{file}");
            names.push(preset.name);
        }
        assert_eq!(shipped().len(), SHIPPED.len());
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        for (file, text) in SHIPPED {
            let preset = Preset::read(text).unwrap();
            assert_eq!(Preset::read(&preset.text()), Ok(preset), "{file}");
        }
        let mut odd = Preset {
            name: "\"Æble\" \\ {x} = [y] #".into(),
            about: String::new(),
            begins: Begins::Call(vec![("event", "it's \"\"\" \\ $ ".into())]),
        };
        assert_eq!(Preset::read(&odd.text()), Ok(odd.clone()));
        assert_eq!(odd.file_stem().as_deref(), Ok("aeble-x-y"));
        odd.begins = Begins::Say(Webhook {
            event: speech::event("agent:status").unwrap(),
            fields: vec![
                ("user_id".into(), "17".into()),
                ("a b.c".into(), "ø".into()),
            ],
            shape: Shape::Form,
            to: Some("http://127.0.0.1:1/x".into()),
            cut: false,
        });
        assert_eq!(Preset::read(&odd.text()), Ok(odd.clone()));
        odd.name = "../..".into();
        assert!(odd.file_stem().is_err(), "{:?}", odd.file_stem());
    }

    #[test]
    fn mistakes_of_an_event_are_told_too() {
        let told = |text: &str| {
            let mistakes = Preset::read(text).unwrap_err().into_iter();
            let told = mistakes.map(|m| format!("{}: {}", m.line, m.what));
            told.collect::<Vec<_>>()
        };
        assert_eq!(
            told("name = \"x\"\nevent = \"agent:stats\"\n[values]\n"),
            ["2: `event` cannot be \"agent:stats\"; did you mean \"agent:status\"?"]
        );
        assert_eq!(
            told(
                "name = \"x\"\nevent = \"dial-in\"\nshape = \"json\"\n[values]\nCallFlow = \
                 \"up\"\n"
            ),
            [
                "3: `shape` cannot be \"json\"; it can be get or form",
                "5: `CallFlow` is one of in, out, or empty",
            ]
        );
        assert_eq!(
            told("name = \"x\"\nto = \"http://h\"\n[values]\nevent = \"J\"\n"),
            ["2: `to` goes with event = \"…\"; remove it"]
        );
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
