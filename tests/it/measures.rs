//! The hours that a measure starts, over lock, restart and a clock that is set.

use domain::dialogue::{Intent, Notice, Unsigned};
use domain::draft::Field;
use domain::pv::PvKind;
use domain::record::ActKind;
use domain::verification::Counted;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// A measure of `kind`, begun with `fields`; a field without text is stamped by the terminal.
fn begun(seed: u64, kind: PvKind, fields: &[(Field, &str)]) -> Watched {
    let mut watched = Watched::on_duty(seed);
    let draft = act_id(1);
    watched.intent(Intent::BeginMeasure {
        from: None,
        id: Some(draft),
        kind,
    });
    for (field, text) in fields {
        if text.is_empty() {
            watched.intent(Intent::Stamp { draft, field: *field });
        } else {
            watched.act(
                Said::Fill {
                    draft,
                    field: *field,
                    text: (*text).to_owned(),
                }
                .into(),
            );
        }
    }
    watched
}

/// What runs, by what it counts and the whole minutes that are left.
fn running(watched: &Watched) -> Vec<(Counted, i32)> {
    let home = watched.world.board.home.as_ref().unwrap();
    home.retentions
        .iter()
        .map(|line| (line.counted, line.left_min))
        .collect()
}

fn told(watched: &Watched) -> Vec<Notice> {
    let of_hours = |notice: &&Notice| matches!(notice, Notice::HoursNear { .. } | Notice::HoursOver { .. });
    watched
        .world
        .board
        .notices
        .iter()
        .filter(of_hours)
        .copied()
        .collect()
}

#[test]
fn cr_l224_2_the_hours_of_a_licence_outlive_the_signature_a_lock_a_restart_and_a_clock_that_is_set() {
    let draft = act_id(1);
    let mut watched = begun(
        790,
        PvKind::Retention,
        &[
            (Field::Place, "boulevard du Nord, Saint-Denis"),
            (Field::Surname, "CANARI"),
            (Field::BirthDate, "03/03/1985"),
            (Field::RetentionGround, "VITESSE"),
            (Field::RetentionFrom, ""),
            (Field::LicenceState, "REMIS"),
        ],
    );
    assert_eq!(running(&watched), [(Counted::Licence, 72 * 60)]);
    watched.act(Said::ReadBack { draft }.into());
    watched.intent(Intent::LeaveUnsigned {
        draft,
        signer: 0,
        why: Unsigned::Refuses,
        reason: "ne veut rien signer".to_owned(),
    });
    watched.act(Said::Sign { draft }.into());
    watched.act(Action::Advance(20_000));
    assert!(watched.delivery(draft).is_some(), "signed");
    watched.act(Action::Advance(10 * HOUR));
    watched.act(Said::Lock.into());
    watched.act(Action::Kill);
    watched.act(Action::Advance(10 * HOUR));
    watched.act(Action::Start);
    watched.act(Action::Unlock);
    let after = running(&watched);
    assert_eq!(after.len(), 1, "{after:?}");
    assert!((51 * 60..=52 * 60).contains(&after[0].1), "{after:?}");
    let now = watched.world.now().utc;
    watched.world.set_clock(now.plus(-30 * 3_600_000));
    for _ in 0..52 {
        watched.act(Action::Advance(HOUR));
    }
    let over = Notice::HoursOver {
        draft,
        counted: Counted::Licence,
    };
    assert!(told(&watched).contains(&over), "{:?}", told(&watched));
}

#[test]
fn cpp_63_1_who_is_arrested_and_not_told_the_rights_is_on_the_screen_until_they_are() {
    let draft = act_id(1);
    let mut watched = begun(791, PvKind::MiseADisposition, &[(Field::ArrestMoment, "")]);
    assert_eq!(running(&watched), [(Counted::CustodyNotice, 30)]);
    assert_eq!(told(&watched), []);
    watched.act(Action::Advance(21 * MINUTE));
    watched.act(Action::Kill);
    watched.act(Action::Start);
    watched.act(Action::Unlock);
    watched.act(Action::Advance(MINUTE));
    assert!(
        told(&watched).iter().any(|notice| matches!(
            notice,
            Notice::HoursNear {
                counted: Counted::CustodyNotice,
                ..
            }
        )),
        "{:?}",
        told(&watched)
    );
    watched.intent(Intent::Stamp {
        draft,
        field: Field::CustodyNotice,
    });
    let custody = running(&watched);
    assert_eq!(custody[0].0, Counted::Custody);
    assert!(custody[0].1 > 23 * 60, "{custody:?}");
    watched.intent(Intent::Stamp {
        draft,
        field: Field::HandedMoment,
    });
    assert_eq!(running(&watched), []);
}

