//! The presets: those that come with the program, and the user's own in a
//! folder, a file each. A file that is none is told in a sentence and left out;
//! saving never overwrites.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use crate::domain::preset::{self, Preset};

/// No preset is longer, in bytes.
const LONGEST: u64 = 64 * 1024;
/// No menu has room for more files.
const MOST: usize = 200;

/// What there is to begin with.
#[derive(Clone, Debug, Default)]
pub struct Presets {
    /// The presets, the shipped ones first.
    pub all: Vec<Preset>,
    /// Why some files are none, a sentence each.
    pub broken: Vec<String>,
    /// Where the user's own are; `None` where nothing is kept.
    pub folder: Option<PathBuf>,
}

impl Presets {
    /// The shipped ones, and those of this folder, which need not be there.
    #[must_use]
    pub fn open(folder: Option<PathBuf>) -> Self {
        let mut presets = Self {
            all: preset::shipped(),
            broken: Vec::new(),
            folder,
        };
        if let Some(folder) = presets.folder.clone() {
            presets.read_folder(&folder);
        }
        presets
    }

    fn read_folder(&mut self, folder: &Path) {
        let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(error) => {
                let what = format!("presets cannot be read: {}: {error}", folder.display());
                self.broken.push(what);
                return;
            }
        };
        files.retain(|file| file.extension().is_some_and(|e| e == "toml"));
        files.sort();
        if files.len() > MOST {
            let what = format!("of {} presets only {MOST} are read", files.len());
            self.broken.push(what);
            files.truncate(MOST);
        }
        for file in files {
            match read(&file) {
                Ok(preset) => self.all.push(preset),
                Err(why) => self.broken.push(why),
            }
        }
    }
}

/// Reads a preset's file; else says what is wrong with it, and where.
fn read(file: &Path) -> Result<Preset, String> {
    let shown = format!(
        "preset {}",
        file.file_name().unwrap_or_default().to_string_lossy()
    );
    let unreadable = |why: &dyn std::fmt::Display| format!("{shown} is left out: {why}");
    if !fs::metadata(file).is_ok_and(|facts| facts.is_file()) {
        return Err(unreadable(&"it is no file"));
    }
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(unreadable(&"it is longer than 64 KB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| unreadable(&"it is not UTF-8 text"))?;
    Preset::read(&text).map_err(|mistakes| match mistakes.first() {
        Some(first) => format!("{shown} is left out: line {}: {}", first.line, first.what),
        None => unreadable(&"it is no preset"),
    })
}

/// Writes a preset into the folder; answers the file. Whole or not at all, and
/// never over another.
///
/// # Errors
/// A sentence.
pub fn save(folder: Option<&Path>, preset: &Preset) -> Result<String, String> {
    let Some(folder) = folder else {
        return Err("a demo keeps nothing, so no preset is saved".to_owned());
    };
    let file = folder.join(format!("{}.toml", preset.file_stem()?));
    let cannot = |error: &io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => format!(
            "{} is there already; give the preset another name",
            file.display()
        ),
        _ => format!("no preset can be saved in {}: {error}", folder.display()),
    };
    fs::create_dir_all(folder).map_err(|error| cannot(&error))?;
    let mut new = tempfile::NamedTempFile::new_in(folder).map_err(|error| cannot(&error))?;
    new.write_all(preset.text().as_bytes())
        .map_err(|error| cannot(&error))?;
    new.persist_noclobber(&file)
        .map_err(|error| cannot(&error.error))?;
    Ok(file.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Preset {
        Preset::read(&format!("name = \"{name}\"\n[values]\nevent = \"JOIN\"\n")).unwrap()
    }

    #[test]
    fn what_is_saved_is_there_next_time_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let presets = folder.path().join("new/presets");
        let file = save(Some(&presets), &named("Søren joins")).unwrap();
        assert!(file.ends_with("soren-joins.toml"), "{file}");
        let before = fs::read(&file).unwrap();
        let refused = save(Some(&presets), &named("soren, joins!")).unwrap_err();
        assert!(refused.contains("is there already"), "{refused}");
        assert_eq!(fs::read(&file).unwrap(), before);
        let opened = Presets::open(Some(presets.clone()));
        assert_eq!(opened.all.last(), Some(&named("Søren joins")));
        assert_eq!(opened.broken, Vec::<String>::new());
        assert_eq!(fs::read_dir(&presets).unwrap().count(), 1);
        assert!(save(None, &named("x")).is_err());
    }

    #[test]
    fn a_file_that_is_no_preset_is_told_and_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        put("a.toml", b"name = \"x\"\n[values]\nevnt = \"J\"\n");
        put("b.toml", &[0xff; 8]);
        put("c.toml", &vec![b'#'; 70_000]);
        put("d.toml", named("fine").text().as_bytes());
        put("e.txt", b"not looked at");
        fs::create_dir(folder.path().join("f.toml")).unwrap();
        let opened = Presets::open(Some(folder.path().to_owned()));
        assert_eq!(opened.all.len(), preset::shipped().len() + 1);
        assert_eq!(
            opened.broken,
            [
                "preset a.toml is left out: line 3: there is no parameter `evnt`; did you mean `event`?",
                "preset b.toml is left out: it is not UTF-8 text",
                "preset c.toml is left out: it is longer than 64 KB",
                "preset f.toml is left out: it is no file",
            ]
        );
        let nowhere = Presets::open(Some(folder.path().join("nowhere")));
        assert_eq!(
            (nowhere.all, nowhere.broken),
            (preset::shipped(), Vec::new())
        );
    }
}
