//! Strings that were trouble somewhere, and strings made of them.

use proptest::{
    prelude::*,
    sample,
    test_runner::{Config, RngSeed},
};

/// What terminals obey, what misleads the eye, what moves columns.
pub const NASTIES: &[&str] = &[
    // Controls.
    "\u{1b}[2J",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}[5;5H",
    "\u{1b}[?1049l",
    "\u{1b}[?25h",
    "\u{1b}]0;owned\u{7}",
    "\u{1b}]2;owned\u{1b}\\",
    "\u{1b}]52;c;b3duZWQ=\u{7}",
    "\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}P$qm\u{1b}\\",
    "\u{1b}_Gi=1\u{1b}\\",
    "\u{1b}c",
    "\u{1b}[6n",
    "\u{1b}[8;1;1t",
    "\u{9b}2J",
    "\u{9d}0;owned\u{9c}",
    "\u{90}q\u{9c}",
    "\u{84}\u{85}\u{8d}",
    "\u{7}\u{8}\u{c}\u{e}\u{f}",
    "\0",
    "\u{7f}\u{7f}",
    "over\rwritten",
    "two\nlines",
    "a\r\nb",
    "a\tb",
    // Directions.
    "\u{202e}gnp.exe",
    "\u{2066}\u{2067}\u{2068}\u{2069}",
    "\u{200e}\u{200f}\u{61c}",
    "שלום עולם",
    "محمد علي",
    "שלום 123 abc",
    "علی\u{200c}رضا",
    "\u{60c}\u{661}\u{662}",
    // Nothing to see.
    "a\u{200b}b",
    "\u{200d}",
    "\u{feff}x",
    "soft\u{ad}hyphen",
    "\u{2060}\u{2061}\u{2064}",
    "\u{e0001}\u{e0041}\u{e007f}",
    "\u{34f}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{17b4}",
    "\u{180b}\u{180e}",
    "\u{2028}\u{2029}",
    "\u{fff9}x\u{fffa}y\u{fffb}",
    "4\u{fe0f}5\u{fe0e}",
    "\u{1bca0}\u{1d173}",
    // Columns.
    "山田太郎",
    "ﾔﾏﾀﾞ ﾀﾛｳ",
    "Ｔｏｋｙｏ",
    "김철수",
    "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1161}",
    "\u{1161}\u{11ab}",
    "jose\u{301} \u{301}",
    "\u{301}\u{302}",
    "a\u{334}\u{335}\u{336}\u{337}\u{338}\u{339}\u{33a}\u{33b}\u{33c}\u{33d}\u{33e}\u{33f}",
    "हिन्दी क्षि राजा",
    "ராஜா",
    "বাংলা",
    "ภาษาไทย น้ำ",
    "ᠮᠣᠩᠭᠣᠯ",
    "བོད་ཡིག",
    "ខ្មែរ\u{17d8}",
    "👨\u{200d}👩\u{200d}👧\u{200d}👦",
    "👍🏽🏽",
    "❤\u{fe0f}\u{200d}🔥",
    "☎\u{fe0f}☎\u{fe0e}",
    "1\u{fe0f}\u{20e3}",
    "🇩🇰🇩",
    "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
    "葛\u{e0100}城",
    "ÆØÅ æøå ß “”…—",
    "Жанна Щукина",
    "Ελληνικά",
    "│╭─╮╰╯┼█",
    "\u{fdfd}\u{a9c5}\u{12031}",
    "\u{e000}\u{f8ff}\u{100000}",
    "\u{378}\u{fffe}\u{1fffe}",
    "\u{fffd}\u{fffc}",
    "\u{3000}\u{2003}\u{a0}",
    // Spreadsheets and formats.
    "=1+1",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1＠－",
    "\"quoted\", comma; semicolon",
    "'",
    "{\"a\":\"\\u001b\"}\\",
    "%n%s${HOME}`id`",
    "Bamse & Kylling",
    "+45 35 20 30 40",
];

/// A string of up to four pieces: a nasty one, any characters, or a word.
pub fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => sample::select(NASTIES).prop_map(str::to_owned),
        2 => ".{0,12}",
        1 => "[\\x00-\\x1f\\x7f-\\u{9f}\\u{200b}-\\u{206f}]{1,6}",
        1 => "[A-Za-z ]{1,12}",
    ];
    prop::collection::vec(piece, 1..5).prop_map(|pieces| pieces.concat())
}

/// A number from the environment.
pub fn asked(name: &str, otherwise: usize) -> usize {
    let asked = std::env::var(name).ok();
    asked.map_or(otherwise, |text| text.parse().unwrap())
}

/// How much is tried, `at_once` strings in each case.
pub fn config(at_once: usize) -> Config {
    let cases = asked("HOLDLINE_HOSTILE", 2_000) / at_once;
    Config {
        cases: u32::try_from(cases).unwrap().max(1),
        rng_seed: RngSeed::Fixed(asked("HOLDLINE_HOSTILE_SEED", 1) as u64),
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    }
}
