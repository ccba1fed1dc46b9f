//! Where secrets come from, and that they are never said.

use std::{ffi::OsString, fs, os::unix::fs::PermissionsExt as _, path::Path};

use holdline::config::{Account, Config, Source, TelecomXAuth};

use crate::{CONTAQT, ENSWITCH, TELECOMX, TELPHIN, WHILE1, env, with};

#[test]
fn secrets_come_from_four_places() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.token"), "from-file\r\n").unwrap();
    for (secret, is) in [
        ("\"from-text\"", "from-text"),
        ("{ env = \"TOKEN\" }", "t0ken"),
        ("{ file = \"a.token\" }", "from-file"),
        ("{ command = \"cat a.token | tr f F\" }", "From-File"),
        ("{ command = '''\necho a | \\\ntr a b\n''' }", "b"),
    ] {
        let text = with(TELECOMX, &format!("token = {secret}"));
        let config = Config::parse(&text, folder.path(), &env).unwrap();
        let Account::TelecomX(account) = &config.sites[0].account else {
            panic!("{:?}", config.sites[0].account)
        };
        match &account.auth {
            TelecomXAuth::Token(token) => assert_eq!(token.expose(), is),
            TelecomXAuth::Login { .. } => panic!("a token was given"),
        }
    }
}

#[test]
fn no_command_runs_while_there_is_a_mistake_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let text = with(TELECOMX, "token = { command = \"touch ran; echo t0ken\" }");
    let broken = format!("{text}{}", with(WHILE1, "tokn = 1"));
    assert!(Config::parse(&broken, folder.path(), &env).is_err());
    assert!(!folder.path().join("ran").exists());
    assert!(Config::parse(&text, folder.path(), &env).is_ok());
    assert!(folder.path().join("ran").exists());
}

#[test]
fn no_command_runs_for_a_doctor_who_cannot_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let site = with(TELECOMX, "token = { command = \"touch ran; echo t0ken\" }");
    let source = Source {
        flag: Some(&path),
        env: &env,
    };
    fs::write(&path, format!("[console]\nthem = 1\n{site}")).unwrap();
    assert!(Config::load_in_part(&source).is_err());
    assert!(!folder.path().join("ran").exists());
    let wrong = with(WHILE1, "tokn = 1");
    fs::write(&path, format!("{site}{wrong}")).unwrap();
    let (config, mistakes) = Config::load_in_part(&source).unwrap();
    assert_eq!((config.sites.len(), mistakes.len()), (1, 1));
    assert_eq!(mistakes[0].site.as_deref(), Some("outbound"));
    assert!(folder.path().join("ran").exists());
}

#[test]
fn a_secret_that_others_can_read_is_warned_of() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let secret = folder.path().join("key");
    fs::write(
        &path,
        with(&with(WHILE1, "token = \"t\""), "key = { file = \"key\" }"),
    )
    .unwrap();
    fs::write(&secret, "k").unwrap();
    let source = Source {
        flag: Some(&path),
        env: &env,
    };
    let warnings = |mode: u32| {
        for file in [&path, &secret] {
            fs::set_permissions(file, fs::Permissions::from_mode(mode)).unwrap();
        }
        Config::load(&source).unwrap().warnings
    };
    for mode in [0o600, 0o640] {
        assert_eq!(warnings(mode), Vec::<String>::new(), "{mode:o}");
    }
    let (path, secret) = (path.display(), secret.display());
    assert_eq!(
        warnings(0o644),
        [
            format!(
                "{path}:5: the token of site \"outbound\" stands in a file that others can read; run `chmod 600` on the file, or use {{ env = \"NAME\" }}"
            ),
            format!(
                "{path}:6: the key of site \"outbound\" stands in {secret}, which others can read; run `chmod 600` on it"
            ),
        ]
    );
}

#[test]
fn many_secrets_in_a_file_that_others_can_read_are_one_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    let first = with(WHILE1, "token = \"t\"");
    let second = first.replace("outbound", "inbound");
    let third = first.replace("outbound", "evening");
    fs::write(&path, format!("{first}\n{second}\n{third}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let source = Source {
        flag: Some(&path),
        env: &env,
    };
    let warnings = Config::load(&source).unwrap().warnings;
    let [warning] = warnings.as_slice() else {
        panic!("{warnings:?}")
    };
    let told =
        "the token of site \"outbound\" and 2 other secrets stand in a file that others can read";
    assert!(warning.contains(told), "{warning}");
}

const CANARY: &str = "CANARY-7f3a9c1e5b2d";

