//! The legal frame of checks: réquisitions of the shift, what is told of a place, and files that are asked in urgency.

use domain::ActId;
use domain::dialogue::{AnswerState, DraftView, Intent, Notice};
use domain::draft::Field;
use domain::officer::FileKind;
use domain::requisition::TypedRequisition;
use domain::time::Timestamp;

use super::phone::{Board, Phone};

/// So many minutes from `now`, as an officer types a moment.
pub(super) fn minute(now: Timestamp, minutes: i32) -> String {
    let at = now.utc.plus(i64::from(minutes) * 60_000).civil(now.offset_min);
    let (day, time) = (at.date(), at.time());
    format!(
        "{:02}/{:02}/{:04} {:02}:{:02}",
        day.day(),
        day.month(),
        day.year(),
        time.hour(),
        time.minute()
    )
}

fn on_screen(board: &Board, draft: ActId) -> Option<&DraftView> {
    board.draft.as_deref().filter(|view| view.draft == draft)
}

/// Until the service shows the réquisition.
pub(super) fn hold(phone: &mut Phone, typed: &TypedRequisition, what: &str) -> anyhow::Result<()> {
    let reference = typed.reference.clone();
    phone.until(
        what,
        |phone| phone.intent(Intent::HoldRequisition { typed: typed.clone() }),
        move |board| {
            let service = board.home.as_ref().and_then(|home| home.service.as_ref());
            service.is_some_and(|service| service.requisitions.iter().any(|one| one.reference == reference))
        },
    )
}

/// Until the check has the text of the shift, and exactly these warnings.
pub(super) fn be_warned(
    phone: &mut Phone,
    draft: ActId,
    basis: &str,
    warnings: &[String],
    what: &str,
) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| phone.intent(Intent::OpenDraft { draft }),
        |board| {
            on_screen(board, draft).is_some_and(|view| {
                let text = view.texts.iter().find(|line| line.field == Field::CheckBasis);
                let told: Vec<String> = view.warnings.iter().map(|one| format!("{one:?}")).collect();
                text.is_some_and(|line| line.text.reveal() == basis) && told == warnings
            })
        },
    )
}

/// Nothing is asked at first, and the notice says why; one tap later the file answers, and the text stays to be completed.
pub(super) fn ask_in_urgency(
    phone: &mut Phone,
    draft: ActId,
    file: FileKind,
    motive: &str,
    what: &str,
) -> anyhow::Result<()> {
    let consult = || Intent::Consult {
        draft,
        file,
        motive: motive.to_owned(),
    };
    let answered = move |board: &Board| {
        on_screen(board, draft).is_some_and(|view| {
            let of_file = |line: &&domain::dialogue::AnswerLine| line.file == file;
            let line = view.answers.iter().find(of_file);
            line.is_some_and(|line| matches!(line.state, AnswerState::Answered(_)))
        })
    };
    // A step that is played again after a crash finds the tap done.
    phone.until(
        what,
        |phone| phone.intent(Intent::OpenDraft { draft }),
        |board| on_screen(board, draft).is_some(),
    )?;
    if on_screen(&phone.board, draft).is_some_and(|view| view.blocked.is_some()) {
        phone.until(
            what,
            |phone| phone.intent(consult()),
            |board| {
                board
                    .notices
                    .iter()
                    .any(|told| matches!(told, Notice::FrameBlocked { .. }))
            },
        )?;
        if on_screen(&phone.board, draft).is_some_and(|view| !view.answers.is_empty()) {
            anyhow::bail!("`{what}`: a file was asked without a frame");
        }
    }
    phone.until(
        what,
        |phone| phone.intent(Intent::Urgent { draft }),
        |board| {
            let open = |view: &DraftView| view.frame_open && view.blocked.is_none();
            let home = board
                .home
                .as_ref()
                .is_some_and(|home| home.frames_open.contains(&draft));
            on_screen(board, draft).is_some_and(open) && home
        },
    )?;
    phone.until(what, |phone| phone.intent(consult()), answered)
}
