//! Every screen rendered off screen, in every theme and at the sizes that terminals have: held against the pictures in
//! `frames/`, which somebody looked at. What is drawn stays in the temporary folder of the tests.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod kept;
mod sample;

use std::collections::BTreeSet;
use std::path::Path;

use domain::dialogue::{DraftState, DraftView, LockState, LockView, Notice, PhotoLine, PhotoView, View};
use domain::draft::Field;
use domain::envelope::RefusalCode;
use domain::photo::{Mark, Marks, Picture, Spot};
use domain::readmission::{Closure, Spoken};
use domain::record::ActKind;
use domain::viewfinder::{Fault, Shot, Sight};
use domain::{ActNumber, Digest};
use ui::{Frame, Language, Look, Screen, TextSize, Theme, Thumb, annotate_frame, frame, viewfinder_frame};

#[test]
fn every_screen_is_drawn_in_every_theme_and_language_as_it_was_kept() {
    let mut shelf = kept::Shelf::open("");
    for language in Language::ALL {
        for theme in Theme::PALETTES {
            let look = Look {
                theme,
                language,
                ..Look::default()
            };
            let guide = [(Screen::StyleGuide, Vec::new())];
            for (screen, views) in evening().into_iter().chain(guide) {
                let frame = frame(screen, &views, look).unwrap();
                assert_eq!((frame.width(), frame.height()), (360, 780));
                assert_drawn(&frame);
                shelf.hold(
                    &format!("{}-{}-{}", screen.code(), theme.code(), language.code()),
                    &frame,
                );
            }
        }
    }
    shelf.close(100);
}

/// The screens that have a second column: upright in every theme, across with the left hand, and across in the largest text.
#[test]
fn a_tablet_has_two_columns_each_as_it_was_kept() {
    let mut shelf = kept::Shelf::open("tablet");
    let tablet = Look {
        width: 800,
        height: 1280,
        ..Look::default()
    };
    let across = Look {
        width: 1280,
        height: 800,
        ..tablet
    };
    let themes = Theme::PALETTES.map(|theme| (theme.code(), Look { theme, ..tablet }));
    let held = [
        (
            "left",
            Look {
                thumb: Thumb::Left,
                ..across
            },
        ),
        (
            "large",
            Look {
                text: TextSize::Largest,
                ..across
            },
        ),
    ];
    let with_columns = [
        Screen::Home,
        Screen::Service,
        Screen::IdentityCheck,
        Screen::Signing,
        Screen::Camera,
    ];
    for (name, look) in themes.into_iter().chain(held) {
        for screen in with_columns {
            let frame = frame(screen, &sample::evening(screen), look).unwrap();
            assert_drawn(&frame);
            shelf.hold(&format!("tablet-{}-{name}", screen.code()), &frame);
        }
    }
    shelf.close(20);
}

#[test]
fn the_lock_says_what_leads_in() {
    let challenge = Some(Spoken::parse("000 000 123 455").unwrap());
    let closed = |why, challenge| LockState::Closed {
        why,
        challenge,
        left: 4,
    };
    for (name, state) in [
        ("first-code", LockState::NoCode),
        ("not-admitted", LockState::NotAdmitted),
        ("destroyed", closed(Closure::SlotDestroyed, challenge)),
        ("counter", closed(Closure::CounterClosed, challenge)),
        ("terminal", closed(Closure::TerminalClosed, challenge)),
        ("no-key", closed(Closure::SlotDestroyed, None)),
    ] {
        let lock = LockView {
            state,
            ..sample::locked()
        };
        let frame = frame(Screen::Unlock, &[View::Lock(lock)], Look::default()).unwrap();
        keep(&format!("lock-{name}"), &frame);
        assert_drawn(&frame);
    }
}

#[test]
fn the_three_themes_differ_on_every_screen() {
    for (screen, views) in evening() {
        let drawn = Theme::PALETTES.map(|theme| {
            frame(
                screen,
                &views,
                Look {
                    theme,
                    ..Look::default()
                },
            )
            .unwrap()
            .rgb()
        });
        assert!(
            drawn[0] != drawn[1] && drawn[1] != drawn[2] && drawn[0] != drawn[2],
            "{screen:?}"
        );
    }
}

#[test]
fn a_frame_is_the_same_each_time() {
    let views = sample::shift(sample::pv());
    let drawn = [(); 2].map(|()| frame(Screen::Home, &views, Look::default()).unwrap());
    assert_eq!(drawn[0], drawn[1]);
}

