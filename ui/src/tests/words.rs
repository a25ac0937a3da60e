//! Words: none is missing, in either language, and French follows its typography.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use domain::delivery::Delivery;
use domain::dialogue::{DraftView, View};
use domain::draft::{Field, Problem, Reason};
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementQuery};

use slint::{ComponentHandle, LogicalSize};

use super::{Phone, Screen, sample};
use crate::look::Language;

/// Source text and its plural, of every `@tr` of every screen.
fn spoken() -> BTreeMap<String, Option<String>> {
    let mut words = BTreeMap::new();
    for file in slint_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("slint")) {
        let text = fs::read_to_string(file).unwrap();
        for call in text.split("@tr(").skip(1) {
            let (one, rest) = literal(call).unwrap();
            let many = rest.trim_start().strip_prefix('|').and_then(literal);
            words.insert(one, many.map(|(many, _)| many));
        }
    }
    words
}

fn slint_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(slint_files(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn literal(text: &str) -> Option<(String, &str)> {
    let (literal, rest) = text.trim_start().strip_prefix('"')?.split_once('"')?;
    Some((literal.to_owned(), rest))
}

/// Source text and its translations, one or two.
fn english() -> BTreeMap<String, Vec<String>> {
    let po = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("lang/en/LC_MESSAGES/drawn.po"))
        .unwrap();
    let mut entries = BTreeMap::new();
    for block in po.split("\n\n").skip(1).filter(|block| !block.trim().is_empty()) {
        let of = |key: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(key))?;
            literal(line).map(|(text, _)| text)
        };
        let translations = ["msgstr ", "msgstr[0] ", "msgstr[1] "].into_iter().filter_map(of);
        entries.insert(of("msgid ").unwrap(), translations.collect());
    }
    entries
}

#[test]
fn every_word_is_translated_and_no_translation_is_left_over() {
    let (spoken, english) = (spoken(), english());
    assert!(spoken.len() > 300);
    for (text, plural) in &spoken {
        let translations = english
            .get(text)
            .unwrap_or_else(|| panic!("`{text}` is not translated"));
        assert_eq!(
            translations.len(),
            if plural.is_some() { 2 } else { 1 },
            "`{text}`"
        );
        for translation in translations {
            assert!(!translation.is_empty(), "`{text}` has an empty translation");
            for place in ["{0}", "{1}", "{2}"] {
                assert_eq!(
                    text.contains(place),
                    translation.contains(place),
                    "{place} in `{text}`"
                );
            }
        }
    }
    let left_over: Vec<_> = english
        .keys()
        .filter(|text| !spoken.contains_key(*text))
        .collect();
    assert!(left_over.is_empty(), "{left_over:?}");
}

#[test]
fn french_keeps_its_spaces_and_apostrophes() {
    for text in spoken().keys() {
        for wrong in [" :", " ;", " !", " ?", "« ", " »", "'", "..."] {
            assert!(!text.contains(wrong), "`{wrong}` in `{text}`");
        }
    }
}

#[test]
fn the_screens_speak_english_when_asked() {
    let phone = Phone::unlocked();
    Language::English.speak();
    phone.settle();
    assert!(phone.says("Check an identity") && !phone.says("Contrôler une identité"));
}

