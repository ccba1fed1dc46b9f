//! Asks what is subscribed of extensions, a few at a time: they share the
//! account's requests with everybody else.

use std::sync::Arc;

use tokio::task::JoinSet;

use crate::{
    domain::{extension::Extension, subscription::Survey},
    vendor::telphin::Client,
};

/// Asked at the same time.
const FEW: usize = 4;

/// What is subscribed of each, in their order. `ours` are the addresses of our
/// receiver.
pub async fn survey(
    client: &Arc<Client>,
    extensions: Vec<Extension>,
    ours: &[String],
) -> Vec<Survey> {
    let mut left = extensions.into_iter().enumerate();
    let mut asking = JoinSet::new();
    let mut found = Vec::new();
    loop {
        while asking.len() < FEW
            && let Some((place, extension)) = left.next()
        {
            let client = client.clone();
            asking.spawn(async move {
                let have = client.subscriptions(extension.id.as_str()).await;
                (place, extension, have)
            });
        }
        match asking.join_next().await {
            Some(Ok((place, extension, have))) => {
                found.push((place, Survey::new(extension, have, ours)));
            }
            Some(Err(error)) => std::panic::resume_unwind(error.into_panic()),
            None => break,
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, survey)| survey).collect()
}
