//! The closed loop: an [`Event`] goes in, [`Effect`]s come out. One plain thread runs it and owns the write connections.
//!
//! The engine waits for nothing but its own commits; whatever takes longer is an effect that comes back as an event.

mod boot;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use domain::dialogue::{Intent, LockState, Network, Notice, View};
use domain::enrolment::Enrolment;
use domain::footage::leaving::Supply;
use domain::identity::cachet::TrustList;
use domain::legal_basis::BasisTable;
use domain::natinf::ReferenceSet;
use domain::orders::Ban;
use domain::place::Fix;
use domain::{Digest, EnvelopeId, Timestamp};
use sync::mqtt::{LinkCommand, LinkEvent};
use sync::session::{Input, Session};
use thiserror::Error;
use trust::cert::Certificate;
use trust::cert::Revocations;
use trust::keys::PublicKey;

pub(crate) use self::boot::Anchors;
pub use self::boot::{Boot, BootError, device_db_key};
use crate::cases::ask_lists::Hotlists;
use crate::cases::check_identity::Questions;
use crate::cases::deliver::Sent;
use crate::cases::frame_check::Limits;
use crate::cases::gather_sets::Gathering;
use crate::cases::keep_drafts::Keeping;
use crate::cases::locate::Whereabouts;
use crate::cases::lock_unless_held::Hand;
pub use crate::cases::lock_unless_held::IDLE;
use crate::cases::print::Printing;
use crate::cases::raise_alert::Alerts;
use crate::cases::renew::Renewing;
use crate::cases::report_order::Reporting;
use crate::cases::send_footage::Sending;
use crate::cases::show_budget::Budget;
use crate::cases::take_crew::CrewNotes;
use crate::cases::take_dispatch::{HqClock, Proposals};
use crate::cases::take_footage::Footage;
use crate::cases::take_profile::Profiles;
pub use crate::cases::take_reference::Law;
use crate::cases::take_reference::References;
use crate::cases::tell_journal::Telling;
use crate::cases::unlock::Desk;
use crate::cases::upload::Uploads;
use crate::cases::verify_identity::Watching;
use crate::keys::{Card, Cost, Keys};
use crate::mint::Mint;
use crate::parts::Parts;
use crate::print::{self, JobKey};
use crate::site::Site;
use crate::store::{DeviceStore, OpenError, StoreError};
use crate::traffic::Traffic;
use crate::work::{CheckJob, Job, Outcome, Seen};

/// Everything that can happen to the terminal.
pub enum Event {
    Intent(Intent),
    Card(CardEvent),
    /// The records connection.
    Link(LinkEvent),
    /// The footage connection.
    Bulk(LinkEvent),
    Camera(CameraEvent),
    Worked(Outcome),
    /// A printer's driver has carried an order out.
    Print(print::Answer),
    /// The visit at the bootstrap listener is over: HQ's answer, or none.
    Knocked(Option<Vec<u8>>),
    /// The moment of [`Engine::next_wakeup`] has come.
    Wake,
    /// The device was suspended, and goes on.
    Slept,
    /// The platform says where the terminal is. A platform without such a source never says it.
    Position(Fix),
    /// The platform says what the terminal lives on.
    Supply(Supply),
}

/// The agent card comes and goes.
pub enum CardEvent {
    /// `certificate` is the DER of the officer's certificate on the card.
    Inserted {
        card: Arc<Mutex<dyn Card>>,
        certificate: Vec<u8>,
    },
    Removed,
    /// There is no reader: a training key serves the officer whose certificate, marked "formation", is for it.
    Training {
        card: Arc<Mutex<dyn Card>>,
        key: PublicKey,
    },
}

/// Everything that the engine wants done.
pub enum Effect {
    Show(View),
    Work(Job),
    Link(LinkCommand),
    Bulk(LinkCommand),
    Camera(CameraEffect),
    Print(print::Order),
    /// Take this to the bootstrap listener.
    Knock(Vec<u8>),
    /// The terminal is who this says from now on; the connections after the present ones show its certificate.
    Certified(Box<Enrolment>),
}

/// What comes from the camera's meeting.
pub enum CameraEvent {
    Said(camera::driver::Event),
    /// No camera answers at all.
    Unreachable,
    Ended(camera::driver::Ending),
}

