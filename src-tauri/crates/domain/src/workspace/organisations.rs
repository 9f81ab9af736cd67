//! Administrators' sign-ins, and which apps they named as HubSpot's.

use super::Workspace;
use crate::{
    Address, AdminSignIn, AppRoles, ChosenApp, ConsentPolicy, Ctx, EventKind, Intention, IntentionId, IntentionKind,
    LogRead, Organisation, OrganisationId, Permission, Refusal, RefusedBy, Scope, Search, SecretId, Suite,
};
use std::collections::{BTreeMap, BTreeSet};

/// An administrator who has signed in. The token is in the keyring already.
#[derive(Clone, Debug)]
pub struct NewSignIn {
    /// Identity for an organisation that was not known before.
    pub organisation: OrganisationId,
    /// The intention under which the token was kept.
    pub intention: IntentionId,
    /// An intention to forget the token of an earlier sign-in.
    pub forget: IntentionId,
    /// Where its accounts are.
    pub suite: Suite,
    /// The provider's identifier of the organisation.
    pub key: String,
    /// Its name for people.
    pub name: String,
    /// Who signed in.
    pub account: Address,
    /// The provider's own identifier of them.
    pub subject: String,
    /// To look only.
    pub read_only: bool,
    /// What the provider granted.
    pub permissions: BTreeSet<Permission>,
    /// Where the token is.
    pub secret: SecretId,
    /// Kept in memory only.
    pub this_run_only: bool,
}

impl NewSignIn {
    /// The case of the sign-in. Which organisation it is of is known by its key only.
    #[must_use]
    pub fn scope(&self) -> Scope {
        Scope::Intention(self.intention).and(Scope::Organisations)
    }
}

/// An app to be named as HubSpot's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewApp {
    /// See [`ChosenApp::key`].
    pub key: String,
    /// Its name.
    pub name: String,
    /// The client id that its maker knows.
    pub client_id: String,
    /// It goes by HubSpot's name.
    pub by_name: bool,
}

impl Workspace {
    /// An organisation.
    ///
    /// # Errors
    /// [`Refusal::UnknownOrganisation`].
    pub fn organisation(&self, id: OrganisationId) -> Result<&Organisation, Refusal> {
        self.organisations.get(&id).ok_or(Refusal::UnknownOrganisation)
    }

    /// Signs an administrator in. An earlier sign-in at the same organisation is replaced, and its token is to be
    /// forgotten.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownIntention`].
    pub fn sign_in_administrator(&mut self, ctx: &Ctx, new: NewSignIn) -> Result<OrganisationId, Refusal> {
        self.by_super_admin(ctx)?;
        match self.own_intention(ctx, new.intention)? {
            IntentionKind::Keep { secret } if secret == new.secret => {}
            IntentionKind::Keep { .. }
            | IntentionKind::Revoke { .. }
            | IntentionKind::Forget { .. }
            | IntentionKind::ForgetSignIn { .. } => return Err(Refusal::UnknownIntention),
        }
        let organisation = self.organisation_by_key(new.organisation, new.suite, &new.key, &new.name);
        let id = organisation.id;
        let account = new.account.to_string();
        let before = organisation.sign_in.replace(AdminSignIn {
            account: new.account,
            subject: new.subject,
            read_only: new.read_only,
            permissions: new.permissions,
            secret: new.secret,
            device: Some(ctx.device),
            this_run_only: new.this_run_only,
            stamp: ctx.stamp(),
            refused_since: None,
            refused_by: None,
        });
        self.parts.intentions.remove(&new.intention);
        if let Some(before) = before {
            self.intend_forget_sign_in(ctx, new.forget, id, &before);
        }
        self.note(ctx, EventKind::AdministratorSignedIn { suite: new.suite, account, read_only: new.read_only });
        Ok(id)
    }

    /// Makes an organisation known without a sign-in, for a token that is handed over for one run.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`].
    pub fn adopt_organisation(
        &mut self,
        ctx: &Ctx,
        fresh: OrganisationId,
        suite: Suite,
        key: &str,
        name: &str,
    ) -> Result<OrganisationId, Refusal> {
        self.by_super_admin(ctx)?;
        Ok(self.organisation_by_key(fresh, suite, key, name).id)
    }

    /// The organisation that a provider calls so; a new one where there is none.
    fn organisation_by_key(&mut self, fresh: OrganisationId, suite: Suite, key: &str, name: &str) -> &mut Organisation {
        let known = self.organisations.values().find(|o| o.suite == suite && o.key == key).map(|o| o.id);
        let id = known.unwrap_or(fresh);
        let organisation = self.parts.organisations.entry(id).or_insert_with(|| Organisation {
            id,
            suite,
            key: key.to_owned(),
            name: String::new(),
            sign_in: None,
            apps: Vec::new(),
            searched: None,
            consent_policy: None,
        });
        name.clone_into(&mut organisation.name);
        organisation
    }

    /// Signs an administrator out. The token is to be forgotten under the intention, by the device that keeps it.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownOrganisation`]; [`Refusal::NotSignedIn`].
    pub fn sign_out_administrator(
        &mut self,
        ctx: &Ctx,
        id: OrganisationId,
        forget: IntentionId,
    ) -> Result<AdminSignIn, Refusal> {
        self.by_super_admin(ctx)?;
        let organisation = self.parts.organisations.get_mut(&id).ok_or(Refusal::UnknownOrganisation)?;
        let before = organisation.sign_in.take().ok_or(Refusal::NotSignedIn)?;
        self.intend_forget_sign_in(ctx, forget, id, &before);
        let account = before.account.to_string();
        let suite = self.organisation(id)?.suite;
        self.note(ctx, EventKind::AdministratorSignedOut { suite, account });
        Ok(before)
    }

