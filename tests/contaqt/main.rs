//! Contaqt's webhooks: what they may look like on the wire, and what they say.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod meaning;
mod refusals;
mod shapes;

use holdline::{
    domain::{
        caller::Raw,
        event::{AgentNews, CallEvent, Event},
        hook::{Hook, Says},
        site::Vendor,
    },
    vendor::hook::{self, Delivery, Reader, Received, Refusal},
};

/// What becomes of a request.
fn request(
    method: &str,
    query: &str,
    content_type: Option<&str>,
    body: &[u8],
) -> Result<Vec<Delivery>, Refusal> {
    let received = Received {
        method,
        query,
        content_type,
        body,
    };
    hook::deliveries(Vendor::Contaqt, &received)
}

/// The events in a POST of JSON.
fn json(body: &str) -> Vec<Delivery> {
    request("POST", "", Some("application/json"), body.as_bytes()).unwrap()
}

/// The events in a POST of a form.
fn form(body: &str) -> Vec<Delivery> {
    let kind = Some("application/x-www-form-urlencoded");
    request("POST", "", kind, body.as_bytes()).unwrap()
}

/// The one event of a request.
fn only(deliveries: Vec<Delivery>) -> Delivery {
    let [one] = <[Delivery; 1]>::try_from(deliveries).unwrap();
    one
}

/// What an event says.
fn says(delivery: &Delivery) -> Says {
    read(&delivery.event, delivery.body.as_str())
}

fn read(event: &str, body: &str) -> Says {
    let mut hook = Hook {
        vendor: Vendor::Contaqt,
        event: event.into(),
        body: Raw::new(body),
        injected: false,
        says: Says::Unread,
    };
    Reader::default().read(&"team".into(), &mut hook);
    hook.says
}

fn call(says: Says) -> CallEvent {
    match says {
        Says::This(event) => match *event {
            Event::Call(call) => call,
            Event::Agent { .. } => panic!("about an agent"),
        },
        other => panic!("{other:?}"),
    }
}

fn agent(says: Says) -> (String, AgentNews) {
    match says {
        Says::This(event) => match *event {
            Event::Agent { agent, news } => (agent.to_string(), news),
            Event::Call(_) => panic!("about a call"),
        },
        other => panic!("{other:?}"),
    }
}
