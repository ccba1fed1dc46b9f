//! A peer: takes webhooks as JSON, looks whether there is an event in them,
//! and stores nothing. Stock axum on as many threads as Holdline has. Prints
//! its address.

use std::io;

use axum::{Json, Router, http::StatusCode, routing::post};
use serde_json::Value;
use tokio::{net::TcpListener, runtime::Builder};

fn main() -> io::Result<()> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("{}", listener.local_addr()?);
        let take = |Json(event): Json<Value>| async move {
            if event["event"].is_string() {
                (StatusCode::OK, "Stored.\n")
            } else {
                (StatusCode::BAD_REQUEST, "no event\n")
            }
        };
        axum::serve(
            listener,
            Router::new().route("/hooks/{site}/{secret}", post(take)),
        )
        .await
    })
}
