//! Who may ask: a token that lasts, and tokens that a login gives for fifteen
//! minutes (the pages `api:auth:login` and `api:errors`).

use std::{collections::BTreeMap, time::Duration};

use fastrand::Rng;
use serde::Deserialize;
use serde_json::json;

use crate::{
    domain::time::At,
    sim::http::{Asked, Reply},
};

use super::error;

/// The employee who can log in.
pub const USERNAME: &str = "anna@example.com";
/// Their password.
pub const PASSWORD: &str = "kylling-og-bamse";
/// The token that never expires, as an administrator makes it for a machine.
pub const TOKEN: &str = "simulated-machine-token-8c6f0b11";

const EXPIRES_IN: Duration = Duration::from_mins(15);
/// How long an expired token is still told from one that never was.
const REMEMBERED: Duration = Duration::from_hours(24);

/// The tokens given out.
#[derive(Debug)]
pub struct Sessions {
    rng: Rng,
    /// Until when each is good; for ever where absent.
    tokens: BTreeMap<String, Option<At>>,
}

#[derive(Deserialize)]
struct Login {
    username: String,
    password: String,
    #[serde(default)]
    persist: bool,
}

impl Sessions {
    /// None but the token that lasts.
    pub fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            tokens: BTreeMap::from([(TOKEN.to_owned(), None)]),
        }
    }

    /// `/auth/login`: POST with JSON, or GET with a query.
    pub fn login(&mut self, asked: &Asked, now: At) -> Reply {
        let login = if asked.method == "POST" {
            serde_json::from_slice(&asked.body).ok()
        } else {
            Option::zip(asked.query("username"), asked.query("password")).map(
                |(username, password)| Login {
                    username,
                    password,
                    persist: asked.query("persist").as_deref() == Some("true"),
                },
            )
        };
        match login {
            None => error(400, "bad_request", "Username and password expected"),
            Some(login) if login.username == USERNAME && login.password == PASSWORD => {
                self.give(login.persist, now)
            }
            Some(_) => error(
                401,
                "credentials_invalid",
                "Authorization required, please login",
            ),
        }
    }

    fn give(&mut self, persist: bool, now: At) -> Reply {
        self.tokens
            .retain(|_, until| until.is_none_or(|until| now.since(until) < REMEMBERED));
        let token = format!("{:016x}{:016x}", self.rng.u64(..), self.rng.u64(..));
        let until = (!persist).then(|| now.plus(EXPIRES_IN));
        self.tokens.insert(token.clone(), until);
        let minutes = if persist { -1 } else { 15 };
        Reply::json(
            200,
            &json!({
                "token": token,
                "expiresInMinutes": minutes,
                "employee": "5e1100000000000000000017",
                "customer": "5e0000000000000000000042",
                "accessLevel": "VIEWER",
            }),
        )
    }

    /// Whether an `Authorization` header opens the door now, or the refusal.
    pub fn check(&self, header: Option<&str>, now: At) -> Result<(), Reply> {
        let Some(header) = header else {
            return Err(error(
                401,
                "credentials_invalid",
                "Authorization required, please login",
            ));
        };
        let token = match header.split_once(' ') {
            Some(("Bearer", token)) if !token.is_empty() && !token.contains(' ') => token,
            _ => {
                return Err(error(
                    401,
                    "format_error",
                    "Authorization header format is Authorization: Bearer <token>",
                ));
            }
        };
        match self.tokens.get(token) {
            None => Err(error(401, "invalid_token", "Undecipherable")),
            Some(Some(until)) if now >= *until => {
                Err(error(401, "expired", "Session has expired, please login"))
            }
            Some(_) => Ok(()),
        }
    }
}
