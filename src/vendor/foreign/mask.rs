//! Finds a secret in words that were sent by others, in whatever coding they
//! repeat it: as it is, percent-encoded once or more, escaped for JSON or for
//! HTML, and any mixture. Pure.

/// The words with `***` for each place where the secret stands.
pub(super) fn mask(words: &str, secret: &str) -> String {
    let mut masked = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(first) = rest.chars().next() {
        match end(rest.as_bytes(), secret) {
            // Codings are ASCII, so that one ends where a character does.
            Some(end) if rest.is_char_boundary(end) => {
                masked.push_str("***");
                rest = &rest[end..];
            }
            _ => {
                masked.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
    }
    masked
}

/// Where the secret ends that begins here. All ways to read it are followed
/// at once: `%25` may be `%` encoded, or three characters as they are.
fn end(words: &[u8], secret: &str) -> Option<usize> {
    let first = *secret.as_bytes().first()?;
    // Most places are looked at no further.
    if words[0] != first && !matches!(words[0], b'%' | b'+' | b'\\' | b'&') {
        return None;
    }
    let (mut ends, mut next) = (vec![0], Vec::new());
    for c in secret.chars() {
        for from in ends.drain(..) {
            coded(words, from, c, &mut next);
        }
        next.sort_unstable();
        next.dedup();
        std::mem::swap(&mut ends, &mut next);
        if ends.is_empty() {
            return None;
        }
    }
    ends.last().copied()
}

/// Where this character may end, if it stands at `from` in any coding.
fn coded(words: &[u8], from: usize, c: char, ends: &mut Vec<usize>) {
    let rest = &words[from..];
    let mut buffer = [0; 4];
    let bytes = c.encode_utf8(&mut buffer).as_bytes();
    if rest.starts_with(bytes) {
        ends.push(from + bytes.len());
    }
    match rest.first() {
        Some(b'+') if c == ' ' => ends.push(from + 1),
        Some(b'%') => percent(words, from, bytes, ends),
        Some(b'\\') => ends.extend(json(rest, c).map(|length| from + length)),
        Some(b'&') => ends.extend(html(rest, c).map(|length| from + length)),
        _ => {}
    }
}

/// `%C3%B8`, `%c3%b8`, `%25C3%25B8`.
fn percent(words: &[u8], from: usize, bytes: &[u8], ends: &mut Vec<usize>) {
    let mut froms = vec![from];
    for byte in bytes {
        let mut after = Vec::new();
        for from in froms {
            let Some(mut rest) = words[from..].strip_prefix(b"%") else {
                continue;
            };
            loop {
                if hex(rest.get(..2)) == Some(u32::from(*byte)) {
                    after.push(words.len() - rest.len() + 2);
                }
                match rest.strip_prefix(b"25") {
                    Some(more) => rest = more,
                    None => break,
                }
            }
        }
        froms = after;
    }
    ends.append(&mut froms);
}

/// `\"`, `\/`, `\u00f8`, a pair of them: how long it is.
fn json(rest: &[u8], c: char) -> Option<usize> {
    let escaped = *rest.get(1)?;
    let short = match c {
        '\t' => b't',
        '\n' => b'n',
        '\r' => b'r',
        '"' | '\'' | '\\' | '/' => u8::try_from(c).ok()?,
        _ => 0,
    };
    if escaped == short {
        return Some(2);
    }
    let mut units = [0; 2];
    let units = c.encode_utf16(&mut units);
    let mut parts = rest.chunks(6);
    let is_it = units.iter().all(|unit| {
        let digits = parts.next().and_then(|part| part.strip_prefix(b"\\u"));
        digits.is_some_and(|digits| digits.len() == 4 && hex(Some(digits)) == Some((*unit).into()))
    });
    is_it.then_some(units.len() * 6)
}

/// `&amp;`, `&#38;`, `&#x26;`: how long it is.
fn html(rest: &[u8], c: char) -> Option<usize> {
    const LONGEST: usize = 12;
    let length = rest.iter().take(LONGEST).position(|b| *b == b';')?;
    let name = std::str::from_utf8(&rest[1..length]).ok()?;
    let is_it = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            code == Ok(c.into())
        }
        None => matches!(
            (name, c),
            ("amp", '&') | ("lt", '<') | ("gt", '>') | ("quot", '"') | ("apos", '\'')
        ),
    };
    is_it.then_some(length + 1)
}

fn hex(digits: Option<&[u8]>) -> Option<u32> {
    digits?.iter().try_fold(0, |sum, digit| {
        Some(sum * 16 + char::from(*digit).to_digit(16)?)
    })
}

#[cfg(test)]
mod tests {
    use super::mask;

    const SECRET: &str = "p@s;1 \"ø/\\&😀%25";

    #[test]
    fn a_secret_is_found_in_every_coding() {
        for coded in [
            SECRET,
            "p%40s%3B1+%22%C3%B8%2F%5C%26%F0%9F%98%80%2525",
            "p%40s%3b1%20%22%c3%b8%2f%5c%26%f0%9f%98%80%2525",
            "p@s;1%20%22%C3%B8/%5C&%F0%9F%98%80%25%32%35",
            "p%2540s%253B1%2520%2522%25C3%25B8/%255C&%25F0%259F%2598%2580%252525",
            r#"p@s;1 \"ø/\\&😀%25"#,
            r"p@s;1 \u0022\u00f8\/\u005C\u0026\uD83D\ude00%25",
            "p@s;1 &quot;&#248;/\\&amp;&#x1F600;%25",
        ] {
            assert_eq!(mask(&format!("ø{coded}&b"), SECRET), "ø***&b", "{coded}");
        }
    }

    #[test]
    fn nothing_else_is_taken_for_it_and_nothing_breaks_off() {
        for words in [
            "", "%", "%7", "%4", "\\", "\\u00", "&", "&#;", "%C3%", "p@s;1",
        ] {
            assert_eq!(mask(words, SECRET), words);
            assert_eq!(mask(words, "ø"), words);
        }
        assert_eq!(mask("as it was", ""), "as it was");
        let long = "\\".repeat(100);
        assert_eq!(mask(&long, &long), "***");
    }
}
