//! How requests are signed: a fixed token, or a login ("API : Auth : Login")
//! that renews itself. It decides nothing about polling.

use std::{fmt, time::Duration};

use super::{
    assumed,
    login::{self, Login},
    refusal::Asker,
};
use crate::{
    config::{Secret, TelecomXAuth},
    domain::fault::Fault,
    vendor::{
        http::Http,
        session::{Granted, Pass, Sessions},
    },
};

/// What signs one site's requests.
pub enum Tokens {
    /// A token that stays.
    Fixed(Pass),
    /// Tokens that a login gives.
    Login {
        /// Who logs in.
        username: String,
        /// With what.
        password: Secret,
        /// What it gave so far.
        sessions: Box<Sessions>,
    },
}

impl Tokens {
    /// The tokens of a site. Fails where the fixed token cannot be sent.
    pub fn new(auth: &TelecomXAuth) -> Result<Self, Fault> {
        Ok(match auth {
            TelecomXAuth::Token(token) => Self::Fixed(Pass::new(token.expose())?),
            TelecomXAuth::Login { username, password } => Self::Login {
                username: username.clone(),
                password: password.clone(),
                sessions: Box::new(Sessions::new(assumed::LOGIN_REST)),
            },
        })
    }

    /// What signs a request now. A fault is a login that failed.
    pub async fn pass(&self, http: &Http) -> Result<Pass, Fault> {
        match self {
            Self::Fixed(pass) => Ok(pass.clone()),
            Self::Login {
                username,
                password,
                sessions,
            } => sessions.pass(http, grant(http, username, password)).await,
        }
    }

    /// A newer token than `refused`; `None` where none can be had.
    pub async fn renewed(&self, http: &Http, refused: &Pass) -> Result<Option<Pass>, Fault> {
        match self {
            Self::Fixed(_) => Ok(None),
            Self::Login {
                username,
                password,
                sessions,
            } => {
                let login = grant(http, username, password);
                sessions.renewed(http, refused, login).await
            }
        }
    }

    /// Takes note that a token fresh from [`Tokens::renewed`] was refused.
    pub async fn refused(&self, http: &Http, pass: &Pass) {
        if let Self::Login { sessions, .. } = self {
            sessions.refused(http, pass).await;
        }
    }

    /// Runs `words` with what no sentence may hold.
    pub fn asker<T>(&self, pass: &Pass, words: impl FnOnce(&Asker<'_>) -> T) -> T {
        match self {
            Self::Fixed(_) => words(&Asker {
                logged_in: false,
                secrets: &[pass.token()],
            }),
            Self::Login { password, .. } => words(&Asker {
                logged_in: true,
                secrets: &[pass.token(), password.expose()],
            }),
        }
    }
}

async fn grant(http: &Http, username: &str, password: &Secret) -> Result<Granted, Fault> {
    let login = login::log_in(http, username, password).await?;
    Ok(Granted {
        pass: Pass::new(login.token.expose()).map_err(|_| login::no_token())?,
        life: login.life(),
    })
}

impl Login {
    fn life(&self) -> Option<Duration> {
        let minutes = u64::try_from(self.minutes).unwrap_or(0);
        let life = Duration::from_secs(minutes.saturating_mul(60));
        (self.minutes != assumed::PERSISTENT).then_some(life)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Tokens(fixed)",
            Self::Login { .. } => "Tokens(login)",
        })
    }
}
