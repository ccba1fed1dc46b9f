//! A frame as a picture (SVG) or as text, for files. Pure, and the same bytes
//! every time. The picture has no script, style sheet, font or reference of
//! its own, so that nothing is lost where such things are taken out.
//!
//! * `palette`: what the terminal's user would have chosen
//! * `runs`: which cells are one piece of text
//! * `shapes`: signs that are drawn instead of written
//! * `scale`: the measures

mod palette;
mod runs;
mod scale;
mod shapes;

use std::fmt::Write;

use ratatui::{buffer::Buffer, style::Modifier};

use crate::app::state::Theme;

use palette::{DARK, LIGHT, Palette};
use runs::{Kind, Look, Run, Sign, runs, signs};
use scale::{BAR, CELL, FEET, FONT, MARGIN, px};
use shapes::Shapes;

/// Fonts with letters of one width; the last is everywhere.
const FONTS: &str = "ui-monospace, 'SF Mono', Menlo, 'Cascadia Mono', 'DejaVu Sans Mono', \
                     Consolas, 'Liberation Mono', monospace";

/// What is said about a picture.
#[derive(Clone, Copy, Debug)]
pub struct Caption<'a> {
    /// On the window's title bar.
    pub bar: &'a str,
    /// For who cannot see it: what it is.
    pub title: &'a str,
    /// For who cannot see it: what is on it.
    pub about: &'a str,
}

/// The text of a frame, row by row, without blanks at the end.
#[must_use]
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        let row: String = signs(buffer, &DARK, y).iter().map(|s| s.text).collect();
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// A frame as a terminal window would show it.
#[must_use]
pub fn svg(buffer: &Buffer, theme: Theme, caption: &Caption<'_>) -> String {
    let palette = if theme == Theme::Light { &LIGHT } else { &DARK };
    let mut out = String::new();
    window(&mut out, buffer, palette, caption);
    let mut shapes = Shapes::default();
    let mut texts = String::new();
    let area = buffer.area;
    for (y, row) in (0..).zip(area.top()..area.bottom()) {
        let signs = signs(buffer, palette, row);
        papers(&mut out, &signs, y);
        rules(&mut shapes, &signs, y);
        let written = signs.iter().filter(|sign| {
            let mut chars = sign.text.chars();
            let (first, more) = (chars.next(), chars.next());
            let bold = sign.look.modifier.contains(Modifier::BOLD);
            let ink = sign.look.paint.ink;
            let drawn = more.is_none()
                && first.is_some_and(|c| shapes.draw(c, i32::from(sign.x), y, ink, bold));
            !drawn
        });
        for run in runs(written) {
            write_run(&mut texts, &run, y, palette);
        }
    }
    shapes.write(&mut out);
    out.push_str(&texts);
    out.push_str("</g>\n</svg>\n");
    out
}

/// The window around the text, up to where the text begins.
fn window(out: &mut String, buffer: &Buffer, palette: &Palette, caption: &Caption<'_>) {
    let wide = i32::from(buffer.area.width) * CELL.0 + 2 * MARGIN;
    let high = i32::from(buffer.area.height) * CELL.1 + BAR + 2 * MARGIN - 60;
    let (w, h) = (px(wide), px(high));
    let Palette {
        paper,
        ink,
        edge,
        title,
        ..
    } = palette;
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" \
         viewBox=\"0 0 {w} {h}\" role=\"img\" font-family=\"{FONTS}\" font-size=\"{FONT}\">\n\
         <title>{}</title>\n<desc>{}</desc>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"9.5\" fill=\"{paper}\" \
         stroke=\"{edge}\"/>\n\
         <path stroke=\"{edge}\" d=\"M1 {bar}H{}\"/>\n",
        escaped(caption.title),
        escaped(caption.about),
        px(wide - 10),
        px(high - 10),
        px(wide - 10),
        bar = px(BAR + 5),
    );
    for x in [20, 38, 56] {
        let _ = write!(
            out,
            "<circle cx=\"{x}\" cy=\"17.5\" r=\"5\" fill=\"{edge}\"/>"
        );
    }
    if wide > 300 * 10 {
        let _ = write!(
            out,
            "\n<text x=\"{}\" y=\"22\" font-size=\"13\" text-anchor=\"middle\" \
             fill=\"{title}\">{}</text>",
            px(wide / 2),
            escaped(caption.bar)
        );
    }
    let top = BAR + MARGIN - 40;
    let _ = writeln!(
        out,
        "\n<g fill=\"{ink}\" transform=\"translate({} {})\">",
        px(MARGIN),
        px(top)
    );
}

/// What is behind the text, where it is not the paper.
fn papers(out: &mut String, signs: &[Sign<'_>], y: i32) {
    for span in spans(signs, |look| look.paint.paper) {
        let (x, cells, paper) = span;
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{paper}\"/>",
            px(x * CELL.0),
            px(y * CELL.1),
            px(cells * CELL.0),
            px(CELL.1),
        );
    }
}

/// Lines below the text and through it; they run on below blanks.
fn rules(shapes: &mut Shapes, signs: &[Sign<'_>], y: i32) {
    for (what, through) in [(Modifier::UNDERLINED, false), (Modifier::CROSSED_OUT, true)] {
        let ruled = |look: &Look| look.modifier.contains(what).then_some(look.paint.ink);
        for (x, cells, ink) in spans(signs, ruled) {
            shapes.rule(through, x, cells, y, ink);
        }
    }
}

/// The stretches of a row that have the same of something: where from, how
/// many cells, and what.
fn spans<T: PartialEq>(signs: &[Sign<'_>], of: impl Fn(&Look) -> Option<T>) -> Vec<(i32, i32, T)> {
    let mut spans: Vec<(i32, i32, T)> = Vec::new();
    for sign in signs {
        let Some(what) = of(&sign.look) else {
            continue;
        };
        let (x, cells) = (i32::from(sign.x), i32::from(sign.cells));
        match spans.last_mut() {
            Some(last) if last.2 == what && last.0 + last.1 == x => last.1 += cells,
            _ => spans.push((x, cells, what)),
        }
    }
    spans
}

fn write_run(out: &mut String, run: &Run, y: i32, palette: &Palette) {
    let cells = i32::from(run.cells.end - run.cells.start);
    let (left, wide) = (i32::from(run.cells.start) * CELL.0, cells * CELL.0);
    let feet = px(y * CELL.1 + FEET);
    let (x, more) = match run.kind {
        Kind::Alone => (left + wide / 2, " text-anchor=\"middle\"".to_owned()),
        _ if cells == 1 => (left, String::new()),
        Kind::Text => (left, format!(" textLength=\"{}\"", px(wide))),
        // Space between letters that join would tear them apart.
        Kind::FromTheRight => (
            left,
            format!(
                " textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"",
                px(wide)
            ),
        ),
    };
    let _ = write!(out, "<text x=\"{}\" y=\"{feet}\"{more}", px(x));
    if run.look.paint.ink != palette.ink {
        let _ = write!(out, " fill=\"{}\"", run.look.paint.ink);
    }
    if run.look.modifier.contains(Modifier::BOLD) {
        out.push_str(" font-weight=\"bold\"");
    }
    if run.look.modifier.contains(Modifier::ITALIC) {
        out.push_str(" font-style=\"italic\"");
    }
    let _ = writeln!(out, ">{}</text>", escaped(&run.text));
}

/// Text as XML has it; what XML cannot have is a replacement character.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests;
