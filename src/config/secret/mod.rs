//! Secrets: a type that never prints, and the four ways a file may give one.
//! No sentence in this folder quotes a secret, the command that prints one,
//! or what that command wrote to its standard output.

use std::{cell::RefCell, fmt, os::unix::fs::PermissionsExt as _, time::Duration};

use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::sheet::{Item, Key, Sheet};

use super::{
    Around,
    find::{self, Env},
    keys, value,
};

mod command;

/// A token, password or key. Has no `Display` and no `Serialize`, its `Debug`
/// shows nothing of it, and its memory is wiped when it is dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The secret itself, to be sent and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where a secret is going, which decides what it may consist of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Into {
    /// An `Authorization: Bearer` header.
    Header,
    /// A form, a JSON body or a hash.
    Body,
    /// A segment of our own URL: `/hooks/<site>/<secret>`.
    Path,
}

/// How long a secret's command may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// No secret is longer.
const LONGEST: usize = 64 * 1024;
/// A hook secret is all that keeps strangers out; shorter ones can be guessed.
const SHORT: usize = 16;

/// What a table names.
enum Behind {
    Text(String),
    /// The shape is right, and only the shape was asked for.
    Unasked,
}

/// Where secrets come from, and whether they are fetched; if not, only their
/// shape is looked at.
pub(super) struct Secrets<'a> {
    pub around: &'a Around<'a>,
    pub resolve: bool,
    /// Those that stand in the configuration itself while others can read it:
    /// where the first of them stands, what it is, and how many more there are.
    exposed: RefCell<Option<(usize, String, usize)>>,
}

impl<'a> Secrets<'a> {
    /// Secrets of a configuration.
    pub fn new(around: &'a Around<'a>, resolve: bool) -> Self {
        let exposed = RefCell::default();
        Self {
            around,
            resolve,
            exposed,
        }
    }

    /// Says once of all of them that others can read them.
    pub fn note_exposed(&self, sheet: &Sheet<'_>) {
        let Some((at, first, more)) = self.exposed.take() else {
            return;
        };
        let stand = match more {
            0 => format!("{first} stands"),
            1 => format!("{first} and 1 other secret stand"),
            n => format!("{first} and {n} other secrets stand"),
        };
        let remedy = "run `chmod 600` on the file, or use { env = \"NAME\" }";
        sheet.note(
            at,
            &format!("{stand} in a file that others can read; {remedy}"),
        );
    }

    fn expose(&self, at: usize, what: &str) {
        match &mut *self.exposed.borrow_mut() {
            Some((_, _, more)) => *more += 1,
            none => *none = Some((at, what.to_owned(), 0)),
        }
    }

    /// Reads the secret `item` of `owner`, as in "the token of site "support"".
    pub fn read(&self, item: &Item<'_>, owner: &str, into: Into) -> Option<Secret> {
        let what = format!("the {} of {owner}", item.name());
        let note = |text: &str| item.sheet.note(item.at, &format!("{what} {text}"));
        let text = match item.as_text() {
            Some(text) => {
                if self.around.exposed {
                    self.expose(item.at, &what);
                }
                text.to_owned()
            }
            None if item.is_table() => match self.elsewhere(item, &what)? {
                Behind::Text(text) => text,
                Behind::Unasked => return Some(Secret(SecretString::default())),
            },
            None => return item.mistyped(),
        };
        let secret = Secret::from(text);
        if let Err(text) = judge(secret.expose(), into) {
            return item.sheet.wrong(item.at, &format!("{what} {text}"));
        }
        if into == Into::Path && secret.expose().len() < SHORT {
            note(&format!(
                "is shorter than {SHORT} characters and could be guessed; make one with `openssl rand -hex 16`"
            ));
        }
        Some(secret)
    }

