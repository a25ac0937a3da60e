//! Acts to print: a night in Lyon, on 21 November 2026.

use domain::enrolment::KeyProtection;
use domain::identity::{
    CheckOutcome, CivilDate, DocumentReading, FileTrace, IdentityCheck, Layout, TraceResult, Verdict,
    Verdicts,
};
use domain::legal_basis::PvFrame;
use domain::natinf::{Natinf, ReferenceSet};
use domain::officer::{Author, Corps, FileKind, Matricule, Quality};
use domain::person::{BriefIdentity, Identity, IdentitySource, Person, ShortIdentity};
use domain::place::Place;
use domain::plainte::{
    Deposit, Evaluation, Facts, Language, Plainte, Reception, RightsNotice, Suspect, Venue,
};
use domain::pv::{Closing, Dress, Origin, Pv, PvKind};
use domain::record::{Act, Context, Record};
use domain::vehicle::Plate;
use domain::{ActId, ActNumber, BootId, DeviceId, OfficerId, Sensitive, ServiceId, Timestamp, UnixMs, Zone};

/// 21 November 2026, 19:05 in Paris.
const EVENING: i64 = 1_795_284_300_000;

pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(EVENING).plus(minutes * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 0,
    }
}

pub(crate) fn record(act: Act) -> Record {
    let matricule = Matricule::parse(Corps::PoliceNationale, "1234567").unwrap();
    Record {
        version: 1,
        id: ActId::from_bytes([0xab; 16]),
        number: Some(ActNumber {
            year: 2026,
            serial: 123,
        }),
        context: Context {
            device: DeviceId::parse("neo-000007").unwrap(),
            protection: KeyProtection::Hardware,
            formation: false,
            author: Author {
                id: OfficerId::from_bytes([2; 16]),
                matricule,
                rank: "gardien de la paix".to_owned(),
                quality: Quality::Apj,
                unit: "Commissariat de Lyon 3e".to_owned(),
            },
            service: ServiceId::from_bytes([4; 16]),
            intervention: None,
        },
        signed_at: at(27),
        reference: ReferenceSet::embedded().version,
        document: None,
        corrects: None,
        retention: None,
        act,
    }
}

pub(crate) fn check() -> IdentityCheck {
    let opj = Matricule::parse(Corps::PoliceNationale, "7654321").unwrap();
    let grounds = "L'intéressé sort en courant du magasin, un sac à la main, alors que l'alarme retentit.";
    IdentityCheck {
        frame: crate::frames::of_an_apj(opj, grounds),
        place: place(),
        person: Some(Person {
            identity: Identity::Brief(brief("ERIKSSON", "ANNA MARIA")),
            source: IdentitySource::Presentee,
        }),
        document: Some(passport()),
        plate: Some(Plate::parse("AB-123-CD").unwrap()),
        files: vec![
            FileTrace {
                file: FileKind::Fpr,
                result: TraceResult::NothingFound,
                answered: Some(at(2).utc),
            },
            FileTrace {
                file: FileKind::Foves,
                result: TraceResult::NotAnswered,
                answered: None,
            },
        ],
        outcome: CheckOutcome::Established,
        started: at(0),
        compared: Vec::new(),
        seals: Vec::new(),
    }
}

pub(crate) fn passport() -> DocumentReading {
    DocumentReading {
        layout: Layout::Td3,
        issuer: "UTO".to_owned(),
        number: "L898902C3".into(),
        surname: "ERIKSSON".into(),
        given_names: "ANNA MARIA".into(),
        born: Some(Sensitive::new(CivilDate::new(1974, 8, 12).unwrap())),
        expires: Some(CivilDate::new(2030, 4, 15).unwrap()),
        evidence: Vec::new(),
        raw: "".into(),
        verdicts: Verdicts {
            read: Verdict::Proven,
            signature: Verdict::NotChecked,
            issuer_trusted: Verdict::NotChecked,
            in_date: Verdict::Proven,
            status_known: Verdict::NotChecked,
        },
        corrected: None,
        vehicle: None,
    }
}

pub(crate) fn pv(paragraphs: &[&str]) -> Pv {
    Pv {
        frame: PvFrame::Flagrance,
        subject: "vol de vélo devant la gare".to_owned(),
        place: place(),
        offences: ["7151", "23800"]
            .map(|code| Natinf::parse(code).unwrap())
            .to_vec(),
        plates: vec![Plate::parse("AB-123-CD").unwrap()],
        paragraphs: paragraphs.iter().map(|text| (*text).to_owned()).collect(),
        started: at(0),
        closing: Closing::AuthorOnly,
        kind: PvKind::Constatations,
        origin: Some(Origin::Patrol),
        dress: Some(Dress::Uniform),
        under: None,
        assistants: Vec::new(),
        hearing: None,
        person: None,
        inventory: Vec::new(),
        authority: None,
        addressee: None,
        mentions: Vec::new(),
        annexes: Vec::new(),
        photos: Vec::new(),
        renvois: Vec::new(),
        signers: Vec::new(),
        measure: None,
        aboard: None,
    }
}

pub(crate) fn plainte() -> Plainte {
    let short = ShortIdentity {
        brief: brief("DURAND", "Élodie"),
        birth_place: Some("Saint-Étienne".into()),
        nationality: None,
        profession: Some("libraire".into()),
        address: Some("3 cours Gambetta, 69003 Lyon".into()),
        phone: Some("06 12 34 56 78".into()),
        email: None,
    };
    Plainte {
        venue: Venue::Mairie,
        place: place(),
        victim: Person {
            identity: Identity::Short(Box::new(short)),
            source: IdentitySource::Declaree,
        },
        offences: vec![Natinf::parse("7151").unwrap()],
        when: "hier soir, vers 22 heures".to_owned(),
        paragraphs: vec![
            "On m'a pris mon vélo devant la gare.".into(),
            "Il était attaché par deux antivols ; l'un des deux est resté sur place, coupé.".into(),
        ],
        suspect: Suspect::Unknown,
        rights: RightsNotice {
            language: Language::French,
            at: at(6),
            sheet: None,
        },
        receipt_handed: true,
        started: at(0),
        renvois: Vec::new(),
        signers: Vec::new(),
        deposit: Deposit::Plainte,
        reception: Reception::default(),
        facts: Facts::default(),
        evaluation: Evaluation::default(),
        danger: None,
        protocol: Vec::new(),
        receipt: None,
        photos: Vec::new(),
        pieces: Vec::new(),
        exchanges: Vec::new(),
        native_name: None,
        filed: None,
        directed: Vec::new(),
    }
}

pub(crate) fn of_check(check: IdentityCheck) -> Record {
    record(Act::IdentityCheck(Box::new(check)))
}

pub(crate) fn of_pv(pv: Pv) -> Record {
    record(Act::Pv(Box::new(pv)))
}

pub(crate) fn of_plainte(plainte: Plainte) -> Record {
    record(Act::Plainte(Box::new(plainte)))
}

pub(crate) fn brief(surname: &str, given_names: &str) -> BriefIdentity {
    BriefIdentity {
        surname: surname.into(),
        given_names: given_names.into(),
        born: Some(Sensitive::new(CivilDate::new(1974, 8, 12).unwrap())),
    }
}

pub(crate) fn place() -> Place {
    let mut place = Place::parse("12 rue des Lilas, devant la gare").unwrap();
    place.commune = Some("69383".to_owned());
    place
}
