//! The callbacks, the most urgent first.

use std::borrow::Cow;

use ratatui::layout::Rect;

use crate::{
    app::{
        State,
        callbacks::{
            columns::Cell,
            rows::{Group, Row},
        },
        health::Light,
        pane::PaneId,
    },
    domain::{
        callback::{Callback, Due, Status, due_words},
        filter::Filters,
        phone,
        triage::Standing,
    },
    ui::{
        ink::Ink,
        panes::centre,
        table::{self, Rows},
        theme::Role,
    },
};

/// Draws the list under its head.
pub fn draw(state: &State, ink: &mut Ink, head: Rect, place: Rect) {
    let pane = &state.callbacks;
    if pane.rows.is_empty() {
        return nothing(state, ink, place);
    }
    let fitted = state.callback_columns();
    let line = table::line(head, head.y);
    table::sorted_head(ink, &fitted, pane.listing.sort, line);
    let has_notes = fitted.iter().any(|(column, _)| column.kind == Cell::Note);
    let cell = |ink: &Ink, row: usize, column: usize| {
        let row = &pane.rows[row];
        let list = pane.list(&row.callback.site);
        let stale = list.is_some_and(|list| list.is_late(state.now));
        let kind = fitted[column].0.kind;
        let (text, role) = match kind {
            Cell::Work if !has_notes => work_and_note(state, ink, row),
            _ => cell_text(state, ink, row, kind),
        };
        // Who works on it is our own news, and fresh.
        let role = if stale && !matches!(kind, Cell::Work | Cell::Note) {
            Role::Stale
        } else {
            role
        };
        (text, role)
    };
    let selected = pane.listing.cursor.row(pane.rows.len());
    let rows = Rows {
        place,
        top: pane.listing.top,
        len: pane.rows.len(),
        selected: selected.filter(|_| state.focus == PaneId::Callbacks),
        cell: &cell,
    };
    table::rows(ink, &fitted, &rows);
}

fn cell_text<'s>(state: &'s State, ink: &Ink, row: &'s Row, cell: Cell) -> (Cow<'s, str>, Role) {
    let callback: &Callback = &row.callback;
    let zone = state.board.zone();
    let unknown = || (Cow::Borrowed(ink.glyphs.unknown), Role::Quiet);
    let known =
        |text: Option<&'s str>, role| text.map_or_else(unknown, |t| (Cow::Borrowed(t), role));
    match cell {
        Cell::Due => {
            let due = callback.due(state.seen_at());
            let words = due_words(due, callback.schedule, state.seen_at(), zone);
            match due {
                // Nothing is to be done about it now, however late it is.
                _ if rests(state, row) => (format!("  {words}").into(), Role::Quiet),
                Due::Late(_) => (format!("{} {words}", ink.glyphs.late).into(), Role::Late),
                Due::Now(_) => (
                    format!("{} {words}", ink.glyphs.light(Light::Good)).into(),
                    Role::Good,
                ),
                Due::Later(_) => (format!("  {words}").into(), Role::Text),
                Due::Unscheduled | Due::Over => (format!("  {words}").into(), Role::Quiet),
            }
        }
        Cell::Number => known(callback.number.as_deref().map(phone::shown), Role::Text),
        Cell::Count => match row.group {
            Group::Alone => (Cow::Borrowed(""), Role::Text),
            Group::Head { count, .. } => (format!("{count}x").into(), Role::Key),
            Group::Member => (Cow::Borrowed(ink.glyphs.member), Role::Quiet),
        },
        // A claim here does not keep the vendor's dialler from calling.
        Cell::Dials if callback.is_dialled_by_vendor() => ("yes".into(), Role::Callback),
        Cell::Dials => (Cow::Borrowed(""), Role::Text),
        Cell::Name => known(callback.name.as_deref(), Role::Text),
        Cell::Work => work(state, ink, row),
        Cell::Note => (note(state, row).unwrap_or_default().into(), Role::Text),
        Cell::Campaign => known(callback.campaign.as_deref(), Role::Text),
        Cell::To => known(
            callback
                .assigned_to
                .as_deref()
                .or(callback.assign_type.as_deref()),
            Role::Text,
        ),
        Cell::Tries => match (callback.retries, callback.max_retries) {
            (Some(tried), Some(most)) => (format!("{tried}/{most}").into(), Role::Text),
            (Some(tried), None) => (tried.to_string().into(), Role::Text),
            (None, Some(most)) => (format!("{}/{most}", ink.glyphs.unknown).into(), Role::Quiet),
            (None, None) => unknown(),
        },
        Cell::Status => known(callback.status.as_ref().map(Status::word), Role::Quiet),
        Cell::Dialled => {
            let kinds = [
                callback.outbound_type.as_deref(),
                callback.attend_type.as_deref(),
            ];
            let words: Vec<&str> = kinds.into_iter().flatten().collect();
            if words.is_empty() {
                unknown()
            } else {
                (words.join(" ").into(), Role::Quiet)
            }
        }
        Cell::Created => callback
            .created
            .map_or_else(unknown, |at| (at.date_time(zone).into(), Role::Quiet)),
        Cell::Id => (Cow::Borrowed(callback.id.as_str()), Role::Quiet),
    }
}

