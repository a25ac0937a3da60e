//! Who signs an act by hand, besides its author's own key (A.53-4 CPP).

use super::super::{Draft, Field, Reason};
use super::person::brief_of;
use super::{Form, Stage, lines};
use crate::hand::{Certainty, HandSigner, Signer, SignerRole};
use crate::person::IdentitySource;
use crate::pv::PvKind;
use crate::pve::Interception;
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::Timestamp;

/// The most hand-signers of one act.
const MAX_SIGNERS: usize = 20;

impl Draft {
    /// Who is asked to sign by hand, in the order of asking; names as the draft has them.
    pub fn signers(&self, now: Timestamp) -> Vec<Signer> {
        let mut signers: Vec<Signer> = Vec::new();
        if self.has_a_person_who_signs() {
            signers.extend(self.person_who_signs(now).or_else(|| self.unknown_who_signs()));
        }
        let represents = match self.kind {
            ActKind::Verification => self.text(Field::Representative).trim(),
            ActKind::Pv => {
                Field::representative_in(self.pv_kind()).map_or("", |field| self.text(field).trim())
            }
            ActKind::IdentityCheck
            | ActKind::Plainte
            | ActKind::Pve
            | ActKind::Afd
            | ActKind::Note
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => "",
        };
        if !represents.is_empty() {
            signers.push(Signer {
                role: SignerRole::Representative,
                name: represents.into(),
                certainty: Certainty::Presumed,
            });
        }
        let interprets = match self.kind {
            ActKind::Pv | ActKind::Plainte | ActKind::Verification => self.text(Field::Interpreter).trim(),
            ActKind::IdentityCheck
            | ActKind::Pve
            | ActKind::Afd
            | ActKind::Note
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => "",
        };
        if !interprets.is_empty() {
            signers.push(Signer {
                role: SignerRole::Interpreter,
                name: interprets.into(),
                certainty: Certainty::Established,
            });
        }
        let others = lines(self.text(Field::OtherSigners));
        signers.extend(others.iter().filter_map(|line| other(line)));
        signers.truncate(MAX_SIGNERS);
        signers
    }

    fn has_a_person_who_signs(&self) -> bool {
        match self.kind {
            ActKind::Pv => match self.pv_kind() {
                PvKind::Audition
                | PvKind::Notification
                | PvKind::Interpellation
                | PvKind::Inventaire
                | PvKind::MiseADisposition
                | PvKind::Alcoolemie
                | PvKind::Stupefiants
                | PvKind::Retention
                | PvKind::Immobilisation
                | PvKind::Convocation
                | PvKind::Temoignage => true,
                // Whoever is drunk signs nothing, a minor is signed for, and an invitation is handed over.
                PvKind::Constatations
                | PvKind::Transport
                | PvKind::Bordereau
                | PvKind::Rectification
                | PvKind::Annulation
                | PvKind::Ivresse
                | PvKind::Remise
                | PvKind::Domicile
                | PvKind::CompteRendu
                | PvKind::Justification => false,
            },
            ActKind::Plainte | ActKind::Afd | ActKind::Verification => true,
            ActKind::Pve => self.text(Field::Interception) == Interception::Intercepted.code(),
            ActKind::IdentityCheck
            | ActKind::Note
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => false,
        }
    }

    fn person_who_signs(&self, now: Timestamp) -> Option<Signer> {
        let (brief, source) = brief_of(self, now, &mut Vec::new())?;
        let name = format!("{} {}", brief.given_names.reveal(), brief.surname.reveal());
        let proven = match source {
            IdentitySource::Presentee | IdentitySource::Verifiee => Certainty::Established,
            IdentitySource::Declaree => Certainty::Presumed,
        };
        let stated = Certainty::from_code(self.text(Field::Certainty).trim());
        Some(Signer {
            role: SignerRole::Person,
            name: Sensitive::new(name.trim().to_owned()),
            // Nobody is surer than the document that was shown.
            certainty: stated.map_or(proven, |stated| stated.max(proven)),
        })
    }
}

impl Draft {
    /// Whoever is held and says no name is asked to sign as well.
    fn unknown_who_signs(&self) -> Option<Signer> {
        (self.kind == ActKind::Verification).then(|| Signer {
            role: SignerRole::Person,
            name: "X".into(),
            certainty: Certainty::Unknown,
        })
    }
}

impl Form<'_> {
    /// Everybody with what came of it; while it is read, nobody has signed yet.
    pub(super) fn signed_by_hand(&mut self) -> Vec<HandSigner> {
        for line in self.typed(Field::OtherSigners).map(lines).unwrap_or_default() {
            if other(&line).is_none() {
                self.problem(Field::OtherSigners, Reason::NotASigner);
            }
        }
        let signers = self.draft.signers(self.now);
        if self.stage == Stage::Reading || signers.is_empty() {
            return Vec::new();
        }
        let Some(reading) = self.draft.reading() else {
            self.problem(Field::OtherSigners, Reason::NotRead);
            return Vec::new();
        };
        let mut signed = Vec::with_capacity(signers.len());
        for (index, signer) in (0_u8..).zip(signers) {
            match reading.outcome(index) {
                Some(outcome) => signed.push(HandSigner {
                    signer,
                    outcome: outcome.clone(),
                }),
                None => self.problem(Field::OtherSigners, Reason::NotAsked),
            }
        }
        signed
    }
}

/// `rôle ; nom`, or a name alone of an assistant.
fn other(line: &str) -> Option<Signer> {
    let (role, name) = match line.split_once(';') {
        Some((role, name)) => (SignerRole::from_code(&role.trim().to_uppercase())?, name.trim()),
        None => (SignerRole::Assistant, line.trim()),
    };
    (!name.is_empty()).then(|| Signer {
        role,
        name: name.into(),
        certainty: Certainty::Established,
    })
}
