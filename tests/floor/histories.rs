//! Random shifts against a model that knows what happened: whatever is lost
//! of the order, however often things are told, the picture is the same.

mod controls;

use std::collections::{BTreeMap, BTreeSet};

use holdline::domain::{
    agent::AgentState,
    board::{Board, Snapshot},
    call::CallState,
    entry::{Entry, What},
};
use jiff::tz::TimeZone;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::play::{Play, TEN, key, time};

/// Nothing is told later than this.
const LATEST: i64 = 2_000;

/// What became of an agent's phone that was rung.
#[derive(Clone, Debug)]
struct Rung {
    agent: u8,
    rang: i64,
    answered: Option<i64>,
    ended: i64,
}

/// A call as it really was.
#[derive(Clone, Debug)]
struct Plan {
    queue: Option<u8>,
    start: i64,
    rung: Vec<Rung>,
    end: i64,
}

/// What an agent said of themselves, in order.
#[derive(Clone, Copy, Debug)]
enum Word {
    In,
    Out,
    Pause(u8),
    InCalls(bool),
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let rung = (1u8..5, 1i64..40, prop::option::of(1i64..40), 1i64..60);
    let plan = (
        prop::option::weighted(0.8, 1u8..3),
        0i64..600,
        prop::collection::vec(rung, 0..4),
        0i64..20,
    );
    let plan = plan.prop_map(|(queue, start, tries, tail)| {
        let (mut now, mut rung) = (start, Vec::new());
        for (agent, ring, answer, end) in tries {
            let rang = now + ring;
            let answered = answer.map(|a| rang + a);
            let ended = answered.unwrap_or(rang) + end;
            rung.push(Rung {
                agent,
                rang,
                answered,
                ended,
            });
            now = ended;
            if answered.is_some() {
                break;
            }
        }
        Plan {
            queue,
            start,
            rung,
            end: now + tail,
        }
    });
    prop::collection::vec(plan, 1..8)
}

fn words() -> impl Strategy<Value = Vec<(u8, Word)>> {
    let word = prop_oneof![
        3 => Just(Word::In),
        1 => Just(Word::Out),
        3 => (0u8..3).prop_map(Word::Pause),
        2 => any::<bool>().prop_map(Word::InCalls),
    ];
    prop::collection::vec((1u8..5, word), 0..12)
}

/// An event: its name and fields, and its time.
type Told = (String, Value, i64);

/// Everything the calls tell until `until`.
fn tell(plans: &[Plan], until: i64) -> Vec<Told> {
    let mut told = Vec::new();
    for (n, plan) in plans.iter().enumerate() {
        let call = format!("call-{n}");
        let mut say = |step: &str, leg: &str, at: i64, more: Value| {
            let mut fields = json!({"id": leg, "call_id": call, "ts": TEN + at, "lead_name": format!("{step} {at}")});
            let object = fields.as_object_mut().unwrap();
            object.extend(more.as_object().unwrap().clone());
            if at <= until {
                told.push((format!("call:{step}"), fields, at));
            }
        };
        match plan.queue {
            Some(queue) => say(
                "start",
                &call,
                plan.start,
                json!({"type": "queue", "queue_id": queue}),
            ),
            None => say("ring", &call, plan.start, json!({"type": "inbound"})),
        }
        for (i, rung) in plan.rung.iter().enumerate() {
            let leg = format!("{call}-leg-{i}");
            let agent = json!({"dst_user_id": rung.agent});
            say("ring", &leg, rung.rang, agent.clone());
            if let Some(at) = rung.answered {
                say("answer", &leg, at, json!({}));
                // A step that is told again, later, happened when it was
                // told first.
                say("answer", &leg, at + 2, json!({}));
            }
            say("ring", &leg, rung.rang + 1, agent);
            for again in [0, 3] {
                let cause = json!({"hangup_cause": "NORMAL_CLEARING"});
                say("end", &leg, rung.ended + again, cause);
            }
        }
        say(
            "end",
            &call,
            plan.end,
            json!({"hangup_cause": "NORMAL_CLEARING"}),
        );
    }
    told
}

fn said(agent: u8, word: Word) -> (String, Value) {
    let (event, more) = match word {
        Word::In => ("agent:checkin", json!({})),
        Word::Out => ("agent:checkout", json!({})),
        Word::Pause(id) => ("agent:status", json!({"pause_id": id})),
        Word::InCalls(yes) => ("agent:status", json!({"in_calls": u8::from(yes)})),
    };
    let mut fields = json!({"user_id": agent});
    fields
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    (event.to_owned(), fields)
}

/// Agents, calls, callers and figures, without what depends on when we heard.
#[derive(Debug, PartialEq)]
struct Picture {
    calls: BTreeMap<String, (CallState, Option<i64>, Option<i64>)>,
    waiting: BTreeSet<(u8, String)>,
    figures: BTreeMap<u8, (u64, u64, Option<u64>)>,
    agents: BTreeMap<u8, (AgentState, u32)>,
}

