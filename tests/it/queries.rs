//! Questions to police files: one check asks them all, no answer passes for another, and none is lost to a locked phone
//! or to a person who has left.

use agent::store::{DeviceStore, NewQuestion, RawKey};
use domain::dialogue::{AnswerLine, AnswerState, Haptic, Intent, Notice};
use domain::draft::Field;
use domain::identity::TraceResult;
use domain::journal::Operation;
use domain::officer::FileKind;
use domain::query::{Homonym, Outcome};
use domain::record::{Act, ActKind};
use domain::{BootId, Digest, JournalId, OfficerId, QueryId, Timestamp, UnixMs, Zone};
use simulator::world::{Action, Said, Weather};
use tests::acts::{self, act_id};
use tests::watched::Watched;

const CHECK: u8 = 1;
const MOTIVE: &str = "contrôle d'identité sur la voie publique";

/// A check of a person who has no document, complete but for the files.
fn check_of(surname: &str, given: &str, born: &str, basis: &str) -> Vec<Action> {
    let draft = act_id(CHECK);
    let fill = |field, text: &str| {
        Action::from(Said::Fill {
            draft,
            field,
            text: text.to_owned(),
        })
    };
    vec![
        Said::StartDraft {
            id: draft,
            kind: ActKind::IdentityCheck,
        }
        .into(),
        fill(Field::CheckBasis, basis),
        fill(
            Field::Grounds,
            "quitte le magasin en courant à la vue de la patrouille",
        ),
        fill(Field::Place, "14 rue de la République, Saint-Denis"),
        fill(Field::Surname, surname),
        fill(Field::GivenNames, given),
        fill(Field::BirthDate, born),
    ]
}

/// An officer on duty who checks DURAND Marc, sought and dangerous.
fn checks_durand(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(check_of("DURAND", "Marc", "03/05/1988", "CI-2"));
    watched.act(Action::Advance(2_000));
    watched
}

/// The same where an answer comes after the wait is over.
fn checks_durand_slowly(seed: u64) -> Watched {
    let slow = Weather {
        lost: 0,
        repeated: 0,
        delay_ms: (11_000, 11_000),
    };
    let mut watched = Watched::new(seed, slow);
    watched.play(acts::on_duty());
    watched.play(check_of("DURAND", "Marc", "03/05/1988", "CI-2"));
    watched.act(Action::Advance(60_000));
    watched
}

fn consult(file: FileKind) -> Intent {
    Intent::Consult {
        draft: act_id(CHECK),
        file,
        motive: MOTIVE.to_owned(),
    }
}

fn answers(watched: &Watched) -> Vec<AnswerLine> {
    let draft = watched.world.board.draft.as_ref();
    draft.map(|draft| draft.answers.clone()).unwrap_or_default()
}

fn state_of(watched: &Watched, file: FileKind) -> AnswerState {
    let lines = answers(watched);
    let line = lines.iter().find(|line| line.file == file);
    line.unwrap_or_else(|| panic!("{file:?} was not asked: {lines:?}"))
        .state
        .clone()
}

/// What home reminds of.
fn reminders(watched: &Watched) -> Vec<AnswerLine> {
    watched.world.board.home.as_ref().unwrap().answers.clone()
}

fn waiting(watched: &Watched) -> u32 {
    watched.world.board.lock.as_ref().unwrap().answers
}

fn journal(watched: &Watched) -> Vec<Operation> {
    let entries = watched.world.engine().unwrap().device().journal().unwrap();
    entries.into_iter().map(|entry| entry.operation).collect()
}

fn shown(watched: &Watched) -> usize {
    let lines = journal(watched);
    lines
        .iter()
        .filter(|line| matches!(line, Operation::AnswerShown { .. }))
        .count()
}

fn consulted(watched: &Watched) -> Vec<FileKind> {
    let files = journal(watched).into_iter().filter_map(|line| {
        let Operation::Consulted { file, .. } = line else {
            return None;
        };
        Some(file)
    });
    files.collect()
}

