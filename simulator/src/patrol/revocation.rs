//! A revocation of HQ's, decided as `neoctl` decides it: by another program on HQ's store, whose list the gateway then
//! carries.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use hq::fleet::{build_crl, publish_revocations, revoke};
use hq::reference::SetKind;
use hq::store::Store;
use trust::cert::{Holder, Reason};

use super::phone::Phone;
use crate::enrol;
use crate::ground::Ground;

/// How long HQ waits for the terminal's word: it asks at a moment of its own within HQ's window.
const PATIENCE: Duration = Duration::from_secs(120);
const GLANCE: Duration = Duration::from_millis(200);

/// Revokes the camera once, however often the step is played, and waits until the terminal's own word at HQ and its
/// screen name the list.
pub(super) fn tell(phone: &mut Phone, ground: &Ground) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let kind = SetKind::Revocations;
    if store.begin()?.newest_set(kind)? == 0 {
        let camera = Holder::Camera(enrol::camera_id().to_string());
        // A step that was cut off between the two finds the camera revoked already.
        let _ = revoke(&mut store, &camera, Reason::KeyCompromise, now);
        let crl = build_crl(&mut store, &pki, now)?;
        publish_revocations(&mut store, &pki, &crl, now)?;
    }
    let device = enrol::device_id();
    let since = Instant::now();
    loop {
        phone.alive()?;
        phone.pump(GLANCE)?;
        let transaction = store.begin()?;
        let said = transaction.said_set(&device, kind)?;
        let heard = said.is_some_and(|serial| serial > 0);
        drop(transaction);
        let home = phone.board.home.as_ref();
        let shown = home.and_then(|home| home.revocations);
        if heard && shown.is_some_and(|line| line.revoked > 0) {
            return Ok(());
        }
        if since.elapsed() > PATIENCE {
            bail!(
                "the terminal does not take the revocation list within {} seconds; its screen shows {shown:?}",
                PATIENCE.as_secs()
            );
        }
    }
}
