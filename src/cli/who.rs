//! Who acts: `--as`, else `HOLDLINE_USER`, else the system's user.

use std::sync::Arc;

use crate::domain::text;

/// The name that stands on record.
pub fn who(flag: Option<&str>) -> Arc<str> {
    let named = flag
        .map(str::to_owned)
        .or_else(|| std::env::var("HOLDLINE_USER").ok());
    let named = named.filter(|name| !name.trim().is_empty());
    let name = named
        .or_else(|| whoami::username().ok())
        .unwrap_or_else(|| "somebody".to_owned());
    text::clip(name.trim(), 40).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_empty_nor_hostile() {
        assert_eq!(&*who(Some(" anna ")), "anna");
        assert_eq!(&*who(Some("a\u{1b}b")), "a␛b");
        assert!(!who(None).is_empty());
    }

    #[test]
    fn without_a_name_it_is_the_systems_user() {
        let said = std::process::Command::new("id")
            .arg("-un")
            .output()
            .unwrap();
        let said = String::from_utf8(said.stdout).unwrap();
        assert_eq!(whoami::username().unwrap(), said.trim());
    }
}
