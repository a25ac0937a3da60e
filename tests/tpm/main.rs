//! Terminals whose keys are in a TPM 2.0: swtpm, a chip in software that takes the same commands.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod swtpm;

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::Duration;

use agent::clock::Clock;
use agent::engine::device_db_key;
use agent::keys::{self, KeysError, device_signer};
use agent::site::Site;
use agent::store::DeviceStore;
use domain::Zone;
use domain::enrolment::{Enrolment, EnrolmentRefusal};
use domain::record::ActKind;
use hq::Registry;
use hq::key_policy::{Demand, KeyPolicy};
use simulator::broker;
use simulator::enrol::{self, Layout, Place, Way};
use simulator::patrol::scenario::{DEFAULT, Scenario};
use simulator::world::{Action, Weather};
use sync::mqtt::{Link, LinkCommand, LinkConfig, LinkEvent, Security, tls_signing_client};
use tempfile::TempDir;
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cert::Holder;
use trust::keys::KeyProtection;

use self::swtpm::Swtpm;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn message_of(error: &KeysError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(next) = cause {
        text = format!("{text}: {next}");
        cause = next.source();
    }
    text
}

/// Why the vault of `dir` does not open.
fn refusal(dir: &Path, wanted: Option<&keys::VaultKind>) -> KeysError {
    keys::open(dir, wanted).map(drop).unwrap_err()
}

fn copy(from: &Path, to: &Path) {
    std::fs::copy(from.join("vault.tpm"), to.join("vault.tpm")).unwrap();
}

#[test]
fn a_terminal_with_a_tpm_enrols_signs_and_reaches_hq_and_opens_after_a_restart() {
    let (state, phone) = (folder(), folder());
    let chip = Swtpm::start(state.path());
    let site = Site::new(Layout::new(phone.path()).terminal());
    // At its first start the phone is told where its keys go; from there on everybody finds them.
    let public = agent::enrol::vault_in(&site, Some(&chip.vault()))
        .unwrap()
        .public_key();
    let mut watched = Watched::of(phone, 3101, Weather::CLEAR);
    watched.play(acts::on_duty());
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.settle();
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.settle();
    assert!(watched.is_received(act_id(1)) && watched.is_received(act_id(2)));

    let holder = Holder::Device(enrol::device_id().to_string());
    let store = watched.world.gateway().store();
    let certificate = store
        .begin()
        .unwrap()
        .latest_certificate(&holder)
        .unwrap()
        .unwrap();
    assert_eq!(*certificate.public_key(), public);
    assert_eq!(certificate.key_protection(), Some(KeyProtection::Hardware));
    let terminal = &watched.world.engine().unwrap().enrolment().terminal;
    assert_eq!(terminal.protection, domain::enrolment::KeyProtection::Hardware);

    let folder = watched.folder().to_owned();
    let dir = Layout::new(&folder).terminal();
    // A thief takes the disk: the names of the keys are all that is on it.
    let stolen = self::folder();
    copy(&dir, stolen.path());
    watched.world.kill();
    drop(watched.world);

    // The chip is switched off and on, with what it remembers.
    chip.stop();
    let gone = refusal(stolen.path(), None);
    assert!(matches!(gone, KeysError::Unanswered { vault: "tpm", .. }));
    assert!(message_of(&gone).starts_with("the key vault `tpm` does not answer; is it there"));
    assert!(
        !stolen.path().join("vault.cbor").exists(),
        "no keys are made in its place"
    );
}

#[test]
fn a_tpm_is_hardware_and_no_makers_word() {
    for (demand, admitted) in [(Demand::Hardware, true), (Demand::Attested, false)] {
        let (state, phone) = (folder(), folder());
        let chip = Swtpm::start(state.path());
        let layout = Layout::new(phone.path());
        let site = Site::new(layout.terminal());
        drop(agent::enrol::vault_in(&site, Some(&chip.vault())).unwrap());
        let now = Clock::new(Zone::Paris).now();
        let pki = enrol::pki(&layout.pki(), now.utc).unwrap();
        let mut registry = Registry::open(pki, &layout.hq()).unwrap();
        let policy = KeyPolicy {
            demand,
            ..KeyPolicy::default()
        };
        let transaction = registry.store().begin().unwrap();
        transaction.set_key_policy(&policy).unwrap();
        transaction.commit().unwrap();
        let officer = Scenario::parse(DEFAULT).unwrap().officer;
        let place = Place {
            device: enrol::device_id(),
            terminal: layout.terminal(),
            card: layout.card(),
        };
        let enrolled = place.enrol(&mut registry, &officer, now, Way::Direct);
        assert_eq!(enrolled.is_ok(), admitted, "{enrolled:?}");
        if let Err(error) = enrolled {
            let refused = EnrolmentRefusal::NotAttested.to_string();
            assert!(format!("{error:#}").contains(&refused), "{error:#}");
        }
    }
}

