//! While1's scheduled callbacks: the hash against PHP's own, the wire by
//! tables, paging by models, the client against servers that misbehave.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod client;
#[path = "../support/log.rs"]
mod log;
mod paging;
mod refusals;
mod row;
mod secrets;
#[path = "../support/server.rs"]
#[expect(dead_code, reason = "other tests use the rest of it")]
mod server;
mod sign;
mod stub;
mod wire;

/// Rows that PHP itself hashed. `HASH_VECTORS` names a further file of the
/// same shape.
#[test]
fn hash_vectors() {
    let ours = include_str!("../fixtures/while1/hash-vectors.jsonl");
    let checked = sign::check_vectors(ours);
    assert_eq!(
        checked,
        sign::Checked {
            equal: 143,
            floats: 57
        }
    );
    if let Some(path) = std::env::var_os("HASH_VECTORS") {
        let further = std::fs::read_to_string(path).unwrap();
        assert!(sign::check_vectors(&further).equal > 0);
    }
}
