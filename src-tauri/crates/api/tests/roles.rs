//! Who may do what: every command of the table against every role, straight at the engine.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use async_trait::async_trait;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use uncouple_api::{Command, Face, Right, commands, dispatch, find};
use uncouple_domain::{DisconnectId, InboxId, MailboxId, MemberId, NoticeId, OtherChannelId, RunId};
use uncouple_engine::view::{DesktopView, Paces};
use uncouple_engine::wire::{OtherKind, Provider};
use uncouple_engine::{AppError, Engine, ErrorCode};
use uncouple_testkit::{Desk, PLAIN_SOURCE};
use uuid::Uuid;

/// The four people that the table is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// Super admin, and owner of nothing in the table.
    Admin,
    /// Owner of the mailbox, without access to the inbox.
    Owner,
    /// With account access to the inbox.
    Access,
    /// Neither.
    Nobody,
}

const ROLES: [Role; 4] = [Role::Admin, Role::Owner, Role::Access, Role::Nobody];

struct Team {
    desk: Desk,
    people: BTreeMap<Role, MemberId>,
    inbox: InboxId,
    mailbox: MailboxId,
    channel: MailboxId,
    other: OtherChannelId,
    mailbox_job: DisconnectId,
    channel_job: DisconnectId,
}

/// A fresh team: a mailbox with an open job and one without, the same in the inbox.
async fn team() -> Team {
    let desk = Desk::sample().await;
    let engine = &desk.engine;
    let admin: MemberId = desk.overview().await.me.id.parse().unwrap();
    let mut people = BTreeMap::from([(Role::Admin, admin)]);
    for (role, name) in [(Role::Owner, "Owner"), (Role::Access, "Access"), (Role::Nobody, "Nobody")] {
        people.insert(role, engine.add_member(name, false, None).await.unwrap());
    }
    let inbox = engine.add_inbox("Support").await.unwrap();
    engine.set_access(inbox, people[&Role::Access], true).await.unwrap();
    let other = engine.add_other_channel(inbox, OtherKind::Chat, "chat").await.unwrap();
    let track = |address: &'static str| engine.track_channel(inbox, address, Provider::Google, None, None);
    let channel = track("team@example.com").await.unwrap();
    let leaving = track("leaving@example.com").await.unwrap();
    let channel_job = engine.delete_channel(leaving).await.unwrap();
    engine.act_as(people[&Role::Owner]).await.unwrap();
    let mailbox = engine.track_mailbox("owner@example.com", Provider::Google, None).await.unwrap();
    let going = engine.track_mailbox("going@example.com", Provider::Google, None).await.unwrap();
    let mailbox_job = engine.disable_mailbox(going).await.unwrap();
    Team { desk, people, inbox, mailbox, channel, other, mailbox_job, channel_job }
}

/// A face without a desktop around it.
struct Bare(Arc<Engine>);

#[async_trait]
impl Face for Bare {
    async fn engine(&self) -> Result<Arc<Engine>, AppError> {
        Ok(Arc::clone(&self.0))
    }

    async fn engine_again(&self) -> Result<Arc<Engine>, AppError> {
        self.engine().await
    }

    async fn begin_sample(&self) -> Result<(), AppError> {
        Ok(())
    }

    async fn leave_sample(&self) -> Result<(), AppError> {
        Ok(())
    }

    async fn desktop(&self) -> DesktopView {
        DesktopView { version: String::new(), popups: false, tray: false, autostart: None }
    }

    async fn set_autostart(&self, _on: bool) -> Result<(), AppError> {
        Ok(())
    }

    async fn first_paint(&self) {}
}

/// What a case is about, where the right depends on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
    /// The owner's mailbox.
    Mailbox,
    /// The team's address, or its inbox.
    Team,
    /// The member without any right.
    Nobody,
    /// Nothing that belongs to anybody.
    None,
}
use About::{Mailbox, Nobody, None as Nothing, Team as OfTeam};

