//! Reports of plans and runs: a page to print, a table, or a document for programs.

use super::accesses::{PAGE, word};
use super::overview::item_view;
use super::report_page::Page;
use crate::core::Engine;
use crate::error::AppError;
use crate::export::Table;
use crate::new_file::NewFile;
use crate::past::ExportFormat;
use crate::runs::{Item, ItemFilter, RunState};
use crate::view::{Exported, ItemStateView, ItemView, ReportFormat, RunView};
use crate::wire::Language;
use serde_json::json;
use uncouple_domain::{EventKind, RunId, Suite};

pub(crate) const COLUMNS: [&str; 12] = [
    "seq",
    "address",
    "name",
    "app",
    "client_id",
    "reaches",
    "state",
    "why",
    "caution",
    "read",
    "logged",
    "account_gone",
];

impl Engine {
    /// Writes a report of a plan or run to a file, in the language of the person.
    ///
    /// # Errors
    /// `unknown_run`, `not_super_admin`; `export_exists`, `export_failed` with the path.
    pub async fn report_run(&self, id: RunId, format: ReportFormat, path: &str) -> Result<Exported, AppError> {
        let view = self.run(id).await?;
        let snapshot = self.read().await?;
        let row = self.run_row(id).await?;
        let organisation = snapshot.workspace.organisation(row.run.organisation)?.clone();
        let settings = self.ports.store.settings().await?;
        let language = self.start.asked_language.or(settings.language).unwrap_or(self.start.system_language);
        let mut file = NewFile::begin(path).await?;
        let hosts = self.foreign_hosts(crate::wire::Suite::from(organisation.suite).signs_in_at()).await?;
        let caution = Caution { partial: view.partial, sample: self.start.sample, hosts };
        let mut sheet = Sheet::new(format, language, &view, caution, organisation.suite, &self.ports.clock.zone());
        let (mut offset, mut entries) = (0, 0);
        loop {
            let (items, _) = self.ports.runs.items(id, ItemFilter::All, None, offset, PAGE).await?;
            let full = items.len() == PAGE as usize;
            offset += items.len() as u64;
            entries += items.len() as u64;
            for item in items {
                sheet.item(item);
            }
            file.write(sheet.take().as_bytes()).await?;
            if !full {
                break;
            }
        }
        let refused = self.ports.runs.refused(id, 0, PAGE).await?;
        if row.run.state != RunState::Planned {
            // Before the head hash is read, so that the report's own line is under it.
            self.change(move |workspace, ctx| {
                workspace.note(ctx, EventKind::RunReported { run: id });
                Ok(())
            })
            .await?;
        }
        let head = self.ports.store.verify_history().await?.head;
        file.write(sheet.end(&refused, &head).as_bytes()).await?;
        file.finish().await?;
        Ok(Exported { path: path.to_owned(), entries, head })
    }
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

/// One of the three forms, filled item by item.
enum Sheet {
    Page(Box<Page>, Suite),
    Table(Table, Suite, Caution),
}

impl Sheet {
    fn new(
        format: ReportFormat,
        language: Language,
        run: &RunView,
        caution: Caution,
        suite: Suite,
        zone: &jiff::tz::TimeZone,
    ) -> Self {
        match format {
            ReportFormat::Page => Self::Page(Box::new(Page::new(language, run, &caution, zone.clone())), suite),
            ReportFormat::Csv => Self::Table(Table::new(ExportFormat::Csv, "uncouple-run/1", &COLUMNS), suite, caution),
            ReportFormat::Json => {
                let table = Table::new(ExportFormat::Json, "uncouple-run/1", &COLUMNS);
                let table =
                    table.about(&json!({ "run": run, "sample": caution.sample, "custom_endpoints": caution.hosts }));
                Self::Table(table, suite, caution)
            }
        }
    }

    fn item(&mut self, item: Item) {
        match self {
            Self::Page(page, suite) => page.item(&item_view(*suite, item)),
            Self::Table(table, suite, caution) => {
                let client = item.found.target.app.clone();
                table.row(&cells(&item_view(*suite, item), client, caution));
            }
        }
    }

    fn take(&mut self) -> String {
        match self {
            Self::Page(page, _) => page.take(),
            Self::Table(table, ..) => table.take(),
        }
    }

    fn end(&mut self, refused: &[crate::runs::Refused], head: &str) -> String {
        match self {
            Self::Page(page, _) => page.end(refused, head),
            Self::Table(table, _, caution) => {
                for line in refused {
                    let mut cells = vec![String::new(); COLUMNS.len()];
                    for (at, text) in [
                        (0, line.line.to_string()),
                        (1, line.text.clone()),
                        (6, "refused".to_owned()),
                        (7, word(&line.why)),
                        (8, caution.words()),
                    ] {
                        if let Some(cell) = cells.get_mut(at) {
                            *cell = text;
                        }
                    }
                    table.row(&cells);
                }
                table.end(head)
            }
        }
    }
}

fn cells(item: &ItemView, client_id: String, caution: &Caution) -> Vec<String> {
    let person = item.person.as_ref();
    let (state, why, read, logged, gone) = match &item.state {
        ItemStateView::Planned => ("planned", String::new(), None, None, false),
        ItemStateView::UnderWay { deleted: false } => ("intended", String::new(), None, None, false),
        ItemStateView::UnderWay { deleted: true } => ("deleted", String::new(), None, None, false),
        ItemStateView::Proven { read, nobody_there, logged, .. } => {
            ("proven", String::new(), Some(read), logged.as_ref(), *nobody_there)
        }
        ItemStateView::Left { why, .. } => ("left", word(why), None, None, false),
        ItemStateView::Restoring { .. } => ("restoring", String::new(), None, None, false),
        ItemStateView::Restored { read } => ("restored", String::new(), Some(read), None, false),
    };
    vec![
        item.seq.to_string(),
        person.map_or_else(|| "*".to_owned(), |person| person.address.clone()),
        person.and_then(|person| person.name.clone()).unwrap_or_default(),
        item.app.clone(),
        client_id,
        item.reaches.iter().map(word).collect::<Vec<_>>().join(" "),
        state.to_owned(),
        why,
        caution.words(),
        read.cloned().unwrap_or_default(),
        logged.cloned().unwrap_or_default(),
        gone.to_string(),
    ]
}
