//! Signing an administrator in and out.

use crate::team::{ADMIN, ALL, sign_in, team};
use uncouple_domain::Provider;
use uncouple_engine::ErrorCode;
use uncouple_engine::ports::{RefreshReply, RevokeReply, SecretError};
use uncouple_engine::view::{AdminSignInResult, KeptOn};
use uncouple_engine::wire::{Permission, Suite};
use uncouple_testkit::{Desk, Trouble};

#[tokio::test]
async fn who_is_signed_in_is_shown_with_what_was_granted_and_what_was_not() {
    let desk = Desk::new().await;
    sign_in(&desk, &["people", "log"], false).await.unwrap();
    let view = desk.engine.admin().await.unwrap();
    let signed = view.organisations[0].sign_in.clone().unwrap();
    assert_eq!((view.organisations[0].name.as_str(), signed.account.as_str()), ("example.com", ADMIN));
    assert_eq!(signed.missing, [Permission::Revoke]);
    assert_eq!(view.asks.len(), 4);
}

#[tokio::test]
async fn a_sign_in_to_look_only_can_not_revoke_whatever_the_provider_granted() {
    let desk = Desk::new().await;
    desk.directories.person("p1", &[uncouple_testkit::HUBSPOT]);
    sign_in(&desk, &ALL, true).await.unwrap();
    let organisation = desk.engine.admin().await.unwrap().organisations[0].id.parse().unwrap();
    desk.engine.search(organisation).await.unwrap();
    desk.engine.choose_app(organisation, uncouple_testkit::HUBSPOT, true, None).await.unwrap();
    let ask = uncouple_engine::view::AccessAsk { organisation: Some(organisation.to_string()), ..Default::default() };
    let plan = desk.engine.plan(uncouple_engine::view::PlanAsk::All { ask, except: Vec::new() }).await.unwrap();
    assert_eq!(plan.actions, [uncouple_engine::view::RunAction::Drop], "it is not offered either");
    let error = desk.engine.start_run(plan.id.parse().unwrap(), false).await.unwrap_err();
    assert_eq!((error.code, error.details["permission"].as_str()), (ErrorCode::NotPermitted, "revoke"));
    assert!(desk.directories.has("p1", uncouple_testkit::HUBSPOT));
}

#[tokio::test]
async fn signing_out_forgets_the_token_and_says_what_became_of_the_permission() {
    let team = team(0).await;
    assert_eq!(team.desk.secrets.count(), 1);
    team.desk.accounts.answers(RevokeReply::Gone);
    let out = team.desk.engine.admin_sign_out(team.organisation).await.unwrap();
    assert!(out.forgotten && out.revoked && !out.shared);
    assert_eq!(team.desk.secrets.count(), 0);
    assert!(team.view().await.sign_in.is_none());
    let error = team.desk.engine.search(team.organisation).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotSignedIn);
}

