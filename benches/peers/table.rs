//! A peer: the table of those who wait as a stock ratatui app draws it. All
//! rows are handed to the widget, every second; `j` moves, `q` leaves. How
//! many rows is the first argument that is a number.

use std::{
    io,
    time::{Duration, Instant},
};

use ratatui::{
    crossterm::event::{self, Event, KeyCode},
    layout::Constraint,
    style::{Color, Style, Stylize},
    widgets::{Block, Row, Table, TableState},
};

fn main() -> io::Result<()> {
    let rows = std::env::args()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000);
    let mut terminal = ratatui::try_init()?;
    let began = Instant::now();
    let mut selected = TableState::new().with_selected(0);
    loop {
        let seconds = began.elapsed().as_secs();
        terminal.draw(|frame| {
            frame.render_stateful_widget(table(rows, seconds), frame.area(), &mut selected);
        })?;
        let next = began + Duration::from_secs(seconds + 1);
        let patience = next.saturating_duration_since(Instant::now());
        if event::poll(patience)?
            && let Event::Key(key) = event::read()?
        {
            match key.code {
                KeyCode::Char('q') => return ratatui::try_restore(),
                KeyCode::Char('j') => selected.select_next(),
                _ => {}
            }
        }
    }
}

fn table(rows: u64, seconds: u64) -> Table<'static> {
    let row = |i: u64| {
        let waits = 5 + (i * 7) % 900 + seconds;
        let wait = format!("{}:{:02}", waits / 60, waits % 60);
        let colour = if waits > 60 {
            Color::LightRed
        } else {
            Color::Reset
        };
        let number = format!("+45{}", 20_000_000 + i);
        Row::new([
            wait,
            (i + 1).to_string(),
            "support".into(),
            number,
            "Bamse & Kylling".into(),
            "queued".into(),
        ])
        .fg(colour)
    };
    let widths = [8, 6, 18, 18, 34, 12].map(Constraint::Length);
    Table::new((0..rows).map(row), widths)
        .header(Row::new(["WAIT", "POS", "QUEUE", "NUMBER", "NAME", "STATE"]).bold())
        .row_highlight_style(Style::new().bg(Color::Cyan).fg(Color::Black))
        .block(Block::bordered().title("Callers"))
}
