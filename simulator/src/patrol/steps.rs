//! The steps of a patrol, each asked for until it is so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use agent::clock::Clock;
use agent::engine::CommitPoint;
use anyhow::{Context, bail};
use domain::alert::Ground;
use domain::delivery::Delivery;
use domain::dialogue::{AnswerState, CameraState, ClipState, DraftView, Intent, Notice};
use domain::draft::Field;
use domain::footage::leaving::Supply;
use domain::officer::FileKind;
use domain::orders::Command;
use domain::place::Fix;
use domain::printing::{Paper, PrintState};
use domain::record::{ActKind, Correction};
use domain::requisition::TypedRequisition;
use domain::{ActId, Digest, InterventionId, Zone};
use serde::{Deserialize, Serialize};

use super::alerts;
use super::bases;
use super::brought;
use super::budget;
use super::comparison;
use super::crew;
use super::interventions;
use super::invariants::nothing_is_readable;
use super::lists;
use super::lockout;
use super::orders;
use super::phone::{Board, Phone};
use super::queries::{self, Question};
use super::revocation;
use super::scenario::Step;
use super::signing::{self, Reading};
use super::stage::Stage;
use super::suivi;
use super::touching::{self, Begun};
use super::visas::{self, Decided};
use super::{configuration, destruction};
use crate::picture::picture;

/// Where a patrol's folder says how far it came.
const FILE: &str = "patrol.json";

/// How far a patrol came, on disk.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Progress {
    #[serde(skip)]
    path: PathBuf,
    seed: u64,
    done: usize,
    /// Deaths of the terminal's process so far.
    pub kills: u32,
    #[serde(skip)]
    kills_before: u32,
    /// How often a signature asked for the officer's code.
    #[serde(default)]
    pub codes_asked: u32,
    /// When the radio was cut and restored last, Unix milliseconds.
    pub cut_at: Option<i64>,
    pub restored_at: Option<i64>,
    /// Acts signed while the radio was cut.
    pub offline: Vec<String>,
}

impl Progress {
    pub(super) fn load(out: &Path, seed: u64) -> anyhow::Result<Self> {
        let path = out.join(FILE);
        let mut progress = match std::fs::read(&path) {
            Ok(bytes) => Self::parse(&path, &bytes)?,
            Err(_) => Self {
                path: PathBuf::new(),
                seed,
                done: 0,
                kills: 0,
                kills_before: 0,
                codes_asked: 0,
                cut_at: None,
                restored_at: None,
                offline: Vec::new(),
            },
        };
        if progress.seed != seed {
            bail!(
                "`{}` holds a patrol of seed {}; choose another --out or that seed",
                out.display(),
                progress.seed
            );
        }
        progress.kills_before = progress.kills;
        progress.path = path;
        Ok(progress)
    }

    /// How far the patrol in `out` came.
    pub(super) fn resume(out: &Path) -> anyhow::Result<Self> {
        let path = out.join(FILE);
        let bytes = std::fs::read(&path).with_context(|| format!("could not read `{}`", path.display()))?;
        Self::parse(&path, &bytes)
    }

    fn parse(path: &Path, bytes: &[u8]) -> anyhow::Result<Self> {
        serde_json::from_slice(bytes)
            .with_context(|| format!("`{}` does not read; choose another --out", path.display()))
    }

    pub(super) const fn seed(&self) -> u64 {
        self.seed
    }

    pub(super) const fn done(&self) -> usize {
        self.done
    }

    /// The step is over; kept before the next one begins.
    pub(super) fn advance(&mut self, kills: u32) -> anyhow::Result<()> {
        self.done += 1;
        self.kills = self.kills_before + kills;
        self.save()
    }

    pub(super) fn save(&self) -> anyhow::Result<()> {
        let aside = self.path.with_extension("new");
        let file = std::fs::File::create(&aside).context("could not write the patrol's progress")?;
        serde_json::to_writer(&file, self).context("could not write the patrol's progress")?;
        file.sync_all().context("could not write the patrol's progress")?;
        std::fs::rename(&aside, &self.path).context("could not write the patrol's progress")
    }

    /// The act of this name: always the same for a seed.
    pub(super) fn act(&self, name: &str) -> ActId {
        ActId::from_bytes(seeded(self.seed, "act", name))
    }

    fn alert(&self, name: &str) -> ActId {
        ActId::from_bytes(seeded(self.seed, "alert", name))
    }

