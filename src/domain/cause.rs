//! Why calls end, in words: FreeSWITCH's hang-up causes and the reasons that
//! its queues give for calls that were not answered (Contaqt, "Call events"),
//! and how a leg stands at its hang-up (Telphin's `CallStatus`).
//! A code that is not listed is shown as it was sent.

use std::borrow::Cow;

/// A hang-up cause in words.
#[must_use]
pub fn hangup(code: &str) -> Cow<'_, str> {
    match in_words(HANGUP, code) {
        Cow::Borrowed(same) if same == code => in_words(STATUS, code),
        words => words,
    }
}

/// The reason for a queue call that was not answered, in words.
#[must_use]
pub fn cancel(code: &str) -> Cow<'_, str> {
    in_words(CANCEL, code)
}

fn in_words<'a>(table: &[(&str, &'static str)], code: &'a str) -> Cow<'a, str> {
    let sent = code.trim();
    let listed = table.iter().find(|(c, _)| c.eq_ignore_ascii_case(sent));
    listed.map_or(Cow::Borrowed(code), |(_, words)| Cow::Borrowed(words))
}

/// The documented reasons, and EXIT_WITH_KEY, which FreeSWITCH has besides.
pub const CANCEL: &[(&str, &str)] = &[
    ("NONE", "no specific reason"),
    ("TIMEOUT", "waited longer than the queue allows"),
    ("NO_AGENT_TIMEOUT", "no agent for too long"),
    ("BREAK_OUT", "caller gave up"),
    ("EXIT_WITH_KEY", "left by a key"),
];

/// Telphin's `CallStatus` at a hang-up. None of the codes stands in
/// [`HANGUP`] too.
pub const STATUS: &[(&str, &str)] = &[
    ("ANSWER", "answered and hung up"),
    ("BUSY", "busy"),
    ("NOANSWER", "no answer"),
    ("CANCEL", "cancelled before the answer"),
    ("CONGESTION", "all lines busy"),
    ("CHANUNAVAIL", "phone not reachable"),
];

