//! A scenario's text becomes a [`Scenario`], or all its mistakes. What it leads
//! to is `plan`'s.
//!
//! * `keys`: the settings; `drawn`: variables; `hope`: what is expected

mod drawn;
mod hope;
mod keys;

use std::{sync::Arc, time::Duration};

use toml::de::DeTable;

use super::{
    super::{
        injection::{Param, Part},
        sheet::{Item, Sheet, Table},
        suggest,
        text::clip,
    },
    Act, Inject, MOST_SENDS, Mistake, SOMETIME, Say, Scenario, Shape, Start, Step,
    faults::{self, Faults},
    speech::{self, Spoken},
    template::Template,
};
use drawn::vars;
use hope::{answer, hope};
use keys::{FAULTS, KINDS, PARTICULAR, STEP, TOP};

/// No step is later, and no loop rests longer.
const LONGEST: Duration = Duration::from_hours(24);
/// Loops in loops.
const DEEPEST: usize = 4;

/// Reads the whole text.
pub(super) fn scenario(text: &str) -> Result<Scenario, Vec<Mistake>> {
    let sheet = Sheet::new(text);
    let read = match DeTable::parse(text) {
        Ok(document) => whole(&sheet, document.get_ref()),
        Err(error) => {
            sheet.not_toml(&error, "correct it");
            None
        }
    };
    let (mistakes, notes) = sheet.end();
    match read {
        Some(read) if mistakes.is_empty() => Ok(Scenario { notes, ..read }),
        _ => Err(mistakes),
    }
}

/// What is known where a step stands.
#[derive(Clone)]
struct Around {
    names: Vec<Arc<str>>,
    faults: Faults,
    site: Option<Arc<str>>,
    depth: usize,
}

fn whole<'a>(sheet: &'a Sheet<'a>, document: &'a DeTable<'a>) -> Option<Scenario> {
    let top = Table::top(sheet, document, "a scenario", TOP);
    let text = |name| {
        top.get(name)
            .and_then(|item| item.word().map(str::to_owned))
    };
    let vars = vars(&top);
    let around = Around {
        names: vars.keys().cloned().collect(),
        faults: faults_of(&top, Faults::default(), false),
        site: site(&top),
        depth: 1,
    };
    let seed = top.get("seed").map(|item| item.number(0, i64::MAX));
    let items = top.get("step");
    let Some(items) = items else {
        return top.wrong("has no step; add [[step]] with an event, inject or expect");
    };
    let steps = steps(&items, &around);
    if sends(&steps) > MOST_SENDS {
        return items.wrong(&format!(
            "makes more than {MOST_SENDS} requests and expectations; lower `times`, or run it \
             with --rate and --for"
        ));
    }
    Some(Scenario {
        name: text("name"),
        about: text("about"),
        site: None,
        seed: seed.flatten().map(i64::unsigned_abs),
        vars,
        steps,
        notes: Vec::new(),
    })
    .map(|read| Scenario {
        site: around.site,
        ..read
    })
}

/// How many requests and expectations these steps make.
fn sends(steps: &[Step]) -> u64 {
    let each = |step: &Step| {
        let once = match &step.act {
            Act::Turn { steps, .. } => sends(steps),
            _ => 1,
        };
        once.saturating_mul(u64::from(step.times))
    };
    steps.iter().map(each).fold(0, u64::saturating_add)
}

fn site(table: &Table<'_>) -> Option<Arc<str>> {
    table.get("site")?.word().map(Arc::from)
}

fn steps(items: &Item<'_>, around: &Around) -> Vec<Step> {
    let Some(list) = items.list() else {
        return Vec::new();
    };
    if list.is_empty() {
        items.wrong::<()>("is empty; add a step with an event, inject or expect");
    }
    list.iter().filter_map(|item| step(item, around)).collect()
}

