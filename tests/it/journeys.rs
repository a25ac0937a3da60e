//! What an officer lives through, over the engine, an in-memory radio and the real HQ.

use std::fs;

use agent::work::record_of;
use domain::delivery::Delivery;
use domain::dialogue::{AnswerState, DraftState, Intent, LockState, Notice, SignerState};
use domain::draft::Field;
use domain::officer::FileKind;
use domain::plainte::Language;
use domain::query::Outcome;
use domain::record::{Act, ActKind, Correction};
use domain::{ActId, Digest, Secret};
use simulator::card::SimCard;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::watched::Watched;

const ONE: u8 = 1;

fn fill(draft: ActId, field: Field, text: &str) -> Action {
    Said::Fill {
        draft,
        field,
        text: text.to_owned(),
    }
    .into()
}

fn shown(watched: &Watched, field: Field) -> Option<String> {
    let draft = watched.world.board.draft.as_ref()?;
    let text = draft.texts.iter().find(|text| text.field == field)?;
    Some(text.text.reveal().clone())
}

#[test]
fn a_pv_goes_from_what_is_typed_to_a_signed_receipt() {
    let mut watched = Watched::on_duty(1);
    let pv = act_id(ONE);
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    let state = watched.world.board.draft.as_ref().unwrap().state;
    assert!(matches!(state, DraftState::Signed { number: Some(_) }));
    assert!(matches!(watched.delivery(pv), Some(Delivery::Waiting { .. })));
    watched.act(Action::Advance(5_000));
    assert!(watched.is_received(pv));
    assert_eq!(watched.count_at_hq(), 1);
    watched.finish();
}

#[test]
fn a_check_asks_a_file_and_keeps_that_it_answered_but_not_what() {
    let mut watched = Watched::on_duty(2);
    let check = act_id(ONE);
    watched.play(acts::drafted(check, ActKind::IdentityCheck));
    watched.act(Action::Advance(2_000));
    let motive = "contrôle d'identité sur la voie publique".to_owned();
    watched.intent(Intent::Consult {
        draft: check,
        file: FileKind::Fpr,
        motive,
    });
    watched.act(Action::Advance(5_000));
    let answers = watched.world.board.draft.as_ref().unwrap().answers.clone();
    let [line] = answers.as_slice() else {
        panic!("one file was asked: {answers:?}")
    };
    let AnswerState::Answered(answer) = &line.state else {
        panic!("no answer came: {line:?}")
    };
    assert!(
        matches!(answer.outcome, Outcome::Found(_)),
        "the specimen is a scripted hit"
    );
    watched.act(Said::Sign { draft: check }.into());
    watched.act(Action::Advance(5_000));
    assert!(watched.is_received(check));
    let held = watched
        .world
        .gateway()
        .store()
        .begin()
        .unwrap()
        .envelopes()
        .unwrap();
    let stored = watched
        .world
        .gateway()
        .store()
        .begin()
        .unwrap()
        .record(held[0])
        .unwrap()
        .unwrap();
    let record = record_of(&stored.record_cose).unwrap();
    let domain::record::Act::IdentityCheck(act) = record.act else {
        panic!("a check was signed")
    };
    assert_eq!(act.files.len(), 1);
    watched.finish();
}

#[test]
fn a_question_without_a_reason_is_not_asked() {
    let mut watched = Watched::on_duty(3);
    let check = act_id(ONE);
    watched.play(acts::drafted(check, ActKind::IdentityCheck));
    watched.intent(Intent::Consult {
        draft: check,
        file: FileKind::Fpr,
        motive: "  ".to_owned(),
    });
    assert!(watched.was_told(Notice::MotiveMissing));
    assert!(watched.world.board.draft.as_ref().unwrap().answers.is_empty());
}

#[test]
fn without_network_a_question_says_that_nobody_answered() {
    let mut watched = Watched::on_duty(4);
    let check = act_id(ONE);
    watched.play(acts::drafted(check, ActKind::IdentityCheck));
    watched.act(Action::Cut);
    watched.intent(Intent::Consult {
        draft: check,
        file: FileKind::Fpr,
        motive: "contrôle".to_owned(),
    });
    watched.act(Action::Advance(60_000));
    let answers = &watched.world.board.draft.as_ref().unwrap().answers;
    assert!(
        matches!(answers.as_slice(), [line] if line.state == AnswerState::NoAnswer),
        "{answers:?}"
    );
}

#[test]
fn a_complaint_gives_its_document_to_the_victim_and_its_recepisse_to_hq() {
    let mut watched = Watched::on_duty(5);
    let plainte = act_id(ONE);
    watched.play(acts::drawn_up(plainte, ActKind::Plainte));
    watched.intent(Intent::ShowDocument { act: plainte });
    let shown = watched.document().expect("a document is shown");
    assert!(shown.starts_with(b"%PDF-"));
    watched.act(Action::Advance(5_000));
    assert!(watched.is_received(plainte));
    assert_eq!(watched.at_hq(plainte, "document.pdf"), Some(shown));
    assert!(
        watched
            .at_hq(plainte, "recepisse.pdf")
            .is_some_and(|pdf| pdf.starts_with(b"%PDF-"))
    );
    watched.finish();
}

