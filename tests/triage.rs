//! Two consoles on one journal: of two who claim at once exactly one wins, and
//! both know who; what is said of several requests holds for all of them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Arc;

use holdline::{
    domain::{
        board::Board,
        entry::{NewEntry, What},
        time::At,
        triage::{Act, Deed, LEASE, Outcome, Standing, Subject},
    },
    journal::Journal,
};
use jiff::tz::TimeZone;

const START: At = At(1_772_460_000_000);
const ROUNDS: u64 = 40;

fn subject(round: u64) -> Subject {
    Subject {
        site: "outbound".into(),
        id: format!("callback-{round}").into(),
    }
}

fn claim(who: &str, round: u64) -> NewEntry {
    let until = START.plus(LEASE);
    let deed = Deed::Claim {
        until,
        status: None,
    };
    // Every other round the two claim different requests of one customer.
    let subject = if round.is_multiple_of(2) && who == "jens" {
        Subject {
            id: format!("other-{round}").into(),
            ..subject(round)
        }
    } else {
        subject(round)
    };
    let act = Act {
        subject,
        also: [].into(),
        customer: Some(format!("+45{round:08}").into()),
        who: who.into(),
        deed,
    };
    NewEntry {
        at: START,
        site: "outbound".into(),
        dedupe: None,
        what: What::Act(act),
    }
}

async fn works(journal: Journal, who: &'static str) {
    for round in 0..ROUNDS {
        journal.append(vec![claim(who, round)]).await.unwrap();
    }
}

/// The board as a console on this handle sees it.
fn board(journal: &Journal) -> Board {
    let mut board = Board::new(TimeZone::UTC);
    for entry in journal.read(0, 10_000).unwrap() {
        board.apply(&entry);
    }
    board
}

/// Who has the customer of a round, as `me` sees it.
fn holder(board: &Board, round: u64, me: &str) -> String {
    let customer: Arc<str> = format!("+45{round:08}").into();
    match board
        .triage
        .standing(&subject(round), Some(&customer), me, START)
    {
        Standing::Mine(_) => me.to_owned(),
        Standing::Held { who, .. } => who.to_string(),
        other => panic!("{other:?}"),
    }
}

fn does(who: &str, deed: Deed, id: &str, also: &[&str]) -> NewEntry {
    let subject = |id: &str| Subject {
        site: "outbound".into(),
        id: id.into(),
    };
    let act = Act {
        subject: subject(id),
        also: also.iter().map(|id| subject(id)).collect(),
        customer: Some("+4520123456".into()),
        who: who.into(),
        deed,
    };
    NewEntry {
        at: START,
        site: "outbound".into(),
        dedupe: None,
        what: What::Act(act),
    }
}

#[tokio::test]
async fn what_one_said_of_several_requests_another_sees_of_all_until_it_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let (anna, jens) = (
        Journal::open(folder.path()).unwrap(),
        Journal::open(folder.path()).unwrap(),
    );
    let stands = |journal: &Journal, me: &str| {
        let customer = Some("+4520123456".into());
        let board = board(journal);
        ["1", "2", "3", "4"].map(|id| {
            let subject = Subject {
                site: "outbound".into(),
                id: id.into(),
            };
            board
                .triage
                .standing(&subject, customer.as_ref(), me, START)
        })
    };
    let outcome = |outcome| Deed::Outcome { outcome };
    let reached = outcome(Outcome::Reached);
    anna.append(vec![does("anna", reached, "1", &["2", "3"])])
        .await
        .unwrap();
    let closed = Standing::Closed(Outcome::Reached);
    let of_three = [closed.clone(), closed.clone(), closed, Standing::Free];
    assert_eq!(stands(&jens, "jens"), of_three);
    // While somebody else has the customer nothing is taken back.
    let claim = Deed::Claim {
        until: START.plus(LEASE),
        status: None,
    };
    jens.append(vec![does("jens", claim, "4", &[])])
        .await
        .unwrap();
    let seq = anna.read(0, 10).unwrap()[0].seq;
    let undo = || does("anna", Deed::Undo { act: seq }, "1", &["2", "3"]);
    anna.append(vec![undo()]).await.unwrap();
    let until = START.plus(LEASE);
    assert_eq!(
        stands(&jens, "jens"),
        [(); 4].map(|()| Standing::Mine(until))
    );
    assert_eq!(
        board(&anna).triage.last_of("anna", START).map(|d| d.seq),
        Some(seq)
    );
    jens.append(vec![does("jens", Deed::Release, "4", &[]), undo()])
        .await
        .unwrap();
    assert_eq!(stands(&anna, "anna"), [const { Standing::Free }; 4]);
    assert!(board(&jens).triage.last_of("anna", START).is_none());
    // Who must not be called must not be on any request.
    let never = outcome(Outcome::DoNotCall);
    jens.append(vec![does("jens", never, "2", &[])])
        .await
        .unwrap();
    let never = Standing::Closed(Outcome::DoNotCall);
    assert_eq!(stands(&anna, "anna"), [(); 4].map(|()| never.clone()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_claim_at_once_exactly_one_wins_and_both_agree() {
    let folder = tempfile::tempdir().unwrap();
    // Two handles are two processes to SQLite.
    let (anna, jens) = (
        Journal::open(folder.path()).unwrap(),
        Journal::open(folder.path()).unwrap(),
    );
    let work = [
        tokio::spawn(works(anna.clone(), "anna")),
        tokio::spawn(works(jens.clone(), "jens")),
    ];
    for done in work {
        done.await.unwrap();
    }
    let (hers, his) = (board(&anna), board(&jens));
    for round in 0..ROUNDS {
        assert_eq!(
            holder(&hers, round, "anna"),
            holder(&his, round, "jens"),
            "round {round}"
        );
        let won = |board: &Board| {
            let all = [
                subject(round),
                Subject {
                    id: format!("other-{round}").into(),
                    ..subject(round)
                },
            ];
            let acts = all
                .iter()
                .filter_map(|s| board.triage.case(s))
                .flat_map(|c| c.history().to_vec());
            acts.filter(|done| done.took).count()
        };
        assert_eq!((won(&hers), won(&his)), (1, 1), "round {round}");
    }
}
