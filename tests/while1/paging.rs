//! Paging: here by hand for every odd `pagination`; below by models.

mod models;

use holdline::{
    domain::callback::{Callback, Status},
    vendor::while1::{End, Page, Pagination, Progress, Reading, Step},
};

fn row(id: u64) -> Callback {
    Callback::new("s".into(), id.to_string().into())
}

fn page(ids: impl IntoIterator<Item = u64>, pagination: impl Into<Option<Pagination>>) -> Page {
    Page {
        rows: ids.into_iter().map(row).collect(),
        pagination: pagination.into(),
        messages: Vec::new(),
        skew: None,
    }
}

/// `row_count`, `page_size`, `current_page`, `max_page`.
fn told(figures: [u64; 4]) -> Pagination {
    let [row_count, page_size, current_page, max_page] = figures.map(Some);
    Pagination {
        row_count,
        page_size,
        current_page,
        max_page,
    }
}

fn only_max(max_page: u64) -> Pagination {
    Pagination {
        max_page: Some(max_page),
        ..Pagination::default()
    }
}

/// Reads with `answer` for a server; the pages asked for and the reading.
fn read(mut answer: impl FnMut(u32) -> Page) -> (Vec<u32>, End, Reading) {
    let (mut asked, mut reading) = (Vec::new(), Reading::default());
    loop {
        match reading.step() {
            Step::Ask(number) => {
                asked.push(number);
                reading.take(answer(number));
            }
            Step::Done(end) => return (asked, end, reading),
        }
    }
}

/// The pages of a script, one after the other, whatever is asked for; the
/// numbers asked for as `1 2 3`, the end, and how many rows there are.
fn script(pages: Vec<Page>) -> (String, End, usize) {
    let mut pages = pages.into_iter();
    let (asked, end, reading) = read(|number| {
        let next = pages.next();
        next.unwrap_or_else(|| panic!("page {number} was asked for beyond the script"))
    });
    assert_eq!(pages.len(), 0, "{asked:?} {end:?}");
    let asked: Vec<String> = asked.iter().map(ToString::to_string).collect();
    (asked.join(" "), end, reading.rows().len())
}

fn outcome(asked: &str, end: End, rows: usize) -> (String, End, usize) {
    (asked.to_owned(), end, rows)
}

#[test]
fn figures_that_agree_are_followed_to_the_last_page() {
    let seventeen = script(vec![page(0..17, told([17, 100, 1, 1]))]);
    assert_eq!(seventeen, outcome("1", End::Whole, 17));
    let three = script(vec![
        page(0..100, told([250, 100, 1, 3])),
        page(100..200, told([250, 100, 2, 3])),
        page(200..250, told([250, 100, 3, 3])),
    ]);
    assert_eq!(three, outcome("1 2 3", End::Whole, 250));
    // The page's own example is abbreviated: 17 rows told of, none sent.
    let example = script(vec![page([], told([17, 100, 1, 1]))]);
    assert_eq!(example, outcome("1", End::Fewer { told: 17, got: 0 }, 0));
}

#[test]
fn an_empty_list_is_whole_however_it_is_told() {
    for pagination in [
        None,
        Some(told([0, 100, 1, 1])),
        Some(told([0, 100, 1, 0])),
        Some(told([0, 100, 0, 0])),
        Some(told([0, 0, 0, 0])),
        Some(only_max(0)),
        Some(only_max(1)),
    ] {
        let end = script(vec![page([], pagination)]);
        assert_eq!(end, outcome("1", End::Whole, 0), "{pagination:?}");
    }
}

#[test]
fn without_a_word_about_pages_only_a_full_page_promises_another() {
    let one = script(vec![page(0..17, None)]);
    assert_eq!(one, outcome("1", End::Unpaged, 17));
    let full = script(vec![page(0..100, None), page(100..120, None)]);
    assert_eq!(full, outcome("1 2", End::Unpaged, 120));
    let ignored = script(vec![page(0..100, None), page(0..100, None)]);
    assert_eq!(ignored, outcome("1 2", End::Repeats { page: 2 }, 100));
    let exactly = script(vec![page(0..100, None), page([], None)]);
    assert_eq!(exactly, outcome("1 2", End::Whole, 100));
    // What was said before still holds.
    let later = script(vec![
        page(0..2, told([5, 2, 1, 3])),
        page(2..4, None),
        page(4..5, None),
    ]);
    assert_eq!(later, outcome("1 2 3", End::Whole, 5));
}

