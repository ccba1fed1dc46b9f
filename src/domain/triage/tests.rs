use super::*;

const CUSTOMER: &str = "+4520123456";

fn subject(id: &str) -> Subject {
    Subject {
        site: "outbound".into(),
        id: id.into(),
    }
}

struct Desk {
    triage: Triage,
    seq: Seq,
    now: At,
}

impl Desk {
    fn new() -> Self {
        Self {
            triage: Triage::default(),
            seq: 0,
            now: At(1_000_000),
        }
    }

    fn does(&mut self, who: &str, id: &str, deed: Deed) -> Seq {
        self.does_to(who, id, &[], deed)
    }

    /// To several requests of the customer at once.
    fn does_to(&mut self, who: &str, id: &str, also: &[&str], deed: Deed) -> Seq {
        self.seq += 1;
        let act = Act {
            subject: subject(id),
            also: also.iter().map(|id| subject(id)).collect(),
            customer: Some(CUSTOMER.into()),
            who: who.into(),
            deed,
        };
        self.triage.apply(self.seq, self.now, &act);
        self.seq
    }

    fn claims(&mut self, who: &str, id: &str) -> bool {
        let until = self.now.plus(LEASE);
        let seq = self.does(
            who,
            id,
            Deed::Claim {
                until,
                status: None,
            },
        );
        self.triage.took(&subject(id), seq).unwrap()
    }

    fn stands(&self, id: &str, me: &str) -> Standing {
        self.triage
            .standing(&subject(id), Some(&CUSTOMER.into()), me, self.now)
    }
}

#[test]
fn of_two_who_claim_at_once_the_first_entry_wins() {
    let mut desk = Desk::new();
    assert!(desk.claims("anna", "1"));
    assert!(!desk.claims("jens", "1"));
    let until = desk.now.plus(LEASE);
    assert_eq!(desk.stands("1", "anna"), Standing::Mine(until));
    assert_eq!(
        desk.stands("1", "jens"),
        Standing::Held {
            who: "anna".into(),
            until
        }
    );
    // The same customer's other request is held with it.
    assert!(!desk.claims("jens", "2"));
    assert_eq!(
        desk.stands("2", "jens"),
        Standing::Held {
            who: "anna".into(),
            until
        }
    );
}

#[test]
fn a_claim_runs_out_is_renewed_and_given_back() {
    let mut desk = Desk::new();
    desk.claims("anna", "1");
    desk.now = desk.now.plus(LEASE / 2);
    assert!(desk.claims("anna", "1"), "renewed");
    desk.now = desk.now.plus(LEASE);
    assert_eq!(desk.stands("1", "jens"), Standing::Free);
    assert!(desk.claims("jens", "1"));
    desk.does("anna", "1", Deed::Release);
    assert!(
        matches!(desk.stands("1", "jens"), Standing::Mine(_)),
        "not anna's to give back"
    );
    desk.does("jens", "1", Deed::Release);
    assert_eq!(desk.stands("1", "anna"), Standing::Free);
}

#[test]
fn outcomes_close_or_count_and_do_not_call_holds_for_the_customer() {
    let mut desk = Desk::new();
    desk.claims("anna", "1");
    desk.does(
        "anna",
        "1",
        Deed::Outcome {
            outcome: Outcome::NoAnswer,
        },
    );
    assert_eq!(desk.stands("1", "anna"), Standing::Free);
    desk.does(
        "anna",
        "1",
        Deed::Outcome {
            outcome: Outcome::Busy,
        },
    );
    assert_eq!(desk.triage.case(&subject("1")).unwrap().tries, 2);
    desk.does(
        "anna",
        "1",
        Deed::Outcome {
            outcome: Outcome::Reached,
        },
    );
    assert_eq!(desk.stands("1", "anna"), Standing::Closed(Outcome::Reached));
    assert_eq!(desk.stands("2", "anna"), Standing::Free);
    desk.does(
        "anna",
        "1",
        Deed::Outcome {
            outcome: Outcome::DoNotCall,
        },
    );
    assert_eq!(
        desk.stands("2", "jens"),
        Standing::Closed(Outcome::DoNotCall)
    );
}

#[test]
fn what_one_did_oneself_can_be_taken_back() {
    let mut desk = Desk::new();
    desk.claims("anna", "1");
    desk.does(
        "anna",
        "1",
        Deed::Outcome {
            outcome: Outcome::Reached,
        },
    );
    assert!(desk.triage.last_of("jens", At(0)).is_none());
    let last = desk.triage.last_of("anna", At(0)).unwrap().seq;
    assert!(
        desk.triage.last_of("anna", desk.now.shift(1)).is_none(),
        "long ago"
    );
    // Nobody else can.
    desk.does("jens", "1", Deed::Undo { act: last });
    assert_eq!(desk.stands("1", "anna"), Standing::Closed(Outcome::Reached));
    desk.does("anna", "1", Deed::Undo { act: last });
    assert!(
        matches!(desk.stands("1", "anna"), Standing::Mine(_)),
        "the claim before it holds again"
    );
    let last = desk.triage.last_of("anna", At(0)).unwrap().seq;
    desk.does("anna", "1", Deed::Undo { act: last });
    assert_eq!(desk.stands("1", "anna"), Standing::Free);
    assert!(desk.triage.last_of("anna", At(0)).is_none());
}

#[test]
fn a_snooze_hides_until_its_time_and_a_claim_ends_it() {
    let mut desk = Desk::new();
    let until = desk.now.shift(60_000);
    desk.does("anna", "1", Deed::Snooze { until });
    assert_eq!(desk.stands("1", "jens"), Standing::Snoozed(until));
    assert!(desk.claims("jens", "1"));
    desk.does("jens", "1", Deed::Release);
    assert_eq!(desk.stands("1", "anna"), Standing::Free);
}

