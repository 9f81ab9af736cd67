//! Adapters of the engine's ports that belong to the desktop.

pub(crate) mod browser;
pub(crate) mod guides;
