//! Notices: words for every one, told one after another.

use std::collections::BTreeSet;

use domain::dialogue::{ClipRefusal, Intent, NotGiven, Notice, View};
use domain::envelope::RefusalCode;
use domain::footage::{Gap, GapCause};
use domain::officer::FileKind;
use domain::printing::PrintFailure;
use domain::{ActNumber, ClipId, UnixMs};

use super::{Phone, sample};

const fn number(serial: u32) -> ActNumber {
    ActNumber { year: 2026, serial }
}

fn located(times: u32) -> Notice {
    let at = domain::Timestamp {
        utc: domain::UnixMs(1_795_284_300_000),
        zone: domain::Zone::Paris,
        offset_min: 60,
        boot: domain::BootId::from_bytes([1; 16]),
        mono_ms: 0,
    };
    Notice::Located { times, at }
}

fn every_notice() -> Vec<Notice> {
    let clip = ClipId::from_bytes([1; 16]);
    let act = sample::act(1);
    vec![
        Notice::WrongCode { left: 1 },
        Notice::CardMissing,
        Notice::SlotDestroyed,
        Notice::DiskFull,
        Notice::NoService,
        Notice::FootageOrdered {
            until: domain::UnixMs(1_795_284_300_000),
        },
        Notice::NotSigned { draft: act },
        Notice::FieldTooLong { limit: 1_048_576 },
        Notice::NotAnInvitation,
        Notice::CameraUnreachable,
        Notice::CameraNotTrusted,
        Notice::CameraVanished { clip },
        Notice::ClipRefused {
            clip,
            refusal: ClipRefusal::NotVideo,
        },
        Notice::Refused {
            act,
            code: RefusalCode::Seal,
        },
        Notice::NotHabilitated { file: FileKind::Fpr },
        Notice::MotiveMissing,
        Notice::FrameMissing { file: FileKind::Taj },
        Notice::FoundAfterwards {
            file: FileKind::Fpr,
            dangerous: false,
        },
        Notice::FoundAfterwards {
            file: FileKind::Fpr,
            dangerous: true,
        },
        Notice::AnswerToRead { file: FileKind::Fpr },
        Notice::Shared {
            sent: 1,
            away: 0,
            not_habilitated: 0,
        },
        Notice::Shared {
            sent: 1,
            away: 1,
            not_habilitated: 0,
        },
        Notice::Shared {
            sent: 0,
            away: 0,
            not_habilitated: 1,
        },
        Notice::NotShared,
        Notice::ChecksErased { count: 2 },
        Notice::NobodyToShareWith,
        Notice::AnswerShared {
            file: FileKind::Fpr,
            dangerous: false,
        },
        Notice::AnswerShared {
            file: FileKind::Fpr,
            dangerous: true,
        },
        Notice::ConfirmationsDropped { count: 2 },
        Notice::NothingToConsult,
        Notice::ClockWrong,
        Notice::NotTrustedByHq,
        Notice::NotAServiceNumber,
        Notice::NotAPlace,
        Notice::NotAnOperationsNumber,
        Notice::NumbersExhausted,
        Notice::PositionUnknown,
        Notice::OfficerDataUnusable,
        Notice::PhotoTooLarge { limit_mb: 32 },
        Notice::NotAPhoto,
        Notice::NotAPiece,
        Notice::PieceNotTakenIn,
        Notice::PieceGone { draft: act },
        Notice::NothingBrought,
        Notice::PiecesFull,
        Notice::PieceComing,
        Notice::NotGiven(NotGiven::Kept),
        Notice::NotGiven(NotGiven::SafeContact),
        Notice::NotGiven(NotGiven::NoElectronic),
        Notice::MessageReady,
        Notice::ClockJumped,
        Notice::CodeChanged,
        Notice::CodeTooWeak,
        Notice::DraftsRestored { count: 2 },
        located(1),
        Notice::NotConfigured,
        Notice::RightsNotShown,
        Notice::TerminalRevoked,
        Notice::CameraRevoked,
        Notice::CameraOfAnother,
        Notice::CameraEventRefused,
        Notice::CameraGap {
            gap: Gap {
                from: UnixMs(0),
                until: UnixMs(600_000),
                cause: GapCause::ClockJumped,
            },
        },
        Notice::TriggerRefused,
        Notice::ResponseWrong { left: 2 },
        Notice::ResponseWrong { left: 0 },
        Notice::ResponseMisheard,
        Notice::Readmitted,
        Notice::CardRefusesCode,
        Notice::NumbersLow { left: 10 },
        Notice::NumbersMissing {
            first: number(7),
            last: number(9),
        },
        Notice::NumberTwice { number: number(7) },
        Notice::ReferenceUpdated,
        Notice::ReferenceRefused,
        Notice::NotAPrinter,
        Notice::PrinterUnreachable,
        Notice::PrinterRefused {
            failure: PrintFailure::NoPdf,
        },
        Notice::PrinterRefused {
            failure: PrintFailure::Protected,
        },
        Notice::HandedOver { act },
        Notice::NowhereToHandOver,
        Notice::HandOverFailed,
        Notice::ActNotReadable { act },
    ]
}

