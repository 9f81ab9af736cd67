//! The sample workspace: a few mailboxes in the states that people meet, made by the same rules as real
//! ones. It holds nothing that this workspace would have a token for.

use crate::error::AppError;
use crate::ports::{Clock, Ids, Store};
use crate::wire::Language;
use jiff::{SignedDuration, Timestamp};
use uncouple_domain::{
    Address, Ctx, DisconnectId, GrantId, HubSpotAccount, MailboxId, MemberId, Name, NewTracked, Provider, Refusal,
    StepKind, Workspace,
};

/// Fills an empty store with the sample.
///
/// # Errors
/// What the store says.
pub async fn fill_sample(
    store: &dyn Store,
    clock: &dyn Clock,
    ids: &dyn Ids,
    language: Language,
) -> Result<(), AppError> {
    let now = clock.now();
    let fresh: Vec<uuid::Uuid> = (0..24).map(|_| ids.fresh()).collect();
    let work = move |workspace: &mut Workspace| {
        let mut ids = fresh.into_iter();
        // Twenty-four are more than the lines below take.
        let mut next = move || ids.next().unwrap_or_default();
        Sample { workspace, now, actor: MemberId(next()) }.fill(&mut next, language)
    };
    store.change_settings(Box::new(|settings| settings.welcomed = true), Box::new(work)).await?;
    Ok(())
}

struct Sample<'a> {
    workspace: &'a mut Workspace,
    now: Timestamp,
    actor: MemberId,
}

impl Sample<'_> {
    /// The acting member so many hours ago.
    fn ago(&self, hours: i64) -> Ctx {
        let at = self.now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(self.now);
        Ctx { actor: self.actor, now: at }
    }

    fn track(
        &mut self,
        hours: i64,
        next: &mut impl FnMut() -> uuid::Uuid,
        address: &str,
        provider: Provider,
        known: bool,
    ) -> Result<MailboxId, Refusal> {
        let ctx = self.ago(hours);
        let new = NewTracked {
            mailbox: MailboxId(next()),
            grant: GrantId(next()),
            // The sample's own addresses are all well formed; a test opens it.
            address: Address::parse(address).map_err(|_| Refusal::NotPersonal)?,
            provider,
            account: known.then(|| HubSpotAccount { host: "app.hubspot.com".into(), account: 123_456 }),
        };
        self.workspace.track(&ctx, new)
    }

    fn fill(mut self, next: &mut impl FnMut() -> uuid::Uuid, language: Language) -> Result<(), Refusal> {
        let name = match language {
            Language::Japanese => "佐藤 花子",
            Language::English => "Hanako Sato",
        };
        let begun = self.ago(24 * 30);
        if let Ok(name) = Name::parse(name) {
            self.workspace.begin(&begun, name);
        }
        // In the order of time, as a history grows.
        self.track(24 * 29, next, "hanako.sato@example.co.jp", Provider::Google, true)?;
        let disabled = self.track(24 * 28, next, "h.sato@example.com", Provider::Microsoft365, true)?;
        let done = self.track(24 * 25, next, "hanako@outlook.example", Provider::OutlookCom, true)?;
        self.track(24 * 20, next, "sato@imap.example.net", Provider::Imap, false)?;
        let half = self.track(24 * 18, next, "hanako.sato@gmail.example", Provider::Google, true)?;

        let ctx = self.ago(24 * 6);
        let job = self.workspace.disable(&ctx, done, DisconnectId(next()))?;
        self.workspace.confirm_in_crm(&ctx, job)?;
        self.workspace.confirm_step(&self.ago(24 * 6 - 1), job, StepKind::RevokeGrant)?;

        let ctx = self.ago(50);
        let job = self.workspace.disable(&ctx, half, DisconnectId(next()))?;
        self.workspace.confirm_in_crm(&ctx, job)?;

        let ctx = self.ago(26);
        let job = self.workspace.disable(&ctx, disabled, DisconnectId(next()))?;
        self.workspace.confirm_step(&ctx, job, StepKind::DisableInCrm)
    }
}