/// What the camera's supervisor is asked for.
pub enum CameraEffect {
    /// Reach the camera and begin a meeting, unless the lists say that it is vouched for no longer.
    Meet(camera::driver::Entry, Arc<Revocations>),
    /// Say this in the meeting.
    Tell(camera::driver::Command),
}

/// The moments between which a crash must lose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CommitPoint {
    Reserved,
    IntentWritten,
    ActCommitted,
    Promoted,
    ReceiptStored,
    /// An order is decided, and not carried out.
    OrderTaken,
    /// What a wipe destroys is counted, and nothing is gone.
    WipePlanned,
    SlotsDestroyed,
    DatabasesRemoved,
    /// A total wipe took the bytes of acts that HQ does not have.
    EvidenceDestroyed,
    /// A total wipe took recordings and parts of acts.
    FilesRemoved,
    /// Everything that a wipe destroys is destroyed, and nobody was told.
    Wiped,
    /// An order has its outcome and its signed report, and HQ was not told.
    OrderFinished,
    /// A step of an intervention is with its officer, and no statement on it.
    InterventionKept,
    /// The statement on it is kept, and did not leave.
    ProgressKept,
    /// What another of the crew has is on the device, and was not taken in.
    CrewNoteKept,
    /// The officer's sheet has it.
    CrewSheetKept,
    /// The word for the crew is kept, and did not leave.
    CrewWordKept,
    /// A procedure keeps a recording, and no statement says so.
    RecordingHeld,
    /// A statement on a recording is with its officer, and not signed.
    CustodySaid,
}

impl CommitPoint {
    /// Those of an act's life.
    pub const ALL: [Self; 5] = [
        Self::Reserved,
        Self::IntentWritten,
        Self::ActCommitted,
        Self::Promoted,
        Self::ReceiptStored,
    ];

    /// Those of a step of an intervention.
    pub const INTERVENTION: [Self; 2] = [Self::InterventionKept, Self::ProgressKept];

    /// Those of what a crew shares, on the terminal that tells it.
    pub const CREW_TOLD: [Self; 3] = [Self::InterventionKept, Self::ProgressKept, Self::CrewWordKept];

    /// Those of what a crew shares, on the terminal that takes it in.
    pub const CREW_TAKEN: [Self; 2] = [Self::CrewNoteKept, Self::CrewSheetKept];

    /// Those of a statement on a recording, a hold among them.
    pub const CUSTODY: [Self; 7] = [
        Self::RecordingHeld,
        Self::CustodySaid,
        Self::Reserved,
        Self::IntentWritten,
        Self::ActCommitted,
        Self::Promoted,
        Self::ReceiptStored,
    ];

    /// Those of a total wipe.
    pub const WIPE: [Self; 8] = [
        Self::OrderTaken,
        Self::WipePlanned,
        Self::SlotsDestroyed,
        Self::DatabasesRemoved,
        Self::EvidenceDestroyed,
        Self::FilesRemoved,
        Self::Wiped,
        Self::OrderFinished,
    ];
}

/// Called after each commit; a simulated crash does not return from it.
pub type Tripwire = Box<dyn FnMut(CommitPoint) + Send>;

