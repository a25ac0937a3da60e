//! The document of an act as pictures for the screen: before a signature what will be signed, after it what was.

use std::sync::Arc;

use documents::{Enclosures, Hands};
use domain::ActId;
use domain::dialogue::ShownLeaflet;
use domain::envelope::Attachment;
use domain::hand::{Signer, Strokes};
use domain::natinf::ReferenceSet;
use domain::plainte::Language;
use domain::record::Record;
use thiserror::Error;

/// Pixels across a page on screen: its text is legible at twice the width of a phone.
const WIDTH: u32 = 1_080;

/// What the screen takes in at once without a stutter, in bytes.
const MOST: usize = 12 * 1024 * 1024;

/// Why the document is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Drawing {
    /// For its author's eyes.
    Preview,
    /// To be read by those who sign it, and locked.
    Reading,
    /// It is signed.
    Signed,
    /// The sheet of rights in this language, for the victim of the act.
    Rights(Language),
    /// A leaflet for whoever the act is about.
    Leaflet(ShownLeaflet),
}

pub enum Source {
    Draft(Box<Unsigned>),
    /// The bytes of a document that exists.
    Kept(Vec<u8>),
    /// The sheet of rights.
    Rights(Language),
    Leaflet(ShownLeaflet),
    /// The code of a récépissé, for a screen.
    Code(Box<Record>),
}

/// An act that nobody has signed yet.
pub struct Unsigned {
    pub record: Record,
    pub reference: Arc<ReferenceSet>,
    pub photos: Vec<Attachment>,
    pub signers: Vec<Signer>,
    /// The signature under the sheet of rights, where there is one.
    pub rights: Option<Strokes>,
}

pub struct DrawJob {
    pub act: ActId,
    pub drawing: Drawing,
    pub source: Source,
}

/// A document, and its pages as PNG pictures.
pub struct DrawnPages {
    pub pdf: Vec<u8>,
    pub pages: Vec<Vec<u8>>,
}

/// Why there is nothing to show; nothing was changed.
#[derive(Debug, Error)]
pub enum DrawFailure {
    #[error("the document could not be drawn")]
    Document(#[source] documents::DocumentError),
    #[error("this kind of act has no document")]
    None,
    #[error("the pages could not be drawn")]
    Pages(#[source] documents::PagesError),
    #[error("the worker ended before it was done")]
    Died,
}

impl DrawJob {
    pub(super) fn run(self) -> Result<DrawnPages, DrawFailure> {
        let pdf = match self.source {
            Source::Kept(pdf) => pdf,
            Source::Rights(language) => documents::rights_sheet(language).map_err(DrawFailure::Document)?,
            Source::Leaflet(shown) => {
                documents::leaflet(shown.leaflet, shown.language).map_err(DrawFailure::Document)?
            }
            Source::Code(record) => documents::recepisse_code(&record).map_err(DrawFailure::Document)?,
            Source::Draft(unsigned) => unsigned.draw()?,
        };
        let mut pages = documents::pages(&pdf, WIDTH).map_err(DrawFailure::Pages)?;
        let bytes: usize = pages.iter().map(Vec::len).sum();
        if bytes > MOST {
            // Photographs weigh by their pixels: half the width is a quarter of them.
            pages = documents::pages(&pdf, WIDTH / 2).map_err(DrawFailure::Pages)?;
        }
        Ok(DrawnPages { pdf, pages })
    }
}

impl Unsigned {
    fn draw(self) -> Result<Vec<u8>, DrawFailure> {
        let photos: Vec<(String, Vec<u8>)> = self
            .photos
            .into_iter()
            .map(|photo| (photo.name, photo.content))
            .collect();
        let rights = self.rights.as_ref().map(documents::picture);
        let enclosures = Enclosures {
            photos: &photos,
            hands: Hands::Awaited(&self.signers),
            rights: rights.as_deref(),
            footer: None,
        };
        documents::render(&self.record, &self.reference, &enclosures)
            .map_err(DrawFailure::Document)?
            .ok_or(DrawFailure::None)
    }
}
