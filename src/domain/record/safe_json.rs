//! JSON that no terminal obeys: characters that must not be shown as they are
//! stand as `\u` escapes. Nothing is lost, every JSON reader gets them back.
//! A vendor's own JSON keeps its digits and loses its line breaks.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::domain::text::is_hostile;

/// Writes a value over several lines.
pub fn pretty(out: &mut (impl Write + ?Sized), value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    writeln!(out)
}

/// Writes a value on one line.
pub fn line(out: &mut (impl Write + ?Sized), value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(&mut *out, Safe(CompactFormatter));
    value.serialize(&mut serializer)?;
    writeln!(out)
}

struct Safe<F>(F);

impl<F: Formatter> Formatter for Safe<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, hostile)) = rest.char_indices().find(|(_, c)| is_hostile(*c)) {
            out.write_all(&rest.as_bytes()[..at])?;
            escape(out, hostile)?;
            rest = &rest[at + hostile.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }

    /// JSON that somebody else wrote: hostile characters can stand in its
    /// strings only, blanks between its parts.
    fn write_raw_fragment<W: ?Sized + Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let (mut in_string, mut escaped) = (false, false);
        for c in fragment.chars() {
            if in_string {
                in_string = escaped || c != '"';
                escaped = !escaped && c == '\\';
            } else if c.is_ascii_whitespace() {
                continue;
            } else {
                in_string = c == '"';
            }
            if is_hostile(c) {
                escape(out, c)?;
            } else {
                out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

fn escape<W: ?Sized + Write>(out: &mut W, hostile: char) -> io::Result<()> {
    for unit in hostile.encode_utf16(&mut [0; 2]) {
        write!(out, "\\u{unit:04x}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_escaped_and_comes_back() {
        let value = serde_json::json!({ "name": "a\u{202e}b\u{9b}c\u{1b}[2J \u{e0041} Ærø 山" });
        let mut out = Vec::new();
        line(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.trim_end().chars().all(|c| !is_hostile(c)), "{text}");
        assert!(text.contains("Ærø 山"));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }

    #[test]
    fn a_vendors_own_json_stands_on_one_line_with_its_digits_and_is_obeyed_as_little() {
        let sent = "{ \"a\" :\n\t[1e400, 1.0 ,\"q\\\" \\\\\", \" \u{9b}2J\u{202e} \u{e0041}\"] }";
        let raw: Box<serde_json::value::RawValue> = serde_json::from_str(sent).unwrap();
        let safe = "{\"a\":[1e400,1.0,\"q\\\" \\\\\",\" \\u009b2J\\u202e \\udb40\\udc41\"]}\n";
        let (mut one, mut many) = (Vec::new(), Vec::new());
        line(&mut one, &raw).unwrap();
        pretty(&mut many, &raw).unwrap();
        for out in [one, many] {
            assert_eq!(String::from_utf8(out).unwrap(), safe);
        }
    }
}
