//! The control panel beside the phone: break the air, the card and the process; see what HQ holds.

use slint::{ComponentHandle, SharedString, Weak};

use crate::eye::Conditions;

mod drawn {
    slint::slint! {
        component Knob inherits Rectangle {
            in property <string> text;
            callback pressed;
            height: 44px;
            border-radius: 10px;
            background: touch.pressed ? #17306b : #f3f5f9;
            border-width: 1px;
            border-color: #7c8494;
            accessible-role: button;
            accessible-label: root.text;
            accessible-action-default => { root.pressed(); }
            Text {
                text: root.text;
                color: touch.pressed ? white : #12151c;
                font-size: 15px;
                horizontal-alignment: center;
                vertical-alignment: center;
                width: 100%;
                height: 100%;
            }
            touch := TouchArea { clicked => { root.pressed(); } }
        }

        component Line inherits HorizontalLayout {
            in property <string> name;
            in property <string> value;
            spacing: 12px;
            Text { text: root.name; color: #454b58; font-size: 14px; }
            Text { text: root.value; color: #12151c; font-size: 14px; font-weight: 700; horizontal-alignment: right; horizontal-stretch: 1; }
        }

        export component Panel inherits Window {
            title: "Simulateur";
            preferred-width: 380px;
            preferred-height: 816px;
            background: white;
            in property <bool> air-up: true;
            in property <bool> card-in: true;
            in property <string> records;
            in property <string> refused;
            in property <string> clips;
            in property <string> consultations;
            in property <string> starts;
            in property <string> code;
            in property <string> invitation;
            in property <string> printer;
            callback toggle-air;
            callback toggle-card;
            in property <string> eye;
            callback turn-eye;
            in property <string> supply;
            callback turn-supply;
            in property <bool> camera-failing;
            callback cut-camera;
            callback turn-camera;
            callback kill;
            VerticalLayout {
                padding: 16px;
                spacing: 12px;
                alignment: start;
                Text { text: "Terrain"; font-size: 18px; font-weight: 700; color: #12151c; }
                Knob { text: root.air-up ? "Couper le réseau" : "Rétablir le réseau"; pressed => { root.toggle-air(); } }
                Knob { text: root.card-in ? "Retirer la carte agent" : "Insérer la carte agent"; pressed => { root.toggle-card(); } }
                Knob { text: root.eye; pressed => { root.turn-eye(); } }
                Knob { text: root.supply; pressed => { root.turn-supply(); } }
                Knob { text: "Couper la liaison avec la caméra"; pressed => { root.cut-camera(); } }
                Knob { text: root.camera-failing ? "Caméra : presque vide, mémoire pleine" : "Caméra : en état"; pressed => { root.turn-camera(); } }
                Knob { text: "Tuer le terminal"; pressed => { root.kill(); } }
                Line { name: "Démarrages du terminal"; value: root.starts; }
                Line { name: "Code de la carte"; value: root.code; }
                Line { name: "Adresse de l'imprimante"; value: root.printer; }
                Text { text: "Étiquette de la caméra (à coller dans l'écran Caméra)"; color: #454b58; font-size: 14px; wrap: word-wrap; }
                Rectangle {
                    border-width: 1px;
                    border-color: #7c8494;
                    border-radius: 10px;
                    height: 72px;
                    TextInput {
                        x: 8px;
                        y: 8px;
                        width: parent.width - 16px;
                        height: parent.height - 16px;
                        text: root.invitation;
                        read-only: true;
                        font-size: 12px;
                        wrap: char-wrap;
                        color: #12151c;
                        accessible-label: "Étiquette de la caméra";
                    }
                }
                Text { text: "Commandement"; font-size: 18px; font-weight: 700; color: #12151c; }
                Line { name: "Actes reçus"; value: root.records; }
                Line { name: "Envois refusés"; value: root.refused; }
                Line { name: "Vidéos"; value: root.clips; }
                Line { name: "Consultations"; value: root.consultations; }
            }
        }
    }
}

/// What the trainer presses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    ToggleAir,
    ToggleCard,
    /// What the terminal's own camera sees, in turn.
    TurnEye,
    /// What the phone lives on, in turn.
    TurnSupply,
    /// The meeting under way ends; the next one goes on where it stopped.
    CutCamera,
    /// The camera's battery and memory fail, or are put right.
    TurnCamera,
    Kill,
}

/// What the panel shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    pub air_up: bool,
    pub card_in: bool,
    pub eye: Conditions,
    pub supply: &'static str,
    pub camera_failing: bool,
    pub records: u64,
    pub refused: u64,
    pub clips: u64,
    pub consultations: u64,
    pub starts: u32,
}

/// An open panel; it lives on the thread of the screens.
pub struct Panel(drawn::Panel);

impl Panel {
    /// Opens the panel; `refresh` is asked twice a second for what to show.
    pub fn open(
        code: &str,
        invitation: &str,
        printer: &str,
        pressed: impl Fn(Pressed) + Clone + 'static,
        refresh: impl Fn() -> Shown + 'static,
    ) -> Result<Self, slint::PlatformError> {
        let panel = drawn::Panel::new()?;
        panel.set_code(code.into());
        panel.set_invitation(invitation.into());
        panel.set_printer(printer.into());
        let press = pressed.clone();
        panel.on_toggle_air(move || press(Pressed::ToggleAir));
        let press = pressed.clone();
        panel.on_toggle_card(move || press(Pressed::ToggleCard));
        let press = pressed.clone();
        panel.on_turn_eye(move || press(Pressed::TurnEye));
        let press = pressed.clone();
        panel.on_turn_supply(move || press(Pressed::TurnSupply));
        let press = pressed.clone();
        panel.on_cut_camera(move || press(Pressed::CutCamera));
        let press = pressed.clone();
        panel.on_turn_camera(move || press(Pressed::TurnCamera));
        panel.on_kill(move || pressed(Pressed::Kill));
        let weak = panel.as_weak();
        let timer = slint::Timer::default();
        timer.start(
            slint::TimerMode::Repeated,
            std::time::Duration::from_millis(500),
            move || {
                show(&weak, &refresh());
            },
        );
        // The timer lives as long as the process: so does the panel.
        std::mem::forget(timer);
        panel.show()?;
        Ok(Self(panel))
    }

    /// The panel's window closes with the phone's.
    pub fn close(self) {
        let _ = self.0.hide();
    }
}

fn eye(conditions: Conditions) -> &'static str {
    match conditions {
        Conditions::Day => "Appareil photo : de jour",
        Conditions::Night => "Appareil photo : dans le noir",
        Conditions::Busy => "Appareil photo : occupé",
        Conditions::Unplugged => "Appareil photo : débranché",
    }
}

fn show(panel: &Weak<drawn::Panel>, shown: &Shown) {
    let Some(panel) = panel.upgrade() else { return };
    let number = |number: u64| SharedString::from(number.to_string());
    panel.set_air_up(shown.air_up);
    panel.set_card_in(shown.card_in);
    panel.set_eye(eye(shown.eye).into());
    panel.set_supply(shown.supply.into());
    panel.set_camera_failing(shown.camera_failing);
    panel.set_records(number(shown.records));
    panel.set_refused(number(shown.refused));
    panel.set_clips(number(shown.clips));
    panel.set_consultations(number(shown.consultations));
    panel.set_starts(number(u64::from(shown.starts)));
}
