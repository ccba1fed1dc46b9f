//! Certificates that are not what they should be, in the real program (R11):
//! each has its sentence, and nothing is sent.

use std::{
    io::Read as _,
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use holdline::vendor::http::install_tls;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};

use crate::{
    clients::{Outcome, QUESTIONS},
    program::Home,
};

/// An authority of our own, and what its certificate is as a file.
fn authority() -> (CertifiedIssuer<'static, KeyPair>, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let pem = issuer.pem();
    (issuer, pem)
}

/// What a certificate says of itself.
struct Says {
    name: &'static str,
    years: (i32, i32),
}

/// A server of TLS; its port, and how many requests were read in clear.
fn serve(chain: Vec<CertificateDer<'static>>, key: &KeyPair) -> (u16, Arc<AtomicUsize>) {
    install_tls();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let read = Arc::new(AtomicUsize::new(0));
    let counted = read.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let session = ServerConnection::new(Arc::new(config.clone())).unwrap();
            let mut stream = StreamOwned::new(session, stream);
            let mut some = [0; 4096];
            if stream.read(&mut some).is_ok_and(|n| n > 0) {
                counted.fetch_add(1, Ordering::SeqCst);
                let body = "[]";
                let answer = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                );
                let _ = std::io::Write::write_all(&mut stream, answer.as_bytes());
                stream.conn.send_close_notify();
                let _ = std::io::Write::flush(&mut stream);
            }
        }
    });
    (port, read)
}

/// A server with a certificate by this authority.
fn served_by(issuer: &CertifiedIssuer<'static, KeyPair>, says: &Says) -> (u16, Arc<AtomicUsize>) {
    let mut params = CertificateParams::new(vec![says.name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(says.years.0, 1, 1);
    params.not_after = date_time_ymd(says.years.1, 1, 1);
    let key = KeyPair::generate().unwrap();
    let cert = params.signed_by(&key, issuer).unwrap();
    serve(vec![cert.der().clone()], &key)
}

#[test]
fn a_certificate_that_is_not_in_order_has_its_sentence_and_hears_nothing() {
    let (issuer, pem) = authority();
    let home = Home::new();
    home.file("ca.pem", &pem);
    let ask = |port: u16, trusted: bool| {
        home.file("config.toml", &format!(
            "[[site]]\nname = \"north\"\nvendor = \"telecomx\"\nurl = \"https://localhost:{port}\"\n\
             token = \"tok-canary\"\nqueues = [\"q1\"]\n"
        ));
        let mut command = home.holdline(["callers", "--config", "config.toml", "--timeout", "9s"]);
        if trusted {
            command.env("SSL_CERT_FILE", home.path().join("ca.pem"));
        }
        crate::program::ran(command)
    };
    let good = Says {
        name: "localhost",
        years: (2020, 2090),
    };
    for (says, trusted, word) in [
        (
            Says {
                name: "localhost",
                years: (2010, 2011),
            },
            true,
            "has expired",
        ),
        (
            Says {
                name: "localhost",
                years: (2080, 2090),
            },
            true,
            "is not valid yet",
        ),
        (
            Says {
                name: "else.example",
                years: (2020, 2090),
            },
            true,
            "belongs to another name",
        ),
        (
            Says {
                name: "localhost",
                years: (2020, 2090),
            },
            false,
            "does not trust",
        ),
    ] {
        let (port, read) = served_by(&issuer, &says);
        let ran = ask(port, trusted);
        let sentence = ran.refused(3);
        assert!(sentence.contains(word), "{sentence}");
        assert!(!sentence.contains("canary"), "{sentence}");
        assert_eq!(read.load(Ordering::SeqCst), 0, "{word}: something was sent");
    }
    // Control: with one that is in order all is well.
    let (port, read) = served_by(&issuer, &good);
    assert_eq!(ask(port, true).code, Some(0));
    assert_eq!(read.load(Ordering::SeqCst), 1);
}

#[test]
fn no_client_speaks_to_a_certificate_of_its_own_making() {
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (port, read) = serve(vec![signed.cert.der().clone()], &signed.signing_key);
    let url = format!("https://localhost:{port}");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    for question in QUESTIONS {
        let Outcome::Failed(fault) = runtime.block_on((question.ask)(&url)) else {
            panic!("{}: taken for good, or for sent", question.name);
        };
        assert!(
            fault.what.contains("does not trust"),
            "{}: {fault}",
            question.name
        );
    }
    assert_eq!(read.load(Ordering::SeqCst), 0);
}