/// FreeSWITCH's table of hang-up causes.
pub const HANGUP: &[(&str, &str)] = &[
    ("NONE", "no cause given"),
    ("UNALLOCATED_NUMBER", "number does not exist"),
    ("NO_ROUTE_TRANSIT_NET", "no route to the network"),
    ("NO_ROUTE_DESTINATION", "no route to the number"),
    ("CHANNEL_UNACCEPTABLE", "channel not acceptable"),
    ("CALL_AWARDED_DELIVERED", "delivered in another call"),
    ("NORMAL_CLEARING", "hung up"),
    ("USER_BUSY", "busy"),
    ("NO_USER_RESPONSE", "phone does not respond"),
    ("NO_ANSWER", "no answer"),
    ("SUBSCRIBER_ABSENT", "phone not reachable"),
    ("CALL_REJECTED", "rejected"),
    ("NUMBER_CHANGED", "number has changed"),
    ("REDIRECTION_TO_NEW_DESTINATION", "redirected"),
    ("EXCHANGE_ROUTING_ERROR", "routing error at the exchange"),
    ("DESTINATION_OUT_OF_ORDER", "destination out of order"),
    ("INVALID_NUMBER_FORMAT", "number incomplete or wrong"),
    ("FACILITY_REJECTED", "service rejected"),
    ("RESPONSE_TO_STATUS_ENQUIRY", "answer to a status enquiry"),
    ("NORMAL_UNSPECIFIED", "ended, cause not given"),
    ("NORMAL_CIRCUIT_CONGESTION", "all lines busy"),
    ("NETWORK_OUT_OF_ORDER", "network out of order"),
    ("NORMAL_TEMPORARY_FAILURE", "temporary failure"),
    ("SWITCH_CONGESTION", "exchange overloaded"),
    ("ACCESS_INFO_DISCARDED", "access information lost"),
    ("REQUESTED_CHAN_UNAVAIL", "line not available"),
    ("PRE_EMPTED", "pre-empted"),
    ("FACILITY_NOT_SUBSCRIBED", "service not subscribed to"),
    ("OUTGOING_CALL_BARRED", "outgoing calls barred"),
    ("INCOMING_CALL_BARRED", "incoming calls barred"),
    ("BEARERCAPABILITY_NOTAUTH", "kind of call not allowed"),
    ("BEARERCAPABILITY_NOTAVAIL", "kind of call not available"),
    ("SERVICE_UNAVAILABLE", "service not available"),
    ("BEARERCAPABILITY_NOTIMPL", "kind of call not supported"),
    ("CHAN_NOT_IMPLEMENTED", "kind of channel not supported"),
    ("FACILITY_NOT_IMPLEMENTED", "facility not supported"),
    ("SERVICE_NOT_IMPLEMENTED", "service not supported"),
    ("INVALID_CALL_REFERENCE", "no such call at the exchange"),
    ("INCOMPATIBLE_DESTINATION", "phones do not fit together"),
    ("INVALID_MSG_UNSPECIFIED", "invalid message"),
    ("MANDATORY_IE_MISSING", "message incomplete"),
    ("MESSAGE_TYPE_NONEXIST", "unknown kind of message"),
    ("WRONG_MESSAGE", "message out of place"),
    ("IE_NONEXIST", "unknown part of a message"),
    ("INVALID_IE_CONTENTS", "invalid part of a message"),
    ("WRONG_CALL_STATE", "message does not fit the call"),
    ("RECOVERY_ON_TIMER_EXPIRE", "no response in time"),
    ("MANDATORY_IE_LENGTH_ERROR", "part of a message too long"),
    ("PROTOCOL_ERROR", "protocol error"),
    ("INTERWORKING", "networks do not fit together"),
    ("SUCCESS", "success"),
    ("ORIGINATOR_CANCEL", "caller hung up before the answer"),
    ("CRASH", "the PBX crashed"),
    ("SYSTEM_SHUTDOWN", "the PBX was shut down"),
    ("LOSE_RACE", "answered elsewhere"),
    ("MANAGER_REQUEST", "ended by an operator"),
    ("BLIND_TRANSFER", "transferred"),
    ("ATTENDED_TRANSFER", "transferred after asking"),
    ("ALLOTTED_TIMEOUT", "did not answer in time"),
    ("USER_CHALLENGE", "asked to log in"),
    ("MEDIA_TIMEOUT", "no sound for too long"),
    ("PICKED_OFF", "picked up by another"),
    ("USER_NOT_REGISTERED", "phone not registered"),
    ("PROGRESS_TIMEOUT", "did not ring in time"),
    ("INVALID_GATEWAY", "no such gateway"),
    ("GATEWAY_DOWN", "gateway down"),
    ("INVALID_URL", "invalid address"),
    ("INVALID_PROFILE", "invalid profile"),
    ("NO_PICKUP", "nothing to pick up"),
    ("SRTP_READ_ERROR", "encryption of the sound failed"),
    ("BOWOUT", "left the path of the call"),
    ("BUSY_EVERYWHERE", "busy everywhere"),
    ("DECLINE", "declined"),
    ("DOES_NOT_EXIST_ANYWHERE", "exists nowhere"),
    ("NOT_ACCEPTABLE", "not acceptable"),
    ("UNWANTED", "marked as unwanted"),
    ("NO_IDENTITY", "no caller identity"),
    ("BAD_IDENTITY_INFO", "bad caller identity"),
    ("UNSUPPORTED_CERTIFICATE", "certificate not supported"),
    ("INVALID_IDENTITY", "invalid caller identity"),
    ("STALE_DATE", "caller identity out of date"),
    ("REJECT_ALL", "rejected everywhere"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_codes_are_words_and_others_stay_as_they_are() {
        assert_eq!(hangup("NORMAL_CLEARING"), "hung up");
        assert_eq!(hangup(" user_busy "), "busy");
        assert_eq!(hangup("MY_OWN_CAUSE"), "MY_OWN_CAUSE");
        assert_eq!(hangup("NOANSWER"), "no answer");
        assert_eq!(hangup(" chanunavail "), "phone not reachable");
        assert_eq!(cancel("BREAK_OUT"), "caller gave up");
        assert_eq!(cancel("EXIT_WITH_KEY"), "left by a key");
        assert_eq!(cancel("SOMETHING"), "SOMETHING");
    }

    #[test]
    fn every_code_stands_once_and_has_words() {
        for table in [CANCEL, HANGUP, STATUS] {
            let mut codes: Vec<_> = table.iter().map(|(code, _)| code).collect();
            codes.sort_unstable();
            let count = codes.len();
            codes.dedup();
            assert_eq!(codes.len(), count);
            assert!(
                table.iter().all(|(c, words)| !words.is_empty()
                    && !words.contains('_')
                    && !c.contains(' '))
            );
        }
        assert_eq!((CANCEL.len(), HANGUP.len(), STATUS.len()), (5, 82, 6));
        let is_freeswitch = |code: &str| HANGUP.iter().any(|(c, _)| *c == code);
        assert!(!STATUS.iter().any(|(code, _)| is_freeswitch(code)));
    }
}
