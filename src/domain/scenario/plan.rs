//! What a seed makes of a scenario: requests and expectations, each with the
//! time it is due. The same seed, scenario and start give the same plan. Pure.

use std::{collections::VecDeque, fmt, sync::Arc, time::Duration};

use fastrand::Rng;

use super::{
    super::{site::Vendor, span::spell, time::At},
    Act, Answer, Inject, Say, Scenario, Shape, Start, Step,
    expect::Hope,
    faults::Fate,
    speech::Spoken,
    template::{Scope, Template, Vars, uuid},
};

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// Where its step stands in the file.
    pub line: usize,
    /// When, from the beginning.
    pub due: Duration,
    /// The site that its step names.
    pub site: Option<Arc<str>>,
    /// What.
    pub what: Letter,
    /// What is expected of the answer. Nothing where it was spoilt by chance.
    pub answer: Option<Answer>,
    /// What was done to it on purpose, as a word for people.
    pub spoilt: Option<Spoilt>,
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A webhook, as the vendor would send it.
    Webhook(Webhook),
    /// Parameters of `queues/events/create`, as typed.
    Injection(Vec<(&'static str, String)>),
}

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// The event.
    pub event: &'static Spoken,
    /// Its variables in order.
    pub fields: Vec<(Arc<str>, String)>,
    /// How they travel.
    pub shape: Shape,
    /// Where to; our own receiver where it is not said.
    pub to: Option<Arc<str>>,
    /// Whether it is cut off in the middle.
    pub cut: bool,
}

/// What was done to a request on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// It is a second copy.
    Again,
    /// It changed places with the next one.
    Swapped,
    /// It is late.
    Late,
    /// It is cut off.
    Cut,
}

impl Spoilt {
    /// In a word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Again => "duplicate",
            Self::Swapped => "reordered",
            Self::Late => "delayed",
            Self::Cut => "corrupt",
        }
    }
}

/// An expectation of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Where its step stands in the file.
    pub line: usize,
    /// When it is looked for the first time, from the beginning.
    pub from: Duration,
    /// How long it may take from then.
    pub within: Duration,
    /// The site that its step names.
    pub site: Option<Arc<str>>,
    /// What.
    pub hope: Hope<String>,
}

/// All of it, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The requests.
    pub sends: Vec<Send>,
    /// The expectations of the board.
    pub watches: Vec<Watch>,
    /// How many requests are left out on purpose: `drop`.
    pub dropped: usize,
}

impl Plan {
    /// What `seed` makes of a scenario that begins at `start`.
    #[must_use]
    pub fn new(scenario: &Scenario, seed: u64, start: At) -> Self {
        Drawing::new(seed, start).all(scenario)
    }

    /// The same with what is dropped on purpose: every step is in it, to be
    /// looked over.
    #[must_use]
    pub fn whole(scenario: &Scenario, seed: u64, start: At) -> Self {
        let drawing = Drawing {
            is_whole: true,
            ..Drawing::new(seed, start)
        };
        drawing.all(scenario)
    }

    /// One turn of a load: the file's times do not count, `each` is the time
    /// from one request to the next.
    pub(super) fn turn(scenario: &Scenario, seed: u64, start: At, each: Duration) -> Self {
        let drawing = Drawing {
            each: Some(each),
            ..Drawing::new(seed, start)
        };
        drawing.all(scenario)
    }

    /// The most requests that fall within one second, for the sites that
    /// `which` names.
    #[must_use]
    pub fn peak(&self, which: impl Fn(&Send) -> bool) -> usize {
        let mut window: VecDeque<Duration> = VecDeque::new();
        let mut peak = 0;
        for send in self.sends.iter().filter(|send| which(send)) {
            while window
                .front()
                .is_some_and(|first| send.due >= *first + Duration::from_secs(1))
            {
                window.pop_front();
            }
            window.push_back(send.due);
            peak = peak.max(window.len());
        }
        peak
    }

    /// When the last request is due.
    #[must_use]
    pub fn lasts(&self) -> Duration {
        let watched = self.watches.iter().map(|watch| watch.from);
        let sent = self.sends.iter().map(|send| send.due);
        watched.chain(sent).max().unwrap_or_default()
    }
}

/// A plan being drawn.
struct Drawing {
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
    fn new(seed: u64, start: At) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            start,
            each: None,
            is_whole: false,
            plan: Plan::default(),
            swapped: Vec::new(),
        }
    }

    fn all(mut self, scenario: &Scenario) -> Plan {
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

/// Ids and time of an event where they are not given and it has them always.
/// They stand first, in the page's order.
pub fn complete(event: &Spoken, fields: &mut Vec<(Arc<str>, String)>, now: At, rng: &mut Rng) {
    if !event.variables.iter().any(|v| event.makes_up(v.name)) {
        return;
    }
    let first = match event.vendor {
        Vendor::Telphin => telphin_ids(event.name, fields, now, rng),
        _ => contaqt_ids(fields, now, rng),
    };
    let missing = first
        .into_iter()
        .filter(|(name, _)| get(fields, name).is_none());
    let missing: Vec<(Arc<str>, String)> =
        missing.map(|(name, value)| (name.into(), value)).collect();
    fields.splice(0..0, missing);
}

fn get<'f>(fields: &'f [(Arc<str>, String)], name: &str) -> Option<&'f str> {
    let found = fields.iter().find(|(known, _)| **known == *name);
    found.map(|(_, value)| value.as_str())
}

/// The first leg of a call has the call's own id.
fn contaqt_ids(
    fields: &[(Arc<str>, String)],
    now: At,
    rng: &mut Rng,
) -> Vec<(&'static str, String)> {
    let given = get(fields, "id").or_else(|| get(fields, "call_id"));
    let id = given.map_or_else(|| uuid(rng), str::to_owned);
    let second = now.0.div_euclid(1_000).to_string();
    vec![("id", id.clone()), ("call_id", id), ("ts", second)]
}

/// A call is 32 hex digits, and a leg of it the extension's id before its own.
fn telphin_ids(
    event: &str,
    fields: &[(Arc<str>, String)],
    now: At,
    rng: &mut Rng,
) -> Vec<(&'static str, String)> {
    let mut hex = || uuid(rng).replace('-', "");
    let call = get(fields, "CallID").map_or_else(&mut hex, str::to_owned);
    let [called, caller] = ["CalledExtensionID", "CallerExtensionID"].map(|id| get(fields, id));
    let extension = if event.ends_with("-out") {
        caller.or(called)
    } else {
        called.or(caller)
    };
    let leg = format!("{}-{}", extension.unwrap_or("0"), hex());
    let micros = now.0.saturating_mul(1_000).to_string();
    vec![("EventTime", micros), ("CallID", call), ("SubCallID", leg)]
}

/// A line each, as `holdline inject run --validate` prints it.
impl fmt::Display for Send {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8.3} s  line {:<3}  ",
            self.due.as_secs_f64(),
            self.line
        )?;
        match &self.what {
            Letter::Webhook(webhook) => {
                f.write_str(webhook.event.name)?;
                for (name, value) in &webhook.fields {
                    write!(f, " {name}={value}")?;
                }
            }
            Letter::Injection(params) => {
                f.write_str("inject")?;
                for (name, value) in params {
                    write!(f, " {name}={value}")?;
                }
            }
        }
        if let Some(spoilt) = self.spoilt {
            write!(f, "  ({})", spoilt.word())?;
        }
        Ok(())
    }
}

impl fmt::Display for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>8.3} s  line {:<3}  expect {} within {}",
            self.from.as_secs_f64(),
            self.line,
            self.hope,
            spell(self.within)
        )
    }
}
