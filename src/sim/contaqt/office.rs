//! The office as who pushes sees it: letters of what happened, in the shape
//! asked for. It opens when the receiver is there for the first time; nothing
//! that happened is ever told again.

use std::time::Duration;

use serde_json::Value;

use crate::domain::{site::Vendor, time::At};

use super::{
    super::{
        fault::{Faults, Ruin},
        push::{self, About, Begins, Letter, Missed, Pushes},
        world::team::{News, Team, What},
    },
    Push, SECRET, path, truth, voice,
};

/// A clock that is set further than this gets a new day.
const LEAP: Duration = Duration::from_hours(24);
/// How far a clock may go back without a new day.
const BACK: Duration = Duration::from_mins(1);

/// What somebody might try who does not know the secret.
const WRONG: &str = "sim-hook-00000000";

/// The office, and what of it was lost on the way.
pub struct Office {
    seed: u64,
    /// Where it tells what happens; without, it never opens.
    push: Option<Push>,
    team: Option<Team>,
    /// How many days came before, the clock having leapt.
    days: u64,
    missed: Missed,
}

impl Office {
    /// About to open.
    pub fn new(seed: u64, push: Option<Push>) -> Self {
        Self {
            seed,
            push,
            team: None,
            days: 0,
            missed: Missed::default(),
        }
    }

    /// The office as it is, and what of it was lost on the way.
    pub fn truth(&self, pushes: &Pushes) -> Value {
        truth::told(self.team.as_ref(), &self.missed, pushes)
    }

    /// The team at `now`.
    fn brought_up(&mut self, now: At) -> &mut Team {
        if let Some(old) = &self.team
            && (now.since(old.now()) > LEAP || old.now().since(now) > BACK)
        {
            self.days += 1;
            // Nobody is told that the old day is over.
            self.missed.note(&About {
                members: (0..old.members().len()).collect(),
                call: None,
            });
            self.team = None;
        }
        let seed = self.seed.wrapping_add(self.days);
        let team = self.team.get_or_insert_with(|| Team::new(seed, now));
        team.advance(now);
        team
    }
}

impl push::Office for Office {
    fn begins(&self) -> Begins {
        self.push
            .map_or(Begins::WhenAsked, |push| Begins::WithReceiver(push.to))
    }

    fn bring_up(&mut self, now: At, faults: &Faults) -> Vec<Letter> {
        let Some(push) = self.push else {
            return Vec::new();
        };
        let team = self.brought_up(now);
        let news = team.news();
        news.iter()
            .map(|news| letter(news, team, faults, push))
            .collect()
    }

    fn next(&self) -> Option<At> {
        self.team.as_ref().and_then(Team::next)
    }

    fn lost(&mut self, about: &About) {
        self.missed.note(about);
    }
}

fn letter(news: &News, team: &Team, faults: &Faults, push: Push) -> Letter {
    let plan = faults.take_push(Vendor::Contaqt, voice::event(news, team, 0).name());
    let message = voice::event(news, team, plan.skew_ms).message();
    let call = match &news.what {
        What::Called(_, call, _) => Some((call.no, voice::uuid(&call.legs[0]))),
        _ => None,
    };
    let letter = Letter {
        at: news.at,
        about: About {
            members: voice::members(news),
            call,
        },
        to: push.to,
        path: path(match plan.ruin {
            Some(Ruin::WrongSecret) => WRONG,
            _ => SECRET,
        }),
        request: message.request(push.shape),
        plan,
    };
    letter.spoilt()
}
