//! One flag per parameter of a queue event, made from the table of parameters,
//! and what was typed read back into an event.

use clap::{Arg, ArgMatches, Command, Error, FromArgMatches};

use super::super::failure::Failure;
use crate::domain::{
    injection::{Injection, Kind, Param, Required},
    text,
    time::At,
};

/// What was typed, by parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventArgs(Vec<(&'static Param, String)>);

impl EventArgs {
    /// Sets what was typed. No value of any parameter `is_flag`.
    pub fn set(
        &self,
        event: &mut Injection,
        now: At,
        is_flag: fn(&str) -> bool,
    ) -> Result<(), Failure> {
        for (param, typed) in &self.0 {
            let flag = format!("--{}", param.name);
            if is_flag(typed) {
                return Err(Failure::usage(format!(
                    "{flag} needs a value; {typed} stands where it is due"
                )));
            }
            event.set(param.name, typed, now).map_err(|why| {
                let shown = text::clip(typed, 60);
                Failure::usage(format!("--{why}; it was given as \"{shown}\""))
            })?;
        }
        Ok(())
    }
}

/// All but the queue, which is read with the site's queues at hand.
fn params() -> impl Iterator<Item = &'static Param> {
    Param::of_form().filter(|param| param.name != "queue")
}

fn arg(param: &'static Param) -> Arg {
    let arg = Arg::new(param.name)
        .long(param.name)
        .help_heading("Parameters")
        .help(help(param))
        .allow_hyphen_values(true);
    match param.kind {
        Kind::Integer => arg.value_name("N"),
        Kind::Time => arg.value_name("TIME"),
        Kind::Choice => arg.value_name("KIND"),
        Kind::Text | Kind::Flag => arg.value_name("TEXT"),
    }
}

/// `The event's name; empty for none (recommended)`
fn help(param: &Param) -> String {
    let mut doc = param.doc.chars();
    let first = doc.next().map(|c| c.to_uppercase().to_string());
    let mut help = first.unwrap_or_default() + doc.as_str();
    if !param.choices.is_empty() {
        help = format!("{help}: {}", param.choices.join(", "));
    }
    match (param.required, param.default) {
        (Required::Recommended, _) => help + " (recommended)",
        (_, Some(default)) if !default.is_empty() => format!("{help} [default: {default}]"),
        _ => help,
    }
}

impl clap::Args for EventArgs {
    fn augment_args(command: Command) -> Command {
        command.args(params().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for EventArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let typed = params().filter_map(|param| {
            let value = matches.get_one::<String>(param.name)?;
            Some((param, value.clone()))
        });
        Ok(Self(typed.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
