//! Click-to-call: `C` on a callback, a caller or a call connects one's own
//! phone with the number. It asks first, and once more where anybody called
//! the number lately; nothing is ever dialled twice by itself.

pub mod calling;

use std::sync::Arc;

pub use calling::Calling;

use super::{
    callbacks::{subject, work::Desk},
    field::Field,
    msg::Command,
    overlay::{Asked, Confirm, Overlay},
    state::State,
    view::List,
};
use crate::domain::{
    callback::Callback,
    dial::{self, Claiming, Dial, Dialled, Dialling, Made, Wanted},
    extension::Extension,
    id::SiteName,
    triage::Standing,
};

/// Whom the selected row is about.
struct Whom {
    site: SiteName,
    number: Option<Arc<str>>,
    name: Option<Arc<str>>,
    callback: Option<Arc<Callback>>,
}

/// `C`: shows what would be dialled from where, and asks.
pub(super) fn ask(state: &mut State) {
    match prepare(state) {
        Ok(calling) => state.overlay = question(state, calling),
        Err(why) => state.say(why),
    }
}

/// What would be dialled, or why nothing is.
fn prepare(state: &State) -> Result<Calling, String> {
    if state.read_only {
        return Err("this console is read-only".into());
    }
    let whom = whom(state).ok_or("select whom to call first")?;
    let number = whom
        .number
        .ok_or("the number is not known, so there is nothing to dial")?;
    if let Some(callback) = &whom.callback {
        may_call(state, callback)?;
    }
    let (dialling, own) = own_phone(state, &whom.site)?;
    let home = state.sites.iter().find(|site| site.name == whom.site);
    let country = home.and_then(|site| site.country.as_deref());
    let to = dial::sent(&number, &whom.site, country, &dialling.site);
    let to = to.map_err(|why| format!("{number} {why}"))?;
    Ok(Calling {
        dial: Dial {
            site: dialling.site.clone(),
            from: own.line(),
            to,
        },
        phone: own.name.clone(),
        name: whom.name,
        callback: whom.callback,
        dialled: None,
        asked: 0,
        scroll: 0,
    })
}

/// Whom the selected row is about: the other party of a call.
fn whom(state: &State) -> Option<Whom> {
    match state.list() {
        List::Callers => {
            let (key, _, waiting) = state.selected_caller()?;
            let caller = &waiting.caller;
            Some(Whom {
                site: key.site.clone(),
                number: caller.number().map(Arc::from),
                name: caller.name().map(Arc::from),
                callback: None,
            })
        }
        List::Callbacks => {
            let callback = state.callbacks.callback()?;
            let number = callback.e164.as_ref().or(callback.number.as_ref());
            Some(Whom {
                site: callback.site.clone(),
                number: number.cloned(),
                name: callback.name.clone(),
                callback: Some(callback.clone()),
            })
        }
        List::Calls => {
            let row = state.calls.row()?;
            Some(Whom {
                site: row.site.clone(),
                number: row.number.clone(),
                name: row.name.clone(),
                callback: None,
            })
        }
        List::Agents | List::Activity | List::Inject => None,
    }
}

/// Whether a callback may be called: nobody else has the customer, and they
/// may be called at all.
fn may_call(state: &State, callback: &Callback) -> Result<(), String> {
    match standing(state, callback) {
        Standing::Held { who, until } => {
            let until = until.clock_time(state.board.zone());
            Err(format!("{who} has this customer until {until}"))
        }
        Standing::Closed(outcome) => Err(format!("nobody is to call them: {}", outcome.words())),
        Standing::Free | Standing::Mine(_) | Standing::Snoozed(_) => Ok(()),
    }
}

/// Where a callback stands for who sits here.
pub(super) fn standing(state: &State, callback: &Callback) -> Standing {
    let (subject, customer) = (subject(callback), callback.customer());
    let triage = &state.board.triage;
    triage.standing(&subject, customer, &state.me, state.now)
}

