//! One request after the other over one connection, which is opened anew
//! whenever it is gone. Judges nothing: an answer is its status.

use std::{net::SocketAddr, time::Duration};

use axum::{
    body::{Body, to_bytes},
    http::{
        Request,
        header::{CONTENT_LENGTH, CONTENT_TYPE, HOST},
    },
};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, time::timeout};

use crate::emit;

/// How long a receiver may take.
const DEADLINE: Duration = Duration::from_secs(5);
/// The longest answer that is read.
const ANSWER_LIMIT: usize = 1 << 16;

/// Nobody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

/// A connection to the receiver.
pub struct Line {
    to: SocketAddr,
    open: Option<SendRequest<Body>>,
}

impl Line {
    /// Not connected yet.
    pub fn new(to: SocketAddr) -> Self {
        Self { to, open: None }
    }

    /// Whether somebody listens; connects where they do.
    pub async fn reaches(&mut self) -> bool {
        self.ready().await.is_some()
    }

    /// Sends a request to this path and answers with the status.
    pub async fn send(&mut self, path: &str, request: &emit::Request) -> Result<u16, NoAnswer> {
        let sent = timeout(DEADLINE, self.exchange(path, request)).await;
        let answer = sent.unwrap_or(Err(NoAnswer));
        if answer.is_err() {
            self.open = None;
        }
        answer
    }

    async fn exchange(&mut self, path: &str, request: &emit::Request) -> Result<u16, NoAnswer> {
        let request = self.written(path, request).ok_or(NoAnswer)?;
        let sender = self.ready().await.ok_or(NoAnswer)?;
        let answer = sender.send_request(request).await.map_err(|_| NoAnswer)?;
        let (head, body) = answer.into_parts();
        // Read to its end, so that the connection can be used again.
        to_bytes(Body::new(body), ANSWER_LIMIT)
            .await
            .map_err(|_| NoAnswer)?;
        Ok(head.status.as_u16())
    }

    async fn ready(&mut self) -> Option<&mut SendRequest<Body>> {
        let alive = match &mut self.open {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !alive {
            self.open = None;
            let stream = TcpStream::connect(self.to).await.ok()?;
            let (sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
            // Ends when the sender is dropped, or the receiver closes.
            tokio::spawn(connection);
            self.open = Some(sender);
        }
        self.open.as_mut()
    }

    fn written(&self, path: &str, request: &emit::Request) -> Option<Request<Body>> {
        let uri = match (request.query.as_str(), path.contains('?')) {
            ("", _) => path.to_owned(),
            (query, true) => format!("{path}&{query}"),
            (query, false) => format!("{path}?{query}"),
        };
        let mut head = Request::builder()
            .method(request.method)
            .uri(uri)
            .header(HOST, self.to.to_string());
        if let Some(content_type) = request.content_type {
            head = head
                .header(CONTENT_TYPE, content_type)
                .header(CONTENT_LENGTH, request.body.len());
        }
        head.body(Body::from(request.body.clone())).ok()
    }
}
