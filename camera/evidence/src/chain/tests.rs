//! Chains as a camera signs them, and every way to spoil one.

use proptest::prelude::*;
use trust::cert::{Claims, Profile, Request, SubjectName, issue, random_serial, self_signed_root};
use trust::keys::SigningKey;

use super::*;
use domain::footage::Manifest;

const NOON: i64 = 1_795_262_400_000;
const CLIP: ClipId = ClipId::from_bytes([4; 16]);

struct Camera {
    id: CameraId,
    key: SigningKey,
    certificate: Certificate,
}

fn camera(id: &str) -> Camera {
    let root_key = SigningKey::generate(KeyKind::P256);
    let root = self_signed_root("root", &root_key, &random_serial(), NOON, NOON + 1000).unwrap();
    let key = SigningKey::generate(KeyKind::Ed25519);
    let request = Request {
        profile: Profile::Camera,
        common_name: id,
        public_key: &key.public(),
        names: &[SubjectName::Holder(Holder::Camera(id.to_owned()))],
        claims: &Claims {
            noise_key: Some([9; 32]),
            ..Claims::default()
        },
        serial: &random_serial(),
        not_before_unix_ms: NOON,
        not_after_unix_ms: NOON + 1000,
    };
    let certificate = issue(&request, &root_key, &root).unwrap();
    Camera {
        id: CameraId::parse(id).unwrap(),
        key,
        certificate,
    }
}

/// A recording of `count` segments of 128 bytes, the last one of 100.
struct Recording {
    init: Vec<u8>,
    segments: Vec<(Vec<u8>, Vec<u8>)>,
    end: Vec<u8>,
    whole: Digest,
}

fn recording(camera: &Camera, clip: ClipId, count: u8) -> Recording {
    let session = SigningKey::from_secret(KeyKind::Ed25519, &[3; 32]).unwrap();
    let (mut recorder, init) = Recorder::open(
        clip,
        camera.id.clone(),
        &camera.key,
        &camera.certificate,
        session,
        UnixMs(NOON),
    )
    .unwrap();
    let mut segments = Vec::new();
    let mut whole = Vec::new();
    for index in 0..count {
        let bytes = vec![index; if index + 1 == count { 100 } else { 128 }];
        whole.extend(&bytes);
        segments.push((recorder.segment(&bytes, u64::from(index) * 1000).unwrap(), bytes));
    }
    let end = recorder.end(u64::from(count) * 1000).unwrap();
    Recording {
        init,
        segments,
        end,
        whole: Digest::of(&whole),
    }
}

fn take(verifier: &mut Verifier, segment: &(Vec<u8>, Vec<u8>)) -> Result<SegmentClaim, Broken> {
    verifier.segment(&segment.0, Digest::of(&segment.1), segment.1.len() as u64)
}

#[test]
fn the_payloads_have_their_published_bytes() {
    let digest = Digest::from_bytes([2; 32]);
    let (clip, hash) = ("04".repeat(16), "02".repeat(32));
    let hex = |bytes: Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let init = Init {
        version: 1,
        clip: CLIP,
        camera: CameraId::parse("cam-1").unwrap(),
        certificate: digest,
        session_key: vec![0x30],
        started: UnixMs(5),
    };
    let expected = format!("a600010150{clip}026563616d2d31035820{hash}0441300505");
    assert_eq!(hex(canonical::encode(&init)), expected);
    let segment = SegmentClaim {
        clip: CLIP,
        index: 1,
        offset: 64,
        length: 32,
        plain: digest,
        previous: digest,
        mono_ms: 7,
        utc: UnixMs(9),
    };
    let expected = format!("a80050{clip}0101021840031820045820{hash}055820{hash}06070709");
    assert_eq!(hex(canonical::encode(&segment)), expected);
    let end = End {
        clip: CLIP,
        count: 2,
        bytes: 96,
        whole: digest,
        previous: digest,
        ended: UnixMs(9),
    };
    let expected = format!("a60050{clip}0102021860035820{hash}045820{hash}0509");
    assert_eq!(hex(canonical::encode(&end)), expected);
}

