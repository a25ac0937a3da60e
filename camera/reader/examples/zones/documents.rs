//! Zones of invented people and vehicles, with their check digits.

use domain::identity::Layout;
use domain::identity::cells::{CheckDigit, Form};

/// Chance that a seed fixes: SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.bits() % end as u64).expect("below a size")
    }

    #[expect(clippy::cast_precision_loss, reason = "24 bits")]
    pub(crate) fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * (self.bits() >> 40) as f32 / (1 << 24) as f32
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn pick(&mut self, from: &[u8]) -> u8 {
        from[self.below(from.len())]
    }
}

const LAYOUTS: [Layout; 8] = [
    Layout::Td1,
    Layout::Td2,
    Layout::Td3,
    Layout::VisaA,
    Layout::VisaB,
    Layout::OldCni,
    Layout::Permis,
    Layout::CertificatImmatriculation,
];
const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const BOTH: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A printed zone.
pub(crate) struct Printed {
    pub(crate) form: Form,
    pub(crate) zone: Vec<u8>,
    /// One digit in some zones is printed wrong: nothing must repair it.
    pub(crate) is_misprint: bool,
}

impl Printed {
    pub(crate) fn lines(&self) -> impl Iterator<Item = &[u8]> {
        self.zone.chunks(self.form.layout().width())
    }
}

pub(crate) fn printed(dice: &mut Dice) -> Printed {
    let layout = LAYOUTS[dice.below(LAYOUTS.len())];
    let mut zone = match layout {
        Layout::Td1 => td1(dice),
        Layout::Td2 => two_lines(dice, "I<", 36),
        Layout::Td3 => two_lines(dice, "P<", 44),
        Layout::VisaA => two_lines(dice, "V<", 44),
        Layout::VisaB => two_lines(dice, "V<", 36),
        Layout::OldCni => old_cni(dice),
        Layout::Permis => permis(dice),
        Layout::CertificatImmatriculation => certificate(dice),
    };
    let form = Form::of(layout, &zone);
    for digit in form.digits() {
        zone[digit.at] = digit.due(&zone);
    }
    let is_misprint = dice.one_in(40);
    if is_misprint {
        let digit: &CheckDigit = &form.digits()[dice.below(form.digits().len() - 1)];
        zone[digit.at] = DIGITS[(usize::from(zone[digit.at] - b'0') + 1 + dice.below(9)) % 10];
    }
    Printed {
        form,
        zone,
        is_misprint,
    }
}

fn put(zone: &mut [u8], at: usize, text: &[u8]) {
    zone[at..at + text.len()].copy_from_slice(text);
}

fn several(dice: &mut Dice, from: &[u8], count: usize) -> Vec<u8> {
    (0..count).map(|_| dice.pick(from)).collect()
}

fn date(dice: &mut Dice) -> Vec<u8> {
    let (year, month, day) = (dice.below(100), 1 + dice.below(12), 1 + dice.below(28));
    format!("{year:02}{month:02}{day:02}").into_bytes()
}

/// A word that can be said, and then a few letters in any order.
fn word(dice: &mut Dice) -> Vec<u8> {
    let mut word = Vec::new();
    for _ in 0..=dice.below(3) {
        word.push(dice.pick(b"BCDFGHJKLMNPQRSTVWXZ"));
        word.push(dice.pick(b"AEIOUY"));
        if dice.one_in(3) {
            word.push(dice.pick(LETTERS));
        }
    }
    word
}

/// Surname and given names in `width` cells, cut off at the end.
fn name(dice: &mut Dice, width: usize) -> Vec<u8> {
    let mut name = word(dice);
    if dice.one_in(4) {
        name.push(b'<');
        name.extend(word(dice));
    }
    name.extend(b"<<");
    for _ in 0..=dice.below(3) {
        name.extend(word(dice));
        name.push(b'<');
    }
    name.resize(width, b'<');
    name
}

fn state(dice: &mut Dice) -> &'static [u8] {
    const STATES: [&str; 12] = [
        "FRA", "UTO", "D<<", "BEL", "ITA", "ESP", "PRT", "DZA", "MAR", "SEN", "ROU", "CHN",
    ];
    STATES[dice.below(STATES.len())].as_bytes()
}

fn sex(dice: &mut Dice) -> u8 {
    dice.pick(b"MFMFMFMF<")
}

/// Optional data: empty, digits, or both kinds.
fn optional(dice: &mut Dice, width: usize) -> Vec<u8> {
    let mut data = match dice.below(3) {
        0 => Vec::new(),
        1 => {
            let count = dice.below(width + 1);
            several(dice, DIGITS, count)
        }
        _ => {
            let count = dice.below(width + 1);
            several(dice, BOTH, count)
        }
    };
    data.resize(width, b'<');
    data
}

