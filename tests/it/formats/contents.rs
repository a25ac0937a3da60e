//! Everything that a terminal's disk holds, as text, read through the functions that the engine uses.

use std::fmt::{Debug, Write as _};
use std::path::Path;

use agent::engine::device_db_key;
use agent::keys::{FileVault, Standing, standing};
use agent::site::Site;
use agent::store::{DeviceStore, OfficerStore};
use camera::pairing::Bond;
use camera::vault::{Found, Vault};
use domain::journal::verify_chain;
use domain::{ActId, InterventionId, canonical};
use tests::golden::{OFFICER, at, officer_key};

use super::notation::notation;

struct Opened {
    site: Site,
    device: DeviceStore,
    officer: OfficerStore,
}

fn open(terminal: &Path) -> anyhow::Result<Opened> {
    let site = Site::new(terminal);
    let keys = FileVault::open(site.root())?;
    let key = officer_key(&site, &keys)?;
    Ok(Opened {
        device: DeviceStore::open(&site.device_db(), &device_db_key(&keys)?, at(0).utc)?,
        officer: OfficerStore::open(&site.officer_db(OFFICER), &key, false, at(0).utc)?,
        site,
    })
}

/// Whether vault, slot and both databases open.
pub(crate) fn opens(terminal: &Path) -> bool {
    open(terminal).is_ok()
}

/// The bytes of the acts whose existence is not confirmed.
pub(crate) fn intents(terminal: &Path) -> Vec<Vec<u8>> {
    let copied = tempfile::tempdir().unwrap();
    super::copy(terminal, copied.path());
    let intents = open(copied.path()).unwrap().officer.intents().unwrap();
    intents.iter().map(canonical::encode).collect()
}

/// The bytes of what is kept of the camera.
pub(crate) fn bond(terminal: &Path) -> Vec<u8> {
    let copied = tempfile::tempdir().unwrap();
    super::copy(terminal, copied.path());
    let opened = open(copied.path()).unwrap();
    opened.device.pairing().unwrap().unwrap().bond
}

/// The text; what a terminal draws at random is left out.
pub(crate) fn contents(terminal: &Path) -> String {
    let keys = FileVault::open(terminal).unwrap();
    let opened = open(terminal).unwrap();
    let mut text = Text::default();
    let place = opened.site.place(OFFICER);
    match standing(&place, OFFICER, &keys, at(0).boot, 0) {
        Standing::Ready { left, wait_ms } => text.line("tries and wait", (left, wait_ms)),
        closed @ (Standing::NoCode | Standing::Closed(_)) => text.line("standing", closed),
    }
    text.device(&opened.device);
    text.officer(&opened.officer);
    text.footage(&Vault::open(&opened.site.footage(), 1 << 20).unwrap());
    text.0
}

/// Acts of the golden terminal, and one that it never had.
fn acts() -> impl Iterator<Item = ActId> {
    (1..14).map(|n| ActId::from_bytes([n; 16]))
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn line(&mut self, name: &str, value: impl Debug) {
        writeln!(self.0, "{name}: {value:?}").unwrap();
    }

    fn stored(&mut self, name: &str, value: &impl minicbor::Encode<()>) {
        writeln!(self.0, "{name}: {}", notation(&canonical::encode(value))).unwrap();
    }

    fn bytes(&mut self, name: &str, bytes: Option<Vec<u8>>) {
        self.line(
            name,
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        );
    }

    fn device(&mut self, device: &DeviceStore) {
        self.line("enrolment", domain::Digest::of(&device.enrolment().unwrap()));
        self.line("retry window", device.retry_window().unwrap());
        self.line("has opened", device.has_opened(OFFICER).unwrap());
        let journal = device.journal().unwrap();
        verify_chain(&journal).unwrap();
        for entry in &journal {
            self.stored("journal", entry);
        }
        let tally = device.tally().unwrap();
        self.line(
            "tally",
            (tally.waiting, tally.received, tally.refused, tally.last_received),
        );
        self.line("next deadline", device.next_deadline().unwrap());
        self.line("purged", device.purged().unwrap());
        for row in device.acts().unwrap() {
            self.line("act", (row.act, row.kind, row.number, row.corrected_by));
            self.line("  envelope", (row.envelope, row.lane, row.sequence, row.bytes));
            self.line("  record", (row.record, row.delivery));
            self.stored("  signed", &row.signed_at);
            self.line(
                "  to send",
                device.to_send(row.envelope).unwrap().map(|(lane, _)| lane),
            );
            self.bytes(
                "  bytes",
                device.to_send(row.envelope).unwrap().map(|(_, cose)| cose),
            );
            self.bytes("  receipt", device.receipt(row.act).unwrap());
            self.line("  term key", device.term_key_bytes(row.act).unwrap().as_deref());
        }
        let pairing = device.pairing().unwrap().unwrap();
        let bond: Bond = domain::decode(&pairing.bond).unwrap();
        self.line("camera", (&pairing.camera, pairing.transcript));
        self.line("bond", (&bond.camera, bond.transcript));
        for row in device.clips().unwrap() {
            self.line("clip", (&row.camera, row.root, row.until, row.refused));
            self.bytes("  receipt", row.receipt);
            self.stored("  listing", &row.listing);
            self.stored("  context", &row.context);
        }
    }

    fn officer(&mut self, officer: &OfficerStore) {
        for draft in officer.drafts().unwrap() {
            self.stored("draft", &draft);
        }
        for intent in officer.intents().unwrap() {
            self.stored("intent", &intent);
        }
        self.line("latest acts", officer.latest_acts().unwrap());
        for act in acts() {
            if let Some(record) = officer.record(act).unwrap() {
                self.stored("record", &record);
            }
        }
        self.stored("service", &officer.open_service().unwrap().unwrap());
        self.stored("intervention", &officer.open_intervention().unwrap().unwrap());
        for id in [[0x06; 16], [0x16; 16], [0x26; 16]] {
            let id = InterventionId::from_bytes(id);
            self.line("knows", officer.knows_intervention(id).unwrap());
        }
    }

    /// Encryption draws at random: what was encrypted is told, what came of it is not.
    fn footage(&mut self, vault: &Vault) {
        for clip in vault.clips().unwrap() {
            match vault.find(clip).unwrap().unwrap() {
                Found::Held(held) => {
                    let manifest = held.manifest();
                    self.line("held", (manifest.clip, &manifest.camera, manifest.root));
                    for segment in &manifest.segments {
                        self.line(
                            "  segment",
                            (segment.index, segment.offset, segment.length, segment.plain),
                        );
                        held.read_segment(segment.index).unwrap();
                    }
                    self.line(
                        "  certificate",
                        String::from_utf8_lossy(held.camera_certificate()),
                    );
                    self.bytes("  chain", Some(held.chain_file()));
                }
                Found::Intake(intake) => {
                    self.stored("intake", intake.opening());
                    for stored in intake.stored() {
                        let record = &stored.record;
                        self.line(
                            "  segment",
                            (record.index, record.offset, record.length, record.plain),
                        );
                        self.bytes("  message", Some(stored.message.clone()));
                    }
                    self.stored("  checkpoint", intake.begun().checkpoint.unwrap());
                }
            }
        }
        for trace in vault.traces().unwrap() {
            self.stored("trace", &trace);
        }
    }
}
