//! Requests for a visa, visas, and what HQ tells terminals of them.

use domain::id::ActId;
use domain::officer::Quality;
use domain::record::{Act, ActKind, Record};
use domain::visa::{AskedVisa, DecidedVisa, Decision, ShownAct, Visa, VisaNote, VisaRequest};
use domain::{ActNumber, Digest, OfficerId};

use crate::acts::{context, record};
use crate::identity::{ACT, at, matricule};
use crate::schema::Schema;
use crate::vector::Vector;

const OPJ: OfficerId = OfficerId::from_bytes([0x1f; 16]);

fn plain(id: ActId, act: Act, quality: Quality) -> Record {
    Record {
        id,
        number: None,
        document: None,
        ..record(act, context(quality, false))
    }
}

fn request() -> Record {
    let opj = matricule("7654321");
    let id = VisaRequest::act_id(ACT, &opj);
    let asked = VisaRequest {
        act: ACT,
        record: Digest::of(b"record"),
        opj,
    };
    plain(id, Act::VisaRequest(Box::new(asked)), Quality::Apj)
}

fn visa(decision: Decision) -> Record {
    let request = request().id;
    let visa = Visa {
        request,
        act: ACT,
        record: Digest::of(b"record"),
        decision,
    };
    plain(Visa::act_id(request), Act::Visa(Box::new(visa)), Quality::Opj)
}

fn asked(act: Option<ShownAct>) -> VisaNote {
    VisaNote::Asked(Box::new(AskedVisa {
        officer: OPJ,
        request: b"specimen of a COSE_Sign1".to_vec(),
        kind: ActKind::Pv,
        number: Some(ActNumber {
            year: 2026,
            serial: 123,
        }),
        signed_at: at(25),
        act,
    }))
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let shown = ShownAct {
        record: b"specimen of a COSE_Sign1".to_vec(),
        document: b"%PDF-specimen".to_vec(),
    };
    let observed = Decision::Observed("Joindre les images.".to_owned());
    let returned = Decision::Returned("Préciser l'heure.".to_owned());
    let decided = VisaNote::Decided(DecidedVisa {
        officer: OPJ,
        visa: b"specimen of a COSE_Sign1".to_vec(),
    });
    vec![
        Vector::of("record-visa-request", kept, "record", request()),
        Vector::of("record-visa", kept, "record", visa(Decision::Approved)),
        Vector::of("record-visa-observed", kept, "record", visa(observed)),
        Vector::of("record-visa-returned", kept, "record", visa(returned)),
        Vector::of("visa-note-asked", kept, "visa-note", asked(Some(shown))),
        Vector::of("visa-note-too-large", kept, "visa-note", asked(None)),
        Vector::of("visa-note-decided", kept, "visa-note", decided),
    ]
}