    /// Notes an act that was signed while the radio was cut.
    fn sign_under(&mut self, name: &str) {
        if self.cut_at > self.restored_at && !self.offline.iter().any(|signed| signed == name) {
            self.offline.push(name.to_owned());
        }
    }
}

/// Sixteen bytes that follow from the seed; version and variant bits of a UUIDv7.
fn seeded(seed: u64, kind: &str, name: &str) -> [u8; 16] {
    let digest = Digest::of(&[&seed.to_be_bytes()[..], kind.as_bytes(), b"/", name.as_bytes()].concat());
    let mut id = [0; 16];
    id.copy_from_slice(&digest.as_bytes()[..16]);
    id[6] = 0x70 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    id
}

/// What a step is called in progress lines and errors.
pub(super) fn name(step: &Step) -> String {
    match step {
        Step::StartService => "prise de service".to_owned(),
        Step::OpenIntervention { .. } => "open the intervention".to_owned(),
        Step::ArriveOnScene => "on the scene".to_owned(),
        Step::Propose { .. } => "answer what the operations centre proposes".to_owned(),
        Step::HqHears { of, standing } => format!("HQ hears that `{of}` is {standing}"),
        Step::ColleagueServes { ends: false } => "the colleague takes service".to_owned(),
        Step::ColleagueServes { ends: true } => "the colleague ends their service".to_owned(),
        Step::ColleagueTouches { .. } => "the colleague touches their screens".to_owned(),
        Step::CrewAgrees { .. } => "both phones have the same of the intervention".to_owned(),
        Step::CutRadio => "cut the radio".to_owned(),
        Step::RestoreRadio => "restore the radio".to_owned(),
        Step::Consult { act, .. } => format!("consult a file for `{act}`"),
        Step::Attach { act, .. } => format!("take in what the victim of `{act}` brings"),
        Step::Photograph { act, .. } => format!("take pictures for `{act}`"),
        Step::PublishLists => "take the lists of what is sought".to_owned(),
        Step::AskLists { act, .. } => format!("ask the lists for `{act}`"),
        Step::AskWithoutList { act, .. } => format!("find no list of persons for `{act}`"),
        Step::PersonsForgotten => "forget the list of persons".to_owned(),
        Step::AwaitConfirmation { act, .. } => format!("await the confirmation for `{act}`"),
        Step::Scan { act, .. } => format!("hold a document before the camera for `{act}`"),
        Step::Compare { act, .. } => format!("type what is printed on the document of `{act}`"),
        Step::ConsultAll { act, .. } => format!("consult every file for `{act}`"),
        Step::LateAnswer { act, .. } => format!("hear late about `{act}`"),
        Step::AnswerWhileLocked { act, .. } => format!("be answered while locked about `{act}`"),
        Step::DrawFrom { from, name, .. } => format!("draw up `{name}` from `{from}`"),
        Step::Share { act, .. } => format!("show the crew an answer about `{act}`"),
        Step::AwaitAlarm { .. } => "see HQ's alarm".to_owned(),
        Step::RaiseAlert { act, .. } => format!("alert the operations centre from `{act}`"),
        Step::NobodyHasAlert { .. } => "be told that nobody has the alert".to_owned(),
        Step::TakeAlert { by, .. } => format!("see that {by} has the alert"),
        Step::TellAlert { .. } => "tell the alert by radio".to_owned(),
        Step::HoldRequisition { reference, .. } => format!("hold the réquisition `{reference}`"),
        Step::Warned { act, .. } => format!("be warned about `{act}`"),
        Step::Urgent { act, .. } => format!("ask in urgency for `{act}`"),
        Step::Touch { act: Some(act), .. } => format!("touch the screens for `{act}`"),
        Step::Touch { act: None, .. } => "touch the screens".to_owned(),
        Step::Act { name, .. } => format!("draw up and sign `{name}`"),
        Step::Barred { name, .. } => format!("be refused `{name}`"),
        Step::TurnIntoPv { from, .. } => format!("turn `{from}` into a PV"),
        Step::Amend { act, .. } => format!("amend `{act}`"),
        Step::Kill => "kill the terminal".to_owned(),
        Step::Lock => "lock".to_owned(),
        Step::PairCamera => "pair the camera".to_owned(),
        Step::TakeClip { .. } => "take the clip in".to_owned(),
        Step::AwaitHq => "wait for HQ's receipts".to_owned(),
        Step::Correct { act, .. } => format!("correct `{act}`"),
        Step::Print { act } => format!("print `{act}`"),
        Step::AskVisa { act } => format!("ask for a visa on `{act}`"),
        Step::GiveVisa { act, .. } => format!("decide on the visa of `{act}`"),
        Step::Order { order } => format!("HQ orders `{}`", Command::from(*order).code()),
        Step::Position { .. } => "stand somewhere".to_owned(),
        Step::Supply { .. } => "live on another power or network".to_owned(),
        Step::ReadBudget => "read what the terminal uses up".to_owned(),
        Step::Configure { .. } => "follow another profile".to_owned(),
        Step::RevokeCamera => "refuse a revoked camera".to_owned(),
        Step::ChangeCard { .. } => "put another card in".to_owned(),
        Step::ForgetCode => "type wrong codes".to_owned(),
        Step::BeLetIn { .. } => "be let in by telephone".to_owned(),
        Step::Verify { check, .. } => format!("verify the identity left open by `{check}`"),
        Step::FollowUp { act, .. } => format!("record what follows `{act}`"),
        Step::TellComplaint { act, .. } => format!("say what became of `{act}`"),
        Step::ReadComplaint { act } => format!("read what became of `{act}`"),
        Step::PassTime { days } => format!("let {days} days pass"),
        Step::CloseIntervention { .. } => "close the intervention".to_owned(),
        Step::EndService => "fin de service".to_owned(),
    }
}

