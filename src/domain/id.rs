//! Opaque ids. A vendor's id is kept as it was sent: no length, shape or case
//! is assumed (TelecomX documents 24 hex digits and prints 22).

use std::{borrow::Borrow, fmt, sync::Arc};

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text, as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<S: Into<Arc<str>>> From<S> for $name {
            fn from(text: S) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

id!(
    /// The name a site has in the configuration; unique there.
    SiteName
);
id!(
    /// A queue's id at its vendor.
    QueueId
);
id!(
    /// A waiting caller's id at the vendor. TelecomX: `<channel>-<hostname>`,
    /// which must not be taken apart: both halves may hold a `-`.
    CallerId
);
id!(
    /// A scheduled callback's id: the vendor's, or one made from its content.
    CallbackId
);
id!(
    /// An agent's id at the vendor. Contaqt: `user_id`.
    AgentId
);
id!(
    /// An extension's id at the vendor (Telphin), not its short number. A
    /// phone's is its agent's too, a queue's is the queue's.
    ExtensionId
);
id!(
    /// A call's id at the vendor, the same for all its legs. Contaqt:
    /// `call_id`; Telphin: `CallID`.
    CallId
);
id!(
    /// The id of one leg of a call. Contaqt: `id`; Telphin: `SubCallID`.
    LegId
);
