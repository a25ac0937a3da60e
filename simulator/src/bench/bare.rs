//! What a receipted record cannot do without, each part measured alone on the same envelopes.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use agent::enrol;
use agent::keys::{Keys, device_signer};
use agent::site::Site;
use agent::store::DeviceStore;
use anyhow::{Context, bail};
use domain::enrolment::Enrolment;
use domain::envelope::{Bundle, Envelope, MAX_ENVELOPE, Receipt, ReceiptStatus};
use domain::{Digest, UnixMs, canonical};
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{AsyncClient, Event, MqttOptions};
use rumqttc::{NetworkOptions, TlsConfiguration, Transport};
use rusqlite::Connection;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::{pades, seal};

use super::acts::Prepared;
use super::rig::Rig;
use crate::card::SimCard;

/// As many publishes in flight as HQ lets a terminal have.
const WINDOW: u16 = 30;
const RECEIPT_TYPE: &str = "application/neo-receipt+cbor;v=1";

/// The time that each part takes, for one record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Costs {
    /// Digest and signature of the envelope, seal, digest and signature of the record, digest and signature of its
    /// document, and the receipt's signature.
    pub(super) at_hq: Duration,
    /// The receipt's signature.
    pub(super) on_terminal: Duration,
    pub(super) hq_commit: Duration,
    pub(super) terminal_commit: Duration,
    pub(super) publish: Duration,
}

impl Costs {
    pub(super) fn sum(self) -> Duration {
        self.at_hq + self.on_terminal + self.hq_commit + self.terminal_commit + self.publish
    }
}

/// The keys, certificates and addresses that the real way uses.
pub(super) struct Bare<'a> {
    rig: &'a Rig,
    enrolment: Enrolment,
    device: Certificate,
    officer: Certificate,
    keys: Arc<dyn Keys>,
    folder: PathBuf,
}

impl<'a> Bare<'a> {
    pub(super) fn new(rig: &'a Rig) -> anyhow::Result<Self> {
        let site = Site::new(rig.layout.terminal());
        let keys = enrol::vault(&site)?;
        let key = agent::engine::device_db_key(keys.as_ref())?;
        let bundle = DeviceStore::open(&site.device_db(), &key, UnixMs(0))?.enrolment()?;
        let bundle = cose::parse(&bundle).context("the enrolment does not read")?;
        let enrolment: Enrolment =
            canonical::decode(&bundle.payload).context("the enrolment does not read")?;
        let leaf = enrolment
            .device_chain
            .first()
            .context("the enrolment has no certificate")?;
        let folder = rig.layout.root().join("bare");
        std::fs::create_dir_all(&folder).context("could not make the folder of the bare commits")?;
        Ok(Self {
            device: Certificate::from_der(&leaf.0)?,
            officer: Certificate::from_der(&SimCard::certificate(&rig.layout.card())?)?,
            rig,
            enrolment,
            keys,
            folder,
        })
    }

    pub(super) fn measure(&self, acts: &[Prepared]) -> anyhow::Result<Costs> {
        let count = u32::try_from(acts.len())?;
        let began = Instant::now();
        let receipts: Vec<Vec<u8>> = acts
            .iter()
            .map(|act| self.judge(&act.envelope))
            .collect::<anyhow::Result<_>>()?;
        let at_hq = began.elapsed() / count;
        let began = Instant::now();
        for receipt in &receipts {
            self.accept(receipt)?;
        }
        let on_terminal = began.elapsed() / count;
        let envelopes: Vec<&[u8]> = acts.iter().map(|act| act.envelope.as_slice()).collect();
        let receipts: Vec<&[u8]> = receipts.iter().map(Vec::as_slice).collect();
        Ok(Costs {
            at_hq,
            on_terminal,
            hq_commit: commit_each(&self.folder.join("hq.db"), "", &envelopes)? / count,
            terminal_commit: commit_each(&self.folder.join("terminal.db"), SQLCIPHER, &receipts)? / count,
            publish: self.publish_each(self.rig.broker, &envelopes)? / count,
        })
    }

