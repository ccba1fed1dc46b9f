//! Faults on demand: which one, for whom, how often. Set through the handle or
//! over HTTP; what a fault does to an answer is `spoil`'s to say.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use fastrand::Rng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::{site::Vendor, time::At};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer comes late. Adds to any other fault.
    Latency {
        /// By so many milliseconds of real time.
        ms: u64,
    },
    /// The vendor's clock is wrong: the `Date` header and every timestamp.
    /// Adds to any other fault.
    Skew {
        /// Ahead by so many seconds; behind where negative.
        seconds: i64,
    },
    /// An error status: those that the vendor has words for in these (Enswitch
    /// says its codes under HTTP 200), any other with an HTML page as a proxy
    /// sends it.
    Status {
        /// The status.
        code: u16,
        /// The `Retry-After` header, if any.
        #[serde(default)]
        retry_after: Option<RetryAfter>,
    },
    /// Whatever is wanted.
    Answer {
        /// The status.
        status: u16,
        /// The `Content-Type` header.
        content_type: String,
        /// The body.
        body: String,
    },
    /// `Content-Length` promises the whole body, half of it comes, then the
    /// connection closes.
    CutOff,
    /// The connection closes without an answer.
    Close,
    /// The connection is reset without an answer.
    Reset,
    /// Bytes that are not HTTP.
    Garbage,
    /// 200 and JSON by its type, but not by its body.
    NotJson,
    /// 200 and JSON of a shape that no page documents.
    WrongShape,
    /// 200 with a captive portal's HTML page.
    Html,
    /// 302 to somewhere else.
    Redirect {
        /// Where to.
        #[serde(default = "elsewhere")]
        to: String,
    },
    /// 200 with no body.
    Empty,
    /// The body comes in pieces of four bytes.
    Trickle {
        /// One per so many milliseconds of real time.
        #[serde(default = "one_second")]
        every_ms: u64,
    },
    /// A list so long, whatever its filters.
    Huge {
        /// Rows in it, over all its pages, the real ones first.
        rows: usize,
    },
    /// Every row of the list comes twice, the second time with other content.
    DuplicateIds,
    /// While1: its pagination is something else.
    Pagination {
        /// Members of an object take the place of the true ones; anything
        /// else, such as `[]`, takes the place of the whole.
        is: Value,
    },
    /// While1: a success without pagination.
    NoPagination,
    /// While1: every page says that one more follows. Behind the true last one
    /// they are empty.
    MorePages,
    /// While1: every page is full of rows never seen before, and one more
    /// follows.
    EndlessPages,
    /// While1: the first page comes whichever is asked for, and says that it
    /// is one of three or more.
    SamePage,
    /// While1: the list moves while it is read.
    Shift {
        /// So many new rows are on top of it per page read before; rows that
        /// stood there are gone where negative.
        rows: i32,
    },
    /// While1: no row has an `id`.
    NoIds,
    /// While1: among the rows are some that are no objects.
    StrayRows,
    /// No answer, and the connection stays open.
    Hang,
    /// Telphin: a token says when it ends as text.
    ExpiresInText,
    /// Telphin: a token does not say when it ends.
    NoExpiresIn,
    /// Pushed: the same request once more, right behind itself.
    Duplicate,
    /// Pushed: it comes after the one that follows it.
    Reorder,
    /// Pushed: it comes late, and what follows does not wait for it.
    Delay {
        /// By so many milliseconds of real time.
        ms: u64,
    },
    /// Pushed: it never comes.
    Drop,
    /// Pushed: it comes with a secret that is not the site's.
    WrongSecret,
    /// Pushed: garbage comes in its place.
    GarbageBody,
    /// A small compressed body that unpacks to a large one.
    GzipBomb {
        /// How large, in MiB.
        #[serde(default = "bomb_size")]
        mib: u32,
    },
}

/// How a `Retry-After` header says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u32),
    /// As a date, so many seconds from the simulator's now.
    DateIn(u32),
}

