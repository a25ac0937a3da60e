//! Acts larger than their envelope: long narratives and photographs, which arrive whole whatever happens on the way.

use std::path::PathBuf;

use agent::engine::CommitPoint;
use domain::delivery::Delivery;
use domain::dialogue::{Intent, Notice, Unsigned, View};
use domain::draft::Field;
use domain::photo::{MAX_PHOTO, Mark, Marks, Picture, Spot};
use domain::record::ActKind;
use domain::{ActId, Digest};
use serde_json::Value;
use simulator::picture::picture;
use simulator::world::{Action, Said, Weather};
use tests::acts::{self, act_id};
use tests::watched::Watched;

use crate::programs::told_of;

const NAMES: [&str; 2] = ["plaque", "feu"];

/// A PVe with two photographs of the terminal's camera, ready to be signed.
fn photographed(watched: &mut Watched, act: ActId) -> Vec<Picture> {
    watched.play(acts::drafted(act, ActKind::Pve));
    let pictures = NAMES.map(|name| picture(7, name));
    for (name, picture) in NAMES.iter().zip(&pictures) {
        watched.intent(Intent::AttachPhoto {
            draft: act,
            name: (*name).to_owned(),
            picture: picture.clone(),
        });
    }
    pictures.into()
}

fn sign(act: ActId) -> Action {
    Said::Sign { draft: act }.into()
}

/// What the terminal keeps of sealed acts beside its databases.
fn parts(watched: &Watched) -> Vec<PathBuf> {
    let folder = watched.world.layout().terminal().join("parts");
    std::fs::read_dir(folder).map_or_else(
        |_| Vec::new(),
        |entries| entries.map(|entry| entry.unwrap().path()).collect(),
    )
}

/// HQ holds the photographs byte for byte, and the terminal nothing more of the sealed act.
#[track_caller]
fn arrived_whole(watched: &mut Watched, act: ActId, pictures: &[Picture]) {
    assert!(watched.is_received(act));
    for (name, picture) in NAMES.iter().zip(pictures) {
        assert_eq!(
            watched.at_hq(act, &format!("{name}.png")).as_ref(),
            Some(&picture.0)
        );
    }
    assert!(watched.at_hq(act, "document.pdf").is_some());
    assert_eq!(parts(watched), Vec::<PathBuf>::new());
}

#[test]
fn an_act_with_photographs_arrives_bit_exact_and_is_received_only_then() {
    let mut watched = Watched::on_duty(900);
    let act = act_id(1);
    let pictures = photographed(&mut watched, act);
    watched.act(Action::Cut);
    watched.act(sign(act));
    assert!(matches!(watched.delivery(act), Some(Delivery::Waiting { .. })));
    let kept = parts(&watched);
    assert_eq!(kept.len(), 1);
    assert!(
        std::fs::read_dir(&kept[0]).unwrap().count() > 1,
        "it needs several parts"
    );
    watched.act(Action::Restore);
    watched.act(Action::Advance(2_500));
    assert!(!watched.is_received(act) && watched.count_at_hq() == 0);
    watched.act(Action::Advance(120_000));
    arrived_whole(&mut watched, act, &pictures);
    watched.finish();
}

#[test]
fn a_later_small_act_does_not_wait_for_a_large_one() {
    let mut watched = Watched::on_duty(901);
    let (large, small) = (act_id(1), act_id(2));
    let pictures = photographed(&mut watched, large);
    watched.act(sign(large));
    watched.act(Action::Advance(2_200));
    watched.play(acts::drawn_up(small, ActKind::IdentityCheck));
    watched.act(Action::Advance(500));
    assert!(watched.is_received(small) && !watched.is_received(large));
    watched.act(Action::Advance(120_000));
    arrived_whole(&mut watched, large, &pictures);
    watched.finish();
}

#[test]
fn an_act_in_parts_survives_an_end_at_every_commit() {
    let mut watched = Watched::on_duty(902);
    for (n, point) in (1u8..).zip(CommitPoint::ALL) {
        let act = act_id(n);
        let pictures = photographed(&mut watched, act);
        watched.act(Action::CrashAt(point));
        watched.act(sign(act));
        watched.act(Action::Advance(120_000));
        assert!(
            !watched.world.is_running(),
            "{point:?}: the terminal did not end there"
        );
        watched.play([Action::Start, Action::Unlock]);
        let exists = watched.delivery(act).is_some();
        assert_eq!(exists, point != CommitPoint::Reserved, "{point:?}");
        if !exists {
            // The draft is whole, photographs included: one tap signs it.
            assert_eq!(parts(&watched), Vec::<PathBuf>::new());
            watched.act(sign(act));
        }
        watched.act(Action::Advance(180_000));
        arrived_whole(&mut watched, act, &pictures);
        assert_eq!(watched.count_at_hq(), usize::from(n), "{point:?}");
    }
    watched.finish();
}

