//! Why no whole answer came, as a sentence and a remedy. The library's own
//! error text is never shown: it may hold the URL, and it is not for users.

use std::{error::Error, io, time::Duration};

use rustls::CertificateError as Cert;

use crate::domain::fault::{Fault, FaultKind};

/// The error of a request whose answer's head never came.
pub(super) fn sending(error: &reqwest::Error, host: &str, deadline: Duration) -> Fault {
    if error.is_timeout() {
        return if error.is_connect() {
            unconnected(host)
        } else {
            late(host, deadline)
        };
    }
    if error.is_dns() {
        return unreachable(
            format!("no address is known for {host}"),
            "check `url`, and this machine's network and name service",
        );
    }
    if let Some(tls) = cause::<rustls::Error>(error) {
        return secured(tls, host);
    }
    if let Some(broken) = cause::<hyper::Error>(error)
        && (broken.is_parse() || broken.is_parse_too_large())
    {
        return malformed(
            format!("{host} does not answer in HTTP as it should"),
            "check the port and the http:// or https:// of `url`",
        );
    }
    match cause::<io::Error>(error) {
        Some(e) => connected(e, host),
        None if cause::<hyper::Error>(error).is_some() => hung_up(host),
        None => unreachable(format!("the request to {host} failed"), CHECK),
    }
}

/// The error of an answer whose body stopped after `so_far` bytes.
pub(super) fn reading(
    error: &reqwest::Error,
    host: &str,
    deadline: Duration,
    so_far: usize,
) -> Fault {
    if error.is_timeout() {
        return late(host, deadline);
    }
    malformed(
        format!("the answer of {host} was cut off or damaged after {so_far} bytes"),
        "if this goes on, a proxy on the way or the vendor's server is at fault",
    )
}

/// No whole answer within the deadline.
pub(super) fn late(host: &str, deadline: Duration) -> Fault {
    Fault::new(
        FaultKind::Timeout,
        format!("{host} gave no whole answer within {}", seconds(deadline)),
        "it may be overloaded, or the line slow; `--timeout` allows more time",
    )
}

/// A body above the limit.
pub(super) fn too_long(host: &str, limit: usize) -> Fault {
    malformed(
        format!("the answer of {host} is longer than {} MiB", limit >> 20),
        "check whether `url` is the API's address",
    )
}

const CHECK: &str = "check `url` (host and port), and whether the service runs";

fn unconnected(host: &str) -> Fault {
    Fault::new(
        FaultKind::Timeout,
        format!("{host} could not be reached in time"),
        CHECK,
    )
}

fn hung_up(host: &str) -> Fault {
    unreachable(
        format!("{host} closed the connection without a whole answer"),
        CHECK,
    )
}

fn connected(error: &io::Error, host: &str) -> Fault {
    use io::ErrorKind as K;
    match error.kind() {
        K::ConnectionRefused => unreachable(format!("{host} refused the connection"), CHECK),
        K::ConnectionReset | K::ConnectionAborted | K::BrokenPipe | K::UnexpectedEof => {
            hung_up(host)
        }
        K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown => unreachable(
            format!("no network way leads to {host}"),
            "check this machine's network, and `url`",
        ),
        _ => match error.raw_os_error() {
            // The system's own words: no URL, no content.
            Some(_) => unreachable(format!("no connection to {host}: {error}"), CHECK),
            None => unreachable(format!("no connection to {host}"), CHECK),
        },
    }
}

fn secured(error: &rustls::Error, host: &str) -> Fault {
    let (what, remedy) = match error {
        rustls::Error::InvalidCertificate(cert) => certificate(cert, host),
        rustls::Error::InvalidMessage(_) => (
            format!("{host} does not speak TLS on this port"),
            "check whether `url` should begin with http://, and its port",
        ),
        _ => (
            format!("{host} and this program agree on no TLS connection"),
            "a proxy on the way or very old server software is the usual cause",
        ),
    };
    unreachable(what, remedy)
}

fn certificate(error: &Cert, host: &str) -> (String, &'static str) {
    let (what, remedy) = match error {
        Cert::Expired | Cert::ExpiredContext { .. } => (
            "has expired",
            "whoever runs that server must renew it; check this machine's clock too",
        ),
        Cert::NotValidYet | Cert::NotValidYetContext { .. } => {
            ("is not valid yet", "check this machine's clock")
        }
        Cert::UnknownIssuer => (
            "comes from an authority that this machine does not trust",
            "if it is your own, add it to the system's CA certificates or name it in SSL_CERT_FILE",
        ),
        Cert::NotValidForName | Cert::NotValidForNameContext { .. } => {
            ("belongs to another name", "check the host in `url`")
        }
        Cert::Revoked => ("was revoked", "ask whoever runs that server"),
        _ => ("is not acceptable", "ask whoever runs that server"),
    };
    (format!("the TLS certificate of {host} {what}"), remedy)
}

fn unreachable(what: String, remedy: &str) -> Fault {
    Fault::new(FaultKind::Unreachable, what, remedy)
}

fn malformed(what: String, remedy: &str) -> Fault {
    Fault::new(FaultKind::Malformed, what, remedy)
}

/// `10 s`, `0.25 s`.
fn seconds(d: Duration) -> String {
    format!("{} s", d.as_secs_f64())
}

/// The first cause of this type. An `io::Error` does not name what it wraps
/// as its source, so that is looked into as well.
fn cause<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_found_inside_an_io_error() {
        let tls = rustls::Error::InvalidCertificate(Cert::Expired);
        let wrapped = io::Error::other(io::Error::other(tls));
        let fault = secured(cause(&wrapped).unwrap(), "h");
        assert_eq!(fault.kind, FaultKind::Unreachable);
        assert_eq!(fault.what, "the TLS certificate of h has expired");
        assert!(cause::<hyper::Error>(&wrapped).is_none());
    }

    #[test]
    fn every_way_a_connection_fails_reads_as_a_sentence() {
        for (kind, what) in [
            (io::ErrorKind::ConnectionRefused, "h refused the connection"),
            (
                io::ErrorKind::ConnectionReset,
                "h closed the connection without a whole answer",
            ),
            (
                io::ErrorKind::NetworkUnreachable,
                "no network way leads to h",
            ),
            (io::ErrorKind::Other, "no connection to h"),
        ] {
            let fault = connected(&io::Error::new(kind, "canary"), "h");
            assert_eq!((fault.what.as_str(), fault.exit_code()), (what, 3));
        }
    }

    #[test]
    fn a_deadline_is_written_in_seconds() {
        assert_eq!(seconds(Duration::from_secs(10)), "10 s");
        assert_eq!(seconds(Duration::from_millis(250)), "0.25 s");
    }
}
