//! A server of a few lines that answers every request as it is told.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
};

/// Serves until the test ends.
pub struct Stub {
    pub url: String,
}

impl Stub {
    /// `answer` is given each request's head.
    pub fn serve(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::hearing(move |head, _| answer(head))
    }

    /// `answer` is given each request's head and body.
    pub fn hearing(answer: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answer = Arc::new(answer);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let answer = answer.clone();
                thread::spawn(move || converse(stream, &*answer));
            }
        });
        Self { url }
    }

    /// The same JSON for everything.
    pub fn json(body: &str) -> Self {
        let reply = reply("200 OK", &["content-type: application/json"], body);
        Self::serve(move |_| reply.clone())
    }
}

fn converse(mut stream: TcpStream, answer: &dyn Fn(&str, &str) -> Vec<u8>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    // A body left unread would reset the connection under the answer.
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |n| n.parse().unwrap())];
    if stream.read_exact(&mut body).is_ok() {
        let body = String::from_utf8_lossy(&body);
        // The client may have given up: that is its affair.
        let _ = stream.write_all(&answer(&head, &body));
    }
}

/// An answer with this status and these further header lines.
pub fn reply(status: &str, headers: &[&str], body: &str) -> Vec<u8> {
    let length = format!("content-length: {}", body.len());
    let mut lines = vec![format!("HTTP/1.1 {status}"), "connection: close".to_owned()];
    lines.extend(headers.iter().map(|header| (*header).to_owned()));
    lines.extend([length, String::new(), body.to_owned()]);
    lines.join("\r\n").into_bytes()
}

/// The body of a GET with this header line.
pub fn get(url: &str, header: &str) -> String {
    answer(url, header).1
}

/// Head and body of the answer to a GET with this header line.
pub fn answer(url: &str, header: &str) -> (String, String) {
    let mut stream = begun("GET", url, &format!("connection: close\r\n{header}"));
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn begun(method: &str, url: &str, headers: &str) -> TcpStream {
    let (host, path) = url
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    let head = format!("{method} /{path} HTTP/1.1\r\nhost: {host}\r\n{headers}\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream
}

/// A POST with this JSON, its answer not looked at.
pub fn post(url: &str, json: &str) {
    let head = format!("content-length: {}\r\nconnection: close", json.len());
    let mut stream = begun("POST", url, &head);
    stream.write_all(json.as_bytes()).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
}

/// A GET that was sent and whose answer is not waited for.
pub fn open(url: &str) -> TcpStream {
    begun("GET", url, "x-test: 1")
}
