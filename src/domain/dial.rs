//! Click-to-call: an extension is rung, and when it answers, a number
//! (Telphin, `POST /extension/{id}/callback/`). What is to be dialled, what
//! came of it, and who dialled whom lately. Pure.

mod calls;

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use super::{
    action::Intent,
    entry::{Entry, Seq, What},
    extension::{Extension, ExtensionKind},
    id::{CallId, ExtensionId, SiteName},
    injection::Told,
    phone,
    time::At,
    triage::{Act, Outcome, Standing, Triage},
};
pub use calls::{Calls, Made};

/// The vendor's name of the call, as the journal keeps it.
pub const CALL: &str = "extension/callback";
/// A number that was dialled this recently is asked about once more.
pub const LATELY: Duration = Duration::from_mins(10);

/// An extension to call from, as people write it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Line {
    /// By its short number: `200`, which the vendor takes as `@200`.
    Number(Arc<str>),
    /// By its id: `id:175`.
    Id(ExtensionId),
}

impl FromStr for Line {
    type Err = String;

    /// `200`, `@200` or `id:175`.
    fn from_str(typed: &str) -> Result<Self, String> {
        let typed = typed.trim();
        let plain = |text: &str| {
            let fits = !text.is_empty()
                && text.len() <= 32
                && text
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "*-_.".contains(c))
                && text.chars().any(|c| c.is_ascii_alphanumeric());
            fits.then_some(())
                .ok_or("is no extension; write its short number as 200, or its id as id:175")
        };
        if let Some(id) = typed.strip_prefix("id:") {
            plain(id)?;
            return Ok(Self::Id(id.into()));
        }
        let number = typed.strip_prefix('@').unwrap_or(typed);
        plain(number)?;
        Ok(Self::Number(number.into()))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => f.pad(number),
            Self::Id(id) => write!(f, "id:{id}"),
        }
    }
}

/// A call to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    /// At which site.
    pub site: SiteName,
    /// From which extension.
    pub from: Line,
    /// The number to be dialled, as it is sent.
    pub to: Arc<str>,
}

/// A call that somebody wants, and what must hold before it is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// The call.
    pub dial: Dial,
    /// The claim that must take first, where it is for a callback.
    pub claim: Option<Claiming>,
    /// Calls to the number up to this entry were asked about; one behind it
    /// was not, and stops this one.
    pub asked: Seq,
}

/// A claim that goes before a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Claiming {
    /// The claim.
    pub act: Act,
    /// What is known of that customer's requests.
    pub triage: Triage,
    /// The journal is folded into that up to here.
    pub upto: Seq,
}

impl Claiming {
    /// Takes an entry in; one that was taken in before changes nothing.
    pub fn apply(&mut self, entry: &Entry) {
        if let What::Act(act) = &entry.what
            && self.triage.took(&act.subject, entry.seq).is_none()
        {
            self.triage.apply(entry.seq, entry.at, act);
        }
    }

    /// Whether the claim, once it is taken in as entry `seq`, lets the call be
    /// made.
    ///
    /// # Errors
    /// A clause: who else has the customer, or that they are not to be called.
    pub fn took(&self, seq: Seq, now: At, zone: &jiff::tz::TimeZone) -> Result<(), String> {
        let Act {
            subject,
            customer,
            who,
            ..
        } = &self.act;
        let last = self.triage.last_outcome(customer.as_ref());
        if let Some((Outcome::DoNotCall, said, _)) = last {
            return Err(format!("this customer is not to be called, said {said}"));
        }
        if self.triage.took(subject, seq) == Some(true) {
            return Ok(());
        }
        match self.triage.standing(subject, customer.as_ref(), who, now) {
            Standing::Held { who, until } => Err(format!(
                "{who} has this customer until {}",
                until.clock_time(zone)
            )),
            _ => Err("the callback could not be claimed: somebody else was quicker".to_owned()),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialled {
    /// What was asked for.
    pub dial: Dial,
    /// What was told: 201, or why not.
    pub told: Told,
    /// How long the answer took.
    pub took: Duration,
    /// The call's id in the events that follow, where it was told.
    pub call: Option<CallId>,
    /// Why the outcome could not be put into the journal, if it could not.
    pub unjournaled: Option<String>,
}

/// A site that calls can be made at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialling {
    /// The site.
    pub site: SiteName,
    /// Its extensions.
    pub extensions: Vec<Extension>,
    /// The country of its national numbers.
    pub country: Option<String>,
    /// Whether the configuration allows it.
    pub allowed: bool,
    /// Whether it allows to change subscriptions.
    pub subscribes: bool,
    /// Whether it asks to type the site's name.
    pub production: bool,
}

impl Dialling {
    /// The phone of a user of this computer, where the configuration names it.
    #[must_use]
    pub fn own(&self, user: &str) -> Option<&Extension> {
        let mut phones = self
            .extensions
            .iter()
            .filter(|e| e.kind == ExtensionKind::Phone);
        phones.find(|e| e.user.as_deref() == Some(user))
    }
}

impl Extension {
    /// The extension as a line to call from: by its short number where that
    /// is known.
    #[must_use]
    pub fn line(&self) -> Line {
        match &self.number {
            Some(number) => Line::Number(number.as_str().into()),
            None => Line::Id(self.id.clone()),
        }
    }
}

/// The number as it is dialled: what people put in for reading is left out.
///
/// # Errors
/// A clause that says why it cannot be dialled.
pub fn dialled(number: &str) -> Result<Arc<str>, String> {
    let digits: String = number
        .trim()
        .chars()
        .filter(|c| !" -./()\u{a0}".contains(*c))
        .collect();
    let rest = digits.strip_prefix('+').unwrap_or(&digits);
    let fits = (2..=32).contains(&rest.len())
        && rest
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '*' | '#'))
        && rest.chars().any(|c| c.is_ascii_digit());
    if fits {
        return Ok(digits.as_str().into());
    }
    if phone::is_withheld(number) {
        return Err(
            "is no number that can be dialled: it was withheld, and there is nothing to \
                    dial"
                .to_owned(),
        );
    }
    Err("is no number that can be dialled; write it as +4520123456".to_owned())
}

