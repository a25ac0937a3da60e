//! A whole form, filled with anything: every problem is named, and what is finished is a record that reads as written.
#![no_main]

use std::sync::LazyLock;

use domain::draft::{Draft, Field, FillRefusal, MAX_FIELD, Surroundings};
use domain::enrolment::KeyProtection;
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Officer, Quality};
use domain::record::ActKind;
use domain::service::{CardPresence, Service};
use domain::{
    ActId, ActNumber, BootId, DeviceId, OfficerId, Sensitive, ServiceId, Timestamp, UnixMs, Zone, encode,
};
use libfuzzer_sys::fuzz_target;

/// Between two fields; no text that is typed holds it.
const NEXT: char = '\u{1e}';

const KINDS: [ActKind; 8] = [
    ActKind::IdentityCheck,
    ActKind::Pv,
    ActKind::Plainte,
    ActKind::Pve,
    ActKind::Afd,
    ActKind::Note,
    ActKind::Verification,
    ActKind::Footage,
];

/// Enough for several kinds of act, so that damage begins near something that is finished.
const GOOD: [(Field, &str); 20] = [
    (Field::CheckBasis, "CI-2"),
    (Field::Grounds, "quitte le magasin en courant"),
    (Field::Place, "14 rue de la République, Saint-Denis"),
    (Field::Plate, "AB-123-CD"),
    (Field::PvFrame, "FLAGRANCE"),
    (Field::Subject, "usage d'un téléphone"),
    (Field::Offences, "23800"),
    (Field::Account, "Sommes en patrouille.\n\nConstatons."),
    (Field::Venue, "MAIRIE"),
    (Field::Surname, "MARTIN"),
    (Field::GivenNames, "Dominique"),
    (Field::BirthDate, "03/02/1979"),
    (Field::Address, "7 allée des Lilas, Saint-Denis"),
    (Field::Phone, "0601020304"),
    (Field::When, "le 20 novembre 2026 vers 22 h 30"),
    (Field::RightsLanguage, "fr"),
    (Field::SheetHanded, "PAPIER"),
    (Field::Interception, "INTERCEPTE"),
    (Field::HeardAs, ""),
    (Field::IdentityMode, ""),
];

struct Desk {
    device: DeviceId,
    officer: Officer,
    service: Service,
    reference: ReferenceSet,
}

static DESK: LazyLock<Desk> = LazyLock::new(|| {
    let matricule = Matricule::parse(Corps::PoliceNationale, "1234567").expect("seven digits");
    Desk {
        device: DeviceId::parse("neo-000001").expect("a device's id"),
        officer: Officer {
            id: OfficerId::from_bytes([2; 16]),
            matricule: matricule.clone(),
            name: Sensitive::new("Camille DURAND".to_owned()),
            rank: "gardien de la paix".to_owned(),
            quality: Quality::Opj,
            unit: "CSP Saint-Denis".to_owned(),
            habilitations: Vec::new(),
            departments: vec!["93".to_owned()],
        },
        service: Service {
            id: ServiceId::from_bytes([3; 16]),
            crew: vec![matricule],
            opj: None,
            requisitions: Vec::new(),
            camera: None,
            card: CardPresence::Card,
            started: at(0),
            ended: None,
            basis: None,
            operations: Vec::new(),
        },
        reference: ReferenceSet::embedded(),
    }
});

fn at(minutes: u64) -> Timestamp {
    Timestamp {
        utc: UnixMs(1_795_262_400_000 + i64::try_from(minutes).unwrap_or(0) * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 10_000 + minutes * 60_000,
    }
}

// The kind of act, whether it begins well, then texts, each behind the character of its field.
fuzz_target!(|input: &[u8]| {
    let [kind, well, texts @ ..] = input else {
        return;
    };
    let Ok(texts) = std::str::from_utf8(texts) else {
        return;
    };
    let kind = KINDS[usize::from(*kind) % KINDS.len()];
    let mut draft = Draft::new(ActId::from_bytes([9; 16]), kind, at(0), None);
    if well % 2 == 1 {
        for (field, text) in GOOD {
            assert_eq!(draft.fill(field, text, at(1)), Ok(()));
        }
    }
    for typed in texts.split(NEXT) {
        let mut rest = typed.chars();
        let Some(field) = rest.next() else { continue };
        let field = Field::ALL[field as usize % Field::ALL.len()];
        let (before, text) = (draft.text(field).to_owned(), rest.as_str());
        match draft.fill(field, text, at(2)) {
            Ok(()) => assert_eq!(draft.text(field), text, "what was typed is kept as typed"),
            Err(FillRefusal::TooLong { limit }) => {
                assert!(text.len() > limit && limit == MAX_FIELD);
                assert_eq!(draft.text(field), before, "a refusal changes nothing");
            }
            Err(FillRefusal::Read) => panic!("nobody has read it"),
        }
    }
    let desk = &*DESK;
    let around = Surroundings {
        device: &desk.device,
        protection: KeyProtection::File,
        officer: &desk.officer,
        service: &desk.service,
        reference: &desk.reference,
        answers: &[],
        bases: domain::legal_basis::BasisTable::built_in(),
        fix: None,
    };
    fuzz::read::<Draft>(&encode(&draft));
    let _ = (
        draft.document(at(3)),
        draft.person(at(3)),
        draft.warnings(around, at(3)),
    );
    let _ = (draft.signers(at(3)), draft.read_back(around, at(3)).is_ok());
    let _ = (draft.safe_contact(), domain::plainte::told(draft.text(Field::Account)));
    match draft.finish(around, at(3)) {
        Ok(to_sign) => {
            let number = ActNumber {
                year: 2026,
                serial: 1,
            };
            let number = kind.is_numbered().then_some(number);
            let record = encode(&to_sign.record(number));
            assert!(
                domain::decode::<domain::record::Record>(&record).is_ok(),
                "HQ cannot read it"
            );
            fuzz::read::<domain::record::Record>(&record);
        }
        // Footage has no form, and says so by giving nothing.
        Err(problems) => assert!(!problems.is_empty() || kind == ActKind::Footage),
    }
});
