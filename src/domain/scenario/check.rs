//! Whether the configuration lets a scenario run: which site each step is
//! about, what may be sent there, and how fast. Pure; all mistakes at once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    super::{
        injection::{Injection, Target},
        site::{Site, Vendor},
        suggest,
        text::clip,
        time::At,
    },
    Mistake, SOMETIME,
    expect::Hope,
    plan::{Letter, Plan, Send},
    speech,
};

/// No more requests a second unless the site says so.
pub const EVERYDAY_RATE: u32 = 10;

/// A site as a scenario meets it.
#[derive(Clone)]
pub struct Post {
    /// The site.
    pub site: Site,
    /// Whether it has `allow = ["inject"]`.
    pub allowed: bool,
    /// Whether it is a production site.
    pub production: bool,
    /// The most requests a second.
    pub max_rate: u32,
    /// Where queue events are created, of an Enswitch site.
    pub target: Option<Target>,
    /// Whether events said as this site may go to a URL, or why not.
    pub reaches: Reaches,
}

/// Whether something may go to a URL; why not completes "`to` …".
pub type Reaches = Arc<dyn Fn(&str) -> Result<(), String> + std::marker::Send + Sync>;

impl Post {
    /// Whether an expectation can be about it: its board has such things.
    fn tells<T>(&self, hope: &Hope<T>) -> bool {
        let is_pushed = speech::VENDORS.contains(&self.site.vendor);
        match hope {
            Hope::Agent { .. } | Hope::Call { .. } | Hope::Seen { .. } => is_pushed,
            Hope::Waiting { .. } => is_pushed || self.site.vendor == Vendor::TelecomX,
        }
    }

    /// Why nothing may be sent, if so.
    fn closed(&self) -> Option<String> {
        let name = &self.site.name;
        if !self.allowed {
            return Some(format!(
                "site \"{name}\" does not allow it; add \"inject\" to its `allow`"
            ));
        }
        self.production.then(|| {
            format!("site \"{name}\" is a production site, where no scenario runs; name another")
        })
    }
}

/// Which site each step that sends or expects is about: by line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sites(BTreeMap<usize, Arc<str>>);

impl Sites {
    /// The site of the step at this line.
    #[must_use]
    pub fn of(&self, line: usize) -> &str {
        self.0.get(&line).map_or("", |name| name)
    }
}

/// Looks a plan over, a whole one ([`Plan::whole`]). `default` is the site of steps that name none, nor does
/// the file; `rate`, where one is asked for, is what counts instead of the
/// file's times.
///
/// # Errors
/// All mistakes, by line.
pub fn check(
    plan: &Plan,
    posts: &[Post],
    default: Option<&str>,
    rate: Option<f64>,
) -> Result<Sites, Vec<Mistake>> {
    let mut looking = Looking {
        posts,
        default,
        sites: Sites::default(),
        mistakes: BTreeMap::new(),
    };
    for send in &plan.sends {
        looking.send(send);
    }
    // Where several could be meant, it is the one that is sent to.
    let sent_to: BTreeSet<Arc<str>> = looking.sites.0.values().cloned().collect();
    for watch in &plan.watches {
        let named = watch.site.as_deref();
        let tells = |post: &Post| post.tells(&watch.hope);
        let among = |post: &Post| tells(post) && sent_to.contains(post.site.name.as_str());
        if named.or(default).is_none() && looking.open(&among).len() == 1 {
            looking.place(watch.line, named, "expects", &among);
        } else {
            looking.place(watch.line, named, "expects", &tells);
        }
    }
    for post in posts {
        looking.pace(plan, post, rate);
    }
    if looking.mistakes.is_empty() {
        return Ok(looking.sites);
    }
    let mistakes = looking.mistakes.into_iter();
    Err(mistakes
        .map(|(line, what)| Mistake {
            line,
            what,
            caret: None,
        })
        .collect())
}

struct Looking<'a> {
    posts: &'a [Post],
    default: Option<&'a str>,
    sites: Sites,
    /// One a line: a loop makes the same mistake in every turn.
    mistakes: BTreeMap<usize, String>,
}

impl<'a> Looking<'a> {
    fn wrong(&mut self, line: usize, what: &str) {
        self.mistakes.entry(line).or_insert_with(|| what.to_owned());
    }

