//! While1 as its page shows it, and clients that ask it.

use std::collections::BTreeMap;

use holdline::{
    config::{self, Account, Allow, Outlet, Secret},
    domain::{fault::Fault, filter::Filters},
    vendor::while1::{Client, Page, row::Rules},
};
use jiff::tz::TimeZone;

use crate::server::{DEADLINE, Hands};

/// The page's answer "if successful".
pub const SUCCESS: &str = include_str!("../fixtures/while1/success.json");

/// The page's answer "in case of error".
pub const ERROR: &str = include_str!("../fixtures/while1/error.json");

/// A page of rows as they may be: the page shows none.
pub const ROWS: &str = include_str!("../fixtures/while1/rows.json");

/// The rules of a site in Romania.
pub fn rules(fields: &[(&'static str, &str)]) -> Rules {
    let fields: BTreeMap<&'static str, String> = fields
        .iter()
        .map(|(ours, theirs)| (*ours, (*theirs).to_owned()))
        .collect();
    let zone = TimeZone::get("Europe/Bucharest").unwrap();
    Rules::new("bucuresti".into(), zone, Some("RO".into()), &fields)
}

/// A client with this key and the token `tok-canary`.
pub fn with_key(url: &str, key: Option<&str>, hands: &Hands) -> Result<Client, Fault> {
    with_token(url, "tok-canary", key, hands)
}

pub fn with_token(
    url: &str,
    token: &str,
    key: Option<&str>,
    hands: &Hands,
) -> Result<Client, Fault> {
    let account = config::While1 {
        url: url.into(),
        token: Secret::from(token.to_owned()),
        key: key.map(|key| Secret::from(key.to_owned())),
        fields: BTreeMap::new(),
    };
    let site = config::Site {
        name: "bucuresti".into(),
        account: Account::While1(account.clone()),
        allow: Allow::default(),
        production: false,
        outlet: Outlet::default(),
        time_zone: TimeZone::get("Europe/Bucharest").ok(),
        country: Some("RO".into()),
    };
    Client::new(&site, &account, &TimeZone::UTC, DEADLINE, hands.clock())
}

/// A client with the key that the vendor's examples use.
pub fn client(url: &str) -> Client {
    with_key(url, Some("your_api_key"), &Hands::default()).unwrap()
}

/// Asks for the first page of all that is pending.
pub async fn ask(client: &Client) -> Result<Page, Fault> {
    let question = client.question(&Filters::pending())?;
    client.page(&question, 1).await
}
