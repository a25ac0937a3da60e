//! What an officer may type and what an act may not say: refused by field and reason, and kept as typed.

use domain::dialogue::{DraftView, Intent, Notice};
use domain::draft::{Field, Reason, Warning};
use domain::record::ActKind;
use domain::{ActId, UnixMs};
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

fn fill(draft: ActId, field: Field, text: &str) -> Action {
    let text = text.to_owned();
    Said::Fill { draft, field, text }.into()
}

fn view(watched: &Watched) -> &DraftView {
    watched.world.board.draft.as_ref().unwrap()
}

fn text_of(watched: &Watched, field: Field) -> Option<&str> {
    let texts = &view(watched).texts;
    let line = texts.iter().find(|line| line.field == field);
    line.map(|line| line.text.reveal().as_str())
}

/// Ends the process and opens the draft again.
fn after_a_kill(watched: &mut Watched, draft: ActId) {
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.intent(Intent::OpenDraft { draft });
}

/// Whether the act is asked for and refused as it stands.
fn is_not_signed(watched: &mut Watched, draft: ActId) -> bool {
    watched.world.board.notices.clear();
    watched.act(Said::Sign { draft }.into());
    watched.was_told(Notice::NotSigned { draft }) && watched.delivery(draft).is_none()
}

/// Every text of the draft, whatever is wrong with it.
fn texts(watched: &Watched) -> Vec<(Field, String)> {
    let lines = view(watched).texts.iter();
    lines
        .map(|line| (line.field, line.text.reveal().clone()))
        .collect()
}

#[test]
fn what_cannot_be_is_refused_by_field_and_reason_and_is_still_there_after_a_kill() {
    use ActKind::{IdentityCheck, Plainte, Pv, Pve};
    let mut watched = Watched::on_duty(1_000);
    let rows = [
        // Impossible dates.
        (Pve, Field::Moment, "31/02/2026 10:00", Reason::NotADate),
        (Pve, Field::BirthDate, "29/02/2025", Reason::NotADate),
        (Plainte, Field::BirthDate, "00/13/1979", Reason::NotADate),
        (Plainte, Field::BirthDate, "03/02/2179", Reason::InTheFuture),
        (Plainte, Field::BirthDate, "03/02/0079", Reason::NotADate),
        (Pve, Field::BirthDate, "+3/+2/1979", Reason::NotADate),
        // Plates that no register gives.
        (Pve, Field::Plate, "AO-123-CD", Reason::NotAPlate),
        (Pve, Field::Plate, "SS-123-CD", Reason::NotAPlate),
        (IdentityCheck, Field::Plate, "§§-123", Reason::NotAPlate),
        // Codes of no offence.
        (Pv, Field::Offences, "99999", Reason::UnknownNatinf),
        (Pve, Field::Offences, "23800 téléphone", Reason::NotANatinf),
        (Plainte, Field::Offences, "-1", Reason::NotANatinf),
        // Characters that nobody sees.
        (
            Pv,
            Field::Account,
            "Sommes \u{202e}ici\u{202c}.",
            Reason::ControlCharacters,
        ),
        (Pv, Field::Subject, "vol\u{0}", Reason::ControlCharacters),
        (
            Plainte,
            Field::Surname,
            "MAR\u{200f}TIN",
            Reason::ControlCharacters,
        ),
        (
            IdentityCheck,
            Field::Grounds,
            "court\u{1b}[31m vite",
            Reason::ControlCharacters,
        ),
        (Pve, Field::Account, "vu\u{2066} ici", Reason::ControlCharacters),
    ];
    for (n, kind) in (1_u8..).zip(acts::KINDS) {
        let draft = act_id(n);
        watched.play(acts::drafted(draft, kind));
        // Of some, only the hands are missing: under the act, under the sheet of rights.
        let whole = view(&watched).problems.clone();
        assert!(
            whole
                .iter()
                .all(|one| matches!(one.reason, Reason::NotRead | Reason::RightsNotSigned)),
            "{kind:?}: {whole:?}"
        );
        for (_, field, text, reason) in rows.iter().filter(|row| row.0 == kind) {
            let before = text_of(&watched, *field).unwrap_or_default().to_owned();
            watched.act(fill(draft, *field, text));
            let named = |watched: &Watched| {
                let problems = &view(watched).problems;
                problems
                    .iter()
                    .any(|one| (one.field, one.reason) == (*field, *reason))
            };
            assert!(
                named(&watched),
                "{kind:?} {field:?} `{text:?}`: {:?}",
                view(&watched).problems
            );
            assert!(
                is_not_signed(&mut watched, draft),
                "{kind:?} {field:?} `{text:?}`"
            );
            let typed = texts(&watched);
            after_a_kill(&mut watched, draft);
            assert_eq!(text_of(&watched, *field), Some(*text));
            assert_eq!(texts(&watched), typed);
            assert!(named(&watched));
            watched.act(fill(draft, *field, &before));
        }
        assert_eq!(view(&watched).problems, whole);
        // Put right, each is signed.
        watched.play(acts::read_and_signed(draft, kind));
        watched.act(Said::Sign { draft }.into());
        assert!(
            watched.delivery(draft).is_some(),
            "{kind:?}: {:?}",
            view(&watched).problems
        );
    }
    watched.finish();
}

