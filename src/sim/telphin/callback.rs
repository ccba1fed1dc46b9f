//! `POST /extension/{id}/callback/`: a call is ordered.

use serde::Deserialize;
use serde_json::json;

use crate::domain::time::At;

use super::{
    super::{
        http::{Asked, Reply},
        world::exchange::{Party, Station},
    },
    Office,
    extensions::{self, Extension},
    refused, voice,
};

/// The parameters that count here; the others change how it sounds.
#[derive(Deserialize)]
struct Order {
    src_num: Vec<String>,
    dst_num: String,
}

/// Rings the sources and then the number, on behalf of the extension.
pub fn ordered(office: &mut Office, owner: Extension, asked: &Asked, now: At) -> Reply {
    let Station::Phone(phone) = owner.station else {
        return refused::plainly(400, "Calls can be made for extensions of type phone only");
    };
    let Ok(order) = serde_json::from_slice::<Order>(&asked.body) else {
        return refused::plainly(
            400,
            "src_num is required as a list of numbers, dst_num as a number",
        );
    };
    let sources: Option<Vec<Party>> = order.src_num.iter().map(|number| party(number)).collect();
    let (Some(sources), Some(to)) = (sources, party(&order.dst_num)) else {
        return refused::plainly(400, "src_num or dst_num holds what is no number");
    };
    if sources.is_empty() {
        return refused::plainly(400, "src_num is empty");
    }
    let call = office.exchange(now).orders(phone, &sources, to);
    office.asked_for();
    Reply::json(
        201,
        &json!({ "call_api_id": voice::api_id(call), "call_id": voice::call_id(call) }),
    )
}

fn party(number: &str) -> Option<Party> {
    if let Some(phone) = extensions::phone(number) {
        return Some(Party::Phone(phone));
    }
    let digits = number.strip_prefix('+').unwrap_or(number);
    let dialled = digits
        .chars()
        .all(|c| c.is_ascii_digit() || "*#".contains(c));
    (dialled && !digits.is_empty()).then(|| Party::Number(number.to_owned()))
}
