use crate::pages::{Pages, TableError};
use proptest::prelude::*;
use serde_json::{Value, json};
use uncouple_domain::{Address, Provider, StepKind};
use uncouple_engine::guide::{Guide, GuideFor, Guides};

const TABLE: &str = include_str!("../../pages.json");

fn wanted(address: &Address, step: StepKind, provider: Provider, own_app: bool) -> GuideFor<'_> {
    GuideFor { step, provider, team: false, own_app, hubspot: None, address }
}

fn guide(step: StepKind, provider: Provider, own_app: bool) -> Option<Guide> {
    let address = Address::parse("hanako@example.com").unwrap();
    Pages::built_in().unwrap().guide(&wanted(&address, step, provider, own_app))
}

const CONSENTS: [(Provider, &str); 3] = [
    (Provider::Google, "https://myaccount.google.com/linkedapps"),
    (Provider::Microsoft365, "https://myapps.microsoft.com/"),
    (Provider::OutlookCom, "https://account.live.com/consent/Manage"),
];

#[test]
fn every_kind_of_account_has_its_own_page() {
    let pages = Pages::built_in().unwrap();
    let address = Address::parse("hanako@example.com").unwrap();
    for (provider, page) in CONSENTS {
        for own_app in [false, true] {
            let wanted = wanted(&address, StepKind::RevokeGrant, provider, own_app);
            assert_eq!(pages.page(&wanted).unwrap().as_str(), page);
            assert_eq!(pages.guide(&wanted).unwrap().page.as_deref(), Some(page));
        }
    }
}

#[test]
fn what_has_no_consent_has_text_only() {
    for (step, provider) in
        [(StepKind::WithdrawPassword, Provider::Imap), (StepKind::RemoveForwarding, Provider::Hosted)]
    {
        let guide = guide(step, provider, false).unwrap();
        assert_eq!((guide.page, guide.listed_as), (None, None));
        assert!(!guide.today.is_empty() && !guide.stops.is_empty());
    }
    assert!(guide(StepKind::RevokeGrant, Provider::Imap, false).is_none());
}

#[test]
fn the_crms_side_and_the_backends_steps_are_not_in_this_table() {
    for step in [StepKind::DisableInCrm, StepKind::RemoveFromCrm, StepKind::ForgetSecret] {
        for provider in
            [Provider::Google, Provider::Microsoft365, Provider::OutlookCom, Provider::Imap, Provider::Hosted]
        {
            assert!(guide(step, provider, false).is_none());
        }
    }
}

#[test]
fn googles_page_has_todays_name_first_and_the_older_one_second() {
    for own_app in [false, true] {
        let guide = guide(StepKind::RevokeGrant, Provider::Google, own_app).unwrap();
        let labels: Vec<_> = guide.today.iter().flat_map(|step| &step.labels).collect();
        let place = |ja: &str, en: &str| labels.iter().position(|label| label.ja == ja && label.en == en);
        let today = place("リンク済みアプリ", "Linked apps").unwrap();
        let older = place("サードパーティとの接続", "Your connections to third-party apps & services").unwrap();
        assert!(today < older);
        for label in ["See details", "Remove access", "Confirm"] {
            assert!(labels.iter().any(|words| words.en == label), "{label}");
        }
    }
}

#[test]
fn a_source_is_opened_only_if_the_table_names_it_and_its_host_is_compiled_in() {
    let pages = Pages::built_in().unwrap();
    for page in [
        "https://support.google.com/accounts/answer/13533235",
        "https://knowledge.hubspot.com/ja/account/disconnect-your-inbox-from-hubspot",
        "https://www.microsoft.com/consent",
    ] {
        assert_eq!(pages.source(page).unwrap().as_str(), page);
    }
    for page in [
        "https://support.google.com/accounts/answer/1",
        "https://knowledge.hubspot.com/",
        "https://attacker.example/",
        // A page of a guide, which has a way of its own with a line of the history.
        "https://myaccount.google.com/linkedapps",
        "javascript:alert(1)",
        "",
    ] {
        assert_eq!(pages.source(page), None, "{page}");
    }
}

