//! A hearing with everything in it, a complaint and a note, and the reading of a draft.

use domain::draft::{Draft, Field};
use domain::footer::Footer;
use domain::hand::{Certainty, HandOutcome, HandSigner, Point, Signer, SignerRole, Strokes};
use domain::id::{ActId, ActNumber};
use domain::legal_basis::PvFrame;
use domain::natinf::{Natinf, Reference};
use domain::note::{Note, NotePolicy, NotePurpose};
use domain::officer::{Corps, Quality};
use domain::person::{Identity, IdentitySource};
use domain::pv::{
    Closing, Counsel, Dress, Exchange, Fate, HeardAs, Hearing, Interpreter, Item, Link, Origin, Pv, PvKind,
    Renvoi, SuspectNotice,
};
use domain::record::{Act, ActKind, Record, Retention};
use domain::service::{PatrolVehicle, TypedVehicle};
use domain::{Digest, retention};

use crate::acts::{self, context, record};
use crate::identity::{INTERVENTION, at, full, matricule, person, place};
use crate::road;
use crate::schema::Schema;
use crate::vector::Vector;

pub(crate) fn strokes() -> Strokes {
    let points = (0..12).map(|n| Point {
        x: 20 + n * 9,
        y: 40 + n % 3,
        ms: u32::from(n) * 16,
    });
    Strokes::new(320, 140, vec![points.collect()]).unwrap()
}

fn signers() -> Vec<HandSigner> {
    let of = |role, name: &str, certainty, outcome| HandSigner {
        signer: Signer {
            role,
            name: name.into(),
            certainty,
        },
        outcome,
    };
    let reason = || "motif spécimen".to_owned();
    vec![
        of(
            SignerRole::Person,
            "Anna Maria ERIKSSON",
            Certainty::Presumed,
            HandOutcome::Signed(road::pad()),
        ),
        of(
            SignerRole::Interpreter,
            "Interprète SPÉCIMEN",
            Certainty::Established,
            HandOutcome::Unable { reason: reason() },
        ),
        of(
            SignerRole::Counsel,
            "Avocat SPÉCIMEN",
            Certainty::Established,
            HandOutcome::Refuses { reason: reason() },
        ),
    ]
}

fn renvois() -> Vec<Renvoi> {
    vec![Renvoi {
        place: "page 1, paragraphe 3".to_owned(),
        text: "lire « droite » au lieu de « gauche »".to_owned(),
        approved: false,
    }]
}

/// Every field of a PV at once: no act has them all, and every one is written somewhere.
fn hearing() -> Pv {
    let notice = SuspectNotice {
        at: at(4),
        language: "fr".to_owned(),
        counsel: Counsel::Present("Avocat SPÉCIMEN".into()),
    };
    let interpreter = Interpreter {
        name: "Interprète SPÉCIMEN".into(),
        language: "suédois".to_owned(),
        sworn: true,
        link: Link::None,
        by_telephone: true,
    };
    let exchange = Exchange {
        question: "Où étiez-vous ?".into(),
        answer: "Ici.".into(),
    };
    Pv {
        frame: PvFrame::Preliminaire,
        subject: "Audition".to_owned(),
        place: place(),
        offences: vec![Natinf::parse("7151").unwrap()],
        plates: Vec::new(),
        paragraphs: Vec::new(),
        started: at(1),
        closing: Closing::ReadAndSigned,
        kind: PvKind::Audition,
        origin: Some(Origin::Called),
        dress: Some(Dress::PlainWithArmband),
        under: Some(matricule("7654321")),
        assistants: vec!["RIO 2345678".to_owned()],
        hearing: Some(Box::new(Hearing {
            person: person(Identity::Full(Box::new(full())), IdentitySource::Declaree),
            heard_as: HeardAs::Suspect(Box::new(notice)),
            interpreter: Some(interpreter),
            statement: vec!["Je veux parler.".into()],
            exchanges: vec![exchange],
            begun: at(5).utc,
        })),
        person: Some(Box::new(person(
            Identity::Full(Box::new(full())),
            IdentitySource::Verifiee,
        ))),
        inventory: vec![Item {
            quantity: "12,3 g".to_owned(),
            description: "herbe".to_owned(),
            seal: Some("UN".to_owned()),
            fate: Fate::Seized,
            found: None,
        }],
        authority: Some("le procureur de la République".to_owned()),
        addressee: Some("le commandant de la brigade".to_owned()),
        mentions: vec!["14 h 05 : avis à l'OPJ.".to_owned()],
        annexes: vec!["une planche".to_owned()],
        photos: vec![road::photo()],
        renvois: renvois(),
        signers: signers(),
        measure: None,
        aboard: None,
    }
}

