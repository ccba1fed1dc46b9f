//! The picture's measures. Cells are whole pixels with an odd number each way,
//! so that the lines through their middles are sharp.

/// A cell's width and height, in tenths of a pixel.
pub const CELL: (i32, i32) = (90, 190);
/// The size of the font, in pixels: most have letters 0.6 of it wide.
pub const FONT: i32 = 15;
/// From a cell's top to the feet of its letters, in tenths of a pixel.
pub const FEET: i32 = 142;
/// Around the text, in tenths of a pixel.
pub const MARGIN: i32 = 130;
/// The height of the window's title bar, in tenths of a pixel.
pub const BAR: i32 = 340;

/// Tenths of a pixel as pixels.
#[must_use]
pub fn px(tenths: i32) -> String {
    let (whole, rest) = (tenths / 10, (tenths % 10).abs());
    let sign = if tenths < 0 && whole == 0 { "-" } else { "" };
    match rest {
        0 => format!("{whole}"),
        _ if whole == 0 => format!("{sign}.{rest}"),
        _ => format!("{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_written_shortly() {
        let written: Vec<String> = [0, 10, 95, 5, -5, -10, -15].map(px).into();
        assert_eq!(written, ["0", "1", "9.5", ".5", "-.5", "-1", "-1.5"]);
    }
}
