//! Which device keeps what, and where the workspace came from.

use super::Workspace;
use crate::{
    Consent, Ctx, Device, DeviceId, EventKind, GrantId, Intention, IntentionId, IntentionKind, Link, LostReason, Name,
    Origin, Refusal, SecretId, ThisDevice, Token, TokenEnd, Use,
};
use std::collections::BTreeSet;

impl Workspace {
    /// The name of a device. None: it is not known which one it is.
    #[must_use]
    pub fn device_name(&self, device: Option<DeviceId>) -> Option<&Name> {
        device.and_then(|id| self.devices.get(&id)).map(|device| &device.name)
    }

    /// Refuses where another device keeps it than the one that asks.
    ///
    /// # Errors
    /// [`Refusal::KeptElsewhere`] with the device's name; [`Refusal::KeptForOtherFile`] where it is this one, with the file
    /// in another place.
    pub fn kept_here(&self, ctx: &Ctx, device: Option<DeviceId>) -> Result<(), Refusal> {
        if device == Some(ctx.device) {
            return Ok(());
        }
        match device.and_then(|id| self.devices.get(&id)) {
            Some(earlier) if earlier.earlier_of == Some(ctx.device) => {
                Err(Refusal::KeptForOtherFile { file: earlier.file.clone() })
            }
            known => Err(Refusal::KeptElsewhere { device: known.map(|device| device.name.clone()) }),
        }
    }

    /// Refuses where another device keeps a grant's token.
    ///
    /// # Errors
    /// [`Refusal::KeptElsewhere`]; [`Refusal::NoToken`] where there is none.
    pub fn token_is_here(&self, ctx: &Ctx, token: &Token) -> Result<SecretId, Refusal> {
        let secret = token.secret().ok_or(Refusal::NoToken)?;
        self.kept_here(ctx, token.kept_on().flatten())?;
        Ok(secret)
    }

    /// An intention that this device is to close.
    pub(super) fn own_intention(&self, ctx: &Ctx, id: IntentionId) -> Result<IntentionKind, Refusal> {
        let intention = self.intentions.get(&id).ok_or(Refusal::UnknownIntention)?;
        self.kept_here(ctx, intention.device)?;
        Ok(intention.kind)
    }

    /// Whether [`Workspace::arrive`] would change anything.
    #[must_use]
    pub fn has_arrived(&self, ctx: &Ctx, file: &str) -> bool {
        self.devices.get(&ctx.device).is_some_and(|device| device.file == file && device.gone_to.is_none())
    }

    /// Writes down on which device the workspace is open, and where its file is there.
    ///
    /// On a device that is new to it, and where the file is in another place than before, nobody knows whether this is
    /// the same workspace or a copy of one that goes on: [`Origin::Unknown`], until somebody says. Until then nothing
    /// that was kept before is this device's.
    pub fn arrive(&mut self, ctx: &Ctx, this: ThisDevice) {
        let ThisDevice { name, file, earlier } = this;
        let first = self.devices.is_empty();
        let Some(known) = self.parts.devices.get_mut(&ctx.device) else {
            let origin = if first { Origin::Began } else { Origin::Unknown };
            let told = name.clone();
            let device = Device { id: ctx.device, name, file, since: ctx.now, origin, earlier_of: None, gone_to: None };
            self.parts.devices.insert(ctx.device, device);
            if !first {
                self.note_by_app(ctx, EventKind::DeviceAdded { device: told.into() });
            }
            return;
        };
        if known.gone_to.take().is_some() {
            // It came back to where it is said to have gone from.
            known.origin = Origin::Unknown;
        }
        if known.file == file {
            return;
        }
        let before = Device { id: earlier, earlier_of: Some(ctx.device), gone_to: None, ..known.clone() };
        known.file = file;
        known.origin = Origin::Unknown;
        let told = known.name.clone();
        self.parts.devices.insert(earlier, before);
        for device in self.parts.devices.values_mut().filter(|device| device.gone_to == Some(ctx.device)) {
            // What was not found here yet is to be found by whoever turns out to go on.
            device.gone_to = Some(earlier);
        }
        self.hand_over(ctx.device, earlier);
        self.note_by_app(ctx, EventKind::FileElsewhere { device: told.into() });
    }

