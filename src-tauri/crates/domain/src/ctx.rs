//! Who acts, and when.

use crate::{DeviceId, MemberId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The acting member, the present time and the device of one use case. All come from the backend's own state, never from
/// a request.
#[derive(Clone, Copy, Debug)]
pub struct Ctx {
    /// The member who acts.
    pub actor: MemberId,
    /// The time of the whole use case.
    pub now: Timestamp,
    /// The device on which it runs: the only one whose keyring can be read.
    pub device: DeviceId,
}

impl Ctx {
    /// The stamp that this use case leaves on what it changes.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        Stamp { at: self.now, by: self.actor }
    }
}

/// Who did something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: MemberId,
}
