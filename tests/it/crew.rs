//! An intervention that two officers of a crew share on two terminals, through the real HQ: joined with a tap, written
//! without network on both, both versions shown, one chosen, and nothing lost to a stop, a clock or a term.

use agent::engine::CommitPoint;
use domain::dialogue::{CrewLine, CrewStanding, Intent, Notice};
use domain::intervention::{EditId, Outcome, Point, Standing, Step};
use domain::journal::Operation;
use domain::{InterventionId, UnixMs};
use simulator::patrol::scenario::{CorpsName, OfficerSheet, QualityName};
use simulator::world::{Action, Weather};
use sync::wire::v1::{CrewMessage, REPLY, Reply};
use sync::{DownLane, Topic};
use tests::watched::Watched;
use trust::cose::Namespace;
use trust::seal;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;
const MATE: &str = "2345678";
const OWN: &str = "1234567";
const ID: InterventionId = InterventionId::from_bytes([0x5a; 16]);
const PLACE: &str = "12 rue des Lilas, Saint-Denis";

fn mate() -> OfficerSheet {
    OfficerSheet {
        corps: CorpsName::Police,
        matricule: MATE.to_owned(),
        name: "SPÉCIMEN Sacha".to_owned(),
        rank: "gardien de la paix".to_owned(),
        quality: QualityName::Apj,
        unit: "Commissariat de Saint-Denis".to_owned(),
        code: "314159".to_owned(),
    }
}

fn service(crew: &str) -> Intent {
    Intent::StartService {
        crew: crew.to_owned(),
        opj: "7654321".to_owned(),
        vehicle: None,
    }
}

fn beside(watched: &mut Watched, intent: Intent) {
    watched.world.beside_intent(intent).unwrap();
}

fn wait(watched: &mut Watched, ms: u64) {
    watched.act(Action::Advance(ms));
    watched.world.beside_wake().unwrap();
    watched.act(Action::Advance(1_000));
}

/// Two in service, who name each other as `crew` and `back` say; the first opens an intervention.
fn opened(seed: u64, crew: &str, back: &str) -> Watched {
    let mut watched = Watched::new(seed, Weather::CLEAR);
    watched.world.join(&mate()).unwrap();
    watched.act(Action::Unlock);
    watched.act(Action::Advance(2_000));
    watched.intent(service(crew));
    beside(&mut watched, service(back));
    wait(&mut watched, 2_000);
    watched.intent(Intent::OpenIntervention {
        id: Some(ID),
        number: "CORG-29-4411".to_owned(),
        place: PLACE.to_owned(),
    });
    wait(&mut watched, 3_000);
    watched
}

fn joined(seed: u64) -> Watched {
    let mut watched = opened(seed, MATE, OWN);
    beside(&mut watched, Intent::JoinIntervention { intervention: ID });
    wait(&mut watched, 3_000);
    watched
}

/// Both are locked by it, and their officers are back at once.
fn set_clock(watched: &mut Watched, utc: UnixMs) {
    watched.world.set_clock(utc);
    watched.intent(Intent::Alive);
    watched.act(Action::Unlock);
    beside(watched, Intent::Alive);
    watched.world.beside_unlock().unwrap();
}

fn own(watched: &Watched) -> Option<CrewLine> {
    let home = watched.world.board.home.as_ref()?;
    home.crew.iter().find(|line| line.intervention == ID).cloned()
}

fn theirs(watched: &Watched) -> Option<CrewLine> {
    let home = watched.world.colleague()?.board.home.as_ref()?;
    home.crew.iter().find(|line| line.intervention == ID).cloned()
}

fn mate_was_told(watched: &Watched, notice: Notice) -> bool {
    let board = &watched.world.colleague().unwrap().board;
    board.notices.contains(&notice)
}

fn current_place(watched: &Watched, mates: bool) -> Option<String> {
    let board = if mates {
        &watched.world.colleague().unwrap().board
    } else {
        &watched.world.board
    };
    let home = board.home.as_ref()?;
    home.intervention.as_ref().map(|line| line.place.reveal().clone())
}

fn correct(place: &str) -> Intent {
    Intent::CorrectIntervention {
        number: "CORG-29-4411".to_owned(),
        place: place.to_owned(),
        seen_number: None,
        seen_place: None,
    }
}

