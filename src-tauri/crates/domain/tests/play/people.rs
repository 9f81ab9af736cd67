//! Several people, an inbox, and who must have been told.

use super::{Play, address_of};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uncouple_domain::*;
use uuid::Uuid;

/// 1 and 2 are super admins at first, 3 has account access, 4 has neither.
const EVERYBODY: std::ops::RangeInclusive<u8> = 1..=4;

pub const INBOX: InboxId = InboxId(Uuid::from_u128(50));

pub fn member(number: u8) -> MemberId {
    MemberId(Uuid::from_u128(number.into()))
}

#[derive(Clone, Debug)]
pub enum People {
    ActAs(u8),
    TrackTeam { address: u8, provider: Provider, connected_by: Option<u8> },
    SignInTeam { account: u8 },
    Delete(u8),
    Move(u8),
    ToTeam(u8),
    ToPersonal(u8),
    ConnectAgain(u8),
    Reconnected(u8),
    ReportLost(u8),
    Ask(u8),
    Decline(u8),
    Role(u8, bool),
    Leave(u8),
    Access(u8, bool),
    DeleteInbox,
    Remind,
    Digest,
    Read(u8),
    ReadAll,
    PopUp,
}

pub fn press() -> impl Strategy<Value = People> {
    let row = 0..5_u8;
    let who = EVERYBODY;
    let provider = prop::sample::select(vec![
        Provider::Google,
        Provider::Microsoft365,
        Provider::OutlookCom,
        Provider::Hosted,
        Provider::Imap,
    ]);
    prop_oneof![
        4 => who.clone().prop_map(People::ActAs),
        3 => (0..4_u8, provider, prop::option::of(who.clone())).prop_map(|(address, provider, connected_by)| {
            People::TrackTeam { address, provider, connected_by }
        }),
        1 => (0..4_u8).prop_map(|account| People::SignInTeam { account }),
        4 => row.clone().prop_map(People::Delete),
        2 => row.clone().prop_map(People::Move),
        2 => row.clone().prop_map(People::ToTeam),
        2 => row.clone().prop_map(People::ToPersonal),
        4 => row.clone().prop_map(People::ConnectAgain),
        2 => row.clone().prop_map(People::Reconnected),
        1 => row.clone().prop_map(People::ReportLost),
        2 => row.clone().prop_map(People::Ask),
        1 => row.prop_map(People::Decline),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, on)| People::Role(who, on)),
        1 => who.clone().prop_map(People::Leave),
        1 => (who, any::<bool>()).prop_map(|(who, on)| People::Access(who, on)),
        1 => Just(People::DeleteInbox),
        1 => Just(People::Remind),
        1 => Just(People::Digest),
        1 => (0..9_u8).prop_map(People::Read),
        1 => Just(People::ReadAll),
        2 => Just(People::PopUp),
    ]
}

/// The team moves in.
pub fn arrive(workspace: &mut Workspace, ctx: &Ctx) {
    let name = |text| Name::parse(text).unwrap();
    workspace.add_member(ctx, member(2), name("鈴木 一郎"), true, None).unwrap();
    workspace.add_member(ctx, member(3), name("高橋 美咲"), false, Some(Language::Japanese)).unwrap();
    workspace.add_member(ctx, member(4), name("Ken Tanaka"), false, Some(Language::English)).unwrap();
    workspace.add_inbox(ctx, INBOX, name("サポート")).unwrap();
    workspace.set_access(ctx, INBOX, member(3), true).unwrap();
}

