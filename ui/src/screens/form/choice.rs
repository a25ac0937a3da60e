//! The answers that fields offer, and the codes that a draft keeps for them.

use domain::draft::Field;
use domain::hand::Certainty;
use domain::legal_basis::{CheckBasis, PvFrame};
use domain::licence::LicenceStatus;
use domain::natinf::Instrument;
use domain::note::NotePurpose;
use domain::person::IdentitySource;
use domain::pv::{Dress, Link, Origin, PvKind};
use domain::pve::Interception;
use domain::vehicle::Genre;
use domain::verification::{Finding, FollowUp, Ground, HandedCopy, Magistrate, NO_PRINTS, Presented};
use drawn::{Choice, Entry};

use super::{layout, measure, plainte};

/// The choices of `field` in the order shown; none for a field that is typed.
pub(super) fn offered(field: Field) -> Vec<Choice> {
    coded(field).into_iter().map(|(choice, _)| choice).collect()
}

/// The code of `choice`; empty for no answer.
pub(super) fn code(field: Field, choice: Choice) -> &'static str {
    let coded = coded(field).into_iter().find(|(one, _)| *one == choice);
    coded.map_or("", |(_, code)| code)
}

/// The choice that the text of `field` is the code of.
pub(super) fn chosen(field: Field, text: &str) -> Choice {
    let coded = coded(field).into_iter().find(|(_, code)| *code == text);
    coded.map_or(Choice::None, |(choice, _)| choice)
}

const YES_OR_NO: [(Choice, &str); 2] = [(Choice::Yes, "oui"), (Choice::No, "non")];

fn coded(field: Field) -> Vec<(Choice, &'static str)> {
    match layout::entry(field) {
        Some(Entry::Question) => [&YES_OR_NO[..], &[(Choice::None, "")]].concat(),
        Some(Entry::Choice | Entry::Listed) => listed(field),
        Some(_) | None => Vec::new(),
    }
}

fn listed(field: Field) -> Vec<(Choice, &'static str)> {
    if field == Field::Interception {
        Interception::ALL
            .map(|one| (interception(one), one.code()))
            .to_vec()
    } else if field == Field::Registration {
        vec![
            (Choice::PlateRead, "LUE"),
            (Choice::Unregistered, "AUCUNE"),
            (Choice::Unreadable, "ILLISIBLE"),
        ]
    } else if field == Field::Genre {
        Genre::ALL.map(|one| (genre(one), one.code())).to_vec()
    } else if field == Field::LicenceStatus {
        LicenceStatus::ALL.map(|one| (licence(one), one.code())).to_vec()
    } else if field == Field::SpeedDevice {
        let devices = Instrument::ALL.into_iter();
        devices
            .filter_map(|one| Some((device(one)?, one.code())))
            .collect()
    } else {
        of_an_account(field)
            .or_else(|| of_a_verification(field))
            .or_else(|| plainte::listed(field))
            .or_else(|| measure::listed(field).map(<[_]>::to_vec))
            .unwrap_or_else(|| YES_OR_NO.to_vec())
    }
}

/// The choices of a general PV or of a note; none for what is answered by yes or no.
fn of_an_account(field: Field) -> Option<Vec<(Choice, &'static str)>> {
    Some(if field == Field::PvKind {
        PvKind::ALL.map(|one| (pv(one), one.code())).to_vec()
    } else if field == Field::PvFrame {
        PvFrame::ALL.map(|one| (frame(one), one.code())).to_vec()
    } else if field == Field::Origin {
        Origin::ALL.map(|one| (origin(one), one.code())).to_vec()
    } else if field == Field::Dress {
        Dress::ALL.map(|one| (dress(one), one.code())).to_vec()
    } else if field == Field::HeardAs {
        STATUSES.to_vec()
    } else if field == Field::Counsel {
        COUNSEL.to_vec()
    } else if field == Field::InterpreterLink {
        Link::ALL.map(|one| (link(one), one.code())).to_vec()
    } else if field == Field::IdentityMode {
        IdentitySource::ALL.map(|one| (source(one), one.code())).to_vec()
    } else if field == Field::Certainty {
        Certainty::ALL.map(|one| (certainty(one), one.code())).to_vec()
    } else if field == Field::NotePurpose {
        NotePurpose::ALL.map(|one| (purpose(one), one.code())).to_vec()
    } else {
        return None;
    })
}