impl Stage {
    /// Plays one step to its end.
    pub(super) fn play(&mut self, index: usize, step: &Step, played: &mut Progress) -> anyhow::Result<()> {
        let what = name(step);
        let die = matches!(step, Step::Act { die: true, .. } | Step::TakeClip { die: true });
        if die {
            self.phone.die_at(self.faults.commit_point(index))?;
        }
        self.play_alive(index, step, played, &what)?;
        played.codes_asked += std::mem::take(&mut self.phone.codes_given);
        self.phone.disarm();
        Ok(())
    }

    fn play_alive(
        &mut self,
        index: usize,
        step: &Step,
        played: &mut Progress,
        what: &str,
    ) -> anyhow::Result<()> {
        let phone = &mut self.phone;
        match step {
            Step::StartService => {
                let (crew, opj, vehicle) = (self.crew.clone(), self.opj.clone(), self.vehicle.clone());
                phone.until(
                    what,
                    |phone| {
                        phone.intent(Intent::StartService {
                            crew: crew.clone(),
                            opj: opj.clone(),
                            vehicle: vehicle.clone(),
                        })
                    },
                    |board| board.home.as_ref().is_some_and(|home| home.service.is_some()),
                )
            }
            Step::OpenIntervention { number, place } => {
                let id = InterventionId::from_bytes(seeded(self.seed, "intervention", &index.to_string()));
                let (number, place) = (number.clone(), place.clone());
                phone.until(
                    what,
                    |phone| {
                        let (number, place) = (number.clone(), place.clone());
                        phone.intent(Intent::OpenIntervention {
                            id: Some(id),
                            number,
                            place,
                        })
                    },
                    move |board| {
                        board
                            .home
                            .as_ref()
                            .and_then(|home| home.intervention.as_ref())
                            .is_some_and(|i| i.id == id)
                    },
                )
            }
            Step::ArriveOnScene => phone.until(
                what,
                |phone| phone.intent(Intent::ArriveOnScene),
                |board| {
                    let current = board.home.as_ref().and_then(|home| home.intervention.as_ref());
                    current.is_some_and(|intervention| intervention.on_scene.is_some())
                },
            ),
            Step::Propose {
                what: proposal,
                reply,
            } => interventions::propose(phone, &self.ground, proposal, *reply, what),
            Step::HqHears { of, standing } => {
                interventions::hq_hears(phone, &self.ground, of, standing, what)
            }
            Step::ColleagueServes { ends } => {
                let colleague = self.colleague.as_mut().context("there is no colleague")?;
                crew::serve(colleague, &self.named, *ends, what)
            }
            Step::ColleagueTouches { touches } => {
                let name = index.to_string();
                let begun = Begun {
                    act: played.act(&name),
                    alert: played.alert(&name),
                };
                let colleague = self.colleague.as_mut().context("there is no colleague")?;
                touching::play(colleague, begun, touches, false)
            }
            Step::CrewAgrees { place } => {
                let colleague = self.colleague.as_mut().context("there is no colleague")?;
                crew::agrees(phone, colleague, &self.ground, place, what)
            }
            Step::CutRadio => {
                self.ground.cut();
                played.cut_at = Some(self.ground.clock.now().utc.0);
                played.save()
            }
            Step::RestoreRadio => {
                played.restored_at = Some(self.ground.clock.now().utc.0);
                played.save()?;
                self.ground.restore();
                Ok(())
            }
            Step::Consult {
                act,
                kind,
                fields,
                file,
                motive,
            } => {
                let (id, file, motive) = (played.act(act), (*file).into(), motive.clone());
                prepare(phone, id, (*kind).into(), fields, what)?;
                phone.until(
                    what,
                    |phone| {
                        phone.intent(Intent::Consult {
                            draft: id,
                            file,
                            motive: motive.clone(),
                        })
                    },
                    move |board| {
                        board
                            .draft
                            .as_ref()
                            .filter(|draft| draft.draft == id)
                            .is_some_and(|draft| {
                                draft.answers.iter().any(|line| {
                                    line.file == file && matches!(line.state, AnswerState::Answered(_))
                                })
                            })
                    },
                )
            }
            Step::Attach { act, files, die } => {
                let id = played.act(act);
                brought::attach(phone, &self.ground.layout, self.seed, id, files, *die, what)
            }
            Step::Photograph { act, kind, photos } => {
                let id = played.act(act);
                take_pictures(phone, id, (*kind).into(), self.seed, photos, what)
            }
            Step::PublishLists => {
                phone.ready()?;
                lists::publish(phone, &self.ground, self.seed)
            }
            Step::AskLists {
                act,
                kind,
                fields,
                motive,
                file,
                says,
            } => {
                let id = played.act(act);
                prepare(phone, id, (*kind).into(), fields, what)?;
                let file = file.map_or(FileKind::Foves, FileKind::from);
                lists::ask(phone, id, (file, motive), *says, what)
            }
            Step::AskWithoutList {
                act,
                kind,
                fields,
                motive,
            } => {
                let id = played.act(act);
                prepare(phone, id, (*kind).into(), fields, what)?;
                lists::ask_without(phone, id, motive, what)
            }
            Step::PersonsForgotten => lists::forgotten(phone),
            Step::AwaitConfirmation { act, file } => {
                lists::confirmed(phone, &self.ground, played.act(act), (*file).into(), what)
            }
            Step::Scan { act, kind } => {
                let id = played.act(act);
                prepare(phone, id, (*kind).into(), &BTreeMap::new(), what)?;
                lists::scan(phone, id, what)
            }
            Step::Compare {
                act,
                kind,
                fields,
                says,
            } => {
                let id = played.act(act);
                prepare(phone, id, (*kind).into(), fields, what)?;
                comparison::shown(phone, id, says, what)
            }
            Step::ConsultAll {
                act,
                kind,
                fields,
                motive,
            } => {
                let question = Question {
                    act: played.act(act),
                    kind: *kind,
                    fields,
                    motive,
                };
                queries::consult_all(phone, &question, what)
            }
            Step::LateAnswer {
                act,
                kind,
                fields,
                file,
                motive,
            } => {
                let question = Question {
                    act: played.act(act),
                    kind: *kind,
                    fields,
                    motive,
                };
                queries::late(phone, &self.ground, &question, *file, what)
            }
            Step::AnswerWhileLocked {
                act,
                kind,
                fields,
                file,
                motive,
            } => {
                let question = Question {
                    act: played.act(act),
                    kind: *kind,
                    fields,
                    motive,
                };
                queries::while_locked(phone, &self.ground, &question, *file, what)
            }
            Step::DrawFrom {
                from,
                name,
                kind,
                stands,
                fields,
            } => {
                let (from, id) = (played.act(from), played.act(name));
                let opening = Intent::FollowUp {
                    from,
                    kind: (*kind).into(),
                    id: Some(id),
                };
                draw_up(phone, id, &opening, fields, what)?;
                if phone.board.delivery(id).is_none() {
                    queries::stands(&phone.board, stands, what)?;
                }
                signing::sign(phone, id, &Reading::default(), what)
            }
            Step::Share { act, file } => {
                let colleague = self.colleague.as_mut().context("nobody is shown an answer")?;
                queries::share(colleague, phone, played.act(act), *file, what)
            }
            Step::HoldRequisition {
                reference,
                basis,
                places,
                communes,
                circle,
                from_minutes,
                until_minutes,
            } => {
                let moment = |minutes: i32| bases::minute(self.ground.clock.now(), minutes);
                let typed = TypedRequisition {
                    reference: reference.clone(),
                    basis: basis.clone(),
                    places: places.clone(),
                    communes: communes.clone(),
                    circle: circle.clone(),
                    from: moment(*from_minutes),
                    until: moment(*until_minutes),
                };
                bases::hold(phone, &typed, what)
            }
            Step::Warned {
                act,
                kind,
                fields,
                basis,
                warnings,
            } => {
                let id = played.act(act);
                prepare(phone, id, (*kind).into(), fields, what)?;
                bases::be_warned(phone, id, basis, warnings, what)
            }
            Step::Urgent {
                act,
                kind,
                fields,
                file,
                motive,
            } => {
                let id = played.act(act);
                prepare(phone, id, (*kind).into(), fields, what)?;
                bases::ask_in_urgency(phone, id, (*file).into(), motive, what)
            }
            Step::RaiseAlert {
                alert,
                act,
                kind,
                fields,
                grounds,
                words,
            } => {
                let grounds: Vec<Ground> = grounds.iter().copied().map(Ground::from).collect();
                let raised = alerts::Raised {
                    alert: played.alert(alert),
                    draft: played.act(act),
                    grounds: &grounds,
                    words,
                };
                prepare(phone, raised.draft, (*kind).into(), fields, what)?;
                alerts::raise(phone, &raised, what)
            }
            Step::NobodyHasAlert { alert } => alerts::nobody(phone, played.alert(alert), what),
            Step::TakeAlert { alert, by } => alerts::take(phone, &self.ground, played.alert(alert), by, what),
            Step::TellAlert { alert } => alerts::tell(phone, played.alert(alert), what),
            Step::AwaitAlarm { kind } => queries::await_alarm(phone, &self.ground, (*kind).into()),
            Step::Act {
                name,
                kind,
                fields,
                photos,
                shows,
                hands,
                renvois,
                rights,
                ..
            } => {
                let id = played.act(name);
                let kind: ActKind = (*kind).into();
                take_pictures(phone, id, kind, self.seed, photos, what)?;
                let opening = Intent::StartDraft { id: Some(id), kind };
                draw_up(phone, id, &opening, fields, what)?;
                show_objects(phone, id, self.seed, photos, shows, what)?;
                let reading = Reading {
                    hands,
                    renvois,
                    rights: rights.as_ref(),
                };
                signing::sign(phone, id, &reading, what)?;
                played.sign_under(name);
                Ok(())
            }
            Step::Touch {
                act,
                unfinished,
                touches,
                ..
            } => {
                let name = act.clone().unwrap_or_else(|| index.to_string());
                let begun = Begun {
                    act: played.act(&name),
                    alert: played.alert(&name),
                };
                let signs = act.is_some() && !unfinished;
                touching::play(phone, begun, touches, signs)?;
                if signs {
                    played.sign_under(&name);
                }
                Ok(())
            }
            Step::Barred {
                name,
                kind,
                fields,
                problems,
            } => {
                let id = played.act(name);
                let opening = Intent::StartDraft {
                    id: Some(id),
                    kind: (*kind).into(),
                };
                draw_up(phone, id, &opening, fields, what)?;
                signing::be_barred(phone, id, problems, what)
            }
            Step::TurnIntoPv { from, name, fields } => {
                let (from, id) = (played.act(from), played.act(name));
                let opening = Intent::TurnIntoPv {
                    draft: from,
                    id: Some(id),
                };
                draw_up(phone, id, &opening, fields, what)?;
                signing::sign(phone, id, &Reading::default(), what)
            }
            Step::Amend {
                act,
                name,
                how,
                fields,
            } => {
                let (act, id) = (played.act(act), played.act(name));
                let opening = Intent::Amend {
                    act,
                    id: Some(id),
                    how: (*how).into(),
                };
                draw_up(phone, id, &opening, fields, what)?;
                signing::sign(phone, id, &Reading::default(), what)
            }
            Step::Kill => {
                phone.kill()?;
                self.search_the_dead_phone()
            }
            Step::Lock => {
                phone.ready()?;
                phone.lock()
            }
            Step::PairCamera => {
                let paired = |board: &Board| matches!(camera(board), Some(CameraState::Paired(_)));
                touch_camera(phone, what, &self.ground.invitation, paired)
            }
            Step::TakeClip { .. } => {
                let clip = self.ground.clip;
                phone.until(
                    what,
                    |phone| {
                        phone.intent(Intent::ListClips)?;
                        phone.intent(Intent::TakeClip { clip })
                    },
                    move |board| {
                        board.camera.as_ref().is_some_and(|camera| {
                            camera.clips.iter().any(|line| {
                                line.listing.clip == clip
                                    && matches!(line.state, ClipState::Taken | ClipState::Received)
                            })
                        })
                    },
                )
            }
            Step::AwaitHq => phone.until(
                what,
                |phone| phone.intent(Intent::ListClips),
                |board| {
                    let home = board.home.as_ref();
                    let clips = board.camera.iter().flat_map(|camera| &camera.clips);
                    home.is_some_and(|home| home.waiting == 0)
                        && board
                            .deliveries
                            .iter()
                            .all(|line| !matches!(line.delivery, Delivery::Waiting { .. }))
                        && clips
                            .into_iter()
                            .all(|line| !matches!(line.state, ClipState::Taken))
                },
            ),
            Step::Correct { act, fields } => {
                let refused = played.act(act);
                let id = Correction::act_id(refused);
                let opening = Intent::Correct {
                    act: refused,
                    id: None,
                };
                draw_up(phone, id, &opening, fields, what)?;
                signing::sign(phone, id, &Reading::default(), what)
            }
            Step::Verify {
                check,
                name,
                fields,
                hands,
            } => {
                let (check, id) = (played.act(check), played.act(name));
                let opening = Intent::Verify { check, id: Some(id) };
                draw_up(phone, id, &opening, fields, what)?;
                let reading = Reading {
                    hands,
                    ..Reading::default()
                };
                signing::sign(phone, id, &reading, what)
            }
            Step::FollowUp { act, procedure } => {
                destruction::prevent(&self.ground, played.act(act), procedure)
            }
            Step::TellComplaint { act, stage } => suivi::tell(&self.ground, played.act(act), stage),
            Step::ReadComplaint { act } => suivi::read(phone, &self.ground, played.act(act), what),
            Step::PassTime { days } => destruction::pass_time(phone, &self.ground, *days),
            Step::Order { order } => {
                orders::give(phone, &self.ground, (*order).into(), self.orders)?;
                self.orders += 1;
                Ok(())
            }
            Step::Position { at } => self.phone.position(Fix {
                position: at.0,
                at: self.ground.clock.now(),
            }),
            Step::Supply { power, bearer } => phone.supply(Supply {
                power: power.0,
                bearer: bearer.0,
            }),
            Step::ReadBudget => budget::read(phone, &self.ground, self.resumed, what),
            Step::RevokeCamera => {
                phone.ready()?;
                revocation::tell(phone, &self.ground)?;
                let refused = |board: &Board| board.notices.contains(&Notice::CameraRevoked);
                touch_camera(phone, what, &self.ground.invitation, refused)
            }
            Step::Configure {
                idle_lock_seconds,
                code_again_minutes,
                persons_text,
                recordings_viewed,
            } => {
                let today = self.ground.clock.now().local().date().into();
                let (idle, code) = (*idle_lock_seconds, *code_again_minutes);
                let (persons, viewed) = (persons_text.as_deref(), *recordings_viewed);
                let settings = configuration::settings(idle, code, persons, viewed, today)?;
                let before = self.profiles;
                self.profiles += 1;
                configuration::give(phone, &self.ground, settings, before)
            }
            Step::ChangeCard { to } => self.change_card(*to),
            Step::ForgetCode => lockout::forget_code(phone, what),
            Step::BeLetIn { reason, code } => {
                lockout::be_let_in(phone, &self.ground, &self.at_work, reason, what)?;
                phone.learn_code(code);
                Ok(())
            }
            Step::AskVisa { act } => visas::ask(phone, played.act(act), &self.opj, what),
            Step::GiveVisa { act, decision, words } => {
                let colleague = self.colleague.as_mut().context("nobody gives a visa")?;
                let decision = Decided {
                    choice: (*decision).into(),
                    words,
                };
                visas::give(colleague, phone, played.act(act), &self.opj, &decision, what)
            }
            Step::Print { act } => {
                let (act, printer) = (played.act(act), self.ground.printer.address());
                phone.until(
                    what,
                    |phone| {
                        phone.intent(Intent::AddPrinter {
                            address: printer.to_string(),
                        })
                    },
                    |board| {
                        let printing = board.printing.as_ref();
                        printing.is_some_and(|view| view.printers.iter().any(|line| line.address == printer))
                    },
                )?;
                phone.until(
                    what,
                    |phone| {
                        phone.intent(Intent::Print {
                            act,
                            paper: Paper::Act,
                            printer: Some(printer.clone()),
                        })
                    },
                    |board| {
                        let jobs = board.printing.iter().flat_map(|view| &view.jobs);
                        jobs.into_iter().any(|job| {
                            (job.act, &job.printer, job.state) == (act, &printer, PrintState::Printed)
                        })
                    },
                )
            }
            Step::CloseIntervention { outcome } => phone.until(
                what,
                |phone| {
                    phone.intent(Intent::CloseIntervention {
                        outcome: (*outcome).into(),
                    })
                },
                |board| {
                    board
                        .home
                        .as_ref()
                        .is_some_and(|home| home.intervention.is_none())
                },
            ),
            Step::EndService => phone.until(
                what,
                |phone| phone.intent(Intent::EndService),
                |board| board.home.as_ref().is_some_and(|home| home.service.is_none()),
            ),
        }
    }
}

