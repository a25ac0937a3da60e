//! A document before the camera: its zone goes from the picture into the record at HQ, and HQ sends who signs seals.

use data_encoding::BASE32_NOPAD;
use datamatrix::{DataMatrix, SymbolList};
use domain::UnixMs;
use domain::dialogue::{Intent, ScanProblem, ScanView};
use domain::draft::Field;
use domain::identity::cachet::{CachetKind, Standing, TrustList};
use domain::identity::crosscheck::{Agreement, Compared, Fact, Footing, Source};
use domain::identity::{Layout, Verdict};
use domain::photo::Picture;
use domain::record::{Act, ActKind};
use hq::reference::{PublicationError, publish_trust_list};
use rcgen::{BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair};
use simulator::enrol;
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cachet::Gathering;
use trust::keys::{KeyKind, SigningKey};

use crate::reference::reconnect;

/// An identity card of before 2021 as a phone takes it, generated; the reader's own tests read it too.
const CARD: &[u8] = include_bytes!("../../camera/reader/tests/it/zones/3.jpg");
const ZONE: &str = include_str!("../../camera/reader/tests/it/zones/3.txt");

/// A check of which everything is typed but the document.
fn begun(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    let draft = act_id(1);
    watched.act(Action::Intent(Said::StartDraft {
        id: draft,
        kind: ActKind::IdentityCheck,
    }));
    for &(field, text) in acts::texts(ActKind::IdentityCheck) {
        if field != Field::Mrz {
            let text = text.to_owned();
            watched.act(Action::Intent(Said::Fill { draft, field, text }));
        }
    }
    watched
}

fn scan(watched: &mut Watched, picture: &[u8]) {
    let picture = Picture(picture.to_vec());
    watched.intent(Intent::ScanDocument {
        draft: act_id(1),
        picture,
    });
    watched.act(Action::Advance(2_000));
}

fn seen(watched: &Watched) -> Option<ScanView> {
    watched.world.board.draft.as_ref().unwrap().scan.clone()
}

#[test]
fn a_scanned_zone_is_in_the_draft_at_once_and_in_the_record_at_hq() {
    let mut watched = begun(1_110);
    scan(&mut watched, CARD);
    assert_eq!(seen(&watched), Some(ScanView::Read(Vec::new())));
    let draft = watched.world.board.draft.as_ref().unwrap();
    let reading = draft.document.as_ref().unwrap();
    assert_eq!(
        (reading.layout, reading.verdicts.read),
        (Layout::OldCni, Verdict::Proven)
    );
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(act_id(1)));
    let record = watched.record_at_hq(act_id(1)).unwrap();
    let Act::IdentityCheck(check) = record.act else {
        panic!("the record is of a check")
    };
    let document = check.document.unwrap();
    assert_eq!(document.raw.reveal().trim(), ZONE.trim());
    watched.finish();
}

#[test]
fn a_picture_that_gives_nothing_says_so_and_changes_nothing_that_was_typed() {
    let mut watched = begun(1_111);
    let zone = Said::Fill {
        draft: act_id(1),
        field: Field::Mrz,
        text: acts::MRZ.to_owned(),
    };
    watched.act(Action::Intent(zone));
    scan(&mut watched, b"neither JPEG nor PNG");
    assert_eq!(seen(&watched), Some(ScanView::Unread(ScanProblem::NotAPicture)));
    scan(&mut watched, &CARD[..CARD.len() / 2]);
    assert!(matches!(seen(&watched), Some(ScanView::Unread(_))));
    let draft = watched.world.board.draft.as_ref().unwrap();
    assert_eq!(draft.document.as_ref().unwrap().layout, Layout::Td3);
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.finish();
}

/// A scanner that types, as a keyboard does.
fn key(watched: &mut Watched, text: &str) {
    watched.intent(Intent::ScanKeyed {
        draft: act_id(1),
        text: text.into(),
    });
    watched.act(Action::Advance(2_000));
}

