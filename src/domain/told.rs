//! What a vendor told of a call or of a change of subscriptions (Telphin):
//! whether it is done, in a sentence, and as an exit code. There an answer is
//! one that says that it is done: refusals are faults. Pure.

use super::{dial::Dialled, injection::Told};

/// Whether the vendor says that it is done.
#[must_use]
pub fn is_done(told: &Told) -> bool {
    matches!(told, Told::Answered(_))
}

/// 0 done; 1 refused or unreadable; 3 not reachable, or no answer in time.
#[must_use]
pub fn exit_code(told: &Told) -> u8 {
    match told {
        Told::Answered(_) => 0,
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
        Told::Answered(replies) => {
            let replies: Vec<String> = replies.iter().map(ToString::to_string).collect();
            format!("done: {}", replies.join(", "))
        }
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
    use crate::domain::{
        fault::{Fault, FaultKind},
        injection::Reply,
    };

    #[test]
    fn what_may_have_been_done_is_not_to_be_asked_twice() {
        let fault = || Fault::new(FaultKind::Timeout, "no answer in 10 s", "allow more time");
        let lost = Told::Unknown(fault());
        assert!(sentence(&lost).contains("may have been done"));
        assert_eq!(exit_code(&lost), 3);
        let refused = Told::Failed(fault());
        assert_eq!(sentence(&refused), "no answer in 10 s; allow more time");
        assert!(!is_done(&lost) && !is_done(&refused));
    }

    #[test]
    fn what_is_done_is_told_in_the_vendors_words() {
        let told = Told::Answered(vec![Reply {
            code: "201".into(),
            key: "id".into(),
            message: "72".into(),
        }]);
        assert_eq!(sentence(&told), "done: 201 id: \"72\"");
        assert_eq!((is_done(&told), exit_code(&told)), (true, 0));
    }
}
