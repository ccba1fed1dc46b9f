//! What is answered, and why a request was turned away. Pure.

use std::borrow::Cow;

/// An answer: a status and one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The sentence, or what was asked for.
    pub body: Cow<'static, str>,
    /// After how many seconds to try again.
    pub retry_after: Option<u32>,
    /// The methods that may be used instead.
    pub allow: Option<&'static str>,
    /// The body's type.
    pub content_type: &'static str,
}

impl Reply {
    /// A status and a sentence.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            body: body.into(),
            retry_after: None,
            allow: None,
            content_type: "text/plain; charset=utf-8",
        }
    }

    /// It cannot be stored now.
    #[must_use]
    pub fn unavailable(body: impl Into<Cow<'static, str>>) -> Self {
        Self {
            retry_after: Some(RETRY_AFTER),
            ..Self::new(503, body)
        }
    }

    /// Whether what was sent is on disk.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        self.status == 200
    }
}

/// Seconds after which a sender may try again.
const RETRY_AFTER: u32 = 5;

/// Why a request was turned away: one word for counting, one clause for
/// people, one status for the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// No site of that name has webhooks.
    NoSite,
    /// The secret is not the site's.
    WrongSecret,
    /// It came from an address that the site does not allow.
    Address,
    /// Neither GET nor POST.
    Method,
    /// The body is longer than allowed.
    TooLarge,
    /// The body did not come in time.
    TooSlow,
    /// The sender broke off.
    BrokenOff,
    /// The vendor's own check: not readable as its webhook.
    Unreadable,
    /// An invented event at a production site.
    Injected,
}

impl Reason {
    /// All of them.
    pub const ALL: [Reason; 9] = [
        Self::NoSite,
        Self::WrongSecret,
        Self::Address,
        Self::Method,
        Self::TooLarge,
        Self::TooSlow,
        Self::BrokenOff,
        Self::Unreadable,
        Self::Injected,
    ];

    /// The word it is counted by.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NoSite => "no_site",
            Self::WrongSecret => "wrong_secret",
            Self::Address => "address",
            Self::Method => "method",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::BrokenOff => "broken_off",
            Self::Unreadable => "unreadable",
            Self::Injected => "injected",
        }
    }

    /// Why, as a clause for people.
    #[must_use]
    pub fn clause(self) -> &'static str {
        match self {
            Self::NoSite => "no such site, or no secret in the path",
            Self::WrongSecret => "wrong secret",
            Self::Address => "sent from an address that allow_from does not list",
            Self::Method => "neither GET nor POST",
            Self::TooLarge => "the body is longer than 64 KiB",
            Self::TooSlow => "the body did not come in time",
            Self::BrokenOff => "the sender broke off within the body",
            Self::Unreadable => "not readable",
            Self::Injected => "an invented event for a production site",
        }
    }

    /// What the sender is told.
    pub(super) fn reply(self) -> Reply {
        match self {
            // Alike, so that nobody learns which sites there are.
            Self::NoSite | Self::WrongSecret => Reply::not_found(),
            Self::Address => Reply::new(403, "This address may not send here.\n"),
            Self::Method => Reply {
                allow: Some("GET, HEAD, POST"),
                ..Reply::new(405, "Send webhooks with GET or POST.\n")
            },
            Self::TooLarge => {
                Reply::new(413, "The body is longer than 64 KiB; send less at once.\n")
            }
            Self::TooSlow => Reply::new(408, "The body did not come in time; send it again.\n"),
            Self::BrokenOff => Reply::new(400, "The body broke off; send it again.\n"),
            Self::Unreadable => Reply::new(400, "Not readable as a webhook.\n"),
            Self::Injected => Reply::new(
                403,
                "This is a production site: invented events are not taken.\n",
            ),
        }
    }
}

impl Reply {
    pub(super) fn not_found() -> Self {
        Self::new(404, "Nothing here.\n")
    }
}
