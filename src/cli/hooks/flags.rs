//! What can be typed after `holdline hooks`.

use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::super::output::Format;
use crate::{
    config::value,
    domain::{subscription::EVENTS, suggest},
};

/// Of `hooks`.
#[derive(Debug, Subcommand)]
pub enum HooksCommand {
    /// The address to paste into the vendor's page; there is a secret in it
    Url(UrlArgs),
    /// What is subscribed of a site's extensions, and whose it is
    List(ListArgs),
    /// Has events of an extension pushed to us; asks first
    Add(AddArgs),
    /// Ends subscriptions of an extension; asks first
    Remove(RemoveArgs),
    /// What is missing, and whether what is sent to us arrives
    Check(CheckArgs),
}

/// Of `hooks url`.
#[derive(Debug, ClapArgs)]
pub struct UrlArgs {
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `hooks list`.
#[derive(Debug, ClapArgs)]
pub struct ListArgs {
    /// Only this one, by id, short number or name [default: all that are configured]
    #[arg(long, value_name = "EXTENSION")]
    pub extension: Option<String>,
    /// Print addresses whole, with the secrets in them
    #[arg(long)]
    pub show_secrets: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `hooks add`.
#[derive(Debug, ClapArgs)]
pub struct AddArgs {
    /// Which extension, by id, short number or name
    #[arg(long, value_name = "EXTENSION", required_unless_present = "missing")]
    pub extension: Option<String>,
    /// Which events, as dial-in; again, or with commas, for more
    #[arg(long, value_name = "EVENT", value_delimiter = ',', value_parser = event, required_unless_present = "missing")]
    pub event: Vec<&'static str>,
    /// All that is missing, of every extension that is configured
    #[arg(long, conflicts_with_all = ["event", "url"])]
    pub missing: bool,
    /// How they are sent: post or get
    #[arg(
        long,
        value_enum,
        default_value_t,
        ignore_case = true,
        hide_possible_values = true
    )]
    pub method: Method,
    /// Where to, instead of our own receiver
    #[arg(long, value_name = "URL", value_parser = address)]
    pub url: Option<String>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `hooks remove`.
#[derive(Debug, ClapArgs)]
pub struct RemoveArgs {
    /// Which extension, by id, short number or name
    #[arg(long, value_name = "EXTENSION")]
    pub extension: String,
    /// Which subscriptions, by their ids in `hooks list`; again, or with commas, for more
    #[arg(long, value_name = "ID", value_delimiter = ',', required = true)]
    pub id: Vec<String>,
    /// Somebody else's too
    #[arg(long)]
    pub others: bool,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Of `hooks check`.
#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// How a vendor sends events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// In the body: numbers stand in no server's log
    #[default]
    Post,
    /// In the address
    Get,
}

impl Method {
    /// The vendor's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Get => "GET",
        }
    }
}

fn event(typed: &str) -> Result<&'static str, String> {
    let known = EVENTS.into_iter().find(|event| *event == typed.trim());
    known.ok_or_else(|| suggest::instead_value(typed, EVENTS))
}

/// An address as it is sent: with a query where it has one.
fn address(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    let base = typed.split(['?', '#']).next().unwrap_or(typed);
    value::url(base)?;
    if typed.chars().any(|c| c.is_whitespace() || c.is_control()) || typed.contains('#') {
        return Err(
            "is no address that can be sent to; remove blanks, and what follows a #".into(),
        );
    }
    Ok(typed.to_owned())
}
