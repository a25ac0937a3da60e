//! What a victim brings: files come in from a mounted folder, one at a time and chunk by chunk; the draft names each once
//! it is whole and durable, and lets go of it while nobody has signed.

use std::collections::{BTreeMap, VecDeque};

use domain::dialogue::{BroughtLine, ComingLine, Notice};
use domain::draft::Draft;
use domain::piece::Piece;
use domain::{ActId, Digest, PieceId};
use zeroize::Zeroizing;

use crate::engine::{Effect, Engine};
use crate::pieces::{PieceKey, Pieces};
use crate::store::{PieceRow, StoreError};
use crate::work::{BroughtJob, Job, NotTakenIn, PieceFile, Stage, TakeInJob, Turn};

/// What the desk knows of the files that victims bring.
#[derive(Default)]
pub(crate) struct Brought {
    /// What the folder held when it was looked at, for each draft.
    listed: BTreeMap<ActId, Vec<BroughtLine>>,
    /// Files on their way in, first the one that is read.
    coming: VecDeque<Incoming>,
}

struct Incoming {
    row: PieceRow,
    done: u64,
    bytes: u64,
}

impl Brought {
    pub(crate) fn listed(&self, draft: ActId) -> Option<Vec<BroughtLine>> {
        self.listed.get(&draft).cloned()
    }

    pub(crate) fn lines(&self, draft: ActId) -> Vec<ComingLine> {
        let of_draft = self.coming.iter().filter(|coming| coming.row.draft == draft);
        of_draft
            .map(|coming| ComingLine {
                name: coming.row.name.as_str().into(),
                done: coming.done,
                bytes: coming.bytes,
            })
            .collect()
    }

    /// Whether a file is on its way into this draft.
    pub(crate) fn is_coming(&self, draft: ActId) -> bool {
        self.coming.iter().any(|coming| coming.row.draft == draft)
    }

    fn reading(&self) -> Option<PieceId> {
        self.coming.front().map(|coming| coming.row.key.id)
    }
}

impl Engine {
    /// Has the folder looked into that victims' files come in by.
    pub(crate) fn look_at_brought(&mut self, draft: ActId) -> Result<(), StoreError> {
        if self.piece_draft(draft)?.is_none() {
            return Ok(());
        }
        match self.site.brought().map(std::path::Path::to_owned) {
            Some(folder) => self
                .out
                .push(Effect::Work(Job::Brought(BroughtJob { draft, folder }))),
            None => self.notice(Notice::NothingBrought),
        }
        Ok(())
    }

    pub(crate) fn brought_looked_at(&mut self, draft: ActId, listed: Option<Vec<BroughtLine>>) {
        let Some(listed) = listed else {
            self.notice(Notice::NothingBrought);
            return;
        };
        if let Some(desk) = self.desk() {
            desk.brought.listed.insert(draft, listed);
        }
        self.stale.draft = true;
    }

    /// Takes a file in for the draft, behind those that are coming already; asked twice, it comes once.
    pub(crate) fn take_in(&mut self, draft: ActId, name: String) -> Result<(), StoreError> {
        self.stale.draft = true;
        let Some(kept) = self.piece_draft(draft)? else {
            return Ok(());
        };
        if kept.is_read() {
            self.notice(Notice::AlreadyRead { draft });
            return Ok(());
        }
        if self.site.brought().is_none() || !is_plain(&name) {
            self.notice(Notice::NothingBrought);
            return Ok(());
        }
        let (id, key) = (self.mint.id(self.now.utc), self.mint.random::<32>());
        let Some(desk) = self.desk() else { return Ok(()) };
        let listed = desk.brought.listed.get(&draft).into_iter().flatten();
        let bytes = listed
            .filter(|line| line.name.reveal() == &name)
            .map(|line| line.bytes)
            .next()
            .unwrap_or(0);
        let on_its_way = desk
            .brought
            .coming
            .iter()
            .filter(|coming| coming.row.draft == draft);
        let waiting = on_its_way.clone().map(|coming| coming.bytes).sum::<u64>();
        if on_its_way.clone().any(|coming| coming.row.name == name) {
            return Ok(());
        }
        if !kept.has_room_for(waiting.saturating_add(bytes)) {
            self.notice(Notice::PiecesFull);
            return Ok(());
        }
        let row = PieceRow {
            key: PieceKey {
                id: PieceId::from_bytes(id),
                key: Zeroizing::new(key),
            },
            draft,
            name,
        };
        desk.store.begin_piece(&row)?;
        desk.brought.coming.push_back(Incoming { row, done: 0, bytes });
        if desk.brought.coming.len() == 1 {
            self.read_next();
        }
        Ok(())
    }

