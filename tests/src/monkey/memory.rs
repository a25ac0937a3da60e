//! What the terminal acknowledged and what the hand did: the draft that must be there, the act that may be.

use std::collections::{BTreeMap, BTreeSet};

use agent::store::DeviceStore;
use anyhow::{Context, ensure};
use domain::ActId;
use domain::dialogue::{DraftState, Intent, LockState, Notice, View};
use domain::draft::{Draft, Field};
use domain::record::{ActKind, Record};
use ui::Way;

/// Milliseconds for which the code counts for a signature, by the profile that every world begins with.
const CODE_COUNTS: u64 = 240 * 60_000;

/// What the hand did last.
#[derive(Debug, Clone)]
pub(super) struct Touched {
    pub(super) way: Way,
    pub(super) label: String,
}

#[derive(Debug, Default)]
pub(super) struct Memory {
    /// What each draft held when the terminal showed it last.
    drafts: BTreeMap<ActId, Kept>,
    begun: BTreeSet<ActId>,
    /// The draft that the terminal showed last since somebody unlocked it.
    in_hand: Option<ActId>,
    /// Given up by a touch that says so.
    given_up: BTreeSet<ActId>,
    /// Checks that went with a service, as the officer was told.
    erased: usize,
    /// Acts for which somebody touched what signs.
    signatures: BTreeSet<ActId>,
    /// What was signed by another touch than a signature's, and how often.
    granted: BTreeMap<&'static str, usize>,
    /// Signatures on the pad that were accepted, by draft.
    by_hand: BTreeMap<ActId, usize>,
    /// There is ink on the pad.
    ink: bool,
    /// The digits that were touched since the last code was given.
    pub(super) typed: String,
    given: bool,
    /// When the officer's code was given last, on the device's clock.
    pub(super) code_at: Option<u64>,
    code_changed: bool,
    /// The screens said that these are signed.
    claimed: BTreeSet<ActId>,
    signed: BTreeMap<ActId, ActKind>,
}

#[derive(Debug)]
struct Kept {
    kind: ActKind,
    texts: BTreeMap<Field, String>,
}

/// What ends the entry of a code.
const GIVEN: [&str; 5] = [
    "Déverrouiller",
    "Continuer",
    "Changer le code",
    "Choisir ce code",
    "Signer",
];

impl Memory {
    pub(super) fn hear(&mut self, view: &View) {
        if let View::Draft(draft) = view {
            self.in_hand = Some(draft.draft);
            if matches!(draft.state, DraftState::Signed { .. }) {
                self.claimed.insert(draft.draft);
                return;
            }
            let texts = draft.texts.iter();
            let kept = Kept {
                kind: draft.kind,
                texts: texts
                    .map(|line| (line.field, line.text.reveal().clone()))
                    .collect(),
            };
            self.begun.insert(draft.draft);
            self.drafts.insert(draft.draft, kept);
        } else if let View::Notice(Notice::ChecksErased { count }) = view {
            self.erased += usize::from(*count);
        } else if let View::Notice(Notice::CodeChanged) = view {
            self.code_changed = true;
        } else if let View::Lock(lock) = view
            && lock.state != LockState::Unlocked
        {
            self.in_hand = None;
        }
    }

    /// The draft that screens would act on, where it must still be there.
    pub(super) fn in_hand(&self) -> Option<ActId> {
        self.in_hand.filter(|draft| self.drafts.contains_key(draft))
    }

    pub(super) fn touch(&mut self, touched: &Touched) {
        let label = touched.label.as_str();
        match touched.way {
            Way::Draw => self.ink = true,
            Way::Fill => {}
            Way::Press if label == super::wits::ERASE => {
                self.typed.pop();
            }
            Way::Press if label.len() == 1 && label.chars().all(|key| key.is_ascii_digit()) => {
                if std::mem::take(&mut self.given) {
                    self.typed.clear();
                }
                self.typed.push_str(label);
            }
            Way::Press if GIVEN.contains(&label) => self.given = true,
            Way::Press if label == "Effacer" || label == "Fermer sans signer" => self.ink = false,
            Way::Press => {}
        }
    }

    /// A process that starts has no digits and no draft on screen of the one before.
    pub(super) fn forget_hand(&mut self) {
        self.typed.clear();
        self.ink = false;
        self.in_hand = None;
    }

    pub(super) const fn take_code_changed(&mut self) -> bool {
        std::mem::replace(&mut self.code_changed, false)
    }

    /// What the screens ask for must be what the hand did.
    pub(super) fn asked(&mut self, touched: Option<&Touched>, intent: &Intent) -> anyhow::Result<()> {
        let label = touched.map_or("", |touched| touched.label.as_str());
        let by = |words: &[&str]| words.iter().any(|word| label.starts_with(word));
        if let Intent::Sign { draft } = intent {
            ensure!(by(&["Signer"]), "« {label} » asked for a signature");
            self.signatures.insert(*draft);
        } else if let Intent::Unlock { code } | Intent::GiveCode { code } | Intent::ChooseCode { code } =
            intent
        {
            ensure!(
                by(&["Déverrouiller", "Signer", "Choisir ce code"]) && code.expose() == self.typed,
                "« {label} » gave a code that nobody typed"
            );
        } else if let Intent::SignByHand { draft, .. } | Intent::SignRights { draft, .. } = intent {
            ensure!(
                by(&["Valider"]) && std::mem::take(&mut self.ink),
                "« {label} » signed by hand without a hand"
            );
            *self.by_hand.entry(*draft).or_default() += 1;
        } else if let Intent::DiscardDraft { draft } = intent {
            ensure!(
                by(&["Abandonner le brouillon", "Rien à signaler"]),
                "« {label} » gave a draft up"
            );
            self.given_up.insert(*draft);
        } else if let Intent::EndService = intent {
            ensure!(by(&["Fin de service"]), "« {label} » ended the service");
        } else if let Some((kind, words)) = granted(intent) {
            ensure!(by(words), "« {label} » had a {kind} signed");
            *self.granted.entry(kind).or_default() += 1;
        }
        Ok(())
    }

