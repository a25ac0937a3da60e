//! The commands of `docs/verify-by-hand.md`, run as they stand there: openssl, coreutils and age, nothing of this
//! project.

use std::fs;
use std::process::Command;

use domain::footage::custody::{Category, Said};
use evidence::folder::Files;

use crate::film::container::{Form, write};
use crate::film::onvif::{PLAN, sign};
use crate::film::{Camera, SCENE, pictures};
use crate::fixture::{NONE, World, with_new_sums};
use crate::{Desk, checkout};

/// Every block of the page, one after the other in one shell.
fn script() -> String {
    let page = fs::read_to_string(checkout().join("docs/verify-by-hand.md")).unwrap();
    let blocks: Vec<&str> = page
        .split("```sh\n")
        .skip(1)
        .map(|rest| rest.split_once("```").unwrap().0)
        .collect();
    assert!(blocks.len() > 8, "the page has {} blocks", blocks.len());
    format!("set -eu\n{}", blocks.concat())
}

/// Whether every command succeeds; says what failed otherwise.
fn by_hand(desk: &Desk, environment: &[(&str, &str)]) -> Result<(), String> {
    let output = Command::new("sh")
        .args(["-c", &script()])
        .current_dir(desk.evidence())
        .env("ROOT", desk.root())
        .env("TMPDIR", desk.beside("."))
        .env("TZ", "Europe/Paris")
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&said).into_owned())
    }
}

fn folder(world: &World, files: &Files) -> Desk {
    for tool in ["openssl", "sha256sum", "age", "python3"] {
        let found = Command::new(tool).arg("--version").output().is_ok();
        assert!(
            found,
            "`{tool}` is missing; packaging/setup/packages test installs it"
        );
    }
    Desk::new(&world.root.to_pem(), files)
}

#[test]
fn the_certificates_inside_a_signed_film_are_judged_by_openssl() {
    let (world, camera) = (World::new(), Camera::new());
    let desk = folder(&world, &world.act(&NONE));
    let frames = sign(SCENE.codec, &pictures(SCENE), &camera, PLAN);
    std::fs::write(
        desk.beside("film.mp4"),
        write(SCENE.codec, &frames, Form::Classic),
    )
    .unwrap();
    std::fs::write(desk.beside("maker.pem"), camera.root.to_pem()).unwrap();
    std::fs::write(desk.beside("other.pem"), Camera::new().root.to_pem()).unwrap();
    let (film, maker, other) = (
        desk.beside("film.mp4"),
        desk.beside("maker.pem"),
        desk.beside("other.pem"),
    );
    let under = |root: &std::path::Path| {
        by_hand(
            &desk,
            &[
                ("FILM", film.to_str().unwrap()),
                ("CAMERA_ROOT", root.to_str().unwrap()),
            ],
        )
    };
    under(&maker).unwrap();
    assert!(under(&other).is_err());
}

/// OpenSSL's own time-stamp verifier reads the token, and refuses it over another act.
#[test]
fn openssl_verifies_the_time_stamp_of_a_folder() {
    const HOUR: i64 = 3_600_000;
    let world = World::new();
    let bare = world.act(&NONE);
    let record = bare["record.cose"].clone();
    let stamped = |response: Vec<u8>| {
        let mut files = bare.clone();
        files.insert("stamp.tsr".to_owned(), response);
        folder(&world, &with_new_sums(files))
    };
    assert_eq!(by_hand(&stamped(world.stamp(&record, HOUR)), &[]), Ok(()));
    assert!(by_hand(&stamped(world.stamp(b"another act", HOUR)), &[]).is_err());
    assert!(by_hand(&stamped(World::new().stamp(&record, HOUR)), &[]).is_err());
}

#[test]
fn every_command_succeeds_on_good_evidence() {
    let world = World::new();
    for files in [
        world.act(&NONE),
        world.photographed(&[("photo-1.jpg", &[0xff, 0xd8, 0xff, 0xe0])]),
        world.clip(&NONE, false),
        world.clip(&NONE, true),
        world.clip_with(&said(), |_| ()),
    ] {
        assert_eq!(by_hand(&folder(&world, &files), &[]), Ok(()));
    }
}

