//! What the extensions of a site are, as the configuration names them: what an
//! event means depends on it. Pure.

use std::collections::BTreeMap;

use crate::domain::{
    extension::{Extension, ExtensionKind},
    id::ExtensionId,
};

/// The extensions of a site.
#[derive(Clone, Debug, Default)]
pub struct Extensions {
    kinds: BTreeMap<ExtensionId, ExtensionKind>,
    numbers: BTreeMap<String, ExtensionId>,
}

impl Extensions {
    /// Those that are configured.
    #[must_use]
    pub fn new(configured: &[Extension]) -> Self {
        let kinds = configured.iter().map(|e| (e.id.clone(), e.kind));
        let numbers = configured
            .iter()
            .filter_map(|e| Some((e.number.clone()?, e.id.clone())));
        Self {
            kinds: kinds.collect(),
            numbers: numbers.collect(),
        }
    }

    /// What an extension is, where the configuration says.
    #[must_use]
    pub fn kind(&self, id: &ExtensionId) -> Option<ExtensionKind> {
        self.kinds.get(id).copied()
    }

    /// The extension that is called by this short number.
    #[must_use]
    pub fn by_number(&self, number: &str) -> Option<&ExtensionId> {
        self.numbers.get(number)
    }
}
