//! The answers that the fields of a complaint offer.

use domain::draft::Field;
use domain::plainte::contact::Channel;
use domain::plainte::{DepositKind, Discrimination, Filed, Receipt, SuspectLink, Venue};
use drawn::Choice;

/// None for what is answered by yes or no.
pub(super) fn listed(field: Field) -> Option<Vec<(Choice, &'static str)>> {
    Some(if field == Field::Deposit {
        DepositKind::ALL
            .into_iter()
            .filter_map(|one| Some((deposit(one)?, one.code())))
            .collect()
    } else if field == Field::Venue {
        Venue::ALL.map(|one| (venue(one), one.code())).to_vec()
    } else if field == Field::Complainant {
        vec![
            (Choice::Representative, "REPRESENTANT"),
            (Choice::LegalPerson, "PERSONNE-MORALE"),
        ]
    } else if field == Field::Domicile {
        vec![
            (Choice::AddressOfThirdParty, "TIERS"),
            (Choice::AddressProfessional, "PROFESSIONNELLE"),
        ]
    } else if field == Field::Discrimination {
        Discrimination::ALL.map(|one| (motive(one), one.code())).to_vec()
    } else if field == Field::SuspectLink {
        SuspectLink::ALL.map(|one| (link(one), one.code())).to_vec()
    } else if field == Field::Examination {
        vec![
            (Choice::Examined, "REQUIS"),
            (Choice::ExaminationRefused, "REFUSE"),
        ]
    } else if field == Field::ExaminationFrame {
        vec![
            (Choice::Flagrance, "FLAGRANCE"),
            (Choice::Preliminaire, "PRELIMINAIRE"),
        ]
    } else if field == Field::ContactChannel {
        Channel::ALL.map(|one| (channel(one), one.code())).to_vec()
    } else if field == Field::FiledOnline {
        Filed::ALL.map(|one| (filed(one), one.code())).to_vec()
    } else if field == Field::HandReceipt {
        Receipt::ALL
            .map(|one| {
                let choice = match one {
                    Receipt::Plain => Choice::Handed,
                    Receipt::Neutral => Choice::NeutralTitle,
                    Receipt::Kept => Choice::Withheld,
                };
                (choice, one.code())
            })
            .to_vec()
    } else {
        return None;
    })
}

/// A complaint is what nobody has to choose.
const fn deposit(kind: DepositKind) -> Option<Choice> {
    match kind {
        DepositKind::Plainte => None,
        DepositKind::MainCourante => Some(Choice::MainCourante),
        DepositKind::RenseignementJudiciaire => Some(Choice::Renseignement),
    }
}

const fn channel(channel: Channel) -> Choice {
    match channel {
        Channel::Telephone => Choice::ByTelephone,
        Channel::Message => Choice::ByMessage,
        Channel::Email => Choice::ByEmail,
        Channel::Post => Choice::ByPost,
        Channel::Relative => Choice::ByRelative,
        Channel::Nobody => Choice::ByNobody,
    }
}

const fn filed(filed: Filed) -> Choice {
    match filed {
        Filed::PreComplaint => Choice::PreComplaint,
        Filed::Complaint => Choice::OnlineComplaint,
        Filed::Thesee => Choice::TheseeComplaint,
    }
}

const fn venue(venue: Venue) -> Choice {
    match venue {
        Venue::HomeOfThirdParty => Choice::VenueThirdParty,
        Venue::Mairie => Choice::VenueMairie,
        Venue::Hospital => Choice::VenueHospital,
        Venue::Association => Choice::VenueAssociation,
        Venue::FranceServices => Choice::VenueFranceServices,
        Venue::Workplace => Choice::VenueWorkplace,
        Venue::VictimsHome => Choice::VenueHome,
    }
}

const fn motive(motive: Discrimination) -> Choice {
    match motive {
        Discrimination::Origin => Choice::Origin,
        Discrimination::Religion => Choice::Religion,
        Discrimination::Sex => Choice::Sex,
        Discrimination::Orientation => Choice::Orientation,
        Discrimination::GenderIdentity => Choice::GenderIdentity,
        Discrimination::Disability => Choice::Disability,
        Discrimination::Other => Choice::OtherMotive,
    }
}

const fn link(link: SuspectLink) -> Choice {
    match link {
        SuspectLink::Unknown => Choice::SuspectUnknown,
        SuspectLink::Partner => Choice::Partner,
        SuspectLink::FormerPartner => Choice::FormerPartner,
        SuspectLink::Family => Choice::Family,
        SuspectLink::Neighbour => Choice::Neighbour,
        SuspectLink::Colleague => Choice::Colleague,
        SuspectLink::Acquaintance => Choice::Acquaintance,
    }
}
