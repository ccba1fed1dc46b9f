//! Tokens: given for an application's id and secret, good for an hour.

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;
use serde_json::{Value, json};
use url::form_urlencoded;

use crate::domain::time::At;

use super::{
    super::{
        fault::{Fault, Moment},
        http::{Asked, Reply},
    },
    CLIENT_ID, CLIENT_SECRET, refused,
};

const EXPIRES_IN: Duration = Duration::from_hours(1);

/// The tokens given out.
#[derive(Debug)]
pub struct Tokens {
    rng: Rng,
    /// Until when each is good.
    given: BTreeMap<String, At>,
}

impl Tokens {
    /// None given yet.
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed ^ 0x07e1_f1a5),
            given: BTreeMap::new(),
        }
    }

    /// `/oauth/token`: the parameters as a form; some clients put them into
    /// the query.
    pub fn give(&mut self, asked: &Asked, moment: Moment) -> Reply {
        let value = |name: &str| {
            let form = form_urlencoded::parse(&asked.body).find(|(key, _)| key == name);
            form.map(|(_, value)| value.into_owned())
                .or_else(|| asked.query(name))
        };
        match value("grant_type").as_deref() {
            Some("client_credentials") => {}
            Some(_) => return refused::plainly(400, "Unsupported grant_type"),
            None => return refused::plainly(400, "grant_type is required"),
        }
        let id = value("client_id").as_deref() == Some(CLIENT_ID);
        let secret = value("client_secret").as_deref() == Some(CLIENT_SECRET);
        if !(id && secret) {
            return refused::plainly(401, "Invalid client_id or client_secret");
        }
        self.given.retain(|_, until| moment.now < *until);
        let token = format!("{:032x}", self.rng.u128(..));
        self.given
            .insert(token.clone(), moment.now.plus(EXPIRES_IN));
        let mut answer = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": EXPIRES_IN.as_secs(),
            "scope": "all",
        });
        match moment.fault {
            Some(Fault::ExpiresInText) => {
                answer["expires_in"] = Value::String(EXPIRES_IN.as_secs().to_string());
            }
            Some(Fault::NoExpiresIn) => {
                if let Some(members) = answer.as_object_mut() {
                    members.remove("expires_in");
                }
            }
            _ => {}
        }
        Reply::json(200, &answer)
    }

    /// Whether the request brings a token that is good now.
    pub fn admits(&self, asked: &Asked, now: At) -> bool {
        let token = asked
            .header("authorization")
            .and_then(|header| header.strip_prefix("Bearer "));
        token
            .and_then(|token| self.given.get(token))
            .is_some_and(|until| now < *until)
    }
}
