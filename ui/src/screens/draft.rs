//! The draft on screen: every edit leaves at once, and a view never overwrites what is still being typed.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::{DraftState, DraftView, Intent};
use domain::draft::{Field, Problem};
use domain::natinf::Natinf;
use domain::record::ActKind;
use drawn::{
    App, DraftAdapter, FieldState, Fields, Navigation, ProblemLine, Reason, Refusal, Screen, vocabulary,
};
use slint::ComponentHandle;

use super::{
    Intents, account, afd, cachet, check_frame, crosscheck, danger, date, deliveries, files, form, hearing,
    identity_check, lines, model, offences, online, pages, photos, pieces, plate, pve, reading, retention,
    rights, signing, suivi,
};
use crate::{hand, moment, typed};

pub(super) fn connect(app: &App, intents: &Intents) {
    let draft = app.global::<DraftAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    draft.on_fill(move |field, text| {
        if let Some((app, field)) = window.upgrade().zip(vocabulary::field(field)) {
            fill(
                &app,
                &sink,
                field,
                &moment::punctuated(field, &typed::meant(&text)),
            );
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    draft.on_stamp(move |field| {
        let open = window.upgrade().and_then(|app| on_screen(&app));
        if let Some((draft, field)) = open.zip(vocabulary::field(field)) {
            sink(Intent::Stamp { draft, field });
        }
    });

    draft.on_date_parts(|text| date::parts(&text));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    draft.on_turn_date(move |shown, part, by| {
        if let Some((app, field)) = window.upgrade().zip(vocabulary::field(shown)) {
            let typed = text(&app, field);
            match date::turned(field, &typed, part, by) {
                Some(turned) => fill(&app, &sink, field, &turned),
                // Words that somebody typed are not written over.
                None if typed.trim().is_empty() => app.global::<DraftAdapter<'_>>().invoke_stamp(shown),
                None => {}
            }
        }
    });

    let window = app.as_weak();
    draft.on_next_field(move || hand::step(&window, 1));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    draft.on_sign(move || {
        if let Some(draft) = window.upgrade().and_then(|app| on_screen(&app)) {
            sink(Intent::Sign { draft });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    draft.on_show_document(move || {
        let Some(app) = window.upgrade() else { return };
        if let Some(act) = on_screen(&app) {
            pages::ask(&app);
            sink(Intent::ShowDocument { act });
        }
    });
}

/// The draft that the forms show.
pub(super) fn on_screen(app: &App) -> Option<ActId> {
    app.global::<DraftAdapter<'_>>().get_draft().parse().ok()
}

/// The text of `field` on screen.
pub(super) fn text(app: &App, field: Field) -> slint::SharedString {
    let mut fields = app.global::<DraftAdapter<'_>>().get_fields();
    std::mem::take(&mut slot(&mut fields, field).text)
}

/// The state of `field` on screen.
pub(super) fn state(app: &App, field: Field) -> FieldState {
    let mut fields = app.global::<DraftAdapter<'_>>().get_fields();
    std::mem::take(slot(&mut fields, field))
}

/// Shows `text` at once and sends it to be saved.
pub(super) fn fill(app: &App, intents: &Intents, field: Field, text: &str) {
    let draft = app.global::<DraftAdapter<'_>>();
    let Some(id) = on_screen(app).filter(|_| draft.get_editable()) else {
        return;
    };
    let mut fields = draft.get_fields();
    let state = slot(&mut fields, field);
    state.text = text.into();
    state.unsaved = true;
    draft.set_saved(false);
    draft.set_fields(fields);
    reflect(app);
    intents(Intent::Fill {
        draft: id,
        field,
        text: text.to_owned(),
    });
}

/// What the terminal writes into `fields` is shown, whatever was being typed there.
pub(super) fn let_in(app: &App, listed: &[Field]) {
    let draft = app.global::<DraftAdapter<'_>>();
    let mut fields = draft.get_fields();
    for field in listed {
        slot(&mut fields, *field).unsaved = false;
    }
    draft.set_fields(fields);
}

pub(super) fn show(app: &App, view: &DraftView) {
    let draft = app.global::<DraftAdapter<'_>>();
    let id = view.draft.to_string();
    let another = draft.get_draft() != id;
    let signed = matches!(view.state, DraftState::Signed { .. });
    let mut fields = if another {
        Fields::default()
    } else {
        draft.get_fields()
    };
    let mut saved = true;
    for field in Field::ALL {
        let text = view.texts.iter().find(|line| line.field == field);
        let text = text.map_or("", |line| line.text.reveal());
        let problem = view.problems.iter().find(|problem| problem.field == field);
        let state = slot(&mut fields, field);
        if signed || !state.unsaved || state.text == text {
            state.text = text.into();
            state.unsaved = false;
        }
        state.problem = problem.map_or(Reason::None, |problem| problem.reason.into());
        saved &= !state.unsaved;
    }
    draft.set_draft(id.into());
    draft.set_kind(view.kind.into());
    draft.set_fields(fields);
    draft.set_saved(saved);
    draft.set_corrects(view.corrects.map_or(Refusal::None, Refusal::from));
    draft.set_problems(model(view.problems.iter().map(problem_line)));
    let successor = view.problems.iter().find_map(|problem| problem.successor);
    draft.set_successor(code(successor));
    let (state, number) = match view.state {
        DraftState::Editing => (drawn::DraftState::Editing, None),
        DraftState::Signing => (drawn::DraftState::Signing, None),
        DraftState::Signed { number } => (drawn::DraftState::Signed, number),
    };
    draft.set_state(state);
    draft.set_warnings(model(view.warnings.iter().map(|warning| (*warning).into())));
    draft.set_number(number.map(|number| number.to_string()).unwrap_or_default().into());
    if another {
        start(app);
    }
    reading::show(app, view);
    cachet::show(app, view);
    crosscheck::show(app, view);
    files::show(app, view);
    photos::show(app, view);
    pieces::show(app, view);
    pve::show(app, view);
    afd::show(app, view);
    signing::show(app, view);
    retention::show(app, view);
    rights::show(app, view);
    suivi::show(app, view);
    deliveries::reflect(app);
    check_frame::show(app, view);
    reflect(app);
    if let Some(resumed) = view.resumed {
        app.global::<Navigation<'_>>().set_draft_awaited(true);
        if let Some(field) = resumed.field {
            form::resume(app, field);
        }
    }
    open(app, view.kind, another);
}

/// Leads to the form when the officer asked for it, or when another form is open.
fn open(app: &App, kind: ActKind, another: bool) {
    let navigation = app.global::<Navigation<'_>>();
    let Some(form) = form(kind) else { return };
    let on_a_form = matches!(
        navigation.get_screen(),
        Screen::IdentityCheck
            | Screen::Pv
            | Screen::Plainte
            | Screen::Pve
            | Screen::Afd
            | Screen::Note
            | Screen::Verification
            | Screen::Signing
    );
    if navigation.get_draft_awaited() || (another && on_a_form) {
        navigation.set_draft_awaited(false);
        navigation.set_screen(form);
    }
}

/// The screen on which an act is drawn up.
pub(super) const fn form(kind: ActKind) -> Option<Screen> {
    Some(match kind {
        ActKind::IdentityCheck => Screen::IdentityCheck,
        ActKind::Pv => Screen::Pv,
        ActKind::Plainte => Screen::Plainte,
        ActKind::Pve => Screen::Pve,
        ActKind::Afd => Screen::Afd,
        ActKind::Note => Screen::Note,
        ActKind::Verification => Screen::Verification,
        ActKind::Footage
        | ActKind::VisaRequest
        | ActKind::Visa
        | ActKind::Alert
        | ActKind::SafeContact
        | ActKind::Custody => {
            return None;
        }
    })
}

/// What only the open draft had: tabs, lists, searches.
fn start(app: &App) {
    app.global::<DraftAdapter<'_>>().set_problems_shown(false);
    reading::start(app);
    cachet::start(app);
    crosscheck::start(app);
    files::start(app);
    photos::start(app);
    pieces::start(app);
    identity_check::start(app);
    rights::start(app);
    offences::start(app);
    account::start(app);
    lines::start(app);
    signing::start(app);
    plate::start(app);
    pve::start(app);
    form::start(app);
}

/// The choices, which are fields that hold a code.
fn reflect(app: &App) {
    check_frame::reflect(app);
    danger::reflect(app);
    online::reflect(app);
    rights::reflect(app);
    offences::reflect(app);
    plate::reflect(app);
    pve::reflect(app);
    hearing::reflect(app);
    retention::reflect(app);
    account::reflect(app);
    lines::reflect(app);
    form::reflect(app);
}

pub(super) fn forget(app: &App) {
    let draft = app.global::<DraftAdapter<'_>>();
    draft.set_draft("".into());
    draft.set_state(drawn::DraftState::None);
    draft.set_fields(Fields::default());
    draft.set_problems(model([]));
    draft.set_warnings(model([]));
    draft.set_locked(false);
    draft.set_saved(true);
    app.global::<Navigation<'_>>().set_draft_awaited(false);
    start(app);
    reflect(app);
}

const fn slot(fields: &mut Fields, field: Field) -> &mut FieldState {
    match field {
        Field::CheckBasis => &mut fields.check_basis,
        Field::Grounds => &mut fields.grounds,
        Field::Requisition => &mut fields.requisition,
        Field::Place => &mut fields.place,
        Field::Mrz => &mut fields.mrz,
        Field::Surname => &mut fields.surname,
        Field::GivenNames => &mut fields.given_names,
        Field::BirthDate => &mut fields.birth_date,
        Field::Address => &mut fields.address,
        Field::Phone => &mut fields.phone,
        Field::Plate => &mut fields.plate,
        Field::PvFrame => &mut fields.pv_frame,
        Field::Subject => &mut fields.subject,
        Field::Offences => &mut fields.offences,
        Field::Account => &mut fields.account,
        Field::Venue => &mut fields.venue,
        Field::When => &mut fields.when,
        Field::Suspect => &mut fields.suspect,
        Field::SheetHanded => &mut fields.sheet_handed,
        Field::RightsLanguage => &mut fields.rights_language,
        Field::HandReceipt => &mut fields.hand_receipt,
        Field::Interception => &mut fields.interception,
        Field::Moment => &mut fields.moment,
        Field::Road => &mut fields.road,
        Field::RoadPoint => &mut fields.road_point,
        Field::Direction => &mut fields.direction,
        Field::Commune => &mut fields.commune,
        Field::Agglomeration => &mut fields.agglomeration,
        Field::Registration => &mut fields.registration,
        Field::PlateCountry => &mut fields.plate_country,
        Field::Make => &mut fields.make,
        Field::Model => &mut fields.model,
        Field::Colour => &mut fields.colour,
        Field::Genre => &mut fields.genre,
        Field::Email => &mut fields.email,
        Field::LicenceStatus => &mut fields.licence_status,
        Field::LicenceNumber => &mut fields.licence_number,
        Field::LicenceCategories => &mut fields.licence_categories,
        Field::LicenceDate => &mut fields.licence_date,
        Field::LicenceAuthority => &mut fields.licence_authority,
        Field::SpeedLimit => &mut fields.speed_limit,
        Field::SpeedMeasured => &mut fields.speed_measured,
        Field::SpeedDevice => &mut fields.speed_device,
        Field::AlcoholFirst => &mut fields.alcohol_first,
        Field::AlcoholSecond => &mut fields.alcohol_second,
        Field::DocumentsDue => &mut fields.documents_due,
        Field::Simultaneous => &mut fields.simultaneous,
        Field::Understands => &mut fields.understands,
        Field::TajQueried => &mut fields.taj_queried,
        Field::NoRecidive => &mut fields.no_recidive,
        Field::SeenOnTheSpot => &mut fields.seen_on_the_spot,
        Field::AddressConfirmed => &mut fields.address_confirmed,
        Field::Acknowledged => &mut fields.acknowledged,
        Field::Destruction => &mut fields.destruction,
        Field::SingleProduct => &mut fields.single_product,
        Field::Returned => &mut fields.returned,
        Field::NotDriving => &mut fields.not_driving,
        Field::NotPublicAgent => &mut fields.not_public_agent,
        Field::InsuranceChecked => &mut fields.insurance_checked,
        Field::Substance => &mut fields.substance,
        Field::Quantity => &mut fields.quantity,
        Field::PvKind => &mut fields.pv_kind,
        Field::Origin => &mut fields.origin,
        Field::Assistants => &mut fields.assistants,
        Field::Dress => &mut fields.dress,
        Field::HeardAs => &mut fields.heard_as,
        Field::NoticeLanguage => &mut fields.notice_language,
        Field::Counsel => &mut fields.counsel,
        Field::CounselName => &mut fields.counsel_name,
        Field::Constraint => &mut fields.constraint,
        Field::Interpreter => &mut fields.interpreter,
        Field::InterpreterLanguage => &mut fields.interpreter_language,
        Field::InterpreterOath => &mut fields.interpreter_oath,
        Field::InterpreterLink => &mut fields.interpreter_link,
        Field::InterpreterPhone => &mut fields.interpreter_phone,
        Field::Inventory => &mut fields.inventory,
        Field::Mentions => &mut fields.mentions,
        Field::Annexes => &mut fields.annexes,
        Field::Addressee => &mut fields.addressee,
        Field::Authority => &mut fields.authority,
        Field::OtherSigners => &mut fields.other_signers,
        Field::BirthPlace => &mut fields.birth_place,
        Field::Nationality => &mut fields.nationality,
        Field::Profession => &mut fields.profession,
        Field::Father => &mut fields.father,
        Field::Mother => &mut fields.mother,
        Field::FamilySituation => &mut fields.family_situation,
        Field::Employer => &mut fields.employer,
        Field::IdentityMode => &mut fields.identity_mode,
        Field::Certainty => &mut fields.certainty,
        Field::NotePurpose => &mut fields.note_purpose,
        Field::Position => &mut fields.position,
        Field::CheckStart => &mut fields.check_start,
        Field::DecidingOpj => &mut fields.deciding_opj,
        Field::DecisionMoment => &mut fields.decision_moment,
        Field::VerificationGround => &mut fields.verification_ground,
        Field::VerificationReasons => &mut fields.verification_reasons,
        Field::Presentation => &mut fields.presentation,
        Field::PresentationMoment => &mut fields.presentation_moment,
        Field::RetentionNotice => &mut fields.retention_notice,
        Field::ProsecutorWish => &mut fields.prosecutor_wish,
        Field::ProsecutorMoment => &mut fields.prosecutor_moment,
        Field::RelativeWish => &mut fields.relative_wish,
        Field::Relative => &mut fields.relative,
        Field::RelativeMoment => &mut fields.relative_moment,
        Field::RelativeObstacle => &mut fields.relative_obstacle,
        Field::Minority => &mut fields.minority,
        Field::Representative => &mut fields.representative,
        Field::RepresentativeObstacle => &mut fields.representative_obstacle,
        Field::PrintsAuthority => &mut fields.prints_authority,
        Field::PrintsMagistrate => &mut fields.prints_magistrate,
        Field::PrintsMoment => &mut fields.prints_moment,
        Field::PrintsReasons => &mut fields.prints_reasons,
        Field::Finding => &mut fields.finding,
        Field::VerificationMeans => &mut fields.verification_means,
        Field::RetentionEnd => &mut fields.retention_end,
        Field::FollowUp => &mut fields.follow_up,
        Field::FollowUpProcedure => &mut fields.follow_up_procedure,
        Field::HandedCopy => &mut fields.handed_copy,
        Field::Alinea => &mut fields.alinea,
        Field::PriorBasis => &mut fields.prior_basis,
        Field::DocumentNumber => &mut fields.document_number,
        Field::DocumentExpiry => &mut fields.document_expiry,
        Field::Deposit => &mut fields.deposit,
        Field::Refusal => &mut fields.refusal,
        Field::Violence => &mut fields.violence,
        Field::ProsecutorTold => &mut fields.prosecutor_told,
        Field::ToldMagistrate => &mut fields.told_magistrate,
        Field::Host => &mut fields.host,
        Field::Confidential => &mut fields.confidential,
        Field::Complainant => &mut fields.complainant,
        Field::ComplainantName => &mut fields.complainant_name,
        Field::ComplainantQuality => &mut fields.complainant_quality,
        Field::Siren => &mut fields.siren,
        Field::Companions => &mut fields.companions,
        Field::LawyerWords => &mut fields.lawyer_words,
        Field::Domicile => &mut fields.domicile,
        Field::DomicileConsent => &mut fields.domicile_consent,
        Field::Electronic => &mut fields.electronic,
        Field::Mandate => &mut fields.mandate,
        Field::FilmedBy => &mut fields.filmed_by,
        Field::FactsFrom => &mut fields.facts_from,
        Field::FactsTo => &mut fields.facts_to,
        Field::Modus => &mut fields.modus,
        Field::Weapon => &mut fields.weapon,
        Field::Discrimination => &mut fields.discrimination,
        Field::SuspectLink => &mut fields.suspect_link,
        Field::Witnesses => &mut fields.witnesses,
        Field::Losses => &mut fields.losses,
        Field::Injuries => &mut fields.injuries,
        Field::Itt => &mut fields.itt,
        Field::Examination => &mut fields.examination,
        Field::ExaminationAuthority => &mut fields.examination_authority,
        Field::ExaminationMoment => &mut fields.examination_moment,
        Field::ExaminationRefusal => &mut fields.examination_refusal,
        Field::SexualOffence => &mut fields.sexual_offence,
        Field::Harm => &mut fields.harm,
        Field::HarmCircumstances => &mut fields.harm_circumstances,
        Field::Vulnerability => &mut fields.vulnerability,
        Field::Reprisals => &mut fields.reprisals,
        Field::Measures => &mut fields.measures,
        Field::Grid => &mut fields.grid,
        Field::GridRaised => &mut fields.grid_raised,
        Field::FactsPlace => &mut fields.facts_place,
        Field::Protocol => &mut fields.protocol,
        Field::NativeName => &mut fields.native_name,
        Field::ExaminationFrame => &mut fields.examination_frame,
        Field::ExaminationUnit => &mut fields.examination_unit,
        Field::ExaminationMission => &mut fields.examination_mission,
        Field::ContactChannel => &mut fields.contact_channel,
        Field::ContactAt => &mut fields.contact_at,
        Field::ContactHours => &mut fields.contact_hours,
        Field::ContactNever => &mut fields.contact_never,
        Field::Refuge => &mut fields.refuge,
        Field::FiledOnline => &mut fields.filed_online,
        Field::FiledNumber => &mut fields.filed_number,
        Field::FiledReread => &mut fields.filed_reread,
        Field::Directed => &mut fields.directed,
        Field::ArrestMoment => &mut fields.arrest_moment,
        Field::ForceUsed => &mut fields.force_used,
        Field::ForceReasons => &mut fields.force_reasons,
        Field::HandcuffGround => &mut fields.handcuff_ground,
        Field::HandcuffReasons => &mut fields.handcuff_reasons,
        Field::PalpationDone => &mut fields.palpation_done,
        Field::PalpationReasons => &mut fields.palpation_reasons,
        Field::PalpationApart => &mut fields.palpation_apart,
        Field::NoticeGiver => &mut fields.notice_giver,
        Field::CustodyNotice => &mut fields.custody_notice,
        Field::CustodyLanguage => &mut fields.custody_language,
        Field::CustodySheet => &mut fields.custody_sheet,
        Field::NoticeDelay => &mut fields.notice_delay,
        Field::Property => &mut fields.property,
        Field::Departure => &mut fields.departure,
        Field::HandedMoment => &mut fields.handed_moment,
        Field::Station => &mut fields.station,
        Field::ScreeningGround => &mut fields.screening_ground,
        Field::ScreeningMoment => &mut fields.screening_moment,
        Field::ScreeningResult => &mut fields.screening_result,
        Field::AlcoholProof => &mut fields.alcohol_proof,
        Field::Device => &mut fields.device,
        Field::DeviceVerified => &mut fields.device_verified,
        Field::BlowMoment => &mut fields.blow_moment,
        Field::SecondOffered => &mut fields.second_offered,
        Field::Blood => &mut fields.blood,
        Field::Doctor => &mut fields.doctor,
        Field::Signs => &mut fields.signs,
        Field::DrugFamilies => &mut fields.drug_families,
        Field::DrugProof => &mut fields.drug_proof,
        Field::SampleMoment => &mut fields.sample_moment,
        Field::Reserve => &mut fields.reserve,
        Field::RetentionGround => &mut fields.retention_ground,
        Field::RetentionFrom => &mut fields.retention_from,
        Field::LicenceState => &mut fields.licence_state,
        Field::VehicleMeasure => &mut fields.vehicle_measure,
        Field::MeasureMoment => &mut fields.measure_moment,
        Field::MeasureGround => &mut fields.measure_ground,
        Field::VehicleState => &mut fields.vehicle_state,
        Field::VehicleContents => &mut fields.vehicle_contents,
        Field::Keys => &mut fields.keys,
        Field::CertificateKept => &mut fields.certificate_kept,
        Field::Pound => &mut fields.pound,
        Field::DoctorMoment => &mut fields.doctor_moment,
        Field::DoctorFit => &mut fields.doctor_fit,
        Field::DrunkOutcome => &mut fields.drunk_outcome,
        Field::PlacedMoment => &mut fields.placed_moment,
        Field::EntrustedTo => &mut fields.entrusted_to,
        Field::Parent => &mut fields.parent,
        Field::ParentName => &mut fields.parent_name,
        Field::MinorState => &mut fields.minor_state,
        Field::SummonsMoment => &mut fields.summons_moment,
        Field::Door => &mut fields.door,
        Field::Apart => &mut fields.apart,
        Field::Present => &mut fields.present,
        Field::GridDone => &mut fields.grid_done,
        Field::CardHanded => &mut fields.card_handed,
        Field::Wish => &mut fields.wish,
        Field::OperationsNumber => &mut fields.operations_number,
        Field::OpenedMoment => &mut fields.opened_moment,
        Field::OnSceneMoment => &mut fields.on_scene_moment,
        Field::OverMoment => &mut fields.over_moment,
        Field::Outcome => &mut fields.outcome,
        Field::OwedLicence => &mut fields.owed_licence,
        Field::OwedRegistration => &mut fields.owed_registration,
        Field::OwedTrailer => &mut fields.owed_trailer,
        Field::OwedCompanion => &mut fields.owed_companion,
        Field::OwedTraining => &mut fields.owed_training,
        Field::OwedInterlock => &mut fields.owed_interlock,
        Field::OwedInsurance => &mut fields.owed_insurance,
        Field::LinkedPve => &mut fields.linked_pve,
    }
}

pub(super) fn problem_line(problem: &Problem) -> ProblemLine {
    ProblemLine {
        field: problem.field.into(),
        reason: problem.reason.into(),
        successor: code(problem.successor),
    }
}

/// Empty where there is none.
fn code(natinf: Option<Natinf>) -> slint::SharedString {
    natinf.map(|natinf| natinf.to_string()).unwrap_or_default().into()
}
