//! What an officer says of a recording after it was taken in: each statement signed behind the one before it.

use std::collections::BTreeMap;

use domain::delivery::Delivery;
use domain::dialogue::{BookmarkLine, LinkLine, LinkOffer, Notice, RecordingLine, Wish, second_of};
use domain::footage::custody::{ClipNote, Custody, Hold, Life, LinkedAct, Procedure, Reminder, Said};
use domain::footage::{Manifest, Recording, incidents};
use domain::journal::Operation;
use domain::record::{ActKind, Context};
use domain::signed::ToSign;
use domain::{ActId, ClipId, Sensitive};
use sync::wire::v1::FootageWord;

use super::unlock::Desk;
use crate::engine::{CommitPoint, Engine};
use crate::store::{RecordingRow, Statement, StoreError};

/// A statement and how far it is.
struct Stood {
    statement: Statement,
    delivery: Option<Delivery>,
}

impl Stood {
    /// HQ does not count it.
    fn refusal(&self) -> Option<domain::envelope::RefusalCode> {
        match self.delivery {
            Some(Delivery::Refused { code, .. }) => Some(code),
            Some(Delivery::Waiting { .. } | Delivery::Received { .. }) | None => None,
        }
    }

    fn waits(&self) -> bool {
        matches!(self.delivery, None | Some(Delivery::Waiting { .. }))
    }
}

/// Whether recordings are linked to acts of this kind.
const fn is_linkable(kind: ActKind) -> bool {
    match kind {
        ActKind::Pv | ActKind::Pve | ActKind::Afd | ActKind::Plainte => true,
        ActKind::IdentityCheck
        | ActKind::Footage
        | ActKind::Note
        | ActKind::VisaRequest
        | ActKind::Visa
        | ActKind::Verification
        | ActKind::Alert
        | ActKind::SafeContact
        | ActKind::Custody => false,
    }
}

impl Engine {
    pub(crate) fn say_of_recording(&mut self, clip: ClipId, wish: Wish) -> Result<(), StoreError> {
        let Some(row) = self.own_recording(clip)? else {
            return Ok(());
        };
        self.stale.home = true;
        let now = self.now;
        let said = match wish {
            Wish::Category(category) => Some(Said::Category(category)),
            Wish::Note(text) => ClipNote::parse(text.reveal()).ok().map(Said::Note),
            Wish::Bookmark(text) => second_of(&text)
                .filter(|second| *second <= row.recording.seconds())
                .map(Said::Bookmark),
            Wish::Link(act) => {
                let linked = self.linked(act)?;
                if let Some(desk) = self.desk()
                    && desk.link_offer == Some(act)
                {
                    desk.link_offer = None;
                }
                linked.map(Said::Linked)
            }
            Wish::Group => return self.group(clip),
            Wish::Hold(number) => match Procedure::parse(&number) {
                Ok(procedure) => return self.hold_recording(&row, procedure),
                Err(_) => None,
            },
            Wish::Withdraw(place) => Some(Said::Withdrawn(place)),
        };
        let Some(said) = said else {
            self.notice(Notice::NotAStatement);
            return Ok(());
        };
        if now.utc > row.recording.until && row.hold.is_none() {
            self.notice(Notice::RecordingPastTerm);
            return Ok(());
        }
        self.state(clip, said)
    }

    /// The acts of which one may be drawn up while recordings exist are linked only by an officer's word.
    pub(crate) fn leave_unlinked(&mut self) -> Result<(), StoreError> {
        if let Some(desk) = self.desk() {
            desk.link_offer = None;
        }
        self.stale.home = true;
        Ok(())
    }

    /// An act was signed: recordings of its service may belong to it.
    pub(crate) fn offer_link(&mut self, act: ActId, kind: ActKind) -> Result<(), StoreError> {
        if !is_linkable(kind) {
            return Ok(());
        }
        let offered = self.link_offer_of(act)?.is_some();
        if let Some(desk) = self.desk()
            && offered
        {
            desk.link_offer = Some(act);
        }
        Ok(())
    }

