//! The request of an injection as text: with the secrets masked, for whoever
//! is to confirm it, and as a curl command that takes them from the
//! environment. What is sent is encoded by the same function. Pure.

use std::fmt::Write;

use super::Injection;
use crate::domain::{
    id::{QueueId, SiteName},
    site::Queue,
    text,
};

/// Where queue events can be created; nothing secret is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The site.
    pub site: SiteName,
    /// What precedes the call: the site's `url` with `/api/json`.
    pub base: String,
    /// How it is asked.
    pub verb: Verb,
    /// The queues that the configuration names.
    pub queues: Vec<Queue>,
    /// Whether the configuration allows it.
    pub allowed: bool,
    /// Whether the site's name is to be typed first.
    pub production: bool,
}

/// How a site is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// A form.
    Post,
    /// A query.
    Get,
}

impl Target {
    /// The address of the call.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}/{}/", self.base, super::CALL)
    }

    /// The queue that was typed: an id or a name of the configuration's, or
    /// the id of another queue, which is sent as it is.
    ///
    /// # Errors
    /// A sentence: no such queue, or several.
    pub fn queue(&self, typed: &str) -> Result<QueueId, String> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(format!("queue is empty; {}", self.takes()));
        }
        if let Some(queue) = self.queues.iter().find(|q| q.id.as_str() == typed) {
            return Ok(queue.id.clone());
        }
        let named: Vec<&Queue> = self.queues.iter().filter(|q| q.name == typed).collect();
        let shown = text::clip(typed, 40);
        match named.as_slice() {
            [one] => Ok(one.id.clone()),
            [] if is_id(typed) => Ok(typed.into()),
            [] => Err(format!(
                "there is no queue \"{shown}\" at {}; {}",
                self.site,
                self.takes()
            )),
            several => {
                let ids: Vec<&str> = several.iter().map(|q| q.id.as_str()).collect();
                Err(format!(
                    "several queues of {} are called \"{shown}\"; give an id: {}",
                    self.site,
                    ids.join(", ")
                ))
            }
        }
    }

    fn takes(&self) -> String {
        let known: Vec<String> = self
            .queues
            .iter()
            .map(|q| match (q.name.as_str(), q.id.as_str()) {
                (name, id) if name == id => id.to_owned(),
                (name, id) => format!("{name} ({id})"),
            })
            .collect();
        if known.is_empty() {
            return "give a queue's id, a whole number".to_owned();
        }
        format!(
            "it has {}; the id of any other, a whole number, is sent as it is",
            known.join(", ")
        )
    }
}

/// Whether this may be a queue's id at the vendor.
fn is_id(typed: &str) -> bool {
    typed.len() <= 18 && typed.bytes().all(|b| b.is_ascii_digit())
}

/// What stands for a secret.
const MASK: &str = "***";

impl Injection {
    /// The parameters without the credentials, as they go over the wire.
    #[must_use]
    pub fn form(&self) -> String {
        let pairs = self.pairs();
        let pairs: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        pairs.join("&")
    }

    /// The request line by line, credentials masked: what is sent, exactly,
    /// but for them.
    #[must_use]
    pub fn masked(&self, target: &Target) -> Vec<String> {
        let address = target.address();
        let form = format!("auth_username={MASK}&auth_password={MASK}&{}", self.form());
        match target.verb {
            Verb::Post => vec![format!("POST {address}"), form],
            Verb::Get => vec![format!("GET {address}?{form}")],
        }
    }

    /// The same request as a command for a shell, which takes the credentials
    /// from `ENSWITCH_USERNAME` and `ENSWITCH_PASSWORD`.
    #[must_use]
    pub fn curl(&self, target: &Target) -> String {
        let verb = match target.verb {
            Verb::Post => "",
            Verb::Get => " --get",
        };
        format!(
            "curl{verb} --data-urlencode \"auth_username=$ENSWITCH_USERNAME\" \
             --data-urlencode \"auth_password=$ENSWITCH_PASSWORD\" --data-raw {} {}",
            quoted(&self.form()),
            quoted(&target.address())
        )
    }
}

