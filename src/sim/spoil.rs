//! What a fault does to an answer: from a reply to what goes over the wire.
//! Pure; `server` carries it out.

use std::time::Duration;

use axum::body::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::domain::{site::Vendor, time::At};

use super::{
    enswitch,
    fault::{Fault, RetryAfter},
    http::{self, Reply},
    telecomx, telphin, while1,
};

/// What goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The reply as HTTP has it.
    Whole(Reply),
    /// The reply, its body in pieces of four bytes with a pause before each.
    Trickle(Reply, Duration),
    /// These bytes and no more, then the connection closes.
    Raw(Vec<u8>),
    /// The connection is reset.
    Reset,
    /// Nothing, for ever.
    Nothing,
}

/// Applies a fault to what would have been answered, and dates it; `now` is
/// the vendor's.
pub fn spoil(fault: Option<&Fault>, reply: Reply, vendor: Vendor, now: At) -> Sent {
    let dated = |reply: Reply| reply.with("date", http::date(now));
    match fault {
        None => Sent::Whole(dated(reply)),
        Some(Fault::CutOff) => Sent::Raw(cut_off(&dated(reply))),
        Some(Fault::Close) => Sent::Raw(Vec::new()),
        Some(Fault::Garbage) => {
            Sent::Raw(b"\x16\x03\x01\xff\x00\x00SSH-2.0-no HTTP\r\n\xfe".into())
        }
        Some(Fault::Reset) => Sent::Reset,
        Some(Fault::Hang) => Sent::Nothing,
        Some(Fault::Trickle { every_ms }) => {
            Sent::Trickle(dated(reply), Duration::from_millis(*every_ms))
        }
        Some(fault) => Sent::Whole(dated(instead(fault, reply, vendor, now))),
    }
}

/// What is said in a reply's place; the reply itself where the fault is about
/// how it is sent, was done before there was one, or is not about replies.
fn instead(fault: &Fault, reply: Reply, vendor: Vendor, now: At) -> Reply {
    let json = "application/json; charset=utf-8";
    match fault {
        Fault::Status { code, retry_after } => {
            let refused = refused(vendor, *code, reply);
            match retry_after {
                None => refused,
                Some(RetryAfter::Seconds(s)) => refused.with("retry-after", s.to_string()),
                Some(RetryAfter::DateIn(s)) => {
                    let at = now.plus(Duration::from_secs(u64::from(*s)));
                    refused.with("retry-after", http::date(at))
                }
            }
        }
        Fault::Answer {
            status,
            content_type,
            body,
        } => Reply::new(*status, content_type, body.clone()),
        Fault::NotJson => Reply::new(200, json, "[ { _id: '46265y784.234-pbx1.telecomx.dk',"),
        Fault::WrongShape => Reply::new(200, json, wrong_shape(vendor)),
        Fault::Html => Reply::new(200, "text/html; charset=utf-8", PORTAL),
        Fault::Redirect { to } => Reply::new(302, "text/html", "").with("location", to.clone()),
        Fault::Empty => Reply::new(200, json, ""),
        Fault::GzipBomb { mib } => {
            Reply::new(200, json, bomb(*mib)).with("content-encoding", "gzip")
        }
        _ => reply,
    }
}

/// An error status in the vendor's words, or else in a proxy's. What is left
/// of a budget every answer says.
fn refused(vendor: Vendor, status: u16, reply: Reply) -> Reply {
    let mut refused = refusal(vendor, status).unwrap_or_else(|| proxy_page(status));
    let budget = reply.headers.into_iter();
    refused
        .headers
        .extend(budget.filter(|(name, _)| name.starts_with("x-ratelimit")));
    refused
}

fn refusal(vendor: Vendor, status: u16) -> Option<Reply> {
    match vendor {
        Vendor::TelecomX => telecomx::refusal(status),
        Vendor::While1 => while1::refusal(status),
        Vendor::Enswitch => enswitch::refusal(status),
        Vendor::Telphin => telphin::refusal(status),
        Vendor::Contaqt => None,
    }
}

