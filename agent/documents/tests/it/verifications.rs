//! The PV of a vérification d'identité: each mention that 78-3 CPP asks for at pain of nullity.

use domain::hand::{Certainty, HandOutcome, HandSigner, Signer, SignerRole};
use domain::officer::{Corps, Matricule, Quality};
use domain::person::{Identity, IdentitySource, Person};
use domain::record::{Act, Record};
use domain::verification::{
    Decision, Finding, FollowUp, Ground, HandedCopy, Held, Magistrate, Presented, Prints, RIGHTS, Relative,
    Representative, Rights, Verification,
};

use crate::acts::{at, brief, place, record};
use crate::contents::assert_says;
use crate::pdf;

fn opj() -> Matricule {
    Matricule::parse(Corps::PoliceNationale, "7654321").unwrap()
}

fn unknown() -> Verification {
    let grounds = "sort en courant du magasin, un sac sous le bras";
    Verification {
        check: crate::frames::of_an_apj(opj(), grounds),
        follows: None,
        place: place(),
        person: None,
        document: None,
        files: Vec::new(),
        ground: Ground::Refuses,
        reasons: "ne dit rien et ne montre aucun titre".into(),
        decision: Decision {
            opj: opj(),
            at: at(20).utc,
            presented: Presented::AtTheStation,
            presented_at: at(15).utc,
        },
        rights: Rights {
            told: at(16),
            language: "en".to_owned(),
            prosecutor_asked: false,
            prosecutor_told: None,
            relative: Relative::Told {
                who: "Mme Lind, voisine".into(),
                at: at(19).utc,
            },
            representative: None,
        },
        prints: None,
        finding: Finding::NotEstablished,
        means: "aucun titre, aucun témoin".into(),
        held: Held {
            from: at(0).utc,
            until: at(25).utc,
            limit_min: 240,
        },
        copy: Some(HandedCopy::Handed),
        follow_up: FollowUp::None,
        interpreter: None,
        started: at(1),
        renvois: Vec::new(),
        signers: vec![HandSigner {
            signer: Signer {
                role: SignerRole::Person,
                name: "X".into(),
                certainty: Certainty::Unknown,
            },
            outcome: HandOutcome::Refuses {
                reason: "ne veut rien signer".to_owned(),
            },
        }],
    }
}

fn of(verification: Verification) -> Record {
    record(Act::Verification(Box::new(verification)))
}

fn text_of(verification: Verification) -> String {
    pdf::text(&pdf::act(&of(verification)))
}

#[test]
fn cpp_78_3_every_mention_stands_in_the_act() {
    let document = pdf::act(&of(unknown()));
    pdf::assert_sound(&document);
    let text = pdf::text(&document);
    assert_says(
        &text,
        &[
            "VÉRIFICATION D’IDENTITÉ",
            "Agissant sur l’ordre et sous la responsabilité de l’officier de police judiciaire RIO 7654321",
            "Vu l’article 78-2 alinéa 2",
            "Vu l’article 78-3 du Code de procédure pénale",
            "Motifs du contrôle",
            "Le contrôle d’identité commence le 21 novembre 2026 à 19 h 05.",
            "sort en courant du magasin",
            "Motifs de la vérification",
            "refuse de justifier de son identité",
            "ne dit rien et ne montre aucun titre",
            "La personne ne déclare aucune identité.",
            "présentée dans les locaux de police ou de gendarmerie où elle est conduite à l’officier de police judiciaire le 21 novembre 2026 à 19 h 20",
            "L’officier de police judiciaire RIO 7654321 décide la vérification de son identité le 21 novembre 2026 à 19 h 25.",
            "mise en mesure de fournir par tout moyen",
            "Le 21 novembre 2026 à 19 h 21, la personne est informée, en langue anglaise, des droits ci-après, et mise en mesure de les exercer",
            "Vous pouvez demander que le procureur de la République soit informé",
            "Elle ne demande pas que le procureur de la République soit informé.",
            "À sa demande est prévenue la personne suivante, le 21 novembre 2026 à 19 h 24 : Mme Lind, voisine.",
            "Il n’est pris ni empreinte digitale ni photographie.",
            "L’identité de la personne n’a pas pu être établie.",
            "aucun titre, aucun témoin",
            "Début du contrôle : le 21 novembre 2026 à 19 h 05.",
            "Fin de la rétention : le 21 novembre 2026 à 19 h 30.",
            "Durée de la rétention : 25 minutes, comptée du début du contrôle.",
            "s’impute, à compter du 21 novembre 2026 à 19 h 05, sur celle d’une garde à vue qui suivrait (article 78-4",
            "Aucune procédure d’enquête ou d’exécution adressée à l’autorité judiciaire ne suit la vérification.",
            "détruits dans un délai de six mois, sous le contrôle du procureur de la République",
            "Copie du présent procès-verbal est remise à l’intéressé.",
            "refuse de signer, pour le motif suivant : ne veut rien signer",
        ],
    );
    for right in RIGHTS {
        assert!(text.contains(&pdf::words(right)), "{right}");
    }
    assert!(!text.contains("dépassée"));
}

