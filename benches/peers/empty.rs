//! A peer: the least ratatui app there is. A stock terminal, one line that
//! ticks every second, `q` leaves.

use std::{
    io,
    time::{Duration, Instant},
};

use ratatui::{
    crossterm::event::{self, Event, KeyCode},
    widgets::Paragraph,
};

fn main() -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let began = Instant::now();
    loop {
        let seconds = began.elapsed().as_secs();
        terminal.draw(|frame| {
            frame.render_widget(Paragraph::new(format!("up {seconds} s")), frame.area());
        })?;
        let next = began + Duration::from_secs(seconds + 1);
        let patience = next.saturating_duration_since(Instant::now());
        if event::poll(patience)?
            && let Event::Key(key) = event::read()?
            && key.code == KeyCode::Char('q')
        {
            return ratatui::try_restore();
        }
    }
}
