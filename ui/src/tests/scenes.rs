//! Every screen, every step of every form, and everything that lies over them, each as an officer meets it.

use domain::alert::Standing;
use domain::dialogue::{
    AlertLine, DraftState, DraftView, FilmState, FilmView, HomeView, LockState, LockView, Notice, PagesView,
    Stretch, StretchState, View,
};
use domain::draft::Field;
use domain::envelope::RefusalCode;
use domain::footage::Purpose;
use domain::photo::{Mark, Marks, Spot};
use domain::plainte::Language;
use domain::pv::PvKind;
use domain::readmission::{Closure, Spoken};
use domain::record::ActKind;
use domain::viewfinder::Frame;
use drawn::{
    AlertAdapter, AmendAdapter, AnnotateAdapter, App, CheckTab, CodeAdapter, CodeStage, CoverAdapter,
    DraftAdapter, EnrolmentAdapter, FilmAdapter, FooterAdapter, FormAdapter, HomeAdapter,
    IdentityCheckAdapter, Leaflet, LeafletAdapter, MeasuresAdapter, PagesAdapter, PlateAdapter,
    PrintingAdapter, RecordingsAdapter, RightsAdapter, SigningAdapter, SigningTab, ViewfinderAdapter,
    ViewfinderStage, VisaAdapter,
};
use slint::{ComponentHandle, Model};

use super::{annotate, recordings, sample};
use crate::look::Screen;
use crate::screens;

/// What is shown, by name.
pub(crate) struct Scene {
    pub(crate) name: String,
    screen: Screen,
    /// It lies over a screen, whose words are under its own.
    pub(crate) over: bool,
    views: Vec<View>,
    then: Box<dyn Fn(&App)>,
}

impl Scene {
    pub(crate) fn set(&self, app: &App) {
        for view in &self.views {
            screens::show(app, view);
        }
        self.screen.open(app);
        (self.then)(app);
    }
}

fn scene(name: &str, screen: Screen, views: Vec<View>, then: impl Fn(&App) + 'static) -> Scene {
    Scene {
        name: name.to_owned(),
        screen,
        views,
        over: false,
        then: Box::new(then),
    }
}

/// The screens as an evening fills them.
pub(crate) fn screens() -> Vec<Scene> {
    let shown = |screen| {
        if screen == Screen::Enrolment {
            vec![View::Lock(sample::locked())]
        } else {
            sample::evening(screen)
        }
    };
    let scenes = Screen::ALL.into_iter();
    scenes
        .map(|screen| scene(screen.code(), screen, shown(screen), |_| ()))
        .collect()
}

/// Each form at each of its steps.
pub(crate) fn steps(app: &App) -> Vec<Scene> {
    let forms = [
        ("pv", sample::pv(), Screen::Pv),
        ("hearing", sample::hearing(), Screen::Pv),
        ("inventory", sample::inventory(), Screen::Pv),
        ("plainte", sample::plainte(), Screen::Plainte),
        ("pve", sample::pve(), Screen::Pve),
        ("afd", sample::afd(), Screen::Afd),
        ("note", sample::note(), Screen::Note),
        ("verification", sample::verification(), Screen::Verification),
    ];
    let mut scenes = Vec::new();
    for (name, draft, screen) in forms {
        for view in sample::shift(draft.clone()) {
            screens::show(app, &view);
        }
        for mark in app.global::<FormAdapter<'_>>().get_steps().iter() {
            let step = mark.step;
            scenes.push(scene(
                &format!("{name}-{step:?}").to_lowercase(),
                screen,
                sample::shift(draft.clone()),
                move |app| app.global::<FormAdapter<'_>>().invoke_turn(step),
            ));
        }
    }
    scenes
}

/// The wheels of a field of this step are open.
fn turning(step: drawn::Step, field: drawn::Field) -> impl Fn(&App) {
    move |app| {
        app.global::<FormAdapter<'_>>().invoke_turn(step);
        let draft = app.global::<DraftAdapter<'_>>();
        draft.set_turned(field);
        draft.set_turning(true);
    }
}

