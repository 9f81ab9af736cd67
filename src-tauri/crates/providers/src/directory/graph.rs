//! Microsoft 365: which consents there are, by Graph
//! (<https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant>, read 2026-11).

use super::answer::{About, Reply};
use super::api::{Api, Call};
use super::batch::Batch;
use super::graph_wire::{ALL, For, Grant, Organization, Page, ServicePrincipal};
use super::trail::{Trail, link};
use async_trait::async_trait;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::mpsc;
use uncouple_domain::{AppRole, ConsentRule, DeleteAnswer, Listed, Permission};
use uncouple_engine::directory::{
    ApiError, AppSeen, DeletedGrant, Directory, Finding, Holds, Likeness, LogAsk, LogLine, OrganisationFacts,
    OtherGrant, ReadBack, RestoreAnswer, Spent, Target, Wanted, Who,
};
use uncouple_engine::ports::SignInAt;
use url::Url;

/// As many entries a page as there may be (<https://learn.microsoft.com/graph/paging>, read 2026-11).
pub(super) const PAGE: &str = "999";

/// A directory of Microsoft 365.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) api: Arc<Api>,
    pub(super) batch: Arc<Batch>,
}

/// A list that was read to its end.
pub(super) struct Whole<T> {
    /// When the read began.
    pub(super) began: Timestamp,
    pub(super) items: Vec<T>,
    /// Entries that it should have, where it was asked to count.
    pub(super) told: Option<u64>,
}

/// A person's own consents.
pub(super) struct Own {
    /// When the read began.
    pub(super) began: Timestamp,
    /// None: there is no such person.
    pub(super) grants: Option<Vec<Grant>>,
}

