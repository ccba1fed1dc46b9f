//! What a frame costs in this process, without a terminal: time and bytes of
//! a cursor that moves, by rows; of updates; of ticks and storms. Prints one
//! JSON object a line; `benches/speed` makes the table of it.
//!
//! `frames time ROUNDS`, `frames bytes`, `frames instructions ROWS FRAMES`
//! (under callgrind, collecting in `drawn_frames`).

#[path = "frames/floor.rs"]
mod floor;
#[path = "frames/stock.rs"]
mod stock;

use std::{
    hint::black_box,
    io::{self, Write},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

use floor::Floor;
use holdline::{
    app::State,
    runtime::{outlet::Outlet, pen, screen::Screen},
    ui,
};
use ratatui::{
    Terminal, TerminalOptions, Viewport,
    backend::CrosstermBackend,
    buffer::Buffer,
    layout::{Position, Rect, Size},
};
use serde_json::json;
use stock::Stock;

const FEW: usize = 100;
const MANY: usize = 100_000;
/// Frames in one measurement.
const FRAMES: u32 = 400;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, default| {
        let given = arguments.get(at).and_then(|n| n.parse().ok());
        given.unwrap_or(default)
    };
    match arguments.first().map(String::as_str) {
        Some("bytes") => bytes(),
        Some("instructions") => {
            let mut floor = Floor::busy(number(1, FEW), SIZE);
            drawn_frames(&mut floor, u32::try_from(number(2, 100)).unwrap_or(100));
            Ok(())
        }
        _ => {
            time(number(1, 5));
            Ok(())
        }
    }
}

const SIZE: Size = Size {
    width: 120,
    height: 36,
};

fn tell(what: &str, rows: usize, value: f64) {
    println!("{}", json!({ "what": what, "rows": rows, "value": value }));
}

/// Frames and updates by rows, in turn, in microseconds.
fn time(rounds: usize) {
    let mut floors = [FEW, MANY].map(|rows| (rows, Floor::busy(rows, SIZE)));
    for (rows, floor) in &floors {
        let listed = u32::try_from(floor.listed()).unwrap_or(u32::MAX);
        tell("rows shown", *rows, f64::from(listed));
    }
    for _ in 0..rounds {
        for (rows, floor) in &mut floors {
            let mut each = |what: &str, times: u32, mut job: Box<dyn FnMut(&mut Floor)>| {
                let began = Instant::now();
                for _ in 0..times {
                    job(floor);
                }
                let micros = began.elapsed().as_secs_f64() * 1e6 / f64::from(times);
                tell(what, *rows, micros);
            };
            each("frame", 1, Box::new(|f| drawn_frames(f, FRAMES)));
            each("frame of all rows", 3, Box::new(stock::draws_all));
            each("key", FRAMES, Box::new(|f| f.key(KEY_DOWN)));
            each("tick", FRAMES, Box::new(Floor::second));
            each("one entry", 5, Box::new(|f| f.comes_and_goes(1)));
            each("100 entries", 5, Box::new(|f| f.comes_and_goes(100)));
            each("feeds", 20, Box::new(Floor::feeds));
        }
    }
}

const KEY_DOWN: char = 'j';
const KEY_UP: char = 'k';

/// What a frame costs after the cursor moved by a row: drawing and painting.
#[inline(never)]
fn drawn_frames(floor: &mut Floor, frames: u32) {
    let mut easel = Easel::new(floor.state.size);
    // Within the first rows: a short list has no more to scroll to.
    for i in 0..frames {
        floor.second();
        floor.feeds();
        floor.key(if i % 20 < 10 { KEY_DOWN } else { KEY_UP });
        black_box(easel.frame(&floor.state));
    }
}

/// Draws as the screen does, for nobody.
struct Easel {
    terminal: Terminal<CrosstermBackend<io::Sink>>,
    shown: Buffer,
}

impl Easel {
    fn new(size: Size) -> Self {
        let area = Rect::from((Position::ORIGIN, size));
        let viewport = Viewport::Fixed(area);
        let backend = CrosstermBackend::new(io::sink());
        Self {
            terminal: Terminal::with_options(backend, TerminalOptions { viewport })
                .expect("nothing is asked of a terminal"),
            shown: Buffer::empty(area),
        }
    }

    fn frame(&mut self, state: &State) -> Vec<u8> {
        ui::draw(state, &mut self.terminal.get_frame());
        let next = self.terminal.current_buffer_mut();
        let bytes = pen::paint(&mut self.shown, next);
        std::mem::swap(&mut self.shown, next);
        next.reset();
        bytes
    }
}

/// Bytes and writes of ours and of stock ratatui, for the same screens.
fn bytes() -> io::Result<()> {
    for (name, size, rows) in [
        ("120x36, 100,000 rows", SIZE, MANY),
        ("200x50, 40 rows", Size::new(200, 50), 40),
    ] {
        let mut ours = Ours::new(size)?;
        let mut stock = Stock::new(size)?;
        let mut floor = Floor::busy(rows, size);
        let mut both = |what: &str, state: &State| -> io::Result<()> {
            if what == "anew" {
                ours.screen.anew();
            }
            let (bytes, writes) = ours.frame(state)?;
            let stock = stock.frame(state)?;
            let told = json!({
                "what": what, "screen": name, "ours": bytes, "writes": writes,
                "stock": stock.bytes, "unbuffered": stock.pieces,
            });
            println!("{told}");
            Ok(())
        };
        both("first", &floor.state)?;
        for _ in 0..15 {
            floor.key(KEY_DOWN);
            both("cursor", &floor.state)?;
        }
        both("nothing", &floor.state)?;
        for _ in 0..30 {
            floor.second();
            floor.feeds();
            both("tick", &floor.state)?;
        }
        for _ in 0..10 {
            floor.comes_and_goes(20);
            both("storm", &floor.state)?;
        }
        for _ in 0..5 {
            floor.key(KEY_DOWN);
            both("anew", &floor.state)?;
        }
    }
    Ok(())
}

/// Our screen on a line that counts writes.
struct Ours {
    screen: Screen,
    outlet: Outlet,
    written: Receiver<usize>,
    runtime: tokio::runtime::Runtime,
}

impl Ours {
    fn new(size: Size) -> io::Result<Self> {
        let (tell, written) = channel();
        let outlet = Outlet::start(Counting(tell))?;
        Ok(Self {
            screen: Screen::new(size, outlet.clone(), b"")?,
            outlet,
            written,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()?,
        })
    }

    fn frame(&mut self, state: &State) -> io::Result<(usize, usize)> {
        self.screen.draw(state)?;
        let free = async { tokio::time::timeout(Duration::from_secs(5), self.outlet.free()).await };
        self.runtime.block_on(free).map_err(io::Error::other)?;
        let writes: Vec<usize> = self.written.try_iter().collect();
        Ok((writes.iter().sum(), writes.len()))
    }
}

struct Counting(Sender<usize>);

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.send(bytes.len()).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
