//! The enrolment ceremony of a simulated force: HQ's keys, one terminal, one officer with a card, one camera.
//!
//! Every step is repeatable: a ceremony that was interrupted goes on where it stopped.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::camera::pairing::{Suite, generate_static};
use agent::engine::{Boot, CardEvent, Effect, Engine, Event};
use agent::enrol::{self, bootstrap, joining};
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use anyhow::Context;
use domain::dialogue::Intent;
use domain::enrolment::{Address, KeyProtection, Ticket};
use domain::officer::{Corps, FileKind, Habilitation, Matricule, Officer};
use domain::{CameraId, ClipId, DeviceId, Digest, OfficerId, Secret, Sensitive, Timestamp, UnixMs};
use hq::enrolment::{EnrolmentError, Registry};
use hq::pki::{CameraRequest, OfficerRequest, Pki};
use hq::tokens::{self, Grant};
use trust::cert::Certificate;
use trust::keys::{KeyKind, PublicKey, SigningKey};

use crate::camera;
use crate::card::SimCard;
use crate::patrol::scenario::OfficerSheet;

/// The folders of one simulated force.
#[derive(Debug, Clone)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The phone's disk.
    pub fn terminal(&self) -> PathBuf {
        self.root.join("terminal")
    }

    pub fn card(&self) -> PathBuf {
        self.root.join("card")
    }

    /// The card of another officer of the force.
    pub fn card_of(&self, sheet: &OfficerSheet) -> PathBuf {
        self.root.join("cards").join(&sheet.matricule)
    }

    /// What victims bring: the folder that the terminal of this force takes files in from.
    pub fn brought(&self) -> PathBuf {
        brought(&self.terminal())
    }

    /// What the simulated printer has printed.
    pub fn printed(&self) -> PathBuf {
        self.root.join("printed")
    }

    pub fn camera(&self) -> PathBuf {
        self.root.join("camera")
    }

    /// The gateway's folder.
    pub fn hq(&self) -> PathBuf {
        self.root.join("hq")
    }

    /// A second terminal, of another officer.
    pub fn colleague(&self) -> Place {
        let root = self.root.join("colleague");
        Place {
            device: DeviceId::parse("neo-000008").expect("a constant name"),
            terminal: root.join("terminal"),
            card: root.join("card"),
        }
    }

    /// HQ's keys, unless an outside PKI is given.
    pub fn pki(&self) -> PathBuf {
        self.root.join("pki")
    }

    pub fn anchors(&self) -> PathBuf {
        self.root.join("anchors")
    }
}

/// Beside the phone's disk, as a card that is put into it: what victims bring.
pub fn brought(terminal: &Path) -> PathBuf {
    terminal.with_file_name("brought")
}

/// How a phone reaches HQ for its enrolment.
#[derive(Debug, Clone, Copy)]
pub enum Way<'a> {
    /// The bootstrap listener of a broker, where HQ's gateway is at work.
    Bootstrap(&'a Address),
    /// HQ's registry in this process.
    Direct,
}

/// The names of the force's first terminal and of its camera.
pub fn device_id() -> DeviceId {
    DeviceId::parse("neo-000007").expect("a constant name")
}

pub fn camera_id() -> CameraId {
    CameraId::parse("cam-000007").expect("a constant name")
}

/// HQ's PKI: made at first use in `dir`.
pub fn pki(dir: &Path, now: UnixMs) -> anyhow::Result<Pki> {
    if !dir.join("root.pem").exists() {
        Pki::create(dir, now).context("could not make HQ's keys")?;
    }
    Pki::open(dir).context("could not open HQ's keys")
}

/// Enrols the force's first terminal and its officer unless that is done; the officer chooses a code at the terminal.
pub fn terminal(
    layout: &Layout,
    pki_dir: &Path,
    sheet: &OfficerSheet,
    now: Timestamp,
    way: Way<'_>,
) -> anyhow::Result<()> {
    let place = Place {
        device: device_id(),
        terminal: layout.terminal(),
        card: layout.card(),
    };
    place.join(layout, pki_dir, sheet, now, way)
}

/// One terminal of a force: its name, its disk, and the folder of its officer's card.
#[derive(Debug, Clone)]
pub struct Place {
    pub device: DeviceId,
    pub terminal: PathBuf,
    pub card: PathBuf,
}

