//! Seals taken apart: published specimens, both editions of the table, and bytes that are nothing.

use proptest::prelude::*;

use super::*;

/// The specification's own examples (annex 16.2), with shortened signatures.
const CARD: &[u8] = b"DC03FR0000011823180BA201AHABC1234567890DEF\x1dAI30112019\x1fGS6BVV7J";
const ARMS: &[u8] =
    b"DC04FR00000112511251C301FRD612345678D704122020D803DEMASOCIETE SA\x1dDF012345678DG01234567800002\
    DHFR123456789012345DQSPECIMEN\x1dDRLEA\x1dDS04071990DY015\x1fCY52ZXZE";

/// A residence permit of the guideline's examples (BSI TR-03137).
const PERMIT: &str = "dc03d9c5d9cac8a73a990f71346ecf47fb0602305cba135875976ec066d417b59e8c6abc133c133c133c133c3fef3a2938ee43f1593d1ae52dbb26751fe64b7c133c136b0306d79519a65306ff408b7f3b5f9a83fdd4f46ec7dccc3384bb6c540aaf52603cc66d1f08b7f5e71243475d0a833b51fd2a846622e847b1f3791803f26d734b9bd18178fa22cff2a31a";
/// A certificate of permanent residence as IDB.
const RESIDENCE: &[u8] = b"RDB1BNK6ADJL2PECXOABAHIMWCFMCAYQDQM3TI2XIGCCZ5EQDQM3TNUSIMAIQP5AIZJ6II7FQTQ2UNWUMTMXIXETVCSSXKBK7RFWGXX3JBLHXTPV26M2GBN42UWTEQB45P4C4X7JK5WI2VQW5IBV3YNDPHELTYIU54PQ4P4";

fn read(bytes: &[u8]) -> Cachet {
    Cachet::read(bytes, Carrier::Other).unwrap()
}

fn shown(fields: &[Field]) -> Vec<(&str, &str)> {
    fields
        .iter()
        .map(|field| (field.code.as_str(), field.value.reveal().as_str()))
        .collect()
}

fn day(text: &str) -> Option<CivilDate> {
    CivilDate::parse(text).ok()
}

#[test]
fn the_table_of_france_titres_is_whole() {
    assert_eq!(document_types().count(), 59);
    assert_eq!(field_count(), 386);
    assert_eq!(document_type("A9").unwrap().name, "Permis de chasser");
    for code in table::EXPIRIES {
        let label = table::definition(code).unwrap().label;
        assert!(
            label.contains("fin de validité") || label.contains("expiration"),
            "{label}"
        );
    }
}

#[test]
fn a_specimen_is_read_with_its_labels_and_what_is_signed_ends_before_the_separator() {
    let cachet = read(CARD);
    assert_eq!(
        cachet.header.label.as_deref(),
        Some("Justificatif de santé\u{a0}: Carte Mobilité Inclusion")
    );
    assert_eq!(cachet.header.issued, day("01/12/2016"));
    assert_eq!(cachet.signed.reveal().as_slice(), &CARD[..CARD.len() - 9]);
    assert_eq!(
        shown(&cachet.fields),
        [("AH", "ABC1234567890DEF"), ("AI", "30/11/2019")]
    );
    assert_eq!(cachet.fields[0].label, "Numéro de la carte");
    assert!(cachet.reads_whole() && cachet.is_of_a_test_signer());
    assert_eq!(cachet.mark, Mark::Bytes(vec![0x34, 0xbc, 0x1a, 0xd7, 0xe9]));
}

#[test]
fn an_eori_of_seventeen_characters_needs_no_separator() {
    let cachet = read(ARMS);
    assert!(cachet.reads_whole());
    assert!(shown(&cachet.fields).contains(&("DH", "FR123456789012345")));
    assert!(shown(&cachet.fields).contains(&("DQ", "SPECIMEN")));
    let later = String::from_utf8(ARMS.to_vec())
        .unwrap()
        .replace("345DQ", "345\u{1d}DQ");
    assert_eq!(read(later.as_bytes()).fields, cachet.fields);
}

#[test]
fn what_stands_behind_the_signature_is_an_annex_and_nothing_of_it_is_signed() {
    let cachet = read(b"DC04FR0500011DF71DF80701FR62MARTIN\x1d61ANNE\x1fAAAA\x1d62DURAND");
    assert_eq!(shown(&cachet.fields), [("62", "MARTIN"), ("61", "ANNE")]);
    assert_eq!(shown(&cachet.annex), [("62", "DURAND")]);
    assert!(!cachet.signed.reveal().ends_with(b"DURAND"));
}

