//! Carries requests and replies over HTTP/1.1, and breaks off where a fault
//! says so: a connection can be taken from hyper's hands in the middle of a
//! request.

use std::{convert::Infallible, future::poll_fn, pin::Pin, sync::Arc, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Request, Response, header::CONTENT_LENGTH},
};
use futures_util::stream;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinSet,
};

use super::{
    desk::Desk,
    http::{Asked, Reply},
    spoil::Sent,
};

/// The largest request body that is read.
const BODY_LIMIT: usize = 1 << 20;

/// Serves until dropped; its connections end with it.
pub async fn serve(listener: TcpListener, desk: Arc<Desk>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, Arc::clone(&desk)));
                }
                // Out of file handles: give the others time to end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// How a connection is broken off.
enum BreakOff {
    /// After these bytes.
    After(Vec<u8>),
    /// By a reset.
    Reset,
}

async fn connection(stream: TcpStream, desk: Arc<Desk>) {
    let (break_off, mut broken_off) = mpsc::channel(1);
    let service = service_fn(move |request| {
        let (desk, break_off) = (Arc::clone(&desk), break_off.clone());
        let answer: Pin<Box<dyn Future<Output = _> + Send>> =
            Box::pin(async move { respond(&desk, request, &break_off).await });
        answer
    });
    let mut conn = http1::Builder::new()
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service);
    let how = tokio::select! {
        biased;
        Some(how) = broken_off.recv() => how,
        _ = poll_fn(|cx| conn.poll_without_shutdown(cx)) => BreakOff::After(Vec::new()),
    };
    let mut stream = conn.into_parts().io.into_inner();
    // The client may be gone already; there is nobody to tell.
    let _ = match how {
        BreakOff::Reset => stream.set_zero_linger(),
        BreakOff::After(bytes) => match stream.write_all(&bytes).await {
            Ok(()) => stream.shutdown().await,
            gone => gone,
        },
    };
}

async fn respond(
    desk: &Desk,
    request: Request<Incoming>,
    break_off: &mpsc::Sender<BreakOff>,
) -> Result<Response<Body>, Infallible> {
    let (head, body) = request.into_parts();
    let how = match to_bytes(Body::new(body), BODY_LIMIT).await {
        Err(_) => BreakOff::After(Vec::new()),
        Ok(body) => {
            let asked = Asked {
                method: head.method,
                uri: head.uri,
                headers: head.headers,
                body,
            };
            match desk.answer(asked).await {
                Sent::Whole(reply) => return Ok(response(reply, Body::from)),
                Sent::Trickle(reply, every) => {
                    return Ok(response(reply, |body| trickle(body, every)));
                }
                Sent::Raw(bytes) => BreakOff::After(bytes),
                Sent::Reset => BreakOff::Reset,
                Sent::Nothing => std::future::pending().await,
            }
        }
    };
    let _ = break_off.send(how).await;
    std::future::pending().await
}

fn response(reply: Reply, body: impl FnOnce(Bytes) -> Body) -> Response<Body> {
    let mut response = Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    if reply.status != 204 {
        response = response.header(CONTENT_LENGTH, reply.body.len());
    }
    response.body(body(reply.body)).unwrap_or_else(|e| {
        // A fault asked for a status or a header that HTTP does not know.
        let mut sorry = Response::new(Body::from(format!("The simulator cannot say that: {e}.\n")));
        *sorry.status_mut() = axum::http::StatusCode::NOT_IMPLEMENTED;
        sorry
    })
}

/// The body four bytes at a time.
fn trickle(body: Bytes, every: Duration) -> Body {
    Body::from_stream(stream::unfold(body, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(every).await;
        let piece = rest.split_to(rest.len().min(4));
        Some((Ok::<_, Infallible>(piece), rest))
    }))
}