/// A fault, for whom, and for how many requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What goes wrong.
    pub fault: Fault,
    /// For this vendor's requests only.
    #[serde(default)]
    pub vendor: Option<Vendor>,
    /// Only where the request's path contains this: one queue, or the login;
    /// of what is pushed, the event's name: `call:end`, `agent:`, `dial-`.
    #[serde(default)]
    pub path: Option<String>,
    /// For the next so many requests; until cleared where absent.
    #[serde(default)]
    pub times: Option<u32>,
    /// Spares so many requests that it concerns first: the second page.
    #[serde(default)]
    pub after: u32,
    /// Strikes in so many cases of a hundred, by the simulator's seed; always
    /// where absent.
    #[serde(default)]
    pub percent: Option<u8>,
}

impl From<Fault> for Rule {
    /// The fault for everybody, until cleared.
    fn from(fault: Fault) -> Self {
        Self {
            fault,
            vendor: None,
            path: None,
            times: None,
            after: 0,
            percent: None,
        }
    }
}

impl Rule {
    /// The same for one vendor only.
    #[must_use]
    pub fn of(mut self, vendor: Vendor) -> Self {
        self.vendor = Some(vendor);
        self
    }

    /// The same for paths that contain this only.
    #[must_use]
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same for the next `times` requests only.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// The same, but not for the first `after` requests.
    #[must_use]
    pub fn after(mut self, after: u32) -> Self {
        self.after = after;
        self
    }

    /// The same, but in so many cases of a hundred only.
    #[must_use]
    pub fn percent(mut self, percent: u8) -> Self {
        self.percent = Some(percent);
        self
    }

    /// Whether it strikes what it concerns, this time.
    fn strikes(&mut self, rng: &mut Rng) -> bool {
        if self
            .percent
            .is_some_and(|percent| rng.u8(0..100) >= percent)
        {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        true
    }

    fn struck(&mut self) {
        if let Some(times) = &mut self.times {
            *times = times.saturating_sub(1);
        }
    }

    fn concerns(&self, vendor: Vendor, path: &str) -> bool {
        self.times != Some(0)
            && self.vendor.is_none_or(|v| v == vendor)
            && self.path.as_deref().is_none_or(|part| path.contains(part))
    }
}

/// The faults in force: a handle, clones of which share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<InForce>>);

/// The rules, and the dice for those that strike at times only.
#[derive(Debug)]
struct InForce {
    rules: Vec<Rule>,
    rng: Rng,
}

impl Default for InForce {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            rng: Rng::with_seed(0),
        }
    }
}

/// What one request suffers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plan {
    /// How late the answer comes.
    pub latency: Duration,
    /// How far the vendor's clock is ahead, ms.
    pub skew_ms: i64,
    /// What else goes wrong.
    pub fault: Option<Fault>,
}

/// What an event that is pushed suffers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PushPlan {
    /// How far the vendor's clock is ahead, ms.
    pub skew_ms: i64,
    /// How late it comes.
    pub delay: Duration,
    /// The next one overtakes it.
    pub held: bool,
    /// It comes twice.
    pub twice: bool,
    /// What keeps it from being understood.
    pub ruin: Option<Ruin>,
}

/// What keeps an event from being understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ruin {
    /// It never comes.
    Dropped,
    /// It comes with another secret.
    WrongSecret,
    /// Garbage comes instead; which, these bits decide.
    Garbage(u64),
}

/// When a request is answered, and what is wrong with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment<'a> {
    /// The true virtual now.
    pub now: At,
    /// How far this vendor's clock is ahead, ms.
    pub skew_ms: i64,
    /// A fault that concerns what is in the list.
    pub fault: Option<&'a Fault>,
}

impl Fault {
    /// Whether it is about what is pushed, not about what is asked.
    fn is_of_pushes(&self) -> bool {
        matches!(
            self,
            Self::Duplicate
                | Self::Reorder
                | Self::Delay { .. }
                | Self::Drop
                | Self::WrongSecret
                | Self::GarbageBody
        )
    }
}