    fn intend_forget_sign_in(
        &mut self,
        ctx: &Ctx,
        id: IntentionId,
        organisation: OrganisationId,
        signed: &AdminSignIn,
    ) {
        let AdminSignIn { secret, this_run_only, device, .. } = *signed;
        let kind = IntentionKind::ForgetSignIn { organisation, secret, this_run_only };
        self.parts.intentions.insert(id, Intention { id, stamp: ctx.stamp(), device, kind });
    }

    /// Writes down that an administrator's token was deleted and read back as absent.
    ///
    /// # Errors
    /// [`Refusal::UnknownIntention`]; [`Refusal::KeptElsewhere`] where another device keeps it.
    pub fn sign_in_forgotten(&mut self, ctx: &Ctx, id: IntentionId) -> Result<(), Refusal> {
        let IntentionKind::ForgetSignIn { organisation, .. } = self.own_intention(ctx, id)? else {
            return Err(Refusal::UnknownIntention);
        };
        self.parts.intentions.remove(&id);
        if let Some(suite) = self.organisations.get(&organisation).map(|o| o.suite) {
            self.note(ctx, EventKind::AdministratorForgotten { suite });
        }
        Ok(())
    }

    /// Writes down whether the provider takes an administrator's token, and what it names as the cause where it does not.
    /// A later sign-in is not touched.
    pub fn sign_in_refused(
        &mut self,
        ctx: &Ctx,
        id: OrganisationId,
        secret: SecretId,
        refused: bool,
        by: Option<RefusedBy>,
    ) {
        let signed =
            self.parts.organisations.get_mut(&id).and_then(|o| o.sign_in.as_mut()).filter(|s| s.secret == secret);
        if let Some(signed) = signed {
            signed.refused_since = refused.then(|| signed.refused_since.unwrap_or(ctx.now));
            signed.refused_by = by.filter(|_| refused);
        }
    }

    /// Names an app as HubSpot's, or takes that back.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownOrganisation`].
    pub fn choose_app(&mut self, ctx: &Ctx, id: OrganisationId, app: &NewApp, chosen: bool) -> Result<(), Refusal> {
        self.by_super_admin(ctx)?;
        let organisation = self.parts.organisations.get_mut(&id).ok_or(Refusal::UnknownOrganisation)?;
        if organisation.has_chosen(&app.key) == chosen {
            return Ok(());
        }
        let NewApp { key, name, client_id, by_name } = app.clone();
        let (of, app) = (organisation.name.clone(), name.clone());
        if chosen {
            organisation.apps.push(ChosenApp {
                key: key.clone(),
                name,
                stamp: ctx.stamp(),
                client_id: Some(client_id),
                by_name,
                roles: AppRoles::NotRead,
            });
            self.note(ctx, EventKind::AppChosen { organisation: of, app, key });
        } else {
            organisation.apps.retain(|app| app.key != key);
            self.note(ctx, EventKind::AppDropped { organisation: of, app, key });
        }
        Ok(())
    }

    /// Writes down what was read of the organisation beside its people: application permissions of chosen apps, by key,
    /// and the consent policy. What a failed read says nothing of keeps what was known.
    ///
    /// # Errors
    /// [`Refusal::UnknownOrganisation`].
    pub fn organisation_read(
        &mut self,
        id: OrganisationId,
        roles: &BTreeMap<String, AppRoles>,
        policy: Option<ConsentPolicy>,
    ) -> Result<(), Refusal> {
        let organisation = self.parts.organisations.get_mut(&id).ok_or(Refusal::UnknownOrganisation)?;
        for app in &mut organisation.apps {
            if let Some(roles) = roles.get(&app.key) {
                app.roles = roles.clone();
            }
        }
        organisation.consent_policy = policy.or(organisation.consent_policy);
        Ok(())
    }

    /// Writes down what a search came to.
    ///
    /// # Errors
    /// [`Refusal::UnknownOrganisation`].
    pub fn searched(&mut self, ctx: &Ctx, id: OrganisationId, search: Search) -> Result<(), Refusal> {
        let organisation = self.parts.organisations.get_mut(&id).ok_or(Refusal::UnknownOrganisation)?;
        let Search { people, accesses, unread, complete, .. } = search;
        organisation.searched = Some(search);
        let organisation = organisation.name.clone();
        self.note(ctx, EventKind::OrganisationSearched { organisation, people, accesses, unread, complete });
        Ok(())
    }

    /// Writes down how far the audit log was read for what the last search found.
    ///
    /// # Errors
    /// [`Refusal::UnknownOrganisation`].
    pub fn log_was_read(&mut self, id: OrganisationId, log: LogRead) -> Result<(), Refusal> {
        let organisation = self.parts.organisations.get_mut(&id).ok_or(Refusal::UnknownOrganisation)?;
        if let Some(search) = &mut organisation.searched {
            search.log = Some(log);
        }
        Ok(())
    }

    /// Whether the acting member may run something in an organisation: as super admin, signed in, with a permission.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`], [`Refusal::UnknownOrganisation`], [`Refusal::NotSignedIn`],
    /// [`Refusal::KeptElsewhere`] where they are signed in on another device, [`Refusal::NotPermitted`].
    pub fn may_administer(
        &self,
        ctx: &Ctx,
        id: OrganisationId,
        permission: Permission,
    ) -> Result<&Organisation, Refusal> {
        self.by_super_admin(ctx)?;
        let organisation = self.organisation(id)?;
        let signed = organisation.sign_in.as_ref().ok_or(Refusal::NotSignedIn)?;
        self.kept_here(ctx, signed.device)?;
        if organisation.may(permission) { Ok(organisation) } else { Err(Refusal::NotPermitted { permission }) }
    }
}