fn describe(matter: &str, account: &str) -> Intent {
    Intent::DescribeIntervention {
        matter: matter.to_owned(),
        account: account.to_owned(),
        seen_matter: None,
        seen_account: None,
    }
}

/// The version of `point` that `by` wrote, as a line shows it.
fn version(line: &CrewLine, point: Point, mine: bool) -> EditId {
    let difference = line.differing.iter().find(|one| one.point == point).unwrap();
    difference
        .versions
        .iter()
        .find(|one| one.mine == mine)
        .unwrap()
        .id
}

/// What HQ was told last by each terminal: the place, and how far its copy is.
fn at_hq(watched: &mut Watched) -> Vec<(String, domain::intervention::CrewStand)> {
    let rows = watched
        .world
        .gateway()
        .store()
        .begin()
        .unwrap()
        .progress(UnixMs(0));
    let mut told = Vec::new();
    for row in rows.unwrap() {
        if let Standing::Taken(taken) = row.progress.standing
            && taken.id == ID
        {
            assert!(taken.people.is_empty() && taken.plates.is_empty() && taken.account.is_empty());
            told.push((taken.place.address, row.progress.stand.unwrap()));
        }
    }
    told
}

/// Both write place and notes without network.
fn apart(watched: &mut Watched) {
    watched.act(Action::Cut);
    watched.world.beside_away(true).unwrap();
    watched.intent(correct("14 rue des Lilas"));
    watched.intent(describe("tapage", "Porte du hall forcée."));
    beside(watched, correct("16 rue des Lilas"));
    beside(watched, describe("tapage", "Témoin au 3e étage."));
    wait(watched, MINUTE);
}

fn together(watched: &mut Watched) {
    watched.act(Action::Restore);
    watched.world.beside_away(false).unwrap();
    for _ in 0..12 {
        wait(watched, MINUTE);
    }
}

#[test]
fn what_one_opens_the_other_joins_with_a_tap_and_both_have_it_live() {
    let mut watched = opened(1100, MATE, OWN);
    let line = theirs(&watched).unwrap();
    assert_eq!(line.standing, CrewStanding::Offered);
    assert_eq!(line.others, [format!("RIO {OWN}")]);
    assert_eq!(
        (line.number.as_deref(), line.place.reveal().as_str()),
        (Some("CORG-29-4411"), PLACE)
    );
    assert!(mate_was_told(&watched, Notice::CrewShares));
    assert!(own(&watched).unwrap().others.is_empty() && !own(&watched).unwrap().nobody_reached);

    beside(&mut watched, Intent::JoinIntervention { intervention: ID });
    wait(&mut watched, 3_000);
    assert_eq!(own(&watched).unwrap().others, [format!("RIO {MATE}")]);
    assert_eq!(current_place(&watched, true).as_deref(), Some(PLACE));

    watched.intent(describe("tapage", "Porte close."));
    watched.intent(Intent::ArriveOnScene);
    wait(&mut watched, 3_000);
    let line = theirs(&watched).unwrap();
    assert_eq!(line.matter.reveal(), "tapage");
    assert_eq!(line.account.reveal(), "Porte close.");
    let [arrived] = line.steps.as_slice() else {
        panic!("{:?}", line.steps)
    };
    assert_eq!(
        (arrived.step, arrived.by.as_str()),
        (Step::OnScene, "RIO 1234567")
    );
    assert!(mate_was_told(&watched, Notice::CrewChanged));
    assert_eq!(line.differing, []);
    let told = at_hq(&mut watched);
    assert_eq!(told.len(), 2);
    assert_eq!(told[0], told[1]);
    let entries = watched.world.colleague().unwrap().engine().device().journal();
    let operations: Vec<Operation> = entries
        .unwrap()
        .into_iter()
        .map(|entry| entry.operation)
        .collect();
    assert!(operations.contains(&Operation::CrewSheetJoined { intervention: ID }));
    assert!(
        operations
            .iter()
            .any(|one| matches!(one, Operation::CrewSheetShown { intervention, .. } if *intervention == ID))
    );
}