    /// Everything that names one device names another.
    fn hand_over(&mut self, from: DeviceId, to: DeviceId) {
        for grant in self.parts.grants.values_mut().filter(|grant| grant.token.is_on(from)) {
            grant.token.move_to(to);
        }
        for organisation in self.parts.organisations.values_mut() {
            if let Some(signed) = organisation.sign_in.as_mut().filter(|signed| signed.device == Some(from)) {
                signed.device = Some(to);
            }
        }
        for intention in self.parts.intentions.values_mut().filter(|intention| intention.device == Some(from)) {
            intention.device = Some(to);
        }
    }

    /// Takes a member's word on what the workspace on this device is.
    ///
    /// Where it is the one that was used before, tokens kept for one run are gone with that run, and those in a keyring
    /// may be [adopted](Workspace::adopt) once they are read. Of those that are not read nothing is known.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`]; [`Refusal::BegunHere`] where it came from nowhere.
    pub fn say_origin(&mut self, ctx: &Ctx, origin: Origin) -> Result<(), Refusal> {
        self.member(ctx.actor)?;
        let this = self.parts.devices.get_mut(&ctx.device).ok_or(Refusal::BegunHere)?;
        if this.origin == Origin::Began || matches!(origin, Origin::Began | Origin::Unknown) {
            return Err(Refusal::BegunHere);
        }
        if this.origin == origin {
            return Ok(());
        }
        this.origin = origin;
        let name = this.name.clone();
        let mut gone = Vec::new();
        for device in self.parts.devices.values_mut().filter(|device| device.id != ctx.device) {
            if origin.continues() && device.gone_to.is_none() {
                device.gone_to = Some(ctx.device);
                gone.push(device.id);
            } else if !origin.continues() && device.gone_to == Some(ctx.device) {
                device.gone_to = None;
            }
        }
        for device in gone {
            self.end_run_of(ctx, device);
        }
        if origin == Origin::Copied {
            self.leave_to_the_other_file(ctx);
        }
        self.note(ctx, EventKind::OriginStated { device: name.into(), origin });
        Ok(())
    }

    /// What was under way where the file was before is that file's to finish: its outcome never comes here.
    fn leave_to_the_other_file(&mut self, ctx: &Ctx) {
        let earlier: BTreeSet<DeviceId> = self
            .devices
            .values()
            .filter(|device| device.earlier_of == Some(ctx.device))
            .map(|device| device.id)
            .collect();
        let is_left = |i: &Intention| i.device.is_some_and(|device| earlier.contains(&device));
        let asked: Vec<GrantId> = self
            .intentions
            .values()
            .filter(|intention| is_left(intention))
            .filter_map(|intention| match intention.kind {
                IntentionKind::Revoke { grant, .. } => Some(grant),
                IntentionKind::Keep { .. } | IntentionKind::Forget { .. } | IntentionKind::ForgetSignIn { .. } => None,
            })
            .collect();
        for grant in asked {
            self.not_asked_any_more(grant);
        }
        self.parts.intentions.retain(|_, intention| !is_left(intention));
    }

    fn not_asked_any_more(&mut self, grant: GrantId) {
        if let Some(grant) = self.parts.grants.get_mut(&grant)
            && matches!(grant.consent, Consent::RevocationRequested { .. })
        {
            grant.consent = Consent::Unknown;
        }
    }

    /// Gives this device another name.
    ///
    /// # Errors
    /// [`Refusal::UnknownMember`]; [`Refusal::KeptElsewhere`] where the workspace does not know this device.
    pub fn rename_device(&mut self, ctx: &Ctx, name: Name) -> Result<(), Refusal> {
        self.member(ctx.actor)?;
        let this = self.parts.devices.get_mut(&ctx.device).ok_or(Refusal::KeptElsewhere { device: None })?;
        if this.name == name {
            return Ok(());
        }
        let from = std::mem::replace(&mut this.name, name.clone());
        let earlier = self.parts.devices.values_mut().filter(|device| device.earlier_of == Some(ctx.device));
        earlier.for_each(|device| device.name = name.clone());
        self.note(ctx, EventKind::DeviceRenamed { from: from.into(), to: name.into() });
        Ok(())
    }

