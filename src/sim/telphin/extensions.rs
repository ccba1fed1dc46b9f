//! What the exchange's stations are called here: ids, short numbers, names.

use serde_json::{Value, json};

use crate::emit::telphin as page;

use super::super::world::exchange::{PHONES, PhoneNo, Station};

/// The voice menu's id.
pub const MENU_ID: &str = "96850";

/// The queue's id.
pub const QUEUE_ID: &str = "96857";

/// The ids of the phones, in the exchange's order.
pub const PHONE_IDS: [&str; PHONES.len()] = [
    "85219", "85220", "85221", "85222", "85223", "85224", "85225",
];

/// An extension that exists, of another client: nobody here may see it.
pub const FORBIDDEN_EXTENSION_ID: &str = "71002";

const NUMBERS: [&str; PHONES.len()] = ["201", "202", "203", "204", "205", "206", "207"];

/// What precedes the short number in an extension's name.
const PREFIX: &str = "0001";
const DOMAIN: &str = "sipproxy.telphin.ru";
const CLIENT_ID: u32 = 1;

/// A station as this vendor has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension {
    pub station: Station,
    pub id: &'static str,
    /// Its short number.
    pub number: &'static str,
    /// What people call it.
    pub label: &'static str,
}

impl Extension {
    /// The name in the list, and what is dialled within: `0001*201`.
    pub fn name(&self) -> String {
        format!("{PREFIX}*{}", self.number)
    }

    /// As events name it.
    pub fn named(&self) -> page::Extension {
        page::Extension {
            id: self.id.to_owned(),
            address: format!("{}@{DOMAIN}", self.name()),
        }
    }

    /// The word for what it is.
    pub fn kind(&self) -> &'static str {
        match self.station {
            Station::Menu => "ivr",
            Station::Queue => "queue",
            Station::Phone(_) => "phone",
        }
    }

    /// A row of the list.
    pub fn row(&self) -> Value {
        json!({
            "id": self.id.parse::<u32>().ok(),
            "name": self.name(),
            "type": self.kind(),
            "status": "active",
            "label": self.label,
            "domain": DOMAIN,
            "client_id": CLIENT_ID,
            "caller_id_name": self.label,
            "create_date": "2024-03-02 09:15:00",
            "extension_group_id": null,
            "extra_params": "",
        })
    }
}

/// The extension of a station.
pub fn of(station: Station) -> Extension {
    let (id, number, label) = match station {
        Station::Menu => (MENU_ID, "100", "Main menu"),
        Station::Queue => (QUEUE_ID, "101", "Hotline"),
        Station::Phone(no) => (PHONE_IDS[no], NUMBERS[no], PHONES[no].name),
    };
    Extension {
        station,
        id,
        number,
        label,
    }
}

/// All of them: the menu, the queue, the phones.
pub fn all() -> impl Iterator<Item = Extension> {
    let phones = (0..PHONES.len()).map(Station::Phone);
    [Station::Menu, Station::Queue]
        .into_iter()
        .chain(phones)
        .map(of)
}

/// The extension that a path names, by its id or as `@` and its short number.
pub fn named(name: &str) -> Option<Extension> {
    all().find(|extension| match name.strip_prefix('@') {
        Some(number) => extension.number == number,
        None => extension.id == name,
    })
}

/// The phone with this short number, or this name.
pub fn phone(number: &str) -> Option<PhoneNo> {
    let found = all().find(|e| e.number == number || e.name() == number)?;
    match found.station {
        Station::Phone(no) => Some(no),
        Station::Menu | Station::Queue => None,
    }
}
