//! The command line: one file per subcommand. Data goes to standard output,
//! words to standard error; exit codes are those of `--help`.

mod agents;
mod args;
mod call;
mod callbacks;
mod callers;
mod calls;
mod collect;
mod completions;
mod config;
mod confirm;
mod console;
mod context;
mod demo;
mod doctor;
mod events;
mod failure;
mod filters;
mod global;
mod help;
mod hooks;
mod inject;
mod journal;
mod man;
mod output;
mod phones;
mod progress;
mod pushing;
mod recorded;
mod screenshot;
mod simulate;
mod throwaway;
mod views;
mod who;

use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use futures_util::future::{LocalBoxFuture, ready};

use args::{Args, Command, LookArgs};
use context::Context;
use failure::Failure;

use crate::domain::text;

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let args = match help::parse() {
        Ok(args) => args,
        Err(error) => {
            return refused(&error);
        }
    };
    crate::runtime::terminal::end_on_panic(None);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let done = match runtime {
        Ok(runtime) => {
            let done = runtime.block_on(run(args));
            // What still hangs in the background is not worth waiting for.
            runtime.shutdown_background();
            done
        }
        Err(error) => Err(Failure::usage(format!(
            "this machine gives no threads: {}; it may be out of resources",
            error.kind()
        ))),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.code)
        }
    }
}

/// Help and version, which were asked for, or what was typed wrong.
fn refused(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        match unfit(error) {
            Some(sentence) => failure::tell(&sentence),
            None => {
                let _ = error.print();
            }
        }
        return ExitCode::from(2);
    }
    match output::to_stdout(|out| write!(out, "{}", error.render())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.tell();
            ExitCode::from(failure.code)
        }
    }
}

/// A value that a flag does not take, as one sentence of ours.
fn unfit(error: &clap::Error) -> Option<String> {
    use std::error::Error as _;
    if error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    let flag = error.get(ContextKind::InvalidArg)?;
    let value = text::clip(&error.get(ContextKind::InvalidValue)?.to_string(), 60);
    let why = error.source()?.to_string();
    let what = format!("{flag} cannot be \"{value}\": {why}");
    Some(if why.contains(['"', ';', ',']) {
        what
    } else {
        format!("{what}; `--help` says what it takes")
    })
}

async fn run(args: Args) -> Result<u8, Failure> {
    let context = Context::new(args.global);
    command(&context, &args.look, args.command.as_ref()).await
}

/// The command that was asked for. On the heap: what each of them needs would
/// otherwise be in one, and the code of them all in every place that drives it.
fn command<'a>(
    context: &'a Context,
    look: &'a LookArgs,
    command: Option<&'a Command>,
) -> LocalBoxFuture<'a, Result<u8, Failure>> {
    let done = match command {
        None => return Box::pin(console::run(context, look)),
        Some(Command::Demo(options)) => return Box::pin(demo::run(context, look, options)),
        Some(_) if *look != LookArgs::default() => Err(Failure::usage(
            "--read-only, --ascii and --theme are for the console and the demo; leave them out here",
        )),
        Some(Command::Simulate(options)) => return Box::pin(simulate::run(options)),
        Some(Command::Collect(options)) => return Box::pin(collect::run(context, options)),
        Some(Command::Callers(options)) => return Box::pin(callers::run(context, options)),
        Some(Command::Agents(options)) => agents::run(context, options),
        Some(Command::Calls(options)) => calls::run(context, options),
        Some(Command::Events(options)) => return Box::pin(events::run(context, options)),
        Some(Command::Inject(options)) => return Box::pin(inject::run(context, options)),
        Some(Command::Callbacks(options)) => return Box::pin(callbacks::run(context, options)),
        Some(Command::Doctor(options)) => return Box::pin(doctor::run(context, options)),
        Some(Command::Journal(what)) => return Box::pin(journal::run(context, what)),
        Some(Command::Hooks(what)) => return Box::pin(hooks::run(context, what)),
        Some(Command::Call(options)) => return Box::pin(call::run(context, options)),
        Some(Command::Config(what)) => config::run(context, what),
        Some(Command::Completions(options)) => completions::run(options),
        Some(Command::Man) => man::run(),
    };
    Box::pin(ready(done))
}
