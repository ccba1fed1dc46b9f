//! One While1 site: signs the question for a page and asks it by POST, so
//! that no parameter stands in a log on the way. Which page, and when, is not
//! its business.

use std::{fmt, time::Duration};

use jiff::tz::TimeZone;
use reqwest::header::{self, HeaderValue};

use super::{
    question::Question,
    row::Rules,
    sign,
    wire::{self, Page},
};
use crate::{
    config::{self, Secret},
    domain::{fault::Fault, filter::Filters, time::Clock},
    vendor::http::{Http, bearer},
};

/// The client of one site; share it behind an `Arc`. Its `Debug` shows the
/// host and nothing else.
pub struct Client {
    http: Http,
    header: HeaderValue,
    token: Secret,
    key: Secret,
    zone: TimeZone,
    rules: Rules,
}

impl Client {
    /// A client for `account`, which is that of `site`. `zone` counts where
    /// the site names no `time_zone`; `deadline` is for one page. Fails where
    /// `url` or `token` cannot be used.
    pub fn new(
        site: &config::Site,
        account: &config::While1,
        zone: &TimeZone,
        deadline: Duration,
        clock: Clock,
    ) -> Result<Self, Fault> {
        let zone = site.time_zone.as_ref().unwrap_or(zone).clone();
        let country = site.country.clone();
        Ok(Self {
            http: Http::new(&account.url, deadline, clock)?,
            header: bearer(account.token.expose())?,
            token: account.token.clone(),
            key: account.key.clone().unwrap_or_else(|| String::new().into()),
            rules: Rules::new(site.name.clone(), zone.clone(), country, &account.fields),
            zone,
        })
    }

    /// What these filters ask for now. One question serves all pages of a
    /// reading: "the last 7 days" are the same days on each.
    pub fn question(&self, filters: &Filters) -> Result<Question, Fault> {
        Question::new(filters, self.http.now(), &self.zone)
    }

    /// Asks for one page, counted from 1: `POST /api/call-queue`.
    pub async fn page(&self, question: &Question, page: u32) -> Result<Page, Fault> {
        let signed = sign::sign(&question.page(page), self.key.expose());
        let request = self
            .http
            .post(&["api", "call-queue"])?
            .header(header::ACCEPT, "application/json")
            .header(header::AUTHORIZATION, self.header.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(signed.body);
        let answer = self.http.send("call-queue", request).await?;
        let secrets = [self.token.expose(), self.key.expose(), &signed.hash];
        wire::page(&answer, &self.rules, &secrets)
    }

    /// The host asked, for sentences.
    #[must_use]
    pub fn host(&self) -> &str {
        self.http.host()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "While1({})", self.http.host())
    }
}
