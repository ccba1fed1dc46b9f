//! One line on standard error that is written over as work goes on, and gone
//! when it is done; where standard error is a terminal, and never otherwise.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
};

use rustix::termios::tcgetwinsize;

use crate::{domain::cells, vendor::while1::Progress};

/// The line.
#[derive(Default)]
pub struct Line {
    sites: BTreeMap<String, Progress>,
    /// The cells of what is shown now.
    shown: usize,
}

impl Line {
    /// Shows how far a site is.
    pub fn show(&mut self, site: &str, progress: Progress) {
        self.sites.insert(site.to_owned(), progress);
        let text = words(&self.sites);
        if !text.is_empty() {
            self.say(&text);
        }
    }

    /// Shows these words, as far as there is room.
    pub fn say(&mut self, text: &str) {
        self.write(&cells::fit(text, columns()));
    }

    /// Takes it off again: what follows begins on an empty line.
    pub fn clear(&mut self) {
        if self.shown > 0 {
            self.write("");
            let _ = write!(io::stderr(), "\r");
        }
    }

    fn write(&mut self, text: &str) {
        let width = cells::width(text);
        let over = " ".repeat(self.shown.saturating_sub(width));
        // Nobody may be there to read it.
        let _ = write!(io::stderr(), "\r{text}{over}");
        let _ = io::stderr().flush();
        self.shown = width;
    }
}

/// Whether anybody would see it.
pub fn is_seen() -> bool {
    io::stderr().is_terminal()
}

/// The columns that can be written without going on to the next line.
fn columns() -> usize {
    let size = tcgetwinsize(io::stderr()).map_or(0, |size| size.ws_col);
    match usize::from(size) {
        0 => 79,
        columns => columns - 1,
    }
}

/// `outbound: page 3 of 17, 300 of 1700 rows`; nothing of lists of one page.
fn words(sites: &BTreeMap<String, Progress>) -> String {
    let long = sites.iter().filter(|(_, p)| p.of != Some(1) && p.pages > 0);
    let each: Vec<String> = long
        .map(|(site, progress)| {
            let Progress { pages, rows, .. } = progress;
            let of = |all: Option<u64>| all.map_or(String::new(), |all| format!(" of {all}"));
            let (of_pages, of_rows) = (of(progress.of), of(progress.total));
            format!("{site}: page {pages}{of_pages}, {rows}{of_rows} rows")
        })
        .collect();
    each.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_says_how_far_it_is_unless_it_is_there_at_once() {
        let progress = |pages, of, rows, total| Progress {
            pages,
            of,
            rows,
            total,
        };
        let mut sites = BTreeMap::from([("short".to_owned(), progress(1, Some(1), 7, Some(7)))]);
        assert_eq!(words(&sites), "");
        sites.insert("long".to_owned(), progress(3, Some(17), 300, Some(1_700)));
        sites.insert("odd".to_owned(), progress(2, None, 120, None));
        assert_eq!(
            words(&sites),
            "long: page 3 of 17, 300 of 1700 rows · odd: page 2, 120 rows"
        );
    }
}
