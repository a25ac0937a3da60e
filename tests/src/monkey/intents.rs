//! What the screens could ask for, asked for without them: every signature is then the monkey's own, and named so.

use domain::ActId;
use domain::dialogue::{Amendment, Intent, Unsigned};
use domain::draft::Field;
use domain::officer::FileKind;
use domain::plainte::Language;
use domain::pv::PvKind;
use domain::record::ActKind;
use domain::service::TypedVehicle;
use domain::{InterventionId, Secret};
use simulator::hand::flourish;

use super::Monkey;
use super::memory::Touched;
use super::wits::one_of;
use crate::acts;
use ui::Way;

/// More than so many at once are no officer's.
const DRAFTS: usize = 25;

const KINDS: [ActKind; 7] = [
    ActKind::IdentityCheck,
    ActKind::Pv,
    ActKind::Plainte,
    ActKind::Pve,
    ActKind::Afd,
    ActKind::Note,
    ActKind::Verification,
];

impl Monkey {
    /// One thing that the screens could ask for.
    pub(super) fn intend(&mut self) -> anyhow::Result<()> {
        if self.is_locked() {
            let code = self.code.clone();
            self.says(
                "Choisir ce code",
                Intent::ChooseCode {
                    code: Secret::new(code.clone()),
                },
            )?;
            return self.says(
                "Déverrouiller",
                Intent::Unlock {
                    code: Secret::new(code),
                },
            );
        }
        let Some(draft) = self.draft_in_hand()? else {
            return self.begin();
        };
        let field = self.a_field();
        match self.dice.below(100) {
            0..4 if self.memory.borrow().known().len() < DRAFTS => self.begin(),
            0..9 => self.put_another_in_hand(),
            9..60 => self.fill(draft),
            60..64 => self.complete(draft),
            64..68 => self.says("Ouvrir la lecture", Intent::ReadBack { draft }),
            68..73 => {
                let signer = u8::try_from(self.dice.below(3)).unwrap_or(0);
                self.sign_by_hand(draft, signer)
            }
            73..75 => self.sign_rights(draft),
            75 => {
                let why = if self.dice.below(2) == 0 {
                    Unsigned::Refuses
                } else {
                    Unsigned::Unable
                };
                let reason = "ne veut rien signer".to_owned();
                self.says(
                    "Noter le refus",
                    Intent::LeaveUnsigned {
                        draft,
                        signer: 0,
                        why,
                        reason,
                    },
                )
            }
            76..78 => {
                let (place, text) = ("page 1".to_owned(), "lire « rouge »".to_owned());
                self.says("Porter le renvoi", Intent::AddRenvoi { draft, place, text })
            }
            78..81 => self.says("Signer le PV", Intent::Sign { draft }),
            81..84 => self.lead_to_a_signature(draft),
            84 => self.says("Abandonner le brouillon", Intent::DiscardDraft { draft }),
            85 => {
                let field = Field::Moment;
                self.says("", Intent::Stamp { draft, field })
            }
            86 => self.says(
                "",
                Intent::LookAt {
                    draft,
                    field: Some(field),
                },
            ),
            87 => self.says("", Intent::PutAway),
            88 => {
                let motive = "contrôle d'identité sur la voie publique".to_owned();
                self.says(
                    "",
                    Intent::Consult {
                        draft,
                        file: FileKind::Fpr,
                        motive,
                    },
                )
            }
            89 => self.says("", Intent::Urgent { draft }),
            90 => self.says("", Intent::KeepBasis { draft }),
            91 => self.says("", Intent::TurnIntoPv { draft, id: None }),
            92 => {
                let kind = *one_of(&KINDS, &mut self.dice);
                self.says(
                    "",
                    Intent::FollowUp {
                        from: draft,
                        kind,
                        id: None,
                    },
                )
            }
            93 => self.amend(),
            94 => self.says(
                "",
                Intent::Verify {
                    check: draft,
                    id: None,
                },
            ),
            95 => self.says(
                "",
                Intent::BeginMeasure {
                    from: Some(draft),
                    id: None,
                    kind: PvKind::Immobilisation,
                },
            ),
            96 => self.says("", Intent::ListClips),
            97 => self.says("", Intent::Alive),
            98 if self.dice.below(4) == 0 => self.says("Fin de service", Intent::EndService),
            _ => self.serve(),
        }
    }

