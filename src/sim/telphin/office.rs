//! The exchange as who pushes sees it: a letter to everybody who has
//! subscribed to what happened. It opens when the receiver of the first
//! subscriptions is there, or when a client subscribes or orders a call;
//! nothing that happened is ever told again.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;

use crate::domain::{site::Vendor, time::At};

use super::{
    super::{
        fault::{Faults, PushPlan, Ruin},
        push::{self, About, Begins, Letter, Missed, Pushes},
        world::exchange::{Exchange, News, What},
    },
    SECRET, Setup,
    subscriptions::{Subscription, Subscriptions},
    truth, voice,
};

/// A clock that is set further than this gets a new day.
const LEAP: Duration = Duration::from_hours(24);
/// How far a clock may go back without a new day.
const BACK: Duration = Duration::from_mins(1);

/// What somebody might try who does not know the secret.
const WRONG: &str = "sim-hook-00000000";

/// The exchange, who is told of it, and what was lost on the way.
pub struct Office {
    pub(super) subscriptions: Subscriptions,
    seed: u64,
    receiver: Option<SocketAddr>,
    /// Whether a client wants it open.
    asked_for: bool,
    exchange: Option<Exchange>,
    /// How many days came before, the clock having leapt.
    days: u64,
    missed: Missed,
}

impl Office {
    /// About to open.
    pub fn new(seed: u64, setup: &Setup) -> Self {
        Self {
            subscriptions: Subscriptions::new(setup),
            seed,
            receiver: setup.receiver,
            asked_for: false,
            exchange: None,
            days: 0,
            missed: Missed::default(),
        }
    }

    /// The exchange as it is, and what of it was lost on the way.
    pub fn truth(&self, pushes: &Pushes) -> Value {
        truth::told(self.exchange.as_ref(), &self.missed, pushes)
    }

    /// A client wants to hear of it.
    pub(super) fn asked_for(&mut self) {
        self.asked_for = true;
    }

    /// The exchange at `now`.
    pub(super) fn exchange(&mut self, now: At) -> &mut Exchange {
        if let Some(old) = &self.exchange
            && (now.since(old.now()) > LEAP || old.now().since(now) > BACK)
        {
            self.days += 1;
            // Nobody is told that the old day's calls are over.
            for call in old.calls() {
                self.missed.note(&About {
                    members: Vec::new(),
                    call: Some((call.no, voice::call_id(call.salt))),
                });
            }
            self.exchange = None;
        }
        let seed = self.seed.wrapping_add(self.days);
        let exchange = self
            .exchange
            .get_or_insert_with(|| Exchange::new(seed, now));
        exchange.advance(now);
        exchange
    }
}

impl push::Office for Office {
    fn begins(&self) -> Begins {
        match self.receiver {
            _ if self.asked_for => Begins::Now,
            Some(receiver) => Begins::WithReceiver(receiver),
            None => Begins::WhenAsked,
        }
    }

    fn bring_up(&mut self, now: At, faults: &Faults) -> Vec<Letter> {
        let news = self.exchange(now).news();
        let subscriptions = &self.subscriptions;
        news.iter()
            .flat_map(|news| letters(news, subscriptions, faults))
            .collect()
    }

    fn next(&self) -> Option<At> {
        self.exchange.as_ref().and_then(Exchange::next)
    }

    fn lost(&mut self, about: &About) {
        self.missed.note(about);
    }
}

/// One to each who has subscribed.
fn letters(news: &News, subscriptions: &Subscriptions, faults: &Faults) -> Vec<Letter> {
    let (station, event) = voice::event(news, 0);
    let mut letters = Vec::new();
    for subscription in subscriptions.to(station, event.kind) {
        if let Some((to, path)) = subscription.target() {
            let plan = faults.take_push(Vendor::Telphin, event.kind.name());
            letters.push(letter(news, subscription, to, path, plan));
        }
    }
    letters
}

fn letter(
    news: &News,
    subscription: &Subscription,
    to: SocketAddr,
    path: String,
    plan: PushPlan,
) -> Letter {
    let (_, event) = voice::event(news, plan.skew_ms);
    let call = match &news.what {
        What::Leg(_, call, _) => Some((call.no, event.call_id.clone())),
        What::Message(_) => None,
    };
    let letter = Letter {
        at: At(news.at.div_euclid(1_000)),
        about: About {
            members: Vec::new(),
            call,
        },
        to,
        path: match plan.ruin {
            Some(Ruin::WrongSecret) => path.replace(SECRET, WRONG),
            _ => path,
        },
        request: subscription.method.request(&event.message()),
        plan,
    };
    letter.spoilt()
}
