//! `holdline simulate`: the vendors' APIs on loopback, for tests of one's own.

use std::{
    fs::{OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

use serde_json::json;
use tempfile::TempDir;

use super::{args::SimulateArgs, failure::Failure, output, pushing, throwaway, who::who};
use crate::{
    domain::record::safe_json,
    runtime::{
        clock,
        signals::{self, Endings},
    },
    sim,
};

/// How often the configuration written for it asks.
const POLL: Duration = Duration::from_secs(2);

/// Runs until a signal ends it.
pub async fn run(args: &SimulateArgs) -> Result<u8, Failure> {
    let mut endings = Endings::listen().map_err(|e| Failure::signals(&e))?;
    let push = pushing::to_free_port()?;
    let options = sim::Options {
        listen: args.listen,
        seed: args.seed,
        speed: args.speed,
        push: Some(push),
        phones: sim::telphin::Setup::telling(push.to, &who(None)),
        ..sim::Options::new(clock::system())
    };
    let sim = sim::start(options)
        .await
        .map_err(|e| Failure::usage(e.to_string()))?;
    let place = Place::new(args.config_out.as_deref())?;
    let path = &place.config;
    let text = sim.config_toml(&place.journal, POLL);
    write_private(path, &text).map_err(|e| {
        Failure::usage(format!(
            "{} cannot be written: {}; give another --config-out",
            path.display(),
            e.kind()
        ))
    })?;
    let ready =
        json!({ "url": sim.url(), "sites": sim.sites(), "config": path.display().to_string() });
    output::to_stdout(|out| safe_json::line(out, &ready))?;
    let signal = endings.next().await;
    sim.stop().await;
    Ok(signals::exit_code(signal))
}

/// Writes a file that only its owner reads: a configuration holds secrets.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

/// Where the configuration lies, and the journal that it names.
struct Place {
    config: PathBuf,
    journal: PathBuf,
    /// Goes with the simulator.
    _temporary: Option<TempDir>,
}

impl Place {
    /// Beside the file that was asked for, so that the journal stays as it
    /// does; else in a folder of their own. A journal is made by who uses it.
    fn new(asked: Option<&Path>) -> Result<Self, Failure> {
        let Some(asked) = asked else {
            let folder = throwaway::folder("sim")?;
            return Ok(Self {
                config: folder.path().join("config.toml"),
                journal: folder.path().join("journal"),
                _temporary: Some(folder),
            });
        };
        let config = std::path::absolute(asked)
            .map_err(|_| Failure::usage("--config-out is empty; give it a file".to_owned()))?;
        let mut journal = config.with_extension("journal");
        if journal == config {
            journal.add_extension("journal");
        }
        Ok(Self {
            config,
            journal,
            _temporary: None,
        })
    }
}
