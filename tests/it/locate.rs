//! Orders that make a terminal tell something of itself: where it is, and what it logged.

use domain::dialogue::{Intent, LockState, Notice};
use domain::journal::Operation;
use domain::orders::{Command, Found, Located, OrderReport, Told};
use domain::place::Position;
use domain::record::ActKind;
use domain::{Digest, decode};
use simulator::enrol;
use simulator::world::{Action, Said};
use sync::{Topic, UpLane};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose::{self, Namespace};
use trust::seal;

const HERE: Action = Action::Position(Position {
    latitude_e6: 48_936_200,
    longitude_e6: 2_357_400,
    accuracy_m: 12,
});
const ELSEWHERE: Action = Action::Position(Position {
    latitude_e6: 48_800_000,
    longitude_e6: 2_200_000,
    accuracy_m: 30,
});

/// The statements on order `sequence` at HQ.
fn reports(watched: &mut Watched, sequence: u64) -> Vec<OrderReport> {
    let transaction = watched.world.gateway().store().begin().unwrap();
    let kept = transaction.reports(&enrol::device_id(), sequence).unwrap();
    let report = |bytes: &Vec<u8>| decode(&cose::parse(bytes).unwrap().payload).unwrap();
    kept.iter().map(report).collect()
}

/// Where the terminal was, by its answer to order `sequence`; HQ alone opens it.
fn located(watched: &mut Watched, sequence: u64) -> (Option<String>, i64) {
    let reports = reports(watched, sequence);
    let [report] = reports.as_slice() else {
        panic!("one statement, not {}", reports.len())
    };
    let Found::Located(sealed) = &report.found else {
        panic!("a position is stated")
    };
    let identity = watched.world.gateway().pki().identity().clone();
    let located: Located = decode(&seal::open(&identity, sealed, 4096).unwrap()).unwrap();
    let age = located.fix.map_or(0, |fix| report.at.utc.0 - fix.at.utc.0);
    (located.fix.map(|fix| fix.position.to_string()), age)
}

fn told(watched: &Watched) -> Vec<(u64, Told)> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let told = journal.into_iter().filter_map(|entry| {
        if let Operation::ToldByOrder { sequence, what } = entry.operation {
            Some((sequence, what))
        } else {
            None
        }
    });
    told.collect()
}

/// How often the officer was told, and of how many locations the last time.
fn notices(watched: &Watched) -> (usize, u32) {
    let told = watched.world.board.notices.iter().filter_map(|notice| {
        if let Notice::Located { times, .. } = notice {
            Some(*times)
        } else {
            None
        }
    });
    let told: Vec<u32> = told.collect();
    (told.len(), told.last().copied().unwrap_or(0))
}

#[test]
fn a_terminal_on_duty_tells_its_last_position_and_its_officer_until_they_have_read_it() {
    let mut watched = Watched::on_duty(990);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.play([ELSEWHERE, Action::Advance(5_000), HERE, Action::Advance(45_000)]);
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    let (position, age) = located(&mut watched, 1);
    assert_eq!(position.as_deref(), Some("48.936200, 2.357400"));
    assert!((45_000..60_000).contains(&age), "{age}");
    assert_eq!(told(&watched), [(1, Told::Position { known: true })]);
    assert_eq!(notices(&watched), (1, 1), "the officer at work is told at once");

    // A second time while the terminal is locked: the next to unlock hears of both.
    watched.act(Said::Lock.into());
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    assert_eq!(notices(&watched), (1, 1), "a thief at the lock is told nothing");
    watched.act(Action::Unlock);
    assert_eq!(notices(&watched), (2, 2));
    watched.play([Action::Kill, Action::Start]);
    assert_eq!(notices(&watched).0, 0, "a board of its own for each start");
    watched.act(Action::Unlock);
    assert_eq!(notices(&watched), (1, 2), "nobody has read it");
    watched.intent(Intent::LocatedSeen);
    watched.act(Said::Lock.into());
    watched.act(Action::Unlock);
    assert_eq!(notices(&watched), (1, 2), "it was read");
    watched.finish();
}

