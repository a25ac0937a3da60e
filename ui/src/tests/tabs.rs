//! The tabs of the forms, and the sheet of problems, as pictures.

use domain::dialogue::View;
use drawn::App;
use drawn::{CheckTab, DraftAdapter, FormAdapter, IdentityCheckAdapter, OffenceAdapter, Step};
use slint::ComponentHandle;

use super::sample;
use crate::frame::{Frame, draw};
use crate::look::{Look, Screen};
use crate::screens;

fn picture(screen: Screen, views: &[View], turn: impl FnOnce(&App)) -> Frame {
    let frame = draw(Look::default(), |app| {
        for view in views {
            screens::show(app, view);
        }
        screen.open(app);
        turn(app);
    });
    frame.unwrap()
}

#[test]
fn each_tab_of_a_form_is_a_picture_of_its_own() {
    let check = sample::shift(sample::identity_check());
    let pv = sample::shift(sample::pv());
    let plainte = sample::shift(sample::plainte());
    let check = |tab| {
        picture(Screen::IdentityCheck, &check, |app| {
            app.global::<IdentityCheckAdapter<'_>>().set_tab(tab)
        })
    };
    let pv = |step| {
        picture(Screen::Pv, &pv, |app| {
            app.global::<FormAdapter<'_>>().invoke_turn(step);
            app.global::<OffenceAdapter<'_>>().set_sought("vol".into());
        })
    };
    let problems = picture(Screen::Plainte, &plainte, |app| {
        app.global::<DraftAdapter<'_>>().set_problems_shown(true)
    });
    let plainte = |tab| {
        picture(Screen::Plainte, &plainte, |app| {
            app.global::<FormAdapter<'_>>().invoke_turn(tab)
        })
    };
    let pictures = [
        check(CheckTab::Person),
        check(CheckTab::Frame),
        check(CheckTab::Files),
        pv(Step::Act),
        pv(Step::Offence),
        pv(Step::Account),
        plainte(Step::Reception),
        plainte(Step::Rights),
        plainte(Step::Danger),
        problems,
    ];
    for (index, picture) in pictures.iter().enumerate() {
        assert!(
            pictures[..index]
                .iter()
                .all(|before| before.rgb() != picture.rgb()),
            "picture {index}"
        );
    }
}

#[test]
fn each_step_of_a_form_is_a_picture_of_its_own() {
    let pve = sample::shift(sample::pve());
    let afd = sample::shift(sample::afd());
    let mut pictures = Vec::new();
    for (screen, views, steps) in [
        (
            Screen::Pve,
            &pve,
            &[
                Step::Vehicle,
                Step::Offence,
                Step::Place,
                Step::Person,
                Step::Circumstances,
                Step::Summary,
            ][..],
        ),
        (
            Screen::Afd,
            &afd,
            &[Step::Person, Step::Offence, Step::Conditions, Step::Summary],
        ),
    ] {
        for step in steps {
            let picture = picture(screen, views, |app| {
                app.global::<FormAdapter<'_>>().invoke_turn(*step);
            });
            assert!(!pictures.contains(&picture), "{screen:?} {step:?}");
            pictures.push(picture);
        }
    }
}
