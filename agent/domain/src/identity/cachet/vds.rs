//! Visible digital seals: ICAO Doc 9303 part 13 and BSI TR-03137 part 1, header versions 3 and 4.

use super::binary::{Bytes, c40, date, hexadecimal};
use super::field::{Field, Form};
use super::{Cachet, CachetKind, CivilDate, Header, Mark, SignerName};
use crate::sensitive::Sensitive;

const MAGIC: u8 = 0xdc;
const SIGNATURE: u8 = 0xff;

/// How a value is written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Coding {
    C40,
    /// C40 whose spaces are `<`.
    Zone,
    Text,
    Byte,
    Hex,
    /// A date in three bytes behind one that masks what is unknown of it.
    MaskedDate,
    /// Too long and of no use to show: its length stands for it.
    Length,
}

/// A tag, its label, and how its value is written.
pub(super) type Row = (u8, &'static str, Coding);

/// A type of document: feature reference and category, its name, its tags.
struct Kind(u16, &'static str, &'static [Row]);

const ZONE: &str = "Zone de lecture automatique";
const DOCUMENT: &str = "Numéro du document";
const TOWN: &str = "Code de la commune (AGS)";

const KINDS: &[Kind] = &[
    Kind(
        0xfb06,
        "Titre de séjour (Allemagne)",
        &[(2, ZONE, Coding::Zone), (3, "Numéro du passeport", Coding::C40)],
    ),
    Kind(
        0xfa06,
        "Feuille complémentaire d’un titre de séjour (Allemagne)",
        &[(4, ZONE, Coding::Zone), (5, "Numéro de la feuille", Coding::C40)],
    ),
    Kind(
        0xfd02,
        "Attestation d’arrivée (Allemagne)",
        &[
            (2, ZONE, Coding::Zone),
            (3, "Numéro au registre central des étrangers (AZR)", Coding::C40),
        ],
    ),
    Kind(
        0xf908,
        "Étiquette d’adresse d’une carte d’identité (Allemagne)",
        &[
            (1, DOCUMENT, Coding::C40),
            (2, TOWN, Coding::C40),
            (3, "Adresse", Coding::C40),
        ],
    ),
    Kind(
        0xf90c,
        "Étiquette d’adresse d’un titre de séjour (Allemagne)",
        &[
            (1, DOCUMENT, Coding::C40),
            (2, TOWN, Coding::C40),
            (3, "Adresse", Coding::C40),
        ],
    ),
    Kind(
        0xf80a,
        "Étiquette d’adresse d’un passeport (Allemagne)",
        &[
            (1, DOCUMENT, Coding::C40),
            (2, TOWN, Coding::C40),
            (3, "Code postal", Coding::C40),
        ],
    ),
    Kind(
        0x5e03,
        "Laissez-passer d’urgence (OACI)",
        &[(2, ZONE, Coding::Zone)],
    ),
    Kind(
        0x5d01,
        "Visa (OACI)",
        &[
            (1, "Zone de lecture automatique (MRV-A)", Coding::Zone),
            (2, "Zone de lecture automatique (MRV-B)", Coding::Zone),
            (3, "Nombre d’entrées", Coding::Byte),
            (4, "Durée du séjour (jours, mois, années)", Coding::Hex),
            (5, "Numéro du passeport", Coding::C40),
            (6, "Type de visa", Coding::Hex),
            (7, "Mentions complémentaires", Coding::Hex),
        ],
    ),
    Kind(
        0xfc04,
        "Carte d’assurance sociale (Allemagne)",
        &[
            (1, "Numéro d’assurance sociale", Coding::C40),
            (2, "Nom", Coding::Text),
            (3, "Prénom", Coding::Text),
            (4, "Nom de naissance", Coding::Text),
        ],
    ),
    Kind(
        0x01c8,
        "Document administratif (Allemagne)",
        &[(0, "Profil du document", Coding::Hex)],
    ),
];

/// The seal in `bytes`; none when they do not start with a header of these versions.
pub(super) fn read(bytes: &[u8]) -> Option<Cachet> {
    let mut from = Bytes::new(bytes);
    if from.byte()? != MAGIC {
        return None;
    }
    let version = match from.byte()? {
        2 => 3,
        3 => 4,
        _ => return None,
    };
    let country = c40(from.take(2)?)?.replace(' ', "<");
    let name = name(&mut from, version)?;
    let Name {
        authority,
        certificate,
        issued,
        signed_on,
    } = name;
    let feature = u16::from_be_bytes(from.take(2)?.try_into().ok()?);
    let kind = KINDS.iter().find(|Kind(code, ..)| *code == feature);
    let rows = kind.map_or(&[] as &[Row], |Kind(_, _, rows)| rows);
    let mut fields = Vec::new();
    let mut mark = Mark::Missing;
    let mut signed = bytes;
    loop {
        let start = from.position();
        match from.tagged() {
            Some((SIGNATURE, value)) => {
                signed = &bytes[..start];
                mark = Mark::Bytes(value.to_vec());
                break;
            }
            Some((tag, value)) => fields.push(valued(rows, tag, value)),
            None => break,
        }
    }
    // Behind the signature it is unsigned; without one nothing is signed at all.
    let rest = from.rest();
    let annex = (!rest.is_empty()).then(|| Field::unknown(String::new(), hexadecimal(rest)));
    Some(Cachet {
        kind: CachetKind::Vds,
        header: Header {
            version,
            country: Some(country.trim_end_matches('<').to_owned()),
            document: Some(format!("{feature:04x}")),
            label: kind.map(|Kind(_, name, _)| (*name).to_owned()),
            perimeter: None,
            issued: Some(issued),
            signed: Some(signed_on),
        },
        signer: SignerName::Named {
            authority,
            certificate,
        },
        signed: Sensitive::new(signed.to_vec()),
        mark,
        hash: None,
        fields,
        annex: annex.into_iter().collect(),
    })
}

/// Who signed and when.
struct Name {
    /// Country and signer.
    authority: String,
    /// The reference of the certificate without leading zeros.
    certificate: String,
    issued: CivilDate,
    signed_on: CivilDate,
}

fn name(from: &mut Bytes<'_>, version: u8) -> Option<Name> {
    if version == 3 {
        let all = c40(from.take(6)?)?;
        let (authority, reference) = all.split_at_checked(4)?;
        return dated(from, authority, reference);
    }
    let all = c40(from.take(4)?)?;
    let (authority, length) = all.split_at_checked(4)?;
    // Issuers write the length of the reference in hexadecimal or in decimal digits, and two German ones a reference of
    // five characters where its length belongs; the dates behind it tell which.
    let stated = [16, 10].map(|radix| usize::from_str_radix(length, radix).ok().map(|count| (count, "")));
    let fixed = ["DEME", "DES1"].contains(&authority).then_some((3, length));
    for (count, before) in stated.into_iter().chain([fixed]).flatten() {
        let mut behind = Bytes::new(from.rest());
        let reference = behind.take(count.div_ceil(3) * 2).and_then(c40);
        let read = reference.and_then(|rest| dated(&mut behind, authority, &format!("{before}{rest}")));
        if let Some(name) = read {
            from.take(behind.position())?;
            return Some(name);
        }
    }
    None
}

fn dated(from: &mut Bytes<'_>, authority: &str, reference: &str) -> Option<Name> {
    let reference = reference.trim_start_matches('0');
    Some(Name {
        authority: authority.to_owned(),
        certificate: if reference.is_empty() { "0" } else { reference }.to_owned(),
        issued: date(from.take(3)?)?,
        signed_on: date(from.take(3)?)?,
    })
}

/// The value of a tag, as its row says.
pub(super) fn valued(rows: &[Row], tag: u8, value: &[u8]) -> Field {
    let code = format!("{tag:02x}");
    let Some((_, label, coding)) = rows.iter().find(|(known, ..)| *known == tag) else {
        let text = std::str::from_utf8(value)
            .ok()
            .filter(|text| !text.is_empty() && !text.chars().any(char::is_control));
        return Field::unknown(code, text.map_or_else(|| hexadecimal(value), str::to_owned));
    };
    let shown = match coding {
        Coding::C40 => c40(value),
        Coding::Zone => c40(value).map(|zone| zone.replace(' ', "<")),
        Coding::Text => String::from_utf8(value.to_vec()).ok(),
        Coding::Byte => match value {
            [byte] => Some(byte.to_string()),
            _ => None,
        },
        Coding::Hex => Some(hexadecimal(value)),
        Coding::MaskedDate => value.split_first().and_then(|(mask, rest)| {
            let day = date(rest).filter(|_| *mask == 0)?;
            Some(day.to_string())
        }),
        Coding::Length => Some(format!("{} octets", value.len())),
    };
    Field {
        code,
        label,
        form: if shown.is_some() {
            Form::Whole
        } else {
            Form::Unexpected
        },
        value: shown.unwrap_or_else(|| hexadecimal(value)).into(),
        day: None,
    }
}