fn standing(state: &State, row: &Row) -> Standing {
    let customer = row.callback.customer();
    let triage = &state.board.triage;
    triage.standing(&row.subject, customer, &state.me, state.now)
}

fn rests(state: &State, row: &Row) -> bool {
    let stands = standing(state, row);
    matches!(stands, Standing::Closed(_) | Standing::Snoozed(_))
}

/// The last note on the customer.
fn note<'s>(state: &'s State, row: &Row) -> Option<&'s str> {
    let customer = row.callback.customer();
    let note = state.board.triage.last_note(&row.subject, customer)?;
    Some(&note.text)
}

/// The same where notes have no column: a mark, and what there is room for.
fn work_and_note<'s>(state: &'s State, ink: &Ink, row: &'s Row) -> (Cow<'s, str>, Role) {
    let (work, role) = work(state, ink, row);
    match note(state, row) {
        None => (work, role),
        Some(note) if work.is_empty() => (format!("{} {note}", ink.glyphs.note).into(), Role::Text),
        Some(_) => (format!("{} {work}", ink.glyphs.note).into(), role),
    }
}

/// Who works on it, or why it need not be worked on.
fn work<'s>(state: &'s State, ink: &Ink, row: &'s Row) -> (Cow<'s, str>, Role) {
    let callback = &row.callback;
    let zone = state.board.zone();
    if let Some(moved) = clash(state, row) {
        return (
            format!("{} {moved}", ink.glyphs.critical).into(),
            Role::Critical,
        );
    }
    match standing(state, row) {
        Standing::Mine(until) => (
            format!("{} you, {}", ink.glyphs.answered, until.clock_minute(zone)).into(),
            Role::Good,
        ),
        Standing::Held { who, until } => (
            format!("{who}, {}", until.clock_minute(zone)).into(),
            Role::Vip,
        ),
        Standing::Snoozed(until) => (
            format!("snoozed {}", until.short(state.now, zone)).into(),
            Role::Quiet,
        ),
        Standing::Closed(outcome) => (outcome.words().into(), Role::Quiet),
        Standing::Free => free(state, ink, callback),
    }
}

/// Of one that nobody works on: whether somebody has talked with the customer
/// since, else how it went last, on this request or another of theirs.
fn free<'s>(state: &'s State, ink: &Ink, callback: &Callback) -> (Cow<'s, str>, Role) {
    let zone = state.board.zone();
    if let Some(talk) = state.reached(callback) {
        let when = talk.at.short(state.now, zone);
        let words = format!("{} reached {when}", ink.glyphs.answered);
        return (words.into(), Role::Good);
    }
    let last = state.board.triage.last_outcome(callback.customer());
    let Some((outcome, who, _)) = last else {
        return (Cow::Borrowed(""), Role::Text);
    };
    let who = if *who == state.me { "you" } else { who };
    (format!("{}, {who}", outcome.words()).into(), Role::Quiet)
}

/// What the vendor made of a row that somebody works on here, if anything.
fn clash(state: &State, row: &Row) -> Option<String> {
    let callback = &row.callback;
    let claim = state
        .board
        .triage
        .holder(&row.subject, callback.customer(), state.now)?;
    if row.missing {
        return Some("clash: left list".to_owned());
    }
    let own = state.board.triage.case(&row.subject)?.claim.as_ref()?;
    let (then, now) = (own.status.as_deref()?, callback.status.as_ref()?.word());
    (own.seq == claim.seq && then != now).then(|| format!("clash: {now}"))
}

/// An empty list says why.
fn nothing(state: &State, ink: &mut Ink, place: Rect) {
    let pane = &state.callbacks;
    let middle = Rect {
        y: place.y + place.height / 3,
        height: place.height.min(1),
        ..place
    };
    let (text, role) = if pane
        .lists
        .iter()
        .any(|(_, l)| l.reading.is_some() && l.read.is_none())
    {
        ("Reading the list.", Role::Quiet)
    } else if pane.counts().is_none() && pane.lists.iter().any(|(_, l)| l.fault.is_some()) {
        ("No list yet: see above.", Role::Quiet)
    } else if pane.counts().is_none() {
        ("The list has not been asked for yet.", Role::Quiet)
    } else if pane.listing.search.is_on() {
        (
            "Nothing has all of these words; Esc shows all again.",
            Role::Quiet,
        )
    } else if pane.counts().is_some_and(|(have, _)| have > 0) {
        (
            "None of these rows are yours to see here; o shows the others.",
            Role::Quiet,
        )
    } else {
        return nothing_found(state, ink, middle);
    };
    centre(ink, middle, text, role);
}

/// Nothing was asked for in vain, or something was.
fn nothing_found(state: &State, ink: &mut Ink, place: Rect) {
    if state.callbacks.lists.is_empty() {
        let text = "Nobody is to be called back; b puts a missed call here.";
        return centre(ink, place, text, Role::Good);
    }
    if state.callbacks.filters == Filters::pending() {
        return centre(ink, place, "Nobody is to be called back.", Role::Good);
    }
    let text = "Nothing matches these filters; v goes back to what is pending.";
    centre(ink, place, text, Role::Quiet);
}
