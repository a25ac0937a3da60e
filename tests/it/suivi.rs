//! What HQ says became of a complaint: told once, in order, to the officer who took it, and nothing of the facts with it.

use domain::dialogue::{Intent, Notice, SuiviLine};
use domain::plainte::{ClosedFor, Office, Stage, Suivi, SuiviNote};
use domain::record::ActKind;
use domain::{ActId, Digest, UnixMs, canonical};
use simulator::enrol;
use simulator::world::{Action, Said, Weather};
use sync::wire::v1::{REPLY, Reply, SuiviMessage};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose::Namespace;
use trust::seal;

/// An officer on duty whose complaint HQ has.
fn taken(seed: u64, weather: Weather) -> (Watched, ActId) {
    let mut watched = Watched::new(seed, weather);
    watched.play(acts::on_duty());
    let act = act_id(1);
    watched.play(acts::drawn_up(act, ActKind::Plainte));
    watched.settle();
    assert!(watched.is_received(act));
    (watched, act)
}

fn tell(watched: &mut Watched, act: ActId, stage: Stage) {
    watched.world.tell_complaint(act, stage).unwrap();
    watched.act(Action::Advance(3_000));
}

fn court() -> Office {
    Office::parse("Tribunal judiciaire de Bobigny").unwrap()
}

/// The complaints that the home screen calls for.
fn news(watched: &Watched) -> Vec<SuiviLine> {
    let home = watched.world.board.home.as_ref();
    home.map(|home| home.suivi.clone()).unwrap_or_default()
}

/// What the page of the complaint shows, opened by the officer.
fn page(watched: &mut Watched, act: ActId) -> Vec<Stage> {
    watched.intent(Intent::OpenDraft { draft: act });
    let draft = watched.world.board.draft.as_ref().unwrap();
    assert_eq!(draft.draft, act);
    draft.suivi.iter().map(|step| step.stage.clone()).collect()
}

fn times_told(watched: &Watched) -> usize {
    let notices = &watched.world.board.notices;
    notices
        .iter()
        .filter(|notice| **notice == Notice::SuiviCame)
        .count()
}

#[test]
fn cpp_40_2_what_becomes_of_a_complaint_is_on_its_page_with_the_remedies_once_it_is_closed() {
    let (mut watched, act) = taken(800, Weather::CLEAR);
    assert_eq!(page(&mut watched, act), []);
    let closed = Stage::Closed(ClosedFor::AuthorUnknown);
    let said = [Stage::Received, Stage::SentToProsecutor(court()), closed.clone()];
    for stage in &said {
        tell(&mut watched, act, stage.clone());
    }
    let line = news(&watched);
    let [SuiviLine { act: named, number }] = line.as_slice() else {
        panic!("{line:?}")
    };
    assert_eq!(*named, act);
    assert!(number.is_some());
    assert_eq!(times_told(&watched), 3);
    assert_eq!(page(&mut watched, act), said);
    let articles: Vec<&str> = closed.remedies().iter().map(|remedy| remedy.article()).collect();
    assert_eq!(articles, ["40-3", "85"]);
    assert_eq!(news(&watched), [], "what was opened no longer calls");
    watched.finish();
}

#[test]
fn nothing_is_felt_or_heard_and_the_notice_names_no_act() {
    let (mut watched, act) = taken(801, Weather::CLEAR);
    let felt = watched.world.board.haptics.len();
    tell(&mut watched, act, Stage::Received);
    assert_eq!(times_told(&watched), 1);
    assert_eq!(watched.world.board.haptics.len(), felt);
}

#[test]
fn to_a_locked_terminal_it_waits_sealed_and_is_told_once_when_the_officer_is_back() {
    let (mut watched, act) = taken(802, Weather::CLEAR);
    watched.act(Said::Lock.into());
    tell(&mut watched, act, Stage::Received);
    tell(&mut watched, act, Stage::UnderInvestigation);
    let device = watched.world.engine().unwrap().device();
    assert_eq!(device.last_suivi_note().unwrap(), 2);
    assert_eq!(times_told(&watched), 0);
    watched.act(Action::Unlock);
    assert_eq!(times_told(&watched), 1);
    assert_eq!(news(&watched).len(), 1);
    assert_eq!(
        page(&mut watched, act),
        [Stage::Received, Stage::UnderInvestigation]
    );
}

