//! How many webhooks a second are taken and on disk, against a handler that
//! parses them and stores nothing (P1), interleaved. Only a ratio says
//! anything, and only of an optimised build:
//! `cargo test --release --test receiver -- --ignored --nocapture pace`

use std::{net::SocketAddr, time::Duration};

use axum::{Json, Router, routing::post as route};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
    time::Instant,
};

use crate::{
    client::{JSON, post, ring},
    rig::{Rig, TEAM},
};

const CONNECTIONS: usize = 64;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);

#[test]
#[ignore = "a measurement of an optimised build"]
fn pace_against_one_that_stores_nothing() {
    let rig = Rig::start();
    let peer = Peer::start();
    let sender = Builder::new_current_thread().enable_all().build().unwrap();
    let mut ratios: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            let ours = sender.block_on(rate(rig.address, &format!("o{round}")));
            let theirs = sender.block_on(rate(peer.address, &format!("p{round}")));
            println!(
                "ours {ours:.0}/s  peer {theirs:.0}/s  ratio {:.2}",
                ours / theirs
            );
            ours / theirs
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let entries = rig.journal.last_seq().unwrap();
    println!(
        "median {:.2} (must 0.35, goal 0.70), {:.1} events a commit",
        ratios[ROUNDS / 2],
        f64::from(u32::try_from(entries).unwrap())
            / f64::from(u32::try_from(rig.journal.commits()).unwrap()),
    );
}

struct Peer {
    _runtime: Runtime,
    address: SocketAddr,
}

impl Peer {
    fn start() -> Self {
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let handler = |Json(event): Json<serde_json::Value>| async move {
            assert!(event["event"].is_string());
            "Stored.\n"
        };
        let router = Router::new().route(TEAM, route(handler));
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            _runtime: runtime,
            address,
        }
    }
}

/// Answers a second over all connections.
async fn rate(address: SocketAddr, name: &str) -> f64 {
    let began = Instant::now();
    let until = began + ROUND;
    let senders = (0..CONNECTIONS).map(|c| sends(address, format!("{name}-{c}"), until));
    let answers: usize = futures_util::future::join_all(senders).await.iter().sum();
    f64::from(u32::try_from(answers).unwrap()) / began.elapsed().as_secs_f64()
}

async fn sends(address: SocketAddr, name: String, until: Instant) -> usize {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let mut some = [0; 1024];
    let mut answers = 0;
    while Instant::now() < until {
        let request = post(TEAM, JSON, ring(&format!("{name}-{answers}")));
        stream.write_all(&request).await.unwrap();
        // Small enough to come in one piece.
        let n = stream.read(&mut some).await.unwrap();
        assert!(some[..n].starts_with(b"HTTP/1.1 200"));
        answers += 1;
    }
    answers
}