#[test]
fn a_command_fails_on_every_kind_of_damage_even_when_the_sums_are_made_anew() {
    let world = World::new();
    let (act, clip) = (world.act(&NONE), world.clip(&NONE, false));
    let damage: [(&Files, &str, usize); 13] = [
        (&act, "record.cbor", 60),
        (&act, "record.tbs", 200),
        (&act, "record.cose", 60),
        (&act, "record.cose", 300),
        (&act, "record.sig.der", 30),
        (&act, "envelope.tbs", 400),
        (&act, "receipt.tbs", 150),
        (&act, "receipt.sig", 10),
        (&act, "receipt.cose", 120),
        (&act, "document.pdf", 30),
        (&act, "signer.pem", 400),
        (&clip, "clip.mp4", 200),
        (&clip, "camera.cose", 90),
    ];
    for (good, name, at) in damage {
        let mut files = good.clone();
        files.get_mut(name).unwrap()[at] ^= 4;
        assert!(by_hand(&folder(&world, &files), &[]).is_err(), "{name}");
        assert!(
            by_hand(&folder(&world, &with_new_sums(files)), &[]).is_err(),
            "{name}, new sums"
        );
    }
}

type Spoil = fn(&mut Files);

fn said() -> [Said; 3] {
    [
        Said::Category(Category::Arrest),
        Said::Bookmark(2),
        Said::Category(Category::Offence),
    ]
}

#[test]
fn what_the_page_of_python_follows_breaks_with_every_link() {
    const SECOND: &str = "custody/00000002.cose";
    const THIRD: &str = "custody/00000003.cose";
    let world = World::new();
    let good = world.clip_with(&said(), |_| ());
    let spoil: [(&str, Spoil); 5] = [
        ("a statement left out", |files| {
            let last = files.remove(THIRD).unwrap();
            files.insert(SECOND.to_owned(), last);
            files.remove("custody/00000003.pem");
        }),
        ("two statements changed round", |files| {
            let (one, other) = (files[SECOND].clone(), files[THIRD].clone());
            files.insert(SECOND.to_owned(), other);
            files.insert(THIRD.to_owned(), one);
        }),
        ("a statement under another certificate", |files| {
            let stranger = World::new().clip_with(&said(), |_| ());
            files.insert(SECOND.to_owned(), stranger[SECOND].clone());
        }),
        ("a byte of a statement", |files| {
            files.get_mut(SECOND).unwrap()[150] ^= 1;
        }),
        ("the camera's last message left out", |files| {
            let chain = files.get_mut("camera.cose").unwrap();
            chain.truncate(chain.len() / 2);
        }),
    ];
    for (name, spoil) in spoil {
        let mut files = good.clone();
        spoil(&mut files);
        let refused = by_hand(&folder(&world, &with_new_sums(files)), &[]);
        assert!(refused.is_err(), "{name}");
    }
}

#[test]
fn a_foreign_certificate_root_or_date_and_an_extra_file_fail() {
    let world = World::new();
    let good = world.act(&NONE);
    let another = World::new();
    let mut swapped = good.clone();
    swapped.insert("signer.pem".to_owned(), another.act(&NONE)["signer.pem"].clone());
    assert!(by_hand(&folder(&world, &with_new_sums(swapped)), &[]).is_err());
    assert!(by_hand(&folder(&another, &good), &[]).is_err());
    assert!(by_hand(&folder(&world, &good), &[("SIGNED", "2031-01-01 12:00:00")]).is_err());
    let desk = folder(&world, &good);
    desk.write("extra.txt", b"x");
    assert!(by_hand(&desk, &[]).is_err());
}

#[test]
fn a_sealed_segment_opens_with_age_and_is_the_named_one() {
    let world = World::new();
    let (files, sealed) = world.clip_and_sealed_segment(&NONE, true);
    let desk = folder(&world, &files);
    fs::write(desk.beside("00000000.age"), &sealed).unwrap();
    fs::write(desk.beside("identity.age"), world.identity.to_text().as_bytes()).unwrap();
    let (sealed_at, key) = (desk.beside("00000000.age"), desk.beside("identity.age"));
    let environment = [
        ("SEALED", sealed_at.to_str().unwrap()),
        ("KEY", key.to_str().unwrap()),
    ];
    assert_eq!(by_hand(&desk, &environment), Ok(()));
    let mut damaged = sealed.clone();
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    fs::write(desk.beside("00000000.age"), damaged).unwrap();
    assert!(by_hand(&desk, &environment).is_err());
}
