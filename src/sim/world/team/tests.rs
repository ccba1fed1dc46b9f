use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::*;

const START: At = At(1_795_000_000_000);

fn after(d: Duration) -> At {
    START.plus(d)
}

fn minutes(n: u64) -> Duration {
    Duration::from_mins(n)
}

/// What somebody knows who was told everything.
#[derive(Default)]
struct Picture {
    joined: BTreeMap<MemberNo, BTreeSet<LineNo>>,
    doing: BTreeMap<MemberNo, Doing>,
    legs: BTreeMap<(CallNo, usize), Step>,
}

impl Picture {
    fn hear(&mut self, news: &News) {
        match &news.what {
            What::CameIn(member) => {
                let before = self.doing.insert(*member, Doing::Free);
                assert!(before.is_none(), "came in twice");
            }
            What::WentHome(member) => {
                assert!(self.doing.remove(member).is_some(), "went without coming");
                let joined = self.joined.remove(member).unwrap_or_default();
                assert!(joined.is_empty(), "went without leaving");
            }
            What::Joined(member, lines) => {
                assert!(self.doing.contains_key(member));
                let joined = self.joined.entry(*member).or_default();
                assert!(lines.iter().all(|line| joined.insert(*line)));
            }
            What::Left(member, lines) => {
                let joined = self.joined.entry(*member).or_default();
                assert!(lines.iter().all(|line| joined.remove(line)));
            }
            What::Turned(member, doing) => {
                assert!(self.doing.insert(*member, *doing).is_some());
            }
            What::Called(step, call, leg) => {
                let before = self.legs.insert((call.no, *leg), *step);
                let follows = match step {
                    Step::Entered => before.is_none() && *leg == 0,
                    Step::Rings => before.is_none(),
                    Step::Answered => before == Some(Step::Rings),
                    Step::Ended => before.is_some() && before != Some(Step::Ended),
                };
                assert!(follows, "{step:?} after {before:?}");
            }
        }
    }
}

/// A day told in steps of `step`, heard whole.
fn told(seed: u64, length: Duration, step: Duration) -> (Team, Vec<News>) {
    let mut team = Team::new(seed, START);
    let mut all = Vec::new();
    let mut at = START;
    while at < START.plus(length) {
        at = at.plus(step).min(START.plus(length));
        team.advance(at);
        all.extend(team.news());
    }
    (team, all)
}

#[test]
fn who_hears_everything_knows_everything() {
    for seed in 0..20 {
        let (team, news) = told(seed, Duration::from_hours(8), minutes(7));
        let mut heard = Picture::default();
        for news in &news {
            heard.hear(news);
        }
        for (no, member) in team.members().iter().enumerate() {
            let known = heard.doing.get(&no).copied().unwrap_or(Doing::Away);
            let same = match member.doing {
                Doing::Ringing(_) => known == Doing::Free,
                doing => known == doing,
            };
            assert!(same, "seed {seed}: {known:?}, truly {:?}", member.doing);
            let joined = heard.joined.get(&no).cloned().unwrap_or_default();
            assert_eq!(joined, member.joined);
        }
        let open: BTreeSet<(CallNo, usize)> = team
            .calls()
            .flat_map(|call| {
                let open = call.legs.iter().enumerate();
                open.filter(|(_, leg)| leg.ended.is_none())
                    .map(|(i, _)| (call.no, i))
            })
            .collect();
        let known: BTreeSet<_> = heard
            .legs
            .iter()
            .filter(|(_, step)| **step != Step::Ended)
            .map(|(leg, _)| *leg)
            .collect();
        assert_eq!(known, open, "seed {seed}");
    }
}

#[test]
fn people_and_calls_agree_at_every_instant() {
    let mut team = Team::new(3, START);
    for second in 0..14_400 {
        team.advance(after(Duration::from_secs(second)));
        for (no, member) in team.members().iter().enumerate() {
            let leg = |call: CallNo| {
                let call = team.calls().find(|c| c.no == call).unwrap();
                let legs = call.legs.iter().filter(move |leg| leg.ended.is_none());
                let mut mine = legs.filter(|leg| leg.to == Some(no) || leg.from == Some(no));
                let leg = mine.next().unwrap().clone();
                assert!(mine.next().is_none());
                leg
            };
            match member.doing {
                Doing::Ringing(call) => assert!(leg(call).rings() && leg(call).to == Some(no)),
                Doing::OnCall(call) => {
                    let leg = leg(call);
                    assert!(leg.talks() || leg.from == Some(no));
                }
                Doing::Away => assert!(member.joined.is_empty()),
                Doing::Free | Doing::Busy(_) | Doing::Paused(_) => {
                    let mine = |leg: &Leg| leg.to == Some(no) || leg.from == Some(no);
                    let busy = team.calls().flat_map(|c| &c.legs);
                    assert!(!busy.filter(|l| l.ended.is_none()).any(mine));
                }
            }
        }
        for call in team.calls() {
            assert!(call.legs.iter().any(|leg| leg.ended.is_none()), "a ghost");
            assert!(call.legs.iter().filter(|leg| leg.talks()).count() <= 1);
        }
    }
}

#[test]
fn the_same_seed_is_the_same_day_however_it_is_stepped_through() {
    let (_, in_steps) = told(5, minutes(90), Duration::from_millis(900));
    let (_, at_once) = told(5, minutes(90), minutes(90));
    assert_eq!(in_steps, at_once);
    let (_, other) = told(6, minutes(90), minutes(90));
    assert_ne!(at_once, other);
}

#[test]
fn a_look_after_half_a_minute_finds_every_state() {
    for seed in 0..10 {
        let mut team = Team::new(seed, START);
        team.advance(after(Duration::from_secs(4)));
        let paused = |team: &Team| {
            let of = |m: &&Member| matches!(m.doing, Doing::Paused(_));
            team.members().iter().filter(of).count()
        };
        assert!(team.members().iter().filter(|m| m.is_in()).count() >= 8);
        team.advance(after(Duration::from_secs(30)));
        assert!(paused(&team) >= 1, "seed {seed}");
        let has = |is: fn(&Doing) -> bool| team.members().iter().any(|m| is(&m.doing));
        assert!(has(|d| *d == Doing::Away));
        assert!(has(|d| matches!(d, Doing::OnCall(_))), "seed {seed}");
        assert!(team.members().iter().any(|m| !m.was_in));
        assert!(
            team.members()
                .iter()
                .any(|m| m.is_in() && m.joined.is_empty())
        );
        assert!(team.calls().count() >= 3, "seed {seed}");
    }
}

#[test]
fn the_day_is_lively_and_people_can_cope() {
    for seed in 0..10 {
        let mut team = Team::new(seed, START);
        let (mut waiting, mut talking, mut samples) = (0, 0, 0);
        for minute in 5..240 {
            team.advance(after(minutes(minute)));
            waiting += team.calls().filter(|c| c.waits_in().is_some()).count();
            let on_call = |m: &&Member| matches!(m.doing, Doing::OnCall(_));
            talking += team.members().iter().filter(on_call).count();
            samples += 1;
        }
        assert!(
            talking > 2 * samples && talking < 9 * samples,
            "{talking}/{samples}"
        );
        assert!(
            waiting * 4 > samples && waiting < 6 * samples,
            "{waiting}/{samples}"
        );
    }
}
