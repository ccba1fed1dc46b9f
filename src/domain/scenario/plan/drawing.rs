//! A plan while it is drawn: steps and their turns, the fate of each request,
//! and who changes places with whom. Pure; what a plan is stands above.

use std::{sync::Arc, time::Duration};

use fastrand::Rng;

use super::{
    super::{
        super::time::At,
        Act, Answer, Inject, Say, Scenario, Start, Step,
        faults::Fate,
        template::{Scope, Template, Vars},
        webhook::Webhook,
    },
    Letter, Plan, Send, Spoilt, Watch, complete,
};

/// A plan being drawn.
pub(super) struct Drawing {
    rng: Rng,
    start: At,
    /// From one request to the next, where the file's times do not count.
    each: Option<Duration>,
    /// Whether what is dropped on purpose is in it, too.
    is_whole: bool,
    plan: Plan,
    /// Which of the requests change places with the next one.
    swapped: Vec<bool>,
}

impl Drawing {
    pub(super) fn new(seed: u64, start: At) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            start,
            each: None,
            is_whole: false,
            plan: Plan::default(),
            swapped: Vec::new(),
        }
    }

    /// What is dropped on purpose is in it, too.
    pub(super) fn with_dropped(self) -> Self {
        Self {
            is_whole: true,
            ..self
        }
    }

    /// `each` is the time from one request to the next.
    pub(super) fn paced(self, each: Duration) -> Self {
        Self {
            each: Some(each),
            ..self
        }
    }

    pub(super) fn all(mut self, scenario: &Scenario) -> Plan {
        let scope = Scope::default().within(&scenario.vars, 1, &mut self.rng);
        self.steps(&scenario.steps, Duration::ZERO, &scope);
        self.end()
    }

    /// Draws steps that begin at `base`; answers when they have ended.
    fn steps(&mut self, steps: &[Step], base: Duration, scope: &Scope) -> Duration {
        let mut here = base;
        for step in steps {
            let begin = match step.start {
                Start::Here => here,
                Start::At(at) => base + at,
                Start::After(after) => here + after,
            };
            here = begin;
            for turn in 0..step.times {
                let at = begin + step.every * turn;
                here = here.max(self.act(step, at, turn + 1, scope));
            }
        }
        here
    }

    fn act(&mut self, step: &Step, at: Duration, turn: u32, around: &Scope) -> Duration {
        let none = Vars::new();
        let scope = match &step.act {
            Act::Turn { vars, .. } => around.within(vars, turn, &mut self.rng),
            // A step that is not repeated is in the turn around it.
            _ if step.times == 1 => around.clone(),
            _ => around.within(&none, turn, &mut self.rng),
        };
        match &step.act {
            Act::Turn { steps, .. } => return self.steps(steps, at, &scope),
            Act::Expect { hope, within } => {
                let now = self.now(at);
                let hope = hope.map(|text| text.fill(&scope, now, &mut self.rng));
                self.plan.watches.push(Watch {
                    line: step.line,
                    from: at,
                    within: *within,
                    site: step.site.clone(),
                    hope,
                });
            }
            Act::Say(say) => {
                let letter = self.said(say, at, &scope);
                let fate = say.faults.fate(&mut self.rng);
                let certain = say.faults.corrupt == 100;
                self.send(step, at, letter, say.answer.as_ref(), fate, certain);
            }
            Act::Inject(inject) => {
                let letter = self.injected(inject, at, &scope);
                let fate = inject.faults.fate(&mut self.rng);
                self.send(step, at, letter, inject.answer.as_ref(), fate, false);
            }
        }
        at
    }

    /// What the clock shows when something is due.
    fn now(&self, at: Duration) -> At {
        let made = u32::try_from(self.plan.sends.len()).unwrap_or(u32::MAX);
        let after = self.each.map_or(at, |each| each * made);
        self.start.plus(after)
    }

    fn said(&mut self, say: &Say, at: Duration, scope: &Scope) -> Letter {
        let now = self.now(at);
        let mut fields: Vec<(Arc<str>, String)> = Vec::with_capacity(say.set.len() + 3);
        for (name, text) in &say.set {
            fields.push((name.clone(), text.fill(scope, now, &mut self.rng)));
        }
        complete(say.event, &mut fields, now, &mut self.rng);
        Letter::Webhook(Webhook {
            event: say.event,
            fields,
            shape: say.shape,
            to: say.to.clone(),
            cut: false,
        })
    }

    fn injected(&mut self, inject: &Inject, at: Duration, scope: &Scope) -> Letter {
        let now = self.now(at);
        let mut fill = |text: &Template| text.fill(scope, now, &mut self.rng);
        let set = inject.set.iter().map(|(name, text)| (*name, fill(text)));
        Letter::Injection(set.collect())
    }

    fn send(
        &mut self,
        step: &Step,
        at: Duration,
        mut what: Letter,
        answer: Option<&Answer>,
        fate: Fate,
        certain: bool,
    ) {
        if fate.dropped && !self.is_whole {
            self.plan.dropped += 1;
            return;
        }
        if let Letter::Webhook(webhook) = &mut what {
            webhook.cut = fate.cut;
        }
        let due = at + fate.late;
        let spoilt = match fate {
            Fate { cut: true, .. } => Some(Spoilt::Cut),
            _ if !fate.late.is_zero() => Some(Spoilt::Late),
            _ => None,
        };
        // By chance nothing is expected of what is cut off; always cut off,
        // the file knows what it expects.
        let answer = answer.filter(|_| !fate.cut || certain).cloned();
        let send = Send {
            line: step.line,
            due,
            site: step.site.clone(),
            what,
            answer,
            spoilt,
        };
        let again = fate.again.map(|after| Send {
            due: due + after,
            spoilt: Some(Spoilt::Again),
            ..send.clone()
        });
        self.plan.sends.push(send);
        self.swapped.push(fate.swapped);
        if let Some(again) = again {
            self.plan.sends.push(again);
            self.swapped.push(false);
        }
    }

    /// Everything in the order of time, those that change places changed.
    fn end(self) -> Plan {
        let Plan {
            sends,
            mut watches,
            dropped,
        } = self.plan;
        let mut sends: Vec<(Send, bool)> = sends.into_iter().zip(self.swapped).collect();
        sends.sort_by_key(|(send, _)| send.due);
        change_places(&mut sends);
        let mut sends: Vec<Send> = sends.into_iter().map(|(send, _)| send).collect();
        sends.sort_by_key(|send| send.due);
        watches.sort_by_key(|watch| watch.from);
        Plan {
            sends,
            watches,
            dropped,
        }
    }
}

/// Those that are marked and the next one of the same site change places.
fn change_places(sends: &mut [(Send, bool)]) {
    let mut place = 0;
    while place < sends.len() {
        let next = (place + 1..sends.len()).find(|n| sends[*n].0.site == sends[place].0.site);
        match next.filter(|_| sends[place].1) {
            Some(next) => {
                let (due, later) = (sends[place].0.due, sends[next].0.due);
                sends[place].0.due = later;
                sends[place].0.spoilt = sends[place].0.spoilt.or(Some(Spoilt::Swapped));
                sends[next].0.due = due;
                sends.swap(place, next);
                // The one that came forward has had its turn.
                sends[next].1 = false;
                place = next + 1;
            }
            None => place += 1,
        }
    }
}
