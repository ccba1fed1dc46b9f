//! `holdline agents`: who is in and what each is doing, from the journal.

use super::{
    args::AgentsArgs,
    context::Context,
    failure::Failure,
    output::{self, Listed, or_dash, waited},
    recorded::{self, Of, Recorded},
};
use crate::domain::{record::AgentRecord, site::Site};

/// Runs the command.
pub fn run(context: &Context, args: &AgentsArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let sites = recorded::need_pushing(context, &config, "agents")?;
    let known = Recorded::read(&config)?;
    let all = |site: &Site| AgentRecord::all(site, &known.board, known.now);
    let mut records: Vec<AgentRecord> = sites.iter().flat_map(all).collect();
    let left_out = |site: &Site| AgentRecord::left_out(site, &known.board, known.now);
    let mut left_out: Vec<AgentRecord> = sites.iter().flat_map(left_out).collect();
    if let Some(wanted) = &args.queue {
        let is_wanted = |record: &AgentRecord| {
            let ids = record.queues.iter().chain(&record.queue_names);
            ids.flatten().any(|queue| queue == wanted)
        };
        let is_known = |site: &Site| {
            let mut queues = site.queues.iter();
            queues.any(|q| q.name == *wanted || q.id.as_str() == wanted)
        };
        if !sites.iter().any(is_known) && !records.iter().any(is_wanted) {
            return Err(no_queue(wanted, &sites));
        }
        records.retain(is_wanted);
        left_out.retain(is_wanted);
    }
    output::to_stdout(|out| output::print(out, args.format, &records))?;
    // Of some of them only the state: what is real of them is listed.
    recorded::tell_left_out(left_out.len(), "agent's state", "agents' states");
    known.tell(Of::Agents, &sites, &config);
    Ok(0)
}

/// Nobody knows a queue of that name.
fn no_queue(wanted: &str, sites: &[Site]) -> Failure {
    let known: Vec<&str> = sites
        .iter()
        .flat_map(|site| site.queues.iter().map(|q| q.name.as_str()))
        .collect();
    let known = match known.as_slice() {
        [] => "none that push".to_owned(),
        known => known.join(", "),
    };
    Failure::usage(format!(
        "there is no queue \"{wanted}\" in the configuration; it has {known}"
    ))
}

impl Listed for AgentRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("SITE", false),
        ("AGENT", false),
        ("STATE", false),
        ("REASON", false),
        ("FOR", true),
        ("QUEUES", false),
        ("DEVICE", false),
        ("ID", false),
        ("CALL", false),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.site.clone(),
            or_dash(self.name.as_deref()),
            self.state.replace('_', " "),
            or_dash(self.reason.as_deref()),
            waited(self.for_s),
            match &self.queue_names {
                None => "—".to_owned(),
                Some(names) if names.is_empty() => "none".to_owned(),
                Some(names) => names.join(" "),
            },
            or_dash(self.device.as_deref()),
            self.id.clone(),
            or_dash(self.call.as_deref()),
        ]
    }
}