#[test]
fn a_page_behind_a_sign_in_is_never_called_documented() {
    for provider in [Provider::Google, Provider::Microsoft365, Provider::OutlookCom] {
        for own_app in [false, true] {
            let guide = guide(StepKind::RevokeGrant, provider, own_app).unwrap();
            let own = guide.sources.iter().filter(|source| Some(&source.url) == guide.page.as_ref());
            assert!(own.into_iter().all(|source| !source.documented), "{}", guide.id);
        }
    }
}

#[test]
fn the_article_sends_imap_to_the_it_department() {
    let guide = guide(StepKind::WithdrawPassword, Provider::Imap, false).unwrap();
    let said = serde_json::to_string(&(&guide.today, &guide.article)).unwrap();
    assert!(said.contains("IT部門にご相談ください") && said.contains("ask your IT department"));
}

#[test]
fn the_articles_section_heading_stands_over_hubspots_consents_only() {
    for (provider, _) in CONSENTS {
        let section = guide(StepKind::RevokeGrant, provider, false).unwrap().section.unwrap();
        assert_eq!(section.ja, "EメールアカウントでのHubSpot接続を解除する");
        assert_eq!(guide(StepKind::RevokeGrant, provider, true).unwrap().section, None);
    }
}

#[test]
fn everything_that_stops_with_hubspots_google_consent_is_said() {
    let guide = guide(StepKind::RevokeGrant, Provider::Google, false).unwrap();
    assert_eq!(guide.listed_as.as_deref(), Some("HubSpot"));
    let said = serde_json::to_string(&guide.stops).unwrap();
    for word in ["Gmail", "Shared", "Calendar", "meetings", "Search Console", "Drive", "sequence", "sent later"] {
        assert!(said.contains(word), "{word}");
    }
}

#[test]
fn the_labels_of_the_article_are_exact() {
    for (provider, labels) in [
        (
            Provider::Google,
            &[
                ("サードパーティ製アクセスの管理", "Manage third-party access"),
                ("アクセス権を削除", "Remove access"),
                ("アカウントアクセスを持つサードパーティ製アプリ", "Third-party apps with account access"),
            ][..],
        ),
        (
            Provider::Microsoft365,
            &[
                ("アプリ権限", "App permissions"),
                ("アプリ権限を変更", "Change app permissions"),
                ("取り消す", "Revoke"),
            ],
        ),
    ] {
        let guide = guide(StepKind::RevokeGrant, provider, false).unwrap();
        let found: Vec<_> = guide.article.iter().flat_map(|step| &step.labels).collect();
        for (ja, en) in labels {
            assert!(found.iter().any(|words| words.ja == *ja && words.en == *en), "{ja} / {en}");
        }
    }
}

#[test]
fn our_own_consent_is_listed_under_our_name_and_stops_nothing_of_hubspots() {
    for (provider, _) in CONSENTS {
        let guide = guide(StepKind::RevokeGrant, provider, true).unwrap();
        assert_eq!(guide.listed_as.as_deref(), Some("Uncouple"));
        assert!(guide.article.is_empty());
        assert!(!serde_json::to_string(&(&guide.stops, &guide.today)).unwrap().contains("HubSpot"));
    }
}

#[test]
fn the_mistranslation_of_the_article_is_not_repeated() {
    assert!(!TABLE.contains("受信拒否通知"));
}

/// The table with one thing changed in its first row.
fn changed(change: impl FnOnce(&mut Value)) -> Result<(), TableError> {
    let mut table: Value = serde_json::from_str(TABLE).unwrap();
    change(&mut table[0]);
    Pages::read(&table.to_string()).map(drop)
}

fn with_page(page: &str) -> Result<(), TableError> {
    changed(|row| row["guide"]["page"] = json!(page))
}