/// A text in a filter: quotes are doubled (OData 4.01, URL conventions, section 5.1.1.6.1).
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Graph {
    pub(super) fn new(api: Arc<Api>) -> Self {
        Self { batch: Batch::new(api.clone()), api }
    }

    /// Asks, and takes no answer to another question.
    ///
    /// # Errors
    /// Those of [`Batch::ask`]; [`ApiError::Unreadable`] for an answer about something else.
    pub(super) async fn ask(&self, call: Call) -> Result<Reply, ApiError> {
        let about = call.about.clone();
        let reply = self.batch.ask(call).await?;
        if reply.is_about(&about, false) {
            return Ok(reply);
        }
        tracing::warn!("an answer about something that was not asked for");
        Err(ApiError::Unreadable)
    }

    /// The rest of a list, from its first page on.
    pub(super) async fn whole<T: DeserializeOwned>(
        &self,
        first: &Call,
        reply: &Reply,
        permission: Permission,
    ) -> Result<Whole<T>, ApiError> {
        let mut trail = Trail::default();
        trail.step(first.url.as_str(), false)?;
        let mut page: Page<T> = reply.read(permission)?;
        let told = page.count;
        trail.took(page.value.len())?;
        let mut items = page.value;
        let mut was_empty = items.is_empty();
        while let Some(next) = page.next {
            trail.step(&next, was_empty)?;
            // A next page is asked for as the first was (<https://learn.microsoft.com/graph/paging>, read 2026-11).
            let call = Call { eventual: first.eventual, ..Call::get(link(&self.api.base, &next)?) };
            page = self.api.send(&call).await?.read(permission)?;
            trail.took(page.value.len())?;
            was_empty = page.value.is_empty();
            items.append(&mut page.value);
        }
        Ok(Whole { began: reply.began, items, told })
    }

    /// A whole list.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        permission: Permission,
    ) -> Result<Whole<T>, ApiError> {
        let call = Call::get(self.api.url(path, query)?);
        let reply = self.batch.ask(call.clone()).await?;
        self.whole(&call, &reply, permission).await
    }

    /// Apps that a filter finds.
    pub(super) async fn apps(&self, filter: &str) -> Result<Vec<AppSeen>, ApiError> {
        let query = [("$filter", filter), ("$select", ServicePrincipal::SELECT), ("$top", PAGE)];
        let found = self.list::<ServicePrincipal>(&["servicePrincipals"], &query, Permission::Apps).await?;
        Ok(found.items.into_iter().map(ServicePrincipal::app).collect())
    }

    /// Apps that go by HubSpot's name or were chosen. Graph can search for the beginning of a name only, so it is asked
    /// for a shorter one, which other alphabets' letters further on don't escape.
    pub(super) async fn wanted_apps(&self, wanted: &Wanted) -> Result<Vec<AppSeen>, ApiError> {
        let mut apps = self.apps("startswith(displayName,'Hub')").await?;
        for key in &wanted.apps {
            if apps.iter().any(|app| app.key == *key) {
                continue;
            }
            let url = self.api.url(&["servicePrincipals", key], &[("$select", ServicePrincipal::SELECT)])?;
            let reply = self.ask(Call::get(url).about(About::Id(key.clone()))).await?;
            // An app that is gone from the organisation has no consents there.
            if !reply.is_missing(SignInAt::Microsoft) {
                apps.push(reply.read::<ServicePrincipal>(Permission::Apps)?.app());
            }
        }
        apps.retain(|app| app.likeness != Likeness::Other || wanted.apps.contains(&app.key));
        Ok(apps)
    }

    /// The address of a person's own consents. Those for everybody are not among them
    /// (<https://learn.microsoft.com/graph/api/user-list-oauth2permissiongrants>, read 2026-11).
    fn of_person(&self, person: &str) -> Result<Url, ApiError> {
        self.api.url(&["users", person, "oauth2PermissionGrants"], &[("$top", PAGE)])
    }

    /// A question for an app's consents, counted: without the header and the count the list was seen to lack entries
    /// (microsoftgraph/microsoft-graph-docs issue 17247, msgraph-sdk-powershell issues 1557 and 2469; read 2026-11).
    pub(super) fn of_app(&self, app: &str, filter: &str) -> Result<Call, ApiError> {
        let query = [("$filter", filter), ("$count", "true"), ("$top", PAGE)];
        let url = self.api.url(&["oauth2PermissionGrants"], &query)?;
        Ok(Call::get(url).eventual().about(About::App(app.to_owned())))
    }

    /// Some apps' consents for everybody.
    pub(super) async fn everybodys(&self, apps: &BTreeSet<String>) -> Result<Whole<Grant>, ApiError> {
        let lists = futures_util::future::join_all(apps.iter().map(async |app| {
            let call = self.of_app(app, &format!("clientId eq {} and consentType eq '{ALL}'", quoted(app)))?;
            let reply = self.batch.ask(call.clone()).await?;
            // The enterprise app was deleted, and all its consents with it.
            if reply.is_no_such_app() {
                return Ok(Whole { began: reply.began, items: Vec::new(), told: None });
            }
            self.whole::<Grant>(&call, &reply, Permission::Accesses).await
        }));
        let mut all = Whole { began: Timestamp::MAX, items: Vec::new(), told: None };
        for list in lists.await {
            let list: Whole<Grant> = list?;
            // One that is not in the list may be one of those that are missing in it.
            if list.told.is_some_and(|told| told > list.items.len() as u64) {
                return Err(ApiError::Incomplete);
            }
            all.began = all.began.min(list.began);
            for grant in list.items {
                if grant.whose()? == For::Everybody {
                    all.items.push(grant);
                }
            }
        }
        Ok(all)
    }

    /// A person's own consents.
    pub(super) async fn persons(&self, person: &str) -> Result<Own, ApiError> {
        let call = Call::get(self.of_person(person)?).about(About::Person(person.to_owned()));
        let reply = self.ask(call.clone()).await?;
        let began = reply.began;
        if !reply.is_missing(SignInAt::Microsoft) {
            let list = self.whole(&call, &reply, Permission::Accesses).await?;
            return Ok(Own { began, grants: Some(list.items) });
        }
        // Nobody is taken for gone on one word.
        let url = self.api.url(&["users", person], &[("$select", "id")])?;
        let asked = self.ask(Call::get(url).about(About::Id(person.to_owned()))).await?;
        if asked.is_missing(SignInAt::Microsoft) {
            return Ok(Own { began, grants: None });
        }
        asked.accept(Permission::People)?;
        Err(ApiError::NoAnswer)
    }
}

/// Whether a grant is the one that is meant. Without an identifier all of the app's are.
fn is_meant(target: &Target, grant: &Grant) -> bool {
    match &target.grant {
        Some(id) => grant.id == *id,
        None => grant.client_id == target.app,
    }
}

#[async_trait]
impl Directory for Graph {
    async fn organisation(&self, _: &str) -> Result<OrganisationFacts, ApiError> {
        let query = [("$select", "id,displayName,verifiedDomains")];
        let found = self.list::<Organization>(&["organization"], &query, Permission::People).await?;
        let [organisation] = found.items.as_slice() else { return Err(ApiError::Unreadable) };
        let name = organisation.name().unwrap_or(&organisation.id);
        Ok(OrganisationFacts { key: organisation.id.clone(), name: name.to_owned() })
    }

