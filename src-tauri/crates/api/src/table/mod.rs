//! The table, by subject.

mod admin;
mod channels;
mod disconnects;
mod history;
mod mailboxes;
mod moving;
mod notices;
mod people;
mod runs;
mod settings;
mod shell;
mod welcome;

use crate::command::Command;

const SUBJECTS: &[&[Command]] = &[
    welcome::COMMANDS,
    mailboxes::COMMANDS,
    disconnects::COMMANDS,
    channels::COMMANDS,
    moving::COMMANDS,
    people::COMMANDS,
    notices::COMMANDS,
    history::COMMANDS,
    settings::COMMANDS,
    shell::COMMANDS,
    admin::COMMANDS,
    runs::COMMANDS,
];

/// Every command.
pub fn commands() -> impl Iterator<Item = &'static Command> {
    SUBJECTS.iter().copied().flatten()
}

/// The command of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Command> {
    commands().find(|command| command.name == name)
}