/// A crew in a vehicle.
fn aboard() -> Record {
    let mut pv = hearing();
    pv.aboard = PatrolVehicle::read(&TypedVehicle {
        call_sign: "TV ALPHA 12".into(),
        plate: "AB-123-CD".into(),
    })
    .unwrap();
    record(Act::Pv(Box::new(pv)), context(Quality::Apj, false))
}

fn witness() -> Record {
    let mut pv = hearing();
    if let Some(hearing) = &mut pv.hearing {
        hearing.heard_as = HeardAs::Witness;
        hearing.interpreter = None;
    }
    record(Act::Pv(Box::new(pv)), context(Quality::Apj, false))
}

fn note() -> Record {
    let note = Note {
        purpose: NotePurpose::Prevention,
        subject: "sujet".into(),
        place: place(),
        paragraphs: vec!["Spécimen.".into()],
        started: at(1),
    };
    Record {
        number: None,
        document: None,
        retention: Some(Retention {
            term: retention::Term::Note,
            until: retention::Term::Note.deadline(&at(25)),
        }),
        ..record(Act::Note(Box::new(note)), context(Quality::Apj, false))
    }
}

fn read_draft() -> Draft {
    let mut draft = Draft::new(
        ActId::from_bytes([0x1a; 16]),
        ActKind::Pv,
        at(0),
        Some(INTERVENTION),
    );
    for (field, text) in [
        (Field::PvKind, "AUDITION"),
        (Field::NoticeLanguage, "fr"),
        (Field::Account, "Q : Où ?\nR : Ici."),
    ] {
        draft.fill(field, text, at(3)).unwrap();
    }
    draft.show(Digest::of(b"first shown"), at(8));
    draft.add_renvoi("page 1", "lire « ici »").unwrap();
    draft.show(Digest::of(b"shown"), at(9));
    draft.sign_by_hand(0, strokes(), Digest::of(b"image")).unwrap();
    let reason = "absent".to_owned();
    draft.leave_unsigned(1, HandOutcome::Unable { reason }).unwrap();
    draft
}

fn reference() -> Reference {
    let mut reference = domain::natinf::ReferenceSet::embedded().reference();
    reference.version = domain::natinf::ReferenceVersion("specimen-2".to_owned());
    reference.offences.clear();
    reference.scales.clear();
    reference.afd.clear();
    reference.margins.clear();
    reference.formulas.truncate(1);
    reference.templates.truncate(1);
    for formula in &mut reference.formulas {
        formula.kinds = vec![PvKind::Audition];
        formula.title = "titre".to_owned();
        formula.text = "texte …".to_owned();
    }
    for template in &mut reference.templates {
        template.unit = Some("CSP Exempleville".to_owned());
        template.title = "modèle".to_owned();
        template.fields.truncate(1);
    }
    reference.notes = Some(NotePolicy {
        corps: vec![Corps::GendarmerieNationale],
        months: 6,
    });
    reference
}

/// A victim who reads Polish has signed the sheet.
fn rights_draft() -> Draft {
    let texts = [(Field::RightsLanguage, "pl"), (Field::SheetHanded, "PAPIER")];
    let texts = texts.map(|(field, text)| (field, text.to_owned()));
    crate::forms::filled(ActKind::Plainte, &texts)
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let footer = Footer {
        version: 1,
        number: ActNumber {
            year: 2026,
            serial: 123,
        },
        act: Digest::of(b"record without document"),
        signed_at: at(25).utc,
        offset_min: 60,
        signer: matricule("1234567"),
    };
    let plainte = domain::plainte::Plainte {
        renvois: renvois(),
        signers: signers(),
        ..acts::plainte()
    };
    let officer = domain::officer::Officer {
        departments: vec!["93".to_owned(), "2A".to_owned()],
        ..crate::identity::officer(Quality::Opj)
    };
    vec![
        Vector::of(
            "record-pv-hearing",
            kept,
            "record",
            record(Act::Pv(Box::new(hearing())), context(Quality::Apj, false)),
        ),
        Vector::of("record-pv-aboard", kept, "record", aboard()),
        Vector::of("record-pv-witness", kept, "record", witness()),
        Vector::of(
            "record-plainte-signed",
            kept,
            "record",
            record(Act::Plainte(Box::new(plainte)), context(Quality::Opj, false)),
        ),
        Vector::of("record-note", kept, "record", note()),
        Vector::of("strokes", kept, "strokes", strokes()),
        Vector::of("footer", kept, "footer", footer),
        Vector::of("draft-read", kept, "draft", read_draft()),
        Vector::of("draft-rights", kept, "draft", rights_draft()),
        Vector::of("officer-departments", kept, "officer", officer),
        Vector::of("reference-formulas", kept, "reference", reference()),
    ]
}
