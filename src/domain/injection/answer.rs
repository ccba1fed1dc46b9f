//! What came back of an injection: the vendor's answers in their codes, why
//! there is none, and the event as the vendor has it on record. Texts are the
//! vendor's own, without our secrets; screens and tables make them safe to
//! show. Pure.

use std::{fmt, time::Duration};

use crate::domain::{fault::Fault, time::At};

/// One of the answers (`responses[]`), as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The code as sent: `204`.
    pub code: String,
    /// The parameter it names; empty for none.
    pub key: String,
    /// The vendor's words; may be empty.
    pub message: String,
}

impl Reply {
    /// The code as a number, where it is one.
    #[must_use]
    pub fn number(&self) -> Option<u16> {
        self.code.trim().parse().ok()
    }

    /// What the code means, as a clause (the page's "Responses").
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        match self.number() {
            Some(201) => "the vendor finds nothing wrong with it, and has recorded nothing",
            Some(204) => "accepted",
            Some(400) => "a parameter is invalid",
            Some(401) => "the username or the password is not accepted",
            Some(402) => "the user's role does not allow this",
            Some(404) => "the queue does not exist, or this user may not see it",
            _ => "the vendor's page does not list this code",
        }
    }

    /// What to do about it; empty where all is well.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self.number() {
            Some(200..=299) => "",
            Some(400) => "correct the parameter it names and try again",
            Some(401) => "check `username` and `password` in the configuration",
            Some(402) => "the user needs the administrator role: ask whoever runs the PBX",
            Some(404) => "check the queue's id, and that the queue belongs to this user's customer",
            _ => "the words are the PBX's own: ask whoever runs it",
        }
    }
}

/// `400 position: "Not a number"`.
impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)?;
        if !self.key.is_empty() {
            write!(f, " {}", self.key)?;
        }
        if !self.message.is_empty() {
            write!(f, ": \"{}\"", self.message)?;
        }
        Ok(())
    }
}

/// What was told of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// The vendor answered; there is at least one.
    Answered(Vec<Reply>),
    /// No answer of the vendor's, and surely nothing was recorded.
    Failed(Fault),
    /// No answer of the vendor's, and the event may have been recorded.
    Unknown(Fault),
}

/// What became of an injection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injected {
    /// Whether only validation was asked for.
    pub validate: bool,
    /// What was told.
    pub told: Told,
    /// How long the answer took.
    pub took: Duration,
    /// The event on record; `None` where it was not looked for: it was
    /// validated only, or refused.
    pub record: Option<OnRecord>,
    /// Why the outcome could not be put into the journal, if it could not.
    pub unjournaled: Option<String>,
}

impl Injected {
    /// Whether all answers are what was asked for: 201 of a validation, 204
    /// else.
    #[must_use]
    pub fn is_done(&self) -> bool {
        let wanted = if self.validate { 201 } else { 204 };
        match &self.told {
            Told::Answered(replies) => replies.iter().all(|r| r.number() == Some(wanted)),
            Told::Failed(_) | Told::Unknown(_) => false,
        }
    }

    /// The answers; none where the vendor gave none.
    #[must_use]
    pub fn replies(&self) -> &[Reply] {
        match &self.told {
            Told::Answered(replies) => replies,
            Told::Failed(_) | Told::Unknown(_) => &[],
        }
    }

    /// The first answer that is not what was asked for.
    #[must_use]
    pub fn refusal(&self) -> Option<&Reply> {
        let wanted = if self.validate { 201 } else { 204 };
        self.replies().iter().find(|r| r.number() != Some(wanted))
    }

    /// 0 done; 1 refused or unreadable; 3 not reachable, or no answer in time.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match &self.told {
            Told::Answered(_) => u8::from(!self.is_done()),
            Told::Failed(fault) | Told::Unknown(fault) => fault.exit_code(),
        }
    }

    /// What happened and what to do, in a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.told {
            Told::Failed(fault) => fault.to_string(),
            Told::Unknown(fault) => unknown(fault),
            Told::Answered(replies) => match (self.refusal(), replies.first()) {
                (Some(reply), _) => self.refused(reply),
                (None, Some(reply)) => format!("{reply}, {}", reply.meaning()),
                (None, None) => "the answer is empty".to_owned(),
            },
        }
    }

    fn refused(&self, reply: &Reply) -> String {
        match (reply.number(), self.validate) {
            (Some(204), true) => format!(
                "{reply}, although only validation was asked for: the event may be on record"
            ),
            (Some(201), false) => {
                format!("{reply}, although it was to be recorded: it was only validated")
            }
            _ => match reply.remedy() {
                "" => format!("{reply}, {}", reply.meaning()),
                remedy => format!("{reply}, {}; {remedy}", reply.meaning()),
            },
        }
    }
}