#[test]
fn a_last_page_that_lies_is_found_out() {
    // Too early: full pages, and rows are due.
    let early = script(vec![
        page(0..2, told([5, 2, 1, 1])),
        page(2..4, told([5, 2, 2, 1])),
        page(4..5, told([5, 2, 3, 1])),
    ]);
    assert_eq!(early, outcome("1 2 3", End::Whole, 5));
    // Too early, but the page was not full.
    let short = script(vec![page(0..1, told([5, 2, 1, 1]))]);
    assert_eq!(short, outcome("1", End::Fewer { told: 5, got: 1 }, 1));
    // Nothing, with rows.
    let zero = script(vec![
        page(0..2, told([3, 2, 1, 0])),
        page(2..3, told([3, 2, 2, 0])),
    ]);
    assert_eq!(zero, outcome("1 2", End::Whole, 3));
    // Too late: an empty page ends it, in peace if all rows are there.
    let late = script(vec![
        page(0..2, told([2, 2, 1, 9])),
        page([], told([2, 2, 2, 9])),
    ]);
    assert_eq!(late, outcome("1 2", End::Whole, 2));
    let missing = script(vec![
        page(0..2, told([9, 2, 1, 5])),
        page([], told([9, 2, 2, 5])),
    ]);
    assert_eq!(missing, outcome("1 2", End::Early { page: 2, of: 5 }, 2));
    let absurd = script(vec![
        page(0..2, only_max(u64::MAX)),
        page([], only_max(u64::MAX)),
    ]);
    let end = End::Early {
        page: 2,
        of: u64::MAX,
    };
    assert_eq!(absurd, outcome("1 2", end, 2));
    // Only the number of rows.
    let count = |n| {
        Some(Pagination {
            row_count: Some(n),
            ..Pagination::default()
        })
    };
    let counted = script(vec![page(0..2, count(3)), page(2..3, count(3))]);
    assert_eq!(counted, outcome("1 2", End::Whole, 3));
    let absurd = script(vec![page(0..2, count(u64::MAX)), page([], count(u64::MAX))]);
    assert_eq!(absurd.0, "1 2");
}

#[test]
fn a_server_that_goes_in_circles_is_left() {
    // It ignores which page is asked for.
    let first = || page(0..2, told([6, 2, 1, 3]));
    assert_eq!(
        script(vec![first(), first()]),
        outcome("1 2", End::Repeats { page: 2 }, 2)
    );
    // It says another page than was asked for, but it is the right one.
    let mislabelled = script(vec![
        page(0..2, told([4, 2, 7, 2])),
        page(2..4, told([4, 2, 7, 2])),
    ]);
    assert_eq!(mislabelled, outcome("1 2", End::Whole, 4));
    // It falls back to a page before the last.
    let back = script(vec![
        page(0..2, told([9, 2, 1, 5])),
        page(2..4, told([9, 2, 2, 5])),
        page(0..2, told([9, 2, 1, 5])),
    ]);
    assert_eq!(back, outcome("1 2 3", End::Repeats { page: 3 }, 4));
    // It turns round for ever.
    let (asked, end, reading) = read(|number| {
        let start = u64::from(number % 3) * 2;
        page(
            start..start + 2,
            told([1_000_000, 2, number.into(), 500_000]),
        )
    });
    assert_eq!((asked.len(), end), (28, End::Repeats { page: 28 }));
    assert_eq!(reading.rows().len(), 6);
}

#[test]
fn an_endless_list_is_bounded_in_pages_and_rows() {
    let (asked, end, reading) = read(|number| {
        let number = u64::from(number);
        page([number], told([number + 5, 1, number, number + 5]))
    });
    assert_eq!((asked.len(), end), (10_000, End::TooManyPages));
    assert_eq!(reading.rows().len(), 10_000);
    let (asked, end, reading) = read(|number| {
        let start = u64::from(number) * 100_000;
        page(start..start + 100_000, only_max(u64::MAX))
    });
    assert_eq!((asked.len(), end), (3, End::TooManyRows));
    assert_eq!(reading.into_rows().len(), 250_000);
}