    /// What is behind `{ env }`, `{ file }` or `{ command }`.
    fn elsewhere(&self, item: &Item<'_>, what: &str) -> Option<Behind> {
        let table = item.open(what, keys::SECRET)?;
        let wrong = |text: &str| item.sheet.wrong(item.at, &format!("{what} {text}"));
        // An unknown key is named only if it resembles one of ours: what stands
        // in this place may be the secret itself.
        if table.strangers().any(|name| near(name).is_none()) {
            return wrong("takes { env = \"NAME\" }, { file = \"…\" } or { command = \"…\" }");
        }
        if table.strangers().next().is_some() {
            table.check(None);
            return None;
        }
        let given: Vec<(&Key, Item<'_>)> = keys::SECRET
            .iter()
            .filter_map(|k| Some((k, table.get(k.name)?)))
            .collect();
        let [(key, source)] = given.as_slice() else {
            return wrong("takes one of env, file and command");
        };
        let text = match (key.name, source.as_text()) {
            // A command may well have several lines.
            ("command", Some(command)) if !command.trim().is_empty() => command,
            _ => source.word()?,
        };
        if !self.resolve {
            return Some(Behind::Unasked);
        }
        let found = match key.name {
            "env" => from_env(text, self.around.env),
            "file" => self.read_file(text, item, what),
            _ => command::run(text, self.around.base, DEADLINE, LONGEST)
                .and_then(|bytes| trimmed(bytes, "what its command prints")),
        };
        found.map_or_else(|text| wrong(&text), |text| Some(Behind::Text(text)))
    }

    fn read_file(&self, path: &str, item: &Item<'_>, what: &str) -> Result<String, String> {
        let path = find::resolve(path, self.around.base, self.around.env);
        let shown = find::shown(&path, self.around.env);
        let unreadable = |e: std::io::Error| {
            format!(
                "comes from {shown}, which cannot be read: {}; make it a file that you may read",
                value::io_reason(&e)
            )
        };
        let meta = std::fs::metadata(&path).map_err(unreadable)?;
        // A pipe or device could keep us waiting for ever.
        if !meta.is_file() {
            return Err(format!(
                "comes from {shown}, which is not a plain file; name a file"
            ));
        }
        if meta.len() > LONGEST as u64 {
            return Err(format!(
                "comes from {shown}, which is longer than 64 KB; is it the right one?"
            ));
        }
        if is_open(meta.permissions().mode()) {
            item.sheet.note(
                item.at,
                &format!("{what} stands in {shown}, which others can read; run `chmod 600` on it"),
            );
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        trimmed(bytes, &shown)
    }
}

/// What makes a secret unfit for where it is going.
fn judge(secret: &str, into: Into) -> Result<(), String> {
    let all = |fits: fn(char) -> bool| secret.chars().all(fits);
    if secret.is_empty() {
        return Err("is empty; give it a value".to_owned());
    }
    if secret.len() > LONGEST {
        return Err("is longer than 64 KB; is it the right one?".to_owned());
    }
    if !all(|c| !c.is_control()) {
        return Err(
            "has a line break or control character in it; a secret is one line of text".to_owned(),
        );
    }
    match into {
        Into::Header if !all(|c| c.is_ascii_graphic()) => Err(
            "has a space or a letter outside ASCII in it, which a header cannot carry; is it the right one?"
                .to_owned(),
        ),
        Into::Path if !all(value::in_path) || secret.chars().all(|c| c == '.') => Err(
            "stands in a URL; use letters, digits, - _ . and ~ only".to_owned(),
        ),
        _ => Ok(()),
    }
}

fn near(name: &str) -> Option<&'static str> {
    keys::nearest(name, keys::SECRET.iter().map(|k| k.name))
}

fn from_env(name: &str, env: Env<'_>) -> Result<String, String> {
    // Only what looks like a variable's name is quoted: people have been seen
    // to put the secret itself there.
    let looks = name
        .bytes()
        .all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'_'));
    let named = if looks {
        format!("the environment variable {name}")
    } else {
        "an environment variable".to_owned()
    };
    let text = env(name)
        .ok_or_else(|| format!("comes from {named}, which is not set; set it, or give the secret by file or command"))?
        .into_string()
        .map_err(|_| format!("comes from {named}, which is not UTF-8 text; set it to text"))?;
    if text.is_empty() {
        return Err(format!(
            "comes from {named}, which is empty; set it to the secret"
        ));
    }
    Ok(text)
}

/// Whether anybody on the machine can read a file of this mode. A group is
/// nobody else: a team shares its configuration with one.
pub(super) fn is_open(mode: u32) -> bool {
    mode & 0o007 != 0
}

/// Text without the line break that editors and commands end it with.
fn trimmed(bytes: Vec<u8>, source: &str) -> Result<String, String> {
    let text = String::from_utf8(bytes)
        .map_err(|_| format!("comes from {source}, which is not UTF-8 text; give it as text"))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err(format!(
            "comes from {source}, which is empty; put the secret there"
        ));
    }
    Ok(text.to_owned())
}
