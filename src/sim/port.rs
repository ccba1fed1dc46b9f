//! A port for a receiver that does not run yet: the simulator must know it
//! before the receiver takes it.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

/// Below those that systems take for outgoing connections: one of these could
/// take the port in between, even the one that looks for the receiver.
const PORTS: std::ops::Range<u16> = 20_000..32_000;
/// So many ports are tried; few are taken.
const TRIES: usize = 100;

/// An address of this machine that nobody listens at now.
///
/// # Errors
/// What the system says of the last one tried.
pub fn free_address() -> io::Result<SocketAddr> {
    let mut refused = io::Error::from(io::ErrorKind::AddrInUse);
    for _ in 0..TRIES {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, fastrand::u16(PORTS)));
        match TcpListener::bind(address) {
            Ok(_) => return Ok(address),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}
