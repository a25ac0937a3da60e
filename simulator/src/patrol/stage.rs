//! The stage of a patrol: the ground, and the phone in the officer's hand.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use agent::site::Site;
use agent::store::DeviceStore;
use agent::work::record_of;
use anyhow::Context;
use domain::dialogue::View;
use domain::enrolment::Enrolment;
use domain::footage::leaving::Supply;
use domain::record::Act;
use domain::service::TypedVehicle;
use domain::{DeviceId, EnvelopeId};
use hq::gateway::Gateway;
use trust::cert::Certificate;

use super::Options;
use super::destruction;
use super::invariants::{Gathered, HqClip, HqRecord};
use super::orders;
use super::phone::Phone;
use super::scenario::{HolderName, OfficerSheet, Step, VehicleSheet};
use super::screens::Screens;
use super::steps::Faults;
use crate::enrol;
use crate::ground::{Ground, Plan};
use crate::printer::printed;

/// How long HQ may take for the end of a journal.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often a terminal's database is looked into meanwhile.
const GLANCE: Duration = Duration::from_millis(300);

pub(super) struct Stage {
    pub(super) ground: Ground,
    pub(super) seed: u64,
    pub(super) crew: String,
    pub(super) vehicle: Option<TypedVehicle>,
    pub(super) opj: String,
    /// The first officer's service number, by which the colleague names them.
    pub(super) named: String,
    pub(super) canaries: Vec<String>,
    pub(super) faults: Faults,
    pub(super) phone: Phone,
    /// The terminal of the scenario's second officer.
    pub(super) colleague: Option<Phone>,
    /// Orders that HQ gave so far.
    pub(super) orders: usize,
    /// Profiles that HQ gave so far.
    pub(super) profiles: usize,
    /// An earlier process played the first steps.
    pub(super) resumed: bool,
    /// Whose card is in the terminal.
    pub(super) at_work: OfficerSheet,
    officer: OfficerSheet,
    second: Option<OfficerSheet>,
}

impl Stage {
    /// Sets everything up; in a folder that was used before, on what is there.
    pub(super) fn set(options: &Options) -> anyhow::Result<Self> {
        let ground = Ground::set(Plan {
            out: &options.out,
            seed: options.seed,
            scenario: &options.scenario,
            clip: options.clip.as_deref(),
            outside: options.outside.as_ref(),
        })?;
        let handset = ground.handset(&options.program, options.seed, &options.scenario.officer.code);
        let colleague = options.scenario.colleague.as_ref();
        let colleague =
            colleague.map(|sheet| Phone::new(ground.colleague(&options.program, options.seed, &sheet.code)));
        Ok(Self {
            ground,
            colleague,
            seed: options.seed,
            crew: options.scenario.crew.clone(),
            vehicle: options.scenario.vehicle.as_ref().map(VehicleSheet::typed),
            opj: options.scenario.opj.clone(),
            named: options.scenario.officer.matricule.clone(),
            canaries: options.scenario.canaries(),
            faults: Faults::new(options.seed),
            phone: Phone::new(handset),
            orders: 0,
            profiles: 0,
            resumed: false,
            at_work: options.scenario.officer.clone(),
            officer: options.scenario.officer.clone(),
            second: options.scenario.second.clone(),
        })
    }

    /// The card of one of the officers who share the terminal is put in.
    pub(super) fn change_card(&mut self, to: HolderName) -> anyhow::Result<()> {
        let layout = &self.ground.layout;
        let (sheet, dir) = match to {
            HolderName::Officer => (self.officer.clone(), layout.card()),
            HolderName::Second => {
                let sheet = self.second.clone().context("nobody shares the terminal")?;
                let dir = layout.card_of(&sheet);
                (sheet, dir)
            }
        };
        self.phone.change_card(&dir, &sheet.code)?;
        self.at_work = sheet;
        Ok(())
    }

