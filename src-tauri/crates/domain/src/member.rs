//! People.

use crate::{MemberId, Name};
use serde::{Deserialize, Serialize};

/// A language of the app's own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    /// Japanese.
    #[serde(rename = "ja")]
    Japanese,
    /// English.
    #[serde(rename = "en")]
    English,
}

/// A person in the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Identity.
    pub id: MemberId,
    /// The name that stands beside what they confirm.
    pub name: Name,
    /// Super admins see everything; they still can't act on other people's mailboxes in HubSpot.
    pub super_admin: bool,
    /// The language of what pops up for them. None: the app's.
    pub language: Option<Language>,
    /// Not in the workspace any more. The row stays, because what they confirmed bears their name.
    pub removed: bool,
}
