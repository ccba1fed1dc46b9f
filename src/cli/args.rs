//! What can be typed: names, flags and their words.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// A terminal operator console for call queues.
#[derive(Debug, Parser)]
#[command(name = "holdline", version, about, after_help = EXIT_CODES, args_conflicts_with_subcommands = false)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "\
Without a command, opens the console.

Examples:
  holdline demo                                   see it work, nothing to configure
  holdline config example > config.toml           a configuration to start from
  holdline callers --queue support --format json  who waits, for a script

Exit codes: 0 done; 1 the vendor refused, or its answer cannot be read;
2 wrong usage or configuration; 3 not reachable, or no answer in time;
128 + N ended by signal N.";

/// Flags that stand before or after a subcommand.
#[derive(Clone, Debug, ClapArgs)]
pub struct Global {
    /// The configuration file [default: HOLDLINE_CONFIG, or see `holdline config path`]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Only this site
    #[arg(long, global = true, value_name = "NAME")]
    pub site: Option<String>,
    /// How long a one-shot command waits for answers
    #[arg(long, global = true, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub timeout: Duration,
    /// Who acts, where people share an account [default: HOLDLINE_USER, or the system's user]
    #[arg(long = "as", global = true, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub acts_as: Option<String>,
}

/// How the console is drawn.
#[derive(Clone, Debug, ClapArgs)]
pub struct LookArgs {
    /// Change nothing outside, whatever the configuration allows
    #[arg(long)]
    pub read_only: bool,
    /// Keep to ASCII
    #[arg(long, global = true)]
    pub ascii: bool,
    /// The colours
    #[arg(long, global = true, value_name = "THEME")]
    pub theme: Option<ThemeArg>,
}

/// A set of colours.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ThemeArg {
    /// For dark backgrounds
    Dark,
    /// For light backgrounds
    Light,
    /// No colours
    Mono,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Simulator, collector and console; no configuration, nothing outside this machine
    Demo(DemoArgs),
    /// The vendors' APIs on loopback; prints one JSON line when ready, runs until stopped
    Simulate(SimulateArgs),
    /// Pollers and journal, no screen
    Collect,
    /// Who waits now, asked of the vendor
    Callers(CallersArgs),
    /// The configuration: where it is, whether it is right, an example
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// Of `demo`.
#[derive(Debug, ClapArgs)]
pub struct DemoArgs {
    /// Another seed is another day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times as fast as real time
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
}

/// Of `simulate`.
#[derive(Debug, ClapArgs)]
pub struct SimulateArgs {
    /// Where to listen: a loopback address; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// Another seed is another day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times as fast as real time
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// Write a configuration for it here [default: a temporary file]
    #[arg(long, value_name = "FILE")]
    pub config_out: Option<PathBuf>,
}

/// Of `callers`.
#[derive(Debug, ClapArgs)]
pub struct CallersArgs {
    /// Only this queue, by name or id
    #[arg(long, value_name = "QUEUE")]
    pub queue: Option<String>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How a list is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// One array
    Json,
    /// One object per line
    Ndjson,
    /// One header row, then rows; safe to open in a spreadsheet
    Csv,
}

/// Of `config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Where the configuration file is, or would be
    Path,
    /// Reads it and says what is wrong, with file, line and remedy
    Check,
    /// A complete, commented example
    Example,
}

/// `10`, `10s`, `500ms`, `2m`.
fn duration(text: &str) -> Result<Duration, String> {
    let number_ends = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(number_ends);
    let unit = match unit {
        "" | "s" => 1.0,
        "ms" => 0.001,
        "m" => 60.0,
        _ => return Err("give seconds, as 10, 10s, 500ms or 2m".into()),
    };
    let seconds = number
        .parse::<f64>()
        .map_err(|_| "give seconds, as 10, 10s, 500ms or 2m")?
        * unit;
    if seconds > 0.0 && seconds <= 3_600.0 {
        Ok(Duration::from_secs_f64(seconds))
    } else {
        Err("give a time above 0 and up to an hour".into())
    }
}
