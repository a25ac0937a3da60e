//! Leaflets for somebody's hands: chosen by language, read as a page, handed over, and what a call at the home leads to.

use domain::dialogue::{DraftView, Intent, PagesView, ShownLeaflet, View};
use domain::draft::Field;
use domain::plainte::{Language, Wording};
use domain::pv::Leaflet;
use domain::record::ActKind;
use drawn::{FormAdapter, Step};
use slint::ComponentHandle;

use super::{Phone, Screen, sample};

fn measure(texts: &[(Field, &str)]) -> Phone {
    let phone = Phone::unlocked();
    let draft: DraftView = sample::draft(ActKind::Pv, texts);
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Pv);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Measure);
    phone.settle();
    phone
}

const CUSTODY: [(Field, &str); 2] = [
    (Field::PvKind, "MISE-A-DISPOSITION"),
    (Field::NoticeGiver, "PATROUILLE"),
];

const CALL: [(Field, &str); 3] = [
    (Field::PvKind, "DOMICILE"),
    (Field::Door, "OUVERT"),
    (Field::Wish, "PLAINTE"),
];

fn shown(leaflet: Leaflet, language: Language) -> View {
    View::Pages(PagesView {
        leaflet: Some(ShownLeaflet { leaflet, language }),
        ..sample::pages(1, 1)
    })
}

#[test]
fn cpp_803_6_the_sheet_of_rights_is_read_in_their_language_and_the_form_says_so() {
    let phone = measure(&CUSTODY);
    phone.press("Fiche des droits dans sa langue");
    phone.press("Arabe");
    assert!(matches!(
        phone.only_sent(),
        Intent::ShowLeaflet { draft, leaflet: ShownLeaflet { leaflet: Leaflet::Custody, language: Language::Arabic } }
            if draft == sample::act(1)
    ));
    phone.see(&shown(Leaflet::Custody, Language::Arabic));
    let text = Leaflet::Custody.text(Language::Arabic);
    let said: Vec<&str> = text.entries().flat_map(Wording::lines).collect();
    assert!(phone.says(&said.join("\n")), "the page has its text");
    assert!(phone.says("Imprimer la fiche"));
    phone.press("Remise à la personne");
    let filled: Vec<(Field, String)> = phone
        .sent()
        .into_iter()
        .filter_map(|intent| {
            let Intent::Fill { field, text, .. } = intent else {
                return None;
            };
            Some((field, text))
        })
        .collect();
    assert_eq!(
        filled,
        [
            (Field::CustodyLanguage, "arabe".to_owned()),
            (Field::CustodySheet, "REMIS".to_owned())
        ]
    );
    assert!(!phone.says("Remise à la personne"));
}

#[test]
fn a_leaflet_that_nobody_asked_for_does_not_cover_the_screen() {
    let phone = measure(&CALL);
    phone.see(&shown(Leaflet::Card, Language::Turkish));
    assert!(!phone.says("Remise à la personne"));
}

#[test]
fn a_call_at_the_home_leads_to_the_card_the_alert_and_the_complaint() {
    let phone = measure(&CALL);
    phone.press("Carte discrète dans sa langue");
    phone.press("Turc");
    phone.only_sent();
    phone.see(&shown(Leaflet::Card, Language::Turkish));
    phone.press("Remise à la personne");
    assert!(matches!(
        phone.only_sent(),
        Intent::Fill { field: Field::CardHanded, text, .. } if text == "oui"
    ));
    phone.press("Alerter le centre opérationnel");
    phone.press("Arme");
    phone.press("Alerter maintenant");
    assert!(matches!(phone.only_sent(), Intent::RaiseAlert { draft, .. } if draft == sample::act(1)));
    phone.press("Recueillir la plainte, sans ressaisir");
    assert!(matches!(
        phone.only_sent(),
        Intent::FollowUp { from, kind: ActKind::Plainte, .. } if from == sample::act(1)
    ));
}
