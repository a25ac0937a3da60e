//! Draws the files from a seed, and adds the people and vehicles that scenarios count on.

use domain::identity::CivilDate;
use domain::officer::FileKind;
use domain::query::{Card, Registered};
use domain::vehicle::Plate;

use super::PoliceFiles;
use super::names::{COLOURS, GIVEN, PLATE_LETTERS, SOUGHT, SURNAMES, TOWNS, VEHICLES, WATCHED};

const SOUGHT_PEOPLE: u32 = 1_500;
const DRIVERS: u32 = 3_000;
const REGISTERED: u32 = 3_000;
/// One registered vehicle in this many is reported stolen.
const STOLEN_ONE_IN: u32 = 12;

pub(super) fn fill(files: &mut PoliceFiles, seed: u64) {
    scripted(files);
    let mut draw = Draw(seed);
    for number in 0..SOUGHT_PEOPLE {
        let (surname, given, born) = draw.person();
        let (category, reason, instruction, dangerous) = draw.one(&SOUGHT);
        let lines = vec![
            format!("Fiche {category}"),
            format!("Motif : {reason}"),
            format!("Service demandeur : {}", draw.one(&TOWNS)),
        ];
        let card = Card {
            number: Some(format!("{:07}", 1_000_000 + number).into()),
            ..card(
                format!("{surname} {given}, {born}"),
                lines,
                Some(instruction),
                dangerous,
            )
        };
        files.add_person(FileKind::Fpr, surname, given, born, card);
    }
    for _ in 0..DRIVERS {
        let (surname, given, born) = draw.person();
        let points = draw.below(13);
        let valid = points > 0;
        let lines = vec![
            format!(
                "Catégories : {}",
                if draw.below(4) == 0 { "AM, A2, B" } else { "AM, B" }
            ),
            format!("Points : {points}/12"),
            (if valid {
                "Permis valide"
            } else {
                "Permis invalidé"
            })
            .to_owned(),
        ];
        let instruction = (!valid).then_some("Ne pas laisser conduire ; notifier la décision (48 SI).");
        let card = Card {
            registered: Some(holder(surname, given, born)),
            ..card(format!("{surname} {given}, {born}"), lines, instruction, false)
        };
        files.add_person(FileKind::Snpc, surname, given, born, card);
    }
    for _ in 0..REGISTERED {
        let plate = draw.plate();
        let vehicle = draw.vehicle();
        let (surname, given, _) = draw.person();
        let holder = format!("{surname} {given}, {}", draw.one(&TOWNS));
        files.add_vehicle(FileKind::Siv, plate.key(), registered(&plate, &vehicle, &holder));
        if draw.below(STOLEN_ONE_IN) == 0 {
            files.add_vehicle(
                FileKind::Foves,
                plate.key(),
                stolen(&plate, &vehicle, draw.one(&TOWNS)),
            );
        }
    }
}

/// What scenarios rely on, whatever the seed.
fn scripted(files: &mut PoliceFiles) {
    let people = [
        ("ERIKSSON", "ANNA MARIA", (1974, 8, 12), SOUGHT[2]),
        ("DURAND", "MARC", (1988, 5, 3), SOUGHT[4]),
        ("VIDAL", "PAUL", (1991, 9, 7), WATCHED),
    ];
    for (number, (surname, given, (year, month, day), sought)) in (1..).zip(people) {
        let born = CivilDate::new(year, month, day).expect("the scripted dates are of the calendar");
        let (category, reason, instruction, dangerous) = sought;
        let lines = vec![
            format!("Fiche {category}"),
            format!("Motif : {reason}"),
            "Service demandeur : Lyon".to_owned(),
        ];
        let card = Card {
            number: Some(format!("{number:07}").into()),
            surveillance: category == WATCHED.0,
            ..card(
                format!("{surname} {given}, {born}"),
                lines,
                Some(instruction),
                dangerous,
            )
        };
        files.add_person(FileKind::Fpr, surname, given, born, card);
    }
    let plate = Plate::parse("AB-123-CD").expect("the scripted plate is one");
    let vehicle = "PEUGEOT 308, gris";
    files.add_vehicle(
        FileKind::Siv,
        plate.key(),
        registered(&plate, vehicle, "MOREL SOPHIE, Lyon"),
    );
    files.add_vehicle(FileKind::Foves, plate.key(), stolen(&plate, vehicle, "Lyon"));
    let plate = Plate::parse("AB-456-CD").expect("the scripted plate is one");
    let watched = Card {
        number: Some("0000004".into()),
        surveillance: true,
        ..card(
            plate.to_string(),
            vec!["RENAULT Clio, bleu".to_owned()],
            Some(WATCHED.2),
            false,
        )
    };
    files.add_vehicle(FileKind::Foves, plate.key(), watched);
}

