//! Where the file is, and what paths count from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use holdline::config::{Config, Source, find};

use crate::{WHILE1, env, with};

#[test]
fn the_file_is_found_by_flag_then_variable_then_platform() {
    let named = |name: &str| match name {
        "HOLDLINE_CONFIG" => Some("/etc/holdline.toml".into()),
        _ => env(name),
    };
    let flag = Path::new("/srv/h.toml");
    let found = |flag: Option<&Path>, env| find::find(&Source { flag, env }).unwrap();
    assert_eq!(found(Some(flag), &named), flag);
    assert_eq!(found(None, &named), Path::new("/etc/holdline.toml"));
    assert_eq!(
        found(None, &env),
        Path::new("/home/anna/.config/holdline/config.toml")
    );
    // An empty variable is none; a relative XDG folder is to be ignored.
    let odd = |name: &str| match name {
        "HOLDLINE_CONFIG" => Some("".into()),
        "XDG_CONFIG_HOME" => Some("here".into()),
        _ => env(name),
    };
    let platform = found(None, &odd);
    assert!(
        platform.is_absolute() && platform.ends_with("holdline/config.toml"),
        "{platform:?}"
    );
    let here = std::env::current_dir().unwrap();
    assert_eq!(found(Some(Path::new("h.toml")), &env), here.join("h.toml"));
}

#[test]
fn a_file_that_is_not_there_says_how_to_get_one() {
    let missing = |path: &str| {
        let e = Config::load(&Source {
            flag: Some(Path::new(path)),
            env: &env,
        })
        .unwrap_err();
        assert!(e.is_missing());
        assert_eq!(e.line(), None);
        e.to_string()
    };
    assert_eq!(
        missing("/home/anna/.config/holdline/config.toml"),
        "there is no configuration at ~/.config/holdline/config.toml; write one with `mkdir -p ~/.config/holdline && holdline config example > ~/.config/holdline/config.toml`, or look around with `holdline demo`"
    );
    assert_eq!(
        missing("/odd name.toml"),
        "there is no configuration at /odd name.toml; write one with `holdline config example > '/odd name.toml'`, or look around with `holdline demo`"
    );
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let load = |path: &PathBuf| {
        let e = Config::load(&Source {
            flag: Some(path),
            env: &env,
        })
        .unwrap_err();
        assert!(!e.is_missing());
        e.to_string()
    };
    let path = folder.path().to_owned();
    assert_eq!(
        load(&path),
        format!(
            "{} cannot be read: it is a folder; make it a file that you may read, or name another with --config",
            path.display()
        )
    );
    let path = folder.path().join("latin1.toml");
    fs::write(&path, b"# ok\n# caf\xe9\n").unwrap();
    assert_eq!(
        load(&path),
        format!(
            "{}:2: this line is not UTF-8 text; save the file as UTF-8",
            path.display()
        )
    );
    assert_eq!(
        load(&"/dev/zero".into()),
        "/dev/zero is longer than 1 MB; is it the right file?"
    );
}

#[test]
fn relative_paths_count_from_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(folder.path().join("t"), "from-file").unwrap();
    let site = with(WHILE1, "token = { file = \"t\" }");
    fs::write(&path, format!("[journal]\npath = \"calls\"\n{site}")).unwrap();
    let config = Config::load(&Source {
        flag: Some(&path),
        env: &env,
    })
    .unwrap();
    assert_eq!(config.journal.path, folder.path().join("calls"));
    assert_eq!(config.path, Some(path));
}

#[test]
fn paths_are_shown_with_a_tilde() {
    let shown = |path: &str| find::shown(Path::new(path), &env);
    assert_eq!(shown("/home/anna"), "~");
    assert_eq!(shown("/home/anna/x"), "~/x");
    assert_eq!(shown("/home/annabel/x"), "/home/annabel/x");
}