fn step(item: &Item<'_>, around: &Around) -> Option<Step> {
    let table = item.table("this step", STEP)?;
    let start = start(&table);
    let times = table
        .get("times")
        .and_then(|item| item.number(1, 1_000_000));
    let every = match table.get("every") {
        Some(item) => {
            if table.get("times").is_none() {
                item.wrong::<()>("says how long from one time to the next; add times = …");
            }
            span(&item)
        }
        None => None,
    };
    let around = Around {
        site: site(&table).or_else(|| around.site.clone()),
        ..around.clone()
    };
    let act = act(&table, &around)?;
    Some(Step {
        line: table.sheet.line(table.at),
        site: around.site,
        start,
        times: times.and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        every: every.unwrap_or_default(),
        act,
    })
}

/// A duration of up to a day.
fn span(item: &Item<'_>) -> Option<Duration> {
    let span = item.duration()?;
    if span > LONGEST {
        return item.wrong("is longer than a day; write a shorter time");
    }
    Some(span)
}

fn start(table: &Table<'_>) -> Start {
    match (table.get("at"), table.get("after")) {
        (Some(_), Some(after)) => {
            after.wrong::<()>("stands beside `at`; leave one of them out");
            Start::Here
        }
        (Some(at), None) => span(&at).map_or(Start::Here, Start::At),
        (None, Some(after)) => span(&after).map_or(Start::Here, Start::After),
        (None, None) => Start::Here,
    }
}

fn act(table: &Table<'_>, around: &Around) -> Option<Act> {
    let kinds = KINDS.map(|(name, _)| name);
    let present = table.present(&kinds);
    let kind = match present.as_slice() {
        [kind] => *kind,
        [] => {
            return table
                .wrong("does nothing; add event = …, inject = …, expect = … or [[step.step]]");
        }
        several => {
            let several = suggest::listed(several.iter().copied(), "and");
            return table.wrong(&format!("has {several}; make each a step of its own"));
        }
    };
    let mine = KINDS.iter().find(|(name, _)| *name == kind)?.1;
    for name in table.present(&PARTICULAR) {
        if !mine.contains(&name)
            && let Some(item) = table.get(name)
        {
            let with: Vec<&str> = KINDS
                .iter()
                .filter(|(_, others)| others.contains(&name))
                .map(|(kind, _)| *kind)
                .collect();
            let with = suggest::listed(with, "or");
            item.wrong::<()>(&format!(
                "goes with `{with}`, and this step has `{kind}`; remove it"
            ));
        }
    }
    match kind {
        "event" => say(table, around).map(Act::Say),
        "inject" => inject(table, around).map(Act::Inject),
        "expect" => hope(table, around),
        _ => turn(table, around),
    }
}

fn turn(table: &Table<'_>, around: &Around) -> Option<Act> {
    if around.depth >= DEEPEST {
        return table.wrong(&format!("is the {DEEPEST}th loop in a loop; leave one out"));
    }
    let vars = vars(table);
    let mut names = around.names.clone();
    names.extend(vars.keys().cloned());
    let inner = Around {
        names,
        depth: around.depth + 1,
        ..around.clone()
    };
    Some(Act::Turn {
        vars,
        steps: steps(&table.get("step")?, &inner),
    })
}