#[test]
fn the_first_version_ends_with_a_raw_signature_in_which_any_byte_may_stand() {
    let signature = [0x1f; 64];
    let bytes = [
        b"DC01FR050001FFFF125E0331FR7630001007941234567890185\x1d".as_slice(),
        &signature,
    ]
    .concat();
    let cachet = read(&bytes);
    assert_eq!(cachet.mark, Mark::Bytes(signature.to_vec()));
    assert_eq!(cachet.signed.reveal().len(), bytes.len() - 64);
    assert_eq!(cachet.header.issued, None);
    assert_eq!(read(b"DC01FR050001FFFF125E03").mark, Mark::Missing);
}

#[test]
fn a_signature_that_is_none_is_named_and_not_guessed() {
    let mark = |behind: &str| read(format!("DC02FR050001FFFF125E0162MARTIN{behind}").as_bytes()).mark;
    assert_eq!(mark(""), Mark::Missing);
    assert_eq!(mark("\u{1f}"), Mark::Missing);
    assert_eq!(mark("\u{1f}SIGNATURE"), Mark::Malformed);
    assert_eq!(mark("\u{1f}aaaa"), Mark::Malformed);
    assert_eq!(mark("\u{1f}AAAA\r\n"), Mark::Bytes(vec![0, 0]));
}

#[test]
fn a_value_that_is_cut_unknown_or_of_another_form_is_kept_as_written() {
    let cachet = read(b"DC04FR0500011DF71DF80701FR62MART\x1e69310219ZZ??\x1d67FR");
    let forms: Vec<(&str, Form)> = cachet
        .fields
        .iter()
        .map(|field| (field.code.as_str(), field.form))
        .collect();
    assert_eq!(forms[..2], [("62", Form::Truncated), ("69", Form::Unexpected)]);
    assert_eq!(cachet.fields[1].value.reveal(), "310219ZZ");
    assert_eq!((forms[2].0, forms[2].1), ("??", Form::Unknown));
    assert!(!cachet.reads_whole());
    let foreign = read(b"DC04FR0500011DF71DF80702FR62MARTIN");
    assert_eq!(
        foreign.fields[0].form,
        Form::Unknown,
        "another perimeter has another table"
    );
    assert_eq!(foreign.header.label, None);
}

#[test]
fn the_earliest_end_that_is_signed_counts() {
    let ends = |message: &str| read(format!("DC04FR0500011DF71DF81301FR{message}").as_bytes()).expires();
    assert_eq!(ends("6O31122026"), day("31/12/2026"));
    assert_eq!(ends("6O31122026082664"), day("28/11/2026"));
    assert_eq!(
        ends("62MARTIN\u{1f}AAAA\u{1d}6O01012000"),
        None,
        "an annex ends nothing"
    );
}

#[test]
fn a_visible_digital_seal_is_read() {
    let bytes = data_encoding::HEXLOWER.decode(PERMIT.as_bytes()).unwrap();
    let cachet = read(&bytes);
    assert_eq!(cachet.kind, CachetKind::Vds);
    assert_eq!(
        (cachet.header.version, cachet.header.country.as_deref()),
        (4, Some("UTO"))
    );
    let name = SignerName::Named {
        authority: "UTTS".to_owned(),
        certificate: "5B".to_owned(),
    };
    assert_eq!(cachet.signer, name);
    assert_eq!(
        cachet.header.label.as_deref(),
        Some("Titre de séjour (Allemagne)")
    );
    let zone = cachet.fields[0].value.reveal();
    assert!(
        zone.starts_with("ATD<<RESIDORCE<<ROLAND<") && zone.len() == 72,
        "{zone}"
    );
    assert_eq!(shown(&cachet.fields)[1], ("03", "UFO001979"));
    assert_eq!(cachet.signed.reveal().as_slice(), &bytes[..bytes.len() - 66]);
    assert!(cachet.reads_whole());
    let cut = read(&bytes[..40]);
    assert_eq!(cut.mark, Mark::Missing);
    assert!(!cut.reads_whole());
}

#[test]
fn the_reference_of_a_certificate_is_as_long_as_the_dates_behind_it_say() {
    let named = |hex: &str| {
        let Cachet { signer, header, .. } = read(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap());
        let SignerName::Named {
            authority,
            certificate,
        } = signer
        else {
            panic!("{hex}");
        };
        (authority, certificate, header.issued)
    };
    let expected = ("DEME".to_owned(), "8".to_owned(), day("01/02/2016"));
    assert_eq!(named("dc03fe456d2b712a19a51ae11eb3704fd590fd02"), expected);
    assert_eq!(named("dc03fe456d2b712519ad1eb3704fd590fd02"), expected);
    // Forty characters, in decimal digits.
    let long = "dc036abc6d38dc0519a620372ce13372401c46ad535759e866926d2379bd19ce2678fe344e76094e760901c8";
    assert_eq!(named(long).1.len(), 40 - 2);
    assert_eq!(
        Cachet::read(
            &[0xdc, 3, 0x6a, 0xbc, 0x6d, 0x38, 0xdc, 5, 0x19, 0xa6],
            Carrier::Other
        ),
        None
    );
}

