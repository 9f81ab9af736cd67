//! The list of accesses, as the window asks for it.

use super::reach::reaches;
use super::report::Caution;
use super::times;
use super::uses::{LOG_DAYS, unused};
use crate::core::Engine;
use crate::directory::Who;
use crate::error::{AppError, ErrorCode};
use crate::export::Table;
use crate::new_file::NewFile;
use crate::past::{ExportFormat, LONGEST_FILTER};
use crate::runs::{AccessQuery, AccessRow, AccessView, Found};
use crate::view::{AccessAsk, AccessLine, AccessList, AccountView, Exported, KnownRow, UnreadList, UnreadView};
use std::collections::BTreeMap;
use uncouple_domain::{OrganisationId, Scope, Workspace};

/// The longest page.
pub(crate) const PAGE: u32 = 500;

/// More days than any log reaches back.
const MOST_DAYS: u32 = 3_650;

impl Engine {
    /// A page of accesses.
    ///
    /// # Errors
    /// `not_super_admin`; `bad_argument` for a query that makes no sense; a `uses_…` code where it is not known what is
    /// unused.
    pub async fn accesses(&self, ask: &AccessAsk) -> Result<AccessList, AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let page = self.ports.runs.accesses(access_query(&snapshot.workspace, ask)?).await?;
        let rows = page.rows.into_iter().filter_map(|row| line(&snapshot.workspace, row)).collect();
        Ok(AccessList { rows, total: page.total })
    }

    /// Writes all lines of a query to a file.
    ///
    /// # Errors
    /// `export_exists`, `export_failed` with the path; as [`Engine::accesses`].
    pub async fn export_accesses(
        &self,
        ask: &AccessAsk,
        format: ExportFormat,
        path: &str,
    ) -> Result<Exported, AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        let mut query = AccessQuery { offset: 0, limit: PAGE, ..access_query(&snapshot.workspace, ask)? };
        let cautions = self.cautions(&snapshot.workspace).await?;
        let mut file = NewFile::begin(path).await?;
        let mut table = Table::new(format, "uncouple-accesses/1", &COLUMNS);
        let mut count = 0;
        loop {
            let page = self.ports.runs.accesses(query.clone()).await?;
            let full = page.rows.len() == PAGE as usize;
            for row in page.rows {
                let caution = cautions.get(&row.organisation).cloned().unwrap_or_default();
                let Some(line) = line(&snapshot.workspace, row) else { continue };
                table.row(&cells(&line, caution));
                count += 1;
            }
            file.write(table.take().as_bytes()).await?;
            if !full {
                break;
            }
            query.offset += u64::from(PAGE);
        }
        let head = self.ports.store.verify_history().await?.head;
        file.write(table.close(&[("head", head.clone().into())]).as_bytes()).await?;
        file.finish().await?;
        Ok(Exported { path: path.to_owned(), entries: count, head })
    }

    /// A page of people whose lists the searches could not read: their grants are not known.
    ///
    /// # Errors
    /// `not_super_admin`, `unknown_organisation`.
    pub async fn unread(&self, id: OrganisationId, offset: u64, limit: u32) -> Result<UnreadList, AppError> {
        let snapshot = self.case(Scope::Organisations).await?;
        snapshot.workspace.by_super_admin(&self.ctx())?;
        snapshot.workspace.organisation(id)?;
        let (people, total) = self.ports.runs.unread(id, offset, limit.clamp(1, PAGE)).await?;
        let people = people.into_iter().map(|person| UnreadView {
            address: person.address,
            name: person.name,
            why: person.why.into(),
            at: person.at.to_string(),
        });
        Ok(UnreadList { people: people.collect(), total })
    }

    /// Writes all people whose lists could not be read to a file.
    ///
    /// # Errors
    /// `export_exists`, `export_failed` with the path; as [`Engine::unread`].
    pub async fn export_unread(
        &self,
        id: OrganisationId,
        format: ExportFormat,
        path: &str,
    ) -> Result<Exported, AppError> {
        let first = self.unread(id, 0, PAGE).await?;
        let suite = self.case(Scope::Organisations).await?.workspace.organisation(id)?.suite;
        let mut file = NewFile::begin(path).await?;
        let mut table = Table::new(format, "uncouple-unread/1", &["provider", "address", "name", "why", "at"]);
        let (mut page, mut entries) = (first.people, 0);
        loop {
            let full = page.len() == PAGE as usize;
            entries += page.len() as u64;
            for person in page {
                let suite = word(&crate::wire::Suite::from(suite));
                let name = person.name.unwrap_or_default();
                table.row(&[suite, person.address, name, word(&person.why), person.at]);
            }
            file.write(table.take().as_bytes()).await?;
            if !full {
                break;
            }
            page = self.unread(id, entries, PAGE).await?.people;
        }
        let head = self.ports.store.verify_history().await?.head;
        file.write(table.close(&[("head", head.clone().into())]).as_bytes()).await?;
        file.finish().await?;
        Ok(Exported { path: path.to_owned(), entries, head })
    }

    /// What a reader must know of each organisation's lines before believing that they are all.
    async fn cautions(&self, workspace: &Workspace) -> Result<BTreeMap<OrganisationId, String>, AppError> {
        let mut cautions = BTreeMap::new();
        for (id, organisation) in &workspace.organisations {
            let partial = !self.has_seen_all(organisation, &[]).await?;
            let hosts = organisation.searched.as_ref().map(|search| search.hosts.clone()).unwrap_or_default();
            cautions.insert(*id, Caution { partial, sample: self.start.sample, hosts }.words());
        }
        Ok(cautions)
    }
}

