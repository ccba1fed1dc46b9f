//! Fits a table's columns to a width: the more important ones first, then
//! each as wide as it wants, as far as there is room.

use ratatui::layout::Rect;

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column<K> {
    /// What it shows.
    pub kind: K,
    /// Its head.
    pub title: &'static str,
    /// The least cells it can do with.
    pub min: u16,
    /// The cells it should have before a column of a higher rank comes in.
    pub wish: u16,
    /// The most it has use for.
    pub max: u16,
    /// Whether its values stand at the right.
    pub right: bool,
    /// Lower gives way later.
    pub rank: u8,
    /// Whether rows can be put in its order.
    pub sorts: bool,
}

impl<K> Column<K> {
    /// A column that wants `min` cells and has use for `max`; text, and
    /// nothing to sort by.
    #[must_use]
    pub const fn new(kind: K, title: &'static str, min: u16, max: u16, rank: u8) -> Self {
        Self {
            kind,
            title,
            min,
            wish: min,
            max,
            right: false,
            rank,
            sorts: false,
        }
    }

    /// Wants more before others come in.
    #[must_use]
    pub const fn wishing(mut self, wish: u16) -> Self {
        self.wish = wish;
        self
    }

    /// Values stand at the right.
    #[must_use]
    pub const fn right(mut self) -> Self {
        self.right = true;
        self
    }

    /// Rows can be put in its order.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.sorts = true;
        self
    }
}

/// The gap between two columns.
const GAP: u16 = 2;

/// The columns that fit into `width`, in their order, with their widths.
#[must_use]
pub fn fit<K: Copy>(columns: &[Column<K>], width: u16) -> Vec<(Column<K>, u16)> {
    let mut by_rank: Vec<usize> = (0..columns.len()).collect();
    by_rank.sort_by_key(|i| columns[*i].rank);
    let whole = width + GAP;
    let mut chosen: Vec<usize> = Vec::new();
    let (mut wished, mut taken) = (0, 0);
    for i in by_rank {
        if wished + columns[i].min + GAP > whole {
            break;
        }
        wished += columns[i].wish + GAP;
        taken += columns[i].min + GAP;
        chosen.push(i);
    }
    let mut room = whole - taken;
    let mut widths: Vec<u16> = columns.iter().map(|c| c.min).collect();
    for limit in [|c: &Column<K>| c.wish, |c: &Column<K>| c.max] {
        for i in &chosen {
            let more = room.min(limit(&columns[*i]) - widths[*i]);
            widths[*i] += more;
            room -= more;
        }
    }
    chosen.sort_unstable();
    chosen
        .into_iter()
        .map(|i| (columns[i], widths[i]))
        .collect()
}

/// What the columns of a table show: each table has a list of its own.
pub trait Kind: Copy + PartialEq + 'static {
    /// The columns, in their order.
    const LIST: &'static [Column<Self>];

    /// The sortable column with this head.
    #[must_use]
    fn named(title: &str) -> Option<Self> {
        let found = Self::LIST.iter().find(|c| c.sorts && c.title == title);
        found.map(|c| c.kind)
    }

    /// Its head.
    #[must_use]
    fn title(self) -> &'static str {
        let found = Self::LIST.iter().find(|c| c.kind == self);
        found.map_or("", |c| c.title)
    }

    /// The columns that fit into a list of this width, with theirs.
    #[must_use]
    fn shown(width: u16) -> Vec<(Column<Self>, u16)> {
        fit(Self::LIST, width.saturating_sub(2))
    }
}

/// Where each of the fitted columns stands on a line.
pub fn places<K: Copy>(
    fitted: &[(Column<K>, u16)],
    line: Rect,
) -> impl Iterator<Item = (Column<K>, Rect)> {
    let mut x = line.x;
    fitted.iter().map(move |(column, width)| {
        let place = Rect {
            x,
            width: *width,
            height: 1,
            ..line
        };
        x += width + GAP;
        (*column, place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: char, min: u16, max: u16, rank: u8) -> Column<char> {
        Column::new(kind, "", min, max, rank)
    }

    #[test]
    fn important_columns_stay_and_the_order_holds() {
        let table = [
            column('a', 5, 9, 1),
            column('b', 5, 5, 2),
            column('c', 5, 20, 0),
        ];
        let shown = |width| {
            fit(&table, width)
                .into_iter()
                .map(|(c, w)| (c.kind, w))
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(4), []);
        assert_eq!(shown(8), [('c', 8)]);
        assert_eq!(shown(12), [('a', 5), ('c', 5)]);
        assert_eq!(shown(19), [('a', 5), ('b', 5), ('c', 5)]);
        assert_eq!(shown(60), [('a', 9), ('b', 5), ('c', 20)]);
    }

    #[test]
    fn a_wish_is_granted_before_less_important_columns_come_in() {
        let name = column('n', 5, 12, 0).wishing(10);
        let table = [name, column('b', 5, 5, 1)];
        let shown = |width| {
            fit(&table, width)
                .into_iter()
                .map(|(c, w)| (c.kind, w))
                .collect::<Vec<_>>()
        };
        assert_eq!(shown(14), [('n', 12)]);
        assert_eq!(shown(17), [('n', 10), ('b', 5)]);
    }
}
