//! The log of a world: one action a line, so that a run that failed is a file that runs again.

use std::fmt;
use std::str::FromStr;

use agent::engine::CommitPoint;
use domain::ActId;
use domain::dialogue::Intent;
use domain::draft::Field;
use domain::footage::leaving::{Bearer, Charge, Power, Supply};
use domain::orders::Command;
use domain::place::Position;
use domain::plainte::Language;
use domain::record::ActKind;
use thiserror::Error;

use crate::hand::flourish;

use super::FootagePoint;

/// Something done to a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Intent(Said),
    Unlock,
    /// Milliseconds.
    Advance(u64),
    /// The device is suspended for so many milliseconds.
    Sleep(u64),
    Cut,
    Restore,
    Kill,
    CrashAt(CommitPoint),
    CrashAtFootage(FootagePoint),
    /// The terminal's process ends once so many events and frames have reached it, before anything comes of the last.
    KillAfter(u32),
    /// The tag of the camera beside is read.
    PairCamera,
    ListClips,
    /// The camera's one recording is asked for.
    TakeClip,
    /// The camera is out of reach until [`Action::CameraBack`].
    CameraAway,
    CameraBack,
    /// The camera is out of reach for this meeting once it has sent so many bytes of its recording.
    CameraVanishes {
        bytes: u64,
    },
    Start,
    RestartHq,
    /// HQ gives the terminal an order; one that takes two persons has their approval.
    Order(Command),
    /// The platform says where the terminal is.
    Position(Position),
    /// The platform says what the terminal lives on.
    Supply(Supply),
}

/// What the officer does, in the form that a line holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    StartService {
        opj: String,
    },
    OpenIntervention {
        number: String,
        place: String,
    },
    StartDraft {
        id: ActId,
        kind: ActKind,
    },
    Fill {
        draft: ActId,
        field: Field,
        text: String,
    },
    /// Read to those who sign it by hand.
    ReadBack {
        draft: ActId,
    },
    /// The signer at this place of the list signs.
    HandSign {
        draft: ActId,
        signer: u8,
    },
    /// The victim has the sheet of rights in this language before them.
    ShowRights {
        draft: ActId,
        language: Language,
    },
    /// The victim signs it.
    SignRights {
        draft: ActId,
    },
    Sign {
        draft: ActId,
    },
    Lock,
}

/// A line is not an action.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line} is not an action: `{text}`")]
pub struct LogError {
    pub line: usize,
    pub text: String,
}

impl Said {
    /// The same as an intent.
    pub fn into_intent(self) -> anyhow::Result<Intent> {
        Ok(match self {
            Self::StartService { opj } => Intent::StartService {
                crew: String::new(),
                opj,
                vehicle: None,
            },
            Self::OpenIntervention { number, place } => Intent::OpenIntervention {
                id: None,
                number,
                place,
            },
            Self::StartDraft { id, kind } => Intent::StartDraft { id: Some(id), kind },
            Self::Fill { draft, field, text } => Intent::Fill { draft, field, text },
            Self::ReadBack { draft } => Intent::ReadBack { draft },
            Self::HandSign { draft, signer } => Intent::SignByHand {
                draft,
                signer,
                strokes: flourish(signer),
            },
            Self::ShowRights { draft, language } => Intent::ShowRights { draft, language },
            Self::SignRights { draft } => Intent::SignRights {
                draft,
                strokes: flourish(0),
            },
            Self::Sign { draft } => Intent::Sign { draft },
            Self::Lock => Intent::Lock,
        })
    }
}

impl From<Said> for Action {
    fn from(said: Said) -> Self {
        Self::Intent(said)
    }
}

impl Action {
    /// Reads a whole log; blank lines and lines that begin with `#` are passed over.
    pub fn parse_log(text: &str) -> Result<Vec<Self>, LogError> {
        let lines = text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|(index, line)| {
                line.parse().map_err(|()| LogError {
                    line: index + 1,
                    text: line.to_owned(),
                })
            })
            .collect()
    }
}

const POINTS: [(&str, CommitPoint); 18] = [
    ("reserved", CommitPoint::Reserved),
    ("intent-written", CommitPoint::IntentWritten),
    ("act-committed", CommitPoint::ActCommitted),
    ("promoted", CommitPoint::Promoted),
    ("receipt-stored", CommitPoint::ReceiptStored),
    ("order-taken", CommitPoint::OrderTaken),
    ("wipe-planned", CommitPoint::WipePlanned),
    ("slots-destroyed", CommitPoint::SlotsDestroyed),
    ("databases-removed", CommitPoint::DatabasesRemoved),
    ("evidence-destroyed", CommitPoint::EvidenceDestroyed),
    ("files-removed", CommitPoint::FilesRemoved),
    ("wiped", CommitPoint::Wiped),
    ("order-finished", CommitPoint::OrderFinished),
    ("intervention-kept", CommitPoint::InterventionKept),
    ("progress-kept", CommitPoint::ProgressKept),
    ("crew-note-kept", CommitPoint::CrewNoteKept),
    ("crew-sheet-kept", CommitPoint::CrewSheetKept),
    ("crew-word-kept", CommitPoint::CrewWordKept),
];

