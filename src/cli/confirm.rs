//! Asks before something outside is changed: yes or no, and on a production
//! site its name. `--yes` answers both.

use std::io::{self, BufRead, IsTerminal, Write};

use super::failure::Failure;
use crate::domain::text::clean;

/// What is about to be done.
pub struct Plan<'a> {
    /// The site.
    pub site: &'a str,
    /// Whether its name is to be typed.
    pub production: bool,
    /// What it is, in a verb and its object: `create a queue event`.
    pub what: &'a str,
    /// What will be sent, line by line.
    pub shown: &'a [String],
}

impl Plan<'_> {
    /// Whether somebody at the terminal wants it; they were shown all of it.
    ///
    /// # Errors
    /// Nobody can be asked, or they want it not.
    pub fn confirm(&self) -> Result<(), Failure> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err(Failure::usage(self.unasked()));
        }
        let typed = ask(&self.question()).map_err(|e| {
            Failure::usage(format!(
                "the terminal cannot be read: {}; --yes answers instead",
                e.kind()
            ))
        })?;
        if self.is_wanted(&typed) {
            return Ok(());
        }
        Err(Failure::here(format!(
            "{}: nothing was sent: it was not confirmed",
            self.site
        )))
    }

    /// That nobody can be asked; what would be sent is told there too, unless
    /// it is too much for a sentence.
    fn unasked(&self) -> String {
        /// A request has a few: its line, its heads, its body.
        const FEW: usize = 6;
        let lines = self.shown.iter().filter(|line| !line.trim().is_empty());
        let lines: Vec<&str> = lines.map(String::as_str).collect();
        let sent = match lines.len() {
            0 => String::new(),
            1..=FEW => format!(" ({})", lines.join(", ")),
            many => format!(" ({many} lines)"),
        };
        format!(
            "{}: this would {}{sent}, and without a terminal nobody can be asked; --yes says so",
            self.site, self.what
        )
    }

    fn question(&self) -> String {
        let mut lines: Vec<String> = self.shown.iter().map(|l| clean(l).into_owned()).collect();
        lines.push(if self.production {
            format!(
                "This will {} at {}, a production site. Type its name to go on: ",
                self.what, self.site
            )
        } else {
            format!("This will {} at {}. Go on? [y/N] ", self.what, self.site)
        });
        lines.join("\n")
    }

    fn is_wanted(&self, typed: &str) -> bool {
        let typed = typed.trim();
        if self.production {
            typed == self.site
        } else {
            matches!(typed.to_lowercase().as_str(), "y" | "yes")
        }
    }
}

fn ask(question: &str) -> io::Result<String> {
    let mut err = io::stderr().lock();
    err.write_all(question.as_bytes())?;
    err.flush()?;
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if !typed.ends_with('\n') {
        // The answer did not end the line: the next sentence must not stand
        // behind the question.
        writeln!(err)?;
    }
    Ok(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(production: bool) -> Plan<'static> {
        Plan {
            site: "sales",
            production,
            what: "create a queue event",
            shown: &[],
        }
    }

    #[test]
    fn where_nobody_can_be_asked_it_is_told_all_the_same() {
        let lines = ["POST http://h/x".to_owned(), "{\"a\":1}".to_owned()];
        let shown = Plan {
            shown: &lines,
            ..plan(false)
        };
        let says = "sales: this would create a queue event (POST http://h/x, {\"a\":1}), and \
                    without a terminal nobody can be asked; --yes says so";
        assert_eq!(shown.unasked(), says);
        let many = vec!["a".to_owned(); 900];
        let shown = Plan {
            shown: &many,
            ..plan(false)
        };
        assert!(shown.unasked().contains("event (900 lines), and"));
    }

    #[test]
    fn a_production_site_wants_its_name_and_others_a_yes() {
        for (production, typed, wanted) in [
            (false, "y\n", true),
            (false, " Yes ", true),
            (false, "", false),
            (false, "n", false),
            (false, "sales", false),
            (true, "sales\n", true),
            (true, "Sales", false),
            (true, "y", false),
            (true, "", false),
        ] {
            assert_eq!(plan(production).is_wanted(typed), wanted, "{typed:?}");
        }
        assert!(plan(true).question().contains("Type its name"));
        assert!(plan(false).question().ends_with("[y/N] "));
    }
}
