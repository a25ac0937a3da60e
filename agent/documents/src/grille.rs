//! The danger grid as a sheet of its own, with what the protocol led to: annexed to the act for the prosecutor, and never
//! handed to the victim.

use domain::plainte::protocol::{Answered, Outcome, Task};
use domain::plainte::{DangerGrid, GridAnswer, Plainte, Question};
use domain::record::Record;
use typst::foundations::{Dict, dict};

use crate::act;
use crate::person;
use crate::typed::{typed, typographic};
use crate::{DocumentError, Enclosures};

pub(crate) fn values(
    record: &Record,
    plainte: &Plainte,
    grid: &DangerGrid,
    footer: Option<&str>,
) -> Result<Dict, DocumentError> {
    let enclosures = Enclosures::at_the_foot(footer);
    let victim = plainte.victim.identity.brief();
    Ok(dict! {
        "act" => act::values(record, plainte.started, &enclosures)?,
        "holder" => typed(&person::name(victim))?,
        "born" => person::born(victim)?,
        "answers" => grid.lines().map(answer).collect::<Vec<_>>(),
        "danger" => danger(grid),
        "tasks" => plainte.protocol.iter().map(task).collect::<Result<Vec<_>, _>>()?,
    })
}

fn answer((question, answer): (&'static Question, GridAnswer)) -> Dict {
    dict! {
        "number" => question.number.to_string(),
        "text" => typographic(question.text),
        "red" => question.red,
        "yes" => answer == GridAnswer::Yes,
        "answer" => match answer {
            GridAnswer::Yes => "Oui",
            GridAnswer::No => "Non",
            GridAnswer::NoAnswer => "Sans réponse",
            GridAnswer::NotAsked => "Non posée",
        },
    }
}

/// Nothing where the grid says nothing: no grid says that there is no danger.
fn danger(grid: &DangerGrid) -> Option<&'static str> {
    if grid.is_raised() {
        Some("Danger relevé par le rédacteur, au-delà du compte des réponses.")
    } else {
        grid.is_danger()
            .then_some("Danger\u{a0}: au moins deux réponses rouges, ou douze réponses de toute couleur.")
    }
}

fn task(answered: &Answered) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "task" => name(answered.task),
        "outcome" => match answered.outcome {
            Outcome::Done => "Fait",
            Outcome::Refused(_) => "Refus",
            Outcome::SetAside(_) => "Écarté",
        },
        "words" => answered.outcome.words().map(typed).transpose()?,
    })
}

const fn name(task: Task) -> &'static str {
    match task {
        Task::Papers => "Remise de la copie, du récépissé et de la fiche d’information",
        Task::Contacts => "Orientation\u{a0}: intervenant social, psychologue, association",
        Task::Umj => "Réquisition de l’UMJ, avec photographies",
        Task::Transport => "Transport de la victime",
        Task::Files => "Consultation de TAJ, MCI, FPR et des procédures connues",
        Task::Weapons => "Recherche et saisie des armes (AGRIPPA)",
        Task::Prosecutor => "Avis au parquet",
        Task::Shelter => "Mise en sécurité\u{a0}: proche, 115, places réservées",
        Task::Belongings => "Récupération des effets sous escorte",
        Task::Arrest => "Interpellation de l’auteur",
        Task::ProtectionOrder => "Ordonnance de protection (515-9 du Code civil)",
        Task::Tgd => "Téléphone grave danger (41-3-1 CPP)",
        Task::Bar => "Bracelet anti-rapprochement (138-3 CPP)",
    }
}