fn asked_at_hq(watched: &mut Watched) -> u64 {
    let store = watched.world.gateway().store().begin().unwrap();
    store.counts().unwrap().consultations
}

fn read(watched: &mut Watched) {
    let line = reminders(watched).remove(0);
    let query = line.state.answer().unwrap().query;
    watched.intent(Intent::AnswerSeen { query });
}

#[test]
fn led_art_25_one_tap_asks_every_file_of_a_check_and_all_are_journalled_before_any_question_leaves() {
    let mut watched = Watched::on_duty(80);
    watched.play(acts::drafted(act_id(CHECK), ActKind::IdentityCheck));
    watched.act(Action::Advance(2_000));
    watched.intent(Intent::ConsultAll {
        draft: act_id(CHECK),
        motive: MOTIVE.to_owned(),
    });
    let files = [
        FileKind::Fpr,
        FileKind::Foves,
        FileKind::Siv,
        FileKind::Snpc,
        FileKind::Fva,
    ];
    assert_eq!(consulted(&watched), files);
    assert_eq!(asked_at_hq(&mut watched), 0);
    assert!(
        answers(&watched)
            .iter()
            .all(|line| line.state == AnswerState::Asked)
    );
    watched.act(Action::Advance(5_000));
    assert_eq!(asked_at_hq(&mut watched), 5);
    for file in files {
        assert!(
            matches!(state_of(&watched, file), AnswerState::Answered(_)),
            "{file:?}"
        );
    }
    assert_eq!(shown(&watched), 5);
    let AnswerState::Answered(fpr) = state_of(&watched, FileKind::Fpr) else {
        panic!()
    };
    let [card] = fpr.cards() else { panic!("{fpr:?}") };
    assert!(card.number.is_some() && card.homonym.is_none());
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(5_000));
    assert!(watched.is_received(act_id(CHECK)));
    watched.finish();
}

#[test]
fn without_a_motive_no_file_is_asked() {
    let mut watched = checks_durand(81);
    watched.intent(Intent::ConsultAll {
        draft: act_id(CHECK),
        motive: " ".to_owned(),
    });
    assert!(watched.was_told(Notice::MotiveMissing));
    assert_eq!(consulted(&watched), []);
}

#[test]
fn cpp_230_10_antecedents_are_not_asked_at_the_roadside() {
    let mut watched = Watched::on_duty(82);
    watched.play(check_of("DURAND", "Marc", "03/05/1988", "ROUTE"));
    watched.act(Action::Advance(2_000));
    watched.intent(consult(FileKind::Taj));
    assert!(watched.was_told(Notice::FrameMissing { file: FileKind::Taj }));
    assert_eq!(consulted(&watched), []);
    watched.intent(Intent::ConsultAll {
        draft: act_id(CHECK),
        motive: MOTIVE.to_owned(),
    });
    assert_eq!(consulted(&watched), [FileKind::Fpr, FileKind::Snpc]);
}

#[test]
fn cpp_230_10_antecedents_are_asked_in_a_judicial_frame() {
    let mut watched = checks_durand(83);
    watched.intent(consult(FileKind::Taj));
    watched.act(Action::Advance(5_000));
    let AnswerState::Answered(answer) = state_of(&watched, FileKind::Taj) else {
        panic!()
    };
    assert!(matches!(answer.outcome, Outcome::Found(_)) && !answer.is_hit());
}

#[test]
fn a_dangerous_person_is_felt_by_a_pattern_of_its_own() {
    let mut watched = checks_durand(84);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    assert_eq!(watched.world.board.haptics, [Haptic::Dangerous]);
}

#[test]
fn a_namesake_with_another_date_of_birth_is_said_to_be_one() {
    let mut watched = Watched::on_duty(85);
    watched.play(check_of("DURAND", "Marc", "04/05/1988", "CI-2"));
    watched.act(Action::Advance(2_000));
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    let AnswerState::Answered(answer) = state_of(&watched, FileKind::Fpr) else {
        panic!()
    };
    let homonyms = answer.cards().iter().map(|card| card.homonym);
    assert!(homonyms.clone().count() > 0 && homonyms.into_iter().all(|h| h == Some(Homonym::BirthDiffers)));
}

