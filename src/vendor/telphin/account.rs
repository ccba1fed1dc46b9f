//! An account at Telphin: its token and its budget. Two sites that log in at
//! the same place as the same application share both, process-wide: one
//! renewal serves both, and what one spends the other does not have.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use reqwest::{RequestBuilder, Url};

use super::{
    assumed,
    budget::{Allowance, Budget, Leave},
    token,
};
use crate::{
    config::Secret,
    domain::{fault::Fault, time::At},
    vendor::{
        http::{Answer, Http, Lost},
        session::{Granted, Pass, Sessions},
    },
};

/// The accounts that somebody holds.
static ACCOUNTS: Mutex<Vec<Weak<Account>>> = Mutex::new(Vec::new());

/// An application's login, and what it may spend.
pub struct Account {
    /// Where it logs in. It may hold a password of the URL's own.
    endpoint: String,
    client_id: String,
    client_secret: Secret,
    sessions: Sessions,
    allowance: Arc<Allowance>,
}

impl Account {
    /// The account of an application at a base URL: the same one for all who
    /// name it with the same secret. With another secret the token is another,
    /// and the budget the same.
    pub fn of(url: &str, client_id: &str, client_secret: &Secret) -> Arc<Self> {
        let endpoint = endpoint(url);
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        accounts.retain(|account| account.strong_count() > 0);
        let living = accounts.iter().filter_map(Weak::upgrade);
        let alike: Vec<Arc<Self>> = living
            .filter(|a| a.endpoint == endpoint && a.client_id == client_id)
            .collect();
        let has_secret = |a: &&Arc<Self>| a.client_secret.expose() == client_secret.expose();
        if let Some(account) = alike.iter().find(has_secret) {
            return account.clone();
        }
        let account = Arc::new(Self {
            endpoint,
            client_id: client_id.to_owned(),
            client_secret: client_secret.clone(),
            sessions: Sessions::new(assumed::LOGIN_REST),
            allowance: alike
                .first()
                .map_or_else(Arc::default, |a| a.allowance.clone()),
        });
        accounts.push(Arc::downgrade(&account));
        account
    }

    /// What is left of its requests; `None` where that is not known.
    pub fn budget(&self, now: At) -> Option<Budget> {
        self.allowance.budget(now)
    }

    /// Whether nothing may be sent now, and until when.
    pub fn closed(&self, now: At) -> Result<(), Fault> {
        self.allowance.leave(now).map(Leave::unsent)
    }

    /// Its secret, to be kept out of sentences.
    pub fn secret(&self) -> &str {
        self.client_secret.expose()
    }

    /// What signs a request now. A fault is a login that failed.
    pub async fn pass(&self, http: &Http) -> Result<Pass, Fault> {
        self.sessions.pass(http, self.log_in(http)).await
    }

    /// A newer token than `refused`; `None` where none can be had.
    pub async fn renewed(&self, http: &Http, refused: &Pass) -> Result<Option<Pass>, Fault> {
        let login = self.log_in(http);
        self.sessions.renewed(http, refused, login).await
    }

    /// Takes note that a token fresh from [`Account::renewed`] was refused.
    pub async fn refused(&self, http: &Http, pass: &Pass) {
        self.sessions.refused(http, pass).await;
    }

    /// Sends a request on the account's budget. Without an answer, it matters
    /// whether it may have arrived all the same.
    pub async fn deliver(
        &self,
        http: &Http,
        what: &'static str,
        request: RequestBuilder,
    ) -> Result<Answer, Lost> {
        let leave = self.allowance.leave(http.now()).map_err(unsent)?;
        match http.deliver(what, request).await {
            Ok(answer) => {
                leave.answered(&answer);
                Ok(answer)
            }
            Err(lost) => {
                if !lost.may_have_arrived {
                    leave.unsent();
                }
                Err(lost)
            }
        }
    }

    async fn log_in(&self, http: &Http) -> Result<Granted, Fault> {
        let request = token::request(http, &self.client_id, &self.client_secret)?;
        let answer = self.deliver(http, "token", request).await;
        token::read(&answer.map_err(|lost| lost.fault)?, &self.client_secret)
    }
}

/// A fault that came before anything was sent.
pub fn unsent(fault: Fault) -> Lost {
    Lost {
        fault,
        may_have_arrived: false,
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account")
    }
}

/// The base URL in one spelling: host in lower case, no usual port, no slash
/// at the end.
fn endpoint(url: &str) -> String {
    let parsed = Url::parse(url.trim()).map(|mut url| {
        url.set_query(None);
        url.set_fragment(None);
        url.to_string()
    });
    let url = parsed.unwrap_or_else(|_| url.to_owned());
    url.trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, id: &str, secret: &str) -> Arc<Account> {
        Account::of(url, id, &Secret::from(secret.to_owned()))
    }

    #[test]
    fn one_application_at_one_place_is_one_account() {
        let first = of("https://one.test", "app", "s");
        for url in ["https://one.test/", "https://ONE.test:443/?x#y"] {
            assert!(Arc::ptr_eq(&first, &of(url, "app", "s")), "{url}");
        }
        for (url, id) in [
            ("https://two.test", "app"),
            ("http://one.test", "app"),
            ("https://one.test/x", "app"),
            ("https://one.test", "App"),
        ] {
            let other = of(url, id, "s");
            assert!(!Arc::ptr_eq(&first, &other), "{url} {id}");
            assert!(
                !Arc::ptr_eq(&first.allowance, &other.allowance),
                "{url} {id}"
            );
        }
        // A secret in rotation: another login, the same budget.
        let rotated = of("https://one.test", "app", "new");
        assert!(!Arc::ptr_eq(&first, &rotated));
        assert!(Arc::ptr_eq(&first.allowance, &rotated.allowance));
    }

    #[test]
    fn an_account_that_nobody_holds_is_forgotten() {
        let first = Arc::downgrade(&of("https://gone.test", "app", "s"));
        assert!(first.upgrade().is_none());
    }
}
