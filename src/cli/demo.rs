//! `holdline demo`: simulator, collector and console in a throw-away folder;
//! nothing outside this machine, nothing of the user's.

use std::time::Duration;

use super::{
    args::{DemoArgs, LookArgs},
    console,
    context::Context,
    failure::Failure,
    pushing, screenshot, throwaway,
    who::who,
};
use crate::{
    config::{self, Config},
    runtime::clock,
    sim,
};

/// How often the demo's queues are asked for.
const POLL: Duration = Duration::from_secs(1);

/// Runs the demo, or draws a frame of it.
pub async fn run(context: &Context, look: &LookArgs, args: &DemoArgs) -> Result<u8, Failure> {
    if let Some(target) = &args.screenshot {
        return screenshot::run(context, look, args, target).await;
    }
    let folder = throwaway::folder("demo")?;
    let me = who(context.global.acts_as.as_deref());
    let push = pushing::to_free_port()?;
    let options = sim::Options {
        seed: args.seed,
        speed: args.speed,
        push: Some(push),
        phones: sim::telphin::Setup::telling(push.to, &me),
        ..sim::Options::new(clock::system())
    };
    let sim = sim::start(options)
        .await
        .map_err(|e| Failure::usage(e.to_string()))?;
    let text = sim.config_toml(&folder.path().join("journal"), POLL);
    let config = Config::parse(&text, folder.path(), &config::find::process_env)?;
    let code = console::open(config, &look.and(&args.look), sim.clock(), me, None, None).await;
    sim.stop().await;
    code
}