#[test]
fn every_notice_has_words_of_its_own() {
    let phone = Phone::unlocked();
    let notices = every_notice();
    let before = phone.texts();
    let mut told = BTreeSet::new();
    for notice in &notices {
        phone.see(&View::Notice(*notice));
        assert!(phone.says("Compris"), "{notice:?}");
        told.insert(&phone.texts() - &before);
        phone.press("Compris");
        assert!(!phone.says("Compris"));
    }
    assert_eq!(told.len(), notices.len());
}

#[test]
fn missing_numbers_are_named_from_the_first_to_the_last_and_one_alone_once() {
    let phone = Phone::unlocked();
    for (last, words) in [
        (
            9,
            "Le commandement n’a aucun acte sous les numéros 2026/000007 à 2026/000009. Signalez-le à votre hiérarchie.",
        ),
        (
            7,
            "Le commandement n’a aucun acte sous le numéro 2026/000007. Signalez-le à votre hiérarchie.",
        ),
    ] {
        phone.see(&View::Notice(Notice::NumbersMissing {
            first: number(7),
            last: number(last),
        }));
        assert!(phone.says(words));
        phone.press("Compris");
    }
}

#[test]
fn a_location_is_told_once_however_often_it_comes_and_the_officer_says_that_it_was_read() {
    let phone = Phone::unlocked();
    phone.see(&View::Notice(located(1)));
    phone.see(&View::Notice(Notice::DiskFull));
    phone.see(&View::Notice(located(2)));
    assert!(phone.says("Terminal localisé par le commandement"));
    phone.press("Compris");
    assert_eq!(
        domain::encode(&phone.only_sent()),
        domain::encode(&Intent::LocatedSeen)
    );
    assert!(phone.says("Mémoire pleine"));
    phone.press("Compris");
    assert!(!phone.says("Terminal localisé par le commandement"));
}

#[test]
fn notices_wait_for_each_other() {
    let phone = Phone::unlocked();
    phone.see(&View::Notice(Notice::MotiveMissing));
    phone.see(&View::Notice(Notice::DiskFull));
    assert!(phone.says("Motif absent") && !phone.says("Mémoire pleine"));
    phone.press("Compris");
    assert!(phone.says("Mémoire pleine") && !phone.says("Motif absent"));
    phone.press("Compris");
    assert!(!phone.says("Mémoire pleine"));
}

#[test]
fn a_refusal_leads_to_its_correction() {
    let phone = Phone::unlocked();
    phone.see(&View::Notice(Notice::Refused {
        act: sample::act(3),
        code: RefusalCode::DocumentMismatch,
    }));
    phone.press("Ouvrir un acte rectificatif");
    let asked = Intent::Correct {
        act: sample::act(3),
        id: None,
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
    assert!(!phone.says("Acte refusé par le commandement"));
}
