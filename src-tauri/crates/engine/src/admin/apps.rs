//! Which apps are HubSpot's: an administrator says, once for each organisation.

use crate::core::Engine;
use crate::directory::{AppSeen, Likeness};
use crate::error::{AppError, ErrorCode};
use crate::runs::AppRow;
use crate::view::AppView;
use std::sync::Arc;
use uncouple_domain::{ChosenApp, NewApp, Organisation, OrganisationId, Permission, Scope};

/// Longer than any client id.
const LONGEST: usize = 300;

impl Engine {
    /// Apps that searches came across.
    ///
    /// # Errors
    /// `not_super_admin`, `unknown_organisation`.
    pub async fn directory_apps(&self, id: OrganisationId, text: Option<String>) -> Result<Vec<AppView>, AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let organisation = snapshot.workspace.organisation(id)?;
        let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let rows = self.ports.runs.apps(id, text).await?;
        Ok(rows.into_iter().map(|row| view(organisation, row)).collect())
    }

    /// Looks an app up by its client id, for one that no search came across by name.
    ///
    /// # Errors
    /// `unknown_app`; as [`Engine::search`].
    pub async fn look_up_app(self: &Arc<Self>, id: OrganisationId, client_id: &str) -> Result<AppView, AppError> {
        let client_id = client_id.trim();
        if client_id.is_empty() || client_id.len() > LONGEST || client_id.chars().any(char::is_control) {
            return Err(ErrorCode::UnknownApp.into());
        }
        let snapshot = self.case(Scope::Organisations).await?;
        let organisation = self.administered(&snapshot.workspace, id, Permission::Apps)?;
        let known = self.known_app(id, client_id).await?;
        let row = match known {
            Some(row) => row,
            None => {
                let directory = self.directory(&organisation).await?;
                let app = directory.app(client_id).await?.ok_or(ErrorCode::UnknownApp)?;
                self.ports.runs.put_apps(id, vec![app.clone()]).await?;
                AppRow { app, accesses: 0, counted: None }
            }
        };
        Ok(view(&organisation, row))
    }

    async fn known_app(&self, id: OrganisationId, key: &str) -> Result<Option<AppRow>, AppError> {
        // Not by the text that people look for: at Microsoft the key is none that anybody sees.
        let rows = self.ports.runs.apps(id, None).await?;
        Ok(rows.into_iter().find(|row| row.app.key == key || row.app.client_id == key))
    }

    /// Names an app as HubSpot's, or takes that back. An app that is not called HubSpot, or only looks so, wants a
    /// second look: its name, repeated by whoever chooses it.
    ///
    /// # Errors
    /// `unknown_app`; `app_not_hubspot` with its name; `not_super_admin`, `unknown_organisation`.
    pub async fn choose_app(
        &self,
        id: OrganisationId,
        key: &str,
        chosen: bool,
        named: Option<&str>,
    ) -> Result<(), AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let organisation = snapshot.workspace.organisation(id)?;
        let known = self.known_app(id, key).await?.map(|row| row.app);
        let app = match known {
            Some(app) => app,
            // One that was chosen can be dropped, whatever became of it.
            None => organisation
                .apps
                .iter()
                .find(|app| app.key == key)
                .filter(|_| !chosen)
                .map_or_else(|| Err(AppError::from(ErrorCode::UnknownApp)), |app| Ok(forgotten(app)))?,
        };
        let repeated = named.is_some_and(|named| named.trim() == app.name.trim());
        if chosen && app.likeness != Likeness::Named && !repeated {
            return Err(AppError::new(ErrorCode::AppNotHubspot).with("name", &app.name));
        }
        let by_name = app.likeness == Likeness::Named;
        let app = NewApp { key: app.key, name: app.name, client_id: app.client_id, by_name };
        self.change(Scope::Organisation(id), move |workspace, ctx| workspace.choose_app(ctx, id, &app, chosen)).await
    }
}

fn forgotten(app: &ChosenApp) -> AppSeen {
    AppSeen {
        key: app.key.clone(),
        client_id: app.client_id.clone().unwrap_or_else(|| app.key.clone()),
        name: app.name.clone(),
        publisher: None,
        verified: None,
        likeness: Likeness::Other,
    }
}

fn view(organisation: &Organisation, row: AppRow) -> AppView {
    // Accesses are kept of apps that the last search looked for; others may have been counted. What nobody counted is
    // not zero.
    let chosen = organisation.apps.iter().find(|app| app.key == row.app.key);
    let looked_for = organisation.searched.as_ref().is_some_and(|search| {
        row.app.likeness != Likeness::Other || chosen.is_some_and(|app| app.stamp.at <= search.began)
    });
    AppView {
        chosen: organisation.has_chosen(&row.app.key),
        key: row.app.key,
        client_id: row.app.client_id,
        name: row.app.name,
        publisher: row.app.publisher,
        verified: row.app.verified,
        likeness: row.app.likeness,
        accesses: if looked_for { Some(row.accesses) } else { row.counted },
    }
}