impl Place {
    /// [`Place::enrol`] at the HQ of `layout`.
    pub fn join(
        &self,
        layout: &Layout,
        pki_dir: &Path,
        sheet: &OfficerSheet,
        now: Timestamp,
        way: Way<'_>,
    ) -> anyhow::Result<()> {
        let mut registry = registry(layout, pki_dir, now.utc)?;
        self.enrol(&mut registry, sheet, now, way)
    }

    /// Enrols the terminal and its officer unless that is done.
    pub fn enrol(
        &self,
        registry: &mut Registry,
        sheet: &OfficerSheet,
        now: Timestamp,
        way: Way<'_>,
    ) -> anyhow::Result<()> {
        let site = Site::new(&self.terminal);
        let keys = enrol::vault(&site)?;
        if !enrol::is_enrolled(&site, keys.as_ref())? {
            let officer = register(registry, &self.card, sheet, now.utc)?;
            // A phone that was cut off goes on with the ticket that it has.
            let ticket = match joining::kept_ticket(&site) {
                Some(ticket) => ticket,
                None => self.ticket(registry, officer.id, now.utc, way)?,
            };
            let exchange = |ticket: &Ticket, sealed: &[u8]| match way {
                // The broker of this run listens elsewhere than that of the run which wrote the ticket.
                Way::Bootstrap(address) => bootstrap::ask(address, ticket.root.as_bytes(), sealed.to_vec())
                    .map_err(Unreached::Bootstrap),
                Way::Direct => registry
                    .knock(sealed, now.utc)
                    .map_err(Unreached::Registry)?
                    .ok_or(Unreached::Silent),
            };
            joining::join(&site, keys.as_ref(), &ticket, now, exchange)
                .context("could not enrol the terminal")?;
        }
        Ok(())
    }

    /// What a fleet manager hands over with the phone, read back from its text.
    fn ticket(
        &self,
        registry: &mut Registry,
        officer: OfficerId,
        now: UnixMs,
        way: Way<'_>,
    ) -> anyhow::Result<Ticket> {
        let grant = Grant {
            device: self.device.clone(),
            model: "simulateur".to_owned(),
            officers: vec![officer],
            numbers: 10_000,
        };
        let (token, expires) = tokens::issue(registry.store(), &grant, tokens::LASTING, now)
            .context("could not issue the terminal's token")?;
        let broker = match way {
            Way::Bootstrap(address) => address.clone(),
            Way::Direct => Address::parse("mqtts://localhost:8885").expect("a constant address"),
        };
        let ticket = tokens::ticket(registry.pki(), broker, self.device.clone(), token, expires);
        Ok(Ticket::parse(&ticket.to_text())?)
    }
}

/// Registers the officer of `sheet` and certifies the card kept in `dir`.
fn register(
    registry: &mut Registry,
    dir: &Path,
    sheet: &OfficerSheet,
    now: UnixMs,
) -> anyhow::Result<Officer> {
    let officer = officer(sheet, now)?;
    let key = SimCard::open(dir)?.public_key();
    let certificate = certify(registry, &officer, &key, false, now)?;
    SimCard::store_certificate(dir, certificate.der())?;
    Ok(officer)
}

fn certify(
    registry: &mut Registry,
    officer: &Officer,
    key: &PublicKey,
    formation: bool,
    now: UnixMs,
) -> anyhow::Result<Certificate> {
    let request = OfficerRequest {
        officer: officer.id,
        spki: key.spki_der(),
        // A card in a file is no chip, and its certificate says so.
        protection: KeyProtection::File,
        formation,
    };
    registry
        .enrol_officer(officer, &request, now)
        .context("could not enrol the officer")
}

/// Registers an officer who trains with the key `key` on the force's first terminal, and admits them there.
pub fn trainee(
    layout: &Layout,
    pki_dir: &Path,
    sheet: &OfficerSheet,
    key: &PublicKey,
    now: UnixMs,
) -> anyhow::Result<()> {
    let mut registry = registry(layout, pki_dir, now)?;
    certify(&mut registry, &officer(sheet, now)?, key, true, now)?;
    admit(layout, pki_dir, sheet, now)
}

