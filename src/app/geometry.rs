//! Where everything stands for a size: one pure function that both `update`
//! (paging) and `ui` (drawing) call, so that they cannot disagree.

use ratatui::layout::{Rect, Size};

use super::pane::PaneId;

/// Below this, a plain "too small" screen.
pub const SMALLEST: Size = Size {
    width: 60,
    height: 15,
};
/// From this on, the panes stand side by side.
pub const GRID: Size = Size {
    width: 120,
    height: 30,
};

/// The places on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The top line.
    pub header: Rect,
    /// The tabs, where one pane stands at a time.
    pub tabs: Option<Rect>,
    /// The panes drawn in full, with their frames.
    pub panes: Vec<(PaneId, Rect)>,
    /// Panes without a source, side by side on one line.
    pub quiet: Vec<(PaneId, Rect)>,
    /// The bottom line.
    pub footer: Rect,
}

/// The places for a screen of `size`; `None` when it is too small.
///
/// `live` are the panes that have a source. On a large screen those share the
/// room, and the others a line; on a small one, or zoomed, the pane
/// in `focus` has it all.
#[must_use]
pub fn places(size: Size, focus: PaneId, zoom: bool, live: &[PaneId]) -> Option<Places> {
    if size.width < SMALLEST.width || size.height < SMALLEST.height {
        return None;
    }
    let row = |y: u16, height: u16| Rect::new(0, y, size.width, height);
    let header = row(0, 1);
    let footer = row(size.height - 1, 1);
    let grid = size.width >= GRID.width && size.height >= GRID.height && !zoom && !live.is_empty();
    if !grid {
        let tabs = Some(row(1, 1));
        let panes = vec![(focus, row(2, size.height - 3))];
        return Some(Places {
            header,
            tabs,
            panes,
            quiet: Vec::new(),
            footer,
        });
    }
    let without: Vec<PaneId> = PaneId::ALL
        .into_iter()
        .filter(|p| !live.contains(p))
        .collect();
    let body = row(1, size.height - 2 - u16::from(!without.is_empty()));
    let mut x = 0;
    let quiet = without
        .iter()
        .zip(share(size.width, &vec![1; without.len()]));
    let quiet = quiet.map(|(pane, width)| {
        let place = Rect::new(x, body.bottom(), width, 1);
        x += width;
        (*pane, place)
    });
    Some(Places {
        header,
        tabs: None,
        quiet: quiet.collect(),
        panes: tile(body, live),
        footer,
    })
}

/// The grid: its rows, each with the height it should have to the others',
/// and the panes in it with their widths.
const GRID_ROWS: [(u16, &[(PaneId, u16)]); 3] = [
    (16, &[(PaneId::Callers, 13), (PaneId::Agents, 10)]),
    (11, &[(PaneId::Callbacks, 7), (PaneId::Inject, 5)]),
    (7, &[(PaneId::Activity, 1)]),
];

/// The live panes in rows: callers beside agents, callbacks beside inject,
/// activity below; a row without a live pane takes no room.
fn tile(body: Rect, live: &[PaneId]) -> Vec<(PaneId, Rect)> {
    let mut rows: Vec<(u16, Vec<(PaneId, u16)>)> = Vec::new();
    for (height, panes) in GRID_ROWS {
        let panes = panes.iter().filter(|(pane, _)| live.contains(pane));
        let panes: Vec<_> = panes.copied().collect();
        if !panes.is_empty() {
            rows.push((height, panes));
        }
    }
    let weights: Vec<u16> = rows.iter().map(|(height, _)| *height).collect();
    let mut y = body.y;
    let mut places = Vec::new();
    for ((_, row), height) in rows.iter().zip(share(body.height, &weights)) {
        let mut x = body.x;
        let weights: Vec<u16> = row.iter().map(|(_, width)| *width).collect();
        for ((pane, _), width) in row.iter().zip(share(body.width, &weights)) {
            places.push((*pane, Rect::new(x, y, width, height)));
            x += width;
        }
        y += height;
    }
    places
}

/// `whole` in parts that stand to each other as their weights; what is left
/// over goes to the first.
fn share(whole: u16, weights: &[u16]) -> Vec<u16> {
    let sum: u32 = weights.iter().map(|w| u32::from(*w)).sum();
    let part = |weight: &u16| u32::from(whole) * u32::from(*weight) / sum.max(1);
    let mut parts: Vec<u16> = weights
        .iter()
        .map(|w| u16::try_from(part(w)).unwrap_or(whole))
        .collect();
    let given: u16 = parts.iter().sum();
    if let Some(first) = parts.first_mut() {
        *first += whole - given;
    }
    parts
}

/// The rows inside a pane's frame.
#[must_use]
pub fn inside(pane: Rect) -> Rect {
    Rect {
        x: pane.x.saturating_add(1),
        y: pane.y.saturating_add(1),
        width: pane.width.saturating_sub(2),
        height: pane.height.saturating_sub(2),
    }
}

/// Where the rows of a list stand: a cell in from the frame.
#[must_use]
pub fn table_inside(place: Rect) -> Rect {
    Rect {
        x: place.x.saturating_add(1),
        width: place.width.saturating_sub(2),
        ..place
    }
}

