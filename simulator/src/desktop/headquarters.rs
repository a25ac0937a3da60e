//! Headquarters as a trainer sees it: what came, what it is worth, what was ordered; and what a trainer orders.
//!
//! Orders go the way of `neoctl`: by another program on HQ's store, whose gateway then sends them.

use std::collections::BTreeMap;

use anyhow::Context;
use domain::envelope::ReceiptStatus;
use domain::intervention::{About, Account, Matter};
use domain::orders::Command;
use domain::profile::{CodeMinutes, IdleSeconds, Settings};
use domain::record::ActKind;
use domain::{EnvelopeId, Timestamp, UnixMs};
use evidence::report::Outcome;
use hq::dispatch::{self, Whom};
use hq::orders::issue;
use hq::store::Transaction;
use hq::{Pki, Store};

use super::eavesdropper::Captured;
use super::whereabouts::{Chart, Whereabouts};
use super::words;
use crate::patrol::{Backstage, Outcome as Played, revoke_camera};
use crate::{enrol, judged};

/// How many lines of each list are shown.
const LINES: u32 = 40;
/// So many records are judged at a look, so that none waits long for the screen.
const AT_ONCE: usize = 2;
/// For how long a message is shown to a crew.
const MINUTES: i64 = 60;

/// What a trainer has headquarters do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    Order(Command),
    /// An item of the briefing, on the home screen.
    Message {
        title: String,
        text: String,
    },
    /// Another profile: how soon the phone locks, and whether each signature asks for the code.
    Configure {
        strict: bool,
    },
    RevokeCamera,
    /// One bit of a copy of the newest record's evidence is changed, and the copy is judged.
    JudgeTampered,
    /// The oldest message that HQ has is sent to it again, by somebody on the network.
    SendAgain,
    /// From now on what HQ has is held against what came of this patrol.
    Compare(Played),
}

/// One line of a list: when, what, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    pub at: String,
    pub what: String,
    pub detail: String,
    pub state: String,
    /// How the state is to be taken.
    pub tone: Tone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Waiting,
    Bad,
}

/// Everything that the console shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    pub now: String,
    pub records: u64,
    pub refused: u64,
    pub clips: u64,
    pub consultations: u64,
    pub purged: u64,
    pub online: u64,
    pub arrivals: Vec<Line>,
    pub refusals: Vec<Line>,
    pub questions: Vec<Line>,
    pub orders: Vec<Line>,
    pub terminals: Vec<Line>,
    pub journals: Vec<Line>,
    pub chart: Chart,
    /// Of a patrol that is played again: whether it comes out as it did.
    pub again: Option<Line>,
}

/// The console's own connection to HQ's store.
pub struct Headquarters {
    backstage: Backstage,
    store: Store,
    pki: Pki,
    /// What was found of each record, once.
    verdicts: BTreeMap<EnvelopeId, Option<Outcome>>,
    whereabouts: Whereabouts,
    /// What came of the patrol that is played again.
    before: Option<Played>,
}

impl Headquarters {
    pub fn open(backstage: Backstage) -> anyhow::Result<Self> {
        let pki = enrol::pki(&backstage.pki, backstage.clock.now().utc)?;
        let store = Store::open(&backstage.layout.hq()).context("could not open HQ's store")?;
        Ok(Self {
            store: store.with_key(pki.identity().clone()),
            pki,
            backstage,
            verdicts: BTreeMap::new(),
            whereabouts: Whereabouts::default(),
            before: None,
        })
    }

