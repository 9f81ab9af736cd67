//! The sample workspace: a few mailboxes in the states that people meet, made by the same rules as real
//! ones, and what administrators see. It holds nothing that this workspace would have a token for.

mod organisations;

use crate::error::AppError;
use crate::ports::{Clock, Ids, Store};
use crate::runs::RunStore;
use crate::wire::Language;
use jiff::{SignedDuration, Timestamp};
use organisations::Filling;
use uncouple_domain::{
    Address, Ctx, DeviceId, DisconnectId, GrantId, Home, HubSpotAccount, InboxId, MailboxId, MemberId, Name,
    NewTracked, OtherChannelId, OtherKind, Provider, Refusal, Scope, StepKind, Workspace,
};

/// The sample is filled before it is opened, and keeps nothing on any device.
const NO_DEVICE: DeviceId = DeviceId(uuid::Uuid::nil());

/// Fills an empty store with the sample.
///
/// # Errors
/// What the store says.
pub async fn fill_sample(
    store: &dyn Store,
    runs: &dyn RunStore,
    clock: &dyn Clock,
    ids: &dyn Ids,
    language: Language,
) -> Result<(), AppError> {
    let now = clock.now();
    // Whoever came first acts at first.
    let actor = MemberId(ids.fresh());
    let fresh: Vec<uuid::Uuid> = (0..80).map(|_| ids.fresh()).collect();
    let work = move |workspace: &mut Workspace| {
        let mut ids = fresh.into_iter();
        // Eighty are more than the lines below take.
        let mut next = move || ids.next().unwrap_or_default();
        Sample { workspace, now, language, actor }.fill(&mut next)
    };
    store.change_settings(Box::new(|settings| settings.welcomed = true), &Scope::Everything, Box::new(work)).await?;
    Filling { store, runs, ids, language, now, actor }.all().await
}

struct Sample<'a> {
    workspace: &'a mut Workspace,
    now: Timestamp,
    language: Language,
    actor: MemberId,
}

impl Sample<'_> {
    /// The acting member so many hours ago.
    fn ago(&self, hours: i64) -> Ctx {
        let at = self.now.saturating_sub(SignedDuration::from_hours(hours)).unwrap_or(self.now);
        Ctx { actor: self.actor, now: at, device: NO_DEVICE }
    }

    fn in_words<'a>(&self, ja: &'a str, en: &'a str) -> Result<Name, Refusal> {
        // The sample's own names are all well formed; a test opens it.
        Name::parse(match self.language {
            Language::Japanese => ja,
            Language::English => en,
        })
        .map_err(|_| Refusal::UnknownMember)
    }

    fn new_row(
        next: &mut impl FnMut() -> uuid::Uuid,
        home: Home,
        address: &str,
        provider: Provider,
        known: bool,
    ) -> Result<NewTracked, Refusal> {
        Ok(NewTracked {
            mailbox: MailboxId(next()),
            grant: GrantId(next()),
            home,
            address: Address::parse(address).map_err(|_| Refusal::NotPersonal)?,
            provider,
            account: known.then(|| HubSpotAccount { host: "app.hubspot.com".into(), account: 123_456 }),
        })
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
        let home = Home::Personal { owner: self.actor };
        self.workspace.track(&ctx, Self::new_row(next, home, address, provider, known)?)
    }

    fn fill(mut self, next: &mut impl FnMut() -> uuid::Uuid) -> Result<(), Refusal> {
        let begun = self.ago(24 * 30);
        self.workspace.begin(&begun, self.in_words("佐藤 花子", "Hanako Sato")?);
        self.team(next)?;
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

    /// Four more people, two inboxes with what HubSpot can have in them, and a mailbox of somebody else's.
    fn team(&mut self, next: &mut impl FnMut() -> uuid::Uuid) -> Result<(), Refusal> {
        let ctx = self.ago(24 * 30);
        let mut add = |ja, en, super_admin| -> Result<MemberId, Refusal> {
            let (id, name) = (MemberId(next()), self.in_words(ja, en)?);
            self.workspace.add_member(&ctx, id, name, super_admin, None)?;
            Ok(id)
        };
        let suzuki = add("鈴木 一郎", "Ichiro Suzuki", true)?;
        let takahashi = add("高橋 美咲", "Misaki Takahashi", false)?;
        add("田中 健", "Ken Tanaka", false)?;
        let ito = add("伊藤 誠", "Makoto Ito", false)?;
        let (support, sales) = (InboxId(next()), InboxId(next()));
        self.workspace.add_inbox(&ctx, support, self.in_words("サポート", "Support")?)?;
        self.workspace.add_inbox(&ctx, sales, self.in_words("営業", "Sales")?)?;
        self.workspace.set_access(&ctx, support, takahashi, true)?;
        let addresses = [
            (support, ito, "support@example.co.jp", Provider::Google),
            (support, suzuki, "help@example.com", Provider::Microsoft365),
            (support, suzuki, "ml@inbound.example.com", Provider::Hosted),
            (sales, suzuki, "sales@example.co.jp", Provider::Google),
        ];
        for (inbox, connected_by, address, provider) in addresses {
            let home = Home::Team { inbox, connected_by: Some(connected_by) };
            self.workspace.track(&ctx, Self::new_row(next, home, address, provider, true)?)?;
        }
        let others = [
            (OtherKind::Chat, "サイトのチャット", "Chat on the website"),
            (OtherKind::Form, "お問い合わせフォーム", "Contact form"),
            (OtherKind::Messenger, "Messenger", "Messenger"),
            (OtherKind::Whatsapp, "WhatsApp", "WhatsApp"),
            (OtherKind::Calling, "サポート電話", "Support line"),
        ];
        for (kind, ja, en) in others {
            let name = self.in_words(ja, en)?;
            self.workspace.add_other_channel(&ctx, OtherChannelId(next()), support, kind, name)?;
        }
        let hers = Ctx { actor: takahashi, ..ctx };
        let home = Home::Personal { owner: takahashi };
        let row = Self::new_row(next, home, "misaki@example.co.jp", Provider::Google, true)?;
        self.workspace.track(&hers, row).map(drop)
    }
}