#[test]
fn a_whole_chain_is_complete_and_one_without_end_is_open() {
    let camera = camera("cam-1");
    let recording = recording(&camera, CLIP, 3);
    for closed in [true, false] {
        let mut verifier = Verifier::open(&recording.init, &camera.certificate, CLIP).unwrap();
        for segment in &recording.segments {
            take(&mut verifier, segment).unwrap();
        }
        if closed {
            verifier.end(&recording.end, recording.whole).unwrap();
            assert_eq!(verifier.finish(), Ok(CameraChain::Complete));
        } else {
            assert_eq!(verifier.finish(), Ok(CameraChain::OpenEnded));
        }
    }
}

#[test]
fn a_gap_a_reordering_and_a_replay_are_seen() {
    let camera = camera("cam-1");
    let recording = recording(&camera, CLIP, 4);
    let mut verifier = Verifier::open(&recording.init, &camera.certificate, CLIP).unwrap();
    take(&mut verifier, &recording.segments[0]).unwrap();
    assert_eq!(
        take(&mut verifier, &recording.segments[2]),
        Err(Broken::Gap {
            expected: 1,
            found: 2
        })
    );
    assert_eq!(
        take(&mut verifier, &recording.segments[0]),
        Err(Broken::Replayed { found: 0 })
    );
    take(&mut verifier, &recording.segments[1]).unwrap();
    assert_eq!(verifier.end(&recording.end, recording.whole), Err(Broken::Total));
}

#[test]
fn other_bytes_than_the_signed_ones_are_seen() {
    let camera = camera("cam-1");
    let recording = recording(&camera, CLIP, 2);
    let mut verifier = Verifier::open(&recording.init, &camera.certificate, CLIP).unwrap();
    let message = &recording.segments[0].0;
    let other = Digest::of(b"other");
    assert_eq!(
        verifier.segment(message, other, 128),
        Err(Broken::Content { index: 0 })
    );
    let digest = Digest::of(&recording.segments[0].1);
    assert_eq!(
        verifier.segment(message, digest, 127),
        Err(Broken::Content { index: 0 })
    );
    assert_eq!(verifier.end(message, other), Err(Broken::Signature));
}

#[test]
fn another_camera_another_recording_and_another_session_are_refused() {
    let camera_1 = camera("cam-1");
    let camera_2 = camera("cam-2");
    let recording_1 = recording(&camera_1, CLIP, 2);
    let other_clip = ClipId::from_bytes([5; 16]);
    let recording_2 = recording(&camera_1, other_clip, 2);
    assert_eq!(
        Verifier::open(&recording_1.init, &camera_2.certificate, CLIP).err(),
        Some(Broken::Signature)
    );
    assert_eq!(
        Verifier::open(&recording_1.init, &camera_1.certificate, other_clip).err(),
        Some(Broken::ForeignClip)
    );
    // The session key is the same, so that only the clip's id tells them apart.
    let mut verifier = Verifier::open(&recording_1.init, &camera_1.certificate, CLIP).unwrap();
    assert_eq!(
        take(&mut verifier, &recording_2.segments[0]),
        Err(Broken::ForeignClip)
    );
    let stranger = SigningKey::generate(KeyKind::Ed25519);
    let (mut recorder, _) = Recorder::open(
        CLIP,
        camera_1.id.clone(),
        &camera_1.key,
        &camera_1.certificate,
        stranger,
        UnixMs(NOON),
    )
    .unwrap();
    let forged = recorder.segment(&[0; 128], 0).unwrap();
    assert_eq!(
        verifier.segment(&forged, Digest::of(&[0; 128]), 128),
        Err(Broken::Signature)
    );
}

#[test]
fn a_segment_that_was_signed_after_another_history_does_not_link() {
    let camera = camera("cam-1");
    let session = || SigningKey::from_secret(KeyKind::Ed25519, &[3; 32]).unwrap();
    let open = || {
        Recorder::open(
            CLIP,
            camera.id.clone(),
            &camera.key,
            &camera.certificate,
            session(),
            UnixMs(NOON),
        )
        .unwrap()
    };
    let (mut one, init) = open();
    let (mut other, _) = open();
    let first = one.segment(&[1; 128], 5).unwrap();
    other.segment(&[2; 128], 5).unwrap();
    let second = other.segment(&[3; 128], 9).unwrap();
    let mut verifier = Verifier::open(&init, &camera.certificate, CLIP).unwrap();
    verifier.segment(&first, Digest::of(&[1; 128]), 128).unwrap();
    assert_eq!(
        verifier.segment(&second, Digest::of(&[3; 128]), 128),
        Err(Broken::Link { index: 1 })
    );
}

