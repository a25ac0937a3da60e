//! From a complete draft to a signed act: read to those who sign it, signed by hand, then by the card.

use anyhow::bail;
use domain::ActId;
use domain::dialogue::{DraftView, Intent, SignerState, Unsigned};
use domain::draft::Field;
use domain::plainte::Language;

use super::phone::{Board, Phone};
use super::scenario::{Hand, RenvoiText};
use crate::hand::flourish;

/// What happens between the last word and the officer's signature.
#[derive(Debug, Default)]
pub(super) struct Reading<'a> {
    pub(super) hands: &'a [Hand],
    pub(super) renvois: &'a [RenvoiText],
    /// What a victim does with the sheet of rights; signs, where nothing is said.
    pub(super) rights: Option<&'a Hand>,
}

/// Reads the act to everybody who is asked to sign it, then signs it with the card.
pub(super) fn sign(phone: &mut Phone, id: ActId, reading: &Reading<'_>, what: &str) -> anyhow::Result<()> {
    notify_rights(phone, id, reading.rights.unwrap_or(&Hand::Signs), what)?;
    let signers = match open(&phone.board, id) {
        Some(draft) => draft.signers.len(),
        None => 0,
    };
    if signers > 0 {
        let shown = |draft: &DraftView| draft.reading.as_ref().is_some_and(|reading| reading.shown);
        until(phone, id, what, || vec![Intent::ReadBack { draft: id }], shown)?;
    }
    for (index, renvoi) in reading.renvois.iter().enumerate() {
        let added = move |draft: &DraftView| {
            let reading = draft.reading.as_ref();
            reading.is_some_and(|reading| reading.shown && reading.renvois.len() > index)
        };
        let ask = || {
            vec![Intent::AddRenvoi {
                draft: id,
                place: renvoi.place.clone(),
                text: renvoi.text.clone(),
            }]
        };
        until(phone, id, what, ask, added)?;
    }
    for (place, index) in (0_u8..).zip(0..signers) {
        let settled = move |draft: &DraftView| {
            let line = draft.signers.get(index);
            line.is_some_and(|line| line.state != SignerState::Awaited)
        };
        let hand = reading.hands.get(index).unwrap_or(&Hand::Signs);
        until(phone, id, what, || vec![by_hand(id, place, hand)], settled)?;
    }
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::OpenDraft { draft: id })?;
            phone.intent(Intent::Sign { draft: id })
        },
        move |board| board.delivery(id).is_some(),
    )
}

/// Puts the sheet of rights in the language of the form before the victim, who signs it or does not.
fn notify_rights(phone: &mut Phone, id: ActId, hand: &Hand, what: &str) -> anyhow::Result<()> {
    let typed = |draft: &DraftView| {
        let line = draft
            .texts
            .iter()
            .find(|line| line.field == Field::RightsLanguage);
        Language::from_code(line?.text.reveal())
    };
    let Some(language) = open(&phone.board, id).and_then(typed) else {
        return Ok(());
    };
    let shown = move |draft: &DraftView| draft.rights.is_some_and(|line| line.language == language);
    let show = || vec![Intent::ShowRights { draft: id, language }];
    until(phone, id, what, show, shown)?;
    let settled = |draft: &DraftView| {
        let line = draft.rights;
        line.is_some_and(|line| line.state != SignerState::Awaited)
    };
    until(phone, id, what, || vec![under_rights(id, hand)], settled)
}

/// Holds what stands against the act to exactly what the scenario expects, and sees that it cannot be signed.
pub(super) fn be_barred(phone: &mut Phone, id: ActId, expected: &[String], what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::OpenDraft { draft: id })?;
            phone.intent(Intent::Sign { draft: id })
        },
        move |board| board.refused_to_sign(id),
    )?;
    let Some(draft) = open(&phone.board, id) else {
        bail!("`{what}`: the draft is not open");
    };
    let named: Vec<String> = draft
        .problems
        .iter()
        .map(|problem| format!("{}: {:?}", problem.field.code(), problem.reason))
        .collect();
    if named != expected {
        bail!("`{what}`: the terminal names {named:?}, the scenario {expected:?}");
    }
    Ok(())
}

fn open(board: &Board, id: ActId) -> Option<&DraftView> {
    board.draft.as_deref().filter(|draft| draft.draft == id)
}

/// Asks until `done` holds of the draft, or the act exists.
fn until(
    phone: &mut Phone,
    id: ActId,
    what: &str,
    ask: impl Fn() -> Vec<Intent>,
    done: impl Fn(&DraftView) -> bool,
) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::OpenDraft { draft: id })?;
            ask().into_iter().try_for_each(|intent| phone.intent(intent))
        },
        move |board| board.delivery(id).is_some() || open(board, id).is_some_and(&done),
    )
}

fn under_rights(draft: ActId, hand: &Hand) -> Intent {
    let leave = |why, reason: &String| Intent::LeaveRightsUnsigned {
        draft,
        why,
        reason: reason.clone(),
    };
    match hand {
        Hand::Signs => Intent::SignRights {
            draft,
            strokes: flourish(0),
        },
        Hand::Refuses(reason) => leave(Unsigned::Refuses, reason),
        Hand::Unable(reason) => leave(Unsigned::Unable, reason),
    }
}

fn by_hand(draft: ActId, signer: u8, hand: &Hand) -> Intent {
    let leave = |why, reason: &String| Intent::LeaveUnsigned {
        draft,
        signer,
        why,
        reason: reason.clone(),
    };
    match hand {
        Hand::Signs => Intent::SignByHand {
            draft,
            signer,
            strokes: flourish(signer),
        },
        Hand::Refuses(reason) => leave(Unsigned::Refuses, reason),
        Hand::Unable(reason) => leave(Unsigned::Unable, reason),
    }
}