    /// A step that an earlier run played leaves the air and the card as it made them.
    pub(super) fn replay_air(&mut self, step: &Step) -> anyhow::Result<()> {
        self.resumed = true;
        match step {
            Step::ChangeCard { to } => return self.change_card(*to),
            Step::BeLetIn { code, .. } => self.phone.learn_code(code),
            Step::CutRadio => self.ground.cut(),
            Step::RestoreRadio => self.ground.restore(),
            Step::Order { .. } => self.orders += 1,
            Step::Supply { power, bearer } => {
                return self.phone.supply(Supply {
                    power: power.0,
                    bearer: bearer.0,
                });
            }
            Step::Configure { .. } => self.profiles += 1,
            Step::StartService
            | Step::ReadBudget
            | Step::OpenIntervention { .. }
            | Step::ArriveOnScene
            | Step::Propose { .. }
            | Step::HqHears { .. }
            | Step::ColleagueServes { .. }
            | Step::ColleagueTouches { .. }
            | Step::CrewAgrees { .. }
            | Step::Consult { .. }
            | Step::ConsultAll { .. }
            | Step::LateAnswer { .. }
            | Step::AnswerWhileLocked { .. }
            | Step::DrawFrom { .. }
            | Step::Share { .. }
            | Step::AwaitAlarm { .. }
            | Step::RaiseAlert { .. }
            | Step::NobodyHasAlert { .. }
            | Step::TakeAlert { .. }
            | Step::TellAlert { .. }
            | Step::HoldRequisition { .. }
            | Step::Warned { .. }
            | Step::Urgent { .. }
            | Step::Touch { .. }
            | Step::Photograph { .. }
            | Step::Act { .. }
            | Step::Barred { .. }
            | Step::TurnIntoPv { .. }
            | Step::Amend { .. }
            | Step::Kill
            | Step::Lock
            | Step::PairCamera
            | Step::TakeClip { .. }
            | Step::AwaitHq
            | Step::Correct { .. }
            | Step::Print { .. }
            | Step::AskVisa { .. }
            | Step::GiveVisa { .. }
            | Step::Position { .. }
            | Step::ForgetCode
            | Step::RevokeCamera
            | Step::PublishLists
            | Step::Attach { .. }
            | Step::AskLists { .. }
            | Step::AskWithoutList { .. }
            | Step::PersonsForgotten
            | Step::AwaitConfirmation { .. }
            | Step::Scan { .. }
            | Step::Compare { .. }
            | Step::Verify { .. }
            | Step::FollowUp { .. }
            | Step::TellComplaint { .. }
            | Step::ReadComplaint { .. }
            | Step::PassTime { .. }
            | Step::CloseIntervention { .. }
            | Step::EndService => {}
        }
        Ok(())
    }

    /// What each screen is drawn with at the end.
    pub(super) fn screens(&mut self) -> Screens {
        Screens {
            gallery: std::mem::take(&mut self.phone.gallery),
            handouts: std::mem::take(&mut self.phone.board.handouts),
            last: std::mem::take(&mut self.phone.board.views)
                .into_iter()
                // A notice and the pages of a document lie over every screen.
                .filter(|view| !matches!(view, View::Notice(_) | View::Pages(_)))
                .collect(),
        }
    }

    /// What the terminals wrote last is at HQ, and they know it.
    fn await_journals(&mut self) -> anyhow::Result<()> {
        let mut sites = vec![(Site::new(self.ground.layout.terminal()), &mut self.phone)];
        if let Some(colleague) = &mut self.colleague {
            sites.push((Site::new(self.ground.layout.colleague().terminal), colleague));
        }
        for (site, phone) in sites {
            if phone.pid().is_none() {
                phone.alive()?;
            }
            let device = open_device(&site)?;
            let since = Instant::now();
            while !is_told(&device)? {
                anyhow::ensure!(
                    since.elapsed() < PATIENCE,
                    "HQ has not countersigned a journal within {} seconds",
                    PATIENCE.as_secs()
                );
                phone.pump(GLANCE)?;
                phone.alive()?;
            }
        }
        Ok(())
    }

    /// Ends the terminals' processes when HQ knows all that they wrote: what came in the last moment is told first.
    fn stop_once_told(&mut self) -> anyhow::Result<Vec<Site>> {
        let mut sites = vec![Site::new(self.ground.layout.terminal())];
        if self.colleague.is_some() {
            sites.push(Site::new(self.ground.layout.colleague().terminal));
        }
        let since = Instant::now();
        loop {
            self.await_journals()?;
            self.phone.stop()?;
            if let Some(colleague) = &mut self.colleague {
                colleague.stop()?;
            }
            let told = sites
                .iter()
                .map(|site| is_told(&open_device(site)?))
                .collect::<anyhow::Result<Vec<bool>>>()?;
            if told.into_iter().all(|told| told) {
                return Ok(sites);
            }
            anyhow::ensure!(
                since.elapsed() < PATIENCE,
                "a terminal writes into its journal without an end"
            );
        }
    }

