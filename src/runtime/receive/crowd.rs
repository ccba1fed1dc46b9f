//! How many connections there are, in all and from one address. Where there
//! are too many, who does nothing makes room: the newest may be the one that
//! has something to say.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{limits::Limits, pulse::Pulse};

/// The connections that are open.
#[derive(Debug)]
pub struct Crowd {
    limits: Arc<Limits>,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    next: u64,
    members: BTreeMap<u64, Member>,
}

#[derive(Debug)]
struct Member {
    /// None where its address may have all.
    address: Option<IpAddr>,
    pulse: Arc<Pulse>,
    /// It was told to go.
    leaves: bool,
}

/// A place among the connections, given back when it is dropped.
#[derive(Debug)]
pub struct Seat {
    crowd: Arc<Crowd>,
    number: u64,
    /// The connection's pulse.
    pub pulse: Arc<Pulse>,
}

/// What came of the wish to enter.
#[derive(Debug)]
pub struct Entry {
    /// The place.
    pub seat: Seat,
    /// Whether another had to go for it.
    pub crowded_out: bool,
}

impl Crowd {
    /// Nobody yet.
    #[must_use]
    pub fn new(limits: Arc<Limits>) -> Self {
        Self {
            limits,
            inside: Mutex::default(),
        }
    }

    /// A place for a connection from this address; `None` where all that are
    /// there are at work.
    pub fn enter(self: &Arc<Self>, from: IpAddr) -> Option<Entry> {
        let address = self.counted(from);
        let mut inside = self.inside();
        let same = |member: &Member| address.is_some() && member.address == address;
        let crowded_out = if inside.count(same) >= self.limits.each {
            inside.send_one_away(same)?;
            true
        } else if inside.count(|_| true) >= self.limits.connections {
            inside.send_one_away(|_| true)?;
            true
        } else {
            false
        };
        let pulse = Arc::new(Pulse::new(self.limits.clone()));
        let number = inside.next;
        inside.next += 1;
        let member = Member {
            address,
            pulse: pulse.clone(),
            leaves: false,
        };
        inside.members.insert(number, member);
        let seat = Seat {
            crowd: self.clone(),
            number,
            pulse,
        };
        Some(Entry { seat, crowded_out })
    }

    /// Sends away who can best be spared, if anybody can.
    pub fn make_room(&self) {
        self.inside().send_one_away(|_| true);
    }

    /// By what an address is counted; none if it may have all.
    fn counted(&self, from: IpAddr) -> Option<IpAddr> {
        let from = from.to_canonical();
        let is_trusted = self.limits.trusted.iter().any(|net| net.contains(&from));
        if from.is_loopback() || is_trusted {
            return None;
        }
        Some(match from {
            IpAddr::V4(_) => from,
            // Who has one address of such a network has all of them.
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                Ipv6Addr::from_bits(network).into()
            }
        })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inside {
    fn count(&self, which: impl Fn(&Member) -> bool) -> usize {
        let stays = |member: &&Member| !member.leaves && which(member);
        self.members.values().filter(stays).count()
    }

    fn send_one_away(&mut self, which: impl Fn(&Member) -> bool) -> Option<()> {
        let spare = |member: &mut Member| {
            let may = !member.leaves && which(member);
            may.then(|| member.pulse.spare()).flatten()
        };
        let (_, member) = self
            .members
            .values_mut()
            .filter_map(|member| Some((spare(member)?, member)))
            .max_by_key(|(spare, _)| *spare)?;
        member.leaves = true;
        member.pulse.evict();
        Some(())
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.inside().members.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn crowd(connections: usize, each: usize) -> Arc<Crowd> {
        let limits = Limits {
            connections,
            each,
            ..Limits::trusting(vec!["10.0.0.0/8".parse().unwrap()])
        };
        Arc::new(Crowd::new(Arc::new(limits)))
    }

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn has_to_go(seat: &Seat) -> bool {
        seat.pulse.evicted().now_or_never().is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn who_never_spoke_goes_first_then_who_rests_the_longest() {
        let crowd = crowd(3, 9);
        let mut seats = Vec::new();
        for i in 0..3 {
            seats.push(crowd.enter(at(&format!("192.0.2.{i}"))).unwrap().seat);
            tokio::time::advance(std::time::Duration::from_secs(1)).await;
        }
        for spoke in [&seats[0], &seats[2]] {
            spoke.pulse.works();
            spoke.pulse.rests();
            tokio::time::advance(std::time::Duration::from_secs(1)).await;
        }
        let fourth = crowd.enter(at("192.0.2.9")).unwrap();
        assert!(fourth.crowded_out && has_to_go(&seats[1]));
        fourth.seat.pulse.works();
        let fifth = crowd.enter(at("192.0.2.9")).unwrap();
        assert!(has_to_go(&seats[0]) && !has_to_go(&seats[2]));
        fifth.seat.pulse.works();
        seats[2].pulse.works();
        assert!(crowd.enter(at("192.0.2.9")).is_none(), "all are at work");
        drop(fourth);
        assert!(!crowd.enter(at("192.0.2.9")).unwrap().crowded_out);
    }

    #[tokio::test]
    async fn one_address_has_its_share_and_a_proxy_has_all() {
        let crowd = crowd(9, 2);
        let one = crowd.enter(at("2001:db8::1")).unwrap();
        let _two = crowd.enter(at("2001:db8::2")).unwrap();
        let three = crowd.enter(at("2001:db8::3")).unwrap();
        assert!(three.crowded_out && has_to_go(&one.seat));
        assert!(!crowd.enter(at("2001:db8:0:1::1")).unwrap().crowded_out);
        let proxied: Vec<_> = (0..3)
            .map(|_| crowd.enter(at("10.1.1.1")).unwrap())
            .collect();
        assert!(proxied.iter().all(|entry| !entry.crowded_out));
        let local: Vec<_> = (0..3)
            .map(|_| crowd.enter(at("127.0.0.1")).unwrap())
            .collect();
        assert!(local.iter().all(|entry| !entry.crowded_out));
    }
}
