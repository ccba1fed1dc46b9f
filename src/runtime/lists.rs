//! Reads callback lists for the console: one page after the other, a task per
//! site, each page told as it comes.

use std::{collections::BTreeMap, fmt::Write, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::AbortHandle};

use crate::{
    app::callbacks::list::{ListNews, Progress},
    config::{Account, Config},
    domain::{fault::Fault, filter::Filters, id::SiteName, time::Clock},
    vendor::while1::{Came, Client, Whole, read_all},
};

/// The readings of all sites.
pub struct Lists {
    clients: BTreeMap<SiteName, Result<Arc<Client>, Fault>>,
    running: BTreeMap<SiteName, AbortHandle>,
    say: mpsc::Sender<ListNews>,
}

impl Lists {
    /// Ready to read the lists of all sites that have one; tells on `say`.
    #[must_use]
    pub fn new(
        config: &Config,
        deadline: Duration,
        clock: &Clock,
        say: mpsc::Sender<ListNews>,
    ) -> Self {
        let mut clients = BTreeMap::new();
        for site in &config.sites {
            if let Account::While1(account) = &site.account {
                let zone = &config.console.time_zone;
                let client = Client::new(site, account, zone, deadline, clock.clone());
                clients.insert(site.name.clone(), client.map(Arc::new));
            }
        }
        Self {
            clients,
            running: BTreeMap::new(),
            say,
        }
    }

    /// Begins a reading; one of the same site that is under way ends.
    pub fn read(&mut self, site: SiteName, filters: Filters, generation: u64) {
        let teller = Teller {
            site: site.clone(),
            generation,
            say: self.say.clone(),
        };
        let Some(client) = self.clients.get(&site).cloned() else {
            return;
        };
        let task = tokio::spawn(async move {
            let last = match client {
                Ok(client) => teller.read(&client, &filters).await,
                Err(fault) => Progress::Failed(fault),
            };
            teller.tell(last).await;
        });
        if let Some(before) = self.running.insert(site, task.abort_handle()) {
            before.abort();
        }
    }
}

impl Drop for Lists {
    fn drop(&mut self) {
        for task in self.running.values() {
            task.abort();
        }
    }
}

/// Tells of one reading.
struct Teller {
    site: SiteName,
    generation: u64,
    say: mpsc::Sender<ListNews>,
}

impl Teller {
    /// Tells it as soon as the console has time for it: a long list must not
    /// pile up before it.
    async fn tell(&self, what: Progress) {
        let news = ListNews {
            site: self.site.clone(),
            generation: self.generation,
            what,
        };
        // Nobody listens any more: the console is being left.
        let _ = self.say.send(news).await;
    }

    async fn read(&self, client: &Client, filters: &Filters) -> Progress {
        match read_all(client, filters, |came| self.tell(page(came))).await {
            Ok(whole) => Progress::Done {
                note: note(&whole),
                rows: whole.rows,
            },
            Err((_, fault)) => Progress::Failed(fault),
        }
    }
}

/// What a page brought that was not told before.
fn page(came: Came<'_>) -> Progress {
    Progress::Page {
        rows: came.new.to_vec(),
        page: came.page,
        pages: came.progress.of.and_then(|of| u32::try_from(of).ok()),
        total: came.progress.total,
    }
}

/// What is doubtful about a list, and what the PBX said beside it.
fn note(whole: &Whole) -> Option<String> {
    let mut note = whole.end.to_string();
    for message in &whole.messages {
        let between = if note.is_empty() { "" } else { "; " };
        let _ = write!(note, "{between}While1 says: \"{message}\"");
    }
    (!note.is_empty()).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vendor::while1::End;

    #[test]
    fn what_is_odd_about_a_list_and_what_was_said_beside_it_is_one_note() {
        let told = |end, messages: &[&str]| {
            note(&Whole {
                rows: Vec::new(),
                end,
                messages: messages.iter().map(ToString::to_string).collect(),
            })
        };
        assert_eq!(told(End::Whole, &[]), None);
        assert_eq!(
            told(End::Whole, &["a", "b"]).unwrap(),
            "While1 says: \"a\"; While1 says: \"b\""
        );
        let both = told(End::Emptied, &["a"]).unwrap();
        assert!(both.starts_with("the list emptied"), "{both}");
        assert!(both.ends_with("; While1 says: \"a\""), "{both}");
    }
}
