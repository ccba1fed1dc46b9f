//! The proxies of README in front of the real collector: the very snippets,
//! with other names and ports. Each is left out where it is not installed.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{IpAddr, SocketAddr},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread::{self, JoinHandle},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    client::ring,
    free_address,
    program::{Home, PATIENCE, Running},
    pushing,
};

const README: &str = include_str!("../../README.md");
const SECRET: &str = "new-secret-0123456789";

/// The block of README in this language.
fn snippet(language: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

/// A proxy, ended with the test.
struct Proxy {
    child: Child,
    address: SocketAddr,
    /// Writes down what it tells.
    scribe: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Starts it and waits until it says on standard error that it listens.
    fn start(mut command: Command, home: &Home, address: SocketAddr, ready: &'static str) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .current_dir(home.path())
            .spawn()
            .unwrap();
        let errors = BufReader::new(child.stderr.take().unwrap());
        let log = home.path().join("told.log");
        let mut file = fs::File::create(&log).unwrap();
        let (say, said) = mpsc::channel();
        let scribe = thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                writeln!(file, "{line}").unwrap();
                if line.contains(ready) {
                    let _ = say.send(());
                }
            }
        });
        let proxy = Self {
            child,
            address,
            scribe: Some(scribe),
        };
        let heard = said.recv_timeout(PATIENCE);
        assert!(heard.is_ok(), "{}", fs::read_to_string(log).unwrap());
        proxy
    }

    /// Sends an event over https from one of this machine's addresses, saying
    /// that it is from another; answers the status.
    fn status(&self, path: &str, from: &str) -> u16 {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        runtime.block_on(async {
            let client = reqwest::Client::builder()
                .local_address(from.parse::<IpAddr>().unwrap())
                // It signed itself.
                .danger_accept_invalid_certs(true)
                .resolve("hooks.example.com", self.address)
                .no_proxy()
                .timeout(PATIENCE)
                .build()
                .unwrap();
            let url = format!("https://hooks.example.com:{}{path}", self.address.port());
            let request = client
                .post(url)
                .header("content-type", "application/json")
                .header("x-forwarded-for", "127.0.0.2")
                .body(ring(&format!("{from}{path}")));
            request.send().await.unwrap().status().as_u16()
        })
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let id = Pid::from_child(&self.child);
        let _ = kill_process(id, Signal::TERM);
        let _ = self.child.wait();
        if let Some(scribe) = self.scribe.take() {
            let _ = scribe.join();
        }
    }
}

/// A home with a certificate for `hooks.example.com`; `None` without openssl.
fn home() -> Option<Home> {
    let home = Home::new();
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=hooks.example.com"])
        .args(["-addext", "subjectAltName=DNS:hooks.example.com"])
        .args(["-keyout", "privkey.pem", "-out", "fullchain.pem"])
        .current_dir(home.path())
        .output();
    made.is_ok_and(|made| made.status.success()).then_some(home)
}

/// What is expected of any proxy: the way in, and only that; the sender's own
/// address; and that nobody behind it is no answer of ours.
fn judge(proxy: &Proxy, collector: Running) {
    let hook = format!("/hooks/team/{SECRET}");
    assert_eq!(
        proxy.status(&hook, "127.0.0.2"),
        200,
        "from an address that may"
    );
    assert_eq!(
        proxy.status(&hook, "127.0.0.3"),
        403,
        "whatever it says it is"
    );
    for path in ["/healthz", "/metrics", "/"] {
        assert_eq!(proxy.status(path, "127.0.0.2"), 404, "{path}");
    }
    assert_eq!(collector.end(Signal::KILL).code, Some(137));
    assert_eq!(proxy.status(&hook, "127.0.0.2"), 502, "nobody is there");
}

/// The files of the proxy's that have the secret in them.
fn told(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for found in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = found.path();
        if path.is_dir() {
            if !path.ends_with("journal") {
                all.extend(told(&path));
            }
        } else if !path.ends_with("config.toml") {
            let bytes = fs::read(&path).unwrap();
            if bytes
                .windows(SECRET.len())
                .any(|part| part == SECRET.as_bytes())
            {
                all.push(path.display().to_string());
            }
        }
    }
    all
}

