//! Every setting there is, as data. What is unknown, what may be meant by it,
//! what a setting takes and what the example file must show all come from
//! these tables. Holds no parsing.

pub use crate::domain::sheet::Key;
use crate::domain::site::Vendor::{self, Contaqt, Enswitch, TelecomX, Telphin, While1};
pub use crate::domain::suggest::{instead, instead_value, nearest};

const fn key(
    name: &'static str,
    of: &'static [Vendor],
    takes: &'static str,
    sample: &'static str,
) -> Key {
    Key {
        name,
        of,
        takes,
        sample,
    }
}

const SECRET_TAKES: &str = "text, { env = \"NAME\" }, { file = \"…\" } or { command = \"…\" }";

/// The file itself.
pub const TOP: &[Key] = &[
    key("console", &[], "a table: [console]", "[console]"),
    key("receiver", &[], "a table: [receiver]", "[receiver]"),
    key("journal", &[], "a table: [journal]", "[journal]"),
    key("site", &[], "a list of tables: write [[site]]", "[[site]]"),
];

/// `[console]`.
pub const CONSOLE: &[Key] = &[
    key(
        "theme",
        &[],
        "\"dark\", \"light\", \"safe\" or \"mono\"",
        "theme = \"dark\"",
    ),
    key("colours", &[], "\"16\" or \"256\"", "colours = \"16\""),
    key("bell", &[], "true or false", "bell = false"),
    key(
        "time_zone",
        &[],
        "a zone such as \"Europe/Copenhagen\"",
        "time_zone = \"Europe/Copenhagen\"",
    ),
    key("ascii", &[], "true or false", "ascii = true"),
    key(
        "views",
        &[],
        "a table of views, each a table of filters",
        "views = { due = { status = \"pending\" } }",
    ),
];

/// `[receiver]`.
pub const RECEIVER: &[Key] = &[
    key(
        "listen",
        &[],
        "an address and port such as \"127.0.0.1:8642\"",
        "listen = \"127.0.0.1:8642\"",
    ),
    key(
        "trusted_proxies",
        &[],
        "a list of addresses such as [\"10.0.0.0/8\"]",
        "trusted_proxies = []",
    ),
    key(
        "public_url",
        &[],
        "a URL such as \"https://hooks.example.com\"",
        "public_url = \"https://hooks.example.com\"",
    ),
];

/// `[journal]`.
pub const JOURNAL: &[Key] = &[
    key("path", &[], "the path of a folder", "path = \"journal\""),
    key(
        "retain",
        &[],
        "a duration such as \"90d\"",
        "retain = \"90d\"",
    ),
];

/// `[[site]]`, of every vendor.
pub const SITE: &[Key] = &[
    key(
        "name",
        &[],
        "a name such as \"support\"",
        "name = \"support\"",
    ),
    key(
        "vendor",
        &[],
        "telecomx, while1, enswitch, telphin or contaqt",
        "vendor = \"telecomx\"",
    ),
    key(
        "url",
        &[TelecomX, While1, Enswitch, Telphin],
        "a URL such as \"https://pbx.example.com\"",
        "url = \"https://…\"",
    ),
    key(
        "token",
        &[TelecomX, While1],
        SECRET_TAKES,
        "token = { env = \"NAME\" }",
    ),
    key("key", &[While1], SECRET_TAKES, "key = { env = \"NAME\" }"),
    key(
        "username",
        &[TelecomX, Enswitch],
        "text",
        "username = \"…\"",
    ),
    key(
        "password",
        &[TelecomX, Enswitch],
        SECRET_TAKES,
        "password = { env = \"NAME\" }",
    ),
    key("client_id", &[Telphin], "text", "client_id = \"…\""),
    key(
        "client_secret",
        &[Telphin],
        SECRET_TAKES,
        "client_secret = { env = \"NAME\" }",
    ),
    key(
        "queues",
        &[TelecomX, Enswitch, Contaqt],
        "a list of queues such as [{ id = \"123\", name = \"sales\" }]",
        "queues = [{ id = \"…\", name = \"…\" }]",
    ),
    key(
        "poll",
        &[TelecomX],
        "a duration such as \"2s\"",
        "poll = \"2s\"",
    ),
    key(
        "method",
        &[Enswitch],
        "\"post\" or \"get\"",
        "method = \"post\"",
    ),
    key(
        "fields",
        &[While1],
        "a table such as { number = \"caller_id\" }",
        "fields = { number = \"caller_id\" }",
    ),
    key(
        "hook",
        &[Telphin, Contaqt],
        "a table such as { secret = { env = \"NAME\" } }",
        "hook = { secret = { env = \"NAME\" } }",
    ),
    key(
        "extensions",
        &[Telphin],
        "a table such as { 175 = { name = \"Anna\", type = \"phone\" } }",
        "extensions = { 175 = \"Anna\" }",
    ),
    key(
        "agents",
        &[Contaqt],
        "a table such as { 17 = \"Anna Holm\" }",
        "agents = { 17 = \"Anna Holm\" }",
    ),
    key(
        "pauses",
        &[Contaqt],
        "a table such as { 5 = { name = \"lunch\", limit = \"45m\" } }",
        "pauses = { 5 = \"lunch\" }",
    ),
    key(
        "activities",
        &[Contaqt],
        "a table such as { 2 = \"mail\" }",
        "activities = { 2 = \"mail\" }",
    ),
    key(
        "allow",
        &[],
        "a list of \"inject\", \"call\" and \"subscribe\"",
        "allow = [\"inject\"]",
    ),
    key("production", &[], "true or false", "production = true"),
    key(
        "max_rate",
        &[Enswitch, Contaqt],
        "how many requests a second scenarios may send",
        "max_rate = 10",
    ),
    key(
        "targets",
        &[Contaqt],
        "a list of URLs such as [\"https://crm.example.com/hooks\"]",
        "targets = [\"https://…\"]",
    ),
    key(
        "time_zone",
        &[],
        "a zone such as \"Europe/Bucharest\"",
        "time_zone = \"Europe/Bucharest\"",
    ),
    key(
        "country",
        &[],
        "a two-letter country such as \"RO\"",
        "country = \"RO\"",
    ),
];

