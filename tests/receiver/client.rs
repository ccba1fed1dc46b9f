//! Senders: bytes out, an answer back, each read with a deadline.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::program::PATIENCE;

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// A connection that is kept.
pub struct Line {
    pub stream: TcpStream,
    read: Vec<u8>,
}

impl Line {
    pub fn to(address: SocketAddr) -> Self {
        Self::try_to(address).unwrap()
    }

    pub fn try_to(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::new(),
        })
    }

    /// Writes; that the other side has closed is its answer's to tell.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> bool {
        self.stream.write_all(bytes.as_ref()).is_ok()
    }

    /// The next answer; `None` if the connection ended before.
    pub fn answer(&mut self) -> Option<Answer> {
        self.whole(true)
    }

    /// The next answer to a HEAD, which has no body.
    pub fn head(&mut self) -> Option<Answer> {
        self.whole(false)
    }

    fn whole(&mut self, has_body: bool) -> Option<Answer> {
        loop {
            if let Some(answer) = self.so_far(has_body) {
                return Some(answer);
            }
            let mut some = [0; 8192];
            match self.stream.read(&mut some) {
                Ok(0) => return None,
                Ok(n) => self.read.extend_from_slice(&some[..n]),
                Err(e) if is_timeout(&e) => panic!("no answer in time"),
                Err(_) => return None,
            }
        }
    }

    fn so_far(&mut self, has_body: bool) -> Option<Answer> {
        let end = self.read.windows(4).position(|w| w == b"\r\n\r\n")? + 4;
        let head = String::from_utf8_lossy(&self.read[..end]).into_owned();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .filter(|_| has_body)
            .map_or(0, |n| n.parse().unwrap());
        let body = self.read.get(end..end + length)?;
        let answer = Answer {
            status: head.split(' ').nth(1)?.parse().unwrap(),
            body: String::from_utf8_lossy(body).into_owned(),
            head,
        };
        self.read.drain(..end + length);
        Some(answer)
    }

    /// Whether nothing comes within this.
    pub fn is_silent(&mut self, within: Duration) -> bool {
        self.stream.set_read_timeout(Some(within)).unwrap();
        let silent = match self.stream.peek(&mut [0]) {
            Err(e) => is_timeout(&e),
            Ok(_) => false,
        };
        self.stream.set_read_timeout(Some(PATIENCE)).unwrap();
        silent
    }

    /// Waits until the other side closes.
    pub fn is_closed(&mut self) -> bool {
        let mut some = [0; 8192];
        loop {
            match self.stream.read(&mut some) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(e) => return !is_timeout(&e),
            }
        }
    }
}

fn is_timeout(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// A POST of this body.
pub fn post(path: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: h\r\n{headers}content-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A request without a body.
pub fn ask(method: &str, path: &str, headers: &str) -> Vec<u8> {
    format!("{method} {path} HTTP/1.1\r\nhost: h\r\n{headers}\r\n").into_bytes()
}

pub const JSON: &str = "content-type: application/json\r\n";
pub const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

/// One request on a connection of its own.
pub fn send(address: SocketAddr, request: impl AsRef<[u8]>) -> Answer {
    let mut line = Line::to(address);
    line.say(request);
    line.answer().unwrap()
}

/// A call's event, told from others by its leg.
pub fn ring(leg: &str) -> String {
    format!(
        r#"{{"event":"call:ring","id":"{leg}","call_id":"{leg}","ts":1767225600,"type":"queue","dst_user_id":"17"}}"#
    )
}
