//! The port for what searches found, plans and runs.

use crate::error::failure;
use crate::found::Finder;
use crate::transaction::WriteTransaction;
use crate::{SqliteStore, accesses, claim, found, items, load, plans};
use async_trait::async_trait;
use jiff::Timestamp;
use sqlx::{Sqlite, Transaction};
use std::collections::BTreeMap;
use uncouple_domain::{Left, MailboxId, OrganisationId, RunId, Scope};
use uncouple_engine::directory::{AppSeen, LogLine, Target};
use uncouple_engine::ports::{CaseWork, Committed, StoreError};
use uncouple_engine::runs::{
    AccessPage, AccessQuery, AppRow, Claim, Found, Item, ItemChange, ItemFilter, ListLine, PlanFrom, ReadPerson,
    Refused, Run, RunApp, RunRow, RunSelection, RunStore, SearchPosition, UnreadPerson,
};

impl SqliteStore {
    async fn writing(&self) -> Result<WriteTransaction, StoreError> {
        WriteTransaction::begin(&self.pool).await
    }

    /// What is read through it is of one moment.
    async fn reading(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.pool.begin().await.map_err(failure)
    }
}

#[async_trait]
impl RunStore for SqliteStore {
    async fn put_read(&self, organisation: OrganisationId, people: Vec<ReadPerson>) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.put_people(&people).await?;
        tx.commit().await
    }

    async fn put_everybody(&self, organisation: OrganisationId, found: Vec<Found>) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.put_everybody(&found).await?;
        tx.commit().await
    }

    async fn put_apps(&self, organisation: OrganisationId, apps: Vec<AppSeen>) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.put_apps(&apps).await?;
        tx.commit().await
    }

    async fn put_unread(
        &self,
        organisation: OrganisationId,
        unread: Vec<UnreadPerson>,
        read: Vec<String>,
    ) -> Result<(), StoreError> {
        // Most searches read everybody, and then there is nothing to write.
        if unread.is_empty() && found::unread(&mut *self.reading().await?, organisation, 0, 1).await?.1 == 0 {
            return Ok(());
        }
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.put_unread(&unread, &read).await?;
        tx.commit().await
    }

    async fn unread(
        &self,
        organisation: OrganisationId,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<UnreadPerson>, u64), StoreError> {
        found::unread(&mut *self.reading().await?, organisation, offset, limit).await
    }

    async fn put_accesses(&self, organisation: OrganisationId, found: Vec<Found>) -> Result<Vec<i64>, StoreError> {
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.writing().await?;
        let lines = Finder::new(&mut tx, organisation).await?.put_beside(&found).await?;
        tx.commit().await?;
        Ok(lines)
    }

    async fn put_log(&self, organisation: OrganisationId, lines: Vec<LogLine>) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.put_log(lines).await?;
        tx.commit().await
    }

    async fn forget_older(&self, organisation: OrganisationId, began: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.forget_older(began).await?;
        tx.commit().await
    }

    async fn put_position(
        &self,
        organisation: OrganisationId,
        position: SearchPosition,
        counts: BTreeMap<String, u64>,
    ) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.put_position(&position, &counts).await?;
        tx.commit().await
    }

    async fn position(&self, organisation: OrganisationId) -> Result<Option<SearchPosition>, StoreError> {
        found::position(&mut *self.reading().await?, organisation).await
    }

    async fn forget_position(
        &self,
        organisation: OrganisationId,
        counted: Option<BTreeMap<String, u64>>,
    ) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        Finder::new(&mut tx, organisation).await?.forget_position(counted.as_ref()).await?;
        tx.commit().await
    }

    async fn apps(&self, organisation: OrganisationId, text: Option<String>) -> Result<Vec<AppRow>, StoreError> {
        found::apps(&mut *self.reading().await?, organisation, text.as_deref()).await
    }

    async fn newest_access(&self) -> Result<i64, StoreError> {
        accesses::newest(&mut *self.reading().await?).await
    }

    async fn accesses(&self, query: AccessQuery) -> Result<AccessPage, StoreError> {
        accesses::page(&mut *self.reading().await?, &query).await
    }

    async fn rows_without_access(&self, organisation: OrganisationId) -> Result<Vec<MailboxId>, StoreError> {
        accesses::rows_without_access(&mut *self.reading().await?, organisation).await
    }

    async fn list_not_read_since(
        &self,
        run: RunId,
        organisation: OrganisationId,
        since: Timestamp,
        above: u64,
        limit: u32,
    ) -> Result<Vec<(u64, String)>, StoreError> {
        plans::list_not_read_since(&mut *self.reading().await?, run, organisation, since, above, limit).await
    }

    async fn mark_unread(&self, run: RunId, keys: Vec<String>) -> Result<RunRow, StoreError> {
        let mut tx = self.writing().await?;
        let row = plans::mark_unread(&mut tx, run, &keys).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn put_list(&self, run: RunId, lines: Vec<ListLine>) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        plans::put_list(&mut tx, run, lines).await?;
        tx.commit().await
    }

    async fn plan(&self, run: Run, from: PlanFrom, apps: Vec<String>) -> Result<RunRow, StoreError> {
        let mut tx = self.writing().await?;
        let row = plans::plan(&mut tx, &run, &from, &apps).await?;
        tx.commit().await?;
        Ok(row)
    }

    async fn runs(&self, which: RunSelection) -> Result<Vec<RunRow>, StoreError> {
        items::runs(&mut *self.reading().await?, items::Which::these(which)?).await
    }

    async fn run(&self, run: RunId) -> Result<Option<RunRow>, StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok(None) };
        Ok(items::runs(&mut tx, items::Which::One(number)).await?.pop())
    }

    async fn items(
        &self,
        run: RunId,
        filter: ItemFilter,
        text: Option<String>,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<Item>, u64), StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok((Vec::new(), 0)) };
        items::page(&mut tx, number, filter, text.as_deref(), offset, limit).await
    }

    async fn targets(&self, run: RunId) -> Result<Vec<Target>, StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok(Vec::new()) };
        items::targets(&mut tx, number).await
    }

    async fn open_items(&self, run: RunId, above: u32, limit: u32) -> Result<Vec<Item>, StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok(Vec::new()) };
        items::open(&mut tx, number, above, limit).await
    }

    async fn refused(&self, run: RunId, offset: u64, limit: u32) -> Result<Vec<Refused>, StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok(Vec::new()) };
        plans::refused(&mut tx, number, offset, limit).await
    }

    async fn left(&self, run: RunId) -> Result<Vec<(Left, u64)>, StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok(Vec::new()) };
        items::left(&mut tx, number).await
    }

    async fn run_apps(&self, run: RunId) -> Result<Vec<RunApp>, StoreError> {
        let mut tx = self.reading().await?;
        let Some(number) = items::number(&mut tx, run).await? else { return Ok(Vec::new()) };
        items::apps(&mut tx, number).await
    }

    async fn settle(
        &self,
        changes: Vec<ItemChange>,
        run: Option<Run>,
        case: Option<CaseWork>,
    ) -> Result<Committed, StoreError> {
        if run.is_none() && case.is_none() {
            let mut tx = self.writing().await?;
            items::change(&mut tx, &changes).await?;
            let revision = load::revision(&mut tx).await?;
            tx.commit().await?;
            return Ok(Committed { revision, touched: Vec::new() });
        }
        let CaseWork { scope, work } =
            case.unwrap_or_else(|| CaseWork { scope: Scope::Roster, work: Box::new(|_| Ok(())) });
        self.commit(&scope, None, Some(Settled { changes, run }), work).await
    }

    async fn drop_plan(&self, run: RunId) -> Result<(), StoreError> {
        let mut tx = self.writing().await?;
        plans::throw_away(&mut tx, run).await?;
        tx.commit().await
    }

    fn claim(&self) -> Result<Option<Box<dyn Claim>>, StoreError> {
        claim::claim(&self.path)
    }
}

/// What lands in a run beside a change of the workspace.
pub(crate) struct Settled {
    pub(crate) changes: Vec<ItemChange>,
    pub(crate) run: Option<Run>,
}
