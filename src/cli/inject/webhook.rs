//! `holdline inject webhook`: one event, said as the vendor would say it, to
//! our own receiver or to an application under test.

use std::{sync::Arc, time::Duration};

use clap::{Args as ClapArgs, ValueEnum};
use fastrand::Rng;
use serde::Serialize;
use tokio::time::Instant;

use super::super::{
    args::Format,
    confirm,
    context::Context,
    failure::{self, Failure},
    output::{self, Listed},
    who::who,
};
use crate::{
    config::{Config, Site},
    domain::{
        action::Ended,
        injection::Reply,
        record::Fields,
        scenario::{
            Shape,
            plan::{self, Webhook},
            speech::{self, Spoken},
        },
        site::Vendor,
        suggest,
        text::{clean, clip},
        time::Clock,
    },
    emit::Request,
    journal::{self, Journal, Role},
    runtime::{
        clock,
        scenario::{
            self,
            carrier::{self, Outlet},
            nearby,
            tally::Told,
        },
    },
};

/// Of `inject webhook`.
#[derive(Debug, ClapArgs)]
pub struct WebhookArgs {
    /// Which event, by the vendor's name: call:ring
    #[arg(long, value_name = "EVENT", value_parser = event)]
    pub event: &'static Spoken,
    /// A variable, by the vendor's name or another: dst_user_id=17; again for more
    #[arg(long, value_name = "KEY=VALUE", value_parser = pair, allow_hyphen_values = true)]
    pub set: Vec<(String, String)>,
    /// Where to, instead of our own receiver: this machine, or one of the site's targets
    #[arg(long, value_name = "URL")]
    pub to: Option<String>,
    /// How the fields travel: json, json-data, form or get
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub shape: ShapeArg,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How to print: table, json, ndjson or csv
    #[arg(long, value_enum, default_value_t, hide_possible_values = true)]
    pub format: Format,
}

/// So long a collector may take to tell where it listens.
const SOON: Duration = Duration::from_secs(2);

/// How the fields travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ShapeArg {
    /// POST of a flat JSON object
    #[default]
    Json,
    /// POST of JSON with the fields under data
    JsonData,
    /// POST of a form
    Form,
    /// GET with a query
    Get,
}

impl ShapeArg {
    fn shape(self) -> Shape {
        match self {
            Self::Json => Shape::Json,
            Self::JsonData => Shape::JsonData,
            Self::Form => Shape::Form,
            Self::Get => Shape::Query,
        }
    }
}

fn event(typed: &str) -> Result<&'static Spoken, String> {
    speech::event(typed).ok_or_else(|| suggest::instead_value(typed, speech::names()))
}

fn pair(typed: &str) -> Result<(String, String), String> {
    let pair = typed
        .split_once('=')
        .filter(|(name, _)| !name.trim().is_empty());
    pair.map(|(name, value)| (name.trim().to_owned(), value.to_owned()))
        .ok_or_else(|| "write it as dst_user_id=17".to_owned())
}

/// What was said and what came back.
#[derive(Serialize)]
struct SaidRecord {
    site: String,
    event: String,
    method: String,
    /// With its secret masked.
    url: String,
    body: String,
    code: Option<String>,
    message: String,
    ms: u64,
}

impl Fields for SaidRecord {
    const FIELDS: &'static [&'static str] = &[
        "site", "event", "method", "url", "body", "code", "message", "ms",
    ];
}

impl Listed for SaidRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[("SITE", false), ("CODE", false)];

    fn cells(&self) -> Vec<String> {
        vec![self.site.clone(), self.code.clone().unwrap_or_default()]
    }
}

/// Runs the command.
pub async fn run(context: &Context, args: &WebhookArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let site = speaker(context, &config)?;
    let webhook = webhook(args, &clock::system())?;
    if let Some(to) = &args.to {
        let reaches = site.outlet.reaches(to);
        reaches.map_err(|why| Failure::usage(format!("--to {why}")))?;
    }
    let journal = Journal::open(&config.journal.path)?;
    let clock = clock::system();
    let to = match &args.to {
        Some(to) => to.clone(),
        None => {
            // A collector that has just begun tells where it listens before long.
            let role = journal::survey(&config.journal.path, Duration::ZERO).role;
            let patience = if role == Role::Free {
                Duration::ZERO
            } else {
                SOON
            };
            let found = nearby::find(&journal, &site.name, &clock, None, patience).await;
            carrier::own_address(found.map_err(|why| super::job::none(&why))?, site)
        }
    };
    let request = carrier::request(&webhook);
    let shown = Shown::new(&to, &request, site);
    let lines = shown.lines();
    if args.yes && args.format == Format::Table {
        let lines = lines.iter().map(|line| clean(line));
        let lines = lines.collect::<Vec<_>>().join("\n");
        output::to_stdout(|out| writeln!(out, "{lines}\n"))?;
    } else if !args.yes {
        let plan = confirm::Plan {
            site: site.name.as_str(),
            production: false,
            what: "send an event as the vendor would",
            shown: &lines,
        };
        plan.confirm()?;
    }
    let outlet = Outlet::new(&to, context.deadline(), clock.clone());
    let outlet = outlet.map_err(|fault| Failure::usage(fault.to_string()))?;
    let me = who(context.global.acts_as.as_deref());
    let mut facts = vec![("to", shown.url.clone())];
    facts.extend(
        webhook
            .fields
            .iter()
            .map(|(name, value)| (&**name, value.clone())),
    );
    let name = site.name.as_str();
    let intent = scenario::began(&journal, &clock, name, &me, args.event.name, &facts).await?;
    let since = Instant::now();
    let told = outlet.send(request).await;
    let took = since.elapsed();
    let ended = scenario::ended(&journal, &clock, name, intent, took, ended(&told)).await;
    if let Err(error) = ended {
        failure::tell(&format!("what came of it is not on record: {error}"));
    }
    print(args, site, &shown, &told, took)
}