    /// Secrets that this device may take over once it has read them in its own keyring: those of a file from before
    /// devices were told apart, and those of devices that somebody said went on here.
    #[must_use]
    pub fn adoptable(&self, ctx: &Ctx) -> BTreeSet<SecretId> {
        let may = |device: Option<DeviceId>| match device {
            None => self.devices.contains_key(&ctx.device),
            Some(id) => id != ctx.device && self.went_on_at(id) == ctx.device,
        };
        let tokens = self.grants.values().map(|grant| &grant.token).filter(|token| !token.this_run_only());
        let tokens = tokens.filter(|token| token.kept_on().is_some_and(may)).filter_map(Token::secret);
        let sign_ins = self.organisations.values().filter_map(|organisation| organisation.sign_in.as_ref());
        let sign_ins =
            sign_ins.filter(|signed| !signed.this_run_only && may(signed.device)).map(|signed| signed.secret);
        let intentions = self.intentions.values();
        let intentions =
            intentions.filter(|i| may(i.device) && !i.kind.this_run_only()).filter_map(|i| i.kind.secret());
        tokens.chain(sign_ins).chain(intentions).collect()
    }

    /// Where the workspace of a device is used now: it may have gone on more than once.
    fn went_on_at(&self, device: DeviceId) -> DeviceId {
        let mut at = device;
        // No more often than there are devices, whatever a damaged file says.
        for _ in 0..self.devices.len() {
            match self.devices.get(&at).and_then(|device| device.gone_to) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }

    /// Takes over a secret that was just read in this device's own keyring. False: it is not this device's to take.
    ///
    /// A read that found nothing is never written down: the entry may be in the keyring of another device.
    pub fn adopt(&mut self, ctx: &Ctx, secret: SecretId) -> bool {
        if !self.adoptable(ctx).contains(&secret) {
            return false;
        }
        let here = Some(ctx.device);
        let mut found = Vec::new();
        for grant in self.parts.grants.values_mut().filter(|grant| grant.token.secret() == Some(secret)) {
            let from = grant.token.kept_on().flatten();
            grant.token.move_to(ctx.device);
            found.push((grant.id, from));
        }
        for organisation in self.parts.organisations.values_mut() {
            if let Some(signed) = organisation.sign_in.as_mut().filter(|signed| signed.secret == secret) {
                signed.device = here;
            }
        }
        let is_about = |kind: &IntentionKind| match kind {
            IntentionKind::Revoke { grant, .. } => found.iter().any(|(id, _)| id == grant),
            IntentionKind::Keep { .. } | IntentionKind::Forget { .. } | IntentionKind::ForgetSignIn { .. } => {
                kind.secret() == Some(secret)
            }
        };
        for intention in self.parts.intentions.values_mut().filter(|intention| is_about(&intention.kind)) {
            intention.device = here;
        }
        let name = |device| self.device_name(device).map(|name| name.as_str().to_owned());
        let (to, found): (String, Vec<_>) =
            (name(here).unwrap_or_default(), found.iter().map(|(id, from)| (*id, name(*from))).collect());
        for (grant, from) in found {
            self.tell_grant(ctx, grant, EventKind::TokenFound { from, to: to.clone() });
        }
        true
    }

    /// Writes down that what a device kept in memory is gone with its run. Nothing is proven by it.
    pub(super) fn end_run_of(&mut self, ctx: &Ctx, device: DeviceId) {
        let is_over = |token: &Token| token.is_on(device) && token.this_run_only();
        let over: Vec<GrantId> = self.grants.values().filter(|g| is_over(&g.token)).map(|g| g.id).collect();
        for id in over {
            if let Some(grant) = self.parts.grants.get_mut(&id) {
                grant.token = Token::Ended { how: TokenEnd::RunOver, at: ctx.now };
            }
            self.not_asked_any_more(id);
            self.parts.intentions.retain(|_, i| match i.kind {
                IntentionKind::Revoke { grant, .. } | IntentionKind::Forget { grant, .. } => grant != id,
                IntentionKind::Keep { .. } | IntentionKind::ForgetSignIn { .. } => true,
            });
            for mailbox in self.parts.mailboxes.values_mut().filter(|m| m.grant == Some(id) && m.usage != Use::Removed)
            {
                mailbox.link = Link::Lost { reason: LostReason::RunOver, since: ctx.now, by: None };
            }
            self.tell_grant(ctx, id, EventKind::SecretRunOver);
        }
        for organisation in self.parts.organisations.values_mut() {
            let is_over = |signed: &crate::AdminSignIn| signed.this_run_only && signed.device == Some(device);
            if organisation.sign_in.as_ref().is_some_and(is_over) {
                organisation.sign_in = None;
            }
        }
        self.parts.intentions.retain(|_, i| !(i.kind.this_run_only() && i.device == Some(device)));
    }
}
