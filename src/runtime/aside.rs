//! What the console asks for is done aside, and always answered: also where the
//! task that does it meets a mistake of its own.

use std::future::Future;

use tokio::{sync::mpsc::UnboundedSender, task::JoinHandle};

use crate::{
    app::Answer,
    domain::{
        fault::{Fault, FaultKind},
        injection::Told,
    },
};

/// Does `work` aside and tells its answers on `say`. Where it comes to no end
/// of its own, `lost` makes the answer from what is then known: nothing. What
/// is returned ends when it is told.
pub fn answering(
    say: &UnboundedSender<Answer>,
    work: impl Future<Output = Answer> + Send + 'static,
    lost: impl FnOnce(Told) -> Answer + Send + 'static,
) -> JoinHandle<()> {
    let (say, task) = (say.clone(), tokio::spawn(work));
    tokio::spawn(async move {
        let answer = task.await.unwrap_or_else(|_| lost(Told::Unknown(broken())));
        // Nobody listens once the console is left.
        let _ = say.send(answer);
    })
}

/// What is told where a task met a mistake of its own.
#[must_use]
pub fn broken() -> Fault {
    Fault::new(
        FaultKind::Malformed,
        "holdline met a mistake of its own while it was done",
        "look into the log, and report it",
    )
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn a_task_that_panics_is_answered_for() {
        let (say, mut said) = mpsc::unbounded_channel();
        let lost = |told: Told| {
            assert!(matches!(told, Told::Unknown(_)), "{told:?}");
            Answer::NotRecorded("lost".to_owned())
        };
        answering(&say, async { panic!("on purpose") }, lost);
        let lost_one = Answer::NotRecorded("lost".to_owned());
        assert_eq!(said.recv().await, Some(lost_one));
        answering(&say, async { Answer::JournalFine }, lost);
        assert_eq!(said.recv().await, Some(Answer::JournalFine));
    }
}
