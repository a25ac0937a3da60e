//! The visa between two terminals through HQ: asked, read, decided, told; and nothing ever waits for it.

use domain::delivery::Delivery;
use domain::dialogue::{Amendment, DraftState, Intent, Notice, View, VisaStanding};
use domain::envelope::RefusalCode;
use domain::officer::{Corps, Matricule, Quality};
use domain::record::{Act, ActKind};
use domain::visa::{Choice, DecidedVisa, Decision, Visa, VisaNote, VisaRequest};
use domain::{ActId, Digest, UnixMs, canonical};
use simulator::enrol;
use simulator::patrol::scenario::{CorpsName, OfficerSheet, QualityName};
use simulator::world::{Action, Colleague, Said, Weather};
use sync::wire::v1::{VISA, VisaMessage};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose::Namespace;
use trust::seal;

use crate::programs::told_of;

const OPJ: &str = "7654321";

fn sheet(quality: QualityName) -> OfficerSheet {
    OfficerSheet {
        corps: CorpsName::Police,
        matricule: OPJ.to_owned(),
        name: "SPÉCIMEN Dominique".to_owned(),
        rank: "capitaine de police".to_owned(),
        quality,
        unit: "Commissariat de Saint-Denis".to_owned(),
        code: "314159".to_owned(),
    }
}

fn request(act: ActId) -> ActId {
    VisaRequest::act_id(act, &Matricule::parse(Corps::PoliceNationale, OPJ).unwrap())
}

/// An author on duty, and an officer of `quality` on a terminal of their own.
fn two(seed: u64, weather: Weather, quality: QualityName) -> Watched {
    let mut watched = Watched::new(seed, weather);
    watched.world.join(&sheet(quality)).unwrap();
    beside(
        &mut watched,
        Intent::StartService {
            crew: String::new(),
            opj: String::new(),
            vehicle: None,
        },
    );
    watched.play(acts::on_duty());
    watched
}

fn beside(watched: &mut Watched, intent: Intent) {
    watched.world.beside_intent(intent).unwrap();
}

fn colleague(watched: &Watched) -> &Colleague {
    watched.world.colleague().unwrap()
}

fn waiting(watched: &Watched) -> Vec<ActId> {
    let lines = &colleague(watched).board.visas;
    lines.iter().map(|line| line.request).collect()
}

fn ask(watched: &mut Watched, act: ActId) {
    let opj = OPJ.to_owned();
    watched.intent(Intent::AskVisa { act, opj });
}

fn decide(watched: &mut Watched, act: ActId, choice: Choice, words: &str) {
    beside(
        watched,
        Intent::GiveVisa {
            request: request(act),
            choice,
            words: words.to_owned(),
        },
    );
}

fn standing(watched: &Watched, act: ActId) -> Option<VisaStanding> {
    watched.world.board.delivery(act)?.visa.clone()
}

fn told(watched: &Watched, notice: Notice) -> bool {
    colleague(watched).board.notices.contains(&notice)
}

/// A signed PV that HQ has received, and the OPJ was asked about.
fn asked(seed: u64, quality: QualityName) -> (Watched, ActId) {
    let mut watched = two(seed, Weather::CLEAR, quality);
    let pv = act_id(1);
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    ask(&mut watched, pv);
    watched.act(Action::Advance(10_000));
    (watched, pv)
}