    /// The recording, while an officer is at work who took it in.
    pub(crate) fn own_recording(&self, clip: ClipId) -> Result<Option<RecordingRow>, StoreError> {
        let Some(officer) = self.officer_id() else {
            return Ok(None);
        };
        let row = self.device.recording(clip)?;
        Ok(row.filter(|row| row.recording.context.author.id == officer))
    }

    fn linked(&self, act: ActId) -> Result<Option<LinkedAct>, StoreError> {
        let row = self.device.row_of(act)?;
        Ok(row.filter(|row| is_linkable(row.kind)).and_then(|row| {
            row.number.map(|number| LinkedAct {
                act,
                kind: row.kind,
                number,
            })
        }))
    }

    /// CSI R.241-4: only within the month, with the procedure's number. The decision is durable before its record is.
    fn hold_recording(&mut self, row: &RecordingRow, procedure: Procedure) -> Result<(), StoreError> {
        let now = self.now;
        if now.utc > row.recording.until {
            self.notice(Notice::RecordingPastTerm);
            return Ok(());
        }
        let clip = row.recording.clip;
        let Some(by) = self.desk().map(|desk| desk.officer.matricule.clone()) else {
            return Ok(());
        };
        let hold = Hold {
            procedure: procedure.clone(),
            by,
            at: now.utc,
        };
        if !self.device.hold_recording(clip, &hold)? {
            return Ok(());
        }
        self.passed(CommitPoint::RecordingHeld);
        self.state(clip, Said::Hold(procedure))
    }

    /// Says of a recording and of those that seem to be of its incident that they are.
    fn group(&mut self, clip: ClipId) -> Result<(), StoreError> {
        let stood = self.stood()?;
        let recordings: Vec<Recording> = self
            .own_recordings()?
            .into_iter()
            .map(|row| row.recording)
            .collect();
        let groups = incidents(&recordings);
        let Some(group) = groups
            .iter()
            .find(|group| group.iter().any(|recording| recording.clip == clip))
        else {
            return Ok(());
        };
        let Some(first) = group.first().map(|first| first.clip) else {
            return Ok(());
        };
        let members: Vec<ClipId> = group.iter().map(|recording| recording.clip).collect();
        for member in members {
            if life_of(stood.get(&member)).incident != Some(first) {
                self.state(member, Said::Incident(first))?;
            }
        }
        Ok(())
    }

    /// Keeps a statement, and signs it as soon as those before it are signed.
    fn state(&mut self, clip: ClipId, said: Said) -> Result<(), StoreError> {
        let act = ActId::from_bytes(self.mint.id(self.now.utc));
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.keep_statement(&Statement { act, clip, said })?;
        self.passed(CommitPoint::CustodySaid);
        self.stale.home = true;
        self.sign_statement(clip)
    }

    /// Signs the first statement on the recording that is not signed, behind the one before it.
    fn sign_statement(&mut self, clip: ClipId) -> Result<(), StoreError> {
        let Some(row) = self.own_recording(clip)? else {
            return Ok(());
        };
        let stood = self.stood()?.remove(&clip).unwrap_or_default();
        let signed = stood.iter().filter(|one| one.delivery.is_some());
        // What HQ refused is no link of the chain.
        let counted: Vec<&Stood> = signed.filter(|one| one.refusal().is_none()).collect();
        let Some(next) = stood.iter().find(|one| one.delivery.is_none()) else {
            return Ok(());
        };
        let (behind, previous) = match counted.last() {
            None => (Manifest::act_id(clip), row.recording.manifest),
            Some(last) => {
                let act = last.statement.act;
                let Some(signed) = self.device.row_of(act)? else {
                    return Ok(());
                };
                (act, signed.record)
            }
        };
        let custody = Custody {
            clip,
            root: row.recording.root,
            place: u32::try_from(counted.len()).unwrap_or(u32::MAX).saturating_add(1),
            previous,
            said: next.statement.said.clone(),
        };
        let act = next.statement.act;
        let Some(context) = self.custody_context(&row.recording) else {
            return Ok(());
        };
        let reference = self.reference.version.clone();
        let to_sign = ToSign::custody(act, context, self.now, reference, custody);
        self.sign_without_form(to_sign, Some(behind))
    }