/// A number of the site `home`, whose country is `country`, as it is sent
/// through the site `through`: in E.164 where that can be told, else as given.
///
/// # Errors
/// A clause that says why it cannot be dialled: what is no number, or means
/// something at `home` alone.
pub fn sent(
    number: &str,
    home: &SiteName,
    country: Option<&str>,
    through: &SiteName,
) -> Result<Arc<str>, String> {
    if let Some(plain) = phone::e164(number, country) {
        return Ok(plain.into());
    }
    let plain = dialled(number)?;
    if home == through {
        return Ok(plain);
    }
    let remedy = match country {
        Some(_) => String::new(),
        None => format!("; if it is a national one, set `country` for {home}"),
    };
    Err(format!(
        "is a number of site {home} alone, and would be another one through {through}{remedy}"
    ))
}

impl Intent {
    /// `who` is about to connect an extension with a number.
    #[must_use]
    pub fn dial(who: Arc<str>, dial: &Dial) -> Self {
        let params = vec![
            ("from".into(), dial.from.to_string().into()),
            ("to".into(), dial.to.clone()),
        ];
        Self::new(who, CALL.into(), None, params)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::triage::{Deed, Subject};

    #[test]
    fn a_line_is_a_short_number_or_an_id() {
        assert_eq!("200".parse(), Ok(Line::Number("200".into())));
        assert_eq!(" @200 ".parse(), Ok(Line::Number("200".into())));
        assert_eq!("000*099".parse(), Ok(Line::Number("000*099".into())));
        assert_eq!("id:175".parse(), Ok(Line::Id("175".into())));
        for wrong in ["", "@", "id:", "2/0", "a b", ".."] {
            assert!(wrong.parse::<Line>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_dialled_is_a_number() {
        assert_eq!(dialled("+45 20-12.34(56)").as_deref(), Ok("+4520123456"));
        assert_eq!(dialled("*100#").as_deref(), Ok("*100#"));
        for wrong in ["anonymous", "", "+", "1", "sip:a@b", "##"] {
            assert!(dialled(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_national_number_is_sent_as_one_of_its_own_site() {
        let of = |number: &str, country: Option<&str>, through: &str| {
            sent(number, &"hall".into(), country, &through.into())
        };
        let plain = Ok(Arc::from("+4520123456"));
        assert_eq!(of("20 12 34 56", Some("DK"), "phones"), plain);
        assert_eq!(of("0045 20123456", None, "phones"), plain);
        // What cannot be told means something at its own site alone.
        assert_eq!(of("201", Some("DK"), "hall").as_deref(), Ok("201"));
        assert_eq!(of("20 123456", None, "hall").as_deref(), Ok("20123456"));
        let why = of("201", Some("DK"), "phones").unwrap_err();
        assert!(why.contains("of site hall alone"), "{why}");
        assert!(!why.contains("`country`"), "{why}");
        let why = of("20123456", None, "phones").unwrap_err();
        assert!(why.contains("set `country` for hall"), "{why}");
        assert!(of("anonymous", Some("DK"), "phones").is_err());
    }

    fn act(who: &str, id: &str, deed: Deed) -> Act {
        Act {
            subject: Subject {
                site: "outbound".into(),
                id: id.into(),
            },
            also: [].into(),
            customer: Some("+4520123456".into()),
            who: who.into(),
            deed,
        }
    }

    fn claim(who: &str, id: &str) -> Act {
        let until = At(900_000);
        act(
            who,
            id,
            Deed::Claim {
                until,
                status: None,
            },
        )
    }

    #[test]
    fn a_claim_must_take_before_the_call() {
        let entry = |seq, act: &Act| Entry {
            seq,
            at: At(0),
            site: "outbound".into(),
            what: What::Act(act.clone()),
        };
        let after = |acts: &[Act]| {
            let own = claim("anna", "7");
            let mut claiming = Claiming {
                act: own.clone(),
                triage: Triage::default(),
                upto: 0,
            };
            for (seq, act) in (1..).zip(acts.iter().chain([&own])) {
                claiming.apply(&entry(seq, act));
                claiming.apply(&entry(seq, act));
            }
            let seq = acts.len() as Seq + 1;
            claiming.took(seq, At(1), &jiff::tz::TimeZone::UTC)
        };
        assert_eq!(after(&[]), Ok(()));
        let held = after(&[claim("jens", "8")]).unwrap_err();
        assert_eq!(held, "jens has this customer until 00:15:00");
        let given_back = act("jens", "8", Deed::Release);
        assert_eq!(after(&[claim("jens", "8"), given_back]), Ok(()));
        let outcome = Outcome::DoNotCall;
        let never = after(&[act("jens", "8", Deed::Outcome { outcome })]).unwrap_err();
        assert!(never.contains("not to be called, said jens"), "{never}");
    }
}