/// A configuration with the canary in every place that can hold a secret.
/// Commands have a test of their own, they cost a process each.
fn caged() -> String {
    let text = [TELECOMX, WHILE1, ENSWITCH, TELPHIN, CONTAQT].concat();
    let text = text.replace(
        "hook = { secret = { env = \"HOOK\" } }",
        "hook = { secret = [\"CANARY\", { env = \"HOOK\" }] }",
    );
    let text = text.replace("token = { env = \"TOKEN\" }", "token = \"CANARY\"");
    text.replace(
        "url = \"https://pbx.example.com\"",
        "url = \"https://pbx.example.com\"\nkey = { file = \"secret\" }",
    )
    .replace("CANARY", CANARY)
}

fn canary_env(name: &str) -> Option<OsString> {
    match name {
        "TOKEN" | "HOOK" => Some(CANARY.into()),
        _ => env(name),
    }
}

/// Everything that configuration text can make us say.
fn said(text: &str, base: &Path) -> String {
    match Config::parse(text, base, &canary_env) {
        Ok(config) => format!("{config:?} {config:#?} {:?}", config.warnings),
        Err(e) => format!("{e} {e:?} {e:#?}"),
    }
}

#[test]
fn a_secret_is_never_said() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), CANARY).unwrap();
    let (text, base) = (caged(), folder.path());
    assert!(said(&text, base).contains("https://api.telecomx.dk"));
    let lines: Vec<_> = text.lines().collect();
    let cut = (0..text.len()).map(|at| text[..at].to_owned());
    let dropped = (0..text.len()).map(|at| format!("{}{}", &text[..at], &text[at + 1..]));
    let added = (0..text.len()).flat_map(|at| {
        let (head, tail) = text.split_at(at);
        ["\n", "\"", "=", "[", "{", "\\", "\u{1b}"].map(|c| format!("{head}{c}{tail}"))
    });
    let doubled = (0..lines.len()).map(|n| {
        let mut lines = lines.clone();
        lines.insert(n, lines[n]);
        lines.join("\n")
    });
    let lost = (0..lines.len()).map(|n| [&lines[..n], &lines[n + 1..]].concat().join("\n"));
    let mut tried = 0;
    for broken in cut.chain(dropped).chain(added).chain(doubled).chain(lost) {
        let said = said(&broken, base);
        assert!(!said.contains(CANARY), "{said}\n---\n{broken}");
        tried += 1;
    }
    assert!(tried > 5_000, "{tried}");
}

#[test]
fn a_secret_is_not_said_when_it_is_unfit_or_its_source_fails() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad"), format!("{CANARY}\n{CANARY}\n")).unwrap();
    fs::write(
        folder.path().join("binary"),
        [CANARY.as_bytes(), b"\xff"].concat(),
    )
    .unwrap();
    for secret in [
        format!("\"{CANARY}\""),
        format!("\"{CANARY} {CANARY}\""),
        format!("\"{CANARY}\\n\""),
        format!("{{ env = \"{CANARY}\" }}"),
        format!("{{ {CANARY} = 1 }}"),
        format!("{{ env = \"TOKEN\", \"{CANARY}\" = 1 }}"),
        "{ file = \"bad\" }".to_owned(),
        "{ file = \"binary\" }".to_owned(),
        format!("{{ command = \"echo {CANARY}\" }}"),
        format!("{{ command = \"echo {CANARY}; exit 1\" }}"),
        format!("{{ command = \"echo {CANARY}; echo {CANARY}\" }}"),
        "{ command = \"cat bad; false\" }".to_owned(),
        "{ command = \"cat binary\" }".to_owned(),
    ] {
        for (site, key) in [
            (TELECOMX, "token"),
            (WHILE1, "key"),
            (ENSWITCH, "password"),
            (TELPHIN, "client_secret"),
        ] {
            let said = said(&with(site, &format!("{key} = {secret}")), folder.path());
            assert!(!said.contains(CANARY), "{said}");
        }
        let said = said(
            &with(CONTAQT, &format!("hook = {{ secret = {secret} }}")),
            folder.path(),
        );
        assert!(!said.contains(CANARY), "{said}");
    }
    // Nor in a URL, where people put them too.
    for url in [
        "https://u:CANARY@x",
        "https://x/?token=CANARY",
        "https://x:CANARY",
        "CANARY",
        "https://[CANARY",
    ] {
        let url = url.replace("CANARY", CANARY);
        let said = said(&with(WHILE1, &format!("url = \"{url}\"")), folder.path());
        assert!(!said.contains(CANARY), "{said}");
    }
}