    /// Service and intervention are the recording's, whenever something is said of it.
    fn custody_context(&self, recording: &Recording) -> Option<Context> {
        let Desk::Open(desk) = &self.desk else { return None };
        Some(Context {
            device: self.enrolment.terminal.device.clone(),
            protection: self.enrolment.terminal.protection,
            formation: desk.certificate.formation(),
            author: desk.officer.author(),
            service: recording.context.service,
            intervention: recording.context.intervention,
        })
    }

    /// A statement exists: the next one on its recording is signed.
    pub(crate) fn custody_signed(&mut self, act: ActId) -> Result<(), StoreError> {
        let clip = match self.desk() {
            Some(desk) => desk.store.recording_of(act)?,
            None => None,
        };
        match clip {
            Some(clip) => self.sign_statement(clip),
            None => Ok(()),
        }
    }

    /// Finishes what a stop cut off: holds without their statement, statements without their signature. What was said of
    /// recordings that are gone goes too, once HQ has answered.
    pub(crate) fn resume_custody(&mut self) -> Result<(), StoreError> {
        let stood = self.stood()?;
        let own = self.own_recordings()?;
        for (clip, statements) in &stood {
            let is_known = own.iter().any(|row| row.recording.clip == *clip);
            let leaves = |one: &Stood| matches!(one.delivery, Some(Delivery::Waiting { .. }));
            if !is_known
                && !statements.iter().any(leaves)
                && let Some(desk) = self.desk()
            {
                desk.store.forget_statements(*clip)?;
            }
        }
        for row in own {
            let clip = row.recording.clip;
            let own_hold = row
                .hold
                .filter(|hold| matches!(&self.desk, Desk::Open(desk) if desk.officer.matricule == hold.by));
            let said = stood.get(&clip);
            let is_said = |statements: &Vec<Stood>| {
                let mut said = statements.iter().map(|one| &one.statement.said);
                said.any(|said| matches!(said, Said::Hold(_)))
            };
            match own_hold {
                Some(hold) if !said.is_some_and(is_said) => self.state(clip, Said::Hold(hold.procedure))?,
                Some(_) | None if self.card.is_some() => self.sign_statement(clip)?,
                Some(_) | None => {}
            }
        }
        Ok(())
    }

    /// HQ keeps a recording, or two persons there ended what kept it.
    pub(crate) fn footage_word(&mut self, word: &FootageWord) -> Result<(), StoreError> {
        if word.device != self.enrolment.terminal.device {
            return Ok(());
        }
        let Some(row) = self.device.recording(word.clip)? else {
            return Ok(());
        };
        let root = row.recording.root;
        let (changed, operation) = match &word.hold {
            Some(hold) => (
                self.device.hold_recording(word.clip, hold)?,
                Operation::FootageHeld { root },
            ),
            None => (
                self.device.release_recording(word.clip)?,
                Operation::FootageReleased { root },
            ),
        };
        if changed {
            self.device.log(self.now, None, operation)?;
            self.stale.home = true;
            self.purge_footage()?;
        }
        Ok(())
    }

    fn own_recordings(&self) -> Result<Vec<RecordingRow>, StoreError> {
        match self.officer_id() {
            Some(officer) => self.device.recordings_of(officer),
            None => Ok(Vec::new()),
        }
    }

