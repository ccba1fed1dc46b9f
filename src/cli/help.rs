//! What stands below the flags in `--help` and on the manual page: notes,
//! examples, exit codes; as data, so that a test can type every example.

mod topics;

use clap::{Command, CommandFactory, FromArgMatches};

use super::args::Args;
use topics::TOPICS;
pub use topics::{EXIT_CODES, Topic};

/// What is said of this command.
pub fn about(path: &str) -> Option<&'static Topic> {
    TOPICS.iter().find(|topic| topic.of == path)
}

/// The whole command line, with what stands below the flags.
pub fn command() -> Command {
    dressed(Args::command(), "", false)
}

/// What was typed. The short help (`-h`) has a pointer where the long one has
/// examples; they are alike otherwise.
pub fn parse() -> Result<Args, clap::Error> {
    let mut typed = std::env::args_os().skip(1).take_while(|arg| arg != "--");
    let mut command = dressed(Args::command(), "", typed.any(|arg| arg == "-h"));
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Args::from_arg_matches(&matches).map_err(|e| e.format(&mut command))
}

fn dressed(mut command: Command, path: &str, short: bool) -> Command {
    let names: Vec<String> = command
        .get_subcommands()
        .map(|sub| sub.get_name().to_owned())
        .collect();
    for name in names {
        let below = format!("{path} {name}").trim_start().to_owned();
        command = command.mut_subcommand(name, |sub| dressed(sub, &below, short));
    }
    let text = if short { pointer(path) } else { below(path) };
    command.after_help(text)
}

fn pointer(path: &str) -> String {
    let full = format!("holdline {path}");
    let what = if path.is_empty() {
        "Examples and exit codes"
    } else {
        "Examples"
    };
    format!("{what}: {} --help", full.trim_end())
}

/// Notes, examples and, for the program itself, the exit codes.
fn below(path: &str) -> String {
    let mut parts = Vec::new();
    if let Some(topic) = about(path) {
        parts.extend(topic.notes.iter().map(|note| (*note).to_owned()));
        if !topic.examples.is_empty() {
            parts.push(format!("Examples:\n{}", listed(topic.examples)));
        }
    }
    if path.is_empty() {
        parts.push(format!("Exit codes:\n{}", listed(EXIT_CODES)));
    }
    parts.join("\n\n")
}

/// Two columns where they fit on a line, else one below the other.
fn listed(pairs: &[(&str, &str)]) -> String {
    const COLUMNS: usize = 80;
    let widest = |of: fn(&(&str, &str)) -> usize| pairs.iter().map(of).max().unwrap_or(0);
    let left = widest(|(left, _)| left.len());
    let fits = 2 + left + 2 + widest(|(_, right)| right.len()) <= COLUMNS;
    let lines = pairs.iter().map(|(typed, does)| {
        if fits {
            format!("  {typed:left$}  {does}")
        } else {
            format!("  {typed}\n      {does}")
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use clap::error::ErrorKind;

    use super::*;

    /// Every command, as it is typed.
    fn paths(command: &Command, path: &str) -> Vec<String> {
        let mut all = vec![path.to_owned()];
        for sub in command.get_subcommands() {
            let below = format!("{path} {}", sub.get_name());
            all.extend(paths(sub, below.trim_start()));
        }
        all
    }

    #[test]
    fn every_command_has_examples_and_every_topic_a_command() {
        let mut commands = paths(&Args::command(), "");
        let mut topics: Vec<&str> = TOPICS.iter().map(|topic| topic.of).collect();
        commands.sort();
        topics.sort_unstable();
        assert_eq!(topics, commands, "a command needs a topic in help.rs");
        assert!(TOPICS.iter().all(|topic| !topic.examples.is_empty()));
    }

    /// The words of a command, as a shell would split them, up to where it
    /// would write or pipe.
    fn words(line: &str) -> Vec<&str> {
        let line = line.split([']', '|', '>']).next().unwrap_or(line);
        line.split_whitespace()
            .skip_while(|word| *word != "holdline")
            .collect()
    }

    #[test]
    fn every_example_can_be_typed_and_is_of_its_command() {
        let help = TOPICS.iter().flat_map(|topic| {
            let below = below(topic.of);
            let lines: Vec<String> = below.lines().map(str::to_owned).collect();
            lines.into_iter().map(move |line| (topic, line))
        });
        let mut typed = 0;
        for (topic, line) in help.filter(|(_, line)| line.starts_with("  ")) {
            let words = words(line.split("  ").nth(1).unwrap());
            if words.is_empty() {
                continue;
            }
            typed += 1;
            let parsed = command().try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{}: {line}: {:?}", topic.of, parsed.err());
        }
        let examples: usize = TOPICS.iter().map(|topic| topic.examples.len()).sum();
        assert_eq!(typed, examples);
    }

    #[test]
    fn help_fits_eighty_columns_and_ends_in_examples() {
        for path in paths(&Args::command(), "") {
            let line = format!("holdline {path} --help");
            let told = command().try_get_matches_from(line.split_whitespace());
            let told = told.unwrap_err();
            assert_eq!(told.kind(), ErrorKind::DisplayHelp, "{path}");
            let text = told.to_string();
            assert!(text.contains("\nExamples:\n  "), "{path}: {text}");
            let last = below(&path);
            let long = last.lines().filter(|line| line.starts_with("  "));
            for line in long.filter(|line| !line.contains("holdline ")) {
                assert!(line.len() <= 80, "{path}: {line}");
            }
        }
    }

    #[test]
    fn the_short_help_points_to_the_long_one() {
        let short = dressed(Args::command(), "", true);
        let told = short.try_get_matches_from(["holdline", "callers", "-h"]);
        let text = told.unwrap_err().to_string();
        assert!(
            text.ends_with("Examples: holdline callers --help\n"),
            "{text}"
        );
        assert!(!text.contains("Examples:\n"), "{text}");
    }
}