/// The choices of a vérification d'identité; none for what is answered by yes or no.
fn of_a_verification(field: Field) -> Option<Vec<(Choice, &'static str)>> {
    let [none, awaited, recorded] = FollowUp::CODES;
    Some(if field == Field::CheckBasis {
        CheckBasis::ALL.map(|one| (basis(one), one.code())).to_vec()
    } else if field == Field::VerificationGround {
        Ground::ALL.map(|one| (ground(one), one.code())).to_vec()
    } else if field == Field::Presentation {
        Presented::ALL.map(|one| (presented(one), one.code())).to_vec()
    } else if field == Field::PrintsAuthority {
        let magistrates = Magistrate::ALL.map(|one| (magistrate(one), one.code()));
        [&[(Choice::NothingTaken, NO_PRINTS)], &magistrates[..]].concat()
    } else if field == Field::Finding {
        Finding::ALL.map(|one| (finding(one), one.code())).to_vec()
    } else if field == Field::FollowUp {
        vec![
            (Choice::NoFollowUp, none),
            (Choice::FollowUpAwaited, awaited),
            (Choice::FollowUpRecorded, recorded),
        ]
    } else if field == Field::HandedCopy {
        HandedCopy::ALL.map(|one| (copy(one), one.code())).to_vec()
    } else {
        return None;
    })
}

const fn basis(basis: CheckBasis) -> Choice {
    match basis {
        CheckBasis::Ci2 => Choice::Ci2,
        CheckBasis::Ci3 => Choice::Ci3,
        CheckBasis::Ci4 => Choice::Ci4,
        CheckBasis::Ci5 => Choice::Ci5,
        CheckBasis::Ci6 => Choice::Ci6,
        CheckBasis::Ci7 => Choice::Ci7,
        CheckBasis::Ci8 => Choice::Ci8,
        CheckBasis::Route => Choice::Route,
        CheckBasis::Releve => Choice::Releve,
        CheckBasis::Ci9 => Choice::Ci9,
        CheckBasis::CiPro => Choice::CiPro,
        CheckBasis::CiReqV => Choice::CiReqV,
        CheckBasis::VehFlag => Choice::VehFlag,
        CheckBasis::PrevV => Choice::PrevV,
        CheckBasis::Manif => Choice::Manif,
        CheckBasis::Etr1 => Choice::Etr1,
        CheckBasis::Etr2 => Choice::Etr2,
        CheckBasis::Verif => Choice::Verif,
        CheckBasis::Terro => Choice::Terro,
    }
}

const fn ground(ground: Ground) -> Choice {
    match ground {
        Ground::Refuses => Choice::RefusesIdentity,
        Ground::Unable => Choice::UnableIdentity,
    }
}

const fn presented(presented: Presented) -> Choice {
    match presented {
        Presented::OnTheSpot => Choice::OnTheSpot,
        Presented::AtTheStation => Choice::AtTheStation,
    }
}

const fn magistrate(magistrate: Magistrate) -> Choice {
    match magistrate {
        Magistrate::Prosecutor => Choice::Prosecutor,
        Magistrate::ExaminingJudge => Choice::ExaminingJudge,
    }
}

const fn finding(finding: Finding) -> Choice {
    match finding {
        Finding::Established => Choice::Established,
        Finding::NotEstablished => Choice::NotEstablished,
    }
}

const fn copy(copy: HandedCopy) -> Choice {
    match copy {
        HandedCopy::Handed => Choice::CopyHanded,
        HandedCopy::Declined => Choice::CopyDeclined,
    }
}

/// The statuses that the field of a hearing names; custody is there so that its refusal is read.
const STATUSES: [(Choice, &str); 4] = [
    (Choice::Witness, "TEMOIN"),
    (Choice::Victim, "VICTIME"),
    (Choice::Suspect, "SUSPECT"),
    (Choice::Custody, "GARDE-A-VUE"),
];

const COUNSEL: [(Choice, &str); 3] = [
    (Choice::CounselWaived, "RENONCE"),
    (Choice::CounselPresent, "PRESENT"),
    (Choice::CounselAsked, "DEMANDE"),
];

