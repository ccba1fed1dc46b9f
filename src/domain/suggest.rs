//! What may have been meant by a name that is unknown, as the end of a
//! sentence. For every file and flag that people write. Pure.

/// The one of `names` that may be meant by `typed`, if one is near.
#[must_use]
pub fn nearest<'n>(typed: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let typed = typed.to_lowercase().replace('-', "_");
    names
        .into_iter()
        .map(|name| {
            let lower = name.to_lowercase();
            (strsim::normalized_damerau_levenshtein(&typed, &lower), name)
        })
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// What to write instead of an unknown setting: the one that may be meant, or
/// all there are.
#[must_use]
pub fn instead<'n>(typed: &str, names: impl IntoIterator<Item = &'n str> + Clone) -> String {
    match nearest(typed, names.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", listed(names, "and")),
    }
}

/// What to write instead of an unknown value, likewise.
#[must_use]
pub fn instead_value<'n>(typed: &str, names: impl IntoIterator<Item = &'n str> + Clone) -> String {
    match nearest(typed, names.clone()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None => format!("it can be {}", listed(names, "or")),
    }
}

/// `a, b and c`.
#[must_use]
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>, and: &str) -> String {
    let names: Vec<_> = names.into_iter().collect();
    match names.as_slice() {
        [most @ .., last] if !most.is_empty() => format!("{} {and} {last}", most.join(", ")),
        few => few.concat(),
    }
}
