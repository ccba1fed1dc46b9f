//! A webhook as a request, whatever vendor's it is; and that request as text,
//! for whoever is to confirm it and as a command for a shell. Knows no secret
//! but the one it is given to put into our own receiver's address.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use super::{Request, contaqt, telphin};
use crate::domain::{
    injection::quoted,
    scenario::{saying::MASK, webhook::Webhook},
    site::Vendor,
};

/// What marks a request as ours, so that no receiver of ours takes it for the
/// vendor's; the only header that the vendor would not send.
pub const MARK: &str = "X-Holdline-Injected: 1";
/// Where a shell finds the secret that is left out of a command.
const SECRET: &str = "\"$HOOK_SECRET\"";

/// The request that a webhook is.
#[must_use]
pub fn request(webhook: &Webhook) -> Request {
    let said = match webhook.event.vendor {
        Vendor::Telphin => telphin::said,
        Vendor::Contaqt | Vendor::TelecomX | Vendor::While1 | Vendor::Enswitch => contaqt::said,
    };
    let request = said(webhook.event, &webhook.fields).request(webhook.shape);
    if webhook.cut { request.cut() } else { request }
}

/// The address of our own receiver for a site, by where it listens; from this
/// machine, also where it listens on all of its addresses.
#[must_use]
pub fn own_address(listens: SocketAddr, site: &str, secret: &str) -> String {
    let mut near = listens;
    if near.ip().is_unspecified() {
        near.set_ip(match near {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("http://{near}/hooks/{site}/{secret}")
}

/// The whole URL that a request to this address goes to.
#[must_use]
pub fn url(request: &Request, to: &str) -> String {
    match request.query.as_str() {
        "" => to.to_owned(),
        query => format!("{to}{}{query}", if to.contains('?') { '&' } else { '?' }),
    }
}

/// A request to this address line by line, as it is sent.
#[must_use]
pub fn lines(request: &Request, to: &str) -> Vec<String> {
    let mut lines = vec![format!("{} {}", request.method, url(request, to))];
    let content_type = request.content_type;
    lines.extend(content_type.map(|kind| format!("Content-Type: {kind}")));
    lines.push(MARK.to_owned());
    if !request.body.is_empty() {
        lines.push(request.body.clone());
    }
    lines
}

/// The same request as a command for a shell. Where the address has a mask,
/// the shell's `HOOK_SECRET` stands.
#[must_use]
pub fn curl(request: &Request, to: &str) -> String {
    let mut words = vec!["curl".to_owned(), "-H".to_owned(), quoted(MARK)];
    if let Some(kind) = request.content_type {
        words.extend(["-H".to_owned(), quoted(&format!("Content-Type: {kind}"))]);
        words.extend(["--data-raw".to_owned(), quoted(&request.body)]);
    }
    let url = url(request, to);
    words.push(match url.split_once(MASK) {
        Some((before, "")) => format!("{}{SECRET}", quoted(before)),
        Some((before, after)) => format!("{}{SECRET}{}", quoted(before), quoted(after)),
        None => quoted(&url),
    });
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::scenario::{Shape, speech};

    fn webhook(shape: Shape) -> Webhook {
        Webhook {
            event: speech::event("agent:checkout").unwrap(),
            fields: vec![("user_id".into(), "it's".into())],
            shape,
            to: None,
            cut: false,
        }
    }

    #[test]
    fn a_request_is_shown_as_it_is_sent() {
        let to = own_address(([0, 0, 0, 0], 8642).into(), "team", MASK);
        let json = request(&webhook(Shape::Json));
        assert_eq!(
            lines(&json, &to),
            [
                "POST http://127.0.0.1:8642/hooks/team/***",
                "Content-Type: application/json",
                MARK,
                r#"{"event":"agent:checkout","user_id":"it's"}"#,
            ]
        );
        let get = request(&webhook(Shape::Query));
        assert_eq!(
            lines(&get, "http://h/x?a=1"),
            [
                "GET http://h/x?a=1&event=agent%3Acheckout&user_id=it%27s",
                MARK
            ]
        );
    }

    #[test]
    fn a_command_takes_the_secret_from_the_shell() {
        let to = own_address(([127, 0, 0, 1], 8642).into(), "team", MASK);
        assert_eq!(
            curl(&request(&webhook(Shape::Json)), &to),
            r#"curl -H 'X-Holdline-Injected: 1' -H 'Content-Type: application/json' --data-raw '{"event":"agent:checkout","user_id":"it'\''s"}' 'http://127.0.0.1:8642/hooks/team/'"$HOOK_SECRET""#
        );
        assert_eq!(
            curl(&request(&webhook(Shape::Query)), &to),
            r#"curl -H 'X-Holdline-Injected: 1' 'http://127.0.0.1:8642/hooks/team/'"$HOOK_SECRET"'?event=agent%3Acheckout&user_id=it%27s'"#
        );
    }
}
