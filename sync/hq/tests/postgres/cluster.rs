//! Debian's PostgreSQL on a socket of its own, for as long as these tests run.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use postgres::{Client, NoTls};

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

pub(crate) struct Cluster {
    dir: PathBuf,
    /// Ends the server when these tests end, however they end: its shell reads what nobody writes.
    _server: Child,
}

/// The server runs as nobody's superuser: it refuses to be root.
const AS_USER: &str = "postgres";

impl Cluster {
    pub(crate) fn get() -> &'static Self {
        CLUSTER.get_or_init(Self::start)
    }

    fn start() -> Self {
        let dir = tempfile::Builder::new()
            .prefix("neo-hq-postgres")
            .tempdir()
            .unwrap()
            .keep();
        if is_root() {
            let (user, group) = (id("-u"), id("-g"));
            chown(&dir, Some(user), Some(group)).unwrap();
        }
        std::fs::set_permissions(&dir, std::fs::Permissions::from_mode(0o755)).unwrap();
        let made = as_user(&program("initdb"))
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=hq",
                "--encoding=UTF8",
                "--locale=C",
            ])
            .arg("-D")
            .arg(dir.join("data"))
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success());
        // A crash of the computer is no part of these tests.
        let script =
            "\"$@\" & server=$!; read -r _; kill -INT $server; wait $server; rm -rf \"$NEO_CLUSTER\"";
        let server = Command::new("sh")
            .args(["-c", script, "sh"])
            .args(as_user_words())
            .arg(program("postgres"))
            .arg("-D")
            .arg(dir.join("data"))
            .arg("-k")
            .arg(&dir)
            .args([
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=300",
            ])
            .env("NEO_CLUSTER", &dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let cluster = Self { dir, _server: server };
        cluster.wait();
        cluster
    }

    /// Until it answers.
    fn wait(&self) {
        let url = self.url("postgres");
        let answers = || Client::connect(&url, NoTls).is_ok();
        let mut tries = 0;
        while !answers() {
            tries += 1;
            assert!(tries < 600, "PostgreSQL does not answer");
            // `pg_isready` waits in the place of this program.
            let _ = Command::new(program("pg_isready"))
                .args(["-q", "-t", "1", "-h"])
                .arg(&self.dir)
                .status();
        }
    }

    pub(crate) fn create(&self, database: &str) {
        let mut client = Client::connect(&self.url("postgres"), NoTls).unwrap();
        client
            .batch_execute(&format!("CREATE DATABASE {database} TEMPLATE template0"))
            .unwrap();
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://hq@/{database}?host={}", self.dir.display())
    }
}

/// Debian keeps the server's programs by version, outside the usual paths.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let found = versions
        .filter_map(|version| Some(version.ok()?.path().join("bin").join(name)))
        .find(|path| path.exists());
    found.unwrap_or_else(|| Path::new(name).to_owned())
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").unwrap().uid() == 0
}

fn id(which: &str) -> u32 {
    let said = Command::new("id").args([which, AS_USER]).output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().parse().unwrap()
}

fn as_user_words() -> Vec<String> {
    if is_root() {
        vec![
            "setpriv".to_owned(),
            format!("--reuid={AS_USER}"),
            format!("--regid={AS_USER}"),
            "--clear-groups".to_owned(),
        ]
    } else {
        Vec::new()
    }
}

fn as_user(program: &Path) -> Command {
    let mut words = as_user_words().into_iter();
    let Some(first) = words.next() else {
        return Command::new(program);
    };
    let mut command = Command::new(first);
    command.args(words).arg(program);
    command
}
