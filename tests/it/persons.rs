//! Lists of persons: nowhere without a signed policy, asked under one where the FPR does not answer, and gone with it.

use domain::dialogue::{AnswerState, HotlistAge, Intent, ListLine};
use domain::draft::Field;
use domain::hotlist::{Catalogue, NotSought, Person, Standing, Subject};
use domain::identity::CivilDate;
use domain::journal::Operation;
use domain::officer::FileKind;
use domain::profile::{LegalText, PersonsPolicy, Settings};
use domain::record::ActKind;
use hq::Pki;
use hq::hotlist::{Extent, HotlistError, PersonsSought, Sent, publish_persons};
use simulator::enrol;
use simulator::world::{Action, Said};
use sync::wire::v1::SetKind;
use tests::acts::{self, act_id};
use tests::watched::Watched;

use crate::reference::{forge, head_of, reconnect, serial_of};

/// Whom the zone of the scripted check names.
const SPECIMEN: (&str, &str, &str) = ("ERIKSSON", "ANNA", "12/08/1974");

fn pki(watched: &Watched) -> Pki {
    enrol::pki(&watched.world.layout().pki(), watched.world.now().utc).unwrap()
}

fn published(
    watched: &mut Watched,
    persons: &[(&str, &str, &str)],
    extent: Extent,
) -> Result<Sent, HotlistError> {
    let (now, pki) = (watched.world.now().utc, pki(watched));
    let read = |(surname, given_name, born): &(&str, &str, &str)| {
        Person::read(surname, given_name, CivilDate::parse(born).ok()).unwrap()
    };
    let sought = PersonsSought {
        as_of: now,
        persons: persons.iter().map(read).collect(),
    };
    publish_persons(watched.world.gateway().store(), &pki, &sought, extent, now)
}

fn today(watched: &Watched) -> CivilDate {
    watched.world.now().local().date().into()
}

/// A profile under which a list of persons may be on terminals for `days` more days.
fn allow(watched: &mut Watched, days: u8) {
    let policy = PersonsPolicy {
        text: LegalText::parse("texte d'essai, article 1er").unwrap(),
        until: today(watched).plus_days(days).unwrap(),
    };
    configure(watched, Some(policy));
}

fn configure(watched: &mut Watched, persons: Option<PersonsPolicy>) {
    let settings = Settings {
        persons,
        ..Settings::EMBEDDED
    };
    watched.world.configure(settings).unwrap();
    watched.act(Action::Advance(10_000));
}

/// A list of the specimen is on the terminal, a check of them is open, and the network is gone.
fn offline(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    allow(&mut watched, 30);
    published(&mut watched, &[SPECIMEN], Extent::AsNeeded).unwrap();
    reconnect(&mut watched);
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    watched.act(Action::Cut);
    watched
}

/// The network is back, with a hand on the terminal until HQ has heard of it.
fn restore(watched: &mut Watched) {
    watched.act(Action::Restore);
    for _ in 0..4 {
        watched.intent(Intent::Alive);
        watched.act(Action::Advance(20_000));
    }
}

fn fill(watched: &mut Watched, field: Field, text: &str) {
    let (draft, text) = (act_id(1), text.to_owned());
    watched.act(Action::Intent(Said::Fill { draft, field, text }));
}

/// What the list says once the FPR was asked in vain.
fn asked(watched: &mut Watched) -> Option<ListLine> {
    watched.intent(Intent::Consult {
        draft: act_id(1),
        file: FileKind::Fpr,
        motive: "contrôle sur réquisition".to_owned(),
    });
    watched.act(Action::Advance(30_000));
    person_line(watched)
}

fn person_line(watched: &Watched) -> Option<ListLine> {
    let lines = &watched.world.board.draft.as_ref().unwrap().lists;
    lines.iter().find(|line| line.subject == Subject::Person).cloned()
}

fn fpr(watched: &Watched) -> AnswerState {
    let draft = watched.world.board.draft.as_ref().unwrap();
    let line = draft.answers.iter().find(|line| line.file == FileKind::Fpr);
    line.unwrap().state.clone()
}

fn pending(watched: &Watched) -> u32 {
    watched.world.board.home.as_ref().unwrap().confirmations
}

