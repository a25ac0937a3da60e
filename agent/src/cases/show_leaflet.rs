//! A leaflet for somebody's hands: drawn in their language, put before them, and kept to be printed until the act is signed.

use domain::ActId;
use domain::dialogue::ShownLeaflet;
use domain::record::ActKind;

use super::read_back::drawn_from;
use crate::engine::{Effect, Engine};
use crate::store::StoreError;
use crate::work::{DrawJob, Drawing, Job, Source};

impl Engine {
    pub(crate) fn show_leaflet(&mut self, id: ActId, shown: ShownLeaflet) -> Result<(), StoreError> {
        let Some(draft) = self
            .draft_at_rest(id)?
            .filter(|draft| draft.kind == ActKind::Pv && draft.pv_kind() == shown.leaflet.handed_in())
        else {
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let drawing = Drawing::Leaflet(shown);
        if desk.drawing.insert((id, drawing), drawn_from(&draft)).is_some() {
            return Ok(());
        }
        self.out.push(Effect::Work(Job::Draw(DrawJob {
            act: id,
            drawing,
            source: Source::Leaflet(shown),
        })));
        Ok(())
    }
}
