//! What a client sent, as PHP would see it: nested parameters in the order
//! received, and the query that PHP's `http_build_query` makes of them. Written
//! for the simulator alone, so that a hash which is wrong in the client shows.

use std::fmt::Write;

use md5::{Digest, Md5};
use serde_json::Value;

use crate::sim::http::{Asked, decoded};

/// PHP's `max_input_vars` and `max_input_nesting_level`: what goes beyond is
/// ignored.
const MOST: usize = 1_000;
const DEEPEST: usize = 64;

/// Parameters by name, in the order received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(String, Node)>);

/// A parameter's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// Numbers too; yes and no are `1` and `0`.
    Text(String),
    /// A list has the keys 0, 1, …
    Map(Map),
}

/// The parameters of a request: of its JSON body or its form, and where it has
/// neither of its query. `None` where the JSON is none.
pub fn received(asked: &Asked) -> Option<Map> {
    let kind = asked.header("content-type").unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim();
    if asked.body.is_empty() || asked.method == "GET" && kind.is_empty() {
        return Some(Map::from_form(asked.uri.query().unwrap_or("").as_bytes()));
    }
    if kind.eq_ignore_ascii_case("application/json") {
        return match node(serde_json::from_slice(&asked.body).ok()?) {
            Some(Node::Map(map)) => Some(map),
            _ => None,
        };
    }
    Some(Map::from_form(&asked.body))
}

/// A value of JSON; nothing where PHP's query would leave it out.
fn node(value: Value) -> Option<Node> {
    let map =
        |entries: Vec<(String, Node)>| (!entries.is_empty()).then_some(Node::Map(Map(entries)));
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(Node::Text(u8::from(yes).to_string())),
        Value::Number(number) => Some(Node::Text(number.to_string())),
        Value::String(text) => Some(Node::Text(text)),
        Value::Array(values) => map((0..)
            .zip(values)
            .filter_map(|(at, value): (usize, _)| Some((at.to_string(), node(value)?)))
            .collect()),
        Value::Object(members) => map(members
            .into_iter()
            .filter_map(|(name, value)| Some((name, node(value)?)))
            .collect()),
    }
}

impl Map {
    /// `a=1&filters%5Bdate_between%5D%5B0%5D=…`
    pub fn from_form(form: &[u8]) -> Self {
        let mut map = Self::default();
        let pairs = form.split(|b| *b == b'&').filter(|pair| !pair.is_empty());
        for pair in pairs.take(MOST) {
            let mut halves = pair.splitn(2, |b| *b == b'=');
            let mut half = || decoded(halves.next().unwrap_or(&[]));
            let (name, value) = (half(), half());
            let path = path(&name);
            if path.len() <= DEEPEST && !path[0].is_empty() {
                map.insert(&path, value);
            }
        }
        map
    }

    /// The parameter of this name.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, v)| v)
    }

    /// Names and values, in the order received.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The same without the parameter of this name.
    pub fn without(&self, name: &str) -> Self {
        Self(
            self.0
                .iter()
                .filter(|(key, _)| key != name)
                .cloned()
                .collect(),
        )
    }

    /// What `http_build_query` makes of it.
    pub fn query(&self) -> String {
        let mut query = String::new();
        self.write(None, &mut query);
        query
    }

    fn write(&self, within: Option<&str>, query: &mut String) {
        for (key, value) in &self.0 {
            let name = match within {
                None => encoded(key),
                Some(outer) => format!("{outer}%5B{}%5D", encoded(key)),
            };
            match value {
                Node::Map(map) => map.write(Some(&name), query),
                Node::Text(text) => {
                    if !query.is_empty() {
                        query.push('&');
                    }
                    // Writing to a String cannot fail.
                    let _ = write!(query, "{name}={}", encoded(text));
                }
            }
        }
    }

    /// `api_hash` as it has to be: of everything but itself, with the key.
    pub fn hash(&self, key: &str) -> String {
        let query = self.without("api_hash").query();
        let mut hash = String::new();
        for byte in Md5::new().chain_update(query).chain_update(key).finalize() {
            let _ = write!(hash, "{byte:02x}");
        }
        hash
    }

    fn insert(&mut self, path: &[String], value: String) {
        let Some((first, rest)) = path.split_first() else {
            return;
        };
        let key = match first.as_str() {
            // `name[]`: one behind the highest number so far.
            "" => self.next_number(),
            _ => first.clone(),
        };
        let at = self.0.iter().position(|(known, _)| *known == key);
        let at = at.unwrap_or_else(|| {
            self.0.push((key, Node::Text(String::new())));
            self.0.len() - 1
        });
        let slot = &mut self.0[at].1;
        if rest.is_empty() {
            *slot = Node::Text(value);
            return;
        }
        if matches!(slot, Node::Text(_)) {
            *slot = Node::Map(Self::default());
        }
        if let Node::Map(map) = slot {
            map.insert(rest, value);
        }
    }

    fn next_number(&self) -> String {
        let numbers = self.0.iter().filter_map(|(key, _)| key.parse::<u32>().ok());
        numbers.max().map_or(0, |n| u64::from(n) + 1).to_string()
    }
}

