//! An answer that an officer shows to the crew: on both sides in the journal first, of a quarter of an hour, and never to
//! who may not see it.

use domain::QueryId;
use domain::dialogue::{AnswerState, Haptic, Intent, Notice, SharedLine};
use domain::draft::Field;
use domain::journal::Operation;
use domain::officer::{FileKind, Matricule};
use domain::query::{SHOWN_FOR, ShareFate};
use domain::record::ActKind;
use simulator::patrol::scenario::{CorpsName, OfficerSheet, QualityName};
use simulator::world::{Action, Said, Weather};
use tests::acts::act_id;
use tests::watched::Watched;

const CHECK: u8 = 1;
const MATE: &str = "2345678";

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

/// Two of a crew, each with a terminal; the first has an answer about DURAND Marc, sought and dangerous.
fn answered(seed: u64, crew: &str) -> Watched {
    let mut watched = Watched::new(seed, Weather::CLEAR);
    watched.world.join(&mate()).unwrap();
    watched.act(Action::Unlock);
    watched.intent(Intent::StartService {
        crew: crew.to_owned(),
        opj: "7654321".to_owned(),
        vehicle: None,
    });
    let draft = act_id(CHECK);
    watched.act(
        Said::StartDraft {
            id: draft,
            kind: ActKind::IdentityCheck,
        }
        .into(),
    );
    for (field, text) in [
        (Field::CheckBasis, "CI-2"),
        (
            Field::Grounds,
            "quitte le magasin en courant à la vue de la patrouille",
        ),
        (Field::Place, "14 rue de la République, Saint-Denis"),
        (Field::Surname, "DURAND"),
        (Field::GivenNames, "Marc"),
        (Field::BirthDate, "03/05/1988"),
    ] {
        let text = text.to_owned();
        watched.act(Said::Fill { draft, field, text }.into());
    }
    watched.act(Action::Advance(2_000));
    watched.intent(Intent::Consult {
        draft,
        file: FileKind::Fpr,
        motive: "contrôle d'identité sur la voie publique".to_owned(),
    });
    watched.act(Action::Advance(5_000));
    watched
}

fn query(watched: &Watched) -> QueryId {
    let draft = watched.world.board.draft.as_ref().unwrap();
    let line = draft.answers.iter().find(|line| line.file == FileKind::Fpr);
    let Some(AnswerState::Answered(answer)) = line.map(|line| line.state.clone()) else {
        panic!("the FPR did not answer: {:?}", draft.answers)
    };
    answer.query
}

fn share(watched: &mut Watched) -> QueryId {
    let query = query(watched);
    let draft = act_id(CHECK);
    watched.intent(Intent::ShareAnswer { draft, query });
    watched.act(Action::Advance(3_000));
    query
}

/// What the mate's home shows of the crew.
fn shown(watched: &Watched) -> Vec<SharedLine> {
    let board = &watched.world.colleague().unwrap().board;
    board
        .home
        .as_ref()
        .map(|home| home.shared.clone())
        .unwrap_or_default()
}

fn beside(watched: &mut Watched, intent: Intent) {
    watched.world.beside_intent(intent).unwrap();
}

fn own_journal(watched: &Watched) -> Vec<Operation> {
    let entries = watched.world.engine().unwrap().device().journal().unwrap();
    entries.into_iter().map(|entry| entry.operation).collect()
}

fn mates_journal(watched: &Watched) -> Vec<Operation> {
    let engine = watched.world.colleague().unwrap().engine();
    let entries = engine.device().journal().unwrap();
    entries.into_iter().map(|entry| entry.operation).collect()
}

fn fates(watched: &mut Watched, query: QueryId) -> Vec<(String, ShareFate)> {
    let rows = watched.world.gateway().store().begin().unwrap().shares_of(query);
    let rows = rows.unwrap().into_iter();
    rows.map(|row| (row.matricule, row.fate)).collect()
}