    /// Begins to read the first file of those that are to come in.
    fn read_next(&mut self) {
        let Some(pieces) = self.pieces() else { return };
        let folder = self.site.brought().map(std::path::Path::to_owned);
        let Some(desk) = self.desk() else { return };
        let Some(next) = desk.brought.coming.front() else {
            return;
        };
        let key = next.row.key.clone();
        let (piece, source) = (key.id, folder.unwrap_or_default().join(&next.row.name));
        self.out.push(Effect::Work(Job::TakeIn(TakeInJob {
            piece,
            stage: Stage::Begin { source, pieces, key },
        })));
    }

    pub(crate) fn taken_in(
        &mut self,
        piece: PieceId,
        result: Result<Turn, NotTakenIn>,
    ) -> Result<(), StoreError> {
        let asked_here = self
            .desk()
            .is_some_and(|desk| desk.brought.reading() == Some(piece));
        if !asked_here {
            // It began before a lock; whoever unlocks begins it again under another key.
            return Ok(());
        }
        self.stale.draft = true;
        if let Ok(Turn::Going(coming)) = result {
            if let Some(desk) = self.desk()
                && let Some(first) = desk.brought.coming.front_mut()
            {
                first.done = coming.done();
            }
            self.out.push(Effect::Work(Job::TakeIn(TakeInJob {
                piece,
                stage: Stage::Going(coming),
            })));
            return Ok(());
        }
        let first = self.desk().and_then(|desk| desk.brought.coming.pop_front());
        let Some(Incoming { row, .. }) = first else {
            return Ok(());
        };
        let settled = self.settle_piece(&row, result);
        self.read_next();
        settled
    }

