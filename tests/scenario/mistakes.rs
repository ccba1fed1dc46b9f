//! Every mistake is told with its line and what to write.

use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_mistake_is_told_with_its_line_and_what_to_write() {
    let event = "event = \"call:ring\"";
    for (text, expected) in [
        (
            "",
            "1: a scenario has no step; add [[step]] with an event, inject or expect",
        ),
        ("name = ", "1: this is not TOML: "),
        (
            "steps = []",
            "1: a scenario has no setting `steps`; did you mean `step`?",
        ),
        (
            "seed = -1\n[[step]]\nevent = \"call:ring\"",
            "1: `seed` must be a whole number from 0 to",
        ),
        (
            "name = 3\n[[step]]\nevent = \"call:ring\"",
            "1: `name` takes text, not a whole number",
        ),
        (
            "step = 3",
            "1: `step` takes a list of tables: write [[step]], not a whole number",
        ),
        ("step = []", "1: `step` is empty; add a step"),
        (
            "[[step]]",
            "1: this step does nothing; add event = …, inject = …, expect = … or",
        ),
        (
            "[[step]]\nevent = \"call:rang\"",
            "2: `event` cannot be \"call:rang\"; did you mean \"call:ring\"?",
        ),
        (
            "[[step]]\nevent = \"x\"",
            "2: `event` cannot be \"x\"; it can be agent:checkin, ",
        ),
        (
            "[[step]]\nevent = \"call:ring\"\nexpect = { agent = \"1\", state = \"paused\" }",
            "1: this step has event and expect; make each a step of its own",
        ),
        (
            "[[step]]\nevent = \"agent:checkout\"",
            "1: this step tells of nobody; add user_id to `set`",
        ),
        (
            "[[step]]\nevent = \"dial-in\"\nset = { CallerExtensionID = \"175\" }",
            "1: this step tells of nobody; add CalledExtensionID to `set`",
        ),
        (
            "[[step]]\nevent = \"hangup\"",
            "1: this step tells of nobody; add CalledExtensionID or CallerExtensionID to `set`",
        ),
        (
            &step(&format!("{event}\nat = \"2\"")),
            "3: `at` is not a duration: \"2\"; write",
        ),
        (
            &step(&format!("{event}\nat = \"25h\"")),
            "3: `at` is longer than a day",
        ),
        (
            &step(&format!("{event}\nat = \"1s\"\nafter = \"1s\"")),
            "4: `after` stands beside `at`; leave one of them out",
        ),
        (
            &step(&format!("{event}\nevery = \"1s\"")),
            "3: `every` says how long from one time to the next; add times",
        ),
        (
            &step(&format!("{event}\ntimes = 0")),
            "3: `times` must be a whole number from 1 to 1000000",
        ),
        (
            &step(&format!("{event}\nwithin = \"1s\"")),
            "3: `within` goes with `expect`, and this step has `event`; remove it",
        ),
        (
            &step(&format!("{event}\nvars = {{ a = 1 }}")),
            "3: `vars` goes with `step`",
        ),
        (
            &step(&format!("{event}\nshape = \"xml\"")),
            "3: `shape` cannot be \"xml\"; it can be json, json-data, form or get",
        ),
        (
            &step(&format!("{event}\nset = {{ id = \"${{cal}}\" }}")),
            "3: `id` names the variable \"cal\", which there is none of; add cal = … to `vars`",
        ),
        (
            &step(&format!("{event}\nset = {{ id = \"$x\" }}")),
            "3: `id` has a lone $; write ${name}, or $$ for a dollar",
        ),
        (
            &step(&format!("{event}\nset = {{ id = 1.5 }}")),
            "3: `id` takes a table such as",
        ),
        (
            &step(&format!("{event}\nanswer = \"OK\"")),
            "3: `answer` is no code; write one such as 204 or \"2xx\"",
        ),
        (
            &step(&format!("{event}\nanswer = {{}}")),
            "3: this answer expects nothing; add code",
        ),
        (
            &step(&format!("{event}\nanswer = {{ key = \"queue\" }}")),
            "3: `key` goes with `inject`, and this step has `event`",
        ),
        (
            &step(&format!("{event}\nfaults = {{ drop = 101 }}")),
            "3: `drop` must be a whole number from 0 to 100",
        ),
        (
            &step(&format!("{event}\nfaults = {{ dorp = 1 }}")),
            "3: these faults has no setting `dorp`; did you mean `drop`?",
        ),
        (
            &step(&format!("{event}\nfaults = {{ delay = 1, by = \"0s\" }}")),
            "3: `by` is zero",
        ),
        (
            "[[step]]\ninject = { event = \"X\" }",
            "2: `inject` has no queue; add queue",
        ),
        (
            "[[step]]\ninject = { queue = 1, evnt = \"X\" }",
            "2: `inject` has no parameter `evnt`; did you mean `event`?",
        ),
        (
            "[[step]]\ninject = { queue = 1, auth_password = \"X\" }",
            "2: `inject` has no parameter `auth_password`; there are queue, event",
        ),
        (
            "[[step]]\ninject = { queue = 1, position = \"first\" }",
            "2: `position` is a whole number, such as 3",
        ),
        (
            "[[step]]\ninject = { queue = 1 }\nfaults = { corrupt = 1 }",
            "3: `corrupt` is for events",
        ),
        (
            "[[step]]\nexpect = { state = \"paused\" }",
            "2: this expectation is about nothing; add agent, call, queue or event",
        ),
        (
            "[[step]]\nexpect = { agent = 1, call = 2 }",
            "2: this expectation is about agent and call; make each",
        ),
        (
            "[[step]]\nexpect = { agent = 1 }",
            "2: this expectation has no state; add state = \"on_call\"",
        ),
        (
            "[[step]]\nexpect = { agent = 1, state = \"oncall\" }",
            "2: `state` cannot be \"oncall\"; did you mean \"on_call\"?",
        ),
        (
            "[[step]]\nexpect = { call = 1, state = \"paused\" }",
            "2: `state` cannot be \"paused\"; it can be ringing, waiting, answered or ended",
        ),
        (
            "[[step]]\nexpect = { queue = 1, state = \"x\", waiting = 1 }",
            "2: `state` does not go with queue, but waiting does; remove it",
        ),
        (
            "[[step]]\nexpect = { queue = 1, waiting = \"many\" }",
            "2: `waiting` is not a count; write 3, \">=3\" or \"<3\"",
        ),
        (
            "[vars]\nnow = 1\n[[step]]\nevent = \"call:ring\"",
            "2: a variable cannot be called \"now\"",
        ),
        (
            "[vars]\na = \"${b}\"\n[[step]]\nevent = \"call:ring\"",
            "2: `a` names another variable",
        ),
        (
            "[vars]\na = {}\n[[step]]\nevent = \"call:ring\"",
            "2: this variable needs one of random",
        ),
        (
            "[vars]\na = { random = \"uid\" }\n[[step]]\nevent = \"call:ring\"",
            "2: `random` cannot be \"uid\"; did you mean \"uuid\"?",
        ),
        (
            "[vars]\na = { random = \"digits\" }\n[[step]]\nevent = \"call:ring\"",
            "2: this variable has no length; add length = 8",
        ),
        (
            "[vars]\na = { random = \"uuid\", length = 3 }\n[[step]]\nevent = \"call:ring\"",
            "2: `length` goes with random = \"digits\"",
        ),
        (
            "[vars]\na = { one_of = [] }\n[[step]]\nevent = \"call:ring\"",
            "2: `one_of` is empty",
        ),
        (
            "[vars]\na = { between = [9, 1] }\n[[step]]\nevent = \"call:ring\"",
            "2: `between` takes two whole numbers, the smaller first",
        ),
        (
            "[[step]]\ntimes = 1000000\nevent = \"call:ring\"",
            "1: `step` makes more than 100000 requests",
        ),
        (
            "[[step]]\n[[step.step]]\n[[step.step.step]]\n[[step.step.step.step]]\n\
             [[step.step.step.step.step]]\nevent = \"call:ring\"",
            "4: this step is the 4th loop in a loop; leave one out",
        ),
    ] {
        let found = told(text);
        assert!(
            found.iter().any(|told| told.starts_with(expected)),
            "{text}\nexpected {expected}\nfound {found:#?}"
        );
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_files_order() {
    let text = "site = 1\n[[step]]\nevent = \"call:rnig\"\n[[step]]\nevent = \"call:end\"\nat = \"soon\"\nfuats = 1\n";
    let lines: Vec<usize> = Scenario::read(text)
        .unwrap_err()
        .iter()
        .map(|m| m.line)
        .collect();
    assert_eq!(lines, [1, 3, 6, 7]);
}

#[test]
fn what_may_be_meant_is_noted_and_sent() {
    let text = "[[step]]\nevent = \"call:ring\"\nset = { call_di = \"1\", shift = \"late\" }\n";
    let scenario = read(text);
    let notes: Vec<&str> = scenario.notes.iter().map(|n| n.what.as_str()).collect();
    assert_eq!(
        notes,
        [
            "`call_di` is no variable of call:ring on the vendor's page; did you mean `call_id`? It \
             is sent as it is",
            "`shift` is no variable of call:ring on the vendor's page; it is sent as it is",
        ]
    );
    let Letter::Webhook(webhook) = &plan(text, 1).sends[0].what else {
        panic!("a webhook");
    };
    let names: Vec<&str> = webhook.fields.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["id", "call_id", "ts", "call_di", "shift"]);
}
