//! What an answer's `X-RateLimit-*` headers say. Not judged here: vendors
//! differ in what they count, and in what a reset is.

use reqwest::header::HeaderMap;

/// The numbers as sent; `None` where there is none that can be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// `X-RateLimit-Limit`.
    pub limit: Option<u64>,
    /// `X-RateLimit-Remaining`; a negative one is nothing left.
    pub remaining: Option<u64>,
    /// `X-RateLimit-Reset`.
    pub reset: Option<u64>,
}

impl Rate {
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let number = |name| {
            let text = headers.get(name)?.to_str().ok()?.trim();
            match text.strip_prefix('-') {
                Some(_) => text.parse::<i64>().ok().map(|_| 0),
                None => text.parse().ok(),
            }
        };
        Self {
            limit: number("x-ratelimit-limit"),
            remaining: number("x-ratelimit-remaining"),
            reset: number("x-ratelimit-reset"),
        }
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn numbers_are_read_and_what_is_none_is_left_out() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("X-RateLimit-Limit", " 5000 "),
            ("X-RateLimit-Remaining", "-3"),
            ("X-RateLimit-Reset", "soon"),
        ] {
            headers.insert(
                name.to_ascii_lowercase()
                    .parse::<reqwest::header::HeaderName>()
                    .unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let rate = Rate::read(&headers);
        assert_eq!(rate.limit, Some(5_000));
        assert_eq!(rate.remaining, Some(0));
        assert_eq!(rate.reset, None);
        assert_eq!(Rate::read(&HeaderMap::new()), Rate::default());
    }
}
