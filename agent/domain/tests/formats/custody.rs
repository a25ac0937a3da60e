//! What is said of recordings, what keeps them, and what the terminal knows of them until their term.

use domain::canonical::Digest;
use domain::footage::Recording;
use domain::footage::custody::{Category, ClipNote, Custody, Hold, LinkedAct, Procedure, Release, Said};
use domain::id::{ActId, ActNumber, CameraId, ClipId};
use domain::officer::{Corps, Matricule, Quality};
use domain::record::{Act, ActKind, Record, Retention};
use domain::retention::Term;
use domain::time::{UnixMs, Zone};

use crate::acts::{context, record};
use crate::schema::Schema;
use crate::vector::Vector;

const CLIP: ClipId = ClipId::from_bytes([0xc1; 16]);

fn root() -> Digest {
    Digest::of(b"root")
}

fn hold() -> Hold {
    Hold {
        procedure: Procedure::parse("2026/000412").unwrap(),
        by: Matricule::parse(Corps::PoliceNationale, "1234567").unwrap(),
        at: UnixMs(1_795_285_500_000),
    }
}

/// One of each, in the order of their codes.
fn said() -> Vec<(&'static str, Said)> {
    vec![
        ("record-custody-category", Said::Category(Category::Arrest)),
        (
            "record-custody-note",
            Said::Note(ClipNote::parse("sort du hall en courant").unwrap()),
        ),
        ("record-custody-bookmark", Said::Bookmark(65)),
        (
            "record-custody-linked",
            Said::Linked(LinkedAct {
                act: ActId::from_bytes([0x2c; 16]),
                kind: ActKind::Pve,
                number: ActNumber {
                    year: 2026,
                    serial: 123,
                },
            }),
        ),
        ("record-custody-incident", Said::Incident(CLIP)),
        ("record-custody-hold", Said::Hold(hold().procedure)),
        ("record-custody-withdrawn", Said::Withdrawn(3)),
    ]
}

fn statement(place: u32, said: Said) -> Record {
    let custody = Custody {
        clip: CLIP,
        root: root(),
        place,
        previous: Digest::of(b"the one before"),
        said,
    };
    Record {
        id: ActId::from_bytes([0x2d; 16]),
        number: None,
        document: None,
        retention: Some(Retention {
            term: Term::ConsultationLog,
            until: UnixMs(1_890_000_000_000),
        }),
        ..record(Act::Custody(Box::new(custody)), context(Quality::Apj, false))
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<Vector> = (1..)
        .zip(said())
        .map(|(place, (name, said))| Vector::of(name, Schema::Kept, "record", statement(place, said)))
        .collect();
    vectors.push(Vector::of("hold", Schema::Kept, "hold", hold()));
    vectors.push(Vector::of(
        "hold-release",
        Schema::Kept,
        "hold-release",
        Release {
            version: 1,
            clip: CLIP,
            root: root(),
            hold: hold(),
        },
    ));
    vectors.push(Vector::of(
        "recording",
        Schema::Kept,
        "recording",
        Recording {
            clip: CLIP,
            camera: CameraId::parse("cam-000001").unwrap(),
            started: UnixMs(1_795_284_300_000),
            ended: UnixMs(1_795_284_360_000),
            root: root(),
            manifest: Digest::of(b"record of the manifest"),
            context: context(Quality::Apj, false),
            until: UnixMs(1_797_894_000_000),
            zone: Zone::Paris,
        },
    ));
    vectors
}
