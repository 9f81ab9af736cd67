//! Plans: nothing is sent, and everything that can't be done is named.

use crate::team::team;
use std::time::Duration;
use uncouple_engine::directory::ApiError;
use uncouple_engine::runs::LineRefusal;
use uncouple_engine::view::{AccessAsk, ItemAsk, PlanAsk, Reach, ReportFormat};
use uncouple_engine::{ErrorCode, RunMode};
use uncouple_testkit::HUBSPOT;

fn first() -> ItemAsk {
    ItemAsk { limit: 100, ..ItemAsk::default() }
}

#[tokio::test]
async fn a_plan_says_what_would_go_and_what_else_stops_and_sends_nothing() {
    let team = team(4).await;
    let plan = team.desk.engine.plan(team.all()).await.unwrap();
    assert_eq!((plan.counts.planned, plan.counts.total()), (4, 4));
    assert_eq!(plan.reaches, [Reach::Mail]);
    assert!(team.desk.directories.happened().is_empty());
    assert!((1..=4).all(|number| team.desk.directories.has(&format!("p{number}"), HUBSPOT)));
}

#[tokio::test]
async fn a_plan_of_a_search_that_did_not_see_everybody_says_so_and_keeps_saying_it() {
    let team = team(20).await;
    let engine = &team.desk.engine;
    assert!(!engine.plan(team.all()).await.unwrap().partial);
    team.desk.directories.takes(Duration::from_millis(20));
    engine.begin_search(team.organisation).await.unwrap();
    assert!(engine.plan(team.all()).await.unwrap().partial, "one is under way");
    tokio::time::sleep(Duration::from_millis(60)).await;
    engine.stop_search(team.organisation).await.unwrap();
    team.settled().await;
    team.desk.directories.takes(Duration::ZERO);
    let stopped = engine.plan(team.all()).await.unwrap();
    assert!(stopped.partial, "it was stopped");
    let organisation = team.organisation.to_string();
    let leaver = PlanAsk::Leaver { organisation, address: "p3@example.com".to_owned(), not_before: None };
    assert!(!engine.plan(leaver).await.unwrap().partial, "their list was read for it");
    team.desk.directories.fails("p7", &[ApiError::Unreadable]);
    team.search().await;
    assert!(engine.plan(team.all()).await.unwrap().partial, "somebody could not be read");
    team.search().await;
    assert!(!engine.plan(team.all()).await.unwrap().partial);
    let run = stopped.id.parse().unwrap();
    team.run(run, RunMode::Revoke).await;
    assert!(team.row(run).await.partial, "the search that came afterwards does not make that plan whole");
    let path = team.desk.folder().join("report.html");
    engine.report_run(run, ReportFormat::Page, path.to_str().unwrap()).await.unwrap();
    assert!(std::fs::read_to_string(path).unwrap().contains("すべてのアプリを確認していません"));
}

#[tokio::test]
async fn a_plan_of_an_app_that_was_chosen_after_the_search_says_that_it_may_lack_some() {
    let team = team(2).await;
    let engine = &team.desk.engine;
    team.desk.directories.person("p1", &[HUBSPOT, "slack"]);
    team.search().await;
    team.desk.clock.wait(1);
    engine.choose_app(team.organisation, "slack", true, Some("Slack")).await.unwrap();
    assert!(engine.plan(team.all()).await.unwrap().partial, "nobody looked for it");
    let hubspot = [HUBSPOT.to_owned()];
    assert!(!engine.plan_of_apps(team.all(), &hubspot).await.unwrap().partial, "that one goes by HubSpot's name");
    team.desk.clock.wait(1);
    team.search().await;
    let plan = engine.plan(team.all()).await.unwrap();
    assert!(!plan.partial);
    assert_eq!(plan.counts.total(), 4);
}

#[tokio::test]
async fn a_plan_from_chosen_lines_has_those_lines() {
    let team = team(4).await;
    let list = team.desk.engine.accesses(&AccessAsk { limit: 2, ..AccessAsk::default() }).await.unwrap();
    let ids = list.rows.iter().map(|row| row.id).collect();
    let ask = PlanAsk::Lines { organisation: team.organisation.to_string(), ids };
    assert_eq!(team.desk.engine.plan(ask).await.unwrap().counts.total(), 2);
}

#[tokio::test]
async fn a_plan_can_be_about_some_of_the_chosen_apps() {
    let team = team(2).await;
    team.desk.directories.person("p1", &[HUBSPOT, "hubspot-ads"]);
    team.search().await;
    let engine = &team.desk.engine;
    engine.choose_app(team.organisation, "hubspot-ads", true, None).await.unwrap();
    let ads = ["hubspot-ads".to_owned()];
    assert_eq!(engine.plan_of_apps(team.all(), &ads).await.unwrap().counts.total(), 1);
    assert_eq!(engine.plan(team.all()).await.unwrap().counts.total(), 3);
    let other = engine.plan_of_apps(team.all(), &["slack".to_owned()]).await.unwrap_err();
    assert_eq!(other.code, ErrorCode::UnknownApp, "it was not chosen");
}

