//! The collector's role is one folder's: of two programs on it one asks the
//! vendor, and the other does when the first is killed. Each has a token of
//! its own, so that the vendor knows them apart.

use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener},
    sync::mpsc::{self, Receiver},
    thread,
};

use rustix::process::Signal;

use crate::program::{Home, PATIENCE, Running};

/// A vendor of empty queues, which tells whose token each question has.
struct Vendor {
    address: SocketAddr,
    asked: Receiver<String>,
}

impl Vendor {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (say, asked) = mpsc::channel();
        thread::spawn(move || {
            for mut stream in listener.incoming().map_while(Result::ok) {
                let head = BufReader::new(&stream).lines().map_while(Result::ok);
                let head: Vec<String> = head.take_while(|line| !line.is_empty()).collect();
                // Whoever asked may be killed by now.
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\
                      content-length: 2\r\nconnection: close\r\n\r\n[]",
                );
                let token = head.iter().find_map(|line| line.split_once("Bearer "));
                let token = token.map(|(_, token)| token.to_owned());
                if say.send(token.unwrap_or_default()).is_err() {
                    return;
                }
            }
        });
        Self { address, asked }
    }

    /// Whose the next questions are, so many of them.
    fn next(&self, count: usize) -> BTreeSet<String> {
        let asked = || self.asked.recv_timeout(PATIENCE).unwrap();
        (0..count).map(|_| asked()).collect()
    }

    /// Waits until somebody has asked.
    fn hears_from(&self, token: &str) {
        while self.asked.recv_timeout(PATIENCE).unwrap() != token {}
    }
}

/// A program with this token that keeps its journal there.
fn collector(home: &Home, token: &str, journal: &str, vendor: &Vendor) -> Running {
    let name = format!("{token}.toml");
    home.file(
        &name,
        &format!(
            "[console]\ntime_zone = \"UTC\"\n[journal]\npath = \"{journal}\"\n[[site]]\n\
             name = \"north\"\nvendor = \"telecomx\"\nurl = \"http://{}\"\ntoken = \"{token}\"\n\
             poll = \"1s\"\nqueues = [\"q1\"]\n",
            vendor.address
        ),
    );
    Running::start(home.holdline(["collect", "--config", &name]))
}

#[test]
fn of_two_on_one_folder_one_asks_until_it_is_killed() {
    let (home, vendor) = (Home::new(), Vendor::open());
    let first = collector(&home, "first", "journal", &vendor);
    vendor.hears_from("first");
    let mut second = collector(&home, "second", "journal", &vendor);
    second.tells("another Holdline collects");
    assert_eq!(vendor.next(4), BTreeSet::from(["first".to_owned()]));
    assert_eq!(first.end(Signal::KILL).code, Some(137));
    vendor.hears_from("second");
    assert_eq!(vendor.next(2), BTreeSet::from(["second".to_owned()]));
    println!("R24 leases: 1 cases");
}

#[test]
fn control_two_without_a_lease_between_them_both_ask() {
    let (home, vendor) = (Home::new(), Vendor::open());
    let _first = collector(&home, "first", "journal", &vendor);
    vendor.hears_from("first");
    // Its folder is another one: nothing keeps it from asking as well.
    let _second = collector(&home, "second", "elsewhere", &vendor);
    vendor.hears_from("second");
    let both = BTreeSet::from(["first".to_owned(), "second".to_owned()]);
    assert_eq!(vendor.next(8), both);
}