#[test]
fn tablets_dense_displays_phones_held_across_and_large_text_are_drawn_at_their_own_size() {
    for (name, width, height, scale, text) in [
        ("dense", 412, 915, 2.0, TextSize::Normal),
        ("tablet", 800, 1280, 1.0, TextSize::Normal),
        ("across", 780, 360, 1.0, TextSize::Normal),
        ("large", 360, 780, 1.0, TextSize::Largest),
    ] {
        for (thumb, language) in [(Thumb::Right, Language::French), (Thumb::Left, Language::English)] {
            for (screen, views) in evening() {
                let look = Look {
                    width,
                    height,
                    scale,
                    text,
                    thumb,
                    language,
                    ..Look::default()
                };
                let frame = frame(screen, &views, look).unwrap();
                keep(&format!("{name}-{}-{}", screen.code(), language.code()), &frame);
                let pixels = |side: u16| {
                    if scale > 1.0 {
                        u32::from(side) * 2
                    } else {
                        u32::from(side)
                    }
                };
                assert_eq!((frame.width(), frame.height()), (pixels(width), pixels(height)));
                assert_drawn(&frame);
            }
        }
    }
}

#[test]
fn the_longest_words_and_texts_are_drawn_without_a_panic() {
    let long = "Établissement d’hébergement Saint-Barthélemy-d’Anjou ".repeat(40);
    let texts: Vec<(Field, &str)> = Field::ALL.iter().map(|field| (*field, long.as_str())).collect();
    for (kind, screen) in forms() {
        let views = sample::shift(DraftView {
            corrects: Some(RefusalCode::CorrectionAsked),
            ..sample::draft(kind, &texts)
        });
        let frame = frame(
            screen,
            &views,
            Look {
                width: 320,
                height: 480,
                ..Look::default()
            },
        )
        .unwrap();
        keep(&format!("long-{}", screen.code()), &frame);
        assert_drawn(&frame);
    }
}

#[test]
fn what_lies_over_a_screen_is_drawn() {
    let refused = View::Notice(Notice::Refused {
        act: sample::act(3),
        code: RefusalCode::DocumentMismatch,
    });
    let formation = LockView {
        formation: true,
        hardware_backed: false,
        card_present: false,
        ..sample::locked()
    };
    let signed = DraftView {
        state: DraftState::Signed {
            number: Some(ActNumber {
                year: 2026,
                serial: 123,
            }),
        },
        ..sample::plainte()
    };
    let mut notice = sample::shift(sample::pv());
    notice.push(refused);
    let mut busy = sample::shift(sample::pv());
    busy.push(View::Home(Box::new(sample::busy_home())));
    let mut paper = sample::shift(sample::pv());
    paper.push(View::Footer(Box::new(sample::footer())));
    let mut typed = sample::shift(sample::hearing());
    typed.push(View::Formulas(sample::formulas()));
    let mut visas = sample::shift(sample::pv());
    visas.push(View::Deliveries(sample::visa_lines()));
    for (name, screen, views) in [
        ("visas-of-acts", Screen::Deliveries, visas),
        ("notice", Screen::Home, notice),
        ("formation", Screen::Unlock, vec![View::Lock(formation)]),
        ("signed", Screen::Plainte, sample::shift(signed)),
        ("busy-home", Screen::Home, busy),
        ("paper", Screen::Home, paper),
        ("hearing", Screen::Pv, typed),
        ("inventory", Screen::Pv, sample::shift(sample::inventory())),
        ("empty-home", Screen::Home, Vec::new()),
        ("empty-service", Screen::Service, Vec::new()),
        ("empty-intervention", Screen::Intervention, Vec::new()),
        ("empty-camera", Screen::Camera, Vec::new()),
        ("empty-printing", Screen::Printing, Vec::new()),
    ] {
        let frame = frame(screen, &views, Look::default()).unwrap();
        keep(name, &frame);
        assert_drawn(&frame);
    }
}

#[test]
fn the_viewfinder_is_drawn_in_every_theme_and_however_the_phone_is_held() {
    let taken = || {
        Sight::Taken(Shot {
            name: "photo.jpg".to_owned(),
            picture: Picture(Vec::new()),
            preview: scene(1),
        })
    };
    let stages: [(&str, Vec<Sight>); 6] = [
        ("opening", vec![]),
        ("live", vec![Sight::Frame(scene(1))]),
        ("dark", vec![Sight::Frame(scene(8))]),
        ("review", vec![Sight::Frame(scene(1)), taken()]),
        ("no-camera", vec![Sight::Failed(Fault::NoCamera)]),
        ("denied", vec![Sight::Failed(Fault::Denied)]),
    ];
    let views = sample::shift(sample::pve());
    for (name, sights) in &stages {
        hold_every_way(&format!("viewfinder-{name}"), |look| {
            viewfinder_frame(Screen::Pve, &views, sights, look).unwrap()
        });
    }
}

