//! Every step of every form and everything that lies over a screen, held against the pictures that somebody looked at.

use std::cell::RefCell;

use super::kept::Shelf;
use super::scenes::{self, Scene};
use crate::Theme;
use crate::frame::draw;
use crate::look::{Language, Look};

#[test]
fn every_step_and_every_sheet_is_drawn_as_it_was_kept() {
    let scenes = RefCell::new(scenes::overlays());
    draw(Look::default(), |app| {
        scenes.borrow_mut().extend(scenes::steps(app))
    })
    .unwrap();
    let mut shelf = Shelf::open("scenes");
    // Themes and languages do not depend on each other: each is met, in the two that are read the most by night and by day.
    for (theme, language) in [(Theme::Light, Language::French), (Theme::Dark, Language::English)] {
        for scene in scenes.borrow().iter() {
            hold(&mut shelf, scene, theme, language);
        }
    }
    for scene in scenes.borrow().iter().filter(|scene| scene.over) {
        hold(&mut shelf, scene, Theme::Night, Language::French);
    }
    shelf.close(200);
}

fn hold(shelf: &mut Shelf, scene: &Scene, theme: Theme, language: Language) {
    let look = Look {
        theme,
        language,
        ..Look::default()
    };
    let frame = draw(look, |app| scene.set(app)).unwrap();
    shelf.hold(
        &format!("{}-{}-{}", scene.name, theme.code(), language.code()),
        &frame,
    );
}
