//! From the tap on "sign" to the act that exists: a PV of two pages is drawn, signed, sealed and committed, held against
//! the sum of these parts, each alone.

use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use agent::clock::Clock;
use agent::engine::CardEvent;
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::{Context, bail};
use documents::{Enclosures, render};
use domain::dialogue::{Intent, LockState, View};
use domain::draft::Field;
use domain::record::ActKind;
use domain::{ActId, ActNumber};
use trust::seal::{Recipient, seal};

use super::acts::{PV, Writer};
use super::bare::{SQLCIPHER, commit_each};
use super::figures::{Measure, Samples, Target};
use super::rig::Rig;
use crate::card::SimCard;
use crate::enrol;
use crate::patrol::scenario::{self, Scenario};

const TARGET: Target = Target::AtMost(1.5);
/// Acts a repetition.
const ACTS: u8 = 5;
const PAGES: usize = 2;
const PATIENCE: Duration = Duration::from_secs(30);
/// As much as the code at the foot of an act holds.
const FOOTER: usize = 420;

/// Fills a page and a half.
const PARAGRAPH: &str = "\n\nConstatons que le véhicule, arrêté à notre hauteur, présente un feu arrière brisé. Le \
                         conducteur, que nous invitons à couper le contact, nous remet son permis de conduire et le \
                         certificat d'immatriculation ; il explique qu'un appel de son employeur l'a surpris et \
                         qu'il n'a pas pris le temps de s'arrêter. Prenons trois photographies, jointes au présent.";

pub(super) fn measure(rig: &Rig, repetitions: usize) -> anyhow::Result<Measure> {
    let account = account();
    let (mut samples, mut ratios) = (Samples::default(), Vec::new());
    for repetition in 0..repetitions {
        let signed = sign(rig, &account, repetition)?;
        let parts = Parts::measure(rig, &account)?;
        ratios.push(ratio(signed, parts.sum()));
        samples.add("tap to the act that exists", "ms", ms(signed));
        samples.add("the sum of the parts", "ms", ms(parts.sum()));
        samples.add("document drawn", "ms", ms(parts.drawn));
        samples.add("four signatures", "ms", ms(parts.signed));
        samples.add("sealed", "ms", ms(parts.sealed));
        samples.add("four commits", "ms", ms(parts.committed));
    }
    Ok(samples.measure(
        "a PV of two pages signed ÷ the sum of its parts".to_owned(),
        TARGET,
        ratios,
    ))
}

fn ratio(whole: Duration, parts: Duration) -> f64 {
    whole.as_secs_f64() / parts.as_secs_f64()
}