#[test]
fn an_act_in_parts_survives_an_end_at_any_moment() {
    for kill_after in (1..60).step_by(4) {
        let mut watched = Watched::on_duty(903 + u64::from(kill_after));
        let act = act_id(1);
        let pictures = photographed(&mut watched, act);
        watched.act(Action::KillAfter(kill_after));
        watched.act(sign(act));
        watched.act(Action::Advance(60_000));
        watched.play([Action::Start, Action::Unlock]);
        if watched.delivery(act).is_none() {
            watched.act(sign(act));
        }
        watched.settle();
        arrived_whole(&mut watched, act, &pictures);
        assert_eq!(watched.count_at_hq(), 1);
    }
}

#[test]
fn an_act_in_parts_arrives_through_a_storm_that_cuts_and_reorders_and_an_hq_that_restarts() {
    // What a broker loses stalls an upload for a minute, so that a thousand chunks need a milder storm.
    let weather = Weather {
        lost: 30,
        repeated: 200,
        delay_ms: (10, 300),
    };
    let mut watched = Watched::new(990, weather);
    watched.play(acts::on_duty());
    let (large, small) = (act_id(1), act_id(2));
    let pictures = photographed(&mut watched, large);
    watched.act(sign(large));
    watched.play(acts::drawn_up(small, ActKind::Pv));
    for round in 0..12 {
        watched.play([
            Action::Advance(9_000),
            Action::Cut,
            Action::Advance(700),
            Action::Restore,
            Action::RestartHq,
        ]);
        if round % 3 == 0 {
            watched.play([Action::Kill, Action::Start, Action::Unlock]);
        }
    }
    watched.settle();
    arrived_whole(&mut watched, large, &pictures);
    assert!(watched.is_received(small));
    assert_eq!(watched.count_at_hq(), 2);
    watched.finish();
}

#[test]
fn parts_without_their_act_are_cleared_away_and_an_act_without_its_parts_waits() {
    let mut watched = Watched::on_duty(991);
    let act = act_id(1);
    let pictures = photographed(&mut watched, act);
    watched.act(Action::Cut);
    watched.act(sign(act));
    let kept = parts(&watched).remove(0);
    let stray = kept.with_file_name(format!(
        "{}_{}",
        act_id(9),
        domain::EnvelopeId::from_bytes([9; 16])
    ));
    std::fs::create_dir(&stray).unwrap();
    let aside = watched.folder().join("aside");
    std::fs::rename(&kept, &aside).unwrap();
    watched.play([Action::Kill, Action::Start, Action::Unlock, Action::Restore]);
    assert!(!stray.exists());
    watched.act(Action::Advance(120_000));
    assert!(!watched.is_received(act) && watched.count_at_hq() == 0);
    std::fs::rename(&aside, &kept).unwrap();
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.settle();
    arrived_whole(&mut watched, act, &pictures);
}

#[test]
fn a_narrative_of_200_000_characters_is_drawn_up_signed_and_received() {
    let mut watched = Watched::on_duty(992);
    let act = act_id(1);
    watched.play(acts::drafted(act, ActKind::Pv));
    let sentence = "Constatons que l'été, à Nîmes, où l'œuvre fut brûlée, le témoin n° 7 réside. ";
    let text: String = sentence.chars().cycle().take(200_000).collect();
    let text = text.trim().to_owned();
    watched.act(
        Said::Fill {
            draft: act,
            field: Field::Account,
            text: text.clone(),
        }
        .into(),
    );
    assert!(watched.world.board.notices.is_empty());
    watched.act(sign(act));
    watched.act(Action::Advance(120_000));
    assert!(watched.is_received(act));
    let domain::record::Act::Pv(pv) = watched.record_at_hq(act).unwrap().act else {
        panic!("a PV was signed");
    };
    assert_eq!(pv.paragraphs.join("\n\n"), text);
    watched.finish();
}

#[test]
fn what_is_no_photograph_or_too_large_leaves_the_draft_as_it_was() {
    let mut watched = Watched::on_duty(993);
    let act = act_id(1);
    photographed(&mut watched, act);
    let attach = |bytes: Vec<u8>| Intent::AttachPhoto {
        draft: act,
        name: "piège.jpg".to_owned(),
        picture: Picture(bytes),
    };
    let mut cut = picture(7, "coupée").0;
    cut.truncate(1_000_000);
    for bytes in [b"MZ".to_vec(), Vec::new(), cut] {
        watched.world.board.notices.clear();
        watched.intent(attach(bytes));
        assert!(watched.was_told(Notice::NotAPhoto));
    }
    watched.intent(attach(vec![0xff; MAX_PHOTO + 1]));
    assert!(watched.was_told(Notice::PhotoTooLarge { limit_mb: 32 }));
    let draft = watched.world.board.draft.as_ref().unwrap();
    let names: Vec<&str> = draft.photos.iter().map(|photo| photo.name.as_str()).collect();
    assert_eq!(names, ["plaque.png", "feu.png"]);
    assert!(draft.problems.is_empty());
}