pub(in crate::screens) const fn pv(kind: PvKind) -> Choice {
    match kind {
        PvKind::Constatations => Choice::Constatations,
        PvKind::Interpellation => Choice::Interpellation,
        PvKind::Audition => Choice::Audition,
        PvKind::Transport => Choice::Transport,
        PvKind::Notification => Choice::Notification,
        PvKind::Inventaire => Choice::Inventaire,
        PvKind::Bordereau => Choice::Bordereau,
        PvKind::Rectification => Choice::Rectification,
        PvKind::Annulation => Choice::Annulation,
        PvKind::MiseADisposition => Choice::MiseADisposition,
        PvKind::Alcoolemie => Choice::Alcoolemie,
        PvKind::Stupefiants => Choice::Stupefiants,
        PvKind::Retention => Choice::Retention,
        PvKind::Immobilisation => Choice::Immobilisation,
        PvKind::Ivresse => Choice::Ivresse,
        PvKind::Remise => Choice::Remise,
        PvKind::Convocation => Choice::Convocation,
        PvKind::Temoignage => Choice::Temoignage,
        PvKind::Domicile => Choice::Domicile,
        PvKind::CompteRendu => Choice::CompteRendu,
        PvKind::Justification => Choice::Justification,
    }
}

const fn frame(frame: PvFrame) -> Choice {
    match frame {
        PvFrame::Flagrance => Choice::Flagrance,
        PvFrame::Preliminaire => Choice::Preliminaire,
        PvFrame::Administratif => Choice::Administratif,
    }
}

const fn origin(origin: Origin) -> Choice {
    match origin {
        Origin::Patrol => Choice::Patrol,
        Origin::Called => Choice::Called,
        Origin::OwnInitiative => Choice::OwnInitiative,
        Origin::Instructions => Choice::Instructions,
        Origin::Requisition => Choice::Requisition,
    }
}

const fn dress(dress: Dress) -> Choice {
    match dress {
        Dress::Uniform => Choice::Uniform,
        Dress::PlainWithArmband => Choice::PlainWithArmband,
    }
}

const fn link(link: Link) -> Choice {
    match link {
        Link::None => Choice::LinkNone,
        Link::Relative => Choice::Relative,
        Link::Child => Choice::Child,
        Link::Neighbour => Choice::Neighbour,
    }
}

const fn source(source: IdentitySource) -> Choice {
    match source {
        IdentitySource::Presentee => Choice::Shown,
        IdentitySource::Verifiee => Choice::Verified,
        IdentitySource::Declaree => Choice::Stated,
    }
}

const fn certainty(certainty: Certainty) -> Choice {
    match certainty {
        Certainty::Established => Choice::Established,
        Certainty::Presumed => Choice::Presumed,
        Certainty::Unknown => Choice::NotKnown,
    }
}

const fn purpose(purpose: NotePurpose) -> Choice {
    match purpose {
        NotePurpose::Prevention => Choice::Prevention,
        NotePurpose::Investigation => Choice::Investigation,
        NotePurpose::Assistance => Choice::Assistance,
    }
}

const fn interception(interception: Interception) -> Choice {
    match interception {
        Interception::Intercepted => Choice::Intercepted,
        Interception::NotIntercepted => Choice::NotIntercepted,
        Interception::Stationary => Choice::Stationary,
    }
}

const fn genre(genre: Genre) -> Choice {
    match genre {
        Genre::Vp => Choice::Vp,
        Genre::Ctte => Choice::Ctte,
        Genre::Cam => Choice::Cam,
        Genre::Tcp => Choice::Tcp,
        Genre::Moto => Choice::Moto,
        Genre::Cyclo => Choice::Cyclo,
        Genre::Quad => Choice::Quad,
        Genre::Agricole => Choice::Agricole,
        Genre::Velo => Choice::Velo,
        Genre::Edpm => Choice::Edpm,
        Genre::Autre => Choice::Autre,
    }
}

const fn licence(status: LicenceStatus) -> Choice {
    match status {
        LicenceStatus::Unknown => Choice::LicenceUnknown,
        LicenceStatus::Valid => Choice::LicenceValid,
        LicenceStatus::Probationary => Choice::LicenceProbationary,
        LicenceStatus::None => Choice::LicenceNone,
        LicenceStatus::Withdrawn => Choice::LicenceWithdrawn,
    }
}

/// None for what does not measure a speed.
const fn device(instrument: Instrument) -> Option<Choice> {
    match instrument {
        Instrument::Fixed => Some(Choice::Fixed),
        Instrument::Handheld => Some(Choice::Handheld),
        Instrument::Moving => Some(Choice::Moving),
        Instrument::Breath => None,
    }
}