#[test]
fn a_vehicle_without_a_declared_contract_is_nothing_found_and_no_alert() {
    let mut watched = Watched::on_duty(86);
    watched.play(acts::drafted(act_id(CHECK), ActKind::IdentityCheck));
    watched.act(
        Said::Fill {
            draft: act_id(CHECK),
            field: Field::Plate,
            text: "GA-284-KT".to_owned(),
        }
        .into(),
    );
    watched.act(Action::Advance(2_000));
    watched.intent(consult(FileKind::Fva));
    watched.act(Action::Advance(5_000));
    let AnswerState::Answered(answer) = state_of(&watched, FileKind::Fva) else {
        panic!()
    };
    assert_eq!(answer.outcome, Outcome::NothingFound);
    assert_eq!(watched.world.board.haptics, [Haptic::Neutral]);
}

/// What the act says of the FPR after an answer about this person, and what was felt.
fn told_of_fpr(seed: u64, surname: &str, given: &str, born: &str) -> (TraceResult, Vec<Haptic>, Vec<Notice>) {
    let mut watched = Watched::on_duty(seed);
    watched.play(check_of(surname, given, born, "CI-2"));
    watched.act(Action::Advance(2_000));
    watched.world.board.notices.clear();
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(5_000));
    let felt = watched.world.board.haptics.clone();
    let notices = watched.world.board.notices.clone();
    let record = watched.record_at_hq(act_id(CHECK)).unwrap();
    let Act::IdentityCheck(check) = record.act else {
        panic!()
    };
    let [trace] = check.files.as_slice() else {
        panic!("{:?}", check.files)
    };
    let result = trace.result;
    watched.finish();
    (result, felt, notices)
}

#[test]
fn a_surveillance_is_neither_felt_nor_told_nor_in_the_act_and_nothing_found_looks_the_same() {
    let watched = told_of_fpr(87, "VIDAL", "Paul", "07/09/1991");
    let unknown = told_of_fpr(88, "BERTHIER", "Corinne", "06/12/1965");
    assert_eq!(watched, unknown);
    assert_eq!(watched.0, TraceResult::Consulted);
    assert_eq!(watched.1, [Haptic::Neutral]);
}

#[test]
fn an_answer_after_the_wait_is_shown_as_late_and_its_hit_alerts() {
    let mut watched = checks_durand_slowly(89);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(20_500));
    assert_eq!(state_of(&watched, FileKind::Fpr), AnswerState::NoAnswer);
    assert!(watched.world.board.haptics.is_empty());
    watched.act(Action::Advance(5_000));
    assert!(matches!(state_of(&watched, FileKind::Fpr), AnswerState::Late(_)));
    assert!(watched.was_told(Notice::FoundAfterwards {
        file: FileKind::Fpr,
        dangerous: true
    }));
    assert_eq!(watched.world.board.haptics, [Haptic::Dangerous]);
    assert_eq!(reminders(&watched).len(), 1);
    read(&mut watched);
    assert_eq!(reminders(&watched), []);
    assert_eq!(shown(&watched), 1);
}

#[test]
fn a_second_question_to_the_same_file_takes_no_late_hit_of_the_first_away() {
    let mut watched = checks_durand_slowly(91);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(12_000));
    watched.intent(consult(FileKind::Fpr));
    // The first answer is late while the second is still waited for.
    watched.act(Action::Advance(11_500));
    assert_eq!(reminders(&watched).len(), 1);
    watched.act(Action::Advance(60_000));
    assert_eq!((reminders(&watched).len(), shown(&watched)), (2, 2));
    read(&mut watched);
    read(&mut watched);
    assert_eq!(reminders(&watched), []);
}

