//! `holdline demo --screenshot FILE`: one frame of the demo as a picture or as
//! text, without a terminal. The same seed, size and keys are the same bytes,
//! whatever the machine, its clock, zone and locale are like.
//!
//! * `scene`: how it comes to the frame
//! * `stage`: the demo's parts, one step after the other
//! * `flags`: what is typed, read

pub mod flags;
mod scene;
mod stage;

use std::{
    fs::Permissions,
    io::{self, Write},
    os::unix::fs::PermissionsExt,
    path::Path,
};

use tempfile::NamedTempFile;

use super::{
    args::{DemoArgs, LookArgs, ThemeArg},
    context::Context,
    failure::Failure,
    output,
};
use crate::{
    app::state::{Look, Theme},
    runtime::signals::{self, Endings},
    ui::picture::{self, Caption},
};
use flags::Target;
use stage::Scene;

/// Who acts in the picture, where no `--as` says: the system's user would be
/// another one on each machine.
const SOMEBODY: &str = "anna";

/// Draws the frame.
pub async fn run(
    context: &Context,
    look: &LookArgs,
    args: &DemoArgs,
    target: &Target,
) -> Result<u8, Failure> {
    // Ended early, it leaves no half of anything behind.
    let mut endings = Endings::listen().map_err(|e| Failure::signals(&e))?;
    let sheet = match target {
        Target::Stdout => None,
        Target::Svg(path) | Target::Text(path) => Some(Sheet::take(path)?),
    };
    let look = look.and(&args.look);
    let scene = Scene {
        seed: args.seed,
        size: args.size,
        keys: &args.keys.0,
        look: drawn_as(&look),
        read_only: look.read_only,
        me: context.global.acts_as.as_deref().unwrap_or(SOMEBODY),
    };
    let (frame, theme) = tokio::select! {
        shot = scene.shoot() => shot?,
        signal = endings.next() => return Ok(signals::exit_code(signal)),
    };
    let about = format!(
        "A terminal of {} columns and {} rows with the console on a simulated call center. The \
         same command with a FILE that ends in .txt writes what stands on it.",
        args.size.width, args.size.height
    );
    let caption = Caption {
        bar: "holdline demo",
        title: "Holdline, a terminal console for call queues",
        about: &about,
    };
    let text = match target {
        Target::Text(_) => picture::text(&frame),
        Target::Stdout | Target::Svg(_) => picture::svg(&frame, theme, &caption),
    };
    match sheet {
        Some(sheet) => sheet.put_down(&text)?,
        None => output::to_stdout(|out| out.write_all(text.as_bytes()))?,
    }
    Ok(0)
}

/// What the flags say; neither a configuration nor the locale has a say.
fn drawn_as(args: &LookArgs) -> Look {
    let theme = match args.theme {
        None | Some(ThemeArg::Dark) => Theme::Dark,
        Some(ThemeArg::Light) => Theme::Light,
        Some(ThemeArg::Safe) => Theme::Safe,
        Some(ThemeArg::Mono) => Theme::Mono,
    };
    Look {
        theme,
        ascii: args.ascii,
        ..Look::default()
    }
}

/// A new file beside the one asked for, which it takes the place of when it is
/// whole.
struct Sheet<'a> {
    path: &'a Path,
    file: NamedTempFile,
}

impl<'a> Sheet<'a> {
    /// Takes one out: nobody waits for a picture that cannot be put down.
    fn take(path: &'a Path) -> Result<Self, Failure> {
        if path.is_dir() {
            return Err(unwritten(path, io::ErrorKind::IsADirectory));
        }
        let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
        // As readable as the umask lets new files be.
        let file = tempfile::Builder::new()
            .prefix(".holdline-")
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .map_err(|error| unwritten(path, error.kind()))?;
        Ok(Self { path, file })
    }

    fn put_down(mut self, text: &str) -> Result<(), Failure> {
        let wrote = self.file.write_all(text.as_bytes());
        let put = wrote.and_then(|()| Ok(self.file.persist(self.path)?));
        put.map(drop)
            .map_err(|error| unwritten(self.path, error.kind()))
    }
}

fn unwritten(path: &Path, why: io::ErrorKind) -> Failure {
    use io::ErrorKind::{
        IsADirectory, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
    };
    let words = match why {
        NotFound => "there is no such folder".to_owned(),
        IsADirectory => "it is a folder".to_owned(),
        other => other.to_string(),
    };
    let sentence = format!(
        "{} cannot be written: {words}; give another --screenshot",
        path.display()
    );
    match why {
        // A path that can never do is wrong usage; a full disk is not.
        NotFound | IsADirectory | NotADirectory | PermissionDenied | ReadOnlyFilesystem => {
            Failure::usage(sentence)
        }
        _ => Failure::here(sentence),
    }
}