/// How a role is refused, or `None` where it is not.
fn refused(right: Right, about: About, role: Role) -> Option<&'static str> {
    let allowed: &[Role] = match (right, about) {
        (Right::Anyone | Right::Own, _) => &ROLES,
        (Right::Row, Mailbox) => &[Role::Owner],
        (Right::Row | Right::Inbox, OfTeam) => &[Role::Admin, Role::Access],
        (Right::Oneself, Nobody) => &[Role::Admin, Role::Nobody],
        (Right::SuperAdmin, _) => &[Role::Admin],
        (Right::Row | Right::Inbox | Right::Oneself, _) => unreachable!("a right that is about something else"),
    };
    let code = match (right, about) {
        (Right::Row, Mailbox) => "NotYours",
        (Right::Row | Right::Inbox, _) => "NoAccess",
        (Right::Anyone | Right::Own | Right::Oneself | Right::SuperAdmin, _) => "NotSuperAdmin",
    };
    (!allowed.contains(&role)).then_some(code)
}

/// A command, what it is about, its request to a fresh team, and what comes of it for those who may: `.` or a code.
type Case = (&'static str, About, fn(&Team) -> Value, &'static str);

fn nil() -> Uuid {
    Uuid::nil()
}

fn path(t: &Team) -> String {
    t.desk.folder().join("out.csv").display().to_string()
}

fn access_ask() -> Value {
    json!({ "organisation": null, "view": "unused", "days": 90, "order": "last_use", "offset": 0, "limit": 10 })
}

fn item_ask() -> Value {
    json!({ "filter": "left", "offset": 0, "limit": 10 })
}