/// How often the journal says that a list of persons was asked.
fn consultations(watched: &Watched) -> usize {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let of_persons = |operation: &Operation| {
        matches!(
            operation,
            Operation::ConsultedList {
                subject: Subject::Person,
                ..
            }
        )
    };
    journal
        .iter()
        .filter(|entry| of_persons(&entry.operation))
        .count()
}

/// Neither the store nor a screen has anything of a list of persons.
#[track_caller]
fn assert_no_trace(watched: &Watched) {
    let device = watched.world.engine().unwrap().device();
    for kind in SetKind::OF_PERSONS {
        assert_eq!(device.beside_below(kind, u64::MAX).unwrap(), None, "{kind:?}");
        assert_eq!(device.pending_reference(kind).unwrap(), None, "{kind:?}");
    }
    assert_eq!(device.newest_hotlist_key(Catalogue::Persons).unwrap(), 0);
    assert_eq!(watched.world.board.home.as_ref().unwrap().persons, None);
    let draft = watched.world.board.draft.as_ref();
    let mut lines = draft.into_iter().flat_map(|draft| &draft.lists);
    assert!(lines.all(|line| line.subject != Subject::Person));
}

/// What the terminal has said to HQ that it holds.
fn said(watched: &mut Watched) -> Option<u64> {
    let store = watched.world.gateway().store();
    let transaction = store.begin().unwrap();
    transaction
        .said_set(&enrol::device_id(), SetKind::Persons)
        .unwrap()
}

#[test]
fn lil_31_89_without_a_signed_policy_there_is_no_list_of_persons() {
    let mut watched = Watched::on_duty(1_300);
    let refused = published(&mut watched, &[SPECIMEN], Extent::Whole);
    assert!(matches!(refused, Err(HotlistError::NoPolicy)));
    let store = watched.world.gateway().store();
    let newest = store.begin().unwrap().newest_set(SetKind::Persons).unwrap();
    assert_eq!(newest, 0, "nothing was built");
    // A profile that names none changes nothing.
    configure(&mut watched, None);
    assert!(published(&mut watched, &[SPECIMEN], Extent::Whole).is_err());
    reconnect(&mut watched);
    assert_eq!(said(&mut watched), None, "none is asked for");
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    watched.act(Action::Cut);
    assert_eq!(asked(&mut watched), None);
    assert_eq!(fpr(&watched), AnswerState::NoAnswer);
    assert_eq!((pending(&watched), consultations(&watched)), (0, 0));
    assert_no_trace(&watched);
}

#[test]
fn lil_31_89_under_a_policy_a_person_is_perhaps_listed_and_the_file_is_asked_later() {
    let mut watched = offline(1_301);
    let shown = watched
        .world
        .board
        .home
        .as_ref()
        .unwrap()
        .persons
        .clone()
        .unwrap();
    assert_eq!(shown.text, "texte d'essai, article 1er");
    assert_eq!(shown.list.unwrap().age, HotlistAge::Fresh);
    let line = asked(&mut watched).unwrap();
    assert!(matches!(line.standing, Standing::Listed { .. }));
    assert_eq!(line.about.reveal(), "ERIKSSON ANNA, 12/08/1974");
    assert_eq!((pending(&watched), consultations(&watched)), (1, 1));
    assert_eq!(fpr(&watched), AnswerState::Confirming);
    restore(&mut watched);
    assert_eq!(pending(&watched), 0);
    let home = watched.world.board.home.as_ref().unwrap();
    let late = home.answers.iter().find(|line| line.file == FileKind::Fpr);
    let answer = late.and_then(|line| line.state.answer()).unwrap();
    assert!(answer.is_hit(), "the file's own word on the specimen");
    let query = answer.query;
    let store = watched.world.gateway().store();
    assert!(store.begin().unwrap().consultation(query).unwrap().is_some());
    watched.act(Action::Cut);
    // What the list said is not what it says of another.
    fill(&mut watched, Field::Surname, "BERTHIER");
    fill(&mut watched, Field::GivenNames, "Corinne");
    fill(&mut watched, Field::BirthDate, "06/12/1965");
    watched.act(Action::Advance(1_000));
    assert_eq!(person_line(&watched), None);
    let line = asked(&mut watched).unwrap();
    assert!(matches!(line.standing, Standing::NotFound { .. }));
}