impl Faults {
    /// No faults; those to come strike by this seed.
    pub(super) fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(InForce {
            rng: Rng::with_seed(seed),
            ..InForce::default()
        })))
    }

    /// Puts a fault in force, behind those that are: a request suffers the
    /// first that concerns it, besides any latency and skew.
    pub fn set(&self, rule: impl Into<Rule>) {
        self.locked().rules.push(rule.into());
    }

    /// Ends all faults.
    pub fn clear(&self) {
        self.locked().rules.clear();
    }

    /// What the next request to `path` suffers; counts it.
    pub(super) fn take(&self, vendor: Vendor, path: &str) -> Plan {
        let mut plan = Plan::default();
        let InForce { rules, rng } = &mut *self.locked();
        for rule in rules.iter_mut().filter(|r| r.concerns(vendor, path)) {
            if rule.fault.is_of_pushes() || !rule.strikes(rng) {
                continue;
            }
            match &rule.fault {
                Fault::Latency { ms } => plan.latency += Duration::from_millis(*ms),
                Fault::Skew { seconds } => {
                    plan.skew_ms = plan.skew_ms.saturating_add(seconds.saturating_mul(1_000));
                }
                _ if plan.fault.is_some() => continue,
                fault => plan.fault = Some(fault.clone()),
            }
            rule.struck();
        }
        rules.retain(|rule| rule.times != Some(0));
        plan
    }

    /// What the next event of this name suffers: all faults together, the
    /// last of those that ruin it; counts it.
    pub(super) fn take_push(&self, vendor: Vendor, event: &str) -> PushPlan {
        let mut plan = PushPlan::default();
        let InForce { rules, rng } = &mut *self.locked();
        for rule in rules.iter_mut().filter(|r| r.concerns(vendor, event)) {
            let skew = matches!(rule.fault, Fault::Skew { .. });
            if !(skew || rule.fault.is_of_pushes()) || !rule.strikes(rng) {
                continue;
            }
            match &rule.fault {
                Fault::Skew { seconds } => {
                    plan.skew_ms = plan.skew_ms.saturating_add(seconds.saturating_mul(1_000));
                }
                Fault::Duplicate => plan.twice = true,
                Fault::Reorder => plan.held = true,
                Fault::Delay { ms } => plan.delay += Duration::from_millis(*ms),
                Fault::Drop => plan.ruin = Some(Ruin::Dropped),
                Fault::WrongSecret => plan.ruin = Some(Ruin::WrongSecret),
                Fault::GarbageBody => plan.ruin = Some(Ruin::Garbage(rng.u64(..))),
                _ => {}
            }
            rule.struck();
        }
        rules.retain(|rule| rule.times != Some(0));
        plan
    }

    fn locked(&self) -> MutexGuard<'_, InForce> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A host that exists nowhere, by the name system's own rules.
fn elsewhere() -> String {
    "http://elsewhere.invalid/".to_owned()
}

fn one_second() -> u64 {
    1_000
}