impl Stage {
    /// A phone that died in the middle of its work has drafts and logs in every state; none may be readable.
    fn search_the_dead_phone(&self) -> anyhow::Result<()> {
        let (readable, scan) = nothing_is_readable(&self.ground.layout.terminal(), &self.canaries);
        if !readable.ok {
            bail!(
                "after a kill, in {} files: {}",
                scan.files,
                readable.detail.unwrap_or_default()
            );
        }
        Ok(())
    }
}

/// Reads the camera's tag again and again until `done`.
fn touch_camera(
    phone: &mut Phone,
    what: &str,
    invitation: &str,
    done: impl Fn(&Board) -> bool,
) -> anyhow::Result<()> {
    let touch = |phone: &mut Phone| {
        phone.intent(Intent::PairCamera {
            invitation: invitation.to_owned(),
        })
    };
    phone.until(what, touch, done)
}

fn camera(board: &Board) -> Option<&CameraState> {
    board.camera.as_ref().map(|camera| &camera.state)
}

/// Opens the draft and types its fields, unless the act exists.
pub(super) fn prepare(
    phone: &mut Phone,
    id: ActId,
    kind: ActKind,
    fields: &BTreeMap<String, String>,
    what: &str,
) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| phone.intent(Intent::StartDraft { id: Some(id), kind }),
        move |board| board.draft.as_ref().is_some_and(|draft| draft.draft == id),
    )?;
    type_fields(phone, id, fields)
}

