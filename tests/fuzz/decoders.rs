//! Everything that reads what others wrote, as functions of bytes. Each panics
//! where a promise is broken: a panic inside, a sentence that is not fit to be
//! shown, something read that is written otherwise. Run by cargo-fuzz, and by
//! `tests/faults` without it.

use std::{cell::RefCell, collections::BTreeMap, path::Path};

use holdline::{
    config::{Config, Secret},
    domain::{
        dial::{Line, dialled},
        entry::{Entry, What},
        extension::{Extension, ExtensionKind},
        fault::Fault,
        filter::INPUTS,
        hook::{Hook, Says},
        injection::{Injection, PARAMS},
        moment::Moment,
        phone,
        preset::Preset,
        scenario::Scenario,
        site::{People, Site, Vendor},
        span, text,
        time::At,
    },
    journal::Journal,
    vendor::{
        enswitch,
        hook::{self, Reader, Received},
        http::Answer,
        telecomx, telphin,
        while1::{self, row::Rules},
    },
};
use jiff::tz::TimeZone;
use serde_json::value::RawValue;

/// A decoder by name: its corpus lies in `corpus/NAME`.
pub struct Decoder {
    /// The name.
    pub name: &'static str,
    /// Decodes, and panics where a promise is broken.
    pub decode: fn(&[u8]),
}

/// All of them.
pub const DECODERS: &[Decoder] = &[
    Decoder {
        name: "telecomx_callers",
        decode: telecomx_callers,
    },
    Decoder {
        name: "while1_page",
        decode: while1_page,
    },
    Decoder {
        name: "enswitch_answer",
        decode: enswitch_answer,
    },
    Decoder {
        name: "telphin_answer",
        decode: telphin_answer,
    },
    Decoder {
        name: "telphin_token",
        decode: telphin_token,
    },
    Decoder {
        name: "contaqt_hook",
        decode: |bytes| pushed(Vendor::Contaqt, bytes),
    },
    Decoder {
        name: "telphin_hook",
        decode: |bytes| pushed(Vendor::Telphin, bytes),
    },
    Decoder {
        name: "query",
        decode: query,
    },
    Decoder {
        name: "journal_entry",
        decode: journal_entry,
    },
    Decoder {
        name: "config",
        decode: config,
    },
    Decoder {
        name: "scenario",
        decode: scenario,
    },
    Decoder {
        name: "preset",
        decode: preset,
    },
    Decoder {
        name: "filter",
        decode: filter,
    },
    Decoder {
        name: "injection",
        decode: injection,
    },
    Decoder {
        name: "moment",
        decode: moment,
    },
    Decoder {
        name: "number",
        decode: number,
    },
    Decoder {
        name: "shown",
        decode: shown,
    },
];

const SECRET: &str = "canary-5e1f0123";
/// The value of a variable, which no mutation can hit on.
const HIDDEN: &str = "hidden-77a1e0c2";
const NOW: At = At(1_772_460_207_000);

/// The decoder of this name.
///
/// # Panics
/// There is none.
pub fn decode(name: &str, bytes: &[u8]) {
    let decoder = DECODERS.iter().find(|decoder| decoder.name == name);
    (decoder.expect("a decoder of that name").decode)(bytes);
}

/// Nothing in it that a terminal obeys, or that only programmers read.
fn is_fit(sentence: &str) {
    let is_plain = |c: char| !text::is_hostile(c) || c == '\n';
    assert!(
        sentence.chars().all(is_plain),
        "not fit to be shown: {sentence:?}"
    );
}

fn is_told(fault: &Fault) {
    assert!(
        !fault.what.is_empty() && !fault.remedy.is_empty(),
        "half a sentence: {fault:?}"
    );
    is_fit(&fault.to_string());
    assert!(!fault.to_string().contains(SECRET), "a secret: {fault}");
}

/// An answer with this body; a control character before it picks the status.
fn answer(bytes: &[u8]) -> Answer {
    const STATUSES: [u16; 12] = [200, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503];
    match bytes.split_first() {
        Some((first, rest))
            if usize::from(*first) < STATUSES.len() && *first != b'\t' && *first != b'\n' =>
        {
            Answer::new(STATUSES[usize::from(*first)], rest)
        }
        _ => Answer::new(200, bytes),
    }
}

fn telecomx_callers(bytes: &[u8]) {
    let answer = answer(bytes);
    let asker = telecomx::refusal::Asker {
        logged_in: bytes.len().is_multiple_of(2),
        secrets: &[SECRET],
    };
    let _ = telecomx::refusal::wants_login(&answer);
    match telecomx::wire::callers(&answer, &asker) {
        Ok(callers) => {
            assert!(answer.is_success());
            let ids: std::collections::BTreeSet<_> =
                callers.iter().map(|caller| caller.id.clone()).collect();
            assert_eq!(ids.len(), callers.len(), "two callers have one id");
            assert_eq!(telecomx::wire::callers(&answer, &asker), Ok(callers));
        }
        Err(fault) => is_told(&fault),
    }
}

