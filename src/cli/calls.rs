//! `holdline calls`: the calls that go on, from the journal.

use super::{
    args::CallsArgs,
    context::Context,
    failure::Failure,
    output::{self, Listed, or_dash, waited},
    recorded::{self, Of, Recorded},
};
use crate::domain::{cause, phone, record::CallRecord, site::Site};

/// Runs the command.
pub fn run(context: &Context, args: &CallsArgs) -> Result<u8, Failure> {
    let config = context.config()?;
    let sites = recorded::need_pushing(context, &config, "calls")?;
    let known = Recorded::read(&config)?;
    let records: Vec<CallRecord> = sites
        .iter()
        .flat_map(|site| CallRecord::all(site, &known.board, args.ended, known.now))
        .collect();
    output::to_stdout(|out| output::print(out, args.format, &records))?;
    let left_out = |site: &Site| CallRecord::left_out(site, &known.board, args.ended);
    recorded::tell_left_out(sites.iter().map(left_out).sum(), "call", "calls");
    known.tell(Of::Calls, &sites, &config);
    Ok(0)
}

impl Listed for CallRecord {
    const COLUMNS: &'static [(&'static str, bool)] = &[
        ("SITE", false),
        ("TYPE", false),
        ("QUEUE", false),
        ("STATE", false),
        ("WAIT", true),
        ("FROM", false),
        ("NAME", false),
        ("TO", false),
        ("AGENT", false),
        ("ENDED BY", false),
        ("CALL", false),
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.site.clone(),
            or_dash(self.kind.as_deref()),
            or_dash(self.queue_name.as_deref()),
            self.state.clone(),
            waited(self.wait_s),
            or_dash(self.from.as_deref().map(phone::shown)),
            or_dash(self.from_name.as_deref()),
            or_dash(self.to.as_deref()),
            or_dash(self.agent_name.as_deref().or(self.agent.as_deref())),
            // Of a call that goes on, it is a phone's that rang in vain.
            or_dash(
                self.hangup_cause
                    .as_deref()
                    .filter(|_| self.ended.is_some())
                    .map(cause::hangup)
                    .as_deref(),
            ),
            self.call_id.clone(),
        ]
    }
}