/// A queue of a site.
pub const QUEUE: &[Key] = &[
    key("id", &[], "an id, as text or number", "id = \"…\""),
    key("name", &[], "text", "name = \"…\""),
    key(
        "service_level",
        &[],
        "a duration such as \"20s\"",
        "service_level = \"20s\"",
    ),
    key(
        "critical",
        &[],
        "a duration such as \"60s\"",
        "critical = \"60s\"",
    ),
];

/// A site's `hook`.
pub const HOOK: &[Key] = &[
    key(
        "secret",
        &[],
        "a secret, or a list of them: text, { env = \"NAME\" }, { file = \"…\" } or { command = \"…\" }",
        "secret = { env = \"NAME\" }",
    ),
    key(
        "allow_from",
        &[],
        "a list of addresses such as [\"192.0.2.0/24\"]",
        "allow_from = []",
    ),
];

/// An extension of a telphin site.
pub const EXTENSION: &[Key] = &[
    key("name", &[], "text", "name = \"…\""),
    key(
        "type",
        &[],
        "\"phone\", \"queue\", \"ivr\" or \"fax\"",
        "type = \"phone\"",
    ),
    key(
        "number",
        &[],
        "its short number, in quotes",
        "number = \"200\"",
    ),
    key(
        "user",
        &[],
        "the name of the person at this computer",
        "user = \"anna\"",
    ),
    key(
        "service_level",
        &[],
        "a duration such as \"20s\", of a queue",
        "service_level = \"20s\"",
    ),
    key(
        "critical",
        &[],
        "a duration such as \"60s\", of a queue",
        "critical = \"60s\"",
    ),
];

/// An agent or activity of a contaqt site.
pub const NAMED: &[Key] = &[key("name", &[], "text", "name = \"…\"")];

/// A pause of a contaqt site.
pub const PAUSE: &[Key] = &[
    key("name", &[], "text", "name = \"…\""),
    key(
        "limit",
        &[],
        "a duration such as \"45m\"",
        "limit = \"45m\"",
    ),
];

/// A secret that stands elsewhere.
pub const SECRET: &[Key] = &[
    key(
        "env",
        &[],
        "the NAME of an environment variable",
        "env = \"NAME\"",
    ),
    key("file", &[], "the path of a file", "file = \"…\""),
    key("command", &[], "a shell command", "command = \"…\""),
];

/// Every table there is.
const TABLES: [&[Key]; 11] = [
    TOP, CONSOLE, RECEIVER, JOURNAL, SITE, QUEUE, HOOK, EXTENSION, NAMED, PAUSE, SECRET,
];

/// Whether a word of the file is the name of a setting: where it stands beside
/// a mistake, it can be shown, and nothing else of the line.
#[must_use]
pub fn is_known(word: &str) -> bool {
    TABLES.iter().copied().flatten().any(|key| key.name == word)
}
