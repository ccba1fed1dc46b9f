//! What a survey of subscriptions comes to, as findings: for `hooks check` and
//! for the doctor.

use super::super::{
    doctor::finding::{Finding, State},
    failure::Failure,
    phones::called,
};
use crate::domain::{
    fault::Fault,
    subscription::{Survey, Whose, is_of_calls, masked},
};

const CHECK: &str = "subscriptions";

/// What is to be known of the site, to say what is to be done.
pub struct About<'a> {
    /// The site's name.
    pub site: &'a str,
    /// Whether subscriptions may be changed there.
    pub may_subscribe: bool,
}

/// An extension each, and more where something is odd; one for all where none
/// can be asked. `failed` words a fault.
pub fn of(
    surveys: &[Survey],
    about: &About<'_>,
    failed: impl Fn(&Fault) -> Failure,
) -> Vec<Finding> {
    let faults: Vec<&Fault> = surveys
        .iter()
        .filter_map(|s| s.have.as_ref().err())
        .collect();
    if let Some(first) = faults.first()
        && faults.len() == surveys.len()
        && faults.iter().all(|fault| fault.what == first.what)
    {
        let failure = failed(first);
        let told = Finding::told(CHECK, &failure.sentence, State::Wrong, failure.code);
        return vec![told];
    }
    let one = |survey: &Survey| match &survey.have {
        Err(fault) => vec![unread(survey, &failed(fault))],
        Ok(_) => [lacking(survey, about), old(survey, about), others(survey)]
            .into_iter()
            .flatten()
            .collect(),
    };
    let whole = whole(surveys);
    whole
        .into_iter()
        .chain(surveys.iter().flat_map(one))
        .collect()
}

fn unread(survey: &Survey, failure: &Failure) -> Finding {
    let sentence = format!("{}: {}", called(&survey.extension), failure.sentence);
    Finding::told(CHECK, &sentence, State::Wrong, failure.code)
}

/// Those of which all that occurs is pushed to us.
fn whole(surveys: &[Survey]) -> Option<Finding> {
    let is_whole = |survey: &&Survey| survey.have.is_ok() && survey.missing().is_empty();
    Some(match surveys.iter().filter(is_whole).count() {
        0 => return None,
        1 => Finding::ok(CHECK, "all events of 1 extension are pushed to us"),
        n => Finding::ok(
            CHECK,
            format!("all events of {n} extensions are pushed to us"),
        ),
    })
}

/// What occurs and is not pushed to us: wrong where calls are not seen for it.
fn lacking(survey: &Survey, about: &About<'_>) -> Option<Finding> {
    let missing = survey.missing();
    if missing.is_empty() {
        return None;
    }
    let found = format!(
        "{}: {} missing",
        called(&survey.extension),
        missing.join(", ")
    );
    let add = format!(
        "`holdline hooks add --site {} --missing` subscribes it",
        about.site
    );
    let remedy = if about.may_subscribe {
        add
    } else {
        format!("allow = [\"subscribe\"] for the site, then {add}")
    };
    Some(if missing.iter().any(|event| is_of_calls(event)) {
        Finding::wrong(CHECK, found, remedy, 1)
    } else {
        Finding::note(CHECK, found, remedy)
    })
}

/// What still comes by a secret that is being rotated out.
fn old(survey: &Survey, about: &About<'_>) -> Option<Finding> {
    let ids = ids(survey, Whose::OursOld);
    let (whom, extension) = (called(&survey.extension), &survey.extension.id);
    (!ids.is_empty()).then(|| {
        Finding::note(
            CHECK,
            format!(
                "{whom}: {} pushed with an old secret: {}",
                ids.len(),
                ids.join(", ")
            ),
            format!(
                "once nothing is missing with the new one, `holdline hooks remove --site {} \
                 --extension {extension} --id {}`",
                about.site,
                ids.join(",")
            ),
        )
    })
}

/// What goes to somebody else: nothing is wrong with that.
fn others(survey: &Survey) -> Option<Finding> {
    let have = survey.have.as_ref().ok()?;
    let theirs: Vec<String> = have
        .iter()
        .filter(|(_, whose)| *whose == Whose::Others)
        .map(|(s, _)| format!("{} {} to {}", s.id, s.event, masked(&s.url)))
        .collect();
    let whom = called(&survey.extension);
    (!theirs.is_empty()).then(|| {
        let theirs = theirs.join(", ");
        Finding::ok(CHECK, format!("{whom}: somebody else has {theirs}"))
    })
}

