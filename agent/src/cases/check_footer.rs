//! The code at the foot of an act on paper, read by any terminal and proven offline.

use domain::canonical;
use domain::dialogue::{FooterView, Notice, View};
use domain::footer::{CONTENT_TYPE, Footer};
use domain::identity::Verdict;
use trust::cert::Certificate;

use crate::engine::Engine;

impl Engine {
    pub(crate) fn check_footer(&mut self, code: &str) {
        let claimed = trust::footer::read(code);
        let footer = claimed.as_ref().ok().and_then(|claimed| {
            let own_type = claimed.signed.content_type == CONTENT_TYPE;
            let payload = canonical::decode::<Footer>(&claimed.signed.payload).ok();
            payload.filter(|footer| own_type && footer.version == 1)
        });
        let (Ok(claimed), Some(footer)) = (claimed, footer) else {
            self.notice(Notice::NotAFooter);
            return;
        };
        let intermediates = [Certificate::clone(&self.anchors.issuing)];
        let anchors = [self.anchors.root.clone()];
        let proof = claimed.prove(&intermediates, &anchors, footer.signed_at.0);
        let said = |verdict| match verdict {
            trust::Verdict::Ok => Verdict::Proven,
            trust::Verdict::Failed(()) => Verdict::Refuted,
            trust::Verdict::NotChecked => Verdict::NotChecked,
        };
        self.show(View::Footer(Box::new(FooterView {
            number: footer.number,
            act: footer.act,
            signed_at: footer.signed_at,
            signer: footer.signer.to_string(),
            signature: said(proof.signature),
            issuer_trusted: said(proof.issuer),
            in_date: said(proof.in_date),
            formation: claimed.certificate.formation(),
            offset_min: footer.offset_min,
        })));
    }
}
