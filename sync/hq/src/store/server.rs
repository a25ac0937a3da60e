//! Where the database is: `hq.db` in HQ's folder, or a PostgreSQL server that the folder names.
//!
//! The folder remembers the server, so that no program opens an empty store beside the real one.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use postgres::config::Host;
use postgres::{Client, Config, NoTls};
use thiserror::Error;

use crate::disk;

const FILE: &str = "hq.store";

/// A PostgreSQL database on this computer, as `postgres://…` names it.
#[derive(Clone)]
pub struct Server {
    url: String,
    config: Config,
}

/// The text names no database that HQ's store may be in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NotAServer {
    #[error(
        "a store on a server is named `postgres://user@localhost/database` or `postgres:///database?host=/run/postgresql`"
    )]
    Unreadable,
    #[error(
        "the store's name holds a password, which every user of this computer could read; let the server know its user by the socket (`peer`)"
    )]
    Password,
    #[error(
        "the store would be on `{host}`, and the way there is not encrypted; name a socket or an address of this computer"
    )]
    Remote { host: String },
}

/// Why a folder and its server do not come together.
#[derive(Debug, Error)]
pub enum ServerError {
    #[error("cannot read or write `{}`", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` does not name a store: {why}", path.display())]
    Unreadable { path: PathBuf, why: NotAServer },
    #[error("`{}` has its store in `hq.db` already; begin a new folder for a store on a server", dir.display())]
    InFile { dir: PathBuf },
    #[error("`{}` has its store on `{there}` already, and not on `{asked}`", dir.display())]
    Elsewhere {
        dir: PathBuf,
        there: String,
        asked: String,
    },
}

impl Server {
    pub fn parse(url: &str) -> Result<Self, NotAServer> {
        let named = url.starts_with("postgres://") || url.starts_with("postgresql://");
        let mut config: Config = url.parse().map_err(|_| NotAServer::Unreadable)?;
        if !named || config.get_dbname().is_none() || config.get_hosts().is_empty() {
            return Err(NotAServer::Unreadable);
        }
        if config.get_password().is_some() {
            return Err(NotAServer::Password);
        }
        for host in config.get_hosts() {
            if let Host::Tcp(host) = host
                && host != "localhost"
                && !host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
            {
                return Err(NotAServer::Remote { host: host.clone() });
            }
        }
        config.application_name("neo-hq");
        Ok(Self {
            url: url.to_owned(),
            config,
        })
    }

    pub(super) fn connect(&self) -> Result<Client, postgres::Error> {
        let mut client = self.config.connect(NoTls)?;
        // What was committed survives the loss of power, and nobody waits for ever for another gateway.
        client.batch_execute("SET synchronous_commit = on; SET lock_timeout = '5s'")?;
        Ok(client)
    }

    /// The server that `dir` names; none when the store is in the folder.
    pub(super) fn of(dir: &Path) -> Result<Option<Self>, ServerError> {
        let path = dir.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) if source.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(ServerError::File { path, source }),
        };
        match Self::parse(text.trim_end()) {
            Ok(server) => Ok(Some(server)),
            Err(why) => Err(ServerError::Unreadable { path, why }),
        }
    }

    /// From now on the store of `dir` is here; a folder keeps the store that it has.
    pub fn keep_for(&self, dir: &Path) -> Result<(), ServerError> {
        let path = dir.join(FILE);
        if let Some(there) = Self::of(dir)? {
            return if there.url == self.url {
                Ok(())
            } else {
                Err(ServerError::Elsewhere {
                    dir: dir.to_owned(),
                    there: there.url,
                    asked: self.url.clone(),
                })
            };
        }
        if dir.join(super::DATABASE).exists() {
            return Err(ServerError::InFile { dir: dir.to_owned() });
        }
        let written =
            disk::private_dir(dir).and_then(|()| disk::write(&path, format!("{}\n", self.url).as_bytes()));
        written.map_err(|source| ServerError::File { path, source })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for Server {
    type Err = NotAServer;

    fn from_str(url: &str) -> Result<Self, NotAServer> {
        Self::parse(url)
    }
}

/// True once there is a store in `dir`, or a server that it names.
pub fn is_store(dir: &Path) -> io::Result<bool> {
    Ok(dir.join(super::DATABASE).try_exists()? || dir.join(FILE).try_exists()?)
}