fn while1_page(bytes: &[u8]) {
    thread_local! {
        static RULES: Rules = Rules::new(
            "north".into(), TimeZone::UTC, Some("RO".into()), &BTreeMap::new(),
        );
    }
    let answer = answer(bytes);
    RULES.with(
        |rules| match while1::wire::page(&answer, rules, &[SECRET]) {
            Ok(page) => page.messages.iter().for_each(|message| is_fit(message)),
            Err(fault) => is_told(&fault),
        },
    );
}

fn enswitch_answer(bytes: &[u8]) {
    let answer = answer(bytes);
    match enswitch::wire::replies(&answer, &[SECRET]) {
        Ok(replies) => {
            assert!(!replies.is_empty());
            for reply in &replies {
                is_fit(&reply.to_string());
            }
        }
        Err(fault) => is_told(&fault),
    }
    if let Err(fault) = enswitch::wire::rows(&answer, &[SECRET]) {
        is_told(&fault);
    }
}

fn telphin_answer(bytes: &[u8]) {
    let answer = answer(bytes);
    let asker = telphin::refusal::Asker {
        about: telphin::refusal::About::Extension,
        secrets: &[SECRET],
    };
    let faults = [
        telphin::wire::subscriptions(&answer, &asker).err(),
        telphin::wire::extensions(&answer, &asker).err(),
        telphin::wire::limits(&answer, &asker).err(),
        Some(telphin::refusal::fault(&answer, &asker)),
    ];
    faults.iter().flatten().for_each(is_told);
    if let Ok(limits) = telphin::wire::limits(&answer, &asker) {
        for (name, value) in &limits {
            is_fit(name);
            is_fit(value);
        }
    }
    let _ = (
        telphin::wire::created(&answer),
        telphin::wire::called(&answer),
    );
}

fn telphin_token(bytes: &[u8]) {
    let secret = Secret::from(SECRET.to_owned());
    if let Err(fault) = telphin::token::read(&answer(bytes), &secret) {
        is_told(&fault);
    }
}

/// A request's body, whatever its type says; what it holds is read as often
/// as it leaves the journal, and is the same each time.
fn pushed(vendor: Vendor, bytes: &[u8]) {
    received(vendor, "", bytes);
}

fn query(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (query, body) = text.split_once('\n').unwrap_or((&text, ""));
    for vendor in [Vendor::Contaqt, Vendor::Telphin] {
        received(vendor, query, body.as_bytes());
    }
}

fn received(vendor: Vendor, query: &str, body: &[u8]) {
    thread_local! {
        static READER: Reader = Reader::new(&[site()]);
    }
    for (method, kind) in [("POST", Some("application/json")), ("GET", None)] {
        let received = Received {
            method,
            query,
            content_type: kind,
            body,
        };
        let deliveries = match hook::deliveries(vendor, &received) {
            Ok(deliveries) => deliveries,
            Err(refusal) => {
                assert!(
                    matches!(refusal.status, 400 | 405 | 413 | 414 | 415),
                    "{refusal:?}"
                );
                is_fit(&refusal.why);
                continue;
            }
        };
        for delivery in deliveries {
            // As sent: half a pair of surrogates in it is the sender's.
            let kept: &RawValue =
                serde_json::from_str(delivery.body.as_str()).expect("what is kept is JSON");
            assert!(kept.get().starts_with('{'), "{kept}");
            let mut hook = Hook {
                vendor,
                event: delivery.event,
                body: delivery.body,
                injected: false,
                says: Says::Unread,
            };
            let mut again = hook.clone();
            READER.with(|reader| {
                reader.read(&"north".into(), &mut hook);
                reader.read(&"north".into(), &mut again);
            });
            assert_ne!(hook.says, Says::Unread);
            assert_eq!(hook, again);
        }
    }
}

fn site() -> Site {
    let extension = |id: &str, kind| Extension {
        id: id.into(),
        name: id.to_owned(),
        kind,
        number: Some("200".to_owned()),
        user: None,
    };
    Site {
        name: "north".into(),
        vendor: Vendor::Telphin,
        queues: Vec::new(),
        country: Some("RU".to_owned()),
        people: People {
            extensions: vec![
                extension("85219", ExtensionKind::Queue),
                extension("175", ExtensionKind::Phone),
            ],
            ..People::default()
        },
    }
}

/// A journal of one entry, which is written over and over.
struct Shelf {
    db: rusqlite::Connection,
    journal: Journal,
    _folder: tempfile::TempDir,
}

