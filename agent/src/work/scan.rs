//! A document in a picture, or as a scanner typed it: its machine-readable zone and its visible seals, read and held against the list of signers.

use std::sync::Arc;

use domain::dialogue::ScanProblem;
use domain::identity::cachet::{CachetReading, Carrier, TrustList};
use domain::identity::{CivilDate, Sight, Verdict, read_mrz};
use domain::photo::Picture;
use domain::{ActId, Sensitive, UnixMs};
use reader::{Barcode, Symbology, Zone, ZoneText, barcodes, decode_image, zones};
use trust::cachet::{Against, Authorities};

/// Where the document is.
pub enum Seen {
    Picture(Picture),
    /// A scanner typed its zone.
    Zone(Sensitive<String>),
    /// A scanner typed its seal.
    Seal(Sensitive<Vec<u8>>),
}

/// A document to read.
pub struct ScanJob {
    pub draft: ActId,
    pub seen: Seen,
    pub list: Option<Arc<TrustList>>,
    /// In training the authorities that sign specimens count too.
    pub authorities: Authorities,
    pub now: UnixMs,
    pub today: CivilDate,
}

/// What was in it.
pub struct Scanned {
    /// The text of the zone, where one text alone fits it.
    pub zone: Option<Sensitive<String>>,
    pub is_ambiguous: bool,
    pub cachets: Vec<CachetReading>,
    /// The text of a code that is no seal, as a pre-complaint carries its number.
    pub text: Option<Sensitive<String>>,
}

impl ScanJob {
    pub(super) fn run(self) -> Result<Scanned, ScanProblem> {
        let against = Against {
            list: self.list.as_deref(),
            authorities: self.authorities,
            now: self.now,
            today: self.today,
        };
        let picture = match &self.seen {
            Seen::Picture(picture) => decode_image(&picture.0).map_err(|_| ScanProblem::NotAPicture)?,
            Seen::Zone(zone) => return keyed_zone(zone, self.today),
            Seen::Seal(seal) => return keyed_seal(seal.reveal(), against),
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

/// A scanner that read a character wrong is found out by the check digits; a document that has them wrong is typed.
fn keyed_zone(zone: &Sensitive<String>, today: CivilDate) -> Result<Scanned, ScanProblem> {
    match read_mrz(zone.reveal(), today) {
        Ok(reading) if reading.verdicts.read != Verdict::Refuted => Ok(Scanned {
            zone: Some(zone.clone()),
            is_ambiguous: false,
            cachets: Vec::new(),
            text: None,
        }),
        Ok(_) | Err(_) => Err(ScanProblem::Misread),
    }
}

/// What it looked like is not told by a scanner, and a text alone passes its keys.
fn keyed_seal(bytes: &[u8], against: Against<'_>) -> Result<Scanned, ScanProblem> {
    let cachet = trust::cachet::read(bytes, Carrier::Other, against).ok_or(ScanProblem::Misread)?;
    Ok(Scanned {
        zone: None,
        is_ambiguous: false,
        cachets: vec![cachet],
        text: None,
    })
}

/// One line that a person could have typed.
fn text(symbols: &[Barcode]) -> Option<Sensitive<String>> {
    /// Longer is no number of a deposit.
    const LONGEST: usize = 120;
    let lines = symbols
        .iter()
        .filter_map(|symbol| std::str::from_utf8(&symbol.bytes).ok());
    let mut lines = lines.map(str::trim);
    let typed = |line: &&str| {
        !line.is_empty() && line.chars().count() <= LONGEST && !line.chars().any(char::is_control)
    };
    lines.find(typed).map(Sensitive::from)
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