/// Opens the draft and takes its pictures one by one, unless the act exists.
fn take_pictures(
    phone: &mut Phone,
    id: ActId,
    kind: ActKind,
    seed: u64,
    photos: &[String],
    what: &str,
) -> anyhow::Result<()> {
    for name in photos {
        let picture = picture(seed, name);
        let sha256 = Digest::of(&picture.0);
        phone.until(
            what,
            |phone| {
                phone.intent(Intent::StartDraft { id: Some(id), kind })?;
                phone.intent(Intent::AttachPhoto {
                    draft: id,
                    name: name.clone(),
                    picture: picture.clone(),
                })
            },
            move |board| {
                let draft = board.draft.as_ref().filter(|draft| draft.draft == id);
                let kept = |draft: &DraftView| draft.photos.iter().any(|photo| photo.sha256 == sha256);
                board.delivery(id).is_some() || draft.is_some_and(|draft| kept(draft))
            },
        )?;
    }
    Ok(())
}

/// Says which object each picture shows, unless the act exists.
fn show_objects(
    phone: &mut Phone,
    id: ActId,
    seed: u64,
    photos: &[String],
    shows: &[u16],
    what: &str,
) -> anyhow::Result<()> {
    for (name, object) in photos.iter().zip(shows) {
        let sha256 = Digest::of(&picture(seed, name).0);
        let object = Some(*object).filter(|object| *object > 0);
        phone.until(
            what,
            |phone| {
                phone.intent(Intent::ShowObject {
                    draft: id,
                    sha256,
                    object,
                })
            },
            move |board| {
                let draft = board.draft.as_ref().filter(|draft| draft.draft == id);
                let said = |draft: &DraftView| {
                    let mut photos = draft.photos.iter();
                    photos.any(|photo| photo.sha256 == sha256 && photo.shows == object)
                };
                board.delivery(id).is_some() || draft.is_some_and(|draft| said(draft))
            },
        )?;
    }
    Ok(())
}

