//! The `holdline` program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    holdline::cli::main()
}