fn registered(plate: &Plate, vehicle: &str, holder: &str) -> Card {
    let lines = vec![vehicle.to_owned(), format!("Titulaire : {holder}")];
    let make = vehicle.split(' ').next().map(str::to_owned);
    Card {
        registered: Some(Registered {
            plate: Some(plate.to_string().into()),
            make,
            ..Registered::default()
        }),
        ..card(plate.to_string(), lines, None, false)
    }
}

/// The person of an entry, each fact apart.
pub(super) fn holder(surname: &str, given: &str, born: CivilDate) -> Registered {
    Registered {
        surname: Some(surname.into()),
        given_names: Some(given.into()),
        born: Some(born.into()),
        ..Registered::default()
    }
}

fn stolen(plate: &Plate, vehicle: &str, town: &str) -> Card {
    let lines = vec![
        vehicle.to_owned(),
        "Véhicule volé".to_owned(),
        format!("Service demandeur : {town}"),
    ];
    let instruction = "Immobiliser le véhicule, préserver les traces, aviser le service demandeur.";
    card(plate.to_string(), lines, Some(instruction), false)
}

pub(super) fn card(title: String, lines: Vec<String>, instruction: Option<&str>, dangerous: bool) -> Card {
    Card {
        title: title.into(),
        lines: lines.into_iter().map(Into::into).collect(),
        instruction: instruction.map(Into::into),
        dangerous,
        number: None,
        homonym: None,
        surveillance: false,
        registered: None,
    }
}

/// SplitMix64: the same numbers on every computer.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    fn below(&mut self, end: u32) -> u32 {
        let scaled = (u128::from(self.next()) * u128::from(end)) >> 64;
        u32::try_from(scaled).expect("a 64-bit fraction of a 32-bit number has 32 bits")
    }

    fn one<T: Copy>(&mut self, among: &[T]) -> T {
        let count = u32::try_from(among.len()).expect("the lists are short");
        among[self.below(count) as usize]
    }

    /// Nobody of the scripted people: those are born on days that are never drawn.
    fn person(&mut self) -> (&'static str, &'static str, CivilDate) {
        let year = 1940 + i16::try_from(self.below(68)).expect("68 fits");
        let month = 1 + i8::try_from(self.below(12)).expect("12 fits");
        let day = 13 + i8::try_from(self.below(16)).expect("16 fits");
        let born = CivilDate::new(year, month, day).expect("every month has a 28th");
        (self.one(&SURNAMES), self.one(&GIVEN), born)
    }

    fn plate(&mut self) -> Plate {
        loop {
            let mut letter = || self.one(&PLATE_LETTERS);
            let (a, b, c, d) = (letter(), letter(), letter(), letter());
            // The first letters of the scripted plates are never drawn, and SS and 000 were never issued.
            if (a, b) != ('A', 'B')
                && let Ok(plate) = Plate::parse(&format!("{a}{b}{:03}{c}{d}", self.below(1000)))
            {
                return plate;
            }
        }
    }

    fn vehicle(&mut self) -> String {
        let (make, model) = self.one(&VEHICLES);
        format!("{make} {model}, {}", self.one(&COLOURS))
    }
}
