//! What is asked of the API, from a request to an answer.

use super::{
    super::{
        fault::{Fault, Moment},
        http::{Asked, Reply},
    },
    FORBIDDEN_EXTENSION_ID, Office, Setup, assumed,
    budget::Budget,
    callback, extensions, refused, subscriptions,
    token::Tokens,
};

/// Who may ask, and how often.
#[derive(Debug)]
pub struct Account {
    tokens: Tokens,
    budget: Budget,
}

impl Account {
    /// Nobody has asked yet.
    pub fn new(seed: u64, setup: &Setup) -> Self {
        Self {
            tokens: Tokens::new(seed),
            budget: Budget::new(setup.hourly),
        }
    }
}

/// Answers a request; `path` is what follows the vendor's prefix.
pub fn answer(
    account: &mut Account,
    office: &mut Office,
    path: &str,
    asked: &Asked,
    moment: Moment,
) -> Reply {
    let path = path.replace("%40", "@").replace("%2A", "*");
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (asked.method.as_str(), segments.as_slice()) {
        ("POST", ["oauth", "token"]) => account.tokens.give(asked, moment),
        (_, ["api", "ver1.0", resource @ ..]) => {
            let reply = admitted(account, office, resource, asked, moment);
            let left = account.budget.left(moment.now).but_for(moment);
            left.on(reply)
        }
        _ => refused::not_found(),
    }
}

fn admitted(
    account: &mut Account,
    office: &mut Office,
    resource: &[&str],
    asked: &Asked,
    moment: Moment,
) -> Reply {
    if !account.tokens.admits(asked, moment.now) {
        return refused::unauthorized();
    }
    if !account.budget.spend(moment.now) {
        return refused::too_many_requests();
    }
    if let Some(Fault::Status { code, .. }) = moment.fault {
        // Nothing is done that is then refused.
        return refused::plainly(*code, "");
    }
    match (asked.method.as_str(), resource) {
        ("GET", ["client", "@me", "extension"]) => list(asked),
        ("GET", ["client", "@me", "limit"]) => {
            let (used, of) = (office.subscriptions.len(), office.subscriptions.limit());
            Reply::json(200, &assumed::limits(used, of))
        }
        (_, ["extension", FORBIDDEN_EXTENSION_ID, ..]) => refused::access_denied(),
        (method, ["extension", name, rest @ ..]) => {
            let Some(extension) = extensions::named(name) else {
                return refused::not_found();
            };
            match (method, rest) {
                (_, ["event"]) => subscriptions::of_extension(office, extension, asked),
                (_, ["event", id]) => subscriptions::one(office, extension, id, asked),
                ("POST", ["callback"]) => callback::ordered(office, extension, asked, moment.now),
                _ => refused::not_found(),
            }
        }
        _ => refused::not_found(),
    }
}

/// The extensions, a page of them, as a bare list.
fn list(asked: &Asked) -> Reply {
    let number = |name: &str, otherwise: usize| match asked.query(name) {
        None => Ok(otherwise),
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| refused::plainly(400, &format!("{name} is not a positive integer"))),
    };
    let (page, per_page) = match (number("page", 1), number("per_page", assumed::PER_PAGE.0)) {
        (Ok(page), Ok(per_page)) => (page, per_page.min(assumed::PER_PAGE.1)),
        (Err(refused), _) | (_, Err(refused)) => return refused,
    };
    let kind = asked.query("type");
    let status = asked.query("status");
    let rows: Vec<_> = extensions::all()
        .filter(|e| kind.as_deref().is_none_or(|kind| kind == e.kind()))
        .filter(|_| status.as_deref().is_none_or(|status| status == "active"))
        .skip((page - 1).saturating_mul(per_page))
        .take(per_page)
        .map(|extension| extension.row())
        .collect();
    Reply::json(200, &rows)
}
