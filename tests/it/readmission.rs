//! The officer's way in: the first code at the terminal, several officers on one, and the way back in by telephone.

use agent::keys::{TERMINAL_LIMIT, TRIES};
use domain::dialogue::{Intent, LockState, Notice};
use domain::journal::Operation;
use domain::readmission::{Closure, Readmission, Spoken};
use domain::record::ActKind;
use domain::{OfficerId, Secret};
use hq::readmission::{Given, ReadmissionError, answer};
use simulator::enrol;
use simulator::patrol::scenario::{OfficerSheet, QualityName};
use simulator::world::{Action, Said, Weather};
use tests::acts::{self, act_id};
use tests::watched::Watched;

fn state(watched: &Watched) -> LockState {
    watched.world.board.lock.as_ref().unwrap().state
}

fn secret(code: &str) -> Secret {
    Secret::new(code.to_owned())
}

fn officer(watched: &Watched) -> OfficerId {
    enrol::officer(&watched.world.scenario().officer, watched.world.now().utc)
        .unwrap()
        .id
}

fn site(watched: &Watched) -> agent::site::Site {
    agent::site::Site::new(watched.world.layout().terminal())
}

fn operations(watched: &Watched) -> Vec<Operation> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal.into_iter().map(|entry| entry.operation).collect()
}

/// Wrong codes until the terminal takes none any more; how many it took.
fn guess(watched: &mut Watched) -> usize {
    let mut taken = 0;
    for _ in 0..200 {
        let LockState::Locked { wait_ms, .. } = state(watched) else {
            return taken;
        };
        watched.act(Action::Advance(wait_ms + 1));
        let before = operations(watched).len();
        watched.intent(Intent::Unlock {
            code: secret("000111"),
        });
        let destroyed = watched.world.board.notices.last() == Some(&Notice::SlotDestroyed);
        taken += usize::from(destroyed || operations(watched).len() > before);
    }
    panic!("the terminal takes wrong codes for ever");
}

fn challenge(watched: &Watched) -> Spoken {
    let LockState::Closed { challenge, .. } = state(watched) else {
        panic!("{:?}", state(watched));
    };
    challenge.unwrap()
}

fn asked(watched: &Watched, challenge: Spoken) -> Readmission {
    Readmission {
        device: enrol::device_id(),
        officer: officer(watched),
        challenge,
    }
}

const GIVEN: Given<'_> = Given {
    reason: "rappelé au poste, dix codes faux",
    by: "zone",
};

/// What HQ reads out for the number on the screen.
fn answered(watched: &mut Watched) -> Spoken {
    let asked = asked(watched, challenge(watched));
    let now = watched.world.now().utc;
    answer(watched.world.gateway().store(), &asked, GIVEN, now).unwrap()
}

fn readmit(watched: &mut Watched, response: &str) {
    watched.intent(Intent::Readmit {
        response: secret(response),
    });
}

fn start_work(watched: &mut Watched) {
    watched.intent(Intent::StartService {
        crew: String::new(),
        opj: "7654321".to_owned(),
        vehicle: None,
    });
    watched.intent(Intent::OpenIntervention {
        id: None,
        number: String::new(),
        place: "8 rue du Moulin, Saint-Denis".to_owned(),
    });
}

fn told(watched: &Watched) -> Option<Notice> {
    watched.world.board.notices.last().copied()
}