    /// What there is to see at this moment.
    pub fn look(&mut self) -> anyhow::Result<Seen> {
        let now = self.backstage.clock.now();
        let store = self.store.begin()?;
        let arrivals = store.arrivals(LINES)?;
        let unjudged = arrivals
            .iter()
            .filter(|arrival| !arrival.purged && !self.verdicts.contains_key(&arrival.envelope));
        let unjudged: Vec<EnvelopeId> = unjudged.take(AT_ONCE).map(|arrival| arrival.envelope).collect();
        for envelope in unjudged {
            let files = judged::folder(&store, &self.pki, envelope)?;
            let outcome = files.map(|files| judged::outcome(&files, &self.pki));
            self.verdicts.insert(envelope, outcome);
        }
        let counts = store.counts()?;
        let mut seen = Seen {
            now: day_and_hour(now),
            records: counts.records,
            refused: counts.refused,
            clips: counts.clips,
            consultations: counts.consultations,
            purged: counts.purged,
            online: counts.online,
            chart: self.whereabouts.chart(&store, &self.pki, &arrivals, now)?,
            again: match &self.before {
                Some(before) => Some(words::again(before, &Played::of(&store)?)),
                None => None,
            },
            ..Seen::default()
        };
        for arrival in arrivals {
            let kind = ActKind::from_code(&arrival.kind);
            let number = number(&store, arrival.envelope)?;
            let (state, tone) = if arrival.purged {
                ("détruit à son terme", Tone::Plain)
            } else {
                match self.verdicts.get(&arrival.envelope) {
                    None => ("vérification…", Tone::Waiting),
                    Some(None) => ("stocké", Tone::Plain),
                    Some(Some(Outcome::Ok)) => (words::outcome(Outcome::Ok), Tone::Good),
                    Some(Some(other)) => (words::outcome(*other), Tone::Bad),
                }
            };
            seen.arrivals.push(Line {
                at: moment(now, arrival.at),
                what: kind.map(words::kind).map_or(arrival.kind, str::to_owned),
                detail: format!(
                    "{} · {}",
                    number.unwrap_or_else(|| "sans numéro".to_owned()),
                    words::lane(arrival.lane)
                ),
                state: state.to_owned(),
                tone,
            });
        }
        for refused in store.refusals_of_records(LINES)? {
            seen.refusals.push(Line {
                at: moment(now, refused.at),
                what: words::refusal(refused.code).to_owned(),
                detail: refused.device.to_string(),
                tone: Tone::Bad,
                ..Line::default()
            });
        }
        for asked in store.questions(LINES)? {
            seen.questions.push(Line {
                at: moment(now, asked.at),
                what: words::file(asked.file).to_owned(),
                detail: asked.device.to_string(),
                state: words::answer(asked.outcome).to_owned(),
                ..Line::default()
            });
        }
        for terminal in store.devices()? {
            let device = &terminal.device;
            for order in store.orders(device)? {
                let (state, tone) = match &order.outcome {
                    Some((outcome, _)) if outcome == "done" => ("exécuté".to_owned(), Tone::Good),
                    Some((outcome, _)) => (outcome.clone(), Tone::Bad),
                    None => ("en attente du terminal".to_owned(), Tone::Waiting),
                };
                seen.orders.push(Line {
                    at: moment(now, order.issued_at),
                    what: format!("{}. {}", order.sequence, words::command(order.command)),
                    detail: device.to_string(),
                    state,
                    tone,
                });
            }
            let (online, last) = (store.is_online(device)?, store.last_seen(device)?);
            seen.terminals.push(Line {
                at: last.map_or_else(|| "jamais".to_owned(), |at| moment(now, at)),
                what: device.to_string(),
                detail: terminal.model.clone(),
                state: if online { "en ligne" } else { "hors ligne" }.to_owned(),
                tone: if online { Tone::Good } else { Tone::Waiting },
            });
            seen.journals.extend(journal(&store, device, now)?);
        }
        seen.orders.reverse();
        Ok(seen)
    }

    /// Does it, and says in French what was done.
    pub fn grant(&mut self, wish: &Wish) -> anyhow::Result<String> {
        let now = self.backstage.clock.now().utc;
        let device = enrol::device_id();
        match wish {
            Wish::Order(command) => {
                issue(
                    &mut self.store,
                    &self.pki,
                    &device,
                    *command,
                    now.plus(UnixMs::DAY),
                    now,
                )
                .context("the order was not given")?;
                Ok(format!("Ordre donné : {}", words::command(*command)))
            }
            Wish::Message { title, text } if title.trim().is_empty() || text.trim().is_empty() => {
                Ok("Écrivez l’objet et le texte de la consigne".to_owned())
            }
            Wish::Message { title, text } => {
                let about = About::Briefing {
                    title: Matter::parse(title)?,
                    text: Account::parse(text)?,
                };
                let whom = Whom::Terminal(device);
                dispatch::propose(&mut self.store, &self.pki, &whom, about, MINUTES, now)?;
                Ok("Consigne envoyée".to_owned())
            }
            Wish::Configure { strict } => {
                let open = Settings {
                    recordings_viewed: true,
                    ..Settings::EMBEDDED
                };
                let settings = if *strict {
                    Settings {
                        idle: IdleSeconds::new(60)?,
                        code_again: CodeMinutes::new(0)?,
                        ..open
                    }
                } else {
                    open
                };
                let serial = enrol::configure(&mut self.store, &self.pki, settings, now)?;
                Ok(format!("Configuration {serial} publiée"))
            }
            Wish::RevokeCamera => {
                revoke_camera(&mut self.store, &self.pki, now)?;
                Ok("Caméra révoquée ; les terminaux l’apprennent".to_owned())
            }
            Wish::JudgeTampered => {
                let store = self.store.begin()?;
                for arrival in store.arrivals(LINES)? {
                    let Some(files) = judged::folder(&store, &self.pki, arrival.envelope)? else {
                        continue;
                    };
                    let kept = judged::outcome(&files, &self.pki);
                    let changed = judged::outcome(&judged::tampered(files)?, &self.pki);
                    return Ok(format!(
                        "Copie avec un bit changé : {} ; original : {}",
                        words::outcome(changed),
                        words::outcome(kept)
                    ));
                }
                Ok("Aucun acte à vérifier".to_owned())
            }
            Wish::SendAgain => self.send_again(),
            Wish::Compare(before) => {
                self.before = Some(before.clone());
                Ok("Patrouille rejouée depuis son journal".to_owned())
            }
        }
    }
}

