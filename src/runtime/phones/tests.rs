//! What the console may not do is refused before anything leaves, and whom
//! anyone called lately is found among all else.

use std::path::Path;

use super::*;
use crate::domain::{
    action::{Ended, Intent},
    dial::Claiming,
    entry::{Entry, NewEntry, Seq, What},
    extension::ExtensionKind,
    triage::{Act, Deed, Subject, Triage},
};

const NOW: At = At(10_000_000);

fn config(allow: &str) -> Arc<Config> {
    let text = format!(
        "[receiver]\nlisten = \"127.0.0.1:0\"\n[[site]]\nname = \"phones\"\nvendor = \"telphin\"\n\
         url = \"http://127.0.0.1:9\"\nclient_id = \"a\"\nclient_secret = \"b\"\nhook = {{ secret \
         = \"hook-secret-0123456\" }}\ncountry = \"DK\"\nallow = [{allow}]\nextensions = {{ 1 = {{ type = \"ivr\" \
         }} }}\n"
    );
    Arc::new(Config::parse(&text, Path::new("/"), &|_| None).unwrap())
}

struct Hands {
    phones: Phones,
    said: mpsc::UnboundedReceiver<Answer>,
    journal: Journal,
    _folder: tempfile::TempDir,
}

fn hands(allow: &str, read_only: bool) -> Hands {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap();
    let (say, said) = mpsc::unbounded_channel();
    let who = Who {
        name: "anna".into(),
        read_only,
    };
    let clock: Clock = Arc::new(|| NOW);
    let deadline = Duration::from_secs(1);
    Hands {
        phones: Phones::new(&config(allow), deadline, journal.clone(), &clock, who, say),
        said,
        journal,
        _folder: folder,
    }
}

fn dial(to: &str) -> Dial {
    Dial {
        site: "phones".into(),
        from: "200".parse().unwrap(),
        to: to.into(),
    }
}

fn wanted(claim: Option<Claiming>, asked: Seq) -> Wanted {
    Wanted {
        dial: dial("+4520123456"),
        claim,
        asked,
    }
}

/// A claim on one of the customer's two requests.
fn claim(who: &str, id: &str) -> Act {
    Act {
        subject: Subject {
            site: "outbound".into(),
            id: id.into(),
        },
        also: [].into(),
        customer: Some("+4520123456".into()),
        who: who.into(),
        deed: Deed::Claim {
            until: NOW.plus(Duration::from_mins(15)),
            status: None,
        },
    }
}

impl Hands {
    async fn record(&self, what: What) {
        let entry = NewEntry {
            at: NOW,
            site: "phones".into(),
            dedupe: None,
            what,
        };
        self.journal.append(vec![entry]).await.unwrap();
    }

    /// What is said of a call that is wanted.
    async fn dials(&mut self, wanted: Wanted) -> String {
        self.phones.dial(wanted);
        let Some(Answer::Dialled(dialled)) = self.said.recv().await else {
            panic!("no answer to a call");
        };
        assert!(matches!(dialled.told, Told::Failed(_)), "{dialled:?}");
        dialled.sentence()
    }

    fn entries(&self) -> Vec<Entry> {
        self.journal.read(0, 100).unwrap()
    }
}

/// Nobody answers at that port: a call that was sent says so.
const SENT: &str = "refused the connection";

#[tokio::test]
async fn a_call_waits_for_its_claim_to_take() {
    let claiming = || Claiming {
        act: claim("anna", "7"),
        triage: Triage::default(),
        upto: 0,
    };
    let mut free = hands("\"call\"", false);
    let said = free.dials(wanted(Some(claiming()), 0)).await;
    assert!(said.contains(SENT), "{said}");
    let entries = free.entries();
    assert!(matches!(entries[0].what, What::Act(_)), "{entries:?}");
    assert_eq!(entries.len(), 3);
    // Jens was quicker, with another request of the same customer.
    let mut held = hands("\"call\"", false);
    held.record(What::Act(claim("jens", "8"))).await;
    let said = held.dials(wanted(Some(claiming()), 0)).await;
    assert!(said.contains("jens has this customer until"), "{said}");
    assert!(said.contains("nothing was sent"), "{said}");
    let is_act = |entry: &Entry| matches!(entry.what, What::Act(_));
    assert!(held.entries().iter().all(is_act), "{:?}", held.entries());
}

