//! Following what changed gives what deriving anew gives, whatever is done,
//! read, asked and runs out.

use std::time::Duration;

use proptest::{collection::vec, prelude::*};

use super::*;
use crate::{
    app::field::Field,
    domain::{
        callback::{Due, Status},
        entry::Seq,
        site::{People, Queue, Vendor},
        triage::{Act, Added, Deed, LEASE, Outcome, Standing},
    },
};
use list::{Heard, Progress};
use reread::Reread;

const NOW: At = At(1_772_460_207_000);
const LISTS: [&str; 2] = ["team", "office"];
const COLUMNS: [Cell; 8] = [
    Cell::Due,
    Cell::Due,
    Cell::Number,
    Cell::Name,
    Cell::Campaign,
    Cell::Tries,
    Cell::Status,
    Cell::Created,
];
type Dice = (u8, u8, u8);

fn sites() -> Vec<Site> {
    let site = |name: &str| Site {
        name: name.into(),
        vendor: Vendor::While1,
        queues: vec![Queue {
            id: "1".into(),
            name: "sales".into(),
            service_level: Queue::SERVICE_LEVEL,
            critical: Queue::CRITICAL,
        }],
        country: None,
        people: People::default(),
    };
    LISTS.map(site).into()
}

/// Few of everything, so that much of it is alike.
fn callback(site: &str, (id, of, more): Dice) -> Callback {
    let names = [Some("Anna"), Some("anna holm"), Some("Ærø"), None];
    let name = names[usize::from(of % 4)].map(Arc::from);
    let status = [
        Status::Pending,
        Status::Pending,
        Status::InProgress,
        Status::Completed,
    ];
    let minutes = i64::from(more % 8) * 10 - 40;
    Callback {
        status: Some(status[usize::from(of / 64)].clone()),
        number: (more % 9 > 0).then(|| number(of).into()),
        e164: (more % 3 == 0).then(|| format!("+4521{}", number(of)).into()),
        name,
        campaign: Some(if of % 2 == 0 { "Winter" } else { "Spring" }.into()),
        assigned_to: Some(if more % 2 == 0 { "1" } else { "desk" }.into()),
        schedule: (of % 7 > 0).then(|| NOW.shift(60_000 * minutes)),
        created: (of % 5 > 0).then(|| NOW.shift(-1_000 * i64::from(more % 4))),
        retries: (of % 3 > 0).then(|| i64::from(more % 3)),
        ..Callback::new(site.into(), format!("{}", id % 40).into())
    }
}

fn number(of: u8) -> String {
    format!("2012345{}", of % 12)
}

fn act((what, id, of): Dice, seq: Seq, now: At) -> Act {
    let by_hand = what % 8 == 7 || id % 5 == 0;
    let until = now.shift([1_000, 900_000, 7_200_000][usize::from(of % 3)]);
    let deed = match what % 8 {
        0 | 1 => Deed::Claim {
            until,
            status: None,
        },
        2 => Deed::Release,
        3 => Deed::Note {
            text: "anna again".into(),
        },
        4 => Deed::Outcome {
            outcome: Outcome::ALL[usize::from(of) % Outcome::ALL.len()],
        },
        5 => Deed::Snooze { until },
        6 => Deed::Undo {
            act: seq.saturating_sub(u64::from(of % 5)),
        },
        _ => Deed::Add {
            added: Added {
                number: number(of).into(),
                name: None,
                queue: "sales".into(),
                since: now,
            },
        },
    };
    let id = if by_hand {
        format!("{}{}", rows::BY_HAND, id % 6)
    } else {
        format!("{}", id % 40)
    };
    Act {
        subject: Subject {
            site: LISTS[usize::from(of / 128)].into(),
            id: id.as_str().into(),
        },
        also: (0..if (4..7).contains(&(what % 8)) {
            of % 3
        } else {
            0
        })
            .map(|n| Subject {
                site: LISTS[usize::from(n)].into(),
                id: format!("{}", (what / 8 + n) % 40).into(),
            })
            .collect(),
        customer: match of % 4 {
            0 => None,
            1 => Some(format!("+4521{}", number(of)).into()),
            _ => Some(number(of).into()),
        },
        who: if what > 127 { "me" } else { "other" }.into(),
        deed,
    }
}

/// What happens to the pane.
#[derive(Clone, Debug)]
enum Step {
    /// People do this.
    Acts(Vec<Dice>),
    /// A list is read: whole, but for these.
    Read(bool, Vec<Dice>, u8),
    /// A first reading brings more.
    Page(bool, Vec<Dice>),
    /// So many seconds pass.
    Time(u16),
    /// A customer's requests are shown one by one, or no longer.
    Turn(prop::sample::Index),
    /// Something else is searched for.
    Ask(&'static str, Show),
}

fn words() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "anna", "20 me"])
}

