//! Reports of plans and runs: a page to print, a table, or a document for programs.

use super::accesses::{PAGE, word};
use super::overview::item_view;
use super::report_page::Page;
use super::times;
use crate::core::Engine;
use crate::error::AppError;
use crate::export::Table;
use crate::new_file::NewFile;
use crate::past::ExportFormat;
use crate::runs::{Item, ItemFilter, Refused, RunState};
use crate::view::{Exported, ItemStateView, ItemView, ReportFormat, RunView, ThroughView};
use crate::wire::Language;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use uncouple_domain::{EventKind, ItemState, RunId, Scope, Suite};

/// The columns of the table. Only one of them has addresses, so that the table can be read as a list of people again.
pub(crate) const COLUMNS: [&str; 20] = [
    "seq",
    "address",
    "name",
    "app",
    "client_id",
    "object_id",
    "grant_id",
    "scopes",
    "reaches",
    "state",
    "why",
    "caution",
    "deleted",
    "read",
    "logged",
    "account_gone",
    "organisation_id",
    "still_reached_by",
    "last_look",
    "last_look_result",
];

impl Engine {
    /// Writes a report of a plan or run to a file, in the language of the person.
    ///
    /// # Errors
    /// `unknown_run`, `not_super_admin`; `export_exists`, `export_failed` with the path.
    pub async fn report_run(&self, id: RunId, format: ReportFormat, path: &str) -> Result<Exported, AppError> {
        let view = self.run(id).await?;
        let snapshot = self.case(Scope::Organisations).await?;
        let row = self.run_row(id).await?;
        let organisation = snapshot.workspace.organisation(row.run.organisation)?.clone();
        let settings = self.ports.store.settings().await?;
        let language = self.start.asked_language.or(settings.language).unwrap_or(self.start.system_language);
        let mut file = NewFile::begin(path).await?;
        // A table has nothing but rows; what they belong to stands beside it.
        let beside = format!("{path}{REPORT_ABOUT}");
        let mut about_file = match format {
            ReportFormat::Csv => Some(NewFile::begin(&beside).await?),
            ReportFormat::Page | ReportFormat::Json => None,
        };
        let apps = self.ports.runs.apps(organisation.id, None).await?;
        let client_ids = apps.into_iter().map(|row| (row.app.key, row.app.client_id)).collect();
        let caution = Caution { partial: view.partial, sample: self.start.sample, hosts: view.hosts.clone() };
        let about = About { organisation: organisation.key.clone(), suite: organisation.suite, client_ids, caution };
        let mut hash = Sha256::new();
        let mut sheet = Sheet::new(format, language, &view, about, &self.ports.clock.zone());
        let (mut offset, mut entries) = (0, 0);
        loop {
            let (items, _) = self.ports.runs.items(id, ItemFilter::All, None, offset, PAGE).await?;
            let full = items.len() == PAGE as usize;
            offset += items.len() as u64;
            entries += items.len() as u64;
            for item in items {
                sheet.item(item);
            }
            let text = sheet.take();
            hash.update(text.as_bytes());
            file.write(text.as_bytes()).await?;
            if !full {
                break;
            }
        }
        let refused = self.ports.runs.refused(id, 0, PAGE).await?;
        if row.run.state != RunState::Planned {
            // Before the head hash is read, so that the report's own line is under it.
            self.change(Scope::Roster, move |workspace, ctx| {
                workspace.note(ctx, EventKind::RunReported { run: id });
                Ok(())
            })
            .await?;
        }
        let head = self.ports.store.verify_history().await?.head;
        let text = sheet.end(&refused, &head);
        hash.update(text.as_bytes());
        file.write(text.as_bytes()).await?;
        if let Some(about) = &mut about_file {
            let document = json!({
                "format": "uncouple-run-about/1",
                "run": view,
                "organisation_id": organisation.key,
                "sample": self.start.sample,
                "rows": entries,
                "refused": refused_lines(&refused),
                "sha256": hex_of(&hash.finalize()),
                "head": head,
            });
            about.write(format!("{document:#}\n").as_bytes()).await?;
        }
        file.finish().await?;
        if let Some(about) = about_file {
            about.finish().await?;
        }
        Ok(Exported { path: path.to_owned(), entries, head })
    }
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// What the file beside a table is called: the table's name and this.
pub const REPORT_ABOUT: &str = ".about.json";

fn refused_lines(refused: &[Refused]) -> Vec<Value> {
    refused.iter().map(|line| json!({ "line": line.line, "text": line.text, "why": line.why })).collect()
}

/// What a reader must know of the whole before believing any line of it.
#[derive(Clone, Debug)]
pub(crate) struct Caution {
    /// The search behind it did not see everything.
    pub(crate) partial: bool,
    /// It is the sample's, and nothing in it is real.
    pub(crate) sample: bool,
    /// The hosts that answered in the provider's place.
    pub(crate) hosts: Vec<String>,
}

impl Caution {
    /// In every row: rows are cut out of a table and passed on.
    pub(crate) fn words(&self) -> String {
        let words = [(self.partial, "partial"), (self.sample, "sample"), (!self.hosts.is_empty(), "custom_endpoints")];
        words.into_iter().filter_map(|(is, word)| is.then_some(word)).collect::<Vec<_>>().join(" ")
    }
}

/// What all items of a report have in common.
struct About {
    /// The provider's own identifier of the organisation: the customer's at Google, the tenant's at Microsoft.
    organisation: String,
    suite: Suite,
    /// The client ids that the apps' makers know, by key.
    client_ids: BTreeMap<String, String>,
    caution: Caution,
}

/// One of the three forms, filled item by item.
enum Sheet {
    Page(Box<Page>, About),
    Table(Table, About),
    Document(Table, About),
}

impl Sheet {
    fn new(format: ReportFormat, language: Language, run: &RunView, about: About, zone: &TimeZone) -> Self {
        match format {
            ReportFormat::Page => {
                let page = Page::new(language, run, &about.caution, &about.organisation, zone.clone());
                Self::Page(Box::new(page), about)
            }
            ReportFormat::Csv => Self::Table(Table::new(ExportFormat::Csv, FORM, &COLUMNS), about),
            ReportFormat::Json => {
                let table = Table::new(ExportFormat::Json, FORM, &COLUMNS);
                let whole = json!({
                    "run": run,
                    "organisation_id": about.organisation,
                    "sample": about.caution.sample,
                    "custom_endpoints": about.caution.hosts,
                });
                Self::Document(table.about(&whole), about)
            }
        }
    }