#[test]
fn a_terminal_without_network_hears_of_it_in_order_when_it_returns() {
    let (mut watched, act) = taken(803, Weather::CLEAR);
    watched.act(Action::Cut);
    watched.act(Action::Advance(2_000));
    let said = [
        Stage::Received,
        Stage::SentToProsecutor(court()),
        Stage::Closed(ClosedFor::NotEstablished),
        Stage::Prosecuted,
    ];
    for stage in &said {
        watched.world.tell_complaint(act, stage.clone()).unwrap();
    }
    assert_eq!(page(&mut watched, act), []);
    watched.act(Action::Restore);
    watched.act(Action::Advance(60_000));
    assert_eq!(page(&mut watched, act), said);
    // Killed and started again, it is there still and nobody is told twice.
    watched.act(Action::Kill);
    watched.act(Action::Start);
    watched.act(Action::Unlock);
    watched.act(Action::Advance(60_000));
    assert_eq!(news(&watched), []);
    assert_eq!(page(&mut watched, act), said);
}

#[test]
fn through_a_storm_every_step_comes_once_and_in_order() {
    let (mut watched, act) = taken(804, Weather::STORM);
    let said = [
        Stage::Received,
        Stage::UnderInvestigation,
        Stage::SentToProsecutor(court()),
        Stage::JudicialInvestigation,
    ];
    for stage in &said {
        tell(&mut watched, act, stage.clone());
    }
    for _ in 0..30 {
        if page(&mut watched, act).len() < said.len() {
            watched.act(Action::Cut);
            watched.act(Action::Advance(1_000));
            watched.act(Action::Restore);
            watched.act(Action::Advance(60_000));
        }
    }
    assert_eq!(page(&mut watched, act), said);
}

#[test]
fn what_hq_did_not_sign_said_before_or_said_of_another_act_changes_nothing() {
    let (mut watched, act) = taken(805, Weather::CLEAR);
    tell(&mut watched, act, Stage::Received);
    tell(&mut watched, act, Stage::UnderInvestigation);
    let engine = watched.world.engine().unwrap();
    let device = engine.enrolment().terminal.device.clone();
    let officer = engine.enrolment().officers[0].officer.id;
    let record = engine.device().row_of(act).unwrap().unwrap().record;
    let pki = enrol::pki(&watched.world.layout().pki(), UnixMs(0)).unwrap();
    let site = agent::site::Site::new(watched.world.layout().terminal());
    let vault = agent::enrol::vault(&site).unwrap();
    let recipient = agent::keys::Keys::identity(vault.as_ref()).recipient();
    let step = |sequence, record| {
        canonical::encode(&Suivi {
            version: 1,
            act,
            record,
            sequence,
            at: UnixMs(1),
            stage: Stage::Withdrawn,
        })
    };
    let command = pki.command();
    let by_command = |payload: &[u8]| command.sign(Namespace::Suivi, Suivi::CONTENT_TYPE, payload);
    let other = Digest::of(b"another record");
    let mut note = 2;
    for suivi in [
        // By a key that says nothing of complaints; for another purpose; said before; of another act.
        pki.receipt()
            .sign(Namespace::Suivi, Suivi::CONTENT_TYPE, &step(3, record)),
        command.sign(Namespace::Order, Suivi::CONTENT_TYPE, &step(3, record)),
        by_command(&step(2, record)),
        by_command(&step(3, other)),
        b"no signature".to_vec(),
    ] {
        let message = SuiviMessage {
            device: device.clone(),
            after: note,
            sequence: note + 1,
            sealed: seal::seal(&[recipient], &canonical::encode(&SuiviNote { officer, suivi })).unwrap(),
        };
        note += 1;
        let reply = canonical::encode(&Reply::Suivi(message));
        let signed = pki.receipt().sign(Namespace::Answer, REPLY, &reply);
        let topic = Topic::Down(device.clone(), DownLane::A);
        watched.world.forge(&topic, signed).unwrap();
        assert_eq!(
            page(&mut watched, act),
            [Stage::Received, Stage::UnderInvestigation]
        );
    }
    assert_eq!(times_told(&watched), 2);
    // Behind a note that never came, nothing is taken.
    let ahead = SuiviMessage {
        device: device.clone(),
        after: 90,
        sequence: 91,
        sealed: b"age".to_vec(),
    };
    let signed = pki
        .receipt()
        .sign(Namespace::Answer, REPLY, &canonical::encode(&Reply::Suivi(ahead)));
    watched
        .world
        .forge(&Topic::Down(device, DownLane::A), signed)
        .unwrap();
    let taken = watched
        .world
        .engine()
        .unwrap()
        .device()
        .last_suivi_note()
        .unwrap();
    assert_eq!(taken, note);
}