#[test]
fn led_art_4_no_position_is_kept_off_duty_and_a_terminal_locked_as_lost_tells_where_it_is() {
    let mut watched = Watched::new(991, simulator::world::Weather::CLEAR);
    // Nobody has begun a service.
    watched.play([Action::Unlock, HERE]);
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    assert_eq!(located(&mut watched, 1), (None, 0));
    assert_eq!(told(&watched), [(1, Told::Position { known: false })]);

    // On duty it is kept, across a restart; the end of the service forgets it.
    watched.play(acts::on_duty());
    watched.act(HERE);
    watched.play([Action::Kill, Action::Start]);
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    assert_eq!(located(&mut watched, 2).0.as_deref(), Some("48.936200, 2.357400"));
    watched.act(Action::Unlock);
    watched.intent(Intent::EndService);
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    assert_eq!(located(&mut watched, 3).0, None);

    // Lost: HQ locks it, and where it is from then on is told.
    watched.play([Action::Order(Command::Lock), Action::Advance(10_000), ELSEWHERE]);
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    assert_eq!(located(&mut watched, 5).0.as_deref(), Some("48.800000, 2.200000"));
    assert!(matches!(
        watched.world.board.lock.as_ref().unwrap().state,
        LockState::Banned(_)
    ));
}

#[test]
fn the_log_comes_to_hq_in_pieces_that_survive_the_air_and_the_journal_names_them() {
    let mut watched = Watched::on_duty(992);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(20_000));
    let logs = watched.world.layout().terminal().join("logs");
    std::fs::create_dir_all(&logs).unwrap();
    let line = format!("{{\"level\":\"INFO\",\"bytes\":\"{}\"}}\n", "7".repeat(900));
    let text = line.repeat(1_000);
    std::fs::write(logs.join("terminal.2026-11-21.jsonl"), &text).unwrap();
    watched.play([Action::Cut, Action::Order(Command::PullLogs), Action::Restore]);
    // The terminal dies once its pieces are signed, and again while they leave.
    watched.act(Action::CrashAt(agent::engine::CommitPoint::OrderFinished));
    watched.act(Action::Advance(700_000));
    assert!(!watched.world.is_running());
    watched.play([Action::Start, Action::KillAfter(6), Action::Advance(60_000)]);
    watched.play([Action::Start, Action::Advance(700_000)]);
    let reports = reports(&mut watched, 1);
    assert!(reports.len() > 3, "{}", reports.len());
    assert_eq!(reports.len(), usize::from(reports[0].parts));
    let mut sealed = Vec::new();
    for (part, report) in (0..).zip(reports) {
        assert_eq!(report.part, part);
        let Found::Logs(piece) = report.found else {
            panic!()
        };
        sealed.extend(piece);
    }
    let identity = watched.world.gateway().pki().identity().clone();
    let opened = seal::open(&identity, &sealed, 2 << 20).unwrap();
    assert!(opened == text.as_bytes(), "the text is what was logged");
    let sha256 = Digest::of(&opened);
    let bytes = opened.len() as u64;
    assert_eq!(told(&watched), [(1, Told::Logs { bytes, sha256 })]);
    let device = watched.world.engine().unwrap().device();
    assert!(device.reports_to_send(16).unwrap().is_empty(), "HQ has them");
    watched.play([Action::Order(Command::Locate), Action::Advance(10_000)]);
    assert_eq!(told(&watched).len(), 2, "the next order follows");
    watched.finish();
}

#[test]
fn statements_of_others_of_other_orders_and_changed_ones_are_not_kept() {
    let mut watched = Watched::on_duty(993);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.play([HERE, Action::Order(Command::Locate), Action::Advance(10_000)]);
    let kept = {
        let transaction = watched.world.gateway().store().begin().unwrap();
        transaction.reports(&enrol::device_id(), 1).unwrap()
    };
    let [true_one] = kept.as_slice() else { panic!() };
    watched.play([Action::Cut, Action::Order(Command::Locate)]);
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let report: OrderReport = decode(&cose::parse(true_one).unwrap().payload).unwrap();
    let of_the_second = OrderReport {
        sequence: 2,
        ..report
    };
    let forged = pki.receipt().sign(
        Namespace::OrderReport,
        domain::orders::ORDER_REPORT,
        &domain::encode(&of_the_second),
    );
    let mut damaged = true_one.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let other = domain::DeviceId::parse("neo-000008").unwrap();
    let gateway = watched.world.gateway();
    for (device, payload) in [
        (enrol::device_id(), &forged),
        (enrol::device_id(), &damaged),
        (other, true_one),
    ] {
        let answered = gateway
            .receive(&Topic::Up(device, UpLane::Tel), payload, now)
            .unwrap();
        let kept = answered
            .iter()
            .any(|out| matches!(out.topic, Topic::Down(_, sync::DownLane::A)));
        assert!(!kept, "what is not proven is not answered as kept");
    }
    // The same again is answered again, and kept once.
    let topic = Topic::Up(enrol::device_id(), UpLane::Tel);
    assert_eq!(gateway.receive(&topic, true_one, now).unwrap().len(), 1);
    assert_eq!(reports(&mut watched, 1).len(), 1);
    assert_eq!(reports(&mut watched, 2).len(), 0);
    watched.act(Action::Restore);
    watched.finish();
}
