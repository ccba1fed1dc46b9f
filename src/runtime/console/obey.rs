//! What the console asks for is done: aside, where it takes its time.

use super::{Console, Left, aside};
use crate::{
    app::{Answer, Command, Export, Msg, update},
    domain::{
        entry::{NewEntry, What},
        preset::Preset,
        triage::Act,
    },
    runtime::{
        clipboard::{self, Way},
        collect::Order,
        export, presets, signals,
    },
};

impl Console {
    /// Folds a message in and does what comes of it.
    pub(super) fn obey(&mut self, msg: Msg) -> Result<(), Left> {
        self.dirty = true;
        let shelves = aside::shelves(&self.state);
        let commands = update(&mut self.state, msg);
        aside::let_go(shelves);
        for command in commands {
            match command {
                Command::Quit => return Err(Left(0)),
                Command::Suspend => signals::ask_to_stop(),
                Command::Refresh => {
                    // A full queue means that it is being asked already.
                    let _ = self.order.try_send(Order::Refresh);
                }
                Command::List {
                    site,
                    filters,
                    generation,
                } => self.lists.read(site, filters, generation),
                Command::Act(act) => self.record(act),
                Command::Export(rows) => self.export(rows),
                Command::Copy(text) => self.copy(text),
                Command::Inject(event) => self.injectors.send(event),
                Command::Say(saying) => self.injectors.say(*saying),
                Command::SavePreset(preset) => self.save(preset),
                Command::Survey(site) => self.phones.survey(site),
                Command::Resubscribe(changes) => self.phones.resubscribe(changes),
                Command::Dial(wanted) => self.phones.dial(*wanted),
                Command::Bell => self.say(b"\x07"),
            }
        }
        Ok(())
    }

    /// What is no picture goes to the terminal with the next frame.
    fn say(&mut self, bytes: &[u8]) {
        if let Some(seat) = &mut self.seat {
            seat.say(bytes);
        }
    }

    /// By the terminal, or by tmux, which takes its time aside.
    fn copy(&mut self, text: String) {
        match clipboard::way(&|name| std::env::var(name).ok()) {
            Way::Tmux => {
                let note = self.note.clone();
                tokio::task::spawn_blocking(move || {
                    let _ = note.send(Answer::Copied(clipboard::by_tmux(&text)));
                });
            }
            Way::Osc52 => {
                let answer = clipboard::osc52(&text).map(|bytes| {
                    self.say(&bytes);
                    Way::Osc52.word()
                });
                self.fold(Msg::Answer(Answer::Copied(answer)));
            }
        }
    }

    /// Writes a file, aside: a disk may be slow.
    fn export(&self, rows: Export) {
        let (zone, note) = (self.state.board.zone().clone(), self.note.clone());
        tokio::task::spawn_blocking(move || {
            let _ = note.send(Answer::Exported(export::write(&rows, &zone)));
        });
    }

    /// Writes a preset, aside: a disk may be slow.
    fn save(&self, preset: Box<Preset>) {
        let (folder, note) = (self.presets.clone(), self.note.clone());
        tokio::task::spawn_blocking(move || {
            let saved = presets::save(folder.as_deref(), &preset);
            let saved = saved.map(|file| Box::new((*preset, file)));
            let _ = note.send(Answer::PresetSaved(saved));
        });
    }

    /// Puts something done on record; the board moves when the journal tells
    /// of it.
    fn record(&self, act: Act) {
        let entry = NewEntry {
            at: (self.clock)(),
            site: act.subject.site.clone(),
            dedupe: None,
            what: What::Act(act),
        };
        self.recorder.record(entry);
    }
}