#[test]
fn cpp_78_3_a_minor_prints_and_a_time_that_was_exceeded_are_stated() {
    let minor = Verification {
        person: Some(Person {
            identity: Identity::Brief(brief("LIND", "Kim")),
            source: IdentitySource::Declaree,
        }),
        ground: Ground::Unable,
        rights: Rights {
            prosecutor_asked: true,
            prosecutor_told: Some(at(17).utc),
            relative: Relative::NotTold {
                who: None,
                why: "numéro inconnu".to_owned(),
            },
            representative: Some(Representative::Impossible("à l'étranger".to_owned())),
            ..unknown().rights
        },
        prints: Some(Prints {
            authorised_by: Magistrate::Prosecutor,
            name: "Mme Arvid".to_owned(),
            at: at(18).utc,
            reasons: "aucun autre moyen d'établir l'identité".to_owned(),
        }),
        finding: Finding::Established,
        held: Held {
            from: at(-220).utc,
            until: at(25).utc,
            limit_min: 240,
        },
        copy: None,
        follow_up: FollowUp::Recorded {
            procedure: "2026/004512".to_owned(),
        },
        ..unknown()
    };
    assert_says(
        &text_of(minor),
        &[
            "se trouve dans l’impossibilité de justifier de son identité",
            "Nom LIND",
            "Elle demande que le procureur de la République soit informé.",
            "Le procureur de la République est informé le 21 novembre 2026 à 19 h 22.",
            "Elle demande à faire prévenir une personne. Il n’a pas été possible de la prévenir : numéro inconnu.",
            "La personne est mineure.",
            "L’assistance de son représentant légal est impossible : à l'étranger.",
            "Sur autorisation du procureur de la République, Mme Arvid, donnée le 21 novembre 2026 à 19 h 23",
            "l’unique moyen d’établir l’identité, pour les motifs suivants",
            "aucun autre moyen d'établir l'identité",
            "L’identité de la personne est établie.",
            "Durée de la rétention : 4 heures et 5 minutes",
            "La durée légale de 4 heures est dépassée de 5 minutes.",
            "suivie d’une procédure d’enquête ou d’exécution adressée à l’autorité judiciaire : 2026/004512.",
        ],
    );
}

#[test]
fn an_opj_who_decides_says_so_and_what_is_read_awaits_its_signatures() {
    let mut act = of(unknown());
    act.context.author.quality = Quality::Opj;
    act.context.author.matricule = opj();
    let text = pdf::text(&pdf::act(&act));
    assert_says(
        &text,
        &["Nous, officier de police judiciaire, décidons la vérification"],
    );
    let signers: Vec<Signer> = unknown()
        .signers
        .into_iter()
        .map(|signed| signed.signer)
        .collect();
    let reading = pdf::text(&pdf::reading(&act, &signers));
    assert_says(
        &reading,
        &["LECTURE", "Personne concernée : X", "identité inconnue"],
    );
}
