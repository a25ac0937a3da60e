//! What one touch fills in: the terminal's own moment, its day, and where it is.

use domain::dialogue::{Intent, Notice};
use domain::draft::Field;
use domain::place::Position;
use domain::record::ActKind;
use simulator::world::{Action, Said};
use tests::acts::act_id;
use tests::watched::Watched;

const HERE: Position = Position {
    latitude_e6: 48_936_200,
    longitude_e6: -2_357_400,
    accuracy_m: 12,
};

/// What stands in the field after the touch.
fn stamped(watched: &mut Watched, field: Field) -> String {
    watched.intent(Intent::Stamp {
        draft: act_id(1),
        field,
    });
    let draft = watched.world.board.draft.as_ref().expect("the draft is shown");
    let texts = draft.texts.iter().filter(|text| text.field == field);
    texts
        .map(|text| text.text.reveal().clone())
        .next()
        .unwrap_or_default()
}

#[test]
fn a_touch_fills_in_the_moment_the_day_and_the_position_that_is_new() {
    let mut watched = Watched::on_duty(1_350);
    watched.act(
        Said::StartDraft {
            id: act_id(1),
            kind: ActKind::Plainte,
        }
        .into(),
    );
    assert_eq!(stamped(&mut watched, Field::FactsFrom), "21/11/2026 19:05");
    assert_eq!(stamped(&mut watched, Field::DocumentsDue), "21/11/2026");
    assert_eq!(stamped(&mut watched, Field::Position), "");
    assert!(watched.was_told(Notice::PositionUnknown));
    watched.act(Action::Position(HERE));
    let text = stamped(&mut watched, Field::Position);
    assert_eq!(Position::parse(&text), Ok(HERE));
    // Two minutes later the terminal may be elsewhere: what stands in the field stays.
    watched.world.board.notices.clear();
    watched.act(Action::Advance(120_001));
    assert_eq!(stamped(&mut watched, Field::Position), text);
    assert!(watched.was_told(Notice::PositionUnknown));
}
