//! Checks without network: lists that HQ publishes as `neoctl` does, a question to them, and a document before the
//! camera.

use anyhow::Context;
use domain::ActId;
use domain::dialogue::{Intent, ScanView};
use domain::hotlist::{Standing, Subject};
use domain::officer::FileKind;
use domain::photo::Picture;
use hq::files::PoliceFiles;
use hq::hotlist::{Extent, publish as send};
use hq::reference::SetKind;
use hq::store::Store;

use super::phone::{Board, Phone};
use super::scenario::ListName;
use crate::enrol;
use crate::ground::Ground;

/// An identity card of before 2021 as a phone takes it, generated; no such person exists.
const CARD: &[u8] = include_bytes!("../../documents/carte.jpg");

/// Publishes what the synthetic files seek, once however often the step is played, and waits until the terminal's own
/// word at HQ and its screen name the lists.
pub(super) fn publish(phone: &mut Phone, ground: &Ground, seed: u64) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    if store.begin()?.newest_set(SetKind::Hotlist)? == 0 {
        let files = PoliceFiles::synthetic(seed, now);
        send(&mut store, &pki, &files.sought(), Extent::AsNeeded, now)?;
    }
    let device = enrol::device_id();
    let shown = |board: &Board| board.home.as_ref().and_then(|home| home.hotlist);
    phone.watch(
        |board| {
            let said = store.begin()?.said_set(&device, SetKind::Hotlist)?;
            let heard = said.is_some_and(|serial| serial > 0);
            Ok((heard && shown(board).is_some()).then_some(()))
        },
        |board| {
            let what = "the terminal does not take the lists of what is sought".to_owned();
            (what, format!("its screen shows {:?}", shown(board)))
        },
    )
}

/// Asks FOVeS where nobody answers, until the list on the terminal says `says` of the vehicle.
pub(super) fn ask(
    phone: &mut Phone,
    draft: ActId,
    motive: &str,
    says: ListName,
    what: &str,
) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::Consult {
                draft,
                file: FileKind::Foves,
                motive: motive.to_owned(),
            })
        },
        move |board| {
            let on_screen = board.draft.as_ref().filter(|view| view.draft == draft);
            let lines = on_screen.into_iter().flat_map(|view| &view.lists);
            let mut vehicles = lines.filter(|line| line.subject == Subject::Vehicle);
            vehicles.any(|line| match says {
                ListName::Listed => matches!(line.standing, Standing::Listed { .. }),
                ListName::NotFound => matches!(line.standing, Standing::NotFound { .. }),
            })
        },
    )
}

/// Until nothing waits for the network any more and home reminds of what the file said; HQ has the consultation.
pub(super) fn confirmed(
    phone: &mut Phone,
    ground: &Ground,
    draft: ActId,
    file: FileKind,
    what: &str,
) -> anyhow::Result<()> {
    let waiting = |board: &Board| board.home.as_ref().map_or(1, |home| home.confirmations);
    let line = phone.watch(
        |board| {
            let home = board.home.as_ref().filter(|home| home.confirmations == 0);
            let mut lines = home.into_iter().flat_map(|home| &home.answers);
            Ok(lines.find(|line| line.file == file).cloned())
        },
        |board| {
            (
                format!("`{what}`: no confirmation came"),
                format!("{} wait for the network", waiting(board)),
            )
        },
    )?;
    let answer = line.state.answer().context("home reminds of no answer")?;
    let query = answer.query;
    let known = Store::open(&ground.layout.hq())?.begin()?.consultation(query)?;
    known.with_context(|| format!("`{what}`: HQ has no consultation for `{draft}`"))?;
    phone.until(
        what,
        |phone| phone.intent(Intent::AnswerSeen { query }),
        move |board| {
            let home = board.home.as_ref();
            home.is_some_and(|home| home.answers.iter().all(|line| line.file != file))
        },
    )
}

/// Until the document's zone is typed into the draft.
pub(super) fn scan(phone: &mut Phone, draft: ActId, what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::ScanDocument {
                draft,
                picture: Picture(CARD.to_vec()),
            })
        },
        move |board| {
            let on_screen = board.draft.as_ref().filter(|view| view.draft == draft);
            on_screen
                .is_some_and(|view| matches!(view.scan, Some(ScanView::Read(_))) && view.document.is_some())
        },
    )
}