const FOOTAGE_POINTS: [(&str, FootagePoint); 3] = [
    ("footage-opened", FootagePoint::Opened),
    ("segment-stored", FootagePoint::SegmentStored),
    ("footage-whole", FootagePoint::Whole),
];

const KINDS: [ActKind; 7] = [
    ActKind::IdentityCheck,
    ActKind::Pv,
    ActKind::Plainte,
    ActKind::Pve,
    ActKind::Afd,
    ActKind::Note,
    ActKind::Verification,
];

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Intent(Said::StartService { opj }) => write!(f, "start-service {opj}"),
            Self::Intent(Said::OpenIntervention { number, place }) => {
                write!(f, "open-intervention {number} {}", place)
            }
            Self::Intent(Said::StartDraft { id, kind }) => write!(f, "start-draft {id} {}", kind.code()),
            Self::Intent(Said::Fill { draft, field, text }) => {
                write!(
                    f,
                    "fill {draft} {} {}",
                    field.code(),
                    text.replace('\\', "\\\\").replace('\n', "\\n")
                )
            }
            Self::Intent(Said::ReadBack { draft }) => write!(f, "read-back {draft}"),
            Self::Intent(Said::HandSign { draft, signer }) => write!(f, "hand-sign {draft} {signer}"),
            Self::Intent(Said::ShowRights { draft, language }) => {
                write!(f, "show-rights {draft} {}", language.code())
            }
            Self::Intent(Said::SignRights { draft }) => write!(f, "sign-rights {draft}"),
            Self::Intent(Said::Sign { draft }) => write!(f, "sign {draft}"),
            Self::Intent(Said::Lock) => f.write_str("lock"),
            Self::Unlock => f.write_str("unlock"),
            Self::Advance(ms) => write!(f, "advance {ms}"),
            Self::Sleep(ms) => write!(f, "sleep {ms}"),
            Self::Cut => f.write_str("cut"),
            Self::Restore => f.write_str("restore"),
            Self::Kill => f.write_str("kill"),
            Self::CrashAt(point) => write!(f, "crash-at {}", name_of(&POINTS, *point)),
            Self::CrashAtFootage(point) => write!(f, "crash-at {}", name_of(&FOOTAGE_POINTS, *point)),
            Self::KillAfter(events) => write!(f, "kill-after {events}"),
            Self::PairCamera => f.write_str("pair-camera"),
            Self::ListClips => f.write_str("list-clips"),
            Self::TakeClip => f.write_str("take-clip"),
            Self::CameraAway => f.write_str("camera-away"),
            Self::CameraBack => f.write_str("camera-back"),
            Self::CameraVanishes { bytes } => write!(f, "camera-vanishes {bytes}"),
            Self::Start => f.write_str("start"),
            Self::RestartHq => f.write_str("restart-hq"),
            Self::Order(command) => write!(f, "order {}", command.code()),
            Self::Position(position) => {
                write!(f, "position {}", position.as_typed())
            }
            Self::Supply(supply) => {
                let power = power_word(supply.power);
                write!(f, "supply {power} {}", supply.bearer.code())
            }
        }
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let id = |text: &str| text.parse::<ActId>().map_err(|_| ());
        let two = || rest.split_once(' ').ok_or(());
        Ok(match verb {
            "start-service" => Said::StartService { opj: rest.to_owned() }.into(),
            "open-intervention" => {
                let (number, place) = two()?;
                Said::OpenIntervention {
                    number: number.to_owned(),
                    place: place.to_owned(),
                }
                .into()
            }
            "start-draft" => {
                let (draft, code) = two()?;
                let kind = KINDS.into_iter().find(|kind| kind.code() == code).ok_or(())?;
                Said::StartDraft { id: id(draft)?, kind }.into()
            }
            "fill" => {
                let (draft, rest) = two()?;
                let (field, text) = rest.split_once(' ').unwrap_or((rest, ""));
                let field = Field::from_code(field).ok_or(())?;
                Said::Fill {
                    draft: id(draft)?,
                    field,
                    text: unescape(text),
                }
                .into()
            }
            "read-back" => Said::ReadBack { draft: id(rest)? }.into(),
            "hand-sign" => {
                let (draft, signer) = two()?;
                Said::HandSign {
                    draft: id(draft)?,
                    signer: signer.parse().map_err(|_| ())?,
                }
                .into()
            }
            "show-rights" => {
                let (draft, code) = two()?;
                Said::ShowRights {
                    draft: id(draft)?,
                    language: Language::from_code(code).ok_or(())?,
                }
                .into()
            }
            "sign-rights" => Said::SignRights { draft: id(rest)? }.into(),
            "sign" => Said::Sign { draft: id(rest)? }.into(),
            "lock" => Said::Lock.into(),
            "unlock" => Self::Unlock,
            "advance" => Self::Advance(rest.parse().map_err(|_| ())?),
            "sleep" => Self::Sleep(rest.parse().map_err(|_| ())?),
            "cut" => Self::Cut,
            "restore" => Self::Restore,
            "kill" => Self::Kill,
            "crash-at" => named(&POINTS, rest)
                .map(Self::CrashAt)
                .or_else(|| named(&FOOTAGE_POINTS, rest).map(Self::CrashAtFootage))
                .ok_or(())?,
            "kill-after" => Self::KillAfter(rest.parse().map_err(|_| ())?),
            "pair-camera" => Self::PairCamera,
            "list-clips" => Self::ListClips,
            "take-clip" => Self::TakeClip,
            "camera-away" => Self::CameraAway,
            "camera-back" => Self::CameraBack,
            "camera-vanishes" => Self::CameraVanishes {
                bytes: rest.parse().map_err(|_| ())?,
            },
            "start" => Self::Start,
            "restart-hq" => Self::RestartHq,
            "position" => Self::Position(Position::parse(rest).map_err(|_| ())?),
            "supply" => {
                let (power, bearer) = two()?;
                Self::Supply(Supply {
                    power: power_of(power).ok_or(())?,
                    bearer: Bearer::from_code(bearer).ok_or(())?,
                })
            }
            "order" => Self::Order(Command::from_code(rest).ok_or(())?),
            _ => return Err(()),
        })
    }
}