/// Why the engine stops; the supervisor ends the process and the system starts it again.
#[derive(Debug, Error)]
pub enum Fatal {
    #[error("the store failed")]
    Store(#[source] StoreError),
    #[error("the device database does not read whole")]
    Damaged(#[source] OpenError),
}

/// The card in the reader and the certificate on it.
#[derive(Clone)]
pub(crate) struct PresentCard {
    pub(crate) card: Arc<Mutex<dyn Card>>,
    pub(crate) certificate: Arc<Certificate>,
}

/// Which views changed during one event.
#[derive(Default)]
pub(crate) struct Stale {
    pub(crate) lock: bool,
    pub(crate) home: bool,
    pub(crate) draft: bool,
    pub(crate) deliveries: bool,
    pub(crate) camera: bool,
    pub(crate) printing: bool,
    pub(crate) film: bool,
    pub(crate) appearance: bool,
    pub(crate) budget: bool,
}

pub struct Engine {
    pub(crate) site: Site,
    pub(crate) keys: Arc<dyn Keys>,
    pub(crate) mint: Mint,
    pub(crate) enrolment: Enrolment,
    pub(crate) anchors: Anchors,
    pub(crate) device: DeviceStore,
    pub(crate) reference: Arc<ReferenceSet>,
    pub(crate) references: References,
    pub(crate) gathering: Gathering,
    pub(crate) revocations: Arc<Revocations>,
    pub(crate) trust_list: Option<Arc<TrustList>>,
    pub(crate) hotlists: Hotlists,
    pub(crate) bases: Arc<BasisTable>,
    pub(crate) limits: Limits,
    pub(crate) profiles: Profiles,
    pub(crate) session: Session,
    pub(crate) epoch: u64,
    pub(crate) network: Network,
    pub(crate) attempts: BTreeMap<EnvelopeId, u32>,
    /// SHA-256 of the last hello.
    pub(crate) greeting: Option<Digest>,
    pub(crate) sent: BTreeMap<u64, Sent>,
    pub(crate) next_token: u64,
    pub(crate) renewing: Renewing,
    pub(crate) questions: Questions,
    pub(crate) card: Option<PresentCard>,
    /// What stands in for a card where there is no reader.
    pub(crate) training: Option<(Arc<Mutex<dyn Card>>, PublicKey)>,
    pub(crate) desk: Desk,
    /// HQ's word that nobody works here.
    pub(crate) ban: Option<Ban>,
    pub(crate) footage: Footage,
    pub(crate) uploads: Uploads,
    pub(crate) sending: Sending,
    pub(crate) budget: Budget,
    pub(crate) traffic: Traffic,
    pub(crate) telling: Telling,
    pub(crate) parts: Parts,
    pub(crate) printing: Printing,
    pub(crate) hand: Hand,
    pub(crate) keeping: Keeping,
    pub(crate) reporting: Reporting,
    pub(crate) whereabouts: Whereabouts,
    pub(crate) watching: Watching,
    pub(crate) alerts: Alerts,
    pub(crate) proposals: Proposals,
    pub(crate) crew_notes: CrewNotes,
    /// None before HQ first answers.
    pub(crate) hq_clock: Option<HqClock>,
    /// When statements on interventions are sent again, on the device's clock; none while nothing waits.
    pub(crate) progress_again: Option<u64>,
    /// The same of words for the crew.
    pub(crate) crew_words_again: Option<u64>,
    pub(crate) tripwire: Option<Tripwire>,
    /// How dear a try of a code becomes; none to find out what the device bears.
    pub(crate) cost: Option<Cost>,
    pub(crate) now: Timestamp,
    pub(crate) out: Vec<Effect>,
    pub(crate) stale: Stale,
    /// When terms were looked at last, on the device's clock.
    pub(crate) terms_checked: u64,
    pub(crate) told_untrusted: bool,
    pub(crate) told_clock: bool,
}

impl Engine {
    /// What to do first: connect, and show where things stand.
    pub fn start(&mut self, now: Timestamp) -> Result<Vec<Effect>, Fatal> {
        self.now = now;
        // What went over its term while the terminal was off goes before anything else is done.
        if let Err(error) = self.purge() {
            tracing::error!(%error, "terms that ended while the terminal was off are looked at again");
        }
        self.forget_persons_unless_allowed().map_err(Fatal::Store)?;
        self.out.push(Effect::Work(Job::Check(CheckJob {
            database: self.site.device_db(),
            keys: self.keys.clone(),
        })));
        self.load_reference().map_err(Fatal::Store)?;
        self.load_beside().map_err(Fatal::Store)?;
        self.resume_gathering().map_err(Fatal::Store)?;
        self.resume_dispatches().map_err(Fatal::Store)?;
        self.resume_crew_notes().map_err(Fatal::Store)?;
        self.resume_footage_orders().map_err(Fatal::Store)?;
        self.session_input(Input::Start).map_err(Fatal::Store)?;
        self.finish_turn()
    }

    /// Takes one event to its end: commits, then everything that follows from them.
    pub fn handle(&mut self, event: Event, now: Timestamp) -> Result<Vec<Effect>, Fatal> {
        self.take(event, now)?;
        self.finish_turn()
    }

    /// [`Engine::handle`], except that what the screens show is left to [`Engine::redraw`].
    pub fn handle_undrawn(&mut self, event: Event, now: Timestamp) -> Result<Vec<Effect>, Fatal> {
        self.take(event, now)?;
        Ok(std::mem::take(&mut self.out))
    }

    /// Shows what changed since it was last shown.
    pub fn redraw(&mut self) -> Result<Vec<Effect>, Fatal> {
        self.finish_turn()
    }

    fn take(&mut self, event: Event, now: Timestamp) -> Result<(), Fatal> {
        self.now = now;
        if matches!(event, Event::Worked(Outcome::Checked(Some(false)))) {
            let aside = self.device.set_aside(&self.site.device_db(), now.utc);
            tracing::error!(error = %aside, "the terminal stops");
            return Err(Fatal::Damaged(aside));
        }
        let locked = self.lock_unless_held(&event);
        let turn = locked
            .and_then(|()| self.turn(event))
            .and_then(|()| self.await_supervisor())
            .and_then(|()| self.save_traffic());
        match turn {
            Ok(()) => {}
            Err(StoreError::DiskFull) => self.notice(Notice::DiskFull),
            Err(StoreError::NumbersExhausted) => self.notice(Notice::NumbersExhausted),
            Err(
                error @ (StoreError::Unreadable { .. }
                | StoreError::Damaged { .. }
                | StoreError::Sqlite { .. }),
            ) => {
                return Err(Fatal::Store(error));
            }
        }
        Ok(())
    }

    fn turn(&mut self, event: Event) -> Result<(), StoreError> {
        match event {
            Event::Intent(intent) => self.intent(intent),
            Event::Card(CardEvent::Inserted { card, certificate }) => self.card_inserted(card, &certificate),
            Event::Card(CardEvent::Removed) => self.card_removed(),
            Event::Card(CardEvent::Training { card, key }) => {
                self.training = Some((card, key));
                self.begin_training()
            }
            Event::Link(event) => self.link(event),
            Event::Bulk(event) => self.bulk(event),
            Event::Camera(event) => self.camera_event(event),
            // Damage that a check found ends the program before it comes here.
            Event::Worked(Outcome::Checked(_)) | Event::Slept => Ok(()),
            Event::Worked(Outcome::Unlock(outcome)) => self.unlock_worked(outcome),
            Event::Worked(Outcome::CodeChange(change)) => self.code_changed(change),
            Event::Worked(Outcome::CodeTried { officer, result }) => self.code_tried(officer, result),
            Event::Worked(Outcome::Snapshots { officer, sealed }) => self.drafts_sealed(officer, sealed),
            Event::Worked(Outcome::Reference(unpacked)) => self.set_unpacked(unpacked),
            Event::Worked(Outcome::Signed {
                act,
                envelope,
                result,
            }) => self.signed(act, envelope, result),
            Event::Worked(Outcome::Photo { draft, result }) => self.photo_looked_at(draft, result),
            Event::Worked(Outcome::Upright {
                draft,
                sha256,
                picture,
            }) => self.photo_upright(draft, sha256, picture),
            Event::Worked(Outcome::Brought { draft, listed }) => {
                self.brought_looked_at(draft, listed);
                Ok(())
            }
            Event::Worked(Outcome::TakenIn { piece, result }) => self.taken_in(piece, result),
            Event::Worked(Outcome::Scanned { draft, result }) => self.scanned(draft, result),
            Event::Worked(Outcome::Drawn { act, drawing, result }) => self.drawn(act, drawing, result),
            Event::Worked(Outcome::HandedOver { act, result }) => {
                self.handed_over(act, result);
                Ok(())
            }
            Event::Worked(Outcome::Logs { sequence, sealed }) => self.logs_read(sequence, sealed),
            Event::Worked(Outcome::Film { clip, look, result }) => self.film_worked(clip, look, result),
            Event::Worked(Outcome::Gauged(found)) => {
                self.gauged(found);
                Ok(())
            }
            Event::Position(fix) => self.position(fix),
            Event::Supply(supply) => self.supplied(supply),
            Event::Print(answer) => self.print_answered(answer),
            Event::Knocked(answer) => self.knocked(answer),
            Event::Wake => self.wake(),
        }
    }

    /// When [`Event::Wake`] is due, in milliseconds since the start of the device.
    pub fn next_wakeup(&self) -> Option<u64> {
        [
            self.session.next_wakeup(),
            self.bulk_wakeup(),
            self.camera_wakeup(),
            self.sending_wakeup(),
            self.term_wakeup(),
            self.query_wakeup(),
            self.reference_wakeup(),
            self.print_wakeup(),
            self.hand_wakeup(),
            self.keeping_wakeup(),
            self.journal_wakeup(),
            self.report_wakeup(),
            self.renewal_wakeup(),
            self.retention_wakeup(),
            self.shared_wakeup(),
            self.limit_wakeup(),
            self.persons_wakeup(),
            self.alert_wakeup(),
            self.dispatch_wakeup(),
            self.progress_again,
            self.crew_card_wakeup(),
            self.crew_wakeup(),
            self.crew_words_again,
            self.film_wakeup(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    pub(crate) fn intent(&mut self, intent: Intent) -> Result<(), StoreError> {
        match intent {
            Intent::Unlock { code } => self.try_code(code),
            Intent::Lock => self.lock(),
            Intent::Alive => Ok(()),
            Intent::ChangeCode { current, new } => {
                self.change_code(current, new);
                Ok(())
            }
            Intent::GiveCode { code } => {
                self.give_code(code);
                Ok(())
            }
            Intent::StartService { crew, opj, vehicle } => {
                self.start_service(&crew, &opj, &vehicle.unwrap_or_default())
            }
            Intent::AwaitCrewCard => {
                self.await_crew_card();
                Ok(())
            }
            Intent::EndService => self.end_service(),
            Intent::OpenIntervention { id, number, place } => self.open_intervention(id, &number, &place),
            Intent::ArriveOnScene => self.arrive_on_scene(),
            Intent::CloseIntervention { outcome } => self.close_intervention(outcome),
            Intent::TakeDispatch { dispatch } => self.take_dispatch(dispatch),
            Intent::DeclineDispatch { dispatch } => self.decline_dispatch(dispatch),
            Intent::ReadBriefing { dispatch } => self.read_briefing(dispatch),
            Intent::SetOut => self.set_out(),
            Intent::DescribeIntervention {
                matter,
                account,
                seen_matter,
                seen_account,
            } => {
                let seen = [seen_matter, seen_account];
                self.describe_intervention(&matter, &account, seen)
            }
            Intent::CorrectIntervention {
                number,
                place,
                seen_number,
                seen_place,
            } => {
                let seen = [seen_number, seen_place];
                self.correct_intervention(&number, &place, seen)
            }
            Intent::JoinIntervention { intervention } => self.join_intervention(intervention),
            Intent::ChooseVersion {
                intervention,
                version,
            } => self.choose_version(intervention, version),
            Intent::KeepAccounts { intervention } => self.keep_accounts(intervention),
            Intent::StartDraft { id, kind } => self.start_draft(id, kind),
            Intent::OpenDraft { draft } => self.open_draft(draft),
            Intent::Fill { draft, field, text } => self.fill(draft, field, &text),
            Intent::Verify { check, id } => self.verify(check, id),
            Intent::Consult { draft, file, motive } => self.consult(draft, file, &motive),
            Intent::ConsultAll { draft, motive } => self.consult_all(draft, &motive),
            Intent::HoldRequisition { typed } => self.hold_requisition(&typed),
            Intent::DropRequisition { reference } => self.drop_requisition(&reference),
            Intent::Urgent { draft } => self.urgent(draft),
            Intent::RaiseAlert {
                draft,
                id,
                grounds,
                words,
            } => self.raise_alert(draft, id, &grounds, &words),
            Intent::AlertTold { alert } => self.alert_told(alert),
            Intent::AlertSeen { alert } => self.alert_seen(alert),
            Intent::SayOfRecording { clip, said } => self.say_of_recording(clip, said),
            Intent::LeaveUnlinked => self.leave_unlinked(),
            Intent::ViewRecording {
                clip,
                purpose,
                procedure,
            } => self.view_recording(clip, purpose, &procedure),
            Intent::SeekFilm { at_ms } => {
                self.seek_film(at_ms);
                Ok(())
            }
            Intent::PlayFilm { playing } => {
                self.play_film(playing);
                Ok(())
            }
            Intent::CloseFilm => {
                self.close_film();
                Ok(())
            }
            Intent::SetAppearance { appearance } => self.set_appearance(appearance),
            Intent::ShowBudget => {
                self.show_budget();
                Ok(())
            }
            Intent::AssignCamera { to } => self.assign_camera(to.as_deref()),
            Intent::ReturnCamera => {
                self.return_camera();
                Ok(())
            }
            Intent::TriggerCamera => self.trigger_camera(),
            Intent::AwaitCameraCard => {
                self.await_camera_card();
                Ok(())
            }
            Intent::LookAt { draft, field } => self.look_at(draft, field),
            Intent::PutAway => self.put_away(),
            Intent::GiveByMail { act } => self.give_by_mail(act),
            Intent::ShowRecepisseCode { act } => self.show_recepisse_code(act),
            Intent::KeepBasis { draft } => self.keep_basis(draft),
            Intent::LeavePlace => self.leave_place(),
            Intent::AnswerSeen { query } => self.answer_seen(query),
            Intent::ShareAnswer { draft, query } => self.share_answer(draft, query),
            Intent::SharedSeen { share } => self.shared_seen(share),
            Intent::FollowUp { from, kind, id } => self.follow_up(from, kind, id),
            Intent::Sign { draft } => self.sign(draft),
            Intent::Correct { act, id } => self.correct(act, id),
            Intent::SearchOffences { text } => self.search_offences(&text),
            Intent::PairCamera { invitation } => self.pair_camera(&invitation),
            Intent::ListClips => self.list_clips(),
            Intent::TakeClip { clip } => self.take_clip(clip),
            Intent::ShowDocument { act } => self.show_document(act),
            Intent::Preview { draft } => self.preview(draft),
            Intent::ReadBack { draft } => self.read_back(draft),
            Intent::SignByHand {
                draft,
                signer,
                strokes,
            } => self.sign_by_hand(draft, signer, strokes),
            Intent::LeaveUnsigned {
                draft,
                signer,
                why,
                reason,
            } => self.leave_unsigned(draft, signer, why, &reason),
            Intent::ShowLeaflet { draft, leaflet } => self.show_leaflet(draft, leaflet),
            Intent::ShowRights { draft, language } => self.show_rights(draft, language),
            Intent::SignRights { draft, strokes } => self.sign_rights(draft, strokes),
            Intent::LeaveRightsUnsigned { draft, why, reason } => {
                self.leave_rights_unsigned(draft, why, &reason)
            }
            Intent::AddRenvoi { draft, place, text } => self.add_renvoi(draft, &place, &text),
            Intent::Amend { act, id, how } => self.amend(act, id, how),
            Intent::TurnIntoPv { draft, id } => self.turn_into_pv(draft, id),
            Intent::SearchFormulas { draft, text } => self.search_formulas(draft, &text),
            Intent::BeginMeasure { from, id, kind } => self.begin_measure(from, id, kind),
            Intent::Stamp { draft, field } => self.stamp(draft, field),
            Intent::StartFromTemplate { id, template } => self.start_from_template(id, template),
            Intent::CheckFooter { code } => {
                self.check_footer(&code);
                Ok(())
            }
            Intent::DiscardDraft { draft } => self.discard_draft(draft),
            Intent::AttachPhoto { draft, name, picture } => self.attach_photo(draft, name, picture),
            Intent::ScanDocument { draft, picture } => self.scan_document(draft, Seen::Picture(picture)),
            Intent::ScanKeyed { draft, text } => self.scan_keyed(draft, text.reveal()),
            Intent::RemovePhoto { draft, sha256 } => self.remove_photo(draft, sha256),
            Intent::ShowObject {
                draft,
                sha256,
                object,
            } => self.show_object(draft, sha256, object),
            Intent::OpenPhoto { draft, sha256 } => self.open_photo(draft, sha256),
            Intent::MarkPhoto { draft, sha256, marks } => self.mark_photo(draft, sha256, &marks),
            Intent::LookAtBrought { draft } => self.look_at_brought(draft),
            Intent::TakeIn { draft, name } => self.take_in(draft, name),
            Intent::LabelPiece { draft, sha256, label } => self.label_piece(draft, sha256, &label),
            Intent::GiveBack { draft, sha256 } => self.give_back(draft, sha256),
            Intent::AddPrinter { address } => {
                self.add_printer(&address);
                Ok(())
            }
            Intent::Print { act, paper, printer } => self.print(act, paper, printer),
            Intent::CancelPrint { act, paper, printer } => self.cancel_print(JobKey { act, paper, printer }),
            Intent::HandOver { act } => self.hand_over(act),
            // This is a terminal already.
            Intent::Enrol { .. } => Ok(()),
            Intent::LocatedSeen => self.located_seen(),
            Intent::ChooseCode { code } => self.choose_code(code),
            Intent::Readmit { response } => self.readmit(&response),
            Intent::AskVisa { act, opj } => self.ask_visa(act, &opj),
            Intent::ShowForVisa { request } => self.show_for_visa(request),
            Intent::GiveVisa {
                request,
                choice,
                words,
            } => self.give_visa(request, choice, &words),
        }
    }

    fn wake(&mut self) -> Result<(), StoreError> {
        // One that fails must not keep the others waiting.
        let due = self.terms_checked == 0 || self.term_wakeup().is_some_and(|at| at <= self.now.mono_ms);
        let purged = if due { self.purge() } else { Ok(()) };
        let expired = self.expire_queries();
        self.advance_printing();
        let session = self.wake_session();
        let bulk = self.wake_bulk();
        let camera = self.wake_camera();
        let sending = self.wake_sending();
        let reference = self.wake_reference();
        let keeping = self.wake_keeping();
        let journal = self.wake_journal();
        let reports = self.wake_reports();
        let retentions = self.wake_retentions();
        let shared = self.wake_shared();
        let limits = self.wake_limits();
        let dispatches = self.wake_dispatches();
        let progress = self.wake_progress();
        let crew_card = self.wake_crew_card();
        let crew = self.wake_crew();
        let words = self.wake_crew_words();
        self.wake_film();
        let persons = self.forget_persons_unless_allowed();
        self.renew_when_due();
        purged
            .and(expired)
            .and(session)
            .and(bulk)
            .and(camera)
            .and(sending)
            .and(reference)
            .and(keeping)
            .and(journal)
            .and(reports)
            .and(retentions)
            .and(shared)
            .and(limits)
            .and(dispatches)
            .and(progress)
            .and(crew_card)
            .and(crew)
            .and(words)
            .and(persons)
    }

    fn finish_turn(&mut self) -> Result<Vec<Effect>, Fatal> {
        self.tell_alerts().map_err(Fatal::Store)?;
        let stale = std::mem::take(&mut self.stale);
        let views = self.views(&stale).map_err(Fatal::Store)?;
        self.out.extend(views.into_iter().map(Effect::Show));
        if stale.draft
            && let Some(desk) = self.desk()
        {
            desk.resumed = None;
        }
        Ok(std::mem::take(&mut self.out))
    }

    pub(crate) fn show(&mut self, view: View) {
        self.out.push(Effect::Show(view));
    }

    pub(crate) fn notice(&mut self, notice: Notice) {
        self.show(View::Notice(notice));
    }

    pub(crate) fn passed(&mut self, point: CommitPoint) {
        if let Some(tripwire) = &mut self.tripwire {
            tripwire(point);
        }
    }

    /// True while an officer's database is open.
    pub fn is_unlocked(&self) -> bool {
        matches!(self.desk, Desk::Open(_))
    }

    /// The terminal's enrolment, for the drivers' configuration.
    pub const fn enrolment(&self) -> &Enrolment {
        &self.enrolment
    }

    /// SHA-256 of the root's SubjectPublicKeyInfo.
    pub fn root(&self) -> [u8; 32] {
        self.anchors.root.public_key().fingerprint().0
    }

    /// How often this database was opened.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// The officer is told with the first screens.
    pub fn disk_is_full(&mut self) {
        self.notice(Notice::DiskFull);
    }

    /// The device's store, for checks from outside.
    pub const fn device(&self) -> &DeviceStore {
        &self.device
    }

    pub(crate) fn lock_state(&self) -> Result<LockState, StoreError> {
        match (&self.desk, self.ban) {
            (Desk::Open(_), _) => Ok(LockState::Unlocked),
            (Desk::Unlocking { .. }, _) => Ok(LockState::Unlocking),
            (Desk::Locked, Some(ban)) => Ok(LockState::Banned(ban)),
            (Desk::Locked, None) => self.locked_state(),
        }
    }
}
