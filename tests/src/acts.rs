//! What an officer types, for each kind of act, and the steps that lead to it.

use domain::ActId;
use domain::draft::Field;
use domain::plainte::Language;
use domain::record::ActKind;
use simulator::world::{Action, Said};

/// The kinds that an officer draws up; footage is signed by the terminal alone.
pub const KINDS: [ActKind; 4] = [
    ActKind::IdentityCheck,
    ActKind::Pv,
    ActKind::Plainte,
    ActKind::Pve,
];

/// The ICAO specimen (Doc 9303-4, appendix B).
pub const MRZ: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n\
                       L898902C36UTO7408122F1204159ZE184226B<<<<<10";

/// A subject with the marker on which the default scenario's HQ asks for a correction.
pub const REFUSED_SUBJECT: &str = "dégradation légère, à rectifier";

const CHECK: &[(Field, &str)] = &[
    (Field::CheckBasis, "CI-2"),
    (
        Field::Grounds,
        "quitte le magasin en courant à la vue de la patrouille",
    ),
    (Field::Place, "14 rue de la République, Saint-Denis"),
    (Field::Mrz, MRZ),
    (Field::Plate, "AB-123-CD"),
];

const PV: &[(Field, &str)] = &[
    (Field::PvFrame, "FLAGRANCE"),
    (
        Field::Subject,
        "usage d'un téléphone tenu en main par le conducteur",
    ),
    (Field::Place, "14 rue de la République, Saint-Denis"),
    (Field::Offences, "23800"),
    (
        Field::Account,
        "Sommes en patrouille portée.\n\nApercevons le conducteur tenir un téléphone.",
    ),
];

const PLAINTE: &[(Field, &str)] = &[
    (Field::Venue, "MAIRIE"),
    (Field::Place, "mairie de Saint-Denis, bureau 12"),
    (Field::Surname, "MARTIN"),
    (Field::GivenNames, "Dominique"),
    (Field::BirthDate, "03/02/1979"),
    (Field::Address, "7 allée des Lilas, Saint-Denis"),
    (Field::Phone, "0601020304"),
    (Field::Offences, "7151"),
    (Field::When, "le 20 novembre 2026 vers 22 h 30"),
    (Field::RightsLanguage, "fr"),
    (Field::SheetHanded, "PAPIER"),
    (Field::Account, "On m'a pris mon vélo devant la gare."),
];

const PVE: &[(Field, &str)] = &[
    (Field::Plate, "AB-123-CD"),
    (Field::Offences, "23800"),
    (Field::Interception, "INTERCEPTE"),
    (Field::Place, "14 rue de la République, Saint-Denis"),
    (Field::Surname, "Martin"),
    (Field::GivenNames, "Camille"),
    (Field::BirthDate, "12/08/1974"),
    (Field::Account, "Téléphone tenu en main droite, à l'oreille."),
];

/// Everything that a form of this kind needs to be signed.
pub fn texts(kind: ActKind) -> &'static [(Field, &'static str)] {
    match kind {
        ActKind::IdentityCheck => CHECK,
        ActKind::Pv => PV,
        ActKind::Plainte => PLAINTE,
        ActKind::Pve => PVE,
        // An AFD waits for the person's hand, which no text replaces.
        ActKind::Afd
        | ActKind::Footage
        | ActKind::Note
        | ActKind::VisaRequest
        | ActKind::Visa
        | ActKind::Alert
        | ActKind::SafeContact
        | ActKind::Custody
        | ActKind::Verification => &[],
    }
}

/// The `n`-th act of a run.
pub fn act_id(n: u8) -> ActId {
    let mut id = [n; 16];
    id[6] = 0x70 | (n & 0x0f);
    id[8] = 0x80 | (n & 0x3f);
    ActId::from_bytes(id)
}

/// Card in, code right, prise de service, an intervention.
pub fn on_duty() -> Vec<Action> {
    vec![
        Action::Unlock,
        Said::StartService {
            opj: "7654321".to_owned(),
        }
        .into(),
        Said::OpenIntervention {
            number: "CIC-2026-0417".to_owned(),
            place: "14 rue de la République, Saint-Denis".to_owned(),
        }
        .into(),
    ]
}

/// The camera beside is touched, and its recording comes in.
pub fn recording_taken_in() -> [Action; 4] {
    [
        Action::PairCamera,
        Action::Advance(100),
        Action::TakeClip,
        Action::Advance(60_000),
    ]
}

/// The draft, filled.
pub fn drafted(id: ActId, kind: ActKind) -> Vec<Action> {
    let fills = texts(kind).iter().map(|(field, text)| Said::Fill {
        draft: id,
        field: *field,
        text: (*text).to_owned(),
    });
    std::iter::once(Said::StartDraft { id, kind })
        .chain(fills)
        .map(Action::from)
        .collect()
}

/// The victim has read the sheet of rights and signs it.
pub fn rights_told(id: ActId, kind: ActKind) -> Vec<Action> {
    let told = [
        Said::ShowRights {
            draft: id,
            language: Language::French,
        },
        Said::SignRights { draft: id },
    ];
    let told = told.into_iter().filter(|_| kind == ActKind::Plainte);
    told.map(Action::from).collect()
}

/// Whoever must sign by hand before the officer does, has the act read and signs.
pub fn read_and_signed(id: ActId, kind: ActKind) -> Vec<Action> {
    let mut steps = rights_told(id, kind);
    match kind {
        ActKind::Plainte => steps.extend([
            Said::ReadBack { draft: id }.into(),
            Said::HandSign { draft: id, signer: 0 }.into(),
        ]),
        ActKind::IdentityCheck
        | ActKind::Pv
        | ActKind::Pve
        | ActKind::Afd
        | ActKind::Note
        | ActKind::Footage
        | ActKind::VisaRequest
        | ActKind::Visa
        | ActKind::Alert
        | ActKind::SafeContact
        | ActKind::Custody
        | ActKind::Verification => {}
    }
    steps
}

/// The draft, filled and signed.
pub fn drawn_up(id: ActId, kind: ActKind) -> Vec<Action> {
    let mut steps = drafted(id, kind);
    steps.extend(read_and_signed(id, kind));
    steps.push(Said::Sign { draft: id }.into());
    steps
}
