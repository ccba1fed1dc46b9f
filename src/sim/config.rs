//! The configuration that a client of the simulator needs, as text: written
//! here by hand, so that reading it proves the format.

use std::{collections::BTreeMap, fmt::Write, path::Path, time::Duration};

use crate::domain::site::Vendor;

use super::{
    contaqt::{self, Push},
    enswitch, telecomx,
    telphin::{self, Setup},
    while1,
    world::QUEUES,
};

/// A whole configuration file.
pub fn written(
    sites: &BTreeMap<String, String>,
    push: Option<&Push>,
    phones: &Setup,
    journal: &Path,
    poll: Duration,
) -> String {
    let mut text = format!(
        "# A client's configuration for the simulator. Nothing in it is secret.\n\n\
         [journal]\npath = {}\n",
        quoted(&journal.to_string_lossy())
    );
    if let Some(url) = sites.get(Vendor::TelecomX.name()) {
        text.push_str(&telecomx_site(url, poll));
    }
    if let Some(url) = sites.get(Vendor::While1.name()) {
        text.push_str(&while1_site(url));
    }
    if let Some(url) = sites.get(Vendor::Enswitch.name()) {
        text.push_str(&enswitch_site(url));
    }
    if let Some(listens) = push.map(|push| push.to).or(phones.receiver) {
        let listens = quoted(&listens.to_string());
        // Writing to a String cannot fail.
        let _ = write!(text, "\n[receiver]\nlisten = {listens}\n");
    }
    if push.is_some() {
        text.push_str(&contaqt::site(quoted));
    }
    if let Some(url) = sites.get(Vendor::Telphin.name()) {
        text.push_str(&telphin::site(phones, url, quoted));
    }
    text
}

fn telecomx_site(url: &str, poll: Duration) -> String {
    let mut text = format!(
        "\n[[site]]\nname = \"support\"\nvendor = \"telecomx\"\nurl = {}\ntoken = {}\npoll = {}\nqueues = [\n",
        quoted(url),
        quoted(telecomx::TOKEN),
        quoted(&length(poll)),
    );
    for (id, desk) in telecomx::QUEUE_IDS.iter().zip(QUEUES) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  {{ id = {}, name = {}, service_level = \"20s\", critical = \"60s\" }},",
            quoted(id),
            quoted(desk.name)
        );
    }
    text + "]\n"
}

fn while1_site(url: &str) -> String {
    format!(
        "\n[[site]]\nname = \"outbound\"\nvendor = \"while1\"\nurl = {}\ntoken = {}\nkey = {}\n\
         time_zone = {}\ncountry = {}\n",
        quoted(url),
        quoted(while1::TOKEN),
        quoted(while1::KEY),
        quoted(while1::TIME_ZONE),
        quoted(while1::COUNTRY),
    )
}

fn enswitch_site(url: &str) -> String {
    let mut text = format!(
        "\n[[site]]\nname = \"sales\"\nvendor = \"enswitch\"\nurl = {}\nusername = {}\n\
         password = {}\nallow = [\"inject\"]\nmax_rate = 10000\nqueues = [\n",
        quoted(url),
        quoted(enswitch::USERNAME),
        quoted(enswitch::PASSWORD),
    );
    for (id, desk) in enswitch::QUEUE_IDS.iter().zip(QUEUES) {
        let (id, name) = (quoted(id), quoted(desk.name));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {{ id = {id}, name = {name} }},");
    }
    text + "]\n"
}

fn length(d: Duration) -> String {
    match (d.as_secs(), d.subsec_millis()) {
        (s, 0) => format!("{s}s"),
        _ => format!("{}ms", d.as_millis()),
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_toml_whatever_the_journal_is_called() {
        let sites = BTreeMap::from([(
            "telecomx".to_owned(),
            "http://127.0.0.1:1/telecomx".to_owned(),
        )]);
        let push = Push::new(([127, 0, 0, 1], 8642).into());
        let journal = Path::new("/home/søren/\"odd\" \\ folder");
        let poll = Duration::from_millis(1_500);
        let text = written(&sites, Some(&push), &Setup::default(), journal, poll);
        let read: toml::Table = text.parse().unwrap();
        assert_eq!(read["journal"]["path"].as_str(), journal.to_str());
        let site = &read["site"][0];
        assert_eq!(site["url"].as_str(), Some("http://127.0.0.1:1/telecomx"));
        assert_eq!(site["poll"].as_str(), Some("1500ms"));
        assert_eq!(site["queues"].as_array().unwrap().len(), 3);
        assert_eq!(site["queues"][1]["name"].as_str(), Some("sales"));
        assert_eq!(read["receiver"]["listen"].as_str(), Some("127.0.0.1:8642"));
        let team = &read["site"][1];
        assert_eq!(team["name"].as_str(), Some(contaqt::SITE));
        assert_eq!(team["hook"]["secret"].as_str(), Some(contaqt::SECRET));
        assert_eq!(team["agents"].as_table().unwrap().len(), 12);
        assert_eq!(team["pauses"]["5"]["limit"].as_str(), Some("4m"));
    }
}
