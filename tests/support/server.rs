//! A server of a few lines that answers as it is told, byte for byte, and
//! remembers what it was asked; and a clock that is moved by hand.

use std::{
    io::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use flate2::{Compression, write::GzEncoder};
use holdline::domain::time::{At, Clock};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What the server does with a request.
pub enum Reply {
    /// Sends these bytes and closes.
    Bytes(Vec<u8>),
    /// Stops the clock of tokio, which then jumps to the next deadline, and
    /// never answers.
    Hang,
    /// Resets the connection.
    Reset,
    /// Sends so many bytes at once and the rest one a second, on a clock that
    /// jumps.
    Trickle(Vec<u8>, usize),
}

pub struct Stub {
    pub url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Stub {
    /// Serves on a free port of loopback; `answer` gets the request as text.
    pub async fn serve(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), asked.clone());
        let frozen = Arc::<AtomicBool>::default();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(
                    stream,
                    answer.clone(),
                    log.clone(),
                    frozen.clone(),
                ));
            }
        });
        Self { url, asked }
    }

    /// The same answer to everything.
    pub async fn always(reply: Vec<u8>) -> Self {
        Self::serve(move |_| Reply::Bytes(reply.clone())).await
    }

    /// The requests so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// How many requests began like this.
    pub fn count(&self, start: &str) -> usize {
        self.asked().iter().filter(|r| r.starts_with(start)).count()
    }
}

async fn converse(
    mut stream: TcpStream,
    answer: Arc<impl Fn(&str) -> Reply>,
    log: Arc<Mutex<Vec<String>>>,
    frozen: Arc<AtomicBool>,
) {
    let Some(request) = read(&mut stream).await else {
        return;
    };
    log.lock().unwrap().push(request.clone());
    let freeze = || {
        if !frozen.swap(true, Ordering::SeqCst) {
            tokio::time::pause();
        }
    };
    match answer(&request) {
        Reply::Bytes(bytes) => {
            // The client may have given up: that is its affair.
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        Reply::Hang => {
            freeze();
            std::future::pending::<()>().await;
        }
        Reply::Reset => {
            let _ = stream.set_zero_linger();
        }
        Reply::Trickle(bytes, at_once) => {
            freeze();
            let (first, rest) = bytes.split_at(at_once.min(bytes.len()));
            let _ = stream.write_all(first).await;
            let mut seconds = tokio::time::interval(Duration::from_secs(1));
            seconds.tick().await;
            for byte in rest {
                seconds.tick().await;
                let _ = stream.write_all(&[*byte]).await;
            }
        }
    }
}

/// One request with its body; `None` if the client went away before.
async fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length: "))
                .map_or(0, |n| n.parse().unwrap());
            if body.len() >= length {
                return Some(text);
            }
        }
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer).await {
            Ok(n) if n > 0 => bytes.extend_from_slice(&buffer[..n]),
            _ => return None,
        }
    }
}

/// An answer with this status and these further header lines.
pub fn reply(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for header in headers {
        head.push_str(header);
        head.push_str("\r\n");
    }
    let length = format!("content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), length.as_bytes(), body].concat()
}

/// A good answer with this JSON.
pub fn json(body: impl AsRef<[u8]>) -> Vec<u8> {
    reply("200 OK", &["content-type: application/json"], body)
}

/// The same bytes, compressed.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A clock that is moved by hand.
#[derive(Clone, Default)]
pub struct Hands(Arc<AtomicI64>);

impl Hands {
    pub fn clock(&self) -> Clock {
        let ms = self.0.clone();
        Arc::new(move || At(ms.load(Ordering::SeqCst)))
    }

    pub fn set(&self, seconds: i64) {
        self.set_ms(seconds * 1_000);
    }

    pub fn set_ms(&self, ms: i64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}

pub const DEADLINE: Duration = Duration::from_secs(10);
