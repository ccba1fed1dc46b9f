//! What a vendor with plain HTTP codes told of a change (Telphin): whether it
//! is done, in a sentence, and as an exit code. An answer without a code of
//! 200 to 299 is a refusal. Pure.

use super::{
    dial::Dialled,
    injection::{Reply, Told},
};

/// Whether the vendor says that it is done.
#[must_use]
pub fn is_done(told: &Told) -> bool {
    match told {
        Told::Answered(replies) => !replies.is_empty() && replies.iter().all(is_good),
        Told::Failed(_) | Told::Unknown(_) => false,
    }
}

/// 0 done; 1 refused or unreadable; 3 not reachable, or no answer in time.
#[must_use]
pub fn exit_code(told: &Told) -> u8 {
    match told {
        Told::Answered(_) => u8::from(!is_done(told)),
        Told::Failed(fault) | Told::Unknown(fault) => fault.exit_code(),
    }
}

/// What happened and what to do, in a sentence without a full stop.
#[must_use]
pub fn sentence(told: &Told) -> String {
    match told {
        Told::Failed(fault) => fault.to_string(),
        Told::Unknown(fault) => format!(
            "{}; it may have been done all the same: look before you ask again, it is never \
             asked twice by itself",
            fault.what
        ),
        Told::Answered(replies) => match replies.iter().find(|r| !is_good(r)).or(replies.first()) {
            Some(reply) if is_good(reply) => format!("{reply}, done"),
            Some(reply) => format!("{reply}, {}", refusal(reply)),
            None => "the answer is empty".to_owned(),
        },
    }
}

fn is_good(reply: &Reply) -> bool {
    matches!(reply.number(), Some(200..=299))
}

/// What a code that is no success means, and what to do about it.
fn refusal(reply: &Reply) -> &'static str {
    match reply.number() {
        Some(400 | 422) => "the vendor does not take a value; correct it and try again",
        Some(401) => {
            "the login is not accepted; check `client_id` and `client_secret` in the configuration"
        }
        Some(403) => {
            "the application's type may not allow this; allow it in the vendor's settings of the \
             application"
        }
        Some(404) => {
            "there is none, or this application may not see it; check the extension, and the id"
        }
        Some(429) => "too many requests; try again later",
        Some(500..=599) => "the vendor failed; try again later",
        _ => "the vendor's page does not list this code; ask whoever runs the PBX",
    }
}

impl Dialled {
    /// What became of the call, in a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let (from, to) = (&self.dial.from, &self.dial.to);
        let said = match &self.told {
            told if is_done(told) => format!("{from} is being rung, then {to}"),
            told => format!("{from} to {to}: {}", sentence(told)),
        };
        match &self.unjournaled {
            Some(why) => format!("{said}; its outcome is not on record: {why}"),
            None => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::{Fault, FaultKind};

    fn answered(code: &str, message: &str) -> Told {
        Told::Answered(vec![Reply {
            code: code.into(),
            key: String::new(),
            message: message.into(),
        }])
    }

    #[test]
    fn a_success_is_a_code_of_two_hundred_to_two_hundred_ninety_nine() {
        for (code, done) in [
            ("200", true),
            ("201", true),
            ("204", true),
            ("302", false),
            ("400", false),
            ("403", false),
            ("500", false),
            ("x", false),
        ] {
            let told = answered(code, "");
            assert_eq!(is_done(&told), done, "{code}");
            assert_eq!(exit_code(&told), u8::from(!done), "{code}");
        }
        assert!(!is_done(&Told::Answered(Vec::new())));
    }

    #[test]
    fn a_refusal_says_what_to_do_in_the_vendors_words_and_ours() {
        let said = sentence(&answered("403", "Forbidden"));
        assert!(said.starts_with("403: \"Forbidden\", the application's"), "{said}");
        let fault = Fault::new(FaultKind::Timeout, "no answer in 10 s", "try `--timeout`");
        let lost = Told::Unknown(fault);
        assert!(sentence(&lost).contains("may have been done"));
        assert_eq!(exit_code(&lost), 3);
    }
}
