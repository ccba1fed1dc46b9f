//! Reads callback lists for the console: one page after the other, a task per
//! site, each page told as it comes.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::AbortHandle};

use crate::{
    app::callbacks::list::{ListNews, Progress},
    config::{Account, Config},
    domain::{callback::Callback, fault::Fault, filter::Filters, id::SiteName, time::Clock},
    vendor::while1::{Client, Reading, Step},
};

/// The readings of all sites.
pub struct Lists {
    clients: BTreeMap<SiteName, Result<Arc<Client>, Fault>>,
    running: BTreeMap<SiteName, AbortHandle>,
    say: mpsc::UnboundedSender<ListNews>,
}

impl Lists {
    /// Ready to read the lists of all sites that have one; tells on `say`.
    #[must_use]
    pub fn new(
        config: &Config,
        deadline: Duration,
        clock: &Clock,
        say: mpsc::UnboundedSender<ListNews>,
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
        let client = match self.clients.get(&site) {
            Some(Ok(client)) => client.clone(),
            Some(Err(fault)) => return teller.tell(Progress::Failed(fault.clone())),
            None => return,
        };
        let task = tokio::spawn(async move { teller.read(&client, &filters).await });
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
    say: mpsc::UnboundedSender<ListNews>,
}

impl Teller {
    fn tell(&self, what: Progress) {
        // Nobody listens any more: the console is being left.
        let _ = self.say.send(ListNews {
            site: self.site.clone(),
            generation: self.generation,
            what,
        });
    }

    async fn read(&self, client: &Client, filters: &Filters) {
        match self.pages(client, filters).await {
            Ok(done) => self.tell(done),
            Err(fault) => self.tell(Progress::Failed(fault)),
        }
    }

    async fn pages(&self, client: &Client, filters: &Filters) -> Result<Progress, Fault> {
        let question = client.question(filters)?;
        let mut reading = Reading::default();
        loop {
            match reading.step() {
                Step::Done(end) => {
                    let note = (!end.is_whole()).then(|| end.to_string());
                    let rows = reading.into_rows();
                    return Ok(Progress::Done { rows, note });
                }
                Step::Ask(page) => {
                    let told = reading.rows().len();
                    reading.take(client.page(&question, page).await?);
                    self.tell(page_of(&reading, told, page));
                }
            }
        }
    }
}

/// What a page brought that was not told before.
fn page_of(reading: &Reading, told: usize, page: u32) -> Progress {
    let progress = reading.progress();
    let rows: Vec<Callback> = reading.rows().get(told..).unwrap_or_default().to_vec();
    Progress::Page {
        rows,
        page,
        pages: progress.of.and_then(|of| u32::try_from(of).ok()),
        total: progress.total,
    }
}
