//! An officer looks at an own recording: the motive first, then the journal, then the first picture (CSI L.241-1, R.241-5).

use domain::dialogue::{FilmState, FilmView, Notice, Unplayable};
use domain::footage::Purpose;
use domain::footage::custody::Procedure;
use domain::journal::Operation;
use domain::{ClipId, Timestamp};
use trust::seal::{Identity, Recipient, open, seal};

use super::unlock::Desk;
use crate::engine::{Effect, Engine};
use crate::store::{StoreError, ViewKey};
use crate::work::{Film, FilmJob, FilmStep, FilmTurn, Job, SealedFilm, Shown};

/// Far more than the text of a key.
const MAX_KEY: usize = 1024;
/// The longest that a picture stands while it plays, in milliseconds: a gap of the recording is not waited for.
const LONGEST: u64 = 1_000;

/// The recording on screen.
pub(crate) struct OnFilm {
    /// Tells this look from one before or after it.
    look: u64,
    view: FilmView,
    /// Absent while a worker has it.
    film: Option<Box<Film>>,
    /// Where the officer wants to be, once the worker gives it back.
    wanted: Option<u64>,
    /// When the picture on screen was asked for, on the device's clock.
    asked: u64,
    /// When the next one is due, on the device's clock.
    next_at: Option<u64>,
    surveyed: bool,
}

impl OnFilm {
    fn take(&mut self, mono_ms: u64) -> Option<Box<Film>> {
        let film = self.film.take()?;
        self.asked = mono_ms;
        self.next_at = None;
        Some(film)
    }

    fn show(&mut self, film: Box<Film>, shown: Shown, now: Timestamp) {
        let view = &mut self.view;
        view.state = FilmState::Shown;
        view.length_ms = film.length_ms();
        view.position_ms = shown.position_ms;
        view.picture = shown.picture;
        view.seen_at = now;
        view.playing &= shown.next_in_ms.is_some();
        self.film = Some(film);
        self.next_at = shown
            .next_in_ms
            .filter(|_| view.playing)
            .map(|in_ms| now.mono_ms.max(self.asked.saturating_add(in_ms.min(LONGEST))));
    }
}

impl Engine {
    /// Nothing is decrypted before the journal says who looks, and why.
    pub(crate) fn view_recording(
        &mut self,
        clip: ClipId,
        purpose: Purpose,
        procedure: &str,
    ) -> Result<(), StoreError> {
        let Some(row) = self.own_recording(clip)? else {
            return Ok(());
        };
        let procedure = match procedure.trim() {
            "" => None,
            text => match Procedure::parse(text) {
                Ok(procedure) => Some(procedure),
                Err(_) => {
                    self.notice(Notice::NotAStatement);
                    return Ok(());
                }
            },
        };
        let sealed = self.sealed_film(clip)?;
        if sealed.is_ok() {
            let viewed = Operation::FootageViewed {
                root: row.recording.root,
                purpose,
                procedure,
            };
            self.device.log(self.now, self.officer_id(), viewed)?;
        }
        let (now, look) = (self.now, self.footage.next_look());
        let state = match &sealed {
            Ok(_) => FilmState::Opening,
            Err(why) => FilmState::Unplayable(*why),
        };
        self.stale.film = true;
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.film = Some(Box::new(OnFilm {
            look,
            view: FilmView {
                clip,
                purpose,
                state,
                started: row.recording.started,
                position_ms: 0,
                length_ms: 0,
                playing: false,
                picture: None,
                thumbnails: Vec::new(),
                stretches: Vec::new(),
                viewer: desk.officer.matricule.to_string(),
                seen_at: now,
            },
            film: None,
            wanted: None,
            asked: now.mono_ms,
            next_at: None,
            surveyed: false,
        }));
        if let Ok(sealed) = sealed {
            self.look(clip, look, FilmStep::Open(sealed));
        }
        Ok(())
    }

    pub(crate) fn seek_film(&mut self, at_ms: u64) {
        let mono_ms = self.now.mono_ms;
        let Some(on) = self.on_film() else { return };
        let (clip, look) = (on.view.clip, on.look);
        match on.take(mono_ms) {
            Some(film) => self.look(clip, look, FilmStep::Seek(film, at_ms)),
            None => on.wanted = Some(at_ms),
        }
    }

    /// At its end it begins again.
    pub(crate) fn play_film(&mut self, playing: bool) {
        let mono_ms = self.now.mono_ms;
        let Some(on) = self.on_film() else { return };
        on.view.playing = playing;
        on.next_at = None;
        let (clip, look) = (on.view.clip, on.look);
        let step = on.take(mono_ms).filter(|_| playing).map(|film| {
            if on.view.position_ms >= film.length_ms() {
                FilmStep::Seek(film, 0)
            } else {
                FilmStep::Next(film)
            }
        });
        self.stale.film = true;
        if let Some(step) = step {
            self.look(clip, look, step);
        }
    }

    pub(crate) fn close_film(&mut self) {
        if let Some(desk) = self.desk() {
            desk.film = None;
        }
        self.stale.film = true;
    }

