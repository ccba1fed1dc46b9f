//! The rows follow what changed, at the cost of that: what is in question are
//! the rows of some customers, whatever else is listed.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    CallbacksPane, View,
    list::Moves,
    patch,
    ranks::Order,
    rows,
    shelf::{Item, Sought},
};
use crate::{
    app::scope,
    domain::{
        callback::Callback,
        triage::{Subject, Triage},
    },
};

/// More news than this at once are not worth being folded in one by one.
const NEWS: usize = 1_000;

/// What may have changed since the rows were derived.
#[derive(Clone, Debug, Default)]
pub struct News {
    /// Rows of lists.
    pub moves: Moves,
    /// Subjects to which something was done.
    pub acted: BTreeSet<Subject>,
    /// Customers whose requests are shown one by one, or no longer.
    pub turned: Vec<Arc<str>>,
}

impl From<Moves> for News {
    fn from(moves: Moves) -> Self {
        Self {
            moves,
            ..Self::default()
        }
    }
}

impl News {
    fn len(&self) -> usize {
        let Moves { gone, come } = &self.moves;
        gone.len() + come.len() + self.acted.len() + self.turned.len()
    }
}

impl CallbacksPane {
    /// The same, at the cost of what changed since it was derived last.
    pub fn follow(&mut self, view: View<'_>, news: News) {
        if self.patch(view, news).is_none() {
            self.derive(view);
        }
    }

    /// `None` where the rows must be derived anew.
    pub(super) fn patch(&mut self, view: View<'_>, mut news: News) -> Option<()> {
        let (terms, looked) = self.derived.take()?;
        // A clock that was set back gives claims back that had run out.
        if terms != self.terms(view) || view.now < looked {
            return None;
        }
        if self.changes.is_some_and(|at| view.now >= at) {
            let turned = view.triage.turned(looked, view.now);
            news.acted.extend(turned.cloned());
        }
        if news.len() > NEWS {
            return None;
        }
        self.follow_by_hand(view.triage, &news.acted, &mut news.moves)?;
        let sought = self.sought(view.triage, &news)?;
        let live: Vec<Item> = self.all_sought(&sought).cloned().collect();
        let (found, all) = self.ask(view, |question| question.weigh(live.iter()));
        let in_scope = |c: &&Arc<Callback>| scope::has_callback(view.scope, c, view.sites);
        let Moves { gone, come } = &news.moves;
        let (gone, come) = (gone.iter().filter(in_scope), come.iter().filter(in_scope));
        self.todo.follow(gone, come, all.into_iter());
        let sites = self.sites();
        let order = Order {
            sort: self.listing.sort,
            sites: &sites,
        };
        let stands = live.iter().map(|item| &item.callback);
        let old = stands.chain(&news.moves.gone);
        let (rows, tally) = (&mut self.rows, &mut self.tally);
        patch::patch(rows, order, &self.expanded, old, &found, tally);
        self.changes = view.triage.next_change(view.now);
        self.derived = Some((terms, view.now));
        Some(())
    }

    /// Puts those here by hand to whom something was done as they stand now.
    /// `None` where somebody was forgotten.
    fn follow_by_hand(
        &mut self,
        triage: &Triage,
        acted: &BTreeSet<Subject>,
        moves: &mut Moves,
    ) -> Option<()> {
        for subject in acted {
            let case = triage.case(subject)?;
            let was = self.by_hand.take(subject);
            moves.gone.extend(was.map(|item| item.callback));
            if let Some(added) = &case.added {
                let item = Item::new(rows::by_hand(subject, case, added));
                moves.come.push(item.callback.clone());
                self.by_hand.put(item);
            }
        }
        Some(())
    }

    /// Whose rows are in question. `None` where somebody was forgotten.
    fn sought(&self, triage: &Triage, news: &News) -> Option<Sought> {
        let mut sought = Sought::default();
        for subject in &news.acted {
            sought.subject(subject.clone());
        }
        let mut all = Sought::default();
        if !news.acted.is_empty() {
            self.all_sought(&sought).for_each(|i| all.with(&i.callback));
        }
        for subject in &news.acted {
            let done = triage.case(subject)?.history().iter();
            let customers = done.filter_map(|done| done.act.customer.as_ref());
            customers.for_each(|customer| all.customer(customer));
        }
        let Moves { gone, come } = &news.moves;
        gone.iter().chain(come).for_each(|c| all.with(c));
        news.turned.iter().for_each(|c| all.customer(c));
        Some(all)
    }
}