/// What the window asks, checked.
///
/// # Errors
/// `bad_argument`; a `uses_…` code where it is not known what is unused.
pub(crate) fn access_query(workspace: &Workspace, ask: &AccessAsk) -> Result<AccessQuery, AppError> {
    let text = searched_text(ask.text.as_deref())?;
    if ask.days.is_some_and(|days| days > MOST_DAYS) {
        return Err(ErrorCode::BadArgument.into());
    }
    let organisation: Option<OrganisationId> = match &ask.organisation {
        Some(id) => Some(id.parse().map_err(|_| ErrorCode::BadArgument)?),
        None => None,
    };
    let unused = match ask.view {
        AccessView::Unused => unused(workspace, organisation, ask.days.unwrap_or(LOG_DAYS))?,
        AccessView::All | AccessView::WithoutCrm => Vec::new(),
    };
    Ok(AccessQuery {
        organisation,
        text,
        app: ask.app.clone(),
        view: ask.view,
        unused,
        ids: None,
        except: Vec::new(),
        order: ask.order,
        offset: ask.offset,
        limit: ask.limit.clamp(1, PAGE),
    })
}

/// What a list is searched for. None: nothing.
///
/// # Errors
/// `bad_argument` for a text that is too long.
pub(crate) fn searched_text(text: Option<&str>) -> Result<Option<String>, AppError> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.len() > LONGEST_FILTER => Err(ErrorCode::BadArgument.into()),
        text => Ok(text.map(str::to_owned)),
    }
}

pub(crate) const COLUMNS: [&str; 13] = [
    "provider",
    "address",
    "name",
    "suspended",
    "app",
    "client_id",
    "scopes",
    "reaches",
    "crm",
    "since",
    "last_use",
    "read",
    "caution",
];

fn cells(line: &AccessLine, caution: String) -> [String; 13] {
    let person = line.person.as_ref();
    [
        word(&line.suite),
        person.map_or_else(|| "*".to_owned(), |person| person.address.clone()),
        person.and_then(|person| person.name.clone()).unwrap_or_default(),
        person.map_or_else(String::new, |person| person.suspended.to_string()),
        line.app.clone(),
        line.app_key.clone(),
        line.scopes.join(" "),
        line.reaches.iter().map(word).collect::<Vec<_>>().join(" "),
        line.crm.as_ref().map_or_else(String::new, |row| word(&row.usage)),
        line.since.clone().unwrap_or_default(),
        line.last_use.clone().unwrap_or_default(),
        line.read.clone(),
        caution,
    ]
}

/// The name that serde gives to a value of a closed list.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn line(workspace: &Workspace, row: AccessRow) -> Option<AccessLine> {
    let organisation = workspace.organisations.get(&row.organisation)?;
    Some(AccessLine {
        id: row.id,
        suite: organisation.suite.into(),
        person: account(&row.found),
        app: row.app_name,
        chosen: organisation.has_chosen(&row.found.target.app),
        app_key: row.found.target.app,
        reaches: reaches(organisation.suite, &row.found.scopes),
        scopes: row.found.scopes,
        since: times(row.since),
        last_use: times(row.last_use),
        read: row.found.read.to_string(),
        crm: row.mailbox.map(|(id, usage)| KnownRow { mailbox: id.to_string(), usage: usage.into() }),
    })
}

/// The person of an access; None for everybody's.
pub(crate) fn account(found: &Found) -> Option<AccountView> {
    match found.target.who {
        Who::Everybody => None,
        Who::Person { .. } => {
            Some(AccountView { address: found.address.clone(), name: found.name.clone(), suspended: found.suspended })
        }
    }
}
