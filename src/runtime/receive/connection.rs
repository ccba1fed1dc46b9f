//! One connection: hyper speaks HTTP, a watch closes it when it goes on for
//! too long, has to make room or is told to stop.

use std::{convert::Infallible, net::IpAddr, pin::pin, sync::Arc};

use axum::body::Body;
use hyper::{
    Request, Response,
    body::Incoming,
    header::{ALLOW, CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use super::{
    body::{self, Cut},
    crowd::Seat,
    limits::Limits,
    pulse::{Line, Pulse},
    stopped,
};
use crate::collector::receiver::{
    Asked, BODY_LIMIT, Receiver,
    reply::{Reason, Reply},
};

/// Serves a connection to its end.
pub async fn serve(
    stream: TcpStream,
    peer: IpAddr,
    receiver: &Arc<Receiver>,
    seat: &Seat,
    limits: Arc<Limits>,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are small and should not wait for more.
    let _ = stream.set_nodelay(true);
    let pulse = &seat.pulse;
    let service = {
        let (receiver, pulse, limits) = (receiver.clone(), pulse.clone(), limits.clone());
        service_fn(move |request| {
            let (receiver, pulse, limits) = (receiver.clone(), pulse.clone(), limits.clone());
            async move {
                Ok::<_, Infallible>(request_of(request, peer, &receiver, &pulse, &limits).await)
            }
        })
    };
    // Of header lines it takes 100, of its own accord.
    let connection = http1::Builder::new()
        .max_buf_size(limits.head_bytes)
        // Else it looks out for the sender's end while a request is under way,
        // into 8 KiB of its own, as the body still lies where it reads.
        .half_close(true)
        // Heads and bodies are a few bytes: one piece is sent sooner than two.
        .writev(false)
        .serve_connection(TokioIo::new(Line::new(stream, pulse.clone())), service);
    let mut connection = pin!(connection);
    let mut stopping = false;
    loop {
        tokio::select! {
            biased;
            // What went wrong on it is the sender's affair.
            _ = connection.as_mut() => return,
            () = pulse.evicted() => return,
            () = sleep_until(pulse.look()) => if pulse.is_late() {
                return;
            },
            () = stopped(&mut stop), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// Says that there are too many, to whom no room can be made.
pub fn turn_away(stream: &TcpStream) {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 5\r\n\
        content-length: 0\r\nconnection: close\r\n\r\n";
    // It is about to be closed anyway.
    let _ = stream.try_write(BUSY);
}

async fn request_of(
    request: Request<Incoming>,
    peer: IpAddr,
    receiver: &Receiver,
    pulse: &Pulse,
    limits: &Limits,
) -> Response<Body> {
    let may_go_on = pulse.works();
    let reply = answer(request, peer, receiver, limits).await;
    let mut response = response(reply);
    if !may_go_on {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    pulse.rests();
    response
}

async fn answer(
    request: Request<Incoming>,
    peer: IpAddr,
    receiver: &Receiver,
    limits: &Limits,
) -> Reply {
    let began = Instant::now();
    let (head, body) = request.into_parts();
    let call = match receiver.ask(peer, &head) {
        Asked::Answer(reply) => return reply,
        Asked::Body(call) => call,
    };
    // Head and body lie in what hyper read into. Where nobody holds that any
    // more while it waits for us, it reads on there, and needs no other.
    drop(head);
    let body = match timeout(limits.body, body::read(body, BODY_LIMIT)).await {
        Ok(Ok(body)) => body,
        Ok(Err(Cut::TooLarge)) => return receiver.refuse(&call, Reason::TooLarge),
        Ok(Err(Cut::BrokenOff)) => return receiver.refuse(&call, Reason::BrokenOff),
        Err(_) => return receiver.refuse(&call, Reason::TooSlow),
    };
    match timeout(limits.store, receiver.take(&call, body)).await {
        Ok(reply) => {
            if reply.is_accepted() {
                receiver.took(began.elapsed());
            }
            reply
        }
        Err(_) => receiver.late(&call, limits.store),
    }
}

fn response(reply: Reply) -> Response<Body> {
    let mut response = Response::new(match reply.body {
        std::borrow::Cow::Borrowed(text) => Body::from(text),
        std::borrow::Cow::Owned(text) => Body::from(text),
    });
    // Only statuses that exist are used.
    *response.status_mut() = reply.status.try_into().unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    if let Some(seconds) = reply.retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if let Some(methods) = reply.allow {
        headers.insert(ALLOW, HeaderValue::from_static(methods));
    }
    response
}
