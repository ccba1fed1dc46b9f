//! What consoles ask of vendors between polls: While1's list of callbacks,
//! Telphin's extensions, subscriptions and limits, and an event for Enswitch,
//! by the very functions that the runtime asks through.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use holdline::{
    config::{Account, Config},
    domain::{filter::Filters, injection::Injection, time::Clock},
    journal::Journal,
    runtime::inject,
    sim::enswitch::QUEUE_IDS,
    vendor::{enswitch, telphin, while1},
};

/// Between two of each, ms.
const EVERY: i64 = 3 * 60_000;

pub struct Asks {
    while1: while1::Client,
    enswitch: enswitch::Client,
    site: holdline::domain::id::SiteName,
    telphin: telphin::Client,
    journal: Journal,
    clock: Clock,
    who: Arc<str>,
    due: i64,
}

impl Asks {
    pub fn new(config: &Config, deadline: Duration, journal: &Journal, clock: &Clock) -> Self {
        let (mut lists, mut events, mut phones) = (None, None, None);
        for site in &config.sites {
            let clock = clock.clone();
            match &site.account {
                Account::While1(account) => {
                    let zone = &config.console.time_zone;
                    lists = Some(while1::Client::new(site, account, zone, deadline, clock));
                }
                Account::Enswitch(account) => {
                    let client = enswitch::Client::new(account, deadline, clock);
                    events = Some((site.name.clone(), client));
                }
                Account::Telphin(account) => {
                    phones = Some(telphin::Client::new(account, deadline, clock));
                }
                _ => {}
            }
        }
        let (site, events) = events.unwrap();
        Self {
            while1: lists.unwrap().unwrap(),
            enswitch: events.unwrap(),
            site,
            telphin: phones.unwrap().unwrap(),
            journal: journal.clone(),
            clock: clock.clone(),
            who: "anna".into(),
            due: 0,
        }
    }

    /// Asks everything once in a while, whatever comes of it.
    pub async fn turn(&mut self, passed: i64) {
        if passed < self.due {
            return;
        }
        self.due = passed + EVERY;
        let _ = self.callbacks().await;
        let _ = self.subscriptions().await;
        let _ = self.telphin.limits().await;
        let mut event = Injection::new(self.site.clone(), QUEUE_IDS[0].into());
        let now = (self.clock)();
        event.set("event", "TESTED", now).unwrap();
        // Counted in time that nobody sets: no two are alike.
        event.set("callid", &format!("week-{passed}"), now).unwrap();
        // Where it cannot be put on record it is not sent.
        let _ = inject::send(
            &self.enswitch,
            &self.journal,
            &self.clock,
            &self.who,
            &event,
        )
        .await;
    }

    /// The pending callbacks.
    pub async fn callbacks(&self) -> Result<Vec<String>, String> {
        let whole = while1::read_all(&self.while1, &Filters::pending(), |_| async {}).await;
        let whole = whole.map_err(|(page, fault)| format!("page {page}: {fault}"))?;
        let ids: BTreeSet<String> = whole.rows.iter().map(|row| row.id.to_string()).collect();
        Ok(ids.into_iter().collect())
    }

    /// All subscriptions of all extensions.
    pub async fn subscriptions(&self) -> Result<Vec<String>, String> {
        let mut ids = Vec::new();
        let extensions = self.telphin.extensions().await;
        for extension in extensions.map_err(|fault| fault.to_string())? {
            let of_it = self.telphin.subscriptions(extension.id.as_str()).await;
            let of_it = of_it.map_err(|fault| fault.to_string())?;
            ids.extend(of_it.iter().map(|one| one.id.to_string()));
        }
        ids.sort();
        Ok(ids)
    }
}
