//! A recording that its officer looks at.

use std::rc::Rc;

use domain::ClipId;
use domain::dialogue::{FilmState, FilmView, Intent, Stretch, StretchState, Thumbnail};
use domain::footage::Purpose;
use drawn::{App, FilmAdapter, FilmStage, FilmThumb, StretchRow, Unplayable, ViewPurpose};
use slint::{ComponentHandle, Image};

use super::{Intents, model, viewfinder};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let films = app.global::<FilmAdapter<'_>>();
    let sink = Rc::clone(intents);
    films.on_view(move |clip, purpose, procedure| {
        if let Some((clip, purpose)) = clip.parse::<ClipId>().ok().zip(purpose_of(purpose)) {
            sink(Intent::ViewRecording {
                clip,
                purpose,
                procedure: procedure.into(),
            });
        }
    });
    let (window, sink) = (app.as_weak(), Rc::clone(intents));
    films.on_seek(move |place| {
        if let Some(app) = window.upgrade() {
            let length = app.global::<FilmAdapter<'_>>().get_length_ms();
            sink(Intent::SeekFilm {
                at_ms: at(length, place),
            });
        }
    });
    let (window, sink) = (app.as_weak(), Rc::clone(intents));
    films.on_skip(move |seconds| {
        if let Some(app) = window.upgrade() {
            let films = app.global::<FilmAdapter<'_>>();
            let moved = films
                .get_position_ms()
                .saturating_add(seconds.saturating_mul(1000));
            let at_ms = u64::try_from(moved.clamp(0, films.get_length_ms())).unwrap_or(0);
            sink(Intent::SeekFilm { at_ms });
        }
    });
    let sink = Rc::clone(intents);
    films.on_play(move |playing| sink(Intent::PlayFilm { playing }));
    let sink = Rc::clone(intents);
    films.on_close(move || sink(Intent::CloseFilm));
}

/// Milliseconds at this part of the length.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part from 0 to 1 of a length that fits"
)]
fn at(length_ms: i32, place: f32) -> u64 {
    (f64::from(length_ms.max(0)) * f64::from(place.clamp(0.0, 1.0))) as u64
}

pub(super) fn show(app: &App, view: Option<&FilmView>) {
    let films = app.global::<FilmAdapter<'_>>();
    let Some(view) = view else {
        forget(app);
        return;
    };
    let offset_min = view.seen_at.offset_min;
    let (stage, why) = match view.state {
        FilmState::Opening => (FilmStage::Opening, Unplayable::None),
        FilmState::Shown => (FilmStage::Shown, Unplayable::None),
        FilmState::Unplayable(why) => (FilmStage::Unplayable, why.into()),
    };
    films.set_stage(stage);
    films.set_why(why);
    films.set_purpose(view.purpose.into());
    films.set_started(moment::at(view.started, offset_min));
    films.set_watermark(watermark(view).into());
    films.set_position_ms(i32::try_from(view.position_ms).unwrap_or(i32::MAX));
    films.set_length_ms(i32::try_from(view.length_ms).unwrap_or(i32::MAX));
    films.set_position(clock(view.position_ms).into());
    films.set_length(clock(view.length_ms).into());
    films.set_progress(part(view.position_ms, view.length_ms));
    films.set_playing(view.playing);
    films.set_has_picture(view.picture.is_some());
    let picture = view.picture.as_ref().map(|frame| viewfinder::image(app, frame));
    films.set_picture(picture.unwrap_or_default());
    films.set_thumbs(model(
        view.thumbnails.iter().map(|thumb| thumb_row(app, view, thumb)),
    ));
    films.set_stretches(model(view.stretches.iter().map(|one| stretch_row(view, one))));
    let doubts = view.stretches.iter().filter(|stretch| !vouches(stretch.state));
    films.set_doubts(model(doubts.map(|one| stretch_row(view, one))));
    films.set_whole(matches!(view.stretches.as_slice(), [one] if vouches(one.state)));
    films.set_open(true);
}

/// `1234567 28/11/2026 15:04:12`, in the time of the terminal.
fn watermark(view: &FilmView) -> String {
    let local = view.seen_at.utc.civil(view.seen_at.offset_min);
    format!(
        "{} {:02}/{:02}/{:04} {:02}:{:02}:{:02}",
        view.viewer,
        local.day(),
        local.month(),
        local.year(),
        local.hour(),
        local.minute(),
        local.second(),
    )
}

const fn vouches(state: StretchState) -> bool {
    match state {
        StretchState::Signed | StretchState::Chained => true,
        StretchState::Pending | StretchState::Unsigned | StretchState::Modified | StretchState::Missing => {
            false
        }
    }
}

fn thumb_row(app: &App, view: &FilmView, thumb: &Thumbnail) -> FilmThumb {
    FilmThumb {
        picture: viewfinder::image(app, &thumb.picture),
        at: clock(thumb.at_ms).into(),
        place: part(thumb.at_ms, view.length_ms),
    }
}

fn stretch_row(view: &FilmView, stretch: &Stretch) -> StretchRow {
    StretchRow {
        begins: part(stretch.from_ms, view.length_ms),
        lasts: part(stretch.to_ms.saturating_sub(stretch.from_ms), view.length_ms),
        state: stretch.state.into(),
        starts: clock(stretch.from_ms).into(),
        ends: clock(stretch.to_ms).into(),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a place on a line of some hundred pixels"
)]
fn part(ms: u64, of: u64) -> f32 {
    if of == 0 { 0.0 } else { ms as f32 / of as f32 }
}

/// `1:05`.
fn clock(ms: u64) -> String {
    format!("{}:{:02}", ms / 60_000, ms / 1000 % 60)
}

fn purpose_of(drawn: ViewPurpose) -> Option<Purpose> {
    Purpose::ALL
        .into_iter()
        .find(|one| ViewPurpose::from(*one) == drawn)
}

/// What a lock takes off the screen; pictures go from memory with it.
pub(super) fn forget(app: &App) {
    let films = app.global::<FilmAdapter<'_>>();
    films.set_open(false);
    films.set_asking(false);
    films.set_asked(drawn::RecordingRow::default());
    films.set_picture(Image::default());
    films.set_has_picture(false);
    films.set_thumbs(model([]));
    films.set_stretches(model([]));
    films.set_doubts(model([]));
    films.set_whole(false);
    films.set_watermark("".into());
}