#[test]
fn an_enrolled_officer_chooses_a_code_at_the_terminal_and_signs_under_it() {
    let mut watched = Watched::new(1_100, Weather::CLEAR);
    assert_eq!(state(&watched), LockState::NoCode);
    watched.intent(Intent::Unlock {
        code: secret("271828"),
    });
    assert_eq!(state(&watched), LockState::NoCode, "there is nothing to unlock");
    for weak in ["123456", "111111", "1234567"] {
        watched.intent(Intent::ChooseCode { code: secret(weak) });
        assert_eq!(
            (told(&watched), state(&watched)),
            (Some(Notice::CodeTooWeak), LockState::NoCode)
        );
    }
    watched.intent(Intent::ChooseCode {
        code: secret("271828"),
    });
    assert_eq!(state(&watched), LockState::Unlocked);
    watched.play(acts::on_duty());
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act_id(1)));
    let chosen = operations(&watched)
        .iter()
        .filter(|one| **one == Operation::CodeChosen)
        .count();
    assert_eq!(chosen, 1);
    // Nobody chooses over the code that is there.
    watched.act(Said::Lock.into());
    watched.intent(Intent::ChooseCode {
        code: secret("314159"),
    });
    assert!(matches!(state(&watched), LockState::Locked { left: TRIES, .. }));
    watched.finish();
}

#[test]
fn the_tenth_wrong_code_leads_by_telephone_to_another_code_and_a_signature() {
    let mut watched = Watched::on_duty(1_101);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    watched.act(Said::Lock.into());
    assert_eq!(guess(&mut watched), usize::from(TRIES));
    assert!(matches!(
        state(&watched),
        LockState::Closed {
            why: Closure::SlotDestroyed,
            left: 5,
            ..
        }
    ));
    // Neither a start nor the card taken out changes the number; the terminal has no network from here on.
    let number = challenge(&watched);
    watched.play([Action::Cut, Action::Kill, Action::Start]);
    assert_eq!(challenge(&watched), number);
    let response = answered(&mut watched);
    // A digit misheard costs nothing, a wrong number a try.
    let said = response.to_string();
    let misheard = format!("{}{}", if said.starts_with('9') { '1' } else { '9' }, &said[1..]);
    readmit(&mut watched, &misheard);
    assert_eq!(told(&watched), Some(Notice::ResponseMisheard));
    readmit(&mut watched, &Spoken::from_bytes([7; 8]).to_string());
    assert_eq!(told(&watched), Some(Notice::ResponseWrong { left: 4 }));
    readmit(&mut watched, &said);
    assert_eq!(told(&watched), Some(Notice::Readmitted));
    assert_eq!(state(&watched), LockState::NoCode);
    // Once in it counts no second time, after a start neither.
    watched.play([Action::Kill, Action::Start]);
    assert_eq!(state(&watched), LockState::NoCode);
    watched.intent(Intent::ChooseCode {
        code: secret("314159"),
    });
    assert_eq!(state(&watched), LockState::Unlocked);
    watched.intent(Intent::Readmit {
        response: secret(&said),
    });
    let old = std::fs::read_dir(site(&watched).root()).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name().into_string().unwrap();
        name.starts_with("officer-") && name.contains(".db.aside-")
    });
    assert!(
        old.count() >= 1,
        "the database of before is set aside, not deleted"
    );
    start_work(&mut watched);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.play([Action::Restore, Action::Advance(700_000)]);
    assert!(watched.is_received(act_id(1)) && watched.is_received(act_id(2)));
    let lines: Vec<Operation> = operations(&watched)
        .into_iter()
        .filter(|one| matches!(one, Operation::Readmission { .. }))
        .collect();
    let why = Closure::SlotDestroyed;
    assert_eq!(
        lines,
        [false, true].map(|granted| Operation::Readmission { why, granted })
    );
    let given = watched.world.gateway().store().begin().unwrap();
    let given = given.readmissions(&enrol::device_id()).unwrap();
    assert_eq!(given.len(), 1);
    assert_eq!(
        (given[0].reason.as_str(), given[0].given_by.as_str()),
        (GIVEN.reason, GIVEN.by)
    );
}