#[test]
fn a_barcode_of_the_icao_is_read() {
    let cachet = read(RESIDENCE);
    assert_eq!(cachet.kind, CachetKind::Idb);
    assert_eq!(cachet.header.country.as_deref(), Some("D"));
    assert_eq!(cachet.signer, SignerName::Digest([0xa5, 0x7a, 0x79, 0x05, 0x77]));
    assert_eq!(cachet.hash, Some(NamedHash::Sha256));
    assert!(matches!(&cachet.mark, Mark::Bytes(signature) if signature.len() == 64));
    let labels: Vec<&str> = cachet.fields.iter().map(|field| field.label).collect();
    let register = "Numéro au registre central des étrangers (AZR)";
    assert_eq!(
        labels,
        ["Référence du document", register, "Type national de document"]
    );
}

#[test]
fn a_compressed_barcode_that_grows_beyond_any_symbol_is_no_seal() {
    let zipped = |bytes: &[u8]| {
        let zlib = miniz_oxide::deflate::compress_to_vec_zlib(bytes, 9);
        format!("RDB1C{}", data_encoding::BASE32_NOPAD.encode(&zlib))
    };
    let small = zipped(&[0x6a, 0xbc, 0x61, 0x02, 0x09, 0x00]);
    assert_eq!(read(small.as_bytes()).header.country.as_deref(), Some("D"));
    let bomb = zipped(&vec![0; 4 << 20]);
    assert!(bomb.len() < MAX_SYMBOL);
    assert_eq!(Cachet::read(bomb.as_bytes(), Carrier::Other), None);
}

#[test]
fn the_seal_of_an_identity_card_is_presumed_in_a_data_matrix_alone() {
    let content = [b'7'; 200];
    let kind = |bytes: &[u8], carrier| Cachet::read(bytes, carrier).map(|cachet| cachet.kind);
    assert_eq!(kind(&content, Carrier::DataMatrix), Some(CachetKind::Cnie));
    assert_eq!(kind(&content, Carrier::Other), None);
    assert_eq!(kind(&[b'7'; 286], Carrier::DataMatrix), None);
    assert_eq!(kind(&content[..20], Carrier::DataMatrix), None);
    let link = format!("https://exemple.fr/{}", "a".repeat(80));
    assert_eq!(kind(link.as_bytes(), Carrier::DataMatrix), None);
    let other = format!("DC09{}", "A".repeat(80));
    assert_eq!(kind(other.as_bytes(), Carrier::DataMatrix), None);
}

#[test]
fn whoever_signs_specimens_is_known() {
    let is_test =
        |signer: &str| read(format!("DC04{signer}1DF71DF80701FR62MARTIN").as_bytes()).is_of_a_test_signer();
    for signer in [
        "FR000001", "XX000001", "DE000001", "XX050001", "FR050000", "FR05DHI0", "FR05TST1",
    ] {
        assert!(is_test(signer), "{signer}");
    }
    for signer in ["FR050001", "FR03AV01", "FR06DSR0"] {
        assert!(!is_test(signer), "{signer}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_a_seal_or_not_without_a_panic(
        start in prop_oneof!["DC0[1-4]FR050001[0-9A-F]{8}[0-9A-Z]{6}", Just("RDB1B".to_owned()), Just(String::new())],
        rest in prop::collection::vec(any::<u8>(), 0..300),
        is_binary: bool,
    ) {
        let mut bytes = start.into_bytes();
        if is_binary {
            bytes = vec![0xdc, 3];
        }
        bytes.extend(rest);
        for carrier in [Carrier::DataMatrix, Carrier::Other] {
            if let Some(cachet) = Cachet::read(&bytes, carrier) {
                let _ = (cachet.reads_whole(), cachet.expires(), cachet.is_of_a_test_signer());
                let is_literal = bytes.starts_with(cachet.signed.reveal());
                prop_assert!(is_literal || cachet.kind == CachetKind::Idb);
            }
        }
    }

    #[test]
    fn every_character_of_a_message_is_shown(message in "[A-Z0-9 ]{2,60}") {
        let cachet = read(format!("DC04FR0500011DF71DF80702FR{message}").as_bytes());
        let all: String = cachet
            .fields
            .iter()
            .map(|field| format!("{}{}", field.code, field.value.reveal()))
            .collect();
        prop_assert_eq!(all, message);
    }
}
