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
    /// The sign-in app for Google.
    pub google: SignInApp,
    /// The sign-in app for Microsoft.
    pub microsoft: SignInApp,
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
