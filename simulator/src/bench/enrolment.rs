//! Ten thousand terminals before lunch: planned, given codes, and enrolled, held against the bare signatures.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use domain::UnixMs;
use domain::enrolment::{Address, KeyProtection};
use hq::batch::{self, HEADER, PrintOrder, State};
use hq::serve::wall_clock;
use hq::{Pki, Store, tokens};
use trust::cert::{Claims, SigningRequest};
use trust::keys::{KeyKind, SigningKey};

use super::figures::{Measure, Samples, Target};

/// Certificates a second: 10 000 terminals in 50 seconds, under the two minutes that they may take.
const TARGET: Target = Target::AtLeast(200.0);
const TERMINALS: usize = 10_000;
/// Codes on a sheet and sheets in a commit, as `neoctl batch apply` has them.
const CODES: u32 = 48;
const SHEETS: u32 = 2;
/// Bytes of a certificate and of a bundle, near enough for a signature over them.
const SIGNED: [usize; 2] = [600, 3_000];

/// Each repetition enrols its share of the ten thousand at one HQ, whose store grows as a real one does.
pub(super) fn measure(dir: &Path, repetitions: usize) -> anyhow::Result<Measure> {
    let pki = Pki::create(&dir.join("enrolment-pki"), wall_clock())?;
    let mut store = Store::open(&dir.join("enrolment-hq"))?;
    let broker = Address::parse("mqtts://localhost:8885")?;
    let share = TERMINALS / repetitions.max(1);
    let (mut samples, mut rates) = (Samples::default(), Vec::new());
    let mut whole = 0.0;
    for repetition in 0..repetitions {
        let name = format!("lot-{repetition}");
        let table = table(repetition * share, share);
        let began = Instant::now();
        let (rows, faulty) = batch::parse(&table)?;
        let (rows, elsewhere) = batch::sift(&mut store, rows)?;
        ensure!(
            faulty.is_empty() && elsewhere.is_empty(),
            "a line of the bench's table has a fault"
        );
        let now = wall_clock();
        batch::plan(&mut store, &name, &rows, now)?;
        let order = PrintOrder {
            broker: &broker,
            lasting_ms: UnixMs::DAY,
            codes: CODES,
            sheets: SHEETS,
        };
        loop {
            let sheets = batch::issue(&mut store, &pki, &name, &order, now)?;
            if sheets.is_empty() {
                break;
            }
            for sheet in sheets {
                batch::printed(&mut store, &name, sheet.number, now)?;
                for (_, ticket) in sheet.tickets {
                    terminal(&mut store, &pki, &ticket, now)?;
                }
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        let rows = batch::rows(&mut store, &name, now)?;
        ensure!(
            rows.len() == share && rows.iter().all(|row| row.state == State::Enrolled),
            "not every terminal was enrolled"
        );
        whole += seconds;
        let bare = bare(share);
        rates.push(share as f64 / seconds);
        samples.add(
            "an enrolment, table to bundle",
            "µs",
            seconds * 1e6 / share as f64,
        );
        samples.add(
            "its bare signatures: key, request, certificate, bundle",
            "µs",
            bare * 1e6 / share as f64,
        );
        samples.add("an enrolment ÷ its bare signatures", "", seconds / bare);
    }
    samples.add("all terminals", "", (share * repetitions) as f64);
    samples.add("all of them, of 120 s", "s", whole);
    Ok(samples.measure(
        "terminals enrolled a second (table, code, request, certificate, bundle)".to_owned(),
        TARGET,
        rates,
    ))
}

fn table(first: usize, count: usize) -> String {
    let mut table = format!("{HEADER}\n");
    for number in first..first + count {
        let imei = trust::sha256(&number.to_be_bytes());
        table.push_str(&format!("neo-{number:06};{imei};brigade de Crest;reserve\n"));
    }
    table
}

/// The phone makes its key and its request; HQ reads the request, takes the code, and answers the signed bundle.
fn terminal(
    store: &mut Store,
    pki: &Pki,
    ticket: &domain::enrolment::Ticket,
    now: UnixMs,
) -> anyhow::Result<()> {
    let key = SigningKey::generate(KeyKind::P256);
    let claims = Claims {
        age_recipient: Some([7; 32]),
        key_protection: Some(trust::keys::KeyProtection::File),
        ..Claims::default()
    };
    let request = SigningRequest::make(&key, ticket.device.as_str(), &claims)?;
    let asked = SigningRequest::from_der(&request)?;
    let request = hq::pki::DeviceRequest {
        device: ticket.device.clone(),
        model: String::new(),
        spki: asked.public_key.spki_der(),
        recipient: asked
            .claims
            .age_recipient
            .context("the request names no recipient")?,
        protection: KeyProtection::File,
    };
    let bundle = tokens::take(store, pki, &ticket.token, &request, now)?;
    bundle.map(drop).map_err(|refusal| anyhow::anyhow!("{refusal}"))
}

/// What cannot be left out of `count` enrolments, in seconds: a key, its signature on the request and the check of it,
/// the signature on the certificate, and the one on the bundle.
fn bare(count: usize) -> f64 {
    let (authority, command) = (
        SigningKey::generate(KeyKind::P256),
        SigningKey::generate(KeyKind::Ed25519),
    );
    let [certificate, bundle] = SIGNED.map(|bytes| vec![7; bytes]);
    let began = Instant::now();
    for _ in 0..count {
        let key = SigningKey::generate(KeyKind::P256);
        let proof = key.sign_der(&certificate);
        std::hint::black_box(key.public().verifies_der(&certificate, &proof));
        std::hint::black_box(authority.sign_der(&certificate));
        std::hint::black_box(command.sign(&bundle));
    }
    began.elapsed().as_secs_f64()
}