/// The account is typed last: nothing is written down of a suspect before the rights were told; and so is the end of a
/// retention, which comes after everything else.
fn type_fields(phone: &mut Phone, id: ActId, fields: &BTreeMap<String, String>) -> anyhow::Result<()> {
    let at_the_end = [Field::Account.code(), Field::RetentionEnd.code()];
    let (last, first): (Vec<_>, Vec<_>) = fields
        .iter()
        .partition(|(code, _)| at_the_end.contains(&code.as_str()));
    for (code, text) in first.into_iter().chain(last) {
        let field = Field::from_code(code).context("the scenario was checked")?;
        let text = as_typed(text);
        phone.intent(Intent::Fill {
            draft: id,
            field,
            text,
        })?;
    }
    Ok(())
}

/// Opens the draft by `opening` and types its fields, unless the act exists.
fn draw_up(
    phone: &mut Phone,
    id: ActId,
    opening: &Intent,
    fields: &BTreeMap<String, String>,
    what: &str,
) -> anyhow::Result<()> {
    let typed: Vec<(Field, String)> = fields
        .iter()
        .filter_map(|(code, text)| Some((Field::from_code(code)?, text.trim().to_owned())))
        .filter(|(_, text)| !text.is_empty())
        .collect();
    phone.until(
        what,
        |phone| {
            phone.intent(again(opening)?)?;
            type_fields(phone, id, fields)
        },
        move |board| {
            let draft = board.draft.as_deref().filter(|draft| draft.draft == id);
            let says = |field: &Field, text: &String| {
                let as_typed = |line: &str| line == text || minutes_ago(text).is_some();
                let said = |draft: &DraftView| {
                    draft
                        .texts
                        .iter()
                        .any(|line| line.field == *field && as_typed(line.text.reveal()))
                };
                draft.is_some_and(said)
            };
            board.delivery(id).is_some()
                || typed.iter().all(|(field, text)| says(field, text)) && draft.is_some()
        },
    )
}

