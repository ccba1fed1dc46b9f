//! The flags of the callback list's filters, made from the one table of them,
//! and what was typed read back into filters.

use clap::{Arg, ArgAction, ArgMatches, Command, Error, FromArgMatches};

use super::failure::Failure;
use crate::domain::filter::{Filters, INPUTS, Input, Kind, Value};

/// What was typed, by the name of the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterArgs(Vec<(&'static Input, String)>);

impl FilterArgs {
    /// Sets what was typed; what `filters` held for the same input is replaced.
    /// No value of any input `is_flag`.
    pub fn set(&self, filters: &mut Filters, is_flag: fn(&str) -> bool) -> Result<(), Failure> {
        for (input, typed) in &self.0 {
            one(filters, input, (typed, is_flag(typed))).map_err(Failure::usage)?;
        }
        filters.check().map_err(|why| {
            let ends = INPUTS.iter().filter(|i| i.wire == "date_between");
            Failure::usage(ends.fold(why, |why, i| why.replace(i.label, &flag(i))))
        })
    }
}

fn one(filters: &mut Filters, input: &Input, (typed, is_flag): (&str, bool)) -> Result<(), String> {
    let flag = flag(input);
    if is_flag {
        return Err(format!(
            "{flag} needs a value; {typed} stands where it is due"
        ));
    }
    filters.set(input.name, typed).map_err(|why| {
        // The form's name of the input gives way to the flag's.
        let why = match why.strip_prefix(input.label) {
            Some(rest) => format!("{flag}{rest}"),
            None => format!("{flag}: {why}"),
        };
        format!("{why}; it was given as \"{typed}\"")
    })?;
    // An empty variable of a script must not list everything.
    let is_set = filters.get(input.name).is_some_and(|value| match value {
        Value::Texts(texts) => !texts.is_empty(),
        Value::Moment(_) | Value::Flag(_) => true,
    });
    if is_set {
        Ok(())
    } else {
        Err(format!("{flag} is empty; give it a value, or leave it out"))
    }
}

/// `--due-before`
fn flag(input: &Input) -> String {
    format!("--{}", long(input))
}

fn long(input: &Input) -> String {
    input.name.replace('_', "-")
}

fn arg(input: &'static Input) -> Arg {
    let arg = Arg::new(input.name)
        .long(long(input))
        .help_heading("Filters")
        .help(help(input))
        .allow_hyphen_values(true);
    match input.kind {
        Kind::Moment => arg.value_name("TIME"),
        Kind::Text => arg.value_name("TEXT"),
        Kind::Choice => arg.value_name("KIND"),
        Kind::Texts | Kind::Choices => arg.value_name("A,B").action(ArgAction::Append),
        Kind::Flag => arg
            .value_name("yes|no")
            .allow_hyphen_values(false)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("yes"),
    }
}

/// `Dialled: by the PBX itself, or by hand (auto, manual)`
fn help(input: &Input) -> String {
    let mut label = input.label.chars();
    let first = label.next().map(|c| c.to_uppercase().to_string());
    let label = first.unwrap_or_default() + label.as_str();
    let choices = match input.kind {
        Kind::Choice | Kind::Choices => format!(" ({})", input.choices.join(", ")),
        _ => String::new(),
    };
    format!("{label}: {}{choices}", input.doc)
}

impl clap::Args for FilterArgs {
    fn augment_args(command: Command) -> Command {
        command.args(INPUTS.iter().map(arg))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for FilterArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let typed = INPUTS.iter().filter_map(|input| {
            let values = matches.get_many::<String>(input.name)?;
            let values: Vec<&str> = values.map(String::as_str).collect();
            Some((input, values.join(",")))
        });
        Ok(Self(typed.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::args::{Args, Command as Subcommand};

    fn typed(line: &[&str]) -> Result<Filters, String> {
        let line = ["holdline", "callbacks"].iter().chain(line);
        let args = Args::try_parse_from(line).map_err(|e| e.to_string())?;
        let Some(Subcommand::Callbacks(args)) = args.command else {
            panic!("another command: {args:?}")
        };
        let mut filters = Filters::default();
        args.filters
            .set(&mut filters, Args::is_flag)
            .map_err(|f| f.sentence)?;
        Ok(filters)
    }

    #[test]
    fn every_input_has_its_flag_and_its_line_of_help() {
        let command = Args::command();
        let command = command.find_subcommand("callbacks").unwrap();
        let flags: Vec<&str> = command
            .get_arguments()
            .filter(|arg| arg.get_help_heading() == Some("Filters"))
            .filter_map(Arg::get_long)
            .collect();
        let inputs: Vec<String> = INPUTS.iter().map(long).collect();
        assert_eq!(flags, inputs);
        for input in INPUTS {
            let line = match input.kind {
                Kind::Flag => vec![flag(input)],
                Kind::Moment => vec!["--from", "-7d", "--to", "now", "--due-before", "now"]
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                Kind::Choice | Kind::Choices => vec![flag(input), input.choices[0].into()],
                Kind::Text | Kind::Texts => vec![flag(input), "-x".into()],
            };
            let line: Vec<&str> = line.iter().map(String::as_str).collect();
            let filters = typed(&line).unwrap();
            assert!(filters.get(input.name).is_some(), "{line:?}");
        }
        assert!(typed(&[]).unwrap().is_empty());
    }

    #[test]
    fn several_values_stand_in_one_flag_or_in_several() {
        let one = typed(&["--status", "pending, in progress"]).unwrap();
        assert_eq!(
            typed(&["--status", "pending", "--status=inprogress"]).unwrap(),
            one
        );
        let no = typed(&["--unscheduled=no"]).unwrap();
        assert_eq!(no.get("unscheduled"), Some(&Value::Flag(false)));
    }

    #[test]
    fn what_is_typed_wrong_is_said_in_the_words_of_the_command_line() {
        for (line, words) in [
            (
                &["--outbound-type", "robot"][..],
                "--outbound-type is one of auto, manual; it was given as \"robot\"",
            ),
            (
                &["--from", "now"],
                "--from needs --to: the interval has two ends",
            ),
            (
                &["--to", "now"],
                "--to needs --from: the interval has two ends",
            ),
            (
                &["--due-before", "2024-02-30"],
                "--due-before: not a time; write",
            ),
            (
                &["--campaign", ""],
                "--campaign is empty; give it a value, or leave it out",
            ),
            (&["--status", ", ,"], "--status is empty"),
            (
                &["--campaign", "--unscheduled"],
                "--campaign needs a value; --unscheduled stands where it is due",
            ),
            (&["--caller-id", "--format"], "--caller-id needs a value"),
            (&["--unscheduled=maybe"], "--unscheduled is yes or no"),
            (
                &["--dnid", "1", "--dnid", "2"],
                "cannot be used multiple times",
            ),
        ] {
            let said = typed(line).unwrap_err();
            assert!(said.contains(words), "{line:?}: {said}");
        }
    }
}