/// The collector behind it, at this address; events are taken from 127.0.0.2.
fn collector(home: &Home, address: SocketAddr) -> Running {
    let config = pushing(&address.to_string())
        .replace("\"127.0.0.0/8\"", "\"127.0.0.1\"")
        .replace(" }\n", ", allow_from = [\"127.0.0.2\"] }\n");
    home.file("config.toml", &config);
    let mut running = Running::start(home.holdline(["collect", "--config", "config.toml"]));
    running.tells("listening for webhooks");
    running
}

/// The snippet with our names in it; each must be there.
#[track_caller]
fn with(snippet: &str, names: &[(&str, String)]) -> String {
    let mut text = snippet.to_owned();
    for (theirs, ours) in names {
        assert!(text.contains(theirs), "no {theirs} in\n{snippet}");
        text = text.replace(theirs, ours);
    }
    text
}

/// What of nginx's has the secret in it after all that can happen, with this
/// block; `None` where it cannot be tried.
fn behind_nginx(block: &str) -> Option<Vec<String>> {
    let program = "/usr/sbin/nginx";
    let Some(home) = home().filter(|_| Path::new(program).exists()) else {
        println!("left out: nginx or openssl is not installed");
        return None;
    };
    let (front, back) = (free_address(), free_address());
    let folder = home.path().display();
    let pems = "/etc/letsencrypt/live/hooks.example.com";
    let server = with(
        block,
        &[
            ("listen 443 ssl", format!("listen {front} ssl")),
            (pems, folder.to_string()),
            ("127.0.0.1:8642", back.to_string()),
        ],
    );
    let conf = format!(
        "daemon off; pid {folder}/nginx.pid; error_log stderr info;\n\
         events {{}}\nhttp {{ access_log {folder}/access.log; client_body_temp_path {folder}/body;\n\
         proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;\n\
         scgi_temp_path {folder}/s;\n{server}\n}}\n"
    );
    let conf = home.file("nginx.conf", &conf);
    let collector = collector(&home, back);
    let mut command = Command::new(program);
    command.arg("-p").arg(home.path()).arg("-c").arg(&conf);
    if rustix::process::getuid().is_root() {
        command.args(["-g", "user root;"]);
    }
    let proxy = Proxy::start(command, &home, front, "start worker process");
    judge(&proxy, collector);
    drop(proxy);
    Some(told(home.path()))
}

#[test]
fn nginx_as_readme_has_it() {
    if let Some(told) = behind_nginx(snippet("nginx")) {
        assert!(told.is_empty(), "{told:?}");
    }
}

/// The control: one that logs as it does by itself is found.
#[test]
fn nginx_without_those_lines_tells_the_secret() {
    let quiet = ["access_log off;", "error_log /dev/null;"];
    for line in quiet {
        let loud = with(snippet("nginx"), &[(line, String::new())]);
        if let Some(told) = behind_nginx(&loud) {
            assert_eq!(told.len(), 1, "without {line}: {told:?}");
        }
    }
}

#[test]
fn caddy_as_readme_has_it() {
    let program = "/usr/bin/caddy";
    let Some(home) = home().filter(|_| Path::new(program).exists()) else {
        println!("left out: caddy or openssl is not installed");
        return;
    };
    let (front, back) = (free_address(), free_address());
    let folder = home.path().display();
    let port = front.port();
    // Its certificate is ours, and it opens no port but this.
    let site = format!(
        "https://hooks.example.com:{port} {{\n\tbind 127.0.0.1\n\ttls {folder}/fullchain.pem \
         {folder}/privkey.pem\n"
    );
    let conf = with(
        snippet("caddy"),
        &[
            ("hooks.example.com {\n", site),
            ("127.0.0.1:8642", back.to_string()),
            (
                "{\n\t# The secret",
                "{\n\tadmin off\n\tauto_https off\n\t# The secret".to_owned(),
            ),
        ],
    );
    let conf = home.file("Caddyfile", &conf);
    let collector = collector(&home, back);
    let mut command = Command::new(program);
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(&conf);
    command
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path());
    let proxy = Proxy::start(command, &home, front, "serving initial configuration");
    judge(&proxy, collector);
    drop(proxy);
    assert!(told(home.path()).is_empty(), "{:?}", told(home.path()));
}
