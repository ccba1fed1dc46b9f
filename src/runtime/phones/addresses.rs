//! The addresses of our receiver, as a vendor is told them: `public_url`, or
//! where it listens, with a site's secrets. Who knows one can send events.

use crate::{
    config::{Config, Site},
    domain::{
        feed::{FeedHealth, FeedId, FeedKind},
        time::At,
    },
};

/// Why there is none, as a sentence.
const NO_PORT: &str = "the receiver takes any free port (port 0) and none runs now; start `holdline collect`, or set \
     a port as `listen` under [receiver]";
const NO_HOOK: &str = "it has no hook, so nothing can be pushed to us; set `hook = { secret = … }`";

/// The receiver's addresses for a site.
#[derive(Clone, PartialEq, Eq)]
pub struct Addresses {
    /// One for each secret; the first is what the vendor is told.
    pub urls: Vec<String>,
    /// Whether somebody on another machine may reach it.
    pub is_reachable: bool,
}

impl Addresses {
    /// Those of this site; the health of the feeds tells the port where any
    /// free one is taken.
    ///
    /// # Errors
    /// A clause: the site has no hook, or no port is known.
    pub fn of(
        config: &Config,
        site: &Site,
        feeds: &[(FeedId, FeedHealth)],
        now: At,
    ) -> Result<Self, &'static str> {
        let hook = site.hook().ok_or(NO_HOOK)?;
        let listens = config.receiver.listen;
        let base = match &config.receiver.public_url {
            Some(url) => url.clone(),
            None if listens.port() != 0 => format!("http://{listens}"),
            None => format!("http://{}", heard_of(site, feeds, now).ok_or(NO_PORT)?),
        };
        let is_near = listens.ip().is_loopback() || listens.ip().is_unspecified();
        let urls = hook.secrets.iter().map(|secret| {
            let (site, secret) = (site.name.as_str(), secret.expose());
            format!("{base}/hooks/{site}/{secret}")
        });
        Ok(Self {
            urls: urls.collect(),
            is_reachable: config.receiver.public_url.is_some() || !is_near,
        })
    }

    /// The address that the vendor is told.
    #[must_use]
    pub fn told(&self) -> &str {
        self.urls.first().map_or("", String::as_str)
    }
}

/// Where the receiver that runs says it listens; `None` where none runs.
#[must_use]
pub fn heard_of(site: &Site, feeds: &[(FeedId, FeedHealth)], now: At) -> Option<String> {
    let id = FeedId {
        site: site.name.clone(),
        kind: FeedKind::Hooks,
    };
    let (_, health) = feeds.iter().find(|(known, _)| *known == id)?;
    let heard = health.heard.as_ref()?;
    heard.listens_now(now).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::domain::feed::Heard;

    fn config(receiver: &str) -> Config {
        let text = format!(
            "[receiver]\n{receiver}\n\n[[site]]\nname = \"phones\"\nvendor = \"telphin\"\nurl = \
             \"http://127.0.0.1:9\"\nclient_id = \"a\"\nclient_secret = \"b\"\nhook = {{ secret = \
             [\"new-secret-0123456\", \"old-secret-0123456\"] }}\n"
        );
        Config::parse(&text, Path::new("/"), &|_| None).unwrap()
    }

    fn of(receiver: &str, feeds: &[(FeedId, FeedHealth)]) -> Result<Addresses, &'static str> {
        let config = config(receiver);
        Addresses::of(&config, &config.sites[0], feeds, At(60_000))
    }

    #[test]
    fn the_public_url_is_told_and_without_one_where_it_listens() {
        let told = of("public_url = \"https://h.example\"", &[]).ok().unwrap();
        assert!(told.is_reachable);
        assert_eq!(
            told.urls,
            [
                "https://h.example/hooks/phones/new-secret-0123456",
                "https://h.example/hooks/phones/old-secret-0123456"
            ]
        );
        let near = of("listen = \"127.0.0.1:8642\"", &[]).ok().unwrap();
        assert!(!near.is_reachable);
        assert!(
            near.told()
                .starts_with("http://127.0.0.1:8642/hooks/phones/new-")
        );
        let far = of("listen = \"192.0.2.1:8642\"", &[]).ok().unwrap();
        assert!(far.is_reachable);
    }

    #[test]
    fn any_free_port_is_known_by_the_receiver_that_runs() {
        let health = |alive| FeedHealth {
            heard: Some(Heard {
                listens: Some("127.0.0.1:4321".into()),
                alive: Some(At(alive)),
                ..Heard::default()
            }),
            ..FeedHealth::pushed()
        };
        let id = FeedId {
            site: "phones".into(),
            kind: FeedKind::Hooks,
        };
        let listen = "listen = \"127.0.0.1:0\"";
        assert_eq!(of(listen, &[]).err(), Some(NO_PORT));
        assert_eq!(
            of(listen, &[(id.clone(), health(1_000))]).err(),
            Some(NO_PORT)
        );
        let running = of(listen, &[(id, health(59_000))]).ok().unwrap();
        assert!(running.told().starts_with("http://127.0.0.1:4321/hooks/"));
    }
}
