//! A revocation of HQ's, decided as `neoctl` decides it: by another program on HQ's store, whose list the gateway then
//! carries.

use anyhow::Context;
use domain::UnixMs;
use hq::Pki;
use hq::fleet::{FleetError, build_crl, publish_revocations, revoke};
use hq::reference::SetKind;
use hq::store::Store;
use trust::cert::{Holder, Reason};

use super::phone::{Board, Phone};
use crate::enrol;
use crate::ground::Ground;

/// Revokes the camera, unless that is done, and signs the list that says so.
pub fn revoke_camera(store: &mut Store, pki: &Pki, now: UnixMs) -> anyhow::Result<()> {
    let camera = Holder::Camera(enrol::camera_id().to_string());
    match revoke(store, &camera, Reason::KeyCompromise, now) {
        // A step that was cut off before the list finds the camera revoked already.
        Ok(_) | Err(FleetError::NoCertificate { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let crl = build_crl(store, pki, now)?;
    publish_revocations(store, pki, &crl, now)?;
    Ok(())
}

/// Revokes the camera once, however often the step is played, and waits until the terminal's own word at HQ and its
/// screen name the list.
pub(super) fn tell(phone: &mut Phone, ground: &Ground) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let kind = SetKind::Revocations;
    if store.begin()?.newest_set(kind)? == 0 {
        revoke_camera(&mut store, &pki, now)?;
    }
    let device = enrol::device_id();
    let shown = |board: &Board| board.home.as_ref().and_then(|home| home.revocations);
    phone.watch(
        |board| {
            let said = store.begin()?.said_set(&device, kind)?;
            let heard = said.is_some_and(|serial| serial > 0);
            Ok((heard && shown(board).is_some_and(|line| line.revoked > 0)).then_some(()))
        },
        |board| {
            let what = "the terminal does not take the revocation list".to_owned();
            (what, format!("its screen shows {:?}", shown(board)))
        },
    )
}