/// What lies over a screen, and the screens in the states that they are seldom in.
pub(crate) fn overlays() -> Vec<Scene> {
    let home = || sample::shift(sample::pv());
    let with = |view: View| {
        let mut views = sample::shift(sample::pv());
        views.push(view);
        views
    };
    let signed = |draft: DraftView| {
        sample::shift(DraftView {
            state: DraftState::Signed {
                number: Some(domain::ActNumber {
                    year: 2026,
                    serial: 123,
                }),
            },
            ..draft
        })
    };
    let lock = |state| {
        View::Lock(LockView {
            state,
            ..sample::locked()
        })
    };
    let mut scenes = vec![
        scene(
            "lock-first-code",
            Screen::Unlock,
            vec![lock(LockState::NoCode)],
            |_| (),
        ),
        scene(
            "lock-closed",
            Screen::Unlock,
            vec![lock(LockState::Closed {
                why: Closure::SlotDestroyed,
                challenge: Spoken::parse("000 000 123 455").ok(),
                left: 4,
            })],
            |_| (),
        ),
        scene(
            "formation",
            Screen::Unlock,
            vec![View::Lock(LockView {
                formation: true,
                hardware_backed: false,
                ..sample::locked()
            })],
            |_| (),
        ),
        scene(
            "busy-home",
            Screen::Home,
            with(View::Home(Box::new(sample::busy_home()))),
            |_| (),
        ),
        scene("empty-home", Screen::Home, vec![], |_| ()),
        scene("empty-service", Screen::Service, vec![], |_| ()),
        scene("empty-camera", Screen::Camera, vec![], |_| ()),
        scene(
            "visas-of-acts",
            Screen::Deliveries,
            with(View::Deliveries(sample::visa_lines())),
            |_| (),
        ),
        scene(
            "signed-plainte",
            Screen::Plainte,
            signed(sample::plainte()),
            |_| (),
        ),
        scene(
            "signed-check",
            Screen::IdentityCheck,
            signed(sample::identity_check()),
            |_| (),
        ),
        scene(
            "check-frame",
            Screen::IdentityCheck,
            sample::shift(sample::identity_check()),
            |app| {
                app.global::<IdentityCheckAdapter<'_>>().set_tab(CheckTab::Frame);
            },
        ),
        scene(
            "check-files",
            Screen::IdentityCheck,
            sample::shift(sample::identity_check()),
            |app| {
                app.global::<IdentityCheckAdapter<'_>>().set_tab(CheckTab::Files);
            },
        ),
        scene("signers", Screen::Signing, sample::reading(), |app| {
            app.global::<SigningAdapter<'_>>().set_tab(SigningTab::Signers);
        }),
        scene("renvois", Screen::Signing, sample::reading(), |app| {
            app.global::<SigningAdapter<'_>>().set_tab(SigningTab::Renvois);
        }),
        scene("pad", Screen::Signing, sample::reading(), |app| {
            app.global::<SigningAdapter<'_>>().set_signer(1);
        }),
        scene("unsigned", Screen::Signing, sample::reading(), |app| {
            app.global::<SigningAdapter<'_>>().set_unsigned_signer(1);
        }),
        scene("renvoi", Screen::Signing, sample::reading(), |app| {
            app.global::<SigningAdapter<'_>>().set_renvoi_open(true);
        }),
        scene("read-back", Screen::Pv, sample::shift(sample::hearing()), |app| {
            app.global::<SigningAdapter<'_>>().set_asked(true);
        }),
        scene("problems", Screen::Pv, sample::shift(sample::hearing()), |app| {
            app.global::<DraftAdapter<'_>>().set_problems_shown(true);
        }),
        scene("steps", Screen::Pv, sample::shift(sample::hearing()), |app| {
            app.global::<FormAdapter<'_>>().set_steps_shown(true);
        }),
        scene(
            "date-wheels",
            Screen::Pv,
            sample::shift(sample::hearing()),
            turning(drawn::Step::Person, drawn::Field::BirthDate),
        ),
        scene(
            "hour-wheels",
            Screen::Pv,
            sample::shift(sample::draft(
                ActKind::Pv,
                &[
                    (Field::PvKind, PvKind::MiseADisposition.code()),
                    (Field::ArrestMoment, "14/01/2027 21:05"),
                ],
            )),
            turning(drawn::Step::Measure, drawn::Field::ArrestMoment),
        ),
        scene(
            "plate-letters",
            Screen::IdentityCheck,
            sample::shift(sample::draft(ActKind::IdentityCheck, &[(Field::Plate, "A")])),
            |app| app.global::<PlateAdapter<'_>>().set_open(true),
        ),
        scene(
            "plate-digits",
            Screen::IdentityCheck,
            sample::shift(sample::draft(ActKind::IdentityCheck, &[(Field::Plate, "AB-12")])),
            |app| app.global::<PlateAdapter<'_>>().set_open(true),
        ),
        scene("discard", Screen::Home, home(), |app| {
            let home = app.global::<HomeAdapter<'_>>();
            home.set_discarding(home.get_drafts().row_data(0).unwrap_or_default());
        }),
        scene("measures", Screen::Home, home(), |app| {
            app.global::<MeasuresAdapter<'_>>().set_open(true);
        }),
        scene(
            "paper",
            Screen::Home,
            with(View::Footer(Box::new(sample::footer()))),
            |app| {
                app.global::<FooterAdapter<'_>>().set_open(true);
            },
        ),
        scene("pages", Screen::Pv, home(), |app| {
            app.global::<PagesAdapter<'_>>().set_asked(true);
            screens::show(app, &View::Pages(sample::pages(1, 2)));
        }),
        scene("printer", Screen::Deliveries, home(), |app| {
            let printing = app.global::<PrintingAdapter<'_>>();
            printing.set_act(sample::act(1).to_string().into());
            printing.set_asking(true);
        }),
        scene("amend", Screen::Deliveries, home(), |app| {
            let amend = app.global::<AmendAdapter<'_>>();
            amend.set_act(sample::act(1).to_string().into());
            amend.set_open(true);
        }),
        scene("ask-visa", Screen::Deliveries, home(), |app| {
            app.global::<VisaAdapter<'_>>()
                .set_asking(sample::act(1).to_string().into());
        }),
        scene(
            "visa",
            Screen::Visas,
            with(View::Pages(PagesView {
                act: sample::visas()[0].act,
                ..sample::pages(1, 2)
            })),
            |app| {
                let visas = app.global::<VisaAdapter<'_>>();
                visas.set_open(visas.get_waiting().row_data(0).unwrap_or_default());
            },
        ),
        scene("visa-decided", Screen::Visas, home(), |app| {
            let visas = app.global::<VisaAdapter<'_>>();
            visas.set_open(visas.get_waiting().row_data(0).unwrap_or_default());
            visas.set_deciding(true);
        }),
        scene("code", Screen::About, home(), |app| {
            app.global::<CodeAdapter<'_>>().set_stage(CodeStage::Current);
        }),
        scene("languages", Screen::Pv, home(), |app| {
            app.global::<LeafletAdapter<'_>>().invoke_ask(Leaflet::Custody);
        }),
        scene(
            "rights",
            Screen::Plainte,
            sample::shift(sample::plainte()),
            |app| {
                app.global::<FormAdapter<'_>>().invoke_turn(drawn::Step::Rights);
                app.global::<RightsAdapter<'_>>().set_wanted(true);
                screens::show(
                    app,
                    &View::Pages(PagesView {
                        rights: Some(Language::Arabic),
                        ..sample::pages(1, 1)
                    }),
                );
            },
        ),
        scene(
            "alert",
            Screen::Plainte,
            sample::shift(sample::plainte()),
            |app| {
                app.global::<AlertAdapter<'_>>().set_asking(true);
            },
        ),
        scene(
            "alert-untaken",
            Screen::Home,
            with(alert(Standing::Nobody { leaves: false })),
            |_| (),
        ),
        scene(
            "notice",
            Screen::Home,
            with(View::Notice(Notice::Refused {
                act: sample::act(3),
                code: RefusalCode::DocumentMismatch,
            })),
            |_| (),
        ),
        scene("recording", Screen::Home, with(recorded()), |app| {
            let recordings = app.global::<RecordingsAdapter<'_>>();
            recordings.set_open(recordings.get_recordings().row_data(0).unwrap_or_default());
            app.global::<drawn::Navigation<'_>>()
                .set_screen(drawn::Screen::Recording);
        }),
        scene("link", Screen::Home, with(recorded()), |app| {
            let recordings = app.global::<RecordingsAdapter<'_>>();
            recordings.set_offered(sample::act(1).to_string().into());
            recordings.set_offered_number("2026-000121".into());
            recordings.set_offered_recordings(recordings.get_recordings());
        }),
        scene("film-motive", Screen::Camera, with(recorded()), |app| {
            app.global::<FilmAdapter<'_>>().set_asking(true);
        }),
        scene(
            "film",
            Screen::Camera,
            with(View::Film(Some(Box::new(film())))),
            |_| (),
        ),
        scene("annotate", Screen::Pve, photographed(), |app| {
            let photo = annotate::opened(marks());
            app.global::<AnnotateAdapter<'_>>()
                .set_asked(photo.sha256.to_string().into());
            screens::annotate::show(app, &photo);
        }),
        scene("cover", Screen::Home, home(), |app| {
            app.global::<CoverAdapter<'_>>().set_on(true);
        }),
        scene("style-guide", Screen::StyleGuide, vec![], |_| ()),
        scene("enrolment-code", Screen::Enrolment, vec![], |app| {
            app.global::<EnrolmentAdapter<'_>>()
                .set_code("neo2:specimen".into());
        }),
    ];
    let stages = [
        ("viewfinder-live", ViewfinderStage::Live),
        ("viewfinder-review", ViewfinderStage::Review),
        ("viewfinder-failed", ViewfinderStage::Failed),
    ];
    scenes.extend(stages.map(|(name, stage)| {
        scene(name, Screen::Pve, sample::shift(sample::pve()), move |app| {
            let viewfinder = app.global::<ViewfinderAdapter<'_>>();
            viewfinder.set_has_files(true);
            viewfinder.set_stage(stage);
        })
    }));
    for scene in &mut scenes {
        scene.over = true;
    }
    scenes
}

