//! What happens to the program and its vendors in a simulated hour: faults at
//! fifty times their everyday rate, and incidents at moments that the seed
//! decides.

use holdline::{
    domain::site::Vendor,
    sim::{Fault, RetryAfter, Rule, Sim},
};

/// Something that happens to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Incident {
    /// `kill -9`, and a while later it is started again.
    Kill,
    /// It is told to end, and started again.
    Restart,
    /// Nothing can be written for a while.
    NoDisk,
    /// The machine's clock is wrong for a while, by so many ms.
    Clock(i64),
    /// The console is left and opened again.
    Console,
    /// The journal is written anew without what was deleted.
    Compact,
}

const HOUR: i64 = 3_600_000;
/// A day or more is R21's: by then a call of which nothing more is heard is
/// given up, and rightly.
const JUMPS: [i64; 4] = [HOUR, -HOUR, 9 * HOUR, -9 * HOUR];

/// When each kind happens in a day: its hours.
pub type Plan = Vec<(Incident, Vec<i64>)>;

/// The incidents of a day. The first hour of all has one of each, so that the
/// shortest run has met them all.
pub fn plan(day: i64, random: &mut fastrand::Rng) -> Plan {
    let jump = JUMPS[random.usize(..JUMPS.len())];
    let kinds = [
        (Incident::Kill, 1),
        (Incident::NoDisk, 3),
        (Incident::Clock(jump), 2),
        (Incident::Console, 2),
        (Incident::Restart, 1),
        (Incident::Compact, 1),
    ];
    let mut plan = Vec::new();
    for (kind, times) in kinds {
        let mut hours: Vec<i64> = (0..times).map(|_| random.i64(0..24)).collect();
        if day == 0 {
            hours[0] = 0;
        }
        plan.push((kind, hours));
    }
    plan
}

/// Sets the faults of everyday, fifty times as frequent.
pub fn faults(sim: &Sim) {
    let status = |code, retry_after| Fault::Status { code, retry_after };
    let polled = [
        status(500, None),
        status(429, Some(RetryAfter::Seconds(30))),
        status(401, None),
        Fault::Reset,
        Fault::Close,
        Fault::CutOff,
        Fault::Garbage,
        Fault::NotJson,
        Fault::WrongShape,
        Fault::Html,
        Fault::Empty,
    ];
    for vendor in [
        Vendor::TelecomX,
        Vendor::While1,
        Vendor::Enswitch,
        Vendor::Telphin,
    ] {
        for fault in &polled {
            let rule = Rule::from(fault.clone()).of(vendor);
            sim.faults().set(rule.percent(2));
        }
    }
    let lists = [
        Fault::NoPagination,
        Fault::MorePages,
        Fault::SamePage,
        Fault::Shift { rows: 3 },
        Fault::Shift { rows: -3 },
        Fault::NoIds,
        Fault::StrayRows,
    ];
    for fault in lists {
        sim.faults()
            .set(Rule::from(fault).of(Vendor::While1).percent(5));
    }
    for fault in [Fault::ExpiresInText, Fault::NoExpiresIn] {
        sim.faults()
            .set(Rule::from(fault).of(Vendor::Telphin).percent(20));
    }
    // A bomb that unpacks to more than may be read, and silence, cost real
    // time: once an hour each.
    for fault in [Fault::GzipBomb { mib: 16 }, Fault::Hang] {
        sim.faults().set(Rule::from(fault).after(40).times(1));
    }
    for (fault, percent) in [
        (Fault::Duplicate, 10),
        (Fault::Reorder, 10),
        (Fault::Drop, 1),
        (Fault::WrongSecret, 1),
        (Fault::GarbageBody, 1),
    ] {
        sim.faults().set(Rule::from(fault).percent(percent));
    }
}