impl Headquarters {
    fn send_again(&mut self) -> anyhow::Result<String> {
        let now = self.backstage.clock.now();
        let store = self.store.begin()?;
        let oldest = store.arrivals(u32::MAX)?;
        let oldest = oldest.into_iter().rfind(|arrival| !arrival.purged);
        let Some(oldest) = oldest else {
            return Ok("Aucun message à rejouer".to_owned());
        };
        let stored = store
            .record(oldest.envelope)?
            .context("HQ lists a record that it does not hold")?;
        let (before, kind) = (store.counts()?.records, ActKind::from_code(&oldest.kind));
        drop(store);
        let captured = Captured {
            device: oldest.device,
            lane: oldest.lane.into(),
            envelope: oldest.envelope,
            bytes: stored.envelope_cose,
        };
        let answer = captured.send_again(&self.backstage.broker, &self.pki)?;
        let after = self.store.begin()?.counts()?.records;
        Ok(format!(
            "{} reçu à {}, rejoué : {} ; {} avant, {} après",
            kind.map_or("Message", words::kind),
            moment(now, oldest.at),
            match answer {
                Some(ReceiptStatus::Stored) => "reconnu, le même accusé est rendu".to_owned(),
                Some(ReceiptStatus::Refused(code)) => format!("refusé, {}", words::refusal(code)),
                None => "sans réponse".to_owned(),
            },
            words::acts(before),
            words::acts(after)
        ))
    }
}

/// The number of the act, once it has one.
fn number(store: &Transaction<'_>, envelope: EnvelopeId) -> anyhow::Result<Option<String>> {
    let record = store
        .record(envelope)?
        .and_then(|stored| agent::work::record_of(&stored.record_cose));
    Ok(record.and_then(|record| record.number.map(|number| number.to_string())))
}

fn journal(store: &Transaction<'_>, device: &domain::DeviceId, now: Timestamp) -> anyhow::Result<Vec<Line>> {
    let quarantined = store.quarantined_at(device)?;
    let mut lines = Vec::new();
    for journal in store.journals(device)? {
        let size = store.journal_size(journal)?;
        let (state, tone) = match quarantined {
            Some(_) => ("contredit : quarantaine", Tone::Bad),
            None => ("chaîne continue, contresignée", Tone::Good),
        };
        lines.push(Line {
            at: quarantined.map_or_else(String::new, |at| moment(now, at)),
            what: format!("{size} lignes"),
            detail: device.to_string(),
            state: state.to_owned(),
            tone,
        });
    }
    Ok(lines)
}

/// `12/03/2026, 14 h 05`.
fn day_and_hour(now: Timestamp) -> String {
    let at = now.civil_of(now.utc);
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!(
        "{day:02}/{month:02}/{year:04}, {:02} h {:02}",
        at.hour(),
        at.minute()
    )
}

/// `14 h 05`, with the day where it is another one.
fn moment(now: Timestamp, at: UnixMs) -> String {
    let (today, at) = (now.civil_of(now.utc), now.civil_of(at));
    let hour = format!("{:02} h {:02}", at.hour(), at.minute());
    if today.date() == at.date() {
        hour
    } else {
        format!("{:02}/{:02}/{:04} {hour}", at.day(), at.month(), at.year())
    }
}
