//! What a monkey knows: where to reach, and what to type where.
//!
//! It was trained by the scenarios that are played by touch: it types what they type, mostly.

use std::collections::BTreeMap;

use simulator::patrol::scenario::{Doing, Scenario, Step};
use ui::{Way, Within};

use crate::dice::Dice;

/// The key of a keypad that takes the last digit back.
pub(super) const ERASE: &str = "Effacer le dernier chiffre";

const LESSONS: [&str; 2] = [
    include_str!("../../../simulator/scenarios/nuit-au-doigt.toml"),
    include_str!("../../../simulator/scenarios/plaintes-au-doigt.toml"),
];

/// What no lesson types.
const MORE: [(&str, &str); 12] = [
    ("OPJ de permanence", "7654321"),
    ("Lieu", "14 rue de la République, Saint-Denis"),
    ("Commune", "93066"),
    ("Objet", "usage d'un téléphone tenu en main par le conducteur"),
    (
        "Récit",
        "Sommes en patrouille portée.\n\nApercevons le conducteur.",
    ),
    ("Chercher une infraction", "23800"),
    ("Chercher une infraction", "7151"),
    ("Plaque", "AB-123-CD"),
    ("Immatriculation", "AB-123-CD"),
    ("Adresse", "7 allée des Lilas, Saint-Denis"),
    ("Motif", "contrôle d'identité sur la voie publique"),
    (
        "Faits observés",
        "quitte le magasin en courant à la vue de la patrouille",
    ),
];

/// For a field that it was taught nothing about.
const ANYTHING: [&str; 4] = ["12", "CANARI", "14 h 05, rue Haute", "12/03/1985"];

/// What nobody expects in a field.
const NONSENSE: [&str; 9] = [
    "",
    " ",
    "👮‍♀️🚓 5 rue",
    "\u{202e}محضر معاينة",
    "Z̴̧̛a̷l̸g̶o̵ e\u{301}\u{327}",
    "32/13/2026",
    "-1",
    "NULL; DROP TABLE drafts",
    "a\u{0}b\ttab\r\nline",
];

pub(super) struct Wits {
    taught: BTreeMap<String, Vec<String>>,
    /// What leads from home to a signature.
    journeys: Vec<Vec<Doing>>,
}

impl Wits {
    pub(super) fn trained() -> Self {
        let mut taught: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut journeys = Vec::new();
        let mut learn = |label: &str, text: &str| {
            let texts = taught.entry(plain(label)).or_default();
            if !texts.iter().any(|known| known == text) {
                texts.push(text.to_owned());
            }
        };
        for lesson in LESSONS {
            let lesson = Scenario::parse(lesson).expect("the scenarios of this project read");
            for step in &lesson.steps {
                let Step::Touch { act, touches, .. } = step else {
                    continue;
                };
                if act.is_some() {
                    journeys.push(touches.iter().flat_map(done_by_hand).collect());
                }
                for doing in touches {
                    if let Doing::Fill(label, text) = doing {
                        learn(label, text);
                    }
                }
            }
        }
        MORE.into_iter().for_each(|(label, text)| learn(label, text));
        Self { taught, journeys }
    }

    /// A way to a signature that it was taught.
    pub(super) fn journey(&self, dice: &mut Dice) -> Vec<Doing> {
        one_of(&self.journeys, dice).clone()
    }

    /// What it types into the field of this label.
    pub(super) fn text(&self, label: &str, dice: &mut Dice) -> String {
        let taught = self.taught.get(&plain(label)).map_or(&[][..], Vec::as_slice);
        match dice.below(20) {
            0 => one_of(&NONSENSE, dice).to_string(),
            1 => "mot ".repeat(1 + usize::try_from(dice.below(800)).unwrap_or(0)),
            _ if taught.is_empty() => one_of(&ANYTHING, dice).to_string(),
            _ => one_of(taught, dice).clone(),
        }
    }
}

/// What of a lesson is a hand's: nothing is waited for, and what is drawn is accepted.
fn done_by_hand(doing: &Doing) -> Vec<Doing> {
    match doing {
        Doing::Press(_) | Doing::Fill(..) | Doing::Mark(_) => vec![doing.clone()],
        Doing::Draw(_) => vec![doing.clone(), Doing::Press("Valider".to_owned())],
        Doing::Scan(_) | Doing::See(_) | Doing::Chosen(_) | Doing::Picture(_) | Doing::Kill => Vec::new(),
    }
}

pub(super) fn one_of<'a, T>(these: &'a [T], dice: &mut Dice) -> &'a T {
    let place = dice.below(u64::try_from(these.len()).unwrap_or(u64::MAX));
    &these[usize::try_from(place).unwrap_or(0)]
}

/// What leads through an act to its end.
const ONWARD: [&str; 12] = [
    "Suivant",
    "Signer",
    "Lire et faire signer",
    "Reprendre la lecture",
    "Ouvrir la lecture",
    "Lu",
    "Faire signer",
    "Valider",
    "NATINF",
    "Prendre le service",
    "Compris",
    "Reprendre",
];

/// What leads out of it, or costs more than it tells.
const ASIDE: [&str; 9] = [
    "Retour",
    "Aperçu",
    "Verrouiller",
    "Abandonner",
    "Fin de service",
    "Masquer",
    "Fermer",
    "Rien à signaler",
    "Affichage",
];

/// How readily it reaches for this: what it never reached for draws it.
pub(super) fn weight(one: &Within, keypad: bool, familiar: bool) -> u64 {
    let label = plain(&one.label);
    let begins = |words: &[&str]| words.iter().any(|word| label.starts_with(word));
    match one.way {
        Way::Draw => 60,
        Way::Fill if one.value.is_empty() => 12,
        Way::Fill => 2,
        // Codes are planned: digits at random would end the access.
        Way::Press if keypad && (label.chars().count() == 1 || begins(&CODED)) => 0,
        Way::Press if begins(&ONWARD) => 24,
        Way::Press if begins(&ASIDE) => 1,
        Way::Press if familiar => 3,
        Way::Press => 12,
    }
}

/// What ends the entry of a code.
const CODED: [&str; 6] = [
    "Déverrouiller",
    "Continuer",
    "Changer le code",
    "Choisir ce code",
    "Signer",
    ERASE,
];

/// The spaces of French typography as they are typed.
pub(super) fn plain(label: &str) -> String {
    label.replace(['\u{a0}', '\u{202f}'], " ")
}
