//! A disconnect: one job, a checklist over two sides.

use crate::{
    Consent, DeviceId, DisconnectId, Evidence, Grant, GrantId, Mailbox, MailboxId, Provider, Rank, Stamp, Token,
    TokenEnd,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The kinds of steps. A job has each at most once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Disable the mailbox in the CRM.
    DisableInCrm,
    /// Remove it from the CRM.
    RemoveFromCrm,
    /// Revoke the consent at the provider.
    RevokeGrant,
    /// Delete the app password, or change the password: where there is no consent, the password itself
    /// still lets the CRM in.
    WithdrawPassword,
    /// Remove the forwarding rule that feeds a hosted address.
    RemoveForwarding,
    /// Connect the address in HubSpot again: at another provider, or as the other kind.
    ConnectAgain,
    /// Forget the token that this workspace holds.
    ForgetSecret,
}

/// Who performs a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepMode {
    /// The backend.
    Backend,
    /// A person, on a page of HubSpot's or the provider's.
    Guided,
}

/// Why a step is not needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotNeeded {
    /// The removal was confirmed, and HubSpot removes only what was disabled.
    RemovalConfirmed,
    /// A later connection of the same account took this one's place.
    Superseded,
    /// No token was held.
    NoToken,
    /// HubSpot does it by itself when the address is connected at the other provider
    /// (<https://knowledge.hubspot.com/connected-email/disconnect-your-inbox-from-hubspot>, read 2026-11).
    ByHubSpot,
}

/// What a job itself records of a step. Facts that belong to the consent or the token are not copied
/// here; they are read from the [`Grant`], so that they can't disagree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Record {
    /// Nothing yet.
    Open,
    /// Evidence of this step.
    Done {
        /// How it is known.
        evidence: Evidence,
    },
    /// Not needed.
    NotNeeded {
        /// Why.
        why: NotNeeded,
    },
}

/// A step of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub kind: StepKind,
    /// The consent or token that it is about; of a move's connecting again, the one that it led to.
    pub grant: Option<GrantId>,
    /// What the job records of it.
    pub record: Record,
}

/// Where a step stands, computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To do.
    Open,
    /// The backend was told and has not heard an answer.
    Waiting,
    /// Done.
    Done(Evidence),
    /// Not needed.
    NotNeeded(NotNeeded),
}

impl Standing {
    /// Done or not needed.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Done(_) | Self::NotNeeded(_))
    }
}

/// Why a job was ended before it was complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// The mailbox was enabled again.
    Enabled,
    /// The person changed their mind before anything was done.
    Stopped,
    /// The address was connected again.
    ConnectedAgain,
    /// The address was connected again after this job was complete, which it stays.
    FinishedBefore,
}

/// How a job was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Who, and when.
    #[serde(flatten)]
    pub stamp: Stamp,
    /// Why.
    pub why: EndReason,
}

/// What a job adds up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// Steps done or not needed.
    pub settled: usize,
    /// All steps.
    pub total: usize,
    /// The weakest evidence among the steps that are done, if every step is settled.
    pub weakest: Option<Evidence>,
}

impl Completion {
    /// Every step is done with evidence or not needed, and at least one is done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.weakest.is_some()
    }

    /// The strength of a complete job.
    #[must_use]
    pub fn rank(&self) -> Option<Rank> {
        self.weakest.as_ref().map(Evidence::rank)
    }
}

/// What a job is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Purpose {
    /// To disconnect.
    #[default]
    Leave,
    /// To go on at another provider, on the same row. HubSpot drops the old inbox by itself; the old provider's
    /// consent stays until somebody revokes it.
    Move {
        /// That provider.
        to: Provider,
    },
    /// To become a team address. HubSpot has no address as both kinds, so it is disconnected first.
    ToTeam {
        /// In this inbox.
        inbox: crate::InboxId,
    },
    /// To become a personal mailbox.
    ToPersonal {
        /// Of this member.
        owner: crate::MemberId,
    },
}

