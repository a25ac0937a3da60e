//! What the targets damage: made once a process, by the same world that the tests of evidence use.

use std::sync::LazyLock;

use evidence::folder::Files;
use trust::cert::Certificate;
use trust::seal::{Identity, seal};

use crate::film::container::{FORMS, write};
use crate::film::onvif::{PLAN, Plan, sign};
use crate::film::{Camera, SCENE, pictures};
use crate::fixture::{NONE, World, video};

pub struct Good {
    /// The root of everything below.
    pub root: Certificate,
    /// The folders of an act, of a clip and of a segment.
    pub folders: [Files; 3],
    /// A PDF with its signature.
    pub pdf: Vec<u8>,
    pub video: Vec<u8>,
    /// One signed film in every form of file.
    pub films: Vec<Vec<u8>>,
    /// The root of the film's camera.
    pub maker: trust::maker::Certificate,
    /// Opens [`Good::sealed`].
    pub identity: Identity,
    pub sealed: Vec<u8>,
}

impl Good {
    /// A file of one of the folders.
    pub fn file(&self, name: &str) -> &[u8] {
        let file = self.folders.iter().find_map(|folder| folder.get(name));
        file.expect("some folder has a file of this name")
    }
}

pub static GOOD: LazyLock<Good> = LazyLock::new(|| {
    let world = World::new();
    let identity = Identity::generate();
    let camera = Camera::new();
    let film = sign(SCENE.codec, &pictures(SCENE), &camera, Plan { end: true, ..PLAN });
    let sealed = seal(&[identity.recipient()], b"what only one may read");
    Good {
        folders: [world.act(&NONE), world.clip(&NONE, false), world.segment(1)],
        pdf: world.signed_document(),
        video: video(),
        films: FORMS.map(|form| write(SCENE.codec, &film, form)).to_vec(),
        maker: camera.roots().remove(0),
        root: world.root,
        identity,
        sealed: sealed.expect("sealing into memory does not fail"),
    }
});