    /// Takes the stage down and gathers what both sides hold.
    pub(super) fn strike(mut self) -> anyhow::Result<Gathered> {
        let sites = self.stop_once_told()?;
        let layout = self.ground.layout.clone();
        let (pki_dir, original) = (self.ground.pki.clone(), self.ground.original);
        let now = self.ground.clock.now().utc;
        let mut gateway = self.ground.strike()?;
        gateway.export().context("could not export HQ's records")?;
        let (mut acts, mut receipts, mut journals) = (Vec::new(), BTreeMap::new(), Vec::new());
        let (mut journal_receipts, mut devices) = (Vec::new(), Vec::new());
        let mut suivi_taken = Vec::new();
        for site in &sites {
            let device = open_device(site)?;
            for row in device.acts()? {
                receipts.extend(device.receipt(row.act)?.map(|receipt| (row.envelope, receipt)));
                acts.push(row);
            }
            journals.push(device.journal()?);
            journal_receipts.push(device.journal_receipt()?.map(|kept| kept.receipt));
            devices.push(device_of(&device)?);
            suivi_taken.push(device.last_suivi_note()?);
        }
        let (hq_records, hq_consultations) = records(&mut gateway)?;
        let clips_dir = layout.hq().join("clips");
        let mut hq_clips = Vec::new();
        let mut manifests = 0;
        for record in hq_records
            .iter()
            .filter_map(|record| record_of(&record.record_cose))
        {
            let Act::Footage(manifest) = record.act else {
                continue;
            };
            manifests += 1;
            if let Ok(file) = std::fs::read(clips_dir.join(format!("{}.mp4", manifest.whole))) {
                hq_clips.push(HqClip {
                    clip: manifest.clip,
                    file,
                });
            }
        }
        let pki = enrol::pki(&pki_dir, now)?;
        let store = gateway.store().begin()?;
        let mut hq_journals = Vec::new();
        for device in &devices {
            hq_journals.push(hq::audit::journals(&store, &pki, device)?.pop());
        }
        Ok(Gathered {
            acts,
            receipts,
            journals,
            hq_journals,
            journal_receipts,
            root: Certificate::clone(pki.root()),
            hq_records,
            hq_clips,
            receipt_signer: Certificate::clone(pki.receipt().certificate()),
            hq_consultations,
            alarms: store.query_alarms()?,
            alerts: store.alerts()?,
            originals: vec![original],
            manifests,
            orders: orders::gather(&store, &pki, &devices)?,
            printed: printed(&layout.printed())?,
            tombstones: destruction::gather(&store)?,
            command_signer: Certificate::clone(pki.command().certificate()),
            suivi: store.all_suivi()?,
            suivi_taken,
        })
    }
}

/// Whether HQ countersigned all that the terminal wrote.
fn is_told(device: &DeviceStore) -> anyhow::Result<bool> {
    let receipt = device.journal_receipt()?;
    Ok(receipt.map_or(0, |kept| kept.size) == device.journal_size()?)
}

/// Whose database it is.
fn device_of(device: &DeviceStore) -> anyhow::Result<DeviceId> {
    let bundle = trust::cose::parse(&device.enrolment()?)?;
    let enrolment: Enrolment = domain::decode(&bundle.payload)?;
    Ok(enrolment.terminal.device)
}

/// The device's database, opened from outside with the simulated vault.
pub(super) fn open_device(site: &Site) -> anyhow::Result<DeviceStore> {
    let keys = agent::enrol::vault(site)?;
    let key = agent::engine::device_db_key(keys.as_ref())?;
    Ok(DeviceStore::open(&site.device_db(), &key, domain::UnixMs(0))?)
}

/// The files that a record names by digest, as HQ holds them, by name.
fn enclosed(
    store: &hq::store::Transaction<'_>,
    envelope: EnvelopeId,
    record_cose: &[u8],
) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let record = record_of(record_cose).context("a record at HQ does not decode")?;
    let mut enclosed = BTreeMap::new();
    for named in record.act.enclosures() {
        let mut bytes = Vec::new();
        let copied = store.copy_attachment(envelope, &named.name, &mut bytes)?;
        enclosed.extend(copied.map(|_| (named.name, bytes)));
    }
    Ok(enclosed)
}

fn records(gateway: &mut Gateway) -> anyhow::Result<(Vec<HqRecord>, usize)> {
    let store = gateway.store().begin()?;
    let mut records = Vec::new();
    for envelope in store.envelopes()? {
        let stored = store
            .record(envelope)?
            .context("HQ lists a record that it does not hold")?;
        let enclosed = enclosed(&store, envelope, &stored.record_cose)?;
        records.push(HqRecord {
            envelope,
            enclosed,
            envelope_cose: stored.envelope_cose,
            record_cose: stored.record_cose,
            document: store.attachment(envelope, "document.pdf")?,
            recepisse: store.attachment(envelope, "recepisse.pdf")?,
            requisition: store.attachment(envelope, domain::plainte::REQUISITION)?,
            grille: store.attachment(envelope, domain::plainte::GRID)?,
            camera_chain: store.attachment(envelope, "camera.cose")?,
            camera_events: store.attachment(envelope, "events.cose")?,
            camera_certificate: store.attachment(envelope, "camera.der")?,
        });
    }
    let consultations = store.counts()?.consultations;
    Ok((records, usize::try_from(consultations).unwrap_or(usize::MAX)))
}