#[test]
fn nothing_follows_a_short_segment_or_the_end_and_an_empty_chain_is_worth_nothing() {
    let camera = camera("cam-1");
    let recording = recording(&camera, CLIP, 1);
    let open = || Verifier::open(&recording.init, &camera.certificate, CLIP).unwrap();
    assert_eq!(open().finish(), Err(Broken::Empty));
    let session = SigningKey::from_secret(KeyKind::Ed25519, &[3; 32]).unwrap();
    let (mut recorder, _) = Recorder::open(
        CLIP,
        camera.id.clone(),
        &camera.key,
        &camera.certificate,
        session,
        UnixMs(NOON),
    )
    .unwrap();
    recorder.segment(&[0; 100], 0).unwrap();
    let second = recorder.segment(&[1; 100], 1).unwrap();
    let mut verifier = open();
    take(&mut verifier, &recording.segments[0]).unwrap();
    assert_eq!(
        verifier.segment(&second, Digest::of(&[1; 100]), 100),
        Err(Broken::Place { index: 1 })
    );
    verifier.end(&recording.end, recording.whole).unwrap();
    assert_eq!(
        verifier.end(&recording.end, recording.whole),
        Err(Broken::AfterEnd)
    );
}

#[test]
fn a_chain_file_reads_back_and_no_cut_of_it_passes_for_complete() {
    let camera = camera("cam-1");
    let recording = recording(&camera, CLIP, 2);
    let messages = Messages {
        init: &recording.init,
        segments: recording
            .segments
            .iter()
            .map(|(message, _)| message.as_slice())
            .collect(),
        end: Some(&recording.end),
    };
    let file = join(&messages);
    assert_eq!(split(&file), Ok(messages));
    for length in 0..file.len() {
        assert!(
            split(&file[..length]).map_or(true, |cut| cut.end.is_none()),
            "{length} bytes"
        );
    }
}

#[test]
fn every_changed_bit_of_a_chain_file_breaks_it() {
    let camera = camera("cam-1");
    let recording = recording(&camera, CLIP, 1);
    let (message, bytes) = &recording.segments[0];
    let file = join(&Messages {
        init: &recording.init,
        segments: vec![message],
        end: Some(&recording.end),
    });
    let segment = domain::footage::Segment {
        index: 0,
        offset: 0,
        length: 100,
        plain: Digest::of(bytes),
        cipher: Digest::of(b""),
        cipher_length: 0,
    };
    let manifest = Manifest {
        clip: CLIP,
        camera: camera.id.clone(),
        camera_certificate: Digest::from_bytes(camera.certificate.fingerprint().0),
        pairing: Digest::of(b""),
        started: UnixMs(NOON),
        ended: UnixMs(NOON + 1000),
        bytes: 100,
        whole: recording.whole,
        root: Digest::of(b""),
        segments: vec![segment],
        chain: CameraChain::Complete,
        chain_digest: Digest::of(&file),
        video: None,
        events: None,
        assigned: None,
        program: None,
    };
    assert_eq!(
        check_file(&file, &camera.certificate, &manifest),
        Ok(CameraChain::Complete)
    );
    for bit in 0..file.len() * 8 {
        let mut changed = file.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(
            check_file(&changed, &camera.certificate, &manifest).is_err(),
            "bit {bit}"
        );
    }
}

proptest! {
    #[test]
    fn random_bytes_are_no_chain_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let camera = camera("cam-1");
        prop_assert!(Verifier::open(&bytes, &camera.certificate, CLIP).is_err());
        if let Ok(messages) = split(&bytes) {
            prop_assert_eq!(join(&messages), bytes);
        }
    }
}
