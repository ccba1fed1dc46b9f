//! The rooms keep to their doors: lower ones never name higher ones, and none
//! uses what is not its job. The table is the design; a finding names file and
//! line.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path};

/// A room, the rooms it may name, and the words it must not use.
struct Room {
    name: &'static str,
    may_name: &'static [&'static str],
    forbidden: &'static [&'static str],
}

const ROOMS: &[Room] = &[
    Room {
        name: "domain",
        may_name: &[],
        forbidden: &[
            "tokio",
            "async",
            "reqwest",
            "rusqlite",
            "ratatui",
            "axum",
            "clap",
            "fs",
            "net",
            "thread",
            "process",
            "SystemTime",
            "Instant",
            "env",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "config",
        may_name: &["domain"],
        forbidden: &[
            "tokio", "async", "reqwest", "rusqlite", "ratatui", "clap", "println", "eprintln",
        ],
    },
    Room {
        name: "vendor",
        may_name: &["domain", "config"],
        forbidden: &[
            "spawn",
            "SystemTime",
            "rusqlite",
            "ratatui",
            "clap",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "emit",
        may_name: &["domain"],
        forbidden: &[
            "spawn",
            "sleep",
            "SystemTime",
            "Instant",
            "rusqlite",
            "ratatui",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "journal",
        may_name: &["domain"],
        forbidden: &[
            "reqwest",
            "ratatui",
            "SystemTime",
            "clap",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "collector",
        may_name: &["domain", "config", "vendor", "journal"],
        forbidden: &[
            "spawn",
            "sleep",
            "SystemTime",
            "Instant",
            "rusqlite",
            "ratatui",
            "clap",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "app",
        // What would be said as a vendor is shown before it is.
        may_name: &["domain", "emit"],
        forbidden: &[
            "tokio",
            "async",
            "reqwest",
            "rusqlite",
            "serde_json",
            "widgets",
            "Frame",
            "Buffer",
            "SystemTime",
            "Instant",
            "Mutex",
            "thread",
            "clap",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "ui",
        may_name: &["app", "domain"],
        forbidden: &[
            "tokio",
            "async",
            "reqwest",
            "rusqlite",
            "serde_json",
            "SystemTime",
            "Instant",
            "Mutex",
            "thread",
            "clap",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "runtime",
        may_name: &[
            "domain",
            "config",
            "vendor",
            "emit",
            "journal",
            "collector",
            "app",
            "ui",
        ],
        forbidden: &["clap", "rusqlite", "println", "eprintln"],
    },
    Room {
        name: "sim",
        may_name: &["domain", "emit"],
        forbidden: &[
            "reqwest",
            "rusqlite",
            "ratatui",
            "clap",
            "SystemTime",
            "println",
            "eprintln",
        ],
    },
    Room {
        name: "cli",
        may_name: &[
            "domain",
            "config",
            "vendor",
            "emit",
            "journal",
            "collector",
            "app",
            "ui",
            "runtime",
            "sim",
        ],
        forbidden: &["rusqlite", "println", "eprintln"],
    },
];

/// What is no room's: the map, the program, and how it keeps its memory.
const OF_ALL: [&str; 3] = ["lib.rs", "main.rs", "heap.c"];

#[test]
fn every_room_keeps_to_its_doors() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut findings = Vec::new();
    for entry in fs::read_dir(&src).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            match ROOMS.iter().find(|r| r.name == name) {
                Some(room) => visit(room, &path, 1, &mut findings),
                None => findings.push(format!("src/{name}: a room that is not in the table")),
            }
        } else if !OF_ALL.contains(&name.as_str()) {
            findings.push(format!("src/{name}: every file belongs to a room"));
        }
    }
    assert!(findings.is_empty(), "\n{}", findings.join("\n"));
}

/// Looks at all files below a folder whose module is `depth` deep.
fn visit(room: &Room, folder: &Path, depth: usize, findings: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            visit(room, &path, depth + 1, findings);
        } else if path.extension().is_some_and(|e| e == "rs") && name != "tests.rs" {
            let depth = depth + usize::from(name != "mod.rs");
            let text = fs::read_to_string(&path).unwrap();
            for (line, what) in check(room, &text, depth) {
                findings.push(format!("{}:{line}: {what}", path.display()));
            }
        }
    }
}

/// What is wrong in a file, with the line.
fn check(room: &Room, text: &str, depth: usize) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    let mut group = 0_i32;
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim() == "#[cfg(test)]" {
            // Unit tests stand last, or in a file of their own.
            if !text
                .lines()
                .nth(number)
                .is_some_and(|next| next.trim_end().ends_with(';'))
            {
                break;
            }
            continue;
        }
        let code = strip(line);
        let mut names: Vec<String> = Vec::new();
        for rest in code.split("crate::").skip(1) {
            match rest.strip_prefix('{') {
                Some(inner) => {
                    group = 1;
                    names.extend(members(inner, &mut group));
                }
                None => names.push(ident(rest)),
            }
        }
        if group > 0 && !code.contains("crate::") {
            names.extend(members(&code, &mut group));
        }
        for name in names
            .iter()
            .filter(|n| **n != room.name && ROOMS.iter().any(|r| r.name == **n))
        {
            if !room.may_name.contains(&name.as_str()) {
                wrong.push((number, format!("{} must not name {name}", room.name)));
            }
        }
        let ups = code
            .split(|c: char| !c.is_alphanumeric() && c != ':' && c != '_')
            .map(|w| w.matches("super").count());
        if ups.max().unwrap_or(0) >= depth {
            wrong.push((number, format!("`super` leads out of {}", room.name)));
        }
        for word in words(&code).filter(|w| room.forbidden.contains(w)) {
            wrong.push((number, format!("{} must not use `{word}`", room.name)));
        }
    }
    wrong
}

