//! How acts begin besides an empty form: from a template of the unit, from what has no forfait, about a signed act;
//! and how a draft ends without becoming one.

use domain::dialogue::{Amendment, FormulaLine, Notice, TemplateLine, View};
use domain::draft::{Draft, Field};
use domain::natinf::Natinf;
use domain::pv::PvKind;
use domain::record::{ActKind, Correction};
use domain::{ActId, canonical, formula};

use crate::engine::Engine;
use crate::store::StoreError;

/// The most formulas that one search shows.
const FORMULAS: usize = 12;

impl Engine {
    /// The templates that the officer's unit may use, with their places in the reference set.
    pub(crate) fn templates(&self) -> Vec<TemplateLine> {
        let super::unlock::Desk::Open(desk) = &self.desk else {
            return Vec::new();
        };
        let unit = &desk.officer.unit;
        let notes = self.reference.notes().allows(desk.officer.matricule.corps());
        (0_u16..)
            .zip(&self.reference.templates)
            .filter(|(_, template)| template.unit.as_ref().is_none_or(|own| own == unit))
            .filter(|(_, template)| template.act != ActKind::Note || notes)
            .map(|(place, template)| TemplateLine {
                template: place,
                kind: template.act,
                title: template.title.clone(),
            })
            .collect()
    }

    pub(crate) fn start_from_template(&mut self, id: Option<ActId>, template: u16) -> Result<(), StoreError> {
        let now = self.now;
        if !self.templates().iter().any(|line| line.template == template) {
            return Ok(());
        }
        let Some(template) = self.reference.templates.get(usize::from(template)).cloned() else {
            return Ok(());
        };
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        self.start_draft(Some(id), template.act)?;
        let Some(desk) = self.desk() else { return Ok(()) };
        if let Some(mut draft) = desk.store.draft(id)? {
            draft.prefill(&template);
            desk.store.save_draft(&draft, now)?;
        }
        Ok(())
    }

