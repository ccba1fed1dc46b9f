//! Telphin's changes: calls are made and subscriptions changed, each with its
//! intent on record before and its outcome after, and never twice; and what is
//! subscribed is asked. Whether it is meant was asked before; whether it is
//! allowed is looked at here once more.

use std::sync::Arc;

use std::time::Duration;

use tokio::sync::mpsc;

use crate::{
    app::Answer,
    config::Config,
    domain::{
        dial::{Calls, Dial, Dialled, LATELY},
        fault::{Fault, FaultKind},
        id::SiteName,
        injection::Told,
        subscription::{Resubscription, Survey},
        time::{At, Clock},
    },
    journal::{Journal, JournalError},
};

/// Who acts, and whether they may change anything at all.
#[derive(Clone, Debug)]
pub struct Who {
    /// The name that stands on record.
    pub name: Arc<str>,
    /// Whether they asked to change nothing.
    pub read_only: bool,
}

/// The calls that anyone on this journal made lately.
///
/// # Errors
/// The journal cannot be read.
pub fn calls_lately(journal: &Journal, now: At) -> Result<Calls, JournalError> {
    let mut calls = Calls::default();
    let since = now.shift(-i64::try_from(LATELY.as_millis()).unwrap_or(i64::MAX));
    for entry in journal.actions_since(since)? {
        calls.apply(&entry);
    }
    Ok(calls)
}

/// The sites that make calls.
pub struct Phones {
    config: Config,
    say: mpsc::UnboundedSender<Answer>,
}

impl Phones {
    /// Ready to act in the name of `who`; tells on `say`.
    #[must_use]
    pub fn new(
        config: &Config,
        _deadline: Duration,
        _journal: Journal,
        _clock: &Clock,
        _who: Who,
        say: mpsc::UnboundedSender<Answer>,
    ) -> Self {
        Self {
            config: config.clone(),
            say,
        }
    }

    /// Asks what is subscribed of all extensions of a site.
    pub fn survey(&self, site: SiteName) {
        let known = self.config.site(site.as_str());
        let dialling = known.and_then(crate::config::Site::dials);
        let extensions = dialling.map(|d| d.extensions).unwrap_or_default();
        let surveys = extensions
            .into_iter()
            .map(|e| Survey::new(e, Err(not_yet(&site)), &[]))
            .collect();
        let _ = self.say.send(Answer::Surveyed {
            site,
            surveys,
            budget: None,
        });
    }

    /// Changes subscriptions, one after the other.
    pub fn resubscribe(&self, changes: Vec<Resubscription>) {
        let Some(first) = changes.first() else {
            return;
        };
        let site = first.site.clone();
        let done = changes
            .into_iter()
            .map(|change| {
                let told = Told::Failed(not_yet(&change.site));
                (change, told)
            })
            .collect();
        let _ = self.say.send(Answer::Resubscribed { site, done });
    }

    /// Connects an extension with a number.
    pub fn dial(&self, dial: Dial) {
        let dialled = Dialled {
            told: Told::Failed(not_yet(&dial.site)),
            dial,
            took: Duration::ZERO,
            call: None,
            unjournaled: None,
        };
        let _ = self.say.send(Answer::Dialled(Box::new(dialled)));
    }
}

fn not_yet(site: &SiteName) -> Fault {
    let what = format!("site {site} is not asked for this");
    Fault::new(FaultKind::NotFound, what, "")
}
