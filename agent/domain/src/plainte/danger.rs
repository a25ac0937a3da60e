//! The official grid by which a danger in a couple is assessed: twenty-three questions that the officer fills in.
//!
//! It says "danger" or nothing: no number of answers ever says that there is none, and an officer may raise what it says
//! and never lower it. It is never handed to the victim; it goes to the prosecutor, with a complaint or without.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

/// One question of the grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its number in the grid, from 1.
    pub number: u8,
    /// Two of these are a danger.
    pub red: bool,
    pub text: &'static str,
}

const fn asked(number: u8, red: bool, text: &'static str) -> Question {
    Question { number, red, text }
}

/// The grid in its order.
pub const QUESTIONS: [Question; 23] = [
    asked(1, false, "Êtes-vous blessé(e) ?"),
    asked(
        2,
        false,
        "Craignez-vous de nouvelles violences envers vous, vos enfants ou vos proches ?",
    ),
    asked(
        3,
        true,
        "Êtes-vous séparés, ou votre partenaire sait-il que vous voulez le quitter ? Cherche-t-il à savoir où vous vivez ?",
    ),
    asked(4, false, "Êtes-vous isolé(e) de votre famille ou de vos amis ?"),
    asked(
        5,
        false,
        "Avez-vous peur pour vous ou vos enfants ? Craignez-vous des représailles ?",
    ),
    asked(6, false, "Vous sentez-vous déprimé(e), à bout, sans solution ?"),
    asked(7, true, "Possède-t-il une arme à feu, déclarée ou non ?"),
    asked(
        8,
        false,
        "Consomme-t-il de l’alcool, des drogues ou des médicaments ?",
    ),
    asked(9, true, "A-t-il des antécédents psychiatriques ?"),
    asked(
        10,
        false,
        "A-t-il déjà blessé quelqu’un d’autre, dont un ancien partenaire ?",
    ),
    asked(11, false, "A-t-il déjà eu affaire à la justice ou à la police ?"),
    asked(
        12,
        false,
        "La police ou la gendarmerie est-elle déjà venue à votre domicile ?",
    ),
    asked(
        13,
        false,
        "A-t-il déjà tenté de se suicider, ou menacé de le faire ?",
    ),
    asked(14, false, "A-t-il déjà été violent envers vous ?"),
    asked(
        15,
        true,
        "Les violences sont-elles plus fréquentes depuis peu (verbales, physiques, sexuelles, psychologiques) ?",
    ),
    asked(
        16,
        false,
        "Êtes-vous enceinte, ou avez-vous un enfant de moins de deux ans ?",
    ),
    asked(
        17,
        false,
        "Essaie-t-il de contrôler ce que vous faites (tenue, sorties, travail) ?",
    ),
    asked(
        18,
        false,
        "Vous surveille-t-il au quotidien, ou vous harcèle-t-il (messages, appels, lettres) ?",
    ),
    asked(
        19,
        false,
        "Vous empêche-t-il de disposer de votre argent ou de vos papiers ?",
    ),
    asked(20, false, "Avez-vous des difficultés financières ?"),
    asked(
        21,
        true,
        "A-t-il déjà menacé de vous tuer, ou de tuer quelqu’un d’autre (un enfant) ?",
    ),
    asked(22, false, "A-t-il dit de quelle manière ?"),
    asked(
        23,
        false,
        "A-t-il évoqué ou commis des actes sexuels qui vous ont mis(e) mal à l’aise, heurté(e) ou blessé(e) ?",
    ),
];

/// The questions in the order of asking: the red ones first, each once.
pub fn in_order_of_asking() -> impl Iterator<Item = &'static Question> {
    let red = QUESTIONS.iter().filter(|question| question.red);
    red.chain(QUESTIONS.iter().filter(|question| !question.red))
}

/// What the victim answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum GridAnswer {
    #[n(0)]
    Yes,
    #[n(1)]
    No,
    /// Asked, and not answered.
    #[n(2)]
    NoAnswer,
    /// Danger was plain before it was asked.
    #[n(3)]
    NotAsked,
}

impl GridAnswer {
    /// What a question that is asked may come to.
    pub const GIVEN: [Self; 3] = [Self::Yes, Self::No, Self::NoAnswer];

    /// The letter by which a draft keeps it.
    pub const fn letter(self) -> char {
        match self {
            Self::Yes => 'O',
            Self::No => 'N',
            Self::NoAnswer => 'S',
            Self::NotAsked => '.',
        }
    }

    fn from_letter(letter: char) -> Option<Self> {
        Self::GIVEN.into_iter().find(|answer| answer.letter() == letter)
    }
}

