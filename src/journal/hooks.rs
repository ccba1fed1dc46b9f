//! How pushed events, requests that were turned away, and time in which nobody
//! listened are written on disk. An event's fields stand there as the vendor sent them; what they mean
//! is not written down.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::domain::{
    caller::Raw,
    entry::What,
    hook::{Hook, Says},
    site::Vendor,
    time::At,
};

/// The kind of [`What::Hook`].
const HOOK: &str = "hook";
/// The kind of [`What::Refused`].
const REFUSED: &str = "refused";
/// The kind of [`What::Gap`].
const GAP: &str = "gap";

/// What stands before an event's fields.
#[derive(Serialize)]
struct HookHead<'a> {
    vendor: &'a str,
    event: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    injected: bool,
}

#[derive(Deserialize)]
struct HookBody<'a> {
    #[serde(borrow)]
    vendor: Cow<'a, str>,
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(default)]
    injected: bool,
    #[serde(borrow)]
    fields: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct RefusedBody<'a> {
    #[serde(borrow)]
    why: Cow<'a, str>,
    #[serde(borrow)]
    from: Cow<'a, str>,
    count: u32,
}

/// UTC milliseconds.
#[derive(Serialize, Deserialize)]
struct GapBody {
    from: i64,
    to: i64,
}

/// Kind and body of a pushed event.
pub(super) fn encode(hook: &Hook) -> Result<(Arc<str>, String), serde_json::Error> {
    let head = serde_json::to_string(&HookHead {
        vendor: hook.vendor.name(),
        event: &hook.event,
        injected: hook.injected,
    })?;
    // The fields are JSON already, and stand within the same braces.
    let open = head.trim_end_matches('}');
    let body = [open, ",\"fields\":", hook.body.as_str(), "}"].concat();
    Ok((HOOK.into(), body))
}

/// Kind and body of requests that were turned away.
pub(super) fn encode_refused(
    why: &str,
    from: &str,
    count: u32,
) -> Result<(Arc<str>, String), serde_json::Error> {
    let body = RefusedBody {
        why: why.into(),
        from: from.into(),
        count,
    };
    Ok((REFUSED.into(), serde_json::to_string(&body)?))
}

/// Kind and body of time in which nobody listened.
pub(super) fn encode_gap(from: At, to: At) -> Result<(Arc<str>, String), serde_json::Error> {
    let body = GapBody {
        from: from.0,
        to: to.0,
    };
    Ok((GAP.into(), serde_json::to_string(&body)?))
}

/// What stands on disk, if it is one of these.
pub(super) fn decode(kind: &str, body: &str) -> Option<What> {
    match kind {
        HOOK => {
            let read: HookBody<'_> = serde_json::from_str(body).ok()?;
            Some(What::Hook(Hook {
                vendor: Vendor::from_name(&read.vendor)?,
                event: read.event.into(),
                body: Raw::new(read.fields.get()),
                injected: read.injected,
                says: Says::Unread,
            }))
        }
        REFUSED => {
            let read: RefusedBody<'_> = serde_json::from_str(body).ok()?;
            Some(What::Refused {
                why: read.why.into(),
                from: read.from.into(),
                count: read.count,
            })
        }
        GAP => {
            let read: GapBody = serde_json::from_str(body).ok()?;
            Some(What::Gap {
                from: At(read.from),
                to: At(read.to),
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pushed_event_and_a_refusal_come_back_as_they_were() {
        let hook = Hook {
            vendor: Vendor::Contaqt,
            event: "call:ring".into(),
            body: Raw::new(r#"{"event":"call:ring","ts":"1700000000","own":["a",1]}"#),
            injected: true,
            says: Says::Unread,
        };
        let (kind, body) = encode(&hook).unwrap();
        assert_eq!(decode(&kind, &body), Some(What::Hook(hook)));
        let (kind, body) = encode_refused("wrong secret", "127.0.0.1", 3).unwrap();
        let refused = What::Refused {
            why: "wrong secret".into(),
            from: "127.0.0.1".into(),
            count: 3,
        };
        assert_eq!(decode(&kind, &body), Some(refused));
        let (kind, body) = encode_gap(At(1_000), At(2_000)).unwrap();
        assert_eq!((&*kind, &*body), ("gap", r#"{"from":1000,"to":2000}"#));
        let gap = What::Gap {
            from: At(1_000),
            to: At(2_000),
        };
        assert_eq!(decode(&kind, &body), Some(gap));
        assert_eq!(
            decode("hook", r#"{"vendor":"nobody","event":"","fields":{}}"#),
            None
        );
    }
}
