//! The offences that answer what is typed.

use domain::dialogue::{OffenceLine, View};
use domain::identity::CivilDate;
use domain::natinf::Nature;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

/// How many offences are within one tap before anything is typed.
const USUAL: usize = 6;
/// How many answer what is typed.
const FOUND: usize = 20;

impl Engine {
    /// What answers `text`; before anything is typed, what this officer notes most often.
    pub(crate) fn search_offences(&mut self, text: &str) -> Result<(), StoreError> {
        let unasked = text.trim().is_empty();
        if unasked {
            self.count_frequent()?;
        }
        let nature = |nature: Nature| match nature {
            Nature::C1 => "C1",
            Nature::C2 => "C2",
            Nature::C3 => "C3",
            Nature::C4 => "C4",
            Nature::C5 => "C5",
            Nature::Delit => "délit",
            Nature::Crime => "crime",
        };
        let law = self.reference.at(CivilDate::from(self.now.local().date()));
        let frequent = match &self.desk {
            Desk::Open(desk) => desk.frequent.as_slice(),
            Desk::Locked | Desk::Unlocking { .. } => &[],
        };
        let lines = law
            .search(text, frequent, if unasked { USUAL } else { FOUND })
            .into_iter()
            .filter(|offence| !unasked || frequent.contains(&offence.natinf))
            .map(|offence| OffenceLine {
                code: offence.natinf.code(),
                label: offence.label.clone(),
                nature: nature(offence.nature).to_owned(),
                amount: law.amounts(offence).map(|amounts| amounts.forfaitaire),
            })
            .collect();
        self.show(View::Offences(lines));
        Ok(())
    }
}