impl Play {
    pub fn press_people(&mut self, ctx: &Ctx, press: People) -> Result<(), Refusal> {
        let fresh = FreshRow { mailbox: MailboxId(self.fresh()), grant: GrantId(self.fresh()) };
        let job = DisconnectId(self.fresh());
        match press {
            People::ActAs(who) => self.me = self.workspace.member(member(who))?.id,
            People::TrackTeam { address, provider, connected_by } => {
                let new = NewTracked {
                    mailbox: fresh.mailbox,
                    grant: fresh.grant,
                    home: Home::Team { inbox: INBOX, connected_by: connected_by.map(member) },
                    address: address_of(address),
                    provider,
                    account: None,
                };
                self.act(&new.scope(), |w| w.track(ctx, new.clone()))?;
            }
            People::SignInTeam { account } => {
                let (secret, intention) = (SecretId(self.fresh()), IntentionId(self.fresh()));
                let new = NewConnected {
                    mailbox: fresh.mailbox,
                    grant: fresh.grant,
                    home: Home::Team { inbox: INBOX, connected_by: Some(self.me) },
                    intention,
                    provider: Provider::Google,
                    subject: format!("subject-{account}"),
                    address: address_of(account),
                    secret,
                    this_run_only: false,
                };
                self.sign_in(new)?;
            }
            People::Delete(at) => drop(self.on_row(at, |w, row| w.delete_channel(ctx, row, job))?),
            People::Move(at) => {
                let provider = self.workspace.mailboxes.get(&self.row(at)).map(|m| m.provider);
                let to = provider.and_then(Provider::moves_to).unwrap_or(Provider::Google);
                self.on_row(at, |w, row| w.move_provider(ctx, row, to, job))?;
            }
            People::ToTeam(at) => {
                self.on_row(at, |w, row| w.change_kind(ctx, row, Purpose::ToTeam { inbox: INBOX }, job))?;
            }
            People::ToPersonal(at) => {
                let owner = self.me;
                self.on_row(at, |w, row| w.change_kind(ctx, row, Purpose::ToPersonal { owner }, job))?;
            }
            People::ConnectAgain(at) => drop(self.on_job(at, |w, job| w.connect_again(ctx, job, fresh))?),
            People::Reconnected(at) => self.on_row(at, |w, row| w.reconnected(ctx, row, fresh.grant))?,
            People::ReportLost(at) => self.on_row(at, |w, row| w.report_lost(ctx, row))?,
            People::Ask(at) => self.on_row(at, |w, row| w.ask_owner(ctx, row))?,
            People::Decline(at) => {
                let asked = self.workspace.mailboxes.values().find(|row| row.asked.is_some());
                let owner = asked.and_then(|row| row.home.owner()).unwrap_or(ctx.actor);
                let row = asked.map_or(self.row(at), |row| row.id);
                let owner = Ctx { actor: owner, ..*ctx };
                self.act(&Scope::Mailbox(row), |w| w.decline_ask(&owner, row))?;
            }
            People::Role(who, on) => {
                let before = self.workspace.member(member(who))?.clone();
                self.act(&Scope::Roster, |w| {
                    w.change_member(ctx, before.id, before.name.clone(), on, before.language)
                })?;
            }
            People::Leave(who) => {
                self.act(&Scope::MailboxesOf(member(who)), |w| w.remove_member(ctx, member(who)))?;
            }
            People::Access(who, on) => self.act(&Scope::Roster, |w| w.set_access(ctx, INBOX, member(who), on))?,
            People::DeleteInbox => self.act(&Scope::Inbox(INBOX), |w| w.delete_inbox(ctx, INBOX))?,
            People::Remind => self.act(&Scope::PutOff { until: ctx.now }, |w| {
                w.remind(ctx);
                Ok(())
            })?,
            People::Digest => {
                let to = self.me;
                let scope = Scope::OpenJobs.and(Scope::NoticesAround { to, at: ctx.now });
                self.act(&scope, |w| {
                    w.digest(ctx, to, |at| at == ctx.now);
                    Ok(())
                })?;
            }
            People::Read(number) => {
                let id = NoticeId(number.into());
                self.act(&Scope::Notice(id), |w| w.read_notice(ctx, id))?;
            }
            People::ReadAll => self.act(&Scope::Unread(self.me), |w| {
                w.read_all_notices(ctx);
                Ok(())
            })?,
            People::PopUp => {
                let me = self.me;
                self.act(&Scope::PopUps(me), |w| {
                    w.take_pop_ups(ctx, me, |_| true);
                    w.take_stale_pop_ups(me);
                    Ok(())
                })?;
            }
        }
        Ok(())
    }

    fn on_row<T>(
        &mut self,
        at: u8,
        act: impl Fn(&mut Workspace, MailboxId) -> Result<T, Refusal> + Sync,
    ) -> Result<T, Refusal> {
        let row = self.row(at);
        self.act(&Scope::Mailbox(row), |w| act(w, row))
    }
}

/// Who must be told that a mailbox was disconnected, in the words of the rule and not of the code: of a team address
/// every super admin, every member with account access to its inbox and whoever connected it; of a personal mailbox
/// its owner. Nobody but the owner can take a personal one off.
fn must_know(workspace: &Workspace, mailbox: &Mailbox) -> Vec<MemberId> {
    let here = |id: MemberId| workspace.members.get(&id).is_some_and(|m| !m.removed);
    let mut people: Vec<MemberId> = EVERYBODY
        .map(member)
        .filter(|id| here(*id))
        .filter(|id| match mailbox.home {
            Home::Personal { owner } => owner == *id,
            Home::Team { inbox, connected_by } => {
                workspace.members[id].super_admin
                    || workspace.inboxes[&inbox].access.contains(id)
                    || connected_by == Some(*id)
            }
        })
        .collect();
    people.sort();
    people
}

/// What is wrong with the notices that one press by `actor` made.
pub fn wrongly_told(before: &Workspace, after: &Workspace, actor: MemberId) -> Vec<String> {
    let mut wrong = Vec::new();
    let fresh: Vec<&Notice> = after.notices.values().filter(|n| !before.notices.contains_key(&n.id)).collect();
    let mut told: BTreeMap<MailboxId, Vec<MemberId>> = BTreeMap::new();
    for notice in &fresh {
        if let (NoticeKind::Disconnected { .. }, Some(mailbox)) = (&notice.what, notice.mailbox) {
            told.entry(mailbox).or_default().push(notice.to);
        }
        let list_only = notice.desktop == OnDesktop::ListOnly;
        if notice.by == Some(actor) && list_only != (notice.to == actor) {
            wrong.push(format!("{:?} is on the desktop of the one who acted, or not on another's", notice.what));
        }
    }
    for mailbox in after.mailboxes.values() {
        let was = before.mailboxes.get(&mailbox.id).is_some_and(|m| m.usage != Use::Removed);
        let gone = was && mailbox.usage == Use::Removed;
        let mut told = told.remove(&mailbox.id).unwrap_or_default();
        told.sort();
        let should = if gone { must_know(after, mailbox) } else { Vec::new() };
        if told != should {
            wrong.push(format!("{}: told {told:?} and not {should:?}", mailbox.address));
        }
    }
    for notice in before.notices.values() {
        let Some(now) = after.notices.get(&notice.id) else {
            wrong.push("a notice is gone".to_owned());
            continue;
        };
        let popped = |n: &Notice| matches!(n.desktop, OnDesktop::Shown { .. } | OnDesktop::Closed);
        if (popped(notice) && !popped(now)) || (notice.read.is_some() && now.read != notice.read) {
            wrong.push(format!("{:?} would pop up again, or is unread again", notice.what));
        }
        if (notice.to, &notice.what, notice.mailbox, notice.at) != (now.to, &now.what, now.mailbox, now.at) {
            wrong.push("a notice says something else".to_owned());
        }
    }
    wrong
}
