//! How much of everything a sender may have, and how long.

use std::time::Duration;

use ipnet::IpNet;

/// The limits of a receiver.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Open connections.
    pub connections: usize,
    /// Of these, from one address, or one IPv6 network of 64 bits; loopback
    /// and trusted proxies speak for many and may have all.
    pub each: usize,
    /// Proxies whose addresses may have all connections.
    pub trusted: Vec<IpNet>,
    /// A whole head must come within this, from its first byte or, on a new
    /// connection, from the beginning.
    pub head: Duration,
    /// The body, from the head's end.
    pub body: Duration,
    /// Storing what it holds.
    pub store: Duration,
    /// A sender must go on reading its answer within this.
    pub write: Duration,
    /// A connection may rest so long between two requests. Longer than
    /// proxies keep theirs (nginx: 60 s), or a request would meet a connection
    /// that is being closed.
    pub idle: Duration,
    /// Requests on one connection.
    pub requests: u32,
    /// Bytes of one head; more than enough for a GET with every variable.
    pub head_bytes: usize,
}

impl Limits {
    /// The limits of everyday, with these proxies trusted.
    #[must_use]
    pub fn trusting(trusted: Vec<IpNet>) -> Self {
        Self {
            connections: 512,
            each: 64,
            trusted,
            head: Duration::from_secs(10),
            body: Duration::from_secs(10),
            store: Duration::from_secs(5),
            write: Duration::from_secs(10),
            idle: Duration::from_secs(75),
            requests: 10_000,
            head_bytes: 32 * 1024,
        }
    }
}
