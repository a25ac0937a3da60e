//! The texts that fit what was seen under the rules of one form, weighed together.
//!
//! The sums under check digits are finite: ten for the digit at hand, ten for the composite one. So all texts are
//! weighed exactly, by a walk over cells with a hundred states, and none is left out as in a search with a beam.

use domain::identity::CheckedField;
use domain::identity::cells::{ALPHABET, Cell, Form, residue};

/// The logarithms of the probabilities of the 37 characters in one cell, in the order of [`ALPHABET`].
pub(super) type Chances = [f32; ALPHABET.len()];

/// Sums under the digit at hand and under the composite one.
const STATES: usize = 100;
const NEVER: f64 = f64::NEG_INFINITY;

/// One cell on the way of the walk.
struct Stop {
    cell: usize,
    /// Its weights under the two digits.
    weights: (u8, u8),
    role: Role,
}

#[derive(PartialEq, Eq)]
enum Role {
    Covered,
    /// The digit at hand: its sum ends here.
    Closes,
    /// The composite digit, last of all.
    Ends,
}

/// What one form makes of a zone.
pub(super) struct Weighed {
    /// The most likely text of the form; its digits agree when `holds`.
    pub(super) text: Vec<u8>,
    /// The logarithm of the probability that some text of this form, with digits that agree, was seen.
    pub(super) agreeing: f64,
    /// The share of texts with agreeing digits among all texts of this form.
    pub(super) share: f64,
    /// The probability, among texts with agreeing digits, that all that digits cover but names is as in `text`.
    pub(super) certainty: f64,
}

/// Weighs the texts of a form. The digits of fields decide, and the composite one where its rule is certain.
pub(super) fn weigh(chances: &[Chances], form: &Form) -> Weighed {
    let walk = walk(form);
    let allowed = |cell: usize, character: u8| form.cells()[cell].allows(character);
    let any = self::allowed(chances, form);
    let (best, agreeing) = (
        likeliest(chances, &walk, &allowed),
        total(chances, &walk, &allowed),
    );
    let text = best.unwrap_or_else(|| free(chances, &allowed));
    let claims = claims(form);
    let same =
        |cell: usize, character: u8| allowed(cell, character) && (!claims[cell] || character == text[cell]);
    let settled = total(chances, &walk, &same);
    Weighed {
        share: (agreeing - any).exp().min(1.0),
        certainty: if agreeing == NEVER {
            0.0
        } else {
            (settled - agreeing).exp().min(1.0)
        },
        agreeing,
        text,
    }
}

/// The logarithm of the probability that the kinds of all cells are heeded.
pub(super) fn allowed(chances: &[Chances], form: &Form) -> f64 {
    let kind = |(cell, chances): (&Cell, &Chances)| {
        sum(options(chances)
            .filter(|(character, _)| cell.allows(*character))
            .map(|(_, chance)| chance))
    };
    form.cells().iter().zip(chances).map(kind).sum()
}

/// The most likely text that heeds the kinds of cells alone, and how certain what digits cover of it is, names apart.
pub(super) fn unproven(chances: &[Chances], form: &Form) -> (Vec<u8>, f64) {
    let allowed = |cell: usize, character: u8| form.cells()[cell].allows(character);
    let text = free(chances, &allowed);
    let claims = claims(form);
    let certainty: f64 = (0..text.len())
        .filter(|cell| claims[*cell])
        .map(|cell| {
            let all = sum(options(&chances[cell]).map(|(_, chance)| chance));
            let this = options(&chances[cell])
                .find(|(c, _)| *c == text[cell])
                .map_or(NEVER, |(_, chance)| chance);
            this - all
        })
        .sum();
    (text, certainty.exp())
}

/// The cells that a reading vouches for: digits and what they cover, but names.
fn claims(form: &Form) -> Vec<bool> {
    (0..form.cells().len())
        .map(|cell| !form.is_name(cell) && !form.proof(cell).is_empty())
        .collect()
}

fn options(chances: &Chances) -> impl Iterator<Item = (u8, f64)> + '_ {
    ALPHABET
        .iter()
        .copied()
        .zip(chances.iter().map(|chance| f64::from(*chance)))
}

fn free(chances: &[Chances], allowed: &dyn Fn(usize, u8) -> bool) -> Vec<u8> {
    (0..chances.len())
        .map(|cell| {
            options(&chances[cell])
                .filter(|(character, _)| allowed(cell, *character))
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .map_or(b'<', |(character, _)| character)
        })
        .collect()
}