/// A grid as it is filled in: one letter a question in the order of the grid, a point where it was not asked yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filling([Option<GridAnswer>; QUESTIONS.len()]);

/// Why a text is no grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a grid has twenty-three letters of O, N, S or a point")]
pub struct NotAGrid;

impl Default for Filling {
    fn default() -> Self {
        Self([None; QUESTIONS.len()])
    }
}

impl Filling {
    /// An empty text is a grid that nobody began.
    pub fn parse(text: &str) -> Result<Self, NotAGrid> {
        let mut filling = Self::default();
        if text.trim().is_empty() {
            return Ok(filling);
        }
        let letters: Vec<char> = text.trim().chars().collect();
        if letters.len() != QUESTIONS.len() {
            return Err(NotAGrid);
        }
        for (place, letter) in filling.0.iter_mut().zip(letters) {
            *place = match letter {
                '.' => None,
                letter => Some(GridAnswer::from_letter(letter).ok_or(NotAGrid)?),
            };
        }
        Ok(filling)
    }

    pub fn to_text(self) -> String {
        let letter = |answer: Option<GridAnswer>| answer.map_or('.', GridAnswer::letter);
        self.0.into_iter().map(letter).collect()
    }

    /// The answer to the question of this number; none for one that was not asked, and for a number of no question.
    pub fn answer(self, number: u8) -> Option<GridAnswer> {
        let place = usize::from(number).checked_sub(1)?;
        self.0.get(place).copied().flatten()
    }

    /// The same with another answer; a number of no question changes nothing.
    #[must_use]
    pub fn with(mut self, number: u8, answer: Option<GridAnswer>) -> Self {
        if let Some(place) = usize::from(number).checked_sub(1)
            && let Some(kept) = self.0.get_mut(place)
        {
            *kept = answer;
        }
        self
    }

    /// Numbers of the questions that nobody asked yet.
    pub fn open(self) -> impl Iterator<Item = u8> {
        QUESTIONS
            .iter()
            .map(|question| question.number)
            .filter(move |number| self.answer(*number).is_none())
    }

    fn counted(self, red_alone: bool) -> usize {
        QUESTIONS
            .iter()
            .filter(|question| question.red || !red_alone)
            .filter(|question| self.answer(question.number) == Some(GridAnswer::Yes))
            .count()
    }

    /// Two red answers, or twelve of any colour; the two are not added.
    pub fn is_danger(self) -> bool {
        self.counted(true) >= RED || self.counted(false) >= ANY
    }

    /// The author has a firearm.
    pub fn is_armed(self) -> bool {
        self.answer(ARMED) == Some(GridAnswer::Yes)
    }

    /// The author threatened to kill.
    pub fn threatens_death(self) -> bool {
        self.answer(DEATH) == Some(GridAnswer::Yes)
    }
}

/// So many red answers are a danger.
const RED: usize = 2;
/// So many answers of any colour are a danger.
const ANY: usize = 12;
/// The question about firearms.
const ARMED: u8 = 7;
/// The question about threats of death.
const DEATH: u8 = 21;

/// A grid that was filled in to its end, or far enough to be a danger.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(map)]
pub struct DangerGrid {
    /// In the order of the grid.
    #[n(0)]
    answers: Vec<GridAnswer>,
    /// The officer sees a danger that the answers do not count.
    #[n(1)]
    raised: bool,
}

impl<'b, C> Decode<'b, C> for DangerGrid {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        #[derive(Decode)]
        #[cbor(map)]
        struct Claimed {
            #[n(0)]
            answers: Vec<GridAnswer>,
            #[n(1)]
            raised: bool,
        }
        let Claimed { answers, raised } = Decode::decode(d, ctx)?;
        if answers.len() != QUESTIONS.len() {
            return Err(DecodeError::message("a grid has twenty-three answers"));
        }
        Ok(Self { answers, raised })
    }
}

impl DangerGrid {
    /// None while a question is open, unless the answers or the officer say a danger already: it is in the record whatever
    /// was not asked.
    pub fn of(filling: Filling, raised: bool) -> Option<Self> {
        let plain = raised || filling.is_danger();
        let answers = filling.0.into_iter();
        let answers: Option<Vec<GridAnswer>> = answers
            .map(|answer| answer.or(plain.then_some(GridAnswer::NotAsked)))
            .collect();
        answers.map(|answers| Self { answers, raised })
    }

    /// Each question with its answer.
    pub fn lines(&self) -> impl Iterator<Item = (&'static Question, GridAnswer)> {
        QUESTIONS.iter().zip(self.answers.iter().copied())
    }

