//! The general PV between its first word and its signature: read, corrected by renvois, signed by hand, given up,
//! amended; and its code on paper, proven by a terminal that has never seen the act.

use agent::work::{DrawJob, Job, Source};
use domain::dialogue::{Amendment, DraftView, FooterView, Intent, Notice, SignerState, Unsigned, View};
use domain::draft::Field;
use domain::identity::Verdict;
use domain::journal::Operation;
use domain::pv::{Pv, PvKind};
use domain::record::{Act, ActKind, Record};
use domain::{ActId, Digest, Secret};
use reader::{Symbology, barcodes, decode_image};
use simulator::hand::flourish;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::watched::Watched;

const ONE: u8 = 1;

const WITNESS: [(Field, &str); 8] = [
    (Field::PvKind, "AUDITION"),
    (Field::PvFrame, "FLAGRANCE"),
    (Field::Subject, "Audition de témoin"),
    (Field::Place, "12 rue des Lilas, Saint-Denis"),
    (Field::Surname, "MARTIN"),
    (Field::BirthDate, "03/02/1979"),
    (Field::HeardAs, "TEMOIN"),
    (Field::Account, "Q : Qu'avez-vous vu ?\nR : Une voiture."),
];

/// A hearing of a witness, typed.
fn hearing(watched: &mut Watched) -> ActId {
    let draft = act_id(ONE);
    watched.act(
        Said::StartDraft {
            id: draft,
            kind: ActKind::Pv,
        }
        .into(),
    );
    for (field, text) in WITNESS {
        let text = text.to_owned();
        watched.act(Said::Fill { draft, field, text }.into());
    }
    draft
}

fn state_of(watched: &Watched) -> Vec<SignerState> {
    let draft = watched.world.board.draft.as_ref().unwrap();
    draft.signers.iter().map(|line| line.state).collect()
}

#[test]
fn what_was_read_is_signed_by_hand_and_a_renvoi_asks_for_the_hand_again() {
    let mut watched = Watched::on_duty(950);
    let draft = hearing(&mut watched);
    watched.act(Said::Sign { draft }.into());
    assert!(watched.was_told(Notice::NotSigned { draft }));
    watched.play([
        Said::ReadBack { draft }.into(),
        Said::HandSign { draft, signer: 0 }.into(),
    ]);
    assert_eq!(state_of(&watched), [SignerState::Signed]);
    watched.act(
        Said::Fill {
            draft,
            field: Field::Subject,
            text: "Autre".to_owned(),
        }
        .into(),
    );
    assert!(watched.was_told(Notice::AlreadyRead { draft }));
    watched.intent(Intent::AddRenvoi {
        draft,
        place: "page 1".to_owned(),
        text: "lire « un camion »".to_owned(),
    });
    assert_eq!(state_of(&watched), [SignerState::Awaited]);
    // The process ends between the renvoi and the hand: the reading is as it was.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft });
    assert_eq!(state_of(&watched), [SignerState::Awaited]);
    watched.play([
        Said::HandSign { draft, signer: 0 }.into(),
        Said::Sign { draft }.into(),
        Action::Advance(60_000),
    ]);
    assert!(watched.is_received(draft));
    let record = watched.record_at_hq(draft).unwrap();
    let Act::Pv(pv) = &record.act else { panic!("a pv") };
    assert!(pv.renvois[0].approved);
    assert_eq!(pv.subject, "Audition de témoin");
    for named in record.act.enclosures() {
        let held = watched.at_hq(draft, &named.name).unwrap();
        assert_eq!(Digest::of(&held), named.sha256, "{}", named.name);
    }
    watched.finish();
}

/// The terminal of `watched`, whose workers wait until they are told to run.
fn in_hand(watched: &mut Watched, draft: ActId) -> Bare {
    watched.act(Action::Kill);
    let mut bare = Bare::open(watched.world.layout(), watched.world.now());
    let code = Secret::new(watched.world.scenario().officer.code.clone());
    bare.intent(Intent::Unlock { code }).unwrap();
    bare.work().unwrap();
    bare.intent(Intent::OpenDraft { draft }).unwrap();
    bare
}

