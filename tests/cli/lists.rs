//! Lists of addresses, as people send them. Each bad line is named with its number, and nothing is sent.

use crate::memory::{MOST, peak};
use crate::place::{Place, searched_google};
use serde_json::Value;
use std::fmt::Write as _;
use uncouple_testkit::directory::{GoogleApp, GoogleOrg, Route};

fn refused(document: &Value) -> Vec<(u64, &str)> {
    let lines = document["refused"].as_array().unwrap();
    lines.iter().map(|line| (line["line"].as_u64().unwrap(), line["why"].as_str().unwrap())).collect()
}

/// An organisation of five people, found.
async fn five() -> (GoogleOrg, Place) {
    let org = GoogleOrg::with(5).without_quota().start().await;
    let place = searched_google(&org).await;
    (org, place)
}

/// A file as a spreadsheet writes it, with everything that can be wrong in it.
const BAD: &str = "\u{feff}Name,\"E-Mail Address\",Note\r\n\
    \"Sato, \"\"Hana\"\"\",Person00001@Example.com,\"two\r\nlines\"\r\n\
    Again,person00001@example.com,\r\n\
    Formula,=cmd|' /C calc'!A0,\r\n\
    Foreign,someone@other.example,\r\n\
    Nobody,nobody@example.com,\r\n\
    None,not an address,\r\n\
    Two,person00002@example.com,\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spreadsheets_file_makes_a_plan_and_each_bad_line_is_named() {
    let (org, place) = five().await;
    let file = place.file("list.csv", BAD);
    let wanted = [(4, "twice"), (5, "formula"), (6, "foreign_domain"), (7, "no_access"), (8, "no_address")];
    let plan = place.run(&["--json", "plan", "--list", &file]).await.ended(0).json();
    assert_eq!(refused(&plan), wanted);
    assert_eq!((&plan["plan"]["counts"]["planned"], &plan["refused_total"]), (&2.into(), &5.into()));

    let text = place.run(&["plan", "--list", "list.csv"]).await.ended(0);
    assert!(text.out.contains("line 6") && text.out.contains("foreign_domain"), "{}", text.out);
    let piped = place.run_with_input(&["--json", "plan", "--list", "-"], BAD).await.ended(0).json();
    assert_eq!(refused(&piped), wanted);

    let strict = place.run(&["--json", "plan", "--list", &file, "--strict"]).await.ended(3);
    assert_eq!(strict.code(), "lines_refused");
    assert_eq!((refused(&strict.json()).len(), &strict.json()["plan"]), (5, &Value::Null));
    let runs = place.run(&["runs", "--json"]).await.ended(0).json();
    assert_eq!(runs["runs"].as_array().unwrap().len(), 3, "no plan was made where all lines had to be good");
    assert_eq!(org.seen().count(Route::DeleteToken), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_several_columns_the_one_that_is_named_is_read_and_the_plan_says_so() {
    let (org, place) = five().await;
    let table = "申請者,退職者\nperson00001@example.com,person00002@example.com\n\
                 person00001@example.com,person00003@example.com\n";
    let file = place.file("leavers.csv", table);
    let refused = place.run(&["plan", "--list", &file]).await.ended(3);
    assert_eq!(refused.code(), "list_columns");
    for word in ["申請者", "退職者", "--column"] {
        assert!(refused.err.contains(word), "{}", refused.err);
    }
    for column in ["退職者", "2"] {
        let plan =
            place.run(&["--json", "plan", "--list", &file, "--column", column, "--strict"]).await.ended(0).json();
        assert_eq!(plan["column"], serde_json::json!({"index": 2, "name": "退職者"}));
        assert_eq!(plan["plan"]["column"], plan["column"]);
        assert_eq!((&plan["plan"]["counts"]["planned"], &plan["refused_total"]), (&2.into(), &0.into()));
    }
    let text = place.run_with_input(&["plan", "--list", "-", "--column", "退職者"], table).await.ended(0);
    assert!(text.out.contains("column 2 “退職者”"), "{}", text.out);
    let other = place.run(&["plan", "--list", &file, "--column", "承認者"]).await.ended(3);
    assert_eq!(other.code(), "list_no_column");
    assert_eq!(place.run(&["plan", "--all", "--column", "2"]).await.ended(3).code(), "bad_usage");
    assert_eq!(org.seen().count(Route::DeleteToken), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exports_of_consoles_and_our_own_reports_are_good_lists() {
    let (_org, place) = five().await;
    let google = "First Name [Required],Last Name [Required],Email Address [Required]\nA,B,person00002@example.com\n";
    let tokens =
        "user,clientId,displayText,scopes\nperson00002@example.com,1,HubSpot,a\nperson00002@example.com,2,X,b\n";
    let utf16: Vec<u8> = format!("\u{feff}{google}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for list in [google.as_bytes(), tokens.as_bytes(), &utf16] {
        let file = place.file("export.csv", list);
        let plan = place.run(&["--json", "plan", "--list", &file, "--strict"]).await.ended(0).json();
        assert_eq!(plan["plan"]["counts"]["planned"], 1);
    }
    let id = place.plan_all().await;
    let report = place.path("report.csv").to_str().unwrap().to_owned();
    place.run(&["report", &id, "--format", "csv", "--to", &report]).await.ended(0);
    let plan = place.run(&["--json", "plan", "--list", &report, "--strict"]).await.ended(0).json();
    assert_eq!(plan["plan"]["counts"]["planned"], 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_that_are_none_are_refused_by_code_and_leave_nothing() {
    let (org, place) = five().await;
    let long = format!("{}@example.com\n", "a".repeat(5_000));
    for (bytes, status, code) in [
        (&b""[..], 3, "list_empty"),
        (b"\xef\xbb\xbf\r\n\r\n", 3, "list_empty"),
        (b"Email,Name\n", 3, "list_empty"),
        (b"no address\nnone either\n", 3, "list_no_addresses"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 3, "list_kind"),
        (b"a@example.com\n\xff\n", 3, "list_encoding"),
        (b"-----BEGIN PRIVATE KEY-----\nMIG\n", 3, "list_key"),
        (b"a@example.com\n\"b@example.com\n", 3, "list_quote"),
        (long.as_bytes(), 3, "list_no_addresses"),
        (b"someone@other.example\n", 1, "plan_empty"),
    ] {
        let file = place.file("list", bytes);
        let done = place.run(&["plan", "--list", &file]).await.ended(status);
        assert_eq!(done.code(), code, "{bytes:?}");
    }
    for path in ["missing.csv", "."] {
        let done = place.run(&["plan", "--list", path]).await.ended(3);
        assert_eq!(done.code(), "list_unreadable", "{path}");
    }
    let one = place.run(&["plan", "--person", "someone@other.example"]).await.ended(1);
    assert!(one.code() == "plan_empty" && one.out.contains("foreign_domain"), "{one:?}");
    assert_eq!(place.run(&["plan", "--person", "nonsense"]).await.ended(3).code(), "list_no_addresses");
    assert_eq!(place.run(&["plan", "--leaver", "a@@b"]).await.ended(3).code(), "address_two_ats");
    assert_eq!(place.run(&["plan", "--leaver", "x@example.com"]).await.ended(1).code(), "admin_nobody_there");
    let runs = place.run(&["runs", "--json"]).await.ended(0).json();
    assert_eq!(runs["runs"], serde_json::json!([]));
    assert_eq!(org.seen().count(Route::DeleteToken), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_million_lines_are_read_and_one_more_is_too_long() {
    let (org, place) = five().await;
    let mut list = String::with_capacity(24_000_000);
    for line in 0..1_000_000 {
        let _ = writeln!(list, "person{line:07}@example.com");
    }
    // In the middle, so that all of it must be read to find them.
    list = list.replacen("person0500000@example.com", "person00002@example.com", 1);
    let file = place.file("million", &list);
    let most = peak(&place, &["plan", "--list", &file]).await;
    println!("a million lines: {most} KiB at most");
    assert!(most < MOST, "they are read line by line");
    let plan = place.run(&["--json", "plan", "--list", &file]).await.ended(0).json();
    assert_eq!((&plan["plan"]["counts"]["planned"], &plan["refused_total"]), (&1.into(), &999_999.into()));
    assert_eq!(refused(&plan).first(), Some(&(1, "no_access")));
    list.push_str("one-more@example.com\n");
    let file = place.file("more", &list);
    let done = place.run(&["plan", "--list", &file]).await.ended(3);
    assert_eq!(done.code(), "list_too_long");
    assert_eq!(org.seen().count(Route::DeleteToken), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_app_that_is_not_hubspots_wants_its_name_and_only_chosen_apps_are_planned() {
    let (org, place) = five().await;
    let look_alike = GoogleApp::LOOK_ALIKE;
    let refused = place.run(&["apps", "choose", look_alike.client_id]).await.ended(3);
    assert_eq!(refused.code(), "app_not_hubspot");
    assert!(refused.err.contains(look_alike.display_text), "the second look is at its name: {}", refused.err);
    let wrong = place.run(&["apps", "choose", GoogleApp::SLACK.client_id, "--name", "HubSpot"]).await.ended(3);
    assert_eq!(wrong.code(), "app_not_hubspot");
    assert_eq!(place.run(&["apps", "choose", "no-such-app"]).await.ended(3).code(), "unknown_app");
    place.run(&["apps", "choose", look_alike.client_id, "--name", look_alike.display_text]).await.ended(0);
    place.run(&["apps", "drop", look_alike.client_id]).await.ended(0);

    place.run(&["apps", "choose", GoogleApp::HUBSPOT_ADS.client_id]).await.ended(0);
    let ads = ["--json", "plan", "--all", "--app", GoogleApp::HUBSPOT_ADS.client_id];
    assert_eq!(place.run(&ads).await.ended(0).json()["plan"]["counts"]["planned"], 2);
    let other = place.run(&["plan", "--all", "--app", look_alike.client_id]).await.ended(3);
    assert_eq!(other.code(), "unknown_app", "it is not chosen any more");
    let id = place.plan_all().await;
    place.run(&["run", &id, "--yes"]).await.ended(0);
    org.state().assert_only_deleted(&[GoogleApp::HUBSPOT.client_id, GoogleApp::HUBSPOT_ADS.client_id]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_leaves_is_read_anew_and_goes_on_their_day() {
    let org = GoogleOrg::with(3).without_quota().start().await;
    let mut place = searched_google(&org).await;
    let shift = place.file("shift", "0");
    place.set("UNCOUPLE_CLOCK_SHIFT", &shift);
    place.run(&["apps", "choose", GoogleApp::HUBSPOT_ADS.client_id]).await.ended(0);
    let day = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(48)).to_string();
    let address = org.state().address(0);
    let plan = place.run(&["--json", "plan", "--leaver", &address, "--on", &day]).await.ended(0).json();
    let id = plan["plan"]["id"].as_str().unwrap();
    assert_eq!((&plan["plan"]["leaver"], &plan["plan"]["counts"]["planned"]), (&address.into(), &2.into()));
    for _ in 0..2 {
        let waits = place.run(&["run", id, "--yes", "--json"]).await.ended(4).json();
        assert_eq!(waits["run"]["state"], "scheduled", "not before its time");
    }
    assert_eq!(org.seen().count(Route::DeleteToken), 0);
    org.state().remove_by_hand(0, GoogleApp::HUBSPOT_ADS.client_id);
    place.file("shift", "49");
    let run = place.run(&["run", id, "--yes", "--json"]).await.ended(0).json();
    assert_eq!(run["run"]["counts"]["proven"], 1, "what they have on that day");
    assert_eq!(place.run(&["plan", "--leaver", "x", "--on", "2001-01-01"]).await.ended(3).code(), "bad_usage");
}
