//! Takes webhooks, and stores nothing: who called a queue last is remembered.

use std::{
    io::{self, BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use serde_json::Value;

/// Who called a queue last.
#[derive(Clone, Default)]
pub struct Last(Arc<Mutex<String>>);

impl Last {
    /// The number.
    pub fn number(&self) -> String {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn heard(&self, body: &[u8]) {
        let event: Value = serde_json::from_slice(body).unwrap_or_default();
        if event["event"] == "call:start"
            && let Some(number) = event["cid_num"].as_str()
        {
            number.clone_into(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Listens on a thread of its own.
pub fn listen(port: u16) -> io::Result<Last> {
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    let last = Last::default();
    let heard = last.clone();
    thread::spawn(move || {
        for line in listener.incoming().flatten() {
            let last = heard.clone();
            thread::spawn(move || serve(line, &last));
        }
    });
    Ok(last)
}

fn serve(line: TcpStream, last: &Last) -> Option<()> {
    line.set_nodelay(true).ok()?;
    let mut to = line.try_clone().ok()?;
    let mut from = BufReader::new(line);
    loop {
        let body = request(&mut from)?;
        last.heard(&body);
        to.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .ok()?;
    }
}

/// Reads a request; its body.
fn request(from: &mut impl BufRead) -> Option<Vec<u8>> {
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        from.read_line(&mut line).ok().filter(|n| *n > 0)?;
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body).ok()?;
    Some(body)
}