#[test]
fn rows_that_come_while_it_is_read_push_others_on_to_be_seen_twice() {
    let mut second = page([1, 2], told([5, 2, 2, 3]));
    second.rows[0].status = Some(Status::InProgress);
    let mut pages = vec![
        page([0, 1], told([4, 2, 1, 2])),
        second,
        page([3], told([5, 2, 3, 3])),
    ]
    .into_iter();
    let (asked, end, reading) = read(|_| pages.next().unwrap());
    assert_eq!((asked.as_slice(), end), ([1, 2, 3].as_slice(), End::Whole));
    let rows = reading.rows();
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["0", "1", "2", "3"]);
    // In its old place, with the later news.
    assert_eq!(rows[1].status, Some(Status::InProgress));
}

#[test]
fn a_whole_page_that_was_pushed_on_is_no_circle() {
    let grown = script(vec![
        page([0, 1], told([4, 2, 1, 2])),
        page([0, 1], told([6, 2, 2, 3])),
        page([2, 3], told([6, 2, 3, 3])),
    ]);
    assert_eq!(grown, outcome("1 2 3", End::Whole, 4));
}

#[test]
fn rows_that_go_pull_others_back_and_their_page_is_asked_for_again() {
    // 0 went: 2 is now the last of page 1, which was read before.
    let shrunk = script(vec![
        page([0, 1], told([6, 2, 1, 3])),
        page([3, 4], told([5, 2, 2, 3])),
        page([1, 2], told([5, 2, 1, 3])),
        page([5], told([5, 2, 3, 3])),
    ]);
    assert_eq!(shrunk, outcome("1 2 1 3", End::Whole, 6));
    // So many that the page asked for is not there any more.
    let gone = script(vec![
        page([0, 1], told([6, 2, 1, 3])),
        page([2, 3], told([6, 2, 2, 3])),
        page([], told([4, 2, 3, 2])),
        page([4, 5], told([4, 2, 2, 2])),
    ]);
    assert_eq!(gone, outcome("1 2 3 2", End::Whole, 6));
}

#[test]
fn a_list_that_shrinks_to_nothing_is_told() {
    let emptied = script(vec![
        page([0, 1], told([6, 2, 1, 3])),
        page([], told([0, 2, 2, 0])),
    ]);
    assert_eq!(emptied, outcome("1 2", End::Emptied, 2));
    // No rows are told of, but there they are: that is no emptying.
    let denied = script(vec![page([0, 1], told([0, 2, 1, 0]))]);
    assert_eq!(denied, outcome("1", End::Whole, 2));
}

#[test]
fn a_list_that_never_rests_is_given_up_at_a_bound() {
    let mut left = 40_000;
    let (asked, end, _) = read(|number| {
        left -= 25;
        let start = u64::from(number) * 10;
        page(
            start..start + 10,
            told([left, 10, number.into(), left.div_ceil(10)]),
        )
    });
    assert_eq!(end, End::Restless);
    // Two for each page and twenty, besides the pages themselves.
    let last = *asked.iter().max().unwrap() as usize;
    assert!(asked.len() <= 3 * last + 25, "{} for {last}", asked.len());
}

#[test]
fn progress_counts_pages_and_rows_and_quotes_the_total() {
    let mut reading = Reading::default();
    assert_eq!(reading.progress(), Progress::default());
    reading.take(page(0..100, told([250, 100, 1, 3])));
    let expected = Progress {
        pages: 1,
        of: Some(3),
        rows: 100,
        total: Some(250),
    };
    assert_eq!(reading.progress(), expected);
    // Nothing was taken in: the same page is asked for again.
    assert_eq!(reading.step(), Step::Ask(2));
    assert_eq!(reading.step(), Step::Ask(2));
}

#[test]
fn every_end_but_a_good_one_says_what_is_doubtful() {
    for (end, text) in [
        (End::Whole, ""),
        (
            End::Fewer { told: 17, got: 0 },
            "While1 tells of 17 rows and sent 0: rows may be missing",
        ),
        (
            End::Early { page: 2, of: 5 },
            "page 2 of 5 was empty: rows may be missing after it",
        ),
        (
            End::Repeats { page: 2 },
            "page 2 repeats pages before it: rows may be missing after it",
        ),
        (
            End::TooManyRows,
            "the list has more than 250000 rows: the rest is left out, narrow the filters",
        ),
        (
            End::TooManyPages,
            "the list has more than 10000 pages: the rest is left out, narrow the filters",
        ),
    ] {
        assert_eq!(
            (end.to_string().as_str(), end.is_whole()),
            (text, text.is_empty())
        );
    }
    for end in [End::Unpaged, End::Emptied, End::Restless] {
        assert!(!end.to_string().is_empty() && !end.is_whole());
    }
}
