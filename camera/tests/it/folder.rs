//! A mounted folder that somebody else filled: what is offered, under which name, and what is read of it.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use camera::ingest::{Fault, Peer};
use camera::source::{Folder, FolderError, Request, Skipped, Source, Word};
use camera::taking::{Outcome, Shelf, take_in};
use domain::dialogue::ClipRefusal;
use domain::footage::ClipListing;
use domain::{ClipId, Digest, UnixMs};
use tempfile::TempDir;

use crate::world::{NOON, ROOMY, World, patrol};

/// More than two segments, with a short one at the end.
fn long() -> Vec<u8> {
    let length = usize::try_from(2 * Folder::SEGMENT + 100_001).unwrap();
    (0..251).cycle().take(length).collect()
}

fn offered(folder: &mut Folder) -> Vec<ClipListing> {
    std::iter::from_fn(|| folder.look(UnixMs(NOON))).collect()
}

/// A folder with one file, looked at.
fn one(file: &[u8]) -> (TempDir, Folder, ClipId) {
    let disk = tempfile::tempdir().unwrap();
    fs::write(disk.path().join("a.mp4"), file).unwrap();
    let mut folder = Folder::open(disk.path()).unwrap();
    let clip = offered(&mut folder)[0].clip;
    (disk, folder, clip)
}