#[tokio::test]
async fn of_two_calls_at_once_the_first_on_record_is_made() {
    let mut hands = hands("\"call\"", false);
    let other = Intent::dial("jens".into(), &dial("20123456"));
    hands.record(What::Intent(other)).await;
    let said = hands.dials(wanted(None, 0)).await;
    assert!(said.contains("jens called 20123456"), "{said}");
    let entries = hands.entries();
    let What::Outcome(outcome) = &entries[2].what else {
        panic!("{entries:?}");
    };
    // So it is no call to whoever asks next.
    assert!(matches!(outcome.ended, Ended::Failed(_)), "{outcome:?}");
    // Who was asked about it calls all the same.
    let said = hands.dials(wanted(None, 1)).await;
    assert!(said.contains(SENT), "{said}");
}

fn add(url: Option<&str>) -> Resubscription {
    Resubscription {
        site: "phones".into(),
        extension: "1".into(),
        change: SubscriptionChange::Add {
            event: "hangup".into(),
            method: "POST".into(),
            url: url.map(Arc::from),
        },
    }
}

#[tokio::test]
async fn a_console_that_may_not_does_nothing_and_says_why() {
    for (allow, read_only, part) in [
        ("", false, "does not allow it"),
        ("\"subscribe\"", false, "add \"call\""),
        ("\"call\"", true, "to change nothing"),
    ] {
        let mut hands = hands(allow, read_only);
        let said = hands.dials(wanted(None, 0)).await;
        assert!(said.contains(part), "{said}");
        assert_eq!(hands.journal.last_seq().unwrap(), 0, "{allow}");
    }
}

#[tokio::test]
async fn without_an_address_of_ours_nothing_is_subscribed_to_it() {
    let mut hands = hands("\"subscribe\"", false);
    hands.phones.resubscribe(vec![add(None)]);
    let Some(Answer::Resubscribed { site, done }) = hands.said.recv().await else {
        panic!("no answer to a change");
    };
    assert_eq!((site.as_str(), done.len()), ("phones", 1));
    let said = told::sentence(&done[0].1);
    assert!(
        said.contains("port 0") && said.contains("holdline collect"),
        "{said}"
    );
    assert_eq!(hands.journal.last_seq().unwrap(), 0);
    // It looks anew all the same.
    let Some(Answer::Surveyed { surveys, .. }) = hands.said.recv().await else {
        panic!("no look at the site");
    };
    assert_eq!(surveys[0].extension.kind, ExtensionKind::Ivr);
    assert!(surveys[0].have.is_err());
}

#[tokio::test]
async fn what_stops_one_change_stops_those_behind_it() {
    let mut hands = hands("\"subscribe\"", false);
    let to = Some("https://h.example/in");
    hands.phones.resubscribe(vec![add(to), add(to)]);
    let Some(Answer::Resubscribed { done, .. }) = hands.said.recv().await else {
        panic!("no answer to a change");
    };
    let said: Vec<String> = done.iter().map(|(_, t)| told::sentence(t)).collect();
    assert!(said[0].contains("refused the connection"), "{said:?}");
    assert!(said[1].contains("not asked"), "{said:?}");
    // The intent and the outcome of the first alone.
    assert_eq!(hands.journal.last_seq().unwrap(), 2);
}

#[tokio::test]
async fn whom_anyone_called_lately_is_found_among_all_else() {
    let hands = hands("", false);
    let at = |at: i64, what: What| NewEntry {
        at: At(at),
        site: "phones".into(),
        dedupe: None,
        what,
    };
    let call = |to: &str| What::Intent(Intent::dial("jens".into(), &dial(to)));
    let noise = |n: i64| {
        let what = What::Unknown {
            kind: "noise".into(),
            body: "{}".into(),
        };
        at(NOW.0 - 500_000 + n, what)
    };
    let old = at(NOW.0 - 700_000, call("+4511111111"));
    let new = at(NOW.0 - 550_000, call("+4522222222"));
    let mut entries = vec![old, new];
    entries.extend((0..3_000).map(noise));
    hands.journal.append(entries).await.unwrap();
    let calls = calls_lately(&hands.journal, NOW).unwrap();
    let lately = |to| calls.lately(NOW, to, None);
    assert_eq!(lately("+4511111111"), None);
    assert_eq!(&*lately("+4522222222").unwrap().who, "jens");
}