/// What the officer types for a text of the scenario.
pub(super) fn as_typed(text: &str) -> String {
    match minutes_ago(text) {
        Some(minutes) => hour(minutes),
        None => text.trim().to_owned(),
    }
}

/// `il y a 30 min` in a scenario: an hour that only the day of the patrol knows.
fn minutes_ago(text: &str) -> Option<i64> {
    let minutes = text.trim().strip_prefix("il y a ")?.strip_suffix(" min")?;
    minutes.parse().ok()
}

/// So many minutes ago, as an officer in Paris types it.
fn hour(minutes: i64) -> String {
    let now = Clock::new(Zone::Paris).now();
    let at = now.utc.plus(-minutes * 60_000).civil(now.offset_min);
    let (day, month, year) = (at.day(), at.month(), at.year());
    format!(
        "{day:02}/{month:02}/{year:04} {:02}:{:02}",
        at.hour(),
        at.minute()
    )
}

/// The same intent once more: a death in between forgets that it was said.
fn again(intent: &Intent) -> anyhow::Result<Intent> {
    domain::decode(&domain::encode(intent)).context("an intent of the patrol does not read back")
}

/// Where the terminal dies, step by step, as the seed decides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Faults {
    seed: u64,
}

impl Faults {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    fn commit_point(self, step: usize) -> CommitPoint {
        const SIGNING: [CommitPoint; 4] = [
            CommitPoint::Reserved,
            CommitPoint::IntentWritten,
            CommitPoint::ActCommitted,
            CommitPoint::Promoted,
        ];
        let draw = seeded(self.seed, "fault", &step.to_string())[0];
        SIGNING[usize::from(draw) % SIGNING.len()]
    }
}