fn segment(folder: &mut Folder, clip: ClipId, index: u32) -> Result<Option<Vec<u8>>, FolderError> {
    folder.ask(clip, Request::Segment(index))?;
    let mut bytes = Vec::new();
    loop {
        match folder.hear()? {
            Word::Data(more) => bytes.extend(more),
            Word::SegmentEnd { message: None } => return Ok(Some(bytes)),
            Word::End { message: None } => return Ok(None),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn plain_files_named_like_videos_are_offered_and_nothing_else() {
    let disk = tempfile::tempdir().unwrap();
    let at = |name: &str| disk.path().join(name);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.mp4"), b"outside").unwrap();
    fs::create_dir_all(at("DCIM/100MEDIA")).unwrap();
    fs::create_dir_all(at("a/b/c/d/e")).unwrap();
    fs::write(at("DCIM/100MEDIA/0001.MP4"), b"one").unwrap();
    fs::write(at("clip.mov"), b"two").unwrap();
    fs::write(at("line\nfeed é.m4v"), b"three").unwrap();
    fs::write(disk.path().join(OsStr::from_bytes(b"\xff\xfe.mp4")), b"four").unwrap();
    fs::write(at("a/b/c/d/e/deep.mp4"), b"too deep").unwrap();
    fs::write(at("._0001.MP4"), b"hidden").unwrap();
    fs::write(at("notes.txt"), b"text").unwrap();
    fs::write(at("mp4"), b"no ending").unwrap();
    fs::write(at("empty.mp4"), b"").unwrap();
    fs::create_dir(at("folder.mp4")).unwrap();
    symlink(outside.path().join("secret.mp4"), at("link.mp4")).unwrap();
    symlink(outside.path(), at("elsewhere")).unwrap();
    symlink(disk.path(), at("round")).unwrap();
    let mut folder = Folder::open(disk.path()).unwrap();
    let clips: Vec<ClipId> = offered(&mut folder).iter().map(|listing| listing.clip).collect();
    assert_eq!(clips.len(), 4);
    for content in [b"one".as_slice(), b"two", b"three", b"four"] {
        assert!(clips.contains(&Folder::clip_of(Digest::of(content))));
    }
    let skipped = Skipped {
        special: 3,
        other: 3,
        unreadable: 1,
        copies: 0,
        more: true,
    };
    assert_eq!((folder.skipped(), folder.left()), (skipped, 0));
}

#[test]
fn a_recording_keeps_its_name_wherever_it_is_mounted_and_a_copy_is_offered_once() {
    let (_first, folder, clip) = one(patrol());
    let disk = tempfile::tempdir().unwrap();
    fs::create_dir(disk.path().join("usb")).unwrap();
    fs::write(disk.path().join("usb/renamed.MOV"), patrol()).unwrap();
    fs::write(disk.path().join("usb/copy.mp4"), patrol()).unwrap();
    let mut again = Folder::open(disk.path()).unwrap();
    let listed = offered(&mut again);
    assert_eq!(listed.len(), 1);
    assert_eq!(again.skipped().copies, 1);
    assert_eq!((listed[0].clip, listed[0].bytes), (clip, patrol().len() as u64));
    assert_eq!(folder.listing(clip).unwrap().segments, listed[0].segments);
    let mut changed = patrol().to_vec();
    changed[40_000] ^= 1;
    assert_ne!(one(&changed).2, clip);
}

#[test]
fn a_file_from_the_future_is_dated_at_the_time_of_looking() {
    let disk = tempfile::tempdir().unwrap();
    let path = disk.path().join("a.mp4");
    fs::write(&path, b"bytes").unwrap();
    let listed = |written: u64| {
        let written = std::time::UNIX_EPOCH + std::time::Duration::from_millis(written);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(written)
            .unwrap();
        offered(&mut Folder::open(disk.path()).unwrap())[0].ended
    };
    let noon = u64::try_from(NOON).unwrap();
    assert_eq!(listed(noon - 5000), UnixMs(NOON - 5000));
    assert_eq!(listed(noon + 5000), UnixMs(NOON));
}

#[test]
fn segments_are_given_in_any_order_and_add_up_to_the_file() {
    let file = long();
    let (_disk, mut folder, clip) = one(&file);
    folder.ask(clip, Request::Opening).unwrap();
    let opening = Word::Opening { clip, message: None };
    assert_eq!(folder.hear().unwrap(), opening);
    let last = segment(&mut folder, clip, 2).unwrap().unwrap();
    assert_eq!(last.len(), 100_001);
    let first = segment(&mut folder, clip, 0).unwrap().unwrap();
    let middle = segment(&mut folder, clip, 1).unwrap().unwrap();
    assert_eq!([first, middle, last].concat(), file);
    assert_eq!(segment(&mut folder, clip, 3).unwrap(), None);
    assert_eq!(segment(&mut folder, clip, u32::MAX).unwrap(), None);
}

#[test]
fn an_unknown_recording_is_absent_and_nothing_is_given_unasked() {
    let (_disk, mut folder, clip) = one(b"bytes");
    folder.ask(clip, Request::Opening).unwrap();
    folder.hear().unwrap();
    assert!(matches!(folder.hear(), Err(FolderError::NotAsked)));
    let other = ClipId::from_bytes([1; 16]);
    assert!(matches!(
        folder.ask(other, Request::Segment(0)),
        Err(FolderError::NotAsked)
    ));
    folder.ask(other, Request::Opening).unwrap();
    assert_eq!(folder.hear().unwrap(), Word::Absent);
}

#[test]
fn a_file_that_is_cut_while_it_is_read_gives_no_whole_segment() {
    let file = long();
    let (disk, mut folder, clip) = one(&file);
    folder.ask(clip, Request::Opening).unwrap();
    folder.hear().unwrap();
    segment(&mut folder, clip, 0).unwrap();
    let path = disk.path().join("a.mp4");
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(Folder::SEGMENT + 7)
        .unwrap();
    assert!(matches!(segment(&mut folder, clip, 1), Err(FolderError::Changed(found)) if found == clip));
    assert!(matches!(
        folder.ask(clip, Request::Opening),
        Err(FolderError::Changed(_))
    ));
}

fn swapped(swap: impl Fn(&Path)) -> FolderError {
    let (disk, mut folder, clip) = one(b"bytes");
    swap(&disk.path().join("a.mp4"));
    folder.ask(clip, Request::Opening).unwrap_err()
}

#[test]
fn what_took_the_place_of_a_file_is_not_read() {
    let vanished = swapped(|path| fs::remove_dir_all(path.parent().unwrap()).unwrap());
    assert!(matches!(vanished, FolderError::Read { .. }), "{vanished:?}");
    let linked = swapped(|path| {
        fs::rename(path, path.with_extension("old")).unwrap();
        symlink(path.with_extension("old"), path).unwrap();
    });
    assert!(matches!(linked, FolderError::Read { .. }), "{linked:?}");
    let replaced = swapped(|path| {
        fs::write(path.with_extension("new"), b"other").unwrap();
        fs::rename(path.with_extension("new"), path).unwrap();
    });
    assert!(matches!(replaced, FolderError::Changed(_)), "{replaced:?}");
}

#[test]
fn a_folder_that_is_not_there_is_told_as_such() {
    let disk = tempfile::tempdir().unwrap();
    let gone = Folder::open(&disk.path().join("unplugged"));
    assert!(matches!(gone, Err(FolderError::Look(_))));
}

#[test]
fn a_recording_of_a_camera_that_signs_is_refused_when_it_comes_without_signatures() {
    let world = World::new();
    let identity = world.identity("cam-1");
    let peer = Peer {
        camera: identity.id.clone(),
        certificate: identity.pairing.certificates[0].clone(),
        pairing: Digest::of(b"pairing"),
    };
    let (_disk, mut folder, clip) = one(patrol());
    let vault = world.vault(ROOMY);
    let shelf = Shelf {
        vault: &vault,
        recipients: &[world.hq.recipient()],
    };
    let outcome = take_in(&mut folder, shelf, &peer, clip, |_, _| {}).unwrap();
    assert!(
        matches!(
            outcome,
            Outcome::Refused {
                refusal: ClipRefusal::Unsigned,
                fault: Fault::Unsigned
            }
        ),
        "{outcome:?}"
    );
    assert_eq!(vault.clips().unwrap(), []);
}
