//! A document in a picture: its machine-readable zone and its visible seals, read and held against the list of signers.

use std::sync::Arc;

use domain::dialogue::ScanProblem;
use domain::identity::cachet::{CachetReading, Carrier, TrustList};
use domain::identity::{CivilDate, Sight};
use domain::photo::Picture;
use domain::{ActId, UnixMs};
use reader::{Luma, Symbology, Zone, ZoneText, barcodes, decode_image, zones};
use trust::cachet::{Against, Authorities};

/// A picture to read.
pub struct ScanJob {
    pub draft: ActId,
    pub picture: Picture,
    pub list: Option<Arc<TrustList>>,
    /// In training the authorities that sign specimens count too.
    pub authorities: Authorities,
    pub now: UnixMs,
    pub today: CivilDate,
}

/// What was in it.
pub struct Scanned {
    /// The text of the zone, where one text alone fits it.
    pub zone: Option<domain::Sensitive<String>>,
    pub is_ambiguous: bool,
    pub cachets: Vec<CachetReading>,
}

impl ScanJob {
    pub(super) fn run(self) -> Result<Scanned, ScanProblem> {
        let picture = decode_image(&self.picture.0).map_err(|_| ScanProblem::NotAPicture)?;
        let against = Against {
            list: self.list.as_deref(),
            authorities: self.authorities,
            now: self.now,
            today: self.today,
        };
        let cachets = seals(&picture, against);
        let seen: Vec<ZoneText> = zones(&picture).iter().filter_map(Zone::read).collect();
        let clear = seen.iter().find(|zone| zone.sight == Sight::Clear);
        let scanned = Scanned {
            zone: clear.map(|zone| zone.text.clone()),
            is_ambiguous: clear.is_none() && !seen.is_empty(),
            cachets,
        };
        match (&scanned.zone, scanned.is_ambiguous, scanned.cachets.is_empty()) {
            (None, false, true) => Err(ScanProblem::NothingFound),
            (None, true, true) => Err(ScanProblem::Ambiguous),
            (Some(_), ..) | (None, _, false) => Ok(scanned),
        }
    }
}

/// A picture whose symbols cannot be searched has none that anybody could vouch for.
fn seals(picture: &Luma, against: Against<'_>) -> Vec<CachetReading> {
    let symbols = barcodes(picture).unwrap_or_default();
    let read = |symbol: &reader::Barcode| {
        let carrier = match symbol.symbology {
            Symbology::DataMatrix => Carrier::DataMatrix,
            Symbology::QrCode | Symbology::Pdf417 | Symbology::Aztec => Carrier::Other,
        };
        trust::cachet::read(&symbol.bytes, carrier, against)
    };
    symbols.iter().filter_map(read).collect()
}