fn ids(survey: &Survey, of: Whose) -> Vec<String> {
    let have = survey.have.as_ref().map_or(&[][..], Vec::as_slice);
    let of_them = have.iter().filter(|(_, whose)| *whose == of);
    of_them.map(|(s, _)| s.id.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        extension::{Extension, ExtensionKind},
        fault::FaultKind,
        subscription::{EVENTS, Subscription},
    };

    fn survey(have: &[(&str, &str, &str)], kind: ExtensionKind) -> Survey {
        let extension = Extension {
            id: "175".into(),
            name: "Anna".into(),
            kind,
            number: None,
            user: None,
        };
        let have = have.iter().map(|(id, event, url)| Subscription {
            id: (*id).into(),
            event: (*event).into(),
            url: (*url).into(),
            method: "POST".into(),
        });
        let ours = [
            "https://h/hooks/p/new".into(),
            "https://h/hooks/p/old".into(),
        ];
        Survey::new(extension, Ok(have.collect()), &ours)
    }

    fn told(survey: Survey, may_subscribe: bool) -> Vec<(State, String, Option<String>)> {
        let about = About {
            site: "phones",
            may_subscribe,
        };
        let failed = |fault: &Fault| Failure::here(fault.to_string());
        let found = of(&[survey], &about, failed).into_iter();
        found.map(|f| (f.state, f.found, f.remedy)).collect()
    }

    #[test]
    fn what_is_missing_is_told_with_the_command_that_adds_it() {
        let have = [("1", "dial-in", "https://h/hooks/p/new")];
        let found = told(survey(&have, ExtensionKind::Ivr), true);
        assert_eq!(found[0].0, State::Wrong);
        assert_eq!(found[0].1, "Anna (175): hangup missing");
        let add = "`holdline hooks add --site phones --missing` subscribes it";
        assert_eq!(found[0].2.as_deref(), Some(add));
        let found = told(survey(&have, ExtensionKind::Ivr), false);
        assert!(
            found[0]
                .2
                .as_ref()
                .unwrap()
                .starts_with("allow = [\"subscribe\"]")
        );
    }

    #[test]
    fn what_no_call_is_made_of_is_missed_with_a_note() {
        let all: Vec<(String, &str)> = EVENTS
            .iter()
            .enumerate()
            .map(|(id, event)| (id.to_string(), *event))
            .collect();
        let but = |without: &[&str]| {
            let have: Vec<_> = all
                .iter()
                .filter(|(_, event)| !without.contains(event))
                .map(|(id, event)| (id.as_str(), *event, "https://h/hooks/p/new"))
                .collect();
            let found = told(survey(&have, ExtensionKind::Phone), true);
            (found[0].0, found[0].1.clone())
        };
        let (state, words) = but(&["message-in", "message-out"]);
        assert_eq!(state, State::Note);
        assert_eq!(words, "Anna (175): message-in, message-out missing");
        assert_eq!(but(&["voicemail", "answer"]).0, State::Wrong);
    }

    #[test]
    fn an_old_secret_and_somebody_elses_are_told_without_a_secret() {
        let have = [
            ("1", "dial-in", "https://h/hooks/p/new"),
            ("2", "hangup", "https://h/hooks/p/new"),
            ("3", "hangup", "https://h/hooks/p/old"),
            ("4", "answer", "https://crm.example/in/c4n4ry"),
        ];
        let found = told(survey(&have, ExtensionKind::Ivr), true);
        let states: Vec<State> = found.iter().map(|f| f.0).collect();
        assert_eq!(states, [State::Ok, State::Note, State::Ok]);
        assert!(
            found[1]
                .2
                .as_ref()
                .unwrap()
                .contains("--extension 175 --id 3")
        );
        assert_eq!(
            found[2].1,
            "Anna (175): somebody else has 4 answer to https://crm.example/in/••••"
        );
    }

    #[test]
    fn what_cannot_be_asked_is_told_and_nothing_is_missing_then() {
        let mut blind = survey(&[], ExtensionKind::Phone);
        blind.have = Err(Fault::new(FaultKind::Timeout, "no answer", "wait"));
        let found = told(blind, true);
        assert_eq!(
            found,
            [(State::Wrong, "no answer".into(), Some("wait".into()))]
        );
    }
}
