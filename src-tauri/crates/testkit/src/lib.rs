//! Fakes of the engine's ports, for tests only, and a [`Desk`] that holds an engine on a real workspace
//! file with all of them. [`directory`] holds fixture servers for the APIs of administrators. Nothing here is linked
//! into the app.

mod accounts;
mod desk;
mod directories;
pub mod directory;
mod disk;
mod fakes;
mod world;

pub use accounts::{ScriptedAccounts, access};
pub use desk::{DEVICE, Desk, OTHER_DEVICE};
pub use directories::{FakeDirectories, HUBSPOT, Happened};
pub use disk::Disk;
pub use fakes::{
    CountingIds, MemorySecrets, NoMailHosts, PLAIN_SOURCE, PlainGuides, RecordingBrowser, SetClock, Trouble,
};