const CASES: &[Case] = &[
    ("overview", Nothing, |_| json!({}), "."),
    ("begin_empty", Nothing, |_| json!({ "name": "Me" }), "."),
    ("begin_sample", Nothing, |_| json!({}), "."),
    ("leave_sample", Nothing, |_| json!({}), "."),
    ("guess_provider", Nothing, |_| json!({ "address": "a@gmail.com" }), "."),
    ("read_hubspot_page", Nothing, |_| json!({ "text": "https://app.hubspot.com/settings/1234567/" }), "."),
    ("track_mailbox", Nothing, |_| json!({ "address": "mine@example.com", "provider": "google" }), "."),
    ("connect_mailbox", Nothing, |_| json!({ "at": "google" }), "NotInSample"),
    ("cancel_sign_in", Nothing, |_| json!({}), "."),
    ("finish_sign_in", Nothing, |_| json!({ "pending": nil(), "keep": "keyring" }), "PendingGone"),
    ("drop_sign_in", Nothing, |_| json!({ "pending": nil() }), "PendingGone"),
    ("disable_mailbox", Mailbox, |t| json!({ "mailbox": t.mailbox }), "."),
    ("enable_mailbox", Mailbox, |t| json!({ "mailbox": t.mailbox }), "NotDisabled"),
    ("enable_guide", Mailbox, |t| json!({ "mailbox": t.mailbox }), "NotDisabled"),
    ("open_enable_page", Mailbox, |t| json!({ "mailbox": t.mailbox }), "NotDisabled"),
    ("remove_mailbox", Mailbox, |t| json!({ "mailbox": t.mailbox }), "NotDisabled"),
    ("check_mailbox", Mailbox, |t| json!({ "mailbox": t.mailbox }), "NotHeldHere"),
    ("undo_removal", Mailbox, |t| json!({ "disconnect": t.mailbox_job }), "NotHeldHere"),
    ("stop_disconnect", Mailbox, |t| json!({ "disconnect": t.mailbox_job }), "."),
    ("stop_disconnect", OfTeam, |t| json!({ "disconnect": t.channel_job }), "."),
    ("confirm_step", Mailbox, |t| json!({ "disconnect": t.mailbox_job, "step": "disable_in_crm" }), "."),
    ("confirm_step", OfTeam, |t| json!({ "disconnect": t.channel_job, "step": "remove_from_crm" }), "."),
    ("confirm_in_crm", Mailbox, |t| json!({ "disconnect": t.mailbox_job }), "."),
    ("not_listed", Mailbox, |t| json!({ "disconnect": t.mailbox_job }), "."),
    (
        "close_step",
        Mailbox,
        |t| json!({ "disconnect": t.mailbox_job, "step": "revoke_grant", "reason": "IT does it" }),
        ".",
    ),
    (
        "withdraw_confirmation",
        Mailbox,
        |t| json!({ "disconnect": t.mailbox_job, "step": "disable_in_crm" }),
        "NothingToWithdraw",
    ),
    ("remind", Mailbox, |t| json!({ "disconnect": t.mailbox_job, "days": 1 }), "."),
    ("open_page", Mailbox, |t| json!({ "disconnect": t.mailbox_job, "step": "disable_in_crm" }), "."),
    ("open_page", OfTeam, |t| json!({ "disconnect": t.channel_job, "step": "remove_from_crm" }), "."),
    ("run_step", Mailbox, |t| json!({ "disconnect": t.mailbox_job, "step": "revoke_grant" }), "NoToken"),
    ("check_step", Mailbox, |t| json!({ "disconnect": t.mailbox_job, "step": "revoke_grant" }), "NotHeldHere"),
    ("track_channel", OfTeam, |t| json!({ "inbox": t.inbox, "address": "new@example.com", "provider": "google" }), "."),
    ("delete_channel", OfTeam, |t| json!({ "mailbox": t.channel }), "."),
    ("add_other_channel", OfTeam, |t| json!({ "inbox": t.inbox, "kind": "form", "name": "form" }), "."),
    ("drop_other_channel", OfTeam, |t| json!({ "channel": t.other }), "."),
    ("ask_owner", Mailbox, |t| json!({ "mailbox": t.mailbox }), "."),
    ("decline_ask", Mailbox, |t| json!({ "mailbox": t.mailbox }), "NotAsked"),
    ("report_lost", Mailbox, |t| json!({ "mailbox": t.mailbox }), "."),
    ("report_lost", OfTeam, |t| json!({ "mailbox": t.channel }), "."),
    ("open_mail", Nothing, |_| json!({ "subject": "s", "body": "b" }), "."),
    ("move_provider", Mailbox, |t| json!({ "mailbox": t.mailbox, "to": "microsoft365" }), "."),
    ("move_provider", OfTeam, |t| json!({ "mailbox": t.channel, "to": "microsoft365" }), "."),
    ("move_to_team", Mailbox, |t| json!({ "mailbox": t.mailbox, "inbox": t.inbox }), "NoAccess"),
    ("move_to_personal", OfTeam, |t| json!({ "mailbox": t.channel }), "."),
    ("reconnect_guide", Mailbox, |t| json!({ "mailbox": t.mailbox }), "."),
    ("open_reconnect_page", Mailbox, |t| json!({ "mailbox": t.mailbox }), "."),
    ("open_privacy_page", Nothing, |_| json!({}), "NoPage"),
    ("open_source", Nothing, |_| json!({ "url": PLAIN_SOURCE }), "."),
    ("confirm_reconnected", Mailbox, |t| json!({ "mailbox": t.mailbox }), "."),
    ("confirm_reconnected", OfTeam, |t| json!({ "mailbox": t.channel }), "."),
    ("act_as", Nothing, |t| json!({ "member": t.people[&Role::Nobody] }), "."),
    ("add_member", Nothing, |_| json!({ "name": "New", "superAdmin": false }), "."),
    (
        "change_member",
        Nobody,
        |t| json!({ "member": t.people[&Role::Nobody], "name": "Else", "superAdmin": false }),
        ".",
    ),
    ("remove_member", Nothing, |t| json!({ "member": t.people[&Role::Nobody] }), "."),
    ("add_inbox", Nothing, |_| json!({ "name": "Sales" }), "."),
    ("rename_inbox", OfTeam, |t| json!({ "inbox": t.inbox, "name": "Help" }), "."),
    ("delete_inbox", OfTeam, |t| json!({ "inbox": t.inbox }), "InboxHasChannels"),
    ("set_access", OfTeam, |t| json!({ "inbox": t.inbox, "member": t.people[&Role::Nobody], "access": true }), "."),
    ("notices", Nothing, |_| json!({}), "."),
    ("read_notice", Nothing, |_| json!({ "notice": 999 }), "UnknownNotice"),
    ("read_all_notices", Nothing, |_| json!({}), "."),
    ("save_notice_settings", Nothing, |_| json!({ "notices": {} }), "."),
    ("history", Nothing, |_| json!({}), "."),
    ("verify_history", Nothing, |_| json!({}), "."),
    ("export_history", Nothing, |t| json!({ "format": "csv", "path": path(t) }), "."),
    ("rename_me", Nothing, |_| json!({ "name": "Me" }), "."),
    ("rename_device", Nothing, |_| json!({ "name": "desk" }), "."),
    ("say_origin", Nothing, |_| json!({ "origin": "moved" }), "BegunHere"),
    ("keyring", Nothing, |_| json!({}), "."),
    ("storage", Nothing, |_| json!({}), "."),
    ("save_sign_in_app", Nothing, |_| json!({ "at": "google", "app": { "client_id": "" } }), "."),
    ("set_language", Nothing, |_| json!({ "language": "ja" }), "."),
    ("set_appearance", Nothing, |_| json!({ "appearance": "dark" }), "."),
    ("desktop", Nothing, |_| json!({}), "."),
    ("set_autostart", Nothing, |_| json!({ "on": true }), "."),
    ("first_paint", Nothing, |_| json!({}), "."),
    ("admin", Nothing, |_| json!({}), "."),
    ("admin_sign_in", Nothing, |_| json!({ "suite": "google", "readOnly": false }), "NotInSample"),
    ("finish_admin_sign_in", Nothing, |_| json!({ "pending": nil(), "keep": "this_run" }), "PendingGone"),
    ("drop_admin_sign_in", Nothing, |_| json!({ "pending": nil() }), "PendingGone"),
    ("admin_sign_out", Nothing, |_| json!({ "organisation": nil() }), "UnknownOrganisation"),
    ("search_organisation", Nothing, |_| json!({ "organisation": nil() }), "NotInSample"),
    ("stop_search", Nothing, |_| json!({ "organisation": nil() }), "."),
    ("directory_apps", Nothing, |_| json!({ "organisation": nil() }), "UnknownOrganisation"),
    ("look_up_app", Nothing, |_| json!({ "organisation": nil(), "clientId": "x" }), "NotInSample"),
    ("choose_app", Nothing, |_| json!({ "organisation": nil(), "app": "x", "chosen": true }), "UnknownOrganisation"),
    ("accesses", Nothing, |_| json!({ "ask": access_ask() }), "."),
    ("export_accesses", Nothing, |t| json!({ "ask": access_ask(), "format": "csv", "path": path(t) }), "."),
    ("unread_people", Nothing, |_| json!({ "organisation": nil(), "offset": 0, "limit": 10 }), "UnknownOrganisation"),
    (
        "export_unread_people",
        Nothing,
        |t| json!({ "organisation": nil(), "format": "csv", "path": path(t) }),
        "UnknownOrganisation",
    ),
    ("save_paces", Nothing, |_| json!({ "paces": Paces::default() }), "."),
    (
        "plan",
        Nothing,
        |_| json!({ "ask": { "from": "text", "organisation": nil(), "text": "a@example.com", "column": null } }),
        "UnknownOrganisation",
    ),
    ("run_items", Nothing, |_| json!({ "run": nil(), "ask": item_ask() }), "UnknownRun"),
    ("export_plan", Nothing, |t| json!({ "run": nil(), "format": "csv", "path": path(t) }), "UnknownRun"),
    ("drop_plan", Nothing, |_| json!({ "run": nil() }), "UnknownRun"),
    ("start_run", Nothing, |_| json!({ "run": nil(), "everybody": true }), "UnknownRun"),
    ("pause_run", Nothing, |_| json!({ "run": nil() }), "RunNotNow"),
    ("resume_run", Nothing, |_| json!({ "run": nil() }), "UnknownRun"),
    ("cancel_run", Nothing, |_| json!({ "run": nil() }), "UnknownRun"),
    ("retry_run", Nothing, |_| json!({ "run": nil() }), "UnknownRun"),
    ("verify_run", Nothing, |_| json!({ "run": nil() }), "UnknownRun"),
    (
        "restore_run",
        Nothing,
        |_| json!({ "run": nil(), "ask": { "items": [], "people": [], "everybody": false } }),
        "UnknownRun",
    ),
    ("report_run", Nothing, |t| json!({ "run": nil(), "format": "csv", "path": path(t) }), "UnknownRun"),
];

