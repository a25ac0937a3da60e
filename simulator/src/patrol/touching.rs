//! A step on the screens themselves: labels that a hand finds, presses and fills, and nothing that the screens do not send.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use domain::ActId;
use domain::dialogue::Intent;
use ui::Touch;

use super::hand::Hand;
use super::phone::Phone;
use super::scenario::Doing;
use super::steps::as_typed;

/// A label that does not come within this time is not on its way.
const PATIENCE: Duration = Duration::from_secs(30);
/// The terminal has said all that it has to say when nothing came for this long.
const QUIET: Duration = Duration::from_millis(150);
/// A quick hand still lets go of one label before it reaches for the next.
const SETTLED: Duration = Duration::from_secs(3);

/// Puts a document away.
const CLOSES: &str = "Fermer le document";

/// The ids of what the hand begins: the seed's, so that an interrupted step begins it once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    pub(super) act: ActId,
    pub(super) alert: ActId,
}

/// Everything that the hand does, from the screen that is open; what was begun is on the list of acts at the end.
pub(super) fn play(phone: &mut Phone, begun: Begun, doings: &[Doing], signs: bool) -> anyhow::Result<()> {
    phone.ready()?;
    if signs && phone.board.delivery(begun.act).is_some() {
        return Ok(());
    }
    phone.take_in_hand()?;
    // A document that a step before had shown lies over the screens.
    if hand(phone)?.says(CLOSES)? {
        hand(phone)?.touch(Touch::Press(CLOSES.to_owned()))?;
    }
    phone.line.begin(Some(begun));
    for (index, doing) in doings.iter().enumerate() {
        one(phone, begun, doing).with_context(|| {
            let draft = phone.board.draft.as_ref();
            let problems = draft.map(|draft| draft.problems.as_slice());
            format!(
                "touch {} ({doing:?}); what stands against the draft: {problems:?}",
                index + 1
            )
        })?;
    }
    phone.line.begin(None);
    if signs {
        phone.watch(
            |board| Ok(board.delivery(begun.act).map(|_| ())),
            |board| {
                let problems = board.draft.as_ref().map(|draft| &draft.problems);
                ("the act is not signed".to_owned(), format!("{problems:?}"))
            },
        )?;
    }
    Ok(())
}

fn one(phone: &mut Phone, begun: Begun, doing: &Doing) -> anyhow::Result<()> {
    match doing {
        Doing::Press(label) => touch(phone, begun, label, &Touch::Press(label.clone())),
        Doing::Fill(label, text) => touch(phone, begun, label, &Touch::Fill(label.clone(), as_typed(text))),
        Doing::Draw(pad) => {
            await_label(phone, pad)?;
            hand(phone)?.hold(false);
            touch(phone, begun, pad, &Touch::Draw(pad.clone()))?;
            touch(phone, begun, "Valider", &Touch::Press("Valider".to_owned()))?;
            hand(phone)?.hold(true);
            Ok(())
        }
        Doing::Scan(text) => strike(phone, begun, &Touch::Scan(text.clone())),
        Doing::Mark(photo) => {
            await_label(phone, photo)?;
            hand(phone)?.hold(false);
            touch(phone, begun, photo, &Touch::Draw(photo.clone()))?;
            hand(phone)?.hold(true);
            Ok(())
        }
        Doing::See(label) => await_label(phone, label),
        Doing::Chosen(label) => {
            await_label(phone, label)?;
            if !comes(phone, |hand| hand.chosen(label))? {
                bail!("`{label}` is on the screen, and is not what is chosen");
            }
            Ok(())
        }
        Doing::Picture(name) => hand(phone)?.picture(name),
        Doing::Kill => {
            phone.kill()?;
            phone.ready()
        }
    }
}

/// Touches once the label is there, and lets the terminal answer.
fn touch(phone: &mut Phone, begun: Begun, label: &str, touch: &Touch) -> anyhow::Result<()> {
    await_label(phone, label)?;
    // It may be there for a moment before the terminal has answered that it can be pressed.
    if !comes(phone, |hand| hand.offers(label))? {
        bail!("`{label}` is on the screen, and cannot be touched");
    }
    strike(phone, begun, touch)
}

/// Does it, and lets the terminal answer.
fn strike(phone: &mut Phone, begun: Begun, touch: &Touch) -> anyhow::Result<()> {
    hand(phone)?.touch(touch.clone())?;
    for intent in hand(phone)?.asked() {
        phone.intent(named(intent, begun))?;
    }
    let since = Instant::now();
    while phone.pump(QUIET)? && since.elapsed() < SETTLED {}
    Ok(())
}

fn await_label(phone: &mut Phone, label: &str) -> anyhow::Result<()> {
    if comes(phone, |hand| hand.says(label))? {
        return Ok(());
    }
    Err(hand(phone)?.missed(label)?.into())
}

/// Whether it comes to be so on the screens while somebody waits.
fn comes(phone: &mut Phone, so: impl Fn(&Hand) -> anyhow::Result<bool>) -> anyhow::Result<bool> {
    let since = Instant::now();
    while !so(hand(phone)?)? {
        if since.elapsed() > PATIENCE {
            return Ok(false);
        }
        phone.ready()?;
        phone.pump(QUIET)?;
    }
    Ok(true)
}

fn hand(phone: &Phone) -> anyhow::Result<&Hand> {
    match &phone.hand {
        Some(hand) => Ok(hand),
        None => bail!("the phone is in nobody's hand"),
    }
}

/// The same intent under the seed's ids.
pub(super) fn named(mut intent: Intent, begun: Begun) -> Intent {
    if let Intent::StartDraft { id, .. } | Intent::FollowUp { id, .. } | Intent::BeginMeasure { id, .. } =
        &mut intent
    {
        id.get_or_insert(begun.act);
    } else if let Intent::RaiseAlert { id, .. } = &mut intent {
        id.get_or_insert(begun.alert);
    }
    intent
}
