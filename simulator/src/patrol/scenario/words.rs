//! The words of a scenario, and what each stands for.

use domain::alert::Ground;
use domain::dialogue::Amendment;
use domain::footage::leaving::{Bearer, Power};
use domain::intervention::Outcome;
use domain::officer::{Corps, FileKind, Quality};
use domain::orders::Command;
use domain::photo::Mark;
use domain::place::{NotAPosition, Position};
use domain::record::ActKind;
use domain::visa::Choice;
use hq::pattern::OutOfPattern;
use serde::Deserialize;

use crate::world::power_of;

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CorpsName {
    #[default]
    Police,
    Gendarmerie,
}

impl From<CorpsName> for Corps {
    fn from(name: CorpsName) -> Self {
        match name {
            CorpsName::Police => Self::PoliceNationale,
            CorpsName::Gendarmerie => Self::GendarmerieNationale,
        }
    }
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QualityName {
    Opj,
    Apj,
    Apja,
}

impl From<QualityName> for Quality {
    fn from(name: QualityName) -> Self {
        match name {
            QualityName::Opj => Self::Opj,
            QualityName::Apj => Self::Apj,
            QualityName::Apja => Self::Apja,
        }
    }
}

/// `48.9362 2.3574 12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Where(pub Position);

impl TryFrom<String> for Where {
    type Error = NotAPosition;

    fn try_from(text: String) -> Result<Self, NotAPosition> {
        Position::parse(&text).map(Self)
    }
}

/// What a phone is charged by: `charging`, `unknown`, `battery`, or the percents of its battery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PowerName(pub Power);

impl TryFrom<String> for PowerName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        power_of(&text).map(Self).ok_or_else(|| {
            format!("`{text}` is no power; write `charging`, `unknown`, `battery`, or a percentage")
        })
    }
}

/// The network of a phone: `unknown`, `none`, `cellular`, `wifi`, `cable`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct BearerName(pub Bearer);

impl TryFrom<String> for BearerName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Bearer::from_code(&text)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is no network"))
    }
}

/// What came of an intervention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeName {
    NothingToReport,
    #[default]
    ActsDrawnUp,
    HandedOver,
}

impl From<OutcomeName> for Outcome {
    fn from(name: OutcomeName) -> Self {
        match name {
            OutcomeName::NothingToReport => Self::NothingToReport,
            OutcomeName::ActsDrawnUp => Self::ActsDrawnUp,
            OutcomeName::HandedOver => Self::HandedOver,
        }
    }
}

/// What a list says of a vehicle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListName {
    Listed,
    NotFound,
}

/// Whose card it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HolderName {
    Officer,
    Second,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OrderName {
    Lock,
    Unlock,
    Wipe,
    RotateKeys,
    Locate,
    PullLogs,
    SendFootage,
}