fn name_of<P: PartialEq>(names: &[(&'static str, P)], point: P) -> &'static str {
    names
        .iter()
        .find(|(_, known)| *known == point)
        .map_or("", |(name, _)| name)
}

fn named<P: Copy>(names: &[(&str, P)], text: &str) -> Option<P> {
    names
        .iter()
        .find(|(name, _)| *name == text)
        .map(|(_, point)| *point)
}

/// `charging`, `unknown`, `battery`, or how full the battery is.
pub(crate) fn power_of(word: &str) -> Option<Power> {
    Some(match word {
        "unknown" => Power::Unknown,
        "charging" => Power::Charging(None),
        "battery" => Power::Battery(None),
        percent => Power::Battery(Some(Charge::new(percent.parse().ok()?).ok()?)),
    })
}

fn power_word(power: Power) -> String {
    match power {
        Power::Unknown => "unknown".to_owned(),
        Power::Charging(_) => "charging".to_owned(),
        Power::Battery(None) => "battery".to_owned(),
        Power::Battery(Some(charge)) => charge.get().to_string(),
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => {}
            },
            (c, false) => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_reads_back_from_its_line() {
        let id = ActId::from_bytes([9; 16]);
        let actions: [Action; 22] = [
            Said::StartService {
                opj: "7654321".to_owned(),
            }
            .into(),
            Said::OpenIntervention {
                number: "CIC-1".to_owned(),
                place: "rue de la Paix".to_owned(),
            }
            .into(),
            Said::StartDraft {
                id,
                kind: ActKind::Plainte,
            }
            .into(),
            Said::Fill {
                draft: id,
                field: Field::Account,
                text: "un\n\ndeux \\ trois".to_owned(),
            }
            .into(),
            Said::ReadBack { draft: id }.into(),
            Said::HandSign { draft: id, signer: 1 }.into(),
            Said::ShowRights {
                draft: id,
                language: Language::Chinese,
            }
            .into(),
            Said::SignRights { draft: id }.into(),
            Said::Sign { draft: id }.into(),
            Action::Advance(30_000),
            Action::CrashAt(CommitPoint::ActCommitted),
            Action::RestartHq,
            Action::Cut,
            Action::CrashAtFootage(FootagePoint::SegmentStored),
            Action::KillAfter(17),
            Action::CameraVanishes { bytes: 70_000 },
            Action::TakeClip,
            Action::Order(Command::Wipe),
            Action::CrashAt(CommitPoint::EvidenceDestroyed),
            Action::Position(Position {
                latitude_e6: 48_936_200,
                longitude_e6: -2_357_400,
                accuracy_m: 12,
            }),
            Action::Supply(Supply {
                power: Power::Battery(Charge::new(29).ok()),
                bearer: Bearer::Cellular,
            }),
            Action::Supply(Supply {
                power: Power::Charging(None),
                bearer: Bearer::Wifi,
            }),
        ];
        let text: String = actions.iter().map(|action| format!("{action}\n")).collect();
        assert_eq!(Action::parse_log(&text).unwrap(), actions);
        assert_eq!(Action::parse_log("sign x").unwrap_err().line, 1);
    }
}
