//! Telephone numbers in E.164, for matching, grouping and dialling. What was
//! sent is kept beside it; what cannot be told stays untold.

use phonenumber::{Mode, country};

/// The number in E.164 (`+4520123456`), where it can be told. `country` (ISO
/// 3166-1 alpha-2) is for national numbers; without it only numbers that
/// begin with `+` or `00` can be told.
///
/// Short codes, extensions, SIP addresses and words such as `anonymous` are
/// nobody's number: a library would make +49112 of "112".
#[must_use]
pub fn e164(number: &str, country: Option<&str>) -> Option<String> {
    let number = number.trim();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let international = number.starts_with('+') || number.starts_with("00");
    let written = number
        .chars()
        .all(|c| c.is_ascii_digit() || " +-./()\u{a0}".contains(c));
    if !written || digits < if international { 8 } else { 6 } || digits > 17 {
        return None;
    }
    let country: Option<country::Id> = country.and_then(|c| c.parse().ok());
    let text = number.strip_prefix("00").map(|rest| format!("+{rest}"));
    let text = text.as_deref().unwrap_or(number);
    if !text.starts_with('+') && country.is_none() {
        return None;
    }
    let parsed = phonenumber::parse(country, text).ok();
    let written = as_written(text);
    if let (Some(parsed), Some(written)) = (&parsed, &written)
        && *written == format!("+{}{}", parsed.country().code(), parsed.national())
    {
        // Valid or not, it is this. To tell takes the longest, and megabytes
        // for patterns that are looked for.
        return Some(written.clone());
    }
    if let Some(valid) = parsed.filter(phonenumber::is_valid) {
        return Some(valid.format().mode(Mode::E164).to_string());
    }
    written
}

/// What is written with its country code, as its digits say. Ranges open faster
/// than tables are printed: it is one number however it is spelled.
fn as_written(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plausible =
        text.starts_with('+') && (8..=15).contains(&digits.len()) && !digits.starts_with('0');
    plausible.then(|| format!("+{digits}"))
}

/// What people read where a number is withheld, whoever says so and how.
pub const SECRET: &str = "secret number";

/// Whether what stands for a number says that it was withheld: the words that
/// exchanges put there. TelecomX tells by `privacy` instead.
#[must_use]
pub fn is_withheld(number: &str) -> bool {
    const WORDS: [&str; 8] = [
        "anonymous",
        "blocked",
        "private",
        "restricted",
        "secret",
        "unavailable",
        "unknown",
        "withheld",
    ];
    let number = number.trim();
    WORDS.iter().any(|word| number.eq_ignore_ascii_case(word))
}

/// The number as people read it: as sent, unless it was withheld.
#[must_use]
pub fn shown(number: &str) -> &str {
    if is_withheld(number) { SECRET } else { number }
}

/// Reads the tables now, so that the first number on a screen does not wait
/// for them.
pub fn warm() {
    let _ = e164("+4533123456", None);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withheld_number_is_shown_by_one_word_and_others_as_sent() {
        for word in ["anonymous", "Anonymous", " RESTRICTED ", "unavailable"] {
            assert_eq!(shown(word), SECRET, "{word}");
        }
        for sent in [
            "",
            "+45 20 12 34 56",
            "200",
            "anonymous@example.com",
            "Private Bank",
        ] {
            assert_eq!(shown(sent), sent);
        }
    }

    #[test]
    fn numbers_are_told_apart_from_what_is_not_one() {
        let ro = |number: &str| e164(number, Some("RO"));
        assert_eq!(ro("0212345678").as_deref(), Some("+40212345678"));
        assert_eq!(ro("+40 21 234 5678").as_deref(), Some("+40212345678"));
        assert_eq!(ro("0040212345678").as_deref(), Some("+40212345678"));
        assert_eq!(ro("+4533123456").as_deref(), Some("+4533123456"));
        for nobody in [
            "112",
            "anonymous",
            "200",
            "sip:anna@example.com",
            "",
            "+",
            "12345678901234567890",
            "0721x",
        ] {
            assert_eq!(ro(nobody), None, "{nobody}");
        }
        assert_eq!(e164("0212345678", None), None);
        assert_eq!(ro("+44 7700 900123").as_deref(), Some("+447700900123"));
        assert_eq!(ro("00447700900123").as_deref(), Some("+447700900123"));
        assert_eq!(ro("+0123456789"), None);
        assert_eq!(ro("0000000"), None);
    }

    /// By the tables alone, as long as it takes.
    fn by_tables(number: &str) -> Option<String> {
        let parsed = phonenumber::parse(None, number).ok();
        let valid = parsed.filter(phonenumber::is_valid);
        valid.map(|valid| valid.format().mode(Mode::E164).to_string())
    }

    #[test]
    fn a_number_with_its_country_code_is_what_the_tables_say_it_is() {
        let trunk = [
            "+4908912345678",
            "+49 (0)89 12345678",
            "+390612345678",
            "+39 06 1234 5678",
            "+3780549882345",
            "+7 8 495 123-45-67",
            "+12025550123",
            "+800 1234 5678",
        ];
        let mut seeded = fastrand::Rng::with_seed(164);
        let random = (0..2_000).map(|_| {
            let (country, digits) = (seeded.u8(1..=99), seeded.usize(7..13));
            let number: String = (0..digits).map(|_| seeded.digit(10)).collect();
            format!("+{country}{number}")
        });
        let mut valid = 0;
        for number in trunk.into_iter().map(str::to_owned).chain(random) {
            let by_tables = by_tables(&number);
            valid += usize::from(by_tables.is_some());
            let told = by_tables.or_else(|| as_written(&number));
            assert_eq!(e164(&number, None), told, "{number}");
        }
        assert!(valid > 100, "{valid}");
    }
}
