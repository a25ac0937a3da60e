//! Sealed files as they are made, opened, damaged, and opened by the standard tool.

use proptest::prelude::*;

use super::*;
use crate::fixture::{bit_flips, run};

#[test]
fn each_recipient_opens_and_nobody_else() {
    let (hq, terminal, thief) = (Identity::generate(), Identity::generate(), Identity::generate());
    let sealed = seal(&[hq.recipient(), terminal.recipient()], b"secret").unwrap();
    assert_eq!(open(&hq, &sealed, 100).unwrap(), b"secret");
    assert_eq!(open(&terminal, &sealed, 6).unwrap(), b"secret");
    assert!(matches!(
        open(&thief, &sealed, 100),
        Err(SealError::NotForThisIdentity)
    ));
    assert!(matches!(seal(&[], b"x"), Err(SealError::NoRecipient)));
}

#[test]
fn content_beyond_the_limit_is_refused() {
    let hq = Identity::generate();
    let sealed = seal(&[hq.recipient()], &[1; 200_000]).unwrap();
    assert!(matches!(
        open(&hq, &sealed, 199_999),
        Err(SealError::TooLong { max: 199_999 })
    ));
    assert_eq!(open(&hq, &sealed, 200_000).unwrap().len(), 200_000);
}

#[test]
fn no_single_bit_flip_truncation_or_extension_is_opened() {
    let hq = Identity::generate();
    let sealed = seal(&[hq.recipient()], b"secret").unwrap();
    for changed in bit_flips(&sealed) {
        assert!(open(&hq, &changed, 100).is_err());
    }
    for length in 0..sealed.len() {
        assert!(open(&hq, &sealed[..length], 100).is_err());
    }
    let mut longer = sealed.clone();
    longer.push(0);
    assert!(matches!(open(&hq, &longer, 100), Err(SealError::Damaged)));
}

#[test]
fn a_header_without_end_is_refused_before_it_grows() {
    let hq = Identity::generate();
    let endless = [
        b"age-encryption.org/v1\n".as_slice(),
        &b"-> X25519 aaaa\nbbbb\n".repeat(100_000),
    ]
    .concat();
    assert!(matches!(open(&hq, &endless, 100), Err(SealError::NotSealed)));
    assert!(matches!(open(&hq, b"", 100), Err(SealError::NotSealed)));
}

#[test]
fn a_stream_is_sealed_and_opened_in_pieces() {
    let hq = Identity::generate();
    let content: Vec<u8> = (0_u32..300_000).map(|n| n.to_le_bytes()[0]).collect();
    let mut writer = SealWriter::new(&[hq.recipient()], Vec::new()).unwrap();
    for piece in content.chunks(777) {
        writer.write_all(piece).unwrap();
    }
    let sealed = writer.finish().unwrap();
    let mut opened = Vec::new();
    OpenReader::new(&hq, sealed.as_slice())
        .unwrap()
        .read_to_end(&mut opened)
        .unwrap();
    assert_eq!(opened, content);
    // Cut on the border of a block, where only the missing last block tells.
    let cut = sealed.len() - (content.len() % 65_536) - 16;
    let mut reader = OpenReader::new(&hq, &sealed[..cut]).unwrap();
    assert!(reader.read_to_end(&mut Vec::new()).is_err());
}

#[test]
fn keys_have_one_text_form() {
    let identity = Identity::generate();
    let recipient = identity.recipient();
    let text = recipient.to_string();
    assert!(text.starts_with("age1"));
    assert_eq!(text.parse(), Ok(recipient));
    assert_eq!(Recipient::from_bytes(*recipient.as_bytes()), recipient);
    assert_eq!(
        text.to_uppercase().parse::<Recipient>(),
        Err(SealKeyError::Recipient)
    );
    assert_eq!(
        text[..text.len() - 1].parse::<Recipient>(),
        Err(SealKeyError::Recipient)
    );
    let file = format!(
        "# created: today\n# public key: {text}\n\n{}",
        *identity.to_text()
    );
    assert_eq!(Identity::from_text(&file).unwrap().recipient(), recipient);
    let twice = format!("{}{}", *identity.to_text(), *identity.to_text());
    assert_eq!(Identity::from_text(&twice).err(), Some(SealKeyError::Identity));
    assert_eq!(Identity::from_text("").err(), Some(SealKeyError::Identity));
    assert_eq!(Identity::from_text(&text).err(), Some(SealKeyError::Identity));
}

#[test]
fn the_standard_tool_opens_what_is_sealed_and_the_reverse() {
    let dir = tempfile::tempdir().unwrap();
    let age = |arguments: &[&str]| run("age", "age", arguments, dir.path());
    let identity = Identity::generate();
    let content = vec![42; 70_000];
    std::fs::write(dir.path().join("key"), identity.to_text().as_bytes()).unwrap();
    std::fs::write(
        dir.path().join("sealed"),
        seal(&[identity.recipient()], &content).unwrap(),
    )
    .unwrap();
    let opened = age(&["-d", "-i", "key", "sealed"]);
    assert_eq!(
        opened.stdout,
        content,
        "{}",
        String::from_utf8_lossy(&opened.stderr)
    );
    std::fs::write(dir.path().join("plain"), &content).unwrap();
    let sealed = age(&["-r", &identity.recipient().to_string(), "plain"]);
    assert_eq!(open(&identity, &sealed.stdout, content.len()).unwrap(), content);
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let identity = Identity::generate();
        prop_assert!(open(&identity, &bytes, 1000).is_err());
        let framed = [b"age-encryption.org/v1\n".as_slice(), &bytes, b"\n--- ", &bytes].concat();
        prop_assert!(open(&identity, &framed, 1000).is_err());
    }
}
