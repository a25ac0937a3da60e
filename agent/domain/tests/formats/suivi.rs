//! What became of complaints, as HQ signs it and seals it to a terminal.

use domain::plainte::{ClosedFor, Hearing, Office, Stage, Suivi, SuiviNote};
use domain::{Digest, OfficerId, UnixMs};

use crate::identity::ACT;
use crate::schema::Schema;
use crate::vector::Vector;

fn step(sequence: u32, stage: Stage) -> Suivi {
    Suivi {
        version: 1,
        act: ACT,
        record: Digest::of(b"record"),
        sequence,
        at: UnixMs(1_795_262_400_000),
        stage,
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let court = || Office::parse("Tribunal judiciaire de Bobigny").unwrap();
    let service = Office::parse("Commissariat de Saint-Denis").unwrap();
    let hearing = Stage::Hearing(Hearing {
        at: UnixMs(1_799_915_400_000),
        offset_min: 60,
        court: court(),
    });
    let of = |name, sequence, stage| Vector::of(name, kept, "suivi", step(sequence, stage));
    vec![
        of("suivi-received", 1, Stage::Received),
        of("suivi-sent-to-service", 2, Stage::SentToService(service)),
        of("suivi-under-investigation", 3, Stage::UnderInvestigation),
        of("suivi-sent-to-prosecutor", 4, Stage::SentToProsecutor(court())),
        of("suivi-closed", 5, Stage::Closed(ClosedFor::AuthorUnknown)),
        of("suivi-alternative", 6, Stage::Alternative),
        of("suivi-prosecuted", 7, Stage::Prosecuted),
        of("suivi-judicial-investigation", 8, Stage::JudicialInvestigation),
        of("suivi-hearing", 9, hearing),
        of("suivi-completed", 10, Stage::Completed),
        of("suivi-withdrawn", 11, Stage::Withdrawn),
        Vector::of(
            "suivi-note",
            kept,
            "suivi-note",
            SuiviNote {
                officer: OfficerId::from_bytes([0x1f; 16]),
                suivi: b"specimen of a COSE_Sign1".to_vec(),
            },
        ),
    ]
}
