//! Small frames, and what is written of them.

use ratatui::{
    layout::Rect,
    style::{Color, Style},
};

use super::*;

const CAPTION: Caption<'_> = Caption {
    bar: "holdline",
    title: "A \"frame\" & more",
    about: "Its <text>",
};

fn frame(lines: &[(&str, Style)]) -> Buffer {
    let high = u16::try_from(lines.len()).unwrap();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 40, high));
    for (y, (line, style)) in (0..).zip(lines) {
        buffer.set_string(0, y, line, *style);
    }
    buffer
}

fn drawn(lines: &[(&str, Style)]) -> String {
    svg(&frame(lines), Theme::Dark, &CAPTION)
}

#[test]
fn text_stands_at_its_column_in_its_colour() {
    let svg = drawn(&[
        ("support  6:12", Style::new()),
        ("  billing", Style::new().red().bold()),
    ]);
    assert!(svg.contains("<text x=\"0\" y=\"14.2\" textLength=\"63\">support</text>"));
    assert!(svg.contains("<text x=\"81\" y=\"14.2\" textLength=\"36\">6:12</text>"));
    assert!(svg.contains(
        "<text x=\"18\" y=\"33.2\" textLength=\"63\" fill=\"#e86b73\" font-weight=\"bold\">billing</text>"
    ));
}

#[test]
fn wide_signs_stand_in_the_middle_of_their_cells() {
    let svg = drawn(&[("山x", Style::new())]);
    assert!(svg.contains("<text x=\"9\" y=\"14.2\" text-anchor=\"middle\">山</text>"));
    assert!(svg.contains("<text x=\"18\" y=\"14.2\">x</text>"));
}

#[test]
fn names_cannot_break_out_of_the_text() {
    let mut buffer = frame(&[("<Ishøj> & \"x\"", Style::new())]);
    buffer[(20, 0)].set_symbol("\u{1b}");
    let svg = svg(&buffer, Theme::Dark, &CAPTION);
    assert!(svg.contains(">&lt;Ishøj&gt; &amp; \"x\"</text>"));
    assert!(svg.contains("<title>A \"frame\" &amp; more</title>"));
    assert!(svg.contains("<desc>Its &lt;text&gt;</desc>"));
    assert!(!svg.contains('\u{1b}'));
}

#[test]
fn what_is_behind_the_text_runs_on_below_blanks() {
    let svg = drawn(&[
        ("a  b", Style::new().bg(Color::Cyan)),
        ("a  b", Style::new().underlined()),
        ("  ", Style::new().reversed()),
    ]);
    assert!(svg.contains("<rect x=\"0\" y=\"0\" width=\"36\" height=\"19\" fill=\"#5fc6cf\"/>"));
    assert!(svg.contains("<path fill=\"none\" stroke=\"#d6dde6\" d=\"M0 35.5h36\"/>"));
    assert!(svg.contains("<rect x=\"0\" y=\"38\" width=\"18\" height=\"19\" fill=\"#d6dde6\"/>"));
}

#[test]
fn a_code_host_has_nothing_to_take_out() {
    let svg = drawn(&[("╭ 1 ─╮ ●", Style::new())]);
    for word in [
        "<style", "style=", "<script", "href", "url(", "@import", "class=",
    ] {
        assert!(!svg.contains(word), "{word}");
    }
    assert_eq!(svg.matches("http").count(), 1, "the name space alone");
    assert!(svg.contains("role=\"img\""));
}

#[test]
fn the_light_theme_has_light_paper() {
    let buffer = frame(&[("x", Style::new())]);
    let light = svg(&buffer, Theme::Light, &CAPTION);
    assert!(light.contains("fill=\"#fcfbf8\""));
    let mono = svg(&buffer, Theme::Mono, &CAPTION);
    assert_eq!(mono, svg(&buffer, Theme::Dark, &CAPTION));
}

#[test]
fn every_size_is_a_picture() {
    for (width, height) in [(1, 1), (0, 0), (3, 200), (500, 1)] {
        let svg = svg(
            &Buffer::empty(Rect::new(0, 0, width, height)),
            Theme::Dark,
            &CAPTION,
        );
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    }
}

#[test]
fn as_text_it_is_what_was_on_the_screen() {
    let text = text(&frame(&[
        ("山田 x", Style::new()),
        ("  b", Style::new().red()),
    ]));
    assert_eq!(text, "山田 x\n  b\n");
}