/// Registers another officer of the force, with a card of their own, unless that is done.
pub fn card(layout: &Layout, pki_dir: &Path, sheet: &OfficerSheet, now: UnixMs) -> anyhow::Result<PathBuf> {
    let dir = layout.card_of(sheet);
    if SimCard::certificate(&dir).is_err() {
        register(&mut registry(layout, pki_dir, now)?, &dir, sheet, now)?;
    }
    Ok(dir)
}

/// Lets the officer of `sheet` work with the force's first terminal, which hears of it at its next hello.
pub fn admit(layout: &Layout, pki_dir: &Path, sheet: &OfficerSheet, now: UnixMs) -> anyhow::Result<()> {
    let officer = officer(sheet, now)?.id;
    registry(layout, pki_dir, now)?
        .assign(&device_id(), officer, now)
        .context("could not admit the officer")
}

fn registry(layout: &Layout, pki_dir: &Path, now: UnixMs) -> anyhow::Result<Registry> {
    Registry::open(pki(pki_dir, now)?, &layout.hq()).context("could not open HQ's registry")
}

/// Why HQ gave a simulated phone no answer.
#[derive(Debug, thiserror::Error)]
enum Unreached {
    #[error(transparent)]
    Bootstrap(#[from] bootstrap::BootstrapError),
    #[error(transparent)]
    Registry(#[from] EnrolmentError),
    #[error("HQ does not answer this request")]
    Silent,
}

/// What an officer types at the lock, whether they have a code there already or not: the lock takes one of the two.
pub fn by_code(code: &str) -> [Intent; 2] {
    let code = || Secret::new(code.to_owned());
    [
        Intent::ChooseCode { code: code() },
        Intent::Unlock { code: code() },
    ]
}

/// The officer of a terminal chooses their code there, before anything else happens with it.
pub fn first_code(layout: &Layout, code: &str, now: Timestamp) -> anyhow::Result<()> {
    let site = Site::new(layout.terminal());
    let boot = Boot {
        keys: enrol::vault(&site)?,
        site,
        mint: Mint::System,
        seed: 0,
        idle_ms: u64::MAX,
        tripwire: None,
        cost: Some(Cost::FLOOR),
    };
    let mut engine = Engine::open(boot, now).context("the terminal does not open")?;
    let mut effects = engine.start(now)?;
    let card = Event::Card(CardEvent::Inserted {
        card: SimCard::open(&layout.card())?.shared(),
        certificate: SimCard::certificate(&layout.card())?,
    });
    let code = Secret::new(code.to_owned());
    let mut events = VecDeque::from([card, Event::Intent(Intent::ChooseCode { code })]);
    loop {
        for effect in effects {
            if let Effect::Work(job) = effect {
                events.push_back(Event::Worked(job.run()));
            }
        }
        let Some(event) = events.pop_front() else { break };
        effects = engine.handle(event, now)?;
    }
    anyhow::ensure!(engine.is_unlocked(), "the terminal does not take the code");
    Ok(())
}

/// The officer of a scenario; the same sheet is the same officer.
pub fn officer(sheet: &OfficerSheet, now: UnixMs) -> anyhow::Result<Officer> {
    let corps = Corps::from(sheet.corps);
    let matricule = Matricule::parse(corps, &sheet.matricule).with_context(|| match corps {
        Corps::PoliceNationale => format!("`{}` is not a RIO of seven digits", sheet.matricule),
        Corps::GendarmerieNationale => {
            format!("`{}` is not a NIGEND of five to eight digits", sheet.matricule)
        }
    })?;
    let digest = Digest::of(&[b"neo/sim-officer/v1", sheet.matricule.as_bytes()].concat());
    let mut id = [0; 16];
    id.copy_from_slice(&digest.as_bytes()[..16]);
    let year = 365 * UnixMs::DAY;
    let habilitations = FileKind::ALL
        .into_iter()
        .map(|file| Habilitation {
            file,
            from: now.plus(-UnixMs::DAY),
            until: now.plus(year),
        })
        .collect();
    Ok(Officer {
        id: OfficerId::from_bytes(id),
        matricule,
        name: Sensitive::new(sheet.name.clone()),
        rank: sheet.rank.clone(),
        quality: sheet.quality.into(),
        unit: sheet.unit.clone(),
        habilitations,
        departments: vec!["93".to_owned()],
    })
}

/// A camera that is switched on.
pub struct SwitchedOn {
    pub running: camera::Running,
    pub clip: ClipId,
    /// The text of its tag.
    pub invitation: String,
}

/// Makes the camera's keys and certificate unless that is done, and switches it on with `file` as its recording.
pub fn camera(
    layout: &Layout,
    pki_dir: &Path,
    file: &[u8],
    clock: &agent::clock::Clock,
) -> anyhow::Result<SwitchedOn> {
    let (camera, clip) = silent_camera(layout, pki_dir, file, clock.now())?;
    let invitation = camera.invitation().to_text().to_string();
    let clock = clock.clone();
    let running = camera.serve(camera::Faults::default(), Arc::new(move || clock.now().utc))?;
    Ok(SwitchedOn {
        running,
        clip,
        invitation,
    })
}

/// The same camera before its radio is on, and its recording's id.
pub fn silent_camera(
    layout: &Layout,
    pki_dir: &Path,
    file: &[u8],
    now: Timestamp,
) -> anyhow::Result<(camera::SimCamera, ClipId)> {
    let dir = layout.camera();
    std::fs::create_dir_all(&dir).context("could not make the camera's folder")?;
    let kept = |name: &str| dir.join(name);
    let pki = pki(pki_dir, now.utc)?;
    let file_of_keys = kept("identity");
    if camera::Identity::load(&file_of_keys)?.is_none() {
        let key = SigningKey::generate(KeyKind::Ed25519);
        let (noise, public) = generate_static();
        let mut registry = Registry::open(self::pki(pki_dir, now.utc)?, &layout.hq())
            .context("could not open HQ's registry")?;
        let request = CameraRequest {
            camera: camera_id(),
            spki: key.public().spki_der(),
            noise: public,
            signed_video: false,
        };
        let certificate = registry
            .enrol_camera(&request, now.utc)
            .context("could not enrol the camera")?;
        let certificates = vec![certificate, pki.issuing().clone()];
        camera::Identity::certified(key, noise, certificates)
            .context("HQ's certificate is not a camera's")?
            .save(&file_of_keys)?;
    }
    // Cameras of worlds in memory speak the other suite, so that both are in use.
    let identity = camera::Identity::load(&file_of_keys)?
        .context("the camera's keys do not read")?
        .speaking(Suite::AesGcm);
    let started = kept("started");
    if !started.exists() {
        std::fs::write(&started, now.utc.plus(-60_000).0.to_string())?;
    }
    let started: i64 = std::fs::read_to_string(&started)?
        .trim()
        .parse()
        .context("the camera's clock does not read")?;
    let digest = Digest::of(file);
    let mut id = [0; 16];
    id.copy_from_slice(&digest.as_bytes()[..16]);
    let clip = camera::Clip {
        id: ClipId::from_bytes(id),
        started: UnixMs(started),
        length_ms: camera::FILM_MS,
        file: file.to_vec(),
        closed: true,
    };
    let segment = segment_size(file.len());
    let camera = camera::SimCamera::new(
        identity,
        vec![pki.root().clone()],
        std::slice::from_ref(&clip),
        segment,
        &kept("memory"),
    )?;
    Ok((camera, clip.id))
}

/// Small clips are cut small, so that a kill falls between two segments; a real camera cuts into 1 to 4 MiB.
fn segment_size(bytes: usize) -> usize {
    if bytes < 4 * 1024 * 1024 {
        camera::DEFAULT_SEGMENT
    } else {
        1024 * 1024
    }
}

/// A profile with these settings, signed and published, for every terminal of the stable channel; its version.
pub(crate) fn configure(
    store: &mut hq::Store,
    pki: &Pki,
    settings: domain::profile::Settings,
    now: UnixMs,
) -> anyhow::Result<u64> {
    let name = domain::profile::ProfileName::parse("essai").context("the profile has no name")?;
    let newest = store.begin()?.newest_profile()?;
    let signed = hq::profile::sign(pki, name, settings, newest, now)?;
    let published = hq::profile::publish(store, pki.root(), hq::rollout::Channel::Stable, &signed, now)?;
    let serial = published.profile.serial;
    hq::rollout::supersede(store, serial, now).context("the profile does not go out")?;
    Ok(serial)
}
