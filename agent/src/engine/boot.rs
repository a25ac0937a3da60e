//! How a terminal opens: its database, its enrolment, and what a crash left to be finished.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::Timestamp;
use domain::canonical;
use domain::dialogue::Network;
use domain::enrolment::Enrolment;
use domain::legal_basis::BasisTable;
use domain::natinf::ReferenceSet;
use thiserror::Error;
use trust::cert::{Certificate, CertificateError};
use trust::seal::Recipient;

use super::{Engine, Stale, Tripwire};
use crate::cases::ask_lists::Hotlists;
use crate::cases::check_identity::Questions;
use crate::cases::frame_check::Limits;
use crate::cases::gather_sets::Gathering;
use crate::cases::keep_drafts::Keeping;
use crate::cases::locate::Whereabouts;
use crate::cases::lock_unless_held::Hand;
use crate::cases::print::Printing;
use crate::cases::raise_alert::Alerts;
use crate::cases::renew::Renewing;
use crate::cases::report_order::Reporting;
use crate::cases::send_footage::Sending;
use crate::cases::show_budget::Budget;
use crate::cases::take_crew::CrewNotes;
use crate::cases::take_dispatch::Proposals;
use crate::cases::take_footage::Footage;
use crate::cases::take_profile::Profiles;
use crate::cases::take_reference::References;
use crate::cases::tell_journal::Telling;
use crate::cases::unlock::Desk;
use crate::cases::upload::Uploads;
use crate::cases::verify_identity::Watching;
use crate::keys::{Cost, Keys, KeysError, TerminalTries};
use crate::mint::Mint;
use crate::parts::Parts;
use crate::site::Site;
use crate::store::{DeviceStore, OpenError, RawKey, StoreError};
use crate::traffic::Traffic;

/// What a start needs.
pub struct Boot {
    pub site: Site,
    pub keys: Arc<dyn Keys>,
    pub mint: Mint,
    /// Seed of the session's jitter.
    pub seed: u64,
    /// Milliseconds without a hand on the terminal after which it locks until HQ says otherwise; [`super::IDLE`] in the
    /// field.
    pub idle_ms: u64,
    pub tripwire: Option<Tripwire>,
    /// How dear a try of a new code is; none to find out what the device bears.
    pub cost: Option<Cost>,
}

