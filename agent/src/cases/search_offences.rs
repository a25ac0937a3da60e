//! The offences that answer what is typed.

use domain::dialogue::{OffenceLine, View};
use domain::identity::CivilDate;
use domain::natinf::Nature;

use super::unlock::Desk;
use crate::engine::Engine;

impl Engine {
    pub(crate) fn search_offences(&mut self, text: &str) {
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
            .search(text, frequent, 20)
            .into_iter()
            .map(|offence| OffenceLine {
                code: offence.natinf.code(),
                label: offence.label.clone(),
                nature: nature(offence.nature).to_owned(),
                amount: law.amounts(offence).map(|amounts| amounts.forfaitaire),
            })
            .collect();
        self.show(View::Offences(lines));
    }
}
