//! Whether a program left the terminal as it was, as far as that can be read
//! from what it wrote, and never asked it anything.

/// What is wrong, if anything.
pub fn check(screen: &vt100::Screen, bytes: &[u8]) -> Result<(), String> {
    let wrong = |is: bool, what: &str| {
        if is { Err(what.to_owned()) } else { Ok(()) }
    };
    wrong(screen.alternate_screen(), "the alternate screen is left on")?;
    wrong(screen.hide_cursor(), "the cursor is left hidden")?;
    wrong(screen.bracketed_paste(), "paste mode is left on")?;
    wrong(
        screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
        "the mouse is left on",
    )?;
    let plain = vt100::Color::Default;
    wrong(
        screen.fgcolor() != plain || screen.bgcolor() != plain || screen.bold(),
        "colours are left on",
    )?;
    wrong(
        last(bytes, b"\x1b[?2026h") > last(bytes, b"\x1b[?2026l"),
        "an update is left open",
    )?;
    match question(bytes) {
        Some(question) => Err(format!("the terminal was asked {question:?}")),
        None => Ok(()),
    }
}

/// A sequence that a terminal would answer.
fn question(bytes: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(bytes);
    // Colours, terminfo and versions are asked for with strings: none is used.
    for asks in ["\x1b]", "\x1bP", "\x05"] {
        if text.contains(asks) {
            return Some(asks.into());
        }
    }
    text.split("\x1b[").skip(1).find_map(|sequence| {
        let end = sequence.find(|c: char| ('@'..='~').contains(&c))?;
        let sequence = &sequence[..=end];
        let asks = sequence.ends_with(['c', 'n', 't', 'x'])
            || sequence.ends_with("$p")
            || sequence == "?u";
        asks.then(|| sequence.to_owned())
    })
}

fn last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|w| w == what)
}

/// The control: each thing left undone is noticed.
#[test]
fn what_is_left_undone_is_noticed() {
    let check = |bytes: &[u8]| {
        let mut emulator = vt100::Parser::new(24, 80, 0);
        emulator.process(bytes);
        super::restored::check(emulator.screen(), bytes)
    };
    let enter = "\x1b[?1049h\x1b[?25l\x1b[?2004h\x1b[?1000h\x1b[?2026h";
    let leave = [
        "\x1b[?1049l",
        "\x1b[?25h",
        "\x1b[?2004l",
        "\x1b[?1000l",
        "\x1b[?2026l",
    ];
    assert_eq!(
        check(format!("{enter}{}", leave.concat()).as_bytes()),
        Ok(())
    );
    for left_out in leave {
        let rest = leave.concat().replace(left_out, "");
        assert!(check(format!("{enter}{rest}").as_bytes()).is_err());
    }
    assert!(check(b"\x1b[1;31mx").is_err());
    for question in [
        "\x1b[6n",
        "\x1b[c",
        "\x1b[>0q\x1b[>c",
        "\x1b[?u",
        "\x1b]11;?\x07",
    ] {
        assert!(check(question.as_bytes()).is_err(), "{question:?}");
    }
}
