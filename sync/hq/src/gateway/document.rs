//! The PDF of an act: there when the law needs it, the one that was shown, signed inside by the act's own author.

use domain::Digest;
use domain::envelope::RefusalCode;
use domain::record::{Act, Record};
use trust::cert::Certificate;
use trust::pades;

use crate::bundle::Attached;

/// The attachment that [`Record::document`] is about.
pub(super) const NAME: &str = "document.pdf";

/// What a camera signed of itself, which a manifest names.
pub(super) const EVENTS: &str = "events.cose";

/// The attachments whose content is looked into when an envelope is judged.
pub(super) fn is_read(name: &str) -> bool {
    [NAME, EVENTS].contains(&name)
}

/// A PDF that begins with exactly the bytes that the record was signed over; what follows is not judged yet.
pub(super) struct Document<'a> {
    pdf: &'a [u8],
    /// Length of the document that was shown.
    shown: usize,
}

impl<'a> Document<'a> {
    /// None for an act that has no document and needs none.
    pub(super) fn of(record: &Record, attachments: &'a [Attached]) -> Result<Option<Self>, RefusalCode> {
        let attached = attachments.iter().find(|attachment| attachment.name == NAME);
        match (&record.document, attached) {
            (None, None) if !is_drawn(&record.act) => Ok(None),
            (None | Some(_), None) => Err(RefusalCode::DocumentMissing),
            (None, Some(_)) => Err(RefusalCode::DocumentMismatch),
            (Some(document), Some(attached)) => {
                let pdf = attached.content.as_deref().ok_or(RefusalCode::DocumentMismatch)?;
                let shown = usize::try_from(document.bytes)
                    .ok()
                    .filter(|length| {
                        pdf.get(..*length)
                            .is_some_and(|shown| Digest::of(shown) == document.sha256)
                    })
                    .ok_or(RefusalCode::DocumentMismatch)?;
                Ok(Some(Self { pdf, shown }))
            }
        }
    }

    /// Whether all that follows the shown bytes is one signature (PAdES) with this certificate's key.
    pub(super) fn is_signed_with(&self, certificate: &Certificate) -> bool {
        pades::verify(self.pdf).is_ok_and(|report| {
            report.integrity.is_ok()
                && report.signature.is_ok()
                && report.base_len == self.shown
                && report.certificate == *certificate
        })
    }
}

/// Whether the act is nothing without its document: the victim's and the court's copy is that PDF.
const fn is_drawn(act: &Act) -> bool {
    match act {
        Act::Pv(_) | Act::Plainte(_) | Act::Pve(_) | Act::Afd(_) | Act::Verification(_) => true,
        Act::IdentityCheck(_)
        | Act::Footage(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_) => false,
    }
}
