//! Administrators' sign-ins.

use crate::core::Engine;
use crate::error::AppError;
use crate::ports::Keep;
use uncouple_domain::{IntentionId, SecretId};

impl Engine {
    /// Deletes an administrator's token and reads back.
    pub(crate) async fn forget_sign_in(&self, id: IntentionId, secret: SecretId, keep: Keep) -> Result<(), AppError> {
        self.ports.secrets.forget(secret, keep).await?;
        self.change(move |workspace, ctx| workspace.sign_in_forgotten(ctx, id)).await
    }
}
