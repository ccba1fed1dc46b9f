//! A console that runs on and on holds no more than after its first hour
//! (P28). The release's size is `benches/speed P28`.

#[path = "../../benches/journal/day.rs"]
mod day;

use day::Day;

/// Calls an hour: enough that all that is remembered is full after one, but
/// for the numbers that were talked with: callers here have none.
const CALLS: u64 = 2_500;

#[test]
fn a_night_of_calls_leaves_a_console_no_larger_than_an_hour_did() {
    let mut day = Day::begins(false);
    day.hour(CALLS);
    let first = day.held();
    // Past midnight, so that today's waits are of one hour again.
    for _ in 0..2 {
        day.hour(CALLS);
    }
    let last = day.held();
    // 2 % more, in whole numbers.
    assert!(last * 100 <= first * 102, "{first} bytes, then {last}");
    assert!(first > 500_000, "it holds something: {first}");
}