/// The line without its comment and its string literals.
fn strip(line: &str) -> String {
    let mut code = String::new();
    let (mut quoted, mut escaped) = (false, false);
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '/' if !quoted && rest.peek() == Some(&'/') => break,
            c if !quoted => code.push(c),
            _ => {}
        }
    }
    code
}

/// The first names at the top of a `{…}` group; `depth` counts open braces.
fn members(text: &str, depth: &mut i32) -> Vec<String> {
    let mut names = Vec::new();
    let mut at_name = *depth == 1;
    for (i, c) in text.char_indices() {
        match c {
            '{' => *depth += 1,
            '}' => *depth -= 1,
            ',' if *depth == 1 => at_name = true,
            c if *depth == 1 && at_name && c.is_alphabetic() => {
                names.push(ident(&text[i..]));
                at_name = false;
            }
            _ => {}
        }
        if *depth <= 0 {
            break;
        }
    }
    names
}

fn ident(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty())
}

#[test]
fn the_check_finds_what_it_looks_for() {
    let app = ROOMS.iter().find(|r| r.name == "app").unwrap();
    let found = |text: &str| {
        check(app, text, 2)
            .into_iter()
            .map(|(line, _)| line)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("use crate::domain::time::At;\n"), Vec::<usize>::new());
    assert_eq!(found("\nuse crate::journal::Journal;\n"), [2]);
    assert_eq!(
        found("use crate::{\n    domain::{fault::Fault, time::At},\n    ui::draw,\n};\n"),
        [3]
    );
    assert_eq!(found("use crate::{domain, vendor};\n"), [1]);
    assert_eq!(found("let now = Instant::now(); // or SystemTime\n"), [1]);
    assert_eq!(found("say(\"Instant\"); // tokio\n"), Vec::<usize>::new());
    assert_eq!(found("use super::super::ui::draw;\n"), [1]);
    assert_eq!(found("async fn wait() {}\n"), [1]);
    assert_eq!(
        found("#[cfg(test)]\nmod tests {\n use crate::ui;\n}\n"),
        Vec::<usize>::new()
    );
}