/// One's own phone: at the row's site if one can call from there, else at the
/// first that makes calls.
fn own_phone<'s>(
    state: &'s State,
    site: &SiteName,
) -> Result<(&'s Dialling, &'s Extension), String> {
    let mut sites: Vec<&Dialling> = state.dialling.iter().collect();
    sites.sort_by_key(|dialling| dialling.site != *site);
    let me = &state.me;
    let mut own = sites.iter().filter_map(|d| Some((*d, d.own(me)?)));
    if let Some(calls) = own.clone().find(|(dialling, _)| dialling.allowed) {
        return Ok(calls);
    }
    Err(match (own.next(), sites.first()) {
        (Some((dialling, _)), _) => format!(
            "site {} makes no calls: add allow = [\"call\"] to it in the configuration",
            dialling.site
        ),
        (None, Some(first)) => format!(
            "no phone is yours: set user = \"{me}\" for one of the `extensions` of site {}",
            first.site
        ),
        (None, None) => "no site can make calls: configure a telphin site".into(),
    })
}

/// Who called the number lately, if anybody did.
fn lately<'s>(state: &'s State, calling: &Calling) -> Option<&'s Made> {
    let site = state.dialling.iter().find(|d| d.site == calling.dial.site);
    let country = site.and_then(|site| site.country.as_deref());
    state
        .calls_made
        .lately(state.now, &calling.dial.to, country)
}

/// The question before it is dialled.
fn question(state: &State, calling: Calling) -> Overlay {
    let Dial { site, from, to } = &calling.dial;
    let name = calling.name.as_deref();
    let whom = name.map_or_else(String::new, |name| format!("   {name}"));
    let mut request = vec![
        format!("Rings first:  {}  ({from} at {site})", calling.phone),
        format!("Then dials:   {to}{whom}"),
    ];
    if let Some(made) = lately(state, &calling) {
        request.push(format!("{}.", made.words(state.now, &state.me)));
    }
    let talk = calling.callback.as_ref().and_then(|c| state.reached(c));
    if let Some(talk) = talk {
        let when = talk.at.short(state.now, state.board.zone());
        request.push(format!("Somebody has talked with them since, at {when}."));
    }
    if let Some(callback) = &calling.callback
        && !matches!(standing(state, callback), Standing::Mine(_))
    {
        request.push("The callback is claimed for you.".to_owned());
    }
    let production = state
        .dialling
        .iter()
        .any(|d| d.site == *site && d.production);
    let title = if calling.is_asked_again() {
        format!("Call {to} again?")
    } else {
        format!("Call {to}?")
    };
    Overlay::Confirm(Box::new(Confirm {
        title,
        site: site.clone(),
        does: format!("rings {}", calling.phone),
        request,
        name: production.then(|| (site.to_string(), Field::default())),
        because: format!("{site} is a production site"),
        asked: Asked::Dial(Box::new(calling)),
        mistake: None,
        scroll: 0,
    }))
}

/// It was confirmed: dials, unless somebody called the number lately and that
/// was not asked about yet.
pub(super) fn go(state: &mut State, mut calling: Calling) -> Vec<Command> {
    let made = lately(state, &calling).map(|made| made.seq);
    if let Some(made) = made.filter(|made| *made > calling.asked) {
        calling.asked = made;
        state.overlay = question(state, calling);
        return Vec::new();
    }
    // Whoever was quicker while the question stood there has them.
    let claim = match calling.callback.as_ref().map(|c| claim(state, c)) {
        Some(Err(why)) => {
            state.overlay = Overlay::None;
            state.say(why);
            return Vec::new();
        }
        Some(Ok(claim)) => claim,
        None => None,
    };
    let wanted = Wanted {
        dial: calling.dial.clone(),
        claim,
        asked: calling.asked,
    };
    state.overlay = Overlay::Calling(Box::new(calling));
    vec![Command::Dial(Box::new(wanted))]
}

/// The claim of a callback that is not one's own yet, with what is known of
/// its customer: whether it takes is seen when it is on record.
fn claim(state: &State, callback: &Callback) -> Result<Option<Claiming>, String> {
    may_call(state, callback)?;
    if matches!(standing(state, callback), Standing::Mine(_)) {
        return Ok(None);
    }
    let triage = &state.board.triage;
    let desk = Desk {
        triage,
        me: &state.me,
        now: state.now,
        zone: state.board.zone(),
    };
    let act = desk.claim(callback)?;
    Ok(Some(Claiming {
        triage: triage.part(&act.subject, act.customer.as_ref()),
        upto: state.board.upto(),
        act,
    }))
}

/// What became of a call.
pub(super) fn answered(state: &mut State, dialled: Dialled) {
    if let Overlay::Calling(calling) = &mut state.overlay
        && calling.dial == dialled.dial
        && calling.dialled.is_none()
    {
        calling.dialled = Some(dialled);
        return;
    }
    let told = dialled.sentence();
    state.say(told);
}
