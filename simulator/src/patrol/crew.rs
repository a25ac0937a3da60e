//! An intervention that two phones share: the colleague's screens are touched as the officer's are, and HQ is asked whether
//! both have the same in the end.

use std::time::Duration;

use anyhow::{Context, ensure};
use domain::dialogue::Intent;
use domain::intervention::{CrewStand, Standing};
use domain::{InterventionId, UnixMs};
use hq::Store;

use super::phone::Phone;
use crate::ground::Ground;

/// The colleague takes service with `crew`, or ends it.
pub(super) fn serve(colleague: &mut Phone, crew: &str, ends: bool, what: &str) -> anyhow::Result<()> {
    colleague.until(
        what,
        |phone| {
            phone.intent(if ends {
                Intent::EndService
            } else {
                Intent::StartService {
                    crew: crew.to_owned(),
                    opj: String::new(),
                    vehicle: None,
                }
            })
        },
        |board| {
            let home = board.home.as_ref();
            home.is_some_and(|home| home.service.is_none() == ends)
        },
    )
}

/// What one terminal told HQ last of an intervention of the crew.
struct Told {
    intervention: InterventionId,
    place: String,
    stand: CrewStand,
}

/// Both phones go on until HQ was told by both that they have the same, with nothing left to choose.
pub(super) fn agrees(
    phone: &mut Phone,
    colleague: &mut Phone,
    ground: &Ground,
    place: &str,
    what: &str,
) -> anyhow::Result<()> {
    let mut store = Store::open(&ground.layout.hq())?;
    let mut seen = String::new();
    for _ in 0..240 {
        phone.ready()?;
        colleague.ready()?;
        let told = told(&mut store)?;
        if let [one, other] = told.as_slice()
            && one.place == place
            && other.place == place
            && one.intervention == other.intervention
            && one.stand == other.stand
            && one.stand.differing.is_empty()
        {
            return Ok(());
        }
        let lines = told.iter().map(|told| {
            let counts: Vec<u32> = told.stand.copies.iter().map(|copy| copy.count).collect();
            format!("`{}` {counts:?} {:?}", told.place, told.stand.differing)
        });
        seen = lines.collect::<Vec<_>>().join(", ");
        phone.pump(Duration::from_millis(150))?;
        colleague.pump(Duration::from_millis(100))?;
    }
    ensure!(false, "`{what}`: HQ was told {seen}");
    Ok(())
}

fn told(store: &mut Store) -> anyhow::Result<Vec<Told>> {
    let rows = store
        .begin()?
        .progress(UnixMs(0))
        .context("HQ's store does not read")?;
    let told = rows.into_iter().filter_map(|row| {
        let Standing::Taken(taken) = row.progress.standing else {
            return None;
        };
        Some(Told {
            intervention: taken.id,
            place: taken.place.address,
            stand: row.progress.stand?,
        })
    });
    Ok(told.collect())
}