fn alert(standing: Standing) -> View {
    View::Alerts(vec![AlertLine {
        alert: sample::act(9),
        raised: sample::at(5),
        standing,
    }])
}

fn photographed() -> Vec<View> {
    sample::shift(annotate::draft(3))
}

fn marks() -> Marks {
    let spot = |x, y| Spot::new(x, y).expect("a place in the picture");
    let marks = vec![
        Mark::Ring {
            centre: spot(500, 600),
            radius: 150,
        },
        Mark::Point(spot(200, 300)),
        Mark::Stroke(vec![spot(700, 200), spot(800, 500)]),
    ];
    Marks::new(marks).expect("few marks")
}

fn recorded() -> View {
    View::Home(Box::new(HomeView {
        recordings: vec![recordings::recording(recordings::FIRST, None)],
        ..sample::home()
    }))
}

fn film() -> FilmView {
    let picture = Frame::new(16, 9, [40, 80, 120].repeat(16 * 9)).unwrap();
    FilmView {
        clip: recordings::FIRST,
        purpose: Purpose::Rescue,
        state: FilmState::Shown,
        started: sample::at(0).utc,
        position_ms: 65_000,
        length_ms: 125_000,
        playing: false,
        picture: Some(picture),
        thumbnails: Vec::new(),
        stretches: vec![Stretch {
            from_ms: 0,
            to_ms: 125_000,
            state: StretchState::Signed,
        }],
        viewer: "1234567".to_owned(),
        seen_at: sample::at(5),
    }
}
