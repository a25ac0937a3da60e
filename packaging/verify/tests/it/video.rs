//! A film that its camera signed, as a file on the disk.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

use crate::Desk;
use crate::film::container::{FORMS, Form, write};
use crate::film::onvif::{PLAN, Plan, sign};
use crate::film::{Camera, Codec, Frame, SCENE, Scene, is_sei, is_slice, pictures};
use crate::fixture::{NONE, World};

/// A desk with the roots of the project and of the camera's maker, and a film that the camera signed to its end.
struct Cinema {
    desk: Desk,
    frames: Vec<Frame>,
}

impl Cinema {
    fn new(scene: Scene, plan: Plan) -> Self {
        let (world, camera) = (World::new(), Camera::new());
        let desk = Desk::new(&world.root.to_pem(), &world.act(&NONE));
        fs::write(desk.beside("makers.pem"), camera.root.to_pem()).unwrap();
        let frames = sign(scene.codec, &pictures(scene), &camera, plan);
        Self { desk, frames }
    }

    fn run(&self, codec: Codec, form: Form, more: &[&str]) -> Output {
        let film = self.desk.beside("film");
        fs::write(&film, write(codec, &self.frames, form)).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_neo-verify"));
        command.arg(film).arg("--anchors").arg(self.desk.root());
        command
            .arg("--camera-anchors")
            .arg(self.desk.beside("makers.pem"));
        command.args(more).output().unwrap()
    }
}

type Damage = fn(&mut Vec<Frame>);

const ENDED: Plan = Plan { end: true, ..PLAN };

#[test]
fn a_signed_film_exits_0_in_every_form_and_by_its_damage_otherwise() {
    for codec in [Codec::H264, Codec::H265] {
        let scene = Scene { codec, ..SCENE };
        for form in FORMS {
            assert_eq!(
                Cinema::new(scene, ENDED).run(codec, form, &[]).status.code(),
                Some(0),
                "{form:?}"
            );
        }
        let damage: [(Damage, i32); 4] = [
            (|frames| frames[7].0.last_mut().unwrap()[30] ^= 1, 1),
            (|frames| drop(frames.remove(7)), 2),
            (|frames| frames.truncate(18), 2),
            (
                |frames| {
                    frames.iter_mut().for_each(|frame| {
                        frame
                            .0
                            .retain(|unit| !is_sei(Codec::H264, unit) && !is_sei(Codec::H265, unit))
                    })
                },
                2,
            ),
        ];
        for (damage, exit) in damage {
            let mut cinema = Cinema::new(scene, ENDED);
            damage(&mut cinema.frames);
            assert_eq!(cinema.run(codec, Form::Classic, &[]).status.code(), Some(exit));
        }
    }
    let cinema = Cinema::new(SCENE, ENDED);
    fs::copy(cinema.desk.root(), cinema.desk.beside("makers.pem")).unwrap();
    assert_eq!(cinema.run(SCENE.codec, Form::Classic, &[]).status.code(), Some(3));
}

#[test]
fn people_read_which_picture_and_when() {
    let mut cinema = Cinema::new(SCENE, PLAN);
    cinema.frames[7].0.last_mut().unwrap()[30] ^= 1;
    let output = cinema.run(SCENE.codec, Form::Classic, &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "Vidéo isolée",
        "h264, mp4, 20 images",
        "image 7 : contenu modifié après la signature (00:00:00.280)",
        "images 15 à 19 : après la dernière signature",
        "0 .......N.......PPPPP",
        "l'heure est celle que la caméra annonce",
        "ALTÉRÉ",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
    cinema.frames.remove(12);
    let output = cinema.run(SCENE.codec, Form::Stream, &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    let words = "avant l'image 12 : il manque 1 tranche d'image signée\n";
    assert!(text.contains(words), "{words}:\n{text}");
    let output = cinema.run(SCENE.codec, Form::Stream, &["--lang", "en"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "picture 7 changed after the signature\n",
        "1 signed slice is missing in front of picture 12\n",
        "behind its last signature",
        "TAMPERED",
    ] {
        assert!(text.contains(words), "{words}:\n{text}");
    }
}

#[test]
fn programs_read_every_answer_apart_and_the_map() {
    let start = 40_000_000_000;
    let mut cinema = Cinema::new(SCENE, Plan { start, ..ENDED });
    cinema.frames[7].0.retain(|unit| !is_slice(SCENE.codec, unit));
    let output = cinema.run(SCENE.codec, Form::Fragments(4), &["--json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let answers: Vec<(&str, &str)> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|check| {
            (
                check["question"].as_str().unwrap(),
                check["verdict"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        answers,
        [
            ("video", "ok"),
            ("frames", "failed"),
            ("video_signature", "ok"),
            ("video_signer", "ok"),
            ("video_time", "not_checked")
        ]
    );
    let fault = &report["checks"][1]["faults"][0];
    assert_eq!(
        (&fault["code"], &fault["frames"], &fault["at_ms"]),
        (&"frames_modified".into(), &[7, 7].as_slice().into(), &280.into())
    );
    let video = &report["claims"]["video"];
    assert_eq!(video["map"], ".......N............");
    assert_eq!(
        (
            &video["scheme"],
            &video["container"],
            &video["signatures"],
            &video["serial"]
        ),
        (
            &"onvif_media_signing".into(),
            &"fragmented_mp4".into(),
            &4.into(),
            &"SER-42".into()
        )
    );
    assert!(video["started"].as_str().unwrap().starts_with("1601-"));
    let left_open = report["not_checked"].as_array().unwrap();
    assert!(left_open.contains(&"clock_unset".into()) && left_open.contains(&"uncovered_parts".into()));
    assert_eq!(output.status.code(), Some(1));
}