/// One job for one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disconnect {
    /// Identity.
    pub id: DisconnectId,
    /// The mailbox.
    pub mailbox: MailboxId,
    /// What it is for.
    pub purpose: Purpose,
    /// The provider that it is about: the one at which the mailbox was when it was opened.
    pub provider: Provider,
    /// Who opened it, and when.
    pub opened: Stamp,
    /// The checklist, in the order in which it is shown.
    pub steps: Vec<Step>,
    /// Set when the job was called off. A complete job is not ended; it is complete.
    pub ended: Option<Ended>,
    /// Put off until then.
    pub snoozed_until: Option<Timestamp>,
    /// Who put it off, and is reminded.
    pub snoozed_by: Option<crate::MemberId>,
}

impl Disconnect {
    /// The checklist of a mailbox, with nothing done.
    pub(crate) fn open(id: DisconnectId, mailbox: &Mailbox, purpose: Purpose, token_held: bool, opened: Stamp) -> Self {
        let mut kinds = vec![(StepKind::RemoveFromCrm, None)];
        // A team address is deleted in one go.
        if !mailbox.is_team() && !matches!(purpose, Purpose::Move { .. }) {
            kinds.insert(0, (StepKind::DisableInCrm, None));
        }
        if purpose != Purpose::Leave {
            kinds.push((StepKind::ConnectAgain, None));
        }
        match mailbox.provider {
            // The same account goes on as the other kind, and needs the consent.
            _ if matches!(purpose, Purpose::ToTeam { .. } | Purpose::ToPersonal { .. }) => {}
            Provider::Google | Provider::Microsoft365 | Provider::OutlookCom => {
                kinds.push((StepKind::RevokeGrant, mailbox.grant));
            }
            Provider::Imap => kinds.push((StepKind::WithdrawPassword, None)),
            Provider::Hosted => kinds.push((StepKind::RemoveForwarding, None)),
        }
        if mailbox.held_here() {
            kinds.push((StepKind::ForgetSecret, mailbox.grant));
        }
        let steps = kinds
            .into_iter()
            .map(|(kind, grant)| Step {
                kind,
                grant,
                record: match (kind, purpose) {
                    (StepKind::ForgetSecret, _) if !token_held => Record::NotNeeded { why: NotNeeded::NoToken },
                    (StepKind::RemoveFromCrm, Purpose::Move { .. }) => Record::NotNeeded { why: NotNeeded::ByHubSpot },
                    _ => Record::Open,
                },
            })
            .collect();
        Self {
            id,
            mailbox: mailbox.id,
            purpose,
            provider: mailbox.provider,
            opened,
            steps,
            ended: None,
            snoozed_until: None,
            snoozed_by: None,
        }
    }

    /// Whether it was neither called off nor is complete.
    #[must_use]
    pub fn is_unfinished(&self, grants: &BTreeMap<GrantId, Grant>) -> bool {
        self.ended.is_none() && !self.completion(grants).is_complete()
    }

    /// Whether the job is about the mailbox as it is now. After a move it is only about what is left at the old
    /// provider, and the row can be disconnected again.
    #[must_use]
    pub fn is_of_today(&self) -> bool {
        let connected = self.step(StepKind::ConnectAgain).is_some_and(|step| !matches!(step.record, Record::Open));
        self.ended.is_none() && !(matches!(self.purpose, Purpose::Move { .. }) && connected)
    }