#[test]
fn led_art_25_an_answer_is_shown_to_the_crew_and_both_journals_and_hq_say_to_whom() {
    let mut watched = answered(700, MATE);
    let query = share(&mut watched);
    assert!(watched.was_told(Notice::Shared {
        sent: 1,
        away: 0,
        not_habilitated: 0
    }));
    let lines = shown(&watched);
    let [line] = lines.as_slice() else {
        panic!("{lines:?}")
    };
    assert_eq!(line.about.reveal(), "DURAND Marc, 03/05/1988");
    assert!(line.answer.is_dangerous() && line.answer.query == query);
    let mates = &watched.world.colleague().unwrap().board;
    assert_eq!(mates.haptics, [Haptic::Dangerous]);
    let matricule = |number: &str| Matricule::parse(domain::officer::Corps::PoliceNationale, number).unwrap();
    assert!(own_journal(&watched).contains(&Operation::AnswerShared {
        file: FileKind::Fpr,
        query,
        share: line.share,
        with: vec![matricule(MATE)],
    }));
    let by = matricule(line.by.strip_prefix("RIO ").unwrap());
    assert!(mates_journal(&watched).contains(&Operation::SharedAnswerShown {
        file: FileKind::Fpr,
        query,
        share: line.share,
        by,
    }));
    assert_eq!(
        fates(&mut watched, query),
        [(format!("RIO {MATE}"), ShareFate::Sent)]
    );
}

#[test]
fn a_shown_answer_is_gone_after_a_quarter_of_an_hour_even_if_the_clock_is_set_back() {
    let mut watched = answered(701, MATE);
    share(&mut watched);
    watched.act(Action::Advance(u64::try_from(SHOWN_FOR).unwrap() - 60_000));
    watched.world.beside_wake().unwrap();
    assert_eq!(shown(&watched).len(), 1);
    let yesterday = watched.world.now().utc.plus(-86_400_000);
    watched.world.set_clock(yesterday);
    watched.world.beside_wake().unwrap();
    watched.world.beside_unlock().unwrap();
    assert_eq!(shown(&watched).len(), 1);
    watched.act(Action::Advance(60_000));
    watched.world.beside_wake().unwrap();
    assert_eq!(shown(&watched), []);
    beside(&mut watched, Intent::Lock);
    watched.world.beside_unlock().unwrap();
    assert_eq!(shown(&watched), []);
}

#[test]
fn to_a_locked_phone_a_shown_answer_waits_sealed_and_not_past_its_time() {
    let mut watched = answered(702, MATE);
    beside(&mut watched, Intent::Lock);
    share(&mut watched);
    let waiting = |watched: &Watched| {
        watched
            .world
            .colleague()
            .unwrap()
            .board
            .lock
            .as_ref()
            .unwrap()
            .answers
    };
    assert_eq!(waiting(&watched), 1);
    let is_shown = |operation: &Operation| matches!(operation, Operation::SharedAnswerShown { .. });
    assert!(!mates_journal(&watched).iter().any(is_shown));
    watched.world.beside_unlock().unwrap();
    assert_eq!(shown(&watched).len(), 1);
    beside(&mut watched, Intent::Lock);
    watched.act(Action::Advance(u64::try_from(SHOWN_FOR).unwrap()));
    watched.world.beside_unlock().unwrap();
    assert_eq!(shown(&watched), []);
    assert_eq!(waiting(&watched), 0);
}

#[test]
fn what_was_put_away_does_not_come_back() {
    let mut watched = answered(703, MATE);
    share(&mut watched);
    let share = shown(&watched)[0].share;
    beside(&mut watched, Intent::SharedSeen { share });
    assert_eq!(shown(&watched), []);
    beside(&mut watched, Intent::Lock);
    watched.world.beside_unlock().unwrap();
    assert_eq!(shown(&watched), []);
}

#[test]
fn who_is_off_the_network_or_unknown_is_said_not_to_have_seen_it() {
    let mut watched = answered(704, MATE);
    watched.world.beside_away(true).unwrap();
    let query = share(&mut watched);
    // HQ has not missed the terminal yet, or has: nobody is said to have seen what they did not.
    let fate = fates(&mut watched, query).remove(0).1;
    assert!(matches!(fate, ShareFate::Sent | ShareFate::Away));
    assert_eq!(shown(&watched), []);

    let mut watched = answered(705, "9999999");
    let query = share(&mut watched);
    assert_eq!(
        fates(&mut watched, query),
        [("RIO 9999999".to_owned(), ShareFate::NotHabilitated)]
    );
    assert!(watched.was_told(Notice::Shared {
        sent: 0,
        away: 0,
        not_habilitated: 1
    }));
}

#[test]
fn alone_or_without_network_nothing_is_shown_and_the_officer_is_told() {
    let mut watched = answered(706, "");
    share(&mut watched);
    assert!(watched.was_told(Notice::NobodyToShareWith));
    let mut watched = answered(707, MATE);
    watched.act(Action::Cut);
    share(&mut watched);
    watched.act(Action::Advance(21_000));
    assert!(watched.was_told(Notice::NotShared));
    assert_eq!(shown(&watched), []);
}