impl Shelf {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        drop(Journal::open(folder.path()).expect("a journal"));
        let db = rusqlite::Connection::open(folder.path().join("journal.db")).expect("its file");
        db.pragma_update(None, "synchronous", "off")
            .expect("no waiting");
        db.execute(
            "INSERT INTO entry (seq, at, site, kind, body) VALUES (1, 0, 's', 'k', '{}')",
            [],
        )
        .expect("an entry");
        let journal = Journal::open_read_only(folder.path()).expect("a reader");
        Self {
            db,
            journal,
            _folder: folder,
        }
    }

    fn read(&self, kind: &str, body: &str) -> Entry {
        let mut update = self
            .db
            .prepare_cached("UPDATE entry SET kind = ?1, body = ?2")
            .expect("a statement");
        update.execute([kind, body]).expect("an entry");
        self.journal
            .read(0, 2)
            .expect("the journal can be read")
            .remove(0)
    }
}

fn journal_entry(bytes: &[u8]) {
    thread_local! {
        static SHELF: RefCell<Shelf> = RefCell::new(Shelf::new());
    }
    let text = String::from_utf8_lossy(bytes);
    let (kind, body) = text.split_once('\n').unwrap_or(("change", &text));
    let entry = SHELF.with_borrow(|shelf| shelf.read(kind, body));
    if let What::Hook(hook) = entry.what {
        assert_eq!(hook.says, Says::Unread);
        let mut entries = vec![Entry {
            what: What::Hook(hook),
            ..entry
        }];
        Reader::new(&[]).read_all(&mut entries);
    }
}

fn config(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let env = |name: &str| (name == "SECRET").then(|| HIDDEN.into());
    if let Err(error) = Config::parse(&text, Path::new("/srv"), &env) {
        let told = error.to_string();
        assert!(!told.is_empty());
        assert!(!told.contains(HIDDEN), "a secret: {told}");
        is_fit(&told);
    }
}

fn scenario(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Err(mistakes) = Scenario::read(&text) {
        assert!(!mistakes.is_empty());
        for mistake in &mistakes {
            is_fit(&mistake.what);
        }
    }
}

fn preset(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Preset::read(&text) {
        Ok(preset) => {
            let again = Preset::read(&preset.text());
            assert_eq!(again.as_ref(), Ok(&preset), "written as {}", preset.text());
        }
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in &mistakes {
                is_fit(&mistake.what);
            }
        }
    }
}

fn filter(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    for input in INPUTS {
        match input.read(&typed) {
            Ok(Some(value)) => assert_eq!(input.read(&value.typed()), Ok(Some(value))),
            Ok(None) => {}
            Err(told) => is_fit(&told),
        }
    }
}

fn injection(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    for param in PARAMS {
        let mut event = Injection::new("north".into(), "123".into());
        match event.set(param.name, &typed, NOW) {
            Ok(()) => {
                let form = event.form();
                let is_plain = |b: u8| b.is_ascii_graphic();
                assert!(form.bytes().all(is_plain), "{form}");
            }
            Err(told) => is_fit(&told),
        }
    }
}

fn moment(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    let zone = TimeZone::get("Europe/Copenhagen").expect("a zone");
    match typed.parse::<Moment>() {
        Ok(moment) => {
            for now in [NOW, At(i64::MAX), At(i64::MIN)] {
                let _ = (moment.resolve(now, &zone), moment.on_the_wall(now, &zone));
            }
        }
        Err(told) => is_fit(&told),
    }
    let _ = At::parse(&typed);
    match span::duration(&typed) {
        Ok(length) => assert_eq!(
            span::duration(&span::spell(length)),
            Ok(length),
            "{}",
            span::spell(length)
        ),
        Err(told) => is_fit(&told),
    }
}

fn number(bytes: &[u8]) {
    let typed = String::from_utf8_lossy(bytes);
    for country in [None, Some("DK"), Some("RU"), Some("XX")] {
        if let Some(number) = phone::e164(&typed, country) {
            let digits = number.strip_prefix('+').expect("a plus");
            assert!(digits.bytes().all(|b| b.is_ascii_digit()), "{number}");
        }
    }
    if let Err(told) = typed.parse::<Line>() {
        is_fit(&told);
    }
    match dialled(&typed) {
        Ok(number) => is_fit(&number),
        Err(told) => is_fit(&told),
    }
}

fn shown(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    for shown in [text::clean(&said), text::clip(&said, 20).into()] {
        assert!(!shown.chars().any(text::is_hostile), "{shown:?}");
    }
    // For programs: what shapes an emoji stays.
    let plain = text::plain(&said);
    let misleads = |c: char| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!plain.chars().any(misleads), "{plain:?}");
    let cell = text::csv_cell(&said);
    // A number with its sign is no formula.
    let signed = |cell: &str| {
        cell.strip_prefix(['+', '-'])
            .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == ' '))
    };
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && !signed(&cell);
    assert!(!is_formula, "{cell:?}");
    let _ = text::clipboard(&said);
}