#[test]
fn a_visa_goes_from_the_author_to_the_opj_and_back_and_the_act_never_waits() {
    let mut watched = two(600, Weather::CLEAR, QualityName::Opj);
    let pv = act_id(1);
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    ask(&mut watched, pv);
    let opj = format!("RIO {OPJ}");
    assert_eq!(
        standing(&watched, pv),
        Some(VisaStanding::Asked { opj: opj.clone() })
    );
    let line = watched.world.board.delivery(request(pv)).unwrap();
    assert!(matches!(line.delivery, Delivery::Waiting { .. }));
    // Without visa and without network, the document is there to be shown.
    watched.intent(Intent::ShowDocument { act: pv });
    assert!(watched.document().is_some());
    watched.act(Action::Restore);
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(pv) && watched.is_received(request(pv)));
    let before = watched.record_at_hq(pv).unwrap();

    assert_eq!(waiting(&watched), [request(pv)]);
    assert!(told(&watched, Notice::VisaAsked { request: request(pv) }));
    beside(&mut watched, Intent::ShowForVisa { request: request(pv) });
    let pages = colleague(&watched).board.views.iter().find_map(|view| {
        let View::Pages(pages) = view else { return None };
        Some(pages)
    });
    assert!(pages.is_some_and(|pages| pages.act == pv && !pages.pages.is_empty()));
    let words = "Joindre les images du magasin.";
    decide(&mut watched, pv, Choice::Observe, words);
    assert!(waiting(&watched).is_empty());
    let visa = Visa::act_id(request(pv));
    let delivery = colleague(&watched).board.delivery(visa).unwrap().delivery;
    assert!(matches!(delivery, Delivery::Received { .. }));

    watched.act(Action::Advance(5_000));
    let Some(VisaStanding::Given {
        opj: by,
        observations,
        ..
    }) = standing(&watched, pv)
    else {
        panic!("{:?}", standing(&watched, pv))
    };
    assert_eq!((by, observations.unwrap().reveal().as_str()), (opj, words));
    assert!(watched.was_told(Notice::VisaDecided { act: pv }));
    assert_eq!(
        watched.record_at_hq(pv).unwrap(),
        before,
        "the act is as it was signed"
    );

    let number = before.number.unwrap().to_string();
    let shown = told_of(&watched.world.layout().hq(), &["act", "show", &number]);
    let visas = shown["act"]["visas"].as_array().unwrap();
    assert_eq!(visas.len(), 1, "{shown}");
    assert_eq!(visas[0]["decision"], "observed");
    assert_eq!(visas[0]["words"], words);
    assert_eq!(visas[0]["opj"], format!("RIO {OPJ}"));
}

#[test]
fn a_returned_act_stays_as_it_is_and_another_one_answers() {
    let (mut watched, pv) = asked(601, QualityName::Opj);
    decide(&mut watched, pv, Choice::Return, "Préciser l'heure.");
    watched.act(Action::Advance(5_000));
    assert!(matches!(
        standing(&watched, pv),
        Some(VisaStanding::Returned { .. })
    ));
    let amended = act_id(2);
    watched.intent(Intent::Amend {
        act: pv,
        id: Some(amended),
        how: Amendment::Rectify,
    });
    let draft = watched.world.board.draft.as_ref().unwrap();
    assert_eq!((draft.draft, draft.state), (amended, DraftState::Editing));
}

#[test]
fn asked_without_a_number_the_opj_on_duty_is_asked_and_once() {
    let mut watched = two(602, Weather::CLEAR, QualityName::Opj);
    let pv = act_id(1);
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    for opj in ["", "x", "1234567", "", OPJ] {
        watched.intent(Intent::AskVisa {
            act: pv,
            opj: opj.to_owned(),
        });
    }
    assert!(watched.was_told(Notice::NotAServiceNumber) && watched.was_told(Notice::OwnVisa));
    watched.act(Action::Advance(10_000));
    assert_eq!(waiting(&watched), [request(pv)]);
    let requests = watched.world.engine().unwrap().device().acts().unwrap();
    let requests = requests.iter().filter(|row| row.kind == ActKind::VisaRequest);
    assert_eq!(requests.count(), 1);
    watched.finish();
}

