//! The stage of a patrol: broker, radio, HQ, camera and phone, set up around one folder and taken down again.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use agent::clock::Clock;
use agent::keys::Cost;
use agent::site::Site;
use agent::store::DeviceStore;
use anyhow::{Context, bail};
use domain::record::Act;
use domain::{ClipId, Digest, Zone};
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use hq::serve::{self, Address, Brokers, Running};
use hq::store::Policy;
use trust::cert::Certificate;

use super::Options;
use super::invariants::{Gathered, HqClip, HqRecord, record_of};
use super::phone::{Handset, Phone};
use super::scenario::Step;
use super::steps::Faults;
use crate::enrol::{self, Layout};
use crate::radio::Radio;
use crate::{broker, camera};

/// A broker that runs already.
#[derive(Debug, Clone)]
pub struct Outside {
    pub address: Address,
    /// HQ's keys, as `neo-sim pki` wrote them.
    pub pki: PathBuf,
}

pub(super) struct Stage {
    pub(super) layout: Layout,
    pub(super) pki: PathBuf,
    pub(super) clock: Clock,
    pub(super) seed: u64,
    pub(super) crew: String,
    pub(super) opj: String,
    pub(super) faults: Faults,
    pub(super) phone: Phone,
    pub(super) clip: ClipId,
    radios: [Radio; 2],
    hq: Running,
    camera: camera::Running,
    pub(super) invitation: String,
    original: Digest,
}

impl Stage {
    /// Sets everything up; in a folder that was used before, on what is there.
    pub(super) fn set(options: &Options) -> anyhow::Result<Self> {
        let layout = Layout::new(&options.out);
        let clock = Clock::new(Zone::Paris);
        let now = clock.now();
        let pki_dir = options.outside.as_ref().map_or_else(|| layout.pki(), |outside| outside.pki.clone());
        let pki = enrol::pki(&pki_dir, now.utc)?;
        let brokers = match &options.outside {
            Some(outside) => Brokers::on(outside.address.clone()),
            None => {
                let address = address_of(broker::start(&pki_dir)?);
                Brokers { control: address.clone(), bulk: address }
            }
        };
        enrol::terminal(&layout, &pki_dir, &options.scenario.officer, Cost::FLOOR, now)?;
        let original = match &options.clip {
            Some(path) => {
                std::fs::read(path).with_context(|| format!("could not read the clip `{}`", path.display()))?
            }
            None => include_bytes!("../../clips/patrol.mp4").to_vec(),
        };
        let switched_on = enrol::camera(&layout, &pki_dir, &original, now)?;
        let mut gateway = Gateway::open(&layout.hq(), pki, PoliceFiles::synthetic(options.seed, now.utc), now.utc)
            .context("could not open HQ's gateway")?;
        let policy = options.scenario.refused_subject.clone();
        gateway
            .set_policy(&policy.map_or(Policy::AcceptAll, |marker| Policy::AskCorrection { marker }))
            .context("could not set HQ's policy")?;
        let hq = serve::spawn(gateway, &brokers).context("could not start HQ")?;
        if !hq.is_connected_within(std::time::Duration::from_secs(30)) {
            bail!("HQ does not reach the broker `{}:{}`", brokers.control.host, brokers.control.port);
        }
        let radios = [Radio::start(socket(&brokers.control)?)?, Radio::start(socket(&brokers.bulk)?)?];
        let handset = Handset {
            program: options.program.clone(),
            args: vec![
                "terminal".to_owned(),
                "--dir".to_owned(),
                layout.terminal().display().to_string(),
                "--card".to_owned(),
                layout.card().display().to_string(),
                "--broker-port".to_owned(),
                radios[0].address().port().to_string(),
                "--bulk-port".to_owned(),
                radios[1].address().port().to_string(),
                "--camera".to_owned(),
                switched_on.running.address().to_string(),
                "--seed".to_owned(),
                options.seed.to_string(),
            ],
            code: options.scenario.officer.code.clone(),
        };
        Ok(Self {
            layout,
            pki: pki_dir,
            clock,
            seed: options.seed,
            crew: options.scenario.crew.clone(),
            opj: options.scenario.opj.clone(),
            faults: Faults::new(options.seed),
            phone: Phone::new(handset),
            clip: switched_on.clip,
            radios,
            hq,
            camera: switched_on.running,
            invitation: switched_on.invitation,
            original: Digest::of(&original),
        })
    }

