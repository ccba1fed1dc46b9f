//! Carries webhooks to the receiver: listens, keeps slow and hostile senders
//! from holding it, and puts a deadline to everything. What a request means is
//! `collector::receiver`'s.
//!
//! * [`limits`]: how much of everything, and how long
//! * `crowd`: how many connections, and who makes room
//! * `pulse`: until when a connection may go on as it does
//! * `connection`: one connection, by hyper; `body`: a body, not too long

mod body;
mod connection;
mod crowd;
pub mod limits;
mod pulse;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
    time::{MissedTickBehavior, interval, sleep, timeout},
};

use crate::{collector::receiver::Receiver, config::Config};
use crowd::Crowd;
use limits::Limits;

/// Between two tries to listen.
const TRY: Duration = Duration::from_secs(1);
/// After no connection could be accepted.
const AFTER_TROUBLE: Duration = Duration::from_millis(50);
/// What is under way may end within this when we are told to stop.
const FAREWELL: Duration = Duration::from_millis(500);
/// Between two of the receiver's beats.
const TICK: Duration = Duration::from_secs(1);

/// A receiver at work. Dropped, it ends at once.
pub struct Receiving {
    receiver: Arc<Receiver>,
    stop: watch::Sender<bool>,
    work: JoinHandle<()>,
}

/// Where to listen, and what for.
#[derive(Clone, Debug)]
pub struct Place {
    listen: SocketAddr,
    limits: Limits,
}

impl Place {
    /// The place that the configuration names.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let trusted = config.receiver.trusted_proxies.clone();
        Self::at(config.receiver.listen, Limits::trusting(trusted))
    }

    /// An address and limits.
    #[must_use]
    pub fn at(listen: SocketAddr, limits: Limits) -> Self {
        Self { listen, limits }
    }
}

impl Receiving {
    /// Listens, and receives until it is stopped. Where it cannot listen now
    /// it tries on; the receiver's health says so.
    pub async fn begin(receiver: Receiver, place: Place) -> Self {
        let receiver = Arc::new(receiver);
        let (stop, stopping) = watch::channel(false);
        let listener = listen(&receiver, place.listen).await;
        let work = tokio::spawn(work(listener, receiver.clone(), place, stopping));
        Self {
            receiver,
            stop,
            work,
        }
    }

    /// The receiver.
    #[must_use]
    pub fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    /// Whether it has ended without being told to.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        self.work.is_finished()
    }

    /// Takes no more, and lets what is under way come to its end if that is
    /// soon. Answers the receiver as it was left.
    pub async fn stop(mut self) -> Arc<Receiver> {
        let _ = self.stop.send(true);
        let _ = (&mut self.work).await;
        // Who was turned away last.
        let _ = timeout(FAREWELL, self.receiver.tick()).await;
        self.receiver.ends();
        self.receiver.clone()
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        self.work.abort();
    }
}

/// Listens, or tells the receiver why it cannot.
async fn listen(receiver: &Receiver, at: SocketAddr) -> Option<TcpListener> {
    let bound = TcpListener::bind(at).await;
    match bound.and_then(|listener| Ok((listener.local_addr()?, listener))) {
        Ok((address, listener)) => {
            receiver.listens(address).await;
            tracing::info!("listening for webhooks on http://{address}");
            Some(listener)
        }
        Err(error) => {
            let (why, remedy) = deaf(at, &error);
            receiver.is_deaf(&why, remedy);
            None
        }
    }
}

/// Why nothing can be heard at an address, and what to do.
fn deaf(at: SocketAddr, error: &io::Error) -> (String, &'static str) {
    let (why, remedy) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            "another program listens there",
            "end it, or set another `listen` under [receiver]",
        ),
        io::ErrorKind::AddrNotAvailable => (
            "this machine does not have that address",
            "set one of its own as `listen` under [receiver]",
        ),
        io::ErrorKind::PermissionDenied => (
            "not permitted",
            "set a port above 1023 as `listen` under [receiver]",
        ),
        _ => (
            "the system refuses",
            "set another `listen` under [receiver]; this machine may be out of resources",
        ),
    };
    (
        format!("webhooks cannot be received on {at}: {why}"),
        remedy,
    )
}

async fn work(
    listener: Option<TcpListener>,
    receiver: Arc<Receiver>,
    place: Place,
    stop: watch::Receiver<bool>,
) {
    tokio::select! {
        () = serve(listener, &receiver, place, stop) => {}
        () = ticking(&receiver) => {}
    }
}

/// Two beats, for a disk that hangs must not look like a process that was
/// held: the one waits for it, the other never does.
async fn ticking(receiver: &Receiver) {
    let every = || {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tick
    };
    let (mut beat, mut settle) = (every(), every());
    let beating = async {
        loop {
            beat.tick().await;
            receiver.beat();
        }
    };
    let settling = async {
        loop {
            settle.tick().await;
            receiver.settle().await;
        }
    };
    tokio::join!(biased; beating, settling);
}

/// Accepts connections until told to stop; each is a task of its own.
async fn serve(
    mut listener: Option<TcpListener>,
    receiver: &Arc<Receiver>,
    place: Place,
    mut stop: watch::Receiver<bool>,
) {
    let listener = loop {
        if let Some(listener) = listener {
            break listener;
        }
        tokio::select! {
            () = stopped(&mut stop) => return,
            () = sleep(TRY) => {}
        }
        listener = listen(receiver, place.listen).await;
    };
    let limits = Arc::new(place.limits);
    let crowd = Arc::new(Crowd::new(limits.clone()));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stopped(&mut stop) => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let entered = enter(stream, peer, receiver, &crowd, &limits, &stop);
                    if let Some(connection) = entered {
                        connections.spawn(connection);
                    }
                }
                // Out of file handles, most likely: one less is needed.
                Err(_) => {
                    crowd.make_room();
                    sleep(AFTER_TROUBLE).await;
                }
            },
        }
        receiver.connected(connections.len());
    }
    drop(listener);
    let done = async { while connections.join_next().await.is_some() {} };
    // Who is not done by then was not answered, and knows it.
    let _ = timeout(FAREWELL, done).await;
}

/// Lets a connection in, or closes it where there are too many.
fn enter(
    stream: TcpStream,
    peer: SocketAddr,
    receiver: &Arc<Receiver>,
    crowd: &Arc<Crowd>,
    limits: &Arc<Limits>,
    stop: &watch::Receiver<bool>,
) -> Option<impl Future<Output = ()> + use<>> {
    let Some(entry) = crowd.enter(peer.ip()) else {
        receiver.crowded_out();
        connection::turn_away(&stream);
        return None;
    };
    if entry.crowded_out {
        receiver.crowded_out();
    }
    let (receiver, limits, stop) = (receiver.clone(), limits.clone(), stop.clone());
    Some(async move {
        connection::serve(stream, peer.ip(), &receiver, &entry.seat, limits, stop).await;
    })
}

async fn stopped(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}
