//! Which device keeps what, and where the workspace came from.

use crate::core::{Engine, locked};
use crate::error::{AppError, ErrorCode};
use crate::ports::Keep;
use crate::view::{DeviceView, KeptOn, OriginQuestion};
use crate::wire::Origin;
use std::path::Path;
use uncouple_domain::{Device, DeviceId, Name, Scope, Token, Workspace};

/// Where something is that another device keeps.
pub(crate) fn kept_on(workspace: &Workspace, device: Option<DeviceId>, here: DeviceId) -> KeptOn {
    match device.and_then(|id| workspace.devices.get(&id)) {
        Some(device) if device.earlier_of == Some(here) => KeptOn::OtherFile { file: device.file.clone() },
        Some(device) => KeptOn::Device { name: device.name.as_str().to_owned() },
        None => KeptOn::Unknown,
    }
}

/// The same of a token. None: this device keeps it, or there is none.
pub(crate) fn token_kept_on(workspace: &Workspace, token: &Token, here: DeviceId) -> Option<KeptOn> {
    let device = token.kept_on().filter(|_| token.is_elsewhere(here))?;
    Some(kept_on(workspace, device, here))
}

/// The devices that have used the workspace, this one first.
pub(crate) fn devices(workspace: &Workspace, here: DeviceId) -> Vec<DeviceView> {
    let mut all: Vec<&Device> = workspace.devices.values().collect();
    all.sort_by_key(|device| (device.id != here, device.since, device.id));
    let view = |device: &Device| DeviceView {
        id: device.id.to_string(),
        name: device.name.as_str().to_owned(),
        this: device.id == here,
        earlier: device.earlier_of.is_some(),
        file: device.file.clone(),
        since: device.since.to_string(),
        origin: device.origin.into(),
        gone: device.gone_to.is_some(),
    };
    all.into_iter().map(view).collect()
}

/// What is to be asked of whoever opens the workspace here.
pub(crate) fn origin_question(workspace: &Workspace, here: DeviceId) -> Option<OriginQuestion> {
    let this = workspace.devices.get(&here).filter(|this| this.origin == uncouple_domain::Origin::Unknown)?;
    let earlier = workspace.devices.values().filter(|device| device.earlier_of == Some(here));
    let was_at = earlier.max_by_key(|device| device.id).map(|device| device.file.clone());
    let others = workspace.devices.values().filter(|device| device.id != here && device.earlier_of.is_none());
    Some(OriginQuestion {
        devices: others.map(|device| device.name.as_str().to_owned()).collect(),
        still_there: was_at.as_ref().is_some_and(|file| Path::new(file).exists()),
        was_at,
        is_at: this.file.clone(),
    })
}

impl Engine {
    /// Says what the workspace on this device is: the one from before, a copy of it, or one from a backup. What was kept
    /// before becomes this device's where it is read in this device's own keyring, and not before.
    ///
    /// # Errors
    /// `begun_here` where it came from nowhere; `bad_argument` for what is no answer.
    pub async fn say_origin(&self, origin: Origin) -> Result<(), AppError> {
        if matches!(origin, Origin::Began | Origin::Unknown) {
            return Err(ErrorCode::BadArgument.into());
        }
        self.change(Scope::kept(), move |workspace, ctx| workspace.say_origin(ctx, origin.into())).await?;
        *locked(&self.looked_through) = false;
        self.adopt_what_is_here().await
    }

    /// Gives this device another name.
    ///
    /// # Errors
    /// A `name_…` code.
    pub async fn rename_device(&self, name: &str) -> Result<(), AppError> {
        let name = Name::parse(name).map_err(AppError::name)?;
        self.change(Scope::Roster, move |workspace, ctx| workspace.rename_device(ctx, name)).await
    }

    /// Looks in this device's keyring for what may be its own: from before devices were told apart, or from a device that
    /// somebody said went on here. Only what is read is taken over; what is not found may be in another keyring.
    ///
    /// # Errors
    /// What the store says. A keyring that does not answer leaves everything for the next time.
    pub async fn adopt_what_is_here(&self) -> Result<(), AppError> {
        if *locked(&self.looked_through) {
            return Ok(());
        }
        let wanted = self.case(Scope::kept()).await?.workspace.adoptable(&self.ctx());
        // A locked keyring would ask for its password, for something that nobody waits for.
        if !wanted.is_empty() && self.ports.secrets.state().await.is_err() {
            return Ok(());
        }
        for secret in wanted {
            let using = self.tokens.lock().await;
            match self.ports.secrets.read(secret, Keep::Keyring).await {
                Ok(Some(_)) => {
                    self.change(Scope::kept(), move |workspace, ctx| {
                        workspace.adopt(ctx, secret);
                        Ok(())
                    })
                    .await?;
                }
                // It may be in the keyring of another device.
                Ok(None) => {}
                Err(error) => {
                    tracing::info!(%error, "the keyring was not looked through for what may be this device's");
                    return Ok(());
                }
            }
            drop(using);
        }
        *locked(&self.looked_through) = true;
        Ok(())
    }
}
