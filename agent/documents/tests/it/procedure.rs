//! Acts of a procedure to print, one of each kind: a bicycle stolen, somebody stopped, heard and notified.

use domain::hand::{Certainty, HandOutcome, HandSigner, Signer, SignerRole};
use domain::officer::{Corps, Matricule};
use domain::person::{FullIdentity, Identity, IdentitySource, Person, ShortIdentity};
use domain::pv::{
    Closing, Counsel, Exchange, HeardAs, Hearing, Interpreter, Item, Link, Pv, PvKind, Renvoi, SuspectNotice,
};
use domain::record::{Correction, Record};
use domain::{ActId, Digest};

use crate::acts::{at, brief, of_pv, pv};
use crate::enclosed::{pad, photo};

pub(crate) fn short(surname: &str, given_names: &str) -> ShortIdentity {
    ShortIdentity {
        brief: brief(surname, given_names),
        birth_place: Some("Saint-Étienne".into()),
        nationality: Some("française".into()),
        profession: Some("libraire".into()),
        address: Some("3 cours Gambetta, 69003 Lyon".into()),
        phone: Some("06 12 34 56 78".into()),
        email: None,
    }
}

fn witness() -> Person {
    Person {
        identity: Identity::Short(Box::new(short("MARTIN", "Jeanne"))),
        source: IdentitySource::Presentee,
    }
}

fn suspect() -> Person {
    let full = FullIdentity {
        short: short("LENOIR", "Paul"),
        father: Some("LENOIR Jacques".into()),
        mother: Some("PETIT Anne".into()),
        family_situation: Some("célibataire, sans enfant".into()),
        employer: None,
        driving_licence: None,
    };
    Person {
        identity: Identity::Full(Box::new(full)),
        source: IdentitySource::Verifiee,
    }
}

pub(crate) fn signer(role: SignerRole, name: &str, certainty: Certainty) -> Signer {
    Signer {
        role,
        name: name.into(),
        certainty,
    }
}

pub(crate) fn signed(signer: Signer) -> HandSigner {
    HandSigner {
        signer,
        outcome: HandOutcome::Signed(pad()),
    }
}

pub(crate) fn person_signs(name: &str) -> HandSigner {
    signed(signer(SignerRole::Person, name, Certainty::Established))
}

fn exchange(question: &str, answer: &str) -> Exchange {
    Exchange {
        question: question.into(),
        answer: answer.into(),
    }
}

fn of_kind(kind: PvKind, paragraphs: &[&str]) -> Pv {
    Pv {
        kind,
        offences: Vec::new(),
        plates: Vec::new(),
        ..pv(paragraphs)
    }
}

pub(crate) fn hearing_of_a_witness() -> Pv {
    let hearing = Hearing {
        person: witness(),
        heard_as: HeardAs::Witness,
        interpreter: None,
        statement: vec!["Je travaille à la librairie d'en face.\nJ'étais à la caisse.".into()],
        exchanges: vec![exchange("Qu'avez-vous vu ?", "Un homme qui coupait un antivol.")],
        begun: at(3).utc,
    };
    Pv {
        hearing: Some(Box::new(hearing)),
        closing: Closing::ReadAndSigned,
        signers: vec![person_signs("Jeanne MARTIN")],
        ..of_kind(PvKind::Audition, &[])
    }
}

/// Heard freely, through an interpreter, with a lawyer who waits outside the frame.
pub(crate) fn hearing_of_a_suspect() -> Pv {
    let notice = SuspectNotice {
        at: at(2),
        language: "en".to_owned(),
        counsel: Counsel::Present("Maître Dupond".into()),
    };
    let hearing = Hearing {
        person: suspect(),
        heard_as: HeardAs::Suspect(Box::new(notice)),
        interpreter: Some(Interpreter {
            name: "Ann SMITH".into(),
            language: "en".to_owned(),
            sworn: true,
            link: Link::None,
            by_telephone: true,
        }),
        statement: Vec::new(),
        exchanges: vec![
            exchange("Reconnaissez-vous les faits ?", "Non.\nJe passais par là."),
            exchange(
                "D'où vient la pince que vous portiez ?",
                "Je l'ai trouvée sur le trottoir, devant la gare, quelques minutes plus tôt.",
            ),
        ],
        begun: at(3).utc,
    };
    let pv = pv(&[]);
    Pv {
        kind: PvKind::Audition,
        hearing: Some(Box::new(hearing)),
        plates: Vec::new(),
        offences: pv.offences[..1].to_vec(),
        under: Matricule::parse(Corps::PoliceNationale, "7654321").ok(),
        closing: Closing::ReadAndSigned,
        renvois: vec![
            Renvoi {
                place: "page 1, paragraphe 6".to_owned(),
                text: "lire « sur la chaussée » au lieu de « sur le trottoir »".to_owned(),
                approved: true,
            },
            Renvoi {
                place: "page 1, paragraphe 5".to_owned(),
                text: "ajouter « ce soir »".to_owned(),
                approved: false,
            },
        ],
        signers: vec![
            signed(signer(SignerRole::Person, "Paul LENOIR", Certainty::Presumed)),
            signed(signer(
                SignerRole::Interpreter,
                "Ann SMITH",
                Certainty::Established,
            )),
            HandSigner {
                signer: signer(SignerRole::Counsel, "Maître Dupond", Certainty::Established),
                outcome: HandOutcome::Refuses {
                    reason: "conteste le temps laissé pour s'entretenir avec son client".to_owned(),
                },
            },
            HandSigner {
                signer: signer(SignerRole::Assistant, "RIO 2222222", Certainty::Unknown),
                outcome: HandOutcome::Unable {
                    reason: "main droite plâtrée".to_owned(),
                },
            },
        ],
        ..pv
    }
}

