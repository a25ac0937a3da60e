//! How many times an officer touches the screen for a complaint of a burglary, from home to the signature.

use domain::dialogue::{DraftState, DraftView, FieldText, Intent, PagesView, RightsLine, SignerState, View};
use domain::draft::{Draft, Problem, Reason, Surroundings};
use domain::enrolment::KeyProtection;
use domain::legal_basis::BasisTable;
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Officer, Quality};
use domain::plainte::Language;
use domain::record::ActKind;
use domain::service::{CardPresence, Service};
use domain::{ActNumber, DeviceId, OfficerId, ServiceId};

use super::{Phone, Touch, sample};

/// So many does `docs/performance.md` name, the words of the account aside.
const SAID: usize = 37;
const _: () = assert!(SAID <= 40, "the most that a new officer needs");

/// A phone whose touches are counted, over a terminal that keeps what it is told.
struct Counted {
    phone: Phone,
    draft: DraftView,
    touches: usize,
}

impl Counted {
    fn at_home() -> Self {
        let phone = Phone::unlocked();
        phone.see(&View::Home(Box::new(sample::home())));
        phone.sent();
        Self {
            phone,
            draft: sample::draft(ActKind::Plainte, &[]),
            touches: 0,
        }
    }

    #[track_caller]
    fn press(&mut self, label: &str) {
        self.touches += 1;
        self.phone.press(label);
        self.answer();
    }

    #[track_caller]
    fn fill(&mut self, label: &str, text: &str) {
        self.touches += 1;
        self.phone.fill(label, text);
        self.answer();
    }

    fn sign(&mut self, pad: &str) {
        self.touches += 1;
        self.phone.touch(&Touch::Draw(pad.to_owned())).unwrap();
        self.answer();
    }

    /// What the terminal shows after what it was asked for.
    fn answer(&mut self) {
        let sent = self.phone.sent();
        for intent in sent {
            let read = sample::read_back([SignerState::Awaited; 2]);
            if let Intent::Fill { field, text, .. } = intent {
                self.draft.texts.retain(|kept| kept.field != field);
                self.draft.texts.push(FieldText {
                    field,
                    text: text.as_str().into(),
                });
            } else if let Intent::SearchOffences { .. } = intent {
                self.phone.see(&View::Offences(sample::offences()));
            } else if let Intent::ShowRights { language, .. } = intent {
                self.draft.signers = read.signers[..1].to_vec();
                self.rights(language, SignerState::Awaited);
                self.phone.see(&View::Draft(Box::new(self.draft.clone())));
                self.phone.see(&View::Pages(PagesView {
                    rights: Some(language),
                    leaflet: None,
                    ..sample::pages(1, 1)
                }));
            } else if let Intent::SignRights { .. } = intent {
                self.rights(Language::French, SignerState::Signed);
            } else if let Intent::ReadBack { .. } = intent {
                self.draft.reading = read.reading;
                self.draft.signers = read.signers[..1].to_vec();
                self.phone.see(&View::Draft(Box::new(self.draft.clone())));
                self.phone.see(&View::Pages(sample::pages(1, 2)));
            } else if let Intent::SignByHand { .. } = intent {
                self.draft.signers = sample::signers([SignerState::Signed; 2])[..1].to_vec();
            } else if let Intent::Sign { .. } = intent {
                let number = ActNumber {
                    year: 2026,
                    serial: 1,
                };
                self.draft.state = DraftState::Signed { number: Some(number) };
            }
        }
        self.phone.see(&View::Draft(Box::new(self.draft.clone())));
    }

    fn rights(&mut self, language: Language, state: SignerState) {
        self.draft.rights = Some(RightsLine {
            language,
            state,
            at: (state == SignerState::Signed).then(|| sample::at(5)),
        });
    }