#[test]
fn which_object_a_photograph_shows_outlives_a_stop_and_reaches_hq() {
    let mut watched = Watched::on_duty(995);
    let act = act_id(1);
    watched.play(acts::drafted(act, ActKind::Pv));
    for (field, text) in [
        (Field::PvKind, "INTERPELLATION"),
        (
            Field::Inventory,
            "1 ; couteau ; 1 ; SAISI ; poche droite ; RIO 1234567",
        ),
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
    let picture = picture(7, "couteau");
    let sha256 = Digest::of(&picture.0);
    watched.intent(Intent::AttachPhoto {
        draft: act,
        name: "couteau".to_owned(),
        picture,
    });
    watched.intent(Intent::ShowObject {
        draft: act,
        sha256,
        object: Some(1),
    });
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft: act });
    let draft = watched.world.board.draft.as_ref().unwrap();
    assert_eq!(draft.photos[0].shows, Some(1));
    watched.act(Said::ReadBack { draft: act }.into());
    watched.intent(Intent::LeaveUnsigned {
        draft: act,
        signer: 0,
        why: Unsigned::Refuses,
        reason: "ne veut rien signer".to_owned(),
    });
    watched.act(sign(act));
    watched.act(Action::Advance(120_000));
    assert!(watched.is_received(act));
    watched.finish();
}

#[test]
fn what_is_drawn_over_a_photograph_outlives_a_stop_and_reaches_hq_beside_the_bytes_of_the_camera() {
    let mut watched = Watched::on_duty(993);
    let act = act_id(1);
    let pictures = photographed(&mut watched, act);
    let sha256 = Digest::of(&pictures[0].0);
    watched.intent(Intent::OpenPhoto { draft: act, sha256 });
    let views = watched.world.board.views.iter();
    let mut seen = views.filter_map(|view| {
        if let View::Photo(photo) = view {
            Some(photo.clone())
        } else {
            None
        }
    });
    let seen = seen.next().unwrap();
    assert_eq!(
        (seen.draft, seen.sha256, seen.marks),
        (act, sha256, Marks::default())
    );
    let shown = seen.picture.unwrap();
    assert_eq!((shown.width(), shown.height()), (960, 675), "upright and small");

    let spot = |x| Spot::new(x, 500).unwrap();
    let ring = Mark::Ring {
        centre: spot(400),
        radius: 90,
    };
    let drawn = Marks::new(vec![ring, Mark::Point(spot(700))]).unwrap();
    let mark = |marks: &Marks| Intent::MarkPhoto {
        draft: act,
        sha256,
        marks: marks.clone(),
    };
    let count = |watched: &Watched| {
        let draft = watched.world.board.draft.as_ref().unwrap();
        draft.photos.iter().map(|photo| photo.marks).collect::<Vec<_>>()
    };
    watched.intent(mark(&drawn));
    assert_eq!(count(&watched), [2, 0]);
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft: act });
    assert_eq!(count(&watched), [2, 0]);
    watched.intent(mark(&drawn.without_last()));
    assert_eq!(count(&watched), [1, 0]);
    watched.intent(mark(&drawn));
    watched.act(sign(act));
    watched.act(Action::Advance(120_000));
    assert!(watched.is_received(act));
    assert_eq!(
        watched.at_hq(act, "plaque.png").as_deref(),
        Some(&pictures[0].0[..])
    );
    let record = watched.record_at_hq(act).unwrap();
    let at_hq: Vec<&Marks> = record.act.photos().iter().map(|photo| &photo.marks).collect();
    assert_eq!(at_hq, [&drawn, &Marks::default()]);
    let number = record.number.unwrap().to_string();
    let shown = told_of(&watched.world.layout().hq(), &["act", "show", &number]);
    let told = shown["act"]["photos"].as_array().unwrap().iter();
    let told: Vec<&Value> = told.map(|photo| &photo["annotations"]).collect();
    assert_eq!(told, [2, 0]);
    watched.finish();
}

#[test]
fn a_photograph_is_kept_once_and_removed_for_good() {
    let mut watched = Watched::on_duty(994);
    let act = act_id(1);
    photographed(&mut watched, act);
    photographed(&mut watched, act);
    let shown = |watched: &Watched| {
        let draft = watched.world.board.draft.as_ref().unwrap();
        draft.photos.iter().map(|photo| photo.sha256).collect::<Vec<_>>()
    };
    let photos = shown(&watched);
    assert_eq!(photos.len(), 2);
    watched.intent(Intent::RemovePhoto {
        draft: act,
        sha256: photos[0],
    });
    assert_eq!(shown(&watched), photos[1..]);
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft: act });
    assert_eq!(shown(&watched), photos[1..]);
    watched.act(sign(act));
    watched.act(Action::Advance(120_000));
    assert!(watched.is_received(act));
    assert_eq!(watched.at_hq(act, "plaque.png"), None);
    assert_eq!(watched.at_hq(act, "feu.png"), Some(picture(7, "feu").0));
    watched.finish();
}