fn shows() -> impl Strategy<Value = Show> {
    prop::sample::select(vec![Show::All, Show::All, Show::Free, Show::Mine])
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let dice = |most| vec(any::<Dice>(), 0..most);
    vec(
        prop_oneof![
            4 => dice(4).prop_map(Step::Acts),
            2 => (any::<bool>(), dice(6), any::<u8>()).prop_map(|(a, b, c)| Step::Read(a, b, c)),
            1 => (any::<bool>(), dice(6)).prop_map(|(a, b)| Step::Page(a, b)),
            2 => (0..1_500_u16).prop_map(Step::Time),
            2 => any::<prop::sample::Index>().prop_map(Step::Turn),
            1 => (words(), shows()).prop_map(|(words, show)| Step::Ask(words, show)),
        ],
        1..25,
    )
}

struct Floor {
    sites: Vec<Site>,
    triage: Triage,
    pane: CallbacksPane,
    now: At,
    scope: Option<&'static str>,
    seq: Seq,
}

impl Floor {
    fn view(&self) -> View<'_> {
        View {
            triage: &self.triage,
            me: "me",
            now: self.now,
            sites: &self.sites,
            scope: self.scope,
        }
    }

    /// Takes it in, at the cost of what it changes: never anew.
    fn follow(&mut self, news: News) {
        let mut pane = self.pane.clone();
        assert!(pane.patch(self.view(), news).is_some());
        self.pane = pane;
    }

    fn happens(&mut self, step: Step) {
        match step {
            Step::Acts(acts) => {
                let mut acted = BTreeSet::new();
                for dice in acts {
                    self.seq += 1;
                    let act = act(dice, self.seq, self.now);
                    self.triage.apply(self.seq, self.now, &act);
                    acted.insert(act.subject);
                    acted.extend(act.also);
                }
                self.follow(News {
                    acted,
                    ..News::default()
                });
            }
            Step::Read(which, new, left_out) => {
                let (now, triage) = (self.now, &self.triage);
                let (site, list) = &mut self.pane.lists[usize::from(which)];
                let rows = list.shelf().items().iter().map(|i| (*i.callback).clone());
                let stays = |(i, _): &(usize, Callback)| (*i + usize::from(left_out)) % 5 > 0;
                let rows = rows.enumerate().filter(stays).map(|(_, row)| row);
                let new = new.into_iter().map(|dice| callback(site.as_str(), dice));
                let rows: Vec<Callback> = new.chain(rows).collect();
                let list_again = Reread::new(list.shelf().clone(), rows.clone());
                let progress = if left_out > 127 {
                    Progress::Done { rows, note: None }
                } else {
                    Progress::Whole {
                        list: Box::new(list_again),
                        note: None,
                    }
                };
                list.begin(1, false);
                let keep = |c: &Callback| triage.holder(&subject(c), c.customer(), now).is_some();
                match list.hear(1, progress, now, keep) {
                    Heard::Whole(moves) => self.follow(moves.into()),
                    heard => panic!("{heard:?}"),
                }
            }
            Step::Page(which, rows) => {
                let (site, list) = &mut self.pane.lists[usize::from(which)];
                let rows = rows.into_iter().map(|dice| callback(site.as_str(), dice));
                let page = Progress::Page {
                    rows: rows.collect(),
                    page: 1,
                    pages: None,
                    total: None,
                };
                if list.read.is_none() && list.reading.is_none() {
                    list.begin(1, false);
                }
                match list.hear(1, page, self.now, |_| false) {
                    Heard::Page(moves) => self.follow(moves.into()),
                    heard => assert_eq!(heard, Heard::Nothing),
                }
            }
            Step::Time(seconds) => {
                self.now = self.now.plus(Duration::from_secs(seconds.into()));
                self.follow(News::default());
            }
            Step::Turn(which) => {
                let customers: Vec<_> = self
                    .pane
                    .items()
                    .filter_map(|item| item.callback.customer().cloned())
                    .collect();
                if customers.is_empty() {
                    return;
                }
                let customer = which.get(&customers).clone();
                if !self.pane.expanded.remove(&customer) {
                    self.pane.expanded.insert(customer.clone());
                }
                self.follow(News {
                    turned: vec![customer],
                    ..News::default()
                });
            }
            Step::Ask(words, show) => {
                let mut pane = self.pane.clone();
                pane.listing.search.field = Field::new(words);
                pane.show = show;
                pane.look(self.view());
                self.pane = pane;
            }
        }
    }

    /// Whether somebody must still call them, looked at one by one.
    fn is_to_do(&self, item: &Item) -> bool {
        let (c, view) = (&item.callback, self.view());
        let stands = self
            .triage
            .standing(&subject(c), c.customer(), view.me, self.now);
        let worked_on = matches!(stands, Standing::Mine(_) | Standing::Held { .. });
        let rests = matches!(stands, Standing::Closed(_) | Standing::Snoozed(_));
        !rests && (worked_on || !item.missing) && scope::has_callback(self.scope, c, view.sites)
    }

    /// The count of what is late, and how many are to be done: of all, and of
    /// what is shown.
    fn counted(&self, at: At) -> [(usize, usize); 2] {
        let is_late = |c: &Callback| matches!(c.due(at), Due::Late(_));
        let all: Vec<&Item> = self.pane.items().filter(|i| self.is_to_do(i)).collect();
        let shown = self.pane.shown(self.view());
        let is_shown = |i: &&&Item| shown.iter().any(|c| Arc::ptr_eq(c, &i.callback));
        let shown: Vec<&&Item> = all.iter().filter(is_shown).collect();
        [
            (
                all.iter().filter(|i| is_late(&i.callback)).count(),
                all.len(),
            ),
            (
                shown.iter().filter(|i| is_late(&i.callback)).count(),
                shown.len(),
            ),
        ]
    }
}