#[test]
fn five_wrong_answers_spend_a_number_and_no_answer_is_worth_anything_elsewhere() {
    let mut watched = Watched::on_duty(1_102);
    watched.act(Said::Lock.into());
    guess(&mut watched);
    let (first, response) = (challenge(&watched), answered(&mut watched));
    let wrong = |n: u8| Spoken::from_bytes([n; 8]).to_string();
    for n in 1..=4 {
        readmit(&mut watched, &wrong(n));
        assert_eq!(told(&watched), Some(Notice::ResponseWrong { left: 5 - n }));
        watched.play([Action::Kill, Action::Start]);
    }
    readmit(&mut watched, &wrong(5));
    assert_ne!(challenge(&watched), first, "the number is spent");
    readmit(&mut watched, &response.to_string());
    assert_eq!(told(&watched), Some(Notice::ResponseWrong { left: 4 }));
    assert!(matches!(state(&watched), LockState::Closed { .. }));
    // For another officer, another terminal or another number HQ answers otherwise, or not at all.
    let now = watched.world.now().utc;
    let right = answered(&mut watched);
    let ours = asked(&watched, challenge(&watched));
    let stranger = Readmission {
        officer: OfficerId::from_bytes([9; 16]),
        ..ours.clone()
    };
    let refused = answer(watched.world.gateway().store(), &stranger, GIVEN, now);
    assert!(matches!(refused, Err(ReadmissionError::NotBound { .. })));
    let elsewhere = Readmission {
        device: domain::DeviceId::parse("neo-000099").unwrap(),
        ..ours.clone()
    };
    let refused = answer(watched.world.gateway().store(), &elsewhere, GIVEN, now);
    assert!(matches!(refused, Err(ReadmissionError::UnknownDevice { .. })));
    let silent = Given { reason: " ", ..GIVEN };
    let refused = answer(watched.world.gateway().store(), &ours, silent, now);
    assert!(matches!(refused, Err(ReadmissionError::NoReason)));
    hq::fleet::suspend(watched.world.gateway().store(), ours.officer, now).unwrap();
    let refused = answer(watched.world.gateway().store(), &ours, GIVEN, now);
    assert!(matches!(refused, Err(ReadmissionError::Suspended { .. })));
    readmit(&mut watched, &right.to_string());
    assert_eq!(state(&watched), LockState::NoCode);
}

#[test]
fn a_counter_that_does_not_read_or_is_put_back_keeps_the_code_and_needs_a_supervisor() {
    for put_back in [false, true] {
        let mut watched = Watched::on_duty(1_103);
        watched.act(Said::Lock.into());
        let folder = site(&watched).officer_dir(officer(&watched));
        let files = ["tries.a", "tries.b"].map(|name| folder.join(name));
        let before = files.each_ref().map(|file| std::fs::read(file).unwrap());
        watched.intent(Intent::Unlock {
            code: secret("000111"),
        });
        for (file, bytes) in files.iter().zip(&before) {
            if put_back {
                std::fs::write(file, bytes).unwrap();
            } else {
                std::fs::remove_file(file).unwrap();
            }
        }
        watched.play([Action::Kill, Action::Start]);
        let why = Closure::CounterClosed;
        assert!(matches!(state(&watched), LockState::Closed { why: found, .. } if found == why));
        watched.act(Action::Unlock);
        assert!(
            matches!(state(&watched), LockState::Closed { .. }),
            "the right code is not even tried"
        );
        let response = answered(&mut watched).to_string();
        readmit(&mut watched, &response);
        assert_eq!(
            state(&watched),
            LockState::Locked {
                left: TRIES,
                wait_ms: 0
            }
        );
        watched.act(Action::Unlock);
        assert_eq!(state(&watched), LockState::Unlocked);
        watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
        watched.finish();
    }
}

