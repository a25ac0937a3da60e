//! The viewfinder from its opening to a picture that is kept: one look after another, each through one camera.

use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender, channel};

use domain::ActId;
use domain::viewfinder::{Fault, Frame, Shoot, Shot, Sight};

use crate::sights::{Seen, Sights, sights};

/// Looks of the watch, twice a second, until a camera that shows nothing is given up: eight seconds.
const PATIENCE: u8 = 16;

/// Mean luma under which a scene is called dark, and from which it no longer is; apart, so that the hint does not
/// flicker.
const DARK: u8 = 40;
const LIT: u8 = 56;

type Look = Rc<dyn Fn(Receiver<Shoot>, Sights)>;

/// Who takes photographs for a window. Each function starts a look in its own time and returns at once: it shows what
/// it sees until it has a picture, and stops, its device released, when the orders have lost their other end.
#[derive(Clone, Default)]
pub struct Shutter {
    camera: Option<Look>,
    files: Option<Look>,
}

impl Shutter {
    /// Looks through a live camera.
    #[must_use]
    pub fn with_camera(self, look: impl Fn(Receiver<Shoot>, Sights) + 'static) -> Self {
        Self {
            camera: Some(Rc::new(look)),
            ..self
        }
    }

    /// Takes an image file at once, without an order.
    #[must_use]
    pub fn with_files(self, look: impl Fn(Receiver<Shoot>, Sights) + 'static) -> Self {
        Self {
            files: Some(Rc::new(look)),
            ..self
        }
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.camera.is_none() && self.files.is_none()
    }

    fn look(&self, through: Through) -> Option<&Look> {
        match through {
            Through::Camera => self.camera.as_ref(),
            Through::Files => self.files.as_ref(),
        }
    }
}

impl std::fmt::Debug for Shutter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shutter")
            .field("camera", &self.camera.is_some())
            .field("files", &self.files.is_some())
            .finish()
    }
}

/// Where a picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Through {
    Camera,
    Files,
}

/// What becomes of a picture that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// It stays with the draft.
    Photograph,
    /// It is read, and stays nowhere.
    Document,
}

/// How far it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Closed,
    Opening,
    Live,
    Shooting,
    /// Taken, and the camera released.
    Review(Shot),
    Failed(Fault),
}

pub(crate) struct Viewfinder {
    shutter: Shutter,
    stage: Stage,
    draft: Option<ActId>,
    purpose: Purpose,
    through: Through,
    dark: bool,
    waited: u8,
    /// Held while a camera is open.
    line: Option<(Sender<Shoot>, Seen)>,
}

impl Viewfinder {
    pub(crate) const fn new(shutter: Shutter) -> Self {
        Self {
            shutter,
            stage: Stage::Closed,
            draft: None,
            purpose: Purpose::Photograph,
            through: Through::Camera,
            dark: false,
            waited: 0,
            line: None,
        }
    }

    pub(crate) const fn stage(&self) -> &Stage {
        &self.stage
    }

    pub(crate) const fn through(&self) -> Through {
        self.through
    }

    /// The scene is too dark for a photograph.
    pub(crate) const fn is_dark(&self) -> bool {
        self.dark
    }

    /// Image files are there to take instead.
    pub(crate) const fn has_files(&self) -> bool {
        self.shutter.files.is_some()
    }

    pub(crate) const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// For a picture of `draft`; `wake` is called on the camera's thread when there is something to [`see`](Self::see).
    pub(crate) fn open(&mut self, draft: ActId, purpose: Purpose, wake: impl Fn() + Send + Sync + 'static) {
        self.draft = Some(draft);
        self.purpose = purpose;
        let through = match self.shutter.camera {
            Some(_) => Through::Camera,
            None => Through::Files,
        };
        self.look(through, wake);
    }

    /// Another look for the same draft.
    pub(crate) fn look(&mut self, through: Through, wake: impl Fn() + Send + Sync + 'static) {
        self.release();
        let Some(look) = self.shutter.look(through).filter(|_| self.draft.is_some()) else {
            return;
        };
        let (orders, inbox) = channel();
        let (camera, window) = sights(wake);
        look(inbox, camera);
        self.line = Some((orders, window));
        (self.through, self.stage) = (through, Stage::Opening);
        (self.dark, self.waited) = (false, 0);
    }