#[test]
fn a_complaint_without_notified_rights_is_not_signed() {
    let mut watched = Watched::on_duty(6);
    let plainte = act_id(ONE);
    watched.play(acts::drafted(plainte, ActKind::Plainte));
    watched.act(fill(plainte, Field::RightsLanguage, ""));
    watched.act(Said::Sign { draft: plainte }.into());
    assert!(watched.was_told(Notice::NotSigned { draft: plainte }));
    assert_eq!(watched.delivery(plainte), None);
    watched.act(fill(plainte, Field::RightsLanguage, "fr"));
    watched.play(acts::read_and_signed(plainte, ActKind::Plainte));
    watched.act(Said::Sign { draft: plainte }.into());
    watched.act(Action::Advance(5_000));
    assert!(watched.is_received(plainte));
}

#[test]
fn the_signature_under_the_rights_survives_an_end_of_the_process_and_leaves_with_the_act() {
    let mut watched = Watched::on_duty(61);
    let plainte = act_id(ONE);
    watched.play(acts::drafted(plainte, ActKind::Plainte));
    watched.play([
        Said::ShowRights {
            draft: plainte,
            language: Language::Arabic,
        }
        .into(),
        Said::SignRights { draft: plainte }.into(),
        Action::Kill,
        Action::Start,
        Action::Unlock,
    ]);
    watched.intent(Intent::OpenDraft { draft: plainte });
    let line = watched.world.board.draft.as_ref().unwrap().rights.unwrap();
    assert_eq!(
        (line.language, line.state),
        (Language::Arabic, SignerState::Signed)
    );
    watched.play([
        Said::ReadBack { draft: plainte }.into(),
        Said::HandSign {
            draft: plainte,
            signer: 0,
        }
        .into(),
        Said::Sign { draft: plainte }.into(),
        Action::Advance(5_000),
    ]);
    assert!(watched.is_received(plainte));
    let record = watched.record_at_hq(plainte).unwrap();
    let names: Vec<String> = record.act.enclosures().into_iter().map(|one| one.name).collect();
    assert!(names.contains(&"droits.pdf".to_owned()) && names.contains(&"lecture.pdf".to_owned()));
    for named in record.act.enclosures() {
        let held = watched.at_hq(plainte, &named.name).unwrap();
        assert_eq!(Digest::of(&held), named.sha256, "{}", named.name);
    }
    let Act::Plainte(act) = record.act else {
        panic!("a complaint was signed")
    };
    let sheet = act.rights.sheet.unwrap();
    assert_eq!(
        (act.rights.language, act.rights.at.utc),
        (Language::Arabic, line.at.unwrap().utc)
    );
    assert_eq!(sheet.outcome.pad().unwrap().shown, sheet.sha256);
    watched.finish();
}

#[test]
fn a_complaint_whose_rights_were_not_signed_is_not_signed() {
    let mut watched = Watched::on_duty(62);
    let plainte = act_id(ONE);
    watched.play(acts::drafted(plainte, ActKind::Plainte));
    watched.act(Said::SignRights { draft: plainte }.into());
    assert!(watched.was_told(Notice::RightsNotShown));
    watched.play([
        Said::ReadBack { draft: plainte }.into(),
        Said::Sign { draft: plainte }.into(),
    ]);
    assert!(watched.was_told(Notice::NotSigned { draft: plainte }));
    assert_eq!(watched.delivery(plainte), None);
}

#[test]
fn acts_signed_without_network_arrive_when_it_returns() {
    let mut watched = Watched::on_duty(7);
    watched.act(Action::Advance(2_000));
    watched.act(Action::Cut);
    for (n, kind) in (1..).zip(acts::KINDS) {
        watched.play(acts::drawn_up(act_id(n), kind));
    }
    watched.act(Action::Advance(3_600_000));
    let home = watched.world.board.home.clone().unwrap();
    assert_eq!((home.waiting, home.received), (4, 0));
    assert_eq!(watched.count_at_hq(), 0);
    watched.act(Action::Restore);
    watched.act(Action::Advance(600_000));
    assert!((1..=4).all(|n| watched.is_received(act_id(n))));
    assert_eq!(watched.count_at_hq(), 4);
    watched.finish();
}

