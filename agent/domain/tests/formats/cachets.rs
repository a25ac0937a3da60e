//! Who signs visible seals.

use domain::UnixMs;
use domain::enrolment::Der;
use domain::identity::Verdict;
use domain::identity::cachet::{Authority, Revocations, Signer, Standing, TrustList};

use crate::identity::EVENING;
use crate::schema::Schema;
use crate::vector::Vector;

fn published() -> TrustList {
    let authority = |id: &str, standing, revocations| Authority {
        id: id.to_owned(),
        certificate: Der(format!("certificate of {id}").into_bytes()),
        standing,
        since: Some(UnixMs(EVENING).plus(-900 * UnixMs::DAY)),
        revocations,
    };
    let revocations = Revocations {
        issued: UnixMs(EVENING).plus(-UnixMs::DAY),
        next_update: Some(UnixMs(EVENING).plus(6 * UnixMs::DAY)),
        serials: vec!["51".to_owned(), "A9304BDC47D33845".to_owned()],
    };
    TrustList {
        origin: "ETSI TS 119 612: FR, OPERATEUR SPECIMEN".to_owned(),
        issued: UnixMs(EVENING).plus(-90 * UnixMs::DAY),
        next_update: Some(UnixMs(EVENING).plus(90 * UnixMs::DAY)),
        sequence: 22,
        signature: Verdict::NotChecked,
        authorities: vec![
            authority("FR98", Standing::Withdrawn, None),
            authority("FR99", Standing::Recognised, Some(revocations)),
        ],
        signers: vec![Signer {
            authority: "FR99".to_owned(),
            id: "AB01".to_owned(),
            certificate: Der(b"certificate of AB01".to_vec()),
        }],
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let of_a_folder = TrustList {
        origin: "import: certificats".to_owned(),
        next_update: None,
        sequence: 0,
        authorities: vec![Authority {
            standing: Standing::Unstated,
            since: None,
            revocations: None,
            ..published().authorities[0].clone()
        }],
        ..published()
    };
    [
        ("trust-list", published()),
        ("trust-list-of-a-folder", of_a_folder),
    ]
    .map(|(name, list)| Vector::of(name, Schema::Kept, "trust-list", list))
    .into()
}
