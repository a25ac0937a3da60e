//! Asking an OPJ for a visa on a signed act: a record of its own, which leaves once HQ has answered for the act.

use domain::ActId;
use domain::delivery::Delivery;
use domain::dialogue::{Intent, Notice, VisaStanding};
use domain::officer::Matricule;
use domain::record::{Act, Record};
use domain::visa::{Decision, VisaRequest};

use super::unlock::{Desk, OpenDesk};
use crate::engine::Engine;
use crate::store::{OutboxRow, RequestRow, StoreError};
use crate::work::record_of;

impl Engine {
    /// Asks the OPJ of this service number; without one, the OPJ whom the act names, or else the one on duty.
    pub(crate) fn ask_visa(&mut self, act: ActId, opj: &str) -> Result<(), StoreError> {
        let Some(row) = self.device.row_of(act)?.filter(|row| row.kind.is_open_to_visa()) else {
            return Ok(());
        };
        // Another officer of this terminal signed it.
        let Some(readable) = self.readable(act)? else {
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let own = desk.officer.matricule.clone();
        let Some(service) = &desk.service else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let again = Intent::AskVisa {
            act,
            opj: opj.to_owned(),
        };
        let opj = match opj.trim() {
            "" => named_opj(record_of(&readable.cose)).or_else(|| service.opj.clone()),
            typed => Matricule::parse(own.corps(), typed).ok(),
        };
        let Some(opj) = opj else {
            self.notice(Notice::NotAServiceNumber);
            return Ok(());
        };
        if opj == own {
            self.notice(Notice::OwnVisa);
            return Ok(());
        }
        if self.now.utc < row.signed_at.utc {
            self.notice(Notice::ClockBehind);
            return Ok(());
        }
        let request = VisaRequest::act_id(act, &opj);
        if self.device.row_of(request)?.is_some() {
            return Ok(());
        }
        if !self.code_counts_for(again) {
            return Ok(());
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.keep_request(request, act, &opj.to_string())?;
        let Some(around) = self.surroundings() else {
            return Ok(());
        };
        let asked = VisaRequest {
            act,
            record: row.record,
            opj,
        };
        let to_sign = around.visa_request(asked, self.now);
        self.sign_without_form(to_sign, Some(act))
    }

    /// How far the visa of one of the officer's own acts is: an answer says more than a question.
    pub(crate) fn visa_standing(&self, row: &OutboxRow) -> Result<Option<VisaStanding>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(None);
        };
        if !row.kind.is_open_to_visa() {
            return Ok(None);
        }
        let mut standing = None;
        for asked in desk.store.requests_about(row.act)? {
            if asked.visa.is_some() {
                standing = answered(asked);
            } else if matches!(
                standing,
                None | Some(VisaStanding::Asked { .. } | VisaStanding::NotAsked { .. })
            ) {
                standing = self.open_request(desk, asked)?.or(standing);
            }
        }
        Ok(standing)
    }

    fn open_request(&self, desk: &OpenDesk, asked: RequestRow) -> Result<Option<VisaStanding>, StoreError> {
        let RequestRow { request, opj, .. } = asked;
        Ok(match self.device.row_of(request)?.map(|row| row.delivery) {
            Some(Delivery::Refused { code, .. }) => Some(VisaStanding::NotAsked { opj, code }),
            Some(Delivery::Waiting { .. } | Delivery::Received { .. }) => Some(VisaStanding::Asked { opj }),
            None if desk.signing.contains_key(&request) => Some(VisaStanding::Asked { opj }),
            // It never came to be signed.
            None => None,
        })
    }
}

/// The OPJ under whose control the act says that it was drawn up.
fn named_opj(record: Option<Record>) -> Option<Matricule> {
    match record?.act {
        Act::Pv(pv) => pv.under,
        Act::IdentityCheck(_)
        | Act::Plainte(_)
        | Act::Footage(_)
        | Act::Pve(_)
        | Act::Afd(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_)
        | Act::Verification(_) => None,
    }
}

/// What the OPJ decided, in the words of the visa itself.
fn answered(asked: RequestRow) -> Option<VisaStanding> {
    let record = record_of(&asked.visa?)?;
    let Act::Visa(visa) = record.act else { return None };
    let (opj, at) = (record.context.author.matricule.to_string(), record.signed_at);
    Some(match visa.decision {
        Decision::Approved => VisaStanding::Given {
            opj,
            at,
            observations: None,
        },
        Decision::Observed(words) => VisaStanding::Given {
            opj,
            at,
            observations: Some(words.into()),
        },
        Decision::Returned(reason) => VisaStanding::Returned {
            opj,
            at,
            reason: reason.into(),
        },
    })
}
