//! The validation of a PVe (A.37-15 and A.37-19 CPP): by card and code alone, sealed from then on, with nothing on the windscreen.

use agent::engine::{CardEvent, Event};
use domain::Secret;
use domain::dialogue::{Intent, Notice, View};
use domain::draft::Field;
use domain::record::ActKind;
use simulator::card::SimCard;
use simulator::patrol::invariants::nothing_is_readable;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::bare::Bare;
use tests::invariants;
use tests::watched::Watched;

fn told(bare: &Bare) -> Vec<Notice> {
    let notices = bare.views.iter().filter_map(|view| {
        if let View::Notice(notice) = view {
            Some(*notice)
        } else {
            None
        }
    });
    notices.collect()
}

#[test]
fn cpp_a37_19_a_pve_is_validated_with_the_personal_card_and_its_code_alone() {
    let mut watched = Watched::on_duty(980);
    let draft = act_id(1);
    watched.play(acts::drafted(draft, ActKind::Pve));
    watched.act(Action::Kill);
    let layout = watched.world.layout();
    let mut bare = Bare::open(layout, watched.world.now());
    let code = watched.world.scenario().officer.code.clone();
    let unlock = |code: &str| Intent::Unlock {
        code: Secret::new(code.to_owned()),
    };
    // The code without the card.
    bare.event(Event::Card(CardEvent::Removed)).unwrap();
    bare.intent(unlock(&code)).unwrap();
    assert!(told(&bare).contains(&Notice::CardMissing) && bare.jobs.is_empty());
    // A card that is not enrolled here, under a certificate of its own.
    let elsewhere = tempfile::tempdir().unwrap();
    let strangers = SimCard::open(elsewhere.path()).unwrap();
    bare.insert(strangers, vec![0; 16]);
    bare.intent(unlock(&code)).unwrap();
    assert!(bare.jobs.is_empty());
    // The card without its code.
    let certificate = SimCard::certificate(&layout.card()).unwrap();
    bare.insert(SimCard::open(&layout.card()).unwrap(), certificate);
    bare.intent(unlock("135790")).unwrap();
    bare.work().unwrap();
    assert!(!bare.engine.is_unlocked());
    bare.intent(Intent::Sign { draft }).unwrap();
    assert!(bare.jobs.is_empty() && bare.engine.device().acts().unwrap().is_empty());
    // Both.
    bare.intent(unlock(&code)).unwrap();
    bare.work().unwrap();
    assert!(bare.engine.is_unlocked());
}

#[test]
fn cpp_a37_19_a_pve_is_encrypted_from_its_validation_and_nothing_changes_it() {
    let mut watched = Watched::on_duty(981);
    let act = act_id(1);
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(act, ActKind::Pve));
    let validated = invariants::acts(&watched.world).unwrap();
    assert_eq!(validated.len(), 1);
    let words = ["Téléphone tenu en main droite", "AB-123-CD"].map(str::to_owned);
    let (unread, _) = nothing_is_readable(&watched.world.layout().terminal(), &words);
    assert!(unread.ok && unread.checked > 0, "{:?}", unread.detail);
    let late = Said::Fill {
        draft: act,
        field: Field::Account,
        text: "Autre récit.".to_owned(),
    };
    watched.play([late.into(), Said::Sign { draft: act }.into()]);
    watched.intent(Intent::DiscardDraft { draft: act });
    watched.play([Action::Kill, Action::Start, Action::Unlock, Action::Restore]);
    watched.act(Action::Advance(700_000));
    assert!(watched.is_received(act));
    let arrived = invariants::acts(&watched.world).unwrap();
    let record = |rows: &[agent::store::OutboxRow]| rows.iter().map(|row| row.record).collect::<Vec<_>>();
    assert_eq!(record(&arrived), record(&validated));
    watched.finish();
}

#[test]
fn cpp_a37_15_a_pve_needs_no_notice_on_the_windscreen() {
    let mut watched = Watched::on_duty(982);
    let act = act_id(1);
    watched.play(acts::drafted(act, ActKind::Pve));
    for (field, text) in [
        (Field::Interception, "STATIONNEMENT"),
        (Field::Offences, "7587"),
        (Field::Surname, ""),
        (Field::GivenNames, ""),
        (Field::BirthDate, ""),
    ] {
        let text = text.to_owned();
        watched.act(
            Said::Fill {
                draft: act,
                field,
                text,
            }
            .into(),
        );
    }
    // Nobody is there, nothing is printed or handed over.
    watched.play([Said::Sign { draft: act }.into(), Action::Advance(60_000)]);
    let problems = watched
        .world
        .board
        .draft
        .as_ref()
        .map(|draft| draft.problems.clone());
    assert!(watched.is_received(act), "{problems:?}");
    watched.finish();
}