/// The callers pane's inside: the queue summary, what is wrong, and the list
/// with its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallersPlaces {
    /// The summary, a line per queue under a head; empty where there is no room.
    pub summary: Rect,
    /// Sentences about feeds that fail.
    pub notice: Rect,
    /// The line that is searched with.
    pub search: Rect,
    /// The list's head.
    pub head: Rect,
    /// The list's rows.
    pub rows: Rect,
}

/// A list's head and the fewest rows it should have.
const LEAST_LIST: u16 = 6;

/// Splits the callers pane. The summary is whole where the list keeps its
/// least, else it takes at most two fifths of the height, and none of a pane
/// that is low; `failing` feeds get two lines, a search one.
#[must_use]
pub fn callers(pane: Rect, queues: usize, failing: bool, searched: bool) -> CallersPlaces {
    let inner = inside(pane);
    let wanted = u16::try_from(queues).unwrap_or(u16::MAX).saturating_add(2);
    let allowed = inner.height * 2 / 5;
    let summary = if inner.height < 10 {
        0
    } else if wanted + LEAST_LIST <= inner.height {
        wanted
    } else {
        wanted.min(allowed)
    };
    let below = |height: u16| Rect {
        y: inner.y + height,
        height: inner.height - height,
        ..inner
    };
    let rest = below(summary);
    let list = list_in(rest, failing, searched);
    CallersPlaces {
        summary: Rect {
            height: summary,
            ..inner
        },
        notice: list.notice,
        search: list.search,
        head: list.head,
        rows: list.rows,
    }
}

/// A list pane's inside: what is wrong, a search line, the list with its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPlaces {
    /// Sentences about what fails.
    pub notice: Rect,
    /// The line that is searched with.
    pub search: Rect,
    /// The list's head.
    pub head: Rect,
    /// The list's rows.
    pub rows: Rect,
}

/// Splits a list pane: `failing` gets two lines, a search one.
#[must_use]
pub fn list(pane: Rect, failing: bool, searched: bool) -> ListPlaces {
    list_in(inside(pane), failing, searched)
}

fn list_in(inner: Rect, failing: bool, searched: bool) -> ListPlaces {
    let mut y = 0;
    let mut take = |wanted: u16| {
        let height = wanted.min(inner.height - y);
        let place = Rect {
            y: inner.y + y,
            height,
            ..inner
        };
        y += height;
        place
    };
    ListPlaces {
        notice: take(if failing { 2 } else { 0 }),
        search: take(u16::from(searched)),
        head: take(1),
        rows: take(u16::MAX),
    }
}

/// A window in the middle of the screen that takes most of it.
#[must_use]
pub fn window(size: Size, wanted: Size) -> Rect {
    let width = wanted.width.min(size.width.saturating_sub(4));
    let height = wanted.height.min(size.height.saturating_sub(2));
    Rect::new(
        (size.width - width) / 2,
        (size.height - height) / 2,
        width,
        height,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_never_leave_the_screen_nor_overlap() {
        let sets: [&[PaneId]; 4] = [
            &[],
            &[PaneId::Callers],
            &[PaneId::Callers, PaneId::Activity],
            &PaneId::ALL,
        ];
        for live in sets {
            for width in (1..240).step_by(7) {
                for height in (1..80).step_by(3) {
                    for zoom in [false, true] {
                        check(Size::new(width, height), zoom, live);
                    }
                }
            }
        }
    }

    fn check(size: Size, zoom: bool, live: &[PaneId]) {
        let Some(places) = places(size, PaneId::Callers, zoom, live) else {
            assert!(size.width < SMALLEST.width || size.height < SMALLEST.height);
            return;
        };
        let mut all = vec![places.header, places.footer];
        all.extend(places.tabs);
        all.extend(places.panes.iter().chain(&places.quiet).map(|(_, r)| *r));
        let screen = Rect::new(0, 0, size.width, size.height);
        for (i, a) in all.iter().enumerate() {
            assert_eq!(a.intersection(screen), *a, "{size:?} {places:?}");
            assert!(
                all[i + 1..].iter().all(|b| !a.intersects(*b)),
                "{size:?} {places:?}"
            );
        }
        for (pane, rect) in &places.panes {
            if *pane == PaneId::Callers {
                let p = callers(*rect, 3, zoom, !zoom);
                let heights = [p.summary, p.notice, p.search, p.head, p.rows].map(|r| r.height);
                assert_eq!(heights.iter().sum::<u16>(), inside(*rect).height);
            }
        }
    }

    #[test]
    fn on_a_large_screen_quiet_panes_share_a_line() {
        let places = places(
            Size::new(120, 36),
            PaneId::Callers,
            false,
            &[PaneId::Callers],
        )
        .unwrap();
        assert_eq!(places.panes, [(PaneId::Callers, Rect::new(0, 1, 120, 33))]);
        assert_eq!(places.quiet.len(), 4);
        assert_eq!(places.quiet[3].1, Rect::new(90, 34, 30, 1));
    }
}
