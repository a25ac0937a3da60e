//! The ministry's list as it is published, drawn from a seed: as many rows, as long, quoted and accented as the real one.

use std::collections::BTreeMap;

use domain::natinf::{Nature, ReferenceSet};

/// How the bytes of a list stand for its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Windows1252,
    Latin1,
}

const WORDS: [&str; 64] = [
    "CONDUITE",
    "D'UN",
    "VÉHICULE",
    "À MOTEUR",
    "SANS",
    "PERMIS",
    "MALGRÉ",
    "INVALIDATION",
    "RÉSULTANT",
    "DU",
    "RETRAIT",
    "DE LA",
    "TOTALITÉ",
    "DES POINTS",
    "EXERCICE",
    "ILLÉGAL",
    "D'UNE",
    "ACTIVITÉ",
    "RÉGLEMENTÉE",
    "PAR UNE",
    "PERSONNE",
    "MORALE",
    "DÉTENTION",
    "NON AUTORISÉE",
    "DE STUPÉFIANTS",
    "EN RÉUNION",
    "AVEC",
    "ARME",
    "MISE EN DANGER",
    "D'AUTRUI",
    "RISQUE",
    "IMMÉDIAT",
    "DE MORT",
    "OU D'INFIRMITÉ",
    "VIOLATION",
    "MANIFESTEMENT",
    "DÉLIBÉRÉE",
    "OBLIGATION",
    "RÉGLEMENTAIRE",
    "DE SÉCURITÉ",
    "OU DE PRUDENCE",
    "PÊCHE",
    "CHASSE",
    "EN TEMPS",
    "PROHIBÉ",
    "TRANSPORT",
    "ROUTIER",
    "DÉPASSEMENT",
    "DE LA DURÉE",
    "MAXIMALE",
    "JOURNALIÈRE",
    "SUPÉRIEURE",
    "À 10 HEURES",
    "NON-PRÉSENTATION",
    "DU DOCUMENT",
    "AUX AGENTS",
    "HABILITÉS",
    "EMPLOYEUR",
    "TRAVAILLEUR",
    "ÉTRANGER",
    "PUBLICITÉ",
    "TROMPEUSE",
    "INSTALLATION",
    "CLASSÉE",
];
const CODES: [&str; 8] = [
    "C.ROUTE",
    "C.PENAL",
    "C.ENVIR",
    "C.TRAVAIL",
    "C.CONSO",
    "C.TRANSPORTS",
    "C.S.P",
    "C.RUR",
];

/// The first number of a code that the embedded set does not know, in a drawn list.
pub const UNKNOWN: u32 = 40_001;

/// A list of `rows` offences with CRLF: the embedded codes under their own natures, then others. Every seventh label is
/// quoted, with a quote and a semicolon inside.
pub fn official_list(rows: usize, charset: Charset) -> Vec<u8> {
    let embedded = ReferenceSet::embedded().reference();
    let mut natures: BTreeMap<u32, Nature> = BTreeMap::new();
    for offence in &embedded.offences {
        natures.insert(offence.natinf.code(), offence.nature);
    }
    let mut state = 17;
    let others = (UNKNOWN..).map(|code| (code, Nature::Delit));
    let mut text =
        "Numéro NATINF;Nature de l'infraction;Qualification de l'infraction;Définie par;Réprimée par\r\n"
            .to_owned();
    for (row, (code, nature)) in natures.into_iter().chain(others).take(rows).enumerate() {
        let words: Vec<&str> = (0..6 + draw(&mut state, 12))
            .map(|_| *pick(&WORDS, &mut state))
            .collect();
        let label = words.join(" ");
        // What one of the two charsets alone has.
        let special = match charset {
            Charset::Windows1252 => "CŒUR – 15 €",
            Charset::Latin1 => "COEUR - 15 F",
        };
        let label = if row % 7 == 0 {
            format!("\"{label}; DIT \"\"{special}\"\"\"")
        } else {
            label
        };
        let articles = |state: &mut u64| {
            let article = |state: &mut u64| {
                let (book, number, code) = (draw(state, 9), draw(state, 900), *pick(&CODES, state));
                format!(
                    "ART.{}.{book}{number}-{} {code}.",
                    ["L", "R"][draw(state, 2)],
                    draw(state, 20)
                )
            };
            (0..1 + draw(state, 3))
                .map(|_| article(state))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (defined, punished) = (articles(&mut state), articles(&mut state));
        text += &format!("{code};{};{label};{defined};{punished}\r\n", words_of(nature));
    }
    text.chars().map(|c| byte(c, charset)).collect()
}

fn words_of(nature: Nature) -> &'static str {
    match nature {
        Nature::C1 => "Contravention de classe 1",
        Nature::C2 => "Contravention de classe 2",
        Nature::C3 => "Contravention de classe 3",
        Nature::C4 => "Contravention de classe 4",
        Nature::C5 => "Contravention de classe 5",
        Nature::Delit => "Délit",
        Nature::Crime => "Crime",
    }
}

/// Both charsets are Unicode's first 256 characters but for what stands here.
fn byte(c: char, charset: Charset) -> u8 {
    match (c, charset) {
        ('Œ', Charset::Windows1252) => 0x8c,
        ('–', Charset::Windows1252) => 0x96,
        ('€', Charset::Windows1252) => 0x80,
        _ => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    }
}

fn pick<'a>(words: &'a [&'static str], state: &mut u64) -> &'a &'static str {
    &words[draw(state, words.len())]
}

/// SplitMix64 (Steele, Lea, Flood 2014).
fn draw(state: &mut u64, below: usize) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((z ^ (z >> 31)) % below as u64).unwrap_or(0)
}
