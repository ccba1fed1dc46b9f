//! A single queue event: shown with its secrets masked, asked about, sent, and
//! what the vendor says to it; then the event as it is on record.

use serde::Serialize;

use super::super::{
    args::{Args, InjectArgs},
    confirm::Plan,
    context::Context,
    failure::{self, Failure},
    output::{self, Listed, or_dash},
    who::who,
};
use crate::{
    config::{self, Account, Config},
    domain::{
        injection::{Injected, Injection, OnRecord, Reply, Target, Told},
        record::Fields,
        time::Clock,
    },
    journal::Journal,
    runtime::{clock, inject},
    vendor::enswitch::Client,
};

/// Runs the command.
pub async fn run(context: &Context, args: &InjectArgs) -> Result<u8, Failure> {
    let Some(queue) = args.queue.as_deref() else {
        return Err(Failure::usage(
            "--queue is missing: give a queue's name in the configuration, or its id",
        ));
    };
    let config = context.config()?;
    let (account, target) = chosen(context, &config)?;
    let clock = clock::system();
    let queue = target
        .queue(queue)
        .map_err(|why| Failure::usage(format!("--queue: {why}")))?;
    let mut event = Injection::new(target.site.clone(), queue).validating(args.validate);
    args.event.set(&mut event, clock(), Args::is_flag)?;
    let shown = event.masked(&target);
    if args.validate || args.yes {
        failure::tell(&format!("{}: {}", target.site, shown.join(" with ")));
    } else {
        let plan = Plan {
            site: target.site.as_str(),
            production: target.production,
            what: "create a queue event",
            shown: &shown,
        };
        plan.confirm()?;
    }
    let client = Client::new(account, context.deadline(), clock.clone()).map_err(|fault| {
        let zone = &config.console.time_zone;
        Failure::vendor(target.site.as_str(), &fault, clock(), zone)
    })?;
    let injected = if args.validate {
        inject::validate(&client, &event).await
    } else {
        send(context, &config, &client, &clock, &event).await?
    };
    let records = InjectRecord::of(&event, &injected);
    if !records.is_empty() {
        output::to_stdout(|out| output::print(out, args.format, &records))?;
    }
    tell(&target, &injected, &clock, &config);
    Ok(injected.exit_code())
}

/// Sends it for good, with intent and outcome in the journal.
async fn send(
    context: &Context,
    config: &Config,
    client: &Client,
    clock: &Clock,
    event: &Injection,
) -> Result<Injected, Failure> {
    let me = who(context.global.acts_as.as_deref());
    let unsent = |why: String| Failure::here(format!("nothing was sent: {why}"));
    let journal = Journal::open(&config.journal.path).map_err(|e| unsent(e.to_string()))?;
    let sent = inject::inject(client, &journal, clock, &me, event).await;
    sent.map_err(|e| unsent(e.to_string()))
}

/// The one site that is meant: the only one that allows it.
fn chosen<'c>(
    context: &Context,
    config: &'c Config,
) -> Result<(&'c config::Enswitch, Target), Failure> {
    let mut able: Vec<(&config::Enswitch, Target)> = config
        .sites
        .iter()
        .filter_map(|site| match &site.account {
            Account::Enswitch(account) => Some((account, site.injects()?)),
            _ => None,
        })
        .collect();
    let names = |sites: &[(&config::Enswitch, Target)]| {
        let names: Vec<&str> = sites.iter().map(|(_, t)| t.site.as_str()).collect();
        names.join(", ")
    };
    if able.is_empty() {
        return Err(Failure::usage(match &context.global.site {
            Some(name) => {
                format!(
                    "site \"{name}\" takes no queue events; name one with vendor = \"enswitch\""
                )
            }
            None => "no site takes queue events; add one with vendor = \"enswitch\" to the \
                     configuration"
                .to_owned(),
        }));
    }
    let all = names(&able);
    able.retain(|(_, target)| target.allowed);
    match able.as_slice() {
        [_] => Ok(able.remove(0)),
        [] => Err(Failure::usage(format!(
            "the configuration does not allow injecting at {all}; allow = [\"inject\"] in the \
             site's section does"
        ))),
        several => Err(Failure::usage(format!(
            "several sites take queue events; name one with --site: {}",
            names(several)
        ))),
    }
}

/// What happened, in sentences.
fn tell(target: &Target, injected: &Injected, clock: &Clock, config: &Config) {
    let site = target.site.as_str();
    match &injected.told {
        Told::Failed(fault) => {
            Failure::vendor(site, fault, clock(), &config.console.time_zone).tell();
        }
        Told::Answered(_) | Told::Unknown(_) => {
            failure::tell(&format!("{site}: {}", injected.sentence()));
        }
    }
    if let Some(record) = &injected.record {
        let is_found = matches!(record, OnRecord::Found(_));
        let mark = if is_found { "" } else { "warning: " };
        failure::tell(&format!("{mark}{site}: {}", record.sentence()));
    }
    failure::unjournaled(injected.unjournaled.as_ref());
}

/// An answer, as scripts see it.
#[derive(Debug, Serialize)]
struct InjectRecord {
    site: String,
    queue: String,
    event: Option<String>,
    code: String,
    key: Option<String>,
    message: Option<String>,
    ms: u64,
    validated: bool,
}

impl InjectRecord {
    /// One for each answer.
    fn of(event: &Injection, injected: &Injected) -> Vec<Self> {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let one = |reply: &Reply| Self {
            site: event.site.to_string(),
            queue: event.queue.to_string(),
            event: event.get("event").map(str::to_owned),
            code: reply.code.clone(),
            key: given(&reply.key),
            message: given(&reply.message),
            ms: u64::try_from(injected.took.as_millis()).unwrap_or(u64::MAX),
            validated: injected.validate,
        };
        injected.replies().iter().map(one).collect()
    }
}

impl Fields for InjectRecord {
    const FIELDS: &'static [&'static str] = &[
        "site",
        "queue",
        "event",
        "code",
        "key",
        "message",
        "ms",
        "validated",
    ];
}

impl Listed for InjectRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("SITE", false),
        ("QUEUE", false),
        ("EVENT", false),
        ("CODE", false),
        ("FIELD", false),
        ("MESSAGE", false),
        ("MS", true),
        ("VALIDATED", false),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.site.clone(),
            self.queue.clone(),
            or_dash(self.event.as_deref()),
            self.code.clone(),
            or_dash(self.key.as_deref()),
            or_dash(self.message.as_deref()),
            self.ms.to_string(),
            if self.validated { "yes" } else { "no" }.to_owned(),
        ]
    }
}
