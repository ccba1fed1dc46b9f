//! How the collecting task does, for who watches over it: a service manager
//! that restarts what hangs. Data only.

/// How the collecting task does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    /// Grows whenever the task has shown that it works: the journal took what
    /// it wrote and the receiver lives, or another process has the role.
    pub beats: u64,
    /// Whether this process collects.
    pub collects: bool,
    /// How many feeds there are, polled or pushed.
    pub feeds: usize,
    /// How many of them have trouble.
    pub failing: usize,
}

impl Condition {
    /// The same in a few words.
    #[must_use]
    pub fn words(&self) -> String {
        let feeds = match self.feeds {
            1 => "1 feed".to_owned(),
            n => format!("{n} feeds"),
        };
        match (self.collects, self.failing) {
            (false, _) => "another Holdline collects; waiting to take over".to_owned(),
            (true, 0) => format!("collecting from {feeds}"),
            (true, failing) => format!("collecting from {feeds}, {failing} in trouble"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_in_words() {
        let of = |collects, feeds, failing| {
            let condition = Condition {
                beats: 1,
                collects,
                feeds,
                failing,
            };
            condition.words()
        };
        assert_eq!(of(true, 1, 0), "collecting from 1 feed");
        assert_eq!(of(true, 3, 2), "collecting from 3 feeds, 2 in trouble");
        assert!(of(false, 0, 0).starts_with("another Holdline collects"));
    }
}