/// A value as forms and queries carry it: every byte that could mean something
/// there (`;` too, by which this vendor parts parameters) as `%3B`, a blank as
/// `+`.
#[must_use]
pub fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                text.push(char::from(byte));
            }
            b' ' => text.push('+'),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

/// A word of a shell.
#[must_use]
pub fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::At;

    fn target(verb: Verb) -> Target {
        let queue = |id: &str, name: &str| Queue {
            id: id.into(),
            name: name.into(),
            service_level: Queue::SERVICE_LEVEL,
            critical: Queue::CRITICAL,
        };
        Target {
            site: "sales".into(),
            base: "http://enswitch.example.com/api/json".into(),
            verb,
            queues: vec![
                queue("123", "sales"),
                queue("124", "twin"),
                queue("125", "twin"),
                queue("126", "127"),
            ],
            allowed: true,
            production: false,
        }
    }

    fn event(typed: &str) -> Injection {
        let mut event = Injection::new("sales".into(), "123".into());
        event.set("event", typed, At(0)).unwrap();
        event
    }

    #[test]
    fn the_pages_example_is_shown_with_its_secrets_masked() {
        let event = event("TEST EVENT");
        assert_eq!(
            event.masked(&target(Verb::Get)),
            [
                "GET http://enswitch.example.com/api/json/queues/events/create/\
              ?auth_username=***&auth_password=***&queue=123&event=TEST+EVENT"
            ]
        );
        assert_eq!(
            event.masked(&target(Verb::Post)),
            [
                "POST http://enswitch.example.com/api/json/queues/events/create/",
                "auth_username=***&auth_password=***&queue=123&event=TEST+EVENT"
            ]
        );
    }

    #[test]
    fn curl_takes_the_credentials_from_the_environment() {
        let mut target = target(Verb::Post);
        assert_eq!(
            event("it's; $HOME & `x`").curl(&target),
            "curl --data-urlencode \"auth_username=$ENSWITCH_USERNAME\" --data-urlencode \
             \"auth_password=$ENSWITCH_PASSWORD\" --data-raw \
             'queue=123&event=it%27s%3B+%24HOME+%26+%60x%60' \
             'http://enswitch.example.com/api/json/queues/events/create/'"
        );
        target.verb = Verb::Get;
        target.base = "http://h/it's".into();
        let curl = event("x").curl(&target);
        assert!(curl.starts_with("curl --get "), "{curl}");
        assert!(
            curl.ends_with(r"'http://h/it'\''s/queues/events/create/'"),
            "{curl}"
        );
    }

    #[test]
    fn every_byte_that_could_mean_something_is_encoded() {
        assert_eq!(encoded("a;b&c=d+e f%ø"), "a%3Bb%26c%3Dd%2Be+f%25%C3%B8");
        assert_eq!(encoded("A-z_0.9*~"), "A-z_0.9*%7E");
    }

    #[test]
    fn a_queue_is_known_by_id_then_by_name_and_any_number_is_sent_as_it_is() {
        let target = target(Verb::Post);
        let queue = |typed| target.queue(typed).map(|id| id.to_string());
        assert_eq!(queue("sales").as_deref(), Ok("123"));
        assert_eq!(queue(" 123 ").as_deref(), Ok("123"));
        assert_eq!(queue("999").as_deref(), Ok("999"));
        assert_eq!(queue("127").as_deref(), Ok("126"));
        for (typed, words) in [
            ("twin", "give an id: 124, 125"),
            ("nobody", "it has sales (123), twin (124)"),
            ("", "queue is empty"),
            ("-1", "no queue \"-1\" at sales"),
            ("1234567890123456789", "no queue"),
        ] {
            let said = queue(typed).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
    }
}
