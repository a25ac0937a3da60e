//! What an officer asks the terminal for.

use minicbor::{Decode, Encode};

use super::{Appearance, ShownLeaflet};
use crate::alert::Ground;
use crate::canonical::Digest;
use crate::draft::Field;
use crate::footage::Purpose;
use crate::hand::Strokes;
use crate::id::{ActId, ClipId, InterventionId, QueryId};
use crate::intervention::{EditId, Outcome};
use crate::officer::FileKind;
use crate::photo::{Marks, Picture};
use crate::plainte::Language;
use crate::printing::{Paper, PrinterAddress};
use crate::pv::PvKind;
use crate::record::ActKind;
use crate::requisition::TypedRequisition;
use crate::sensitive::{Secret, Sensitive};
use crate::service::TypedVehicle;
use crate::visa::Choice;

use super::Wish;

/// What the officer asks for. Ids are optional where the terminal may mint them; a driver that repeats a step
/// after a crash gives its own, so that the step happens once.
#[derive(Debug, Encode, Decode)]
pub enum Intent {
    #[n(0)]
    Unlock {
        #[n(0)]
        code: Secret,
    },
    #[n(1)]
    Lock,
    #[n(2)]
    StartService {
        /// Service numbers of the crew besides the officer, and of the OPJ on duty, as typed.
        #[n(0)]
        crew: String,
        #[n(1)]
        opj: String,
        /// Absent for a crew on foot.
        #[n(2)]
        vehicle: Option<TypedVehicle>,
    },
    /// For a short while the card of a colleague adds them to the crew and does not end the officer's turn.
    #[n(157)]
    AwaitCrewCard,
    #[n(3)]
    EndService,
    #[n(4)]
    OpenIntervention {
        #[n(0)]
        id: Option<InterventionId>,
        #[n(1)]
        number: String,
        #[n(2)]
        place: String,
    },
    #[n(5)]
    ArriveOnScene,
    #[n(6)]
    CloseIntervention {
        #[n(0)]
        outcome: Outcome,
    },
    /// The crew takes what the operations centre proposes: a call with "en route", a reading to verify it.
    #[n(130)]
    TakeDispatch {
        #[n(0)]
        dispatch: InterventionId,
    },
    /// The crew is not available, or puts a reading away.
    #[n(131)]
    DeclineDispatch {
        #[n(0)]
        dispatch: InterventionId,
    },
    /// An item of the briefing was read; it stays until its term.
    #[n(156)]
    ReadBriefing {
        #[n(0)]
        dispatch: InterventionId,
    },
    #[n(132)]
    SetOut,
    /// What the current intervention is about, and what the crew writes of it.
    #[n(133)]
    DescribeIntervention {
        #[n(0)]
        matter: String,
        #[n(1)]
        account: String,
        /// What the screen had there when the officer began to write; absent: what it has now.
        #[n(2)]
        seen_matter: Option<String>,
        #[n(3)]
        seen_account: Option<String>,
    },
    /// The number and the place of the current intervention, put right.
    #[n(147)]
    CorrectIntervention {
        #[n(0)]
        number: String,
        #[n(1)]
        place: String,
        /// What the screen had there when the officer began to write; absent: what it has now.
        #[n(2)]
        seen_number: Option<String>,
        #[n(3)]
        seen_place: Option<String>,
    },
    /// What another of the crew has becomes the current intervention here too.
    #[n(146)]
    JoinIntervention {
        #[n(0)]
        intervention: InterventionId,
    },
    /// Of what two officers wrote, this stands.
    #[n(148)]
    ChooseVersion {
        #[n(0)]
        intervention: InterventionId,
        #[n(1)]
        version: EditId,
    },
    /// Of the accounts that two officers wrote, both stand, one after the other.
    #[n(149)]
    KeepAccounts {
        #[n(0)]
        intervention: InterventionId,
    },
    #[n(7)]
    StartDraft {
        #[n(0)]
        id: Option<ActId>,
        #[n(1)]
        kind: ActKind,
    },
    #[n(8)]
    OpenDraft {
        #[n(0)]
        draft: ActId,
    },
    #[n(9)]
    Fill {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        field: Field,
        #[n(2)]
        text: String,
    },
    /// Ask a file about the person or the plate of the draft; the motive is mandatory.
    #[n(10)]
    Consult {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        file: FileKind,
        #[n(2)]
        motive: String,
    },
    #[n(11)]
    Sign {
        #[n(0)]
        draft: ActId,
    },
    /// Open the act that corrects one HQ refused.
    #[n(12)]
    Correct {
        #[n(0)]
        act: ActId,
        #[n(1)]
        id: Option<ActId>,
    },
    #[n(13)]
    SearchOffences {
        #[n(0)]
        text: String,
    },
    /// The text of the camera's tag or QR code.
    #[n(14)]
    PairCamera {
        #[n(0)]
        invitation: String,
    },
    #[n(15)]
    ListClips,
    #[n(16)]
    TakeClip {
        #[n(0)]
        clip: ClipId,
    },
    /// The signed PDF of an act.
    #[n(17)]
    ShowDocument {
        #[n(0)]
        act: ActId,
    },
    /// Remember a printer, once it has answered there.
    #[n(40)]
    AddPrinter {
        #[n(0)]
        address: String,
    },
    /// Print a document of a signed act; without a printer, on the one used last. Asked while the same document waits
    /// for the same printer, it changes nothing; asked after that, it prints again.
    #[n(41)]
    Print {
        #[n(0)]
        act: ActId,
        #[n(1)]
        paper: Paper,
        #[n(2)]
        printer: Option<PrinterAddress>,
    },
    /// Take a job off the list, and back from the printer where it got there.
    #[n(42)]
    CancelPrint {
        #[n(0)]
        act: ActId,
        #[n(1)]
        paper: Paper,
        #[n(2)]
        printer: PrinterAddress,
    },
    /// Write a signed act for the drafting system of the station into the folder that is mounted for it.
    #[n(43)]
    HandOver {
        #[n(0)]
        act: ActId,
    },
    /// Read the document in this picture for the draft; the picture is kept nowhere.
    #[n(78)]
    ScanDocument {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        picture: Picture,
    },
    /// Read what a scanner typed, a document or a plate, for the draft, as if the camera had seen it.
    #[n(210)]
    ScanKeyed {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        text: Sensitive<String>,
    },
    /// Keep a photograph with the draft, as the camera or the file gave it.
    #[n(22)]
    AttachPhoto {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        name: String,
        #[n(2)]
        picture: Picture,
    },
    #[n(23)]
    RemovePhoto {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
    },
    /// Draw the act as it stands, for its author's eyes; nothing is locked.
    #[n(18)]
    Preview {
        #[n(0)]
        draft: ActId,
    },
    /// Open the reading: what is shown is locked for those who sign it by hand.
    #[n(19)]
    ReadBack {
        #[n(0)]
        draft: ActId,
    },
    /// A signature by hand under what is shown; `signer` is a place in the list of signers, from 0.
    #[n(20)]
    SignByHand {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        signer: u8,
        #[n(2)]
        strokes: Strokes,
    },
    /// Somebody refuses to sign, or cannot; the reason in the officer's words.
    #[n(21)]
    LeaveUnsigned {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        signer: u8,
        #[n(2)]
        why: Unsigned,
        #[n(3)]
        reason: String,
    },
    /// A numbered correction of what was read.
    #[n(24)]
    AddRenvoi {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        place: String,
        #[n(2)]
        text: String,
    },
    /// Open the PV that rectifies a signed act, or withdraws it with its reasons.
    #[n(25)]
    Amend {
        #[n(0)]
        act: ActId,
        #[n(1)]
        id: Option<ActId>,
        #[n(2)]
        how: Amendment,
    },
    /// Turn what has no forfait into a general PV; the draft it comes from stays.
    #[n(26)]
    TurnIntoPv {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        id: Option<ActId>,
    },
    /// Formulas for the open PV that answer `text`.
    #[n(27)]
    SearchFormulas {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        text: String,
    },
    /// Begin a draft from the template at this place of the list on home.
    #[n(28)]
    StartFromTemplate {
        #[n(0)]
        id: Option<ActId>,
        #[n(1)]
        template: u16,
    },
    /// Read the code at the foot of an act on paper, whoever drew it up.
    #[n(29)]
    CheckFooter {
        #[n(0)]
        code: String,
    },
    /// Give a draft up; it leaves with a line in the journal.
    #[n(30)]
    DiscardDraft {
        #[n(0)]
        draft: ActId,
    },
    /// Ask an OPJ, by service number as typed, for a visa on a signed act.
    #[n(60)]
    AskVisa {
        #[n(0)]
        act: ActId,
        #[n(1)]
        opj: String,
    },
    /// The pages of the act that a request is about.
    #[n(61)]
    ShowForVisa {
        #[n(0)]
        request: ActId,
    },
    /// Sign the visa, or send the act back to its author.
    #[n(62)]
    GiveVisa {
        #[n(0)]
        request: ActId,
        #[n(1)]
        choice: Choice,
        /// Observations, or the reason of a return.
        #[n(2)]
        words: String,
    },
    /// A hand is on the terminal and asks for nothing: the officer reads, or looks for something.
    #[n(70)]
    Alive,
    /// Choose another code; the present one is asked for again.
    #[n(71)]
    ChangeCode {
        #[n(0)]
        current: Secret,
        #[n(1)]
        new: Secret,
    },
    /// The code again, for the signature that asked for it.
    #[n(77)]
    GiveCode {
        #[n(0)]
        code: Secret,
    },
    /// Make this phone a terminal by its enrolment code, as scanned or pasted.
    #[n(72)]
    Enrol {
        #[n(0)]
        code: String,
    },
    /// The officer has read that HQ located the terminal.
    #[n(76)]
    LocatedSeen,
    /// Choose the officer's code on this terminal, where they have none.
    #[n(73)]
    ChooseCode {
        #[n(0)]
        code: Secret,
    },
    /// Begin the vérification d'identité (78-3 CPP) of whoever this check is about.
    #[n(85)]
    Verify {
        #[n(0)]
        check: ActId,
        #[n(1)]
        id: Option<ActId>,
    },
    /// Ask every file that this check calls for and the officer is habilitated to consult, for one motive.
    #[n(80)]
    ConsultAll {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        motive: String,
    },
    /// A réquisition stands for the shift from now on; one of the same reference and text takes the place of the other.
    #[n(86)]
    HoldRequisition {
        #[n(0)]
        typed: TypedRequisition,
    },
    #[n(87)]
    DropRequisition {
        #[n(0)]
        reference: String,
    },
    /// "Urgence, à compléter": ask at once, and name the text of the check before the act is signed.
    #[n(88)]
    Urgent {
        #[n(0)]
        draft: ActId,
    },
    /// Tell the operations centre now that somebody of this draft is in danger: for these reasons, and for those that its
    /// danger grid gives.
    #[n(106)]
    RaiseAlert {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        id: Option<ActId>,
        #[n(2)]
        grounds: Vec<Ground>,
        #[n(3)]
        words: String,
    },
    /// The officer told the operations centre by radio or telephone.
    #[n(107)]
    AlertTold {
        #[n(0)]
        alert: ActId,
    },
    /// The officer read who has it.
    #[n(108)]
    AlertSeen {
        #[n(0)]
        alert: ActId,
    },
    /// The text of this check is that of the shift: the checks that follow begin with it.
    #[n(89)]
    KeepBasis {
        #[n(0)]
        draft: ActId,
    },
    /// The crew is in another place: the time of operations counts anew.
    #[n(90)]
    LeavePlace,
    /// The officer has read the answer that an alert was about.
    #[n(81)]
    AnswerSeen {
        #[n(0)]
        query: QueryId,
    },
    /// Show this answer to the rest of the crew for a while.
    #[n(100)]
    ShareAnswer {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        query: QueryId,
    },
    /// Put away what somebody of the crew showed.
    #[n(101)]
    SharedSeen {
        #[n(0)]
        share: QueryId,
    },
    /// Draw up a PV, a PVe, an AFD or a complaint about whoever and whatever another draft or act is about.
    #[n(102)]
    FollowUp {
        #[n(0)]
        from: ActId,
        #[n(1)]
        kind: ActKind,
        #[n(2)]
        id: Option<ActId>,
    },
    /// Put the sheet of rights in this language before the victim of this complaint.
    #[n(103)]
    ShowRights {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        language: Language,
    },
    /// The victim's one signature under the sheet that is shown.
    #[n(104)]
    SignRights {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        strokes: Strokes,
    },
    /// The victim does not sign the sheet; the reason in the officer's words.
    #[n(105)]
    LeaveRightsUnsigned {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        why: Unsigned,
        #[n(2)]
        reason: String,
    },
    /// Look which files the victim brought.
    #[n(115)]
    LookAtBrought {
        #[n(0)]
        draft: ActId,
    },
    /// Take one of them in for this complaint, by its name: an image becomes a photograph, anything else a piece.
    #[n(116)]
    TakeIn {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        name: String,
    },
    /// Say what a piece is.
    #[n(117)]
    LabelPiece {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
        #[n(2)]
        label: String,
    },
    /// The form of this draft is open at the step of `field`, or as a whole: there the officer comes back to after a lock.
    #[n(119)]
    LookAt {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        field: Option<Field>,
    },
    /// The officer went home: no draft is to come back after a lock.
    #[n(120)]
    PutAway,
    /// Give the victim of a signed complaint its papers as a message that the phone's own mail program opens.
    #[n(121)]
    GiveByMail {
        #[n(0)]
        act: ActId,
    },
    /// Show the récépissé of a signed complaint as a code for the victim's own phone.
    #[n(122)]
    ShowRecepisseCode {
        #[n(0)]
        act: ActId,
    },
    /// Begin the PV of a measure, of whoever `from` is about; else with what the intervention knows.
    #[n(123)]
    BeginMeasure {
        #[n(0)]
        from: Option<ActId>,
        #[n(1)]
        id: Option<ActId>,
        #[n(2)]
        kind: PvKind,
    },
    /// Write the terminal's day and hour into a field that asks for one.
    #[n(124)]
    Stamp {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        field: Field,
    },
    /// Say which object of the inventory a photograph shows, by its place in the list from 1; none for no object.
    #[n(153)]
    ShowObject {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
        #[n(2)]
        object: Option<u16>,
    },
    /// Say something of a recording that was taken in.
    #[n(160)]
    SayOfRecording {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        said: Wish,
    },
    /// No recording belongs to the act that was just signed.
    #[n(161)]
    LeaveUnlinked,
    /// Assign the camera that is met: to the officer of this number, to whoever is at work here without one.
    #[n(175)]
    AssignCamera {
        #[n(0)]
        to: Option<String>,
    },
    /// The camera that is met is nobody's any more.
    #[n(176)]
    ReturnCamera,
    /// Ask the camera that is met to record; it decides.
    #[n(177)]
    TriggerCamera,
    /// For half a minute the card of whoever wears the camera that is met may be held to the terminal.
    #[n(178)]
    AwaitCameraCard,
    /// Give a piece back: nothing of it stays.
    #[n(118)]
    GiveBack {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
    },
    /// Put a leaflet before whoever the draft is about, to be read and handed over.
    #[n(170)]
    ShowLeaflet {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        leaflet: ShownLeaflet,
    },
    /// Look at an own recording; the procedure's number, as typed, may be empty.
    #[n(180)]
    ViewRecording {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        purpose: Purpose,
        #[n(2)]
        procedure: String,
    },
    /// Show the recording that is looked at from this millisecond on.
    #[n(181)]
    SeekFilm {
        #[n(0)]
        at_ms: u64,
    },
    #[n(182)]
    PlayFilm {
        #[n(0)]
        playing: bool,
    },
    #[n(183)]
    CloseFilm,
    /// Open to whoever holds the terminal, locked or not.
    #[n(190)]
    SetAppearance {
        #[n(0)]
        appearance: Appearance,
    },
    /// What the terminal lives on and uses up is looked at, and shown as it changes.
    #[n(191)]
    ShowBudget,
    /// Show a photograph of the draft, upright, to draw over it.
    #[n(192)]
    OpenPhoto {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
    },
    /// Draw these over a photograph, in the place of those that were there; none takes all away.
    #[n(193)]
    MarkPhoto {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
        #[n(2)]
        marks: Marks,
    },
    /// The number that the supervisor read out, as typed.
    #[n(74)]
    Readmit {
        #[n(0)]
        response: Secret,
    },
}

/// How somebody comes not to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Unsigned {
    #[n(0)]
    Refuses,
    #[n(1)]
    Unable,
}

/// What a new act does to a signed one, which stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Amendment {
    #[n(0)]
    Rectify,
    #[n(1)]
    Withdraw,
}