#[test]
fn lil_31_89_a_policy_that_is_withdrawn_leaves_nothing_and_one_that_comes_back_brings_the_list_again() {
    let mut watched = offline(1_302);
    asked(&mut watched).unwrap();
    restore(&mut watched);
    let serial = said(&mut watched).unwrap();
    configure(&mut watched, None);
    assert_no_trace(&watched);
    assert_eq!(said(&mut watched), None, "HQ knows that it has none");
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Unlock,
        Action::Advance(10_000),
    ]);
    assert_no_trace(&watched);
    watched.intent(Intent::OpenDraft { draft: act_id(1) });
    watched.act(Action::Cut);
    assert_eq!(asked(&mut watched), None);
    assert_no_trace(&watched);
    restore(&mut watched);
    allow(&mut watched, 30);
    watched.act(Action::Advance(30_000));
    assert_eq!(said(&mut watched), Some(serial), "the same list");
    watched.act(Action::Cut);
    let line = asked(&mut watched).unwrap();
    assert!(matches!(line.standing, Standing::Listed { .. }));
}

#[test]
fn an_older_list_of_persons_does_not_come_back_after_one_was_forgotten() {
    let mut watched = offline(1_303);
    watched.play([Action::Restore, Action::Advance(30_000)]);
    let first = said(&mut watched).unwrap();
    let (old, new) = {
        let sent = published(&mut watched, &[], Extent::Whole).unwrap();
        let store = watched.world.gateway().store();
        let transaction = store.begin().unwrap();
        let of = |serial| {
            transaction
                .publication(SetKind::Persons, serial)
                .unwrap()
                .unwrap()
        };
        (of(first), of(sent.set.serial))
    };
    reconnect(&mut watched);
    assert_eq!(said(&mut watched), Some(serial_of(&new)));
    configure(&mut watched, None);
    // A broker has both, and nobody allows either.
    for list in [&old, &new] {
        forge(&mut watched, &head_of(list), serial_of(list), &list.packed);
        watched.act(Action::Advance(5_000));
        assert_no_trace(&watched);
    }
    let device = watched.world.engine().unwrap().device();
    let newest = device.newest_beside(SetKind::Persons).unwrap();
    assert!(newest >= serial_of(&old) && newest < serial_of(&new));
}

#[test]
fn lil_31_89_the_last_day_of_a_policy_is_the_last_of_its_list_with_or_without_network() {
    let mut watched = Watched::on_duty(1_304);
    allow(&mut watched, 1);
    published(&mut watched, &[SPECIMEN], Extent::AsNeeded).unwrap();
    reconnect(&mut watched);
    let last = today(&watched).plus_days(1).unwrap();
    watched.act(Action::Cut);
    while today(&watched) <= last {
        let home = watched.world.board.home.as_ref().unwrap();
        assert!(
            home.persons
                .as_ref()
                .is_some_and(|persons| persons.list.is_some())
        );
        watched.act(Action::Advance(1_800_000));
    }
    assert_no_trace(&watched);
    // HQ counts its days in UTC.
    watched.act(Action::Advance(3_600_000));
    assert!(matches!(
        published(&mut watched, &[SPECIMEN], Extent::Whole),
        Err(HotlistError::NoPolicy)
    ));
}

#[test]
fn without_a_whole_birth_date_the_list_is_not_asked_and_says_why() {
    let mut watched = Watched::on_duty(1_305);
    allow(&mut watched, 30);
    published(&mut watched, &[SPECIMEN], Extent::AsNeeded).unwrap();
    reconnect(&mut watched);
    watched.play(acts::drafted(act_id(1), ActKind::IdentityCheck));
    fill(&mut watched, Field::Mrz, "");
    fill(&mut watched, Field::Surname, "Eriksson");
    fill(&mut watched, Field::GivenNames, "Anna Maria");
    watched.act(Action::Cut);
    let line = asked(&mut watched).unwrap();
    assert_eq!(line.standing, Standing::NotAsked(NotSought::Birth));
    assert_eq!(consultations(&watched), 0);
    // The file itself takes a name alone, and is asked as soon as there is a network.
    assert_eq!(pending(&watched), 1);
    fill(&mut watched, Field::BirthDate, "12/08/1974");
    watched.act(Action::Advance(1_000));
    assert_eq!(person_line(&watched), None);
    let line = asked(&mut watched).unwrap();
    assert!(matches!(line.standing, Standing::Listed { .. }));
    assert_eq!(consultations(&watched), 1);
}
