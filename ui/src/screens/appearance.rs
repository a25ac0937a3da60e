//! Appearance: what the officer chose, on the page that asks and in the theme that every screen follows.

use std::rc::Rc;

use domain::dialogue::{self, Appearance, Intent};
use drawn::{App, AppearanceAdapter, Mode, TextSize, Theme, ThemeChoice, Thumb};
use slint::ComponentHandle;

use super::Intents;

pub(super) fn connect(app: &App, intents: &Intents) {
    let sink = Rc::clone(intents);
    app.global::<AppearanceAdapter<'_>>()
        .on_choose(move |theme, text, thumb| {
            let appearance = Appearance {
                theme: theme_of(theme),
                text: size_of(text),
                thumb: thumb_of(thumb),
            };
            sink(Intent::SetAppearance { appearance });
        });
}

pub(crate) fn show(app: &App, chosen: Appearance) {
    let page = app.global::<AppearanceAdapter<'_>>();
    page.set_theme(chosen.theme.into());
    page.set_text(chosen.text.into());
    page.set_thumb(chosen.thumb.into());
    let theme = app.global::<Theme<'_>>();
    theme.set_automatic(chosen.theme == dialogue::Theme::Automatic);
    theme.set_chosen(match chosen.theme {
        dialogue::Theme::Automatic | dialogue::Theme::Light => Mode::Light,
        dialogue::Theme::Dark => Mode::Dark,
        dialogue::Theme::Night => Mode::Night,
    });
    theme.set_text_scale(f32::from(chosen.text.percent()) / 100.0);
    theme.set_left_handed(chosen.thumb == dialogue::Thumb::Left);
}

const fn theme_of(theme: ThemeChoice) -> dialogue::Theme {
    match theme {
        ThemeChoice::Automatic => dialogue::Theme::Automatic,
        ThemeChoice::Light => dialogue::Theme::Light,
        ThemeChoice::Dark => dialogue::Theme::Dark,
        ThemeChoice::Night => dialogue::Theme::Night,
    }
}

const fn size_of(size: TextSize) -> dialogue::TextSize {
    match size {
        TextSize::Normal => dialogue::TextSize::Normal,
        TextSize::Large => dialogue::TextSize::Large,
        TextSize::Larger => dialogue::TextSize::Larger,
        TextSize::Largest => dialogue::TextSize::Largest,
    }
}

const fn thumb_of(thumb: Thumb) -> dialogue::Thumb {
    match thumb {
        Thumb::Right => dialogue::Thumb::Right,
        Thumb::Left => dialogue::Thumb::Left,
    }
}
