//! What the table asks of whoever carries requests to it.

use async_trait::async_trait;
use std::sync::Arc;
use uncouple_engine::view::DesktopView;
use uncouple_engine::{AppError, Engine};

/// A way in: which workspace is open there, and what else only the face itself can do.
///
/// Who acts is the engine's business, never the request's.
#[async_trait]
pub trait Face: Send + Sync {
    /// The open workspace's engine.
    ///
    /// # Errors
    /// Why the workspace can't be opened.
    async fn engine(&self) -> Result<Arc<Engine>, AppError>;

    /// The same, after another try where the workspace could not be opened before.
    ///
    /// # Errors
    /// Why the workspace can't be opened.
    async fn engine_again(&self) -> Result<Arc<Engine>, AppError>;

    /// Opens a fresh sample in the workspace's place.
    ///
    /// # Errors
    /// What the store says.
    async fn begin_sample(&self) -> Result<(), AppError>;

    /// Throws the sample away and goes back to the person's own workspace.
    ///
    /// # Errors
    /// `not_sample`.
    async fn leave_sample(&self) -> Result<(), AppError>;

    /// What the desktop around this face offers.
    async fn desktop(&self) -> DesktopView;

    /// Starts with the system from now on, or not any more.
    ///
    /// # Errors
    /// `autostart_failed`.
    async fn set_autostart(&self, on: bool) -> Result<(), AppError>;

    /// The first usable screen is painted.
    async fn first_paint(&self);
}