#[tokio::test]
async fn a_list_makes_a_plan_and_each_line_that_can_not_be_done_is_named() {
    let team = team(3).await;
    let text = "Email,Name\r\np1@example.com,One\r\n=2+5@example.com,Formula\r\nP1@Example.com,Again\r\n\
                someone@other.example,Foreign\r\nnobody@example.com,Nobody\r\nnot an address,\r\n";
    let ask = PlanAsk::Text { organisation: team.organisation.to_string(), text: text.to_owned(), column: None };
    let plan = team.desk.engine.plan(ask).await.unwrap();
    assert_eq!((plan.counts.total(), plan.refused), (1, 5));
    let list = team.desk.engine.run_items(plan.id.parse().unwrap(), &first()).await.unwrap();
    let refused: Vec<(u64, LineRefusal)> = list.refused.iter().map(|line| (line.line, line.why)).collect();
    let wanted = [
        (3, LineRefusal::Formula),
        (4, LineRefusal::Twice),
        (5, LineRefusal::ForeignDomain),
        (6, LineRefusal::NoAccess),
        (7, LineRefusal::NoAddress),
    ];
    assert_eq!(refused, wanted);
}

#[tokio::test]
async fn lists_that_are_none_are_refused_by_code_and_leave_nothing() {
    let team = team(1).await;
    let organisation = team.organisation.to_string();
    let text = |text: &str| PlanAsk::Text { organisation: organisation.clone(), text: text.to_owned(), column: None };
    let file = |path: &str| PlanAsk::File { organisation: organisation.clone(), path: path.to_owned(), column: None };
    let missing = team.desk.folder().join("missing.csv");
    let cases = [
        (text(""), ErrorCode::ListEmpty),
        (text("\n \n"), ErrorCode::ListEmpty),
        (text("one\ntwo"), ErrorCode::ListNoAddresses),
        (file(missing.to_str().unwrap()), ErrorCode::ListUnreadable),
        (file("relative.csv"), ErrorCode::ListUnreadable),
        (file(team.desk.folder().to_str().unwrap()), ErrorCode::ListUnreadable),
    ];
    for (ask, wanted) in cases {
        assert_eq!(team.desk.engine.plan(ask).await.unwrap_err().code, wanted);
    }
    assert!(team.desk.engine.admin().await.unwrap().runs.is_empty());
}

#[tokio::test]
async fn the_plan_says_which_column_was_read_and_nobody_is_planned_before_a_person_said_which() {
    let team = team(3).await;
    let engine = &team.desk.engine;
    let text = "申請者,退職者\np1@example.com,p2@example.com\np1@example.com,p3@example.com\n";
    let ask = |column: Option<&str>| PlanAsk::Text {
        organisation: team.organisation.to_string(),
        text: text.to_owned(),
        column: column.map(str::to_owned),
    };
    let refused = engine.plan(ask(None)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ListColumns);
    assert_eq!(refused.details["columns"], "1 “申請者”, 2 “退職者”");
    let choices: serde_json::Value = serde_json::from_str(&refused.details["choices"]).unwrap();
    assert_eq!(choices[1], serde_json::json!({"index": 2, "name": "退職者"}));
    assert!(engine.admin().await.unwrap().runs.is_empty(), "nothing is kept");
    assert_eq!(engine.plan(ask(Some("承認者"))).await.unwrap_err().code, ErrorCode::ListNoColumn);
    for column in ["退職者", "2"] {
        let plan = engine.plan(ask(Some(column))).await.unwrap();
        assert_eq!((plan.counts.total(), plan.refused), (2, 0));
        let row = team.row(plan.id.parse().unwrap()).await;
        let read = row.column.unwrap();
        assert_eq!((read.index, read.name.as_deref()), (2, Some("退職者")), "it is kept with the plan");
        let items = engine.run_items(plan.id.parse().unwrap(), &first()).await.unwrap().items;
        let people: Vec<_> = items.iter().filter_map(|item| item.person.as_ref()).map(|p| p.address.as_str()).collect();
        assert_eq!(people, ["p2@example.com", "p3@example.com"]);
    }
}

#[tokio::test]
async fn an_export_with_a_line_for_each_grant_refuses_nobody_for_being_there_twice() {
    let team = team(2).await;
    let text = "user,clientId,displayText,scopes\np1@example.com,1,HubSpot,openid\np1@example.com,2,Slack,openid\n\
                p2@example.com,1,HubSpot,openid\nnobody@example.com,1,HubSpot,openid\nnobody@example.com,2,Slack,a\n";
    let ask = PlanAsk::Text { organisation: team.organisation.to_string(), text: text.to_owned(), column: None };
    let plan = team.desk.engine.plan(ask).await.unwrap();
    assert_eq!((plan.counts.total(), plan.refused), (2, 1));
    let list = team.desk.engine.run_items(plan.id.parse().unwrap(), &first()).await.unwrap();
    let refused: Vec<_> = list.refused.iter().map(|line| (line.line, line.why)).collect();
    assert_eq!(refused, [(5, LineRefusal::NoAccess)]);
}

