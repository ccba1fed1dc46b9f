//! The faults in force, counted as they strike.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use fastrand::Rng;

use super::{Fault, Plan, PushPlan, Ruin, Rule};
use crate::domain::site::Vendor;

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

impl Faults {
    /// No faults; those to come strike by this seed.
    pub(in crate::sim) fn seeded(seed: u64) -> Self {
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
    pub(in crate::sim) fn take(&self, vendor: Vendor, path: &str) -> Plan {
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
    pub(in crate::sim) fn take_push(&self, vendor: Vendor, event: &str) -> PushPlan {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::RetryAfter;

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
