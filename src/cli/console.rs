//! `holdline` without a command: the console.

use std::{path::PathBuf, sync::Arc};

use super::{
    args::{LookArgs, ThemeArg},
    context::Context,
    failure::Failure,
    views,
    who::who,
};
use crate::{
    app::state::{Look, Theme},
    config::{Config, find},
    domain::time::Clock,
    journal::Journal,
    runtime::{
        clock,
        console::{self, ConsoleError, Options},
        log, memory,
        presets::Presets,
    },
};

/// Opens the console.
pub async fn run(context: &Context, look: &LookArgs) -> Result<u8, Failure> {
    let me = who(context.global.acts_as.as_deref());
    let config = context.config()?;
    let file = find::find(&context.source())?;
    let state = find::state_dir(&find::process_env);
    let memory = state.map(|folder| memory::place(&folder, &me, &file));
    // Beside the configuration that they are for.
    let presets = file.parent().map(|folder| folder.join("presets"));
    open(config, look, clock::system(), me, memory, presets).await
}

/// Opens a console on this configuration.
pub async fn open(
    config: Config,
    args: &LookArgs,
    clock: Clock,
    me: Arc<str>,
    memory: Option<PathBuf>,
    presets: Option<PathBuf>,
) -> Result<u8, Failure> {
    let journal = Journal::open(&config.journal.path)?;
    // Without a log the console still works; the journal is what counts.
    let log = log::to_files(&config.journal.path.join("log")).ok();
    let options = Options {
        look: look(&config, args),
        views: views::all(&config)?,
        me,
        bell: config.console.bell,
        memory,
        presets: Presets::open(presets),
        config: Arc::new(config),
        journal,
        clock,
        read_only: args.read_only,
        log,
    };
    // The whole console lives in it: too large for every caller's stack.
    let run = Box::pin(console::run(options));
    run.await.map_err(|error| match error {
        ConsoleError::Terminal(_) => Failure::usage(error.to_string()),
        ConsoleError::Journal(error) => error.into(),
    })
}

/// How it is drawn: flags first, then the configuration, then the locale.
pub fn look(config: &Config, args: &LookArgs) -> Look {
    let theme = match args.theme {
        Some(ThemeArg::Dark) => Theme::Dark,
        Some(ThemeArg::Light) => Theme::Light,
        Some(ThemeArg::Safe) => Theme::Safe,
        Some(ThemeArg::Mono) => Theme::Mono,
        None => config.console.theme,
    };
    let ascii = args.ascii
        || config
            .console
            .ascii
            .unwrap_or_else(|| !locale_is_unicode(|name| std::env::var(name).ok()));
    Look {
        theme,
        colours: config.console.colours,
        ascii,
    }
}

/// Whether the locale promises Unicode; the first variable that is set counts,
/// as in POSIX.
pub fn locale_is_unicode(env: impl Fn(&str) -> Option<String>) -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .filter_map(|name| env(name))
        .find(|value| !value.is_empty());
    set.is_some_and(|value| {
        let value = value.to_lowercase();
        value.contains("utf-8") || value.contains("utf8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_on_unicode() {
        let with = |all: &'static str, lang: &'static str| {
            locale_is_unicode(move |name| match name {
                "LC_ALL" => Some(all.into()),
                "LANG" => Some(lang.into()),
                _ => None,
            })
        };
        assert!(with("", "da_DK.UTF-8"));
        assert!(with("C.utf8", "POSIX"));
        assert!(!with("C", "da_DK.UTF-8"));
        assert!(!locale_is_unicode(|_| None));
    }
}
