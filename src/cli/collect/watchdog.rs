//! Signs of life for the service manager: only while the collector has shown
//! that it works, so that one that hangs is started again.

use std::future::pending;

use tokio::time::{Duration, Instant, sleep_until};

use crate::runtime::{collect::Condition, notify::Notifier};

/// Passes on what the collector shows.
pub struct Watchdog<'a> {
    notifier: &'a Notifier,
    /// Between two signs: half of what the service manager waits.
    every: Option<Duration>,
    next: Instant,
    /// The beats that were passed on, and those seen since.
    told: u64,
    seen: u64,
    words: String,
}

impl<'a> Watchdog<'a> {
    /// One that has seen nothing yet.
    pub fn new(notifier: &'a Notifier) -> Self {
        let every = notifier.watchdog().map(|most| most / 2);
        Self {
            notifier,
            every,
            next: Instant::now() + every.unwrap_or_default(),
            told: 0,
            seen: 0,
            words: String::new(),
        }
    }

    /// The collector shows how it does.
    pub fn sees(&mut self, condition: &Condition) {
        self.seen = condition.beats;
        let words = condition.words();
        if words != self.words {
            self.notifier.status(&words);
            self.words = words;
        }
    }

    /// Waits until a sign is due; for ever where nobody wants one.
    pub async fn due(&self) {
        match self.every {
            Some(_) => sleep_until(self.next).await,
            None => pending().await,
        }
    }

    /// Gives a sign if there is a reason to.
    pub fn barks(&mut self) {
        self.next = Instant::now() + self.every.unwrap_or_default();
        if self.seen != self.told {
            self.told = self.seen;
            self.notifier.alive();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixDatagram;

    use super::*;

    fn heard(manager: &UnixDatagram) -> Vec<String> {
        let mut all = Vec::new();
        let mut datagram = [0; 256];
        while let Ok(length) = manager.recv(&mut datagram) {
            all.push(String::from_utf8(datagram[..length].to_vec()).unwrap());
        }
        all
    }

    #[tokio::test(start_paused = true)]
    async fn a_collector_that_shows_no_life_is_given_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify");
        let manager = UnixDatagram::bind(&path).unwrap();
        manager.set_nonblocking(true).unwrap();
        let notifier = Notifier::of(|name| match name {
            "NOTIFY_SOCKET" => Some(path.to_str().unwrap().to_owned()),
            "WATCHDOG_USEC" => Some("20000000".to_owned()),
            _ => None,
        });
        let mut watchdog = Watchdog::new(&notifier);
        let began = Instant::now();
        let mut condition = Condition {
            collects: true,
            feeds: 1,
            ..Condition::default()
        };
        for works in [true, true, false, false, true] {
            condition.beats += u64::from(works);
            watchdog.sees(&condition);
            watchdog.due().await;
            watchdog.barks();
        }
        assert_eq!(began.elapsed().as_secs(), 50);
        let status = "STATUS=collecting from 1 feed";
        assert_eq!(
            heard(&manager),
            [status, "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]
        );
    }
}
