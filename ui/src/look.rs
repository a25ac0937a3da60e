//! What a caller chooses of the appearance: theme, language, screen, size.

use domain::dialogue::{Appearance, TextSize, Theme, Thumb};
use drawn::{App, Navigation};
use slint::ComponentHandle;

/// The language of the screens; acts stay in French.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    French,
    English,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::French, Self::English];

    /// The name that file names use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// Chooses the bundled words; only once a component exists.
    pub(crate) fn speak(self) {
        let code = match self {
            Self::French => "",
            Self::English => "en",
        };
        slint::select_bundled_translation(code).expect("the language is bundled by build.rs");
    }
}

/// The screens, in the order of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    /// Of a phone that is not a terminal yet.
    Enrolment,
    Unlock,
    Service,
    Home,
    Intervention,
    IdentityCheck,
    Pv,
    Plainte,
    Pve,
    Afd,
    Note,
    Verification,
    Signing,
    Camera,
    Deliveries,
    Printing,
    Visas,
    About,
    Appearance,
    Budget,
    /// Every widget in every state; in no list of screens, and no officer comes to it.
    StyleGuide,
}

impl Screen {
    /// Those that officers see.
    pub const ALL: [Self; 20] = [
        Self::Enrolment,
        Self::Unlock,
        Self::Service,
        Self::Home,
        Self::Intervention,
        Self::IdentityCheck,
        Self::Pv,
        Self::Plainte,
        Self::Pve,
        Self::Afd,
        Self::Note,
        Self::Verification,
        Self::Signing,
        Self::Camera,
        Self::Deliveries,
        Self::Printing,
        Self::Visas,
        Self::About,
        Self::Appearance,
        Self::Budget,
    ];

    /// The name that file names use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Enrolment => "enrolment",
            Self::Unlock => "unlock",
            Self::Service => "service",
            Self::Home => "home",
            Self::Intervention => "intervention",
            Self::IdentityCheck => "identity-check",
            Self::Pv => "pv",
            Self::Plainte => "plainte",
            Self::Pve => "pve",
            Self::Afd => "afd",
            Self::Note => "note",
            Self::Verification => "verification",
            Self::Signing => "signing",
            Self::Camera => "camera",
            Self::Deliveries => "deliveries",
            Self::Printing => "printing",
            Self::Visas => "visas",
            Self::About => "about",
            Self::Appearance => "appearance",
            Self::Budget => "budget",
            Self::StyleGuide => "style-guide",
        }
    }

    pub(crate) fn open(self, app: &App) {
        app.global::<Navigation<'_>>().set_screen(self.drawn());
    }

    /// For hands that look where they are.
    #[cfg(any(test, feature = "fingers"))]
    pub(crate) fn is_open(self, app: &App) -> bool {
        app.global::<Navigation<'_>>().get_screen() == self.drawn()
    }

    const fn drawn(self) -> drawn::Screen {
        match self {
            Self::Enrolment => drawn::Screen::Enrolment,
            Self::Unlock => drawn::Screen::Unlock,
            Self::Service => drawn::Screen::Service,
            Self::Home => drawn::Screen::Home,
            Self::Intervention => drawn::Screen::Intervention,
            Self::IdentityCheck => drawn::Screen::IdentityCheck,
            Self::Pv => drawn::Screen::Pv,
            Self::Plainte => drawn::Screen::Plainte,
            Self::Pve => drawn::Screen::Pve,
            Self::Afd => drawn::Screen::Afd,
            Self::Note => drawn::Screen::Note,
            Self::Verification => drawn::Screen::Verification,
            Self::Signing => drawn::Screen::Signing,
            Self::Camera => drawn::Screen::Camera,
            Self::Deliveries => drawn::Screen::Deliveries,
            Self::Printing => drawn::Screen::Printing,
            Self::Visas => drawn::Screen::Visas,
            Self::About => drawn::Screen::About,
            Self::Appearance => drawn::Screen::Appearance,
            Self::Budget => drawn::Screen::Budget,
            Self::StyleGuide => drawn::Screen::StyleGuide,
        }
    }
}

/// A rendered frame: logical pixels, device pixels for each of them, and how the officer wants it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    pub width: u16,
    pub height: u16,
    pub scale: f32,
    pub theme: Theme,
    pub text: TextSize,
    pub thumb: Thumb,
    pub language: Language,
}

impl Look {
    pub(crate) const fn appearance(self) -> Appearance {
        Appearance {
            theme: self.theme,
            text: self.text,
            thumb: self.thumb,
        }
    }
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 360,
            height: 780,
            scale: 1.0,
            theme: Theme::Light,
            text: TextSize::Normal,
            thumb: Thumb::Right,
            language: Language::French,
        }
    }
}
