//! Random days by the page's rules, against a model that looks at what was and
//! never at events: whatever is lost of what is told twice, in whatever order
//! and however often the rest comes, the board is the same.

mod controls;

use std::collections::{BTreeMap, BTreeSet};

use holdline::domain::{agent::AgentState, board::Board, call::CallState};
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::play::{Play, QUEUE, TEN, fields, queue, time};

/// Nothing is told later than this.
const LATEST: i64 = 900_000;
/// Phones that are rung.
const PHONES: [&str; 3] = ["85219", "85220", "85221"];

/// Phones rung at once, by their places in [`PHONES`].
#[derive(Clone, Debug)]
struct Round {
    begin: i64,
    phones: Vec<usize>,
    /// Whose answer, and when: then all others stop.
    winner: Option<(usize, i64)>,
    end: i64,
}

/// A call as it really was.
#[derive(Clone, Debug)]
struct Plan {
    /// When it came into a voice menu, and whether it left that at once when
    /// it went on.
    menu: Option<(i64, bool)>,
    /// When it came into the queue, or to the phones.
    start: i64,
    queued: bool,
    rounds: Vec<Round>,
    end: i64,
}

impl Plan {
    fn began(&self) -> i64 {
        self.menu.map_or(self.start, |(at, _)| at)
    }

    fn answered(&self) -> Option<i64> {
        self.rounds.iter().find_map(|r| r.winner).map(|w| w.1)
    }
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let round = (
        0i64..20_000,
        prop::sample::subsequence(vec![0usize, 1, 2], 1..=3),
        prop::option::weighted(0.4, (0usize..3, 0i64..15_000)),
        1i64..30_000,
    );
    let plan = (
        prop::option::of((1i64..9_000, any::<bool>())),
        0i64..300_000,
        prop::bool::weighted(0.7),
        prop::collection::vec(round, 0..4),
        0i64..9_000,
    );
    let plan = plan.prop_map(|(menu, began, queued, tries, tail)| {
        // A call is somewhere.
        let queued = queued || (menu.is_none() && tries.is_empty());
        let start = began + menu.map_or(0, |(length, _)| length);
        let (mut now, mut rounds) = (start, Vec::new());
        for (gap, phones, answer, length) in tries {
            let begin = if queued { now + gap } else { now };
            let winner = answer.map(|(n, after)| (phones[n % phones.len()], begin + after));
            let end = winner.map_or(begin, |(_, at)| at) + length;
            rounds.push(Round {
                begin,
                phones,
                winner,
                end,
            });
            now = end;
            if winner.is_some() || !queued {
                break;
            }
        }
        // Without a phone to go to, nobody leaves a queue or a menu at once.
        let is_over = rounds.iter().any(|r| r.winner.is_some()) || !queued;
        Plan {
            menu: menu.map(|(_, left)| (began, left && (queued || !rounds.is_empty()))),
            start,
            queued,
            end: now
                + if is_over && !rounds.is_empty() {
                    0
                } else {
                    tail + 1
                },
            rounds,
        }
    });
    prop::collection::vec(plan, 1..6)
}

/// An event: its time, name, leg and other fields.
type Told = (i64, &'static str, String, Vec<(&'static str, String)>);

/// Which events are lost, of those that something else tells too.
struct Dice<'a>(std::iter::Cycle<std::slice::Iter<'a, u16>>);

impl Dice<'_> {
    fn of(&mut self, sides: usize) -> usize {
        usize::from(*self.0.next().unwrap()) % sides
    }

    /// Which of two witnesses are heard: at least one.
    fn witnesses(&mut self) -> [bool; 2] {
        [[true, true], [true, false], [false, true]][self.of(3)]
    }
}