    fn item(&mut self, item: Item) {
        match self {
            Self::Page(page, about) => {
                let line = Line::of(item, about);
                page.item(&line);
            }
            Self::Table(table, about) => table.row(&Line::of(item, about).cells(about)),
            Self::Document(table, about) => table.document(&Line::of(item, about).document()),
        }
    }

    fn take(&mut self) -> String {
        match self {
            Self::Page(page, _) => page.take(),
            Self::Table(table, _) | Self::Document(table, _) => table.take(),
        }
    }

    fn end(&mut self, refused: &[Refused], head: &str) -> String {
        match self {
            Self::Page(page, _) => page.end(refused, head),
            Self::Table(table, about) => {
                for line in refused {
                    let mut cells = vec![String::new(); COLUMNS.len()];
                    for (at, text) in [
                        (0, line.line.to_string()),
                        (1, line.text.clone()),
                        (9, "refused".to_owned()),
                        (10, word(&line.why)),
                        (11, about.caution.words()),
                    ] {
                        if let Some(cell) = cells.get_mut(at) {
                            *cell = text;
                        }
                    }
                    table.row(&cells);
                }
                table.close(&[])
            }
            Self::Document(table, _) => {
                table.close(&[("refused", refused_lines(refused).into()), ("head", head.into())])
            }
        }
    }
}

/// What is in the forms, with a number for it.
const FORM: &str = "uncouple-run/2";

/// An item as a report has it.
pub(crate) struct Line {
    pub(crate) view: ItemView,
    /// The client id that the app's maker knows. None: no search came across the app.
    pub(crate) client_id: Option<String>,
    /// The service principal at Microsoft.
    pub(crate) object_id: Option<String>,
    /// When the deletion was answered, or intended where a crash hid the answer.
    pub(crate) deleted: Option<String>,
}

impl Line {
    fn of(item: Item, about: &About) -> Self {
        let key = &item.found.target.app;
        let deleted = match item.state {
            ItemState::Planned | ItemState::Intended { .. } => None,
            ItemState::Deleted { at, .. } => Some(at),
            ItemState::Proven { deleted, .. } => Some(deleted),
            ItemState::Left { deleted, .. } => deleted,
            ItemState::Restoring { .. } | ItemState::Restored { .. } => None,
        };
        let (client_id, object_id) = match about.suite {
            Suite::Google => (Some(key.clone()), None),
            Suite::Microsoft => (about.client_ids.get(key).cloned(), Some(key.clone())),
        };
        Self { client_id, object_id, deleted: times(deleted), view: item_view(about.suite, item) }
    }

