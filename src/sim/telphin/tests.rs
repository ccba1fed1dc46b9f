use std::collections::{BTreeMap, BTreeSet};

use crate::{
    domain::time::At,
    emit::telphin::{Event, Flow, Kind, Status},
    sim::world::exchange::{Exchange, Station},
};

use super::{MENU_ID, QUEUE_ID, voice};

const START: At = At(1_795_000_000_000);

/// What is told within some hours of a seed's day, with whose it is.
fn told(seed: u64) -> Vec<(Station, Event)> {
    let mut exchange = Exchange::new(seed, START);
    exchange.advance(START.plus(std::time::Duration::from_hours(3)));
    let news = exchange.news();
    news.iter().map(|news| voice::event(news, 0)).collect()
}

const SEEDS: std::ops::Range<u64> = 0..25;

#[test]
fn menus_and_the_queues_thread_of_a_caller_never_answer() {
    for seed in SEEDS {
        for (station, event) in told(seed) {
            let kinds: &[Kind] = match (station, event.flow) {
                (Station::Menu, flow) => {
                    assert_eq!(flow, Flow::In);
                    &[Kind::DialIn, Kind::Hangup]
                }
                (Station::Queue, Flow::In) => &[Kind::DialIn, Kind::Hangup],
                (Station::Queue, Flow::Out) => &[Kind::DialIn, Kind::Answer, Kind::Hangup],
                (Station::Phone(_), _) => &Kind::ALL,
            };
            assert!(kinds.contains(&event.kind), "{station:?}: {event:?}");
        }
    }
}

#[test]
fn each_leg_begins_may_be_answered_and_hangs_up_later() {
    for seed in SEEDS {
        let mut legs: BTreeMap<String, Vec<Event>> = BTreeMap::new();
        for (_, event) in told(seed) {
            let messages = matches!(event.kind, Kind::MessageIn | Kind::MessageOut);
            if !messages {
                legs.entry(event.sub_call_id.clone())
                    .or_default()
                    .push(event);
            }
        }
        let mut ended = 0;
        for events in legs.values() {
            assert!(matches!(events[0].kind, Kind::DialIn | Kind::DialOut));
            for pair in events.windows(2) {
                let again = pair[0].kind == pair[1].kind && pair[0].kind == Kind::DialIn;
                let later = pair[0].time_us < pair[1].time_us;
                assert!(later || (again && pair[0].time_us == pair[1].time_us));
                assert_eq!(pair[0].call_id, pair[1].call_id);
            }
            let hangups = events.iter().filter(|e| e.kind == Kind::Hangup);
            let hangups: Vec<&Event> = hangups.collect();
            assert!(hangups.len() <= 1);
            let Some(hangup) = hangups.first() else {
                continue;
            };
            ended += 1;
            assert_eq!(
                hangup.duration_us,
                Some(hangup.time_us - events[0].time_us),
                "{events:?}"
            );
            let answer = events.iter().find(|e| e.kind == Kind::Answer);
            if let Some(answer) = answer {
                assert_eq!(hangup.status, Some(Status::Answer));
                assert_eq!(hangup.bridged_us, Some(hangup.time_us - answer.time_us));
            } else if hangup.bridged == Some(true) {
                assert_eq!(hangup.flow, Flow::In, "of a menu or a queue");
                let held = [MENU_ID, QUEUE_ID].map(|id| format!("{id}-"));
                assert!(held.iter().any(|id| hangup.sub_call_id.starts_with(id)));
            }
            assert!(hangup.bridged == Some(true) || hangup.rec_id.is_none());
        }
        assert!(ended > 500, "{ended}");
    }
}