fn tell(plans: &[Plan], dice: &mut Dice<'_>) -> Vec<Told> {
    let mut told = Vec::new();
    for (n, plan) in plans.iter().enumerate() {
        let call = format!("call-{n}");
        let mut say = |at, event, leg: String, more: &[(&'static str, &str)]| {
            let mut all = vec![("CallID", call.clone())];
            all.extend(
                more.iter()
                    .map(|(name, value)| (*name, (*value).to_owned())),
            );
            told.push((at, event, leg, all));
        };
        let bridged = if plan.answered().is_some() {
            "yes"
        } else {
            "no"
        };
        let is_only_menu = !plan.queued && plan.rounds.is_empty();
        if let Some((at, left)) = plan.menu {
            let leg = format!("77-{n}");
            say(at, "dial-in", leg.clone(), &[("CallFlow", "in")]);
            let end = if left { plan.start } else { plan.end };
            // Whoever went on has left, also where that is not told. A call
            // that nobody took is missed by its word alone.
            if is_only_menu || (bridged == "no" && !plan.queued) || dice.of(3) > 0 {
                say(end, "hangup", leg, &[("CallFlow", "in"), ("Bridged", "no")]);
            }
        }
        if plan.queued {
            let leg = format!("{QUEUE}-in-{n}");
            say(plan.start, "dial-in", leg.clone(), &[("CallFlow", "in")]);
            say(
                plan.end,
                "hangup",
                leg,
                &[("CallFlow", "in"), ("Bridged", bridged)],
            );
        }
        for (r, round) in plan.rounds.iter().enumerate() {
            for phone in &round.phones {
                tell_ring(plan, (n, r), round, *phone, dice, &mut say);
            }
        }
    }
    told
}

fn tell_ring(
    plan: &Plan,
    (n, r): (usize, usize),
    round: &Round,
    phone: usize,
    dice: &mut Dice<'_>,
    say: &mut impl FnMut(i64, &'static str, String, &[(&'static str, &str)]),
) {
    let id = PHONES[phone];
    let own = (
        format!("{id}-{n}-{r}"),
        vec![("CallFlow", "in"), ("CallerExtensionID", QUEUE)],
    );
    let out = (
        format!("{QUEUE}-{n}-{r}-{phone}"),
        vec![("CallFlow", "out"), ("CalledExtensionID", id)],
    );
    let mut both = |at, event, heard: [bool; 2]| {
        let witnesses = [&own, &out];
        for (leg, more) in witnesses
            .into_iter()
            .zip(heard)
            .filter(|w| w.1)
            .map(|w| w.0)
        {
            let more = if plan.queued {
                more.as_slice()
            } else {
                &more[..1]
            };
            say(at, event, leg.clone(), more);
        }
    };
    let mut heard = || {
        if plan.queued {
            dice.witnesses()
        } else {
            [true, false]
        }
    };
    both(round.begin, "dial-in", heard());
    let end = match round.winner {
        Some((winner, at)) if winner == phone => {
            both(at, "answer", heard());
            round.end
        }
        Some((_, at)) => at,
        None => round.end,
    };
    let hangup = heard();
    let is_loser = round.winner.is_some_and(|(winner, _)| winner != phone);
    let gave_up = plan.queued && plan.end == end;
    if !((is_loser || gave_up) && dice.of(2) == 0) {
        both(end, "hangup", hangup);
    }
}

/// Calls, callers, figures and phones, without what depends on when we heard.
#[derive(Debug, Default, PartialEq)]
struct Picture {
    calls: BTreeMap<String, (CallState, Option<i64>, Option<i64>)>,
    waiting: BTreeMap<String, i64>,
    /// Answered, left, the longest wait in whole seconds: none is kept finer.
    figures: (u64, u64, Option<i64>),
    missed: BTreeSet<String>,
    /// State, since when it is free, and its calls.
    phones: BTreeMap<String, (AgentState, Option<i64>, u32)>,
}