/// The draft as the screen of `bare` shows it last.
fn on_screen(bare: &Bare) -> &DraftView {
    let draft = bare.views.iter().rev().find_map(|view| {
        let View::Draft(draft) = view else { return None };
        Some(&**draft)
    });
    draft.unwrap()
}

fn is_shown(bare: &Bare) -> bool {
    on_screen(bare)
        .reading
        .as_ref()
        .is_some_and(|reading| reading.shown)
}

/// Draws the oldest document that waits; gives the PV in it.
fn draw(bare: &mut Bare) -> Pv {
    let Some(Job::Draw(DrawJob {
        source: Source::Draft(unsigned),
        ..
    })) = bare.jobs.first()
    else {
        panic!("a draft waits to be drawn")
    };
    let Act::Pv(pv) = unsigned.record.act.clone() else {
        panic!("a pv")
    };
    bare.work().unwrap();
    *pv
}

/// The witness signs what is shown.
fn sign_by_hand(bare: &mut Bare, draft: ActId) {
    let strokes = flourish(0);
    bare.intent(Intent::SignByHand {
        draft,
        signer: 0,
        strokes,
    })
    .unwrap();
    assert_eq!(on_screen(bare).signers[0].state, SignerState::Signed);
}

#[test]
fn a_text_that_changes_while_it_is_drawn_is_drawn_again_before_anybody_signs() {
    let mut watched = Watched::on_duty(956);
    let draft = hearing(&mut watched);
    let mut bare = in_hand(&mut watched, draft);
    bare.intent(Intent::ReadBack { draft }).unwrap();
    bare.intent(Intent::Fill {
        draft,
        field: Field::Account,
        text: "Q : Qu'avez-vous vu ?\nR : Un camion.".to_owned(),
    })
    .unwrap();
    draw(&mut bare);
    assert!(!is_shown(&bare), "what is drawn is not what was typed");
    let shown = draw(&mut bare);
    assert!(is_shown(&bare) && bare.jobs.is_empty());
    let exchanges = &shown.hearing.as_ref().unwrap().exchanges;
    assert_eq!(exchanges[0].answer.reveal(), "Un camion.");
    sign_by_hand(&mut bare, draft);
}

#[test]
fn a_second_renvoi_while_the_first_is_drawn_stands_in_what_is_signed() {
    let mut watched = Watched::on_duty(957);
    let draft = hearing(&mut watched);
    watched.act(Said::ReadBack { draft }.into());
    let mut bare = in_hand(&mut watched, draft);
    for text in ["lire « un camion »", "lire « rouge »"] {
        bare.intent(Intent::AddRenvoi {
            draft,
            place: "page 1".to_owned(),
            text: text.to_owned(),
        })
        .unwrap();
    }
    draw(&mut bare);
    assert!(!is_shown(&bare), "the second renvoi is not drawn yet");
    let shown = draw(&mut bare);
    assert!(is_shown(&bare) && bare.jobs.is_empty());
    assert_eq!(shown.renvois.len(), 2);
    sign_by_hand(&mut bare, draft);
}

#[test]
fn a_preview_under_way_does_not_keep_the_reading_waiting() {
    let mut watched = Watched::on_duty(958);
    let draft = hearing(&mut watched);
    let mut bare = in_hand(&mut watched, draft);
    bare.intent(Intent::Preview { draft }).unwrap();
    bare.intent(Intent::ReadBack { draft }).unwrap();
    draw(&mut bare);
    assert!(!is_shown(&bare));
    draw(&mut bare);
    assert!(is_shown(&bare));
}

