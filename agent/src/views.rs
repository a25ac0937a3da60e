//! What the screens show, derived from the stores after each event; nothing here remembers anything.

use domain::delivery::Delivery;
use domain::dialogue::{
    AnswerLine, DeliveryLine, DraftLine, DraftState, DraftView, FieldText, HomeView, LockView, PhotoLine,
    PieceLine, ReadingView, RenvoiLine, RetentionLine, RightsLine, ServiceLine, SignerLine, SignerState,
    TrustListLine, View,
};
use domain::draft::{Draft, Field, Problem, Readiness};
use domain::enrolment::KeyProtection;
use domain::hotlist::Catalogue;
use domain::photo::Photo;
use domain::piece::Piece;
use domain::pve::Ruling;
use domain::query::Answer;
use domain::record::ActKind;
use domain::{ActId, Sensitive, UnixMs};

use crate::cases::intervene;
use crate::cases::sign::unprintable;
use crate::cases::unlock::Desk;
use crate::engine::{Engine, Stale};
use crate::store::{OutboxRow, StoreError};

/// How many acts the deliveries screen lists.
const SHOWN: u32 = 200;

impl Engine {
    pub(crate) fn views(&self, stale: &Stale) -> Result<Vec<View>, StoreError> {
        let mut views = Vec::new();
        if stale.lock {
            views.push(View::Lock(self.lock_view()?));
        }
        if stale.home {
            views.push(View::Home(Box::new(self.home_view()?)));
            views.push(View::Visas(self.visa_lines()?));
        }
        if stale.draft
            && let Some(view) = self.draft_view()?
        {
            views.push(View::Draft(Box::new(view)));
        }
        if stale.deliveries {
            let rows = self.device.recent(SHOWN)?;
            views.push(View::Deliveries(
                rows.iter()
                    .map(|row| self.delivery_line(row))
                    .collect::<Result<_, _>>()?,
            ));
        }
        if stale.camera {
            views.push(View::Camera(self.camera_view()?));
        }
        if stale.printing {
            views.push(View::Printing(self.printing_view()?));
        }
        if stale.film {
            views.push(View::Film(self.film_view()));
        }
        if stale.appearance
            && let Some(chosen) = self.device.appearance()?
        {
            views.push(View::Appearance(chosen));
        }
        if stale.budget
            && let Some(budget) = self.budget_view()?
        {
            views.push(View::Budget(Box::new(budget)));
        }
        Ok(views)
    }

    fn lock_view(&self) -> Result<LockView, StoreError> {
        let officer = self
            .card_holder()
            .map(|(officer, certificate)| (officer, certificate.formation()));
        Ok(LockView {
            state: self.lock_state()?,
            card_present: self.card.is_some(),
            hardware_backed: self.keys.protection() == KeyProtection::Hardware,
            officer: officer.map_or_else(String::new, |(officer, _)| {
                format!("{} · {}", officer.matricule, officer.rank)
            }),
            formation: officer.is_some_and(|(_, formation)| formation),
            device: self.enrolment.terminal.device.to_string(),
            answers: self.device.waiting_answers()? + self.device.shared_waiting(self.now)?,
        })
    }