    /// A step of the checklist.
    #[must_use]
    pub fn step(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == kind)
    }

    pub(crate) fn step_mut(&mut self, kind: StepKind) -> Option<&mut Step> {
        self.steps.iter_mut().find(|step| step.kind == kind)
    }

    /// Where a step stands: what the job records of it, else what its grant says.
    #[must_use]
    pub fn standing(&self, step: &Step, grants: &BTreeMap<GrantId, Grant>) -> Standing {
        match &step.record {
            Record::NotNeeded { why } => Standing::NotNeeded(*why),
            Record::Open => Self::from_grant(step, grants),
            // A step that was closed without knowing may become known later.
            Record::Done { evidence } => match Self::from_grant(step, grants) {
                Standing::Done(later) if later.rank() > evidence.rank() => Standing::Done(later),
                Standing::Done(_) | Standing::Open | Standing::Waiting | Standing::NotNeeded(_) => {
                    Standing::Done(evidence.clone())
                }
            },
        }
    }

    fn from_grant(step: &Step, grants: &BTreeMap<GrantId, Grant>) -> Standing {
        let Some(grant) = step.grant.and_then(|id| grants.get(&id)) else {
            return Standing::Open;
        };
        match step.kind {
            StepKind::RevokeGrant => match &grant.consent {
                Consent::Gone { evidence } => Standing::Done(evidence.clone()),
                Consent::Superseded { .. } => Standing::NotNeeded(NotNeeded::Superseded),
                Consent::RevocationRequested { .. } => Standing::Waiting,
                Consent::Unknown | Consent::Active { .. } | Consent::StillThere { .. } | Consent::NotSeen { .. } => {
                    Standing::Open
                }
            },
            StepKind::ForgetSecret => match grant.token {
                Token::Ended { how: TokenEnd::Forgotten, at } => {
                    Standing::Done(Evidence::proven(crate::Proof::KeyringAbsent, at))
                }
                Token::Ended { how: TokenEnd::RunOver, .. } | Token::None => Standing::NotNeeded(NotNeeded::NoToken),
                Token::Held { .. } | Token::Dead { .. } => Standing::Open,
            },
            StepKind::DisableInCrm
            | StepKind::RemoveFromCrm
            | StepKind::WithdrawPassword
            | StepKind::RemoveForwarding
            | StepKind::ConnectAgain => Standing::Open,
        }
    }

    /// What the job adds up to. The only way in which a job is ever called complete.
    #[must_use]
    pub fn completion(&self, grants: &BTreeMap<GrantId, Grant>) -> Completion {
        let standings: Vec<Standing> = self.steps.iter().map(|step| self.standing(step, grants)).collect();
        let settled = standings.iter().filter(|standing| standing.is_settled()).count();
        let weakest = if settled == standings.len() {
            standings
                .into_iter()
                .filter_map(|standing| match standing {
                    Standing::Done(evidence) => Some(evidence),
                    Standing::Open | Standing::Waiting | Standing::NotNeeded(_) => None,
                })
                // Among equals the provider's answer names the whole, not our own store's.
                .min_by_key(|evidence| (evidence.rank(), evidence.is_own()))
        } else {
            None
        };
        Completion { settled, total: self.steps.len(), weakest }
    }

    /// Who performs a step, as a device sees it. A backend step that the backend can't perform becomes a person's: the
    /// token is dead, gone, or kept on another device.
    #[must_use]
    pub fn mode(
        &self,
        step: &Step,
        mailbox: &Mailbox,
        grants: &BTreeMap<GrantId, Grant>,
        device: DeviceId,
    ) -> StepMode {
        let here = mailbox.held_here();
        match step.kind {
            StepKind::DisableInCrm | StepKind::RemoveFromCrm if here => StepMode::Backend,
            StepKind::ForgetSecret => StepMode::Backend,
            StepKind::RevokeGrant if here && self.provider == Provider::Google => {
                let alive = step
                    .grant
                    .and_then(|id| grants.get(&id))
                    .is_some_and(|g| matches!(g.token, Token::Held { .. }) && g.token.is_on(device));
                if alive { StepMode::Backend } else { StepMode::Guided }
            }
            StepKind::DisableInCrm
            | StepKind::RemoveFromCrm
            | StepKind::RevokeGrant
            | StepKind::WithdrawPassword
            | StepKind::RemoveForwarding
            | StepKind::ConnectAgain => StepMode::Guided,
        }
    }
}