fn bomb_size() -> u32 {
    256
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "/telecomx/pbx/queue/1/callers";

    fn status(code: u16) -> Fault {
        Fault::Status {
            code,
            retry_after: None,
        }
    }

    #[test]
    fn faults_follow_each_other_and_end() {
        let faults = Faults::default();
        faults.set(Rule::from(status(401)).times(1));
        faults.set(Rule::from(status(500)).times(2));
        let codes: Vec<_> = (0..4)
            .map(|_| faults.take(Vendor::TelecomX, PATH).fault)
            .collect();
        assert_eq!(
            codes,
            [
                Some(status(401)),
                Some(status(500)),
                Some(status(500)),
                None
            ]
        );
    }

    #[test]
    fn a_fault_strikes_only_whom_it_concerns_until_cleared() {
        let faults = Faults::default();
        faults.set(Rule::from(Fault::Hang).of(Vendor::While1));
        faults.set(Rule::from(Fault::Empty).on("/login"));
        assert_eq!(faults.take(Vendor::TelecomX, PATH), Plan::default());
        let login = faults.take(Vendor::TelecomX, "/telecomx/auth/login");
        assert_eq!(login.fault, Some(Fault::Empty));
        faults.clear();
        let login = faults.take(Vendor::TelecomX, "/telecomx/auth/login");
        assert_eq!(login, Plan::default());
    }

    #[test]
    fn a_fault_can_spare_the_first_requests() {
        let faults = Faults::default();
        faults.set(Rule::from(Fault::Empty).on("call-queue").after(1).times(1));
        let take = |path| faults.take(Vendor::While1, path).fault;
        let page = "/while1/api/call-queue";
        assert_eq!(take(PATH), None);
        assert_eq!(take(page), None);
        assert_eq!(take(page), Some(Fault::Empty));
        assert_eq!(take(page), None);
    }

    #[test]
    fn latency_and_skew_come_on_top() {
        let faults = Faults::default();
        faults.set(Fault::Latency { ms: 20 });
        faults.set(Fault::Skew { seconds: -3 });
        faults.set(Fault::CutOff);
        let plan = faults.take(Vendor::TelecomX, PATH);
        assert_eq!(plan.latency, Duration::from_millis(20));
        assert_eq!(plan.skew_ms, -3_000);
        assert_eq!(plan.fault, Some(Fault::CutOff));
    }

    #[test]
    fn what_is_pushed_suffers_its_own_faults_only_and_all_of_them() {
        let faults = Faults::default();
        faults.set(Fault::Hang);
        faults.set(Rule::from(Fault::Drop).on("call:end").times(1));
        faults.set(Rule::from(Fault::Duplicate).on("call:"));
        faults.set(Fault::Delay { ms: 5 });
        faults.set(Fault::Skew { seconds: 2 });
        let plan = faults.take_push(Vendor::Contaqt, "call:end");
        assert_eq!((plan.ruin, plan.twice), (Some(Ruin::Dropped), true));
        assert_eq!(plan.skew_ms, 2_000);
        let plan = faults.take_push(Vendor::Contaqt, "call:end");
        assert_eq!((plan.ruin, plan.twice), (None, true));
        let plan = faults.take_push(Vendor::Contaqt, "agent:status");
        let late = PushPlan {
            delay: Duration::from_millis(5),
            skew_ms: 2_000,
            ..PushPlan::default()
        };
        assert_eq!(plan, late);
        assert_eq!(faults.take(Vendor::TelecomX, PATH).fault, Some(Fault::Hang));
    }

    #[test]
    fn some_faults_strike_in_some_cases_and_the_same_ones_each_time() {
        let struck = |seed| {
            let faults = Faults::seeded(seed);
            faults.set(Rule::from(Fault::Drop).percent(30));
            (0..1_000)
                .map(|_| {
                    faults
                        .take_push(Vendor::Contaqt, "call:ring")
                        .ruin
                        .is_some()
                })
                .collect::<Vec<_>>()
        };
        let count = struck(7).iter().filter(|s| **s).count();
        assert!((250..350).contains(&count), "{count}");
        assert_eq!(struck(7), struck(7));
        assert_ne!(struck(7), struck(8));
    }

    #[test]
    fn rules_are_read_as_json_and_a_misspelt_one_is_refused() {
        let read = |text| serde_json::from_str::<Rule>(text);
        let rule = read(
            r#"{"fault":{"kind":"status","code":429,"retry_after":{"seconds":5}},"vendor":"telecomx","times":3}"#,
        );
        let fault = Fault::Status {
            code: 429,
            retry_after: Some(RetryAfter::Seconds(5)),
        };
        assert_eq!(
            rule.unwrap(),
            Rule::from(fault).of(Vendor::TelecomX).times(3)
        );
        assert_eq!(
            read(r#"{"fault":{"kind":"hang"}}"#).unwrap(),
            Fault::Hang.into()
        );
        assert!(read(r#"{"fault":{"kind":"hang"},"time":3}"#).is_err());
        assert!(read(r#"{"fault":{"kind":"latency","mss":3}}"#).is_err());
    }
}