    /// What has come since: a picture to draw, where there is a new one.
    pub(crate) fn see(&mut self) -> Option<Frame> {
        let (_, window) = self.line.as_ref()?;
        let sight = window.take()?;
        self.waited = 0;
        match sight {
            // The picture of the moment of the tap stays until the photograph is there.
            Sight::Frame(_) if self.stage == Stage::Shooting => None,
            Sight::Frame(frame) => {
                self.stage = Stage::Live;
                self.dark = frame.brightness() < if self.dark { LIT } else { DARK };
                Some(frame)
            }
            Sight::Taken(shot) => {
                self.release();
                let preview = shot.preview.clone();
                self.stage = Stage::Review(shot);
                Some(preview)
            }
            Sight::Failed(fault) => {
                self.fail(fault);
                None
            }
        }
    }

    /// Twice a second while it is open: a camera that shows nothing any more is given up.
    pub(crate) fn watch(&mut self) {
        if self.line.is_some() {
            self.waited = self.waited.saturating_add(1);
            if self.waited >= PATIENCE {
                self.fail(Fault::Lost);
            }
        }
    }

    pub(crate) fn shoot(&mut self) {
        if self.stage == Stage::Live
            && let Some((orders, _)) = &self.line
        {
            // A camera that has just ended says why in its last sight.
            let _ = orders.send(Shoot);
            self.stage = Stage::Shooting;
        }
    }

    /// The picture and its draft; the viewfinder closes.
    pub(crate) fn keep(&mut self) -> Option<(ActId, Shot)> {
        let draft = self.draft;
        match std::mem::replace(&mut self.stage, Stage::Closed) {
            Stage::Review(shot) => {
                self.close();
                draft.map(|draft| (draft, shot))
            }
            other @ (Stage::Closed | Stage::Opening | Stage::Live | Stage::Shooting | Stage::Failed(_)) => {
                self.stage = other;
                None
            }
        }
    }

    /// Nothing stays: no picture, and no open camera.
    pub(crate) fn close(&mut self) {
        self.release();
        self.stage = Stage::Closed;
        self.draft = None;
        self.dark = false;
    }

    fn fail(&mut self, fault: Fault) {
        self.release();
        self.stage = Stage::Failed(fault);
        self.dark = false;
    }