fn model(plans: &[Plan], until: i64) -> Picture {
    let mut picture = Picture::default();
    let mut rings: BTreeMap<usize, Vec<(i64, Option<i64>, i64)>> = BTreeMap::new();
    for (n, plan) in plans.iter().enumerate().filter(|(_, p)| p.began() <= until) {
        let name = format!("call-{n}");
        let answered = plan.answered().filter(|at| *at <= until);
        let ended = Some(plan.end).filter(|at| *at <= until);
        let rounds = plan.rounds.iter().filter(|r| r.begin <= until);
        let (mut is_rung, mut talks) = (false, false);
        for round in rounds {
            for phone in &round.phones {
                let won = round.winner.filter(|(winner, _)| winner == phone);
                let lost = round.winner.filter(|(winner, _)| winner != phone);
                let end = lost.map_or(round.end, |(_, at)| at);
                let answer = won.map(|(_, at)| at);
                rings
                    .entry(*phone)
                    .or_default()
                    .push((round.begin, answer, end));
                let is_open = end > until;
                is_rung |= is_open && answer.is_none_or(|at| at > until);
                talks |= is_open && answer.is_some_and(|at| at <= until);
            }
        }
        let state = match (ended, talks, is_rung) {
            (Some(_), ..) => CallState::Ended,
            (_, true, _) => CallState::Answered,
            (.., true) => CallState::Ringing,
            _ => CallState::Waiting,
        };
        picture.calls.insert(name.clone(), (state, answered, ended));
        let is_queued = plan.queued && plan.start <= until;
        let waited = answered.or(ended).map(|at| at - plan.start);
        if is_queued {
            match (answered, ended) {
                (Some(_), _) => picture.figures.0 += 1,
                (None, Some(_)) => picture.figures.1 += 1,
                (None, None) => drop(picture.waiting.insert(name.clone(), plan.start)),
            }
            picture.figures.2 = picture.figures.2.max(waited.map(|ms| ms / 1_000));
        }
        if ended.is_some() && answered.is_none() && (plan.queued || plan.menu.is_some()) {
            picture.missed.insert(name);
        }
    }
    for (phone, rings) in rings {
        let open = || rings.iter().filter(|(.., end)| *end > until);
        let answers = |ring: &&(i64, Option<i64>, i64)| ring.1.is_some_and(|at| at <= until);
        let last = rings.iter().map(|(.., end)| *end).max();
        let state = if open().any(|ring| answers(&ring)) {
            (AgentState::OnCall, None)
        } else if open().next().is_some() {
            (AgentState::Ringing, None)
        } else {
            (AgentState::Available, last)
        };
        let calls = rings.iter().filter(answers).count();
        let calls = u32::try_from(calls).unwrap();
        picture
            .phones
            .insert(PHONES[phone].to_owned(), (state.0, state.1, calls));
    }
    picture
}

fn shown(play: &Play) -> Picture {
    let day = time(0).day(&TimeZone::UTC);
    let millis = |at: holdline::domain::time::At| at.0 - TEN;
    let Some(floor) = play.board.floor(&"phones".into()) else {
        return Picture::default();
    };
    let board = queue(&play.board, QUEUE);
    let today = board.today.on(day).cloned().unwrap_or_default();
    let longest = today.longest().map(|d| i64::try_from(d.as_secs()).unwrap());
    Picture {
        calls: floor
            .open_calls()
            .chain(floor.ended_calls())
            .map(|call| {
                let (answered, ended) = (call.answered().map(millis), call.ended().map(millis));
                (call.id.to_string(), (call.state(), answered, ended))
            })
            .collect(),
        waiting: board
            .callers()
            .map(|w| {
                (
                    w.caller.id().to_string(),
                    millis(w.caller.entered().unwrap()),
                )
            })
            .collect(),
        figures: (today.answered(), today.left(), longest),
        missed: floor
            .missed()
            .map(|(call, _)| call.id.to_string())
            .collect(),
        phones: floor
            .agents()
            .map(|agent| {
                let standing = agent.standing();
                let is_free = standing.state == AgentState::Available;
                let since = standing.since.filter(|_| is_free).map(millis);
                let calls = agent.calls_on(day).unwrap();
                (agent.id.to_string(), (standing.state, since, calls))
            })
            .collect(),
    }
}