/// Nine characters of a document number: digits after a letter or two, or both kinds.
fn number(dice: &mut Dice) -> Vec<u8> {
    match dice.below(3) {
        0 => several(dice, DIGITS, 9),
        1 => [several(dice, LETTERS, 2), several(dice, DIGITS, 7)].concat(),
        _ => several(dice, BOTH, 9),
    }
}

fn td1(dice: &mut Dice) -> Vec<u8> {
    let mut zone = vec![b'<'; 90];
    let head: &[u8] = if dice.one_in(2) { b"ID" } else { b"I<" };
    put(&mut zone, 0, head);
    put(&mut zone, 2, state(dice));
    put(&mut zone, 5, &number(dice));
    if dice.one_in(4) {
        // A long number goes on in the optional data, and its digit stands after it.
        let more = 1 + dice.below(6);
        put(&mut zone, 15, &several(dice, DIGITS, more + 1));
    } else {
        zone[14] = b'0';
        put(&mut zone, 15, &optional(dice, 15));
    }
    put(&mut zone, 30, &date(dice));
    zone[37] = sex(dice);
    put(&mut zone, 38, &date(dice));
    put(&mut zone, 45, state(dice));
    put(&mut zone, 48, &optional(dice, 11));
    put(&mut zone, 60, &name(dice, 30));
    zone
}

fn two_lines(dice: &mut Dice, head: &str, width: usize) -> Vec<u8> {
    let mut zone = vec![b'<'; 2 * width];
    put(&mut zone, 0, head.as_bytes());
    put(&mut zone, 2, state(dice));
    put(&mut zone, 5, &name(dice, width - 5));
    put(&mut zone, width, &number(dice));
    zone[width + 9] = b'0';
    put(&mut zone, width + 10, state(dice));
    put(&mut zone, width + 13, &date(dice));
    zone[width + 20] = sex(dice);
    put(&mut zone, width + 21, &date(dice));
    let optional_width = if width == 44 { 14 } else { 7 };
    put(&mut zone, width + 28, &optional(dice, optional_width));
    zone
}

fn old_cni(dice: &mut Dice) -> Vec<u8> {
    let mut zone = vec![b'<'; 72];
    put(&mut zone, 0, b"IDFRA");
    let surname = word(dice);
    put(&mut zone, 5, &surname);
    if dice.one_in(2) {
        let office = several(dice, DIGITS, 6);
        put(&mut zone, 30, &office);
    }
    let issued = date(dice);
    put(&mut zone, 36, &issued[..4]);
    put(&mut zone, 40, &several(dice, DIGITS, 8));
    let mut given = [word(dice), b"<<".to_vec(), word(dice)].concat();
    given.resize(14, b'<');
    put(&mut zone, 49, &given);
    put(&mut zone, 63, &date(dice));
    zone[70] = dice.pick(b"MF");
    zone
}

fn permis(dice: &mut Dice) -> Vec<u8> {
    let mut zone = vec![b'<'; 30];
    put(&mut zone, 0, b"D1FRA");
    put(&mut zone, 5, &several(dice, DIGITS, 2));
    put(&mut zone, 7, &several(dice, LETTERS, 2));
    put(&mut zone, 9, &several(dice, DIGITS, 5));
    put(&mut zone, 15, &date(dice));
    let mut surname = word(dice);
    surname.resize(8, b'<');
    put(&mut zone, 21, &surname);
    zone
}

fn certificate(dice: &mut Dice) -> Vec<u8> {
    const PLATE: &[u8] = b"ABCDEFGHJKLMNPQRSTVWXYZ";
    const VIN: &[u8] = b"0123456789ABCDEFGHJKLMNPRSTUVWXYZ";
    let mut zone = vec![b'<'; 88];
    put(&mut zone, 0, b"CRFRA");
    put(&mut zone, 5, &several(dice, PLATE, 2));
    put(&mut zone, 7, &several(dice, DIGITS, 3));
    put(&mut zone, 10, &several(dice, PLATE, 2));
    put(&mut zone, 13, &several(dice, VIN, 17));
    put(&mut zone, 31, &date(dice));
    put(&mut zone, 38, b"VP");
    put(&mut zone, 44, b"CI");
    let (make, model) = (word(dice), word(dice));
    put(&mut zone, 48, &make);
    put(&mut zone, 62, &model);
    let year = 2009 + dice.below(17);
    put(&mut zone, 75, format!("{year}").as_bytes());
    put(&mut zone, 79, &several(dice, LETTERS, 2));
    put(&mut zone, 81, &several(dice, DIGITS, 5));
    zone
}