    /// Holds what the terminal keeps against what was done.
    pub(super) fn check(&mut self, device: &DeviceStore, now: u64) -> anyhow::Result<()> {
        for row in device.acts()? {
            if self.signed.insert(row.act, row.kind).is_some() {
                continue;
            }
            self.drafts.remove(&row.act);
            match row.kind {
                // The terminal signs what it took in, and what the complaint that it belongs to was signed with.
                ActKind::Footage => {}
                ActKind::SafeContact => ensure!(!self.signatures.is_empty(), "a contact without a signature"),
                ActKind::Alert | ActKind::VisaRequest | ActKind::Visa | ActKind::Custody => {
                    let left = self.granted.get_mut(row.kind.code());
                    let left = left.filter(|left| **left > 0);
                    *left.with_context(|| format!("nobody had {} signed", row.act))? -= 1;
                }
                ActKind::IdentityCheck
                | ActKind::Pv
                | ActKind::Plainte
                | ActKind::Pve
                | ActKind::Afd
                | ActKind::Note
                | ActKind::Verification => {
                    ensure!(
                        self.signatures.contains(&row.act),
                        "{} is signed and nobody signed it",
                        row.act
                    );
                    let code = self
                        .code_at
                        .context("something is signed and no code was given")?;
                    ensure!(
                        now.saturating_sub(code) < CODE_COUNTS,
                        "{} is signed under a code of {} minutes ago",
                        row.act,
                        now.saturating_sub(code) / 60_000
                    );
                }
            }
        }
        for act in std::mem::take(&mut self.claimed) {
            ensure!(
                self.signed.contains_key(&act),
                "the screen says that {act} is signed and it is not"
            );
        }
        Ok(())
    }

    /// The drafts as they are on the disk: all that were acknowledged, with every text; how many.
    pub(super) fn compare(&mut self, drafts: &[Draft]) -> anyhow::Result<usize> {
        let mut found = 0;
        let on_disk: BTreeMap<ActId, &Draft> = drafts.iter().map(|draft| (draft.id, draft)).collect();
        let mut gone = BTreeSet::new();
        for (id, kept) in &self.drafts {
            let Some(draft) = on_disk.get(id) else {
                gone.insert(*id);
                continue;
            };
            for field in Field::ALL {
                let held = draft.text(field);
                let known = kept.texts.get(&field).map_or("", String::as_str);
                // What was empty may since have been told by the intervention.
                ensure!(
                    known.is_empty() || held == known,
                    "draft {id} holds `{held}` as {field:?}, and `{known}` was acknowledged"
                );
            }
            found += 1;
        }
        for id in gone {
            let kept = self.drafts.remove(&id).context("a draft is known")?;
            if self.given_up.contains(&id) || self.signed.contains_key(&id) {
                continue;
            }
            // What a check found nothing about goes with its service, and its officer is told how many.
            ensure!(
                kept.kind == ActKind::IdentityCheck && self.erased > 0,
                "the {} {id} is gone",
                kept.kind.code()
            );
            self.erased -= 1;
        }
        Ok(found)
    }

    /// How many signed by hand under `record`: never more than the hands that were drawn and accepted.
    pub(super) fn hands_are_hands(&self, record: &Record) -> anyhow::Result<usize> {
        let signed = record.act.pads().len();
        let drawn = self.by_hand.get(&record.id).copied().unwrap_or_default();
        ensure!(
            signed <= drawn,
            "{} was signed by {signed} hands and {drawn} were drawn",
            record.id
        );
        Ok(signed)
    }

    /// The drafts that must be there, each with its kind.
    pub(super) fn known(&self) -> Vec<(ActId, ActKind)> {
        self.drafts.iter().map(|(id, kept)| (*id, kept.kind)).collect()
    }

    pub(super) fn begun(&self) -> usize {
        self.begun.len()
    }

    pub(super) fn given_up(&self) -> usize {
        self.given_up.len()
    }

    pub(super) const fn signed(&self) -> &BTreeMap<ActId, ActKind> {
        &self.signed
    }
}

/// What a touch has signed besides the acts that have a form.
fn granted(intent: &Intent) -> Option<(&'static str, &'static [&'static str])> {
    if let Intent::AskVisa { .. } = intent {
        Some((ActKind::VisaRequest.code(), &["Envoyer la demande"]))
    } else if let Intent::GiveVisa { .. } = intent {
        Some((ActKind::Visa.code(), &["Viser", "Signer le"]))
    } else if let Intent::RaiseAlert { .. } = intent {
        Some((ActKind::Alert.code(), &["Alerter"]))
    } else if let Intent::SayOfRecording { .. } = intent {
        Some((ActKind::Custody.code(), &[""]))
    } else {
        None
    }
}
