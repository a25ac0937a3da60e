//! `lapi`: a reading of a plate or a word of the radio for one terminal, to be verified and confirmed by nobody.

use clap::Subcommand;
use domain::DeviceId;
use domain::intervention::{About, Matter};
use domain::place::Place;
use domain::vehicle::Plate;
use hq::dispatch::Whom;

use crate::answer::Answer;
use crate::intervention::{Unproposed, propose};
use crate::plainte::HeardAt;
use crate::session::{Effect, HqFolder, PkiFolder, Session};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sends a reading to whoever works with a terminal; nothing of it stays past its term, here or there.
    ///
    /// It is shown as "à vérifier, non confirmé": the crew checks the plate and asks the file itself.
    Send {
        /// Whoever works with this terminal.
        #[arg(long, value_parser = DeviceId::parse)]
        terminal: DeviceId,
        /// As it was read.
        #[arg(long, value_parser = Plate::read)]
        plate: Plate,
        /// Where the vehicle was.
        #[arg(long = "where", value_parser = Place::parse)]
        place: Place,
        /// When, with the offset of its clock, such as `2027-01-14T09:30+01:00`.
        #[arg(long, value_name = "MOMENT", value_parser = HeardAt::parse)]
        seen: HeardAt,
        /// Why it is told, on one line.
        #[arg(long, value_parser = Matter::parse)]
        reason: Matter,
        /// Minutes for which it is shown.
        #[arg(long)]
        minutes: i64,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Send { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unproposed> {
        let Self::Send {
            terminal,
            plate,
            place,
            seen,
            reason,
            minutes,
            hq,
            pki,
        } = self;
        let about = About::Hit {
            plate: plate.clone(),
            place: place.clone(),
            seen: seen.at,
            reason: reason.clone(),
        };
        propose(
            session,
            hq,
            pki,
            &Whom::Terminal(terminal.clone()),
            about,
            *minutes,
        )
    }
}
