//! One access in an administrator's run: from the plan to the proof.
//!
//! An item is *proven* in one way only: a read of the provider's list that began after the deletion was answered (or,
//! after a crash, after it was intended) and has the access no more, with no later consent in the audit log as far as
//! that can be read. There is no other way into [`ItemState::Proven`].
//!
//! A read that failed is no read: it changes nothing of what was known before, and is written beside the state
//! ([`Look`]).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the provider answered to a deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteAnswer {
    /// Deleted.
    Deleted,
    /// There was nothing to delete. A success: what was wanted holds.
    AlreadyGone,
}

/// What a read of the provider's list said of one access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// It is listed.
    Yes,
    /// It is not.
    No,
    /// It is not, but an organisation-wide consent of the same app covers the person.
    Covered,
    /// It is not, but another grant of a marked app is, which nobody planned to revoke.
    Elsewhere,
    /// The provider has no such person any more.
    NobodyThere,
}

/// What the audit log says of one access after its deletion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Logged {
    /// It was not asked, or can't be read.
    #[default]
    NotAsked,
    /// It was asked, and has no entry yet. Entries may come hours later.
    NotYet {
        /// When it was last asked.
        asked: Timestamp,
    },
    /// It has the removal, and no later consent.
    Removed {
        /// The provider's time of it.
        at: Timestamp,
    },
}

/// Why an item is left open when a run is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// The list still has it, for longer than patience lasts.
    StillListed,
    /// The audit log has a consent after the removal.
    ConsentedAgain,
    /// The person's own consent is gone; an organisation-wide one covers them.
    Covered,
    /// This grant is read as gone; the same list has another one of a marked app, which is not in the run.
    StillReached,
    /// The sign-in may not do this for this person.
    Forbidden,
    /// The provider's answer can't be read.
    Unreadable,
    /// No usable answer came in time.
    NoAnswer,
    /// The provider answered that it is deleted, and the run was cancelled before the list was read again.
    NotRead,
    /// The run was cancelled before anything was done about it.
    Cancelled,
}

/// Why a list could not be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotRead {
    /// The sign-in may not read it.
    Forbidden,
    /// The answer can't be read: a page of somebody else, wrong types, a list that is not whole.
    Unreadable,
    /// No usable answer came in time.
    NoAnswer,
    /// It was not asked for: the reading stopped before its turn.
    NotAsked,
    /// The computer's clock was before the time of the deletion, so the reading proves nothing.
    ClockBehind,
}

/// The last time that somebody wanted an item's list read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// When.
    pub began: Timestamp,
    /// Why it was not read. None: it was, and the item's state says what it said.
    pub not_read: Option<NotRead>,
}

/// Where an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ItemState {
    /// Planned; nothing was sent.
    Planned,
    /// Written down that the deletion is about to be sent. It may or may not have been.
    Intended {
        /// When.
        at: Timestamp,
    },
    /// The provider answered. To be read again.
    Deleted {
        /// When it answered, by the provider's clock where it told.
        at: Timestamp,
        /// What.
        answer: DeleteAnswer,
    },
    /// Gone, and read as gone.
    Proven {
        /// When the deletion was answered, or intended if a crash hid the answer.
        deleted: Timestamp,
        /// When the read that proves it began.
        read: Timestamp,
        /// The account itself is gone.
        nobody_there: bool,
        /// What the audit log adds.
        log: Logged,
        /// What the provider answered to the deletion. None: a crash hid the answer.
        #[serde(default)]
        answer: Option<DeleteAnswer>,
    },
    /// Not done. It can be taken up again.
    Left {
        /// Why.
        why: Left,
        /// Since when that is known.
        at: Timestamp,
        /// When the deletion was answered or intended, if it was.
        deleted: Option<Timestamp>,
        /// What the provider answered to the deletion, if it did.
        #[serde(default)]
        answer: Option<DeleteAnswer>,
    },
    /// Written down that the deleted permission is about to be given back. It may or may not have been.
    Restoring {
        /// When.
        at: Timestamp,
        /// When the deletion was answered.
        deleted: Timestamp,
    },
    /// The deleted permission was given back, and read back from the provider's list. Nothing of the removal is proven
    /// any more.
    Restored {
        /// When the deletion was answered.
        deleted: Timestamp,
        /// When the provider answered, or the list was found to have the permission already.
        at: Timestamp,
        /// When the read that shows it began.
        read: Timestamp,
    },
}

/// A transition that the state does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("out of order")]
pub struct OutOfOrder;

