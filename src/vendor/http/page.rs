//! Web pages where an API's answer was expected: a proxy, a login portal, a
//! wrong address. Only their title is of use.

use super::Answer;

/// Whether the answer is a web page: says so, or begins like one.
#[must_use]
pub fn is_page(answer: &Answer) -> bool {
    answer.text().starts_with(b"<")
        || answer
            .content_type
            .as_deref()
            .is_some_and(|t| t.to_ascii_lowercase().contains("html"))
}

/// The page's title, looked for in its first 16 KiB: untrusted text, uncut, so
/// that whoever quotes it can take secrets out of it first.
#[must_use]
pub fn title(body: &[u8]) -> Option<String> {
    let start = String::from_utf8_lossy(&body[..body.len().min(16 * 1024)]);
    let lower = start.to_ascii_lowercase();
    let tag = lower.find("<title")?;
    let open = tag + lower[tag..].find('>')? + 1;
    let close = lower[open..]
        .find("</title")
        .map_or(start.len(), |i| open + i);
    let words: Vec<&str> = start[open..close].split_whitespace().collect();
    let title = decode(&words.join(" "));
    (!title.is_empty()).then_some(title)
}

/// The entities that titles of error pages use; `&amp;` last, or it would
/// make new ones.
fn decode(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&nbsp;", " "),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (entity, plain)| {
        text.replace(entity, plain)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_wherever_it_ends() {
        for (body, expected) in [
            (
                "<html><head><TITLE>502\n  Bad&nbsp;Gateway</TITLE>",
                Some("502 Bad Gateway"),
            ),
            ("<title lang=en>A &amp;lt; B</title>", Some("A &lt; B")),
            ("<title>never closed", Some("never closed")),
            ("<title></title>", None),
            ("<title", None),
            ("<h1>no title</h1>", None),
        ] {
            assert_eq!(title(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn a_page_is_known_by_its_type_or_its_first_character() {
        let html = Answer {
            content_type: Some("text/HTML; charset=x".into()),
            ..Answer::new(200, "down for maintenance")
        };
        assert!(is_page(&html));
        assert!(is_page(&Answer::new(200, "\u{feff} \n<!doctype html>")));
        assert!(!is_page(&Answer::new(200, "[]")));
    }
}