#[test]
fn an_opj_out_of_reach_or_with_a_locked_phone_finds_the_act_later() {
    let mut watched = two(603, Weather::CLEAR, QualityName::Opj);
    watched.world.beside_away(true).unwrap();
    let (first, second) = (act_id(1), act_id(2));
    watched.play(acts::drawn_up(first, ActKind::Pv));
    ask(&mut watched, first);
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(request(first)));
    assert!(waiting(&watched).is_empty());
    beside(&mut watched, Intent::Lock);
    watched.world.beside_away(false).unwrap();
    watched.act(Action::Advance(900_000));
    watched.play(acts::drawn_up(second, ActKind::Pv));
    ask(&mut watched, second);
    watched.act(Action::Advance(20_000));
    assert!(waiting(&watched).is_empty(), "a locked phone shows nothing");
    watched.world.beside_unlock().unwrap();
    assert_eq!(waiting(&watched), [request(first), request(second)]);
}

#[test]
fn through_any_storm_the_request_follows_its_act_and_is_taken_once() {
    for seed in 610..614 {
        let mut watched = two(seed, Weather::STORM, QualityName::Opj);
        let acts: Vec<ActId> = (1..4).map(act_id).collect();
        for act in &acts {
            watched.play(acts::drawn_up(*act, ActKind::Pv));
            ask(&mut watched, *act);
            watched.act(Action::Advance(500));
        }
        watched.settle();
        for act in &acts {
            let asked = watched.delivery(request(*act));
            assert!(matches!(asked, Some(Delivery::Received { .. })), "{asked:?}");
            decide(&mut watched, *act, Choice::Approve, "");
        }
        // What the storm takes of the answers comes again with each hello.
        let given = |watched: &Watched| {
            let standing = |act: &ActId| standing(watched, *act);
            acts.iter()
                .all(|act| matches!(standing(act), Some(VisaStanding::Given { .. })))
        };
        for _ in 0..30 {
            if !given(&watched) {
                watched.act(Action::Cut);
                watched.act(Action::Advance(1_000));
                watched.act(Action::Restore);
                watched.act(Action::Advance(60_000));
            }
        }
        assert!(given(&watched), "seed {seed}");
    }
}

#[test]
fn a_terminal_whose_officer_is_no_opj_gives_no_visa() {
    let mut watched = two(604, Weather::CLEAR, QualityName::Apj);
    // HQ knows of an appointment that the terminal has not heard of.
    let opj = watched.world.colleague().unwrap().engine().enrolment().officers[0]
        .officer
        .clone();
    let store = watched.world.gateway().store().begin().unwrap();
    store
        .put_officer(&domain::officer::Officer {
            quality: Quality::Opj,
            ..opj
        })
        .unwrap();
    store.commit().unwrap();
    let pv = act_id(1);
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    ask(&mut watched, pv);
    watched.act(Action::Advance(10_000));
    assert_eq!(waiting(&watched), [request(pv)]);
    decide(&mut watched, pv, Choice::Approve, "");
    assert!(told(&watched, Notice::NotAnOpj));
    assert_eq!(waiting(&watched), [request(pv)]);
}

#[test]
fn an_officer_who_is_no_opj_is_asked_nothing_and_the_author_is_told_why() {
    let (watched, pv) = asked(605, QualityName::Apj);
    assert!(waiting(&watched).is_empty());
    let code = RefusalCode::NotTheOpj;
    let refused = Notice::Refused {
        act: request(pv),
        code,
    };
    assert!(watched.was_told(refused));
    assert!(matches!(standing(&watched, pv), Some(VisaStanding::NotAsked { code: why, .. }) if why == code));
    assert!(watched.is_received(pv), "the act itself is not touched");
    let drafts = &watched.world.board.home.as_ref().unwrap().drafts;
    assert!(drafts.is_empty(), "no corrective act answers it");
}

#[test]
fn words_are_asked_for_where_the_decision_needs_them() {
    let (mut watched, pv) = asked(606, QualityName::Opj);
    decide(&mut watched, pv, Choice::Return, "  ");
    assert!(told(&watched, Notice::NotADecision));
    assert_eq!(waiting(&watched), [request(pv)]);
}