/// JSON that is nearly what the vendor sends.
fn wrong_shape(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::While1 => {
            r#"{"has_error":"no","messages":{"0":7},"pagination":"1 of 1","results":{"id":1}}"#
        }
        Vendor::Enswitch => r#"{"responses":{"0":{"code":["204"]},"1":7},"data":{"a":1}}"#,
        Vendor::Telphin => {
            r#"{"access_token":["x"],"expires_in":{"s":1},"id":"one","event_type":7}"#
        }
        _ => r#"{"callers":7,"rows":[[null,1e400,"x"]]}"#,
    }
}

fn proxy_page(status: u16) -> Reply {
    let reason = axum::http::StatusCode::from_u16(status)
        .ok()
        .and_then(|s| s.canonical_reason())
        .unwrap_or("Error");
    let body = format!(
        "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n\
         <center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx</center>\r\n\
         </body>\r\n</html>\r\n"
    );
    Reply::new(status, "text/html", body)
}

const PORTAL: &str = "<!doctype html><title>Welcome to Hotel Havudsigt Wi-Fi</title>\
                      <form action=/accept><button>Accept and surf</button></form>";

/// A reply that promises its whole body and holds half of it.
fn cut_off(reply: &Reply) -> Vec<u8> {
    let headers: String = reply
        .headers
        .iter()
        .flat_map(|(name, value)| [*name, ": ", value, "\r\n"])
        .collect();
    let (status, length) = (reply.status, reply.body.len());
    let head = format!("HTTP/1.1 {status} Cut Off\r\n{headers}content-length: {length}\r\n\r\n");
    [head.as_bytes(), &reply.body[..length / 2]].concat()
}

/// Gzip of a JSON list that is almost all blanks. One mebibyte is packed once
/// and repeated inside one member: many readers stop after the first.
fn bomb(mib: u32) -> Bytes {
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
    let pieces = [piece(b"["), piece(&vec![b' '; 1 << 20]), piece(b"]")];
    let times = [1, mib, 1];
    let (mut bytes, mut sum) = (HEAD.to_vec(), Crc::new());
    for ((packed, of_piece), times) in pieces.iter().zip(times) {
        for _ in 0..times {
            bytes.extend_from_slice(packed);
            sum.combine(of_piece);
        }
    }
    // An empty last block, then what gzip ends with.
    bytes.extend([3, 0]);
    bytes.extend(sum.sum().to_le_bytes());
    bytes.extend(sum.amount().to_le_bytes());
    bytes.into()
}

/// These bytes packed so that they can stand anywhere in a stream, and their
/// checksum.
fn piece(bytes: &[u8]) -> (Vec<u8>, Crc) {
    let mut packed = Vec::with_capacity(bytes.len() / 500 + 64);
    // Into memory that suffices it cannot fail.
    let _ = Compress::new(Compression::best(), false).compress_vec(
        bytes,
        &mut packed,
        FlushCompress::Full,
    );
    let mut sum = Crc::new();
    sum.update(bytes);
    (packed, sum)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn a_bomb_is_small_and_unpacks_to_json_of_its_size() {
        let bytes = bomb(3);
        assert!(bytes.len() < 8_000);
        let mut text = String::new();
        // Of the first member, as simple readers do.
        GzDecoder::new(&bytes[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text.len(), 3 * (1 << 20) + 2);
        assert_eq!(text.trim_matches(['[', ']']).trim(), "");
    }

    #[test]
    fn a_cut_off_answer_promises_more_than_it_holds() {
        let sent = cut_off(&Reply::new(200, "text/plain", "0123456789"));
        let text = String::from_utf8(sent).unwrap();
        assert!(text.contains("content-length: 10\r\n"));
        assert!(text.ends_with("\r\n\r\n01234"));
    }
}