/// Why the terminal does not start; nothing was changed.
#[derive(Debug, Error)]
pub enum BootError {
    #[error("the terminal's database does not open")]
    Database(#[from] OpenError),
    #[error("the terminal's key vault does not answer")]
    Keys(#[from] KeysError),
    #[error("the terminal's state does not read")]
    Store(#[from] StoreError),
    #[error("the stored enrolment is not readable; enrol the terminal again")]
    Enrolment,
    #[error("a certificate of the enrolment is not readable; enrol the terminal again")]
    Certificate(#[from] CertificateError),
}

/// The certificates of the enrolment, read once.
pub(crate) struct Anchors {
    pub(crate) device: Arc<Certificate>,
    pub(crate) issuing: Arc<Certificate>,
    pub(crate) receipt: Certificate,
    pub(crate) command: Certificate,
    pub(crate) root: Certificate,
    pub(crate) recipient: Recipient,
}

impl Anchors {
    pub(crate) fn of(enrolment: &Enrolment) -> Result<Self, BootError> {
        let [leaf, issuing, ..] = enrolment.device_chain.as_slice() else {
            return Err(BootError::Enrolment);
        };
        Ok(Self {
            device: Arc::new(Certificate::from_der(&leaf.0)?),
            issuing: Arc::new(Certificate::from_der(&issuing.0)?),
            receipt: Certificate::from_der(&enrolment.receipt_certificate.0)?,
            command: Certificate::from_der(&enrolment.command_certificate.0)?,
            root: Certificate::from_der(&enrolment.root.0)?,
            recipient: Recipient::from_bytes(enrolment.hq_recipient),
        })
    }
}

impl Engine {
    /// Opens an enrolled terminal. The outbox alone says what is still to be sent.
    pub fn open(boot: Boot, now: Timestamp) -> Result<Self, BootError> {
        let path = boot.site.device_db();
        match Self::raise(boot, now) {
            Err(BootError::Store(StoreError::Damaged { .. })) => {
                Err(BootError::Database(DeviceStore::quarantine(&path, now.utc)))
            }
            opened => opened,
        }
    }

    fn raise(boot: Boot, now: Timestamp) -> Result<Self, BootError> {
        let key = device_db_key(boot.keys.as_ref())?;
        let mut device = DeviceStore::open(&boot.site.device_db(), &key, now.utc)?;
        let bundle = trust::cose::parse(&device.enrolment()?).map_err(|_| BootError::Enrolment)?;
        let enrolment: Enrolment = canonical::decode(&bundle.payload).map_err(|_| BootError::Enrolment)?;
        let anchors = Anchors::of(&enrolment)?;
        let epoch = device.next_epoch(now)?;
        // A later bundle repeats numbers; HQ's notes alone add to those of the first.
        if device.ranges()?.is_empty() {
            device.add_range(enrolment.numbers)?;
        }
        if !device.has_begun_count()? {
            TerminalTries::begin_count(boot.site.root(), boot.keys.as_ref(), now.boot)?;
            device.note_count_begun()?;
        }
        let gathering = Gathering::open(&device)?;
        let watching = Watching::open(&device)?;
        let alerts = Alerts::of(device.alerts()?);
        let profiles = Profiles::open(&device)?;
        let idle_ms = profiles.idle_ms(boot.idle_ms);
        let mut engine = Self {
            footage: Footage::open(&boot.site.footage()),
            parts: Parts::new(boot.site.parts()),
            session: crate::cases::deliver::new_session(boot.seed, device.retry_window()?),
            site: boot.site,
            keys: boot.keys,
            mint: boot.mint,
            enrolment,
            anchors,
            uploads: Uploads::default(),
            sending: Sending::default(),
            budget: Budget::default(),
            traffic: Traffic::default(),
            telling: Telling::default(),
            printing: Printing::default(),
            device,
            reference: Arc::new(ReferenceSet::embedded()),
            references: References::default(),
            gathering,
            revocations: Arc::default(),
            trust_list: None,
            bases: Arc::new(BasisTable::built_in().clone()),
            limits: Limits::default(),
            hotlists: Hotlists::default(),
            profiles,
            epoch,
            network: Network::Offline,
            attempts: BTreeMap::new(),
            greeting: None,
            sent: BTreeMap::new(),
            next_token: 1,
            renewing: Renewing::default(),
            questions: Questions::default(),
            card: None,
            training: None,
            desk: Desk::Locked,
            ban: None,
            hand: Hand::new(idle_ms, now),
            keeping: Keeping::default(),
            reporting: Reporting::default(),
            whereabouts: Whereabouts::default(),
            watching,
            alerts,
            proposals: Proposals::default(),
            crew_notes: CrewNotes::default(),
            hq_clock: None,
            progress_again: None,
            crew_words_again: None,
            tripwire: boot.tripwire,
            cost: boot.cost,
            now,
            out: Vec::new(),
            stale: Stale {
                lock: true,
                home: true,
                draft: false,
                deliveries: true,
                camera: true,
                printing: false,
                film: false,
                appearance: true,
                budget: false,
            },
            terms_checked: 0,
            told_untrusted: false,
            told_clock: false,
        };
        engine.resume_order()?;
        engine.release_footage_promises()?;
        engine.offer_outbox()?;
        engine.resume_parts()?;
        engine.resume_footage()?;
        Ok(engine)
    }
}

/// The device database's key: of the vault alone, so that it opens in the pocket.
pub fn device_db_key(keys: &dyn Keys) -> Result<RawKey, KeysError> {
    Ok(RawKey::copied(&*keys.mac(b"neo/device-db/v1")?))
}
