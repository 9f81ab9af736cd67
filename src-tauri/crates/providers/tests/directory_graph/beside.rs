//! What stands beside people's consents, and giving a deleted one back.

use crate::support::hasty;
use crate::{Desk, SALES, desk, desk_with};
use uncouple_domain::{ConsentRule, DeleteAnswer, Permission};
use uncouple_engine::directory::{ApiError, DeletedGrant, Finding, Holds, RestoreAnswer, Wanted, Who};
use uncouple_testkit::directory::{Fault, GraphApp, GraphOrg, GraphRole, Paging, Route, When};

/// What a search keeps of a person's first grant.
async fn kept(desk: &Desk, user: usize) -> DeletedGrant {
    let address = desk.org.state().address(user);
    let found = desk.directory.look_up(&address, &Wanted::default()).await.unwrap();
    let id = desk.of(user).grant;
    let access = found.into_iter().find_map(|finding| {
        let Finding::Read { accesses, .. } = finding else { return None };
        accesses.into_iter().find(|access| access.grant == id)
    });
    let access = access.unwrap();
    DeletedGrant {
        who: Who::Person { id: desk.org.state().id(user) },
        app: access.app,
        resource: access.resource.unwrap(),
        scopes: access.scopes,
    }
}

async fn holds(desk: &Desk, grant: &DeletedGrant) -> Result<Holds, ApiError> {
    desk.directory.holds(grant).await.map(|(_, holds)| holds)
}

#[tokio::test]
async fn a_deleted_grant_is_given_back_with_its_own_scopes_and_a_second_time_it_is_there() {
    let desk = desk(4).await;
    let grant = kept(&desk, 1).await;
    assert_eq!(grant.resource, GraphApp::GRAPH.object_id.to_string());
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::Deleted));
    assert_eq!(holds(&desk, &grant).await, Ok(Holds::No));
    assert_eq!(desk.directory.give_back(&grant).await, Ok(RestoreAnswer::Given));
    assert_eq!(holds(&desk, &grant).await, Ok(Holds::All));
    assert!(desk.org.state().has(1, SALES.object_id));
    assert_eq!(desk.directory.give_back(&grant).await, Ok(RestoreAnswer::There));
    let more = DeletedGrant { scopes: [grant.scopes.clone(), vec!["Files.Read".into()]].concat(), ..grant.clone() };
    assert_eq!(holds(&desk, &more).await, Ok(Holds::Less));
    // Of a person who is gone nothing is given back.
    assert_eq!(desk.delete(1).await, Ok(DeleteAnswer::Deleted));
    desk.org.state().vanish(1);
    assert_eq!(desk.directory.give_back(&grant).await, Ok(RestoreAnswer::Refused));
    assert_eq!(holds(&desk, &grant).await, Err(ApiError::NobodyThere));
    desk.assert_clean();
}

#[tokio::test]
async fn an_answer_that_got_lost_is_told_by_the_second_try() {
    let desk = desk(2).await;
    let grant = kept(&desk, 1).await;
    desk.delete(1).await.unwrap();
    desk.org.faults().next(1, Route::PostGrant, Fault::Reset(When::After));
    assert_eq!(desk.directory.give_back(&grant).await, Ok(RestoreAnswer::There));
    assert_eq!((holds(&desk, &grant).await, desk.org.state().posts()), (Ok(Holds::All), 2));
    desk.org.faults().next(1, Route::PostGrant, Fault::Forbidden);
    assert_eq!(desk.directory.give_back(&grant).await, Err(ApiError::Forbidden { permission: Permission::Revoke }));
    desk.directory.halt();
    assert_eq!(desk.directory.give_back(&grant).await, Err(ApiError::Halted));
}

#[tokio::test]
async fn a_consent_for_everybody_is_given_back_as_one() {
    let desk = desk_with(GraphOrg::with(2).for_everyone(SALES), hasty()).await;
    let grant = DeletedGrant { who: Who::Everybody, ..kept(&desk, 1).await };
    assert_eq!(holds(&desk, &grant).await, Ok(Holds::All));
    let id = desk.org.state().grant_ids(0, SALES.object_id).into_iter().next();
    assert!(id.is_some());
    assert_eq!(desk.directory.give_back(&grant).await, Ok(RestoreAnswer::There));
    desk.assert_clean();
}

#[tokio::test]
async fn application_permissions_are_read_to_the_last_page_with_the_names_that_the_resource_gives() {
    let desk = desk(1).await;
    let app = SALES.object_id;
    assert_eq!(desk.directory.app_roles(&app.to_string()).await, Ok(Vec::new()));
    desk.org.state().set_roles(app, &GraphRole::ALL);
    desk.org.faults().paging(Route::AppRoles, Paging::EmptyPages(2));
    let roles = desk.directory.app_roles(&app.to_string()).await.unwrap();
    let mut named: Vec<_> =
        roles.iter().map(|role| (role.value.as_deref().unwrap_or_default(), role.resource.as_str())).collect();
    named.sort_unstable();
    let exchange = "Office 365 Exchange Online";
    let wanted =
        [("Mail.Read", "Microsoft Graph"), ("Something.New", "Microsoft Graph"), ("full_access_as_app", exchange)];
    assert_eq!(named, wanted);
    // Without its name a role still has its identifier.
    desk.org.faults().next(1, Route::App, Fault::Forbidden);
    let roles = desk.directory.app_roles(&app.to_string()).await.unwrap();
    assert_eq!(roles.len(), 3);
    assert!(roles.iter().any(|role| role.value.is_none() && !role.id.is_empty()), "{roles:?}");
    // An app that is not there has none; a list that can't be read is no empty one.
    assert_eq!(desk.directory.app_roles("66600066-0000-4000-8000-00000000ffff").await, Ok(Vec::new()));
    desk.org.faults().next(1, Route::AppRoles, Fault::Forbidden);
    let forbidden = desk.directory.app_roles(&app.to_string()).await;
    assert_eq!(forbidden, Err(ApiError::Forbidden { permission: Permission::Apps }));
    desk.assert_clean();
}

#[tokio::test]
async fn the_consent_policy_is_read_by_its_documented_rules_only() {
    let desk = desk(1).await;
    assert_eq!(desk.directory.consent_rule().await, Ok(ConsentRule::MicrosoftManaged));
    desk.org.state().set_consent_policies(&[]);
    assert_eq!(desk.directory.consent_rule().await, Ok(ConsentRule::Administrators));
    desk.org.state().set_consent_policies(&["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"]);
    assert_eq!(desk.directory.consent_rule().await, Ok(ConsentRule::People));
    desk.org.state().set_consent_policies(&["ManagePermissionGrantsForSelf.our-own"]);
    assert_eq!(desk.directory.consent_rule().await, Ok(ConsentRule::Other));
    desk.org.faults().next(1, Route::Policy, Fault::Forbidden);
    let forbidden = Err(ApiError::Forbidden { permission: Permission::Policy });
    assert_eq!(desk.directory.consent_rule().await, forbidden);
}
