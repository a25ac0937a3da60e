//! What a victim brings: the list of what is kept, what is coming in, and the files that can be chosen.

use std::rc::Rc;

use domain::Digest;
use domain::dialogue::{BroughtLine, ComingLine, DraftView, Intent, PieceLine};
use drawn::{App, BroughtRow, ComingRow, PieceRow, PiecesAdapter};
use slint::{ComponentHandle, Model, ModelRc, VecModel};

use super::{Intents, draft, model};

/// Characters of a digest on a card.
const SHORT: usize = 16;

pub(super) fn connect(app: &App, intents: &Intents) {
    let pieces = app.global::<PiecesAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    pieces.on_look(move || {
        let Some(app) = window.upgrade() else { return };
        if let Some(draft) = draft::on_screen(&app) {
            app.global::<PiecesAdapter<'_>>().set_looked(true);
            sink(Intent::LookAtBrought { draft });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    pieces.on_take_in(move |name| {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            sink(Intent::TakeIn {
                draft,
                name: name.into(),
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    pieces.on_label(move |id, label| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, sha256)) = draft.zip(Digest::from_hex(&id)) {
            sink(Intent::LabelPiece {
                draft,
                sha256,
                label: label.into(),
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    pieces.on_give_back(move |id| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, sha256)) = draft.zip(Digest::from_hex(&id)) {
            sink(Intent::GiveBack { draft, sha256 });
        }
    });
}

pub(super) fn show(app: &App, view: &DraftView) {
    let pieces = app.global::<PiecesAdapter<'_>>();
    keep(&pieces, &view.pieces);
    pieces.set_coming(model(view.coming.iter().map(coming)));
    let brought = view.brought.as_deref();
    pieces.set_brought(model(brought.into_iter().flatten().map(file)));
    // The answer to a look opens the sheet; later views leave it as it is.
    if brought.is_some() && pieces.get_looked() {
        pieces.set_looked(false);
        pieces.set_choosing(true);
    }
}

/// A card that is replaced loses the cursor: those of the same pieces are changed in place, and what is being typed of a
/// label stays.
fn keep(pieces: &PiecesAdapter<'_>, lines: &[PieceLine]) {
    let kept = pieces.get_pieces();
    let same = kept.row_count() == lines.len()
        && kept
            .iter()
            .zip(lines)
            .all(|(row, line)| row.id == line.sha256.to_string().as_str());
    if !same || kept.as_any().downcast_ref::<VecModel<PieceRow>>().is_none() {
        let rows: Vec<PieceRow> = lines.iter().map(piece).collect();
        pieces.set_pieces(ModelRc::new(VecModel::from(rows)));
        return;
    }
    for (at, row) in lines.iter().map(piece).enumerate() {
        if kept.row_data(at).is_some_and(|before| before != row) {
            kept.set_row_data(at, row);
        }
    }
}

pub(super) fn start(app: &App) {
    let pieces = app.global::<PiecesAdapter<'_>>();
    pieces.set_pieces(model([]));
    pieces.set_coming(model([]));
    pieces.set_brought(model([]));
    pieces.set_looked(false);
    pieces.set_choosing(false);
}

fn piece(line: &PieceLine) -> PieceRow {
    let digest = line.sha256.to_string();
    PieceRow {
        digest: digest.get(..SHORT).unwrap_or_default().into(),
        id: digest.into(),
        name: line.name.as_str().into(),
        label: line.label.reveal().as_str().into(),
        kind: line.kind.into(),
        size: size(line.bytes).into(),
    }
}

fn coming(line: &ComingLine) -> ComingRow {
    let share = (line.done.min(line.bytes) * 100).checked_div(line.bytes);
    ComingRow {
        name: line.name.reveal().as_str().into(),
        done: size(line.done).into(),
        size: size(line.bytes).into(),
        share: share.and_then(|share| i32::try_from(share).ok()).unwrap_or(0),
    }
}

fn file(line: &BroughtLine) -> BroughtRow {
    BroughtRow {
        name: line.name.reveal().as_str().into(),
        size: size(line.bytes).into(),
    }
}

/// `812 ko`, `1,4 Mo`, rounded up: the units of French and of English are near enough.
fn size(bytes: u64) -> String {
    if bytes < 1_000_000 {
        return format!("{}\u{a0}ko", bytes.div_ceil(1_000));
    }
    let tenths = bytes.div_ceil(100_000);
    format!("{},{}\u{a0}Mo", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_read_at_a_glance() {
        assert_eq!(size(0), "0\u{a0}ko");
        assert_eq!(size(999_999), "1000\u{a0}ko");
        assert_eq!(size(1_000_001), "1,1\u{a0}Mo");
        assert_eq!(size(524_288_000), "524,3\u{a0}Mo");
    }
}