    pub(super) fn cut(&self) {
        self.radios.iter().for_each(Radio::cut);
    }

    pub(super) fn restore(&self) {
        self.radios.iter().for_each(Radio::restore);
    }

    /// A step that an earlier run played leaves the air as it made it.
    pub(super) fn replay_air(&self, step: &Step) {
        match step {
            Step::CutRadio => self.cut(),
            Step::RestoreRadio => self.restore(),
            Step::StartService
            | Step::OpenIntervention { .. }
            | Step::ArriveOnScene
            | Step::Consult { .. }
            | Step::Act { .. }
            | Step::Kill
            | Step::Lock
            | Step::PairCamera
            | Step::TakeClip { .. }
            | Step::AwaitHq
            | Step::Correct { .. }
            | Step::CloseIntervention
            | Step::EndService => {}
        }
    }

    /// The last view of each kind, for the reference frames.
    pub(super) fn captured_views(&self) -> Vec<domain::dialogue::View> {
        self.phone.board.views.clone()
    }

    /// Takes the stage down and gathers what both sides hold.
    pub(super) fn strike(mut self) -> anyhow::Result<Gathered> {
        self.phone.stop()?;
        drop(self.camera);
        let mut gateway = self.hq.stop().context("HQ's thread ended by itself")?;
        gateway.export().context("could not export HQ's records")?;
        let device = open_device(&self.layout)?;
        let acts = device.acts()?;
        let mut receipts = std::collections::BTreeMap::new();
        for row in &acts {
            receipts.extend(device.receipt(row.act)?.map(|receipt| (row.envelope, receipt)));
        }
        let journal = device.journal()?;
        let (hq_records, hq_consultations) = records(&mut gateway)?;
        let clips_dir = self.layout.hq().join("clips");
        let mut hq_clips = Vec::new();
        let mut manifests = 0;
        for record in hq_records.iter().filter_map(|record| record_of(&record.record_cose)) {
            let Act::Footage(manifest) = record.act else { continue };
            manifests += 1;
            if let Ok(file) = std::fs::read(clips_dir.join(format!("{}.mp4", manifest.whole))) {
                hq_clips.push(HqClip { clip: manifest.clip, file });
            }
        }
        let pki = enrol::pki(&self.pki, self.clock.now().utc)?;
        Ok(Gathered {
            acts,
            receipts,
            journal,
            hq_records,
            hq_clips,
            receipt_signer: Certificate::clone(pki.receipt().certificate()),
            hq_consultations,
            originals: vec![self.original],
            manifests,
        })
    }
}

/// The device's database, opened from outside with the simulated vault.
pub(super) fn open_device(layout: &Layout) -> anyhow::Result<DeviceStore> {
    let site = Site::new(layout.terminal());
    let keys = agent::enrol::vault(&site)?;
    let key = agent::engine::device_db_key(keys.as_ref());
    Ok(DeviceStore::open(&site.device_db(), &key, domain::UnixMs(0))?)
}

fn records(gateway: &mut Gateway) -> anyhow::Result<(Vec<HqRecord>, usize)> {
    let store = gateway.store().begin()?;
    let mut records = Vec::new();
    for envelope in store.envelopes()? {
        let stored = store.record(envelope)?.context("HQ lists a record that it does not hold")?;
        records.push(HqRecord {
            envelope,
            envelope_cose: stored.envelope_cose,
            record_cose: stored.record_cose,
            document: store.attachment(envelope, "document.pdf")?,
            recepisse: store.attachment(envelope, "recepisse.pdf")?,
            camera_chain: store.attachment(envelope, "camera.cose")?,
            camera_certificate: store.attachment(envelope, "camera.der")?,
        });
    }
    let consultations = store.counts()?.consultations;
    Ok((records, usize::try_from(consultations).unwrap_or(usize::MAX)))
}

fn address_of(address: SocketAddr) -> Address {
    Address { host: "127.0.0.1".to_owned(), port: address.port() }
}

fn socket(address: &Address) -> anyhow::Result<SocketAddr> {
    use std::net::ToSocketAddrs;
    (address.host.as_str(), address.port)
        .to_socket_addrs()
        .context("the broker's name does not resolve")?
        .find(|address| address.ip() == std::net::IpAddr::V4(Ipv4Addr::LOCALHOST) || address.is_ipv4())
        .with_context(|| format!("`{}` has no IPv4 address", address.host))
}
