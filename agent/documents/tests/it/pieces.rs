//! What a victim brings and answers, as the complaint shows it, and the requisition that goes with it.

use documents::{DocumentError, handoff, requisition};
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule};
use domain::piece::{Piece, PieceKind};
use domain::plainte::{Examination, Injuries, Plainte, Requisition, RequisitionFrame};
use domain::pv::Exchange;
use domain::record::Record;
use domain::{Digest, UnixMs};

use crate::acts::{at, of_plainte, plainte};
use crate::contents::assert_says;
use crate::enclosed::footer;
use crate::pdf;
use crate::schema::Schema;

fn piece(given: &str, label: &str, kind: PieceKind, bytes: u64) -> Piece {
    let sha256 = Digest::of(given.as_bytes());
    Piece {
        label: label.to_owned(),
        ..Piece::of(given, kind, sha256, bytes, at(-3).utc)
    }
}

fn told() -> Plainte {
    Plainte {
        pieces: vec![
            piece(
                "appel.wav",
                "appel du 12 novembre à 3 h 10",
                PieceKind::Wav,
                524_288_000,
            ),
            piece("租约.pdf", "租约.pdf", PieceKind::Pdf, 812_001),
            piece("note.ogg", "note", PieceKind::Ogg, 12),
        ],
        exchanges: vec![Exchange {
            question: "À quelle heure ?".into(),
            answer: "Vers 22 heures.".into(),
        }],
        native_name: Some("阮文安".into()),
        ..plainte()
    }
}

#[test]
fn a_complaint_lists_what_the_victim_brought_with_kind_size_and_digest() {
    let record = of_plainte(told());
    let document = pdf::act(&record);
    pdf::assert_sound(&document);
    let text = pdf::text(&document);
    let first = Digest::of(b"appel.wav").to_string();
    assert_says(
        &text,
        &[
            "Nom dans son écriture",
            "conservé dans l’enregistrement signé de l’acte",
            "Questions et réponses",
            "À quelle heure ?",
            "Vers 22 heures.",
            "Pièces jointes",
            "La victime remet les 3 pièces suivantes",
            "appel du 12 novembre à 3 h 10",
        ],
    );
    let letters = pdf::letters(&text);
    for said in [
        "524,3Mo",
        "813ko",
        "12octets",
        "piece-appel.wav",
        "piece-sans-nom.pdf",
        "enregistrementsonoreWAV",
        // A name that no font has is a label all the same.
        "[U+79DF][U+7EA6].pdf",
        &first[..16],
    ] {
        assert!(letters.contains(said), "`{said}` is not in: {letters}");
    }
    assert!(!letters.contains(&first[..17]), "the digest is cut short");
}

#[test]
fn a_complaint_without_any_says_nothing_of_pieces_or_questions() {
    let text = pdf::text(&pdf::act(&of_plainte(plainte())));
    for absent in [
        "Pièces jointes",
        "Questions et réponses",
        "écriture",
        "Photographie",
    ] {
        assert!(!text.contains(absent), "`{absent}` is in: {text}");
    }
}

#[test]
fn the_structured_act_names_pieces_questions_and_the_name_as_it_is_written() {
    let json = handoff(&of_plainte(told()), &ReferenceSet::embedded()).unwrap();
    let json = serde_json::from_slice(&json).unwrap();
    Schema::read().check(&json);
    let body = &json["plainte"];
    assert_eq!(body["pieces"][0]["octets"], 524_288_000_u64);
    assert_eq!(body["pieces"][1]["libelle"], "租约.pdf");
    assert_eq!(body["pieces"][1]["format"], "application/pdf");
    assert_eq!(body["echanges"][0]["reponse"], "Vers 22 heures.");
    assert_eq!(body["nom_dans_son_ecriture"], "阮文安");
}

fn injured(frame: Option<RequisitionFrame>) -> Record {
    let mut complaint = plainte();
    complaint.facts.injuries = Some(Injuries {
        told: "hématome à l'œil gauche, douleurs au poignet".into(),
        itt_days: None,
        examination: Examination::Required(Requisition {
            authority: "Mme Roux, substitut du procureur de Lyon".to_owned(),
            at: UnixMs(at(-2).utc.0),
            frame,
            unit: Some("UMJ de l'hôpital Édouard-Herriot".to_owned()),
            opj: Some(Matricule::parse(Corps::PoliceNationale, "7654321").unwrap()),
            mission: vec!["Dire si la plaie vient d'un objet tranchant.".to_owned()],
        }),
    });
    of_plainte(complaint)
}

fn drawn(record: &Record) -> Vec<u8> {
    requisition(record, &ReferenceSet::embedded(), Some(&footer())).unwrap()
}

#[test]
fn cpp_60_the_requisition_in_flagrance_names_article_opj_unit_and_mission() {
    let document = drawn(&injured(Some(RequisitionFrame::Flagrance)));
    pdf::assert_sound(&document);
    assert_eq!(pdf::pages(&document).len(), 1);
    let text = pdf::text(&document);
    assert_says(
        &text,
        &[
            "Réquisition à personne qualifiée aux fins d’examen médical",
            "Vu l’article 60 du Code de procédure pénale, agissant en flagrance",
            "RIO 7654321",
            "UMJ de l'hôpital Édouard-Herriot",
            "DURAND Élodie",
            "hématome à l'œil gauche",
            "incapacité totale de travail",
            "Dire si la plaie vient d'un objet tranchant.",
            "serment",
            "10-2, 10°",
        ],
    );
    assert!(!text.contains("77-1"), "{text}");
}

#[test]
fn cpp_77_1_the_requisition_of_a_preliminary_inquiry_names_the_prosecutors_authorisation() {
    let text = pdf::text(&drawn(&injured(Some(RequisitionFrame::Preliminary))));
    assert_says(
        &text,
        &[
            "Vu l’article 77-1",
            "sur autorisation du procureur de la République",
            "Mme Roux, substitut du procureur de Lyon",
        ],
    );
    assert!(!text.contains("article 60"), "{text}");
}

#[test]
fn no_requisition_is_drawn_up_under_no_article_or_for_nobody_hurt() {
    for record in [injured(None), of_plainte(plainte())] {
        let refused = requisition(&record, &ReferenceSet::embedded(), None);
        assert!(matches!(refused, Err(DocumentError::NoRequisition)));
    }
}