fn ms(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn account() -> String {
    let opening = PV.iter().find(|(field, _)| *field == Field::Account);
    let opening = opening.map_or("", |(_, text)| text);
    format!("{opening}{}", PARAGRAPH.repeat(7))
}

fn fields(account: &str) -> impl Iterator<Item = (Field, &str)> {
    PV.into_iter().map(move |(field, text)| {
        let text = if field == Field::Account { account } else { text };
        (field, text)
    })
}

/// How long an officer waits on the terminal itself, out of reach of any broker: the mean of the acts after the first,
/// which fills the typesetter's caches.
fn sign(rig: &Rig, account: &str, repetition: usize) -> anyhow::Result<Duration> {
    let (terminal, views) = unlocked(rig)?;
    terminal.intent(Intent::StartService {
        crew: String::new(),
        opj: "7654321".to_owned(),
        vehicle: None,
    });
    await_view(
        &views,
        |view| matches!(view, View::Home(home) if home.service.is_some()),
    )?;
    let mut took = Vec::new();
    for number in 0..=ACTS {
        let draft = act(repetition, number)?;
        terminal.intent(Intent::StartDraft {
            id: Some(draft),
            kind: ActKind::Pv,
        });
        for (field, text) in fields(account) {
            terminal.intent(Intent::Fill {
                draft,
                field,
                text: text.to_owned(),
            });
        }
        let filled = |view: &View| {
            matches!(view, View::Draft(shown) if shown.draft == draft
                && shown.problems.is_empty()
                && shown.texts.iter().any(|text| text.field == Field::Account))
        };
        await_view(&views, filled)?;
        let began = Instant::now();
        terminal.intent(Intent::Sign { draft });
        let signed = |view: &View| matches!(view, View::Deliveries(lines) if lines.iter().any(|line| line.act == draft));
        await_view(&views, signed)?;
        took.push(began.elapsed());
    }
    terminal.stop()?;
    Ok(took.iter().skip(1).sum::<Duration>() / u32::from(ACTS))
}

fn act(repetition: usize, number: u8) -> anyhow::Result<ActId> {
    let mut id = [0x77; 16];
    id[14] = u8::try_from(repetition).context("the bench repeats signing at most 256 times")?;
    id[15] = number;
    Ok(ActId::from_bytes(id))
}

fn unlocked(rig: &Rig) -> anyhow::Result<(Terminal, Receiver<View>)> {
    let site = Site::new(rig.layout.terminal());
    let (tell, views) = channel();
    let config = Config {
        keys: agent::enrol::vault(&site)?,
        site,
        clock: Clock::clone(&rig.clock),
        mint: Mint::System,
        seed: 0,
        brokers: Brokers {
            host: "127.0.0.1".to_owned(),
            // The discard port of loopback, where no broker is.
            port: 9,
            bulk_port: 9,
            bootstrap_port: 9,
        },
        camera: None,
        supply: None,
        tripwire: None,
        cost: Some(Cost::FLOOR),
    };
    let terminal = Terminal::start(config, move |view| {
        // Whoever measures is gone when this fails.
        let _ = tell.send(view);
    })?;
    terminal.card(CardEvent::Inserted {
        card: SimCard::open(&rig.layout.card())?.shared(),
        certificate: SimCard::certificate(&rig.layout.card())?,
    });
    for intent in enrol::by_code(&Scenario::parse(scenario::DEFAULT)?.officer.code) {
        terminal.intent(intent);
    }
    await_view(
        &views,
        |view| matches!(view, View::Lock(lock) if lock.state == LockState::Unlocked),
    )?;
    Ok((terminal, views))
}

fn await_view(views: &Receiver<View>, wanted: impl Fn(&View) -> bool) -> anyhow::Result<()> {
    loop {
        let view = views
            .recv_timeout(PATIENCE)
            .context("the terminal of the bench does not go on")?;
        if wanted(&view) {
            return Ok(());
        }
    }
}

/// What no signed act can do without.
struct Parts {
    drawn: Duration,
    /// Code at the foot, record, document, envelope.
    signed: Duration,
    sealed: Duration,
    /// Number, intent, act, promotion.
    committed: Duration,
}

impl Parts {
    fn measure(rig: &Rig, account: &str) -> anyhow::Result<Self> {
        let mut writer = Writer::open(&rig.layout, rig.clock.now())?;
        let fields: Vec<_> = fields(account).collect();
        let record = writer.finished(ActKind::Pv, &fields)?.record(Some(ActNumber {
            year: 2026,
            serial: 1,
        }));
        let footer = "0".repeat(FOOTER);
        let enclosures = Enclosures {
            footer: Some(&footer),
            ..Enclosures::default()
        };
        let draw = || {
            render(&record, &writer.reference, &enclosures)?.context("the PV of the bench has no document")
        };
        let pdf = draw()?;
        let pages = documents::pages(&pdf, 100)?.len();
        if pages != PAGES {
            bail!("the PV of the bench takes {pages} pages, not {PAGES}");
        }
        let recipient = Recipient::from_bytes(writer.enrolment.hq_recipient);
        let keys = &writer.keys;
        let drawn = timed(|| draw().map(drop))?;
        let signed = timed(|| {
            for message in [&pdf[..200], &pdf[..2_000], pdf.as_slice(), pdf.as_slice()] {
                std::hint::black_box(keys.sign(message)?);
            }
            Ok(())
        })?;
        let sealed = timed(|| {
            std::hint::black_box(seal(&[recipient], &pdf)?);
            Ok(())
        })?;
        let folder = rig.layout.root().join("signing");
        std::fs::create_dir_all(&folder).context("could not make the folder of the bare commits")?;
        let all = [pdf.as_slice(), &pdf].concat();
        let bodies: Vec<&[u8]> = (0..ACTS).flat_map(|_| [&pdf[..100], &all, &pdf, &pdf]).collect();
        Ok(Self {
            drawn,
            signed,
            sealed,
            committed: commit_each(&folder.join("bare.db"), SQLCIPHER, &bodies)? / u32::from(ACTS),
        })
    }

    fn sum(&self) -> Duration {
        self.drawn + self.signed + self.sealed + self.committed
    }
}

/// The mean of several times.
fn timed(mut run: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Duration> {
    let began = Instant::now();
    for _ in 0..ACTS {
        run()?;
    }
    Ok(began.elapsed() / u32::from(ACTS))
}
