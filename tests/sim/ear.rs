//! A receiver of a few lines: what is pushed to it, as bytes.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// Longer than anything takes: only a hang meets it.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A request as it came.
pub struct Came {
    pub line: String,
    pub head: String,
    pub body: String,
}

/// Answers everything with this status, and hands on what came.
pub struct Ear {
    pub address: SocketAddr,
    heard: mpsc::UnboundedReceiver<Came>,
}

impl Ear {
    pub async fn at(address: SocketAddr, status: &'static str) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (say, heard) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(hear(stream, say.clone(), status));
            }
        });
        Self { address, heard }
    }

    pub async fn new(status: &'static str) -> Self {
        Self::at("127.0.0.1:0".parse().unwrap(), status).await
    }

    pub fn all(&mut self) -> Vec<Came> {
        std::iter::from_fn(|| self.heard.try_recv().ok()).collect()
    }
}

async fn hear(mut stream: TcpStream, say: mpsc::UnboundedSender<Came>, status: &str) {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let head = String::from_utf8(head).unwrap();
        let length = head
            .lines()
            .find_map(|l| l.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |n| n.parse().unwrap())];
        stream.read_exact(&mut body).await.unwrap();
        let (line, _) = head.split_once("\r\n").unwrap();
        let came = Came {
            line: line.to_owned(),
            body: String::from_utf8(body).unwrap(),
            head,
        };
        say.send(came).unwrap();
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
    }
}