#[test]
fn what_is_taken_back_takes_no_customer_from_somebody_else() {
    let mut desk = Desk::new();
    desk.claims("anna", "1");
    let busy = desk.does(
        "anna",
        "1",
        Deed::Outcome {
            outcome: Outcome::Busy,
        },
    );
    assert!(desk.claims("jens", "2"));
    desk.does("anna", "1", Deed::Undo { act: busy });
    assert!(
        matches!(desk.stands("2", "jens"), Standing::Mine(_)),
        "jens is on the phone"
    );
    assert!(matches!(desk.stands("1", "anna"), Standing::Held { .. }));
}

#[test]
fn giving_back_one_request_gives_back_the_customer() {
    let mut desk = Desk::new();
    desk.claims("anna", "1");
    desk.does(
        "anna",
        "2",
        Deed::Outcome {
            outcome: Outcome::Reached,
        },
    );
    assert_eq!(desk.stands("1", "jens"), Standing::Free);
    let last = desk.triage.last_outcome(Some(&CUSTOMER.into())).unwrap();
    assert_eq!((last.0, &**last.1), (Outcome::Reached, "anna"));
    // Whoever learns better than "do not call" says so.
    desk.does(
        "anna",
        "2",
        Deed::Outcome {
            outcome: Outcome::DoNotCall,
        },
    );
    assert_eq!(
        desk.stands("1", "jens"),
        Standing::Closed(Outcome::DoNotCall)
    );
    desk.now = desk.now.shift(1);
    desk.does(
        "jens",
        "1",
        Deed::Outcome {
            outcome: Outcome::NoAnswer,
        },
    );
    assert_eq!(desk.stands("1", "jens"), Standing::Free);
}

#[test]
fn what_was_done_to_several_requests_is_taken_back_from_all_of_them() {
    let mut desk = Desk::new();
    let reached = Deed::Outcome {
        outcome: Outcome::Reached,
    };
    desk.does(
        "anna",
        "3",
        Deed::Note {
            text: "rang".into(),
        },
    );
    let done = desk.does_to("anna", "1", &["1", "2", "3"], reached);
    let closed = Standing::Closed(Outcome::Reached);
    assert_eq!(
        ["1", "2", "3"].map(|id| desk.stands(id, "jens") == closed),
        [true; 3]
    );
    assert_eq!(desk.stands("4", "jens"), Standing::Free);
    // It is told once, with all whom it was for.
    let customer = Some(CUSTOMER.into());
    for id in ["1", "3", "4"] {
        let told = desk.triage.history(&subject(id), customer.as_ref());
        let told: Vec<_> = told.iter().map(|d| (d.seq, d.act.also.len())).collect();
        assert_eq!(told, [(done - 1, 0), (done, 3)], "{id}");
        let note = desk.triage.last_note(&subject(id), customer.as_ref());
        assert_eq!(note.map(|n| &*n.text), Some("rang"));
    }
    // A checkpoint knows it as well as the journal.
    let text = serde_json::to_string(&desk.triage).unwrap();
    let kept: Triage = serde_json::from_str(&text).unwrap();
    assert_eq!(kept, desk.triage);
    let last = kept.last_of("anna", At(0)).unwrap();
    assert_eq!((last.seq, last.act.subject == subject("1")), (done, true));
    desk.triage = kept;
    desk.does_to("anna", "1", &["1", "2", "3"], Deed::Undo { act: done });
    assert_eq!(
        ["1", "2", "3"].map(|id| desk.stands(id, "jens")),
        [const { Standing::Free }; 3]
    );
}

#[test]
fn what_is_old_is_forgotten_but_not_who_must_not_be_called() {
    let mut desk = Desk::new();
    desk.does("anna", "1", Deed::Note { text: "old".into() });
    desk.does(
        "anna",
        "2",
        Deed::Outcome {
            outcome: Outcome::DoNotCall,
        },
    );
    desk.now = desk.now.shift(1_000);
    desk.does("anna", "3", Deed::Note { text: "new".into() });
    assert!(desk.triage.forget(desk.now));
    assert!(!desk.triage.forget(desk.now), "nothing more");
    let known = |id: &str| desk.triage.case(&subject(id)).is_some();
    assert_eq!([known("1"), known("2"), known("3")], [false, true, true]);
    assert_eq!(
        desk.stands("3", "jens"),
        Standing::Closed(Outcome::DoNotCall)
    );
}

#[test]
fn more_cases_than_are_kept_forget_the_oldest() {
    let mut triage = Triage::default();
    for i in 0..=CASES_KEPT as u64 {
        let subject = Subject {
            site: "outbound".into(),
            id: format!("{i}").into(),
        };
        let deed = Deed::Note { text: "x".into() };
        triage.apply(
            i + 1,
            At(0),
            &Act {
                subject,
                also: [].into(),
                customer: None,
                who: "anna".into(),
                deed,
            },
        );
    }
    assert!(triage.case(&subject("0")).is_none());
    assert!(triage.case(&subject(&CASES_KEPT.to_string())).is_some());
    assert!(triage.cases.len() > CASES_KEPT * 8 / 10);
}

#[test]
fn a_checkpoint_brings_all_of_it_back() {
    let mut desk = Desk::new();
    desk.claims("anna", "1");
    desk.claims("jens", "2");
    desk.does(
        "jens",
        "2",
        Deed::Note {
            text: "rang twice".into(),
        },
    );
    let note = desk.seq;
    desk.does("jens", "2", Deed::Undo { act: note });
    let text = serde_json::to_string(&desk.triage).unwrap();
    assert_eq!(serde_json::from_str::<Triage>(&text).unwrap(), desk.triage);
}
