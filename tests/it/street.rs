//! A terminal in its own process, on the street: camera, broker and HQ around it are the simulator's real ones.

use std::path::Path;

use domain::dialogue::{CameraState, ClipState, Intent};
use domain::record::ActKind;
use domain::{ActId, ClipId};
use simulator::ground::{Ground, Plan};
use simulator::patrol::scenario::{DEFAULT, Scenario};
use simulator::patrol::{Board, Handset, Phone};
use tempfile::TempDir;
use tests::acts;

use crate::programs;

pub(crate) struct Street {
    pub(crate) phone: Phone,
    pub(crate) ground: Ground,
    pub(crate) folder: TempDir,
}

/// The default scenario, for its officer.
pub(crate) fn scenario() -> Scenario {
    Scenario::parse(DEFAULT).unwrap()
}

impl Street {
    /// A fresh terminal; the camera plays `clip` instead of the built-in recording.
    pub(crate) fn new(clip: Option<&Path>) -> Self {
        Self::on(tempfile::tempdir().unwrap(), clip)
    }

    /// The same around what `folder` holds already.
    pub(crate) fn on(folder: TempDir, clip: Option<&Path>) -> Self {
        let plan = Plan {
            out: folder.path(),
            seed: 7,
            scenario: &scenario(),
            clip,
            outside: None,
        };
        let ground = Ground::set(plan).unwrap();
        let brokers = ground.terminal_brokers();
        let phone = Phone::new(handset(&ground, brokers.port, brokers.bulk_port));
        Self {
            phone,
            ground,
            folder,
        }
    }

    /// Ends the terminal and starts it anew on other ports, or under other limits.
    pub(crate) fn take(&mut self, handset: Handset) {
        self.phone.stop().unwrap();
        self.phone = Phone::new(handset);
    }

    /// The handset that reaches HQ.
    pub(crate) fn handset(&self) -> Handset {
        let brokers = self.ground.terminal_brokers();
        handset(&self.ground, brokers.port, brokers.bulk_port)
    }

    /// The handset that looks for HQ on another port.
    pub(crate) fn handset_at(&self, port: u16) -> Handset {
        handset(&self.ground, port, port)
    }

    pub(crate) fn on_duty(&mut self) {
        self.until(
            "prise de service",
            |phone| {
                phone.intent(Intent::StartService {
                    crew: String::new(),
                    opj: "7654321".to_owned(),
                    vehicle: None,
                })
            },
            |board| board.home.as_ref().is_some_and(|home| home.service.is_some()),
        );
    }

    pub(crate) fn draw_up(&mut self, act: ActId, kind: ActKind) {
        self.until(
            "draw up",
            |phone| {
                phone.intent(Intent::StartDraft { id: Some(act), kind })?;
                for (field, text) in acts::texts(kind) {
                    phone.intent(Intent::Fill {
                        draft: act,
                        field: *field,
                        text: (*text).to_owned(),
                    })?;
                }
                phone.intent(Intent::Sign { draft: act })
            },
            |board| board.delivery(act).is_some(),
        );
    }

    pub(crate) fn pair(&mut self) {
        let invitation = self.ground.invitation.clone();
        self.until(
            "pair",
            |phone| {
                phone.intent(Intent::PairCamera {
                    invitation: invitation.clone(),
                })
            },
            |board| {
                board
                    .camera
                    .as_ref()
                    .is_some_and(|view| matches!(view.state, CameraState::Paired(_)))
            },
        );
    }

    /// Asks for the camera's clip until `done`.
    pub(crate) fn take_clip(&mut self, what: &str, done: impl Fn(&Board) -> bool) {
        let clip = self.ground.clip;
        self.until(
            what,
            |phone| {
                phone.intent(Intent::ListClips)?;
                phone.intent(Intent::TakeClip { clip })
            },
            done,
        );
    }

    pub(crate) fn until(
        &mut self,
        what: &str,
        ask: impl FnMut(&mut Phone) -> anyhow::Result<()>,
        done: impl Fn(&Board) -> bool,
    ) {
        self.phone
            .until(what, ask, done)
            .unwrap_or_else(|error| panic!("{error:#}"));
    }

    pub(crate) fn wait(&mut self, what: &str, done: impl Fn(&Board) -> bool) {
        self.until(what, |_| Ok(()), done);
    }
}

pub(crate) fn clip_state(board: &Board, clip: ClipId) -> Option<ClipState> {
    let lines = &board.camera.as_ref()?.clips;
    lines
        .iter()
        .find(|line| line.listing.clip == clip)
        .map(|line| line.state)
}

fn handset(ground: &Ground, port: u16, bulk_port: u16) -> Handset {
    let layout = &ground.layout;
    let named = [
        ("--dir", layout.terminal().display().to_string()),
        ("--card", layout.card().display().to_string()),
        ("--broker-port", port.to_string()),
        ("--bulk-port", bulk_port.to_string()),
        (
            "--bootstrap-port",
            ground.terminal_brokers().bootstrap_port.to_string(),
        ),
        ("--camera", ground.camera.address().to_string()),
        ("--seed", "7".to_owned()),
    ];
    let args = named
        .into_iter()
        .flat_map(|(name, value)| [name.to_owned(), value]);
    Handset {
        program: programs::ours("neo-sim"),
        args: std::iter::once("terminal".to_owned()).chain(args).collect(),
        code: scenario().officer.code,
    }
}

/// The same handset, whose files may not grow beyond `kib`: the kernel answers as a full disk does.
pub(crate) fn on_a_full_disk(handset: Handset, kib: u32) -> Handset {
    // The signal would end the process before it can say anything.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kib * 2);
    let program = handset.program.display().to_string();
    let args = ["-c".to_owned(), script, program]
        .into_iter()
        .chain(handset.args)
        .collect();
    Handset {
        program: "sh".into(),
        args,
        code: handset.code,
    }
}