/// All that can be seen of a pane.
fn seen(pane: &CallbacksPane) -> impl PartialEq + std::fmt::Debug + use<> {
    let rows = pane.rows.iter();
    let rows = rows.map(|r| (r.subject.id.to_string(), r.clone()));
    (
        rows.collect::<Vec<_>>(),
        pane.tally.clone(),
        pane.todo.clone(),
        pane.changes,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn following_gives_what_deriving_gives(
        steps in steps(),
        column in 0..COLUMNS.len(),
        reversed in any::<bool>(),
        words in words(),
        show in shows(),
        scope in prop::sample::select(vec![None, None, Some("sales")]),
    ) {
        let mut floor = Floor {
            sites: sites(),
            triage: Triage::default(),
            pane: CallbacksPane::new(LISTS.map(Into::into)),
            now: NOW,
            scope,
            seq: 0,
        };
        floor.pane.listing.sort = Sort { by: COLUMNS[column], reversed };
        floor.pane.listing.search.field = Field::new(words);
        floor.pane.show = show;
        let mut anew = floor.pane.clone();
        anew.derive(floor.view());
        floor.pane = anew;
        for step in steps {
            floor.happens(step);
            let mut anew = floor.pane.clone();
            anew.derive(floor.view());
            prop_assert_eq!(seen(&floor.pane), seen(&anew));
            // What is late and still to do is what a look at each of them finds.
            for minutes in [0, 20, 60] {
                let at = floor.now.shift(minutes * 60_000);
                let [all, shown] = floor.counted(at);
                prop_assert_eq!(floor.pane.late(at), all.0);
                prop_assert_eq!((floor.pane.tally.late(at), floor.pane.tally.to_do), shown);
            }
            let found = floor.pane.shown(floor.view()).len();
            prop_assert_eq!(floor.pane.tally.all(), found);
            // Each row is found where it stands.
            for (at, row) in floor.pane.rows.iter().enumerate() {
                prop_assert_eq!(floor.pane.find(&row.subject), Some(at));
            }
        }
    }
}

#[test]
fn what_was_read_again_shares_what_has_not_changed() {
    let rows = |of: u8| (0..40).map(|id| callback("team", (id, id, of))).collect();
    let first = Reread::new(Arc::default(), rows(0));
    assert_eq!((first.come.len(), first.gone.len()), (40, 0));
    let mut again: Vec<Callback> = rows(0);
    again.remove(3);
    again[5].retries = Some(9);
    again.push(again[7].clone());
    let second = Reread::new(first.shelf.clone(), again);
    assert_eq!((second.come.len(), second.gone.len()), (1, 2));
    assert_eq!(second.len(), 39);
    let (old, new) = (&first.shelf.items()[0], &second.shelf.items()[0]);
    assert!(Arc::ptr_eq(&old.callback, &new.callback));
}

#[test]
fn a_claim_of_a_clock_that_was_ahead_begins_to_hold() {
    let mut triage = Triage::default();
    let claim = |until| Act {
        subject: Subject {
            site: "team".into(),
            id: "1".into(),
        },
        also: [].into(),
        customer: None,
        who: "other".into(),
        deed: Deed::Claim {
            until,
            status: None,
        },
    };
    let until = NOW.plus(LEASE * 5);
    triage.apply(1, NOW, &claim(until));
    let begins = NOW.plus(LEASE * 3);
    assert_eq!(triage.next_change(NOW), Some(begins));
    assert_eq!(triage.next_change(begins), Some(until));
    assert_eq!(triage.turned(NOW, begins).count(), 1);
    assert_eq!(triage.turned(begins, begins.shift(1)).count(), 0);
}
