//! Whether recordings may leave now, by what the terminal lives on, its profile and HQ's order; and what its officer sees of
//! it. Parts of acts leave in any case: they are the procedure itself, and small.

use domain::dialogue::{Network, Notice, SendingState, SendingView};
use domain::footage::leaving::{Bearer, Supply, Wait};
use domain::orders::{OneClip, Order};
use domain::{ClipId, UnixMs, canonical};
use sync::session::Input;
use trust::cose;

use crate::engine::Engine;
use crate::store::StoreError;

/// What decides whether recordings leave, and how many bytes of them left.
#[derive(Default)]
pub(crate) struct Sending {
    supply: Supply,
    permits: Vec<Permit>,
    /// Bytes of whole segments that HQ took since nothing waited.
    done: u64,
}

/// HQ's order to send recordings at once.
#[derive(Debug, Clone, Copy)]
struct Permit {
    /// None for every one.
    clip: Option<ClipId>,
    until: UnixMs,
}

impl Sending {
    pub(crate) const fn segment_left(&mut self, bytes: u64) {
        self.done = self.done.saturating_add(bytes);
    }

    pub(crate) const fn supply(&self) -> Supply {
        self.supply
    }

    pub(crate) const fn nothing_waits(&mut self) {
        self.done = 0;
    }
}

impl Engine {
    /// The platform says what the terminal lives on.
    pub(crate) fn supplied(&mut self, supply: Supply) -> Result<(), StoreError> {
        if self.sending.supply == supply {
            return Ok(());
        }
        tracing::info!(
            power = ?supply.power,
            bearer = supply.bearer.code(),
            "the terminal's energy or network changed"
        );
        let was_cut_off = self.sending.supply.bearer == Bearer::None;
        self.sending.supply = supply;
        if was_cut_off && supply.bearer != Bearer::None {
            // The pause between attempts grew as long as there was nothing to attempt them over.
            self.session_input(Input::ForceReconnect)?;
        }
        self.footage_may_leave()
    }

    /// Why this recording waits, if it does.
    pub(crate) fn judge_sending(&self, clip: ClipId) -> Result<(), Wait> {
        let settings = self.profiles.settings();
        if !settings.footage_leaves {
            return Err(Wait::Profile);
        }
        let names_it = |permit: &Permit| permit.clip.is_none_or(|named| named == clip);
        let ordered = self.permits().any(|permit| names_it(&permit));
        settings.leaving().judge(self.sending.supply, ordered)
    }

    fn permits(&self) -> impl Iterator<Item = Permit> + '_ {
        let counts = |permit: &&Permit| permit.until >= self.now.utc;
        self.sending.permits.iter().filter(counts).copied()
    }

    /// Until then HQ's order counts for some recording.
    pub(crate) fn ordered_until(&self) -> Option<UnixMs> {
        self.permits().map(|permit| permit.until).max()
    }

    /// At the start: what HQ ordered before, as long as it counts.
    pub(crate) fn resume_footage_orders(&mut self) -> Result<(), StoreError> {
        let orders = self.device.footage_orders()?;
        self.sending.permits = orders.iter().filter_map(|cose| permit(cose)).collect();
        Ok(())
    }

    /// Whether the order that was taken says something that can be done.
    pub(crate) fn is_footage_order(&self, sequence: u64) -> Result<bool, StoreError> {
        let cose = self.device.order_cose(sequence)?;
        Ok(cose.is_some_and(|cose| permit(&cose).is_some()))
    }

    /// HQ's order to send recordings is carried out: it counts from now on, and the officer is told.
    pub(crate) fn footage_ordered(&mut self, sequence: u64) -> Result<(), StoreError> {
        let cose = self.device.order_cose(sequence)?;
        if let Some(permit) = cose.and_then(|cose| permit(&cose)) {
            self.sending.permits.push(permit);
            if self.is_unlocked() {
                self.notice(Notice::FootageOrdered { until: permit.until });
            }
        }
        self.footage_may_leave()
    }

    pub(crate) fn sending_wakeup(&self) -> Option<u64> {
        let left = |permit: Permit| u64::try_from(permit.until.0 - self.now.utc.0).ok();
        let first = self.sending.permits.iter().copied().filter_map(left).min()?;
        Some(self.now.mono_ms.saturating_add(first).saturating_add(1))
    }

    /// An order whose moment is past counts no more.
    pub(crate) fn wake_sending(&mut self) -> Result<(), StoreError> {
        let before = self.sending.permits.len();
        let now = self.now.utc;
        self.sending.permits.retain(|permit| permit.until >= now);
        if self.sending.permits.len() == before {
            return Ok(());
        }
        self.footage_may_leave()
    }

    /// What the camera's screen says of recordings on their way; none where none waits.
    pub(crate) fn sending_view(&self) -> Option<SendingView> {
        let progress = self.uploads.footage()?;
        let sent = self.sending.done.saturating_add(progress.taken);
        let online = self.network == Network::Online;
        let state = match (self.judge_sending(progress.clip), progress.is_current) {
            (Err(wait), _) => SendingState::Waits(wait),
            (Ok(()), _) if !online => SendingState::Reaching,
            (Ok(()), true) if progress.is_allowed && progress.is_linked => {
                let seconds = progress.rate.map(|rate| progress.left.div_ceil(rate.max(1)));
                SendingState::Going(seconds.map(|seconds| u32::try_from(seconds).unwrap_or(u32::MAX)))
            }
            (Ok(()), true) if progress.is_allowed => SendingState::Reaching,
            (Ok(()), true | false) => SendingState::ActsFirst,
        };
        Some(SendingView {
            sent,
            of: sent.saturating_add(progress.left),
            state,
            ordered_until: self.ordered_until(),
            supply: self.sending.supply,
        })
    }
}

/// What an order of HQ allows; its signature was verified when it was taken.
fn permit(cose: &[u8]) -> Option<Permit> {
    let signed = cose::parse(cose).ok()?;
    let order: Order = canonical::decode(&signed.payload).ok()?;
    let clip = match &order.body {
        None => None,
        Some(body) => Some(canonical::decode::<OneClip>(body).ok()?.clip),
    };
    Some(Permit {
        clip,
        until: order.not_after,
    })
}