#[test]
fn a_hit_that_comes_after_the_act_was_signed_still_alerts_and_is_not_in_the_act() {
    let mut watched = checks_durand_slowly(90);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(30_000));
    assert!(watched.was_told(Notice::FoundAfterwards {
        file: FileKind::Fpr,
        dangerous: true
    }));
    assert_eq!(reminders(&watched).len(), 1);
    watched.act(Action::Advance(60_000));
    let record = watched.record_at_hq(act_id(CHECK)).unwrap();
    let Act::IdentityCheck(check) = record.act else {
        panic!()
    };
    assert!(check.files.iter().all(|trace| trace.result != TraceResult::Found));
}

/// Asks, and locks before the answer is there.
fn locked_over(file: FileKind, mut watched: Watched) -> Watched {
    watched.intent(consult(file));
    watched.act(Said::Lock.into());
    watched.act(Action::Advance(5_000));
    watched
}

#[test]
fn an_answer_to_a_locked_phone_waits_sealed_through_a_restart_and_is_journalled_before_it_is_shown() {
    let mut watched = locked_over(FileKind::Fpr, checks_durand(91));
    assert_eq!(waiting(&watched), 1);
    assert_eq!(watched.world.board.haptics, [Haptic::Neutral]);
    assert_eq!(shown(&watched), 0);
    assert!(reminders(&watched).is_empty());
    watched.act(Action::Kill);
    watched.act(Action::Start);
    assert_eq!(waiting(&watched), 1);
    watched.act(Action::Unlock);
    assert_eq!(shown(&watched), 1);
    let lines = reminders(&watched);
    assert!(
        matches!(lines.as_slice(), [line] if line.state.answer().is_some_and(|answer| answer.is_dangerous()))
    );
    assert_eq!(watched.world.board.haptics, [Haptic::Dangerous]);
    read(&mut watched);
    watched.act(Said::Lock.into());
    assert_eq!(waiting(&watched), 0);
}

#[test]
fn what_waits_on_a_locked_phone_opens_with_the_officers_key_alone() {
    let watched = locked_over(FileKind::Fpr, checks_durand(101));
    let device = watched.world.engine().unwrap().device();
    let officer = watched.world.engine().unwrap().enrolment().officers[0].officer.id;
    let rows = device.questions_of(officer).unwrap();
    let sealed = rows[0].answer.as_ref().unwrap();
    let site = agent::site::Site::new(watched.world.layout().terminal());
    let keys = agent::enrol::vault(&site).unwrap();
    assert!(trust::seal::open(keys.identity(), sealed, 200_000).is_err());
}

#[test]
fn a_hit_that_nobody_said_was_read_comes_back_after_a_lock() {
    let mut watched = checks_durand(92);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    assert_eq!(reminders(&watched).len(), 1);
    watched.act(Said::Lock.into());
    assert_eq!(waiting(&watched), 1);
    watched.act(Action::Unlock);
    assert_eq!((reminders(&watched).len(), shown(&watched)), (1, 2));
}

#[test]
fn of_a_negative_answer_to_a_locked_phone_nothing_stays_once_it_is_shown() {
    let mut watched = Watched::on_duty(93);
    watched.play(check_of("BERTHIER", "Corinne", "06/12/1965", "CI-2"));
    watched.act(Action::Advance(2_000));
    let mut watched = locked_over(FileKind::Fpr, watched);
    assert_eq!(waiting(&watched), 1);
    watched.act(Action::Unlock);
    assert_eq!((waiting(&watched), reminders(&watched).len()), (0, 0));
    open_draft(&mut watched);
    assert!(matches!(
        state_of(&watched, FileKind::Fpr),
        AnswerState::Answered(_)
    ));
}

fn open_draft(watched: &mut Watched) {
    watched.intent(Intent::OpenDraft { draft: act_id(CHECK) });
}

