//! What is subscribed of a site's extensions, line by line.

use std::collections::BTreeSet;

use crate::domain::{
    fault::Fault,
    id::{ExtensionId, SiteName},
    subscription::{Subscription, Survey, Whose},
};

/// The window's state.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscriptions {
    /// The site.
    pub site: SiteName,
    /// What there is; `None` until that is known.
    pub surveys: Option<Vec<Survey>>,
    /// How much may still be asked, in words.
    pub budget: Option<String>,
    /// Extensions that are shown otherwise than by themselves: those with all
    /// that they should have stand on a line, the others in full.
    pub(super) turned: BTreeSet<ExtensionId>,
    /// The selected line.
    pub at: usize,
}

/// A line of the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Row<'s> {
    /// An extension, and how many of its events are missing.
    Extension(&'s Survey, usize),
    /// Something subscribed.
    Have(&'s Survey, &'s Subscription, Whose),
    /// An event that we should get and do not.
    Missing(&'s Survey, &'static str),
    /// Why it is not known what there is.
    Wrong(String),
}

impl Subscriptions {
    pub(super) fn new(site: SiteName) -> Self {
        Self {
            site,
            surveys: None,
            budget: None,
            turned: BTreeSet::new(),
            at: 0,
        }
    }

    /// The lines: each extension with what there is and what is missing.
    #[must_use]
    pub fn rows(&self) -> Vec<Row<'_>> {
        let mut rows = Vec::new();
        if self.fault().is_some() {
            // Once, in full, is enough.
            return rows;
        }
        for survey in self.surveys.iter().flatten() {
            let missing = survey.missing();
            rows.push(Row::Extension(survey, missing.len()));
            let turned = self.turned.contains(&survey.extension.id);
            if is_as_it_should_be(survey) != turned {
                continue;
            }
            match &survey.have {
                Ok(have) => {
                    let have = have.iter().map(|(s, whose)| Row::Have(survey, s, *whose));
                    rows.extend(have);
                }
                Err(fault) => rows.push(Row::Wrong(fault.to_string())),
            }
            rows.extend(missing.into_iter().map(|event| Row::Missing(survey, event)));
        }
        rows
    }

    /// Why nothing is known at all, if that is so.
    #[must_use]
    pub fn fault(&self) -> Option<&Fault> {
        let surveys = self.surveys.as_ref()?;
        let all_fail = surveys.iter().all(|survey| survey.have.is_err());
        let first = surveys.first().filter(|_| all_fail)?;
        first.have.as_ref().err()
    }

    /// How many extensions could not be asked about.
    #[must_use]
    pub fn unknown(&self) -> usize {
        let surveys = self.surveys.iter().flatten();
        surveys.filter(|survey| survey.have.is_err()).count()
    }

    /// How many events are missing, of all extensions that could be asked
    /// about.
    #[must_use]
    pub fn missing(&self) -> usize {
        let surveys = self.surveys.iter().flatten();
        surveys.map(|survey| survey.missing().len()).sum()
    }
}

/// Whether nothing is missing, and nothing there but what should be.
fn is_as_it_should_be(survey: &Survey) -> bool {
    let all_ours = |have: &Vec<(Subscription, Whose)>| have.iter().all(|h| h.1 == Whose::Ours);
    survey.missing().is_empty() && survey.have.as_ref().is_ok_and(all_ours)
}