#[test]
fn what_both_wrote_without_network_is_shown_to_both_until_one_chooses() {
    let mut watched = joined(1101);
    apart(&mut watched);
    together(&mut watched);
    for line in [own(&watched).unwrap(), theirs(&watched).unwrap()] {
        let points: Vec<Point> = line.differing.iter().map(|one| one.point).collect();
        assert_eq!(points, [Point::Place, Point::Account]);
        assert!(line.accounts_fit);
        let texts: Vec<&str> = line.differing[0]
            .versions
            .iter()
            .map(|version| version.text.reveal().as_str())
            .collect();
        assert!(
            texts.contains(&"14 rue des Lilas") && texts.contains(&"16 rue des Lilas"),
            "{texts:?}"
        );
    }
    assert!(mate_was_told(&watched, Notice::CrewDiffers) && watched.was_told(Notice::CrewDiffers));
    // Each keeps their own until then.
    assert_eq!(
        current_place(&watched, false).as_deref(),
        Some("14 rue des Lilas")
    );
    assert_eq!(current_place(&watched, true).as_deref(), Some("16 rue des Lilas"));

    let chosen = version(&theirs(&watched).unwrap(), Point::Place, true);
    beside(
        &mut watched,
        Intent::ChooseVersion {
            intervention: ID,
            version: chosen,
        },
    );
    beside(&mut watched, Intent::KeepAccounts { intervention: ID });
    wait(&mut watched, 5_000);
    for line in [own(&watched).unwrap(), theirs(&watched).unwrap()] {
        assert_eq!(line.differing, []);
        assert_eq!(line.place.reveal(), "16 rue des Lilas");
        let account = line.account.reveal();
        assert!(account.contains("Porte du hall forcée.") && account.contains("Témoin au 3e étage."));
    }
    assert_eq!(
        current_place(&watched, false).as_deref(),
        Some("16 rue des Lilas")
    );
    let told = at_hq(&mut watched);
    assert_eq!(told[0], told[1]);
    assert_eq!(
        (told[0].0.as_str(), told[0].1.differing.len()),
        ("16 rue des Lilas", 0)
    );
}

#[test]
fn a_wrong_clock_decides_nothing() {
    let mut watched = joined(1102);
    // What is written first is stamped a week later: it is no later version.
    let utc = watched.world.now().utc.plus(7 * UnixMs::DAY);
    set_clock(&mut watched, utc);
    watched.act(Action::Cut);
    watched.world.beside_away(true).unwrap();
    watched.intent(correct("14 rue des Lilas"));
    let utc = watched.world.now().utc.plus(-8 * UnixMs::DAY);
    set_clock(&mut watched, utc);
    beside(&mut watched, correct("16 rue des Lilas"));
    together(&mut watched);
    assert_eq!(theirs(&watched).unwrap().differing.len(), 1);
    let chosen = version(&theirs(&watched).unwrap(), Point::Place, true);
    beside(
        &mut watched,
        Intent::ChooseVersion {
            intervention: ID,
            version: chosen,
        },
    );
    wait(&mut watched, 5_000);
    assert_eq!(
        current_place(&watched, false).as_deref(),
        Some("16 rue des Lilas")
    );
}

#[test]
fn a_stop_at_any_commit_loses_no_version() {
    for (seed, point) in (1110..).zip(CommitPoint::CREW_TOLD.into_iter().chain(CommitPoint::CREW_TAKEN)) {
        let mut watched = joined(seed);
        apart(&mut watched);
        // It stops while it writes, or while it takes in what the other wrote.
        watched.act(Action::CrashAt(point));
        watched.intent(describe("tapage nocturne", "Porte du hall forcée."));
        together(&mut watched);
        if !watched.world.is_running() {
            watched.play([Action::Start, Action::Unlock]);
        }
        together(&mut watched);
        let line = own(&watched).unwrap_or_else(|| panic!("{point:?}"));
        let points: Vec<Point> = line.differing.iter().map(|one| one.point).collect();
        assert!(
            points.contains(&Point::Place) && points.contains(&Point::Account),
            "{point:?}: {points:?}"
        );
        assert_eq!(theirs(&watched).unwrap().differing, {
            let mut same = line.differing.clone();
            for difference in &mut same {
                for version in &mut difference.versions {
                    version.mine = !version.mine;
                }
            }
            same
        });
        let chosen = version(&line, Point::Place, false);
        watched.intent(Intent::ChooseVersion {
            intervention: ID,
            version: chosen,
        });
        watched.play([Action::Kill, Action::Start, Action::Unlock]);
        wait(&mut watched, 5 * MINUTE);
        assert_eq!(
            current_place(&watched, false).as_deref(),
            Some("16 rue des Lilas"),
            "{point:?}"
        );
        let left = theirs(&watched).unwrap().differing;
        assert!(left.iter().all(|one| one.point != Point::Place), "{point:?}");
    }
}

