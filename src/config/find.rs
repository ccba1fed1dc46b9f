//! Where the configuration file and the data folder are: `--config`, then
//! `HOLDLINE_CONFIG`, then the platform's place. The environment is a
//! parameter, so that nothing here depends on the process it runs in.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use directories::ProjectDirs;

use super::error::ConfigError;

/// Looks up an environment variable.
pub type Env<'a> = &'a dyn Fn(&str) -> Option<OsString>;

/// The folder's name below the platform's configuration and data folders.
const APP: &str = "holdline";

/// What decides where the configuration comes from.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// `--config`, which wins over everything.
    pub flag: Option<&'a Path>,
    /// The environment: the file's place, and the secrets that it names.
    pub env: Env<'a>,
}

impl<'a> Source<'a> {
    /// The process's own environment, with the `--config` flag if given.
    #[must_use]
    pub fn process(flag: Option<&'a Path>) -> Self {
        Self {
            flag,
            env: &process_env,
        }
    }
}

/// Looks up a variable of this process.
#[must_use]
pub fn process_env(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

/// The configuration file's absolute path, whether or not it exists; what
/// `holdline config path` prints.
///
/// # Errors
/// If nothing says where it is: no flag, no variable and no home folder.
pub fn find(from: &Source<'_>) -> Result<PathBuf, ConfigError> {
    let named = from
        .flag
        .map(Path::to_owned)
        .or_else(|| variable(from.env, "HOLDLINE_CONFIG"));
    if let Some(path) = named {
        return std::path::absolute(&path).map_err(|_| {
            ConfigError::general("--config or HOLDLINE_CONFIG is empty; give it a file")
        });
    }
    let folder = absolute(from.env, "XDG_CONFIG_HOME").map_or_else(
        || project().map(|dirs| dirs.config_dir().to_owned()),
        |base| Some(base.join(APP)),
    );
    match folder {
        Some(folder) => Ok(folder.join("config.toml")),
        None => Err(ConfigError::general(
            "there is no home folder to look for a configuration in; give a file with --config",
        )),
    }
}

/// The data folder, where the journal is kept unless configured otherwise.
#[must_use]
pub fn data_dir(env: Env<'_>) -> Option<PathBuf> {
    absolute(env, "XDG_DATA_HOME").map_or_else(
        || project().map(|dirs| dirs.data_dir().to_owned()),
        |base| Some(base.join(APP)),
    )
}

/// The folder of what the program remembers of its user's ways; the data
/// folder on platforms that have none of its own.
#[must_use]
pub fn state_dir(env: Env<'_>) -> Option<PathBuf> {
    let own = |dirs: ProjectDirs| {
        let state = dirs.state_dir().map(Path::to_owned);
        state.unwrap_or_else(|| dirs.data_dir().to_owned())
    };
    absolute(env, "XDG_STATE_HOME").map_or_else(|| project().map(own), |base| Some(base.join(APP)))
}

/// A path as people write it: `~` for the home folder.
#[must_use]
pub fn shown(path: &Path, env: Env<'_>) -> String {
    let inside = absolute(env, "HOME")
        .filter(|home| home.parent().is_some())
        .and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned));
    match inside {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

/// A path as the configuration gives it: `~/` is the home folder, and a
/// relative one counts from `base`.
#[must_use]
pub fn resolve(path: &str, base: &Path, env: Env<'_>) -> PathBuf {
    match (path.strip_prefix("~/"), absolute(env, "HOME")) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => base.join(path),
    }
}

/// There is no file at `path`: how to make one, or do without.
pub(super) fn missing(path: &Path, env: Env<'_>) -> ConfigError {
    let file = typed(path, env);
    let folder = match path.parent() {
        Some(folder) if !folder.is_dir() => format!("mkdir -p {} && ", typed(folder, env)),
        _ => String::new(),
    };
    ConfigError::missing(&format!(
        "there is no configuration at {}; write one with `{folder}holdline config example > {file}`, or look around with `holdline demo`",
        shown(path, env)
    ))
}

/// A path as it can be pasted into a shell.
fn typed(path: &Path, env: Env<'_>) -> String {
    let shown = shown(path, env);
    let plain = |c: char| c.is_alphanumeric() || "~/._-+@:,".contains(c);
    if shown.chars().all(plain) {
        return shown;
    }
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", APP)
}

/// A variable that is set and not empty, as a path.
fn variable(env: Env<'_>, name: &str) -> Option<PathBuf> {
    env(name).filter(|v| !v.is_empty()).map(PathBuf::from)
}

/// The same, if it is absolute; others are ignored, as XDG asks.
fn absolute(env: Env<'_>, name: &str) -> Option<PathBuf> {
    variable(env, name).filter(|p| p.is_absolute())
}
