//! Whether something grows: sizes taken once a day, when every hour of a day
//! has come.

/// What one simulated day came to.
#[derive(Clone, Debug)]
pub struct Day {
    /// Bytes that who only looks on keeps in memory; it is never restarted.
    pub watcher: u64,
    /// The same of who collects: the most after any of the day's hours.
    pub collector: u64,
    /// The most that the journal took on disk after any of the day's hours.
    pub disk: u64,
}

/// One of a day's sizes.
type Size = fn(&Day) -> u64;

/// By how much the last days may exceed the second, in percent. What is kept
/// for a day varies with the calls of that day by a few.
const MOST: u64 = 5;

/// What grew, from the second day to the last: the median of the days behind
/// it, so that one busy day is no growth.
pub fn grew(days: &[Day]) -> Vec<String> {
    let [_, second, rest @ ..] = days else {
        return Vec::new();
    };
    // Of a leak the later half shows more than the earlier one.
    let late = &rest[rest.len() / 2..];
    let mut wrong = Vec::new();
    let sizes: [(&str, Size); 3] = [
        ("the memory of who looks on", |day| day.watcher),
        ("the memory of who collects", |day| day.collector),
        ("the journal on disk", |day| day.disk),
    ];
    for (what, size) in sizes {
        let mut late: Vec<u64> = late.iter().map(size).collect();
        late.sort_unstable();
        let Some(typical) = late.get(late.len() / 2) else {
            continue;
        };
        let percent = typical * 100 / size(second);
        println!("{what}: {percent} % of what the second day had");
        if percent > 100 + MOST {
            wrong.push(format!("{what} grew to {percent} %"));
        }
    }
    wrong
}
