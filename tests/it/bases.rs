//! The legal frame of a check between a terminal and the real HQ: nothing is asked before it, but in urgency; editions come
//! down and are never taken back; times run by the clock.

use domain::dialogue::{AnswerState, Intent, Notice};
use domain::draft::{Field, Problem, Reason};
use domain::journal::Operation;
use domain::legal_basis::{BasisTable, CheckBasis};
use domain::officer::FileKind;
use domain::record::{Act, ActKind};
use domain::requisition::{NotARequisition, TypedRequisition};
use hq::Pki;
use hq::reference::{PublicationError, publish_bases};
use simulator::enrol;
use simulator::world::{Action, Said};
use tests::acts::act_id;
use tests::watched::Watched;

use crate::reference::reconnect;

const CHECK: u8 = 1;
const MINUTE: u64 = 60_000;

/// A check that only has a plate.
fn begun(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    let draft = act_id(CHECK);
    watched.act(
        Said::StartDraft {
            id: draft,
            kind: ActKind::IdentityCheck,
        }
        .into(),
    );
    fill(&mut watched, Field::Plate, "AB-123-CD");
    watched.act(Action::Advance(2_000));
    watched
}

fn fill(watched: &mut Watched, field: Field, text: &str) {
    let draft = act_id(CHECK);
    let text = text.to_owned();
    watched.act(Said::Fill { draft, field, text }.into());
}

/// So many minutes pass under a hand that keeps the terminal unlocked.
fn pass(watched: &mut Watched, minutes: u64) {
    for _ in 0..minutes {
        watched.act(Action::Advance(MINUTE));
        watched.intent(Intent::Alive);
    }
}

fn consult(watched: &mut Watched, file: FileKind) {
    watched.intent(Intent::Consult {
        draft: act_id(CHECK),
        file,
        motive: "véhicule en fuite".to_owned(),
    });
    watched.act(Action::Advance(5_000));
}

fn operations(watched: &Watched) -> Vec<Operation> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal.into_iter().map(|entry| entry.operation).collect()
}

fn is_open(watched: &Watched) -> (bool, bool) {
    let board = &watched.world.board;
    let home = board.home.as_ref().unwrap();
    let draft = board.draft.as_ref().unwrap();
    (draft.frame_open, home.frames_open.contains(&act_id(CHECK)))
}

#[test]
fn cpp_78_2_no_file_is_asked_before_the_text_of_the_check_but_in_urgency() {
    let mut watched = begun(900);
    consult(&mut watched, FileKind::Foves);
    let problem = Problem::new(Field::CheckBasis, Reason::Missing);
    assert!(watched.was_told(Notice::FrameBlocked { problem }));
    let asked = |watched: &Watched| {
        let of_files = |operation: &&Operation| matches!(operation, Operation::Consulted { .. });
        operations(watched).iter().filter(of_files).count()
    };
    assert_eq!(asked(&watched), 0);

    watched.intent(Intent::Urgent { draft: act_id(CHECK) });
    assert_eq!(is_open(&watched), (true, true));
    consult(&mut watched, FileKind::Foves);
    let answers = &watched.world.board.draft.as_ref().unwrap().answers;
    assert!(
        matches!(answers[0].state, AnswerState::Answered(_)),
        "{answers:?}"
    );
    let journal = operations(&watched);
    let urgent = journal
        .iter()
        .position(|one| *one == Operation::UrgentFrame { act: act_id(CHECK) });
    let consulted = journal
        .iter()
        .position(|one| matches!(one, Operation::Consulted { .. }));
    assert!(urgent.is_some() && urgent < consulted, "{journal:?}");

    // Nothing is signed yet; then the text is named, and the act says that it came afterwards.
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    assert!(watched.was_told(Notice::NotSigned { draft: act_id(CHECK) }));
    for (field, text) in [
        (Field::CheckBasis, "CI-2"),
        (Field::Grounds, "refuse de s'arrêter et franchit un feu rouge"),
        (Field::Place, "boulevard Marcel-Sembat, Saint-Denis"),
    ] {
        fill(&mut watched, field, text);
    }
    assert_eq!(is_open(&watched), (false, false));
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(10_000));
    assert!(watched.is_received(act_id(CHECK)));
    let Act::IdentityCheck(check) = watched.record_at_hq(act_id(CHECK)).unwrap().act else {
        panic!("a check")
    };
    assert!(check.frame.urgent.is_some());
    assert_eq!(
        check.frame.edition.as_deref(),
        Some(BasisTable::built_in().edition())
    );
    watched.finish();
}