#[test]
fn a_refused_act_opens_a_linked_corrective_act_that_is_received() {
    let mut watched = Watched::on_duty(8);
    let refused = act_id(ONE);
    watched.play(acts::drafted(refused, ActKind::Pv));
    watched.act(fill(refused, Field::Subject, acts::REFUSED_SUBJECT));
    watched.act(Said::Sign { draft: refused }.into());
    watched.act(Action::Advance(5_000));
    assert!(matches!(
        watched.delivery(refused),
        Some(Delivery::Refused { .. })
    ));
    let corrective = Correction::act_id(refused);
    let drafts = watched.world.board.home.as_ref().unwrap().drafts.clone();
    assert!(
        drafts.iter().any(|line| line.draft == corrective),
        "the corrective act is open: {drafts:?}"
    );
    watched.intent(Intent::Correct {
        act: refused,
        id: None,
    });
    assert!(watched.world.board.draft.as_ref().unwrap().corrects.is_some());
    watched.act(fill(
        corrective,
        Field::Subject,
        "dégradation légère d'un mur d'école",
    ));
    watched.act(Said::Sign { draft: corrective }.into());
    watched.act(Action::Advance(5_000));
    assert!(watched.is_received(corrective));
    let line = watched.world.board.delivery(refused).unwrap();
    assert_eq!(line.corrected_by, Some(corrective));
    watched.finish();
}

#[test]
fn a_lock_hides_the_drafts_and_an_unlock_brings_them_back_as_they_were() {
    let mut watched = Watched::on_duty(9);
    let pv = act_id(ONE);
    watched.play(acts::drafted(pv, ActKind::Pv));
    watched.act(Said::Lock.into());
    let home = watched.world.board.home.clone().unwrap();
    assert!(home.drafts.is_empty() && home.service.is_none());
    watched.act(Action::Unlock);
    assert_eq!(
        watched.world.board.lock.as_ref().unwrap().state,
        LockState::Unlocked
    );
    watched.intent(Intent::OpenDraft { draft: pv });
    for (field, text) in acts::texts(ActKind::Pv) {
        assert_eq!(shown(&watched, *field).as_deref(), Some(*text));
    }
    watched.act(Said::Sign { draft: pv }.into());
    watched.finish();
}

#[test]
fn every_keystroke_survives_an_end_of_the_process() {
    let mut watched = Watched::on_duty(10);
    let plainte = act_id(ONE);
    watched.act(
        Said::StartDraft {
            id: plainte,
            kind: ActKind::Plainte,
        }
        .into(),
    );
    let mut typed = Vec::new();
    for (field, text) in acts::texts(ActKind::Plainte) {
        watched.act(fill(plainte, *field, text));
        typed.push((*field, *text));
        watched.play([Action::Kill, Action::Start, Action::Unlock]);
        watched.intent(Intent::OpenDraft { draft: plainte });
        for (field, text) in &typed {
            assert_eq!(
                shown(&watched, *field).as_deref(),
                Some(*text),
                "after {} fields",
                typed.len()
            );
        }
    }
    watched.play(acts::read_and_signed(plainte, ActKind::Plainte));
    watched.act(Said::Sign { draft: plainte }.into());
    watched.finish();
}

#[test]
fn an_act_is_delivered_while_the_terminal_is_locked() {
    let mut watched = Watched::on_duty(11);
    watched.act(Action::Cut);
    let pv = act_id(ONE);
    watched.play(acts::drawn_up(pv, ActKind::Pv));
    watched.play([Said::Lock.into(), Action::Restore, Action::Advance(600_000)]);
    assert!(watched.is_received(pv));
    assert!(matches!(
        watched.world.board.lock.as_ref().unwrap().state,
        LockState::Locked { .. }
    ));
}

#[test]
fn another_card_opens_nothing_even_with_the_right_code() {
    let mut watched = Watched::on_duty(12);
    watched.play(acts::drafted(act_id(ONE), ActKind::Pv));
    watched.act(Action::Kill);
    let layout = watched.world.layout().clone();
    let stolen = SimCard::certificate(&layout.card()).unwrap();
    let other = SimCard::open(&watched.folder().join("other-card")).unwrap();
    let mut bare = Bare::open(&layout, watched.world.now());
    bare.insert(other, stolen);
    let code = Secret::new(watched.world.scenario().officer.code.clone());
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work().unwrap();
    assert!(!bare.engine.is_unlocked());
    let told = bare.views.iter().any(|view| {
        matches!(
            view,
            domain::dialogue::View::Notice(Notice::WrongCode { left: 9 })
        )
    });
    assert!(told, "{:?}", bare.views);
}

#[test]
fn nothing_typed_is_readable_in_the_terminals_folder() {
    let mut watched = Watched::on_duty(13);
    watched.play(acts::drafted(act_id(1), ActKind::Plainte));
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    let canaries: Vec<String> = acts::KINDS
        .iter()
        .flat_map(|kind| acts::texts(*kind))
        .flat_map(|(_, text)| text.lines())
        .filter(|text| text.len() >= 10)
        .map(str::to_owned)
        .collect();
    let folder = watched.world.layout().terminal();
    assert!(fs::read_dir(&folder).unwrap().count() > 3);
    let (invariant, scan) = simulator::patrol::invariants::nothing_is_readable(&folder, &canaries);
    assert!(invariant.ok && scan.files > 3, "{:?}", invariant.detail);
}
