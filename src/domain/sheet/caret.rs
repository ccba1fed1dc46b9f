//! The line that a mistake stands in, with a sign below the place. Of a file
//! that may hold secrets only words that are known to be none are shown. Pure.

use crate::domain::{cells, text};

/// A line, and a place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caret {
    /// The line, fit to be shown.
    pub line: String,
    /// The cells before the place.
    pub cells: usize,
}

/// What stands for words that are not shown.
const VEIL: char = '…';
/// A place further right is in no line that anybody reads.
const WIDEST: usize = 100;

impl Caret {
    /// Below the byte at `at`; none where the line is empty, or too long to be
    /// of help. With `shown`, all other words are veiled.
    pub(super) fn below(text: &str, at: usize, shown: Option<fn(&str) -> bool>) -> Option<Self> {
        let at = text.floor_char_boundary(at);
        let start = text[..at].rfind('\n').map_or(0, |before| before + 1);
        let line = text[start..].lines().next()?;
        let caret = match shown {
            Some(shown) => veiled(line, at - start, shown),
            None => whole(line, at - start),
        };
        let fits = !caret.line.is_empty() && caret.cells <= WIDEST;
        fits.then(|| Self {
            line: cells::fit(&caret.line, WIDEST + 20).into_owned(),
            ..caret
        })
    }

    /// The sign itself, below the place.
    #[must_use]
    pub fn sign(&self) -> String {
        format!("{:1$}^", "", self.cells)
    }
}

/// The line as it is.
fn whole(line: &str, at: usize) -> Caret {
    let shown = |text: &str| text::clean(&text.replace('\t', " ")).into_owned();
    Caret {
        line: shown(line.trim_end()),
        cells: cells::width(&shown(line.get(..at).unwrap_or(line))),
    }
}

/// The line's shape, and of its words those that may be shown. Comments are
/// left out.
fn veiled(line: &str, at: usize, shown: fn(&str) -> bool) -> Caret {
    let mut caret = Caret {
        line: String::new(),
        cells: 0,
    };
    let mut rest = line;
    while let Some(first) = rest.chars().next().filter(|c| *c != '#') {
        let token = &rest[..token(rest, first)];
        if line.len() - rest.len() <= at {
            let hidden = caret.line.ends_with(VEIL) && !is_kept(token, first, shown);
            caret.cells = cells::width(&caret.line) - usize::from(hidden);
        }
        match first {
            _ if is_kept(token, first, shown) => caret.line.push_str(token),
            _ if first.is_whitespace() => caret.line.push(' '),
            _ if caret.line.ends_with(VEIL) => {}
            _ => caret.line.push(VEIL),
        }
        rest = &rest[token.len()..];
    }
    caret.line.truncate(caret.line.trim_end().len());
    caret
}

/// How long the token is that begins the text: quoted text, a word, or a sign.
fn token(text: &str, first: char) -> usize {
    match first {
        '"' | '\'' => {
            let mut escaped = false;
            let end = text.char_indices().skip(1).find(|(_, c)| {
                let ends = *c == first && !escaped;
                escaped = *c == '\\' && !escaped && first == '"';
                ends
            });
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        _ if is_letter(first) => text.find(|c| !is_letter(c)).unwrap_or(text.len()),
        _ => first.len_utf8(),
    }
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn is_kept(token: &str, first: char, shown: fn(&str) -> bool) -> bool {
    matches!(first, '[' | ']' | '{' | '}' | '=' | ',') || is_letter(first) && shown(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(text: &str, found: &str, shown: Option<fn(&str) -> bool>) -> String {
        let at = text.find(found).unwrap();
        let caret = Caret::below(text, at, shown).unwrap();
        format!("{}\n{}", caret.line, caret.sign())
    }

    #[test]
    fn the_sign_stands_below_the_place() {
        let text = "name = \"Søren\"\nat = { æ = \"日本\", by = 5 } # so\n";
        assert_eq!(
            below(text, "5", None),
            "at = { æ = \"日本\", by = 5 } # so\n                        ^"
        );
        assert_eq!(below(text, "name", None), "name = \"Søren\"\n^");
        assert_eq!(Caret::below(text, text.len(), None), None);
        let far = format!("{}x", " ".repeat(200));
        assert_eq!(Caret::below(&far, 200, None), None);
    }

    #[test]
    fn of_a_text_with_secrets_only_known_words_are_shown() {
        let known: fn(&str) -> bool = |word| ["token", "env", "hook"].contains(&word);
        let text =
            "  token = \"s3cret#\\\"x\" # old: s3cret\nhook = { env = 's3cret', s3cret = 1.5 }";
        assert_eq!(below(text, "\"s3", Some(known)), "  token = …\n          ^");
        assert_eq!(
            below(text, "s3cret = 1", Some(known)),
            "hook = { env = …, … = … }\n                  ^"
        );
        assert_eq!(
            below(text, "5 }", Some(known)),
            "hook = { env = …, … = … }\n                      ^"
        );
    }
}
