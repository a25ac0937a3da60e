//! Checks without network: lists that HQ publishes as `neoctl` does, a question to them, and a document before the
//! camera.

use anyhow::{Context, bail};
use domain::ActId;
use domain::dialogue::{AnswerState, Intent, Network, ScanView};
use domain::hotlist::{Standing, Subject};
use domain::officer::FileKind;
use domain::photo::Picture;
use hq::files::PoliceFiles;
use hq::hotlist::{Extent, HotlistError, policy_in_force, publish as send, publish_persons};
use hq::reference::SetKind;
use hq::store::Store;

use super::phone::{Board, Phone};
use super::scenario::ListName;
use crate::enrol;
use crate::ground::Ground;

/// An identity card of before 2021 as a phone takes it, generated; no such person exists.
const CARD: &[u8] = include_bytes!("../../documents/carte.jpg");

/// Publishes what the synthetic files seek, once however often the step is played, and waits until the terminal's own
/// word at HQ and its screen name the lists. Persons are among them where a profile allows it, and refused where none does.
pub(super) fn publish(phone: &mut Phone, ground: &Ground, seed: u64) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let files = PoliceFiles::synthetic(seed, now);
    if store.begin()?.newest_set(SetKind::Hotlist)? == 0 {
        send(&mut store, &pki, &files.sought(), Extent::AsNeeded, now)?;
    }
    let allows_persons = policy_in_force(&store.begin()?, now)?.is_some();
    if store.begin()?.newest_set(SetKind::Persons)? == 0 {
        let sent = publish_persons(&mut store, &pki, &files.sought_persons(), Extent::AsNeeded, now);
        match sent {
            Ok(_) if allows_persons => {}
            Err(HotlistError::NoPolicy) if !allows_persons => {}
            Ok(_) => bail!("a list of persons was published without a policy"),
            Err(error) => return Err(error.into()),
        }
    }
    if allows_persons {
        come_back(phone, ground)?;
    }
    let device = enrol::device_id();
    let shown = |board: &Board| {
        let home = board.home.as_ref()?;
        let persons = home.persons.as_ref();
        let of_persons = persons.and_then(|line| line.list);
        (persons.is_some() == allows_persons && of_persons.is_some() == allows_persons)
            .then_some(home.hotlist?)
    };
    phone.watch(
        |board| {
            let transaction = store.begin()?;
            let said = transaction.said_set(&device, SetKind::Hotlist)?;
            let of_persons = transaction.said_set(&device, SetKind::Persons)?;
            let heard = said.is_some_and(|serial| serial > 0)
                && of_persons.is_some_and(|serial| serial > 0) == allows_persons;
            Ok((heard && shown(board).is_some()).then_some(()))
        },
        |board| {
            let what = "the terminal does not take the lists of what is sought".to_owned();
            (what, format!("its screen shows {:?}", shown(board)))
        },
    )
}

/// The terminal loses the network and finds it again: it heeds a hint once in ten minutes, and says hello at once.
fn come_back(phone: &mut Phone, ground: &Ground) -> anyhow::Result<()> {
    ground.cut();
    phone.watch(
        |board| {
            let home = board.home.as_ref();
            let is_cut = home.is_some_and(|home| home.network == Network::Offline);
            Ok(is_cut.then_some(()))
        },
        |board| {
            let what = "the terminal does not notice that the air was cut".to_owned();
            let shown = board.home.as_ref().map(|home| home.network);
            (what, format!("its screen shows {shown:?}"))
        },
    )?;
    ground.restore();
    Ok(())
}

/// Asks a file where nobody answers, until the list on the terminal says `says` of the person, or of the vehicle.
pub(super) fn ask(
    phone: &mut Phone,
    draft: ActId,
    (file, motive): (FileKind, &str),
    says: ListName,
    what: &str,
) -> anyhow::Result<()> {
    let subject = match file {
        FileKind::Fpr => Subject::Person,
        FileKind::Docverif => Subject::Document,
        FileKind::Foves
        | FileKind::Siv
        | FileKind::Snpc
        | FileKind::Fva
        | FileKind::Agdref
        | FileKind::Taj => Subject::Vehicle,
    };
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::Consult {
                draft,
                file,
                motive: motive.to_owned(),
            })
        },
        move |board| {
            let on_screen = board.draft.as_ref().filter(|view| view.draft == draft);
            let lines = on_screen.into_iter().flat_map(|view| &view.lists);
            let mut asked = lines.filter(|line| line.subject == subject);
            asked.any(|line| match says {
                ListName::Listed => matches!(line.standing, Standing::Listed { .. }),
                ListName::NotFound => matches!(line.standing, Standing::NotFound { .. }),
            })
        },
    )
}

/// Asks the FPR where nobody answers and no policy allows a list: it is asked as any file is, and nothing waits.
pub(super) fn ask_without(phone: &mut Phone, draft: ActId, motive: &str, what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::Consult {
                draft,
                file: FileKind::Fpr,
                motive: motive.to_owned(),
            })
        },
        move |board| {
            let on_screen = board.draft.as_ref().filter(|view| view.draft == draft);
            on_screen.is_some_and(|view| {
                let mut answers = view.answers.iter().filter(|line| line.file == FileKind::Fpr);
                answers.any(|line| matches!(line.state, AnswerState::Asked | AnswerState::NoAnswer))
            }) && says_nothing_of_persons(board)
        },
    )
}

/// Until no screen speaks of a list of persons.
pub(super) fn forgotten(phone: &mut Phone) -> anyhow::Result<()> {
    phone.ready()?;
    phone.watch(
        |board| Ok((board.home.is_some() && says_nothing_of_persons(board)).then_some(())),
        |board| {
            let shown = board.home.as_ref().and_then(|home| home.persons.clone());
            let what = "the terminal does not forget the list of persons".to_owned();
            (what, format!("its screen shows {shown:?}"))
        },
    )
}

fn says_nothing_of_persons(board: &Board) -> bool {
    let lines = board.draft.iter().flat_map(|view| &view.lists);
    let home = board.home.as_ref();
    home.is_some_and(|home| home.persons.is_none() && home.confirmations == 0)
        && lines.into_iter().all(|line| line.subject != Subject::Person)
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