pub(crate) fn interpellation() -> Pv {
    let item = |line: &str| Item::parse(line).unwrap();
    Pv {
        person: Some(Box::new(Person {
            identity: Identity::Short(Box::new(short("LENOIR", "Paul"))),
            source: IdentitySource::Declaree,
        })),
        assistants: vec![
            "gardien de la paix RIO 2222222".to_owned(),
            "ADJ RIO 3333333".to_owned(),
        ],
        inventory: vec![item("1 ; pince coupante de marque « Facom » ; UN ; SAISI")],
        closing: Closing::ReadAndSigned,
        signers: vec![person_signs("Paul LENOIR")],
        offences: pv(&[]).offences,
        ..of_kind(
            PvKind::Interpellation,
            &[
                "Interpellons l'individu à dix-neuf heures dix.",
                "Procédons à une palpation de sécurité, rendue nécessaire par la pince qu'il tient.",
            ],
        )
    }
}

pub(crate) fn transport() -> Pv {
    of_kind(
        PvKind::Transport,
        &["Nous transportons sur les lieux, où se présente la requérante."],
    )
}

pub(crate) fn notification() -> Pv {
    Pv {
        person: Some(Box::new(witness())),
        closing: Closing::ReadAndSigned,
        signers: vec![person_signs("Jeanne MARTIN")],
        ..of_kind(
            PvKind::Notification,
            &["Remettons une convocation pour le 3 décembre 2026, à neuf heures."],
        )
    }
}

pub(crate) fn inventaire() -> Pv {
    let item = |line: &str| Item::parse(line).unwrap();
    Pv {
        authority: Some("Mme Lefort, substitute du procureur de la République, par téléphone".to_owned()),
        inventory: vec![
            item("1 ; pince coupante ; UN ; SAISI"),
            item("12,3 g ; herbe de cannabis ; ; DÉTRUIT"),
            item("2 ; roues de bicyclette, dont l'une est voilée et l'autre sans pneu ; ; RESTITUÉ"),
        ],
        closing: Closing::ReadAndSigned,
        signers: vec![person_signs("Paul LENOIR")],
        ..of_kind(
            PvKind::Inventaire,
            &["Les objets sont placés dans une enveloppe fermée."],
        )
    }
}

pub(crate) fn bordereau() -> Pv {
    Pv {
        addressee: Some("M. le procureur de la République près le tribunal judiciaire de Lyon".to_owned()),
        annexes: vec![
            "PV n° 2026/000120, constatations".to_owned(),
            "un disque de vidéosurveillance".to_owned(),
        ],
        ..of_kind(PvKind::Bordereau, &[])
    }
}

pub(crate) fn constatations() -> Pv {
    Pv {
        mentions: vec![
            "la recherche au fichier des personnes recherchées est négative.".to_owned(),
            "l'officier de police judiciaire de permanence est avisé.".to_owned(),
        ],
        annexes: vec!["plan des lieux".to_owned()],
        photos: vec![
            photo("photo-1.jpg", at(-11)),
            photo("antivol.png", at(-10)),
            photo("rue.jpg", at(-9)),
        ],
        ..pv(&[
            "Constatons un antivol coupé, à un mètre d'un arceau vide.",
            "Relevons la présence de limaille sur le sol ; « la coupe est nette ».",
        ])
    }
}

/// Of an earlier act, which stays as it is.
pub(crate) fn correcting(kind: PvKind, why: &str) -> Record {
    let mut record = of_pv(of_kind(kind, &[why]));
    record.corrects = Some(Correction {
        act: ActId::from_bytes([0x17; 16]),
        record: Digest::of(b"the act as it was signed"),
        refusal: None,
    });
    record
}

/// One act of each kind.
pub(crate) fn every_kind() -> Vec<Record> {
    vec![
        of_pv(constatations()),
        of_pv(interpellation()),
        of_pv(hearing_of_a_witness()),
        of_pv(hearing_of_a_suspect()),
        of_pv(transport()),
        of_pv(notification()),
        of_pv(inventaire()),
        of_pv(bordereau()),
        correcting(
            PvKind::Rectification,
            "Lire « rue des Lilas » au lieu de « rue des Iris ».",
        ),
        correcting(
            PvKind::Annulation,
            "L'acte a été établi deux fois pour les mêmes faits.",
        ),
    ]
}