#[tokio::test]
async fn signing_out_never_cuts_a_mailbox_that_hangs_on_the_same_permission() {
    let desk = Desk::new().await;
    desk.accounts.signs_in(Provider::Google, &format!("tenant.{ADMIN}"), ADMIN, "1//mailbox");
    desk.engine.connect_mailbox(uncouple_engine::ports::SignInAt::Google, None, None).await.unwrap();
    sign_in(&desk, &ALL, false).await.unwrap();
    let organisation = desk.engine.admin().await.unwrap().organisations[0].id.parse().unwrap();
    let out = desk.engine.admin_sign_out(organisation).await.unwrap();
    assert!(out.forgotten && out.shared && !out.revoked);
    assert_eq!(desk.accounts.revoked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_token_that_the_keyring_does_not_let_go_of_is_forgotten_by_the_next_run() {
    let mut team = team(0).await;
    team.desk.secrets.trouble(Some(Trouble::Forget(SecretError::Failed)));
    let out = team.desk.engine.admin_sign_out(team.organisation).await.unwrap();
    assert!(!out.forgotten);
    team.desk.secrets.trouble(None);
    team.desk.restart().await;
    assert_eq!(team.desk.secrets.count(), 0);
}

#[tokio::test]
async fn signing_in_again_replaces_the_sign_in_and_forgets_the_old_token() {
    let team = team(1).await;
    sign_in(&team.desk, &ALL, true).await.unwrap();
    let view = team.view().await;
    assert!(view.sign_in.unwrap().read_only);
    assert_eq!(view.chosen.len(), 1, "what was chosen stays");
    assert_eq!(team.desk.secrets.count(), 1);
}

#[tokio::test]
async fn a_personal_account_is_no_administrators() {
    let desk = Desk::new().await;
    desk.accounts.signs_in(Provider::OutlookCom, "s", "someone@outlook.com", "1//personal");
    desk.accounts.answers(RevokeReply::NotOffered);
    let error = desk.engine.admin_sign_in(Suite::Microsoft, false, None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AdminPersonalAccount);
    assert_eq!(desk.secrets.count(), 0);
    assert!(desk.engine.admin().await.unwrap().organisations.is_empty());
}

#[tokio::test]
async fn a_refused_token_is_shown_until_it_is_taken_again() {
    use uncouple_engine::view::RunAction;
    let team = team(1).await;
    let plan = team.planned().await;
    team.desk.clock.wait(2);
    team.desk.accounts.refreshes(RefreshReply::Refused);
    let error = team.desk.engine.search(team.organisation).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AdminExpired);
    assert!(team.view().await.sign_in.unwrap().refused_since.is_some());
    assert_eq!(team.view().await.search_failed.unwrap().code, ErrorCode::AdminExpired);
    assert_eq!(team.row(plan).await.actions, [RunAction::Drop]);
    team.search().await;
    assert_eq!(team.row(plan).await.actions, [RunAction::Start, RunAction::Drop]);
    assert!(team.view().await.sign_in.unwrap().refused_since.is_none());
}

#[tokio::test]
async fn without_a_keyring_the_administrator_chooses_and_the_choice_ends_with_the_run() {
    let mut desk = Desk::new().await;
    desk.secrets.trouble(Some(Trouble::All(SecretError::Locked)));
    let result = sign_in(&desk, &ALL, false).await.unwrap();
    let AdminSignInResult::KeyringRefused { pending, .. } = result else { unreachable!("{result:?}") };
    let done = desk.engine.finish_admin_sign_in(pending.parse().unwrap(), true).await.unwrap();
    assert!(matches!(done, AdminSignInResult::SignedIn { .. }));
    assert!(desk.engine.admin().await.unwrap().organisations[0].sign_in.clone().unwrap().this_run_only);
    desk.secrets.trouble(None);
    let beside = desk.other().await.admin().await.unwrap();
    assert!(beside.organisations[0].sign_in.is_some(), "another process does not end this one's run");
    desk.restart().await;
    assert!(desk.engine.admin().await.unwrap().organisations[0].sign_in.is_none());
}

#[tokio::test]
async fn only_super_admins_administer_and_nobody_in_the_sample() {
    let desk = Desk::sample().await;
    let error = sign_in(&desk, &ALL, false).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotInSample);
    let other = desk.engine.add_member("Taro", false, None).await.unwrap();
    desk.engine.act_as(other).await.unwrap();
    assert_eq!(desk.engine.admin().await.unwrap_err().code, ErrorCode::NotSuperAdmin);
    let ask = Default::default();
    assert_eq!(desk.engine.accesses(&ask).await.unwrap_err().code, ErrorCode::NotSuperAdmin);
}

#[tokio::test]
async fn a_token_that_was_handed_over_is_used_in_its_own_organisation_and_in_no_other() {
    let team = team(2).await;
    let run = team.planned().await;
    for account in ["admin@elsewhere.example", ADMIN] {
        let engine = std::sync::Arc::new(team.desk.with_token("access").await);
        let refused = engine.search(team.organisation).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::OtherOrganisation, "nobody knows yet whose it is");
        let its = engine.adopt_organisation(Suite::Google, account).await.unwrap();
        let outcome = engine.run_to_end(run, uncouple_engine::RunMode::Revoke, false).await;
        if account == ADMIN {
            assert_eq!((its, outcome.unwrap()), (team.organisation, uncouple_engine::RunEnd::Ended));
        } else {
            assert_ne!(its, team.organisation);
            assert_eq!(outcome.unwrap_err().code, ErrorCode::OtherOrganisation);
            assert!(team.desk.directories.happened().is_empty());
        }
    }
    assert!(!team.desk.directories.has("p1", uncouple_testkit::HUBSPOT));
}

#[tokio::test]
async fn another_device_uses_no_administrators_sign_in_and_leaves_its_token_to_its_own() {
    let mut team = team(1).await;
    let secrets = std::sync::Arc::new(uncouple_testkit::MemorySecrets::default());
    let other = std::sync::Arc::new(team.desk.elsewhere(&secrets).await);
    let signed = other.admin().await.unwrap().organisations[0].sign_in.clone().unwrap();
    assert_eq!(signed.kept_on, Some(KeptOn::Device { name: "desk".to_owned() }));
    let refused = other.search(team.organisation).await.unwrap_err();
    assert_eq!((refused.code, refused.details["device"].as_str()), (ErrorCode::KeptOnDevice, "desk"));
    let out = other.admin_sign_out(team.organisation).await.unwrap();
    assert_eq!((out.forgotten, out.revoked), (false, false));
    assert_eq!(out.kept_on, Some(KeptOn::Device { name: "desk".to_owned() }));
    other.housekeep().await.unwrap();
    assert_eq!(team.desk.secrets.count(), 1, "it is for the desk to forget");
    team.desk.restart().await;
    assert_eq!(team.desk.secrets.count(), 0);
}
