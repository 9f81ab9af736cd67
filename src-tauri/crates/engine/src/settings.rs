//! Settings of a workspace. Nothing in here is a secret.

use crate::ports::{SignInApp, SignInAt};
use crate::wire::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Appearance {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Which notices pop up on the desktop, and when. Times of day are `HH:MM` in the person's own zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
#[ts(export)]
#[expect(clippy::struct_excessive_bools, reason = "one switch each on the settings screen")]
pub struct NoticeSettings {
    /// Something was disconnected.
    pub disconnected: bool,
    /// A connection was lost, or an access is still there.
    pub lost: bool,
    /// Somebody asks to disconnect a mailbox, or answers.
    pub asked: bool,
    /// A job that was put off is due.
    pub reminders: bool,
    /// When the daily digest of open jobs comes. None: never.
    pub digest_at: Option<String>,
    /// Nothing pops up from then on. None: no quiet hours.
    pub quiet_from: Option<String>,
    /// Until then, perhaps the next day.
    pub quiet_to: Option<String>,
    /// For how many days a notice is kept after it was read. The history keeps everything.
    pub keep_days: u16,
}

impl Default for NoticeSettings {
    fn default() -> Self {
        Self {
            disconnected: true,
            lost: true,
            asked: true,
            reminders: true,
            digest_at: Some("09:00".to_owned()),
            quiet_from: None,
            quiet_to: None,
            keep_days: 90,
        }
    }
}

/// Settings of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct Settings {
    /// Somebody has said how to begin; the welcome is not shown again.
    pub welcomed: bool,
    /// The chosen language. None: the system's.
    pub language: Option<Language>,
    /// Light or dark.
    pub appearance: Appearance,
    /// Notices on the desktop.
    pub notices: NoticeSettings,
    /// The sign-in app for Google.
    pub google: SignInApp,
    /// The sign-in app for Microsoft.
    pub microsoft: SignInApp,
    /// How hard the administrators' APIs may be worked.
    pub paces: crate::view::Paces,
}

impl Settings {
    /// The sign-in app for one of the two account systems.
    #[must_use]
    pub fn app(&self, at: SignInAt) -> &SignInApp {
        match at {
            SignInAt::Google => &self.google,
            SignInAt::Microsoft => &self.microsoft,
        }
    }

    /// The same, to be changed.
    pub fn app_mut(&mut self, at: SignInAt) -> &mut SignInApp {
        match at {
            SignInAt::Google => &mut self.google,
            SignInAt::Microsoft => &mut self.microsoft,
        }
    }
}