#[test]
fn the_terminal_s_own_count_closes_it_whoever_typed_and_a_supervisor_opens_it() {
    let mut watched = Watched::on_duty(1_104);
    watched.act(Said::Lock.into());
    let root = site(&watched).root().to_owned();
    for name in ["terminal-tries.a", "terminal-tries.b"] {
        std::fs::remove_file(root.join(name)).unwrap();
    }
    watched.play([Action::Kill, Action::Start]);
    let why = Closure::TerminalClosed;
    assert!(matches!(state(&watched), LockState::Closed { why: found, .. } if found == why));
    watched.act(Action::Unlock);
    assert!(
        matches!(state(&watched), LockState::Closed { .. }),
        "a count that is gone is not made anew"
    );
    let response = answered(&mut watched).to_string();
    readmit(&mut watched, &response);
    watched.act(Action::Unlock);
    assert_eq!(state(&watched), LockState::Unlocked);
    const { assert!(TERMINAL_LIMIT > TRIES) };
}

fn second() -> OfficerSheet {
    OfficerSheet {
        corps: Default::default(),
        matricule: "2222222".to_owned(),
        name: "SECOND Alix".to_owned(),
        rank: "brigadier".to_owned(),
        quality: QualityName::Apj,
        unit: "Commissariat de Saint-Denis".to_owned(),
        code: "161803".to_owned(),
    }
}

#[test]
fn several_officers_share_a_terminal_and_a_card_that_is_not_admitted_is_told_so() {
    let mut watched = Watched::on_duty(1_105);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(10_000));
    let sheet = second();
    // Enrolled, and not on this terminal.
    watched.world.enrol_card(&sheet).unwrap();
    watched.world.put_card_in(&sheet).unwrap();
    assert_eq!(state(&watched), LockState::NotAdmitted);
    watched.intent(Intent::ChooseCode {
        code: secret("161803"),
    });
    assert_eq!(state(&watched), LockState::NotAdmitted);
    watched.world.admit(&sheet).unwrap();
    watched.play([Action::Cut, Action::Restore, Action::Advance(700_000)]);
    assert_eq!(
        state(&watched),
        LockState::NoCode,
        "the bundle came while the card was in"
    );
    watched.intent(Intent::ChooseCode {
        code: secret("161803"),
    });
    assert_eq!(state(&watched), LockState::Unlocked);
    let drafts = watched.world.board.home.as_ref().unwrap().drafts.len();
    assert_eq!(drafts, 0, "nothing of the colleague's");
    start_work(&mut watched);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    // The first one's card ends the second one's turn.
    watched.world.put_own_card_in().unwrap();
    assert!(matches!(state(&watched), LockState::Locked { left: TRIES, .. }));
    // As the screens forget it at the lock.
    watched.world.board.draft = None;
    watched.act(Action::Unlock);
    watched.play([Action::Advance(700_000)]);
    assert!(watched.is_received(act_id(1)) && watched.is_received(act_id(2)));
    let open = watched.world.board.draft.as_ref().map(|draft| draft.draft);
    assert_ne!(open, Some(act_id(2)), "what the colleague had open is not shown");
    watched.finish();
}

#[test]
fn without_a_reader_an_officer_trains_and_everything_signed_says_so() {
    let mut watched = Watched::new(1_106, Weather::CLEAR);
    watched.act(Action::Advance(10_000));
    let sheet = second();
    watched.world.train(&sheet).unwrap();
    assert!(
        !watched.world.board.lock.as_ref().unwrap().card_present,
        "HQ's word is on its way"
    );
    watched.play([Action::Cut, Action::Restore, Action::Advance(700_000)]);
    assert_eq!(state(&watched), LockState::NoCode);
    assert!(watched.world.board.lock.as_ref().unwrap().formation);
    watched.intent(Intent::ChooseCode {
        code: secret("161803"),
    });
    start_work(&mut watched);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(700_000));
    assert!(watched.is_received(act_id(1)));
    let envelopes = watched.world.gateway().store().begin().unwrap();
    let stored = envelopes.envelopes().unwrap();
    let record = envelopes.record(stored[0]).unwrap().unwrap().record_cose;
    let signed = trust::cose::parse(&record).unwrap();
    assert!(signed.formation, "the signature's own header");
}