/// Checked in, pause, at calls.
type Own = (Option<bool>, Option<u8>, Option<bool>);

/// What the model says: it looks at what was, never at events.
fn model(plans: &[Plan], words: &[(u8, Word)], until: i64) -> Picture {
    let seen = |at: i64| (at <= until).then_some(at);
    let mut picture = Picture {
        calls: BTreeMap::new(),
        waiting: BTreeSet::new(),
        figures: BTreeMap::new(),
        agents: BTreeMap::new(),
    };
    let mut phones: BTreeMap<u8, (bool, bool, u32)> = BTreeMap::new();
    for (n, plan) in plans.iter().enumerate().filter(|(_, p)| p.start <= until) {
        let name = format!("call-{n}");
        let answered = plan
            .rung
            .iter()
            .filter_map(|r| r.answered.and_then(seen))
            .min();
        let ended = seen(plan.end);
        let open = |r: &&Rung| r.rang <= until && r.ended > until;
        let (mut rings, mut talks) = (plan.queue.is_none(), false);
        for rung in plan.rung.iter().filter(|r| r.rang <= until) {
            let phone = phones.entry(rung.agent).or_default();
            if rung.answered.and_then(seen).is_some() {
                phone.2 += 1;
            }
            if open(&rung) {
                let is_answered = rung.answered.and_then(seen).is_some();
                talks |= is_answered;
                rings |= !is_answered;
                phone.0 |= !is_answered;
                phone.1 |= is_answered;
            }
        }
        let state = match (ended, talks, rings, answered) {
            (Some(_), ..) => CallState::Ended,
            (_, true, ..) => CallState::Answered,
            (_, _, true, _) => CallState::Ringing,
            (.., Some(_)) => CallState::Answered,
            _ => CallState::Waiting,
        };
        picture.calls.insert(name.clone(), (state, answered, ended));
        if let Some(queue) = plan.queue {
            let figure = picture.figures.entry(queue).or_default();
            let waited = answered
                .or(ended)
                .map(|at| (at - plan.start).unsigned_abs());
            match (answered, ended) {
                (Some(_), _) => figure.0 += 1,
                (None, Some(_)) => figure.1 += 1,
                (None, None) => drop(picture.waiting.insert((queue, name))),
            }
            figure.2 = figure.2.max(waited);
        }
    }
    let mut own: BTreeMap<u8, Own> = BTreeMap::new();
    for (agent, word) in words {
        let one = own.entry(*agent).or_default();
        let is_out = one.0 == Some(false);
        match word {
            Word::In => *one = (Some(true), None, None),
            Word::Out => *one = (Some(false), None, None),
            Word::Pause(0) | Word::InCalls(false) if is_out => {}
            Word::Pause(id) => *one = (if is_out { Some(true) } else { one.0 }, Some(*id), one.2),
            Word::InCalls(yes) => {
                *one = (if is_out { Some(true) } else { one.0 }, one.1, Some(*yes));
            }
        }
    }
    let all: BTreeSet<u8> = phones.keys().chain(own.keys()).copied().collect();
    for agent in all {
        let (rings, talks, calls) = phones.get(&agent).copied().unwrap_or_default();
        let (login, pause, in_calls) = own.get(&agent).copied().unwrap_or_default();
        let state = if login != Some(false) && pause.is_some_and(|id| id != 0) {
            AgentState::Paused
        } else if talks || (login != Some(false) && in_calls == Some(true)) {
            AgentState::OnCall
        } else if rings {
            AgentState::Ringing
        } else if login == Some(false) {
            AgentState::LoggedOut
        } else if login.is_some() || pause.is_some() || in_calls.is_some() {
            AgentState::Available
        } else {
            AgentState::Unknown
        };
        picture.agents.insert(agent, (state, calls));
    }
    picture
}

/// What the board shows.
fn shown(play: &Play) -> Picture {
    let day = time(0).day(&TimeZone::UTC);
    let seconds = |at: holdline::domain::time::At| at.0 / 1_000 - TEN;
    let floor = play.board.floor(&"team".into());
    let calls = floor
        .into_iter()
        .flat_map(|f| f.open_calls().chain(f.ended_calls()));
    let agents = floor
        .into_iter()
        .flat_map(holdline::domain::floor::Floor::agents);
    let queues = || (1u8..3).filter_map(|id| Some((id, play.board.queue(&key(&id.to_string()))?)));
    Picture {
        calls: calls
            .map(|c| {
                (
                    c.id.to_string(),
                    (c.state(), c.answered().map(seconds), c.ended().map(seconds)),
                )
            })
            .collect(),
        waiting: queues()
            .flat_map(|(id, q)| q.callers().map(move |w| (id, w.caller.id().to_string())))
            .collect(),
        figures: queues()
            .map(|(id, q)| {
                let today = q.today.on(day).cloned().unwrap_or_default();
                (
                    id,
                    (
                        today.answered(),
                        today.left(),
                        today.longest().map(|d| d.as_secs()),
                    ),
                )
            })
            .collect(),
        agents: agents
            .map(|a| {
                (
                    a.id.as_str().parse().unwrap(),
                    (a.standing().state, a.calls_on(day).unwrap()),
                )
            })
            .collect(),
    }
}

