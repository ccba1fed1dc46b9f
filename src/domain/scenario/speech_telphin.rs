//! What can be said as Telphin: its seven events (Extension Number Events)
//! with the fields of each, as data. What is received is read by a table of
//! `vendor`'s own, or a wrong name would cancel out.

use super::{
    super::site::Vendor,
    spoken::{Kind, Need, Spoken, Variable, one_of, text},
};

const YES_NO: &[&str] = &["yes", "no"];

/// The fields of every event but a hang-up.
const DURING: [Variable; 17] = [
    Variable {
        kind: Kind::Micros,
        ..text("EventTime", "microseconds since the epoch")
    },
    text(
        "CallID",
        "32 hex digits, the same over forwards and transfers",
    ),
    text(
        "SubCallID",
        "the extension's id, - and 32 hex digits: the leg",
    ),
    text("CallAPIID", "what the call is controlled by"),
    one_of("CallFlow", &["in", "out"], "as the extension sees it"),
    one_of(
        "CallStatus",
        &[
            "CALLING",
            "ANSWER",
            "BUSY",
            "NOANSWER",
            "CANCEL",
            "CONGESTION",
            "CHANUNAVAIL",
        ],
        "how it stands, or how it ended",
    ),
    text("CallerIDNum", "the caller's number"),
    text("CallerIDName", "the caller's name"),
    text("CallerExtension", "who calls, as 0001*200@…"),
    text("CallerExtensionID", "its id; can be a queue"),
    text("CalledNumber", "what was dialled"),
    text("CalledDID", "the number called from outside"),
    text("CalledExtension", "who is called, as 0001*201@…"),
    text("CalledExtensionID", "its id"),
    one_of("Transfered", YES_NO, "forwarded to outside (one r)"),
    text("CallBackID", "of a call that was ordered"),
    text("Tag", "what the application attached"),
];

/// Those, and what is known only at the end.
const AT_END: [Variable; 21] = {
    let mut all = [DURING[0]; 21];
    let mut i = 0;
    while i < DURING.len() {
        all[i] = DURING[i];
        i += 1;
    }
    all[17] = text("Duration", "microseconds");
    all[18] = one_of("Bridged", YES_NO, "whether two people talked");
    all[19] = text("BridgedDuration", "microseconds");
    all[20] = text("RecID", "the recording, where there is one");
    all
};

const CALLED: &[Need] = &[&["CalledExtensionID"]];
const CALLER: &[Need] = &[&["CallerExtensionID"]];
const EITHER: &[Need] = &[&["CalledExtensionID", "CallerExtensionID"]];

const fn spoken(name: &'static str, about: &'static str, needs: &'static [Need]) -> Spoken {
    Spoken {
        vendor: Vendor::Telphin,
        name,
        about,
        variables: &DURING,
        needs,
    }
}

/// All seven. The English page alone lists the last one.
pub const EVENTS: &[Spoken] = &[
    spoken("dial-in", "an extension is called", CALLED),
    spoken("dial-out", "an extension calls", CALLER),
    spoken("answer", "a leg is answered", EITHER),
    Spoken {
        vendor: Vendor::Telphin,
        name: "hangup",
        about: "a leg ends",
        variables: &AT_END,
        needs: EITHER,
    },
    spoken("message-in", "a phone gets a text message", CALLED),
    spoken("message-out", "a phone sends a text message", CALLER),
    Spoken {
        vendor: Vendor::Telphin,
        name: "voicemail",
        about: "a caller left a message",
        variables: &AT_END,
        needs: EITHER,
    },
];

/// The event of this name.
#[must_use]
pub fn event(name: &str) -> Option<&'static Spoken> {
    EVENTS.iter().find(|event| event.name == name)
}

/// The names of all events.
pub fn names() -> impl Iterator<Item = &'static str> + Clone {
    EVENTS.iter().map(|event| event.name)
}
