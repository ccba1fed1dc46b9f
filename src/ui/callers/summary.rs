//! The queues in a glance: a line for each.

use std::time::Duration;

use ratatui::layout::Rect;

use super::level_role;
use crate::{
    app::{
        State,
        agents::free::Free,
        callers::QueueLine,
        columns::{self, Column},
    },
    domain::{site::WaitLevel, time::wait},
    ui::{ink::Ink, table, theme::Role},
};

#[derive(Clone, Copy)]
enum Figure {
    Queue,
    Waiting,
    Free,
    Longest,
    Average,
    Late,
    Answered,
    Left,
    LongestToday,
    ServiceLevel,
}

const fn figure(kind: Figure, title: &'static str, min: u16, max: u16, rank: u8) -> Column<Figure> {
    Column::new(kind, title, min, max, rank).right()
}

const SUMMARY: [Column<Figure>; 10] = [
    Column::new(Figure::Queue, "QUEUE", 10, 22, 0),
    figure(Figure::Waiting, "WAITING", 7, 7, 1),
    figure(Figure::Free, "FREE", 4, 5, 4),
    figure(Figure::Longest, "LONGEST", 7, 8, 2),
    figure(Figure::Average, "AVG", 5, 7, 6),
    figure(Figure::Late, "OVER T", 6, 6, 3),
    figure(Figure::ServiceLevel, "SL/T", 8, 9, 5),
    figure(Figure::Answered, "ANSWERED", 8, 8, 7),
    figure(Figure::Left, "LEFT", 4, 6, 8),
    figure(Figure::LongestToday, "LONGEST TODAY", 13, 13, 9),
];

/// A line per queue; where not all fit, those with the longest waits.
pub fn draw(state: &State, ink: &mut Ink, place: Rect) {
    let free = Free::on(&state.board);
    // Nobody has to look at a column of dashes.
    let told = |figure: &&Column<Figure>| free.is_known() || !matches!(figure.kind, Figure::Free);
    let columns: Vec<Column<Figure>> = SUMMARY.iter().filter(told).copied().collect();
    let fitted = columns::fit(&columns, place.width - 2);
    let line = |y: u16| Rect {
        x: place.x + 1,
        y,
        width: place.width - 2,
        height: 1,
    };
    table::head(ink, &fitted, line(place.y));
    // A head, and a blank line below.
    let room = usize::from(place.height.saturating_sub(2));
    let mut queues: Vec<&QueueLine> = state.callers.queues.iter().collect();
    let hidden = if queues.len() > room {
        queues.sort_by_key(|q| std::cmp::Reverse(q.longest(state.seen_at())));
        queues.split_off(room.saturating_sub(1))
    } else {
        Vec::new()
    };
    let mut y = place.y + 1;
    for queue in queues {
        let stale = state.is_stale(&queue.feed);
        for (column, cell) in columns::places(&fitted, line(y)) {
            let (text, role) = figure_text(state, ink, (queue, &free), column.kind);
            let role = if stale && !matches!(column.kind, Figure::Queue) {
                Role::Stale
            } else {
                role
            };
            table::put(ink, cell, &text, column.right, role);
        }
        y += 1;
    }
    if !hidden.is_empty() {
        let waiting: usize = hidden.iter().map(|q| q.waiting()).sum();
        ink.text(
            line(y),
            &format!("and {} more queues, {waiting} waiting", hidden.len()),
            Role::Quiet,
        );
    }
}

fn figure_text(
    state: &State,
    ink: &Ink,
    (queue, free): (&QueueLine, &Free<'_>),
    figure: Figure,
) -> (String, Role) {
    let now = state.seen_at();
    let unknown = || (ink.glyphs.unknown.to_owned(), Role::Quiet);
    if !queue.known && !matches!(figure, Figure::Queue) {
        return unknown();
    }
    let time = |d: Option<Duration>| d.map_or_else(unknown, |d| (wait(d), Role::Text));
    let count = |n: u64| (n.to_string(), Role::Text);
    let (late, critical) = queue.late(now);
    let level = match (late, critical) {
        (_, 1..) => WaitLevel::Critical,
        (1.., _) => WaitLevel::Late,
        _ => WaitLevel::Fine,
    };
    match figure {
        Figure::Queue => (queue.queue.name.clone(), Role::Text),
        Figure::Waiting => count(queue.waiting() as u64),
        Figure::Free => match free.of(&queue.key) {
            Some(0) if queue.waiting() > 0 => ("0".to_owned(), Role::Late),
            Some(free) => count(free as u64),
            None => unknown(),
        },
        Figure::Longest => (time(queue.longest(now)).0, level_role(level)),
        Figure::Average => time(queue.average(now)),
        Figure::Late => (late.to_string(), level_role(level)),
        Figure::Answered => count(queue.answered),
        Figure::Left => count(queue.left),
        Figure::LongestToday => time(queue.longest_today),
        Figure::ServiceLevel => queue.service_level.map_or_else(unknown, |share| {
            // Rounded down: 99.9 % of calls in time is not all of them.
            (
                format!(
                    "{:.0}%/{}",
                    (share * 100.0).floor(),
                    span(queue.queue.service_level)
                ),
                Role::Text,
            )
        }),
    }
}

/// A target as people write it: `20s`, `2m`.
fn span(d: Duration) -> String {
    let s = d.as_secs();
    if s >= 60 && s.is_multiple_of(60) {
        format!("{}m", s / 60)
    } else {
        format!("{s}s")
    }
}