#[test]
fn closed_on_one_it_stays_open_on_the_other_who_is_told_and_nothing_opens_it_again() {
    let mut watched = joined(1120);
    watched.intent(Intent::ArriveOnScene);
    watched.intent(Intent::CloseIntervention {
        outcome: Outcome::HandedOver,
    });
    wait(&mut watched, 3_000);
    assert!(mate_was_told(&watched, Notice::CrewClosed));
    let line = theirs(&watched).unwrap();
    let closed = line.steps.iter().find(|step| step.step == Step::Closed).unwrap();
    assert_eq!(
        (closed.by.as_str(), line.outcome),
        ("RIO 1234567", Some(Outcome::HandedOver))
    );
    assert_eq!(line.standing, CrewStanding::Current);
    beside(&mut watched, describe("tapage", "Après son départ."));
    wait(&mut watched, 3_000);
    assert_eq!(current_place(&watched, false), None);
    // Another outcome, written with the first one on the screen, names it.
    beside(
        &mut watched,
        Intent::CloseIntervention {
            outcome: Outcome::ActsDrawnUp,
        },
    );
    wait(&mut watched, 3_000);
    assert_eq!((current_place(&watched, true), own(&watched)), (None, None));
    let told = at_hq(&mut watched);
    assert_eq!(told[0], told[1]);
}

#[test]
fn who_is_not_named_or_does_not_name_back_or_is_not_in_service_is_handed_nothing() {
    for (seed, crew, back) in [(1130, "7777777", OWN), (1131, MATE, "7777777"), (1132, MATE, "")] {
        let mut watched = opened(seed, crew, back);
        wait(&mut watched, 5 * MINUTE);
        assert_eq!(theirs(&watched), None, "{crew} {back}");
        let engine = watched.world.colleague().unwrap().engine();
        assert_eq!(engine.device().last_crew_note().unwrap(), 0, "{crew} {back}");
        assert!(own(&watched).unwrap().nobody_reached);
    }
    // Who is in service later is handed it then; who ends it has nothing more of what they did not join.
    let mut watched = opened(1133, MATE, "7777777");
    beside(&mut watched, Intent::EndService);
    beside(&mut watched, service(OWN));
    wait(&mut watched, 5_000);
    assert!(theirs(&watched).is_some());
    beside(&mut watched, Intent::EndService);
    wait(&mut watched, 5_000);
    watched.intent(describe("tapage", "Après son service."));
    wait(&mut watched, 5_000);
    assert_eq!(theirs(&watched), None);
    let now = watched.world.now();
    let engine = watched.world.colleague().unwrap().engine();
    assert_eq!(engine.device().crew_notes(now).unwrap(), []);
}

#[test]
fn two_hours_after_the_end_nobody_has_it_for_the_crew_here_or_at_hq() {
    let mut watched = opened(1140, MATE, OWN);
    watched.intent(Intent::CloseIntervention {
        outcome: Outcome::NothingToReport,
    });
    wait(&mut watched, 3_000);
    let now = watched.world.now();
    let rows = watched
        .world
        .colleague()
        .unwrap()
        .engine()
        .device()
        .crew_notes(now);
    assert_eq!(rows.unwrap().len(), 1);
    wait(&mut watched, 2 * HOUR);
    let now = watched.world.now();
    let rows = watched
        .world
        .colleague()
        .unwrap()
        .engine()
        .device()
        .crew_notes(now);
    assert_eq!(rows.unwrap(), []);
    let hq_now = watched.world.now().utc;
    let gateway = watched.world.gateway();
    gateway.sheets_out(hq_now.plus(MINUTE.cast_signed())).unwrap();
    let held = gateway.store().begin().unwrap().shared_sheets().unwrap();
    assert!(
        !held.is_empty() && held.iter().all(|row| !row.is_held),
        "{held:?}"
    );
}