    fn home_view(&self) -> Result<HomeView, StoreError> {
        let tally = self.device.tally()?;
        let mut view = HomeView {
            service: None,
            intervention: None,
            drafts: Vec::new(),
            network: self.network,
            waiting: tally.waiting,
            received: tally.received,
            refused: tally.refused,
            last_received: tally.last_received,
            offset_min: self.now.offset_min,
            templates: self.templates(),
            notes: None,
            profile: self.profiles.line(),
            profile_refused: self.profiles.refusal(),
            revocations: self.revocations_line(),
            trust_list: self.trust_list.as_ref().map(|list| TrustListLine {
                issued: list.issued,
                is_outdated: list.is_outdated(self.now.utc),
            }),
            confirmations: self.device.pending_confirmations()?,
            hotlist: self.hotlist_line(Catalogue::Things),
            persons: self.persons_line(),
            retentions: self.retention_lines(),
            answers: Vec::new(),
            shared: Vec::new(),
            fruitless: 0,
            frames_open: Vec::new(),
            suivi: self.suivi_lines()?,
            dispatches: self.dispatch_lines(),
            checks: None,
            crew_by_card: Vec::new(),
            awaits_card: false,
            crew: self.crew_lines(),
            recordings: self.recording_lines()?,
            link_offer: self.link_offer()?,
        };
        if let Desk::Open(desk) = &self.desk {
            view.service = desk.service.as_ref().map(|service| ServiceLine {
                started: service.started,
                crew: service.crew.iter().map(ToString::to_string).collect(),
                opj: service.opj.as_ref().map(ToString::to_string),
                requisitions: self.requisition_lines(service),
                basis: service.basis,
                vehicle: service.vehicle.as_ref().map(ToString::to_string),
            });
            view.checks = Some(self.checks(tally.waiting)?);
            view.crew_by_card = desk.crew_cards.members.iter().map(ToString::to_string).collect();
            view.awaits_card = desk.crew_cards.awaited();
            view.intervention = intervene::line_of(desk);
            let corps = desk.officer.matricule.corps();
            view.answers = desk.alerts.values().cloned().collect();
            view.shared = desk.shared.values().map(|on_show| on_show.line.clone()).collect();
            view.shared.sort_by_key(|line| line.until);
            view.notes = Some(self.reference.notes().allows(corps));
            let drafts = desk.store.drafts()?;
            let open = drafts.iter().filter(|draft| self.is_frame_open(draft));
            view.frames_open = open.map(|draft| draft.id).collect();
            let fruitless = drafts.iter().filter(|draft| desk.is_fruitless(draft));
            view.fruitless = u16::try_from(fruitless.count()).unwrap_or(u16::MAX);
            view.drafts = drafts.iter().map(|draft| self.draft_line(draft)).collect();
        }
        Ok(view)
    }

    fn draft_line(&self, draft: &Draft) -> DraftLine {
        let typed = |field: Field| {
            Some(draft.text(field))
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
        };
        let name = || draft.person(self.now).map(|person| person.surname.into_inner());
        let title = typed(Field::Subject)
            .or_else(name)
            .or_else(|| typed(Field::Plate))
            .unwrap_or_default();
        DraftLine {
            draft: draft.id,
            kind: draft.kind,
            started: draft.started,
            title: Sensitive::new(title),
            days: u16::try_from((self.now.utc.0 - draft.started.utc.0) / UnixMs::DAY).ok(),
            pv: (draft.kind == ActKind::Pv).then(|| draft.pv_kind()),
        }
    }