    /// The site of a step: its own, the scenario's, or the only one that fits.
    fn place(
        &mut self,
        line: usize,
        named: Option<&str>,
        does: &str,
        fits: &dyn Fn(&Post) -> bool,
    ) -> Option<&'a Post> {
        let found = match named.or(self.default) {
            Some(name) => self.named(name).and_then(|post| {
                if fits(post) {
                    return Ok(post);
                }
                let (vendor, name) = (post.site.vendor, &post.site.name);
                Err(format!(
                    "this step {does}, and site \"{name}\" is {}; name another with site = …",
                    vendor.name()
                ))
            }),
            None => self.only(does, fits),
        };
        match found {
            Ok(post) => {
                self.sites.0.insert(line, post.site.name.as_str().into());
                Some(post)
            }
            Err(what) => {
                self.wrong(line, &what);
                None
            }
        }
    }

    fn named(&self, name: &str) -> Result<&'a Post, String> {
        let found = self.posts.iter().find(|p| p.site.name.as_str() == name);
        found.ok_or_else(|| {
            let names = self.posts.iter().map(|post| post.site.name.as_str());
            let instead = suggest::instead_value(name, names);
            let name = clip(name, 40);
            format!("there is no site \"{name}\" in the configuration; {instead}")
        })
    }

    /// The sites that fit, and that a scenario may send to.
    fn open(&self, fits: &dyn Fn(&Post) -> bool) -> Vec<&'a Post> {
        let open = |post: &&Post| fits(post) && post.closed().is_none();
        self.posts.iter().filter(open).collect()
    }

    fn only(&self, does: &str, fits: &dyn Fn(&Post) -> bool) -> Result<&'a Post, String> {
        match self.open(fits).as_slice() {
            [post] => Ok(*post),
            [] => Err(format!(
                "this step {does}, and no site fits; one needs allow = [\"inject\"] and must not be \
                 a production site"
            )),
            several => {
                let names = several.iter().map(|post| post.site.name.as_str());
                let names = suggest::listed(names, "or");
                Err(format!("this step names no site; add site = … ({names})"))
            }
        }
    }

    fn send(&mut self, send: &Send) {
        let line = send.line;
        let named = send.site.as_deref();
        let post = match &send.what {
            Letter::Webhook(webhook) => {
                let vendor = webhook.event.vendor;
                let fits = |post: &Post| post.site.vendor == vendor;
                self.place(line, named, &format!("speaks as {}", vendor.name()), &fits)
            }
            Letter::Injection(_) => {
                let fits = |post: &Post| post.target.is_some();
                self.place(line, named, "injects a queue event (enswitch)", &fits)
            }
        };
        let Some(post) = post else { return };
        if let Some(why) = post.closed() {
            return self.wrong(line, &why);
        }
        match &send.what {
            Letter::Webhook(webhook) => {
                if let Some(to) = &webhook.to
                    && let Err(why) = (post.reaches)(to)
                {
                    self.wrong(line, &format!("`to` {why}"));
                }
            }
            Letter::Injection(params) => {
                if let Err(why) = injection(post, params, SOMETIME) {
                    self.wrong(line, &why);
                }
            }
        }
    }

    /// Whether it is not too fast for a site.
    fn pace(&mut self, plan: &Plan, post: &Post, rate: Option<f64>) {
        let name = post.site.name.as_str();
        let sites = self.sites.clone();
        let mine = |send: &Send| sites.of(send.line) == name;
        let Some(first) = plan.sends.iter().find(|send| mine(send)) else {
            return;
        };
        let most = post.max_rate;
        let (fast, what) = match rate {
            Some(rate) => (rate > f64::from(most), format!("--rate {rate} is too fast")),
            None => {
                let peak = plan.peak(mine);
                let fast = u32::try_from(peak).map_or(true, |peak| peak > most);
                (fast, format!("{peak} requests in one second are too many"))
            }
        };
        if fast {
            self.wrong(
                first.line,
                &format!(
                    "{what}: site \"{name}\" takes {most} a second; slow down, or set `max_rate` for \
                     it"
                ),
            );
        }
    }
}

/// The queue event that these parameters make.
///
/// # Errors
/// A sentence: what is wrong with them.
pub fn injection(
    post: &Post,
    params: &[(&'static str, String)],
    now: At,
) -> Result<Injection, String> {
    let Some(target) = &post.target else {
        return Err(format!(
            "site \"{}\" creates no queue events",
            post.site.name
        ));
    };
    let queue = params.iter().find(|(name, _)| *name == "queue");
    let queue = target.queue(queue.map_or("", |(_, value)| value))?;
    let mut injection = Injection::new(post.site.name.clone(), queue);
    for (name, value) in params.iter().filter(|(name, _)| *name != "queue") {
        injection.set(name, value, now)?;
    }
    Ok(injection)
}
