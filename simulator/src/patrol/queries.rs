//! Questions to police files: all of a check at once, answers that come late or to a locked phone, and what HQ thinks of
//! who asks.

use std::collections::BTreeMap;

use anyhow::Context;
use domain::ActId;
use domain::dialogue::{AnswerLine, AnswerState, Haptic, Intent, Network, Notice};
use domain::draft::Field;
use domain::officer::FileKind;
use domain::record::ActKind;
use hq::pattern::OutOfPattern;
use hq::store::{QueryAlarm, Store};

use super::phone::{Board, Phone};
use super::scenario::{FileName, Kind};
use super::steps::prepare;
use crate::enrol;
use crate::ground::Ground;

/// One way, in milliseconds: the question arrives in time, and its answer after the 20 s of the wait.
const SLOW: u64 = 11_000;
/// Long enough to lock before an answer is there, in milliseconds.
const SLUGGISH: u64 = 1_500;

/// What is asked, and about what.
pub(super) struct Question<'a> {
    pub(super) act: ActId,
    pub(super) kind: Kind,
    pub(super) fields: &'a BTreeMap<String, String>,
    pub(super) motive: &'a str,
}

impl Question<'_> {
    fn prepare(&self, phone: &mut Phone, what: &str) -> anyhow::Result<()> {
        prepare(phone, self.act, ActKind::from(self.kind), self.fields, what)
    }

    fn consult(&self, file: FileName) -> Intent {
        Intent::Consult {
            draft: self.act,
            file: file.into(),
            motive: self.motive.to_owned(),
        }
    }
}

fn answers(board: &Board, act: ActId) -> &[AnswerLine] {
    let draft = board.draft.as_ref().filter(|draft| draft.draft == act);
    draft.map_or(&[], |draft| draft.answers.as_slice())
}

/// What home reminds of.
fn reminders(board: &Board) -> &[AnswerLine] {
    board.home.as_ref().map_or(&[], |home| home.answers.as_slice())
}

fn reminder(board: &Board, file: FileKind) -> Option<&AnswerLine> {
    reminders(board).iter().find(|line| line.file == file)
}

/// Every file is asked by one intent, each answer comes by itself, and what home reminds of is read.
pub(super) fn consult_all(phone: &mut Phone, question: &Question<'_>, what: &str) -> anyhow::Result<()> {
    question.prepare(phone, what)?;
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::ConsultAll {
                draft: question.act,
                motive: question.motive.to_owned(),
            })
        },
        |board| {
            let lines = answers(board, question.act);
            lines.len() > 2 && lines.iter().all(|line| line.state.answer().is_some())
        },
    )?;
    while let Some(line) = reminders(&phone.board).first().cloned() {
        read(phone, &line, what)?;
    }
    Ok(())
}

/// Asks once and looks on: nobody answers in time, and the answer is read when it is there.
pub(super) fn late(
    phone: &mut Phone,
    ground: &Ground,
    question: &Question<'_>,
    file: FileName,
    what: &str,
) -> anyhow::Result<()> {
    question.prepare(phone, what)?;
    let name = FileKind::from(file);
    let felt = phone.board.haptics.len();
    let [records, _] = ground.radios();
    records.shape(0, SLOW);
    phone.intent(question.consult(file))?;
    let late = phone.watch(
        |board| {
            let line = reminder(board, name);
            Ok(line
                .filter(|line| matches!(line.state, AnswerState::Late(_)))
                .cloned())
        },
        |board| {
            let seen = answers(board, question.act);
            (
                format!("`{what}`: no late answer came"),
                format!("the draft has {} answers", seen.len()),
            )
        },
    );
    records.shape(0, 0);
    let late = late?;
    if phone.board.haptics.len() <= felt {
        anyhow::bail!("`{what}`: a late answer was not felt");
    }
    read(phone, &late, what)
}

