//! What a caller chooses of the appearance: theme, language, screen, size.

use slint::ComponentHandle;

use crate::drawn::{self, App, Navigation};

/// The three palettes; night is red on black, for eyes used to the dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    #[default]
    Light,
    Dark,
    Night,
}

impl Theme {
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::Night];

    /// The name that file names and options use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Night => "night",
        }
    }

    pub(crate) fn dress(self, app: &App) {
        let mode = match self {
            Self::Light => drawn::Mode::Light,
            Self::Dark => drawn::Mode::Dark,
            Self::Night => drawn::Mode::Night,
        };
        app.global::<drawn::Theme<'_>>().set_mode(mode);
    }
}

/// The language of the screens; acts stay in French.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    French,
    English,
}

impl Language {
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
}

impl Screen {
    pub const ALL: [Self; 18] = [
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
        }
    }

    pub(crate) fn open(self, app: &App) {
        let screen = match self {
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
        };
        app.global::<Navigation<'_>>().set_screen(screen);
    }
}

/// The size of a rendered frame: logical pixels, and device pixels for each of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    pub width: u16,
    pub height: u16,
    pub scale: f32,
    pub theme: Theme,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            width: 360,
            height: 780,
            scale: 1.0,
            theme: Theme::Light,
        }
    }
}