#[test]
fn twelve_hours_after_it_was_opened_it_is_over_whatever_the_clock_is_set_to() {
    let mut watched = joined(1141);
    let utc = watched.world.now().utc.plus(-UnixMs::DAY);
    set_clock(&mut watched, utc);
    wait(&mut watched, 12 * HOUR);
    watched.act(Action::Unlock);
    beside(&mut watched, Intent::Alive);
    assert_eq!((own(&watched), theirs(&watched)), (None, None));
    // What they joined is their own: it stays, and acts hang from it.
    assert_eq!(current_place(&watched, true).as_deref(), Some(PLACE));
}

#[test]
fn what_hq_did_not_sign_is_dropped_and_keeps_nothing_after_it_waiting() {
    let mut watched = Watched::new(1150, Weather::CLEAR);
    watched.world.join(&mate()).unwrap();
    watched.act(Action::Unlock);
    watched.act(Action::Advance(2_000));
    watched.intent(service(MATE));
    watched.act(Action::Advance(3_000));
    let engine = watched.world.engine().unwrap();
    let device = engine.enrolment().terminal.device.clone();
    let officer = engine.enrolment().officers[0].officer.id;
    let from = watched
        .world
        .colleague()
        .unwrap()
        .engine()
        .enrolment()
        .terminal
        .device
        .clone();
    let pki = simulator::enrol::pki(&watched.world.layout().pki(), UnixMs(0)).unwrap();
    let site = agent::site::Site::new(watched.world.layout().terminal());
    let vault = agent::enrol::vault(&site).unwrap();
    let recipient = agent::keys::Keys::identity(vault.as_ref()).recipient();
    let now = watched.world.now();
    let by = domain::officer::Matricule::parse(domain::officer::Corps::PoliceNationale, MATE).unwrap();
    let pen = domain::intervention::Pen {
        copy: domain::CopyId::from_bytes([3; 16]),
        by: by.clone(),
        now,
    };
    let intervention = domain::intervention::Intervention::new(
        ID,
        domain::ServiceId::from_bytes([4; 16]),
        domain::place::Place::parse(PLACE).unwrap(),
        now,
    );
    let handed = domain::intervention::CrewHanded {
        version: 1,
        officer,
        by,
        from,
        sequence: 1,
        at: now.utc,
        until: now.utc.plus(HOUR.cast_signed()),
        sheet: domain::intervention::CrewSheet::begin(&intervention, &pen),
    };
    let payload = domain::canonical::encode(&handed);
    let content = domain::intervention::CrewHanded::CONTENT_TYPE;
    let altered = {
        let mut altered = pki.command().sign(Namespace::CrewHanded, content, &payload);
        let place = altered
            .windows(7)
            .position(|window| window == b"12 rue ")
            .unwrap();
        altered[place] = b'9';
        altered
    };
    let forged = [
        pki.receipt().sign(Namespace::CrewHanded, content, &payload),
        pki.command().sign(Namespace::Dispatch, content, &payload),
        pki.command().sign(
            Namespace::CrewHanded,
            "application/neo-dispatch+cbor;v=1",
            &payload,
        ),
        altered,
        b"no signature".to_vec(),
    ];
    let mut sequence = 0;
    let mut hand = |watched: &mut Watched, cose: Vec<u8>| {
        let message = CrewMessage {
            device: device.clone(),
            after: sequence,
            sequence: sequence + 1,
            sealed: seal::seal(&[recipient], &cose).unwrap(),
        };
        sequence += 1;
        let reply = domain::canonical::encode(&Reply::Crew(message));
        let signed = pki.receipt().sign(Namespace::Answer, REPLY, &reply);
        watched
            .world
            .forge(&Topic::Down(device.clone(), DownLane::A), signed)
            .unwrap();
    };
    for cose in forged {
        hand(&mut watched, cose);
        assert_eq!(own(&watched), None);
    }
    hand(
        &mut watched,
        pki.command().sign(Namespace::CrewHanded, content, &payload),
    );
    assert_eq!(
        own(&watched).map(|line| line.standing),
        Some(CrewStanding::Offered)
    );
}
