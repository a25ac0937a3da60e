//! What a fleet manager installs: the service's unit against the keys that it loads, and the Debian packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hq::Pki;

use crate::headquarters::NOON;

fn packaging() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[test]
fn the_unit_loads_every_key_that_the_gateway_opens() {
    let dir = tempfile::tempdir().unwrap();
    let (made, loaded) = (dir.path().join("made"), dir.path().join("loaded"));
    Pki::create(&made, NOON).unwrap();
    fs::create_dir(&loaded).unwrap();
    let unit = fs::read_to_string(packaging().join("systemd/neo-hq.service")).unwrap();
    for credential in unit
        .lines()
        .filter_map(|line| line.strip_prefix("LoadCredential="))
    {
        let (name, path) = credential.split_once(':').unwrap();
        assert_eq!(path, format!("/etc/neo-hq/pki/{name}"));
        fs::copy(made.join(name), loaded.join(name)).unwrap();
    }
    let pki = Pki::open(&loaded).unwrap();
    pki.gateway_tls().unwrap();
    assert!(
        !loaded.join("broker.key").exists(),
        "the gateway has no use for the broker's key"
    );
}

#[test]
fn the_packages_hold_their_program_their_unit_and_what_they_link() {
    // Where there is no dpkg there is nobody to install a package either.
    if Command::new("dpkg-deb").arg("--version").output().is_err() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (binaries, out) = (dir.path().join("bin"), dir.path().join("out"));
    fs::create_dir(&binaries).unwrap();
    let programs = ["neo-hq", "neoctl", "neo-verify"];
    for program in programs {
        // Any small program that is linked like ours.
        fs::copy("/bin/true", binaries.join(program)).unwrap();
    }
    let built = Command::new(packaging().join("debian/build"))
        .args([&binaries, &out])
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let package = |program: &str| {
        let prefix = format!("{program}_{}_", env!("CARGO_PKG_VERSION"));
        let entries = fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
        entries
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(&prefix))
            .collect::<Vec<_>>()
            .pop()
            .unwrap()
    };
    let asked = |option: &str, program: &str| {
        let output = Command::new("dpkg-deb")
            .arg(option)
            .arg(package(program))
            .output()
            .unwrap();
        assert!(output.status.success());
        String::from_utf8(output.stdout).unwrap()
    };
    for program in programs {
        assert!(asked("-c", program).contains(&format!("./usr/bin/{program}\n")));
        let control = asked("-f", program);
        assert!(control.contains(&format!("Package: {program}\n")));
        assert!(control.contains("Depends: libc6 (>= "), "{control}");
    }
    let gateway = asked("-c", "neo-hq");
    assert!(gateway.contains("./usr/lib/systemd/system/neo-hq.service\n"));
    assert!(gateway.contains("./etc/default/neo-hq\n"));
    assert!(asked("-I", "neo-hq").contains("postinst"));
}