/// What was told until then in any order; some of it again, as it was or with
/// a later time.
fn mix(told: &[Told], until: i64, dice: &mut Dice<'_>) -> Vec<Told> {
    let mut mixed: Vec<Told> = Vec::new();
    for (at, event, leg, more) in told.iter().filter(|(at, ..)| *at <= until) {
        let again = [vec![0], vec![0, 0], vec![0, 700], vec![0]];
        for later in &again[dice.of(4)] {
            let place = dice.of(mixed.len() + 1);
            mixed.insert(place, (at + later, *event, leg.clone(), more.clone()));
        }
    }
    mixed
}

fn hear(play: &mut Play, told: &[Told]) {
    for (at, event, leg, more) in told {
        let more: Vec<(&str, &str)> = more.iter().map(|(n, v)| (*n, v.as_str())).collect();
        play.hear(&fields(*at, event, leg, &more), false);
    }
}

fn play() -> Play {
    let mut play = Play::new();
    play.now = LATEST;
    play
}

proptest! {
    #[test]
    fn the_board_is_what_happened_whatever_comes_how_often_in_what_order(
        plans in plans(), until in 0i64..500_000,
        dice in prop::collection::vec(any::<u16>(), 97),
    ) {
        let mut dice = Dice(dice.iter().cycle());
        let told = tell(&plans, &mut dice);
        let mut board = play();
        hear(&mut board, &mix(&told, until, &mut dice));
        prop_assert_eq!(shown(&board), model(&plans, until));
    }

    #[test]
    fn any_order_makes_the_same_facts_and_timelines(
        plans in plans(), until in 0i64..500_000,
        dice in prop::collection::vec(any::<u16>(), 97),
    ) {
        let mut dice = Dice(dice.iter().cycle());
        let told = tell(&plans, &mut dice);
        let mixed = mix(&told, until, &mut dice);
        let mut in_order = mixed.clone();
        in_order.sort_by_key(|(at, ..)| *at);
        let (mut one, mut other) = (play(), play());
        hear(&mut one, &in_order);
        hear(&mut other, &mixed);
        let (Some(one), Some(other)) = (
            one.board.floor(&"phones".into()),
            other.board.floor(&"phones".into()),
        ) else {
            return Ok(());
        };
        for call in one.open_calls().chain(one.ended_calls()) {
            let twin = other.call(&call.id).unwrap();
            prop_assert_eq!(call.agent(), twin.agent());
            prop_assert_eq!(call.kind(), twin.kind());
            prop_assert_eq!(call.wait(time(LATEST)), twin.wait(time(LATEST)));
            prop_assert_eq!(call.hangup_cause(), twin.hangup_cause());
            prop_assert_eq!(call.stays(), twin.stays());
        }
        for agent in one.agents() {
            prop_assert_eq!(agent.timeline(), other.agent(&agent.id).unwrap().timeline());
        }
    }

    #[test]
    fn a_checkpoint_anywhere_goes_on_to_the_same_board(
        plans in plans(), cut in 0.0f64..1.0,
        dice in prop::collection::vec(any::<u16>(), 97),
    ) {
        let mut dice = Dice(dice.iter().cycle());
        let told = tell(&plans, &mut dice);
        let mixed = mix(&told, LATEST, &mut dice);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share of a small number")]
        let at = (mixed.len() as f64 * cut) as usize;
        let (mut whole, mut resumed) = (play(), play());
        hear(&mut whole, &mixed);
        hear(&mut resumed, &mixed[..at]);
        resumed.resume();
        hear(&mut resumed, &mixed[at..]);
        prop_assert_eq!(&resumed.board, &whole.board);
    }
}

#[test]
fn a_board_folded_under_other_kinds_is_another_board() {
    let mut play = Play::new();
    play.say(0, "dial-in", "96857-1", &[("CallFlow", "in")]);
    assert_eq!(queue(&play.board, QUEUE).len(), 1);
    let mut unnamed = Play::new();
    unnamed.reader = holdline::vendor::hook::Reader::default();
    unnamed.say(0, "dial-in", "96857-1", &[("CallFlow", "in")]);
    assert_eq!(queue(&unnamed.board, QUEUE).len(), 0);
    assert_ne!(play.reader.fingerprint(), unnamed.reader.fingerprint());
    assert_ne!(play.board, Board::new(TimeZone::UTC));
}
