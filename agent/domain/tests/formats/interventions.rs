//! Interventions: what the operations centre proposes, what a crew keeps of it, and what it tells.

use domain::intervention::{
    About, Account, Dispatch, DispatchNote, Intervention, Matter, OperationsNumber, Origin, Outcome,
    Progress, ProgressTold, Standing,
};
use domain::officer::Quality;
use domain::vehicle::Plate;
use domain::{OfficerId, UnixMs};

use crate::identity::{EVENING, INTERVENTION, SERVICE, at, device, matricule, officer, place};
use crate::schema::Schema;
use crate::vector::Vector;

fn dispatch(about: About) -> Dispatch {
    Dispatch {
        version: 1,
        id: INTERVENTION,
        at: UnixMs(EVENING),
        until: UnixMs(EVENING + 7_200_000),
        about,
    }
}

fn call() -> About {
    About::Call {
        number: OperationsNumber::parse("CORG-29-4411").unwrap(),
        place: place(),
        what: Matter::parse("tapage, plusieurs appelants").unwrap(),
        danger: true,
    }
}

fn hit() -> About {
    About::Hit {
        plate: Plate::parse("AB-123-CD").unwrap(),
        place: place(),
        seen: UnixMs(EVENING - 120_000),
        reason: Matter::parse("véhicule signalé volé").unwrap(),
    }
}

fn briefing() -> About {
    About::Briefing {
        title: Matter::parse("vols de deux-roues, secteur gare").unwrap(),
        text: Account::parse("Passages fréquents de 22 h à 2 h.\nContact : chef de salle.").unwrap(),
    }
}

fn taken() -> Intervention {
    Intervention {
        number: OperationsNumber::parse("CORG-29-4411").ok(),
        matter: Matter::parse("tapage").ok(),
        origin: Origin::Pushed,
        en_route: Some(at(2)),
        on_scene: Some(at(9)),
        closed: Some(at(40)),
        outcome: Some(Outcome::HandedOver),
        account: Account::parse("Porte close.\nVoisins entendus.").unwrap(),
        ..Intervention::new(INTERVENTION, SERVICE, place(), at(0))
    }
}

fn from_a_reading() -> Intervention {
    Intervention {
        origin: Origin::Lapi,
        plates: vec![Plate::parse("AB-123-CD").unwrap()],
        ..Intervention::new(INTERVENTION, SERVICE, place(), at(0))
    }
}

fn progress(standing: Standing) -> Progress {
    Progress {
        author: officer(Quality::Opj).author(),
        crew: vec![matricule("1234567")],
        standing,
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    vec![
        Vector::of("intervention-taken", kept, "intervention", taken()),
        Vector::of(
            "intervention-from-a-reading",
            kept,
            "intervention",
            from_a_reading(),
        ),
        Vector::of("dispatch-call", kept, "dispatch", dispatch(call())),
        Vector::of("dispatch-hit", kept, "dispatch", dispatch(hit())),
        Vector::of("dispatch-briefing", kept, "dispatch", dispatch(briefing())),
        Vector::of(
            "progress-read",
            kept,
            "progress",
            progress(Standing::Read {
                id: INTERVENTION,
                at: at(1),
            }),
        ),
        Vector::of(
            "dispatch-note",
            kept,
            "dispatch-note",
            DispatchNote {
                officer: Some(OfficerId::from_bytes([0x1f; 16])),
                dispatch: b"specimen of a COSE_Sign1".to_vec(),
            },
        ),
        Vector::of(
            "dispatch-note-to-a-terminal",
            kept,
            "dispatch-note",
            DispatchNote {
                officer: None,
                dispatch: b"specimen of a COSE_Sign1".to_vec(),
            },
        ),
        Vector::of(
            "progress-taken",
            kept,
            "progress",
            progress(Standing::Taken(Box::new(taken().for_the_centre()))),
        ),
        Vector::of(
            "progress-declined",
            kept,
            "progress",
            progress(Standing::Declined {
                id: INTERVENTION,
                at: at(1),
            }),
        ),
        Vector::of(
            "progress-told",
            kept,
            "progress-told",
            ProgressTold {
                version: 1,
                device: device(),
                officer: OfficerId::from_bytes([0x1f; 16]),
                intervention: INTERVENTION,
                sequence: 3,
                at: at(9),
                sealed: b"age".to_vec(),
            },
        ),
    ]
}
