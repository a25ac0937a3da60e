//! Profiles as they were published, their rollouts, and what terminals say of them.

use domain::profile::{Profile, ProfileHeld};
use domain::{DeviceId, UnixMs};
use sync::wire::v1::SignedProfile;

use super::sql::Row;
use super::{StoreError, Transaction, at, signed, unsigned};
use crate::profile::read;
use crate::rollout::{Channel, Rings, Rollout, State, Thresholds};

/// A profile where rollouts find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedProfile {
    pub channel: Channel,
    /// HQ's clock.
    pub published: UnixMs,
    pub signed: SignedProfile,
    pub profile: Profile,
}

/// A rollout before anybody got anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRollout {
    pub serial: u64,
    pub rings: Rings,
    pub thresholds: Thresholds,
}

/// One thing that was done with a rollout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RolloutEvent {
    pub at: UnixMs,
    pub what: String,
    pub detail: String,
}

/// What a terminal said last of profiles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaidProfile {
    pub device: DeviceId,
    /// 0 for the profile of its program.
    pub serial: u64,
    /// A later one that it does not follow.
    pub refused: Option<u64>,
    /// [`domain::profile::ProfileRefusal::code`].
    pub reason: Option<String>,
    /// HQ's clock.
    pub at: UnixMs,
}

const ROLLOUT: &str =
    "SELECT rollout.serial, profile.channel, state, rings, ring, success, errors, members, took, refused
     FROM rollout JOIN profile ON profile.serial = rollout.serial";

impl Transaction<'_> {
    /// The serial of the newest profile of any channel; 0 before the first.
    pub fn newest_profile(&self) -> Result<u64, StoreError> {
        let newest: Option<Option<i64>> = self.row(
            "SELECT max(serial) FROM profile",
            (),
            "look up the newest profile",
            |row| row.get(0),
        )?;
        unsigned(newest.flatten().unwrap_or(0), "profile")
    }

    pub fn insert_profile(&self, new: &PublishedProfile) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO profile (serial, channel, published, certificate, cose) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                signed(new.profile.serial),
                new.channel.code(),
                new.published.0,
                &new.signed.certificate,
                &new.signed.profile,
            ),
            "publish a profile",
        )
    }

    pub fn profile(&self, serial: u64) -> Result<Option<PublishedProfile>, StoreError> {
        let row = self.row(
            "SELECT channel, published, certificate, cose FROM profile WHERE serial = ?1",
            [signed(serial)],
            "look up a profile",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<i64>(1)?,
                    row.get(2)?,
                    row.get(3)?,
                ))
            },
        )?;
        row.map(|(channel, published, certificate, profile)| {
            let corrupt = || StoreError::Corrupt { what: "profile" };
            let signed = SignedProfile { certificate, profile };
            Ok(PublishedProfile {
                channel: Channel::from_code(&channel).ok_or_else(corrupt)?,
                published: UnixMs(published),
                profile: read(&signed).map_err(|_| corrupt())?,
                signed,
            })
        })
        .transpose()
    }

    /// Serials of the profiles of a channel, the newest first.
    pub fn profiles_of(&self, channel: Channel) -> Result<Vec<u64>, StoreError> {
        let sql = "SELECT serial FROM profile WHERE channel = ?1 ORDER BY serial DESC";
        let serials: Vec<i64> = self.column(sql, [channel.code()], "list profiles")?;
        serials
            .into_iter()
            .map(|serial| unsigned(serial, "profile"))
            .collect()
    }

    pub fn insert_rollout(&self, new: &NewRollout) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO rollout (serial, state, rings, ring, success, errors, members, took, refused)
             VALUES (?1, ?2, ?3, 0, ?4, ?5, 0, 0, 0)",
            (
                signed(new.serial),
                State::Created.code(),
                new.rings.to_string(),
                new.thresholds.success,
                new.thresholds.errors,
            ),
            "plan a rollout",
        )
    }

    /// Writes how far a rollout is.
    pub fn update_rollout(&self, rollout: &Rollout) -> Result<(), StoreError> {
        self.execute(
            "UPDATE rollout SET state = ?2, ring = ?3, members = ?4, took = ?5, refused = ?6 WHERE serial = ?1",
            (
                signed(rollout.serial),
                rollout.state.code(),
                signed(rollout.ring as u64),
                signed(rollout.members),
                signed(rollout.took),
                signed(rollout.refused),
            ),
            "write a rollout",
        )
    }

    pub fn rollout(&self, serial: u64) -> Result<Option<Rollout>, StoreError> {
        let sql = format!("{ROLLOUT} WHERE rollout.serial = ?1");
        self.row(&sql, [signed(serial)], "look up a rollout", |row| {
            Ok(rollout(row))
        })?
        .transpose()
    }

    /// Every rollout, of one channel when it is given, the newest first.
    pub fn rollouts(&self, channel: Option<Channel>) -> Result<Vec<Rollout>, StoreError> {
        let doing = "list rollouts";
        let sql = format!("{ROLLOUT} WHERE ?1 IS NULL OR profile.channel = ?1 ORDER BY rollout.serial DESC");
        let rows = self.rows(&sql, [channel.map(Channel::code)], doing, |row| Ok(rollout(row)))?;
        rows.into_iter().collect()
    }

    pub fn note_rollout(&self, serial: u64, what: &str, detail: &str, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO rollout_event (serial, at, what, detail) VALUES (?1, ?2, ?3, ?4)",
            (signed(serial), now.0, what, detail),
            "note what was done with a rollout",
        )
    }

    /// Everything that was done with a rollout, the oldest first.
    pub fn rollout_events(&self, serial: u64) -> Result<Vec<RolloutEvent>, StoreError> {
        let doing = "list what was done with a rollout";
        let sql = "SELECT at, what, detail FROM rollout_event WHERE serial = ?1 ORDER BY sequence";
        let rows = self.rows(sql, [signed(serial)], doing, |row| {
            Ok(RolloutEvent {
                at: UnixMs(row.get(0)?),
                what: row.get(1)?,
                detail: row.get(2)?,
            })
        })?;
        Ok(rows)
    }

    /// How often anything was done with any rollout.
    pub fn count_rollout_events(&self) -> Result<u64, StoreError> {
        let count: Option<i64> = self.row(
            "SELECT count(*) FROM rollout_event",
            (),
            "count what was done with rollouts",
            |row| row.get(0),
        )?;
        unsigned(count.unwrap_or(0), "rollout")
    }

    /// The channel that a terminal is in.
    pub fn channel(&self, device: &DeviceId) -> Result<Channel, StoreError> {
        let code: Option<String> = self.row(
            "SELECT channel FROM device_channel WHERE device = ?1",
            [device.as_str()],
            "look up a terminal's channel",
            |row| row.get(0),
        )?;
        code.map_or(Ok(Channel::Stable), |code| {
            Channel::from_code(&code).ok_or(StoreError::Corrupt { what: "channel" })
        })
    }

    pub fn set_channel(&self, device: &DeviceId, channel: Channel) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO device_channel (device, channel) VALUES (?1, ?2)
             ON CONFLICT (device) DO UPDATE SET channel = excluded.channel",
            (device.as_str(), channel.code()),
            "put a terminal into a channel",
        )
    }

    /// The terminals of a channel, by name.
    pub fn members(&self, channel: Channel) -> Result<Vec<DeviceId>, StoreError> {
        let names: Vec<String> = self.column(
            "SELECT device.id FROM device LEFT JOIN device_channel ON device_channel.device = device.id
             WHERE coalesce(device_channel.channel, 'stable') = ?1 ORDER BY device.id",
            [channel.code()],
            "list the terminals of a channel",
        )?;
        let name =
            |name: String| DeviceId::parse(&name).map_err(|_| StoreError::Corrupt { what: "terminal" });
        names.into_iter().map(name).collect()
    }

    pub fn keep_said_profile(
        &self,
        device: &DeviceId,
        held: &ProfileHeld,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        let refused = held.refused;
        self.execute(
            "INSERT INTO profile_said (device, serial, refused, reason, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (device) DO UPDATE SET serial = excluded.serial, refused = excluded.refused,
                reason = excluded.reason, at = excluded.at",
            (
                device.as_str(),
                signed(held.serial),
                refused.map(|refused| signed(refused.serial)),
                refused.map(|refused| refused.reason.code()),
                now.0,
            ),
            "keep what a terminal said of profiles",
        )
    }

    pub fn said_profile(&self, device: &DeviceId) -> Result<Option<SaidProfile>, StoreError> {
        self.row(
            "SELECT device, serial, refused, reason, at FROM profile_said WHERE device = ?1",
            [device.as_str()],
            "look up what a terminal said of profiles",
            |row| Ok(said(row)),
        )?
        .transpose()
    }

    /// What the terminals say that do not follow a profile, by name.
    pub fn refusals(&self, serial: u64) -> Result<Vec<SaidProfile>, StoreError> {
        let doing = "list who refuses a profile";
        let sql =
            "SELECT device, serial, refused, reason, at FROM profile_said WHERE refused = ?1 ORDER BY device";
        let rows = self.rows(sql, [signed(serial)], doing, |row| Ok(said(row)))?;
        rows.into_iter().collect()
    }

    /// How many terminals say that they work by exactly this profile.
    pub fn count_following(&self, serial: u64) -> Result<u64, StoreError> {
        let count: Option<i64> = self.row(
            "SELECT count(*) FROM profile_said WHERE serial = ?1",
            [signed(serial)],
            "count who follows a profile",
            |row| row.get(0),
        )?;
        unsigned(count.unwrap_or(0), "profile")
    }
}

