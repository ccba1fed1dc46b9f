//! `holdline call`: rings an extension and, when it answers, a number. It asks
//! first; whoever was called a moment ago, by anyone on this journal, is asked
//! about once more. Nothing is ever dialled again by itself.

mod follow;

use std::{sync::Arc, time::Duration};

use clap::Args as ClapArgs;
use serde::Serialize;

use super::{
    confirm::Plan,
    context::Context,
    failure::{self, Failure},
    output::{self, Format, Listed},
    phones::{Ground, called},
    who::who,
};
use crate::{
    domain::{
        dial::{self, Dial, Dialled, Dialling, Line, Made, Wanted},
        entry::Seq,
        extension::Extension,
        injection::Told,
        record::Fields,
        told,
    },
    journal::Journal,
    runtime::phones::{acts, calls_lately},
};

/// Of `call`.
#[derive(Debug, ClapArgs)]
pub struct CallArgs {
    /// From which extension: its short number as 200, or its id as id:175 [default: the one whose
    /// `user` you are]
    #[arg(long, value_name = "EXTENSION")]
    pub from: Option<Line>,
    /// Which number, as +4520123456; a national one is one of the site's country
    #[arg(long, value_name = "NUMBER", value_parser = dial::dialled, allow_hyphen_values = true)]
    pub to: Arc<str>,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Call although the number was called a moment ago
    #[arg(long)]
    pub again: bool,
    /// Print what comes of it until it has ended, as far as a collector hears of it; for --timeout,
    /// or an hour
    #[arg(long)]
    pub follow: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// Followed no longer than this.
const LONGEST: Duration = Duration::from_hours(1);

/// Runs the command.
pub async fn run(context: &Context, args: &CallArgs) -> Result<u8, Failure> {
    let ground = Ground::of(context)?;
    if !ground.site.allow.call {
        return Err(Failure::usage(format!(
            "the configuration does not allow calls at {}; allow = [\"call\"] in the site's \
             section does",
            ground.name()
        )));
    }
    let me = who(context.global.acts_as.as_deref());
    let country = ground.site.country.as_deref();
    let site = &ground.site.name;
    // What is no number of a country, such as an extension, goes as typed.
    let to = dial::sent(&args.to, site, country, site);
    let dial = Dial {
        site: site.clone(),
        from: line(&ground, args, &me)?,
        to: to.map_err(|why| Failure::usage(format!("--to {} {why}", args.to)))?,
    };
    let desk = ground.desk(context)?;
    if args.follow {
        follow::is_possible(&ground, &desk.journal)?;
    }
    let asked = confirmed(&ground, args, &dial, &desk.journal)?;
    // What is said of the call may come before the answer to the request.
    let before = desk.journal.last_seq()?;
    let wanted = Wanted {
        dial,
        claim: None,
        asked,
    };
    let dialled = acts::dial(&ground.client, &desk, wanted, country).await;
    let dialled = dialled.map_err(|e| Failure::here(format!("nothing was sent: {e}")))?;
    if told::is_done(&dialled.told) {
        let record = [CallRecord::of(&dialled)];
        output::to_stdout(|out| output::print(out, args.format, &record))?;
    }
    tell(&ground, &dialled);
    let code = told::exit_code(&dialled.told);
    match &dialled.call {
        Some(call) if args.follow && code == 0 => {
            let patience = context.global.timeout.unwrap_or(LONGEST);
            let call = (&dialled.dial, call);
            follow::run(&ground, &desk.journal, before, call, patience).await
        }
        None if args.follow && code == 0 => Err(Failure::here(format!(
            "{}: the call cannot be followed: the vendor told no id of it; look at `holdline calls`",
            ground.name()
        ))),
        _ => Ok(code),
    }
}

/// The line to call from: as given, else one's own.
fn line(ground: &Ground, args: &CallArgs, me: &str) -> Result<Line, Failure> {
    if let Some(line) = &args.from {
        return Ok(line.clone());
    }
    let dialling = ground.site.dials();
    let own = dialling.as_ref().and_then(|d: &Dialling| d.own(me));
    own.map(Extension::line).ok_or_else(|| {
        Failure::usage(format!(
            "no extension of {} has user = \"{me}\"; give one with --from 200, or set it in \
             `extensions`",
            ground.name()
        ))
    })
}

/// Asks; once more where the number was called a moment ago, also while it was
/// being asked. Answers the last such call that is meant to be followed by
/// another.
fn confirmed(
    ground: &Ground,
    args: &CallArgs,
    dial: &Dial,
    journal: &Journal,
) -> Result<Seq, Failure> {
    let from = named(ground, &dial.from);
    let what = format!("ring {from} and, when it answers, {}", dial.to);
    let plan = Plan {
        site: ground.name(),
        production: ground.site.production,
        what: &what,
        shown: &[],
    };
    if !args.yes {
        plan.confirm()?;
    }
    if args.again {
        return Ok(Seq::MAX);
    }
    let mut asked = 0;
    while let Some(made) = lately(ground, dial, journal, asked)? {
        let words = made.words((ground.clock)(), "");
        if args.yes {
            return Err(Failure::usage(format!(
                "{}: {words}; nothing was sent, --again calls all the same",
                ground.name()
            )));
        }
        let once_more = Plan {
            production: false,
            what: &format!("call {} once more", dial.to),
            shown: &[words],
            ..plan
        };
        once_more.confirm()?;
        asked = made.seq;
    }
    Ok(asked)
}

/// The last call to the same number behind `asked`, whoever made it.
fn lately(
    ground: &Ground,
    dial: &Dial,
    journal: &Journal,
    asked: Seq,
) -> Result<Option<Made>, Failure> {
    let now = (ground.clock)();
    let calls = calls_lately(journal, now)?;
    let made = calls.lately(now, &dial.to, ground.site.country.as_deref());
    Ok(made.filter(|made| made.seq > asked).cloned())
}

/// A line with the name of its extension, where the configuration knows it.
fn named(ground: &Ground, line: &Line) -> String {
    let known = ground.account.extensions.iter().find(|e| match line {
        Line::Number(number) => e.number.as_deref() == Some(number),
        Line::Id(id) => e.id == *id,
    });
    match known {
        Some(extension) => format!("{line}, {}", called(extension)),
        None => line.to_string(),
    }
}

/// What happened, in sentences.
fn tell(ground: &Ground, dialled: &Dialled) {
    match &dialled.told {
        Told::Failed(fault) => ground.failure("", fault).tell(),
        Told::Unknown(_) => failure::tell(&format!(
            "{}: {}",
            ground.name(),
            told::sentence(&dialled.told)
        )),
        Told::Answered(_) => failure::tell(&format!(
            "{}: {} is being rung, then {}",
            ground.name(),
            dialled.dial.from,
            dialled.dial.to
        )),
    }
    failure::unjournaled(dialled.unjournaled.as_ref());
}

/// A call as scripts see it.
#[derive(Debug, Serialize)]
struct CallRecord {
    site: String,
    from: String,
    to: String,
    call_id: Option<String>,
}

impl CallRecord {
    fn of(dialled: &Dialled) -> Self {
        Self {
            site: dialled.dial.site.to_string(),
            from: dialled.dial.from.to_string(),
            to: dialled.dial.to.to_string(),
            call_id: dialled.call.as_ref().map(ToString::to_string),
        }
    }
}

impl Fields for CallRecord {
    const FIELDS: &'static [&'static str] = &["site", "from", "to", "call_id"];
}

impl Listed for CallRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("SITE", false),
        ("FROM", false),
        ("TO", false),
        ("CALL", false),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.site.clone(),
            self.from.clone(),
            self.to.clone(),
            self.call_id.clone().unwrap_or_else(|| "—".to_owned()),
        ]
    }
}