impl From<OrderName> for Command {
    fn from(name: OrderName) -> Self {
        match name {
            OrderName::Lock => Self::Lock,
            OrderName::Unlock => Self::Unlock,
            OrderName::Wipe => Self::Wipe,
            OrderName::RotateKeys => Self::RotateKeys,
            OrderName::Locate => Self::Locate,
            OrderName::PullLogs => Self::PullLogs,
            OrderName::SendFootage => Self::SendFootage,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecisionName {
    Approve,
    Observe,
    Return,
}

impl From<DecisionName> for Choice {
    fn from(name: DecisionName) -> Self {
        match name {
            DecisionName::Approve => Self::Approve,
            DecisionName::Observe => Self::Observe,
            DecisionName::Return => Self::Return,
        }
    }
}

/// What somebody does who is asked to sign by hand.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hand {
    Signs,
    /// With the reason given.
    Refuses(String),
    Unable(String),
}

/// One renvoi: where in the act, and what is to be read there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenvoiText {
    pub place: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AmendmentName {
    Rectify,
    Withdraw,
}

impl From<AmendmentName> for Amendment {
    fn from(name: AmendmentName) -> Self {
        match name {
            AmendmentName::Rectify => Self::Rectify,
            AmendmentName::Withdraw => Self::Withdraw,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    Controle,
    Pv,
    Plainte,
    Pve,
    Afd,
    Note,
    Verification,
}

impl From<Kind> for ActKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Controle => Self::IdentityCheck,
            Kind::Pv => Self::Pv,
            Kind::Plainte => Self::Plainte,
            Kind::Pve => Self::Pve,
            Kind::Afd => Self::Afd,
            Kind::Note => Self::Note,
            Kind::Verification => Self::Verification,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileName {
    Fpr,
    Foves,
    Siv,
    Snpc,
    Fva,
    Agdref,
    Docverif,
    Taj,
}

impl From<FileName> for FileKind {
    fn from(name: FileName) -> Self {
        match name {
            FileName::Fpr => Self::Fpr,
            FileName::Foves => Self::Foves,
            FileName::Siv => Self::Siv,
            FileName::Snpc => Self::Snpc,
            FileName::Fva => Self::Fva,
            FileName::Agdref => Self::Agdref,
            FileName::Docverif => Self::Docverif,
            FileName::Taj => Self::Taj,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmName {
    Rate,
    OwnName,
    MotiveEmpty,
    MotiveRepeated,
}

impl From<AlarmName> for OutOfPattern {
    fn from(name: AlarmName) -> Self {
        match name {
            AlarmName::Rate => Self::Rate,
            AlarmName::OwnName => Self::OwnName,
            AlarmName::MotiveEmpty => Self::MotiveEmpty,
            AlarmName::MotiveRepeated => Self::MotiveRepeated,
        }
    }
}

/// Why the operations centre is told at once.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroundName {
    Danger,
    DeathThreat,
    Weapon,
    Child,
}

impl From<GroundName> for Ground {
    fn from(name: GroundName) -> Self {
        match name {
            GroundName::Danger => Self::Grid,
            GroundName::DeathThreat => Self::DeathThreat,
            GroundName::Weapon => Self::Weapon,
            GroundName::Child => Self::Child,
        }
    }
}

/// What an officer draws over a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkName {
    Ring,
    Point,
    Stroke,
}

impl From<&Mark> for MarkName {
    fn from(mark: &Mark) -> Self {
        match mark {
            Mark::Ring { .. } => Self::Ring,
            Mark::Point(_) => Self::Point,
            Mark::Stroke(_) => Self::Stroke,
        }
    }
}

/// What a hand does on the screens: `{ press = "Plainte" }`, `{ fill = ["Nom", "DURAND"] }`, `{ draw = "Cadre…" }`,
/// `{ mark = "Photo à annoter : …" }`, `{ scan = "AB123CD" }`, `{ see = "Signé" }`, `{ chosen = "Sombre" }`,
/// `{ picture = "pve" }`, `"kill"`. A label is what the screen says in French.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doing {
    Press(String),
    Fill(String, String),
    /// Sign on the pad, and accept what is drawn.
    Draw(String),
    /// Read a code with a scanner that types it, wherever the focus is.
    Scan(String),
    /// Draw over a photograph, with the tool that is chosen.
    Mark(String),
    /// Wait until it is there.
    See(String),
    /// Wait until it is the choice that is made.
    Chosen(String),
    /// Where pictures are kept, one of the screen as it stands; elsewhere nothing.
    Picture(String),
    /// The terminal's process is killed, and starts again; the officer unlocks.
    Kill,
}

impl Doing {
    /// How often the glass is touched for it: into a field once, whatever is then typed, read or said there.
    pub const fn taps(&self) -> usize {
        match self {
            Self::Press(_) | Self::Fill(..) | Self::Mark(_) => 1,
            // The stroke, and the key that accepts it.
            Self::Draw(_) => 2,
            // A scanner is no touch of the glass.
            Self::Scan(_) | Self::See(_) | Self::Chosen(_) | Self::Picture(_) | Self::Kill => 0,
        }
    }

    /// The lines that it types.
    pub fn typed(&self) -> impl Iterator<Item = &str> {
        let text = match self {
            Self::Fill(_, text) | Self::Scan(text) => text.as_str(),
            Self::Press(_)
            | Self::Draw(_)
            | Self::Mark(_)
            | Self::See(_)
            | Self::Chosen(_)
            | Self::Picture(_)
            | Self::Kill => "",
        };
        text.lines()
    }
}
