//! What is to be said of each command beyond its flags, as data.

/// What is to be said of a command beyond its flags.
pub struct Topic {
    /// The command, `config check`; empty for the program itself.
    pub of: &'static str,
    /// Paragraphs; may be empty.
    pub notes: &'static [&'static str],
    /// What can be typed, and what it does.
    pub examples: &'static [(&'static str, &'static str)],
}

/// The exit codes, which scripts rely on.
pub const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "done"),
    (
        "1",
        "refused, or an answer that cannot be read, or a check did not hold",
    ),
    (
        "2",
        "wrong usage or configuration, or an action that it does not allow",
    ),
    ("3", "not reachable, or no answer in time"),
    ("128 + N", "ended by signal N"),
];

const fn topic(
    of: &'static str,
    notes: &'static [&'static str],
    examples: &'static [(&'static str, &'static str)],
) -> Topic {
    Topic {
        of,
        notes,
        examples,
    }
}

/// Every command's; a test holds that none is missing.
pub const TOPICS: &[Topic] = &[
    topic(
        "",
        &["Without a command, opens the console."],
        &[
            ("holdline demo", "see it work, nothing to configure"),
            (
                "holdline config example > config.toml",
                "a configuration to start from",
            ),
            ("holdline doctor", "what is wrong, and what to do"),
            (
                "holdline callers --format json",
                "who waits now, for a script",
            ),
            ("holdline --read-only --theme light", "the console"),
        ],
    ),
    topic(
        "demo",
        &["Its journal is thrown away in the end."],
        &[
            ("holdline demo", "a call center on an ordinary day"),
            ("holdline demo --seed 7", "another day"),
            (
                "holdline demo --screenshot frame.svg",
                "a picture of it, without a terminal",
            ),
        ],
    ),
    topic(
        "simulate",
        &[],
        &[
            (
                "holdline simulate --config-out sim.toml",
                "a call center, and a configuration for it",
            ),
            (
                "holdline --config sim.toml",
                "in another terminal: the console on it",
            ),
        ],
    ),
    topic(
        "collect",
        &["Consoles on the same journal show what it collects."],
        &[
            ("holdline collect", "until a signal ends it"),
            (
                "holdline collect --print-unit",
                "a unit to run it by, for systemd",
            ),
            (
                "HOLDLINE_LOG=holdline=debug holdline collect",
                "and say more",
            ),
        ],
    ),
    topic(
        "callers",
        &[
            "Those of sites that push are read from the journal: where no collector runs, it says \
             how old that is.",
        ],
        &[
            ("holdline callers", "everyone who waits, at every site"),
            (
                "holdline callers --queue support --format csv",
                "one queue, for a spreadsheet",
            ),
            (
                "holdline callers --format ndjson | jq -r .number",
                "the numbers alone",
            ),
        ],
    ),
    topic(
        "agents",
        &["Reads what a collector has stored; where none runs, it says how old that is."],
        &[
            ("holdline agents --queue support", "who serves a queue"),
            (
                "holdline agents --format json | jq '.[] | select(.state == \"paused\")'",
                "who is paused, and why",
            ),
        ],
    ),
    topic(
        "calls",
        &["Reads what a collector has stored; where none runs, it says how old that is."],
        &[
            ("holdline calls", "calls that go on"),
            (
                "holdline calls --ended --format csv",
                "and those of the last day, for a spreadsheet",
            ),
        ],
    ),
    topic(
        "events",
        &[
            "The whole journal, unless it is narrowed. TIME is 2024-01-31 10:00 by the console's \
             clock, 2024-01-31T10:00:00Z, today, now, or so long from now: -15m, -2h, -7d.",
        ],
        &[
            (
                "holdline events --since -15m",
                "the last quarter of an hour",
            ),
            (
                "holdline events -n 20 --follow",
                "the last ones and what comes",
            ),
            (
                "holdline events --follow --format ndjson | jq -c .body",
                "what vendors push, as they sent it",
            ),
        ],
    ),
    topic(
        "inject",
        &[
            "Shows the request and asks before it is sent; a production site wants its name. \
             Nothing is ever sent twice by itself: without an answer in time it says that the \
             event may have been recorded. Who did it stands in the journal.",
            "TIME is Unix seconds, 2024-01-31T10:00:00Z, now, or so long from now: -5m. Left \
             out, the PBX's own clock counts. A queue's id that the configuration does not list \
             is sent as it is.",
        ],
        &[
            (
                "holdline inject --queue sales --event TEST --validate",
                "what the vendor says to it, recording nothing",
            ),
            (
                "holdline inject --queue sales --event TEST --position 2",
                "asks, sends it, and looks whether it is on record",
            ),
            (
                "holdline inject --queue 123 --event TEST --yes --format json",
                "for a script",
            ),
        ],
    ),
    topic(
        "inject run",
        &[
            "The file is looked over whole before anything is sent; every mistake is told with its \
             line. What it may do to a site is the configuration's to say: allow = [\"inject\"], \
             max_rate above 10 requests in a second; a production site is refused. Every answer is \
             expected to be 2xx unless the step says otherwise.",
            "Times count from when a request was due, not from when it could be sent. Stopped by \
             Ctrl-C it says what was sent: sent = answered + failed + unknown.",
        ],
        &[
            (
                "holdline inject run call.toml --validate",
                "what it would do; sends nothing",
            ),
            (
                "holdline inject run call.toml --yes --format json",
                "for a test: exit code 1 when an expectation fails",
            ),
            (
                "holdline inject run call.toml --rate 100 --for 30s",
                "its requests over and over, 100 a second",
            ),
        ],
    ),
    topic(
        "inject webhook",
        &[
            "Speaks as the contaqt or telphin site whose event it is: one that has allow = \
             [\"inject\"] and is not in production. What reaches our own receiver is marked as \
             injected all the way and left out of counts. Ids and time of a call event are made \
             up where they are not set.",
        ],
        &[
            (
                "holdline inject webhook --event call:ring --set dst_user_id=17",
                "the phone of agent 17 rings",
            ),
            (
                "holdline inject webhook --event agent:status --set user_id=17 --set pause_id=5",
                "agent 17 pauses",
            ),
            (
                "holdline inject webhook --event agent:checkout --set user_id=17 --to \
                 http://127.0.0.1:8000/hook --shape form",
                "to an application under test, as a form",
            ),
        ],
    ),
    topic(
        "callbacks",
        &[
            "TIME is 2024-01-31 10:00 by the site's clock, 2024-01-31T10:00:00Z, today, now, or \
           so long from now: -7d, +2h, -30m. No filter is sent unless it is given.",
        ],
        &[
            (
                "holdline callbacks --status pending --due-before now",
                "who is overdue",
            ),
            (
                "holdline callbacks --from -7d --to now --format csv",
                "the requests of a week",
            ),
            ("holdline callbacks --view overdue", "a view you have named"),
        ],
    ),
    topic(
        "doctor",
        &[
            "Checks the configuration, every site (reachable, authorised, its clock), the \
             receiver, the journal and the terminal. It changes nothing and makes no file. \
             Sites are asked at the same time, each for one small list.",
            "--format json prints an array of {check, site, state, found, remedy}: state is ok, \
             note or wrong; site and remedy may be null.",
            "Exits 0 when nothing is wrong, else with the highest of: 1 refused or damaged, \
             2 configuration, 3 not reachable.",
        ],
        &[
            ("holdline doctor", "everything"),
            ("holdline doctor --site support", "one site only"),
            (
                "holdline doctor --format json | jq '.[] | select(.state == \"wrong\")'",
                "what is wrong, for monitoring",
            ),
        ],
    ),
    topic(
        "journal",
        &["Nothing of this is needed every day: what is older than retain goes by itself."],
        &[("holdline journal check", "is it sound, and how large?")],
    ),
    topic(
        "journal check",
        &[
            "Reads all of it, beside a collector that runs. Exits 1 when something is damaged, and \
             says what to do.",
        ],
        &[
            ("holdline journal check", "is it sound, and what is in it?"),
            (
                "holdline journal check --format json | jq .bytes",
                "for monitoring",
            ),
        ],
    ),
    topic(
        "journal compact",
        &[
            "Only while nobody collects. The journal does not grow without it: the room of what \
             retention deletes is used again. Needs twice the journal's size free on the disk.",
        ],
        &[("holdline journal compact", "after retain was made shorter")],
    ),
    topic(
        "journal recover",
        &[
            "Only while nobody collects; end every console too. Looks through the files themselves \
             for entries that are as they were written, puts them into a new journal, and moves the \
             old files into a folder beside it. A journal that is sound stays as it is.",
        ],
        &[(
            "holdline journal recover",
            "after a disk or a file system has failed",
        )],
    ),
    topic(
        "journal export",
        &[
            "Bodies are as stored: what vendors sent, with numbers and names in it. Secrets of \
             the configuration and secret numbers never reach the journal.",
        ],
        &[
            (
                "holdline journal export --output january.ndjson",
                "a copy that other programs read",
            ),
            (
                "holdline journal export | jq -c 'select(.kind == \"act\")'",
                "what people did",
            ),
        ],
    ),
    topic("config", &[], &[("holdline config check", "is it right?")]),
    topic(
        "config path",
        &[],
        &[("holdline config path", "where it is, or would be")],
    ),
    topic(
        "config check",
        &["It asks nobody over the network: that is what `holdline doctor` does."],
        &[(
            "holdline config check --config new.toml",
            "before it is put in place",
        )],
    ),
    topic(
        "config example",
        &[],
        &[(
            "holdline config example > config.toml",
            "a file to start from",
        )],
    ),
    topic(
        "hooks",
        &[],
        &[
            (
                "holdline hooks check --site phones",
                "what is missing, and does it arrive?",
            ),
            (
                "holdline hooks url --site team",
                "what a vendor is to be told by hand",
            ),
        ],
    ),
    topic(
        "hooks list",
        &[
            "Of telphin sites; contaqt is told one address on its own page (`holdline hooks url`). \
             Addresses are masked in every format, as there are secrets in them: --show-secrets \
             prints them whole.",
        ],
        &[
            ("holdline hooks list", "all extensions that are configured"),
            (
                "holdline hooks list --extension 175 --format json | jq '.[] | select(.ours | not)'",
                "what somebody else has of one",
            ),
        ],
    ),
    topic(
        "hooks add",
        &[
            "EVENT is dial-in, dial-out, answer, hangup, message-in, message-out or voicemail. It \
             shows what it adds and asks; a production site wants its name. What is pushed there \
             already is left alone. Who did it stands in the journal.",
            "Each is asked for once, and those behind one that failed are not. How many events an \
             account may have pushed is the vendor's to say.",
        ],
        &[
            (
                "holdline hooks add --missing",
                "what we lack, of every extension",
            ),
            (
                "holdline hooks add --extension 175 --event dial-in,hangup",
                "two events of one extension",
            ),
            (
                "holdline hooks add --extension Anna --event answer --method get --url \
                 https://crm.example.com/in?id=175 --yes",
                "to somebody else's application",
            ),
        ],
    ),
    topic(
        "hooks remove",
        &["Asks first; --others is needed for what is not ours."],
        &[(
            "holdline hooks remove --extension 175 --id 72,73",
            "two subscriptions of one extension",
        )],
    ),
    topic(
        "hooks check",
        &[
            "Sends one event, holdline:check, from this machine to the address that the vendor is \
             told, and waits for it to come out of the journal, for --timeout. It stands in the \
             journal as injected and counts nowhere.",
            "Exits 0 when everything is pushed to us and the test arrived, else with the highest \
             of: 1 missing or refused, 3 not reachable.",
        ],
        &[
            ("holdline hooks check", "subscriptions, limits, delivery"),
            (
                "holdline hooks check --format json | jq '.[] | select(.state == \"wrong\")'",
                "what is wrong, for monitoring",
            ),
        ],
    ),
    topic(
        "call",
        &[
            "Asks first, and once more where anyone on this journal called the number in the last \
             10 minutes; with --yes that needs --again. A production site wants its name. The \
             extension is rung, and when it answers, the number. Nothing is ever dialled again by \
             itself: without an answer in time it says that the call may have been made.",
        ],
        &[
            (
                "holdline call --to +4520123456",
                "from the phone of whoever types it",
            ),
            (
                "holdline call --from 200 --to +4520123456 --follow",
                "and say what comes of it",
            ),
            (
                "holdline call --from id:175 --to +4520123456 --yes --format json",
                "for a script",
            ),
        ],
    ),
    topic(
        "hooks url",
        &["With port 0 only a collector that runs knows the port."],
        &[(
            "holdline hooks url --site team",
            "the address, with the secret in it",
        )],
    ),
    topic(
        "completions",
        &["They are complete for this version: make them anew with the next."],
        &[
            (
                "holdline completions bash > ~/.local/share/bash-completion/completions/holdline",
                "from the next shell on",
            ),
            (
                "holdline completions zsh > ~/.zfunc/_holdline",
                "a folder of your $fpath",
            ),
            (
                "holdline completions fish > ~/.config/fish/completions/holdline.fish",
                "at once",
            ),
        ],
    ),
    topic(
        "man",
        &[],
        &[
            ("holdline man | man -l -", "reads it"),
            (
                "holdline man > ~/.local/share/man/man1/holdline.1",
                "so that `man holdline` finds it",
            ),
        ],
    ),
];