fn case_of(command: &Command) -> impl Iterator<Item = &'static Case> {
    let name = command.name;
    CASES.iter().filter(move |case| case.0 == name)
}

#[test]
fn every_command_has_a_case_and_every_case_a_command() {
    let without: Vec<&str> =
        commands().filter(|command| case_of(command).next().is_none()).map(|command| command.name).collect();
    assert_eq!(without, [""; 0], "a new command needs a line in CASES");
    let unknown: Vec<&str> = CASES.iter().map(|case| case.0).filter(|name| find(name).is_none()).collect();
    assert_eq!(unknown, [""; 0]);
    let names: BTreeSet<&str> = commands().map(|command| command.name).collect();
    assert_eq!(names.len(), commands().count(), "two commands of one name");
}

#[tokio::test]
async fn every_command_asks_for_its_right() {
    let mut wrong = Vec::new();
    for (name, about, request, allowed) in CASES {
        let right = find(name).unwrap().right;
        for role in ROLES {
            let team = team().await;
            let engine = &team.desk.engine;
            engine.act_as(team.people[&role]).await.unwrap();
            let before = engine.revision().await.unwrap();
            let expected = refused(right, *about, role).unwrap_or(*allowed);
            let outcome = dispatch(&Bare(Arc::clone(engine)), name, request(&team)).await;
            let got = outcome.as_ref().map_or_else(|error| format!("{:?}", error.code), |_| ".".to_owned());
            if got != expected {
                wrong.push(format!("{name} as {role:?}: {got} and not {expected}"));
            }
            if outcome.is_err() && engine.revision().await.unwrap() != before {
                wrong.push(format!("{name} as {role:?} was refused and changed something"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_request_that_can_not_be_read_is_a_bad_argument_of_every_command() {
    let team = team().await;
    let face = Bare(Arc::clone(&team.desk.engine));
    let before = team.desk.engine.revision().await.unwrap();
    let mut wrong = Vec::new();
    for (name, _, request, _) in CASES {
        let good = request(&team);
        let mut bad = vec![json!("text"), json!([]), json!([1, 2]), json!({ "more": "than it knows" })];
        for field in good.as_object().unwrap().keys() {
            // No field is a list of numbers, so this is none of its kind.
            let mut other = good.clone();
            other[field] = json!([[1.5]]);
            bad.push(other);
        }
        for request in bad {
            let code = dispatch(&face, name, request.clone()).await.map_err(|error| error.code);
            if code.as_ref().err() != Some(&ErrorCode::BadArgument) {
                wrong.push(format!("{name} {request}: {code:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let unknown = dispatch(&face, "no_such_command", json!({})).await.unwrap_err().code;
    assert_eq!(unknown, ErrorCode::BadArgument);
    assert_eq!(team.desk.engine.revision().await.unwrap(), before, "nothing half done");
}

#[tokio::test]
async fn nobody_makes_themselves_a_super_admin() {
    let team = team().await;
    let nobody = team.people[&Role::Nobody];
    for (role, expected) in ROLES.into_iter().zip([true, false, false, false]) {
        team.desk.engine.act_as(team.people[&role]).await.unwrap();
        let outcome = team.desk.engine.change_member(nobody, "Nobody", true, None).await;
        assert_eq!(outcome.is_ok(), expected, "{role:?}: {outcome:?}");
        if expected {
            // Back to what the others find.
            team.desk.engine.change_member(nobody, "Nobody", false, None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn the_command_lines_own_reading_of_a_run_asks_for_the_right_too() {
    let team = team().await;
    for role in ROLES {
        team.desk.engine.act_as(team.people[&role]).await.unwrap();
        let code = team.desk.engine.run(RunId(nil())).await.map(drop).unwrap_err().code;
        let expected = if role == Role::Admin { ErrorCode::UnknownRun } else { ErrorCode::NotSuperAdmin };
        assert_eq!(code, expected, "{role:?}");
    }
}

#[tokio::test]
async fn everybody_sees_what_they_may_see_and_nothing_else() {
    let team = team().await;
    let seen = async |role: Role| {
        team.desk.engine.act_as(team.people[&role]).await.unwrap();
        let seen = team.desk.overview().await;
        let inboxes = seen.inboxes.len();
        (seen.mailboxes.len(), seen.others.len(), inboxes, seen.channels.len(), seen.disconnects.len())
    };
    assert_eq!(seen(Role::Admin).await, (0, 2, 1, 2, 1), "others' mailboxes without their jobs, and the inbox");
    assert_eq!(seen(Role::Owner).await, (2, 0, 0, 0, 1));
    assert_eq!(seen(Role::Access).await, (0, 0, 1, 2, 1));
    assert_eq!(seen(Role::Nobody).await, (0, 0, 0, 0, 0));
}

#[tokio::test]
async fn unknown_and_foreign_ids_are_refused_by_name() {
    let team = team().await;
    let e = &team.desk.engine;
    let nil = uuid::Uuid::nil();
    let codes = [
        e.act_as(MemberId(nil)).await.unwrap_err().code,
        e.set_access(InboxId(nil), team.people[&Role::Owner], true).await.map_err(|e| e.code).unwrap_err(),
        e.ask_owner(MailboxId(nil)).await.unwrap_err().code,
        e.read_notice(NoticeId(999)).await.unwrap_err().code,
        e.place_of(NoticeId(0)).await.map(drop).unwrap_err().code,
    ];
    // The owner acts: an inbox is not theirs to manage, known or not.
    assert_eq!(codes[0], ErrorCode::UnknownMember);
    assert_eq!(codes[1], ErrorCode::NotSuperAdmin);
    assert_eq!(codes[2], ErrorCode::UnknownMailbox);
    assert_eq!(codes[3..], [ErrorCode::UnknownNotice; 2]);
    e.act_as(team.people[&Role::Admin]).await.unwrap();
    assert_eq!(e.rename_inbox(InboxId(nil), "x").await.unwrap_err().code, ErrorCode::UnknownInbox);
    assert_eq!(e.drop_other_channel(OtherChannelId(nil)).await.unwrap_err().code, ErrorCode::UnknownChannel);
    assert_eq!(e.remove_member(MemberId(nil)).await.unwrap_err().code, ErrorCode::UnknownMember);
    assert_eq!(e.remove_member(team.people[&Role::Owner]).await.unwrap_err().code, ErrorCode::MemberHasMailboxes);
    // A removed member is nobody any more, and what was theirs to see is not.
    e.remove_member(team.people[&Role::Access]).await.unwrap();
    assert_eq!(e.act_as(team.people[&Role::Access]).await.unwrap_err().code, ErrorCode::UnknownMember);
    // Long, hostile and right-to-left names.
    assert_eq!(e.add_member(&"x".repeat(10_000), false, None).await.unwrap_err().code, ErrorCode::NameTooLong);
    assert_eq!(e.add_inbox("a\u{0}b").await.unwrap_err().code, ErrorCode::NameControl);
    let hostile = "<img src=x onerror=alert(1)> שלום";
    e.add_member(hostile, false, None).await.unwrap();
    assert!(team.desk.overview().await.members.iter().any(|m| m.name == hostile));
}

#[tokio::test]
async fn there_is_always_a_super_admin() {
    let team = team().await;
    let e = &team.desk.engine;
    let (admin, owner) = (team.people[&Role::Admin], team.people[&Role::Owner]);
    e.act_as(admin).await.unwrap();
    assert_eq!(e.change_member(admin, "Admin", false, None).await.unwrap_err().code, ErrorCode::LastSuperAdmin);
    assert_eq!(e.remove_member(admin).await.unwrap_err().code, ErrorCode::LastSuperAdmin);
    e.change_member(owner, "Owner", true, None).await.unwrap();
    assert_eq!(e.remove_member(admin).await.unwrap_err().code, ErrorCode::NotYourself);
    e.change_member(admin, "Admin", false, None).await.unwrap();
    assert_eq!(e.add_inbox("Sales").await.unwrap_err().code, ErrorCode::NotSuperAdmin);
}

#[tokio::test]
async fn only_the_sample_lets_others_act() {
    let desk = Desk::new().await;
    let other = desk.engine.add_member("Taro", true, None).await.unwrap();
    assert_eq!(desk.engine.act_as(other).await.unwrap_err().code, ErrorCode::ActAsSampleOnly);
}

#[tokio::test]
async fn an_address_is_never_personal_and_a_teams_at_once() {
    let team = team().await;
    let e = &team.desk.engine;
    e.act_as(team.people[&Role::Admin]).await.unwrap();
    let error = e.track_mailbox("TEAM@example.com", Provider::Google, None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::AddressInUse);
    assert_eq!(error.details["inbox"], team.inbox.to_string(), "the way there");
    let error = e.track_channel(team.inbox, "owner@example.com", Provider::Google, None, None).await.unwrap_err();
    assert_eq!((error.code, error.details.get("inbox")), (ErrorCode::AddressInUse, None));
    let error = e.track_channel(team.inbox, "x@example.com", Provider::Imap, None, None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotForTeams);
}