impl ItemState {
    /// Whether it is proven.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        matches!(self, Self::Proven { .. })
    }

    /// Whether a run has nothing more to do with it for now.
    #[must_use]
    pub fn is_over(&self) -> bool {
        match self {
            Self::Planned | Self::Intended { .. } | Self::Deleted { .. } => false,
            Self::Proven { .. } | Self::Left { .. } | Self::Restoring { .. } | Self::Restored { .. } => true,
        }
    }

    /// What the provider answered to the deletion, as far as that is known.
    #[must_use]
    pub fn answer(&self) -> Option<DeleteAnswer> {
        match self {
            Self::Planned | Self::Intended { .. } => None,
            Self::Deleted { answer, .. } => Some(*answer),
            Self::Proven { answer, .. } | Self::Left { answer, .. } => *answer,
            // Nothing else is ever given back.
            Self::Restoring { .. } | Self::Restored { .. } => Some(DeleteAnswer::Deleted),
        }
    }

    /// Whether this run deleted the permission, so that it can give it back. What was gone before the deletion came is
    /// not ours to give, and neither is what a person has consented to anew.
    #[must_use]
    pub fn can_be_restored(&self) -> bool {
        match self {
            Self::Proven { nobody_there, answer, .. } => !nobody_there && *answer != Some(DeleteAnswer::AlreadyGone),
            Self::Left { why: Left::NotRead, answer, .. } => *answer == Some(DeleteAnswer::Deleted),
            Self::Restoring { .. } => true,
            Self::Planned
            | Self::Intended { .. }
            | Self::Deleted { .. }
            | Self::Left { .. }
            | Self::Restored { .. } => false,
        }
    }

    /// Whether giving it back was begun or done: no run takes it up again.
    #[must_use]
    pub fn is_given_back(&self) -> bool {
        matches!(self, Self::Restoring { .. } | Self::Restored { .. })
    }

    /// Writes down that the permission is about to be given back.
    ///
    /// # Errors
    /// [`OutOfOrder`] unless [`ItemState::can_be_restored`].
    pub fn intend_restore(self, at: Timestamp) -> Result<Self, OutOfOrder> {
        let deleted = self.deleted().filter(|_| self.can_be_restored()).ok_or(OutOfOrder)?;
        Ok(Self::Restoring { at, deleted })
    }

    /// Takes the intention to give it back back: the provider surely did nothing.
    ///
    /// # Errors
    /// [`OutOfOrder`] without an intention, or where `before` is no state that one can come from.
    pub fn not_restored(self, before: Self) -> Result<Self, OutOfOrder> {
        match self {
            Self::Restoring { .. } if before.can_be_restored() => Ok(before),
            Self::Restoring { .. }
            | Self::Planned
            | Self::Intended { .. }
            | Self::Deleted { .. }
            | Self::Proven { .. }
            | Self::Left { .. }
            | Self::Restored { .. } => Err(OutOfOrder),
        }
    }

    /// Takes a read of the list, begun at `read`, that has the permission again. `at` is when the provider answered.
    ///
    /// # Errors
    /// [`OutOfOrder`] without an intention.
    pub fn restored(self, at: Timestamp, read: Timestamp) -> Result<Self, OutOfOrder> {
        match self {
            Self::Restoring { deleted, .. } => Ok(Self::Restored { deleted, at, read }),
            Self::Planned
            | Self::Intended { .. }
            | Self::Deleted { .. }
            | Self::Proven { .. }
            | Self::Left { .. }
            | Self::Restored { .. } => Err(OutOfOrder),
        }
    }

    /// When the deletion was answered or, failing that, intended.
    #[must_use]
    pub fn deleted(&self) -> Option<Timestamp> {
        match self {
            Self::Planned => None,
            Self::Intended { at } | Self::Deleted { at, .. } => Some(*at),
            Self::Proven { deleted, .. } | Self::Restoring { deleted, .. } | Self::Restored { deleted, .. } => {
                Some(*deleted)
            }
            Self::Left { deleted, .. } => *deleted,
        }
    }

    /// Writes down that the deletion is about to be sent.
    ///
    /// # Errors
    /// [`OutOfOrder`] once the provider has answered, unless the item was left.
    pub fn intend(self, at: Timestamp) -> Result<Self, OutOfOrder> {
        match self {
            Self::Planned | Self::Intended { .. } | Self::Left { .. } => Ok(Self::Intended { at }),
            Self::Deleted { .. } | Self::Proven { .. } | Self::Restoring { .. } | Self::Restored { .. } => {
                Err(OutOfOrder)
            }
        }
    }

    /// Takes an intention back: the deletion surely did nothing, because it was not sent or was refused, and the item
    /// stands where it was before.
    ///
    /// # Errors
    /// [`OutOfOrder`] without an intention, or where there can't have been one.
    pub fn not_sent(self, before: Self) -> Result<Self, OutOfOrder> {
        match (self, before) {
            (Self::Intended { .. }, Self::Planned | Self::Intended { .. } | Self::Left { .. }) => Ok(before),
            _ => Err(OutOfOrder),
        }
    }

    /// Writes down the provider's answer to the deletion.
    ///
    /// # Errors
    /// [`OutOfOrder`] without an intention.
    pub fn answered(self, at: Timestamp, answer: DeleteAnswer) -> Result<Self, OutOfOrder> {
        match self {
            Self::Intended { .. } => Ok(Self::Deleted { at, answer }),
            Self::Planned
            | Self::Deleted { .. }
            | Self::Proven { .. }
            | Self::Left { .. }
            | Self::Restoring { .. }
            | Self::Restored { .. } => Err(OutOfOrder),
        }
    }

    /// Takes a read of the list that began at `began`. A read that is older than the deletion says nothing, and
    /// neither does one of an item whose deletion was never intended.
    ///
    /// # Errors
    /// [`OutOfOrder`] in both cases.
    pub fn read(self, began: Timestamp, listed: Listed) -> Result<Self, OutOfOrder> {
        let deleted = self.deleted().filter(|deleted| *deleted <= began).ok_or(OutOfOrder)?;
        let answer = self.answer();
        let proven = |nobody_there| Self::Proven { deleted, read: began, nobody_there, log: Logged::NotAsked, answer };
        let left = |why| Self::Left { why, at: began, deleted: Some(deleted), answer };
        Ok(match (self, listed) {
            (Self::Planned | Self::Restoring { .. } | Self::Restored { .. }, _) => return Err(OutOfOrder),
            // Proven stays proven by the same list; what the log adds is kept.
            (Self::Proven { .. }, Listed::No | Listed::NobodyThere) => self,
            // Not gone by our own account of it: the log holds a consent that came later.
            (Self::Left { why: Left::ConsentedAgain, .. }, Listed::No | Listed::Elsewhere) => self,
            (_, Listed::No) => proven(false),
            (_, Listed::NobodyThere) => proven(true),
            (_, Listed::Covered) => left(Left::Covered),
            // A list may lag behind other deletions, but this one is of nothing that the run deletes.
            (_, Listed::Elsewhere) => left(Left::StillReached),
            // A list may lag behind a deletion, so this says nothing yet of an open item.
            (Self::Intended { .. } | Self::Deleted { .. }, Listed::Yes) => self,
            (Self::Left { why: Left::ConsentedAgain, .. }, Listed::Yes) => self,
            // Read as absent before, and there now: somebody consented in between.
            (Self::Proven { .. } | Self::Left { why: Left::StillReached, .. }, Listed::Yes) => {
                left(Left::ConsentedAgain)
            }
            (Self::Left { .. }, Listed::Yes) => left(Left::StillListed),
        })
    }

    /// Takes what the audit log says: the removal, and the latest consent, both by the provider's clock. `asked` is
    /// when the log was read.
    #[must_use]
    pub fn logged(self, asked: Timestamp, removal: Option<Timestamp>, consent: Option<Timestamp>) -> Self {
        let Self::Proven { deleted, read, nobody_there, log, answer } = self else { return self };
        // Logs count in milliseconds: a consent within the one of the deletion may have come after it.
        if consent.is_some_and(|consent| consent >= whole_millisecond(removal.unwrap_or(deleted).max(deleted))) {
            return Self::Left { why: Left::ConsentedAgain, at: asked, deleted: Some(deleted), answer };
        }
        let log = match (removal, log) {
            (Some(at), _) => Logged::Removed { at },
            (None, Logged::Removed { .. }) => log,
            (None, Logged::NotAsked | Logged::NotYet { .. }) => Logged::NotYet { asked },
        };
        Self::Proven { deleted, read, nobody_there, log, answer }
    }

    /// Gives an item up for now. What a list said before stays: no failure takes that back.
    #[must_use]
    pub fn leave(self, at: Timestamp, why: Left) -> Self {
        match self {
            Self::Proven { .. }
            | Self::Left { why: Left::StillReached, .. }
            | Self::Restoring { .. }
            | Self::Restored { .. } => self,
            Self::Planned | Self::Intended { .. } | Self::Deleted { .. } | Self::Left { .. } => {
                Self::Left { why, at, deleted: self.deleted(), answer: self.answer() }
            }
        }
    }
}

fn whole_millisecond(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}
