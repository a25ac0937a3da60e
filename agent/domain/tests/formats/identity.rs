//! Who and when: the specimens that every other sample is made of.

use domain::id::{ActId, BootId, DeviceId, InterventionId, OfficerId, ServiceId};
use domain::identity::{
    CheckedField, CivilDate, DocumentReading, FieldEvidence, Layout, Sight, Verdict, Verdicts, read_seen,
};
use domain::officer::{Corps, FileKind, Habilitation, Matricule, Officer, Quality};
use domain::person::{BriefIdentity, FullIdentity, Identity, IdentitySource, Person, ShortIdentity};
use domain::place::{Place, Position};
use domain::{Sensitive, Timestamp, UnixMs, Zone};

use crate::schema::Schema;
use crate::vector::Vector;

/// 21 November 2026, 19:05 in Paris.
pub(crate) const EVENING: i64 = 1_795_284_300_000;
pub(crate) const MINUTE: i64 = 60_000;

pub(crate) const ACT: ActId = ActId::from_bytes([0x0a; 16]);
pub(crate) const SERVICE: ServiceId = ServiceId::from_bytes([0x05; 16]);
pub(crate) const INTERVENTION: InterventionId = InterventionId::from_bytes([0x06; 16]);

/// `minutes` after the evening's first minute.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(EVENING).plus(minutes * MINUTE),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([0x0b; 16]),
        mono_ms: 3_600_000 + u64::try_from(minutes * MINUTE).unwrap(),
    }
}

pub(crate) fn device() -> DeviceId {
    DeviceId::parse("neo-000007").unwrap()
}

pub(crate) fn matricule(number: &str) -> Matricule {
    Matricule::parse(Corps::PoliceNationale, number).unwrap()
}

pub(crate) fn habilitation(file: FileKind) -> Habilitation {
    Habilitation {
        file,
        from: UnixMs(EVENING).plus(-30 * UnixMs::DAY),
        until: UnixMs(EVENING).plus(335 * UnixMs::DAY),
    }
}

pub(crate) fn officer(quality: Quality) -> Officer {
    Officer {
        id: OfficerId::from_bytes([0x0f; 16]),
        matricule: matricule("1234567"),
        name: "SPÉCIMEN".into(),
        rank: "gardien de la paix".to_owned(),
        quality,
        unit: "CSP Exempleville".to_owned(),
        habilitations: vec![habilitation(FileKind::Fpr), habilitation(FileKind::Siv)],
        departments: Vec::new(),
    }
}

pub(crate) fn place() -> Place {
    Place {
        address: "12 rue des Lilas".to_owned(),
        commune: Some("99999".to_owned()),
        position: Some(Position {
            latitude_e6: 48_856_600,
            longitude_e6: -2_352_200,
            accuracy_m: 12,
        }),
    }
}

fn born() -> Option<Sensitive<CivilDate>> {
    CivilDate::new(1974, 8, 12).ok().map(Sensitive::new)
}

/// The holder of the ICAO 9303 specimen.
pub(crate) fn brief() -> BriefIdentity {
    BriefIdentity {
        surname: "ERIKSSON".into(),
        given_names: "ANNA MARIA".into(),
        born: born(),
    }
}

pub(crate) fn short() -> ShortIdentity {
    ShortIdentity {
        brief: brief(),
        birth_place: Some("Zenith".into()),
        nationality: Some("UTO".into()),
        profession: Some("exemple".into()),
        address: Some("1 place du Spécimen".into()),
        phone: Some("+33 1 99 00 00 00".into()),
        email: Some("specimen@example.org".into()),
    }
}

pub(crate) fn full() -> FullIdentity {
    FullIdentity {
        short: short(),
        father: Some("ERIKSSON Père".into()),
        mother: Some("SPÉCIMEN Mère".into()),
        family_situation: Some("célibataire".into()),
        employer: Some("néant".into()),
        driving_licence: None,
    }
}

pub(crate) fn person(identity: Identity, source: IdentitySource) -> Person {
    Person { identity, source }
}

/// The ICAO 9303 part 4 specimen as read on a day when it is out of date.
pub(crate) fn document() -> DocumentReading {
    let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let agreeing = |field| FieldEvidence { field, agrees: true };
    DocumentReading {
        layout: Layout::Td3,
        issuer: "UTO".to_owned(),
        number: "L898902C3".into(),
        surname: "ERIKSSON".into(),
        given_names: "ANNA MARIA".into(),
        born: born(),
        expires: CivilDate::new(2012, 4, 15).ok(),
        evidence: vec![
            agreeing(CheckedField::DocumentNumber),
            agreeing(CheckedField::DateOfBirth),
            agreeing(CheckedField::Composite),
        ],
        raw: zone.into(),
        verdicts: Verdicts {
            read: Verdict::Proven,
            signature: Verdict::NotChecked,
            issuer_trusted: Verdict::NotChecked,
            in_date: Verdict::Refuted,
            status_known: Verdict::NotChecked,
        },
        corrected: None,
        vehicle: None,
    }
}

/// The official specimen of a registration certificate, one character of which was seen as another.
pub(crate) fn certificate() -> DocumentReading {
    let text = "CRFRAAB123CD0VFSIV2009ASIV200929801059VP<<<<\nCI<<MARQUES<<<<<<<MODELE<<<<<<<2009AS0528402";
    let raw = text.replace("AB123CD", "AB1Z3CD");
    read_seen(&raw, text, Sight::Clear, CivilDate::new(2026, 11, 21).unwrap()).unwrap()
}

pub(crate) fn vectors() -> Vec<Vector> {
    let of = |name, identity, source| Vector::of(name, Schema::Kept, "person", person(identity, source));
    vec![
        Vector::of("timestamp", Schema::Kept, "timestamp", at(0)),
        Vector::of("reading-corrected", Schema::Kept, "reading", certificate()),
        of(
            "person-brief",
            Identity::Brief(brief()),
            IdentitySource::Presentee,
        ),
        of(
            "person-short",
            Identity::Short(Box::new(short())),
            IdentitySource::Declaree,
        ),
        of(
            "person-full",
            Identity::Full(Box::new(full())),
            IdentitySource::Verifiee,
        ),
    ]
}
