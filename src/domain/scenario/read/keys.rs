//! Every setting of a scenario, and what it takes. Holds no parsing.

use crate::domain::sheet::Key;

const fn key(name: &'static str, takes: &'static str) -> Key {
    Key::new(name, takes)
}

const VARS_TAKE: &str = "a table such as { agent = \"17\", call = { random = \"uuid\" } }";
const FAULTS_TAKE: &str = "a table such as { duplicate = 10, drop = 5 }";
const SITE_TAKES: &str = "the name of a site of the configuration";
const TIME_TAKES: &str = "a duration such as \"2s\" or \"500ms\"";

/// A scenario's.
pub const TOP: &[Key] = &[
    key("name", "text"),
    key("about", "text"),
    key("site", SITE_TAKES),
    key("seed", "a whole number"),
    key("vars", VARS_TAKE),
    key("faults", FAULTS_TAKE),
    key("step", "a list of tables: write [[step]]"),
];

/// A step's.
pub const STEP: &[Key] = &[
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
pub const KINDS: [(&str, &[&str]); 4] = [
    ("event", &["set", "shape", "to", "answer", "faults"]),
    ("inject", &["answer", "faults"]),
    ("expect", &["within"]),
    ("step", &["vars"]),
];

/// The settings that go with one kind of step or another.
pub const PARTICULAR: [&str; 7] = ["set", "shape", "to", "answer", "faults", "within", "vars"];

/// Those of faults.
pub const FAULTS: &[Key] = &[
    key("duplicate", "percent, from 0 to 100"),
    key("reorder", "percent, from 0 to 100"),
    key("delay", "percent, from 0 to 100"),
    key("drop", "percent, from 0 to 100"),
    key("corrupt", "percent, from 0 to 100"),
    key("by", TIME_TAKES),
];

/// An answer's.
pub const ANSWER: &[Key] = &[
    key("code", "a code such as 204 or \"2xx\""),
    key("key", "the name of a parameter"),
    key("within", TIME_TAKES),
];

/// An expectation's.
pub const EXPECT: &[Key] = &[
    key("agent", "an agent's id or name"),
    key("call", "a call's id"),
    key("queue", "a queue's id or name"),
    key("state", "a state"),
    key("waiting", "a count such as 3 or \">=1\""),
    key("event", "the name of an event"),
    key("with", "a table such as { call_id = \"${call}\" }"),
];

/// A variable's.
pub const SOURCE: &[Key] = &[
    key("random", "\"uuid\" or \"digits\""),
    key("length", "how many digits, from 1 to 30"),
    key("prefix", "text"),
    key("one_of", "a list such as [\"17\", \"18\"]"),
    key("between", "two whole numbers such as [1, 9]"),
];
