//! `holdline completions`: what a shell completes, made from the command line
//! itself.

use super::{args::CompletionsArgs, failure::Failure, help, output};

/// Runs the command.
pub fn run(args: &CompletionsArgs) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(), "holdline", &mut script);
    output::to_stdout(|out| out.write_all(&script))?;
    Ok(0)
}
