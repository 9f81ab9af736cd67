//! Who is told of what, and what becomes of it.

use super::Workspace;
use crate::{
    Ctx, Disconnect, DisconnectId, EventKind, Home, LostReason, Mailbox, MailboxId, MemberId, Notice, NoticeId,
    NoticeKind, OnDesktop, Refusal, Use,
};
use jiff::Timestamp;
use std::collections::BTreeSet;

impl Workspace {
    /// The members who are told of something about a mailbox.
    ///
    /// Of a team address: every super admin, every member with account access to its inbox, and whoever connected
    /// it. Of a personal mailbox: its owner, and the super admins when somebody else acted.
    #[must_use]
    pub fn told_of(&self, mailbox: &Mailbox, acted: Option<MemberId>) -> BTreeSet<MemberId> {
        let super_admins = || self.members.values().filter(|m| m.super_admin).map(|m| m.id);
        let mut told = BTreeSet::new();
        match mailbox.home {
            Home::Personal { owner } => {
                told.insert(owner);
                if acted.is_some_and(|acted| acted != owner) {
                    told.extend(super_admins());
                }
            }
            Home::Team { inbox, connected_by } => {
                told.extend(super_admins());
                told.extend(self.inboxes.get(&inbox).into_iter().flat_map(|inbox| &inbox.access));
                told.extend(connected_by);
            }
        }
        told.retain(|member| self.member(*member).is_ok());
        told
    }

    /// Tells everybody who needs to know. The one who acted gets it in the list only.
    pub(super) fn tell_people(&mut self, ctx: &Ctx, mailbox: MailboxId, acted: Option<MemberId>, what: &NoticeKind) {
        let Some(row) = self.mailboxes.get(&mailbox) else { return };
        for to in self.told_of(row, acted) {
            self.notify(ctx, to, Some(mailbox), acted, what.clone());
        }
    }

    pub(super) fn notify(
        &mut self,
        ctx: &Ctx,
        to: MemberId,
        mailbox: Option<MailboxId>,
        by: Option<MemberId>,
        what: NoticeKind,
    ) {
        let newest = self.notices.keys().next_back().copied().max(self.newest_notice);
        let id = NoticeId(newest.map_or(1, |newest| newest.0 + 1));
        let notice = Notice {
            id,
            to,
            what,
            at: ctx.now,
            by,
            mailbox,
            job: mailbox.and_then(|mailbox| self.newest_job(mailbox)),
            address: mailbox.and_then(|id| self.mailboxes.get(&id)).map(|m| m.address.clone()),
            // What one did oneself is no news.
            read: (by == Some(to)).then_some(ctx.now),
            corrected: None,
            desktop: if by == Some(to) { OnDesktop::ListOnly } else { OnDesktop::Due },
        };
        self.parts.notices.insert(id, notice);
    }

    fn newest_job(&self, mailbox: MailboxId) -> Option<DisconnectId> {
        let of_it = self.disconnects.values().filter(|job| job.mailbox == mailbox && job.ended.is_none());
        of_it.max_by_key(|job| (job.opened.at, job.id)).map(|job| job.id)
    }

    /// Whether something was told of a mailbox that still holds.
    pub(super) fn is_told(&self, mailbox: MailboxId, which: impl Fn(&NoticeKind) -> bool) -> bool {
        self.notices.values().any(|n| n.mailbox == Some(mailbox) && n.corrected.is_none() && which(&n.what))
    }

    /// What was told of a mailbox is not true any more. What has not popped up yet never will.
    pub(super) fn correct(&mut self, ctx: &Ctx, mailbox: MailboxId, which: impl Fn(&NoticeKind) -> bool) {
        let of_it = |n: &&mut Notice| n.mailbox == Some(mailbox) && n.corrected.is_none() && which(&n.what);
        for notice in self.parts.notices.values_mut().filter(of_it) {
            notice.corrected = Some(ctx.now);
            if notice.desktop == OnDesktop::Due {
                notice.desktop = OnDesktop::ListOnly;
            }
        }
    }

    /// A connection works again.
    pub(super) fn recovered(&mut self, ctx: &Ctx, mailbox: MailboxId) {
        self.correct(ctx, mailbox, |what| matches!(what, NoticeKind::Lost { .. }));
    }

    /// A connection was lost.
    pub(super) fn lost(&mut self, ctx: &Ctx, mailbox: MailboxId, acted: Option<MemberId>, reason: LostReason) {
        // Told once; the reason may become clearer on the row.
        if !self.is_told(mailbox, |what| matches!(what, NoticeKind::Lost { .. })) {
            self.tell_people(ctx, mailbox, acted, &NoticeKind::Lost { reason });
        }
    }

