//! Signs that are drawn instead of written: frames, bars and lamps. So lines
//! join without gaps and lamps are round, whatever font there is.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    palette::Rgb,
    scale::{CELL, px},
};

/// How a shape is put on the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum How {
    /// A frame, this many tenths of a pixel thick.
    Line(i32),
    /// A sign made of strokes.
    Stroke,
    /// An area, so many percent of it.
    Fill(i32),
}

/// All shapes of a picture, by how they look.
#[derive(Debug, Default)]
pub struct Shapes {
    /// Straight lines, by their row and column of half cells: pieces that
    /// touch are one.
    across: BTreeMap<(How, Rgb, i32), Vec<(i32, i32)>>,
    down: BTreeMap<(How, Rgb, i32), Vec<(i32, i32)>>,
    others: BTreeMap<(How, Rgb), String>,
}

/// Which arms a frame's sign has: up, right, down, left.
type Arms = [bool; 4];

impl Shapes {
    /// Draws a sign at a cell; answers whether it can be drawn.
    pub fn draw(&mut self, sign: char, x: i32, y: i32, ink: Rgb, bold: bool) -> bool {
        let line = How::Line(if bold { 16 } else { 10 });
        if let Some(arms) = arms(sign) {
            self.arms(arms, line, x, y, ink);
            return true;
        }
        let (left, top) = (x * CELL.0, y * CELL.1);
        let (right, bottom) = (left + CELL.0, top + CELL.1);
        let (middle, centre) = (left + CELL.0 / 2, top + CELL.1 / 2);
        let (how, path) = match sign {
            '╭' => (line, corner(middle, bottom, right, centre)),
            '╮' => (line, corner(middle, bottom, left, centre)),
            '╰' => (line, corner(middle, top, right, centre)),
            '╯' => (line, corner(middle, top, left, centre)),
            '░' => (How::Fill(25), area(left, top, CELL.0, CELL.1)),
            '▒' => (How::Fill(50), area(left, top, CELL.0, CELL.1)),
            '▓' => (How::Fill(75), area(left, top, CELL.0, CELL.1)),
            '▀' => (How::Fill(100), area(left, top, CELL.0, CELL.1 / 2)),
            '▁'..='█' => {
                let high = CELL.1 * eighths(sign, '▁') / 8;
                (How::Fill(100), area(left, bottom - high, CELL.0, high))
            }
            '▉'..='▏' => {
                let wide = CELL.0 * (8 - eighths(sign, '▉')) / 8;
                (How::Fill(100), area(left, top, wide, CELL.1))
            }
            '▐' => (How::Fill(100), area(middle, top, CELL.0 / 2, CELL.1)),
            _ => match lamp(sign, middle, centre) {
                Some(found) => found,
                None => return false,
            },
        };
        self.others.entry((how, ink)).or_default().push_str(&path);
        true
    }

    /// Draws a line below the text, or through it, along so many cells.
    pub fn rule(&mut self, through: bool, x: i32, cells: i32, y: i32, ink: Rgb) {
        let at = y * CELL.1 + if through { 105 } else { 165 };
        let (left, wide) = (px(x * CELL.0), px(cells * CELL.0));
        let path = self.others.entry((How::Line(10), ink)).or_default();
        // Writing to a String cannot fail.
        let _ = write!(path, "M{left} {}h{wide}", px(at));
    }

    fn arms(&mut self, [up, right, down, left]: Arms, how: How, x: i32, y: i32, ink: Rgb) {
        let (from, to) = (2 * x + i32::from(!left), 2 * x + 1 + i32::from(right));
        if from < to {
            join(self.across.entry((how, ink, y)).or_default(), from, to);
        }
        let (from, to) = (2 * y + i32::from(!up), 2 * y + 1 + i32::from(down));
        if from < to {
            join(self.down.entry((how, ink, x)).or_default(), from, to);
        }
    }

