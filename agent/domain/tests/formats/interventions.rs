//! Interventions: what the operations centre proposes, what a crew keeps of it, and what it tells.

use domain::intervention::{
    About, Account, CrewHanded, CrewSheet, CrewTold, CrewWord, Dispatch, DispatchNote, Intervention, Matter,
    OperationsNumber, Origin, Outcome, Pen, Point, Progress, ProgressTold, Standing,
};
use domain::officer::Quality;
use domain::vehicle::Plate;
use domain::{CopyId, OfficerId, UnixMs};

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
        stand: None,
    }
}

fn pen(copy: u8, number: &str, minute: i64) -> Pen {
    Pen {
        copy: CopyId::from_bytes([copy; 16]),
        by: matricule(number),
        now: at(minute),
    }
}

/// Two officers wrote the subject without each other, and one of them chose the place.
fn sheet() -> CrewSheet {
    let before = Intervention {
        number: OperationsNumber::parse("CORG-29-4411").ok(),
        ..Intervention::new(INTERVENTION, SERVICE, place(), at(0))
    };
    let (first, second) = (pen(1, "1234567", 3), pen(2, "7654321", 4));
    let mut sheet = CrewSheet::begin(&before, &first);
    let mut theirs = sheet.clone();
    theirs.join(&second);
    let write = |matter: &str, account: &str| Intervention {
        matter: Matter::parse(matter).ok(),
        account: Account::parse(account).unwrap(),
        ..before.clone()
    };
    let mut there = write("tapage", "Porte close.");
    there.on_scene = Some(at(9));
    sheet.follow(&before, &there, &[], &first);
    theirs.follow(&before, &write("tapage et cris", ""), &[], &second);
    sheet.merge(&theirs);
    let place = sheet.standing(Point::Place).next().unwrap().id;
    sheet.choose(place, &second).unwrap();
    sheet
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
            "progress-shared",
            kept,
            "progress",
            Progress {
                stand: Some(sheet().standing_at()),
                ..progress(Standing::Taken(Box::new(taken().for_the_centre())))
            },
        ),
        Vector::of("crew-sheet", kept, "crew-sheet", sheet()),
        Vector::of(
            "crew-word-duty",
            kept,
            "crew-word",
            CrewWord::Duty {
                author: officer(Quality::Opj).author(),
                crew: vec![matricule("1234567"), matricule("7654321")],
            },
        ),
        Vector::of(
            "crew-word-sheet",
            kept,
            "crew-word",
            CrewWord::Sheet {
                author: officer(Quality::Opj).author(),
                crew: vec![matricule("1234567"), matricule("7654321")],
                sheet: Box::new(sheet()),
            },
        ),
        Vector::of(
            "crew-told",
            kept,
            "crew-told",
            CrewTold {
                version: 1,
                device: device(),
                officer: OfficerId::from_bytes([0x1f; 16]),
                sequence: 3,
                at: at(9),
                sealed: b"age".to_vec(),
            },
        ),
        Vector::of(
            "crew-handed",
            kept,
            "crew-handed",
            CrewHanded {
                version: 1,
                officer: OfficerId::from_bytes([0x2f; 16]),
                by: matricule("1234567"),
                from: device(),
                sequence: 3,
                at: UnixMs(EVENING),
                until: UnixMs(EVENING + 43_200_000),
                sheet: sheet(),
            },
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
