//! Which entries are printed.

use crate::{
    domain::{entry::Entry, record::EventRecord, time::At},
    vendor::hook::Reader,
};

/// Which entries are wanted.
pub(super) struct Wanted {
    pub reader: Reader,
    pub site: Option<String>,
    pub since: Option<At>,
    pub until: Option<At>,
}

impl Wanted {
    pub fn has(&self, entry: &Entry) -> bool {
        self.site
            .as_deref()
            .is_none_or(|s| s == entry.site.as_str())
            && self.since.is_none_or(|since| entry.at >= since)
            && self.until.is_none_or(|until| entry.at <= until)
    }

    /// Those of these entries that are wanted, as they are printed.
    pub fn records(&self, mut entries: Vec<Entry>) -> Vec<EventRecord> {
        entries.retain(|entry| self.has(entry));
        self.reader.read_all(&mut entries);
        entries.iter().map(EventRecord::new).collect()
    }
}
