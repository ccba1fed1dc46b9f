//! Variables: where their values come from.

use std::sync::Arc;

use super::{
    super::template::{BUILT_IN, Source, Vars, is_name},
    keys::SOURCE,
};
use crate::domain::{
    sheet::{Item, Table},
    text::clip,
};

/// The variables of a scenario, or of a loop.
pub fn vars(table: &Table<'_>) -> Vars {
    let mut vars = Vars::new();
    let Some(item) = table.get("vars") else {
        return vars;
    };
    for entry in item.entries().unwrap_or_default() {
        if BUILT_IN.contains(&entry.key) || !is_name(entry.key) {
            let typed = clip(entry.key, 40);
            table.sheet.wrong::<()>(
                entry.at,
                &format!(
                    "a variable cannot be called \"{typed}\"; use a to z, 0 to 9 and _, and none \
                     of turn, now and uuid"
                ),
            );
        } else if let Some(source) = source(&entry.item) {
            vars.insert(entry.key.into(), source);
        }
    }
    vars
}

fn source(item: &Item<'_>) -> Option<Source> {
    if !item.is_table() {
        let text = item.scalar()?;
        if text.contains("${") {
            return item
                .wrong("names another variable, which variables cannot; use it in the step");
        }
        return Some(Source::Fixed(text.into()));
    }
    let table = item.table("this variable", SOURCE)?;
    match table.present(&["random", "one_of", "between"]).as_slice() {
        ["random"] => random(&table),
        ["one_of"] => {
            let list = table.get("one_of")?;
            let texts: Option<Vec<String>> = list.list()?.iter().map(Item::scalar).collect();
            let texts: Vec<Arc<str>> = texts?.into_iter().map(Arc::from).collect();
            if texts.is_empty() {
                return list.wrong("is empty; write a list such as [\"17\", \"18\"]");
            }
            Some(Source::OneOf(texts))
        }
        ["between"] => {
            let list = table.get("between")?;
            let most = i64::from(i32::MAX);
            let numbers: Option<Vec<i64>> =
                list.list()?.iter().map(|n| n.number(-most, most)).collect();
            match numbers?.as_slice() {
                [least, most] if least <= most => Some(Source::Between(*least, *most)),
                _ => list.wrong("takes two whole numbers, the smaller first, such as [1, 9]"),
            }
        }
        _ => table.wrong(
            "needs one of random = \"uuid\", random = \"digits\", one_of = […] and between = [1, 9]",
        ),
    }
}

fn random(table: &Table<'_>) -> Option<Source> {
    let is_uuid = table
        .get("random")?
        .choice(&[("uuid", true), ("digits", false)])?;
    let (length, prefix) = (table.get("length"), table.get("prefix"));
    if is_uuid {
        for stray in [length, prefix].into_iter().flatten() {
            stray.wrong::<()>("goes with random = \"digits\"; remove it");
        }
        return Some(Source::Uuid);
    }
    let Some(length) = length else {
        return table.wrong("has no length; add length = 8");
    };
    Some(Source::Digits {
        prefix: match prefix {
            Some(prefix) => prefix.text()?.into(),
            None => "".into(),
        },
        length: length.number(1, 30).and_then(|n| u8::try_from(n).ok())?,
    })
}