#[test]
fn a_table_with_another_address_is_refused() {
    assert_eq!(changed(|_| {}), Ok(()));
    assert_eq!(with_page("https://myaccount.google.com/permissions"), Ok(()));
    for page in [
        "http://myaccount.google.com/connections",
        "https://myaccount.google.com:443/connections",
        "https://myaccount.google.com:8443/connections",
        "https://user@myaccount.google.com/connections",
        "https://user:secret@myaccount.google.com/connections",
        "https://myaccount.google.com@attacker.example/connections",
        "https://myaccount.google.com.attacker.example/connections",
        "https://attacker.example/myaccount.google.com",
        "https://MyAccount.Google.com/connections",
        "https://myaccount.google.com./connections",
        "https://accounts.google.com/connections",
        "https://myapps.microsoft.com/",
        "https://myaccount.google.com/connections?continue=https://attacker.example",
        "https://myaccount.google.com/connections#x",
        "https://myaccount.google.com/../connections",
        "https://myaccount.google.com\\connections",
        " https://myaccount.google.com/connections",
        "https://myaccount.google.com/conn\nections",
        "https:myaccount.google.com/connections",
        "javascript:alert(1)",
        "myaccount.google.com/connections",
        "",
    ] {
        assert_eq!(with_page(page), Err(TableError::BadPage("google-connections".to_owned())), "{page:?}");
    }
}

#[test]
fn a_kind_without_a_page_can_not_be_given_one() {
    let mut table: Value = serde_json::from_str(TABLE).unwrap();
    let rows = table.as_array_mut().unwrap();
    let imap = rows.iter_mut().find(|row| row["provider"] == "imap").unwrap();
    imap["guide"]["page"] = json!("https://myaccount.google.com/apppasswords");
    assert!(matches!(Pages::read(&table.to_string()), Err(TableError::BadPage(_))));
}

#[test]
fn a_table_with_a_gap_is_refused() {
    for change in [
        (|g| g["today"][0]["text"]["ja"] = json!("")) as fn(&mut Value),
        |g| g["today"][1]["labels"][0]["en"] = json!(" "),
        |g| g["article"][0]["text"]["en"] = json!(""),
        |g| g["stops"][0]["ja"] = json!(""),
        |g| g["cautions"][0]["en"] = json!(""),
        |g| g["section"]["ja"] = json!(" "),
        |g| g["sources"][0]["note"]["en"] = json!(""),
        |g| g["today"] = json!([]),
        |g| g["listed_as"] = json!(""),
        |g| g["id"] = json!(""),
    ] {
        assert!(matches!(changed(|row| change(&mut row["guide"])), Err(TableError::Incomplete(_))));
    }
    for change in [
        (|g| g["sources"] = json!([])) as fn(&mut Value),
        |g| g["sources"][0]["checked"] = json!("November 2026"),
        |g| g["sources"][0]["url"] = json!("somewhere"),
        |g| g["sources"][0]["url"] = json!("https://attacker.example/accounts/answer/13533235"),
        |g| g["sources"][0]["url"] = json!("https://support.google.com@attacker.example/answer/1"),
        |g| g["sources"][0]["url"] = json!("https://support.google.com:8443/accounts/answer/13533235"),
        |g| g["sources"][0]["url"] = json!("https://support.google.com/url?q=https://attacker.example"),
        |g| g["sources"][1]["documented"] = json!(true),
    ] {
        assert!(matches!(changed(|row| change(&mut row["guide"])), Err(TableError::NoSource(_))));
    }
    assert!(matches!(changed(|row| row["guide"]["surprise"] = json!(1)), Err(TableError::Unreadable(_))));
    assert!(matches!(changed(|row| row["own_app"] = json!(true)), Err(TableError::Twice(_))));
    let same_id = changed(|row| row["guide"]["id"] = json!("outlook-consent"));
    assert!(matches!(same_id, Err(TableError::Twice(_))));
    assert!(matches!(Pages::read("{"), Err(TableError::Unreadable(_))));
}

proptest! {
    #[test]
    fn no_address_leads_anywhere_but_the_compiled_in_host(page in "https?:/{1,3}[a-z.@:\\\\/%?#]{0,12}(myaccount\\.google\\.com)?[a-z0-9.@:\\\\/%?#]{0,20}") {
        if with_page(&page).is_ok() {
            prop_assert!(page.starts_with("https://myaccount.google.com/"));
            prop_assert!(!page.contains(['@', '?', '#', '\\']));
        }
    }
}