#[test]
fn a_measure_from_home_knows_the_place_and_nobody_whom_another_act_was_about() {
    let mut watched = Watched::on_duty(792);
    watched.act(
        Said::OpenIntervention {
            number: "CIC-2026-0912".to_owned(),
            place: "14 rue de la République, Saint-Denis".to_owned(),
        }
        .into(),
    );
    let (road, drunk, licence) = (act_id(1), act_id(2), act_id(3));
    let begin = |watched: &mut Watched, from, id, kind| {
        watched.intent(Intent::BeginMeasure {
            from,
            id: Some(id),
            kind,
        });
    };
    begin(&mut watched, None, road, PvKind::Alcoolemie);
    for (field, text) in [
        (Field::Surname, "CANARI"),
        (Field::Address, "2 allée du Canari"),
        (Field::Plate, "AA-123-AA"),
    ] {
        let text = text.to_owned();
        watched.act(
            Said::Fill {
                draft: road,
                field,
                text,
            }
            .into(),
        );
    }
    let shown = |watched: &Watched, field| -> Option<String> {
        let draft = watched.world.board.draft.as_ref().unwrap();
        let typed = draft.texts.iter().find(|one| one.field == field)?;
        Some(typed.text.reveal().clone())
    };
    begin(&mut watched, None, drunk, PvKind::Ivresse);
    assert_eq!(
        shown(&watched, Field::Place).as_deref(),
        Some("14 rue de la République, Saint-Denis")
    );
    for field in [Field::Surname, Field::Address, Field::Plate] {
        assert_eq!(shown(&watched, field), None, "{field:?}");
    }
    begin(&mut watched, Some(road), licence, PvKind::Retention);
    assert_eq!(
        shown(&watched, Field::Address).as_deref(),
        Some("2 allée du Canari")
    );
}

#[test]
fn papers_to_justify_begin_from_the_signed_pve_with_its_number_and_what_it_noted() {
    let mut watched = Watched::on_duty(793);
    let (pve, owed) = (act_id(1), act_id(2));
    watched.play(acts::drafted(pve, ActKind::Pve));
    let text = "6227".to_owned();
    let field = Field::Offences;
    watched.act(
        Said::Fill {
            draft: pve,
            field,
            text,
        }
        .into(),
    );
    watched.act(Said::Sign { draft: pve }.into());
    watched.act(Action::Advance(20_000));
    assert!(watched.delivery(pve).is_some(), "signed");
    watched.intent(Intent::BeginMeasure {
        from: Some(pve),
        id: Some(owed),
        kind: PvKind::Justification,
    });
    let shown = |watched: &Watched, field| -> Option<String> {
        let draft = watched.world.board.draft.as_ref().unwrap();
        let typed = draft.texts.iter().find(|one| one.field == field)?;
        Some(typed.text.reveal().clone())
    };
    assert_eq!(shown(&watched, Field::OwedLicence).as_deref(), Some("oui"));
    assert_eq!(shown(&watched, Field::Surname).as_deref(), Some("Martin"));
    assert!(shown(&watched, Field::Station).is_some(), "the service is known");
    let number = shown(&watched, Field::LinkedPve).unwrap();
    assert!(domain::ActNumber::parse(&number).is_ok(), "{number}");
    watched.intent(Intent::Stamp {
        draft: owed,
        field: Field::MeasureMoment,
    });
    watched.act(Said::Sign { draft: owed }.into());
    watched.act(Action::Advance(120_000));
    assert!(
        watched.is_received(owed),
        "the sheet is signed and at headquarters"
    );
}
