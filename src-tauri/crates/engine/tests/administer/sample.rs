//! What the sample shows to administrators, from which nobody signs in and nothing is sent.

use uncouple_engine::runs::{AccessView, RunState};
use uncouple_engine::view::{
    AccessAsk, AccessList, ItemAsk, ItemStateView, OrganisationView, PlanAsk, ReportFormat, RunAction,
};
use uncouple_engine::wire::{Language, Suite};
use uncouple_engine::{ErrorCode, ExportFormat};
use uncouple_testkit::Desk;

async fn organisation(desk: &Desk, suite: Suite) -> OrganisationView {
    desk.engine.admin().await.unwrap().organisations.into_iter().find(|one| one.suite == suite).unwrap()
}

fn ask(organisation: &OrganisationView, view: AccessView) -> AccessAsk {
    let days = (view == AccessView::Unused).then_some(90);
    AccessAsk { organisation: Some(organisation.id.clone()), view, days, limit: 100, ..AccessAsk::default() }
}

fn addresses(list: &AccessList) -> Vec<&str> {
    list.rows.iter().map(|row| row.person.as_ref().map_or("*", |person| person.address.as_str())).collect()
}

#[tokio::test]
async fn the_sample_has_organisations_with_something_in_each_view_and_nobody_signed_in() {
    let desk = Desk::filled_sample(Language::English).await;
    assert_eq!(desk.overview().await.me.name, "Hanako Sato");
    let google = organisation(&desk, Suite::Google).await;
    assert!(google.sign_in.is_none() && google.searched.as_ref().unwrap().complete);
    assert_eq!(google.candidates, 1, "one app is left to choose");
    let without: Vec<&str> = google.rows_without_access.iter().map(|row| row.address.as_str()).collect();
    assert_eq!(without, ["sales@example.co.jp"]);
    let of = async |view| desk.engine.accesses(&ask(&google, view)).await.unwrap();
    let all = of(AccessView::All).await;
    assert_eq!(all.total, google.searched.as_ref().unwrap().accesses);
    let hers = all.rows.iter().find(|row| row.person.as_ref().unwrap().address == "hanako.sato@example.co.jp").unwrap();
    assert!(hers.crm.is_some() && hers.last_use.is_some());
    assert!(addresses(&of(AccessView::WithoutCrm).await).contains(&"ken.tanaka@example.co.jp"));
    assert!(addresses(&of(AccessView::Unused).await).contains(&"ken.tanaka@example.co.jp"));

    let microsoft = organisation(&desk, Suite::Microsoft).await;
    assert_eq!(addresses(&desk.engine.accesses(&ask(&microsoft, AccessView::All)).await.unwrap())[0], "*");
    assert_eq!(microsoft.candidates, 1, "a look-alike");
    assert!(desk.engine.verify_history().await.unwrap().broken_at.is_none());
}

#[tokio::test]
async fn the_samples_run_is_over_with_one_access_left_that_the_list_still_has() {
    let desk = Desk::filled_sample(Language::Japanese).await;
    let run = desk.engine.admin().await.unwrap().runs.remove(0);
    assert_eq!((run.state, run.counts.proven, run.counts.left), (RunState::Ended, 4, 1));
    assert_eq!(run.actions, [RunAction::Report]);
    let items =
        desk.engine.run_items(run.id.parse().unwrap(), &ItemAsk { limit: 100, ..ItemAsk::default() }).await.unwrap();
    let left = items.items.iter().find(|item| matches!(item.state, ItemStateView::Left { .. })).unwrap();
    let person = left.person.clone().unwrap();
    assert_eq!((person.address.as_str(), person.name.as_deref()), ("sho.kato@example.co.jp", Some("加藤 翔")));
    let google = organisation(&desk, Suite::Google).await;
    let now = desk.engine.accesses(&ask(&google, AccessView::All)).await.unwrap();
    let listed = addresses(&now);
    for item in items.items {
        let address = item.person.unwrap().address;
        let proven = matches!(item.state, ItemStateView::Proven { .. });
        assert_ne!(listed.contains(&address.as_str()), proven, "{address}");
    }
}

