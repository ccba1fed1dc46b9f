use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::*;

const START: At = At(1_795_000_000_000);

fn day(seed: u64, hours: u64) -> (Vec<News>, Exchange) {
    let mut exchange = Exchange::new(seed, START);
    exchange.advance(START.plus(Duration::from_hours(hours)));
    (exchange.news(), exchange)
}

/// What somebody knows who was told everything.
#[derive(Default)]
struct Picture {
    told: Micros,
    legs: BTreeMap<(CallNo, usize), Step>,
    /// The phones that a leg has, by what is told alone.
    holds: BTreeMap<PhoneNo, BTreeSet<(CallNo, usize)>>,
}

impl Picture {
    fn hear(&mut self, news: &News) {
        assert!(news.at > self.told, "no two things in one microsecond");
        self.told = news.at;
        let What::Leg(step, call, index) = &news.what else {
            return;
        };
        let leg = &call.legs[*index];
        assert_ne!(leg.kind, LegKind::Silent, "nothing is told of those");
        let before = self.legs.get(&(call.no, *index)).copied();
        let follows = match step {
            Step::Began => before.is_none(),
            Step::BeganAgain | Step::Answered => before == Some(Step::Began),
            Step::Ended => matches!(before, Some(Step::Began | Step::Answered)),
            Step::Voicemail => before == Some(Step::Ended),
        };
        assert!(follows, "{step:?} after {before:?}: {leg:?}");
        if *step == Step::Answered {
            assert_ne!(leg.kind, LegKind::Held, "menu and queue never answer");
        }
        if !matches!(step, Step::BeganAgain | Step::Voicemail) {
            self.legs.insert((call.no, *index), *step);
        }
        if let Station::Phone(phone) = leg.station
            && leg.kind != LegKind::Forwarded
        {
            let holds = self.holds.entry(phone).or_default();
            match step {
                Step::Began => {
                    holds.insert((call.no, *index));
                }
                Step::Ended => {
                    holds.remove(&(call.no, *index));
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_leg_begins_once_ends_once_and_times_only_grow() {
    for seed in 0..40 {
        let (news, exchange) = day(seed, 3);
        let mut picture = Picture::default();
        for told in &news {
            picture.hear(told);
        }
        let open = picture.legs.iter().filter(|(_, s)| **s != Step::Ended);
        let open: BTreeSet<CallNo> = open.map(|((call, _), _)| *call).collect();
        let going_on: BTreeSet<CallNo> = exchange.calls().map(|call| call.no).collect();
        assert_eq!(open, going_on, "seed {seed}");
    }
}

#[test]
fn the_phones_do_what_their_legs_say() {
    for seed in 0..20 {
        let mut exchange = Exchange::new(seed, START);
        let mut picture = Picture::default();
        for step in 1..400 {
            exchange.advance(START.plus(Duration::from_secs(13 * step)));
            exchange.news().iter().for_each(|news| picture.hear(news));
            for (phone, doing) in exchange.doing().enumerate() {
                let holds = picture
                    .holds
                    .get(&phone)
                    .is_some_and(|legs| !legs.is_empty());
                let with = match doing {
                    Doing::Free | Doing::Rests => None,
                    Doing::Rings(call) | Doing::Talks(call) => Some(call),
                };
                assert_eq!(holds, with.is_some(), "{phone} is {doing:?}, seed {seed}");
            }
        }
    }
}

#[test]
fn the_steps_that_time_is_cut_into_make_no_difference() {
    let (whole, _) = day(3, 2);
    let mut exchange = Exchange::new(3, START);
    for minute in 1..=120 {
        exchange.advance(START.plus(Duration::from_mins(minute)));
    }
    assert_eq!(exchange.news(), whole);
    assert_ne!(day(4, 2).0, whole);
}

#[test]
fn a_day_has_everything_that_can_happen() {
    let (news, exchange) = day(1, 6);
    let mut seen = BTreeSet::new();
    let mut ends = BTreeSet::new();
    for news in &news {
        match &news.what {
            What::Leg(step, call, leg) => {
                let leg = &call.legs[*leg];
                seen.insert(format!("{step:?} {:?}", leg.kind));
                if *step == Step::Ended {
                    ends.insert(format!("{:?}", leg.ended.unwrap().1));
                }
            }
            What::Message(message) => {
                seen.insert(format!("message {}", message.sent));
            }
        }
    }
    for what in [
        "Began Held",
        "Ended Held",
        "Began Agent",
        "Answered Agent",
        "Ended Agent",
        "Began Called",
        "BeganAgain Called",
        "Answered Called",
        "Voicemail Called",
        "Began Calls",
        "Answered Calls",
        "Began Forwarded",
        "Answered Forwarded",
        "Ended Forwarded",
        "message true",
        "message false",
    ] {
        assert!(seen.contains(what), "{what}: {seen:?}");
    }
    assert_eq!(ends.len(), 7, "{ends:?}");
    assert!(!exchange.missed().is_empty());
}

#[test]
fn the_first_minute_has_callers_who_wait_and_phones_that_ring() {
    let mut exchange = Exchange::new(1, START);
    let mut waited = false;
    let mut rang = false;
    for second in 1..60 {
        exchange.advance(START.plus(Duration::from_secs(second)));
        waited |= exchange.calls().any(Call::waits);
        rang |= exchange.doing().any(|d| matches!(d, Doing::Rings(_)));
    }
    assert!(waited && rang);
}

#[test]
fn losers_of_a_race_are_told_that_it_is_over() {
    let (news, _) = day(2, 6);
    let mut lost = 0;
    for news in &news {
        if let What::Leg(Step::Ended, call, leg) = &news.what {
            let leg = &call.legs[*leg];
            if leg.ended.unwrap().1 == End::Taken {
                assert!(leg.answered.is_none());
                assert!(call.bridged().is_some());
                lost += 1;
            }
        }
    }
    assert!(lost > 50, "{lost}");
}

/// The legs told of, as words, of the call with these bits.
fn told_of(news: &[News], salt: u128) -> Vec<String> {
    let legs = news.iter().filter_map(|news| match &news.what {
        What::Leg(step, call, leg) if call.salt == salt => {
            let leg = &call.legs[*leg];
            Some(format!("{:?} {:?} {step:?}", leg.station, leg.kind))
        }
        _ => None,
    });
    legs.collect()
}

fn number() -> Party {
    Party::Number("+79817654321".to_owned())
}

#[test]
fn who_calls_with_the_own_phone_is_told_nothing_of_its_ringing() {
    let mut exchange = Exchange::new(5, START);
    let salt = exchange.orders(6, &[Party::Phone(6)], number());
    exchange.advance(START.plus(Duration::from_secs(1)));
    assert!(matches!(exchange.doing().nth(6), Some(Doing::Rings(_))));
    exchange.advance(START.plus(Duration::from_mins(30)));
    let told = told_of(&exchange.news(), salt);
    assert_eq!(told[0], "Phone(6) Calls Began");
    assert_eq!(told.last().unwrap(), "Phone(6) Calls Ended");
    assert!(told.iter().all(|leg| leg.starts_with("Phone(6) Calls")));
}

#[test]
fn who_orders_a_call_for_another_rings_that_one_first() {
    let answered = (0..50).find_map(|seed| {
        let mut exchange = Exchange::new(seed, START);
        let salt = exchange.orders(6, &[Party::Phone(5)], number());
        exchange.advance(START.plus(Duration::from_mins(30)));
        let told = told_of(&exchange.news(), salt);
        assert_eq!(told[..2], ["Phone(6) Calls Began", "Phone(5) Called Began"]);
        told.contains(&"Phone(5) Called Answered".to_owned())
            .then_some(told)
    });
    let told = answered.unwrap();
    assert_eq!(
        told[2..5],
        [
            "Phone(5) Called Answered",
            "Phone(6) Calls Answered",
            "Phone(6) Calls Began"
        ]
    );
}

#[test]
fn a_phone_that_is_busy_makes_no_second_call() {
    let mut exchange = Exchange::new(5, START);
    exchange.orders(6, &[Party::Phone(6)], number());
    let second = exchange.orders(6, &[Party::Phone(6)], number());
    exchange.advance(START.plus(Duration::from_mins(30)));
    assert_eq!(told_of(&exchange.news(), second), Vec::<String>::new());
}
