//! Runs the command that prints a secret, with a deadline. What it prints is
//! returned and never quoted; of what it complains, the first line.

use std::{
    io::{BufRead as _, BufReader, Read},
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use crate::domain::text;

/// How often a child that has closed its output is asked whether it ended.
const POLL: Duration = Duration::from_millis(2);
/// How long its complaint is waited for once it has ended: another process
/// may hold the other end open for ever.
const COMPLAINT: Duration = Duration::from_millis(200);

/// The standard output of `sh -c command`, run in the folder `dir`. It keeps
/// our terminal, where it may ask for a passphrase, but not our input.
///
/// # Errors
/// Completes "the token of site "support" …".
pub(super) fn run(
    command: &str,
    dir: &Path,
    deadline: Duration,
    longest: usize,
) -> Result<Vec<u8>, String> {
    let until = Instant::now() + deadline;
    let mut child = Command::new("sh")
        .args(["-c", command])
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("comes from a command that cannot be started: {}", e.kind()))?;
    let output = read_up_to(child.stdout.take(), longest);
    let complaint = first_line(child.stderr.take());

    let output = output.recv_timeout(deadline);
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if output.is_ok() && Instant::now() < until => thread::sleep(POLL),
            _ => break None,
        }
    };
    let (Ok(output), Some(status)) = (output, status) else {
        // Its children are left alone: they have our terminal and may be a
        // daemon. Both fail only if it has just ended by itself.
        let _ = child.kill();
        let _ = child.wait();
        return Err(format!(
            "comes from a command that did not end within {} s; run it by hand to see what it waits for",
            deadline.as_secs()
        ));
    };
    if output.len() > longest {
        return Err(
            "comes from a command that prints more than 64 KB; is it the right one?".to_owned(),
        );
    }
    if status.success() {
        return Ok(output);
    }
    let complaint = complaint.recv_timeout(COMPLAINT).unwrap_or_default();
    Err(failure(status, &complaint))
}

fn failure(status: ExitStatus, complaint: &str) -> String {
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("failed with exit code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "failed".to_owned(),
    };
    let said = match complaint {
        "" => String::new(),
        line => format!(" ({})", text::clip(line, 120)),
    };
    format!("comes from a command that {how}{said}; run it by hand to see why")
}

/// Everything there is to read, cut off one byte after `longest`.
fn read_up_to(from: Option<impl Read + Send + 'static>, longest: usize) -> Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(from) = from {
            // A pipe that breaks has said all that it will.
            let _ = from.take(longest as u64 + 1).read_to_end(&mut bytes);
        }
        let _ = send.send(bytes);
    });
    receive
}

/// The first line with something in it; the rest is read and dropped, so that
/// the writer is not held up.
fn first_line(from: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let Some(from) = from else { return };
        let mut from = BufReader::new(from);
        let mut line = Vec::new();
        while String::from_utf8_lossy(&line).trim().is_empty() {
            line.clear();
            let read = from.by_ref().take(4_096).read_until(b'\n', &mut line);
            if !matches!(read, Ok(1..)) {
                break;
            }
        }
        let _ = send.send(String::from_utf8_lossy(&line).trim().to_owned());
        let _ = std::io::copy(&mut from, &mut std::io::sink());
    });
    receive
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run_here(command: &str, deadline: Duration) -> Result<Vec<u8>, String> {
        run(command, Path::new("/"), deadline, 1_000)
    }

    #[test]
    fn a_command_that_hangs_is_given_up() {
        let started = Instant::now();
        for hangs in ["sleep 30", "sleep 30 & echo x", "exec >&-; sleep 30"] {
            let told = run_here(hangs, Duration::from_millis(50)).unwrap_err();
            assert!(told.contains("did not end within"), "{hangs}: {told}");
        }
        assert!(started.elapsed() < Duration::from_secs(25));
    }

    #[test]
    fn endless_output_is_cut_off() {
        let told = run_here("yes", Duration::from_secs(30)).unwrap_err();
        assert!(told.contains("more than 64 KB"), "{told}");
    }

    #[test]
    fn much_complaint_does_not_block_it() {
        let loud = "yes no | head -c 1000000 >&2; echo s3cret";
        assert_eq!(
            run_here(loud, Duration::from_secs(30)).unwrap(),
            b"s3cret\n"
        );
    }

    #[test]
    fn it_does_not_get_our_input() {
        assert_eq!(
            run_here("cat; echo end", Duration::from_secs(30)).unwrap(),
            b"end\n"
        );
    }
}