#[test]
fn a_zone_that_a_scanner_types_is_in_the_record_at_hq_as_the_cameras_is() {
    let mut watched = begun(1_121);
    key(&mut watched, acts::MRZ);
    key(&mut watched, "ab123cd");
    assert_eq!(seen(&watched), Some(ScanView::Read(Vec::new())));
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.act(Action::Advance(20_000));
    let record = watched.record_at_hq(act_id(1)).unwrap();
    let Act::IdentityCheck(check) = record.act else {
        panic!("the record is of a check")
    };
    let document = check.document.unwrap();
    assert_eq!(document.raw.reveal().trim(), acts::MRZ.trim());
    assert_eq!(document.verdicts.read, Verdict::Proven);
    assert_eq!(check.plate.unwrap().to_string(), "AB-123-CD");
    watched.finish();
}

#[test]
fn a_seal_that_a_scanner_types_is_shown_with_what_proves_it() {
    let mut watched = begun(1_122);
    key(
        &mut watched,
        "DC04FR0500011DF71DF80701FR62DUPONT\u{1d}\u{1f}SIGNATURE",
    );
    let Some(ScanView::Read(cards)) = seen(&watched) else {
        panic!("the seal is read")
    };
    assert_eq!(cards.len(), 1);
    assert_eq!(cards[0].kind, CachetKind::TwoDDoc);
    assert_eq!(cards[0].verdicts.issuer_trusted, Verdict::NotChecked);
    fill(&mut watched, Field::Mrz, acts::MRZ);
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.finish();
}

#[test]
fn a_bad_scan_says_why_and_changes_nothing_that_was_typed() {
    let mut watched = begun(1_123);
    fill(&mut watched, Field::Mrz, acts::MRZ);
    let first = acts::MRZ.lines().next().unwrap();
    let wrong = acts::MRZ.replacen("7408122", "7408123", 1);
    assert_ne!(wrong, acts::MRZ);
    for (text, problem) in [
        (wrong.as_str(), ScanProblem::Misread),
        (&first[1..], ScanProblem::Misread),
        (first, ScanProblem::Unfinished),
        ("3017620422003", ScanProblem::Foreign),
    ] {
        key(&mut watched, text);
        assert_eq!(seen(&watched), Some(ScanView::Unread(problem)), "{text}");
    }
    let draft = watched.world.board.draft.as_ref().unwrap();
    assert_eq!(draft.document.as_ref().unwrap().layout, Layout::Td3);
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.finish();
}

/// A picture of a 2D-Doc of a title of identity, whose signature nobody can check.
fn seal(message: &str) -> Vec<u8> {
    drawn(&format!("DC04FR0500011DF71DF80701FR{message}\u{1f}SIGNATURE"))
}

/// The same, sealed by `signer` of the authority FR99.
fn signed_seal(signer: &SigningKey, message: &str) -> Vec<u8> {
    let content = format!("DC04FR99AB01FFFF24F70701FR{message}");
    let signature = BASE32_NOPAD.encode(&signer.sign(content.as_bytes()));
    drawn(&format!("{content}\u{1f}{signature}"))
}