    async fn search(&self, wanted: &Wanted, out: mpsc::Sender<Finding>) -> Result<(), ApiError> {
        self.search_grants(wanted, &out).await
    }

    async fn look_up(&self, address: &str, wanted: &Wanted) -> Result<Vec<Finding>, ApiError> {
        self.look_up_person(address, wanted).await
    }

    async fn app(&self, client_id: &str) -> Result<Option<AppSeen>, ApiError> {
        Ok(self.apps(&format!("appId eq {}", quoted(client_id))).await?.into_iter().next())
    }

    /// `DELETE /oauth2PermissionGrants/{id}`
    /// (<https://learn.microsoft.com/graph/api/oauth2permissiongrant-delete>, read 2026-11).
    async fn delete(&self, target: &Target) -> Result<DeleteAnswer, ApiError> {
        // Nothing else names a consent here.
        let grant = target.grant.as_deref().ok_or(ApiError::Unreadable)?;
        let reply = self.batch.ask(Call::delete(self.api.url(&["oauth2PermissionGrants", grant], &[])?)).await?;
        if reply.is_missing(SignInAt::Microsoft) {
            return Ok(DeleteAnswer::AlreadyGone);
        }
        reply.accept(Permission::Revoke)?;
        Ok(DeleteAnswer::Deleted)
    }

    fn halt(&self) {
        self.api.gate.halt();
    }

    /// The person's own list and the consents for everybody are read at the same time; the answer is as old as the
    /// older of the two.
    async fn read(&self, target: &Target, apps: &BTreeSet<String>) -> Result<ReadBack, ApiError> {
        let all_apps: BTreeSet<String> = apps.iter().chain([&target.app]).cloned().collect();
        let for_all = |all: &Whole<Grant>, app: &str| all.items.iter().any(|grant| grant.client_id == app);
        match &target.who {
            Who::Everybody => {
                let all = self.everybodys(&all_apps).await?;
                let listed = all.items.iter().any(|grant| is_meant(target, grant));
                let reached = apps.iter().any(|app| for_all(&all, app));
                let others = all.items.iter().filter(|grant| all_apps.contains(&grant.client_id));
                let others = others.filter(|grant| !is_meant(target, grant));
                let others = others.map(|grant| OtherGrant::of(Who::Everybody, grant.access())).collect();
                let listed = if listed { Listed::Yes } else { Listed::No };
                Ok(ReadBack { began: all.began, listed, reached, others })
            }
            Who::Person { id } => {
                let (own, all) = tokio::join!(self.persons(id), self.everybodys(&all_apps));
                let Own { began, grants } = own?;
                let Some(own) = grants else {
                    return Ok(ReadBack { began, listed: Listed::NobodyThere, reached: false, others: Vec::new() });
                };
                let all = all?;
                let listed = if own.iter().any(|grant| is_meant(target, grant)) {
                    Listed::Yes
                } else if for_all(&all, &target.app) {
                    Listed::Covered
                } else {
                    Listed::No
                };
                let reached =
                    apps.iter().any(|app| for_all(&all, app) || own.iter().any(|grant| grant.client_id == *app));
                // What covers the person by the same app is told apart already.
                let theirs = own.iter().filter(|grant| all_apps.contains(&grant.client_id) && !is_meant(target, grant));
                let theirs = theirs.map(|grant| OtherGrant::of(target.who.clone(), grant.access()));
                let for_everybody = all.items.iter();
                let for_everybody = for_everybody
                    .filter(|grant| all_apps.contains(&grant.client_id) && grant.client_id != target.app)
                    .map(|grant| OtherGrant::of(Who::Everybody, grant.access()));
                let others = theirs.chain(for_everybody).collect();
                Ok(ReadBack { began: began.min(all.began), listed, reached, others })
            }
        }
    }

    async fn app_roles(&self, app: &str) -> Result<Vec<AppRole>, ApiError> {
        self.roles_of(app).await
    }

    async fn consent_rule(&self) -> Result<ConsentRule, ApiError> {
        self.rule().await
    }

    async fn give_back(&self, grant: &DeletedGrant) -> Result<RestoreAnswer, ApiError> {
        self.post_grant(grant).await
    }

    async fn holds(&self, grant: &DeletedGrant) -> Result<(Timestamp, Holds), ApiError> {
        self.look_for(grant).await
    }

    async fn log(&self, ask: &LogAsk, out: mpsc::Sender<LogLine>) -> Result<(), ApiError> {
        self.read_log(ask, &out).await
    }

    fn spent(&self) -> Spent {
        self.api.gate.spent()
    }
}
