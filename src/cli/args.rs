//! What can be typed: names, flags and their words.

use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf};

use clap::{
    Args as ClapArgs, ColorChoice, Command as Clap, CommandFactory, Parser, Subcommand, ValueEnum,
};
use clap_complete::Shell;
use ratatui::layout::Size;

use super::{
    call::CallArgs,
    filters::FilterArgs,
    global::Global,
    hooks::flags::HooksCommand,
    inject::{flags::EventArgs, run::RunArgs, webhook::WebhookArgs},
    journal::flags::JournalCommand,
    output::Format,
    screenshot::flags::{self, Keys, Target},
};
use crate::domain::moment::Moment;

/// A terminal operator console for call queues.
#[derive(Debug, Parser)]
#[command(name = "holdline", version, about, color = ColorChoice::Never)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(flatten)]
    pub look: LookArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Args {
    /// Whether a flag stands where a value is due: `--campaign --unscheduled`.
    pub fn is_flag(typed: &str) -> bool {
        let Some(name) = typed.strip_prefix("--") else {
            return false;
        };
        let command = Self::command();
        let all = command.get_subcommands().flat_map(Clap::get_arguments);
        all.chain(command.get_arguments())
            .any(|arg| arg.get_long() == Some(name))
    }
}

/// The heading of the flags that draw the demo without a terminal.
const PICTURE: &str = "A picture of it";

/// How the console is opened; also of `demo`.
#[derive(Clone, Debug, Default, PartialEq, Eq, ClapArgs)]
pub struct LookArgs {
    /// Change nothing outside, whatever the configuration allows
    #[arg(long)]
    pub read_only: bool,
    /// Keep to ASCII
    #[arg(long)]
    pub ascii: bool,
    /// The colours: dark, light, safe or mono
    #[arg(long, value_name = "THEME", hide_possible_values = true)]
    pub theme: Option<ThemeArg>,
}

impl LookArgs {
    /// Both together; what stands later counts.
    pub fn and(&self, later: &Self) -> Self {
        Self {
            read_only: self.read_only || later.read_only,
            ascii: self.ascii || later.ascii,
            theme: later.theme.or(self.theme),
        }
    }
}

/// A set of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ThemeArg {
    /// For dark backgrounds
    Dark,
    /// For light backgrounds
    Light,
    /// For eyes that tell red from green badly
    Safe,
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
    /// Pollers, receiver and journal, no screen
    Collect(CollectArgs),
    /// Who waits now, asked of the vendor, or as the vendor pushed it
    Callers(CallersArgs),
    /// Who is to be called back, asked of the vendor
    Callbacks(CallbacksArgs),
    /// Who is in and what each is doing, from the journal
    Agents(AgentsArgs),
    /// The calls that go on, from the journal
    Calls(CallsArgs),
    /// The journal: what was pushed, polled and done
    Events(EventsArgs),
    /// Creates a queue event at a site that allows it; asks first
    Inject(InjectArgs),
    /// Checks configuration, sites, journal and terminal; says what to do
    Doctor(DoctorArgs),
    /// Checks, compacts, exports or recovers the journal
    #[command(subcommand)]
    Journal(JournalCommand),
    /// What vendors push to us
    #[command(subcommand)]
    Hooks(HooksCommand),
    /// Connects an extension with a number; asks first
    Call(CallArgs),
    /// The configuration: where it is, whether it is right, an example
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Completions for a shell, to be put where it looks for them
    Completions(CompletionsArgs),
    /// The manual page, for `man`
    Man,
}

/// Of `demo`.
#[derive(Debug, ClapArgs)]
pub struct DemoArgs {
    #[command(flatten)]
    pub look: LookArgs,
    /// Another seed is another day
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times as fast as real time
    #[arg(long, default_value_t = 1.0)]
    pub speed: f64,
    /// Draw one frame into FILE instead: .svg is a picture, .txt its text, - a
    /// picture on standard output
    #[arg(long, help_heading = PICTURE, value_name = "FILE", value_parser = flags::target, conflicts_with = "speed")]
    pub screenshot: Option<Target>,
    /// How many columns and rows the frame has
    #[arg(long, help_heading = PICTURE, value_name = "WxH", default_value = "120x36", value_parser = flags::size, requires = "screenshot")]
    pub size: Size,
    /// Keys to press before, as ? names them: "3 j Enter"
    #[arg(long, help_heading = PICTURE, value_name = "KEYS", default_value = "", hide_default_value = true, value_parser = flags::keys, requires = "screenshot")]
    pub keys: Keys,
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

/// Of `collect`.
#[derive(Debug, ClapArgs)]
pub struct CollectArgs {
    /// Print a systemd unit for this configuration instead
    #[arg(long)]
    pub print_unit: bool,
}

/// Of `callers`.
#[derive(Debug, ClapArgs)]
pub struct CallersArgs {
    /// Only this queue, by name or id
    #[arg(long, value_name = "QUEUE")]
    pub queue: Option<String>,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `agents`.
#[derive(Debug, ClapArgs)]
pub struct AgentsArgs {
    /// Only who has joined this queue, by name or id
    #[arg(long, value_name = "QUEUE")]
    pub queue: Option<String>,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `calls`.
#[derive(Debug, ClapArgs)]
pub struct CallsArgs {
    /// Those that ended too, as far as they are remembered (a day)
    #[arg(long)]
    pub ended: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `events`.
#[derive(Debug, ClapArgs)]
pub struct EventsArgs {
    /// Not before TIME: -15m, today, 2024-01-31 10:00
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<Moment>,
    /// Not after TIME
    #[arg(
        long,
        value_name = "TIME",
        allow_hyphen_values = true,
        conflicts_with = "follow"
    )]
    pub until: Option<Moment>,
    /// Only the last N of them
    #[arg(short = 'n', value_name = "N")]
    pub count: Option<usize>,
    /// Print what comes, too, until stopped
    #[arg(long)]
    pub follow: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `inject`.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_value_name = "WHAT")]
pub struct InjectArgs {
    #[command(subcommand)]
    pub command: Option<InjectCommand>,
    /// The queue: its name in the configuration, or its id (required)
    #[arg(long, value_name = "QUEUE", allow_hyphen_values = true)]
    pub queue: Option<String>,
    #[command(flatten)]
    pub event: EventArgs,
    /// Have it checked by the vendor only; records nothing, never asks
    #[arg(long)]
    pub validate: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `callbacks`.
#[derive(Debug, ClapArgs)]
pub struct CallbacksArgs {
    #[command(flatten)]
    pub filters: FilterArgs,
    /// A named view of the configuration; flags replace its filters
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Only this page, from 1 [default: all pages]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = page)]
    pub page: Option<NonZeroU32>,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `inject`, besides one queue event.
#[derive(Debug, Subcommand)]
pub enum InjectCommand {
    /// Runs a scenario: steps at times, and what is expected of them
    Run(RunArgs),
    /// Says one event as a vendor would, to our receiver or an application
    Webhook(WebhookArgs),
}

/// Of `doctor`.
#[derive(Debug, ClapArgs)]
pub struct DoctorArgs {
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `completions`.
#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
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

/// A page of a list.
fn page(text: &str) -> Result<NonZeroU32, String> {
    let page = text.trim().parse();
    page.map_err(|_| "pages are counted from 1; leave it out for all of them".to_owned())
}