#[tokio::test]
async fn from_the_sample_plans_can_be_made_and_nothing_can_be_searched_or_started() {
    let desk = Desk::filled_sample(Language::English).await;
    let google = organisation(&desk, Suite::Google).await;
    let id = google.id.parse().unwrap();
    let engine = &desk.engine;
    let plan = engine.plan(PlanAsk::All { ask: ask(&google, AccessView::Unused), except: Vec::new() }).await.unwrap();
    assert!(plan.counts.planned > 0 && !plan.partial);
    assert_eq!(plan.actions, [RunAction::Drop]);
    let leaver = |not_before: Option<&str>| PlanAsk::Leaver {
        organisation: google.id.clone(),
        address: "yui.mori@example.co.jp".to_owned(),
        not_before: not_before.map(str::to_owned),
    };
    assert_eq!(engine.plan(leaver(None)).await.unwrap().counts.planned, 1, "of the chosen app");
    assert_eq!(engine.plan(leaver(Some("2027-03-31T09:00:00Z"))).await.unwrap().actions, [RunAction::Drop]);
    let run = plan.id.parse().unwrap();
    for refused in [
        engine.start_run(run, true).await.unwrap_err(),
        engine.resume_run(run).await.unwrap_err(),
        engine.retry_run(run).await.unwrap_err(),
        engine.verify_run(run).await.unwrap_err(),
        engine.search(id).await.unwrap_err(),
    ] {
        assert_eq!(refused.code, ErrorCode::NotInSample);
    }
    engine.runs_due().await.unwrap();
    assert!(desk.directories.happened().is_empty() && desk.secrets.count() == 0);
}

#[tokio::test]
async fn a_report_from_the_sample_says_in_every_form_that_it_proves_nothing() {
    let desk = Desk::filled_sample(Language::English).await;
    let run = desk.engine.admin().await.unwrap().runs[0].id.parse().unwrap();
    let write = async |format, name: &str| {
        let path = desk.folder().join(name);
        desk.engine.report_run(run, format, path.to_str().unwrap()).await.unwrap();
        std::fs::read_to_string(path).unwrap()
    };
    let page = write(ReportFormat::Page, "r.html").await;
    assert!(page.contains("何の証明にもなりません"), "{page}");
    let json: serde_json::Value = serde_json::from_str(&write(ReportFormat::Json, "r.json").await).unwrap();
    assert_eq!(json["sample"], true);
    let csv = write(ReportFormat::Csv, "r.csv").await;
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert_eq!(rows.len(), 5);
    assert!(rows.iter().all(|row| row.contains(",\"sample\",")), "{csv}");
    let beside = std::fs::read_to_string(desk.folder().join("r.csv.about.json")).unwrap();
    assert!(beside.contains("\"sample\": true"), "{beside}");
}

#[tokio::test]
async fn lists_and_the_history_of_the_sample_say_whose_they_are() {
    let desk = Desk::filled_sample(Language::English).await;
    let path = |name: &str| desk.folder().join(name).to_str().unwrap().to_owned();
    desk.engine.export_accesses(&AccessAsk::default(), ExportFormat::Csv, &path("l.csv")).await.unwrap();
    let csv = std::fs::read_to_string(path("l.csv")).unwrap();
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert!(!rows.is_empty() && rows.iter().all(|row| row.ends_with(",\"sample\"")), "{csv}");

    desk.engine.export_history(ExportFormat::Csv, &path("h.csv")).await.unwrap();
    assert!(std::fs::read_to_string(path("h.csv")).unwrap().contains("\"sample\""));
    desk.engine.export_history(ExportFormat::Json, &path("h.json")).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path("h.json")).unwrap()).unwrap();
    assert_eq!(json["sample"], true);
}
