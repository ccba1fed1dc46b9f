//! Peers that do what must be found wanting, one for a row of the table:
//!
//! * `redraws ROWS`: draws a list 60 times a second (P13)
//! * `lays-out ROWS`: hands all rows to ratatui for each key (P16)
//! * `queues`: frames wait in a queue for the line (P15)
//! * `ticks PORT`: takes webhooks, and shows them at the next tick, four a
//!   second (P17)
//! * `asks`: waits 100 ms for the terminal's answer before it draws (P26)
//! * `hoards MB`: holds so much memory (P27)
//! * `unbuffered`: a write call for each piece of a frame (P12)
//!
//! All end each frame as one synchronized update; `j` and `k` move, `q` leaves.

#[path = "wanting/hooks.rs"]
mod hooks;
#[path = "wanting/lines.rs"]
mod lines;

use std::{
    io::{self, Write},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use lines::{Queued, Unbuffered};
use ratatui::{
    Frame, Terminal,
    backend::CrosstermBackend,
    crossterm::{
        event::{self, Event, KeyCode},
        execute, queue,
        terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate},
    },
    style::{Color, Style},
    text::Line,
    widgets::{Row, Table, TableState},
};

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    let what = arguments.next().unwrap_or_default();
    let number = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(0);
    // Raw mode and the way back.
    let stock = ratatui::try_init()?;
    let left = match what.as_str() {
        "redraws" => list(number, Some(Duration::from_millis(16))),
        "lays-out" => list(number, None),
        "queues" => queues(),
        "ticks" => ticks(u16::try_from(number).unwrap_or(0)),
        "asks" => asks(),
        "hoards" => hoards(number),
        _ => clock_on(Unbuffered, Duration::from_millis(200)),
    };
    drop(stock);
    ratatui::try_restore()?;
    left
}

/// A list whose rows are all handed to ratatui: for each key, or so often.
fn list(rows: usize, every: Option<Duration>) -> io::Result<()> {
    let mut screen = Terminal::new(CrosstermBackend::new(io::stdout()))?;
    let mut selected = TableState::new().with_selected(0);
    loop {
        let seconds = now() / 1_000;
        let row = |i: usize| Row::new([(seconds + i as u64).to_string(), format!("caller {i}")]);
        show(&mut screen, |frame| {
            let table = Table::new((0..rows).map(row), [12, 40])
                .row_highlight_style(Style::new().bg(Color::Cyan).fg(Color::Black));
            frame.render_stateful_widget(table, frame.area(), &mut selected);
        })?;
        match key(every.unwrap_or(Duration::from_secs(1)))? {
            Some(KeyCode::Char('q')) => return Ok(()),
            Some(KeyCode::Char('j')) => selected.select_next(),
            Some(KeyCode::Char('k')) => selected.select_previous(),
            _ => {}
        }
    }
}

/// Sixty frames a second, into a queue that is written when the line lets it.
fn queues() -> io::Result<()> {
    clock_on(Queued::start(), Duration::from_millis(16))
}

/// A screen full of what changes with each frame, and the time of day.
fn clock_on(out: impl Write, every: Duration) -> io::Result<()> {
    let mut screen = Terminal::new(CrosstermBackend::new(out))?;
    loop {
        show(&mut screen, changing)?;
        if key(every)? == Some(KeyCode::Char('q')) {
            return Ok(());
        }
    }
}

fn changing(frame: &mut Frame) {
    let (area, now) = (frame.area(), now());
    let day = now / 1_000 % 86_400;
    let clock = format!("{:02}:{:02}:{:02}", day / 3_600, day / 60 % 60, day % 60);
    let mut lines = vec![Line::from(clock).right_aligned()];
    let text = |row: u64| -> String {
        let sign =
            |column: u64| char::from(b'a' + u8::try_from((now + row * column) % 26).unwrap_or(0));
        (0..u64::from(area.width)).map(sign).collect()
    };
    lines.extend((1..u64::from(area.height)).map(|row| Line::from(text(row))));
    frame.render_widget(ratatui::text::Text::from(lines), area);
}

/// Who called last, four times a second.
fn ticks(port: u16) -> io::Result<()> {
    let last = hooks::listen(port)?;
    let mut screen = Terminal::new(CrosstermBackend::new(io::stdout()))?;
    loop {
        let number = last.number();
        show(&mut screen, |frame| {
            frame.render_widget(&*number, frame.area());
        })?;
        let next = Instant::now() + Duration::from_millis(250);
        while let Some(left) = next.checked_duration_since(Instant::now()) {
            if key(left)? == Some(KeyCode::Char('q')) {
                return Ok(());
            }
        }
    }
}

/// Asks where the cursor is; who does not answer is waited for.
fn asks() -> io::Result<()> {
    write!(io::stdout(), "\x1b[6n")?;
    io::stdout().flush()?;
    key(Duration::from_millis(100))?;
    let mut screen = Terminal::new(CrosstermBackend::new(io::stdout()))?;
    show(&mut screen, |frame| {
        frame.render_widget("+4520304050", frame.area());
    })?;
    until_left()
}

fn hoards(megabytes: usize) -> io::Result<()> {
    let held = vec![b'x'; megabytes << 20];
    let mut screen = Terminal::new(CrosstermBackend::new(io::stdout()))?;
    let say = format!("{} bytes", held.len());
    show(&mut screen, |frame| {
        frame.render_widget(&*say, frame.area());
    })?;
    until_left()?;
    std::hint::black_box(held);
    Ok(())
}

/// Draws a frame as one synchronized update.
fn show<W: Write>(
    screen: &mut Terminal<CrosstermBackend<W>>,
    draw: impl FnOnce(&mut Frame),
) -> io::Result<()> {
    queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
    screen.draw(draw)?;
    execute!(screen.backend_mut(), EndSynchronizedUpdate)
}

fn until_left() -> io::Result<()> {
    while key(Duration::from_secs(1))? != Some(KeyCode::Char('q')) {}
    Ok(())
}

/// The next key, if one comes in this time.
fn key(patience: Duration) -> io::Result<Option<KeyCode>> {
    if event::poll(patience)?
        && let Event::Key(key) = event::read()?
    {
        return Ok(Some(key.code));
    }
    Ok(None)
}

/// Milliseconds by the clock on the wall.
fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(0))
}