#[test]
fn cpp_230_10_urgency_opens_no_antecedents() {
    let mut watched = begun(901);
    for (field, text) in [
        (Field::Surname, "DURAND"),
        (Field::GivenNames, "Marc"),
        (Field::BirthDate, "03/05/1988"),
    ] {
        fill(&mut watched, field, text);
    }
    watched.intent(Intent::Urgent { draft: act_id(CHECK) });
    consult(&mut watched, FileKind::Taj);
    assert!(watched.was_told(Notice::UrgencyNotEnough { file: FileKind::Taj }));
    consult(&mut watched, FileKind::Fpr);
    let answers = &watched.world.board.draft.as_ref().unwrap().answers;
    assert_eq!(
        answers.iter().map(|line| line.file).collect::<Vec<_>>(),
        [FileKind::Fpr]
    );
}

#[test]
fn a_requisition_that_its_text_does_not_allow_never_stands() {
    let mut watched = begun(902);
    watched.intent(Intent::HoldRequisition {
        typed: TypedRequisition {
            reference: "REQ 1".to_owned(),
            basis: "CI-REQ-V".to_owned(),
            places: "gare".to_owned(),
            communes: String::new(),
            circle: String::new(),
            from: "01/11/2026 08:00".to_owned(),
            until: "02/11/2026 08:01".to_owned(),
        },
    });
    let why = NotARequisition::TooLong;
    assert!(watched.was_told(Notice::NotARequisition { why }));
    let home = watched.world.board.home.as_ref().unwrap();
    assert!(home.service.as_ref().unwrap().requisitions.is_empty());
}

#[test]
fn cpp_78_2_4_thirty_minutes_run_on_screen_and_their_end_is_told() {
    let mut watched = begun(903);
    fill(&mut watched, Field::CheckBasis, "PREV-V");
    let left = |watched: &Watched| {
        let draft = watched.world.board.draft.as_ref().unwrap();
        draft.limit.unwrap().left_min
    };
    assert_eq!(left(&watched), 29);
    pass(&mut watched, 15);
    assert!(left(&watched) <= 15, "{}", left(&watched));
    let notices = |watched: &Watched| watched.world.board.notices.clone();
    let near = |notice: &Notice| matches!(notice, Notice::LimitNears { .. });
    assert!(!notices(&watched).iter().any(near));
    pass(&mut watched, 6);
    assert!(notices(&watched).iter().any(near));
    pass(&mut watched, 10);
    let draft = act_id(CHECK);
    assert!(watched.was_told(Notice::LimitOver { draft }));
}

fn edition(name: &str, issued: &str, motive: &str) -> BasisTable {
    let row = |code: &str, until: &str| {
        format!(
            "{code}\t-\t{until}\topj apj\tapj\tfacts 10\t-\t-\t-\tTitre\tarticle 78-2 de l'essai\t{motive}\tlimites\n"
        )
    };
    let rows = [row("CI-2", "-"), row("CI-3", "2020-12-31")].concat();
    BasisTable::from_file(&format!("edition\t{name}\nissued\t{issued}\n{rows}")).unwrap()
}

#[test]
fn an_edition_comes_down_signed_is_used_at_once_and_is_never_taken_back() {
    let mut watched = begun(904);
    let (now, dir) = (watched.world.now().utc, watched.world.layout().pki());
    let pki = enrol::pki(&dir, now).unwrap();
    let publish = |watched: &mut Watched, pki: &Pki, table: BasisTable| {
        publish_bases(watched.world.gateway().store(), pki, table, now)
    };
    publish(
        &mut watched,
        &pki,
        edition("essai-2", "2026-12-02", "motif de l'essai"),
    )
    .unwrap();
    reconnect(&mut watched);
    assert!(watched.was_told(Notice::BasesUpdated));
    let lines = |watched: &Watched| watched.world.board.draft.as_ref().unwrap().bases.clone();
    // CI-3 is over by its own days, and every other text is not in the edition.
    assert_eq!(
        lines(&watched).iter().map(|line| line.basis).collect::<Vec<_>>(),
        [CheckBasis::Ci2]
    );
    for (field, text) in [
        (Field::CheckBasis, "CI-2"),
        (Field::Grounds, "sort en courant du magasin"),
        (Field::Place, "14 rue de la République, Saint-Denis"),
    ] {
        fill(&mut watched, field, text);
    }
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(10_000));
    assert!(
        watched.is_received(act_id(CHECK)),
        "HQ judges by the same edition"
    );
    let Act::IdentityCheck(check) = watched.record_at_hq(act_id(CHECK)).unwrap().act else {
        panic!("a check")
    };
    let cited = check.frame.cited.unwrap();
    assert_eq!(check.frame.edition.as_deref(), Some("essai-2"));
    assert_eq!(cited.motive, "motif de l'essai");

    let older = publish(&mut watched, &pki, edition("essai-1", "2026-12-01", "ancien"));
    assert!(matches!(older, Err(PublicationError::OlderEdition)), "{older:?}");
    let again = publish(&mut watched, &pki, edition("essai-2", "2026-12-03", "autre"));
    assert!(matches!(again, Err(PublicationError::Named { .. })), "{again:?}");
    watched.finish();
}