#[test]
fn a_place_outside_the_competence_is_told_and_the_act_is_signed_all_the_same() {
    let mut watched = Watched::on_duty(1_001);
    let draft = act_id(1);
    watched.play(acts::drafted(draft, ActKind::Pv));
    watched.act(fill(draft, Field::Commune, "13055"));
    assert_eq!(view(&watched).warnings, [Warning::OutsideCompetence]);
    assert!(view(&watched).problems.is_empty());
    watched.act(Said::Sign { draft }.into());
    watched.act(Action::Advance(60_000));
    assert!(watched.is_received(draft));
    watched.finish();
}

#[test]
fn a_clock_set_back_behind_the_draft_refuses_every_kind_until_it_is_right_again() {
    for (seed, kind) in (1_002..).zip(acts::KINDS) {
        let mut watched = Watched::on_duty(seed);
        let draft = act_id(1);
        watched.play(acts::drafted(draft, kind));
        watched.play(acts::read_and_signed(draft, kind));
        let typed = texts(&watched);
        let right = watched.world.now().utc;
        watched.world.set_clock(UnixMs(right.0 - UnixMs::DAY));
        // The jump locks the terminal at the first thing that happens.
        watched.play([Action::Advance(200_000), Action::Unlock]);
        watched.intent(Intent::OpenDraft { draft });
        watched.world.board.notices.clear();
        watched.act(Said::Sign { draft }.into());
        assert!(watched.was_told(Notice::ClockBehind), "{kind:?}");
        assert!(watched.delivery(draft).is_none(), "{kind:?}");
        assert_eq!(texts(&watched), typed);
        watched.world.set_clock(UnixMs(right.0 + 600_000));
        watched.play([Action::Advance(200_000), Action::Unlock]);
        watched.act(Said::Sign { draft }.into());
        watched.act(Action::Advance(60_000));
        assert!(watched.is_received(draft), "{kind:?}");
        watched.finish();
    }
}

#[test]
fn a_text_longer_than_a_field_holds_leaves_what_was_there_and_says_so() {
    let mut watched = Watched::on_duty(1_010);
    let draft = act_id(1);
    watched.play(acts::drafted(draft, ActKind::Pv));
    let before = texts(&watched);
    watched.act(fill(
        draft,
        Field::Account,
        &"é".repeat(domain::draft::MAX_FIELD / 2 + 1),
    ));
    let limit = u32::try_from(domain::draft::MAX_FIELD).unwrap();
    assert!(watched.was_told(Notice::FieldTooLong { limit }));
    after_a_kill(&mut watched, draft);
    assert_eq!(texts(&watched), before);
}
