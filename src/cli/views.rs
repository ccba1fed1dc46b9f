//! The configuration's named views of the callback list, as filters.

use super::failure::Failure;
use crate::{
    config::{Config, console::View},
    domain::filter::Filters,
};

/// All of them, in the order of the file.
pub fn all(config: &Config) -> Result<Vec<(String, Filters)>, Failure> {
    let views = config.console.views.iter();
    views
        .map(|view| Ok((view.name.clone(), filters(view)?)))
        .collect()
}

/// The one of this name.
pub fn named(config: &Config, name: &str) -> Result<Filters, Failure> {
    let views = &config.console.views;
    if let Some(view) = views.iter().find(|view| view.name == name) {
        return filters(view);
    }
    let known: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
    let known = match known.as_slice() {
        [] => "no `views` under [console] yet".to_owned(),
        known => known.join(", "),
    };
    Err(Failure::usage(format!(
        "there is no view \"{name}\" in the configuration; it has {known}"
    )))
}

fn filters(view: &View) -> Result<Filters, Failure> {
    let mut filters = Filters::default();
    let mut each = view.filters.iter();
    each.try_for_each(|(name, values)| filters.set(name, &values.join(",")))
        .and_then(|()| filters.check())
        .map_err(|why| {
            let name = &view.name;
            Failure::usage(format!("the view \"{name}\" cannot be asked for: {why}"))
        })?;
    Ok(filters)
}
