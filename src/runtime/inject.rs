//! Carries an injection out: the intent into the journal, the request, the
//! outcome into the journal, and, once it was accepted, a look at what is on
//! record. Whoever calls this has asked whether it is allowed and meant.

use std::{sync::Arc, time::Duration};

use super::on_record::{append, conclude};
use crate::{
    domain::{
        action::{Ended, Intent, Outcome},
        entry::{Seq, What},
        injection::{Injected, Injection, OnRecord, Told},
        time::{At, Clock},
    },
    journal::{Journal, JournalError},
    vendor::enswitch::{Client, Created, assumed::SETTLES},
};

/// Has an event validated by the vendor, which changes nothing: nothing is
/// journaled either.
pub async fn validate(client: &Client, event: &Injection) -> Injected {
    let created = client.create(&event.validating(true)).await;
    Injected {
        validate: true,
        told: created.told,
        took: created.took,
        record: None,
        unjournaled: None,
    }
}

/// Creates a queue event in the name of `who`. It is sent once at most; a
/// caller that gives up waiting leaves an intent whose outcome is unknown.
///
/// # Errors
/// The intent could not be journaled, and so nothing was sent.
pub async fn inject(
    client: &Client,
    journal: &Journal,
    clock: &Clock,
    who: &Arc<str>,
    event: &Injection,
) -> Result<Injected, JournalError> {
    let (mut injected, created, intent) = send(client, journal, clock, who, event).await?;
    if injected.is_done() {
        let record = look_up(client, event, &created).await;
        let outcome = What::Outcome(Outcome {
            intent,
            took: created.took,
            ended: Ended::OnRecord(record.sentence().into()),
        });
        let journaled = append(journal, &event.site, clock(), outcome).await;
        injected.unjournaled = injected
            .unjournaled
            .or(journaled.err().map(|error| error.to_string()));
        injected.record = Some(record);
    }
    Ok(injected)
}

/// The same without a look at what is on record, with what a later
/// [`look_up`] needs and the intent's place: for whoever sends many.
///
/// # Errors
/// As [`inject`].
pub async fn send(
    client: &Client,
    journal: &Journal,
    clock: &Clock,
    who: &Arc<str>,
    event: &Injection,
) -> Result<(Injected, Created, Seq), JournalError> {
    let event = event.validating(false);
    let intent = What::Intent(Intent::inject(who.clone(), &event));
    let seq = append(journal, &event.site, clock(), intent).await?;
    let created = client.create(&event).await;
    let (told, took) = (&created.told, created.took);
    let unjournaled = conclude(journal, clock, &event.site, seq, told, took).await;
    let injected = Injected {
        validate: false,
        told: created.told.clone(),
        took: created.took,
        record: None,
        unjournaled,
    };
    Ok((injected, created, seq))
}

/// Looks once whether an accepted event is on record: not before the vendor
/// lists what is as young as that.
pub async fn look_up(client: &Client, event: &Injection, created: &Created) -> OnRecord {
    tokio::time::sleep(settling(event, created)).await;
    client.look_up(event, created.window).await
}

/// How long a list may not have the event yet. One that lies further back than
/// that is listed at once.
fn settling(event: &Injection, created: &Created) -> Duration {
    let is_past = event.get("time").is_some() && !is_young(event, created);
    if is_past || !matches!(created.told, Told::Answered(_)) {
        return Duration::ZERO;
    }
    SETTLES
}

/// Whether the time that was sent is about the vendor's now.
fn is_young(event: &Injection, created: &Created) -> bool {
    let time = event.get("time").and_then(|time| time.parse::<i64>().ok());
    time.is_none_or(|second| At(second.saturating_mul(1_000)).plus(YOUNG) >= created.ended)
}

/// Longer than clocks differ, and a list is behind.
const YOUNG: Duration = Duration::from_secs(10);