    fn filling(&self) -> Filling {
        let mut filling = Filling::default();
        for (place, answer) in filling.0.iter_mut().zip(&self.answers) {
            *place = Some(*answer);
        }
        filling
    }

    /// By the rule of the grid, or by the officer who raised it; false says nothing.
    pub fn is_danger(&self) -> bool {
        self.raised || self.filling().is_danger()
    }

    /// Whether it is the officer and not the rule that says so.
    pub fn is_raised(&self) -> bool {
        self.raised && !self.filling().is_danger()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yes(numbers: &[u8]) -> Filling {
        let mut filling = Filling::default();
        for question in &QUESTIONS {
            filling = filling.with(question.number, Some(GridAnswer::No));
        }
        for number in numbers {
            filling = filling.with(*number, Some(GridAnswer::Yes));
        }
        filling
    }

    #[test]
    fn danger_grid_two_red_answers_or_twelve_of_any_colour() {
        assert!(!yes(&[3]).is_danger());
        assert!(yes(&[3, 7]).is_danger());
        let plain: Vec<u8> = QUESTIONS
            .iter()
            .filter(|question| !question.red)
            .map(|question| question.number)
            .collect();
        assert!(!yes(&plain[..11]).is_danger());
        assert!(yes(&plain[..12]).is_danger());
        // One red answer is one of the twelve, and adds nothing besides.
        assert!(!yes(&[&plain[..10], &[3]].concat()).is_danger());
        assert!(yes(&[&plain[..11], &[3]].concat()).is_danger());
    }

    #[test]
    fn danger_grid_an_officer_raises_it_and_nothing_lowers_it() {
        let calm = DangerGrid::of(yes(&[]), true).unwrap();
        assert!(calm.is_danger() && calm.is_raised());
        let danger = DangerGrid::of(yes(&[7, 21]), false).unwrap();
        assert!(danger.is_danger() && !danger.is_raised());
        let both = DangerGrid::of(yes(&[7, 21]), true).unwrap();
        assert!(both.is_danger() && !both.is_raised());
    }

    #[test]
    fn danger_grid_no_answer_is_an_answer_and_an_open_question_is_none() {
        let silent = yes(&[]).with(9, Some(GridAnswer::NoAnswer));
        assert!(DangerGrid::of(silent, false).is_some());
        let open = silent.with(9, None);
        assert_eq!(DangerGrid::of(open, false), None);
        assert_eq!(open.open().collect::<Vec<_>>(), [9]);
    }

    #[test]
    fn danger_grid_the_five_red_questions_are_asked_first_and_none_twice() {
        let order: Vec<u8> = in_order_of_asking().map(|question| question.number).collect();
        assert_eq!(order[..5], [3, 7, 9, 15, 21]);
        let mut sorted = order;
        sorted.sort_unstable();
        assert_eq!(sorted, (1..=23).collect::<Vec<u8>>());
    }

    #[test]
    fn a_grid_is_kept_as_letters_and_reads_back() {
        let filling = yes(&[1, 21]).with(4, None).with(5, Some(GridAnswer::NoAnswer));
        assert_eq!(filling.to_text(), "ONN.SNNNNNNNNNNNNNNNONN");
        assert_eq!(Filling::parse(&filling.to_text()), Ok(filling));
        assert_eq!(Filling::parse(""), Ok(Filling::default()));
        assert_eq!(Filling::parse("ON"), Err(NotAGrid));
        assert_eq!(Filling::parse(&"X".repeat(23)), Err(NotAGrid));
        assert!(filling.threatens_death() && !filling.is_armed());
    }

    #[test]
    fn bytes_with_a_question_missing_are_no_grid() {
        let grid = DangerGrid::of(yes(&[3]), false).unwrap();
        let bytes = crate::canonical::encode(&grid);
        assert_eq!(crate::canonical::decode::<DangerGrid>(&bytes).unwrap(), grid);
        let short = DangerGrid {
            answers: grid.answers[..22].to_vec(),
            ..grid
        };
        assert!(crate::canonical::decode::<DangerGrid>(&crate::canonical::encode(&short)).is_err());
    }

    #[test]
    fn danger_grid_a_question_without_an_answer_is_no_yes() {
        let silent = QUESTIONS.iter().fold(Filling::default(), |filling, question| {
            filling.with(question.number, Some(GridAnswer::NoAnswer))
        });
        assert!(!silent.is_danger() && !silent.is_armed() && !silent.threatens_death());
        let red = silent
            .with(3, Some(GridAnswer::Yes))
            .with(7, Some(GridAnswer::Yes));
        assert!(red.is_danger());
    }
}
