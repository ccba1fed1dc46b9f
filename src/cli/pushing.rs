//! Where a simulator pushes to.

use super::failure::Failure;
use crate::sim::{self, contaqt::Push};

/// Where the simulator's webhooks go: to a receiver of our own to come.
pub fn to_free_port() -> Result<Push, Failure> {
    let address = sim::free_address().map_err(|e| {
        Failure::here(format!(
            "no port is free for webhooks: {}; this machine may be out of resources",
            e.kind()
        ))
    })?;
    Ok(Push::new(address))
}
