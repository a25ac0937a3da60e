//! What a victim brings: looked for, chosen, said for what it is, given back.

use domain::Digest;
use domain::dialogue::{BroughtLine, ComingLine, DraftView, Intent, PieceLine, View};
use domain::piece::PieceKind;
use drawn::{AccountAdapter, FormAdapter, Step};
use slint::ComponentHandle;

use super::{Phone, Screen, sample};

fn on_pieces(draft: DraftView) -> Phone {
    let phone = Phone::unlocked();
    see(&phone, draft);
    phone.open(Screen::Plainte);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Pieces);
    phone.settle();
    phone
}

fn see(phone: &Phone, draft: DraftView) {
    phone.see(&View::Draft(Box::new(draft)));
}

#[track_caller]
fn assert_sent(phone: &Phone, intent: &Intent) {
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(intent));
}

fn recording() -> PieceLine {
    PieceLine {
        name: "piece-appel.wav".to_owned(),
        sha256: Digest::of(b"appel"),
        bytes: 524_288_000,
        kind: PieceKind::Wav,
        label: "appel du 12".into(),
    }
}

#[test]
fn a_file_is_looked_for_then_chosen_then_on_its_way() {
    let draft = sample::plainte();
    let id = draft.draft;
    let phone = on_pieces(draft.clone());
    phone.press("Joindre un fichier");
    assert_sent(&phone, &Intent::LookAtBrought { draft: id });
    let brought = DraftView {
        brought: Some(vec![BroughtLine {
            name: "appel.wav".into(),
            bytes: 524_288_000,
        }]),
        ..draft.clone()
    };
    see(&phone, brought.clone());
    phone.press("appel.wav");
    assert_sent(
        &phone,
        &Intent::TakeIn {
            draft: id,
            name: "appel.wav".to_owned(),
        },
    );
    assert!(!phone.says("Regarder de nouveau"), "the sheet is closed");
    see(
        &phone,
        DraftView {
            coming: vec![ComingLine {
                name: "appel.wav".into(),
                done: 16_777_216,
                bytes: 524_288_000,
            }],
            ..brought
        },
    );
    assert!(!phone.says("Regarder de nouveau"), "nobody looked again");
    assert!(phone.says("appel.wav\u{a0}: 16,8\u{a0}Mo sur 524,3\u{a0}Mo"));
}

#[test]
fn a_medium_without_files_says_what_to_do() {
    let draft = sample::plainte();
    let phone = on_pieces(draft.clone());
    phone.press("Joindre un fichier");
    phone.sent();
    see(
        &phone,
        DraftView {
            brought: Some(Vec::new()),
            ..draft
        },
    );
    assert!(phone.says("Aucun fichier. Branchez le support de la victime, puis regardez de nouveau."));
}

#[test]
fn a_piece_is_said_for_what_it_is_and_given_back_by_its_digest() {
    let draft = DraftView {
        pieces: vec![recording()],
        ..sample::plainte()
    };
    let (id, sha256) = (draft.draft, recording().sha256);
    let phone = on_pieces(draft);
    assert!(phone.says("Enregistrement sonore, 524,3\u{a0}Mo") && phone.says("piece-appel.wav"));
    assert_eq!(phone.value("Ce que c’est"), "appel du 12");
    phone.fill("Ce que c’est", "appel de nuit");
    assert_sent(
        &phone,
        &Intent::LabelPiece {
            draft: id,
            sha256,
            label: "appel de nuit".to_owned(),
        },
    );
    phone.press("Rendre appel du 12");
    assert_sent(&phone, &Intent::GiveBack { draft: id, sha256 });
}

#[test]
fn cpp_429_a_complaint_asks_and_answers_as_a_hearing_does() {
    let phone = on_pieces(sample::plainte());
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Account);
    phone.settle();
    assert!(phone.app.global::<AccountAdapter<'_>>().get_hearing());
    phone.press("Question");
    let Intent::Fill { text, .. } = phone.only_sent() else {
        panic!("a question is an edit")
    };
    assert!(text.ends_with("Q\u{a0}: "), "{text}");
}
