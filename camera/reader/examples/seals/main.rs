//! Measures the reading of visible seals on frames that it draws: `docs/performance.md` has the figures.
#![expect(
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a measuring program that draws frames of two million pixels"
)]

mod drawing;

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use data_encoding::BASE32_NOPAD;
use domain::UnixMs;
use domain::identity::cachet::{Carrier, Standing, TrustList};
use domain::identity::{CivilDate, Verdict};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use reader::{Luma, Symbology, barcodes};
use trust::cachet::{Against, Authorities, Gathering};
use trust::keys::{KeyKind, SigningKey};
use zxingcpp::{BarcodeFormat, ImageFormat, ImageView};

use self::drawing::{Degraded, Dice, HEIGHT, WIDTH, frame};

/// 2026-11-27 at noon, UTC.
const NOON: UnixMs = UnixMs(1_795_780_800_000);

/// What is searched for in the frame of a document, whoever searches.
const FORMATS: [BarcodeFormat; 4] = [
    BarcodeFormat::DataMatrix,
    BarcodeFormat::QRCode,
    BarcodeFormat::PDF417,
    BarcodeFormat::Aztec,
];

#[derive(Default)]
struct Tally {
    frames: u32,
    proven: u32,
    bare: u32,
    product_took: Vec<Duration>,
    bare_took: Vec<Duration>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let (frames, seed) = asked()?;
    let (list, signer) = force()?;
    let against = Against {
        list: Some(&list),
        authorities: Authorities::Real,
        now: NOON,
        today: CivilDate::new(2026, 11, 27).map_err(|_| "no such day")?,
    };
    let mut dice = Dice::new(seed);
    let mut tallies: Vec<Tally> = Degraded::ALL.iter().map(|_| Tally::default()).collect();
    for number in 0..frames {
        let kind = number as usize % Degraded::ALL.len();
        let content = seal(&signer, number);
        let picture = frame(&mut dice, &content, Degraded::ALL[kind])?;
        let tally = &mut tallies[kind];
        tally.frames += 1;
        // Each goes first as often as the other, so that neither finds the frame in the cache.
        if (number as usize / Degraded::ALL.len()).is_multiple_of(2) {
            product(&picture, against, tally)?;
            bare(&picture, &content, tally)?;
        } else {
            bare(&picture, &content, tally)?;
            product(&picture, against, tally)?;
        }
    }
    report(&tallies);
    Ok(())
}

/// From the frame to the verdict on the seal's signature.
fn product(picture: &Luma, against: Against<'_>, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let found = barcodes(picture)?;
    let carrier = |symbology| match symbology {
        Symbology::DataMatrix => Carrier::DataMatrix,
        Symbology::QrCode | Symbology::Pdf417 | Symbology::Aztec => Carrier::Other,
    };
    let proven = found.iter().any(|one| {
        let reading = trust::cachet::read(&one.bytes, carrier(one.symbology), against);
        reading.is_some_and(|reading| {
            reading.verdicts.signature == Verdict::Proven
                && reading.verdicts.issuer_trusted == Verdict::Proven
        })
    });
    tally.product_took.push(began.elapsed());
    tally.proven += u32::from(proven);
    Ok(())
}

/// The library alone, as it comes: bytes, and no verdict.
fn bare(picture: &Luma, content: &[u8], tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let view = ImageView::from_slice(picture.pixels(), WIDTH, HEIGHT, ImageFormat::Lum)?;
    let found = zxingcpp::read().formats(FORMATS).from(view)?;
    let read = found.iter().any(|one| one.is_valid() && one.bytes() == content);
    tally.bare_took.push(began.elapsed());
    tally.bare += u32::from(black_box(read));
    Ok(())
}

fn report(tallies: &[Tally]) {
    println!("| frames | drawn | proven | read by the bare library | ms, product | ms, bare | ratio |");
    println!("|---|---|---|---|---|---|---|");
    let mut all = Tally::default();
    for (kind, tally) in Degraded::ALL.iter().zip(tallies) {
        row(kind.name(), tally);
        all.frames += tally.frames;
        all.proven += tally.proven;
        all.bare += tally.bare;
        all.product_took.extend(&tally.product_took);
        all.bare_took.extend(&tally.bare_took);
    }
    row("all", &all);
}

fn row(name: &str, tally: &Tally) {
    let ms =
        |took: &[Duration]| took.iter().sum::<Duration>().as_secs_f64() * 1_000.0 / took.len().max(1) as f64;
    let (product, bare) = (ms(&tally.product_took), ms(&tally.bare_took));
    println!(
        "| {name} | {} | {} | {} | {product:.1} | {bare:.1} | {:.2} |",
        tally.frames,
        tally.proven,
        tally.bare,
        product / bare
    );
}

/// An authority FR99 and its signer AB01, as a terminal holds them.
fn force() -> Result<(TrustList, SigningKey), Box<dyn Error>> {
    let key = KeyPair::generate()?;
    let mut params = named("FR99")?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let authority = params.self_signed(&key)?.der().to_vec();
    let issuer = Issuer::new(params, key);
    let signer = SigningKey::generate(KeyKind::P256);
    let signer_key = KeyPair::from_pem(&signer.to_pkcs8_pem())?;
    let leaf = named("AB01")?.signed_by(&signer_key, &issuer)?;
    let mut gathering = Gathering::default();
    gathering.certificate(&authority)?;
    gathering.certificate(leaf.der())?;
    let mut list = gathering.list("bench", NOON)?;
    for authority in &mut list.authorities {
        authority.standing = Standing::Recognised;
    }
    list.signature = Verdict::Proven;
    Ok((list, signer))
}

fn named(name: &str) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(vec![])?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

/// A 2D-Doc of version 04 about a person of its own.
fn seal(signer: &SigningKey, number: u32) -> Vec<u8> {
    let signed = format!("DC04FR99AB01FFFF24F70701FR62SPECIMEN\u{1d}61NATACHA {number:06}");
    let signature = BASE32_NOPAD.encode(&signer.sign(signed.as_bytes()));
    format!("{signed}\u{1f}{signature}").into_bytes()
}

/// `--frames N --seed N`.
fn asked() -> Result<(u32, u64), Box<dyn Error>> {
    let (mut frames, mut seed) = (300, 7);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("`{name}` has no value"))?;
        match name.as_str() {
            "--frames" => frames = value.parse()?,
            "--seed" => seed = value.parse()?,
            _ => return Err(format!("`{name}` is not known; use --frames and --seed").into()),
        }
    }
    Ok((frames, seed))
}