/// `filters[date_between][0]` in its parts.
fn path(name: &str) -> Vec<String> {
    let open = name.find('[').unwrap_or(name.len());
    let mut parts = vec![name[..open].to_owned()];
    let mut rest = &name[open..];
    while let Some((part, behind)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        parts.push(part.to_owned());
        rest = behind;
    }
    parts
}

/// PHP's `urlencode`.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const KEY: &str = "your_api_key";

    /// Made with PHP 8.2 from the page's parameters and others.
    const VECTORS: [(&str, &str); 5] = [
        (
            "action=read&page=1&filters%5Bdate_between%5D%5B0%5D=2024-01-01+00%3A00%3A00&filters%5Bdate_between%5D%5B1%5D=2024-01-15+23%3A59%3A59&filters%5Bschedule_null%5D=1&filters%5Bstatus%5D=pending",
            "03f0ddb81fdcd0a5a3aec64b36766290",
        ),
        (
            "action=read&page=2&filters%5Bdate_between%5D%5B0%5D=2024-01-01+00%3A00%3A00&filters%5Bdate_between%5D%5B1%5D=2024-01-15+23%3A59%3A59&filters%5Bstatus%5D%5B0%5D=pending&filters%5Bstatus%5D%5B1%5D=inprogress",
            "fc45049121d4164bc56a343b0e3e5ad9",
        ),
        ("action=read&page=1", "185e57f52d121e06ea78806bc71eff61"),
        (
            "action=read&filters%5Bcampaign%5D=%C8%98tefan+%7E+a%2Ab%2Bc%2Fd+%26+e%3Df&filters%5Bschedule_null%5D=0",
            "28c383541ccb2b2e8d4f2ad682154fc1",
        ),
        (
            "action=read&data%5Bget_info%5D=0&data%5Bget_db_reports%5D=0&filters%5Bqueues%5D%5B0%5D=demo-queue&filters%5Bqueues%5D%5B1%5D=sales-queue",
            "de1b56d49bf027503ef3ecee05b9c59d",
        ),
    ];

    #[test]
    fn what_php_hashed_is_hashed_alike() {
        for (query, hash) in VECTORS {
            let map = Map::from_form(format!("{query}&api_hash=any").as_bytes());
            assert_eq!(map.without("api_hash").query(), query);
            assert_eq!(map.hash(KEY), hash, "{query}");
        }
        let bare = Map::from_form(b"action=read");
        assert_eq!(bare.hash(""), "bf759c0151f80677a11e09974bce10db");
    }

    #[test]
    fn json_is_hashed_as_the_form_it_stands_for() {
        let body = json!({
            "action": "read",
            "filters": {
                "campaign": "Ștefan ~ a*b+c/d & e=f",
                "dnid": null,
                "status": [],
                "schedule_null": false,
            },
        });
        let Some(Node::Map(map)) = node(body) else {
            panic!("an object is a map");
        };
        assert_eq!(map.query(), VECTORS[3].0);
    }

    #[test]
    fn names_are_taken_apart_as_php_does() {
        let query = |form: &str| Map::from_form(form.as_bytes()).query();
        assert_eq!(
            query("a[]=1&a[]=2&a[7]=3&a[]=4"),
            query("a[0]=1&a[1]=2&a[7]=3&a[8]=4")
        );
        assert_eq!(query("a=1&b=2&a=3"), "a=3&b=2");
        assert_eq!(query("a[b]=1&c=&a[d]=2&&=9"), "a%5Bb%5D=1&a%5Bd%5D=2&c=");
        assert_eq!(query("x=%zz%4"), "x=%25zz%254");
        assert_eq!(query("a=1&a[b]=2"), "a%5Bb%5D=2");
        let deep = format!("a{}=1", "[b]".repeat(500));
        assert_eq!(query(&deep), "");
        assert_eq!(
            Map::from_form("a[]=1&".repeat(5_000).as_bytes())
                .query()
                .matches('&')
                .count(),
            999
        );
    }
}
