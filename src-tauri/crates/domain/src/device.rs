//! Installations of the app and the command line, each with a keyring of its own.
//!
//! A token never leaves the device on which it was kept, and only that device can say that it is gone: what another one
//! does not find in its own keyring says nothing of the first one's.

use crate::{DeviceId, Name};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How the workspace came to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// It was begun there, or was there when devices were first told apart.
    Began,
    /// It came from another device or another place, and nobody has said yet what it is.
    Unknown,
    /// It is the one from there, and is not used there any more.
    Moved,
    /// The other one goes on as well: this is a copy, or one file for several devices.
    Copied,
    /// It came from a backup of one that is not used any more.
    Restored,
}

impl Origin {
    /// Whether what was kept before is this device's to take over, once it is read in its own keyring.
    #[must_use]
    pub fn continues(self) -> bool {
        match self {
            Self::Moved | Self::Restored => true,
            Self::Began | Self::Unknown | Self::Copied => false,
        }
    }
}

/// A device that has used the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Identity, as the installation itself keeps it.
    pub id: DeviceId,
    /// Its name, from the computer's at first.
    pub name: Name,
    /// Where the workspace's file is on it.
    pub file: String,
    /// When it first used the workspace.
    pub since: Timestamp,
    /// How the workspace came to it.
    pub origin: Origin,
    /// Stands for the same installation as this one, with the file in another place: whatever was kept from there may
    /// still be in use by a file that was left there.
    pub earlier_of: Option<DeviceId>,
    /// It does not use the workspace any more, somebody said: it went on at that device.
    pub gone_to: Option<DeviceId>,
}

/// The device of one start, as the system has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThisDevice {
    /// A name for when it is new here.
    pub name: Name,
    /// Where the workspace's file is.
    pub file: String,
    /// A fresh identity for what was kept while the file was in another place.
    pub earlier: DeviceId,
}
