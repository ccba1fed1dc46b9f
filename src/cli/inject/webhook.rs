//! `holdline inject webhook`: one event, said as the vendor would say it, to
//! our own receiver or to an application under test.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use clap::{Args as ClapArgs, ValueEnum};
use fastrand::Rng;
use serde::Serialize;

use super::super::{
    confirm,
    context::Context,
    failure::{self, Failure},
    output::{self, Format, Listed},
    who::who,
};
use crate::{
    config::{Config, Site},
    domain::{
        injection::Told,
        record::Fields,
        scenario::{
            Shape, plan,
            saying::{Delivered, MASK, Saying},
            speech::{self, Spoken},
            webhook::Webhook,
        },
        site::Vendor,
        suggest,
        text::{clean, clip},
        time::Clock,
    },
    emit::{Request, wording},
    journal::{self, Journal, Role},
    runtime::{
        clock,
        say::{self, Voice},
        scenario::nearby,
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
    /// How the fields travel: json, json-data, form or get [default: as the vendor does]
    #[arg(long, value_enum, hide_possible_values = true)]
    pub shape: Option<ShapeArg>,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShapeArg {
    /// POST of a flat JSON object
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
    let site = speaker(context, &config, args.event.vendor)?;
    let webhook = webhook(args, &clock::system())?;
    if let Some(to) = &args.to {
        let reaches = site.outlet.reaches(to);
        reaches.map_err(|why| Failure::usage(format!("--to {why}")))?;
    }
    let journal = Journal::open(&config.journal.path)?;
    let clock = clock::system();
    let listens = match &args.to {
        Some(_) => None,
        None => Some(listens(&journal, &config, site, &clock).await?),
    };
    let to = match (&args.to, listens) {
        (Some(to), _) => say::keyless(site, to),
        (None, Some(listens)) => wording::own_address(listens, site.name.as_str(), MASK),
        (None, None) => String::new(),
    };
    let request = wording::request(&webhook);
    let shown = Shown {
        url: wording::url(&request, &to),
        request: &request,
    };
    confirmed(args, site, &wording::lines(&request, &to))?;
    let voice = Voice {
        journal,
        clock,
        deadline: context.deadline(),
        who: who(context.global.acts_as.as_deref()),
    };
    let saying = Saying {
        site: site.name.clone(),
        webhook,
        listens: listens.map(|address| address.to_string().into()),
    };
    let delivered = say::say(&voice, site, &saying).await?;
    if let Some(why) = &delivered.unjournaled {
        failure::tell(&format!("what came of it is not on record: {why}"));
    }
    print(args, site, &shown, &delivered)
}

/// Where our own receiver listens for this site.
async fn listens(
    journal: &Journal,
    config: &Config,
    site: &Site,
    clock: &Clock,
) -> Result<SocketAddr, Failure> {
    // A collector that has just begun tells where it listens before long.
    let role = journal::survey(&config.journal.path, Duration::ZERO).role;
    let patience = if role == Role::Free {
        Duration::ZERO
    } else {
        SOON
    };
    let found = nearby::find(journal, &site.name, clock, None, patience).await;
    found.map_err(|why| super::job::none(&why))
}

/// Asks, or with `--yes` shows people what is sent.
fn confirmed(args: &WebhookArgs, site: &Site, lines: &[String]) -> Result<(), Failure> {
    if !args.yes {
        let plan = confirm::Plan {
            site: site.name.as_str(),
            production: false,
            what: "send an event as the vendor would",
            shown: lines,
        };
        return plan.confirm();
    }
    if args.format != Format::Table {
        return Ok(());
    }
    output::to_stdout(|out| {
        for line in lines {
            writeln!(out, "{}", clean(line))?;
        }
        writeln!(out)
    })
}

/// How it travels: as the vendor sends it, unless that is said.
fn shape(args: &WebhookArgs) -> Result<Shape, Failure> {
    let shapes = speech::shapes(args.event.vendor);
    match args.shape.map(ShapeArg::shape) {
        None => Ok(shapes.first().copied().unwrap_or_default()),
        Some(shape) if shapes.contains(&shape) => Ok(shape),
        Some(shape) => {
            let words = suggest::listed(shapes.iter().map(|shape| shape.word()), "or");
            Err(Failure::usage(format!(
                "--shape {}: {} sends no such thing; it can be {words}",
                shape.word(),
                args.event.vendor.name()
            )))
        }
    }
}

/// What was sent, no secret in it.
struct Shown<'r> {
    url: String,
    request: &'r Request,
}

/// The one site that can be spoken as.
fn speaker<'c>(context: &Context, config: &'c Config, vendor: Vendor) -> Result<&'c Site, Failure> {
    let can: Vec<&Site> = config
        .sites
        .iter()
        .filter(|site| site.vendor() == vendor)
        .collect();
    let vendor = vendor.name();
    let site = match (can.as_slice(), &context.global.site) {
        ([site], _) => *site,
        ([], Some(name)) => {
            return Err(Failure::usage(format!(
                "nobody can speak as site \"{name}\" so; name one with vendor = \"{vendor}\""
            )));
        }
        ([], None) => {
            return Err(Failure::usage(format!(
                "there is no site to speak as; add one with vendor = \"{vendor}\""
            )));
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
    let has = |needed: &str| fields.iter().any(|(name, _)| **name == *needed);
    if let Some(need) = event.lacks(has) {
        return Err(Failure::usage(format!(
            "{} tells of nobody without {}; add --set {}=…",
            event.name,
            suggest::listed(need.iter().copied(), "or"),
            need.first().unwrap_or(&"NAME"),
        )));
    }
    plan::complete(event, &mut fields, clock(), &mut Rng::new());
    Ok(Webhook {
        event,
        fields,
        shape: shape(args)?,
        to: args.to.as_deref().map(Arc::from),
        cut: false,
    })
}

fn print(
    args: &WebhookArgs,
    site: &Site,
    shown: &Shown<'_>,
    delivered: &Delivered,
) -> Result<u8, Failure> {
    let ms = u64::try_from(delivered.took.as_millis()).unwrap_or(u64::MAX);
    let (code, message, exit) = match &delivered.told {
        Told::Answered(replies) => {
            let reply = replies.first();
            let code = reply.map(|reply| reply.code.clone());
            let message = reply.map(|reply| reply.message.clone());
            let exit = u8::from(!delivered.is_done());
            (code, message.unwrap_or_default(), exit)
        }
        Told::Failed(fault) => (None, fault.what.clone(), 3),
        Told::Unknown(fault) => (None, format!("{}; it may have arrived", fault.what), 3),
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
                method: shown.request.method.to_owned(),
                url: shown.url.clone(),
                body: shown.request.body.clone(),
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
        _ => {
            let remedy = "check that something listens at the address";
            Err(Failure::new(
                format!("{}: {message}; {remedy}", site.name),
                3,
            ))
        }
    }
}