#[test]
fn a_photograph_is_drawn_over_in_every_theme_and_however_the_phone_is_held() {
    let spot = |x, y| Spot::new(x, y).unwrap();
    let wave = (0..60).map(|step: u16| spot(300 + step * 8, 200 + (step % 20).abs_diff(10) * 6));
    let marks = vec![
        Mark::Ring {
            centre: spot(500, 660),
            radius: 140,
        },
        Mark::Point(spot(205, 480)),
        Mark::Stroke(wave.collect()),
        Mark::Point(spot(800, 480)),
        Mark::Point(spot(990, 990)),
    ];
    let sha256 = Digest::of(b"plate");
    let draft = DraftView {
        photos: vec![PhotoLine {
            name: "plaque.jpg".to_owned(),
            sha256,
            bytes: 3_456_789,
            shows: None,
            marks: 5,
        }],
        ..sample::pve()
    };
    let photo = |picture, marks| PhotoView {
        draft: draft.draft,
        sha256,
        picture,
        marks: Marks::new(marks).unwrap(),
    };
    for (name, photo) in [
        ("marked", photo(Some(scene(1)), marks.clone())),
        ("dark", photo(Some(scene(8)), marks)),
        ("unmarked", photo(Some(scene(1)), Vec::new())),
        ("unreadable", photo(None, Vec::new())),
    ] {
        hold_every_way(&format!("annotate-{name}"), |look| {
            let views = sample::shift(draft.clone());
            annotate_frame(Screen::Pve, &views, &photo, look).unwrap()
        });
    }
}

/// In every theme and however the phone is held, each time otherwise.
fn hold_every_way(name: &str, draw: impl Fn(Look) -> Frame) {
    let mut drawn = Vec::new();
    for theme in Theme::PALETTES {
        for (width, height) in [(360, 780), (320, 480), (780, 360), (800, 1280)] {
            let frame = draw(Look {
                width,
                height,
                theme,
                ..Look::default()
            });
            keep(&format!("{name}-{}-{width}", theme.code()), &frame);
            assert_drawn(&frame);
            drawn.push(frame.rgb());
        }
    }
    drawn.sort();
    drawn.dedup();
    assert_eq!(drawn.len(), 12, "{name}");
}

/// A car on a road, `dim` times darker than by day.
fn scene(dim: u8) -> domain::viewfinder::Frame {
    const SIDES: (u32, u32) = (640, 480);
    let mut rgb = Vec::new();
    for y in 0..SIDES.1 {
        for x in 0..SIDES.0 {
            let body = (120..520).contains(&x) && (180..360).contains(&y);
            let plate = (250..390).contains(&x) && (300..335).contains(&y);
            let sky = 210 - u8::try_from(y / 6).unwrap();
            let colour = match (plate, body, y < 200) {
                (true, ..) => [235, 235, 225],
                (_, true, _) => [30, 70, 140],
                (.., true) => [sky, sky, 230],
                _ => [95, 95, 100],
            };
            rgb.extend(colour.map(|channel| channel / dim));
        }
    }
    domain::viewfinder::Frame::new(SIDES.0, SIDES.1, rgb).unwrap()
}

const fn forms() -> [(ActKind, Screen); 7] {
    [
        (ActKind::IdentityCheck, Screen::IdentityCheck),
        (ActKind::Pv, Screen::Pv),
        (ActKind::Plainte, Screen::Plainte),
        (ActKind::Pve, Screen::Pve),
        (ActKind::Afd, Screen::Afd),
        (ActKind::Note, Screen::Note),
        (ActKind::Verification, Screen::Verification),
    ]
}

fn evening() -> Vec<(Screen, Vec<View>)> {
    let screens = Screen::ALL.into_iter();
    screens.map(|screen| (screen, sample::evening(screen))).collect()
}

fn assert_drawn(frame: &Frame) {
    let rgb = frame.rgb();
    let colours: BTreeSet<&[u8; 3]> = rgb.as_chunks().0.iter().collect();
    assert!(colours.len() > 16, "{} colours", colours.len());
}

fn keep(name: &str, frame: &Frame) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screens");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}.png")), frame.png().unwrap()).unwrap();
}