    /// All of it as SVG.
    pub fn write(mut self, out: &mut String) {
        for ((how, ink, y), pieces) in &self.across {
            let path = self.others.entry((*how, *ink)).or_default();
            let at = px(y * CELL.1 + CELL.1 / 2);
            for (from, to) in pieces {
                let (left, wide) = (px(from * CELL.0 / 2), px((to - from) * CELL.0 / 2));
                let _ = write!(path, "M{left} {at}h{wide}");
            }
        }
        for ((how, ink, x), pieces) in &self.down {
            let path = self.others.entry((*how, *ink)).or_default();
            let at = px(x * CELL.0 + CELL.0 / 2);
            for (from, to) in pieces {
                let (top, high) = (px(from * CELL.1 / 2), px((to - from) * CELL.1 / 2));
                let _ = write!(path, "M{at} {top}v{high}");
            }
        }
        for ((how, ink), path) in &self.others {
            let look = match how {
                How::Line(10) => format!("fill=\"none\" stroke=\"{ink}\""),
                How::Line(width) => {
                    let width = px(*width);
                    format!("fill=\"none\" stroke=\"{ink}\" stroke-width=\"{width}\"")
                }
                How::Stroke => format!(
                    "fill=\"none\" stroke=\"{ink}\" stroke-width=\"1.6\" \
                     stroke-linecap=\"round\" stroke-linejoin=\"round\""
                ),
                How::Fill(100) => format!("fill=\"{ink}\""),
                How::Fill(percent) => {
                    format!("fill=\"{ink}\" fill-opacity=\".{percent}\"")
                }
            };
            let _ = writeln!(out, "<path {look} d=\"{path}\"/>");
        }
    }
}

/// Adds a piece to pieces that come in order.
fn join(pieces: &mut Vec<(i32, i32)>, from: i32, to: i32) {
    match pieces.last_mut() {
        Some(last) if last.1 == from => last.1 = to,
        _ => pieces.push((from, to)),
    }
}

/// The arms of a frame's sign.
fn arms(sign: char) -> Option<Arms> {
    let arms = match sign {
        '─' => [false, true, false, true],
        '│' => [true, false, true, false],
        '┌' => [false, true, true, false],
        '┐' => [false, false, true, true],
        '└' => [true, true, false, false],
        '┘' => [true, false, false, true],
        '├' => [true, true, true, false],
        '┤' => [true, false, true, true],
        '┬' => [false, true, true, true],
        '┴' => [true, true, false, true],
        '┼' => [true, true, true, true],
        _ => return None,
    };
    Some(arms)
}

/// A rounded corner, from the middle of an upper or lower edge to that of a
/// side.
fn corner(x: i32, y: i32, to_x: i32, to_y: i32) -> String {
    let radius = CELL.0 / 2;
    let turn_at = to_y + if y > to_y { radius } else { -radius };
    let sweep = u8::from((y > to_y) == (to_x > x));
    format!(
        "M{} {}V{}A{r} {r} 0 0 {sweep} {} {}",
        px(x),
        px(y),
        px(turn_at),
        px(to_x),
        px(to_y),
        r = px(radius),
    )
}

fn area(x: i32, y: i32, wide: i32, high: i32) -> String {
    format!("M{} {}h{w}v{}h-{w}z", px(x), px(y), px(high), w = px(wide))
}

/// How many eighths a bar has, the first of its kind having one.
fn eighths(sign: char, first: char) -> i32 {
    i32::try_from(u32::from(sign) - u32::from(first) + 1).unwrap_or(8)
}