#[test]
fn the_vault_of_a_chip_opens_with_this_chip_alone() {
    let (state, other_state, dir) = (folder(), folder(), folder());
    let chip = Swtpm::start(state.path());
    let made = keys::open(dir.path(), Some(&chip.vault())).unwrap();
    let (public, recipient) = (made.public_key(), made.identity().recipient());
    let answer = made.mac(b"challenge").unwrap();
    drop(made);
    chip.stop();

    let other = Swtpm::start(other_state.path());
    let foreign = refusal(dir.path(), Some(&other.vault()));
    assert!(matches!(foreign, KeysError::OtherTpm));
    other.stop();

    let again = Swtpm::start(state.path());
    let opened = keys::open(dir.path(), Some(&again.vault())).unwrap();
    assert_eq!(opened.public_key(), public);
    assert_eq!(opened.identity().recipient(), recipient);
    assert_eq!(*opened.mac(b"challenge").unwrap(), *answer);
    assert!(public.verifies(b"message", &opened.sign(b"message").unwrap()));
    drop(opened);

    let path = dir.path().join("vault.tpm");
    let whole = std::fs::read(&path).unwrap();
    for position in (0..whole.len()).step_by(7) {
        let mut bent = whole.clone();
        bent[position] ^= 1;
        std::fs::write(&path, &bent).unwrap();
        assert!(
            keys::open(dir.path(), Some(&again.vault())).is_err(),
            "byte {position}"
        );
    }
}

#[test]
fn the_counter_only_grows_whatever_is_put_back_and_each_vault_has_its_own() {
    let (state, dir, beside) = (folder(), folder(), folder());
    let chip = Swtpm::start(state.path());
    let vault = keys::open(dir.path(), Some(&chip.vault())).unwrap();
    let before = vault.epoch().unwrap();
    let image = std::fs::read(dir.path().join("vault.tpm")).unwrap();
    assert_eq!(vault.advance().unwrap(), before + 1);
    assert_eq!(vault.advance().unwrap(), before + 2);
    drop(vault);
    // The whole folder is put back, and the chip restarted.
    std::fs::write(dir.path().join("vault.tpm"), image).unwrap();
    chip.stop();
    let chip = Swtpm::start(state.path());
    let vault = keys::open(dir.path(), Some(&chip.vault())).unwrap();
    assert_eq!(vault.epoch().unwrap(), before + 2);
    drop(vault);
    let second = keys::open(beside.path(), Some(&chip.vault())).unwrap();
    second.advance().unwrap();
    drop(second);
    let vault = keys::open(dir.path(), Some(&chip.vault())).unwrap();
    assert_eq!(vault.epoch().unwrap(), before + 2);
}

#[test]
fn a_key_in_the_chip_makes_the_handshake_with_the_broker() {
    let (state, phone) = (folder(), folder());
    let chip = Swtpm::start(state.path());
    let layout = Layout::new(phone.path());
    let site = Site::new(layout.terminal());
    drop(agent::enrol::vault_in(&site, Some(&chip.vault())).unwrap());
    let officer = Scenario::parse(DEFAULT).unwrap().officer;
    let now = Clock::new(Zone::Paris).now();
    enrol::terminal(&layout, &layout.pki(), &officer, now, Way::Direct).unwrap();

    // The device's database opens by what the chip answers, and the broker takes what the chip signs.
    let keys = agent::enrol::vault(&site).unwrap();
    let key = device_db_key(keys.as_ref()).unwrap();
    let device = DeviceStore::open(&site.device_db(), &key, now.utc).unwrap();
    let bundle = trust::cose::parse(&device.enrolment().unwrap()).unwrap();
    let enrolment: Enrolment = domain::decode(&bundle.payload).unwrap();
    let chain: Vec<Vec<u8>> = enrolment.device_chain.iter().map(|der| der.0.clone()).collect();
    let signs = Arc::new(device_signer(keys.clone()));
    let tls = tls_signing_client(&enrolment.root.0, &chain, &keys.public_key(), signs).unwrap();
    let broker = broker::start(&layout.pki()).unwrap().mutual;
    let (report, events) = channel();
    let config = LinkConfig::new("localhost", broker.port(), "neo-000007", Security::Tls(tls));
    let link = Link::spawn(config, Box::new(move |event| drop(report.send(event)))).unwrap();
    link.send(LinkCommand::Connect).unwrap();
    let event = events.recv_timeout(Duration::from_secs(30)).unwrap();
    assert!(matches!(event, LinkEvent::Up { .. }), "{event:?}");
}