#[test]
fn a_question_whose_answer_was_lost_with_the_process_says_that_nobody_answered() {
    let mut watched = checks_durand(94);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Kill);
    watched.act(Action::Start);
    watched.act(Action::Unlock);
    open_draft(&mut watched);
    assert_eq!(state_of(&watched, FileKind::Fpr), AnswerState::NoAnswer);
}

#[test]
fn an_answer_about_somebody_else_is_not_what_the_draft_shows_or_the_act_says() {
    let mut watched = Watched::on_duty(97);
    watched.play(check_of("BERTHIER", "Corinne", "06/12/1965", "CI-2"));
    watched.act(Action::Advance(2_000));
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    assert!(matches!(
        state_of(&watched, FileKind::Fpr),
        AnswerState::Answered(_)
    ));
    let another = Said::Fill {
        draft: act_id(CHECK),
        field: Field::GivenNames,
        text: "Martine".to_owned(),
    };
    watched.act(another.into());
    assert_eq!(answers(&watched), []);
    // Asked about one, and answered when the draft is about another.
    watched.intent(consult(FileKind::Fpr));
    watched.act(
        Said::Fill {
            draft: act_id(CHECK),
            field: Field::GivenNames,
            text: "Corinne".to_owned(),
        }
        .into(),
    );
    watched.act(Action::Advance(5_000));
    assert_eq!((answers(&watched), shown(&watched)), (Vec::new(), 2));
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(5_000));
    let record = watched.record_at_hq(act_id(CHECK)).unwrap();
    let Act::IdentityCheck(check) = record.act else {
        panic!()
    };
    assert_eq!(check.files, []);
}

#[test]
fn an_answer_that_nobody_came_for_is_gone_after_a_day() {
    let mut watched = locked_over(FileKind::Fpr, checks_durand(95));
    assert_eq!(waiting(&watched), 1);
    watched.act(Action::Sleep(25 * 3_600_000));
    watched.act(Action::Advance(5_000));
    assert_eq!(waiting(&watched), 0);
    watched.act(Action::Unlock);
    assert_eq!((reminders(&watched).len(), shown(&watched)), (0, 0));
}

#[test]
fn an_answer_repeated_by_the_broker_is_shown_once() {
    let twice = Weather {
        lost: 0,
        repeated: 1_000,
        delay_ms: (20, 20),
    };
    let mut watched = Watched::new(96, twice);
    watched.play(acts::on_duty());
    watched.play(check_of("DURAND", "Marc", "03/05/1988", "CI-2"));
    watched.act(Action::Advance(2_000));
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    assert_eq!((shown(&watched), watched.world.board.haptics.len()), (1, 1));
}

#[test]
fn from_a_check_a_pv_a_pve_and_a_complaint_know_the_person_without_typing_signed_or_not() {
    let mut watched = checks_durand(98);
    let texts = |watched: &Watched| {
        let draft = watched.world.board.draft.as_ref().unwrap();
        let text = |field| {
            let line = draft.texts.iter().find(|line| line.field == field);
            line.map(|line| line.text.reveal().clone())
        };
        (draft.kind, text(Field::Surname), text(Field::BirthDate))
    };
    let durand = |kind| (kind, Some("DURAND".to_owned()), Some("03/05/1988".to_owned()));
    for (number, kind) in [(2, ActKind::Pv), (3, ActKind::Pve)] {
        let id = Some(act_id(number));
        watched.intent(Intent::FollowUp {
            from: act_id(CHECK),
            kind,
            id,
        });
        assert_eq!(texts(&watched), durand(kind));
    }
    watched.act(Said::Sign { draft: act_id(CHECK) }.into());
    watched.act(Action::Advance(5_000));
    watched.intent(Intent::FollowUp {
        from: act_id(CHECK),
        kind: ActKind::Plainte,
        id: Some(act_id(4)),
    });
    assert_eq!(texts(&watched), durand(ActKind::Plainte));
}

