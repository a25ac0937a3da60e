//! What a victim is given without a printer, and what keeps it from leaving; and the draft that comes back to the officer's
//! hands.

use domain::ActId;
use domain::dialogue::{Intent, NotGiven, Notice, View};
use domain::draft::Field;
use domain::journal::{Operation, Recipient};
use domain::record::ActKind;
use reader::{Symbology, barcodes, decode_image};
use simulator::world::{Action, Said};
use tests::acts::{act_id, drafted, read_and_signed};
use tests::watched::Watched;

/// The complaint of every world here.
fn complaint() -> ActId {
    act_id(1)
}

fn fill(watched: &mut Watched, field: Field, text: &str) {
    let text = text.to_owned();
    let draft = complaint();
    watched.act(Said::Fill { draft, field, text }.into());
}

/// A complaint that is signed with these answers.
fn signed(seed: u64, answers: &[(Field, &str)]) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(drafted(complaint(), ActKind::Plainte));
    for (field, text) in answers {
        fill(&mut watched, *field, text);
    }
    watched.play(read_and_signed(complaint(), ActKind::Plainte));
    watched.act(Said::Sign { draft: complaint() }.into());
    watched
}

/// The message that left, as text.
fn mailed(watched: &mut Watched) -> Option<String> {
    watched.intent(Intent::GiveByMail { act: complaint() });
    let handout = watched.world.board.handouts.pop()?;
    assert_eq!(handout.name, "document-2026-000001.eml");
    Some(String::from_utf8(handout.file).unwrap())
}

fn given_to_the_victim(watched: &mut Watched) -> usize {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let given = journal.iter().filter(|entry| {
        matches!(
            entry.operation,
            Operation::HandedOver {
                to: Some(Recipient::Victim),
                ..
            }
        )
    });
    given.count()
}

#[test]
fn cpp_15_3_the_recepisse_and_the_copy_leave_at_once_as_a_message_to_the_victim() {
    let mut watched = signed(921, &[(Field::Email, "elodie@exemple.fr")]);
    let message = mailed(&mut watched).expect("a message is ready");
    assert!(message.starts_with("To: elodie@exemple.fr\r\nSubject: Votre plainte\r\n"));
    for name in ["recepisse", "droits", "plainte"] {
        assert!(
            message.contains(&format!("filename=\"{name}-2026-000001.pdf\"")),
            "{name}"
        );
    }
    assert_eq!(given_to_the_victim(&mut watched), 1);
}

#[test]
fn under_a_neutral_title_a_message_says_and_carries_nothing_of_a_complaint() {
    let mut watched = signed(922, &[(Field::HandReceipt, "neutre")]);
    let message = mailed(&mut watched).expect("a message is ready");
    let (head, _) = message.split_once("JVBER").unwrap();
    assert!(head.contains("filename=\"document-2026-000001.pdf\""), "{head}");
    assert!(!head.to_lowercase().contains("plainte"), "{head}");
    assert_eq!(message.matches("filename=").count(), 1);
    assert!(
        !message.contains("\r\nTo: ") && !message.starts_with("To: "),
        "no address is known"
    );
}

#[test]
fn safe_contact_a_message_leaves_only_by_the_way_that_the_victim_chose() {
    let by = |channel, at| {
        [
            (Field::Email, "partage@exemple.fr"),
            (Field::ContactChannel, channel),
            (Field::ContactAt, at),
        ]
    };
    let mut watched = signed(923, &by("TELEPHONE", "06 12 34 56 78"));
    assert_eq!(mailed(&mut watched), None);
    assert!(watched.was_told(Notice::NotGiven(NotGiven::SafeContact)));
    assert_eq!(given_to_the_victim(&mut watched), 0);
    let mut watched = signed(924, &by("COURRIEL", "sure@exemple.fr"));
    let message = mailed(&mut watched).expect("a message is ready");
    assert!(message.starts_with("To: sure@exemple.fr\r\n"));
    assert!(!message.contains("partage@exemple.fr"));
}

#[test]
fn cpp_803_1_no_message_leaves_for_who_refused_electronic_means_or_wishes_the_paper_kept() {
    for (seed, answer, why) in [
        (925, (Field::Electronic, "non"), NotGiven::NoElectronic),
        (926, (Field::HandReceipt, "non"), NotGiven::Kept),
    ] {
        let mut watched = signed(seed, &[answer]);
        assert_eq!(mailed(&mut watched), None, "{why:?}");
        assert!(watched.was_told(Notice::NotGiven(why)), "{why:?}");
        assert_eq!(given_to_the_victim(&mut watched), 0, "{why:?}");
    }
}

#[test]
fn cpp_15_3_the_code_of_the_recepisse_reads_as_its_text_without_a_network() {
    let mut watched = signed(927, &[]);
    watched.act(Action::Cut);
    watched.intent(Intent::ShowRecepisseCode { act: complaint() });
    let page = watched.world.board.views.iter().find_map(|view| {
        let View::Pages(pages) = view else { return None };
        Some(pages.pages[0].to_vec())
    });
    let image = decode_image(&page.expect("a page is shown")).unwrap();
    let codes = barcodes(&image).unwrap();
    let code = codes
        .iter()
        .find(|code| code.symbology == Symbology::QrCode)
        .expect("a code");
    let text = String::from_utf8_lossy(&code.bytes);
    for said in [
        "Récépissé de dépôt de plainte",
        "2026/000001",
        "20 ans pour un crime, 6 ans pour un délit, 1 an pour une contravention",
        "article 85",
    ] {
        assert!(text.contains(said), "`{said}`: {text}");
    }
    assert_eq!(given_to_the_victim(&mut watched), 1);
}

/// Interrupted at any second: on restart the draft is whole, at the step where it was.
#[test]
fn a_draft_comes_back_at_its_step_after_a_kill_and_after_a_lock_and_not_once_it_was_put_away() {
    let mut watched = Watched::on_duty(928);
    watched.play(drafted(complaint(), ActKind::Plainte));
    let facts = Some(Field::Modus);
    watched.intent(Intent::LookAt {
        draft: complaint(),
        field: facts,
    });
    fill(&mut watched, Field::Modus, "porte forcée");
    let resumed = |watched: &Watched| {
        let draft = watched.world.board.draft.as_ref()?;
        assert_eq!(draft.draft, complaint());
        assert!(
            draft
                .texts
                .iter()
                .any(|text| text.text.reveal() == "porte forcée")
        );
        draft.resumed.map(|resumed| resumed.field)
    };
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(resumed(&watched), Some(facts));
    watched.play([Said::Lock.into(), Action::Unlock]);
    assert_eq!(resumed(&watched), Some(facts));
    watched.intent(Intent::PutAway);
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert!(watched.world.board.draft.is_none(), "it was put away");
}