/// A DataMatrix in a picture.
fn drawn(content: &str) -> Vec<u8> {
    let code = DataMatrix::encode(content.as_bytes(), SymbolList::default()).unwrap();
    let code = code.bitmap();
    let (module, border) = (6, 5);
    let side = (code.width().max(code.height()) + 2 * border) * module;
    let mut pixels = vec![255; side * side];
    for (column, row) in code.pixels() {
        for y in 0..module {
            let start = ((row + border) * module + y) * side + (column + border) * module;
            pixels[start..start + module].fill(0);
        }
    }
    let mut bytes = Vec::new();
    let side = u32::try_from(side).unwrap();
    let mut encoder = png::Encoder::new(&mut bytes, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

fn fill(watched: &mut Watched, field: Field, text: &str) {
    watched.act(Action::Intent(Said::Fill {
        draft: act_id(1),
        field,
        text: text.to_owned(),
    }));
}

fn compared(watched: &Watched) -> Vec<Compared> {
    watched.world.board.draft.as_ref().unwrap().compared.clone()
}

#[test]
fn zone_typed_name_and_seal_are_compared_on_screen_and_hq_receives_what_differed() {
    let mut watched = begun(1_113);
    scan(&mut watched, CARD);
    let zone = watched
        .world
        .board
        .draft
        .as_ref()
        .unwrap()
        .document
        .clone()
        .unwrap();
    let typed = "Jean".to_owned();
    fill(&mut watched, Field::Surname, zone.surname.reveal());
    fill(&mut watched, Field::GivenNames, &typed);
    scan(
        &mut watched,
        &seal(&format!("62{}\u{1d}60AUTRE", zone.surname.reveal())),
    );
    // What the camera saw outlives the process.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    watched.act(Action::Advance(2_000));
    let seen = compared(&watched);
    let of = |fact| seen.iter().find(|one: &&Compared| one.fact == fact).unwrap();
    assert_eq!(seen[0].fact, Fact::GivenNames, "what differs comes first");
    assert_eq!(seen[0].agreement, Agreement::Different);
    assert_eq!(seen[0].said.len(), 3);
    assert_eq!(of(Fact::Surname).agreement, Agreement::Same);
    let sealed = &of(Fact::Surname).said[2];
    assert_eq!(
        (sealed.source, sealed.footing),
        (Source::Seal, Footing::ShownOnly)
    );
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(act_id(1)));
    let Act::IdentityCheck(check) = watched.record_at_hq(act_id(1)).unwrap().act else {
        panic!("the record is of a check")
    };
    let [trace] = check.seals.as_slice() else {
        panic!("{:?}", check.seals)
    };
    assert_eq!(
        (trace.kind, trace.certificate.as_str()),
        (CachetKind::TwoDDoc, "FR05/0001")
    );
    assert_eq!(trace.verdicts.signature, Verdict::NotChecked);
    assert_eq!(check.compared[0].agreement, Agreement::Different);
    let words: Vec<Option<&String>> = check.compared[0]
        .said
        .iter()
        .map(|said| said.text.as_ref().map(|text| text.reveal()))
        .collect();
    assert_eq!(words[1], Some(&typed));
    let same = check
        .compared
        .iter()
        .find(|one| one.fact == Fact::Surname)
        .unwrap();
    assert!(same.said.iter().all(|said| said.text.is_none()));
    watched.finish();
}

/// An authority of seals with one signer, as a list of HQ's names them.
fn authority(now: UnixMs) -> (TrustList, SigningKey) {
    let named = |name: &str| {
        let mut params = CertificateParams::new(vec![]).unwrap();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params
    };
    let key = KeyPair::generate().unwrap();
    let mut root = named("FR99");
    root.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let root_der = root.self_signed(&key).unwrap().der().to_vec();
    let signer = SigningKey::generate(KeyKind::P256);
    let signer_key = KeyPair::from_pem(&signer.to_pkcs8_pem()).unwrap();
    let leaf = named("AB01");
    let leaf = leaf.signed_by(&signer_key, &Issuer::new(root, key)).unwrap();
    let mut gathering = Gathering::default();
    gathering.certificate(&root_der).unwrap();
    gathering.certificate(leaf.der()).unwrap();
    let mut list = gathering.list("essai", now).unwrap();
    for authority in &mut list.authorities {
        authority.standing = Standing::Recognised;
    }
    list.signature = Verdict::Proven;
    (list, signer)
}

/// HQ sends who signs seals, the terminal proves one without network, and what it states confirms what is typed.
#[test]
fn a_seal_that_is_proven_confirms_what_is_typed_and_one_of_a_stranger_confirms_nothing() {
    let mut watched = begun(1_114);
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let (list, signer) = authority(now);
    publish_trust_list(watched.world.gateway().store(), &pki, list, now).unwrap();
    reconnect(&mut watched);
    watched.act(Action::Cut);
    fill(&mut watched, Field::Surname, "Specimen");
    fill(&mut watched, Field::GivenNames, "Natacha");
    let picture = signed_seal(&signer, "62SPECIMEN\u{1d}60NATACHA");
    scan(&mut watched, &picture);
    let said = |watched: &Watched, fact| {
        let compared = compared(watched);
        let one = compared.into_iter().find(|one| one.fact == fact).unwrap();
        let seal = one.said.iter().find(|said| said.source == Source::Seal).unwrap();
        (one.agreement, seal.footing)
    };
    assert_eq!(said(&watched, Fact::Surname), (Agreement::Same, Footing::Counts));
    assert_eq!(
        said(&watched, Fact::GivenNames),
        (Agreement::Same, Footing::Counts)
    );
    // The same words under the key of nobody whom the list names.
    let stranger = SigningKey::generate(KeyKind::P256);
    let picture = signed_seal(&stranger, "62SPECIMEN\u{1d}60NATACHA");
    scan(&mut watched, &picture);
    assert_eq!(
        said(&watched, Fact::Surname),
        (Agreement::OnlyHere, Footing::ShownOnly)
    );
    let picture = signed_seal(&signer, "62SPECIMEN\u{1d}60NATACHA");
    scan(&mut watched, &picture);
    watched.act(Action::Restore);
    watched.act(Action::Intent(Said::Sign { draft: act_id(1) }));
    watched.act(Action::Advance(20_000));
    assert!(watched.is_received(act_id(1)));
    let Act::IdentityCheck(check) = watched.record_at_hq(act_id(1)).unwrap().act else {
        panic!("the record is of a check")
    };
    let verdicts = check.seals[0].verdicts;
    assert_eq!(
        (verdicts.signature, verdicts.issuer_trusted),
        (Verdict::Proven, Verdict::Proven)
    );
    watched.finish();
}

fn list(issued: UnixMs) -> TrustList {
    TrustList {
        origin: "essai".to_owned(),
        issued,
        next_update: None,
        sequence: 1,
        signature: Verdict::NotChecked,
        authorities: Vec::new(),
        signers: Vec::new(),
    }
}

#[test]
fn a_list_of_signers_reaches_the_terminal_and_an_older_one_is_not_published() {
    let mut watched = Watched::on_duty(1_112);
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let issued = now.plus(-UnixMs::DAY);
    let store = watched.world.gateway().store();
    publish_trust_list(store, &pki, list(issued), now).unwrap();
    let older = publish_trust_list(store, &pki, list(issued.plus(-1)), now);
    assert!(matches!(older, Err(PublicationError::OlderList)));
    reconnect(&mut watched);
    let shown = |watched: &Watched| watched.world.board.home.as_ref().unwrap().trust_list;
    assert_eq!(shown(&watched).unwrap().issued, issued);
    watched.play([Action::Cut, Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(shown(&watched).unwrap().issued, issued, "kept over a restart");
    watched.act(Action::Restore);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.finish();
}

/// The code that a victim brings of what was filed online.
#[test]
fn a_code_fills_the_number_of_what_was_filed_online_where_none_is_typed() {
    let picture = drawn("CANARI-PP-4412");
    let scanned = |filed: &str, number: &str| {
        let mut watched = Watched::on_duty(1_119);
        watched.play(acts::drafted(act_id(1), ActKind::Plainte));
        fill(&mut watched, Field::FiledOnline, filed);
        fill(&mut watched, Field::FiledNumber, number);
        scan(&mut watched, &picture);
        let draft = watched.world.board.draft.as_ref().unwrap();
        let number = draft.texts.iter().find(|text| text.field == Field::FiledNumber);
        (number.map(|text| text.text.reveal().clone()), seen(&watched))
    };
    let (number, _) = scanned("PRE-PLAINTE", "");
    assert_eq!(number.as_deref(), Some("CANARI-PP-4412"));
    let nothing = Some(ScanView::Unread(ScanProblem::NothingFound));
    assert_eq!(
        scanned("PRE-PLAINTE", "A-1"),
        (Some("A-1".to_owned()), nothing.clone())
    );
    assert_eq!(scanned("", ""), (None, nothing));
}