    /// Its bytes go: who looks at it sees that they are here no more.
    pub(crate) fn film_is_gone(&mut self, clip: ClipId) {
        if let Some(on) = self.on_film()
            && on.view.clip == clip
        {
            on.film = None;
            on.look = 0;
            on.next_at = None;
            on.view.playing = false;
            on.view.picture = None;
            on.view.thumbnails.clear();
            on.view.state = FilmState::Unplayable(Unplayable::NotHere);
            self.stale.film = true;
        }
    }

    pub(crate) fn film_worked(
        &mut self,
        clip: ClipId,
        look: u64,
        result: Result<FilmTurn, Unplayable>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let Some(on) = self.on_film().filter(|on| on.look == look) else {
            return Ok(());
        };
        match result {
            Err(why) => {
                on.view.state = FilmState::Unplayable(why);
                on.view.playing = false;
                on.view.picture = None;
            }
            Ok(FilmTurn::Shown(film, shown)) => {
                on.show(film, shown, now);
                if let Some(at_ms) = on.wanted.take() {
                    self.seek_film(at_ms);
                }
                self.survey_film(clip, look)?;
            }
            Ok(FilmTurn::Surveyed(survey)) => {
                on.view.stretches = survey.stretches;
                on.view.thumbnails = survey.thumbnails;
            }
        }
        self.stale.film = true;
        Ok(())
    }

    pub(crate) fn film_wakeup(&self) -> Option<u64> {
        match &self.desk {
            Desk::Open(desk) => desk.film.as_ref()?.next_at,
            Desk::Locked | Desk::Unlocking { .. } => None,
        }
    }

    /// The next picture of a recording that plays; whoever watches it has the terminal in hand.
    pub(crate) fn wake_film(&mut self) {
        let now = self.now;
        let Some(on) = self.on_film() else { return };
        if on.next_at.is_none_or(|at| at > now.mono_ms) {
            return;
        }
        let (clip, look) = (on.view.clip, on.look);
        if let Some(film) = on.take(now.mono_ms) {
            self.hand.touch(now);
            self.look(clip, look, FilmStep::Next(film));
        }
    }

    pub(crate) fn film_view(&self) -> Option<Box<FilmView>> {
        match &self.desk {
            Desk::Open(desk) => desk.film.as_ref().map(|on| Box::new(on.view.clone())),
            Desk::Locked | Desk::Unlocking { .. } => None,
        }
    }

    /// Where HQ allows it, a key of this recording alone, which only this officer's unlock gives back.
    pub(crate) fn make_view_key(&self, clip: ClipId) -> Result<(), StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(());
        };
        if !self.profiles.settings().recordings_viewed {
            return Ok(());
        }
        let key = Identity::generate();
        match seal(&[desk.reply_key.recipient()], key.to_text().as_bytes()) {
            Ok(sealed) => {
                let recipient = key.recipient();
                self.device.keep_view_key(clip, &ViewKey { recipient, sealed })
            }
            Err(error) => {
                // Without it the recording opens at HQ alone, which loses nothing.
                tracing::error!(%clip, %error, "a key to look at a recording could not be sealed");
                Ok(())
            }
        }
    }

    /// Who may open it besides HQ.
    pub(crate) fn viewer(&self, clip: ClipId) -> Result<Option<Recipient>, StoreError> {
        Ok(self.device.view_key(clip)?.map(|key| key.recipient))
    }

    /// Without the word of HQ's profile no recording opens here, those taken in before included.
    pub(crate) fn look_only_if_allowed(&mut self) -> Result<(), StoreError> {
        if self.profiles.settings().recordings_viewed {
            return Ok(());
        }
        if let Some(on) = self.on_film() {
            let clip = on.view.clip;
            self.film_is_gone(clip);
        }
        self.device.destroy_view_keys()
    }

    fn on_film(&mut self) -> Option<&mut OnFilm> {
        self.desk()?.film.as_deref_mut()
    }

    fn look(&mut self, clip: ClipId, look: u64, step: FilmStep) {
        let job = FilmJob { clip, look, step };
        self.out.push(Effect::Work(Job::Film(Box::new(job))));
    }

    /// Goes through it once, beside whoever looks already.
    fn survey_film(&mut self, clip: ClipId, look: u64) -> Result<(), StoreError> {
        let Some(on) = self.on_film().filter(|on| !on.surveyed) else {
            return Ok(());
        };
        on.surveyed = true;
        if let Ok(sealed) = self.sealed_film(clip)? {
            self.look(clip, look, FilmStep::Survey(sealed));
        }
        Ok(())
    }

    fn sealed_film(&self, clip: ClipId) -> Result<Result<SealedFilm, Unplayable>, StoreError> {
        if !self.profiles.settings().recordings_viewed {
            return Ok(Err(Unplayable::NotAllowed));
        }
        let Some(held) = self.footage.held(clip) else {
            return Ok(Err(Unplayable::NotHere));
        };
        let key = self.device.view_key(clip)?;
        Ok(key
            .and_then(|key| self.view_identity(&key))
            .map(|key| SealedFilm { held, key })
            .ok_or(Unplayable::SealedForHq))
    }

    fn view_identity(&self, key: &ViewKey) -> Option<Identity> {
        let Desk::Open(desk) = &self.desk else { return None };
        let text = zeroize::Zeroizing::new(open(&desk.reply_key, &key.sealed, MAX_KEY).ok()?);
        Identity::from_text(std::str::from_utf8(&text).ok()?).ok()
    }
}
