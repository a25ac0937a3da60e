//! Records of a vérification d'identité, the clock that runs beside it, and what is signed of its destruction.

use domain::hand::{Certainty, HandOutcome, HandSigner, Signer, SignerRole};
use domain::legal_basis::CheckBasis;
use domain::officer::Quality;
use domain::person::{Identity, IdentitySource};
use domain::pv::{Interpreter, Link};
use domain::record::{Act, Record, Retention};
use domain::retention::{Destruction, Term};
use domain::verification::{
    Clock, Counted, Decision, Finding, FollowUp, Ground, HandedCopy, Held, Magistrate, Presented, Prints,
    Relative, Representative, Rights, Verification,
};
use domain::{ActId, Digest};

use crate::acts::{context, old_frame, record, traces};
use crate::identity::{at, brief, document, matricule, person, place};
use crate::schema::Schema;
use crate::vector::Vector;

fn refused(role: SignerRole, name: &str, certainty: Certainty) -> HandSigner {
    HandSigner {
        signer: Signer {
            role,
            name: name.into(),
            certainty,
        },
        outcome: HandOutcome::Refuses {
            reason: "ne veut rien signer".to_owned(),
        },
    }
}

/// Somebody who says nothing, and of whom nothing follows.
fn unknown() -> Verification {
    let grounds = "sort en courant du magasin, un sac sous le bras";
    Verification {
        check: old_frame(CheckBasis::Ci2, None, grounds),
        follows: None,
        place: place(),
        person: None,
        document: None,
        files: Vec::new(),
        ground: Ground::Refuses,
        reasons: "ne dit rien".into(),
        decision: Decision {
            opj: matricule("1234567"),
            at: at(20).utc,
            presented: Presented::OnTheSpot,
            presented_at: at(15).utc,
        },
        rights: Rights {
            told: at(16),
            language: "fr".to_owned(),
            prosecutor_asked: false,
            prosecutor_told: None,
            relative: Relative::NotAsked,
            representative: None,
        },
        prints: None,
        finding: Finding::NotEstablished,
        means: "aucun titre, aucun témoin".into(),
        held: Held {
            from: at(0).utc,
            until: at(24).utc,
            limit_min: 240,
        },
        copy: Some(HandedCopy::Declined),
        follow_up: FollowUp::Awaited,
        interpreter: None,
        started: at(1),
        renvois: Vec::new(),
        signers: vec![refused(SignerRole::Person, "X", Certainty::Unknown)],
    }
}

/// A minor with everything that an act can hold.
fn minor() -> Verification {
    Verification {
        follows: Some(ActId::from_bytes([0x1c; 16])),
        person: Some(person(Identity::Brief(brief()), IdentitySource::Verifiee)),
        document: Some(document()),
        files: traces(),
        ground: Ground::Unable,
        decision: Decision {
            opj: matricule("7654321"),
            presented: Presented::AtTheStation,
            ..unknown().decision
        },
        rights: Rights {
            prosecutor_asked: true,
            prosecutor_told: Some(at(17).utc),
            relative: Relative::NotTold {
                who: Some("une tante".into()),
                why: "numéro inconnu".to_owned(),
            },
            representative: Some(Representative::Assists("Spécimen Père".into())),
            ..unknown().rights
        },
        prints: Some(Prints {
            authorised_by: Magistrate::ExaminingJudge,
            name: "Mme Spécimen".to_owned(),
            at: at(18).utc,
            reasons: "aucun autre moyen".to_owned(),
        }),
        finding: Finding::Established,
        copy: None,
        follow_up: FollowUp::Recorded {
            procedure: "2026/004512".to_owned(),
        },
        interpreter: Some(Interpreter {
            name: "Interprète Spécimen".into(),
            language: "en".to_owned(),
            sworn: true,
            link: Link::None,
            by_telephone: false,
        }),
        ..unknown()
    }
}

/// With what the other one leaves out of the choices.
fn told() -> Verification {
    Verification {
        rights: Rights {
            relative: Relative::Told {
                who: "une tante".into(),
                at: at(19).utc,
            },
            representative: Some(Representative::Impossible("à l'étranger".to_owned())),
            ..minor().rights
        },
        follow_up: FollowUp::None,
        copy: Some(HandedCopy::Handed),
        ..minor()
    }
}

fn record_of(verification: Verification, retention: Option<Retention>) -> Record {
    Record {
        retention,
        ..record(
            Act::Verification(Box::new(verification)),
            context(Quality::Opj, false),
        )
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let term = Term::IdentityVerification;
    // As the first version reckoned it, by the clocks of the winter in which it was signed.
    let until = domain::UnixMs(1_810_940_399_999);
    let destroyed = Some(Retention { term, until });
    let clock = Clock {
        from: at(0).utc,
        noted: at(1),
        limit_min: 480,
        counted: Counted::Verification,
    };
    let destruction = Destruction {
        version: 1,
        commitment: Digest::of(b"commitment"),
        term,
        until,
        at: until.plus(3_600_000),
    };
    vec![
        Vector::of(
            "record-verification",
            kept,
            "record",
            record_of(unknown(), destroyed),
        ),
        Vector::of(
            "record-verification-minor",
            kept,
            "record",
            record_of(minor(), None),
        ),
        Vector::of(
            "record-verification-told",
            kept,
            "record",
            record_of(told(), destroyed),
        ),
        Vector::of("retention-clock", kept, "retention-clock", clock),
        Vector::of("destruction", kept, "destruction", destruction),
    ]
}
