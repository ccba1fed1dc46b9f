//! How each site is: every feed with its age, and what is wrong in full.

use super::line::{Line, push_fact};
use crate::{
    app::{
        health::{self, Told},
        pane::PaneId,
        state::State,
    },
    domain::cells,
};

/// The lines.
pub(super) fn sites(state: &State, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(trouble) = &state.journal_trouble {
        lines.push(Line::Head("journal".into()));
        let broken = cells::wrap(trouble, width);
        lines.extend(broken.into_iter().map(Line::Wrong));
        lines.push(Line::Text(String::new()));
    }
    for site in &state.sites {
        lines.push(Line::Head(format!("{} ({})", site.name, site.vendor)));
        let feeds = health::feeds(state, site);
        if feeds.is_empty() {
            lines.push(Line::Text("not read by this version yet".into()));
        }
        for feed in feeds {
            say(&mut lines, feed, width);
        }
        lines.push(Line::Text(String::new()));
    }
    if state.sites.is_empty() {
        let text = "No sites yet: `holdline config example` prints a configuration.";
        lines.push(Line::Text(text.into()));
    }
    let collects = match state.collecting {
        Some(true) => "this console asks the vendors",
        Some(false) => "another Holdline on this journal asks the vendors",
        None => "not known yet",
    };
    push_fact(&mut lines, "collector", collects, width);
    let panes = PaneId::ALL.into_iter().filter(|p| !state.is_live(*p));
    for pane in panes {
        let label = format!("{} {}", pane.number(), pane.title());
        push_fact(&mut lines, &label, &pane.wants(), width);
    }
    lines
}

/// A feed in a line, and what is wrong with it in as many as it takes.
fn say(lines: &mut Vec<Line>, feed: Told, width: usize) {
    let sign = super::line::Sign::Lamp(feed.light);
    match feed.trouble {
        None => lines.push(Line::Sign(sign, feed.what, feed.word)),
        Some(trouble) => {
            lines.push(Line::Sign(sign, feed.what, String::new()));
            let broken = cells::wrap(&trouble, width.saturating_sub(2));
            lines.extend(broken.into_iter().map(|l| Line::Wrong(format!("  {l}"))));
        }
    }
}