    fn settle_piece(&mut self, row: &PieceRow, result: Result<Turn, NotTakenIn>) -> Result<(), StoreError> {
        let notice = match result {
            Ok(Turn::Whole { kind, sha256, bytes }) => {
                let piece = Piece::of(&row.name, kind, sha256, bytes, self.now.utc);
                return self.keep_piece(row, piece);
            }
            Ok(Turn::Image(picture)) => {
                self.drop_piece(row.key.id)?;
                return self.attach_photo(row.draft, row.name.clone(), picture);
            }
            Ok(Turn::Going(_)) => return Ok(()),
            Err(NotTakenIn::Kind) => Notice::NotAPiece,
            Err(NotTakenIn::LargeImage) => Notice::PhotoTooLarge {
                limit_mb: u32::try_from(domain::photo::MAX_PHOTO >> 20).unwrap_or(u32::MAX),
            },
            Err(NotTakenIn::DiskFull) => Notice::DiskFull,
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(act = %row.draft, error, "a file was not taken in");
                Notice::PieceNotTakenIn
            }
        };
        self.notice(notice);
        self.drop_piece(row.key.id)
    }

    /// The file is whole: its draft names it from now on.
    fn keep_piece(&mut self, row: &PieceRow, piece: Piece) -> Result<(), StoreError> {
        let (now, id, sha256, bytes) = (self.now, row.key.id, piece.sha256, piece.bytes);
        let Some(mut draft) = self.piece_draft(row.draft)? else {
            tracing::warn!(act = %row.draft, "a file came too late for its draft");
            return self.drop_piece(id);
        };
        if !draft.has_room_for(bytes) {
            self.notice(Notice::PiecesFull);
            return self.drop_piece(id);
        }
        match draft.take_in(piece) {
            // The same content is here already, or the victim heard what the act holds.
            Ok(false) => return self.drop_piece(id),
            Err(_) => {
                self.notice(Notice::AlreadyRead { draft: row.draft });
                return self.drop_piece(id);
            }
            Ok(true) => {}
        }
        if let Some(desk) = self.desk() {
            desk.store.finish_piece(id, sha256, &draft, now)?;
            tracing::info!(act = %row.draft, piece = %id, bytes, "piece taken in");
        }
        Ok(())
    }

    pub(crate) fn label_piece(&mut self, id: ActId, sha256: Digest, label: &str) -> Result<(), StoreError> {
        self.change_pieces(id, |draft| draft.label_piece(sha256, label).is_ok())
    }

    pub(crate) fn give_back(&mut self, id: ActId, sha256: Digest) -> Result<(), StoreError> {
        self.change_pieces(id, |draft| draft.give_back(sha256).is_ok())?;
        self.forget_files()
    }

    fn change_pieces(
        &mut self,
        id: ActId,
        change: impl FnOnce(&mut Draft) -> bool,
    ) -> Result<(), StoreError> {
        self.stale.draft = true;
        let now = self.now;
        let Some(mut draft) = self.piece_draft(id)? else {
            return Ok(());
        };
        if !change(&mut draft) {
            self.notice(Notice::AlreadyRead { draft: id });
            return Ok(());
        }
        match self.desk() {
            Some(desk) => desk.store.save_draft(&draft, now),
            None => Ok(()),
        }
    }

    /// What opens each of these pieces; none when one of them is not on this terminal.
    pub(crate) fn piece_files(&mut self, pieces: &[Piece]) -> Result<Option<Vec<PieceFile>>, StoreError> {
        let (Some(kept), Some(desk)) = (self.pieces(), self.desk()) else {
            return Ok(None);
        };
        let mut files = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let Some(key) = desk.store.piece(piece.sha256)? else {
                return Ok(None);
            };
            files.push(PieceFile {
                piece: piece.clone(),
                kept: kept.clone(),
                key,
            });
        }
        Ok(Some(files))
    }

    /// Goes on with files that were coming in when the desk was closed, each from its start: what was written before is
    /// under a key that is used no more.
    pub(crate) fn resume_pieces(&mut self) -> Result<(), StoreError> {
        let unfinished = match self.desk() {
            Some(desk) => desk.store.unfinished_pieces()?,
            None => return Ok(()),
        };
        for row in unfinished {
            self.drop_piece(row.key.id)?;
            self.take_in(row.draft, row.name)?;
        }
        Ok(())
    }

    /// Removes the files of pieces that are not among `needed`, and of those whose coming in a stop ended.
    pub(crate) fn forget_pieces(
        &mut self,
        needed: &std::collections::BTreeSet<Digest>,
    ) -> Result<(), StoreError> {
        let (Some(kept), Some(desk)) = (self.pieces(), self.desk()) else {
            return Ok(());
        };
        let left = desk.store.keep_pieces(needed)?;
        let there = kept.kept().unwrap_or_else(|error| {
            tracing::error!(%error, "the folder of pieces does not read");
            Vec::new()
        });
        for id in there.into_iter().filter(|id| !left.contains(id)) {
            remove(&kept, id);
        }
        Ok(())
    }

    /// Nothing of it stays.
    fn drop_piece(&mut self, id: PieceId) -> Result<(), StoreError> {
        if let Some(kept) = self.pieces() {
            remove(&kept, id);
        }
        match self.desk() {
            Some(desk) => desk.store.forget_piece(id),
            None => Ok(()),
        }
    }

    /// The draft, when it may be given pieces and is not being signed.
    fn piece_draft(&mut self, id: ActId) -> Result<Option<Draft>, StoreError> {
        let draft = self.draft_at_rest(id)?;
        Ok(draft.filter(|draft| draft.kind.keeps_pieces()))
    }

    /// Where the pieces of the officer at work are.
    fn pieces(&self) -> Option<Pieces> {
        Some(Pieces::new(self.site.pieces_of(self.officer_id()?)))
    }
}

/// What cannot be removed now is removed at the next unlock.
fn remove(kept: &Pieces, id: PieceId) {
    if let Err(error) = kept.remove(id) {
        tracing::error!(piece = %id, %error, "a piece could not be removed");
    }
}

/// Whether it is the name of a file in a folder, and no way out of it.
fn is_plain(name: &str) -> bool {
    let mut parts = std::path::Path::new(name).components();
    let first = parts.next();
    matches!(first, Some(std::path::Component::Normal(_))) && parts.next().is_none()
}
