//! How each site is: every feed with its age, and what is wrong in full.

use super::{Line, push_fact};
use crate::{
    app::{
        health::{self, Light},
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
    for (site, lamp) in state.sites.iter().zip(health::lamps(state)) {
        lines.push(Line::Head(format!("{} ({})", site.name, site.vendor)));
        let light = super::Sign::Lamp(lamp.light);
        lines.push(Line::Sign(light, String::new(), lamp.word));
        for (what, told, light) in health::feeds(state, site) {
            let first = lines.len();
            push_fact(&mut lines, &what, &told, width);
            if light == Light::Bad {
                for line in &mut lines[first..] {
                    if let Line::Fact(label, value) = line {
                        let text = format!("{label:20}{value}");
                        *line = Line::Wrong(text);
                    }
                }
            }
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
        push_fact(&mut lines, &label, &pane.wants(&state.sites), width);
    }
    lines
}
