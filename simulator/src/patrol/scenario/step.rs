//! What happens in a scenario, step by step: `docs/scenarios.md` says each to whoever writes one.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::words::{
    AlarmName, AmendmentName, BearerName, DecisionName, Doing, FileName, GroundName, Hand, HolderName, Kind,
    ListName, MarkName, OrderName, OutcomeName, PowerName, RenvoiText, Where,
};
use super::{BroughtFile, Proposal, Reply, Said};

/// One thing that happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    StartService,
    OpenIntervention {
        #[serde(default)]
        number: String,
        place: String,
    },
    ArriveOnScene,
    /// The operations centre proposes something, and the officer answers it on the home screen.
    Propose {
        what: Proposal,
        reply: Reply,
    },
    /// HQ was told how the intervention stands that a proposal, by its number or plate, became.
    HqHears {
        of: String,
        standing: String,
    },
    /// The colleague takes service with the first officer, or ends it.
    ColleagueServes {
        #[serde(default)]
        ends: bool,
    },
    /// On the screens of the colleague's phone.
    ColleagueTouches {
        touches: Vec<Doing>,
    },
    /// HQ was told by both terminals that they have the same of the intervention that the crew shares, with nothing left to
    /// choose, and that it is at this place.
    CrewAgrees {
        place: String,
    },
    CutRadio,
    RestoreRadio,
    /// Ask a file about the act named `act` before it is signed.
    Consult {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// HQ sends what terminals look for without network, until this one shows it.
    PublishLists,
    /// Ask about the act named `act` without network: the list of what `file` holds says this of its vehicle, or of its
    /// person.
    AskLists {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        motive: String,
        /// FOVeS when absent.
        #[serde(default)]
        file: Option<FileName>,
        says: ListName,
    },
    /// Ask the FPR about the act named `act` without network and without a policy: no list answers, nothing waits, and no
    /// screen says anything of a list of persons.
    AskWithoutList {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        motive: String,
    },
    /// No screen speaks of a list of persons any more.
    PersonsForgotten,
    /// Wait until the file itself has answered what a list stood in for, and read it on home; HQ has it once.
    AwaitConfirmation {
        act: String,
        file: FileName,
    },
    /// Hold a document of the simulator's before the camera, until its zone stands in the act named `act`.
    Scan {
        act: String,
        kind: Kind,
    },
    /// Type beside the zone of the act named `act` what is printed, until the screen says what each fact comes to.
    Compare {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        says: BTreeMap<String, String>,
    },
    /// Ask every file that the check calls for about the act named `act`, until each has answered.
    ConsultAll {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        motive: String,
    },
    /// Ask a file over an air so slow that its answer comes after the wait is over, and read it on home.
    LateAnswer {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// Ask a file and lock before it answers: the lock says that something waits, and the officer reads it afterwards.
    AnswerWhileLocked {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// Show the answer of this file about the act named `act` to the crew, until the colleague has read it and put it away.
    Share {
        act: String,
        file: FileName,
    },
    /// Draw up and sign an act of another kind about whoever and whatever the act named `from` is about; `stands` is what
    /// nobody types.
    DrawFrom {
        from: String,
        name: String,
        kind: Kind,
        stands: BTreeMap<String, String>,
        fields: BTreeMap<String, String>,
    },
    /// Type a réquisition for the shift, whose hours count from now, until the service has it.
    HoldRequisition {
        reference: String,
        basis: String,
        places: String,
        #[serde(default)]
        communes: String,
        #[serde(default)]
        circle: String,
        from_minutes: i32,
        until_minutes: i32,
    },
    /// Begin the check named `act`: the shift gives it this text, and exactly these warnings are told.
    Warned {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        basis: String,
        warnings: Vec<String>,
    },
    /// Ask a file before the text of the check is named: nothing leaves, until the officer says that it is urgent.
    Urgent {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// Tell the operations centre, in the draft named `act`, that somebody is in danger.
    RaiseAlert {
        alert: String,
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        #[serde(default)]
        grounds: Vec<GroundName>,
        #[serde(default)]
        words: String,
    },
    /// The whole screen says that nobody has the alert: at once without network, after a minute with it.
    NobodyHasAlert {
        alert: String,
    },
    /// A person of the operations centre takes the alert, and the screen names them.
    TakeAlert {
        alert: String,
        by: String,
    },
    /// The officer tells it by radio.
    TellAlert {
        alert: String,
    },
    /// Until HQ has an alarm of this kind about the terminal.
    AwaitAlarm {
        kind: AlarmName,
    },
    /// Draw up and sign; `die` ends the terminal's process at a commit point that the seed chooses.
    Act {
        name: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        /// What the terminal's camera takes pictures of before the act is signed.
        #[serde(default)]
        photos: Vec<String>,
        /// The object of the inventory, from 1, that each of the pictures shows, in their order; 0 for none.
        #[serde(default)]
        shows: Vec<u16>,
        /// What was drawn over pictures on the screens before: HQ finds it over each, in its order.
        #[serde(default)]
        marks: BTreeMap<String, Vec<MarkName>>,
        /// What each who is asked to sign by hand does, in their order; whoever is not listed signs.
        #[serde(default)]
        hands: Vec<Hand>,
        /// Corrections after the reading.
        #[serde(default)]
        renvois: Vec<RenvoiText>,
        /// What the victim of a complaint does with the sheet of rights; signs, where nothing is said.
        rights: Option<Hand>,
        #[serde(default)]
        die: bool,
    },
    /// The terminal's camera takes pictures for the act named `act`, which a later step draws up.
    Photograph {
        act: String,
        kind: Kind,
        photos: Vec<String>,
    },
    /// On the screens themselves: what a hand finds by its label, and does. `act` names what it begins, which is signed at
    /// its end unless it is left `unfinished`; `taps` is how often the hand touches the glass.
    Touch {
        #[serde(default)]
        act: Option<String>,
        #[serde(default)]
        unfinished: bool,
        #[serde(default)]
        taps: Option<usize>,
        touches: Vec<Doing>,
    },
    /// The victim of the complaint named `act`, which a later step draws up, brings these files; `die` kills the terminal's
    /// process while the first comes in.
    Attach {
        act: String,
        files: Vec<BroughtFile>,
        #[serde(default)]
        die: bool,
    },
    /// Fill a form that the law does not let become an act: exactly these problems are named, as `field: reason`.
    Barred {
        name: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        problems: Vec<String>,
    },
    /// Turn the form named `from` into a general PV, complete it and sign.
    TurnIntoPv {
        from: String,
        name: String,
        fields: BTreeMap<String, String>,
    },
    /// Rectify a signed act, or withdraw it.
    Amend {
        act: String,
        name: String,
        how: AmendmentName,
        fields: BTreeMap<String, String>,
    },
    /// Kill the terminal's process, wherever it is.
    Kill,
    Lock,
    PairCamera,
    TakeClip {
        #[serde(default)]
        die: bool,
    },
    /// Until HQ has answered for every act, and holds every byte of every clip taken.
    AwaitHq,
    /// Draw up the act that corrects a refused one.
    Correct {
        act: String,
        fields: BTreeMap<String, String>,
    },
    /// Print the signed act on the printer of the ground, until the printer says that it is done.
    Print {
        act: String,
    },
    /// Ask the OPJ on duty for a visa on the signed act.
    AskVisa {
        act: String,
    },
    /// The colleague, on the second terminal, reads the act and decides.
    GiveVisa {
        act: String,
        decision: DecisionName,
        #[serde(default)]
        words: String,
    },
    /// HQ gives the terminal a signed order, until the terminal's own word on it is at HQ.
    Order {
        order: OrderName,
    },
    /// The platform's source of positions says where the phone is: degrees, and metres of uncertainty.
    Position {
        at: Where,
    },
    /// The platform says what the phone lives on, from now on.
    Supply {
        power: PowerName,
        bearer: BearerName,
    },
    /// Read what the terminal uses up: the page tells no less of acts and footage than HQ has, and no more than the radio
    /// carried.
    ReadBudget,
    /// HQ signs a profile that differs from the terminal's own in these settings, and waits until the terminal follows it.
    Configure {
        #[serde(default)]
        idle_lock_seconds: Option<u16>,
        #[serde(default)]
        code_again_minutes: Option<u16>,
        /// The legal text that allows a list of persons, for a week.
        #[serde(default)]
        persons_text: Option<String>,
        /// Officers may look at their own recordings on the terminal.
        #[serde(default)]
        recordings_viewed: bool,
    },
    /// HQ revokes the camera beside and tells its terminals, until this one has heard of it and refuses the camera.
    RevokeCamera,
    /// The card of one of the two officers who share the terminal is put in.
    ChangeCard {
        to: HolderName,
    },
    /// Wrong codes until the slot of whoever is at the terminal is destroyed.
    ForgetCode,
    /// The officer at the terminal reads the number on the screen out, HQ answers it, and the officer chooses `code`.
    BeLetIn {
        reason: String,
        code: String,
    },
    /// Begin the vérification d'identité of whoever the check named `check` is about, complete it, and sign it.
    Verify {
        check: String,
        name: String,
        fields: BTreeMap<String, String>,
        #[serde(default)]
        hands: Vec<Hand>,
    },
    /// A procedure follows the act, as somebody at HQ records it.
    FollowUp {
        act: String,
        procedure: String,
    },
    /// Somebody at HQ says where a complaint stands.
    TellComplaint {
        act: String,
        stage: Said,
    },
    /// The page of the complaint shows all that HQ said.
    ReadComplaint {
        act: String,
    },
    /// So many days pass, for the terminal and for HQ: what is past its term is destroyed on both sides.
    PassTime {
        days: u16,
    },
    CloseIntervention {
        #[serde(default)]
        outcome: OutcomeName,
    },
    EndService,
}