fn say(table: &Table<'_>, around: &Around) -> Option<Say> {
    let item = table.get("event")?;
    let typed = item.word()?;
    let Some(event) = speech::event(typed) else {
        let instead = suggest::instead_value(typed, speech::names());
        let shown = clip(typed, 40);
        return item.wrong(&format!("cannot be \"{shown}\"; {instead}"));
    };
    let mut set: Vec<(Arc<str>, Template)> = Vec::new();
    if let Some(fields) = table.get("set") {
        for entry in fields.entries().unwrap_or_default() {
            known(&entry.item, entry.at, entry.key, event);
            if let Some(text) = template(&entry.item, around) {
                set.push((entry.key.into(), text));
            }
        }
    }
    let has = |needed: &str| set.iter().any(|(name, _)| **name == *needed);
    if let Some(need) = event.lacks(has) {
        let need = suggest::listed(need.iter().copied(), "or");
        table.wrong::<()>(&format!("tells of nobody; add {need} to `set`"));
    }
    let shapes = speech::shapes(event.vendor);
    let words: Vec<(&'static str, Shape)> = shapes.iter().map(|s| (s.word(), *s)).collect();
    let given = table.get("shape").and_then(|item| item.choice(&words));
    let shape = given.or_else(|| shapes.first().copied());
    Some(Say {
        event,
        set,
        shape: shape.unwrap_or_default(),
        to: table.get("to").and_then(|item| item.word().map(Arc::from)),
        answer: answer(table),
        faults: faults_of(table, around.faults, false),
    })
}

/// Notes a field that the vendor's page does not list: it may be meant so.
fn known(item: &Item<'_>, at: usize, name: &str, event: &Spoken) {
    if event.variable(name).is_some() {
        return;
    }
    let near = suggest::nearest(name, event.variables.iter().map(|known| known.name));
    let instead = match near {
        Some(near) => format!("did you mean `{near}`? It"),
        None => "it".to_owned(),
    };
    let (name, event) = (clip(name, 40), event.name);
    item.sheet.note(
        at,
        &format!(
            "`{name}` is no variable of {event} on the vendor's page; {instead} is sent as it is"
        ),
    );
}

fn inject(table: &Table<'_>, around: &Around) -> Option<Inject> {
    let params = table.get("inject")?;
    let mut set: Vec<(&'static str, Template)> = Vec::new();
    for entry in params.entries()? {
        let param = Param::named(entry.key).filter(|param| param.part == Part::Form);
        let Some(param) = param else {
            let names: Vec<&str> = Param::of_form().map(|param| param.name).collect();
            let instead = suggest::instead(entry.key, names.iter().copied());
            let typed = clip(entry.key, 40);
            let what = format!("`inject` has no parameter `{typed}`; {instead}");
            table.sheet.wrong::<()>(entry.at, &what);
            continue;
        };
        let text = template(&entry.item, around);
        // What is filled in later is looked at in the plan.
        if let Some(fixed) = text.as_ref().and_then(Template::fixed)
            && param.name != "queue"
            && let Err(what) = param.read(fixed, SOMETIME)
        {
            let what = what.strip_prefix(param.name).unwrap_or(&what).trim_start();
            entry.item.wrong::<()>(what);
        }
        if let Some(text) = text {
            set.push((param.name, text));
        }
    }
    if !set.iter().any(|(name, _)| *name == "queue") {
        return params.wrong("has no queue; add queue = \"…\"");
    }
    let faults = faults_of(table, around.faults, true);
    Some(Inject {
        set,
        answer: answer(table),
        faults,
    })
}

/// A text whose variables are all known.
fn template(item: &Item<'_>, around: &Around) -> Option<Template> {
    let template = item.template()?;
    match template.check(around.names.iter().map(|name| &**name)) {
        Ok(()) => Some(template),
        Err(what) => item.wrong(&what),
    }
}

fn faults_of(table: &Table<'_>, before: Faults, is_injection: bool) -> Faults {
    let Some(item) = table.get("faults") else {
        // What stands for all steps is for those it can strike.
        let corrupt = if is_injection { 0 } else { before.corrupt };
        return Faults { corrupt, ..before };
    };
    let Some(given) = item.table("these faults", FAULTS) else {
        return before;
    };
    let percent = |name: &str| {
        let percent = given.get(name).and_then(|item| item.number(0, 100));
        percent.and_then(|n| u8::try_from(n).ok()).unwrap_or(0)
    };
    if is_injection && let Some(item) = given.get("corrupt") {
        item.wrong::<()>("is for events, whose text can be cut; an injection has none; remove it");
    }
    let by = given.get("by").and_then(|item| {
        let by = span(&item)?;
        if by.is_zero() {
            return item.wrong("is zero; write a time such as \"500ms\"");
        }
        Some(by)
    });
    Faults {
        duplicate: percent("duplicate"),
        reorder: percent("reorder"),
        delay: percent("delay"),
        drop: percent("drop"),
        corrupt: percent("corrupt"),
        by: by.unwrap_or(faults::BY),
    }
}