/// What a request without an answer means.
fn unknown(fault: &Fault) -> String {
    format!(
        "{}; the event may have been recorded all the same: look before you send it again, it \
         is never sent twice by itself",
        fault.what
    )
}

/// The event as the vendor has it on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnRecord {
    /// There it is.
    Found(Recorded),
    /// The list between these instants does not have it: the queue seems not
    /// to record events.
    Nothing {
        /// From when, by the vendor's clock.
        from: At,
        /// To when, by the vendor's clock.
        to: At,
    },
    /// The list could not be read.
    Unread(Fault),
}

impl OnRecord {
    /// In a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Found(row) => format!("on record: {}", row.row),
            Self::Nothing { from, to } => format!(
                "nothing on record between {from} and {to}: the queue seems not to record \
                 events, which is set for each queue in the PBX"
            ),
            Self::Unread(fault) => {
                format!("whether it is on record could not be read: {fault}")
            }
        }
    }
}

/// A row of `queues/events/list`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// As sent: `1234567890|NONE|…`.
    pub row: String,
    /// When, by the vendor's clock, where the row begins with it.
    pub at: Option<At>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::FaultKind;

    fn reply(code: &str, key: &str, message: &str) -> Reply {
        Reply {
            code: code.into(),
            key: key.into(),
            message: message.into(),
        }
    }

    fn injected(validate: bool, told: Told) -> Injected {
        Injected {
            validate,
            told,
            took: Duration::from_millis(12),
            record: None,
            unjournaled: None,
        }
    }

    fn answered(validate: bool, codes: &[&str]) -> Injected {
        let replies = codes.iter().map(|code| reply(code, "", "")).collect();
        injected(validate, Told::Answered(replies))
    }

    #[test]
    fn only_the_code_that_was_asked_for_is_done() {
        for (validate, codes, code) in [
            (false, &["204"][..], 0),
            (false, &["204", "204"], 0),
            (true, &["201"], 0),
            (false, &["201"], 1),
            (true, &["204"], 1),
            (false, &["204", "400"], 1),
            (false, &["400"], 1),
            (false, &["401"], 1),
            (false, &["402"], 1),
            (false, &["404"], 1),
            (false, &["gone"], 1),
        ] {
            let injected = answered(validate, codes);
            assert_eq!(injected.exit_code(), code, "{validate} {codes:?}");
            assert_eq!(injected.is_done(), code == 0, "{validate} {codes:?}");
        }
    }

    #[test]
    fn every_code_has_words_and_a_refusal_says_what_to_do() {
        for (code, words) in [
            ("204", "accepted"),
            ("400", "correct the parameter"),
            ("401", "`username` and `password`"),
            ("402", "administrator role"),
            ("404", "may not see it; check the queue's id"),
            (
                "499",
                "does not list this code; the words are the PBX's own",
            ),
            ("teapot", "does not list"),
        ] {
            let said = answered(false, &[code]).sentence();
            assert!(said.starts_with(code) && said.contains(words), "{said}");
        }
        let said = answered(true, &["201"]).sentence();
        assert!(said.contains("has recorded nothing"), "{said}");
        let said = answered(true, &["204"]).sentence();
        assert!(said.contains("may be on record"), "{said}");
        let said = answered(false, &["201"]).sentence();
        assert!(said.contains("only validated"), "{said}");
        let replies = vec![reply("400", "position", "Not a number")];
        let said = injected(false, Told::Answered(replies)).sentence();
        assert!(
            said.starts_with("400 position: \"Not a number\", a parameter"),
            "{said}"
        );
    }

    #[test]
    fn no_answer_in_time_may_have_been_recorded() {
        let fault = || Fault::new(FaultKind::Timeout, "h gave no answer", "allow more time");
        let lost = injected(false, Told::Unknown(fault()));
        assert!(lost.sentence().contains("may have been recorded"));
        assert_eq!(lost.exit_code(), 3);
        let refused = injected(false, Told::Failed(fault()));
        assert_eq!(refused.sentence(), "h gave no answer; allow more time");
    }

    #[test]
    fn what_is_on_record_is_said() {
        let row = Recorded {
            row: "1700000000|NONE|X".into(),
            at: None,
        };
        assert_eq!(
            OnRecord::Found(row).sentence(),
            "on record: 1700000000|NONE|X"
        );
        let nothing = OnRecord::Nothing {
            from: At(0),
            to: At(5_000),
        };
        assert!(nothing.sentence().contains("seems not to record"));
    }
}
