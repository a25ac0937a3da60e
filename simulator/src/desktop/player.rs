//! Who plays the scenario: a thread that holds the show, and plays a step when it is asked to.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::Context;

use crate::patrol::{Backstage, OnScreens, Onlooker, Options, Report, Show};

/// What a trainer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    Step,
    Play,
    Pause,
}

/// How far the scenario is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Played {
    pub done: usize,
    /// Step after step, until somebody says otherwise.
    pub playing: bool,
    /// A step is under way.
    pub at_work: bool,
    /// Why a step did not come to its end, or the phone does not start.
    pub trouble: Option<String>,
    /// How often the terminal's process died.
    pub deaths: u32,
}

/// The thread at work; dropped, it ends the show without a word.
pub struct Player {
    asks: Option<Sender<Ask>>,
    played: Arc<Mutex<Played>>,
    thread: Option<JoinHandle<anyhow::Result<Option<Report>>>>,
}

impl Player {
    /// Opens the show on a thread of its own, and gives what stands around it once it stands.
    pub fn start(
        options: Options,
        screens: OnScreens,
        onlooker: Onlooker,
    ) -> anyhow::Result<(Self, Backstage)> {
        let (asks, asked) = channel();
        let (ready, is_ready) = channel();
        let played = Arc::new(Mutex::new(Played::default()));
        let board = Arc::clone(&played);
        let thread = thread::Builder::new()
            .name("player".to_owned())
            .spawn(move || {
                let show = Show::open(options, screens, onlooker)?;
                // Whoever waited may have given up.
                let _ = ready.send(show.backstage());
                serve(show, &asked, &board)
            })
            .context("could not start the scenario's thread")?;
        match is_ready.recv() {
            Ok(backstage) => Ok((
                Self {
                    asks: Some(asks),
                    played,
                    thread: Some(thread),
                },
                backstage,
            )),
            Err(_) => {
                let ended = thread.join().ok().context("the scenario's thread panicked")?;
                ended?;
                anyhow::bail!("the scenario ended before it began")
            }
        }
    }

    pub fn ask(&self, ask: Ask) {
        if let Some(asks) = &self.asks {
            // A thread that ended has said why.
            let _ = asks.send(ask);
        }
    }

    pub fn played(&self) -> Played {
        self.played.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the show; of a scenario that was played to its end, what was found when everything was checked.
    pub fn close(mut self) -> anyhow::Result<Option<Report>> {
        self.asks = None;
        let thread = self.thread.take().context("the show is over")?;
        thread.join().ok().context("the scenario's thread panicked")?
    }
}

fn serve(mut show: Show, asked: &Receiver<Ask>, board: &Mutex<Played>) -> anyhow::Result<Option<Report>> {
    let tell = |change: &dyn Fn(&mut Played)| {
        change(&mut board.lock().unwrap_or_else(PoisonError::into_inner));
    };
    let (mut playing, mut wanted) = (false, false);
    loop {
        match asked.recv_timeout(Duration::ZERO) {
            Ok(Ask::Step) => wanted = true,
            Ok(Ask::Play) => playing = true,
            Ok(Ask::Pause) => playing = false,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return show.close(),
        }
        let (done, deaths) = (show.done(), show.kills());
        let works = playing || std::mem::take(&mut wanted);
        tell(&|played| {
            played.done = done;
            played.deaths = deaths;
            played.playing = playing;
            played.at_work = works;
        });
        let outcome = if works {
            show.play_next().map(|more| playing &= more)
        } else {
            show.idle()
        };
        match outcome {
            Ok(()) if works => tell(&|played| played.trouble = None),
            Ok(()) => {}
            Err(error) => {
                playing = false;
                tell(&|played| played.trouble = Some(format!("{error:#}")));
            }
        }
    }
}
