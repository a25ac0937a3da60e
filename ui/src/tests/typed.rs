//! Whatever is typed, pasted or scanned: nothing breaks, nothing swells, and what leaves is what a person meant.

use domain::dialogue::{Intent, View};
use domain::draft::Field;
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementQuery};
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use slint::ComponentHandle;

use super::{Phone, Screen, sample, scenes};

/// Letters, emoji of several parts, right to left, marks that combine, joiners, and what a scanner sends unseen.
const PIECES: [&str; 22] = [
    "a",
    "é",
    " ",
    "Vol",
    "12",
    "’",
    "👮🏽‍♀️",
    "🇫🇷",
    "😶‍🌫️",
    "مرحبا",
    "שלום",
    "e\u{301}\u{302}",
    "\u{200f}",
    "\u{200d}",
    "\u{202e}",
    "\u{feff}",
    "\n",
    "\r\n",
    "\t",
    "\u{0}",
    "\u{1d}",
    "\u{9b}",
];

fn texts() -> impl Strategy<Value = String> {
    vec(select(&PIECES[..]), 1..40).prop_map(|pieces| pieces.concat())
}

fn seeded(cases: u32) -> TestRunner {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn at(screen: Screen, kind: ActKind) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(sample::draft(kind, &[]))));
    phone.open(screen);
    phone
}

fn left(phone: &Phone) -> Option<(Field, String)> {
    phone.sent().into_iter().find_map(|intent| {
        if let Intent::Fill { field, text, .. } = intent {
            Some((field, text))
        } else {
            None
        }
    })
}

#[test]
fn what_leaves_a_field_is_what_a_person_meant() {
    let phone = at(Screen::Pv, ActKind::Pv);
    seeded(200)
        .run(&texts(), |text| {
            phone.fill("Objet", &text);
            let (field, said) = left(&phone).expect("a keystroke leaves");
            assert_eq!(field, Field::Subject);
            assert!(!said.contains(|c: char| c.is_control() && c != '\n'));
            let visible = |text: &str| -> String {
                let kept = text.chars().filter(|c| !c.is_control() && *c != ' ');
                kept.collect()
            };
            assert_eq!(
                visible(&said),
                visible(&text),
                "no character that is seen is lost"
            );
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_paste_of_a_megabyte_is_not_taken_and_leaves_what_was_there() {
    let phone = at(Screen::Pv, ActKind::Pv);
    phone.fill("Objet", "Vol à l’étalage");
    assert_eq!(left(&phone), Some((Field::Subject, "Vol à l’étalage".to_owned())));
    phone.fill("Objet", &"é".repeat(500_000));
    assert_eq!(left(&phone), None);
    assert_eq!(phone.value("Objet"), "Vol à l’étalage");
    assert!(phone.says("Texte trop long\u{a0}: il n’est pas pris."));
    phone.fill("Objet", "Vol");
    assert!(!phone.says("Texte trop long\u{a0}: il n’est pas pris."));
}

#[test]
fn no_field_of_any_screen_breaks_under_any_text() {
    let first = Phone::new().unwrap();
    let all = scenes::screens().into_iter().chain(scenes::overlays());
    let mut runner = seeded(1);
    let mut filled = 0;
    for scene in all.chain(scenes::steps(&first.app)) {
        let phone = Phone::new().unwrap();
        scene.set(&phone.app);
        phone.settle();
        let fields = ElementQuery::from_root(&phone.app)
            .match_descendants()
            .match_accessible_role(AccessibleRole::TextInput)
            .find_all();
        // One that another field's text took away is not filled.
        for field in fields.iter().filter(|field| field.is_valid()) {
            let text = texts().new_tree(&mut runner).unwrap();
            field.set_accessible_value(proptest::strategy::ValueTree::current(&text).as_str());
            filled += 1;
        }
        phone.settle();
        let bound = |intent: &Intent| !matches!(intent, Intent::Fill { text, .. } if text.len() > 65_536);
        assert!(phone.sent().iter().all(bound), "{}", scene.name);
        assert!(phone.app.window().size().width > 0);
    }
    assert!(filled > 150, "{filled} fields were filled");
}