    /// HQ's cryptography over one envelope.
    fn judge(&self, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        let envelope_digest = Digest::of(bytes);
        let signed = cose::parse(bytes)?;
        cose::verify(&signed, Namespace::Envelope, &self.device)?;
        let envelope = Envelope::from_bytes(&signed.payload)?;
        let opened = seal::open(self.rig.pki.identity(), &envelope.sealed, MAX_ENVELOPE)?;
        let bundle: Bundle = canonical::decode(&opened)?;
        let record = Digest::of(&bundle.record);
        if record != envelope.record {
            bail!("an envelope of the bench names another record");
        }
        cose::verify(&cose::parse(&bundle.record)?, Namespace::Record, &self.officer)?;
        for attachment in &bundle.attachments {
            std::hint::black_box(Digest::of(&attachment.content));
            let report = pades::verify(&attachment.content)?;
            if !report.signature.is_ok() {
                bail!("the signature inside the bench's PDF does not hold");
            }
        }
        let receipt = Receipt {
            version: 1,
            device: envelope.device,
            envelope: envelope.id,
            envelope_digest,
            record_digest: Some(record),
            status: ReceiptStatus::Stored,
            at: envelope.created.utc,
            footage_root: None,
        };
        Ok(self
            .rig
            .pki
            .receipt()
            .sign(Namespace::Receipt, RECEIPT_TYPE, &receipt.to_bytes()))
    }

    /// The terminal's cryptography over one receipt.
    fn accept(&self, receipt: &[u8]) -> anyhow::Result<()> {
        let signed = cose::parse(receipt)?;
        cose::verify(&signed, Namespace::Receipt, self.rig.pki.receipt().certificate())?;
        Receipt::from_bytes(&signed.payload)?;
        Ok(())
    }

    /// The client library alone, on the terminal's TLS identity: from the first publish to the last acknowledgement.
    fn publish_each(&self, broker: SocketAddr, payloads: &[&[u8]]) -> anyhow::Result<Duration> {
        let chain: Vec<Vec<u8>> = self
            .enrolment
            .device_chain
            .iter()
            .map(|der| der.0.clone())
            .collect();
        let key = self.keys.public_key();
        let signs = Arc::new(device_signer(self.keys.clone()));
        let tls = sync::mqtt::tls_signing_client(&self.enrolment.root.0, &chain, &key, signs)?;
        let mut options = MqttOptions::new("bench", broker.ip().to_string(), broker.port());
        let mut network = NetworkOptions::new();
        network.set_tcp_nodelay(true);
        options
            .set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(tls)))
            .set_network_options(network)
            .set_outgoing_inflight_upper_limit(WINDOW);
        let payloads: Vec<Vec<u8>> = payloads.iter().map(|payload| payload.to_vec()).collect();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(publish_all(options, payloads))
    }
}

async fn publish_all(options: MqttOptions, payloads: Vec<Vec<u8>>) -> anyhow::Result<Duration> {
    let (client, mut events) = AsyncClient::new(options, usize::from(WINDOW));
    while !matches!(events.poll().await?, Event::Incoming(Packet::ConnAck(_))) {}
    let mut left = payloads.len();
    let began = Instant::now();
    let publisher = tokio::spawn(async move {
        for payload in payloads {
            client
                .publish("np/bench", QoS::AtLeastOnce, false, payload)
                .await?;
        }
        // The connection ends with its last client.
        Ok::<_, rumqttc::v5::ClientError>(client)
    });
    while left > 0 {
        if let Event::Incoming(Packet::PubAck(_)) = events.poll().await? {
            left -= 1;
        }
    }
    let took = began.elapsed();
    publisher.await??;
    Ok(took)
}

/// What makes a database the terminal's kind.
pub(super) const SQLCIPHER: &str =
    "PRAGMA key = \"x'6e656f2d62656e63682d726177206b6579206f66203332206279746573202121'\";";

/// One transaction a body, durable as both stores are.
#[expect(
    clippy::disallowed_methods,
    reason = "a database of the bench alone, measured without the stores"
)]
pub(super) fn commit_each(path: &Path, key: &str, bodies: &[&[u8]]) -> anyhow::Result<Duration> {
    let db = Connection::open(path)?;
    db.execute_batch(&format!(
        "{key}
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA secure_delete = ON;
         CREATE TABLE IF NOT EXISTS body (id INTEGER PRIMARY KEY, content BLOB NOT NULL);"
    ))?;
    let mut insert = db.prepare("INSERT INTO body (content) VALUES (?1)")?;
    let began = Instant::now();
    for body in bodies {
        insert.execute([body])?;
    }
    Ok(began.elapsed())
}
