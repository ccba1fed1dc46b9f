//! Who calls: names and numbers that look like life and belong to nobody.
//! Numbers come from ranges set aside for fiction where the country has one
//! (GB, SE, DE, FR, US), else from ranges that are not given out: in Denmark
//! 37, where life has twelve digits (machines) and no number has eight.

use fastrand::Rng;

use super::draw::{chance, pick};

/// A caller as the PBX knows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The number, in one of the shapes that carriers hand over.
    pub number: Option<String>,
    /// The name, where one is known.
    pub name: Option<String>,
    /// Whether the number must stay secret.
    pub secret: bool,
}

/// Somebody.
pub fn somebody(rng: &mut Rng) -> Person {
    let secret = chance(rng, 6);
    let number = (!chance(rng, 2)).then(|| number(rng));
    let name = (!chance(rng, 25)).then(|| name(rng));
    Person {
        number,
        name,
        secret,
    }
}

/// Somebody who can be called: a number and, where it is known, a name.
pub fn reachable(rng: &mut Rng) -> (String, Option<String>) {
    let number = number(rng);
    let name = (!chance(rng, 15)).then(|| name(rng));
    (number, name)
}

/// A Danish subscriber's eight digits.
pub fn danish(rng: &mut Rng) -> String {
    format!("37{:06}", rng.u32(0..1_000_000))
}

fn number(rng: &mut Rng) -> String {
    let danish = danish(rng);
    match rng.u32(0..100) {
        0..=54 => format!("+45{danish}"),
        // National, as some carriers send it.
        55..=64 => danish,
        65..=71 => format!("+46701740{:03}", rng.u32(605..700)),
        72..=77 => format!("+447700900{:03}", rng.u32(0..1_000)),
        78..=82 => format!("+493023125{:03}", rng.u32(0..1_000)),
        83..=86 => format!("+336399800{:02}", rng.u32(0..100)),
        87..=90 => format!("+1202555{:04}", rng.u32(100..200)),
        91..=95 => format!("0045{danish}"),
        // A colleague.
        _ => rng.u32(300..400).to_string(),
    }
}

fn name(rng: &mut Rng) -> String {
    match rng.u32(0..100) {
        0..=69 => format!("{} {}", pick(rng, &FIRST), pick(rng, &LAST)),
        70..=88 => pick(rng, &COMPANIES).to_owned(),
        89..=96 => pick(rng, &ELSEWHERE).to_owned(),
        _ => pick(rng, &LONG).to_owned(),
    }
}

const FIRST: [&str; 32] = [
    "Åse",
    "Øyvind",
    "Søren",
    "Ægir",
    "Mette",
    "Jørgen",
    "Birgit",
    "Käthe",
    "Jürgen",
    "Zoë",
    "François",
    "Inès",
    "Łukasz",
    "Małgorzata",
    "Ștefan",
    "Ioana",
    "Dorotė",
    "Jiří",
    "Ayşe",
    "Oğuz",
    "Þóra",
    "Siân",
    "João",
    "Begoña",
    "Freja",
    "Lærke",
    "Gyða",
    "Nils",
    "Ebba",
    "Anders",
    "Grethe",
    "Kasper",
];

const LAST: [&str; 32] = [
    "Mølgaard",
    "Bæk",
    "Ågren",
    "Sørensen",
    "Kjærgård",
    "Lindström",
    "Müller",
    "Weiß",
    "Lefèvre",
    "Peña",
    "Gonçalves",
    "Wiśniewski",
    "Nowák",
    "Țepeș",
    "Yılmaz",
    "Öztürk",
    "O’Brien",
    "d’Aubigné",
    "van der Meer",
    "Rasmussen",
    "Holm",
    "Friis",
    "Nygaard",
    "Østergaard",
    "Krogh",
    "Dam",
    "Skov",
    "Björk",
    "Häkkinen",
    "Kovács",
    "Ferreira",
    "Lund",
];

const COMPANIES: [&str; 14] = [
    "Bamse & Kylling",
    "Nørrebro Cykler ApS",
    "Café Solsikken ☕",
    "Blomster 🌻 Bodil",
    "Tømrer Bent & Søn",
    "Hotel \"Havudsigt\"",
    "Fiskehuset <Ishøj>",
    "Müller Maschinenbau GmbH",
    "Bageri Æblekinden",
    "Advokaterne Vrå, Øst & Å",
    "Tandlæge K. Molár",
    "Pizzeria Città Nuova",
    "Dyreklinikken 🐾",
    "Østjysk El",
];

const ELSEWHERE: [&str; 9] = [
    "山田 太郎",
    "王小明",
    "김민준",
    "ليلى حداد",
    "محمد العلي",
    "Αλέξης Παπαδόπουλος",
    "Олена Шевченко",
    "דנה לוי",
    "Ida 🚀",
];

const LONG: [&str; 2] = [
    "Andels- og Boligforeningen af 1897 for Lyngby, Gladsaxe, Søllerød og Omegn ved kasserer \
     Frederikke Juliane Marie von Østergaard-Klitgaard",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft mbH & Co. KG",
];
