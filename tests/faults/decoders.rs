//! Every decoder, fed with mutations of its corpus (R25): as often as a seed
//! says in everyday tests, for `HOLDLINE_FUZZ_SECONDS` each by
//! `tests/fuzz/run` where cargo-fuzz is not installed.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    time::{Duration, Instant},
};

#[path = "../fuzz/decoders.rs"]
#[expect(dead_code, reason = "cargo-fuzz takes decoders by name")]
mod targets;

use targets::{DECODERS, Decoder};

use crate::sizes::{ran, seed, size};

/// What means something somewhere.
const WORDS: &[&str] = &[
    "null",
    "true",
    "[]",
    "{}",
    "[[",
    "]]",
    "{\"a\":",
    "\"",
    "\\",
    "\\u0000",
    "\\ud800",
    "1e400",
    "-0",
    "NaN",
    "18446744073709551616",
    "-9223372036854775808",
    "0.0000001",
    "253402300800",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\r\n",
    "%",
    "%00",
    "%zz",
    "&",
    "=",
    ";",
    "..",
    "id",
    "data",
    "event",
    "[site]",
    "'''",
    "\"\"\"",
    "#",
    "canary-5e1f0123",
    "2026-02-30",
    "24:60",
    "+",
    "00",
    "ø",
    "山",
    "👍🏽",
];

/// Longer inputs are cut.
const LONGEST: usize = 70_000;
/// Whatever takes longer, twice, hangs.
const LONGEST_TIME: Duration = Duration::from_secs(2);

/// Another input, made of one and sometimes of another one.
fn mutated(corpus: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    let pick = |random: &mut fastrand::Rng| corpus[random.usize(..corpus.len())].clone();
    let mut bytes = pick(random);
    for _ in 0..random.usize(1..=6) {
        let at = random.usize(..=bytes.len());
        let end = at + random.usize(..=(bytes.len() - at).min(24));
        match random.u8(..11) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.u8(..8),
            1 if at < bytes.len() => bytes[at] = random.u8(..),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let again = bytes[at..end].to_vec();
                let times = if random.u8(..20) == 0 { 200 } else { 1 };
                bytes.splice(at..at, again.repeat(times));
            }
            4..=6 => {
                let word = WORDS[random.usize(..WORDS.len())];
                let over = if random.bool() { end } else { at };
                bytes.splice(at..over, word.bytes());
            }
            7 => {
                let other = pick(random);
                let from = random.usize(..=other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            8 => bytes.truncate(at),
            9 => {
                // A value, or a name, of another place.
                let other = pick(random);
                let from = random.usize(..=other.len());
                let to = from + random.usize(..=(other.len() - from).min(40));
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            _ => bytes.insert(at, random.u8(..32)),
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fuzz/corpus")
        .join(name);
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| fs::read(path).unwrap())
        .collect()
}

/// Feeds a decoder; how often, or what it fell over.
fn feed(
    decoder: &Decoder,
    corpus: &[Vec<u8>],
    until: impl Fn(usize) -> bool,
) -> Result<usize, String> {
    let mut random = fastrand::Rng::with_seed(seed() ^ decoder.name.len() as u64);
    let mut runs = 0;
    while until(runs) {
        let bytes = match corpus.get(runs) {
            Some(bytes) => bytes.clone(),
            None => mutated(corpus, &mut random),
        };
        let began = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| (decoder.decode)(&bytes))).is_err() {
            return Err(format!("run {runs}: {:?}", String::from_utf8_lossy(&bytes)));
        }
        let took = began.elapsed();
        if took > LONGEST_TIME {
            // Tables that are read once, and a machine that is busy otherwise,
            // are not the input's.
            let again = Instant::now();
            (decoder.decode)(&bytes);
            if again.elapsed() > LONGEST_TIME {
                return Err(format!(
                    "run {runs} took {took:?}: {:?}",
                    String::from_utf8_lossy(&bytes)
                ));
            }
        }
        runs += 1;
    }
    Ok(runs)
}

#[test]
fn no_decoder_falls_over_anything() {
    let most = size("HOLDLINE_FUZZ_RUNS", 1_500);
    let seconds = size("HOLDLINE_FUZZ_SECONDS", 0);
    let only = std::env::var("HOLDLINE_FUZZ_ONLY").unwrap_or_default();
    let (mut found, mut all) = (Vec::new(), 0);
    for decoder in DECODERS
        .iter()
        .filter(|d| only.is_empty() || only.split(' ').any(|name| name == d.name))
    {
        let end = Instant::now() + Duration::from_secs(seconds);
        let until = |runs| {
            if seconds > 0 {
                Instant::now() < end
            } else {
                runs < most
            }
        };
        match feed(decoder, &corpus(decoder.name), until) {
            Ok(runs) => {
                all += runs;
                println!("{}: {runs} runs", decoder.name);
            }
            Err(what) => found.push(format!("{}: {what}", decoder.name)),
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    ran("R25", all);
}

#[test]
fn every_decoder_has_its_target_for_cargo_fuzz() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/fuzz_targets");
    let mut there: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    there.sort();
    let mut wanted: Vec<String> = DECODERS
        .iter()
        .map(|decoder| format!("{}.rs", decoder.name))
        .collect();
    wanted.sort();
    assert_eq!(there, wanted);
}

#[test]
fn control_a_decoder_that_falls_over_is_found_out() {
    fn broken(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("\"id\":null"), "who would send that");
    }
    let decoder = Decoder {
        name: "broken",
        decode: broken,
    };
    let found = feed(&decoder, &corpus("telphin_answer"), |runs| runs < 20_000);
    assert!(found.is_err(), "{found:?}");
}