    /// Marks a notice of the acting member as read.
    ///
    /// # Errors
    /// [`Refusal::UnknownNotice`], also for other people's.
    pub fn read_notice(&mut self, ctx: &Ctx, id: NoticeId) -> Result<(), Refusal> {
        let mine = self.parts.notices.get_mut(&id).filter(|notice| notice.to == ctx.actor);
        read(mine.ok_or(Refusal::UnknownNotice)?, ctx);
        Ok(())
    }

    /// Marks all notices of the acting member as read.
    pub fn read_all_notices(&mut self, ctx: &Ctx) {
        for notice in self.parts.notices.values_mut().filter(|notice| notice.to == ctx.actor) {
            read(notice, ctx);
        }
    }

    /// A super admin asks the owner of a mailbox to disconnect it.
    ///
    /// # Errors
    /// [`Refusal::NotSuperAdmin`]; [`Refusal::TeamAddress`]; [`Refusal::NotInUse`] once it is off;
    /// [`Refusal::AlreadyDisconnecting`]; [`Refusal::AlreadyAsked`]; [`Refusal::OneSelf`] for one's own.
    pub fn ask_owner(&mut self, ctx: &Ctx, mailbox: MailboxId) -> Result<(), Refusal> {
        let who = self.member(ctx.actor)?;
        let row = self.mailbox(mailbox)?;
        if !who.super_admin {
            return Err(Refusal::NotSuperAdmin);
        }
        let owner = row.home.owner().ok_or(Refusal::TeamAddress)?;
        if owner == ctx.actor {
            return Err(Refusal::OneSelf);
        }
        if row.usage != Use::InUse {
            return Err(Refusal::NotInUse);
        }
        if self.job_of(mailbox).is_some() {
            return Err(Refusal::AlreadyDisconnecting);
        }
        if row.asked.is_some() {
            return Err(Refusal::AlreadyAsked);
        }
        if let Some(row) = self.parts.mailboxes.get_mut(&mailbox) {
            row.asked = Some(ctx.stamp());
        }
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::OwnerAsked);
        self.notify(ctx, owner, Some(mailbox), Some(ctx.actor), NoticeKind::Asked);
        Ok(())
    }

    /// The owner answers "not now".
    ///
    /// # Errors
    /// [`Refusal::NotYours`], [`Refusal::NotAsked`].
    pub fn decline_ask(&mut self, ctx: &Ctx, mailbox: MailboxId) -> Result<(), Refusal> {
        let asked = self.own(ctx, mailbox)?.asked.ok_or(Refusal::NotAsked)?;
        self.answered(mailbox);
        self.tell(Some(ctx.actor), ctx, mailbox, EventKind::AskDeclined);
        if self.member(asked.by).is_ok() {
            self.notify(ctx, asked.by, Some(mailbox), Some(ctx.actor), NoticeKind::Declined);
        }
        Ok(())
    }

    /// The question to the owner is answered, in words or by doing it.
    pub(super) fn answered(&mut self, mailbox: MailboxId) {
        if let Some(row) = self.parts.mailboxes.get_mut(&mailbox) {
            row.asked = None;
        }
    }

    /// Whether a job belongs in sight until it is complete. A mailbox held here that is only greyed is one click from
    /// being as before: nothing of it is half done.
    #[must_use]
    pub fn is_in_sight(&self, job: &Disconnect, row: &Mailbox) -> bool {
        let begun = !row.held_here() || row.usage == Use::Removed || self.revocation_started(job);
        begun && job.is_unfinished(&self.grants)
    }

    /// Jobs that a member could finish now, oldest first: in sight, and not put off.
    #[must_use]
    pub fn to_finish(&self, member: MemberId, now: Timestamp) -> Vec<DisconnectId> {
        let open = self.disconnects.values().filter(|job| {
            let row = self.mailboxes.get(&job.mailbox);
            row.is_some_and(|row| self.may_act(member, row).is_ok() && self.is_in_sight(job, row))
                && job.snoozed_until.is_none_or(|until| until <= now)
        });
        open.map(|job| job.id).collect()
    }

    /// Whether [`Self::remind`] would change anything.
    #[must_use]
    pub fn has_reminders(&self, now: Timestamp) -> bool {
        self.disconnects.values().any(|job| is_due(job, now))
    }

    /// Reminds of jobs that were put off until now. Each is reminded of once.
    pub fn remind(&mut self, ctx: &Ctx) {
        let due: Vec<(DisconnectId, MailboxId, Option<MemberId>)> = self
            .disconnects
            .values()
            .filter(|job| is_due(job, ctx.now))
            .map(|job| (job.id, job.mailbox, job.snoozed_by))
            .collect();
        for (id, mailbox, by) in due {
            let Some(job) = self.parts.disconnects.get_mut(&id) else { continue };
            job.snoozed_until = None;
            job.snoozed_by = None;
            let wanted = job.is_unfinished(&self.parts.grants);
            if let Some(to) = by.filter(|to| wanted && self.member(*to).is_ok()) {
                self.notify(ctx, to, Some(mailbox), None, NoticeKind::Reminder);
            }
        }
    }

    /// Tells a member what is left to finish. `today` says which earlier notices are of the same day; on a day with
    /// a digest there is no second one, whatever the clock does, and what the member was reminded of today is not
    /// counted again.
    pub fn digest(&mut self, ctx: &Ctx, to: MemberId, today: impl Fn(Timestamp) -> bool) {
        if let Some(jobs) = self.digest_due(ctx.now, to, today) {
            self.notify(ctx, to, None, None, NoticeKind::Digest { jobs });
        }
    }

    /// Whether a member had the digest of a day.
    #[must_use]
    pub fn had_digest(&self, to: MemberId, today: impl Fn(Timestamp) -> bool) -> bool {
        self.notices.values().any(|n| n.to == to && matches!(n.what, NoticeKind::Digest { .. }) && today(n.at))
    }

    /// How many jobs [`Self::digest`] would count; none where it would say nothing.
    #[must_use]
    pub fn digest_due(&self, now: Timestamp, to: MemberId, today: impl Fn(Timestamp) -> bool) -> Option<u32> {
        let mut reminded = BTreeSet::new();
        for notice in self.notices.values().filter(|n| n.to == to && today(n.at)) {
            if matches!(notice.what, NoticeKind::Digest { .. }) {
                return None;
            }
            if notice.what == NoticeKind::Reminder {
                reminded.extend(notice.job);
            }
        }
        let left = self.to_finish(to, now).into_iter().filter(|job| !reminded.contains(job)).count();
        (left > 0).then(|| u32::try_from(left).unwrap_or(u32::MAX))
    }

    /// Whether [`Self::take_pop_ups`] or [`Self::take_stale_pop_ups`] would change anything. With `show` false only
    /// the latter counts.
    #[must_use]
    pub fn has_pop_ups(&self, to: MemberId, show: bool) -> bool {
        self.notices.values().any(|n| n.to == to && ((show && n.desktop == OnDesktop::Due) || is_stale(n)))
    }

    /// Takes what is to be popped up for a member, and marks it as shown: it is handed out once. `wanted` says
    /// what the member's settings are; the rest stays in the list only.
    pub fn take_pop_ups(&mut self, ctx: &Ctx, to: MemberId, wanted: impl Fn(&NoticeKind) -> bool) -> Vec<Notice> {
        let mut taken = Vec::new();
        for notice in self.parts.notices.values_mut().filter(|n| n.to == to && n.desktop == OnDesktop::Due) {
            if wanted(&notice.what) {
                notice.desktop = OnDesktop::Shown { at: ctx.now };
                taken.push(notice.clone());
            } else {
                notice.desktop = OnDesktop::ListOnly;
            }
        }
        taken
    }

    /// Takes the pop-ups of a member that have nothing to say any more: read in the list, or corrected.
    pub fn take_stale_pop_ups(&mut self, to: MemberId) -> Vec<NoticeId> {
        let stale = self.parts.notices.values_mut().filter(|n| n.to == to && is_stale(n));
        stale
            .map(|notice| {
                notice.desktop = OnDesktop::Closed;
                notice.id
            })
            .collect()
    }
}

fn is_due(job: &Disconnect, now: Timestamp) -> bool {
    job.snoozed_until.is_some_and(|until| until <= now)
}

/// Whether a pop-up that was shown has nothing to say any more.
fn is_stale(notice: &Notice) -> bool {
    matches!(notice.desktop, OnDesktop::Shown { .. }) && (notice.read.is_some() || notice.corrected.is_some())
}

fn read(notice: &mut Notice, ctx: &Ctx) {
    notice.read = notice.read.or(Some(ctx.now));
    if notice.desktop == OnDesktop::Due {
        notice.desktop = OnDesktop::ListOnly;
    }
}