/// Asks, locks, sees that something waits, unlocks and reads it.
pub(super) fn while_locked(
    phone: &mut Phone,
    ground: &Ground,
    question: &Question<'_>,
    file: FileName,
    what: &str,
) -> anyhow::Result<()> {
    question.prepare(phone, what)?;
    let name = FileKind::from(file);
    let [records, _] = ground.radios();
    records.shape(0, SLUGGISH);
    phone.intent(question.consult(file))?;
    phone.lock()?;
    let waits = phone.watch(
        |board| Ok(board.lock.as_ref().filter(|lock| lock.answers > 0).map(|_| ())),
        |_| {
            (
                format!("`{what}`: the lock tells of no answer"),
                "none waits".to_owned(),
            )
        },
    );
    records.shape(0, 0);
    waits?;
    if phone.board.haptics.last() != Some(&Haptic::Neutral) {
        anyhow::bail!("`{what}`: a locked phone told by the hand what the answer is");
    }
    phone.ready()?;
    let line = phone.watch(
        |board| Ok(reminder(board, name).cloned()),
        |_| {
            (
                format!("`{what}`: home reminds of no answer"),
                "none is there".to_owned(),
            )
        },
    )?;
    read(phone, &line, what)
}

/// Whether the draft on the screen says what nobody typed into it.
pub(super) fn stands(board: &Board, texts: &BTreeMap<String, String>, what: &str) -> anyhow::Result<()> {
    let draft = board.draft.as_ref().context("no draft is on the screen")?;
    for (code, text) in texts {
        let field = Field::from_code(code).context("the scenario was checked")?;
        let said = draft.texts.iter().find(|line| line.field == field);
        let said = said.map_or("", |line| line.text.reveal());
        anyhow::ensure!(said == text.trim(), "`{what}`: `{code}` says `{said}`");
    }
    Ok(())
}

/// Shows an answer that is on the screen; the colleague reads it and puts it away.
pub(super) fn share(
    colleague: &mut Phone,
    phone: &mut Phone,
    act: ActId,
    file: FileName,
    what: &str,
) -> anyhow::Result<()> {
    let file = FileKind::from(file);
    // A terminal that is not on the network is shown nothing.
    colleague.until(
        what,
        |_| Ok(()),
        |board| {
            board
                .home
                .as_ref()
                .is_some_and(|home| home.network == Network::Online)
        },
    )?;
    let query = answers(&phone.board, act)
        .iter()
        .find(|line| line.file == file)
        .and_then(|line| line.state.answer())
        .map(|answer| answer.query)
        .with_context(|| format!("`{what}`: there is no answer to show"))?;
    phone.until(
        what,
        |phone| phone.intent(Intent::ShareAnswer { draft: act, query }),
        |board| {
            let sent = |notice: &Notice| matches!(notice, Notice::Shared { sent: 1, .. });
            board.notices.iter().any(sent)
        },
    )?;
    let shown = |board: &Board| {
        let shown = board.home.iter().flat_map(|home| &home.shared);
        let mut its = shown.into_iter().filter(|line| line.answer.query == query);
        its.next().map(|line| line.share)
    };
    let mut next = Some(colleague.watch(
        |board| Ok(shown(board)),
        |_| {
            (
                format!("`{what}`: the colleague was shown nothing"),
                "their home has nothing of it".to_owned(),
            )
        },
    )?);
    while let Some(share) = next {
        colleague.until(
            what,
            |phone| phone.intent(Intent::SharedSeen { share }),
            |board| shown(board) != Some(share),
        )?;
        next = shown(&colleague.board);
    }
    Ok(())
}

/// Says that the answer is read, until home reminds of it no more.
fn read(phone: &mut Phone, line: &AnswerLine, what: &str) -> anyhow::Result<()> {
    let query = line.state.answer().context("the answer is not there")?.query;
    let is_it = |line: &AnswerLine| line.state.answer().is_some_and(|answer| answer.query == query);
    phone.until(
        what,
        |phone| phone.intent(Intent::AnswerSeen { query }),
        |board| board.home.is_some() && !reminders(board).iter().any(is_it),
    )
}

pub(super) fn await_alarm(phone: &mut Phone, ground: &Ground, kind: OutOfPattern) -> anyhow::Result<()> {
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let device = enrol::device_id();
    phone.watch(
        |_| {
            let alarms: Vec<QueryAlarm> = store.begin()?.query_alarms()?;
            let raised = alarms
                .iter()
                .any(|alarm| alarm.kind == kind && alarm.device == device);
            Ok(raised.then_some(()))
        },
        |_| {
            (
                format!("HQ raised no alarm `{}`", kind.code()),
                "it has others, or none".to_owned(),
            )
        },
    )
}
