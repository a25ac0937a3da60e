//! From a template and its values to the bytes of an archival PDF (PDF/A-2a, ISO 19005-2, and PDF/UA-1, ISO 14289-1).
//!
//! Only the templates of this package and the embedded fonts exist here: no file, no network, no clock.

use std::sync::LazyLock;

use domain::{Sensitive, Timestamp};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::DocumentError;

/// The families that the templates name for what is typed, in the order in which they are asked for a glyph.
pub(crate) const FAMILIES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

/// Cut to the pages of rights: they have no glyph for what anybody types.
static RIGHTS: [&[u8]; 6] = [
    include_bytes!("../fonts/RightsSans-Regular.ttf"),
    include_bytes!("../fonts/RightsSans-Bold.ttf"),
    include_bytes!("../fonts/RightsArabic-Regular.ttf"),
    include_bytes!("../fonts/RightsArabic-Bold.ttf"),
    include_bytes!("../fonts/RightsHan-Regular.otf"),
    include_bytes!("../fonts/RightsHan-Bold.otf"),
];

/// Every font that a template names.
pub(crate) static FONTS: LazyLock<FontStore> = LazyLock::new(|| {
    let mut fonts = FontStore::new();
    fonts.extend(typst_kit::fonts::embedded().filter(|(_, info)| FAMILIES.contains(&info.family.as_str())));
    let rights = RIGHTS.into_iter().flat_map(|data| Font::iter(Bytes::new(data)));
    fonts.extend(rights.map(|font| {
        let info = font.info().clone();
        (font, info)
    }));
    fonts
});

static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    [
        ("/sheet.typ", include_str!("../templates/sheet.typ")),
        ("/hands.typ", include_str!("../templates/hands.typ")),
        ("/audition.typ", include_str!("../templates/audition.typ")),
        ("/road.typ", include_str!("../templates/road.typ")),
        ("/controle.typ", include_str!("../templates/controle.typ")),
        ("/pv.typ", include_str!("../templates/pv.typ")),
        ("/pve.typ", include_str!("../templates/pve.typ")),
        ("/afd.typ", include_str!("../templates/afd.typ")),
        ("/plainte.typ", include_str!("../templates/plainte.typ")),
        ("/langue.typ", include_str!("../templates/langue.typ")),
        ("/droits.typ", include_str!("../templates/droits.typ")),
        ("/carte.typ", include_str!("../templates/carte.typ")),
        ("/recepisse.typ", include_str!("../templates/recepisse.typ")),
        ("/requisition.typ", include_str!("../templates/requisition.typ")),
        ("/verification.typ", include_str!("../templates/verification.typ")),
        ("/grille.typ", include_str!("../templates/grille.typ")),
        ("/code.typ", include_str!("../templates/code.typ")),
        ("/enrolement.typ", include_str!("../templates/enrolement.typ")),
    ]
    .map(|(path, text)| Source::new(file(path), text.to_owned()))
    .to_vec()
});

/// The forms that this package prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Controle,
    Pv,
    Pve,
    Afd,
    Plainte,
    Recepisse,
    /// For a medical examination.
    Requisition,
    /// The danger grid, for the prosecutor.
    Grille,
    Enrolement,
    /// A code for a victim's own phone.
    Code,
    Verification,
    /// The sheet of a victim's rights.
    Rights,
    /// The sheet of rights in custody.
    Custody,
    /// Who helps, on a card.
    Card,
}

impl Form {
    const fn path(self) -> &'static str {
        match self {
            Self::Controle => "/controle.typ",
            Self::Pv => "/pv.typ",
            Self::Pve => "/pve.typ",
            Self::Afd => "/afd.typ",
            Self::Plainte => "/plainte.typ",
            Self::Recepisse => "/recepisse.typ",
            Self::Requisition => "/requisition.typ",
            Self::Grille => "/grille.typ",
            Self::Enrolement => "/enrolement.typ",
            Self::Code => "/code.typ",
            Self::Verification => "/verification.typ",
            Self::Rights | Self::Custody => "/droits.typ",
            Self::Card => "/carte.typ",
        }
    }

    /// Tells apart the documents of one act.
    const fn name(self) -> &'static str {
        match self {
            Self::Controle | Self::Pv | Self::Pve | Self::Afd | Self::Plainte | Self::Verification => "acte",
            Self::Recepisse => "recepisse",
            Self::Requisition => "requisition",
            Self::Grille => "grille",
            Self::Enrolement => "enrolement",
            Self::Code => "code",
            Self::Rights => "droits",
            Self::Custody => "garde-a-vue",
            Self::Card => "carte",
        }
    }
}

/// The PDF of `form` filled with `values`: the same id, moment and values give the same bytes.
pub(crate) fn typeset(form: Form, id: &str, at: Timestamp, values: Dict) -> Result<Vec<u8>, DocumentError> {
    let desk = Desk {
        library: LazyHash::new(Library::builder().with_inputs(values).build()),
        main: file(form.path()),
    };
    let printed = print(&desk, form, id, at);
    // The typesetter remembers what it laid out, and so what was typed; that memory ends with the document.
    typst::comemo::evict(0);
    printed
}

fn print(desk: &Desk, form: Form, id: &str, at: Timestamp) -> Result<Vec<u8>, DocumentError> {
    let compiled = typst::compile::<PagedDocument>(desk);
    let document = compiled.output.map_err(|faults| layout(&faults))?;
    if !compiled.warnings.is_empty() {
        return Err(layout(&compiled.warnings));
    }
    let options = PdfOptions {
        ident: Smart::Custom(format!("{}:{id}", form.name())),
        creator: Smart::Custom(Some("NEO".to_owned())),
        timestamp: Some(stamp(at).ok_or(DocumentError::Moment)?),
        standards: PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
            .expect("PDF/A-2a and PDF/UA-1 share a version of PDF"),
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|faults| layout(&faults))
}

fn stamp(at: Timestamp) -> Option<typst_pdf::Timestamp> {
    let local = at.local();
    let datetime = Datetime::from_ymd_hms(
        local.year().into(),
        local.month().unsigned_abs(),
        local.day().unsigned_abs(),
        local.hour().unsigned_abs(),
        local.minute().unsigned_abs(),
        local.second().unsigned_abs(),
    )?;
    typst_pdf::Timestamp::new_local(datetime, at.offset_min.into())
}

fn layout(faults: &[SourceDiagnostic]) -> DocumentError {
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    DocumentError::Layout(Sensitive::new(messages.join("; ")))
}

fn file(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("the paths of the templates are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What a template can reach.
struct Desk {
    library: LazyHash<Library>,
    main: FileId,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        FONTS.book()
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = SOURCES.iter().find(|source| source.id() == id);
        found
            .cloned()
            .ok_or_else(|| FileError::NotFound(id.get().vpath().get_with_slash().into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        Err(FileError::NotFound(id.get().vpath().get_with_slash().into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