#[test]
fn a_refusal_to_sign_needs_its_reason_and_does_not_stop_the_act() {
    let mut watched = Watched::on_duty(951);
    let draft = hearing(&mut watched);
    watched.act(Said::ReadBack { draft }.into());
    let leave = |reason: &str| Intent::LeaveUnsigned {
        draft,
        signer: 0,
        why: Unsigned::Refuses,
        reason: reason.to_owned(),
    };
    watched.intent(leave("  "));
    assert!(watched.was_told(Notice::WordsMissing));
    assert_eq!(state_of(&watched), [SignerState::Awaited]);
    watched.intent(leave("ne veut rien signer"));
    watched.play([Said::Sign { draft }.into(), Action::Advance(60_000)]);
    assert!(watched.is_received(draft));
    watched.finish();
}

#[test]
fn nobody_signs_by_hand_what_is_not_shown() {
    let mut watched = Watched::on_duty(952);
    let draft = hearing(&mut watched);
    watched.act(Said::HandSign { draft, signer: 0 }.into());
    assert!(watched.was_told(Notice::NotRead));
    watched.intent(Intent::Preview { draft });
    // A preview is for its author and locks nothing.
    watched.act(Said::HandSign { draft, signer: 0 }.into());
    assert_eq!(state_of(&watched), [SignerState::Awaited]);
    watched.act(
        Said::Fill {
            draft,
            field: Field::Subject,
            text: "Audition".to_owned(),
        }
        .into(),
    );
    assert!(!watched.was_told(Notice::AlreadyRead { draft }));
    watched.play([
        Said::ReadBack { draft }.into(),
        Said::HandSign { draft, signer: 0 }.into(),
        Said::Sign { draft }.into(),
        Action::Advance(60_000),
    ]);
    assert!(watched.is_received(draft));
    watched.finish();
}

#[test]
fn every_kind_of_act_is_previewed_page_by_page_and_stays_a_draft() {
    for kind in acts::KINDS {
        let mut watched = Watched::on_duty(957);
        let draft = act_id(ONE);
        watched.play(acts::drafted(draft, kind));
        watched.play(acts::rights_told(draft, kind));
        watched.act(Action::Kill);
        let code = watched.world.scenario().officer.code.clone();
        let mut bare = Bare::open(watched.world.layout(), watched.world.now());
        bare.intent(Intent::Unlock {
            code: Secret::new(code),
        })
        .unwrap();
        bare.work().unwrap();
        bare.intent(Intent::Preview { draft }).unwrap();
        bare.work().unwrap();
        let pages = bare.views.iter().find_map(|view| {
            if let View::Pages(shown) = view {
                (shown.act == draft).then_some(&shown.pages)
            } else {
                None
            }
        });
        let pages = pages.unwrap_or_else(|| panic!("{kind:?} is not shown"));
        assert!(!pages.is_empty() && pages.iter().all(|page| page.starts_with(b"\x89PNG")));
        // A preview reserves no number and locks nothing.
        assert!(bare.engine.device().acts().unwrap().is_empty(), "{kind:?}");
    }
}

#[test]
fn a_draft_given_up_leaves_its_line_and_the_number_that_it_had() {
    let mut watched = Watched::on_duty(953);
    let draft = hearing(&mut watched);
    watched.act(Said::ReadBack { draft }.into());
    watched.intent(Intent::DiscardDraft { draft });
    assert!(watched.world.board.home.as_ref().unwrap().drafts.is_empty());
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let lines: Vec<&Operation> = journal.iter().map(|entry| &entry.operation).collect();
    let [before @ .., unused, discarded] = lines.as_slice() else {
        panic!("a journal")
    };
    assert!(!before.is_empty());
    assert!(matches!(unused, Operation::NumberUnused { .. }));
    assert_eq!(*discarded, &Operation::DraftDiscarded);
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert!(watched.world.board.home.as_ref().unwrap().drafts.is_empty());
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(act_id(2)));
    watched.finish();
}

