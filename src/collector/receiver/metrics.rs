//! `/metrics`: the counts in Prometheus' text format. Pure.

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

use super::{
    door::Door,
    reply::Reason,
    stats::{BOUNDS, Site, Stats},
};
use crate::domain::{
    feed::{FeedHealth, FeedId, FeedKind},
    time::At,
};

/// The type of the text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page in the making.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (i, (label, text)) in labels.iter().enumerate() {
            let open = if i == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{open}{label}=\"{}\"", escaped(text));
        }
        let close = if labels.is_empty() { "" } else { "}" };
        let _ = writeln!(self.0, "{close} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// The whole page. `feeds` are those that are polled.
pub(super) fn page(
    doors: &[Door],
    stats: &Stats,
    stores: bool,
    feeds: &[(FeedId, FeedHealth)],
    now: At,
) -> String {
    let mut page = Page::default();
    let name = "holdline_receiver_stores";
    page.one(
        name,
        "gauge",
        "1 while events can be stored.",
        u8::from(stores),
    );
    sites(&mut page, doors, stats);
    let name = "holdline_hooks_unstored_total";
    let unstored = stats.unstored.load(Relaxed);
    page.one(name, "counter", "Requests answered 503.", unstored);
    took(&mut page, stats);
    let waiting = stats.waiting.load(Relaxed);
    let help = "Requests whose events are being stored.";
    page.one("holdline_hooks_waiting", "gauge", help, waiting);
    let open = stats.connections.load(Relaxed);
    page.one(
        "holdline_receiver_connections",
        "gauge",
        "Open connections.",
        open,
    );
    let name = "holdline_receiver_crowded_out_total";
    let help = "Connections closed because there were too many.";
    page.one(name, "counter", help, stats.crowded_out.load(Relaxed));
    polled(&mut page, feeds, now);
    page.0
}

fn sites(page: &mut Page, doors: &[Door], stats: &Stats) {
    type Count = fn(&Site) -> &AtomicU64;
    let counts: [(&str, &str, Count); 3] = [
        ("accepted", "Events accepted and stored.", |s| &s.accepted),
        ("repeats", "Events sent again, stored before.", |s| {
            &s.repeats
        }),
        (
            "unknown",
            "Events accepted whose meaning is not known.",
            |s| &s.unknown,
        ),
    ];
    let each = || {
        doors
            .iter()
            .map(|door| door.site.as_str())
            .zip(&stats.sites)
    };
    for (word, help, count) in counts {
        let name = format!("holdline_hooks_{word}_total");
        page.head(&name, "counter", help);
        for (site, counted) in each() {
            page.line(&name, &[("site", site)], count(counted).load(Relaxed));
        }
    }
    let name = "holdline_hooks_refused_total";
    page.head(name, "counter", "Requests turned away.");
    for (site, counted) in each() {
        for reason in Reason::ALL {
            let count = counted.refused(reason);
            if count > 0 {
                let labels = [("site", site), ("reason", reason.word())];
                page.line(name, &labels, count);
            }
        }
    }
    let labels = [("site", ""), ("reason", Reason::NoSite.word())];
    page.line(name, &labels, stats.elsewhere.load(Relaxed));
}

#[expect(clippy::cast_precision_loss, reason = "a metric need not be exact")]
fn took(page: &mut Page, stats: &Stats) {
    let seconds = |micros: u64| micros as f64 / 1e6;
    let name = "holdline_hooks_store_seconds";
    page.head(
        name,
        "histogram",
        "From a request's head to its events being on disk.",
    );
    let bucket = format!("{name}_bucket");
    let mut sum = 0;
    for (bound, count) in BOUNDS.iter().zip(&stats.took.buckets) {
        sum += count.load(Relaxed);
        page.line(&bucket, &[("le", &seconds(*bound).to_string())], sum);
    }
    let count = stats.took.count.load(Relaxed).max(sum);
    page.line(&bucket, &[("le", "+Inf")], count);
    let micros = stats.took.micros.load(Relaxed);
    page.line(&format!("{name}_sum"), &[], seconds(micros));
    page.line(&format!("{name}_count"), &[], count);
}

fn polled(page: &mut Page, feeds: &[(FeedId, FeedHealth)], now: At) {
    let polled = || {
        feeds.iter().filter_map(|(id, health)| match &id.kind {
            FeedKind::Callers(queue) => Some((id.site.as_str(), queue.as_str(), health)),
            FeedKind::Hooks => None,
        })
    };
    if polled().next().is_none() {
        return;
    }
    let name = "holdline_poll_age_seconds";
    page.head(name, "gauge", "Since the last good answer.");
    for (site, queue, health) in polled() {
        if let Some(at) = health.last_ok {
            let labels = [("site", site), ("queue", queue)];
            page.line(name, &labels, now.since(at).as_secs_f64());
        }
    }
    let name = "holdline_poll_failing";
    page.head(name, "gauge", "1 while the last answer was a fault.");
    for (site, queue, health) in polled() {
        let labels = [("site", site), ("queue", queue)];
        page.line(name, &labels, u8::from(health.trouble.is_some()));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_line_is_a_comment_or_a_name_labels_and_a_number() {
        let stats = Stats::new(0);
        stats.took.add(Duration::from_millis(3));
        stats.took.add(Duration::from_mins(1));
        let mut health = FeedHealth::new(Duration::from_secs(1));
        health.answered(At(1_000));
        let odd = FeedId {
            site: "a\"b\\c\nd".into(),
            kind: FeedKind::Callers("q".into()),
        };
        let text = page(&[], &stats, true, &[(odd, health)], At(3_500));
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').unwrap();
            assert!(value.parse::<f64>().is_ok(), "{line}");
            assert!(name.starts_with("holdline_"), "{line}");
        }
        for part in [
            "holdline_hooks_store_seconds_bucket{le=\"0.002\"} 0\n",
            "holdline_hooks_store_seconds_bucket{le=\"0.005\"} 1\n",
            "holdline_hooks_store_seconds_bucket{le=\"5\"} 1\n",
            "holdline_hooks_store_seconds_bucket{le=\"+Inf\"} 2\n",
            "holdline_hooks_store_seconds_sum 60.003\n",
            "holdline_poll_age_seconds{site=\"a\\\"b\\\\c\\nd\",queue=\"q\"} 2.5\n",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