    fn document(&self) -> Value {
        let item = &self.view;
        let State { state, why, read, logged, gone } = State::of(&item.state);
        let person = item.person.as_ref();
        json!({
            "seq": item.seq,
            "address": person.map(|person| &person.address),
            "name": person.and_then(|person| person.name.as_ref()),
            "everybody": person.is_none(),
            "app": item.app,
            "client_id": self.client_id,
            "object_id": self.object_id,
            "grant_id": item.grant,
            "scopes": item.scopes,
            "reaches": item.reaches,
            "state": state,
            "why": why,
            "deleted": self.deleted,
            "read": read,
            "logged": logged,
            "account_gone": gone,
            "still_reached_by": through(&item.state),
            "last_look": item.look,
        })
    }

    fn cells(&self, about: &About) -> Vec<String> {
        let item = &self.view;
        let State { state, why, read, logged, gone } = State::of(&item.state);
        let person = item.person.as_ref();
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        let look = item.look.as_ref();
        vec![
            item.seq.to_string(),
            person.map_or_else(|| "*".to_owned(), |person| person.address.clone()),
            person.and_then(|person| person.name.clone()).unwrap_or_default(),
            item.app.clone(),
            or_empty(&self.client_id),
            or_empty(&self.object_id),
            or_empty(&item.grant),
            item.scopes.join(" "),
            item.reaches.iter().map(word).collect::<Vec<_>>().join(" "),
            state.to_owned(),
            why.map(|why| word(&why)).unwrap_or_default(),
            about.caution.words(),
            or_empty(&self.deleted),
            read.unwrap_or_default(),
            logged.unwrap_or_default(),
            gone.to_string(),
            about.organisation.clone(),
            through(&item.state).iter().map(through_cell).collect::<Vec<_>>().join("; "),
            look.map(|look| look.at.clone()).unwrap_or_default(),
            look.map_or_else(String::new, |look| look.not_read.as_ref().map_or_else(|| "read".to_owned(), word)),
        ]
    }
}

/// Where an item stands, in a report's words.
struct State {
    state: &'static str,
    why: Option<crate::wire::Left>,
    read: Option<String>,
    logged: Option<String>,
    gone: bool,
}

impl State {
    fn of(view: &ItemStateView) -> Self {
        let only = |state| Self { state, why: None, read: None, logged: None, gone: false };
        match view {
            ItemStateView::Planned => only("planned"),
            ItemStateView::UnderWay { deleted: false } => only("intended"),
            ItemStateView::UnderWay { deleted: true } => only("deleted"),
            ItemStateView::Proven { read, nobody_there, logged, .. } => {
                Self { read: Some(read.clone()), logged: logged.clone(), gone: *nobody_there, ..only("proven") }
            }
            ItemStateView::StillReached { read, .. } => Self { read: Some(read.clone()), ..only("still_reached") },
            ItemStateView::Left { why, .. } => Self { why: Some(*why), ..only("left") },
            ItemStateView::Restoring { .. } => only("restoring"),
            ItemStateView::Restored { read } => Self { read: Some(read.clone()), ..only("restored") },
        }
    }
}

/// The grants that are still there.
fn through(state: &ItemStateView) -> &[ThroughView] {
    match state {
        ItemStateView::StillReached { through, .. } => through,
        ItemStateView::Planned
        | ItemStateView::UnderWay { .. }
        | ItemStateView::Proven { .. }
        | ItemStateView::Left { .. }
        | ItemStateView::Restoring { .. }
        | ItemStateView::Restored { .. } => &[],
    }
}

/// A grant that is still there: the app, its key, the grant's identifier, whose it is, and the scopes.
fn through_cell(through: &ThroughView) -> String {
    let whose = if through.everybody { "everybody" } else { "person" };
    let parts = [&through.app, &through.app_key, through.grant.as_deref().unwrap_or_default(), whose];
    let named = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    format!("{named} ({})", through.scopes.join(" "))
}
