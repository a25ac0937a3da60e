//! A visa played on two phones: asked on the author's, given on the colleague's, told on the author's again.

use anyhow::Context;
use domain::ActId;
use domain::delivery::Delivery;
use domain::dialogue::{Intent, VisaStanding};
use domain::officer::{Corps, Matricule};
use domain::visa::{Choice, Visa, VisaRequest};

use super::phone::{Board, Phone};

/// What the OPJ says.
pub(super) struct Decided<'a> {
    pub(super) choice: Choice,
    pub(super) words: &'a str,
}

/// Asks the OPJ on duty, until the act's line says so.
pub(super) fn ask(phone: &mut Phone, act: ActId, opj: &str, what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::AskVisa {
                act,
                opj: opj.to_owned(),
            })
        },
        |board| standing(board, act).is_some(),
    )
}

/// The colleague decides on the act once it is on their phone; both phones show it in the end.
pub(super) fn give(
    colleague: &mut Phone,
    phone: &mut Phone,
    act: ActId,
    opj: &str,
    decided: &Decided<'_>,
    what: &str,
) -> anyhow::Result<()> {
    let opj = Matricule::parse(Corps::PoliceNationale, opj).context("the OPJ on duty has no number")?;
    let request = VisaRequest::act_id(act, &opj);
    colleague.until(
        what,
        |phone| {
            phone.intent(Intent::StartService {
                crew: String::new(),
                opj: String::new(),
                vehicle: None,
            })
        },
        |board| board.home.as_ref().is_some_and(|home| home.service.is_some()),
    )?;
    let visa = Visa::act_id(request);
    let answered = |board: &Board| {
        let delivery = board.delivery(visa).map(|line| line.delivery);
        matches!(delivery, Some(Delivery::Received { .. }))
    };
    colleague.until(
        what,
        |phone| {
            if !phone.board.visas.iter().any(|line| line.request == request) {
                return Ok(());
            }
            phone.intent(Intent::ShowForVisa { request })?;
            phone.intent(Intent::GiveVisa {
                request,
                choice: decided.choice,
                words: decided.words.to_owned(),
            })
        },
        answered,
    )?;
    let told = |board: &Board| match standing(board, act) {
        Some(VisaStanding::Given { .. } | VisaStanding::Returned { .. }) => true,
        Some(VisaStanding::Asked { .. } | VisaStanding::NotAsked { .. }) | None => false,
    };
    phone.until(what, |_| Ok(()), told)
}

fn standing(board: &Board, act: ActId) -> Option<&VisaStanding> {
    board.delivery(act)?.visa.as_ref()
}