/// Cells in an order in which the sum of one digit at a time is open: each field with its digit, the rest, the
/// composite digit.
fn walk(form: &Form) -> Vec<Stop> {
    let is_whole = |field| {
        field == CheckedField::Composite
            && form.layout() != domain::identity::Layout::CertificatImmatriculation
    };
    let count = form.cells().len();
    let mut whole = vec![0; count];
    let mut end = None;
    for digit in form.digits().iter().filter(|digit| is_whole(digit.field)) {
        for (cell, weight) in digit.weighted() {
            whole[cell] = weight;
        }
        end = Some(digit.at);
    }
    let mut walked = vec![false; count];
    let mut walk = Vec::with_capacity(count);
    for digit in form
        .digits()
        .iter()
        .filter(|digit| digit.field != CheckedField::Composite)
    {
        for (cell, weight) in digit.weighted() {
            walked[cell] = true;
            walk.push(Stop {
                cell,
                weights: (weight, whole[cell]),
                role: Role::Covered,
            });
        }
        walked[digit.at] = true;
        walk.push(Stop {
            cell: digit.at,
            weights: (0, whole[digit.at]),
            role: Role::Closes,
        });
    }
    for cell in (0..count).filter(|cell| Some(*cell) != end) {
        if !walked[cell] {
            walk.push(Stop {
                cell,
                weights: (0, whole[cell]),
                role: Role::Covered,
            });
        }
    }
    walk.extend(end.map(|cell| Stop {
        cell,
        weights: (0, 0),
        role: Role::Ends,
    }));
    walk
}

/// Where a character leads from a state; none when a digit would not agree.
fn next(stop: &Stop, state: usize, character: u8) -> Option<usize> {
    let (field, whole) = (state / 10, state % 10);
    let value = usize::from(residue(character));
    let weighed = |weight: u8| usize::from(weight) * value;
    let after = (whole + weighed(stop.weights.1)) % 10;
    match stop.role {
        Role::Covered => Some((field + weighed(stop.weights.0)) % 10 * 10 + after),
        Role::Closes => (value == field).then_some(after),
        Role::Ends => (value == whole).then_some(0),
    }
}

/// The logarithm of the sum over all texts whose digits agree.
fn total(chances: &[Chances], walk: &[Stop], allowed: &dyn Fn(usize, u8) -> bool) -> f64 {
    let mut states = [NEVER; STATES];
    states[0] = 0.0;
    for stop in walk {
        let mut after = [NEVER; STATES];
        for (character, chance) in options(&chances[stop.cell]).filter(|(c, _)| allowed(stop.cell, *c)) {
            for (state, so_far) in states.iter().enumerate().filter(|(_, so_far)| **so_far > NEVER) {
                if let Some(to) = next(stop, state, character) {
                    after[to] = added(after[to], so_far + chance);
                }
            }
        }
        states = after;
    }
    sum(states.into_iter())
}

/// The most likely text whose digits agree; none when there is none.
fn likeliest(chances: &[Chances], walk: &[Stop], allowed: &dyn Fn(usize, u8) -> bool) -> Option<Vec<u8>> {
    let mut states = [NEVER; STATES];
    states[0] = 0.0;
    let mut backs: Vec<[(u8, u8); STATES]> = Vec::with_capacity(walk.len());
    for stop in walk {
        let mut after = [NEVER; STATES];
        let mut back = [(0, b'<'); STATES];
        for (character, chance) in options(&chances[stop.cell]).filter(|(c, _)| allowed(stop.cell, *c)) {
            for (state, so_far) in states.iter().enumerate().filter(|(_, so_far)| **so_far > NEVER) {
                let Some(to) = next(stop, state, character) else {
                    continue;
                };
                if so_far + chance > after[to] {
                    after[to] = so_far + chance;
                    back[to] = (u8::try_from(state).ok()?, character);
                }
            }
        }
        states = after;
        backs.push(back);
    }
    let mut state = (0..STATES).max_by(|a, b| states[*a].total_cmp(&states[*b]))?;
    if states[state] == NEVER {
        return None;
    }
    let mut text = vec![b'<'; chances.len()];
    for (stop, back) in walk.iter().zip(&backs).rev() {
        let (from, character) = back[state];
        text[stop.cell] = character;
        state = usize::from(from);
    }
    Some(text)
}

fn added(one: f64, other: f64) -> f64 {
    let (more, less) = if one > other { (one, other) } else { (other, one) };
    if less == NEVER {
        more
    } else {
        more + (less - more).exp().ln_1p()
    }
}

fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(NEVER, added)
}