#[tokio::test]
async fn our_exports_of_accesses_and_runs_make_plans_of_the_same_people() {
    let team = team(3).await;
    let engine = &team.desk.engine;
    let run = team.planned().await;
    let path = |name: &str| team.desk.folder().join(name).to_str().unwrap().to_owned();
    engine.report_run(run, ReportFormat::Csv, &path("run.csv")).await.unwrap();
    let csv = uncouple_engine::ExportFormat::Csv;
    engine.export_accesses(&AccessAsk::default(), csv, &path("accesses.csv")).await.unwrap();
    for name in ["run.csv", "accesses.csv"] {
        let ask = PlanAsk::File { organisation: team.organisation.to_string(), path: path(name), column: None };
        let plan = engine.plan(ask).await.unwrap();
        assert_eq!((plan.counts.total(), plan.refused), (3, 0), "{name}");
        assert_eq!(plan.column.unwrap().name.as_deref(), Some("address"), "{name}");
    }
}

#[tokio::test]
async fn a_key_that_is_chosen_by_mistake_leaves_no_line_in_the_workspace() {
    let team = team(1).await;
    let path = team.desk.folder().join("id_ed25519");
    let secret = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUtc2VjcmV0";
    let key = format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{secret}\n-----END OPENSSH PRIVATE KEY-----\n");
    std::fs::write(&path, key).unwrap();
    let path = path.to_str().unwrap().to_owned();
    let ask = PlanAsk::File { organisation: team.organisation.to_string(), path, column: None };
    let refused = team.desk.engine.plan(ask).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ListKey);
    assert!(!format!("{refused:?}").contains(secret));
    for entry in std::fs::read_dir(team.desk.folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() && !path.ends_with("id_ed25519") {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{path:?}");
        }
    }
}

#[tokio::test]
async fn everything_but_what_was_left_out_is_planned() {
    let team = team(3).await;
    let engine = &team.desk.engine;
    let PlanAsk::All { ask, .. } = team.all() else { unreachable!() };
    let rows = engine.accesses(&AccessAsk { limit: 10, ..ask.clone() }).await.unwrap().rows;
    let plan = engine.plan(PlanAsk::All { ask: ask.clone(), except: vec![rows[1].id] }).await.unwrap();
    let items = engine.run_items(plan.id.parse().unwrap(), &first()).await.unwrap();
    let who = |address: Option<&str>| address.map(str::to_owned);
    let planned: Vec<_> =
        items.items.iter().map(|item| who(item.person.as_ref().map(|p| p.address.as_str()))).collect();
    let wanted: Vec<_> = [&rows[0], &rows[2]].map(|row| who(row.person.as_ref().map(|p| p.address.as_str()))).into();
    assert_eq!(planned, wanted);
    let all = rows.iter().map(|row| row.id).collect();
    assert_eq!(engine.plan(PlanAsk::All { ask, except: all }).await.unwrap_err().code, ErrorCode::PlanEmpty);
}

#[tokio::test]
async fn without_a_chosen_app_there_is_no_plan_and_without_accesses_neither() {
    let team = team(1).await;
    let engine = &team.desk.engine;
    let nothing = AccessAsk {
        organisation: Some(team.organisation.to_string()),
        text: Some("nobody".to_owned()),
        ..AccessAsk::default()
    };
    assert_eq!(
        engine.plan(PlanAsk::All { ask: nothing, except: Vec::new() }).await.unwrap_err().code,
        ErrorCode::PlanEmpty
    );
    engine.choose_app(team.organisation, HUBSPOT, false, None).await.unwrap();
    assert_eq!(engine.plan(team.all()).await.unwrap_err().code, ErrorCode::NoAppChosen);
}

#[tokio::test]
async fn a_plan_that_is_dropped_is_gone() {
    let team = team(1).await;
    let run = team.planned().await;
    team.desk.engine.drop_plan(run).await.unwrap();
    assert_eq!(team.desk.engine.run(run).await.unwrap_err().code, ErrorCode::UnknownRun);
}

#[tokio::test]
async fn a_leaver_is_read_when_the_plan_is_made() {
    let team = team(1).await;
    team.desk.directories.person("p8", &[HUBSPOT]);
    let leaver = |address: &str| PlanAsk::Leaver {
        organisation: team.organisation.to_string(),
        address: address.to_owned(),
        not_before: None,
    };
    let plan = team.desk.engine.plan(leaver("P8@example.com")).await.unwrap();
    assert_eq!((plan.counts.total(), plan.leaver.as_deref()), (1, Some("P8@example.com")));
    let error = team.desk.engine.plan(leaver("p99@example.com")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AdminNobodyThere);
}
