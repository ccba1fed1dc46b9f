//! What an operator does to a row: pure functions that make the act to be
//! journaled, or say why there is none.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::subject;
use crate::domain::{
    callback::Callback,
    caller::Kept,
    id::{CallbackId, SiteName},
    moment::Moment,
    time::At,
    triage::{Act, Added, Deed, LEASE, Outcome, Standing, Subject, Triage},
};
use jiff::tz::TimeZone;

/// Who does it, when, and what stands on the board.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// Claims and outcomes so far.
    pub triage: &'a Triage,
    /// Who acts.
    pub me: &'a Arc<str>,
    /// When.
    pub now: At,
    /// The zone of what is typed and shown.
    pub zone: &'a TimeZone,
}

/// Somebody to be put on the list.
#[derive(Clone, Copy)]
pub struct Somebody<'a> {
    /// Their call.
    pub id: &'a str,
    /// Their number, where it may be known.
    pub number: Option<&'a str>,
    /// Their name, where it may be known.
    pub name: Option<&'a str>,
}

impl<'a> From<&'a Kept> for Somebody<'a> {
    fn from(caller: &'a Kept) -> Self {
        Self {
            id: caller.id(),
            number: caller.number(),
            name: caller.name(),
        }
    }
}

impl Desk<'_> {
    fn act(&self, callback: &Callback, deed: Deed) -> Act {
        Act {
            subject: subject(callback),
            also: BTreeSet::new(),
            customer: callback.customer().cloned(),
            who: self.me.clone(),
            deed,
        }
    }

    fn standing(&self, callback: &Callback) -> Standing {
        self.triage
            .standing(&subject(callback), callback.customer(), self.me, self.now)
    }

    fn held(&self, callback: &Callback) -> Result<(), String> {
        match self.standing(callback) {
            Standing::Held { who, until } => Err(format!(
                "{who} has this customer until {}",
                until.clock_time(self.zone)
            )),
            _ => Ok(()),
        }
    }

    /// Takes a callback, or gives it back where one has the customer.
    ///
    /// # Errors
    /// Who else has them, or that they are not to be called.
    pub fn claim(&self, callback: &Callback) -> Result<Act, String> {
        match self.standing(callback) {
            Standing::Mine(_) => return Ok(self.act(callback, Deed::Release)),
            Standing::Closed(Outcome::DoNotCall) => {
                let last = self.triage.last_outcome(callback.customer());
                let by = last.map_or_else(String::new, |(_, who, at)| {
                    format!(", said {who} at {}", at.short(self.now, self.zone))
                });
                return Err(format!("this customer is not to be called{by}"));
            }
            _ => self.held(callback)?,
        }
        let status = callback.status.as_ref().map(|s| Arc::from(s.word()));
        let until = self.now.plus(LEASE);
        Ok(self.act(callback, Deed::Claim { until, status }))
    }

    /// Writes a note.
    ///
    /// # Errors
    /// Nothing was written.
    pub fn note(&self, callback: &Callback, text: &str) -> Result<Act, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("nothing was written, so nothing is noted".into());
        }
        Ok(self.act(callback, Deed::Note { text: text.into() }))
    }

    /// Says how the call went, of `others` too: requests of the same customer.
    ///
    /// # Errors
    /// Somebody else has it.
    pub fn outcome(
        &self,
        callback: &Callback,
        others: &[Arc<Callback>],
        outcome: Outcome,
    ) -> Result<Act, String> {
        self.held(callback)?;
        Ok(self.act_on_all(callback, others, Deed::Outcome { outcome }))
    }

    /// Leaves it until a time that was typed, `+2h`, `tomorrow`, `14:30`, and
    /// `others` too: requests of the same customer.
    ///
    /// # Errors
    /// It is no time, or not one to come; or somebody else has it.
    pub fn snooze(
        &self,
        callback: &Callback,
        others: &[Arc<Callback>],
        typed: &str,
    ) -> Result<Act, String> {
        self.held(callback)?;
        let until = self.until(typed)?;
        Ok(self.act_on_all(callback, others, Deed::Snooze { until }))
    }

    /// What is closed already stays as it is, unless it is what is meant.
    fn act_on_all(&self, callback: &Callback, others: &[Arc<Callback>], deed: Deed) -> Act {
        let is_closed = |c: &Callback| matches!(self.standing(c), Standing::Closed(_));
        let all = is_closed(callback);
        let others = others.iter().filter(|other| all || !is_closed(other));
        Act {
            also: others.map(|other| subject(other)).collect(),
            ..self.act(callback, deed)
        }
    }

    /// The time that was typed.
    ///
    /// # Errors
    /// It is no time, or not one to come.
    pub fn until(&self, typed: &str) -> Result<At, String> {
        let typed = typed.trim();
        let today = self.zone.to_datetime(self.now.timestamp()).date();
        // A time alone is today's.
        let moment = match typed.parse::<jiff::civil::Time>() {
            Ok(time) => Moment::Wall(today.to_datetime(time)),
            Err(_) => typed.parse::<Moment>()?,
        };
        let until = moment.resolve(self.now, self.zone);
        if until > self.now {
            Ok(until)
        } else {
            Err("that is not in the future; write +2h, 14:30 or tomorrow".into())
        }
    }

    /// Takes back the last thing one did `within` this time, on whichever row:
    /// the cursor has moved on by then.
    ///
    /// # Errors
    /// There is nothing, or it was too long ago to be what is meant.
    pub fn undo(&self, within: Duration) -> Result<Act, String> {
        let within = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
        let last = self.triage.last_of(self.me, self.now.shift(-within));
        let last =
            last.ok_or("there is nothing of yours to take back from the last quarter of an hour")?;
        Ok(Act {
            deed: Deed::Undo { act: last.seq },
            ..last.act.clone()
        })
    }

    /// Puts somebody who waits, or waited in vain, on the list.
    ///
    /// # Errors
    /// The number is secret, or they are on it already.
    pub fn put(
        &self,
        site: &SiteName,
        queue: &str,
        caller: Somebody<'_>,
        since: At,
    ) -> Result<Act, String> {
        let Some(number) = caller.number else {
            return Err(
                "this caller's number is not known, so there is nothing to call back".into(),
            );
        };
        let id = CallbackId::from(format!("{}{}", super::rows::BY_HAND, caller.id));
        let subject = Subject {
            site: site.clone(),
            id,
        };
        if self
            .triage
            .case(&subject)
            .is_some_and(|case| case.added.is_some())
        {
            return Err("this caller is on the callback list already".into());
        }
        let added = Added {
            number: number.into(),
            name: caller.name.map(Arc::from),
            queue: queue.into(),
            since,
        };
        Ok(Act {
            subject,
            also: BTreeSet::new(),
            customer: Some(number.into()),
            who: self.me.clone(),
            deed: Deed::Add { added },
        })
    }
}