    /// The camera notices that nobody looks.
    fn release(&mut self) {
        self.line = None;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::mpsc::TryRecvError;

    use domain::photo::Picture;

    use super::*;

    const DRAFT: ActId = ActId::from_bytes([7; 16]);

    /// The other side: what the last look was given.
    type Looks = Rc<RefCell<Vec<(Through, Receiver<Shoot>, Sights)>>>;

    fn opened() -> (Viewfinder, Looks) {
        let looks = Looks::default();
        let (camera, files) = (Rc::clone(&looks), Rc::clone(&looks));
        let shutter = Shutter::default()
            .with_camera(move |orders, sights| camera.borrow_mut().push((Through::Camera, orders, sights)))
            .with_files(move |orders, sights| files.borrow_mut().push((Through::Files, orders, sights)));
        let mut viewfinder = Viewfinder::new(shutter);
        viewfinder.open(DRAFT, Purpose::Photograph, || ());
        (viewfinder, looks)
    }

    fn shows(looks: &Looks, sight: Sight) -> bool {
        looks.borrow().last().unwrap().2.show(sight)
    }

    fn is_open(looks: &Looks) -> bool {
        let looks = looks.borrow();
        let (_, orders, sights) = looks.last().unwrap();
        let heard = orders.try_recv() != Err(TryRecvError::Disconnected);
        assert_eq!(heard, sights.show(plain(0)), "both ends say the same");
        heard
    }

    fn grey(luma: u8) -> Frame {
        Frame::new(4, 3, vec![luma; 36]).unwrap()
    }

    fn plain(luma: u8) -> Sight {
        Sight::Frame(grey(luma))
    }

    fn shot() -> Shot {
        Shot {
            name: "photo.jpg".to_owned(),
            picture: Picture(vec![1, 2, 3]),
            preview: grey(9),
        }
    }

    #[test]
    fn a_photograph_is_taken_seen_and_kept_with_its_draft() {
        let (mut viewfinder, looks) = opened();
        assert_eq!((viewfinder.see(), viewfinder.stage()), (None, &Stage::Opening));
        viewfinder.shoot();
        assert_eq!(viewfinder.stage(), &Stage::Opening, "nothing is aimed at yet");
        shows(&looks, plain(100));
        assert_eq!(viewfinder.see(), Some(grey(100)));
        viewfinder.shoot();
        assert_eq!(looks.borrow()[0].1.try_recv(), Ok(Shoot));
        shows(&looks, plain(101));
        assert_eq!((viewfinder.see(), viewfinder.stage()), (None, &Stage::Shooting));
        shows(&looks, Sight::Taken(shot()));
        assert_eq!(viewfinder.see(), Some(grey(9)));
        assert!(!is_open(&looks), "what was taken needs no camera");
        assert_eq!(viewfinder.keep(), Some((DRAFT, shot())));
        assert_eq!((viewfinder.keep(), viewfinder.stage()), (None, &Stage::Closed));
    }

    #[test]
    fn taking_it_again_is_another_look_and_leaves_nothing_of_the_first() {
        let (mut viewfinder, looks) = opened();
        shows(&looks, Sight::Taken(shot()));
        viewfinder.see();
        viewfinder.look(Through::Camera, || ());
        assert_eq!((viewfinder.stage(), looks.borrow().len()), (&Stage::Opening, 2));
        assert_eq!(viewfinder.keep(), None);
        assert!(is_open(&looks));
    }

    #[test]
    fn whatever_it_shows_closing_it_releases_the_camera_and_the_pictures() {
        for sights in [
            vec![],
            vec![plain(9)],
            vec![plain(9), Sight::Taken(shot())],
            vec![Sight::Failed(Fault::Busy)],
        ] {
            let (mut viewfinder, looks) = opened();
            for sight in sights {
                shows(&looks, sight);
                viewfinder.see();
            }
            viewfinder.close();
            assert!(!is_open(&looks));
            assert_eq!((viewfinder.keep(), viewfinder.stage()), (None, &Stage::Closed));
        }
    }

    #[test]
    fn without_a_camera_files_give_the_picture() {
        let (mut viewfinder, looks) = opened();
        shows(&looks, Sight::Failed(Fault::NoCamera));
        viewfinder.see();
        assert_eq!(viewfinder.stage(), &Stage::Failed(Fault::NoCamera));
        assert!(viewfinder.has_files() && !is_open(&looks));
        viewfinder.look(Through::Files, || ());
        assert_eq!(looks.borrow()[1].0, Through::Files);
        shows(&looks, Sight::Taken(shot()));
        viewfinder.see();
        assert_eq!(viewfinder.keep(), Some((DRAFT, shot())));
    }

    #[test]
    fn where_there_are_files_alone_they_are_looked_at_at_once() {
        let looks = Looks::default();
        let files = Rc::clone(&looks);
        let shutter = Shutter::default()
            .with_files(move |orders, sights| files.borrow_mut().push((Through::Files, orders, sights)));
        let mut viewfinder = Viewfinder::new(shutter);
        viewfinder.open(DRAFT, Purpose::Photograph, || ());
        assert_eq!((viewfinder.through(), looks.borrow().len()), (Through::Files, 1));
    }

    #[test]
    fn a_dark_scene_is_dark_until_it_is_clearly_lit() {
        let (mut viewfinder, looks) = opened();
        for (luma, dark) in [
            (90, false),
            (40, false),
            (39, true),
            (55, true),
            (56, false),
            (41, false),
        ] {
            shows(&looks, plain(luma));
            viewfinder.see();
            assert_eq!(viewfinder.is_dark(), dark, "{luma}");
        }
    }

    #[test]
    fn a_camera_that_shows_nothing_any_more_is_given_up() {
        let (mut viewfinder, looks) = opened();
        for _ in 1..PATIENCE {
            viewfinder.watch();
        }
        shows(&looks, plain(90));
        viewfinder.see();
        for _ in 1..PATIENCE {
            viewfinder.watch();
        }
        assert_eq!(viewfinder.stage(), &Stage::Live);
        viewfinder.watch();
        assert_eq!(viewfinder.stage(), &Stage::Failed(Fault::Lost));
        assert!(!is_open(&looks));
    }

    #[test]
    fn a_photograph_that_waits_to_be_judged_is_not_given_up() {
        let (mut viewfinder, looks) = opened();
        shows(&looks, Sight::Taken(shot()));
        viewfinder.see();
        for _ in 0..200 {
            viewfinder.watch();
        }
        assert_eq!(viewfinder.stage(), &Stage::Review(shot()));
    }
}