fn rollout(row: &Row<'_>) -> Result<Rollout, StoreError> {
    let cell = at("read a rollout");
    let corrupt = || StoreError::Corrupt { what: "rollout" };
    let number = |index: usize| -> Result<u64, StoreError> {
        unsigned(row.get(index).map_err(at("read a rollout"))?, "rollout")
    };
    let channel: String = row.get(1).map_err(&cell)?;
    let state: String = row.get(2).map_err(&cell)?;
    let rings: String = row.get(3).map_err(&cell)?;
    Ok(Rollout {
        serial: number(0)?,
        channel: Channel::from_code(&channel).ok_or_else(corrupt)?,
        state: State::from_code(&state).ok_or_else(corrupt)?,
        rings: rings.parse().map_err(|_| corrupt())?,
        ring: usize::try_from(number(4)?).map_err(|_| corrupt())?,
        thresholds: Thresholds {
            success: row.get(5).map_err(&cell)?,
            errors: row.get(6).map_err(&cell)?,
        },
        members: number(7)?,
        took: number(8)?,
        refused: number(9)?,
    })
}

fn said(row: &Row<'_>) -> Result<SaidProfile, StoreError> {
    let cell = at("read what a terminal said of profiles");
    let device: String = row.get(0).map_err(&cell)?;
    let refused: Option<i64> = row.get(2).map_err(&cell)?;
    Ok(SaidProfile {
        device: DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "terminal" })?,
        serial: unsigned(row.get(1).map_err(&cell)?, "profile")?,
        refused: refused.map(|serial| unsigned(serial, "profile")).transpose()?,
        reason: row.get(3).map_err(&cell)?,
        at: UnixMs(row.get(4).map_err(&cell)?),
    })
}
