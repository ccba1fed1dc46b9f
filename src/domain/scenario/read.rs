//! A scenario's text becomes a [`Scenario`], or all its mistakes. Knows the
//! settings; what they lead to is `plan`'s.

use std::{sync::Arc, time::Duration};

use toml::de::DeTable;

use super::{
    super::{
        agent::AgentState,
        call::CallState,
        injection::{Param, Part},
        sheet::{Item, Key, Sheet, Table},
        suggest,
        text::clip,
    },
    Act, Answer, Inject, MOST_SENDS, Mistake, Say, Scenario, Shape, Start, Step,
    expect::{CALL_STATES, Count, Hope},
    faults::{self, Faults},
    speech::{self, Spoken},
    template::{BUILT_IN, Source, Template, Vars, is_name},
};

const fn key(name: &'static str, takes: &'static str) -> Key {
    Key { name, takes }
}

const VARS_TAKE: &str = "a table such as { agent = \"17\", call = { random = \"uuid\" } }";
const FAULTS_TAKE: &str = "a table such as { duplicate = 10, drop = 5 }";
const SITE_TAKES: &str = "the name of a site of the configuration";
const TIME_TAKES: &str = "a duration such as \"2s\" or \"500ms\"";

const TOP: &[Key] = &[
    key("name", "text"),
    key("about", "text"),
    key("site", SITE_TAKES),
    key("seed", "a whole number"),
    key("vars", VARS_TAKE),
    key("faults", FAULTS_TAKE),
    key("step", "a list of tables: write [[step]]"),
];

const STEP: &[Key] = &[
    key("at", TIME_TAKES),
    key("after", TIME_TAKES),
    key("site", SITE_TAKES),
    key("times", "a whole number"),
    key("every", TIME_TAKES),
    key("event", "the name of an event such as \"call:ring\""),
    key("set", "a table such as { dst_user_id = \"17\" }"),
    key("shape", "\"json\", \"json-data\", \"form\" or \"get\""),
    key("to", "a URL such as \"http://127.0.0.1:8000/hook\""),
    key(
        "inject",
        "a table such as { queue = \"123\", event = \"TEST EVENT\" }",
    ),
    key(
        "answer",
        "a code such as 204, or a table such as { code = \"400\", key = \"queue\" }",
    ),
    key(
        "expect",
        "a table such as { agent = \"17\", state = \"on_call\" }",
    ),
    key("within", TIME_TAKES),
    key("faults", FAULTS_TAKE),
    key("vars", VARS_TAKE),
    key("step", "a list of tables: write [[step.step]]"),
];

/// What a step does, by its setting, and what else goes with it.
const KINDS: [(&str, &[&str]); 4] = [
    ("event", &["set", "shape", "to", "answer", "faults"]),
    ("inject", &["answer", "faults"]),
    ("expect", &["within"]),
    ("step", &["vars"]),
];

/// The settings that go with one kind of step or another.
const PARTICULAR: [&str; 7] = ["set", "shape", "to", "answer", "faults", "within", "vars"];

const FAULTS: &[Key] = &[
    key("duplicate", "percent, from 0 to 100"),
    key("reorder", "percent, from 0 to 100"),
    key("delay", "percent, from 0 to 100"),
    key("drop", "percent, from 0 to 100"),
    key("corrupt", "percent, from 0 to 100"),
    key("by", TIME_TAKES),
];

const ANSWER: &[Key] = &[
    key("code", "a code such as 204 or \"2xx\""),
    key("key", "the name of a parameter"),
    key("within", TIME_TAKES),
];

const EXPECT: &[Key] = &[
    key("agent", "an agent's id or name"),
    key("call", "a call's id"),
    key("queue", "a queue's id or name"),
    key("state", "a state"),
    key("waiting", "a count such as 3 or \">=1\""),
    key("event", "the name of an event"),
    key("with", "a table such as { call_id = \"${call}\" }"),
];

const SOURCE: &[Key] = &[
    key("random", "\"uuid\" or \"digits\""),
    key("length", "how many digits, from 1 to 30"),
    key("prefix", "text"),
    key("one_of", "a list such as [\"17\", \"18\"]"),
    key("between", "two whole numbers such as [1, 9]"),
];

