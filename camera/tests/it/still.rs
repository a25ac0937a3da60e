//! Image files: only images, only whole ones, and never more than a photograph may hold.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use camera::still::{StillError, read, take};
use domain::photo::MAX_PHOTO;

const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0];

#[test]
fn the_image_written_last_is_taken_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8], seconds: u64| {
        let path = dir.path().join(name);
        fs::write(&path, bytes).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + seconds);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(written)
            .unwrap();
    };
    assert!(matches!(take(dir.path()), Err(StillError::Empty { .. })));
    write("ancienne.jpg", &[JPEG, b"old"].concat(), 1);
    write("nouvelle", &[JPEG, b"new"].concat(), 2);
    write("note.jpg", b"no image at all", 3);
    let still = take(dir.path()).unwrap();
    assert_eq!(
        (still.name.as_str(), still.picture.0),
        ("nouvelle", [JPEG, b"new"].concat())
    );
    let still = take(&dir.path().join("ancienne.jpg")).unwrap();
    assert_eq!(still.picture.0, [JPEG, b"old"].concat());
}

#[test]
fn a_500_mb_file_is_refused_before_a_byte_of_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("enorme.jpg");
    // Sparse: reading it would take far longer than measuring it.
    File::create(&path).unwrap().set_len(500_000_000).unwrap();
    assert!(matches!(read(&path), Err(StillError::TooLarge { .. })));
    File::create(&path).unwrap().set_len(MAX_PHOTO as u64).unwrap();
    assert_eq!(read(&path).unwrap().picture.0.len(), MAX_PHOTO);
}

#[test]
fn what_is_no_file_is_not_read() {
    assert!(matches!(
        read("/dev/zero".as_ref()),
        Err(StillError::NotAFile { .. })
    ));
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(read(dir.path()), Err(StillError::NotAFile { .. })));
    assert!(matches!(
        take(&dir.path().join("absente")),
        Err(StillError::Read { .. })
    ));
}