    fn draft_view(&self) -> Result<Option<DraftView>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(None);
        };
        let Some(id) = desk.current else { return Ok(None) };
        let Some(draft) = desk.store.draft(id)? else {
            return self.signed_view(id);
        };
        let (document, document_problem) = match draft.document(self.now) {
            Some(Ok(reading)) => (Some(reading), None),
            Some(Err(reason)) => (None, Some(reason)),
            None => (None, None),
        };
        let problems = self.standing_against(&draft);
        let warnings = self
            .surroundings_of(id)
            .map(|around| draft.warnings(around, self.now))
            .unwrap_or_default();
        let signers = (0_u8..)
            .zip(draft.signers(self.now))
            .map(|(place, signer)| SignerLine {
                role: signer.role,
                name: signer.name,
                state: draft.signer_state(place),
            })
            .collect();
        let texts = Field::ALL
            .into_iter()
            .filter(|field| !draft.text(*field).is_empty())
            .map(|field| FieldText {
                field,
                text: draft.text(field).into(),
            })
            .collect();
        let signing = desk.signing.contains_key(&id);
        Ok(Some(DraftView {
            draft: id,
            kind: draft.kind,
            texts,
            problems,
            document,
            document_problem,
            answers: desk.answers.get(&id).cloned().unwrap_or_default(),
            lists: desk.lists.get(&id).cloned().unwrap_or_default(),
            state: if signing {
                DraftState::Signing
            } else {
                DraftState::Editing
            },
            corrects: draft.corrects.and_then(|correction| correction.refusal),
            ruling: self.ruling(&draft),
            reading: reading_view(&draft),
            warnings,
            signers,
            photos: draft.photos().iter().map(photo_line).collect(),
            scan: desk.scans.get(&id).cloned(),
            compared: draft.crosscheck(answered(desk.answers.get(&id)), self.now),
            retention: draft
                .retention(&self.now)
                .map(|clock| RetentionLine::of(id, &clock, &self.now)),
            frame_open: self.is_frame_open(&draft),
            bases: if draft.kind == ActKind::IdentityCheck {
                self.basis_lines(&draft)
            } else {
                Vec::new()
            },
            limit: self.limit_line(&draft),
            blocked: match self.readiness(&draft) {
                Readiness::Ready(_) => None,
                Readiness::Blocked(problem) => Some(problem),
            },
            rights: rights_line(&draft),
            suivi: Vec::new(),
            pieces: draft.pieces().iter().map(piece_line).collect(),
            brought: desk.brought.listed(id),
            resumed: desk.resumed,
            coming: desk.brought.lines(id),
        }))
    }

    /// What stands against signing `draft`, in the order of its form.
    fn standing_against(&self, draft: &Draft) -> Vec<Problem> {
        let mut problems = self
            .surroundings_of(draft.id)
            .and_then(|around| draft.finish(around, self.now).err())
            .unwrap_or_default();
        problems.extend(unprintable(draft));
        problems
    }

    /// The same of the draft with this id; nothing of one that is not there.
    pub(crate) fn problems_of(&self, id: ActId) -> Result<Vec<Problem>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(Vec::new());
        };
        let draft = desk.store.draft(id)?;
        Ok(draft
            .map(|draft| self.standing_against(&draft))
            .unwrap_or_default())
    }

    /// An act that exists shows its number and nothing to edit.
    fn signed_view(&self, id: ActId) -> Result<Option<DraftView>, StoreError> {
        let suivi = self.suivi_steps(id)?;
        Ok(self.device.row_of(id)?.map(|row| DraftView {
            draft: id,
            kind: row.kind,
            texts: Vec::new(),
            problems: Vec::new(),
            document: None,
            document_problem: None,
            answers: Vec::new(),
            lists: Vec::new(),
            state: DraftState::Signed { number: row.number },
            corrects: None,
            ruling: None,
            reading: None,
            warnings: Vec::new(),
            signers: Vec::new(),
            scan: None,
            compared: Vec::new(),
            retention: None,
            photos: Vec::new(),
            frame_open: false,
            bases: Vec::new(),
            limit: None,
            blocked: None,
            rights: None,
            suivi,
            pieces: Vec::new(),
            brought: None,
            resumed: None,
            coming: Vec::new(),
        }))
    }

    fn ruling(&self, draft: &Draft) -> Option<Ruling> {
        let around = self.surroundings().filter(|_| draft.kind == ActKind::Pve)?;
        draft.ruling(around, self.now)?.ok()
    }

    fn delivery_line(&self, row: &OutboxRow) -> Result<DeliveryLine, StoreError> {
        let delivery = match row.delivery {
            Delivery::Waiting { .. } => Delivery::Waiting {
                attempts: self.attempts.get(&row.envelope).copied().unwrap_or(0),
            },
            delivery @ (Delivery::Received { .. } | Delivery::Refused { .. }) => delivery,
        };
        Ok(DeliveryLine {
            act: row.act,
            kind: row.kind,
            number: row.number,
            signed_at: row.signed_at,
            delivery,
            corrected_by: row.corrected_by,
            visa: self.visa_standing(row)?,
        })
    }
}

fn answered(lines: Option<&Vec<AnswerLine>>) -> impl Iterator<Item = &Answer> {
    lines.into_iter().flatten().filter_map(|line| line.state.answer())
}

fn photo_line(photo: &Photo) -> PhotoLine {
    PhotoLine {
        name: photo.name.clone(),
        sha256: photo.sha256,
        bytes: photo.bytes,
        shows: photo.shows,
        marks: u8::try_from(photo.marks.len()).unwrap_or(u8::MAX),
    }
}

fn piece_line(piece: &Piece) -> PieceLine {
    PieceLine {
        name: piece.name.clone(),
        sha256: piece.sha256,
        bytes: piece.bytes,
        kind: piece.kind,
        label: piece.label.as_str().into(),
    }
}

fn rights_line(draft: &Draft) -> Option<RightsLine> {
    draft.rights().map(|shown| RightsLine {
        language: shown.language(),
        state: SignerState::from(shown.outcome()),
        at: draft.rights_acknowledged(),
    })
}

fn reading_view(draft: &Draft) -> Option<ReadingView> {
    let reading = draft.reading()?;
    let renvois = reading.renvois().iter().map(|renvoi| RenvoiLine {
        place: renvoi.place.as_str().into(),
        text: renvoi.text.as_str().into(),
    });
    Some(ReadingView {
        at: reading.at(),
        shown: reading.shown().is_some(),
        locked: draft.is_read(),
        renvois: renvois.collect(),
    })
}
