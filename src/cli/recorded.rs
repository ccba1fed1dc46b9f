//! What the journal knows, for the lists that ask nobody: a collector need not
//! run, but where none does its news are old, and that is said.

use std::time::Duration;

use super::{
    context::Context,
    failure::{self, Failure},
};
use crate::{
    collector,
    config::Config,
    domain::{
        board::Board,
        call::CallState,
        feed::{FeedHealth, FeedId, FeedKind, Freshness},
        site::Site,
        time::{At, age},
    },
    journal::{self, Journal, JournalError, Role},
    runtime::clock,
    vendor::hook::Reader,
};

/// Entries read at once.
pub const CHUNK: usize = 1_000;

/// The journal's picture.
pub struct Recorded {
    /// Everything live.
    pub board: Board,
    /// When it was read.
    pub now: At,
    feeds: Vec<(FeedId, FeedHealth)>,
    role: Role,
}

impl Recorded {
    /// Reads it; where there is no journal yet, nothing is known.
    pub fn read(config: &Config) -> Result<Self, Failure> {
        let (board, feeds) = match open(config)? {
            Some(journal) => (
                board(&journal, config)?,
                journal.feeds().map_err(Failure::from)?,
            ),
            None => (Board::new(config.console.time_zone.clone()), Vec::new()),
        };
        Ok(Self {
            board,
            now: clock::system()(),
            feeds,
            // Its contents are not asked for: no time is given to look at them.
            role: journal::survey(&config.journal.path, Duration::ZERO).role,
        })
    }

    /// Says of each of these sites what keeps its news of these from being fresh.
    pub fn tell(&self, of: Of, sites: &[Site], config: &Config) {
        for site in sites {
            if let Some(words) = self.doubt(of, site, config) {
                failure::tell(&format!("{}: {words}", site.name));
            }
        }
    }

    /// Why what is known of a site may not be so any more.
    fn doubt(&self, of: Of, site: &Site, config: &Config) -> Option<String> {
        const START: &str = "start `holdline collect`, or open the console";
        let zone = &config.console.time_zone;
        let mine = |id: &FeedId| id.site == site.name && id.kind == FeedKind::Hooks;
        let health = self.feeds.iter().find(|(id, _)| mine(id)).map(|(_, h)| h);
        let fresh = health.and_then(FeedHealth::last_fresh);
        let old = |at: At| {
            let age = age(self.now.since(at));
            format!("its news end {age} ago ({})", at.short(self.now, zone))
        };
        if self.role == Role::Free {
            return Some(match fresh {
                Some(at) => format!("no collector runs, and {}; {START}", old(at)),
                None => {
                    let folder = config.journal.path.display();
                    format!(
                        "no collector runs, and none has listened yet that wrote into {folder}; \
                         {START}"
                    )
                }
            });
        }
        let standing = health.map(|health| health.freshness(self.now));
        match (standing, health.and_then(|health| health.trouble.as_ref())) {
            (Some(Freshness::Failing(_)), Some(trouble)) => Some(trouble.fault.to_string()),
            (Some(Freshness::Late(_)), _) => {
                let old = fresh.map_or("its news are of unknown age".to_owned(), old);
                Some(format!("the collector is silent, and {old}; restart it"))
            }
            (None, _) => Some(
                "the collector that runs does not listen for it; restart it with this \
                 configuration"
                    .to_owned(),
            ),
            _ => self.gap(of, site, config),
        }
    }

    /// Time in which nobody listened, if something known is from before it.
    fn gap(&self, of: Of, site: &Site, config: &Config) -> Option<String> {
        let zone = &config.console.time_zone;
        let floor = self.board.floor(&site.name)?;
        let calls = || {
            floor
                .open_calls()
                .filter(|c| floor.doubt_of_call(c).is_some())
        };
        let in_doubt = match of {
            Of::Agents => floor.agents().filter(|a| floor.doubt(a).is_some()).count(),
            Of::Callers => calls().filter(|c| c.state() == CallState::Waiting).count(),
            Of::Calls => calls().count(),
        };
        let gap = floor.gap().filter(|_| in_doubt > 0)?;
        let who = match (of, in_doubt) {
            (Of::Agents, 1) => "1 agent was not heard of since: the state is from before".into(),
            (Of::Agents, n) => {
                format!("{n} agents were not heard of since: their states are from before")
            }
            (Of::Callers, 1) => "1 caller was not heard of since, and may have gone".into(),
            (Of::Callers, n) => format!("{n} callers were not heard of since, and may have gone"),
            (Of::Calls, 1) => "1 call was not heard of since, and may be over".into(),
            (Of::Calls, n) => format!("{n} calls were not heard of since, and may be over"),
        };
        let (from, to) = (gap.from.short(self.now, zone), gap.to.short(self.now, zone));
        let when = if from == to {
            let lasted = age(gap.to.since(gap.from));
            format!("for {lasted} at {}", gap.from.clock_time(zone))
        } else {
            format!("from {from} to {to}")
        };
        Some(format!("nobody listened {when}; {who}"))
    }
}

/// What a list is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Who serves.
    Agents,
    /// Who waits.
    Callers,
    /// The calls that go on.
    Calls,
}

/// Says how many of a list were made by our own injector, and where they are.
pub fn tell_left_out(count: usize, one: &str, several: &str) {
    match count {
        0 => {}
        1 => failure::tell(&format!(
            "1 {one} that our own injector made is left out; `holdline events` has it"
        )),
        n => failure::tell(&format!(
            "{n} {several} that our own injector made are left out; `holdline events` has them"
        )),
    }
}

/// The journal, for reading; `None` where there is none yet.
pub fn open(config: &Config) -> Result<Option<Journal>, Failure> {
    match Journal::open_read_only(&config.journal.path) {
        Ok(journal) => Ok(Some(journal)),
        Err(JournalError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn board(journal: &Journal, config: &Config) -> Result<Board, JournalError> {
    let zone = config.console.time_zone.clone();
    collector::board(journal, zone, &Reader::new(&config.all_sites()))
}

/// The sites of `config` that push; there may be none.
pub fn pushing(config: &Config) -> Vec<Site> {
    config
        .sites
        .iter()
        .zip(config.domain_sites())
        .filter(|(site, _)| site.hook().is_some())
        .map(|(_, named)| named)
        .collect()
}

/// The same where there must be one, to list `what`.
pub fn need_pushing(context: &Context, config: &Config, what: &str) -> Result<Vec<Site>, Failure> {
    let sites = pushing(config);
    if !sites.is_empty() {
        return Ok(sites);
    }
    Err(Failure::usage(match &context.global.site {
        Some(name) => format!("site \"{name}\" tells of no {what}; name one with a hook"),
        None => format!(
            "no site tells of {what}; add one with vendor = \"contaqt\" or \"telphin\" and a hook \
             to the configuration"
        ),
    }))
}