/// Lamps, marks and ticks around the middle of a cell.
fn lamp(sign: char, x: i32, y: i32) -> Option<(How, String)> {
    let (x, y) = (x, y + 5);
    let polygon = |points: &[(i32, i32)]| {
        let mut path = String::new();
        for (i, (dx, dy)) in points.iter().enumerate() {
            let letter = if i == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{letter}{} {}", px(x + dx), px(y + dy));
        }
        path
    };
    let circle = |radius: i32| {
        let (r, wide) = (px(radius), px(2 * radius));
        format!(
            "M{} {}a{r} {r} 0 1 0 {wide} 0a{r} {r} 0 1 0-{wide} 0z",
            px(x - radius),
            px(y)
        )
    };
    let filled = |path: String| Some((How::Fill(100), path + "z"));
    let stroked = |path: String| Some((How::Stroke, path));
    match sign {
        '●' => Some((How::Fill(100), circle(36))),
        '○' => stroked(circle(31)),
        '◐' => {
            let half = format!(
                "M{} {}a3.1 3.1 0 0 0 0 6.2M{} {}v6.2M{} {}v5",
                px(x),
                px(y - 31),
                px(x - 4),
                px(y - 31),
                px(x - 15),
                px(y - 25),
            );
            stroked(circle(31) + &half)
        }
        '▲' => filled(polygon(&[(0, -40), (42, 36), (-42, 36)])),
        '▼' => filled(polygon(&[(0, 40), (42, -36), (-42, -36)])),
        '▶' | '►' => filled(polygon(&[(38, 0), (-34, 42), (-34, -42)])),
        '◀' => filled(polygon(&[(-38, 0), (34, 42), (34, -42)])),
        '◆' => filled(polygon(&[(0, -46), (42, 0), (0, 46), (-42, 0)])),
        '◇' => stroked(polygon(&[(0, -42), (38, 0), (0, 42), (-38, 0)]) + "z"),
        '■' => filled(polygon(&[(-34, -34), (34, -34), (34, 34), (-34, 34)])),
        '✓' => stroked(polygon(&[(-36, 4), (-10, 32), (36, -34)])),
        '✗' => stroked(polygon(&[(-30, -32), (30, 32)]) + &polygon(&[(30, -32), (-30, 32)])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INK: Rgb = Rgb(1, 2, 3);

    fn drawn(signs: &[&str]) -> String {
        let mut shapes = Shapes::default();
        for (y, row) in (0..).zip(signs) {
            for (x, sign) in (0..).zip(row.chars()) {
                let _ = sign == ' ' || shapes.draw(sign, x, y, INK, false);
            }
        }
        let mut out = String::new();
        shapes.write(&mut out);
        out
    }

    #[test]
    fn lines_that_touch_are_one() {
        assert_eq!(
            drawn(&["├──┤"]),
            "<path fill=\"none\" stroke=\"#010203\" \
             d=\"M4.5 9.5h27M4.5 0v19M31.5 0v19\"/>\n"
        );
        assert_eq!(
            drawn(&["│", "│", " ", "│"]),
            "<path fill=\"none\" stroke=\"#010203\" d=\"M4.5 0v38M4.5 57v19\"/>\n"
        );
    }

    #[test]
    fn the_corners_of_a_frame_meet_its_sides() {
        let frame = drawn(&["╭╮", "╰╯"]);
        for corner in [
            "M4.5 19V14A4.5 4.5 0 0 1 9 9.5",
            "M13.5 19V14A4.5 4.5 0 0 0 9 9.5",
            "M4.5 19V24A4.5 4.5 0 0 0 9 28.5",
            "M13.5 19V24A4.5 4.5 0 0 1 9 28.5",
        ] {
            assert!(frame.contains(corner), "{corner} in {frame}");
        }
    }

    #[test]
    fn bars_are_as_long_as_they_say() {
        assert!(drawn(&["█"]).contains("M0 0h9v19h-9z"));
        assert!(drawn(&["▄"]).contains("M0 9.5h9v9.5h-9z"));
        assert!(drawn(&["▌"]).contains("M0 0h4.5v19h-4.5z"));
        assert!(drawn(&["░"]).contains("fill-opacity=\".25\""));
    }

    #[test]
    fn every_sign_of_the_console_but_text_is_drawn() {
        let mut shapes = Shapes::default();
        for sign in "─│╭╮╰╯└█░▲◆►✓✗●○◐".chars() {
            assert!(shapes.draw(sign, 0, 0, INK, false), "{sign}");
        }
        for sign in "aæ山…·—↑".chars() {
            assert!(!shapes.draw(sign, 0, 0, INK, false), "{sign}");
        }
    }
}