    /// Says it to the terminal, as the touch of this label would.
    fn says(&mut self, label: &str, intent: Intent) -> anyhow::Result<()> {
        self.note(format!("{label} {intent:?}").chars().take(120).collect());
        let touched = Touched {
            way: Way::Press,
            label: label.to_owned(),
        };
        let mut memory = self.memory.borrow_mut();
        if let Intent::Unlock { code } | Intent::ChooseCode { code } = &intent {
            memory.typed = code.expose().to_owned();
        }
        if let Intent::SignByHand { .. } | Intent::SignRights { .. } = &intent {
            memory.touch(&Touched {
                way: Way::Draw,
                label: String::new(),
            });
        }
        memory.asked(Some(&touched), &intent)?;
        drop(memory);
        let unlocks = matches!(intent, Intent::Unlock { .. });
        let now = self.world.now().mono_ms;
        self.world.intent(intent)?;
        if unlocks && !self.is_locked() {
            self.memory.borrow_mut().code_at = Some(now);
        }
        Ok(())
    }

    fn begin(&mut self) -> anyhow::Result<()> {
        self.serve()?;
        let kind = *one_of(&KINDS, &mut self.dice);
        self.says("", Intent::StartDraft { id: None, kind })
    }

    /// The service and the intervention that every act hangs from.
    fn serve(&mut self) -> anyhow::Result<()> {
        self.says(
            "Prendre le service",
            Intent::StartService {
                crew: String::new(),
                opj: "7654321".to_owned(),
                vehicle: None::<TypedVehicle>,
            },
        )?;
        self.says(
            "",
            Intent::OpenIntervention {
                id: None::<InterventionId>,
                number: String::new(),
                place: "14 rue de la République, Saint-Denis".to_owned(),
            },
        )
    }

    /// The draft that is open, as screens act on no other; none while there is none at all.
    fn draft_in_hand(&mut self) -> anyhow::Result<Option<ActId>> {
        let open = self.memory.borrow().in_hand();
        if open.is_none() {
            self.put_another_in_hand()?;
        }
        Ok(open.or(self.memory.borrow().in_hand()))
    }

    fn put_another_in_hand(&mut self) -> anyhow::Result<()> {
        let known = self.memory.borrow().known();
        if known.is_empty() {
            return Ok(());
        }
        let (draft, _) = *one_of(&known, &mut self.dice);
        self.says("", Intent::OpenDraft { draft })
    }

    fn a_field(&mut self) -> Field {
        *one_of(&Field::ALL, &mut self.dice)
    }

    /// One field, as the form wants it or not.
    fn fill(&mut self, draft: ActId) -> anyhow::Result<()> {
        let taught = self.taught(draft);
        let (field, text) = if !taught.is_empty() && self.dice.below(3) > 0 {
            let (field, text) = *one_of(taught, &mut self.dice);
            (field, text.to_owned())
        } else {
            let field = self.a_field();
            (field, self.wits.text("", &mut self.dice))
        };
        self.says("", Intent::Fill { draft, field, text })
    }

    /// Everything that this kind of form needs.
    fn complete(&mut self, draft: ActId) -> anyhow::Result<()> {
        for (field, text) in self.taught(draft) {
            let text = (*text).to_owned();
            self.says(
                "",
                Intent::Fill {
                    draft,
                    field: *field,
                    text,
                },
            )?;
        }
        Ok(())
    }

    /// The whole way of an act, whoever must sign it.
    fn lead_to_a_signature(&mut self, draft: ActId) -> anyhow::Result<()> {
        self.complete(draft)?;
        self.sign_rights(draft)?;
        self.says("Ouvrir la lecture", Intent::ReadBack { draft })?;
        for signer in 0..3 {
            self.sign_by_hand(draft, signer)?;
        }
        self.says("Signer le PV", Intent::Sign { draft })
    }

    fn sign_by_hand(&mut self, draft: ActId, signer: u8) -> anyhow::Result<()> {
        let strokes = flourish(signer);
        self.says(
            "Valider",
            Intent::SignByHand {
                draft,
                signer,
                strokes,
            },
        )
    }

    fn sign_rights(&mut self, draft: ActId) -> anyhow::Result<()> {
        let language = Language::French;
        self.says("", Intent::ShowRights { draft, language })?;
        let strokes = flourish(0);
        self.says("Valider", Intent::SignRights { draft, strokes })
    }

    fn taught(&self, draft: ActId) -> &'static [(Field, &'static str)] {
        let memory = self.memory.borrow();
        let known = memory.known();
        let kind = known.iter().find(|(id, _)| *id == draft).map(|(_, kind)| *kind);
        kind.map_or(&[], acts::texts)
    }

    /// A signed act is rectified or withdrawn.
    fn amend(&mut self) -> anyhow::Result<()> {
        let signed: Vec<ActId> = self.memory.borrow().signed().keys().copied().collect();
        if signed.is_empty() {
            return Ok(());
        }
        let act = *one_of(&signed, &mut self.dice);
        let how = if self.dice.below(2) == 0 {
            Amendment::Rectify
        } else {
            Amendment::Withdraw
        };
        self.says("", Intent::Amend { act, id: None, how })
    }
}