#[test]
fn of_a_check_that_found_nothing_only_the_access_log_outlives_the_service() {
    let mut watched = Watched::on_duty(99);
    watched.play(check_of("BERTHIER", "Corinne", "06/12/1965", "CI-2"));
    watched.act(Action::Advance(2_000));
    watched.intent(consult(FileKind::Snpc));
    watched.act(Action::Advance(5_000));
    let home = |watched: &Watched| watched.world.board.home.as_ref().unwrap().clone();
    assert_eq!((home(&watched).drafts.len(), home(&watched).fruitless), (1, 1));
    watched.intent(Intent::EndService);
    assert!(watched.was_told(Notice::ChecksErased { count: 1 }));
    assert_eq!((home(&watched).drafts.len(), home(&watched).fruitless), (0, 0));
    assert_eq!(consulted(&watched), [FileKind::Snpc]);
    assert!(journal(&watched).contains(&Operation::DraftDiscarded));
}

#[test]
fn a_check_that_went_with_its_service_takes_no_other_draft_out_of_the_hand() {
    let mut watched = Watched::on_duty(101);
    let pv = act_id(2);
    watched.play([Said::StartDraft {
        id: pv,
        kind: ActKind::Pv,
    }
    .into()]);
    watched.play(check_of("BERTHIER", "Corinne", "06/12/1965", "CI-2"));
    watched.intent(Intent::EndService);
    assert!(watched.was_told(Notice::ChecksErased { count: 1 }));
    watched.intent(Intent::OpenDraft { draft: pv });
    watched.intent(Intent::OpenDraft { draft: act_id(CHECK) });
    let (field, text) = (Field::Subject, "vol à l'étalage".to_owned());
    watched.act(
        Said::Fill {
            draft: pv,
            field,
            text: text.clone(),
        }
        .into(),
    );
    let shown = watched.world.board.draft.as_ref().unwrap();
    let subject = shown.texts.iter().find(|line| line.field == field);
    assert_eq!(
        (shown.draft, subject.map(|line| line.text.reveal())),
        (pv, Some(&text))
    );
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(watched.world.board.draft.as_ref().unwrap().draft, pv);
}

#[test]
fn a_check_that_found_something_outlives_the_service() {
    let mut watched = checks_durand(100);
    watched.intent(consult(FileKind::Fpr));
    watched.act(Action::Advance(5_000));
    watched.intent(Intent::EndService);
    assert_eq!(watched.world.board.home.as_ref().unwrap().drafts.len(), 1);
}

#[test]
fn a_terminal_keeps_a_bounded_number_of_questions_and_sealed_answers() {
    let dir = tempfile::tempdir().unwrap();
    let now = moment(0);
    let key = RawKey::of([3; 32]);
    let path = dir.path().join("device.db");
    let journal = JournalId::from_bytes([4; 16]);
    let mut device = DeviceStore::create(&path, &key, b"enrolment", journal, now).unwrap();
    let id = |number: u16| {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&number.to_be_bytes());
        QueryId::from_bytes(bytes)
    };
    let line = |number| NewQuestion {
        id: id(number),
        draft: act_id(CHECK),
        file: FileKind::Fpr,
        term: Digest::of(b"term"),
        consulted: Operation::Opened,
    };
    let officer = OfficerId::from_bytes([1; 16]);
    for number in 0..513 {
        let at = moment(i64::from(number));
        device.log_questions(at, officer, &[line(number)]).unwrap();
    }
    assert_eq!(device.question(id(0)).unwrap(), None);
    assert!(device.question(id(1)).unwrap().is_some());
    for number in 100..165 {
        device.keep_answer(id(number), b"sealed", false).unwrap();
    }
    let answer = |number| device.question(id(number)).unwrap().unwrap().answer;
    assert_eq!(answer(163), Some(b"sealed".to_vec()));
    // It will show as "no answer", and never as nothing found.
    assert_eq!(answer(164), Some(Vec::new()));
}

fn moment(ms: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(1_795_262_400_000 + ms),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([2; 16]),
        mono_ms: u64::try_from(ms).unwrap(),
    }
}