    /// The general PV that takes the place of an AFD or a PVe without forfait; everything typed goes along.
    pub(crate) fn turn_into_pv(&mut self, from: ActId, id: Option<ActId>) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        let reference = self.reference.clone();
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(draft) = desk.store.draft(from)? else {
            return Ok(());
        };
        if !matches!(draft.kind, ActKind::Pve | ActKind::Afd) {
            return Ok(());
        }
        if desk.store.draft(id)?.is_none() {
            desk.store.save_draft(&draft.turn_into_pv(id, &reference), now)?;
        }
        self.open_draft(id)
    }

    /// An act about whoever another is about, signed or not.
    pub(crate) fn follow_up(
        &mut self,
        from: ActId,
        kind: ActKind,
        id: Option<ActId>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        if !matches!(kind, ActKind::Pv | ActKind::Pve | ActKind::Afd | ActKind::Plainte) {
            return Ok(());
        }
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        if self.device.row_of(id)?.is_some() {
            return self.open_draft(id);
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.service.is_none() {
            self.notice(Notice::NoService);
            return Ok(());
        }
        if desk.store.draft(id)?.is_none() {
            let Some(begun) = self.draft_or_signed(from)? else {
                return Ok(());
            };
            if let Some(desk) = self.desk() {
                desk.store.save_draft(&begun.follow_up(id, kind, now), now)?;
            }
        }
        self.open_draft(id)?;
        if matches!(kind, ActKind::Pve | ActKind::Afd) {
            self.resume_at_first_missing(id)?;
        }
        Ok(())
    }

    /// What was typed for an act, whether it is signed or not.
    pub(crate) fn draft_or_signed(&mut self, act: ActId) -> Result<Option<Draft>, StoreError> {
        let Some(desk) = self.desk() else { return Ok(None) };
        if let Some(draft) = desk.store.draft(act)? {
            return Ok(Some(draft));
        }
        let readable = self.readable(act)?;
        Ok(readable.and_then(|readable| canonical::decode(&readable.draft).ok()))
    }

    /// The checks that found nothing and that nobody signed.
    fn fruitless_checks(&self) -> Result<Vec<ActId>, StoreError> {
        let super::unlock::Desk::Open(desk) = &self.desk else {
            return Ok(Vec::new());
        };
        let drafts = desk.store.drafts()?;
        let gone = drafts.iter().filter(|draft| desk.is_fruitless(draft));
        Ok(gone.map(|draft| draft.id).collect())
    }

    /// Nothing of them stays but the lines of the journal.
    pub(crate) fn erase_fruitless_checks(&mut self) -> Result<(), StoreError> {
        let checks = self.fruitless_checks()?;
        let count = u16::try_from(checks.len()).unwrap_or(u16::MAX);
        for check in checks {
            self.discard_draft(check)?;
        }
        if count > 0 {
            self.notice(Notice::ChecksErased { count });
        }
        Ok(())
    }

    /// The PV that rectifies a signed act or withdraws it; the act itself never changes.
    pub(crate) fn amend(&mut self, act: ActId, id: Option<ActId>, how: Amendment) -> Result<(), StoreError> {
        let now = self.now;
        let Some(row) = self.device.row_of(act)? else {
            return Ok(());
        };
        let Some(number) = row.number else { return Ok(()) };
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        if self.device.row_of(id)?.is_some() {
            return self.open_draft(id);
        }
        let Some(readable) = self.readable(act)? else {
            return Ok(());
        };
        let signed: Draft = canonical::decode(&readable.draft).map_err(|_| StoreError::Unreadable {
            what: "draft of a signed act",
        })?;
        let kind = match how {
            Amendment::Rectify => PvKind::Rectification,
            Amendment::Withdraw => PvKind::Annulation,
        };
        let correction = Correction {
            act,
            record: row.record,
            refusal: None,
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.service.is_none() {
            self.notice(Notice::NoService);
            return Ok(());
        }
        if desk.store.draft(id)?.is_none() {
            let named = format!("de l'acte n° {number}");
            let draft = signed.about_signed(id, now, kind, correction, &named);
            desk.store.save_draft(&draft, now)?;
        }
        self.open_draft(id)
    }

    /// Gives a draft up: nothing of it stays but a line in the journal and the number that it had.
    pub(crate) fn discard_draft(&mut self, id: ActId) -> Result<(), StoreError> {
        let (now, officer) = (self.now, self.officer_id());
        let Some(desk) = self.desk().filter(|desk| !desk.signing.contains_key(&id)) else {
            return Ok(());
        };
        if desk.store.draft(id)?.is_none() {
            return Ok(());
        }
        // Journalled first: a draft that is still there after a crash is given up again.
        self.device.discard(officer, id, now)?;
        if let Some(desk) = self.desk() {
            desk.store.discard(id)?;
            desk.answers.remove(&id);
            desk.lists.remove(&id);
            desk.current = desk.current.filter(|current| *current != id);
        }
        self.forget_retention(id)?;
        self.stale.home = true;
        self.stale.draft = true;
        self.forget_files()
    }

    pub(crate) fn search_formulas(&mut self, draft: ActId, text: &str) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(draft) = desk.store.draft(draft)? else {
            return Ok(());
        };
        let found = formula::search(&self.reference.formulas, text, draft.pv_kind(), FORMULAS);
        let lines = found
            .into_iter()
            .map(|formula| FormulaLine {
                title: formula.title.clone(),
                text: formula.text.clone(),
            })
            .collect();
        self.show(View::Formulas(lines));
        Ok(())
    }

    /// Counts what the officer's latest acts note, for the order of a search.
    pub(crate) fn count_frequent(&mut self) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let mut counted: Vec<(Natinf, usize)> = Vec::new();
        for act in desk.store.latest_acts()? {
            let Some(readable) = self.readable(act)? else {
                continue;
            };
            let Ok(draft) = canonical::decode::<Draft>(&readable.draft) else {
                continue;
            };
            for natinf in draft
                .text(Field::Offences)
                .split([' ', ',', ';', '\n'])
                .filter_map(|code| Natinf::parse(code).ok())
            {
                match counted.iter_mut().find(|(known, _)| *known == natinf) {
                    Some((_, count)) => *count += 1,
                    None => counted.push((natinf, 1)),
                }
            }
        }
        counted.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if let Some(desk) = self.desk() {
            desk.frequent = counted.into_iter().map(|(natinf, _)| natinf).collect();
        }
        Ok(())
    }
}