#[test]
fn every_reason_and_every_field_has_words_of_its_own() {
    const REASONS: [Reason; 75] = [
        Reason::Missing,
        Reason::NotAPlace,
        Reason::NotADate,
        Reason::NotAPlate,
        Reason::NotANatinf,
        Reason::UnknownNatinf,
        Reason::MrzShape,
        Reason::MrzCharacters,
        Reason::MrzLayout,
        Reason::QualityNotEmpowered,
        Reason::OpjMissing,
        Reason::GroundsMissing,
        Reason::RequisitionMissing,
        Reason::RightsNotNotified,
        Reason::RightsNotSigned,
        Reason::NotAChoice,
        Reason::MrzRefuted,
        Reason::Unprintable,
        Reason::ControlCharacters,
        Reason::ClockBackwards,
        Reason::InTheFuture,
        Reason::NotARoad,
        Reason::NotARoadPoint,
        Reason::NotACommune,
        Reason::NotACountry,
        Reason::NotANumber,
        Reason::OutdatedNatinf,
        Reason::NatinfNotYetInForce,
        Reason::NatinfTwice,
        Reason::Delit,
        Reason::Crime,
        Reason::NotForfaitisable,
        Reason::NotChecked,
        Reason::NoAmount,
        Reason::Simultaneous,
        Reason::NotWithoutInterception,
        Reason::Child,
        Reason::RegisteredVehicle,
        Reason::OutsideMeasure,
        Reason::LimitOfOthers,
        Reason::NotMet,
        Reason::IdentityNotFormal,
        Reason::Minor,
        Reason::NotSigned,
        Reason::NotEligible,
        Reason::NotTogether,
        Reason::OverThreshold,
        Reason::Custody,
        Reason::MinorSuspect,
        Reason::Constrained,
        Reason::NoticeMissing,
        Reason::NoticeTooLate,
        Reason::CounselAbsent,
        Reason::QuestionUnanswered,
        Reason::NoQuestion,
        Reason::NotAnItem,
        Reason::SealMissing,
        Reason::AuthorityMissing,
        Reason::OathMissing,
        Reason::NotASigner,
        Reason::NotAsked,
        Reason::NotRead,
        Reason::NotAPosition,
        Reason::NotVerified,
        Reason::NotesOff,
        Reason::ReasonsMissing,
        Reason::NothingCorrected,
        Reason::NotAMatricule,
        Reason::OpjDecides,
        Reason::OutOfOrder,
        Reason::RightsNotTold,
        Reason::ProsecutorNotTold,
        Reason::RelativeNotTold,
        Reason::RepresentativeMissing,
        Reason::CopyNotHanded,
    ];
    let phone = Phone::unlocked();
    let reasons = REASONS.iter().cycle();
    let problems = Field::ALL
        .iter()
        .zip(reasons)
        .map(|(field, reason)| Problem::new(*field, *reason));
    phone.see(&View::Draft(Box::new(DraftView {
        problems: problems.collect(),
        ..sample::draft(ActKind::Plainte, &[])
    })));
    phone.open(Screen::Plainte);
    // Every row of the list is in the window.
    phone.app.window().set_size(LogicalSize::new(360.0, 26_000.0));
    phone.settle();
    phone.press(&format!("{} points à compléter", Field::ALL.len()));
    let rows = ElementQuery::from_root(&phone.app)
        .match_descendants()
        .match_accessible_role(AccessibleRole::ListItem)
        .find_all();
    let fields: BTreeSet<_> = rows.iter().filter_map(|row| row.accessible_label()).collect();
    let reasons: BTreeSet<_> = rows
        .iter()
        .filter_map(|row| row.accessible_description())
        .collect();
    assert_eq!((fields.len(), reasons.len()), (Field::ALL.len(), REASONS.len()));
    assert!(!fields.contains("") && !reasons.contains(""));
}

#[test]
fn every_refusal_has_words_of_its_own() {
    const CODES: [RefusalCode; 21] = [
        RefusalCode::Unreadable,
        RefusalCode::UnknownDevice,
        RefusalCode::DeviceSignature,
        RefusalCode::Seal,
        RefusalCode::UnknownOfficer,
        RefusalCode::OfficerSignature,
        RefusalCode::IdReused,
        RefusalCode::DocumentMismatch,
        RefusalCode::NumberOutsideRange,
        RefusalCode::QualityNotEmpowered,
        RefusalCode::CorrectionAsked,
        RefusalCode::DocumentMissing,
        RefusalCode::DocumentSignature,
        RefusalCode::UnknownCamera,
        RefusalCode::AttachmentMissing,
        RefusalCode::SignerRevoked,
        RefusalCode::OfficerSuspended,
        RefusalCode::MeasureUnlawful,
        RefusalCode::RecordingUnknown,
        RefusalCode::CustodyBroken,
        RefusalCode::FootageUnsigned,
    ];
    let phone = Phone::unlocked();
    phone.open(Screen::Deliveries);
    let mut line = sample::deliveries().remove(0);
    let mut told = BTreeSet::new();
    // As many at a time as the window shows.
    for codes in CODES.chunks(10) {
        let lines = codes.iter().map(|code| {
            line.delivery = Delivery::Refused {
                at: sample::EVENING,
                code: *code,
            };
            line.clone()
        });
        phone.see(&View::Deliveries(lines.collect()));
        let texts = phone.texts().into_iter();
        told.extend(texts.filter(|text| text.starts_with("Refusé\u{a0}: ")));
    }
    assert_eq!(told.len(), CODES.len(), "{told:?}");
}
