//! What headquarters keeps of a recording beyond its month, and how that ends.

use anyhow::Context;
use domain::footage::custody::Procedure;
use hq::hold;
use hq::pki::read_approver;

use super::World;
use crate::enrol;

impl World {
    /// HQ keeps the camera's recording for this procedure, in the name of its officer, and tells the terminal.
    pub fn hold_recording(&mut self, procedure: &str) -> anyhow::Result<()> {
        let (now, clip) = (self.hq_now(), self.clip());
        let procedure = Procedure::parse(procedure)?;
        let store = self.gateway.store();
        let author = store
            .begin()?
            .life(clip)?
            .context("HQ has no such recording")?
            .author;
        hold::hold(store, clip, procedure, author, now).context("could not keep the recording")?;
        self.tell_holds()
    }

    /// Two persons at HQ end what keeps the camera's recording, and the terminal is told.
    pub fn release_recording(&mut self) -> anyhow::Result<()> {
        let (now, clip) = (self.hq_now(), self.clip());
        let pki = enrol::pki(&self.layout.pki(), now)?;
        for name in ["first", "second"] {
            let offline = self.layout.pki().join("offline");
            let file = |extension| offline.join(format!("approver-{name}.{extension}"));
            let person = read_approver(&file("key"), &file("pem"))?;
            hold::release(self.gateway.store(), &pki, clip, &person, now)
                .context("could not release the recording")?;
        }
        self.tell_holds()
    }

    fn tell_holds(&mut self) -> anyhow::Result<()> {
        let told = self.gateway.holds_out().context("HQ's gateway failed")?;
        let rest = self.tell_beside(told)?;
        self.tell_terminal(rest);
        Ok(())
    }
}