#[test]
fn who_loses_the_race_for_a_caller_is_hung_up_with_cancel() {
    let mut lost = 0;
    for seed in SEEDS {
        let all = told(seed);
        for (at, (station, answer)) in all.iter().enumerate() {
            let of_queue = answer.caller.as_ref().is_some_and(|who| who.id == QUEUE_ID);
            if answer.kind != Kind::Answer || !of_queue || *station == Station::Queue {
                continue;
            }
            let legs = |kinds: &'static [Kind], from: &[(Station, Event)]| {
                let of_call = from.iter().filter(|(_, e)| e.call_id == answer.call_id);
                of_call
                    .filter(|(s, e)| {
                        let thread = *s == Station::Queue && e.flow == Flow::Out;
                        thread || matches!(s, Station::Phone(_))
                    })
                    .filter(|(_, e)| kinds.contains(&e.kind))
                    .map(|(_, e)| e.sub_call_id.clone())
                    .collect::<BTreeSet<_>>()
            };
            let began = legs(&[Kind::DialIn], &all[..at]);
            let gone = legs(&[Kind::Hangup], &all[..at]);
            let won = legs(&[Kind::Answer], &all);
            for loser in began.difference(&gone).filter(|leg| !won.contains(*leg)) {
                let hangup = all[at..]
                    .iter()
                    .map(|(_, e)| e)
                    .find(|e| e.sub_call_id == *loser && e.kind == Kind::Hangup)
                    .unwrap();
                assert_eq!(hangup.status, Some(Status::Cancel), "{hangup:?}");
                assert_eq!(hangup.bridged, Some(false));
                lost += 1;
            }
        }
    }
    assert!(lost > 500, "{lost}");
}

#[test]
fn calls_sent_on_leave_as_dial_out_with_one_r() {
    let mut sent_on = 0;
    for (station, event) in SEEDS.flat_map(told) {
        if event.transfered == Some(true) {
            assert!(matches!(station, Station::Phone(_)));
            assert_eq!(event.flow, Flow::Out);
            assert_ne!(event.kind, Kind::DialIn);
            assert!(event.called.is_none());
            sent_on += usize::from(event.kind == Kind::DialOut);
        } else if event.kind == Kind::DialOut {
            assert_eq!(event.called_did, None);
        }
    }
    assert!(sent_on > 20, "{sent_on}");
}

#[test]
fn ids_are_written_as_they_were_seen() {
    for (_, event) in told(1) {
        assert_eq!(event.call_id.len(), 32);
        let (extension, hex) = event.sub_call_id.split_once('-').unwrap();
        assert!(extension.parse::<u32>().is_ok() && hex.len() == 32);
        if let Some(api_id) = &event.call_api_id {
            let (_, dashed) = api_id.split_once('-').unwrap();
            assert_eq!(dashed.replace('-', ""), event.call_id);
        }
    }
}

#[test]
fn recordings_and_repeats_are_told_at_times_only() {
    let all: Vec<Event> = SEEDS.flat_map(told).map(|(_, event)| event).collect();
    let talked = |e: &&Event| e.kind == Kind::Hangup && e.bridged == Some(true);
    let recorded = all.iter().filter(talked).filter(|e| e.rec_id.is_some());
    let (recorded, all_talked) = (recorded.count(), all.iter().filter(talked).count());
    assert!(recorded * 10 > all_talked && recorded * 2 < all_talked);
    let mut seen: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    for event in all.iter().filter(|e| e.kind == Kind::DialIn) {
        seen.entry(&event.sub_call_id)
            .or_default()
            .push(event.time_us);
    }
    let twice: Vec<&Vec<i64>> = seen.values().filter(|times| times.len() > 1).collect();
    assert!(twice.iter().any(|times| times[0] == times[1]));
    assert!(twice.iter().any(|times| times[0] < times[1]));
    assert!(twice.len() * 5 < seen.len());
}

#[test]
fn a_wrong_clock_shows_in_the_time_and_nowhere_else() {
    let mut exchange = Exchange::new(1, START);
    exchange.advance(START.plus(std::time::Duration::from_mins(5)));
    for news in exchange.news() {
        let (_, right) = voice::event(&news, 0);
        let (_, mut wrong) = voice::event(&news, -3_600_000);
        assert_eq!(wrong.time_us, right.time_us - 3_600_000_000);
        wrong.time_us = right.time_us;
        assert_eq!(wrong, right);
    }
}