/// Mixes calls' events, told once or twice in any order, with agents' words,
/// which stay in theirs.
fn mix(told: &[Told], words: &[(u8, Word)], dice: &[u16]) -> Vec<(String, Value)> {
    let mut dice = dice.iter().cycle().map(|d| usize::from(*d));
    let mut mixed: Vec<(String, Value)> = Vec::new();
    for (event, fields, _) in told {
        for _ in 0..=dice.next().unwrap() % 2 {
            let place = dice.next().unwrap() % (mixed.len() + 1);
            mixed.insert(place, (event.clone(), fields.clone()));
        }
    }
    let mut from = 0;
    for (agent, word) in words {
        from += dice.next().unwrap() % (mixed.len() + 1 - from);
        mixed.insert(from, said(*agent, *word));
        from += 1;
    }
    mixed
}

fn play(events: &[(String, Value)]) -> Play {
    let mut play = Play::new();
    for (n, (event, fields)) in events.iter().enumerate() {
        play.at(LATEST + i64::try_from(n).unwrap())
            .push(event, fields);
    }
    play
}

proptest! {
    #[test]
    fn the_picture_is_what_happened_whatever_the_order(
        plans in plans(), words in words(), until in 0i64..700,
        dice in prop::collection::vec(any::<u16>(), 60),
    ) {
        let told = tell(&plans, until);
        let board = play(&mix(&told, &words, &dice));
        prop_assert_eq!(shown(&board), model(&plans, &words, until));
    }

    #[test]
    fn facts_and_since_do_not_depend_on_the_order_either(
        plans in plans(), until in 0i64..700,
        dice in prop::collection::vec(any::<u16>(), 60),
    ) {
        let told = tell(&plans, until);
        let mut in_order = told.clone();
        in_order.sort_by_key(|(_, _, at)| *at);
        let in_order: Vec<_> = in_order.into_iter().map(|(e, f, _)| (e, f)).collect();
        let (one, other) = (play(&in_order), play(&mix(&told, &[], &dice)));
        if told.is_empty() {
            return Ok(());
        }
        for call in one.floor().open_calls().chain(one.floor().ended_calls()) {
            let twin = other.call(call.id.as_str());
            for (id, leg) in &call.legs {
                prop_assert_eq!(&leg.facts, &twin.legs.get(id).unwrap().facts);
            }
            prop_assert_eq!(call.agent(), twin.agent());
            prop_assert_eq!(call.wait(time(LATEST)), twin.wait(time(LATEST)));
        }
        for agent in one.floor().agents() {
            let twin = other.agent(agent.id.as_str());
            prop_assert_eq!(agent.timeline(), twin.timeline());
            prop_assert_eq!(&agent.standing().call, &twin.standing().call);
        }
    }

    #[test]
    fn a_checkpoint_anywhere_goes_on_to_the_same_board(
        plans in plans(), words in words(), cut in 0.0f64..1.0,
        dice in prop::collection::vec(any::<u16>(), 60),
    ) {
        let events = mix(&tell(&plans, 600), &words, &dice);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small number")]
        let at = (events.len() as f64 * cut) as usize;
        let whole = play(&events);
        let mut resumed = play(&events[..at]);
        let text = serde_json::to_string(&resumed.board.checkpoint()).unwrap();
        let as_it_stands = Snapshot::from(&resumed.board);
        prop_assert_eq!(&serde_json::to_string(&as_it_stands).unwrap(), &text);
        resumed.board = Board::from_checkpoint(TimeZone::UTC, serde_json::from_str(&text).unwrap());
        for (n, (event, fields)) in events.iter().enumerate().skip(at) {
            resumed.at(LATEST + i64::try_from(n).unwrap()).push(event, fields);
        }
        prop_assert_eq!(&resumed.board, &whole.board);
    }
}

#[test]
fn entries_that_were_folded_in_are_not_folded_in_twice() {
    let mut play = Play::new();
    play.push("agent:checkin", &json!({"user_id": 1}));
    let before = play.board.clone();
    play.board.apply(&Entry {
        seq: 1,
        at: time(9),
        site: "team".into(),
        what: What::Gap {
            from: time(0),
            to: time(9),
        },
    });
    assert_eq!(play.board, before);
}
