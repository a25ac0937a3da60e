//! A document in a picture: its machine-readable zone and its visible seals, read and held against the list of signers.

use std::sync::Arc;

use domain::dialogue::ScanProblem;
use domain::identity::cachet::{CachetReading, Carrier, TrustList};
use domain::identity::{CivilDate, Sight};
use domain::photo::Picture;
use domain::{ActId, UnixMs};
use reader::{Barcode, Symbology, Zone, ZoneText, barcodes, decode_image, zones};
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
    /// The text of a code that is no seal, as a pre-complaint carries its number.
    pub text: Option<domain::Sensitive<String>>,
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
        // A picture whose symbols cannot be searched has none that anybody could vouch for.
        let symbols = barcodes(&picture).unwrap_or_default();
        let cachets = seals(&symbols, against);
        let seen: Vec<ZoneText> = zones(&picture).iter().filter_map(Zone::read).collect();
        let clear = seen.iter().find(|zone| zone.sight == Sight::Clear);
        let scanned = Scanned {
            zone: clear.map(|zone| zone.text.clone()),
            is_ambiguous: clear.is_none() && !seen.is_empty(),
            text: if cachets.is_empty() { text(&symbols) } else { None },
            cachets,
        };
        let nothing = scanned.cachets.is_empty() && scanned.text.is_none();
        match (&scanned.zone, scanned.is_ambiguous, nothing) {
            (None, false, true) => Err(ScanProblem::NothingFound),
            (None, true, true) => Err(ScanProblem::Ambiguous),
            (Some(_), ..) | (None, _, false) => Ok(scanned),
        }
    }
}

/// One line that a person could have typed.
fn text(symbols: &[Barcode]) -> Option<domain::Sensitive<String>> {
    /// Longer is no number of a deposit.
    const LONGEST: usize = 120;
    let lines = symbols
        .iter()
        .filter_map(|symbol| std::str::from_utf8(&symbol.bytes).ok());
    let mut lines = lines.map(str::trim);
    let typed = |line: &&str| {
        !line.is_empty() && line.chars().count() <= LONGEST && !line.chars().any(char::is_control)
    };
    lines.find(typed).map(domain::Sensitive::from)
}

fn seals(symbols: &[Barcode], against: Against<'_>) -> Vec<CachetReading> {
    let read = |symbol: &Barcode| {
        let carrier = match symbol.symbology {
            Symbology::DataMatrix => Carrier::DataMatrix,
            Symbology::QrCode | Symbology::Pdf417 | Symbology::Aztec => Carrier::Other,
        };
        trust::cachet::read(&symbol.bytes, carrier, against)
    };
    symbols.iter().filter_map(read).collect()
}