/// No step is later, and no loop rests longer.
const LONGEST: Duration = Duration::from_hours(24);
/// How long an expectation waits unless it says.
const WITHIN: Duration = Duration::from_secs(2);
/// What an answer is expected to be where a step does not say.
const FINE: &str = "2xx";
/// Loops in loops.
const DEEPEST: usize = 4;

/// Reads the whole text.
pub(super) fn scenario(text: &str) -> Result<Scenario, Vec<Mistake>> {
    let sheet = Sheet::new(text);
    let read = match DeTable::parse(text) {
        Ok(document) => whole(&sheet, document.get_ref()),
        Err(error) => {
            sheet.not_toml(&error);
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
    let top = Table::new(sheet, document, 0, "a scenario", TOP);
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
    let mut set = Vec::new();
    if let Some(fields) = table.get("set") {
        for entry in fields.entries().unwrap_or_default() {
            known(&entry.item, entry.at, entry.key, event);
            if let Some(text) = template(&entry.item, around) {
                set.push((entry.key.into(), text));
            }
        }
    }
    for need in event.needs {
        if !set.iter().any(|(name, _): &(Arc<str>, _)| **name == **need) {
            table.wrong::<()>(&format!("tells of nobody; add {need} to `set`"));
        }
    }
    let shapes = Shape::ALL.map(|shape| (shape.word(), shape));
    let shape = table.get("shape").and_then(|item| item.choice(&shapes));
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
            table.sheet.wrong(entry.at, &what);
            continue;
        };
        let text = template(&entry.item, around);
        // What is filled in later is looked at in the plan.
        if let Some(fixed) = text.as_ref().and_then(Template::fixed)
            && param.name != "queue"
            && let Err(what) = param.read(fixed, super::SOMETIME)
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

fn hope(table: &Table<'_>, around: &Around) -> Option<Act> {
    const WHAT: [&str; 4] = ["agent", "call", "queue", "event"];
    let item = table.get("expect")?;
    let wanted = item.table("this expectation", EXPECT)?;
    let text = |name: &str| template(&wanted.get(name)?, around);
    let need = |name: &str, sample: &str| {
        wanted
            .get(name)
            .or_else(|| wanted.wrong(&format!("has no {name}; add {name} = {sample}")))
    };
    let what = match wanted.present(&WHAT).as_slice() {
        [one] => *one,
        [] => return wanted.wrong("is about nothing; add agent, call, queue or event = …"),
        several => {
            let several = suggest::listed(several.iter().copied(), "and");
            return wanted.wrong(&format!("is about {several}; make each a step of its own"));
        }
    };
    let goes = match what {
        "queue" => "waiting",
        "event" => "with",
        _ => "state",
    };
    for name in wanted.present(&["state", "waiting", "with"]) {
        if name != goes
            && let Some(stray) = wanted.get(name)
        {
            stray.wrong::<()>(&format!(
                "does not go with {what}, but {goes} does; remove it"
            ));
        }
    }
    let hope = match what {
        "agent" => {
            let states = AgentState::ALL.map(|state| (state.word(), state));
            let state = need("state", "\"on_call\"")?.choice(&states);
            Hope::Agent {
                agent: text("agent")?,
                state: state?,
            }
        }
        "call" => {
            let states = CALL_STATES.map(|state: CallState| (state.word(), state));
            let state = need("state", "\"answered\"")?.choice(&states);
            Hope::Call {
                call: text("call")?,
                state: state?,
            }
        }
        "queue" => {
            let waiting = need("waiting", "1")?;
            let count = Count::read(&waiting.scalar()?);
            Hope::Waiting {
                queue: text("queue")?,
                count: count.map_or_else(|what| waiting.wrong(&what), Some)?,
            }
        }
        _ => seen(&wanted, around)?,
    };
    let within = table
        .get("within")
        .map_or(Some(WITHIN), |item| span(&item))?;
    Some(Act::Expect { hope, within })
}

fn seen(wanted: &Table<'_>, around: &Around) -> Option<Hope<Template>> {
    let mut with = Vec::new();
    if let Some(fields) = wanted.get("with") {
        for entry in fields.entries()? {
            with.push((entry.key.into(), template(&entry.item, around)?));
        }
    }
    Some(Hope::Seen {
        event: template(&wanted.get("event")?, around)?,
        with,
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

/// What is expected of the answer.
fn answer(table: &Table<'_>) -> Option<Answer> {
    let Some(item) = table.get("answer") else {
        // A refusal that nobody expects is a failure.
        return Some(Answer {
            code: Some(FINE.into()),
            key: None,
            within: None,
        });
    };
    if !item.is_table() {
        return Some(Answer {
            code: code(&item),
            key: None,
            within: None,
        });
    }
    let wanted = item.table("this answer", ANSWER)?;
    if wanted.present(&["code", "key", "within"]).is_empty() {
        return wanted.wrong("expects nothing; add code = \"204\"");
    }
    let is_said = table.get("event").is_some();
    if is_said && let Some(key) = wanted.get("key") {
        key.wrong::<()>("goes with `inject`, and this step has `event`; remove it");
    }
    let given = wanted.get("code").and_then(|item| code(&item));
    let any = wanted.get("key").is_some();
    Some(Answer {
        code: given.or_else(|| (!any).then(|| FINE.into())),
        key: wanted
            .get("key")
            .and_then(|item| item.word().map(Arc::from)),
        within: wanted.get("within").and_then(|item| span(&item)),
    })
}

/// `204` or `2xx`.
fn code(item: &Item<'_>) -> Option<Arc<str>> {
    let code = item.scalar()?;
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    match (digits, &code[digits..]) {
        (3, "") | (1, "xx") => Some(code.into()),
        _ => item.wrong("is no code; write one such as 204 or \"2xx\""),
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

fn vars(table: &Table<'_>) -> Vars {
    let mut vars = Vars::new();
    let Some(item) = table.get("vars") else {
        return vars;
    };
    for entry in item.entries().unwrap_or_default() {
        if BUILT_IN.contains(&entry.key) || !is_name(entry.key) {
            let typed = clip(entry.key, 40);
            table.sheet.wrong(
                entry.at,
                &format!(
                    "a variable cannot be called \"{typed}\"; use a to z, 0 to 9 and _, and none \
                     of turn, now and uuid"
                ),
            );
        } else if let Some(source) = source(&entry.item) {
            vars.insert(entry.key.into(), source);
        }
    }
    vars
}

fn source(item: &Item<'_>) -> Option<Source> {
    if !item.is_table() {
        let text = item.scalar()?;
        if text.contains("${") {
            return item
                .wrong("names another variable, which variables cannot; use it in the step");
        }
        return Some(Source::Fixed(text.into()));
    }
    let table = item.table("this variable", SOURCE)?;
    match table.present(&["random", "one_of", "between"]).as_slice() {
        ["random"] => random(&table),
        ["one_of"] => {
            let list = table.get("one_of")?;
            let texts: Option<Vec<String>> = list.list()?.iter().map(Item::scalar).collect();
            let texts: Vec<Arc<str>> = texts?.into_iter().map(Arc::from).collect();
            if texts.is_empty() {
                return list.wrong("is empty; write a list such as [\"17\", \"18\"]");
            }
            Some(Source::OneOf(texts))
        }
        ["between"] => {
            let list = table.get("between")?;
            let most = i64::from(i32::MAX);
            let numbers: Option<Vec<i64>> =
                list.list()?.iter().map(|n| n.number(-most, most)).collect();
            match numbers?.as_slice() {
                [least, most] if least <= most => Some(Source::Between(*least, *most)),
                _ => list.wrong("takes two whole numbers, the smaller first, such as [1, 9]"),
            }
        }
        _ => table.wrong(
            "needs one of random = \"uuid\", random = \"digits\", one_of = […] and between = [1, 9]",
        ),
    }
}

fn random(table: &Table<'_>) -> Option<Source> {
    let is_uuid = table
        .get("random")?
        .choice(&[("uuid", true), ("digits", false)])?;
    let (length, prefix) = (table.get("length"), table.get("prefix"));
    if is_uuid {
        for stray in [length, prefix].into_iter().flatten() {
            stray.wrong::<()>("goes with random = \"digits\"; remove it");
        }
        return Some(Source::Uuid);
    }
    let Some(length) = length else {
        return table.wrong("has no length; add length = 8");
    };
    Some(Source::Digits {
        prefix: match prefix {
            Some(prefix) => prefix.text()?.into(),
            None => "".into(),
        },
        length: length.number(1, 30).and_then(|n| u8::try_from(n).ok())?,
    })
}