    /// What keeps the complaint from being signed, besides what the terminal itself notes of rights and reading.
    fn missing(&self) -> Vec<Problem> {
        let now = sample::at(30);
        let mut draft = Draft::new(self.draft.draft, ActKind::Plainte, now, None);
        for kept in &self.draft.texts {
            draft.fill(kept.field, kept.text.reveal(), now).unwrap();
        }
        let matricule = Matricule::parse(Corps::PoliceNationale, "1234567").unwrap();
        let officer = Officer {
            id: OfficerId::from_bytes([2; 16]),
            matricule: matricule.clone(),
            name: "MARTIN".into(),
            rank: "gardien de la paix".to_owned(),
            quality: Quality::Apj,
            unit: "CSP".to_owned(),
            habilitations: Vec::new(),
            departments: Vec::new(),
        };
        let service = Service {
            id: ServiceId::from_bytes([4; 16]),
            crew: vec![matricule],
            opj: None,
            requisitions: Vec::new(),
            camera: None,
            card: CardPresence::Card,
            started: now,
            ended: None,
            basis: None,
            operations: Vec::new(),
            vehicle: None,
            checks: None,
        };
        let around = Surroundings {
            answers: &[],
            device: &DeviceId::parse("neo-000001").unwrap(),
            protection: KeyProtection::File,
            officer: &officer,
            service: &service,
            reference: &ReferenceSet::embedded(),
            bases: BasisTable::built_in(),
            fix: None,
        };
        let problems = draft.finish(around, now).unwrap_err();
        let of_the_terminal = |problem: &Problem| {
            matches!(
                problem.reason,
                Reason::RightsNotNotified | Reason::RightsNotSigned | Reason::NotRead
            )
        };
        problems.into_iter().filter(|one| !of_the_terminal(one)).collect()
    }
}

#[test]
fn a_new_officer_takes_a_complaint_of_a_burglary_with_at_most_forty_touches() {
    let mut hand = Counted::at_home();
    hand.press("Plainte");
    let next = |hand: &mut Counted, step: &str| hand.press(&format!("Suivant\u{a0}: {step}"));
    next(&mut hand, "Recueil");
    hand.press("Domicile de la victime");
    hand.fill("Lieu", "12 rue des Lilas, Lyon");
    next(&mut hand, "Contact sûr");
    next(&mut hand, "Personne");
    hand.fill("Nom", "DURAND");
    hand.fill("Prénoms", "Élodie");
    hand.fill("Date de naissance", "12/08/1974");
    hand.fill("Adresse", "12 rue des Lilas, Lyon");
    hand.fill("Téléphone", "06 12 34 56 78");
    next(&mut hand, "Droits de la personne");
    hand.press("Français");
    hand.phone.hold(false);
    hand.press("Lu et compris\u{a0}: signer");
    hand.sign("Cadre de signature de Anna Maria ERIKSSON");
    hand.press("Valider");
    hand.phone.hold(true);
    hand.press("Sur papier");
    next(&mut hand, "Infraction");
    hand.fill("Chercher une infraction", "vol");
    hand.press("NATINF 7154");
    hand.fill("Moment des faits", "cette nuit");
    next(&mut hand, "Récit des faits");
    let told = hand.touches;
    hand.fill("Récit", "En rentrant j'ai trouvé la porte forcée.");
    hand.touches = told;
    next(&mut hand, "Faits");
    hand.fill("Mode opératoire", "porte forcée au pied-de-biche");
    next(&mut hand, "Préjudice et blessures");
    hand.fill("Préjudice", "console ; Canari ; ; 450\nbague ; ; ; 900");
    hand.press("Toutes les étapes");
    hand.press("Évaluation");
    hand.fill(
        "Importance du préjudice",
        "1 350 euros, et la peur de dormir seule",
    );
    hand.press("Toutes les étapes");
    hand.press("Récapitulatif");
    assert_eq!(hand.missing(), []);
    hand.press("Lire et faire signer");
    hand.press("Ouvrir la lecture");
    hand.press("Lu\u{a0}: faire signer");
    hand.phone.hold(false);
    hand.sign("Cadre de signature de Anna Maria ERIKSSON");
    hand.press("Valider");
    hand.press("Signer et clore l’acte");
    assert!(matches!(hand.draft.state, DraftState::Signed { .. }));
    assert_eq!(hand.touches, SAID);
}