/// The one site that can be spoken as.
fn speaker<'c>(context: &Context, config: &'c Config) -> Result<&'c Site, Failure> {
    let can: Vec<&Site> = config
        .sites
        .iter()
        .filter(|site| site.vendor() == Vendor::Contaqt)
        .collect();
    let site = match (can.as_slice(), &context.global.site) {
        ([site], _) => *site,
        ([], Some(name)) => {
            return Err(Failure::usage(format!(
                "nobody can speak as site \"{name}\"; name one with vendor = \"contaqt\""
            )));
        }
        ([], None) => {
            return Err(Failure::usage(
                "there is no site to speak as; add one with vendor = \"contaqt\"",
            ));
        }
        (several, _) => {
            let names = several.iter().map(|site| site.name.as_str());
            let names = suggest::listed(names, "or");
            return Err(Failure::usage(format!(
                "several sites can be spoken as; name one with --site: {names}"
            )));
        }
    };
    let name = &site.name;
    if !site.allow.inject {
        return Err(Failure::usage(format!(
            "site \"{name}\" does not allow it; add \"inject\" to its `allow`"
        )));
    }
    if site.production {
        return Err(Failure::usage(format!(
            "site \"{name}\" is a production site, for which no event is made up; name another"
        )));
    }
    Ok(site)
}

fn webhook(args: &WebhookArgs, clock: &Clock) -> Result<Webhook, Failure> {
    let event = args.event;
    let mut fields: Vec<(Arc<str>, String)> = Vec::new();
    for (name, value) in &args.set {
        if event.variable(name).is_none() {
            let near = suggest::nearest(name, event.variables.iter().map(|v| v.name));
            let near = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
            let name = clip(name, 40);
            failure::tell(&format!(
                "note: {name} is no variable of {} on the vendor's page: it is sent as it is{near}",
                event.name
            ));
        }
        fields.push((name.as_str().into(), value.clone()));
    }
    for need in event.needs {
        if !fields.iter().any(|(name, _)| **name == **need) {
            return Err(Failure::usage(format!(
                "{} tells of nobody without {need}; add --set {need}=…",
                event.name
            )));
        }
    }
    if event.is_call() {
        plan::complete(&mut fields, clock(), &mut Rng::new());
    }
    Ok(Webhook {
        event,
        fields,
        shape: args.shape.shape(),
        to: args.to.as_deref().map(Arc::from),
        cut: false,
    })
}

/// The request as it may be shown: no secret of the site's in it.
struct Shown {
    method: &'static str,
    url: String,
    content_type: Option<&'static str>,
    body: String,
}

impl Shown {
    fn new(to: &str, request: &Request, site: &Site) -> Self {
        let mut url = to.to_owned();
        if !request.query.is_empty() {
            url.push(if to.contains('?') { '&' } else { '?' });
            url.push_str(&request.query);
        }
        for secret in site.hook().into_iter().flat_map(|hook| &hook.secrets) {
            url = url.replace(secret.expose(), "***");
        }
        Self {
            method: request.method,
            url,
            content_type: request.content_type,
            body: request.body.clone(),
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("{} {}", self.method, self.url)];
        if let Some(content_type) = self.content_type {
            lines.push(format!("Content-Type: {content_type}"));
        }
        lines.push("X-Holdline-Injected: 1".to_owned());
        if !self.body.is_empty() {
            lines.push(self.body.clone());
        }
        lines
    }
}

fn ended(told: &Told) -> Ended {
    match told {
        Told::Answered { code, key, message } => Ended::Answered(vec![Reply {
            code: code.clone(),
            key: key.clone(),
            message: message.clone(),
        }]),
        Told::Failed(why) => Ended::Failed(why.as_str().into()),
        Told::Unknown(why) => Ended::Unknown(why.as_str().into()),
    }
}

fn print(
    args: &WebhookArgs,
    site: &Site,
    shown: &Shown,
    told: &Told,
    took: Duration,
) -> Result<u8, Failure> {
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let (code, message, exit) = match told {
        Told::Answered { code, message, .. } if code.starts_with('2') => {
            (Some(code.clone()), message.clone(), 0)
        }
        Told::Answered { code, message, .. } => (Some(code.clone()), message.clone(), 1),
        Told::Failed(why) => (None, why.clone(), 3),
        Told::Unknown(why) => (None, format!("{why}; it may have arrived"), 3),
    };
    output::to_stdout(|out| match (&code, args.format) {
        (Some(code), Format::Table) => {
            writeln!(out, "{code} in {ms} ms: {}", clean(&message))
        }
        (None, Format::Table) => writeln!(out, "no answer after {ms} ms: {}", clean(&message)),
        (_, format) => {
            let record = SaidRecord {
                site: site.name.to_string(),
                event: args.event.name.to_owned(),
                method: shown.method.to_owned(),
                url: shown.url.clone(),
                body: shown.body.clone(),
                code: code.clone(),
                message: message.clone(),
                ms,
            };
            output::print(out, format, &[record])
        }
    })?;
    match exit {
        0 => Ok(0),
        1 => Err(Failure::here(format!(
            "{}: the answer is {}: {message}",
            site.name,
            code.unwrap_or_default()
        ))),
        _ => Err(Failure {
            sentence: format!(
                "{}: {message}; check that something listens at the address",
                site.name
            ),
            code: 3,
        }),
    }
}