    /// Every statement with how far it is, by recording.
    fn stood(&self) -> Result<BTreeMap<ClipId, Vec<Stood>>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(BTreeMap::new());
        };
        let mut by_clip: BTreeMap<ClipId, Vec<Stood>> = BTreeMap::new();
        for statement in desk.store.statements()? {
            let delivery = self.device.row_of(statement.act)?.map(|row| row.delivery);
            let clip = statement.clip;
            by_clip
                .entry(clip)
                .or_default()
                .push(Stood { statement, delivery });
        }
        Ok(by_clip)
    }

    pub(crate) fn recording_lines(&self) -> Result<Vec<RecordingLine>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(Vec::new());
        };
        let stood = self.stood()?;
        let rows = self.own_recordings()?;
        let clips = self.device.clips()?;
        let recordings: Vec<Recording> = rows.iter().map(|row| row.recording.clone()).collect();
        let service = desk.service.as_ref().map(|service| service.id);
        let mut lines = Vec::new();
        for group in incidents(&recordings) {
            let first = group.first().map(|first| first.clip);
            for recording in &group {
                let clip = recording.clip;
                let said = stood.get(&clip);
                let life = life_of(said);
                let hold = rows.iter().find(|row| row.recording.clip == clip);
                let hold = hold.and_then(|row| row.hold.as_ref());
                let on_camera = clips.iter().find(|row| row.listing.clip == clip);
                let loose = life.is_loose() && hold.is_none();
                let statements = || said.into_iter().flatten();
                lines.push(RecordingLine {
                    clip,
                    started: recording.started,
                    seconds: recording.seconds(),
                    until: recording.until,
                    of_this_service: service == Some(recording.context.service),
                    received: on_camera.is_none_or(|row| row.receipt.is_some()),
                    category: life.category,
                    note: life.note.map(|note| Sensitive::new(note.as_str().to_owned())),
                    bookmarks: life
                        .bookmarks
                        .into_iter()
                        .map(|(place, second)| BookmarkLine { place, second })
                        .collect(),
                    links: life
                        .links
                        .into_iter()
                        .map(|(place, linked)| LinkLine {
                            place,
                            kind: linked.kind,
                            number: linked.number,
                        })
                        .collect(),
                    hold: hold.map(|hold| hold.procedure.as_str().to_owned()),
                    incident: first.unwrap_or(clip),
                    grouped: life.incident.is_some(),
                    waiting: u32::try_from(statements().filter(|one| one.waits()).count())
                        .unwrap_or(u32::MAX),
                    refused: statements().filter_map(Stood::refusal).next_back(),
                    reminder: Reminder::of(recording.until, self.now.utc).filter(|_| loose),
                });
            }
        }
        Ok(lines)
    }

    /// The act that was signed last, while recordings of the open service may belong to it.
    pub(crate) fn link_offer(&self) -> Result<Option<LinkOffer>, StoreError> {
        match &self.desk {
            Desk::Open(desk) => match desk.link_offer {
                Some(act) => self.link_offer_of(act),
                None => Ok(None),
            },
            Desk::Locked | Desk::Unlocking { .. } => Ok(None),
        }
    }

    fn link_offer_of(&self, act: ActId) -> Result<Option<LinkOffer>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(None);
        };
        let Some((linked, service)) = self.linked(act)?.zip(desk.service.as_ref()) else {
            return Ok(None);
        };
        let intervention = desk.intervention.as_ref().map(|intervention| intervention.id);
        let mut recordings = self.own_recordings()?;
        recordings.retain(|row| row.recording.context.service == service.id);
        recordings.sort_by_key(|row| {
            let recording = &row.recording;
            let elsewhere = intervention.is_none() || recording.context.intervention != intervention;
            (elsewhere, std::cmp::Reverse(recording.started))
        });
        let clips: Vec<ClipId> = recordings.iter().map(|row| row.recording.clip).collect();
        Ok((!clips.is_empty()).then_some(LinkOffer {
            act,
            kind: linked.kind,
            number: linked.number,
            clips,
        }))
    }
}

/// What the statements say that HQ did not refuse, under the places that they have in the chain.
fn life_of(stood: Option<&Vec<Stood>>) -> Life {
    let counted = stood.into_iter().flatten().filter(|one| one.refusal().is_none());
    Life::of((1..).zip(counted.map(|one| &one.statement.said)))
}
