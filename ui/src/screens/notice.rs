//! Notices: told one after another, each until the officer has read it.

use std::rc::Rc;

use domain::dialogue::{Intent, NotGiven, Notice};
use domain::intervention::OutOfOrder;
use drawn::{
    ActKind, App, ClipRefusal, Counted, DeliveriesAdapter, FileKind, Moment, Navigation, NoticeAdapter,
    NoticeKind, NoticeLine, PrintFailure, Reason, Refusal, RequisitionFault, Screen, UnlockAdapter,
};
use slint::{ComponentHandle, Model};

use super::{Intents, code, deliveries, home, model, printing};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let notices = app.global::<NoticeAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    notices.on_dismiss(move || {
        if let Some(app) = window.upgrade() {
            // Until somebody has read it, it comes back.
            if app.global::<NoticeAdapter<'_>>().get_notice().kind == NoticeKind::Located {
                sink(Intent::LocatedSeen);
            }
            next(&app);
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    notices.on_correct(move |act| deliveries::correct(&window, &sink, &act));
}

pub(super) fn show(app: &App, notice: Notice) {
    let notices = app.global::<NoticeAdapter<'_>>();
    let at_the_lock = app.global::<Navigation<'_>>().get_screen() == Screen::Unlock;
    if let Notice::WrongCode { left } = notice
        && at_the_lock
    {
        let unlock = app.global::<UnlockAdapter<'_>>();
        unlock.set_left(left.into());
        unlock.set_code_refused(true);
        return;
    }
    if notice == Notice::CodeAsked {
        code::ask(app);
        return;
    }
    let mut line = line(notice, home::offset_min(app));
    if let Notice::CameraGap { gap } = notice {
        let offset_min = home::offset_min(app);
        line.at = moment::at(gap.from, offset_min);
        line.until = moment::at(gap.until, offset_min);
    }
    if line.kind == NoticeKind::Refused && is_visa(app, &line.act) {
        line.kind = NoticeKind::VisaRefused;
    }
    if matches!(
        line.kind,
        NoticeKind::NotAPrinter | NoticeKind::PrinterUnreachable | NoticeKind::PrinterRefused
    ) {
        printing::give_up(app);
    }
    let same = |other: &NoticeLine| other.kind == NoticeKind::Located && line.kind == other.kind;
    if notices.get_open() && same(&notices.get_notice()) {
        notices.set_notice(line);
    } else if notices.get_open() {
        let waiting: Vec<NoticeLine> = notices
            .get_waiting()
            .iter()
            .filter(|other| !same(other))
            .chain([line.clone()])
            .collect();
        notices.set_waiting(model(waiting));
    } else {
        notices.set_notice(line);
        notices.set_open(true);
    }
}

/// No form corrects a request for a visa, nor a visa.
fn is_visa(app: &App, act: &str) -> bool {
    let lines = app.global::<DeliveriesAdapter<'_>>().get_acts();
    let line = lines.iter().find(|line| line.act == act);
    line.is_some_and(|line| {
        matches!(
            line.kind,
            ActKind::VisaRequest | ActKind::Visa | ActKind::Alert | ActKind::SafeContact | ActKind::Custody
        )
    })
}

fn next(app: &App) {
    let notices = app.global::<NoticeAdapter<'_>>();
    let mut waiting: Vec<NoticeLine> = notices.get_waiting().iter().collect();
    if waiting.is_empty() {
        notices.set_open(false);
        return;
    }
    notices.set_notice(waiting.remove(0));
    notices.set_waiting(model(waiting));
}

fn line(notice: Notice, offset_min: i16) -> NoticeLine {
    let plain = |kind| NoticeLine {
        kind,
        count: 0,
        file: FileKind::Fpr,
        refusal: Refusal::None,
        clip_refusal: ClipRefusal::None,
        act: "".into(),
        number: "".into(),
        last_number: "".into(),
        print_failure: PrintFailure::None,
        at: Moment::default(),
        until: Moment::default(),
        reason: Reason::None,
        requisition_fault: RequisitionFault::None,
        counted: Counted::Verification,
    };
    match notice {
        Notice::WrongCode { left } => NoticeLine {
            count: left.into(),
            ..plain(NoticeKind::WrongCode)
        },
        Notice::NotAnAlert => plain(NoticeKind::NotAnAlert),
        Notice::RecordingPastTerm => plain(NoticeKind::RecordingPastTerm),
        Notice::NotAStatement => plain(NoticeKind::NotAStatement),
        Notice::FootageOrdered { until } => NoticeLine {
            at: moment::at(until, offset_min),
            ..plain(NoticeKind::FootageOrdered)
        },
        Notice::OutOfOrder(OutOfOrder::AlreadyThere) => plain(NoticeKind::AlreadyThere),
        Notice::OutOfOrder(OutOfOrder::NeverThere) => plain(NoticeKind::NeverThere),
        Notice::OutOfOrder(OutOfOrder::Over) => plain(NoticeKind::InterventionOver),
        Notice::StepTimeInDoubt { backwards: true } => plain(NoticeKind::StepSetBack),
        Notice::StepTimeInDoubt { backwards: false } => plain(NoticeKind::StepTimeInDoubt),
        Notice::CallProposed { danger: true } => plain(NoticeKind::CallDangerous),
        Notice::CallProposed { danger: false } => plain(NoticeKind::CallProposed),
        Notice::ToVerify => plain(NoticeKind::ToVerify),
        Notice::NotAPatrolVehicle => plain(NoticeKind::NotAPatrolVehicle),
        Notice::CrewCardUnknown => plain(NoticeKind::CrewCardUnknown),
        Notice::DispatchWaits => plain(NoticeKind::DispatchWaits),
        Notice::NotADescription => plain(NoticeKind::NotADescription),
        Notice::CrewShares => plain(NoticeKind::CrewShares),
        Notice::CrewChanged => plain(NoticeKind::CrewChanged),
        Notice::CrewDiffers => plain(NoticeKind::CrewDiffers),
        Notice::CrewClosed => plain(NoticeKind::CrewClosed),
        Notice::AccountsTooLong => plain(NoticeKind::AccountsTooLong),
        Notice::CardMissing => plain(NoticeKind::CardMissing),
        Notice::SlotDestroyed => plain(NoticeKind::SlotDestroyed),
        Notice::DiskFull => plain(NoticeKind::DiskFull),
        Notice::NoService => plain(NoticeKind::NoService),
        Notice::NotSigned { draft } => NoticeLine {
            act: draft.to_string().into(),
            ..plain(NoticeKind::NotSigned)
        },
        Notice::FieldTooLong { limit } => NoticeLine {
            count: i32::try_from(limit / 1024).unwrap_or(i32::MAX),
            ..plain(NoticeKind::FieldTooLong)
        },
        Notice::NotAnInvitation => plain(NoticeKind::NotAnInvitation),
        Notice::CameraUnreachable => plain(NoticeKind::CameraUnreachable),
        Notice::CameraNotTrusted => plain(NoticeKind::CameraNotTrusted),
        Notice::CameraVanished { clip: _ } => plain(NoticeKind::CameraVanished),
        Notice::ClipRefused { clip: _, refusal } => NoticeLine {
            clip_refusal: refusal.into(),
            ..plain(NoticeKind::ClipRefused)
        },
        Notice::RetentionNears { draft, minutes } => NoticeLine {
            count: minutes.into(),
            act: draft.to_string().into(),
            ..plain(NoticeKind::RetentionNears)
        },
        Notice::RetentionOver { draft, minutes } => NoticeLine {
            count: minutes.into(),
            act: draft.to_string().into(),
            ..plain(NoticeKind::RetentionOver)
        },
        Notice::HoursNear {
            draft,
            counted,
            minutes,
        } => NoticeLine {
            count: minutes.into(),
            act: draft.to_string().into(),
            counted: counted.into(),
            ..plain(NoticeKind::HoursNear)
        },
        Notice::HoursOver { draft, counted } => NoticeLine {
            act: draft.to_string().into(),
            counted: counted.into(),
            ..plain(NoticeKind::HoursOver)
        },
        Notice::NotHandedOver { act } => NoticeLine {
            act: act.to_string().into(),
            ..plain(NoticeKind::NotHandedOver)
        },
        Notice::VisaAsked { request: _ } => plain(NoticeKind::VisaAsked),
        Notice::VisaDecided { act } => NoticeLine {
            act: act.to_string().into(),
            ..plain(NoticeKind::VisaDecided)
        },
        Notice::NotAnOpj => plain(NoticeKind::NotAnOpj),
        Notice::SuiviCame => plain(NoticeKind::SuiviCame),
        Notice::OwnVisa => plain(NoticeKind::OwnVisa),
        Notice::ActNotShown => plain(NoticeKind::ActNotShown),
        Notice::NotADecision => plain(NoticeKind::NotADecision),
        Notice::Refused { act, code } => NoticeLine {
            act: act.to_string().into(),
            refusal: code.into(),
            ..plain(NoticeKind::Refused)
        },
        Notice::NotHabilitated { file } => NoticeLine {
            file: file.into(),
            ..plain(NoticeKind::NotHabilitated)
        },
        Notice::FrameMissing { file } => NoticeLine {
            file: file.into(),
            ..plain(NoticeKind::FrameMissing)
        },
        Notice::FrameBlocked { problem } => NoticeLine {
            reason: problem.reason.into(),
            ..plain(NoticeKind::FrameBlocked)
        },
        Notice::UrgencyNotEnough { file } => NoticeLine {
            file: file.into(),
            ..plain(NoticeKind::UrgencyNotEnough)
        },
        Notice::NotARequisition { why } => NoticeLine {
            requisition_fault: why.into(),
            ..plain(NoticeKind::NotARequisition)
        },
        Notice::LimitNears { draft, minutes } => NoticeLine {
            count: minutes.into(),
            act: draft.to_string().into(),
            ..plain(NoticeKind::LimitNears)
        },
        Notice::LimitOver { draft } => NoticeLine {
            act: draft.to_string().into(),
            ..plain(NoticeKind::LimitOver)
        },
        Notice::BasesUpdated => plain(NoticeKind::BasesUpdated),
        Notice::FoundAfterwards { file, dangerous } => NoticeLine {
            file: file.into(),
            ..plain(if dangerous {
                NoticeKind::FoundDangerous
            } else {
                NoticeKind::FoundAfterwards
            })
        },
        Notice::AnswerToRead { file } => NoticeLine {
            file: file.into(),
            ..plain(NoticeKind::AnswerToRead)
        },
        Notice::Shared {
            sent,
            away,
            not_habilitated,
        } => NoticeLine {
            count: sent.into(),
            ..plain(match (sent, away, not_habilitated) {
                (0, _, _) => NoticeKind::SharedToNobody,
                (_, 0, 0) => NoticeKind::Shared,
                _ => NoticeKind::SharedInPart,
            })
        },
        Notice::ChecksErased { count } => NoticeLine {
            count: count.into(),
            ..plain(NoticeKind::ChecksErased)
        },
        Notice::NotShared => plain(NoticeKind::NotShared),
        Notice::NobodyToShareWith => plain(NoticeKind::NobodyToShareWith),
        Notice::AnswerShared { file, dangerous } => NoticeLine {
            file: file.into(),
            ..plain(if dangerous {
                NoticeKind::AnswerSharedDangerous
            } else {
                NoticeKind::AnswerShared
            })
        },
        Notice::ConfirmationsDropped { count } => NoticeLine {
            count: i32::try_from(count).unwrap_or(i32::MAX),
            ..plain(NoticeKind::ConfirmationsDropped)
        },
        Notice::MotiveMissing => plain(NoticeKind::MotiveMissing),
        Notice::NothingToConsult => plain(NoticeKind::NothingToConsult),
        Notice::ClockWrong => plain(NoticeKind::ClockWrong),
        Notice::NotTrustedByHq => plain(NoticeKind::NotTrustedByHq),
        Notice::NotAServiceNumber => plain(NoticeKind::NotAServiceNumber),
        Notice::NotAPlace => plain(NoticeKind::NotAPlace),
        Notice::NotAnOperationsNumber => plain(NoticeKind::NotAnOperationsNumber),
        Notice::NumbersExhausted => plain(NoticeKind::NumbersExhausted),
        Notice::PositionUnknown => plain(NoticeKind::PositionUnknown),
        Notice::OfficerDataUnusable => plain(NoticeKind::OfficerDataUnusable),
        Notice::AlreadyRead { draft } => NoticeLine {
            act: draft.to_string().into(),
            ..plain(NoticeKind::AlreadyRead)
        },
        Notice::NotASignature => plain(NoticeKind::NotASignature),
        Notice::NotRead => plain(NoticeKind::NotRead),
        Notice::RightsNotShown => plain(NoticeKind::RightsNotShown),
        Notice::WordsMissing => plain(NoticeKind::WordsMissing),
        Notice::NotAFooter => plain(NoticeKind::NotAFooter),
        Notice::ClockBehind => plain(NoticeKind::ClockBehind),
        Notice::ClockJumped => plain(NoticeKind::ClockJumped),
        Notice::CodeChanged => plain(NoticeKind::CodeChanged),
        Notice::CodeTooWeak => plain(NoticeKind::CodeTooWeak),
        Notice::CodeAsked => plain(NoticeKind::CodeAsked),
        Notice::NotConfigured => plain(NoticeKind::NotConfigured),
        Notice::TerminalRevoked => plain(NoticeKind::TerminalRevoked),
        Notice::CameraRevoked => plain(NoticeKind::CameraRevoked),
        Notice::CameraOfAnother => plain(NoticeKind::CameraOfAnother),
        Notice::CameraEventRefused => plain(NoticeKind::CameraEventRefused),
        Notice::CameraGap { gap: _ } => plain(NoticeKind::CameraGap),
        Notice::TriggerRefused => plain(NoticeKind::TriggerRefused),
        Notice::ResponseWrong { left } => NoticeLine {
            count: left.into(),
            ..plain(NoticeKind::ResponseWrong)
        },
        Notice::ResponseMisheard => plain(NoticeKind::ResponseMisheard),
        Notice::Readmitted => plain(NoticeKind::Readmitted),
        Notice::CardRefusesCode => plain(NoticeKind::CardRefusesCode),
        Notice::DraftsRestored { count } => NoticeLine {
            count: i32::try_from(count).unwrap_or(i32::MAX),
            ..plain(NoticeKind::DraftsRestored)
        },
        Notice::Located { times, at } => NoticeLine {
            count: i32::try_from(times).unwrap_or(i32::MAX),
            at: moment::of(at),
            ..plain(NoticeKind::Located)
        },
        Notice::PhotoTooLarge { limit_mb } => NoticeLine {
            count: i32::try_from(limit_mb).unwrap_or(i32::MAX),
            ..plain(NoticeKind::PhotoTooLarge)
        },
        Notice::NotAPhoto => plain(NoticeKind::NotAPhoto),
        Notice::NotAPiece => plain(NoticeKind::NotAPiece),
        Notice::PieceNotTakenIn => plain(NoticeKind::PieceNotTakenIn),
        Notice::PieceGone { draft } => NoticeLine {
            act: draft.to_string().into(),
            ..plain(NoticeKind::PieceGone)
        },
        Notice::NothingBrought => plain(NoticeKind::NothingBrought),
        Notice::PiecesFull => plain(NoticeKind::PiecesFull),
        Notice::PieceComing => plain(NoticeKind::PieceComing),
        Notice::NotGiven(NotGiven::Kept) => plain(NoticeKind::PapersKept),
        Notice::NotGiven(NotGiven::SafeContact) => plain(NoticeKind::SafeContactElsewhere),
        Notice::NotGiven(NotGiven::NoElectronic) => plain(NoticeKind::NoElectronic),
        Notice::MessageReady => plain(NoticeKind::MessageReady),
        Notice::NumbersLow { left } => NoticeLine {
            count: i32::try_from(left).unwrap_or(i32::MAX),
            ..plain(NoticeKind::NumbersLow)
        },
        Notice::NumbersMissing { first, last } => NoticeLine {
            number: first.to_string().into(),
            last_number: Some(last)
                .filter(|last| *last != first)
                .map(|last| last.to_string())
                .unwrap_or_default()
                .into(),
            ..plain(NoticeKind::NumbersMissing)
        },
        Notice::NumberTwice { number } => NoticeLine {
            number: number.to_string().into(),
            ..plain(NoticeKind::NumberTwice)
        },
        Notice::ReferenceUpdated => plain(NoticeKind::ReferenceUpdated),
        Notice::ReferenceRefused => plain(NoticeKind::ReferenceRefused),
        Notice::NotAPrinter => plain(NoticeKind::NotAPrinter),
        Notice::PrinterUnreachable => plain(NoticeKind::PrinterUnreachable),
        Notice::PrinterRefused { failure } => NoticeLine {
            print_failure: failure.into(),
            ..plain(NoticeKind::PrinterRefused)
        },
        Notice::HandedOver { act } => NoticeLine {
            act: act.to_string().into(),
            ..plain(NoticeKind::HandedOver)
        },
        Notice::NowhereToHandOver => plain(NoticeKind::NowhereToHandOver),
        Notice::HandOverFailed => plain(NoticeKind::HandOverFailed),
        Notice::ActNotReadable { act } => NoticeLine {
            act: act.to_string().into(),
            ..plain(NoticeKind::ActNotReadable)
        },
    }
}
