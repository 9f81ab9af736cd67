//! Devices, as the window shows them.

use crate::wire::Origin;
use serde::Serialize;
use ts_rs::TS;

/// Where something is kept that this device can neither use nor call gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "is", rename_all = "snake_case")]
#[ts(export)]
pub enum KeptOn {
    /// On another device.
    Device {
        /// Its name.
        name: String,
    },
    /// On this computer, for a file that was in another place.
    OtherFile {
        /// Where that was.
        file: String,
    },
    /// It was kept before devices were told apart, and was not found in this one's keyring.
    Unknown,
}

/// A device that has used the workspace.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct DeviceView {
    /// Identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The one before which somebody sits.
    pub this: bool,
    /// This computer, with the file in another place than now.
    pub earlier: bool,
    /// Where the file is on it.
    pub file: String,
    /// When it first used the workspace.
    pub since: String,
    /// How the workspace came to it.
    pub origin: Origin,
    /// Somebody said that it does not use the workspace any more.
    pub gone: bool,
}

/// The workspace came from elsewhere, and nobody has said yet what it is.
#[derive(Clone, Debug, Serialize, TS)]
#[ts(export)]
pub struct OriginQuestion {
    /// Other devices that have used it, by name.
    pub devices: Vec<String>,
    /// Where the file was on this computer. None: it was not on this one.
    pub was_at: Option<String>,
    /// Where it is now.
    pub is_at: String,
    /// A file is still where this one was.
    pub still_there: bool,
}
