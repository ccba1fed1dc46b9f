//! What agents say of themselves: checked in, paused, at calls. It carries no
//! time; it counts in the order it came.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::AgentState;
use crate::domain::{event::AgentNews, seq::Seq, time::At};

/// What an agent has said of themselves, all in all, at some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each stands for itself")]
pub(super) struct Said {
    /// When it was said, never before what was said before it.
    pub at: At,
    /// The entry that said so last.
    pub seq: Seq,
    /// Checked in, or out.
    pub login: Option<bool>,
    /// `0` where not paused.
    pause: Option<Arc<str>>,
    pub in_calls: Option<bool>,
    pub activity: Option<Arc<str>>,
    /// Since when these words make the same state, and whether that was seen.
    pub since: At,
    pub seen: bool,
    /// Whether this is a check-in of one who was in already: their checking
    /// out was missed, and their state begins anew, even if it is the same.
    #[serde(default)]
    pub anew: bool,
    /// Whether they are in because they work: no check-in has told since
    /// they checked out.
    #[serde(default)]
    inferred: bool,
    /// Whether the state these words make rests on our own injector's.
    #[serde(default)]
    pub injected: bool,
}

/// Pause and activity of an agent who has none.
pub(super) const NONE: &str = "0";

impl Said {
    fn nothing(at: At) -> Self {
        Self {
            at,
            seq: 0,
            login: None,
            pause: None,
            in_calls: None,
            activity: None,
            since: at,
            seen: false,
            anew: false,
            inferred: false,
            injected: false,
        }
    }

    /// What is known after this news, of what was known before.
    pub fn after(
        before: Option<&Self>,
        news: &AgentNews,
        injected: bool,
        seq: Seq,
        received: At,
    ) -> Self {
        let known = before.map(|said| (said.state(), said.pause().cloned()));
        let mut said = before.cloned().unwrap_or_else(|| Self::nothing(received));
        said.at = said.at.max(received);
        said.anew = matches!(news, AgentNews::CheckedIn { .. }) && said.login != Some(false);
        // What tells nothing of their state leaves it as real as it was.
        if said.hear(news) || said.state() == AgentState::Unknown {
            said.injected = injected;
        }
        // Queues tell nothing of pauses and calls.
        if news.queues().is_empty() {
            said.seq = seq;
        }
        if said.anew || known != Some((said.state(), said.pause().cloned())) {
            said.since = said.at;
            // Checking in and out are the start themselves; of all else it
            // must be known what was before.
            let is_start = matches!(news, AgentNews::CheckedIn { .. } | AgentNews::CheckedOut);
            said.seen = is_start || known.is_some_and(|(state, _)| state != AgentState::Unknown);
        }
        said
    }

    /// Whether the queues joined before this check-in were left: not those of
    /// one who was out, whose joins came before the check-in they belong to.
    pub fn leaves_queues(&self, before: Option<&Self>) -> bool {
        let was_in = before.is_some_and(|b| b.login == Some(true) && !b.inferred);
        self.anew && was_in
    }

    /// Whether both say the same.
    pub fn agrees(&self, other: &Self) -> bool {
        let words = |said: &Self| {
            (
                said.login,
                said.in_calls,
                said.pause.clone(),
                said.activity.clone(),
            )
        };
        words(self) == words(other)
    }

    /// The pause they are in.
    pub fn pause(&self) -> Option<&Arc<str>> {
        self.pause.as_ref().filter(|id| ***id != *NONE)
    }

    /// The state that these words alone make.
    pub fn state(&self) -> AgentState {
        if self.login == Some(false) {
            AgentState::LoggedOut
        } else if self.pause().is_some() {
            AgentState::Paused
        } else if self.in_calls == Some(true) {
            AgentState::OnCall
        } else if self.login.is_some() || self.pause.is_some() || self.in_calls.is_some() {
            AgentState::Available
        } else {
            AgentState::Unknown
        }
    }

    /// Nothing of what was said before they checked in, or out, holds.
    fn begin(&mut self, login: bool) {
        *self = Self {
            login: Some(login),
            since: self.since,
            seen: self.seen,
            anew: self.anew,
            injected: self.injected,
            ..Self::nothing(self.at)
        };
    }

    fn infer_in(&mut self) {
        self.login = Some(true);
        self.inferred = true;
    }

    /// Takes news in; answers whether their state rests on it.
    fn hear(&mut self, news: &AgentNews) -> bool {
        match news {
            // Who checks in is not paused and not at calls, whatever was said
            // before: the checking out may have been missed.
            AgentNews::CheckedIn { .. } => {
                self.begin(true);
                true
            }
            AgentNews::CheckedOut => {
                self.begin(false);
                true
            }
            // Who joins or pauses is in, whatever was said before.
            AgentNews::Joined(_) if self.login == Some(false) => {
                self.infer_in();
                true
            }
            AgentNews::Joined(_) | AgentNews::Left(_) => false,
            AgentNews::Status {
                activity,
                pause,
                in_calls,
            } => {
                let works =
                    pause.as_deref().is_some_and(|id| id != NONE) || *in_calls == Some(true);
                if self.login == Some(false) {
                    if !works {
                        return false;
                    }
                    self.infer_in();
                }
                let last = [(&mut self.pause, pause), (&mut self.activity, activity)];
                for (known, told) in last {
                    if told.is_some() {
                        known.clone_from(told);
                    }
                }
                self.in_calls = in_calls.or(self.in_calls);
                pause.is_some() || (in_calls.is_some() && self.pause().is_none())
            }
        }
    }
}