#[test]
fn a_signed_act_is_rectified_by_another_that_names_it() {
    let mut watched = Watched::on_duty(954);
    let (act, id) = (act_id(ONE), act_id(2));
    watched.play(acts::drawn_up(act, ActKind::Pv));
    watched.act(Action::Advance(5_000));
    watched.intent(Intent::Amend {
        act,
        id: Some(id),
        how: Amendment::Rectify,
    });
    watched.play([
        Said::Fill {
            draft: id,
            field: Field::Account,
            text: "Disons lire 12 au lieu de 14.".to_owned(),
        }
        .into(),
        Said::Sign { draft: id }.into(),
        Action::Advance(60_000),
    ]);
    assert!(watched.is_received(id));
    let (first, second) = (
        watched.record_at_hq(act).unwrap(),
        watched.record_at_hq(id).unwrap(),
    );
    let Act::Pv(pv) = &second.act else { panic!("a pv") };
    assert_eq!(pv.kind, PvKind::Rectification);
    assert_eq!(second.corrects.map(|correction| correction.act), Some(first.id));
    watched.finish();
}

/// The text of the code at the foot of the document on screen, as a camera reads it from the paper.
fn code_on_paper(watched: &mut Watched, act: ActId) -> String {
    watched.intent(Intent::ShowDocument { act });
    let pages = documents::pages(&watched.document().unwrap(), 1240).unwrap();
    let read = barcodes(&decode_image(&pages[0]).unwrap()).unwrap();
    let code = read.into_iter().find(|code| code.symbology == Symbology::QrCode);
    String::from_utf8(code.unwrap().bytes).unwrap()
}

fn checked(watched: &mut Watched, code: &str) -> Option<FooterView> {
    watched
        .world
        .board
        .views
        .retain(|view| !matches!(view, View::Footer(_)));
    watched.intent(Intent::CheckFooter {
        code: code.to_owned(),
    });
    watched.world.board.views.iter().find_map(|view| match view {
        View::Footer(footer) => Some(FooterView::clone(footer)),
        View::Lock(_)
        | View::Home(_)
        | View::Draft(_)
        | View::Deliveries(_)
        | View::Offences(_)
        | View::Camera(_)
        | View::Document(_)
        | View::Notice(_)
        | View::Pages(_)
        | View::Formulas(_)
        | View::Printing(_)
        | View::Visas(_)
        | View::Alerts(_)
        | View::Haptic(_)
        | View::Handout(_)
        | View::Film(_)
        | View::Photo(_)
        | View::Appearance(_)
        | View::Budget(_)
        | View::Enrolment(_) => None,
    })
}

#[test]
fn the_code_on_paper_proves_offline_that_the_act_exists_and_who_signed_it() {
    let mut watched = Watched::on_duty(955);
    let act = act_id(ONE);
    watched.play(acts::drawn_up(act, ActKind::Pv));
    watched.act(Action::Advance(5_000));
    let code = code_on_paper(&mut watched, act);
    for typed in acts::texts(ActKind::Pv) {
        assert!(!code.contains(typed.1), "the code says nothing of the act");
    }
    watched.act(Action::Cut);
    let footer = checked(&mut watched, &code).unwrap();
    let proven = (footer.signature, footer.issuer_trusted, footer.in_date);
    assert_eq!(proven, (Verdict::Proven, Verdict::Proven, Verdict::Proven));
    assert!(footer.signer.starts_with("RIO "));
    // What it names is the record that HQ holds, without its document.
    let record = watched.record_at_hq(act).unwrap();
    let without = Record {
        document: None,
        ..record
    };
    assert_eq!(footer.act, Digest::of(&domain::encode(&without)));
    assert_eq!(Some(footer.number), without.number);

    // Another HQ's terminal reads it, and does not trust who issued the certificate.
    let mut abroad = Watched::on_duty(956);
    let footer = checked(&mut abroad, &code).unwrap();
    assert_eq!(
        (footer.signature, footer.issuer_trusted),
        (Verdict::Proven, Verdict::Refuted)
    );
    assert!(checked(&mut abroad, "NEO1ABC").is_none());
    assert!(abroad.was_told(Notice::NotAFooter));
    watched.finish();
}
