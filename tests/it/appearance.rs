//! How the screens look is chosen by whoever holds the terminal, and is there before anybody has unlocked it.

use domain::dialogue::{Appearance, Intent, TextSize, Theme, Thumb, View};
use simulator::world::{Action, Weather};
use tests::watched::Watched;

fn shown(watched: &Watched) -> Option<Appearance> {
    watched.world.board.views.iter().find_map(|view| {
        if let View::Appearance(chosen) = view {
            Some(*chosen)
        } else {
            None
        }
    })
}

#[test]
fn what_was_chosen_at_the_lock_stands_after_a_kill_and_nothing_is_shown_before_a_choice() {
    let mut watched = Watched::new(1190, Weather::CLEAR);
    assert_eq!(shown(&watched), None);
    let chosen = Appearance {
        theme: Theme::Night,
        text: TextSize::Largest,
        thumb: Thumb::Left,
    };
    watched.intent(Intent::SetAppearance { appearance: chosen });
    assert_eq!(shown(&watched), Some(chosen));
    watched.play([Action::Kill, Action::Start]);
    assert_eq!(shown(&watched), Some(chosen));
}