#[test]
fn what_hq_did_not_say_or_said_before_changes_nothing() {
    let (mut watched, pv) = asked(607, QualityName::Opj);
    let device = colleague(&watched).engine().enrolment().terminal.device.clone();
    let pki = enrol::pki(&watched.world.layout().pki(), UnixMs(0)).unwrap();
    let site = agent::site::Site::new(watched.world.layout().colleague().terminal);
    let recipient = agent::enrol::vault(&site).unwrap();
    let recipient = agent::keys::Keys::identity(recipient.as_ref()).recipient();
    let officer = colleague(&watched).engine().enrolment().officers[0].officer.id;
    let gone = VisaNote::Decided(DecidedVisa {
        officer,
        visa: Vec::new(),
    });
    let message = |after, sequence| VisaMessage {
        version: 1,
        device: device.clone(),
        after,
        sequence,
        sealed: seal::seal(&[recipient], &canonical::encode(&gone)).unwrap(),
    };
    let topic = Topic::Down(device.clone(), DownLane::Cmd);
    // By a key that gives no orders; taken before; behind one that never came; unreadable.
    let by_receipt_key = pki
        .receipt()
        .sign(Namespace::Order, VISA, &canonical::encode(&message(1, 2)));
    let replayed = pki
        .command()
        .sign(Namespace::Order, VISA, &canonical::encode(&message(0, 1)));
    let ahead = pki
        .command()
        .sign(Namespace::Order, VISA, &canonical::encode(&message(7, 8)));
    let broken = pki.command().sign(
        Namespace::Order,
        VISA,
        &canonical::encode(&VisaMessage {
            sealed: vec![1, 2, 3],
            ..message(1, 2)
        }),
    );
    for forged in [by_receipt_key, replayed, ahead, broken] {
        watched.world.forge_beside(&topic, forged).unwrap();
        assert_eq!(waiting(&watched), [request(pv)]);
    }
    let taken = colleague(&watched).engine().device().last_visa_note().unwrap();
    assert_eq!(taken, 1);
    // And the one that is asked still answers.
    decide(&mut watched, pv, Choice::Approve, "");
    watched.act(Action::Advance(5_000));
    assert!(matches!(standing(&watched, pv), Some(VisaStanding::Given { .. })));
}

#[test]
fn a_visa_is_over_the_record_that_the_opj_had_before_them() {
    let (mut watched, pv) = asked(608, QualityName::Opj);
    decide(&mut watched, pv, Choice::Approve, "");
    let row = watched
        .world
        .engine()
        .unwrap()
        .device()
        .row_of(pv)
        .unwrap()
        .unwrap();
    let visa = colleague(&watched)
        .engine()
        .device()
        .row_of(Visa::act_id(request(pv)));
    let envelope = visa.unwrap().unwrap().envelope;
    let store = watched.world.gateway().store().begin().unwrap();
    let held = store.record(envelope).unwrap().unwrap();
    let record = agent::work::record_of(&held.record_cose).unwrap();
    let Act::Visa(visa) = record.act else {
        panic!("no visa")
    };
    assert_eq!((visa.act, visa.record), (pv, row.record));
    assert_eq!(visa.decision, Decision::Approved);
    let act = store.record(store.records_of(pv).unwrap()[0]).unwrap().unwrap();
    assert_eq!(visa.record, Digest::of(&act.record_cose));
}

#[test]
fn after_a_crash_between_the_commits_the_request_still_leaves_once() {
    for point in agent::engine::CommitPoint::ALL {
        let mut watched = two(620, Weather::CLEAR, QualityName::Opj);
        let pv = act_id(1);
        watched.play(acts::drawn_up(pv, ActKind::Pv));
        watched.act(Action::Advance(10_000));
        watched.act(Action::CrashAt(point));
        ask(&mut watched, pv);
        for _ in 0..3 {
            watched.act(Action::Advance(5_000));
            watched.act(Action::Start);
            watched.act(Action::Unlock);
            ask(&mut watched, pv);
        }
        watched.act(Action::Advance(60_000));
        assert_eq!(waiting(&watched), [request(pv)], "{point:?}");
        watched.act(Said::Lock.into());
    }
}
